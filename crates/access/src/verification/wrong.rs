//! What looks like a required permission and is another one: the delegated permission of the same name, or a role of the
//! same name on an API that only looks like Microsoft Graph.

use futures::future::join_all;
use inbound_entra::graph::Call;
use inbound_entra::ids::{AppId, MICROSOFT_GRAPH, ObjectId};
use inbound_entra::model::{Api, AppRoleAssignment, Application, DelegatedPermission, GraphResource};

use crate::job::JobParts;
use crate::verification::beside;
use crate::verification::{PermissionRow, PermissionState};

/// How many other APIs are looked at, those first that are called something with Graph.
const MOST_APIS: usize = 4;

/// What was read to tell.
#[derive(Debug, Default)]
pub(crate) struct Lookalikes {
    /// Delegated permissions of Microsoft Graph.
    scopes: Vec<DelegatedPermission>,
    /// Other APIs on which it holds something.
    apis: Vec<Api>,
    /// What could not be read, each in a sentence.
    pub unreadable: Vec<String>,
}

/// Reads side by side, and only where a permission is missing that something else may stand for.
pub(crate) async fn look(
    parts: &JobParts,
    application: Option<&Application>,
    graph: &GraphResource,
    elsewhere: &[AppRoleAssignment],
    rows: &[PermissionRow],
) -> Lookalikes {
    let mut wanted: Vec<ObjectId> = Vec::new();
    if rows.iter().any(|row| row.state == PermissionState::Missing) && scopes_requested(application).next().is_some() {
        wanted.push(graph.id);
    }
    if rows.iter().any(is_lacking) {
        wanted.extend(suspects(elsewhere));
    }
    let call = Call::default();
    let read = join_all(wanted.iter().map(|id| parts.directory.api(&call, *id))).await;
    let mut found = Lookalikes::default();
    for answer in read {
        let act = "look for permissions of the same name on another API or for signed-in people";
        match beside::told(answer, act, &mut found.unreadable) {
            Some(api) if api.id == graph.id => found.scopes = api.oauth2_permission_scopes,
            Some(api) => found.apis.push(api),
            None => {}
        }
    }
    found.unreadable.dedup();
    found
}

/// Marks the rows that something else stands for.
pub(crate) fn mark(
    rows: &mut [PermissionRow],
    application: Option<&Application>,
    elsewhere: &[AppRoleAssignment],
    lookalikes: &Lookalikes,
) {
    for row in rows.iter_mut().filter(|row| is_lacking(row)) {
        let note = namesake(&row.value, elsewhere, &lookalikes.apis).map(|(name, client)| {
            format!(
                "It holds {} of \"{name}\" (client id {client}), which is not Microsoft Graph and opens nothing there. \
                 Grant Microsoft Graph's own, and find out who granted the other one.",
                row.value
            )
        });
        let note = note.or_else(|| {
            (row.state == PermissionState::Missing && is_delegated(&row.value, application, &lookalikes.scopes))
                .then(|| {
                    format!(
                        "Only the delegated {} is requested. That one works for a signed-in person, never for an app on \
                         its own. Grant the application permission of the same name.",
                        row.value
                    )
                })
        });
        if let Some(note) = note {
            row.state = PermissionState::Wrong;
            row.note = Some(note);
        }
    }
}

fn is_lacking(row: &PermissionRow) -> bool {
    matches!(row.state, PermissionState::Missing | PermissionState::RequestedNotGranted)
}

/// APIs on which something is held, the most suspicious names first.
fn suspects(elsewhere: &[AppRoleAssignment]) -> Vec<ObjectId> {
    let named = |grant: &AppRoleAssignment| {
        grant.resource_display_name.as_deref().is_some_and(|name| name.to_lowercase().contains("graph"))
    };
    let (graphs, others): (Vec<_>, Vec<_>) = elsewhere.iter().partition(|grant| named(grant));
    let mut suspects: Vec<ObjectId> = Vec::new();
    for grant in graphs.into_iter().chain(others) {
        if !suspects.contains(&grant.resource_id) {
            suspects.push(grant.resource_id);
        }
    }
    suspects.truncate(MOST_APIS);
    suspects
}

/// The API on which a role called `value` is held, by name and client id.
fn namesake<'a>(value: &str, elsewhere: &[AppRoleAssignment], apis: &'a [Api]) -> Option<(&'a str, AppId)> {
    let holds = |api: &&Api| {
        let roles = api.app_roles.iter().filter(|role| role.value.as_deref() == Some(value));
        roles
            .into_iter()
            .any(|role| elsewhere.iter().any(|grant| grant.resource_id == api.id && grant.app_role_id == role.id))
    };
    apis.iter().find(holds).map(|api| (api.display_name.as_str(), api.app_id))
}

fn scopes_requested(application: Option<&Application>) -> impl Iterator<Item = inbound_entra::ids::AppRoleId> {
    application
        .into_iter()
        .flat_map(|application| &application.required_resource_access)
        .filter(|api| api.resource_app_id == MICROSOFT_GRAPH)
        .flat_map(|api| &api.resource_access)
        .filter(|access| access.kind.eq_ignore_ascii_case("Scope"))
        .map(|access| access.id)
}

fn is_delegated(value: &str, application: Option<&Application>, scopes: &[DelegatedPermission]) -> bool {
    scopes_requested(application)
        .any(|id| scopes.iter().any(|scope| scope.id == id && scope.value.as_deref() == Some(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(resource: u128, name: &str) -> AppRoleAssignment {
        let id = |number: u128| uuid::Uuid::from_u128(number).to_string();
        serde_json::from_value(serde_json::json!({
            "id": "g", "appRoleId": id(9), "principalId": id(8), "resourceId": id(resource),
            "resourceDisplayName": name,
        }))
        .unwrap()
    }

    #[test]
    fn few_apis_are_looked_at_and_those_called_graph_first() {
        let mut held: Vec<AppRoleAssignment> = (1..=6).map(|number| grant(number, "HR API")).collect();
        held.push(grant(7, "Micros0ft GRAPH"));
        held.push(grant(1, "HR API"));
        let seen: Vec<u128> = suspects(&held).into_iter().map(|id| id.0.as_u128()).collect();
        assert_eq!(seen, [7, 1, 2, 3]);
    }
}
