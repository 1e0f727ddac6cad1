//! `POST …/bulkUpload`: users come in (graph-facts 9). The answer is 202 before anything is processed.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, Value};

use crate::directory::provisioning::Operation;
use crate::directory::state::Directory;
use crate::graph::authorise::Caller;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::router::Route;
use crate::graph::rules::UPLOAD;
use crate::graph::synchronization::find_job;
use crate::message::Answer;
use crate::persona::{
    APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, VERIFIED_DOMAINS,
};

/// The route whose body is SCIM, not JSON by name.
pub(crate) const TEMPLATE: &str = "/servicePrincipals/{id}/synchronization/jobs/{id}/bulkUpload";

pub(crate) const ROUTES: &[Route] = &[Route::new(Method::POST, TEMPLATE, &UPLOAD, upload)];

/// The most operations in a call.
const MOST: usize = 50;
const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const SCOPE: &str = "SynchronizationData-User.Upload";

/// What a mistake in the body is answered with.
fn invalid(what: impl std::fmt::Display) -> Refusal {
    Refusal::unreadable(format!("Invalid Data Format. {what}"))
}

/// A user needs the scope and a role that manages apps; a Global Administrator does without the scope.
fn check_user(caller: &Caller) -> Result<(), Refusal> {
    let Caller::User { scopes, roles, .. } = caller else { return Ok(()) };
    let managers = [APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR];
    let may = roles.contains(&GLOBAL_ADMINISTRATOR)
        || (scopes.iter().any(|it| it == SCOPE) && roles.iter().any(|role| managers.contains(role)));
    if may { Ok(()) } else { Err(Refusal::denied()) }
}

fn upload(call: &Call<'_>) -> Result<Answer, Refusal> {
    check_user(call.caller)?;
    call.tenant.store.read(|directory| find_job(call, directory).map(|_| ()))?;
    call.tenant.dials.upload(call.now).map_err(Refusal::too_many_uploads)?;
    if call.incoming.content_type().as_deref() != Some("application/scim+json") {
        return Err(invalid("The content type is application/scim+json."));
    }
    let Ok(Value::Object(body)) = serde_json::from_slice(&call.incoming.body) else {
        return Err(invalid("The body is a JSON object."));
    };
    let operations = operations(&body)?;
    call.tenant.store.write(|directory| {
        let number = find_job(call, directory)?;
        let Directory { provisioning, users, jobs, .. } = directory;
        let job = jobs.get(number).ok_or_else(|| Refusal::not_found(number))?;
        let taken = |name: &str| users.iter().any(|it| it.user_principal_name.eq_ignore_ascii_case(name));
        provisioning.take(job, operations, call.now, &taken, &VERIFIED_DOMAINS);
        let location =
            format!("{}/v1.0/auditLogs/provisioning/?$filter=jobid%20eq%20'{}'", call.incoming.origin, job.id);
        Ok(Answer::empty(202).with("location", location))
    })
}

fn operations(body: &Map<String, Value>) -> Result<Vec<Operation>, Refusal> {
    let schemas = body.get("schemas").and_then(Value::as_array);
    if !schemas.is_some_and(|list| list.iter().any(|it| it == REQUEST)) {
        return Err(invalid(format!("schemas names {REQUEST}.")));
    }
    let list = body.get("Operations").and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| invalid("Operations is a list that is not empty."))?;
    if list.len() > MOST {
        return Err(invalid(format!("Operations holds {} operations; the most are {MOST}.", list.len())));
    }
    let mut known = BTreeSet::new();
    list.iter().enumerate().map(|(number, it)| operation(number + 1, it, &mut known)).collect()
}

fn operation<'a>(number: usize, it: &'a Value, known: &mut BTreeSet<&'a str>) -> Result<Operation, Refusal> {
    let text = |name: &str| it.get(name).and_then(Value::as_str).unwrap_or_default();
    let deletes = match text("method").to_ascii_uppercase().as_str() {
        "POST" => false,
        "DELETE" => true,
        _ => return Err(invalid(format!("Operation {number}: the method is POST or DELETE."))),
    };
    let bulk_id = it.get("bulkId").and_then(Value::as_str).filter(|id| !id.is_empty());
    let bulk_id = bulk_id.ok_or_else(|| invalid(format!("Operation {number}: bulkId is missing.")))?;
    if !known.insert(bulk_id) {
        return Err(invalid(format!("Operation {number}: the bulkId '{bulk_id}' stands twice.")));
    }
    if text("path") != "/Users" {
        return Err(invalid(format!("Operation {number}: the path is /Users.")));
    }
    let data = it.get("data").and_then(Value::as_object);
    let data = data.ok_or_else(|| invalid(format!("Operation {number}: data is the user, an object.")))?;
    Ok(Operation { deletes, data: data.clone() })
}
