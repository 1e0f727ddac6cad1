//! Provisioning apps and their jobs.

use async_trait::async_trait;
use inbound_entra::graph::{Call, Graph, GraphError};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::{ApplicationTemplate, ProvisioningApp, SynchronizationJob};

/// Reads of synchronization jobs, with the operator's token.
#[async_trait]
pub trait Provisioning: Send + Sync {
    /// Apps of the gallery by their exact names.
    async fn templates(&self, call: &Call, names: &[&str]) -> Result<Vec<ApplicationTemplate>, GraphError>;
    /// The service principals of an app of the gallery.
    async fn apps_of(&self, call: &Call, template: &str) -> Result<Vec<ProvisioningApp>, GraphError>;
    /// The jobs of a provisioning app.
    async fn jobs_of(&self, call: &Call, app: ObjectId) -> Result<Vec<SynchronizationJob>, GraphError>;
}

#[async_trait]
impl Provisioning for Graph {
    async fn templates(&self, call: &Call, names: &[&str]) -> Result<Vec<ApplicationTemplate>, GraphError> {
        self.application_templates(call, names).await
    }

    async fn apps_of(&self, call: &Call, template: &str) -> Result<Vec<ProvisioningApp>, GraphError> {
        self.apps_of_template(call, template).await
    }

    async fn jobs_of(&self, call: &Call, app: ObjectId) -> Result<Vec<SynchronizationJob>, GraphError> {
        Graph::jobs_of(self, call, app).await
    }
}
