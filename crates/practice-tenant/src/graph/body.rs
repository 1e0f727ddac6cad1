//! What clients may write: names, forms and limits of properties.

use serde_json::{Map, Value};

use crate::clock::instant;
use crate::directory::entity::Properties;
use crate::graph::error::Refusal;
use crate::graph::odata::schema::{Access, Kind, Shape};

/// The longest display name (characters).
const LONGEST_NAME: usize = 256;
/// Most entries of `requiredResourceAccess`, and of permissions in all of them (graph-facts 2).
const MOST_RESOURCES: usize = 50;
const MOST_PERMISSIONS: usize = 400;

/// Checks every property of a body; those in `ignored` were dealt with elsewhere.
pub(crate) fn check(kind: &Kind, body: &Map<String, Value>, ignored: &[&str]) -> Result<(), Refusal> {
    for (name, value) in body {
        if name.starts_with('@') || ignored.contains(&name.as_str()) {
            continue;
        }
        let property = kind.find(name).ok_or_else(|| Refusal::bad_request(format!("Invalid property '{name}'.")))?;
        if property.access == Access::Read {
            let message = match name.as_str() {
                "passwordCredentials" => {
                    "Updating passwordCredentials this way is not supported. Use addPassword and removePassword."
                        .to_owned()
                }
                _ => format!("Property '{name}' is read-only and cannot be set."),
            };
            return Err(Refusal::bad_request(message));
        }
        if !fits(property.shape, value) {
            return Err(invalid(kind, name));
        }
    }
    check_display_name(kind, body)?;
    if body.get("requiredResourceAccess").is_some_and(|value| !is_requested_access(value)) {
        return Err(invalid(kind, "requiredResourceAccess"));
    }
    let audiences =
        ["AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount", "PersonalMicrosoftAccount"];
    match body.get("signInAudience").and_then(Value::as_str) {
        Some(audience) if !audiences.contains(&audience) => Err(invalid(kind, "signInAudience")),
        _ => Ok(()),
    }
}

pub(crate) fn invalid(kind: &Kind, name: &str) -> Refusal {
    Refusal::bad_request(format!("Invalid value specified for property '{name}' of resource '{}'.", kind.title()))
}

fn fits(shape: Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Text | Shape::Flag | Shape::Guid | Shape::Date | Shape::Object, Value::Null)
        | (Shape::Text, Value::String(_))
        | (Shape::Flag, Value::Bool(_))
        | (Shape::Object, Value::Object(_)) => true,
        (Shape::Guid, Value::String(text)) => text.parse::<uuid::Uuid>().is_ok(),
        (Shape::Date, Value::String(text)) => instant(text).is_some(),
        (Shape::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Shape::Objects, Value::Array(items)) => items.iter().all(Value::is_object),
        _ => false,
    }
}

fn check_display_name(kind: &Kind, body: &Map<String, Value>) -> Result<(), Refusal> {
    let is_bad = match body.get("displayName") {
        None => false,
        Some(Value::String(name)) => name.trim().is_empty() || name.chars().count() > LONGEST_NAME,
        Some(_) => true,
    };
    if is_bad { Err(invalid(kind, "displayName")) } else { Ok(()) }
}

fn is_requested_access(value: &Value) -> bool {
    let Some(resources) = value.as_array() else { return false };
    let is_guid = |value: Option<&Value>| {
        value.and_then(Value::as_str).is_some_and(|text| text.len() == 36 && text.parse::<uuid::Uuid>().is_ok())
    };
    let accesses = |resource: &Value| resource.get("resourceAccess").and_then(Value::as_array).cloned();
    let total: usize = resources.iter().filter_map(accesses).map(|list| list.len()).sum();
    resources.len() <= MOST_RESOURCES
        && total <= MOST_PERMISSIONS
        && resources.iter().all(|resource| {
            is_guid(resource.get("resourceAppId"))
                && accesses(resource).is_some_and(|list| {
                    list.iter().all(|access| {
                        is_guid(access.get("id"))
                            && matches!(access.get("type").and_then(Value::as_str), Some("Role" | "Scope"))
                    })
                })
        })
}

/// Sets the properties of a body. Collections are replaced whole, objects field by field (graph-facts 2).
pub(crate) fn apply(kind: &Kind, properties: &mut Properties, body: &Map<String, Value>, ignored: &[&str]) {
    for (name, value) in body {
        if name.starts_with('@') || ignored.contains(&name.as_str()) {
            continue;
        }
        match (value, (kind.defaults)().get(name)) {
            (Value::Object(new), default) => {
                let old = properties.get(name).or(default).and_then(Value::as_object).cloned().unwrap_or_default();
                let merged: Map<String, Value> =
                    old.into_iter().chain(new.iter().map(|(name, value)| (name.clone(), value.clone()))).collect();
                properties.insert(name.clone(), Value::Object(merged));
            }
            (value, Some(default)) if value == default => {
                properties.remove(name);
            }
            _ => {
                properties.insert(name.clone(), value.clone());
            }
        }
    }
}
