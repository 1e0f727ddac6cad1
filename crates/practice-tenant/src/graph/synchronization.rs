//! Provisioning jobs: what they are, how they stand, start, pause, restart, and who is told (graph-facts 9).

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::clock::{days, earlier, graph_date, later};
use crate::directory::provisioning::ProvisioningJob;
use crate::directory::state::Directory;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::object;
use crate::graph::odata::schema_provisioning::{SYNCHRONIZATION, SYNCHRONIZATION_JOB, SYNCHRONIZATION_TEMPLATE};
use crate::graph::router::Route;
use crate::graph::rules::{READ_SYNCHRONIZATION, WRITE_SYNCHRONIZATION};
use crate::graph::service_principals::{find, find_seen};
use crate::ids;
use crate::message::Answer;
use crate::persona::VERIFIED_DOMAINS;
use crate::seed::provisioning::gallery_template;

const ROOT: &str = "/servicePrincipals/{id}/synchronization";
const SECRETS: &str = "/servicePrincipals/{id}/synchronization/secrets";
const TEMPLATES: &str = "/servicePrincipals/{id}/synchronization/templates";
const JOBS: &str = "/servicePrincipals/{id}/synchronization/jobs";
const JOB: &str = "/servicePrincipals/{id}/synchronization/jobs/{id}";
const START: &str = "/servicePrincipals/{id}/synchronization/jobs/{id}/start";
const PAUSE: &str = "/servicePrincipals/{id}/synchronization/jobs/{id}/pause";
const RESTART: &str = "/servicePrincipals/{id}/synchronization/jobs/{id}/restart";

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, ROOT, &READ_SYNCHRONIZATION, settings),
    Route::new(Method::PUT, SECRETS, &WRITE_SYNCHRONIZATION, put_secrets),
    Route::new(Method::GET, TEMPLATES, &READ_SYNCHRONIZATION, templates),
    Route::new(Method::GET, JOBS, &READ_SYNCHRONIZATION, list_all),
    Route::new(Method::GET, JOB, &READ_SYNCHRONIZATION, get),
    Route::new(Method::POST, START, &WRITE_SYNCHRONIZATION, start),
    Route::new(Method::POST, PAUSE, &WRITE_SYNCHRONIZATION, pause),
    Route::new(Method::POST, RESTART, &WRITE_SYNCHRONIZATION, start),
];

/// What the documentation shows where nothing has happened yet: both overflow common parsers (graph-facts 9).
const NEVER: &str = "0001-01-01T00:00:00Z";
const NO_INTERVAL: &str = "P10675199DT2H48M5.4775807S";

fn execution(job: &ProvisioningJob, began: Timestamp, error: Option<&Value>) -> Value {
    let failed = error.is_some();
    json!({
        "activityIdentifier": ids::fixed(&format!("run/{}/{began}", job.id)),
        "countEntitled": 0,
        "countEntitledForProvisioning": 0,
        "countEscrowed": i64::from(failed),
        "countEscrowedRaw": i64::from(failed),
        "countExported": 0,
        "countExports": 0,
        "countImported": 0,
        "countImportedDeltas": 0,
        "countImportedReferenceDeltas": 0,
        "error": error,
        "state": if failed { "Failed" } else { "Succeeded" },
        "timeBegan": graph_date(began),
        "timeEnded": graph_date(later(began, std::time::Duration::from_secs(9))),
    })
}

fn quarantine_error() -> Value {
    json!({
        "code": "NotificationEmailNotSet",
        "message": "The job was started before an e-mail address for notifications was set.",
        "tenantActionable": true,
    })
}

fn show(job: &ProvisioningJob, now: Timestamp) -> Map<String, Value> {
    let last = job.last_run(now);
    let error = job.quarantined.map(|_| quarantine_error());
    let succeeded = match job.quarantined {
        Some(since) => last.map(|_| earlier(since, std::time::Duration::from_secs(2400))),
        None => last,
    };
    let quarantine = job.quarantined.map(|since| {
        json!({
            "currentBegan": graph_date(since),
            "error": quarantine_error(),
            "nextAttempt": graph_date(later(now, std::time::Duration::from_secs(6 * 3600))),
            "reason": "EncounteredQuarantineException",
            "seriesBegan": graph_date(since),
            "seriesCount": 3,
        })
    });
    let steady = succeeded.map_or_else(|| NEVER.to_owned(), graph_date);
    object(json!({
        "id": job.id,
        "templateId": job.template,
        "schedule": {
            "expiration": null,
            "interval": job.every.map_or_else(|| NO_INTERVAL.to_owned(), |minutes| format!("PT{minutes}M")),
            "state": match job.status.as_str() { "Active" | "Quarantine" => "Active", _ => "Disabled" },
        },
        "status": {
            "code": job.status,
            "countSuccessiveCompleteFailures": if job.quarantined.is_some() { 3 } else { 0 },
            "escrowsPruned": false,
            "lastExecution": last.map(|began| execution(job, began, error.as_ref())),
            "lastSuccessfulExecution": succeeded.map(|began| execution(job, began, None)),
            "lastSuccessfulExecutionWithExports": succeeded.map(|began| execution(job, began, None)),
            "progress": [],
            "quarantine": quarantine,
            "steadyStateFirstAchievedTime": succeeded.map_or_else(|| NEVER.to_owned(), |it| graph_date(earlier(it, days(200)))),
            "steadyStateLastAchievedTime": steady,
            "synchronizedEntryCountByType": [],
            "troubleshootingUrl": null,
        },
        "synchronizationJobSettings": [],
    }))
}

