//! Federated identity credentials of applications (graph-facts 2).

use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::directory::entity::{Entity, Federated};
use crate::directory::state::Directory;
use crate::graph::applications::{find_seen, find_to_change};
use crate::graph::body;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::object;
use crate::graph::odata::schema_access::FEDERATED;
use crate::graph::path::Key;
use crate::graph::router::Route;
use crate::graph::rules::{READ_FEDERATED, READ_ONE_FEDERATED, WRITE_APPLICATIONS};
use crate::message::Answer;

const ALL: &str = "/applications/{id}/federatedIdentityCredentials";
const ONE: &str = "/applications/{id}/federatedIdentityCredentials/{id}";

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, ALL, &READ_FEDERATED, list_all),
    Route::new(Method::POST, ALL, &WRITE_APPLICATIONS, create),
    Route::new(Method::GET, ONE, &READ_ONE_FEDERATED, get),
    Route::new(Method::PATCH, ONE, &WRITE_APPLICATIONS, patch),
    Route::new(Method::DELETE, ONE, &WRITE_APPLICATIONS, delete),
];

/// The most that an app can have.
const MOST: usize = 20;
/// The longest name and the longest of the other texts, in characters.
const LONGEST_NAME: usize = 120;
const LONGEST_TEXT: usize = 600;

fn show(it: &Federated) -> Map<String, Value> {
    object(json!({
        "id": it.id,
        "audiences": [it.audience],
        "description": it.description,
        "issuer": it.issuer,
        "name": it.name,
        "subject": it.subject,
    }))
}

fn set(application: &Entity) -> String {
    format!("applications('{}')/federatedIdentityCredentials", application.id)
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let seen = find_seen(call, directory)?;
        call.check_owner(seen.entity)?;
        let known = seen.entity.federated.iter().filter(|it| call.replica.knows(it.added));
        let rows = known.map(show).collect();
        list::list(call, Rows { kind: &FEDERATED, set: &set(seen.entity), rows })
    })
}

/// The credential that the second key of the path names, by id or by name.
fn find<'a>(call: &Call<'_>, application: &'a Entity) -> Result<&'a Federated, Refusal> {
    let found = match call.keys.get(1) {
        Some(Key::Named(name, value)) if name == "name" => application.federated.iter().find(|it| it.name == *value),
        Some(Key::Plain(text)) => {
            application.federated.iter().find(|it| it.id.to_string() == *text || it.name == *text)
        }
        _ => None,
    };
    found.ok_or_else(|| Refusal::not_found("federatedIdentityCredential"))
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let seen = find_seen(call, directory)?;
        call.check_owner(seen.entity)?;
        let found = find(call, seen.entity)?;
        list::single(call, &FEDERATED, &set(seen.entity), show(found))
    })
}

fn text(body: &Map<String, Value>, name: &str, longest: usize) -> Result<Option<String>, Refusal> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() && text.chars().count() <= longest => {
            Ok(Some(text.clone()))
        }
        Some(Value::Null) if name == "description" => Ok(None),
        Some(_) => Err(body::invalid(&FEDERATED, name)),
    }
}

/// Exactly one.
fn audience(body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let invalid = || body::invalid(&FEDERATED, "audiences");
    let Some(audiences) = body.get("audiences") else { return Ok(None) };
    match audiences.as_array().map(Vec::as_slice) {
        Some([Value::String(one)]) if one.chars().count() <= LONGEST_TEXT && !one.is_empty() => Ok(Some(one.clone())),
        _ => Err(invalid()),
    }
}

/// Issuer and subject together, and the name, are unique in the app.
fn check_unique(application: &Entity, made: &Federated) -> Result<(), Refusal> {
    let clashes = |it: &&Federated| {
        it.id != made.id && (it.name == made.name || (it.issuer == made.issuer && it.subject == made.subject))
    };
    match application.federated.iter().find(clashes) {
        Some(_) => {
            let message =
                "FederatedIdentityCredential with this name, or with this issuer and subject, already exists.";
            Err(Refusal::new(409, "Request_MultipleObjectsWithSameKeyValue", message))
        }
        None => Ok(()),
    }
}

fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    body::check(&FEDERATED, &body, &["description"])?;
    let need = |name: &str| body::invalid(&FEDERATED, name);
    let is_plain = |name: &String| name.chars().all(|it| it.is_ascii_alphanumeric() || "-_.~".contains(it));
    let made = Federated {
        id: Uuid::new_v4(),
        name: text(&body, "name", LONGEST_NAME)?.filter(is_plain).ok_or_else(|| need("name"))?,
        issuer: text(&body, "issuer", LONGEST_TEXT)?.ok_or_else(|| need("issuer"))?,
        subject: text(&body, "subject", LONGEST_TEXT)?.ok_or_else(|| need("subject"))?,
        audience: audience(&body)?.ok_or_else(|| need("audiences"))?,
        description: text(&body, "description", LONGEST_TEXT)?,
        added: call.now,
    };
    change(call, |application| {
        if application.federated.len() >= MOST {
            return Err(Refusal::bad_request(format!("An application has at most {MOST} federated credentials.")));
        }
        check_unique(application, &made)?;
        let answer = list::entity(call, 201, &set(application), show(&made));
        application.federated.push(made);
        Ok(answer)
    })
}

fn change(call: &Call<'_>, act: impl FnOnce(&mut Entity) -> Result<Answer, Refusal>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory: &mut Directory| {
        let id = find_to_change(call, directory)?.id;
        act(directory.applications.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?)
    })
}

/// The name cannot change.
fn patch(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    body::check(&FEDERATED, &body, &["description"])?;
    if body.contains_key("name") {
        return Err(Refusal::bad_request("Property 'name' is immutable and cannot be changed."));
    }
    change(call, |application| {
        let mut made = find(call, application)?.clone();
        made.issuer = text(&body, "issuer", LONGEST_TEXT)?.unwrap_or(made.issuer);
        made.subject = text(&body, "subject", LONGEST_TEXT)?.unwrap_or(made.subject);
        made.audience = audience(&body)?.unwrap_or(made.audience);
        if body.contains_key("description") {
            made.description = text(&body, "description", LONGEST_TEXT)?;
        }
        check_unique(application, &made)?;
        application.federated.iter_mut().filter(|it| it.id == made.id).for_each(|it| *it = made.clone());
        Ok(Answer::empty(204))
    })
}

fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    change(call, |application| {
        let id = find(call, application)?.id;
        application.federated.retain(|it| it.id != id);
        Ok(Answer::empty(204))
    })
}
