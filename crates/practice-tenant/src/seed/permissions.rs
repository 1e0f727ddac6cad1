//! Every app role and delegated scope of Microsoft Graph: ids and levels are facts, titles are made here.

use std::sync::OnceLock;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::directory::state::OfferedRole;

const TABLE: &str = include_str!("../../data/graph-permissions.tsv");

/// Whether a permission is an app role or a delegated scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Role,
    Scope,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permission {
    pub value: &'static str,
    pub kind: Kind,
    pub id: Uuid,
}

fn table() -> &'static [Permission] {
    static ROWS: OnceLock<Vec<Permission>> = OnceLock::new();
    ROWS.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect())
}

fn row(line: &'static str) -> Option<Permission> {
    let mut fields = line.split('\t');
    let value = fields.next()?;
    let kind = match fields.next()? {
        "role" => Kind::Role,
        "scope" => Kind::Scope,
        _ => return None,
    };
    Some(Permission { value, kind, id: fields.next()?.parse().ok()? })
}

/// The app role or scope called `value`.
pub(crate) fn find(kind: Kind, value: &str) -> Option<Permission> {
    table().iter().find(|row| row.kind == kind && row.value == value).copied()
}

/// What users may consent to for themselves: their own mail, files and the like, but nothing of everyone's.
const OF_USERS: [&str; 14] = [
    "Calendars",
    "Chat",
    "Contacts",
    "Family",
    "Files",
    "Mail",
    "MailboxSettings",
    "Notes",
    "Notifications",
    "People",
    "Presence",
    "Tasks",
    "User",
    "UserActivity",
];

/// Whether only an administrator may consent to a delegated scope. The published table does not say; this is drawn from
/// the scopes' names and errs on the side of the administrator.
pub(crate) fn needs_admin(value: &str) -> bool {
    let is_of_users = value.split('.').next().is_some_and(|subject| OF_USERS.contains(&subject));
    let is_openid = ["openid", "profile", "email", "offline_access"].contains(&value);
    !is_openid && value != "User.ReadBasic.All" && (!is_of_users || value.ends_with(".All"))
}

/// The permission with this id.
pub(crate) fn by_id(id: Uuid) -> Option<Permission> {
    table().iter().find(|row| row.id == id).copied()
}

/// What a permission lets one do, in words.
pub(crate) fn words_for(value: &str) -> String {
    title(value)
}

/// Graph's app roles.
pub(crate) fn graph_roles() -> impl Iterator<Item = OfferedRole> {
    table().iter().filter(|row| row.kind == Kind::Role).map(|row| OfferedRole {
        id: row.id,
        value: row.value.to_owned(),
        for_applications: true,
    })
}

/// Graph's `appRoles` as its service principal shows them.
pub(crate) fn graph_roles_json(absent: &[String]) -> Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    without(absent, ALL.get_or_init(|| list(Kind::Role, role_json)))
}

/// Graph's `oauth2PermissionScopes` as its service principal shows them.
pub(crate) fn graph_scopes_json(absent: &[String]) -> Value {
    static ALL: OnceLock<Value> = OnceLock::new();
    without(absent, ALL.get_or_init(|| list(Kind::Scope, scope_json)))
}

fn list(kind: Kind, show: fn(&Permission) -> Value) -> Value {
    table().iter().filter(|row| row.kind == kind).map(show).collect()
}

fn without(absent: &[String], all: &Value) -> Value {
    if absent.is_empty() {
        return all.clone();
    }
    let is_absent = |item: &&Value| {
        item.get("value").and_then(Value::as_str).is_some_and(|value| absent.iter().any(|it| it == value))
    };
    all.as_array().into_iter().flatten().filter(|item| !is_absent(item)).cloned().collect()
}

fn role_json(row: &Permission) -> Value {
    let title = title(row.value);
    json!({
        "allowedMemberTypes": ["Application"],
        "description": format!("{title}, as the app itself, with no user signed in."),
        "displayName": title,
        "id": row.id,
        "isEnabled": true,
        "origin": "Application",
        "value": row.value,
    })
}

fn scope_json(row: &Permission) -> Value {
    let title = title(row.value);
    json!({
        "adminConsentDescription": format!("{title}, on behalf of the signed-in user."),
        "adminConsentDisplayName": title,
        "id": row.id,
        "isEnabled": true,
        "origin": "Application",
        "type": if needs_admin(row.value) { "Admin" } else { "User" },
        "userConsentDescription": format!("{title}, on your behalf."),
        "userConsentDisplayName": title,
        "value": row.value,
    })
}

/// A title in words from the permission's name: `AuditLog.Read.All` becomes `Read: audit log (all)`.
fn title(value: &str) -> String {
    let mut parts = value.split('.');
    let subject = words(parts.next().unwrap_or_default());
    let Some(verb) = parts.next() else { return subject };
    let reach: Vec<String> = parts.map(words).collect();
    let mut verb = words(verb);
    if let Some(first) = verb.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let reach = if reach.is_empty() { String::new() } else { format!(" ({})", reach.join(", ")) };
    format!("{verb}: {subject}{reach}")
}

/// Lower-case words of a camel-case name.
fn words(name: &str) -> String {
    let mut out = String::new();
    let mut previous_lower = false;
    for character in name.chars() {
        if character == '-' || character == '_' {
            out.push(' ');
            previous_lower = false;
            continue;
        }
        if character.is_uppercase() && previous_lower {
            out.push(' ');
        }
        previous_lower = character.is_lowercase();
        out.extend(character.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read() {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(table().len(), rows);
        assert!(graph_roles().count() > 700);
        let upload = find(Kind::Role, "SynchronizationData-User.Upload").unwrap();
        assert_eq!(upload.id.to_string(), "db31e92a-b9ea-4d87-bf6a-75a37a9ca35a");
    }

    #[test]
    fn titles_are_words() {
        assert_eq!(title("AuditLog.Read.All"), "Read: audit log (all)");
        assert_eq!(title("SynchronizationData-User.Upload"), "Upload: synchronization data user");
    }

    #[test]
    fn users_consent_to_what_is_theirs() {
        for own in ["User.Read", "Mail.Read", "openid", "User.ReadBasic.All"] {
            assert!(!needs_admin(own), "{own}");
        }
        for everyones in ["User.Read.All", "Policy.Read.All", "RoleAssignmentSchedule.ReadWrite.Directory"] {
            assert!(needs_admin(everyones), "{everyones}");
        }
    }

    #[test]
    fn absent_permissions_are_not_offered() {
        let shown = graph_roles_json(&["ProvisioningLog.Read.All".to_owned()]).to_string();
        assert!(shown.contains("AuditLog.Read.All") && !shown.contains("ProvisioningLog.Read.All"));
    }
}
