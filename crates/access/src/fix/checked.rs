//! What is asked of a fix, checked: every unusable field at once, by its name in [`Fix`].

use std::collections::HashSet;
use std::fmt::Display;
use std::str::FromStr;

use inbound_entra::ids::{AppId, KeyId, ObjectId};
use jiff::Timestamp;

use crate::desired::checked::{control_character, excerpt, invalid, note_fault, secret_end};
use crate::fix::{Fix, GrantRef};
use crate::problem::{FieldProblem, Problem};

/// So many grants are taken away by one run at most: its record is written anew for each.
const MOST_REVOKED: usize = 500;
/// No assignment's id comes near it.
const LONGEST_ID: usize = 200;

/// A fix whose ids are ids.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Checked {
    /// The values are checked against the tenant later.
    Grant {
        principal: ObjectId,
        permissions: Vec<String>,
    },
    /// Each once.
    Revoke {
        grants: Vec<(String, ObjectId)>,
    },
    MakePrincipal {
        client: AppId,
    },
    EnableSignIn {
        principal: ObjectId,
    },
    Rotate(Rotate),
    RemoveSecret {
        client: AppId,
        key: KeyId,
    },
}

/// A secret that is to follow another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rotate {
    pub client: AppId,
    pub replaces: Option<KeyId>,
    /// The new one's last instant.
    pub end: Timestamp,
    pub remove_old: bool,
}

/// Checks `fix`.
///
/// # Errors
/// `invalidInput` with every unusable field.
pub(crate) fn check(fix: &Fix, now: Timestamp) -> Result<Checked, Problem> {
    let mut faults = Vec::new();
    let checked = match fix {
        Fix::Grant { principal, permissions } => {
            if permissions.is_empty() {
                note_fault(&mut faults, "permissions", Some("Choose at least one permission.".to_owned()));
            }
            id(principal, "principal", "object id of the service principal", &mut faults)
                .map(|principal| Checked::Grant { principal, permissions: permissions.clone() })
        }
        Fix::Revoke { grants } => Some(Checked::Revoke { grants: revoked(grants, &mut faults) }),
        Fix::MakePrincipal { client_id } => {
            id(client_id, "clientId", "client id", &mut faults).map(|client| Checked::MakePrincipal { client })
        }
        Fix::EnableSignIn { principal } => {
            id(principal, "principal", "object id of the service principal", &mut faults)
                .map(|principal| Checked::EnableSignIn { principal })
        }
        Fix::RotateSecret { client_id, replaces, expires, remove_old } => {
            let client = id(client_id, "clientId", "client id", &mut faults);
            let replaces = replaces.as_ref().map(|key| id(key, "replaces", "key id of the old secret", &mut faults));
            if *remove_old && replaces.is_none() {
                let message = "Say which secret is to be removed: the new one follows none.".to_owned();
                note_fault(&mut faults, "removeOld", Some(message));
            }
            let end = match secret_end(expires, now) {
                Ok(end) => Some(end),
                Err(fault) => {
                    faults.push(FieldProblem { field: "expires".to_owned(), ..fault });
                    None
                }
            };
            let (replaces, remove_old) = (replaces.flatten(), *remove_old);
            client.zip(end).map(|(client, end)| Checked::Rotate(Rotate { client, replaces, end, remove_old }))
        }
        Fix::RemoveSecret { client_id, key_id } => {
            let client = id(client_id, "clientId", "client id", &mut faults);
            let key = id(key_id, "keyId", "key id", &mut faults);
            client.zip(key).map(|(client, key)| Checked::RemoveSecret { client, key })
        }
    };
    match checked {
        Some(checked) if faults.is_empty() => Ok(checked),
        _ => Err(invalid(faults)),
    }
}

fn id<T: FromStr<Err: Display>>(text: &str, field: &str, what: &str, faults: &mut Vec<FieldProblem>) -> Option<T> {
    let read = text.trim().parse::<T>();
    if read.is_err() {
        let message = format!(
            "The {what} must be a GUID such as 00000003-0000-0000-c000-000000000000; \"{}\" is none.",
            excerpt(text)
        );
        let is_known = faults.iter().any(|fault| fault.message == message);
        note_fault(faults, field, (!is_known).then_some(message));
    }
    read.ok()
}

fn revoked(grants: &[GrantRef], faults: &mut Vec<FieldProblem>) -> Vec<(String, ObjectId)> {
    if grants.is_empty() {
        note_fault(faults, "grants", Some("Choose at least one grant.".to_owned()));
    }
    if grants.len() > MOST_REVOKED {
        let message = format!("At most {MOST_REVOKED} grants can be taken away by one run. Choose fewer.");
        note_fault(faults, "grants", Some(message));
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for GrantRef { id: grant, principal } in grants {
        let grant = grant.trim();
        let fault = if grant.is_empty() {
            Some("A grant has no id.".to_owned())
        } else if grant.chars().count() > LONGEST_ID {
            Some(format!("\"{}\" is longer than any grant's id.", excerpt(grant)))
        } else {
            control_character("A grant's id", grant, &[])
        };
        let is_sound = fault.is_none();
        note_fault(faults, "grants", fault);
        let principal = id(principal, "grants", "object id of who holds a grant", faults);
        if let Some(principal) = principal.filter(|_| is_sound && seen.insert(grant.to_owned())) {
            all.push((grant.to_owned(), principal));
        }
    }
    all
}
