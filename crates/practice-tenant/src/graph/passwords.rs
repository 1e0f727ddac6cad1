//! addPassword and removePassword (graph-facts 2): the value is shown once and kept as a hash.

use std::time::Duration;

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::{days, later};
use crate::directory::entity::Secret;
use crate::graph::applications::find_to_change;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::router::Route;
use crate::graph::rules::WRITE_PRINCIPALS;
use crate::ids;
use crate::message::Answer;

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::POST, "/applications/{id}/addPassword", &WRITE_PRINCIPALS, add),
    Route::new(Method::POST, "/applications/{id}/microsoft.graph.addPassword", &WRITE_PRINCIPALS, add),
    Route::new(Method::POST, "/applications/{id}/removePassword", &WRITE_PRINCIPALS, remove),
    Route::new(Method::POST, "/applications/{id}/microsoft.graph.removePassword", &WRITE_PRINCIPALS, remove),
];

/// Real values hold such signs too: a client that does not encode them in a form loses them.
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SIGNS: &str = "~._-+&%=/@:[]";

fn new_value() -> String {
    format!(
        "{}{}Q~{}{}{}",
        ids::random_text(3, ALPHABET),
        ids::random_text(1, "0123456789"),
        ids::random_text(20, ALPHABET),
        ids::random_text(2, SIGNS),
        ids::random_text(12, ALPHABET)
    )
}

/// Seven digits of a second, as Graph writes the dates of credentials.
fn credential_date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string()
}

/// The members of a `passwordCredential`. Graph sets the others than the name and the dates itself.
const MEMBERS: [&str; 7] =
    ["customKeyIdentifier", "displayName", "endDateTime", "hint", "keyId", "secretText", "startDateTime"];

/// Refuses members that the action does not know.
fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), Refusal> {
    match members.keys().find(|name| !name.starts_with('@') && !known.contains(&name.as_str())) {
        Some(unknown) => Err(Refusal::bad_request(format!("Invalid property '{unknown}'."))),
        None => Ok(()),
    }
}

fn invalid(name: &str) -> Refusal {
    Refusal::bad_request(format!("Invalid value specified for property '{name}' of resource 'PasswordCredential'."))
}

fn date(credential: Option<&Map<String, Value>>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    match credential.and_then(|it| it.get(name)) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => text.parse().map(Some).map_err(|_| {
            Refusal::unreadable(format!(
                "Cannot convert the literal '{text}' to the expected type 'Edm.DateTimeOffset'."
            ))
        }),
        Some(_) => Err(Refusal::unreadable(format!("Cannot convert a value to the expected type of '{name}'."))),
    }
}

fn add(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = if call.incoming.body.is_empty() { Map::new() } else { call.body()? };
    only(&body, &["passwordCredential"])?;
    let credential = match body.get("passwordCredential") {
        None | Some(Value::Null) => None,
        Some(Value::Object(credential)) => Some(credential),
        Some(_) => return Err(invalid("passwordCredential")),
    };
    credential.map_or(Ok(()), |credential| only(credential, &MEMBERS))?;
    let start = date(credential, "startDateTime")?.unwrap_or(call.now);
    // Two years when nothing is said (graph-facts 2).
    let end = date(credential, "endDateTime")?.unwrap_or_else(|| later(start, days(730)));
    if end <= start || end <= call.now {
        return Err(Refusal::bad_request(
            "The end date of the password credential is before its start date or in the past.",
        ));
    }
    let name = credential.and_then(|it| it.get("displayName")).cloned().unwrap_or_default();
    if !(name.is_null() || name.is_string()) {
        return Err(invalid("displayName"));
    }
    check_policy(call, start, end)?;
    let value = new_value();
    let key_id = Uuid::new_v4();
    let shown = json!({
        "customKeyIdentifier": null,
        "displayName": name,
        "endDateTime": credential_date(end),
        "hint": value.chars().take(3).collect::<String>(),
        "keyId": key_id,
        "secretText": null,
        "startDateTime": credential_date(start),
    });
    let delay = call.tenant.dials.replication();
    call.tenant.store.write(|directory| {
        let id = find_to_change(call, directory)?.id;
        let entity = directory.applications.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?;
        entity.change(call.now, delay, |properties| {
            let list = properties.entry("passwordCredentials").or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(shown.clone());
            }
        });
        entity.secrets.insert(key_id, Secret::new(ids::sha256_hex(&value), call.now));
        let mut answer = crate::graph::odata::schema::object(shown.clone());
        answer.insert("secretText".into(), value.clone().into());
        answer.insert("@odata.context".into(), call.context("microsoft.graph.passwordCredential").into());
        Ok(Answer::json(200, Value::Object(answer)))
    })
}

fn check_policy(call: &Call<'_>, start: Timestamp, end: Timestamp) -> Result<(), Refusal> {
    let policy = call.tenant.dials.policy();
    if policy.forbid_secrets {
        let message = "Credential type not allowed as per assigned policy.";
        return Err(Refusal::new(400, "CredentialTypeNotAllowedAsPerAppPolicy", message));
    }
    let lasts = Duration::try_from(end.duration_since(start)).unwrap_or_default();
    if policy.longest_secret.is_some_and(|longest| lasts > longest) {
        let message = "Credential lifetime exceeds the max value allowed as per assigned policy.";
        return Err(Refusal::new(400, "CredentialInvalidLifetimeAsPerAppPolicy", message));
    }
    Ok(())
}

fn remove(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    only(&body, &["keyId"])?;
    let key_id: Uuid = body
        .get("keyId")
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Refusal::bad_request("Invalid value specified for property 'keyId': a GUID is expected."))?;
    let delay = call.tenant.dials.replication();
    call.tenant.store.write(|directory| {
        let id = find_to_change(call, directory)?.id;
        let entity = directory.applications.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?;
        let secret = entity
            .secrets
            .get_mut(&key_id)
            .filter(|secret| secret.removed.is_none())
            .ok_or_else(|| Refusal::bad_request(format!("No password credential found with keyId {key_id}.")))?;
        secret.removed = Some(call.now);
        entity.change(call.now, delay, |properties| {
            if let Some(Value::Array(list)) = properties.get_mut("passwordCredentials") {
                list.retain(|it| it.get("keyId").and_then(Value::as_str) != Some(&key_id.to_string()));
            }
        });
        directory.forget(&call.tenant.dials.slowest(call.now));
        Ok(Answer::empty(204))
    })
}