fn set(call: &Call<'_>, what: &str) -> String {
    format!("servicePrincipals('{}')/synchronization/{what}", call.plain_key(0).unwrap_or_default())
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let app = find_seen(call, directory)?;
        call.check_owner(app)?;
        let rows = directory.jobs.iter().filter(|job| job.service_principal_id == app.id);
        let rows = rows.map(|job| show(job, call.now)).collect();
        list::list(call, Rows { kind: &SYNCHRONIZATION_JOB, set: &set(call, "jobs"), rows })
    })
}

/// The number of the job that the path names, of an app that the caller may touch.
pub(super) fn find_job(call: &Call<'_>, directory: &Directory) -> Result<usize, Refusal> {
    let app = find(call, directory)?;
    call.check_owner(app)?;
    let id = call.plain_key(1)?;
    let is_it = |job: &ProvisioningJob| job.service_principal_id == app.id && job.id == id;
    directory.jobs.iter().position(is_it).ok_or_else(|| Refusal::not_found(id))
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let number = find_job(call, directory)?;
        let job = directory.jobs.get(number).ok_or_else(|| Refusal::not_found(number))?;
        list::single(call, &SYNCHRONIZATION_JOB, &set(call, "jobs"), show(job, call.now))
    })
}

fn templates(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let app = find_seen(call, directory)?;
        call.check_owner(app)?;
        let rows = gallery_template(app.text("applicationTemplateId").unwrap_or_default())
            .map(|it| {
                object(json!({
                    "id": it.factory,
                    "applicationId": app.app_id,
                    "default": true,
                    "discoverable": true,
                    "factoryTag": it.factory,
                    "metadata": [],
                }))
            })
            .into_iter()
            .collect();
        list::list(call, Rows { kind: &SYNCHRONIZATION_TEMPLATE, set: &set(call, "templates"), rows })
    })
}

const NOTIFICATIONS: &str = "SyncNotificationSettings";

/// The app's settings; secrets are not told, but who is notified is.
fn settings(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let app = find_seen(call, directory)?;
        call.check_owner(app)?;
        let job = directory.jobs.iter().find(|job| job.service_principal_id == app.id);
        let secrets: Vec<Value> = job
            .and_then(|job| job.notify.as_ref())
            .map(|address| {
                let value = json!({ "Enabled": true, "Recipients": address, "DeleteThresholdEnabled": false });
                json!({ "key": NOTIFICATIONS, "value": value.to_string() })
            })
            .into_iter()
            .collect();
        let shown = object(json!({ "id": app.id, "secrets": secrets }));
        let set = format!("servicePrincipals('{}')/synchronization", app.id);
        list::single(call, &SYNCHRONIZATION, &set, shown)
    })
}

/// Sets who is told when jobs fail; other settings are taken and forgotten.
fn put_secrets(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let Some(entries) = body.get("value").and_then(Value::as_array) else {
        return Err(Refusal::unreadable("The body holds `value`, a list of keys and values."));
    };
    let notify = entries.iter().find(|it| it.get("key").and_then(Value::as_str) == Some(NOTIFICATIONS)).map(|it| {
        let value = it.get("value").and_then(Value::as_str).unwrap_or_default();
        let value: Value = serde_json::from_str(value).unwrap_or_default();
        let enabled = value.get("Enabled").and_then(Value::as_bool).unwrap_or(true);
        let address = value.get("Recipients").and_then(Value::as_str).map(str::trim).filter(|it| !it.is_empty());
        address.filter(|_| enabled).map(str::to_owned)
    });
    call.tenant.store.write(|directory| {
        let app = find(call, directory)?;
        call.check_owner(app)?;
        let id = app.id;
        if let Some(notify) = notify {
            for job in directory.jobs.iter_mut().filter(|job| job.service_principal_id == id) {
                job.notify.clone_from(&notify);
            }
        }
        Ok(Answer::empty(204))
    })
}

/// Without an address for notifications a job that starts is put into quarantine (graph-facts 9).
fn start(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        let number = find_job(call, directory)?;
        let job = directory.jobs.get_mut(number).ok_or_else(|| Refusal::not_found(number))?;
        job.every = Some(job.every.unwrap_or(40));
        if job.notify.is_none() {
            job.status = "Quarantine".to_owned();
            job.quarantined = job.quarantined.or(Some(call.now));
            job.ran = job.ran.or(Some(call.now));
            return Ok(Answer::empty(204));
        }
        job.status = "Active".to_owned();
        job.quarantined = None;
        job.ran = Some(call.now);
        let job = job.clone();
        let Directory { provisioning, users, .. } = directory;
        let taken = |name: &str| users.iter().any(|it| it.user_principal_name.eq_ignore_ascii_case(name));
        provisioning.resume(&job, call.now, &taken, &VERIFIED_DOMAINS);
        Ok(Answer::empty(204))
    })
}

fn pause(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        let number = find_job(call, directory)?;
        let job = directory.jobs.get_mut(number).ok_or_else(|| Refusal::not_found(number))?;
        job.ran = job.last_run(call.now);
        job.status = "Paused".to_owned();
        Ok(Answer::empty(204))
    })
}
