//! Provisioning apps and their jobs.

use async_trait::async_trait;
use inbound_entra::graph::Graph;

/// Reads of synchronization jobs, with the operator's token.
#[async_trait]
pub trait Provisioning: Send + Sync {}

#[async_trait]
impl Provisioning for Graph {}
