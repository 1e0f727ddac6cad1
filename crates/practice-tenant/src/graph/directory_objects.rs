//! Objects of any kind by their ids.

use http::Method;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::directory::replication::Replica;
use crate::directory::state::Directory;
use crate::graph::applications::Seen;
use crate::graph::call::{Call, object_id};
use crate::graph::error::Refusal;
use crate::graph::me;
use crate::graph::odata::list::{Row, typed};
use crate::graph::odata::schema::{APPLICATION, SERVICE_PRINCIPAL, USER};
use crate::graph::router::Route;
use crate::graph::rules::READ_OBJECTS;
use crate::message::Answer;

pub(crate) const ROUTES: &[Route] =
    &[Route::new(Method::POST, "/directoryObjects/getByIds", &READ_OBJECTS, get_by_ids)];

/// The most ids in a call (graph-facts 10 gives the cost, the reference the number).
const MOST: usize = 1000;

fn show(directory: &Directory, replica: &Replica, id: Uuid) -> Option<Map<String, Value>> {
    if let Some(user) = directory.user(id) {
        return Some(typed(&USER, me::shown(user)));
    }
    if let Some(entity) = directory.service_principals.get(&id) {
        let properties = entity.seen(replica)?;
        return Some(typed(&SERVICE_PRINCIPAL, Seen { kind: &SERVICE_PRINCIPAL, entity, properties }.show()));
    }
    let entity = directory.applications.get(&id)?;
    let properties = entity.seen(replica)?;
    Some(typed(&APPLICATION, Seen { kind: &APPLICATION, entity, properties }.show()))
}

/// Ids that name nothing, or nothing of the wanted types, are left out.
fn get_by_ids(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let ids = body.get("ids").and_then(Value::as_array).filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| Refusal::bad_request("The parameter 'ids' is required."))?;
    if ids.len() > MOST {
        return Err(Refusal::bad_request(format!("Too many identifiers in request. The maximum supported is {MOST}.")));
    }
    let ids: Vec<Uuid> =
        ids.iter().map(|id| object_id(id.as_str().unwrap_or_default())).collect::<Result<_, Refusal>>()?;
    let types: Vec<&str> = body
        .get("types")
        .and_then(Value::as_array)
        .map(|types| types.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let is_wanted = |shown: &Map<String, Value>| {
        let kind = shown.get("@odata.type").and_then(Value::as_str).unwrap_or_default();
        let kind = kind.trim_start_matches("#microsoft.graph.");
        types.is_empty() || types.iter().any(|it| it.eq_ignore_ascii_case(kind) || *it == "directoryObject")
    };
    let value: Vec<Value> = call.tenant.store.read(|directory| {
        let shown = ids.iter().filter_map(|id| show(directory, &call.replica, *id));
        shown.filter(is_wanted).map(Value::Object).collect()
    });
    let mut answer = Map::new();
    answer.insert("@odata.context".into(), call.context("directoryObjects").into());
    answer.insert("value".into(), value.into());
    Ok(Answer::json(200, Value::Object(answer)))
}
