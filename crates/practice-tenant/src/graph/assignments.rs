//! Grants: app role assignments, from the side of the holder and of the API (graph-facts 6).

use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::graph_date;
use crate::directory::entity::Entity;
use crate::directory::state::{Assignment, Directory};
use crate::graph::authorise::Caller;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::APP_ROLE_ASSIGNMENT;
use crate::graph::router::Route;
use crate::graph::rules::{GRANT, GRAPH_GRANTERS, READ_APPLICATIONS, REVOKE};
use crate::graph::service_principals::{find_for_write, find_seen};
use crate::ids::GRAPH_APP_ID;
use crate::message::Answer;

const HELD: &str = "/servicePrincipals/{id}/appRoleAssignments";
const HELD_ONE: &str = "/servicePrincipals/{id}/appRoleAssignments/{id}";
const GIVEN: &str = "/servicePrincipals/{id}/appRoleAssignedTo";
const GIVEN_ONE: &str = "/servicePrincipals/{id}/appRoleAssignedTo/{id}";

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, HELD, &READ_APPLICATIONS, |call| list_side(call, Side::Holder)),
    Route::new(Method::POST, HELD, &GRANT, |call| grant(call, Side::Holder)),
    Route::new(Method::GET, HELD_ONE, &READ_APPLICATIONS, |call| get(call, Side::Holder)),
    Route::new(Method::DELETE, HELD_ONE, &REVOKE, |call| revoke(call, Side::Holder)),
    Route::new(Method::GET, GIVEN, &READ_APPLICATIONS, |call| list_side(call, Side::Api)),
    Route::new(Method::POST, GIVEN, &GRANT, |call| grant(call, Side::Api)),
    Route::new(Method::GET, GIVEN_ONE, &READ_APPLICATIONS, |call| get(call, Side::Api)),
    Route::new(Method::DELETE, GIVEN_ONE, &REVOKE, |call| revoke(call, Side::Api)),
];

/// With more grants than this an API's pages are uneven, as Graph's are: some short, some empty (graph-facts 4).
const VAST: usize = 5_000;

/// Whose service principal the path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Holder,
    Api,
}

impl Side {
    const fn of(self, assignment: &Assignment) -> Uuid {
        match self {
            Self::Holder => assignment.principal_id,
            Self::Api => assignment.resource_id,
        }
    }

    const fn segment(self) -> &'static str {
        match self {
            Self::Holder => "appRoleAssignments",
            Self::Api => "appRoleAssignedTo",
        }
    }

    fn set(self, id: Uuid) -> String {
        format!("servicePrincipals('{id}')/{}", self.segment())
    }
}

fn show(directory: &Directory, assignment: &Assignment) -> Map<String, Value> {
    // Also of one that was just deleted: replicas may still show what it holds.
    let holder = assignment.holder.as_deref();
    let name = |id: Uuid| directory.service_principals.get(&id).map(Entity::display_name);
    crate::graph::odata::schema::object(json!({
        "id": assignment.id,
        "deletedDateTime": null,
        "appRoleId": assignment.app_role_id,
        "createdDateTime": graph_date(assignment.created),
        "principalDisplayName": holder.and_then(|it| it.name.as_str()).or_else(|| name(assignment.principal_id)),
        "principalId": assignment.principal_id,
        "principalType": holder.map_or("ServicePrincipal", |it| &it.kind),
        "resourceDisplayName": name(assignment.resource_id),
        "resourceId": assignment.resource_id,
    }))
}

/// What filters ask about, without showing the whole.
fn look<'a>(directory: &'a Directory, it: &'a Assignment, name: &str) -> Option<&'a Value> {
    let principal = |id: Uuid, name: &str| directory.service_principals.get(&id)?.properties.get(name);
    match (name, it.holder.as_deref()) {
        ("principalDisplayName", Some(holder)) => Some(&holder.name),
        ("principalDisplayName", None) => principal(it.principal_id, "displayName"),
        ("resourceId", _) => principal(it.resource_id, "id"),
        _ => None,
    }
}

/// Whether the replica of this call shows it and both of its ends.
fn is_seen(call: &Call<'_>, directory: &Directory, assignment: &Assignment) -> bool {
    let replica = &call.replica;
    replica.shows(assignment.created, assignment.deleted)
        && (assignment.holder.is_some() || directory.principal_seen(assignment.principal_id, replica).is_some())
        && directory.principal_seen(assignment.resource_id, replica).is_some()
}

fn list_side(call: &Call<'_>, side: Side) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let owner = find_seen(call, directory)?.id;
        let set = side.set(owner);
        let of_side = |it: &&Assignment| side.of(it) == owner && is_seen(call, directory, it);
        if !list::is_plain(&call.options) {
            let rows = directory.grants_of(owner, None).filter(of_side).map(|it| show(directory, it)).collect();
            return list::list(call, Rows { kind: &APP_ROLE_ASSIGNMENT, set: &set, rows });
        }
        // An API's grants can be many: they are looked at where they lie, and only those of the page are shown.
        let begin = list::begin(call, &APP_ROLE_ASSIGNMENT)?;
        let rows = directory.grants_of(owner, begin.after()).filter(of_side).filter(|it| {
            call.options.filter.as_ref().is_none_or(|filter| filter.holds(&|name| look(directory, it, name)))
        });
        let vast = directory.grants_count(owner) > VAST;
        list::page(call, &set, &begin, vast, rows, |it| it.id.clone(), |it| show(directory, it))
    })
}

