//! Who owns an app registration or a service principal (graph-facts 2 and 3).

use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::directory::state::Directory;
use crate::graph::applications::{find_seen, find_to_change};
use crate::graph::call::{Call, object_id};
use crate::graph::error::Refusal;
use crate::graph::me;
use crate::graph::odata::list::{self, Rows, typed};
use crate::graph::odata::schema::{DIRECTORY_OBJECT, SERVICE_PRINCIPAL, USER, object};
use crate::graph::router::Route;
use crate::graph::rules::{READ_APPLICATIONS, WRITE_APPLICATIONS};
use crate::message::Answer;

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/applications/{id}/owners", &READ_APPLICATIONS, list_all),
    Route::new(Method::GET, "/servicePrincipals/{id}/owners", &READ_APPLICATIONS, list_of_principal),
    Route::new(Method::POST, "/applications/{id}/owners/$ref", &WRITE_APPLICATIONS, add),
    Route::new(Method::DELETE, "/applications/{id}/owners/{id}/$ref", &WRITE_APPLICATIONS, remove),
];

/// The most that an app can have (graph-facts 2).
const MOST: usize = 100;

fn show(directory: &Directory, id: Uuid) -> Option<Map<String, Value>> {
    if let Some(user) = directory.user(id) {
        return Some(typed(&USER, me::shown(user)));
    }
    let principal = directory.principal(id)?;
    Some(typed(
        &SERVICE_PRINCIPAL,
        object(json!({ "id": principal.id, "appId": principal.app_id, "displayName": principal.display_name() })),
    ))
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let seen = find_seen(call, directory)?;
        let rows = seen.entity.owners.iter().filter_map(|id| show(directory, *id)).collect();
        list::list(call, Rows { kind: &DIRECTORY_OBJECT, set: "directoryObjects", rows })
    })
}

fn list_of_principal(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let entity = crate::graph::service_principals::find_seen(call, directory)?;
        let rows = entity.owners.iter().filter_map(|id| show(directory, *id)).collect();
        list::list(call, Rows { kind: &DIRECTORY_OBJECT, set: "directoryObjects", rows })
    })
}

/// The object that the body names: `{"@odata.id": "https://…/directoryObjects/{id}"}`.
fn named(call: &Call<'_>) -> Result<Uuid, Refusal> {
    let body = call.body()?;
    let link = body.get("@odata.id").and_then(Value::as_str).unwrap_or_default();
    let last = link.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    object_id(last)
}

fn add(call: &Call<'_>) -> Result<Answer, Refusal> {
    let owner = named(call)?;
    call.tenant.store.write(|directory| {
        if show(directory, owner).is_none() {
            return Err(Refusal::not_found(owner));
        }
        let id = find_to_change(call, directory)?.id;
        let entity = directory.applications.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?;
        if entity.owners.contains(&owner) {
            let message = "One or more added object references already exist for the following modified properties: \
                           'owners'.";
            return Err(Refusal::bad_request(message));
        }
        if entity.owners.len() >= MOST {
            return Err(Refusal::bad_request(format!("An application has at most {MOST} owners.")));
        }
        entity.owners.push(owner);
        Ok(Answer::empty(204))
    })
}

fn remove(call: &Call<'_>) -> Result<Answer, Refusal> {
    let owner = call.id(1)?;
    call.tenant.store.write(|directory| {
        let id = find_to_change(call, directory)?.id;
        let entity = directory.applications.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?;
        if !entity.owners.contains(&owner) {
            return Err(Refusal::not_found(owner));
        }
        entity.owners.retain(|it| *it != owner);
        Ok(Answer::empty(204))
    })
}
