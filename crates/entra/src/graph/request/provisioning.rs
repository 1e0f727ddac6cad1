//! Requests about provisioning: the gallery, jobs, uploads, the log (graph-facts 9).

use std::fmt::Display;

use ::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use super::{LARGEST_PAGE, READING, Request, literal, query, segment};

const JOBS: &[&str] = &["Synchronization.Read.All"];
const UPLOADING: &[&str] = &["SynchronizationData-User.Upload"];
const LOG: &[&str] = &["ProvisioningLog.Read.All"];
/// Entries in one answer of the log: the newest are those that matter.
const ENTRIES: &str = "50";

/// Apps of the gallery by their exact names.
#[must_use]
pub fn application_templates(names: &[&str]) -> Request {
    let filter: Vec<String> = names.iter().map(|name| format!("displayName eq {}", literal(name))).collect();
    let query = query(&[("$filter", &filter.join(" or ")), ("$select", "id,displayName")]);
    Request::get(READING, &format!("/applicationTemplates{query}"))
}

/// The service principals of an app of the gallery.
#[must_use]
pub fn apps_of_template(template: &str) -> Request {
    let filter = format!("applicationTemplateId eq {}", literal(template));
    let top = LARGEST_PAGE.to_string();
    let query = query(&[("$filter", &filter), ("$select", "id,appId,displayName"), ("$top", &top)]);
    Request::get(READING, &format!("/servicePrincipals{query}"))
}

/// The jobs of a provisioning app, by its service principal's object id.
#[must_use]
pub fn jobs(app: impl Display) -> Request {
    Request::get(JOBS, &format!("/servicePrincipals/{}/synchronization/jobs", segment(app)))
}

/// Sends users to a job; `body` is a SCIM bulk request. Without a scope of the operator's: an API client sends it.
#[must_use]
pub fn bulk_upload(app: impl Display, job: &str, body: Value) -> Request {
    let path = format!("/servicePrincipals/{}/synchronization/jobs/{}/bulkUpload", segment(app), segment(job));
    Request::new(UPLOADING, Method::POST, &path, Some(body)).with(("Content-Type", "application/scim+json"))
}

/// The newest entries of the provisioning log, of one job since a moment where they are given.
#[must_use]
pub fn provisioning_log(job: Option<&str>, since: Option<Timestamp>) -> Request {
    let mut filter: Vec<String> = job.map(|job| format!("jobId eq {}", literal(job))).into_iter().collect();
    filter.extend(since.map(|since| format!("activityDateTime ge {}", since.strftime("%Y-%m-%dT%H:%M:%SZ"))));
    let filter = filter.join(" and ");
    let mut pairs = vec![("$top", ENTRIES)];
    if !filter.is_empty() {
        pairs.insert(0, ("$filter", filter.as_str()));
    }
    Request::get(LOG, &format!("/auditLogs/provisioning{}", query(&pairs)))
}
