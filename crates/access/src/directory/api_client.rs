//! What an API client can do with its own token: upload users, read the provisioning log.

use async_trait::async_trait;
use inbound_entra::graph::{Answer, Call, Graph, GraphError, Page};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::ProvisioningLogEntry;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;

/// Microsoft Graph as the API client reaches it: never with the operator's token.
#[async_trait]
pub trait ApiClient: Send + Sync {
    /// The newest entries of the provisioning log, of one job since a moment where they are given.
    async fn read_log(
        &self,
        call: &Call,
        token: &SecretString,
        job: Option<&str>,
        since: Option<Timestamp>,
    ) -> Result<Page<ProvisioningLogEntry>, GraphError>;
    /// Sends users to a job, once.
    async fn upload(
        &self,
        call: &Call,
        token: &SecretString,
        app: ObjectId,
        job: &str,
        body: Value,
    ) -> Result<Answer<()>, GraphError>;
}

#[async_trait]
impl ApiClient for Graph {
    async fn read_log(
        &self,
        call: &Call,
        token: &SecretString,
        job: Option<&str>,
        since: Option<Timestamp>,
    ) -> Result<Page<ProvisioningLogEntry>, GraphError> {
        self.with_token(token.clone())?.provisioning_log(call, job, since).await
    }

    async fn upload(
        &self,
        call: &Call,
        token: &SecretString,
        app: ObjectId,
        job: &str,
        body: Value,
    ) -> Result<Answer<()>, GraphError> {
        self.with_token(token.clone())?.bulk_upload(call, app, job, body).await
    }
}