fn find<'a>(call: &Call<'_>, directory: &'a Directory, side: Side) -> Result<&'a Assignment, Refusal> {
    let owner = find_seen(call, directory)?.id;
    let id = call.plain_key(1)?;
    directory
        .assignments
        .get(id)
        .filter(|it| side.of(it) == owner && is_seen(call, directory, it))
        .ok_or_else(|| Refusal::not_found(id))
}

fn get(call: &Call<'_>, side: Side) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let assignment = find(call, directory, side)?;
        list::single(call, &APP_ROLE_ASSIGNMENT, &side.set(side.of(assignment)), show(directory, assignment))
    })
}

/// The three ids that a grant is made of.
struct Wanted {
    principal: Uuid,
    resource: Uuid,
    role: Uuid,
}

fn wanted(call: &Call<'_>) -> Result<Wanted, Refusal> {
    let body = call.body()?;
    let id = |name: &str| {
        let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
        let parsed = (text.len() == 36).then(|| text.parse().ok()).flatten();
        parsed.ok_or_else(|| {
            Refusal::bad_request(format!(
                "Invalid value specified for property '{name}' of resource 'AppRoleAssignment'."
            ))
        })
    };
    Ok(Wanted { principal: id("principalId")?, resource: id("resourceId")?, role: id("appRoleId")? })
}

fn grant(call: &Call<'_>, side: Side) -> Result<Answer, Refusal> {
    let wanted = wanted(call)?;
    let absent = call.tenant.dials.absent_permissions();
    call.tenant.store.write(|directory| {
        let owner = match side {
            Side::Api => find_for_write(call, directory)?.id,
            // The holder may be new: the body's principal is checked below with the errors of its own.
            Side::Holder => crate::graph::service_principals::find(call, directory)?.id,
        };
        let named = if side == Side::Holder { wanted.principal } else { wanted.resource };
        if named != owner {
            let message = "The principal or resource of the path and of the body must be the same.";
            return Err(Refusal::bad_request(message));
        }
        let principal = find_end(call, directory, wanted.principal)?;
        let resource = find_end(call, directory, wanted.resource)?;
        check_right(call.caller, resource)?;
        let offered = directory.offered_roles(resource, &absent);
        // The nil role means "may use the API at all" where the API defines no roles.
        let is_default = wanted.role.is_nil() && offered.is_empty();
        if !is_default && !offered.iter().any(|role| role.id == wanted.role && role.for_applications) {
            return Err(Refusal::bad_request("Permission being assigned was not found on application."));
        }
        let (principal, resource) = (principal.id, resource.id);
        // The primary is asked: what replicas still show or do not show yet makes no difference.
        let is_it = |it: &Assignment| {
            it.principal_id == principal && it.resource_id == resource && it.app_role_id == wanted.role
        };
        if directory.grants_of(principal, None).any(|it| is_it(it) && it.deleted.is_none()) {
            return Err(Refusal::bad_request("Permission being assigned already exists on the object")
                .with_detail("InvalidUpdate", None));
        }
        let assignment = directory.grant(principal, resource, wanted.role, call.now);
        let location = format!("{}/v1.0/{}/{}", call.incoming.origin, side.set(owner), assignment.id);
        Ok(list::entity(call, 201, &side.set(owner), show(directory, &assignment)).with("location", location))
    })
}

/// An end of the grant. One that was just created is refused in two ways (graph-facts 6).
fn find_end<'a>(call: &Call<'_>, directory: &'a Directory, id: Uuid) -> Result<&'a Entity, Refusal> {
    let entity = directory.principal(id).ok_or_else(|| Refusal::not_found(id))?;
    if call.replica.knows(entity.created) {
        Ok(entity)
    } else if call.replica.is_early(entity.created) {
        Err(Refusal::not_found(id))
    } else {
        Err(Refusal::bad_request("Not a valid reference update."))
    }
}

/// Application administrators may grant any app role except Microsoft Graph's (graph-facts 8).
fn check_right(caller: &Caller, resource: &Entity) -> Result<(), Refusal> {
    match caller {
        Caller::User { roles, .. }
            if resource.app_id == GRAPH_APP_ID && !roles.iter().any(|role| GRAPH_GRANTERS.contains(role)) =>
        {
            Err(Refusal::denied())
        }
        _ => Ok(()),
    }
}

/// Replicas show the grant until they know, and tokens hold its role as long.
fn revoke(call: &Call<'_>, side: Side) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        find_for_write(call, directory)?;
        let (id, resource) = {
            let assignment = find(call, directory, side)?;
            (assignment.id.clone(), assignment.resource_id)
        };
        if let Some(resource) = directory.principal(resource) {
            check_right(call.caller, resource)?;
        }
        let held = directory.assignments.get_mut(&id).filter(|it| it.deleted.is_none());
        held.ok_or_else(|| Refusal::not_found(&id))?.deleted = Some(call.now);
        directory.forget(&call.tenant.dials.slowest(call.now));
        Ok(Answer::empty(204))
    })
}
