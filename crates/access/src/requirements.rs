//! What the job needs: the permission sets of DESIGN section 7, and each permission in the administrator's words.
//!
//! Permissions are always resolved live, by value, in the tenant's own Microsoft Graph (graph-facts 1); nothing here
//! holds an id.

use inbound_entra::model::GraphResource;

use crate::desired::{PermissionInfo, PermissionSet};
use crate::privilege;
use crate::words;

/// Upload through any provisioning app.
pub const UPLOAD: &str = "SynchronizationData-User.Upload";
/// Upload through provisioning apps that the client itself owns (ISVs).
pub const UPLOAD_OWNED: &str = "SynchronizationData-User.Upload.OwnedBy";
/// Read audit, sign-in and provisioning logs; the how-to's choice.
pub const AUDIT_LOG: &str = "AuditLog.Read.All";
/// Read provisioning logs only.
pub const PROVISIONING_LOG: &str = "ProvisioningLog.Read.All";

/// Key, title, for whom, and what each set holds; the default first.
const SETS: [(&str, &str, &str, &[&str]); 4] = [
    (
        "howTo",
        "As in the how-to",
        "What Microsoft's how-to asks for: upload users and read the logs.",
        &[UPLOAD, AUDIT_LOG],
    ),
    (
        "narrower",
        "Narrower",
        "Uploads users and reads provisioning logs only, not sign-ins and audit records. Microsoft's newer advice.",
        &[UPLOAD, PROVISIONING_LOG],
    ),
    (
        "csv2scim",
        "For Microsoft's CSV2SCIM script",
        "The script also looks up the provisioning app and its job.",
        &[UPLOAD, AUDIT_LOG, "Application.Read.All", "Synchronization.Read.All"],
    ),
    (
        "isv",
        "For software vendors (ISV)",
        "The client makes its own provisioning apps and uploads through those alone.",
        &["Application.ReadWrite.OwnedBy", UPLOAD_OWNED],
    ),
];

/// What a client must be able to do; several permissions may serve one need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Need {
    /// Upload users.
    Upload,
    /// Read provisioning logs.
    ReadLogs,
    /// Whatever one permission stands for.
    Other,
}

/// The need that `value` serves.
pub(crate) fn need_of(value: &str) -> Need {
    match value {
        UPLOAD | UPLOAD_OWNED => Need::Upload,
        AUDIT_LOG | PROVISIONING_LOG => Need::ReadLogs,
        _ => Need::Other,
    }
}

/// Values that also serve where `value` is required. Either log permission counts as reading the logs (DESIGN 7).
pub(crate) fn alternatives(value: &str) -> &'static [&'static str] {
    match value {
        AUDIT_LOG => &[PROVISIONING_LOG],
        PROVISIONING_LOG => &[AUDIT_LOG],
        _ => &[],
    }
}

/// What counts as already granted when `value` is asked for. The narrower log permission serves in place of the wider,
/// so that no one is given more than needed; asking for the narrower one is meant, whatever else is held.
pub(crate) fn serves_instead(value: &str) -> &'static [&'static str] {
    match value {
        AUDIT_LOG => &[PROVISIONING_LOG],
        _ => &[],
    }
}

/// The permission sets as this tenant's Microsoft Graph offers them, the default first.
#[must_use]
pub fn permission_sets(graph: &GraphResource) -> Vec<PermissionSet> {
    SETS.iter()
        .map(|(key, title, explanation, values)| {
            let absent: Vec<&str> =
                values.iter().copied().filter(|value| graph.application_permission(value).is_none()).collect();
            let explanation = if absent.is_empty() {
                (*explanation).to_owned()
            } else {
                format!("{explanation} This tenant's Microsoft Graph does not offer {}.", absent.join(" and "))
            };
            PermissionSet {
                key: (*key).to_owned(),
                title: (*title).to_owned(),
                explanation,
                permissions: values.iter().map(|value| describe(value, Some(graph))).collect(),
                available: absent.is_empty(),
            }
        })
        .collect()
}

