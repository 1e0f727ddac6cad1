//! The secrets and certificates of the apps that may upload users or read the logs, by days left.

mod listed;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::job::Job;
use crate::problem::Problem;
use crate::verification::CredentialRow;

/// The credentials, those that end first on top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialList {
    /// When it was read, RFC 3339.
    pub checked_at: String,
    /// In a sentence: how many have ended or end soon.
    pub sentence: String,
    /// The rows.
    pub rows: Vec<AppCredential>,
    /// Holders whose credentials are kept in another tenant, by name.
    pub elsewhere: Vec<String>,
}

/// A credential with its app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppCredential {
    /// The app's name.
    pub app_name: String,
    /// Its client id.
    pub client_id: String,
    /// Object id of its service principal.
    pub principal_id: String,
    /// The credential.
    pub credential: CredentialRow,
}

impl Job {
    /// Reads the credentials of every app of this tenant that holds a permission of the job.
    ///
    /// # Errors
    /// `cancelled`, or that the tenant cannot be read.
    pub async fn credentials(&self, cancel: CancellationToken) -> Result<CredentialList, Problem> {
        Box::pin(listed::list(&self.parts, cancel)).await
    }
}
