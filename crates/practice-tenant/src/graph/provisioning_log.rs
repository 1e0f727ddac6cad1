//! The provisioning log (graph-facts 9): late, limited, and filtered with regard to case.

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::clock::{graph_date, instant, later};
use crate::directory::provisioning::LogEntry;
use crate::directory::state::Directory;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::filter::{Expr, Function, Literal, Operator};
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::query::Options;
use crate::graph::odata::schema::object;
use crate::graph::odata::schema_provisioning::PROVISIONING_LOG;
use crate::graph::router::Route;
use crate::graph::rules::READ_PROVISIONING_LOG;
use crate::ids::{self, TENANT};
use crate::message::Answer;

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/auditLogs/provisioning", &READ_PROVISIONING_LOG, list_all),
    Route::new(Method::GET, "/auditLogs/provisioning/{id}", &READ_PROVISIONING_LOG, get),
];

const SET: &str = "auditLogs/provisioning";
/// The largest page.
const MOST: usize = 999;

fn step(name: &str, kind: &str, status: &str, description: &str) -> Value {
    json!({
        "description": description, "details": {}, "name": name, "provisioningStepType": kind, "status": status,
    })
}

fn show(directory: &Directory, entry: &LogEntry) -> Map<String, Value> {
    let job = directory.jobs.iter().find(|job| job.id == entry.job);
    let app = job.and_then(|job| directory.service_principals.get(&job.service_principal_id));
    let to_ad = job.is_some_and(crate::directory::provisioning::ProvisioningJob::is_to_active_directory);
    let target_system = if to_ad { "Active Directory" } else { "Microsoft Entra ID" };
    let changed: Vec<Value> = entry
        .changed
        .iter()
        .map(|(name, old, new)| json!({ "displayName": name, "oldValue": old, "newValue": new }))
        .collect();
    let export = match entry.action.as_str() {
        "create" => "EntryExportAdd",
        "delete" => "EntryExportDelete",
        "other" => "EntrySynchronizationSkip",
        _ => "EntryExportUpdate",
    };
    let told = entry.error.as_ref().map_or("The user was exported.", |(_, reason, _)| reason);
    let error = entry.error.as_ref().map(|(code, reason, advice)| {
        json!({
            "additionalDetails": null,
            "errorCategory": if entry.status == "skipped" { "success" } else { "nonServiceFailure" },
            "errorCode": code,
            "reason": reason,
            "recommendedAction": if advice.is_empty() { Value::Null } else { advice.as_str().into() },
        })
    });
    object(json!({
        "id": entry.id,
        "activityDateTime": graph_date(entry.at),
        "tenantId": TENANT,
        "jobId": entry.job,
        "cycleId": entry.cycle,
        "changeId": entry.id,
        "provisioningAction": entry.action,
        "durationInMilliseconds": 740,
        "provisioningStatusInfo": { "errorInformation": error, "status": entry.status },
        "provisioningSteps": [
            step("EntryImport", "import", "success", "The user was received by the API."),
            step(export, "export", &entry.status, told),
        ],
        "modifiedProperties": changed,
        "servicePrincipal": {
            "id": app.map(|app| app.id),
            "displayName": app.map(crate::directory::entity::Entity::display_name),
        },
        "sourceSystem": { "details": {}, "displayName": "API", "id": ids::fixed("system/api") },
        "targetSystem": { "details": {}, "displayName": target_system, "id": ids::fixed(&format!("system/{target_system}")) },
        "initiatedBy": {
            "displayName": "Azure AD Provisioning Service", "id": ids::fixed("system/provisioning"), "initiatorType": "system",
        },
        "sourceIdentity": { "details": {}, "displayName": entry.name, "id": entry.source, "identityType": "User" },
        "targetIdentity": {
            "details": {},
            "displayName": if entry.target.is_some() { entry.name.as_str() } else { "" },
            "id": entry.target.map(|id| id.to_string()).unwrap_or_default(),
            "identityType": "User",
        },
    }))
}

fn check(call: &Call<'_>) -> Result<(), Refusal> {
    if call.tenant.dials.without_premium() {
        let message = "Neither tenant is B2C or tenant doesn't have premium license";
        return Err(Refusal::new(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message));
    }
    call.tenant.dials.read_log(call.caller.client(), call.now).map_err(Refusal::too_many_reports)
}

