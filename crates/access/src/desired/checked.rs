//! The request, checked: every field problem at once, before anything in the tenant is touched.

use std::str::FromStr;

use inbound_entra::ids::{AppId, AppRoleId, ObjectId};
use inbound_entra::model::{AppRole, GraphResource};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::consent::file::MOST_ASKED;
use crate::desired::{AppChoice, PermissionInfo, SecretGoes, SetupRequest};
use crate::problem::{Code, FieldProblem, Problem};
use crate::requirements;

/// Longest display name and secret description, in characters.
pub(crate) const LONGEST_NAME: usize = 120;
/// Longest name that a display name in Entra can have, in characters.
const LONGEST_SOUGHT: usize = 256;
/// Longest note, in characters.
const LONGEST_NOTE: usize = 1000;
/// Longest life of a secret, as the portal has it (graph-facts 2).
const LONGEST_LIFE_MONTHS: i32 = 24;

/// What is wanted, checked as far as it can be without looking at the principal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Desired {
    pub principal: DesiredPrincipal,
    pub permissions: Vec<DesiredPermission>,
    /// The grants are left to another administrator.
    pub ask_consent: bool,
}

impl Desired {
    /// Chooses the alternate key of a further app's registration, which is else the first that is free.
    pub(crate) fn choose(&mut self, unique_name: Option<String>) {
        if let DesiredPrincipal::App(app) = &mut self.principal {
            app.unique_name = unique_name;
        }
    }
}

/// For whom.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum DesiredPrincipal {
    App(DesiredApp),
    Identity(ObjectId),
}

/// An app registration with a secret.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DesiredApp {
    pub target: AppTarget,
    /// Trimmed; empty when an existing app is meant and no name was given.
    pub name: String,
    pub note: Option<String>,
    /// Without the run's mark.
    pub secret_description: Option<String>,
    /// The last instant of the secret's life.
    pub secret_end: Timestamp,
    pub secret_goes: SecretGoes,
    /// The alternate key, where an earlier attempt has chosen it.
    pub unique_name: Option<String>,
}

/// Which app registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppTarget {
    ByName,
    Existing(AppId),
    Another,
}

/// A permission, resolved in this tenant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DesiredPermission {
    pub role: AppRoleId,
    pub info: PermissionInfo,
}

/// Checks `request` against the rules and this tenant's Microsoft Graph.
///
/// # Errors
/// One [`Problem`] with code `invalidInput` that lists every unusable field by its name in [`SetupRequest`].
pub(crate) fn check(request: SetupRequest, graph: &GraphResource, now: Timestamp) -> Result<Desired, Problem> {
    let mut faults = Vec::new();
    let (principal, values, ask_consent) = match request {
        SetupRequest::AppRegistration {
            name,
            app,
            note,
            secret_description,
            secret_expires,
            permissions,
            ask_consent,
            secret_goes,
        } => {
            let target = app_target(&app, &mut faults);
            let name = name.trim().to_owned();
            if !matches!(app, AppChoice::Existing { .. }) {
                note_fault(&mut faults, "name", name_fault(&name));
            }
            let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
            note_fault(&mut faults, "note", note.as_deref().and_then(note_text_fault));
            let secret_description =
                secret_description.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            note_fault(&mut faults, "secretDescription", secret_description.as_deref().and_then(description_fault));
            let secret_end = match secret_end(&secret_expires, now) {
                Ok(end) => end,
                Err(fault) => {
                    faults.push(fault);
                    now
                }
            };
            let app = target.map(|target| DesiredApp {
                target,
                name,
                note,
                secret_description,
                secret_end,
                secret_goes,
                unique_name: None,
            });
            (app.map(DesiredPrincipal::App), permissions, ask_consent)
        }
        SetupRequest::ManagedIdentity { object_id, permissions, ask_consent } => {
            let id = ObjectId::from_str(&object_id);
            if id.is_err() {
                note_fault(
                    &mut faults,
                    "objectId",
                    Some(format!(
                        "The object id must be a GUID such as 00000003-0000-0000-c000-000000000000; \"{}\" is none. \
                         Search for the identity by name to find it.",
                        excerpt(&object_id)
                    )),
                );
            }
            (id.ok().map(DesiredPrincipal::Identity), permissions, ask_consent)
        }
    };
    let permissions = check_permissions(&values, graph, &mut faults);
    if ask_consent && values.len() > MOST_ASKED {
        let message = format!("At most {MOST_ASKED} permissions can be asked for at once. Leave some out.");
        note_fault(&mut faults, "permissions", Some(message));
    }
    match principal {
        Some(principal) if faults.is_empty() => Ok(Desired { principal, permissions, ask_consent }),
        _ => Err(invalid(faults)),
    }
}

