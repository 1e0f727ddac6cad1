//! Provisioning apps, their jobs, and the provisioning log (graph-facts 9).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{null_as_default, odd_as_default};
use crate::ids::ObjectId;
use crate::times;

/// An app of the gallery.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationTemplate {
    /// Its id; Microsoft publishes none, so it is looked up by name.
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub display_name: String,
}

/// A job that brings users in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SynchronizationJob {
    /// `API2AAD.<tenant>.<guid>` or `API2AD.…`.
    pub id: String,
    /// Of which kind it is.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub template_id: Option<String>,
    /// When it runs.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub schedule: Option<JobSchedule>,
    /// How it stands.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub status: Option<JobStatus>,
}

/// When a job runs.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobSchedule {
    /// ISO 8601, e.g. `PT40M`; `P10675199DT2H48M5.4775807S` where there is none.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub interval: Option<String>,
    /// `Active`, `Disabled`, `Paused`.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub state: Option<String>,
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobStatus {
    /// `NotConfigured`, `NotRun`, `Active`, `Paused`, `Quarantine`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub code: String,
    /// Its last run.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub last_execution: Option<JobExecution>,
    /// Why and since when it is in quarantine.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub quarantine: Option<JobQuarantine>,
}

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobExecution {
    /// When it began.
    #[serde(default, deserialize_with = "ever")]
    pub time_began: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "ever")]
    pub time_ended: Option<Timestamp>,
    /// `Succeeded`, `Failed`, `EntryLevelErrors`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub state: String,
    /// Why it failed.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub error: Option<JobError>,
}

/// A job's quarantine.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobQuarantine {
    /// Since when.
    #[serde(default, deserialize_with = "ever")]
    pub current_began: Option<Timestamp>,
    /// When the job is tried again.
    #[serde(default, deserialize_with = "ever")]
    pub next_attempt: Option<Timestamp>,
    /// E.g. `EncounteredQuarantineException`.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub reason: Option<String>,
    /// More exactly.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub error: Option<JobError>,
}

/// What went wrong in a job.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobError {
    /// Entra's code.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub code: Option<String>,
    /// Entra's words.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub message: Option<String>,
}

/// What became of one object (`provisioningObjectSummary`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningLogEntry {
    /// Its id.
    pub id: String,
    /// When.
    #[serde(default, deserialize_with = "ever")]
    pub activity_date_time: Option<Timestamp>,
    /// Of which job.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub job_id: Option<String>,
    /// `create`, `update`, `disable`, `delete`, `other`, in any case.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub provisioning_action: Option<String>,
    /// How it went.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub provisioning_status_info: Option<LogStatus>,
    /// Whom the source sent.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub source_identity: Option<LogIdentity>,
}

/// How an entry went.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogStatus {
    /// `success`, `failure`, `skipped`, `warning`, in any case.
    #[serde(default, deserialize_with = "null_as_default")]
    pub status: String,
    /// Why.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub error_information: Option<LogError>,
}

/// Why an entry went as it did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogError {
    /// Entra's code.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub error_code: Option<String>,
    /// Entra's words.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub reason: Option<String>,
    /// What Entra recommends.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub recommended_action: Option<String>,
}

/// Somebody in the log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogIdentity {
    /// The source's own id: SCIM `externalId`.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub id: Option<String>,
    /// Name.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub display_name: Option<String>,
}

/// A provisioning app of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningApp {
    /// Object id of its service principal.
    pub id: ObjectId,
    /// Client id.
    pub app_id: crate::ids::AppId,
    /// Name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub display_name: String,
}

/// A time; the year 1 stands for never.
fn ever<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let at = Value::deserialize(deserializer)?.as_str().and_then(times::read);
    Ok(at.filter(|at| at.as_second() > 0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_job_as_the_reference_shows_it_is_read_and_what_never_was_is_none() {
        let job: SynchronizationJob = serde_json::from_value(json!({
            "id": "API2AAD.0.1",
            "schedule": { "expiration": null, "interval": "P10675199DT2H48M5.4775807S", "state": "Disabled" },
            "status": {
                "code": "NotRun",
                "lastExecution": { "timeBegan": "0001-01-01T00:00:00Z", "timeEnded": 7, "state": null },
                "quarantine": null,
            },
        }))
        .expect("read");
        let status = job.status.expect("a status");
        assert_eq!(status.code, "NotRun");
        assert_eq!(status.last_execution.expect("an execution").time_began, None);
        assert!(status.quarantine.is_none());
    }

    #[test]
    fn an_odd_part_hides_no_job() {
        let odd = json!({ "id": "x", "schedule": 7, "status": "Active" });
        let job: SynchronizationJob = serde_json::from_value(odd).expect("read");
        assert!(job.status.is_none() && job.schedule.is_none());
    }
}
