//! What an API client can do with its own token: upload users, read the provisioning log.

use async_trait::async_trait;
use inbound_entra::graph::Graph;

/// Microsoft Graph as the API client reaches it: never with the operator's token.
#[async_trait]
pub trait ApiClient: Send + Sync {}

#[async_trait]
impl ApiClient for Graph {}
