//! Consent: what is asked, who may give it, and what becomes of it (graph-facts 6 and 8).

use jiff::Timestamp;
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::state::Directory;
use crate::ids::GRAPH_APP_ID;
use crate::login::microsoft_clients;
use crate::login::scopes::{Request, requested};
use crate::persona::{
    APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
};
use crate::seed::permissions;

/// How far a person's consent reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// For everyone in the organisation.
    Organisation,
    /// For themself.
    Own,
    /// Not at all: an administrator has to give it.
    None,
}

/// A permission on a consent page: its name and what it lets the client do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub value: String,
    pub words: String,
    /// The app may do it without anybody signed in.
    pub is_role: bool,
}

/// What a client asks a person for, or an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub resource_app_id: Uuid,
    pub scopes: Vec<String>,
    /// App roles, each with the API that offers it: the administrators' consent endpoint asks for those.
    pub roles: Vec<(Uuid, Uuid)>,
    pub wishes: Vec<Wish>,
}

fn scope_wishes(scopes: &[String]) -> impl Iterator<Item = Wish> {
    scopes.iter().map(|scope| Wish { value: scope.clone(), words: permissions::words_for(scope), is_role: false })
}

/// What is still to be consented to before a client gets the scopes that it asks for; all of them with `again`.
pub(crate) fn of_scopes(
    directory: &Directory,
    client: &Entity,
    resource: &Entity,
    request: &Request,
    user: Uuid,
    again: bool,
) -> Option<Question> {
    let scopes = match again && !request.is_default() {
        true => request.scopes.clone(),
        false => request.missing(directory, client, resource, user),
    };
    let question = Question {
        resource_app_id: resource.app_id,
        wishes: scope_wishes(&scopes).collect(),
        scopes,
        roles: Vec::new(),
    };
    (!question.scopes.is_empty()).then_some(question)
}

/// What the administrators' consent endpoint asks: exactly what the app's registration requests, or the scopes that were
/// named instead.
pub(crate) fn of_registration(directory: &Directory, client: &Entity, scopes: Option<Vec<String>>) -> Option<Question> {
    let graph = directory.principal_by_app_id(GRAPH_APP_ID)?;
    let mut roles = Vec::new();
    let mut wishes = Vec::new();
    if scopes.is_none() {
        for resource in directory.service_principals.values().filter(|it| it.is_live()) {
            let wanted = client.requested_access(resource.app_id);
            if wanted.is_empty() {
                continue;
            }
            let offered = directory.offered_roles(resource, &[]);
            for (id, _) in wanted.iter().filter(|(_, is_role)| *is_role) {
                let Some(role) = offered.iter().find(|role| role.id == *id && role.for_applications) else { continue };
                roles.push((resource.id, role.id));
                let words = permissions::words_for(&role.value);
                wishes.push(Wish { value: role.value.clone(), words, is_role: true });
            }
        }
    }
    let scopes = scopes.unwrap_or_else(|| requested(client, graph));
    wishes.extend(scope_wishes(&scopes));
    Some(Question { resource_app_id: GRAPH_APP_ID, scopes, roles, wishes })
}

/// How far the consent of somebody with these roles reaches. Application administrators may consent to everything but
/// Graph's app roles (graph-facts 8).
pub(crate) fn reach(directory: &Directory, question: &Question, roles: &[Uuid]) -> Reach {
    let holds = |wanted: &[Uuid]| wanted.iter().any(|role| roles.contains(role));
    let graph = directory.principal_by_app_id(GRAPH_APP_ID).map(|it| it.id);
    let asks_graph_roles = question.roles.iter().any(|(resource, _)| Some(*resource) == graph);
    if holds(&[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]) {
        return Reach::Organisation;
    }
    if holds(&[APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR]) && !asks_graph_roles {
        return Reach::Organisation;
    }
    let is_own = question.roles.is_empty() && !question.scopes.iter().any(|scope| permissions::needs_admin(scope));
    if is_own { Reach::Own } else { Reach::None }
}

/// The service principal of the client, made if need be: consent is kept on it.
fn principal(directory: &mut Directory, client: &Entity, now: Timestamp) -> Uuid {
    if let Some(known) = directory.principal_by_app_id(client.app_id) {
        return known.id;
    }
    let made = microsoft_clients::principal(client, now);
    let id = made.id;
    directory.add_principal(made);
    id
}

/// Keeps the consent to scopes.
pub(crate) fn give(
    directory: &mut Directory,
    client: &Entity,
    question: &Question,
    user: Option<Uuid>,
    now: Timestamp,
) {
    principal(directory, client, now);
    directory.consent(client.app_id, question.resource_app_id, user, &question.scopes);
}

/// Keeps an administrator's consent: grants the app roles that are requested and revokes those that no longer are
/// (graph-facts 6).
pub(crate) fn give_for_all(directory: &mut Directory, client: &Entity, question: &Question, now: Timestamp) {
    let principal = principal(directory, client, now);
    if !question.scopes.is_empty() {
        directory.consent(client.app_id, question.resource_app_id, None, &question.scopes);
    }
    let is_listed = |resource: Uuid, role: Uuid| question.roles.contains(&(resource, role));
    let mut held = Vec::new();
    for grant in directory.assignments.values_mut() {
        if grant.principal_id != principal || grant.deleted.is_some() {
            continue;
        }
        if is_listed(grant.resource_id, grant.app_role_id) {
            held.push((grant.resource_id, grant.app_role_id));
        } else {
            grant.deleted = Some(now);
        }
    }
    for (resource, role) in question.roles.iter().filter(|pair| !held.contains(pair)) {
        directory.grant(principal, *resource, *role, now);
    }
}
