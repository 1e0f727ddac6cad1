//! Inbound provisioning: jobs, what was uploaded to them, the users that came of it and the log (graph-facts 9).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A provisioning job of an API-driven provisioning app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProvisioningJob {
    pub id: String,
    pub service_principal_id: Uuid,
    /// `NotRun`, `Active`, `Paused` or `Quarantine`.
    pub status: String,
    /// `API2AAD` or `API2AD`.
    #[serde(default)]
    pub template: String,
    /// Minutes from run to run; a job that never ran has no interval.
    #[serde(default)]
    pub every: Option<u32>,
    /// When a run began; the others are whole intervals away.
    #[serde(default)]
    pub ran: Option<Timestamp>,
    /// Who is told when it fails. Without it the job is put into quarantine when it starts.
    #[serde(default)]
    pub notify: Option<String>,
    /// Since when it is in quarantine.
    #[serde(default)]
    pub quarantined: Option<Timestamp>,
}

impl ProvisioningJob {
    /// Whether it takes users now.
    pub fn runs(&self) -> bool {
        self.status == "Active"
    }

    /// Whether users go to Active Directory on premises.
    pub fn is_to_active_directory(&self) -> bool {
        self.template == "API2AD"
    }

    /// When the last run began; a job that stopped ran last when it did.
    pub fn last_run(&self, now: Timestamp) -> Option<Timestamp> {
        let (every, ran) = (i64::from(self.every?) * 60, self.ran?);
        let since = now.as_second().saturating_sub(ran.as_second());
        if !self.runs() || since < 0 {
            return Some(ran);
        }
        Timestamp::from_second(ran.as_second() + since / every.max(1) * every.max(1)).ok()
    }
}

/// An upload that waits until its job runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Waiting {
    pub job: String,
    pub operations: Vec<Operation>,
}

/// One operation of an upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Operation {
    /// `DELETE` rather than `POST`.
    pub deletes: bool,
    /// The SCIM user.
    pub data: Map<String, Value>,
}

/// A user that a job made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Provisioned {
    pub id: Uuid,
    pub job: String,
    pub external_id: String,
    /// As uploaded last.
    pub data: Map<String, Value>,
}

/// What the log says of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogEntry {
    pub id: Uuid,
    pub job: String,
    /// The run that it belongs to.
    pub cycle: Uuid,
    /// When it was processed. The log shows it later.
    pub at: Timestamp,
    /// `create`, `update`, `disable`, `delete` or `other`.
    pub action: String,
    /// `success`, `failure` or `skipped`.
    pub status: String,
    /// Code, reason and what to do.
    #[serde(default)]
    pub error: Option<(String, String, String)>,
    /// The user's `externalId`.
    pub source: String,
    /// The user's name as the source gives it.
    pub name: String,
    /// The user's object id in the target.
    #[serde(default)]
    pub target: Option<Uuid>,
    /// Name, old and new value of what changed.
    #[serde(default)]
    pub changed: Vec<(String, Option<String>, Option<String>)>,
}

/// Everything that jobs did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Provisioning {
    /// By job and `externalId`.
    #[serde(default)]
    pub users: BTreeMap<String, Provisioned>,
    #[serde(default)]
    pub waiting: Vec<Waiting>,
    /// Oldest first.
    #[serde(default)]
    pub log: Vec<LogEntry>,
}

/// The longest log that is kept.
const MOST_ENTRIES: usize = 50_000;