/// The problem that lists `faults`.
pub(crate) fn invalid(faults: Vec<FieldProblem>) -> Problem {
    let message = match faults.as_slice() {
        [only] => only.message.clone(),
        several => format!("{} fields cannot be used as they are.", several.len()),
    };
    let mut problem = Problem::new(Code::InvalidInput, message)
        .exists("Nothing was changed.")
        .advice("Correct what is marked and try again.");
    problem.fields = faults;
    problem
}

/// The problem that lists one field.
pub(crate) fn invalid_field(field: &str, message: String) -> Problem {
    invalid(vec![FieldProblem { field: field.to_owned(), message }])
}

fn note_fault(faults: &mut Vec<FieldProblem>, field: &str, message: Option<String>) {
    if let Some(message) = message {
        faults.push(FieldProblem { field: field.to_owned(), message });
    }
}

fn app_target(app: &AppChoice, faults: &mut Vec<FieldProblem>) -> Option<AppTarget> {
    match app {
        AppChoice::ByName => Some(AppTarget::ByName),
        AppChoice::Another => Some(AppTarget::Another),
        AppChoice::Existing { client_id } => {
            let id = AppId::from_str(client_id);
            if id.is_err() {
                note_fault(
                    faults,
                    "app.clientId",
                    Some(format!(
                        "The client id must be a GUID such as 00000003-0000-0000-c000-000000000000; \"{}\" is none.",
                        excerpt(client_id)
                    )),
                );
            }
            id.ok().map(AppTarget::Existing)
        }
    }
}

/// What is wrong with a display name, if anything. `name` is trimmed.
pub(crate) fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("Give the app a name. It may have up to 120 characters.".to_owned());
    }
    too_long("The name", name, LONGEST_NAME).or_else(|| control_character("The name", name, &[]))
}

/// What is wrong with the name of a managed identity to look for, if anything. `name` is trimmed.
pub(crate) fn identity_name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("Give the managed identity's name, or its object id or Azure resource id.".to_owned());
    }
    too_long("The name", name, LONGEST_SOUGHT).or_else(|| control_character("The name", name, &[]))
}

fn note_text_fault(note: &str) -> Option<String> {
    too_long("The note", note, LONGEST_NOTE).or_else(|| control_character("The note", note, &['\n', '\r', '\t']))
}

fn description_fault(description: &str) -> Option<String> {
    too_long("The secret's description", description, LONGEST_NAME)
        .or_else(|| control_character("The secret's description", description, &[]))
}

fn too_long(what: &str, text: &str, most: usize) -> Option<String> {
    let length = text.chars().count();
    (length > most).then(|| format!("{what} has {length} characters; at most {most} are allowed. Shorten it."))
}

pub(crate) fn control_character(what: &str, text: &str, allowed: &[char]) -> Option<String> {
    let (position, found) = text.chars().enumerate().find(|(_, c)| c.is_control() && !allowed.contains(c))?;
    Some(format!(
        "{what} holds a control character (U+{:04X}) at position {}. Remove it.",
        u32::from(found),
        position + 1
    ))
}

