//! A tenant in bulk: every grant of an API, and many principals at once.

use async_trait::async_trait;
use inbound_entra::graph::Graph;

/// Reads that go over a whole tenant.
#[async_trait]
pub trait Census: Send + Sync {}

#[async_trait]
impl Census for Graph {}