/// Entries that the log shows by now, newest first.
fn shown<'a>(call: &Call<'_>, directory: &'a Directory) -> impl Iterator<Item = &'a LogEntry> {
    let (lag, now) = (call.tenant.dials.log_lag(), call.now);
    directory.provisioning.log.iter().rev().filter(move |entry| later(entry.at, lag) <= now)
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    check(call)?;
    if let Some(filter) = &call.options.filter {
        check_filter(filter)?;
    }
    let order = call.options.order.first().cloned();
    if let Some((name, _)) = order.iter().find(|(name, _)| !name.eq_ignore_ascii_case("activityDateTime")) {
        return Err(Refusal::unreadable(format!("Sorting by '{name}' is not supported.")));
    }
    call.tenant.store.read(|directory| {
        let holds = |row: &Map<String, Value>| call.options.filter.as_ref().is_none_or(|filter| holds(filter, row));
        let mut rows: Vec<Map<String, Value>> =
            shown(call, directory).map(|entry| show(directory, entry)).filter(holds).collect();
        let at = |row: &Map<String, Value>| row.get("activityDateTime").and_then(Value::as_str).map(str::to_owned);
        rows.sort_by_key(|row| std::cmp::Reverse(at(row)));
        if order.is_some_and(|(_, descending)| !descending) {
            rows.reverse();
        }
        let top = call.options.top.map(|top| top.min(MOST));
        let options = Options { filter: None, order: Vec::new(), top, ..call.options.clone() };
        let plain = Call { options, keys: call.keys.clone(), ..*call };
        list::list(&plain, Rows { kind: &PROVISIONING_LOG, set: SET, rows })
    })
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    check(call)?;
    let id = call.id(0)?;
    call.tenant.store.read(|directory| {
        let entry = shown(call, directory).find(|entry| entry.id == id).ok_or_else(|| Refusal::not_found(id))?;
        list::single(call, &PROVISIONING_LOG, SET, show(directory, entry))
    })
}

/// The property at a path such as `sourceIdentity/id`. Names are found in any case: the Location of an upload asks for
/// `jobid`.
fn look<'a>(row: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut names = path.split('/');
    let find = |map: &'a Map<String, Value>, name: &str| {
        map.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let first = find(row, names.next()?)?;
    names.try_fold(first, |value, name| find(value.as_object()?, name))
}

/// `eq`, `gt`, `lt`, `ge`, `le`, `contains` and `and`, `or`, `not` of them.
fn check_filter(filter: &Expr) -> Result<(), Refusal> {
    match filter {
        Expr::Or(left, right) | Expr::And(left, right) => check_filter(left).and_then(|()| check_filter(right)),
        Expr::Not(inner) => check_filter(inner),
        Expr::Compare(name, operator, _) if *operator != Operator::Ne => known(name),
        Expr::Call(Function::Contains, name, _) => known(name),
        _ => Err(Refusal::unreadable("Invalid filter clause: eq, gt, lt, ge, le and contains are supported.")),
    }
}

fn known(path: &str) -> Result<(), Refusal> {
    let first = path.split('/').next().unwrap_or_default();
    if PROVISIONING_LOG.properties.iter().any(|it| it.name.eq_ignore_ascii_case(first)) {
        return Ok(());
    }
    Err(Refusal::unreadable(format!(
        "Could not find a property named '{first}' on type 'microsoft.graph.provisioningObjectSummary'."
    )))
}

/// Whether an entry satisfies the filter, letter by letter.
fn holds(filter: &Expr, row: &Map<String, Value>) -> bool {
    match filter {
        Expr::Or(left, right) => holds(left, row) || holds(right, row),
        Expr::And(left, right) => holds(left, row) && holds(right, row),
        Expr::Not(inner) => !holds(inner, row),
        Expr::Compare(name, operator, literal) => compare(look(row, name), *operator, literal),
        Expr::Call(_, name, text) => look(row, name).and_then(Value::as_str).is_some_and(|it| it.contains(text)),
        _ => false,
    }
}

fn compare(value: Option<&Value>, operator: Operator, literal: &Literal) -> bool {
    let (Some(Value::String(value)), Literal::Text(wanted) | Literal::Bare(wanted)) = (value, literal) else {
        return matches!((value, literal, operator), (None | Some(Value::Null), Literal::Null, Operator::Eq));
    };
    let dates: Option<(Timestamp, Timestamp)> = match literal {
        Literal::Bare(_) => instant(value).zip(instant(wanted)),
        _ => None,
    };
    let ordering = dates.map_or_else(|| value.cmp(wanted), |(value, wanted)| value.cmp(&wanted));
    match operator {
        Operator::Eq => ordering.is_eq(),
        Operator::Ne => ordering.is_ne(),
        Operator::Gt => ordering.is_gt(),
        Operator::Ge => ordering.is_ge(),
        Operator::Lt => ordering.is_lt(),
        Operator::Le => ordering.is_le(),
    }
}