/// The secret's last instant: the end of that day in UTC, but never more than 24 months from now.
pub(crate) fn secret_end(text: &str, now: Timestamp) -> Result<Timestamp, FieldProblem> {
    let fault = |message: String| FieldProblem { field: "secretExpires".to_owned(), message };
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let latest = today.saturating_add(Span::new().months(LONGEST_LIFE_MONTHS));
    let text = text.trim();
    if text.is_empty() {
        return Err(fault(format!("Choose the secret's last day, from tomorrow to {latest}.")));
    }
    let day = parse_day(text).ok_or_else(|| {
        let text = excerpt(text);
        fault(format!("The secret's last day must be a date such as {latest}, year first; \"{text}\" is none."))
    })?;
    if day < today {
        return Err(fault(format!("{day} is past. Choose a day from tomorrow to {latest}.")));
    }
    if day == today {
        return Err(fault(format!(
            "{day} is today: the secret would end at once. Choose a day from tomorrow to {latest}."
        )));
    }
    if day > latest {
        return Err(fault(format!("{day} is more than 24 months ahead. Choose a day up to {latest}.")));
    }
    let end_of_day = day.at(23, 59, 59, 0).to_zoned_datetime(TimeZone::UTC).map(|end| end.timestamp());
    let cap = now.to_zoned_datetime(TimeZone::UTC).saturating_add(Span::new().months(LONGEST_LIFE_MONTHS)).timestamp();
    let end = end_of_day.map_err(|_| fault(format!("{day} cannot be used as a date.")))?;
    let end = end.min(cap);
    // Whole seconds: Graph rounds anyway, and the plan shows what is sent.
    Ok(Timestamp::from_second(end.as_second()).unwrap_or(end))
}

/// `YYYY-MM-DD` and nothing else.
fn parse_day(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    if !shaped {
        return None;
    }
    text.parse().ok()
}

fn check_permissions(
    values: &[String],
    graph: &GraphResource,
    faults: &mut Vec<FieldProblem>,
) -> Vec<DesiredPermission> {
    if values.is_empty() {
        note_fault(faults, "permissions", Some("Choose at least one permission.".to_owned()));
    }
    let mut found: Vec<DesiredPermission> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if values.iter().take(at).any(|earlier| earlier == value) {
            let message = format!("{} is listed twice. Remove one.", excerpt(value));
            let known = faults.iter().any(|fault| fault.message == message);
            note_fault(faults, "permissions", (!known).then_some(message));
            continue;
        }
        match graph.application_permission(value) {
            Some(role) => {
                found.push(DesiredPermission { role: role.id, info: requirements::describe(value, Some(graph)) });
            }
            None => note_fault(faults, "permissions", Some(unknown_permission(value, graph))),
        }
    }
    found
}

fn unknown_permission(value: &str, graph: &GraphResource) -> String {
    let shown = excerpt(value);
    let named: Vec<&AppRole> = graph.app_roles.iter().filter(|role| role.value.as_deref() == Some(value)).collect();
    if named.iter().any(|role| !role.is_enabled) {
        return format!("{shown} is switched off in this tenant's Microsoft Graph. Choose another permission.");
    }
    if !named.is_empty() {
        return format!("{shown} cannot be given to an app in this tenant. Choose an application permission.");
    }
    let close = graph.app_roles.iter().find_map(|role| {
        role.value
            .as_deref()
            .filter(|known| known.eq_ignore_ascii_case(value.trim()) && graph.application_permission(known).is_some())
    });
    match close {
        Some(close) => format!("{shown} is not spelt as Microsoft Graph has it. Did you mean {close}?"),
        None => format!(
            "This tenant's Microsoft Graph has no application permission called \"{shown}\". Check the spelling, or \
             choose one of the sets."
        ),
    }
}

/// At most 80 characters of text that came from outside, control characters replaced.
pub(crate) fn excerpt(text: &str) -> String {
    let mut shown: String = text.trim().chars().take(80).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.trim().chars().count() > 80 {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
#[path = "checked_tests.rs"]
mod tests;
