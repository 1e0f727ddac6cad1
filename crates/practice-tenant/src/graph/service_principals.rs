//! Service principals, managed identities among them (graph-facts 3 and 5).

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::directory::state::Directory;
use crate::graph::applications::Seen;
use crate::graph::authorise::Caller;
use crate::graph::body;
use crate::graph::call::{Call, object_id};
use crate::graph::error::Refusal;
use crate::graph::odata::filter::{Expr, Literal};
use crate::graph::odata::list::{self, Row, Rows};
use crate::graph::odata::schema::SERVICE_PRINCIPAL;
use crate::graph::path::Key;
use crate::graph::router::Route;
use crate::graph::rules::{LIST_APPLICATIONS, READ_APPLICATIONS, WRITE_PRINCIPALS};
use crate::ids::GRAPH_APP_ID;
use crate::message::Answer;
use crate::seed::permissions;
use crate::seed::principal_of;

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/servicePrincipals", &LIST_APPLICATIONS, list_all),
    Route::new(Method::POST, "/servicePrincipals", &WRITE_PRINCIPALS, create),
    Route::new(Method::GET, "/servicePrincipals/$count", &LIST_APPLICATIONS, count),
    Route::new(Method::GET, "/servicePrincipals/{id}", &READ_APPLICATIONS, get),
    Route::new(Method::PATCH, "/servicePrincipals/{id}", &WRITE_PRINCIPALS, patch),
    Route::new(Method::DELETE, "/servicePrincipals/{id}", &WRITE_PRINCIPALS, delete),
];

/// A service principal as a replica knows it; Graph's own shows the roles that this tenant offers.
struct SeenPrincipal<'a> {
    seen: Seen<'a>,
    absent: &'a [String],
}

impl Row for SeenPrincipal<'_> {
    fn properties(&self) -> &Map<String, Value> {
        self.seen.properties
    }

    fn show(&self) -> Map<String, Value> {
        let mut shown = self.seen.show();
        if self.seen.entity.app_id == GRAPH_APP_ID {
            shown.insert("appRoles".into(), permissions::graph_roles_json(self.absent));
            shown.insert("oauth2PermissionScopes".into(), permissions::graph_scopes_json(self.absent));
        }
        shown
    }
}

fn seen<'a>(entity: &'a Entity, replica: &Replica, absent: &'a [String]) -> Option<SeenPrincipal<'a>> {
    let properties = entity.seen(replica)?;
    Some(SeenPrincipal { seen: Seen { kind: &SERVICE_PRINCIPAL, entity, properties }, absent })
}

/// How a path names a service principal.
enum Address {
    Id(Uuid),
    AppId(Uuid),
}

impl Address {
    fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        match call.keys.first() {
            Some(Key::Plain(text)) => Ok(Self::Id(object_id(text)?)),
            Some(Key::Named(name, value)) if name == "appid" => Ok(Self::AppId(object_id(value)?)),
            _ => Err(Refusal::unreadable("A service principal is named by its id or appId.")),
        }
    }
}

/// The service principal that the first key of the path names, at the primary: whether or not replicas know it.
pub(crate) fn find<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<&'a Entity, Refusal> {
    match Address::of(call)? {
        Address::Id(id) => directory.principal(id).ok_or_else(|| Refusal::not_found(id)),
        Address::AppId(app_id) => directory.principal_by_app_id(app_id).ok_or_else(|| Refusal::not_found(app_id)),
    }
}

/// The service principal that the path names, as the replica of this call shows it.
pub(crate) fn find_seen<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<&'a Entity, Refusal> {
    let replica = &call.replica;
    match Address::of(call)? {
        Address::Id(id) => directory.principal_seen(id, replica).ok_or_else(|| Refusal::not_found(id)),
        Address::AppId(app_id) => {
            directory.principal_seen_by_app_id(app_id, replica).ok_or_else(|| Refusal::not_found(app_id))
        }
    }
}

/// The service principal that the path names, for a write: the primary has it, and the replica of this call knows it.
pub(crate) fn find_for_write<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<&'a Entity, Refusal> {
    let entity = find(call, directory)?;
    if call.replica.knows(entity.created) { Ok(entity) } else { Err(Refusal::not_found(entity.id)) }
}

fn rows<'a>(call: &Call<'_>, directory: &'a Directory, absent: &'a [String]) -> Vec<SeenPrincipal<'a>> {
    let is_seen = |entity| seen(entity, &call.replica, absent);
    match &call.options.filter {
        // Named by their ids they need not be looked for.
        Some(Expr::In(name, literals)) if name == "id" => {
            let ids: BTreeSet<Uuid> = literals.iter().filter_map(Literal::guid).collect();
            ids.iter().filter_map(|id| directory.service_principals.get(id)).filter_map(is_seen).collect()
        }
        _ => directory.service_principals.values().filter_map(is_seen).collect(),
    }
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    let absent = call.tenant.dials.absent_permissions();
    call.tenant.store.read(|directory| {
        let rows = rows(call, directory, &absent);
        list::list(call, Rows { kind: &SERVICE_PRINCIPAL, set: "servicePrincipals", rows })
    })
}

