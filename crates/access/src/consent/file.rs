//! A request for consent as a file. What is read from one was written by anybody: nothing of it is believed but its shape,
//! and everything that it names is looked up in the tenant.

use std::str::FromStr;

use inbound_entra::ids::{AppId, AppRoleId, ObjectId, TenantId};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::consent::{ConsentPermission, ConsentPrincipal, ConsentRequest};
use crate::problem::{Code, Problem};

/// What every such file says of itself.
pub(crate) const KIND: &str = "inbound-access/consent-request";
/// The format that this version writes. A newer one is refused.
pub(crate) const FORMAT: u32 = 1;
/// Most permissions of one request.
pub(crate) const MOST_ASKED: usize = 20;
/// The largest file that is read, in bytes: no request of ours comes near it.
pub const LARGEST_FILE: u64 = 64 * 1024;
/// Longest name or title, in characters.
const LONGEST_TEXT: usize = 256;
/// Longest value of a permission, in characters.
const LONGEST_VALUE: usize = 128;

/// Read first, so that another kind of file and a newer format are told from a damaged one.
#[derive(Deserialize)]
struct Head {
    kind: String,
    format: u32,
}

/// The file's content: JSON, indented. Holds no secret.
#[must_use]
pub fn to_file(request: &ConsentRequest) -> Vec<u8> {
    // Strings, numbers and lists always become JSON.
    let mut bytes = serde_json::to_vec_pretty(request).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads a file that somebody handed over.
///
/// # Errors
/// `invalidInput` when it is no request for consent, one of a newer version, or one that was altered or damaged.
pub fn from_file(bytes: &[u8]) -> Result<ConsentRequest, Problem> {
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(refused("The file is larger than any request for consent."));
    }
    // Editors on Windows put a mark in front.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let no_request = || refused("The file is no request for consent of Inbound Access.");
    let head: Head = serde_json::from_slice(bytes).map_err(|_| no_request())?;
    if head.kind != KIND {
        return Err(no_request());
    }
    if head.format != FORMAT {
        return Err(Problem::new(
            Code::InvalidInput,
            "The request for consent was written by a newer version of Inbound Access.",
        )
        .exists("Nothing was changed.")
        .advice("Update Inbound Access and open the file again."));
    }
    let request: ConsentRequest = serde_json::from_slice(bytes).map_err(|_| altered("it lacks or adds something"))?;
    checked(request)
}

/// A name for the file, without an ending: made of plain letters and digits, whatever the app is called.
#[must_use]
pub fn file_name(request: &ConsentRequest) -> String {
    let plain: String = request
        .principal
        .name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(40)
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let run: String = request.run_id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let parts = ["consent"].into_iter().chain(words).chain([run.as_str()]);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn refused(message: &str) -> Problem {
    Problem::new(Code::InvalidInput, message)
        .exists("Nothing was changed.")
        .advice("Choose the .json file that was handed over with the note.")
}

fn altered(what: &str) -> Problem {
    Problem::new(Code::InvalidInput, format!("The request for consent cannot be used: {what}."))
        .exists("Nothing was changed.")
        .advice("It was altered or damaged on its way. Ask whoever sent it to save it anew.")
}

/// The same request with every id and time in its usual spelling.
fn checked(request: ConsentRequest) -> Result<ConsentRequest, Problem> {
    let ConsentRequest { run_id, asked, asked_by, cloud, tenant_id, tenant_name, principal, permissions, .. } = request;
    if cloud.is_empty() || cloud.len() > 32 || !cloud.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(altered("its cloud is none"));
    }
    if permissions.is_empty() || permissions.len() > MOST_ASKED {
        return Err(altered(&format!("it names no permission, or more than {MOST_ASKED}")));
    }
    let asked = Timestamp::from_str(&asked).map_err(|_| altered("its time is none"))?;
    let mut checked: Vec<ConsentPermission> = Vec::new();
    for ConsentPermission { value, title, app_role_id } in permissions {
        if !is_value(&value) {
            return Err(altered("a permission's value is none"));
        }
        let app_role_id = guid::<AppRoleId>(&app_role_id, "the app role id of a permission")?;
        if checked.iter().any(|known| known.value == value || known.app_role_id == app_role_id) {
            return Err(altered("it names a permission twice"));
        }
        checked.push(ConsentPermission { value, title: text(title, "the title of a permission")?, app_role_id });
    }
    Ok(ConsentRequest {
        kind: KIND.to_owned(),
        format: FORMAT,
        run_id: run_guid(&run_id)?,
        asked: asked.to_string(),
        asked_by: text(asked_by, "the name of who asks")?,
        cloud,
        tenant_id: guid::<TenantId>(&tenant_id, "the tenant's id")?,
        tenant_name: text(tenant_name, "the tenant's name")?,
        principal: ConsentPrincipal {
            name: text(principal.name, "the principal's name")?,
            client_id: guid::<AppId>(&principal.client_id, "the client id")?,
            object_id: guid::<ObjectId>(&principal.object_id, "the object id")?,
            managed_identity: principal.managed_identity,
        },
        permissions: checked,
    })
}

/// `Application.Read.All`, `SynchronizationData-User.Upload`.
fn is_value(value: &str) -> bool {
    (1..=LONGEST_VALUE).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && value.starts_with(|first: char| first.is_ascii_alphanumeric())
}

fn guid<T: FromStr + ToString>(given: &str, what: &str) -> Result<String, Problem> {
    if given.len() != 36 {
        return Err(altered(&format!("{what} is no GUID")));
    }
    given.parse::<T>().map(|id| id.to_string()).map_err(|_| altered(&format!("{what} is no GUID")))
}

fn run_guid(given: &str) -> Result<String, Problem> {
    guid::<Uuid>(given, "the run's id")
}

fn text(given: String, what: &str) -> Result<String, Problem> {
    if given.chars().count() > LONGEST_TEXT || given.chars().any(char::is_control) {
        return Err(altered(&format!("{what} is too long or holds control characters")));
    }
    Ok(given)
}

/// Text from the tenant so that a file with it can be read again.
pub(crate) fn fitting(given: &str) -> String {
    given.chars().take(LONGEST_TEXT).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

#[cfg(test)]
#[path = "file_tests.rs"]
pub(crate) mod tests;
