//! The road behind the permission: the API-driven provisioning apps of the tenant, their jobs, and what keeps users from
//! arriving (graph-facts 9).

mod job;
pub(crate) mod log;
mod read;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use self::log::log_check;

use crate::job::Job;
use crate::problem::Problem;

/// Where users enter the tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Road {
    /// When it was read, RFC 3339.
    pub checked_at: String,
    /// In a sentence: whether there is a job that takes users now.
    pub sentence: String,
    /// The jobs of all API-driven provisioning apps: those that need something first.
    pub jobs: Vec<ProvisioningJob>,
    /// Apps that have no job yet, by name.
    pub without_job: Vec<String>,
    /// What could not be read, and who may.
    pub unreadable: Option<Problem>,
    /// What the licence allows.
    pub limits: Limits,
}

/// A synchronization job of an API-driven provisioning app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningJob {
    /// Its id: `API2AAD.…` or `API2AD.…`.
    pub id: String,
    /// Name of the provisioning app.
    pub app_name: String,
    /// Object id of the provisioning app's service principal.
    pub app_object_id: String,
    /// Client id of the provisioning app.
    pub app_client_id: String,
    /// Where users go.
    pub direction: Direction,
    /// The verdict.
    pub health: JobHealth,
    /// In a sentence: what it does now, and why.
    pub sentence: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// How often it runs, in words: `every 40 minutes`.
    pub schedule: Option<String>,
    /// When it ran last.
    pub last_run: Option<LastRun>,
    /// Since when and why it is in quarantine.
    pub quarantine: Option<Quarantine>,
    /// Whether an address for notifications is set; none where that may not be read.
    pub notifies: Option<bool>,
    /// The address to send users to (`…/bulkUpload`).
    pub upload_address: String,
    /// Page in the Entra admin center.
    pub portal_url: String,
}

/// Where a job's users go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To Microsoft Entra ID (`API2AAD`).
    ToEntra,
    /// To Active Directory on premises (`API2AD`).
    ToActiveDirectory,
    /// Not told by its id.
    Unknown,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JobHealth {
    /// It takes users.
    Running,
    /// It was never started, or is not configured.
    NotStarted,
    /// An administrator stopped it.
    Paused,
    /// Entra put it into quarantine.
    Quarantined,
    /// Entra says something else.
    Unknown,
}

/// A job's last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LastRun {
    /// RFC 3339.
    pub begun: Option<String>,
    /// RFC 3339.
    pub ended: Option<String>,
    /// How it ended, in a word or two: `succeeded`, `failed`.
    pub outcome: String,
    /// Why, where it failed.
    pub error: Option<String>,
}

/// A quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Quarantine {
    /// Why, in a sentence.
    pub reason: String,
    /// Graph's own word for it.
    pub code: Option<String>,
    /// Since when, RFC 3339.
    pub since: Option<String>,
    /// When Entra tries again, RFC 3339.
    pub next_try: Option<String>,
}

/// What may be uploaded (graph-facts 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// The licence that they follow from, in words.
    pub licence: String,
    /// Users in one call.
    pub users_per_call: u32,
    /// Calls in five seconds.
    pub calls_per_5_seconds: u32,
    /// Calls in 24 hours, in the whole tenant; the stricter where the licence is not known.
    pub calls_per_day: u32,
}

/// What reading the provisioning log with an API client's own token brought.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LogCheck {
    /// It was not tried; why.
    NotTried {
        /// Why.
        reason: String,
    },
    /// It can read the log.
    Read {
        /// RFC 3339.
        at: String,
        /// The newest entry, RFC 3339; none when the log is empty.
        newest: Option<String>,
    },
    /// It was refused.
    Refused {
        /// Why.
        problem: Box<Problem>,
        /// True when its token is younger than what was granted: it may turn out well soon.
        not_yet: bool,
    },
}

impl Job {
    /// The API-driven provisioning apps of this tenant with their jobs, read now. Only with `ask` the operator may be asked
    /// to sign in again for the scope that reads jobs.
    ///
    /// # Errors
    /// That the tenant cannot be read. What this operator may not read is told in the answer.
    pub async fn road(&self, ask: bool) -> Result<Road, Problem> {
        Box::pin(read::read(&self.parts, ask)).await
    }
}