/// The permission in the administrator's words; Graph's own title where we have none.
#[must_use]
pub fn describe(value: &str, graph: Option<&GraphResource>) -> PermissionInfo {
    let known = match value {
        UPLOAD => Some(("Upload users", "Sends users to any API-driven provisioning job of this tenant.")),
        UPLOAD_OWNED => Some((
            "Upload users to its own apps",
            "Sends users to API-driven provisioning jobs of apps that the client itself owns.",
        )),
        AUDIT_LOG => {
            Some(("Read provisioning logs", "Shows what became of each upload. Opens audit and sign-in logs besides."))
        }
        PROVISIONING_LOG => Some(("Read provisioning logs", "Shows what became of each upload, and nothing else.")),
        "Application.Read.All" => {
            Some(("Read apps", "Needed to look up the provisioning app by its id. Opens all app registrations."))
        }
        "Synchronization.Read.All" => {
            Some(("Read provisioning jobs", "Needed to look up the provisioning job and its health."))
        }
        "Application.ReadWrite.OwnedBy" => {
            Some(("Make and manage its own apps", "Lets the client make provisioning apps and change those it owns."))
        }
        _ => None,
    };
    if let Some((title, explanation)) = known {
        return PermissionInfo {
            value: value.to_owned(),
            title: title.to_owned(),
            explanation: explanation.to_owned(),
        };
    }
    let title = graph
        .and_then(|graph| graph.application_permission(value))
        .and_then(|role| role.display_name.clone())
        .filter(|title| !title.trim().is_empty())
        .map_or_else(|| value.to_owned(), |title| title.chars().take(120).collect());
    PermissionInfo { value: value.to_owned(), title, explanation: privilege::explain(value) }
}

/// The same as the object of "Let it …": `upload users`.
pub(crate) fn as_act(info: &PermissionInfo) -> String {
    if info.title == info.value {
        return format!("use {}", info.value);
    }
    let mut rest = info.title.chars();
    match rest.next() {
        // An abbreviation at the front keeps its capitals.
        Some(first) if !rest.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(rest).collect()
        }
        _ => info.title.clone(),
    }
}

/// What several permissions let it do, as one list; two that do the same, such as reading the logs, are named once.
pub(crate) fn acts(permissions: impl IntoIterator<Item = PermissionInfo>) -> String {
    let mut acts: Vec<String> = Vec::new();
    for act in permissions.into_iter().map(|info| as_act(&info)) {
        if !acts.contains(&act) {
            acts.push(act);
        }
    }
    words::list(&acts)
}

#[cfg(test)]
mod tests {
    use inbound_entra::ids::{AppRoleId, ObjectId};
    use inbound_entra::model::AppRole;
    use uuid::Uuid;

    use super::*;

    fn graph(roles: &[(&str, bool, &str)]) -> GraphResource {
        GraphResource {
            id: ObjectId(Uuid::from_u128(1)),
            app_roles: roles
                .iter()
                .enumerate()
                .map(|(n, (value, enabled, member))| AppRole {
                    id: AppRoleId(Uuid::from_u128(n as u128 + 10)),
                    value: Some((*value).to_owned()),
                    display_name: Some(format!("Graph's words for {value}")),
                    allowed_member_types: vec![(*member).to_owned()],
                    is_enabled: *enabled,
                })
                .collect(),
        }
    }

    #[test]
    fn sets_are_offered_only_where_every_permission_is_an_enabled_application_permission() {
        let sets = permission_sets(&graph(&[
            (UPLOAD, true, "Application"),
            (AUDIT_LOG, true, "Application"),
            (PROVISIONING_LOG, false, "Application"),
            ("Application.Read.All", true, "User"),
            ("Synchronization.Read.All", true, "Application"),
        ]));
        let offered: Vec<(&str, bool)> = sets.iter().map(|set| (set.key.as_str(), set.available)).collect();
        assert_eq!(offered, [("howTo", true), ("narrower", false), ("csv2scim", false), ("isv", false)]);
        assert!(sets[1].explanation.ends_with("does not offer ProvisioningLog.Read.All."));
        assert!(sets[2].explanation.ends_with("does not offer Application.Read.All."));
    }

    #[test]
    fn how_to_is_upload_and_audit_log_in_the_administrators_words() {
        let sets = permission_sets(&graph(&[]));
        let titles: Vec<(&str, &str)> =
            sets[0].permissions.iter().map(|p| (p.title.as_str(), p.value.as_str())).collect();
        assert_eq!(titles, [("Upload users", UPLOAD), ("Read provisioning logs", AUDIT_LOG)]);
    }

    #[test]
    fn a_permission_we_have_no_words_for_is_told_in_graphs_words() {
        let info = describe("Files.Read.All", Some(&graph(&[("Files.Read.All", true, "Application")])));
        assert_eq!(info.title, "Graph's words for Files.Read.All");
        assert_eq!(describe("Files.Read.All", None).title, "Files.Read.All");
    }

    #[test]
    fn what_two_permissions_do_alike_is_named_once() {
        let all = acts([AUDIT_LOG, UPLOAD, PROVISIONING_LOG].map(|value| describe(value, None)));
        assert_eq!(all, "read provisioning logs and upload users");
    }
}
