//! Provisioning apps and their jobs, with the operator's token; uploads and the log, with an API client's own (graph-facts 9).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::time::OffsetDateTime;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::call::{Answer, Call, Page};
use super::client::Graph;
use super::error::GraphError;
use super::request::provisioning as request;
use crate::ids::ObjectId;
use crate::model::{ApplicationTemplate, ProvisioningApp, ProvisioningLogEntry, SynchronizationJob};

/// Entries that one look at the log reads at most.
const ENTRIES: usize = 200;

impl Graph {
    /// Apps of the gallery by their exact names.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn application_templates(
        &self,
        call: &Call,
        names: &[&str],
    ) -> Result<Vec<ApplicationTemplate>, GraphError> {
        self.list(call, &request::application_templates(names)).await
    }

    /// The service principals of an app of the gallery.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn apps_of_template(&self, call: &Call, template: &str) -> Result<Vec<ProvisioningApp>, GraphError> {
        self.list(call, &request::apps_of_template(template)).await
    }

    /// The jobs of a provisioning app.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn jobs_of(&self, call: &Call, app: ObjectId) -> Result<Vec<SynchronizationJob>, GraphError> {
        self.list(call, &request::jobs(app)).await
    }

    /// Sends users to a job, once.
    ///
    /// # Errors
    /// As [`GraphError`] says; `Unclear` when it is not known whether they were taken.
    pub async fn bulk_upload(
        &self,
        call: &Call,
        app: ObjectId,
        job: &str,
        body: Value,
    ) -> Result<Answer<()>, GraphError> {
        self.write_only(call, &request::bulk_upload(app, job, body)).await
    }

    /// The newest entries of the provisioning log.
    ///
    /// # Errors
    /// As [`GraphError`] says.
    pub async fn provisioning_log(
        &self,
        call: &Call,
        job: Option<&str>,
        since: Option<Timestamp>,
    ) -> Result<Page<ProvisioningLogEntry>, GraphError> {
        self.list_up_to(call, &request::provisioning_log(job, since), ENTRIES).await
    }

    /// The same Graph as somebody else reaches it who has this token, and no other than this.
    ///
    /// # Errors
    /// `NotSent` when the connection cannot be made ready.
    pub fn with_token(&self, token: SecretString) -> Result<Self, GraphError> {
        Self::new(self.inner.cloud.clone(), Arc::new(Held(token)), Arc::clone(&self.inner.clock))
    }
}

/// A token that is what it is: it is not renewed.
struct Held(SecretString);

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

#[async_trait]
impl TokenCredential for Held {
    async fn get_token(
        &self,
        _scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let token = Secret::new(self.0.expose_secret().to_owned());
        Ok(AccessToken::new(token, OffsetDateTime::now_utc() + Duration::from_secs(300)))
    }
}