fn text<'a>(data: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    data.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// Whether the user may sign in; SCIM says so unless it says otherwise.
fn is_active(data: &Map<String, Value>) -> bool {
    match data.get("active") {
        Some(Value::Bool(active)) => *active,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
        _ => true,
    }
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Names, old and new values of the attributes that differ.
fn differences(
    before: Option<&Map<String, Value>>,
    after: &Map<String, Value>,
) -> Vec<(String, Option<String>, Option<String>)> {
    let old = |name: &str| before.and_then(|before| before.get(name));
    let changed = after.iter().filter(|(name, value)| *name != "schemas" && old(name) != Some(value));
    changed.map(|(name, value)| (name.clone(), old(name).map(written), Some(written(value)))).collect()
}

/// What became of an operation: action, status, error, target, and what changed.
type Outcome = (
    &'static str,
    &'static str,
    Option<(String, String, String)>,
    Option<Uuid>,
    Vec<(String, Option<String>, Option<String>)>,
);

fn failed(action: &'static str, code: &str, reason: String, advice: &str) -> Outcome {
    (action, "failure", Some((code.to_owned(), reason, advice.to_owned())), None, Vec::new())
}

fn skipped(code: &str, reason: &str, target: Option<Uuid>) -> Outcome {
    ("other", "skipped", Some((code.to_owned(), reason.to_owned(), String::new())), target, Vec::new())
}

impl Provisioning {
    /// Takes an upload: at once if its job runs, else it waits. `taken` says whether a sign-in name belongs to somebody
    /// else in the directory, `domains` are the verified ones.
    pub fn take(
        &mut self,
        job: &ProvisioningJob,
        operations: Vec<Operation>,
        now: Timestamp,
        taken: &dyn Fn(&str) -> bool,
        domains: &[&str],
    ) {
        if !job.runs() {
            self.waiting.push(Waiting { job: job.id.clone(), operations });
            return;
        }
        let cycle = Uuid::new_v4();
        for operation in operations {
            self.process(job, &operation, cycle, now, taken, domains);
        }
        let surplus = self.log.len().saturating_sub(MOST_ENTRIES);
        self.log.drain(..surplus);
    }

    /// Processes what waited for a job that runs again.
    pub fn resume(&mut self, job: &ProvisioningJob, now: Timestamp, taken: &dyn Fn(&str) -> bool, domains: &[&str]) {
        let (due, rest) = std::mem::take(&mut self.waiting).into_iter().partition(|it| it.job == job.id);
        self.waiting = rest;
        let due: Vec<Waiting> = due;
        for upload in due {
            self.take(job, upload.operations, now, taken, domains);
        }
    }

    fn process(
        &mut self,
        job: &ProvisioningJob,
        operation: &Operation,
        cycle: Uuid,
        now: Timestamp,
        taken: &dyn Fn(&str) -> bool,
        domains: &[&str],
    ) {
        let source = text(&operation.data, "externalId").unwrap_or_default().to_owned();
        let name = text(&operation.data, "displayName").or_else(|| text(&operation.data, "userName"));
        let name = name.unwrap_or_default().to_owned();
        let (action, status, error, target, changed) = self.outcome(job, operation, &source, taken, domains);
        self.log.push(LogEntry {
            id: Uuid::new_v4(),
            job: job.id.clone(),
            cycle,
            at: now,
            action: action.to_owned(),
            status: status.to_owned(),
            error,
            source,
            name,
            target,
            changed,
        });
    }

    fn outcome(
        &mut self,
        job: &ProvisioningJob,
        operation: &Operation,
        source: &str,
        taken: &dyn Fn(&str) -> bool,
        domains: &[&str],
    ) -> Outcome {
        let data = &operation.data;
        if source.is_empty() {
            let reason = "The attribute externalId, by which users are matched, has no value.".to_owned();
            return failed("other", "InvalidSourceAnchor", reason, "Send externalId with every user.");
        }
        let key = format!("{}/{source}", job.id);
        let known = self.users.get(&key).cloned();
        if operation.deletes {
            let Some(user) = self.users.remove(&key) else {
                return skipped("NotEffectivelyEntitled", "The user does not exist in the target.", None);
            };
            return ("delete", "success", None, Some(user.id), Vec::new());
        }
        let action = if known.is_some() { "update" } else { "create" };
        let Some(user_name) = text(data, "userName") else {
            let reason = "The required attribute userPrincipalName has no value: userName was not sent.".to_owned();
            return failed(action, "MissingRequiredAttribute", reason, "Send userName with every user.");
        };
        let domain = user_name.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
        if !job.is_to_active_directory() && !domains.iter().any(|it| it.eq_ignore_ascii_case(domain)) {
            let reason = format!(
                "The domain portion of the userPrincipalName property is invalid: '{user_name}' does not end in one of \
                 the verified domain names in your organization."
            );
            let advice = "Send a userName that ends in a verified domain, or change the attribute mapping.";
            return failed(action, "AzureActiveDirectoryDomainInvalid", reason, advice);
        }
        let is_others = |it: &Provisioned| {
            it.external_id != source && text(&it.data, "userName").is_some_and(|it| it.eq_ignore_ascii_case(user_name))
        };
        if taken(user_name) || self.users.values().any(is_others) {
            let reason = format!(
                "Another object with the same value for property userPrincipalName already exists: '{user_name}'."
            );
            let advice = "Send a userName that nobody else has, or correct externalId.";
            return failed(action, "AzureActiveDirectoryDuplicateUserPrincipalName", reason, advice);
        }
        let Some(mut user) = known else {
            let id = Uuid::new_v4();
            let made = Provisioned { id, job: job.id.clone(), external_id: source.to_owned(), data: data.clone() };
            self.users.insert(key, made);
            return ("create", "success", None, Some(id), differences(None, data));
        };
        let changed = differences(Some(&user.data), data);
        if changed.is_empty() {
            let reason = "The state of the user in both the source and target systems already match.";
            return skipped("RedundantExport", reason, Some(user.id));
        }
        let disables = is_active(&user.data) && !is_active(data);
        // What an upload does not name stays as it is.
        user.data.extend(data.clone());
        let id = user.id;
        self.users.insert(key, user);
        (if disables { "disable" } else { "update" }, "success", None, Some(id), changed)
    }
}