fn count(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| list::count(call, &SERVICE_PRINCIPAL, rows(call, directory, &[])))
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let absent = call.tenant.dials.absent_permissions();
    call.tenant.store.read(|directory| {
        let entity = find_seen(call, directory)?;
        let seen = seen(entity, &call.replica, &absent).ok_or_else(|| Refusal::not_found(entity.id))?;
        list::single(call, &SERVICE_PRINCIPAL, "servicePrincipals", seen.show())
    })
}

fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let app_id = body.get("appId").and_then(Value::as_str);
    let app_id = app_id.ok_or_else(|| body::invalid(&SERVICE_PRINCIPAL, "appId"))?;
    let app_id: Uuid = app_id.parse().map_err(|_| body::invalid(&SERVICE_PRINCIPAL, "appId"))?;
    call.tenant.store.write(|directory| create_for(call, directory, app_id, &body))
}

fn create_for(
    call: &Call<'_>,
    directory: &mut Directory,
    app_id: Uuid,
    body: &Map<String, Value>,
) -> Result<Answer, Refusal> {
    body::check(&SERVICE_PRINCIPAL, body, &["appId"])?;
    let application = directory.application_by_app_id(app_id);
    let application = application.filter(|it| call.replica.knows(it.created));
    let Some(application) = application else { return Err(no_backing_application(call, app_id)) };
    call.check_owner(application)?;
    // One that lies in the deleted items holds the name too, as long as it lies there.
    let holds_name = |it: &Entity| it.app_id == app_id && (it.is_live() || it.is_restorable(call.now));
    if directory.service_principals.values().any(holds_name) {
        let message = format!(
            "The service principal cannot be created, updated, or restored because the service principal name \
             {app_id} is already in use."
        );
        return Err(Refusal::new(409, "Request_MultipleObjectsWithSameKeyValue", message)
            .with_detail("ConflictingObjects", Some("servicePrincipalNames")));
    }
    let mut set = principal_of(application);
    body::apply(&SERVICE_PRINCIPAL, &mut set, body, &["appId"]);
    let mut entity = Entity::new(Uuid::new_v4(), app_id, call.now, set);
    entity.owners = call.owners_of_new();
    let shown = seen(&entity, &Replica::primary(call.now), &[]).map(|it| it.show());
    let location = format!("{}/v1.0/servicePrincipals/{}", call.incoming.origin, entity.id);
    let answer = list::entity(call, 201, "servicePrincipals", shown.unwrap_or_default());
    directory.add_principal(entity);
    Ok(answer.with("location", location))
}

/// The telling code is in the details (graph-facts 3).
fn no_backing_application(call: &Call<'_>, app_id: Uuid) -> Refusal {
    if call.permit.owned_only && matches!(call.caller, Caller::Application { .. }) {
        let message = "When using this permission, the backing application of the service principal being created \
                       must in the local tenant";
        return Refusal::new(403, "Authorization_RequestDenied", message);
    }
    let message =
        format!("The appId '{app_id}' of the service principal does not reference a valid application object.");
    Refusal::bad_request(message).with_detail("NoBackingApplicationObject", Some("appId"))
}

fn patch(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let by_app_id = match call.keys.first() {
        Some(Key::Named(name, value)) if name == "appid" => Some(object_id(value)?),
        _ => None,
    };
    let creates = call
        .incoming
        .header("prefer")
        .is_some_and(|value| value.split(',').any(|it| it.trim().eq_ignore_ascii_case("create-if-missing")));
    let delay = call.tenant.dials.replication();
    call.tenant.store.write(|directory| {
        if let Some(app_id) = by_app_id.filter(|app_id| creates && directory.principal_by_app_id(*app_id).is_none()) {
            return create_for(call, directory, app_id, &body);
        }
        body::check(&SERVICE_PRINCIPAL, &body, &["appId"])?;
        let id = modifiable(call, directory, by_app_id.is_some())?;
        let entity = directory.service_principals.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?;
        entity.change(call.now, delay, |properties| body::apply(&SERVICE_PRINCIPAL, properties, &body, &["appId"]));
        Ok(Answer::empty(204))
    })
}

/// Managed identities "can't be updated or modified directly" (graph-facts 5).
fn modifiable(call: &Call<'_>, directory: &Directory, at_primary: bool) -> Result<Uuid, Refusal> {
    let entity = if at_primary { find(call, directory)? } else { find_for_write(call, directory)? };
    call.check_owner(entity)?;
    if entity.text("servicePrincipalType") == Some("ManagedIdentity") {
        return Err(Refusal::new(
            403,
            "Authorization_RequestDenied",
            "Managed identities are changed through their Azure resource, not here.",
        ));
    }
    Ok(entity.id)
}

/// Soft: it lies 30 days in the deleted items. Replicas show it until they know.
fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        let id = modifiable(call, directory, false)?;
        directory.set_principal_deleted(id, Some(call.now));
        Ok(Answer::empty(204))
    })
}
