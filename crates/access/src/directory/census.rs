//! A tenant in bulk: every grant of an API, and many principals at once.

use async_trait::async_trait;
use inbound_entra::graph::{Call, Graph, GraphError};
use inbound_entra::ids::{AppId, ObjectId};
use inbound_entra::model::{AppRoleAssignment, Application, PrincipalInBulk};

/// Reads that go over a whole tenant: all of it or an error.
#[async_trait]
pub trait Census: Send + Sync {
    /// Gives every grant of the API `resource` to `take`, page by page, empty pages among them. The call's deadline counts
    /// for each page alone.
    async fn every_grant(
        &self,
        call: &Call,
        resource: ObjectId,
        take: &mut (dyn FnMut(Vec<AppRoleAssignment>) + Send),
    ) -> Result<(), GraphError>;
    /// Those of these service principals that are there.
    async fn principals(&self, call: &Call, ids: &[ObjectId]) -> Result<Vec<PrincipalInBulk>, GraphError>;
    /// Those of these app registrations that are in this tenant, with their credentials.
    async fn applications(&self, call: &Call, ids: &[AppId]) -> Result<Vec<Application>, GraphError>;
}

#[async_trait]
impl Census for Graph {
    async fn every_grant(
        &self,
        call: &Call,
        resource: ObjectId,
        take: &mut (dyn FnMut(Vec<AppRoleAssignment>) + Send),
    ) -> Result<(), GraphError> {
        Graph::every_grant(self, call, resource, take).await
    }

    async fn principals(&self, call: &Call, ids: &[ObjectId]) -> Result<Vec<PrincipalInBulk>, GraphError> {
        self.principals_in_bulk(call, ids).await
    }

    async fn applications(&self, call: &Call, ids: &[AppId]) -> Result<Vec<Application>, GraphError> {
        self.applications_in_bulk(call, ids).await
    }
}
