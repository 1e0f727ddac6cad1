//! A real upload, on request: one user in a small SCIM payload, sent as the API client itself, and what the provisioning log
//! says of it (graph-facts 9).

mod follow;
mod payload;
mod prepare;

use std::sync::Arc;

use inbound_entra::ids::{AppId, ObjectId};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

use crate::job::Job;
use crate::problem::Problem;

/// Hears how an upload goes on.
pub type UploadListener = Arc<dyn Fn(UploadView) + Send + Sync>;

/// What to upload, where to, as whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadRequest {
    /// Client id of the API client; its secret lies in this keychain.
    pub client_id: String,
    /// Object id of the provisioning app's service principal.
    pub app_object_id: String,
    /// The job's id.
    pub job_id: String,
    /// The user.
    pub user: UploadUser,
}

/// The one user of a trial upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadUser {
    /// SCIM `externalId`: the employee id that a job matches by.
    pub external_id: String,
    /// SCIM `userName`.
    pub user_name: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// SCIM `active`: false disables the account.
    pub active: bool,
}

/// What would be sent. Nothing was sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadPreview {
    /// Handle for sending it.
    pub id: String,
    /// In words: whose token is used, which job takes it.
    pub sentence: String,
    /// HTTP method and address.
    pub address: String,
    /// Headers that matter, the token left out.
    pub headers: Vec<String>,
    /// The body, indented.
    pub payload: String,
    /// What the operator should know before: it touches real users, the job is in quarantine and the like.
    pub warnings: Vec<String>,
}

/// A checked request with what was shown of it.
#[derive(Debug, Clone)]
pub struct Upload {
    pub(crate) view: UploadPreview,
    pub(crate) client: AppId,
    pub(crate) client_name: String,
    pub(crate) app: ObjectId,
    pub(crate) job: String,
    pub(crate) user: UploadUser,
}

impl Upload {
    /// What a face shows.
    #[must_use]
    pub fn view(&self) -> &UploadPreview {
        &self.view
    }
}

/// How an upload stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadView {
    /// Handle, the preview's.
    pub id: String,
    /// Where it stands.
    pub state: UploadState,
    /// In a sentence.
    pub sentence: String,
    /// When it was accepted (202), RFC 3339.
    pub accepted_at: Option<String>,
    /// Graph's id of the request.
    pub request_id: Option<String>,
    /// How often the log was looked at.
    pub looks: u32,
    /// When it is looked at next, RFC 3339.
    pub next_look: Option<String>,
    /// What the log says, oldest first.
    pub entries: Vec<LogEntry>,
    /// Why it failed.
    pub problem: Option<Problem>,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum UploadState {
    /// It is being sent.
    Sending,
    /// Accepted; the log does not tell of it yet.
    Waiting,
    /// The log says what became of each user.
    Done,
    /// It was not accepted, or the log cannot be read.
    Failed,
    /// The operator stopped looking, or the log told nothing for long enough.
    Stopped,
}

/// An entry of the provisioning log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Its id.
    pub id: String,
    /// RFC 3339.
    pub at: String,
    /// `Create`, `Update`, `Disable`, …
    pub action: String,
    /// How it went.
    pub outcome: LogOutcome,
    /// Who, as the source names them.
    pub user: String,
    /// Why, where it did not go well.
    pub reason: Option<String>,
    /// Entra's code for that.
    pub code: Option<String>,
    /// What Entra recommends.
    pub recommended: Option<String>,
}

/// How an entry went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LogOutcome {
    /// It is so now.
    Success,
    /// It is not.
    Failure,
    /// Nothing was to be done.
    Skipped,
    /// Done, with something to look at.
    Warning,
}

impl Job {
    /// Checks what is to be uploaded and shows it. Sends nothing.
    ///
    /// # Errors
    /// `invalidInput` with every unusable field, `secretNotFound` when the client's secret does not lie here, `notFound`
    /// when there is no such app or job, or that the tenant cannot be read.
    pub async fn prepare_upload(&self, request: UploadRequest) -> Result<Upload, Problem> {
        Box::pin(prepare::prepare(&self.parts, request)).await
    }

    /// Sends it once and follows the log until it tells of the user, the operator cancels, or twenty minutes are over.
    ///
    /// # Errors
    /// When the client's secret can no longer be read or does not sign in; then nothing was sent. What happens later is told
    /// in the answer.
    pub async fn upload(
        &self,
        upload: Upload,
        cancel: CancellationToken,
        listener: UploadListener,
    ) -> Result<UploadView, Problem> {
        Box::pin(follow::send(&self.parts, &upload, cancel, &listener)).await
    }
}
