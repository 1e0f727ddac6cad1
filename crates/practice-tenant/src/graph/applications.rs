//! App registrations (graph-facts 2 and 7).

use http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::graph_date;
use crate::directory::entity::{Entity, Properties};
use crate::directory::replication::Replica;
use crate::directory::state::Directory;
use crate::graph::body;
use crate::graph::call::{Call, object_id};
use crate::graph::error::Refusal;
use crate::graph::keys;
use crate::graph::odata::list::{self, Row, Rows};
use crate::graph::odata::schema::{APPLICATION, Kind};
use crate::graph::path::Key;
use crate::graph::router::Route;
use crate::graph::rules::{LIST_APPLICATIONS, READ_APPLICATIONS, WRITE_APPLICATIONS};
use crate::message::Answer;
use crate::persona::DOMAIN;

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/applications", &LIST_APPLICATIONS, list_all),
    Route::new(Method::POST, "/applications", &WRITE_APPLICATIONS, create),
    Route::new(Method::GET, "/applications/$count", &LIST_APPLICATIONS, count),
    Route::new(Method::GET, "/applications/{id}", &READ_APPLICATIONS, get),
    Route::new(Method::PATCH, "/applications/{id}", &WRITE_APPLICATIONS, patch),
    Route::new(Method::DELETE, "/applications/{id}", &WRITE_APPLICATIONS, delete),
];

/// An object as a replica knows it.
pub(crate) struct Seen<'a> {
    pub kind: &'static Kind,
    pub entity: &'a Entity,
    pub properties: &'a Properties,
}

impl Row for Seen<'_> {
    fn properties(&self) -> &Map<String, Value> {
        self.properties
    }

    fn show(&self) -> Map<String, Value> {
        let mut shown = (self.kind.defaults)().clone();
        shown.extend(self.properties.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(credentials) = shown.get_mut("keyCredentials") {
            keys::hide(credentials);
        }
        if let Some(deleted) = self.entity.deleted {
            shown.insert("deletedDateTime".into(), graph_date(deleted).into());
        }
        shown
    }
}

/// An application as a replica knows it.
pub(crate) fn seen<'a>(entity: &'a Entity, replica: &Replica) -> Option<Seen<'a>> {
    Some(Seen { kind: &APPLICATION, entity, properties: entity.seen(replica)? })
}

/// How a path names an application.
enum Address<'a> {
    Id(Uuid),
    AppId(Uuid),
    UniqueName(&'a str),
}

impl<'a> Address<'a> {
    fn of(call: &'a Call<'_>) -> Result<Self, Refusal> {
        match call.keys.first() {
            Some(Key::Plain(text)) => Ok(Self::Id(object_id(text)?)),
            Some(Key::Named(name, value)) if name == "appid" => Ok(Self::AppId(object_id(value)?)),
            Some(Key::Named(name, value)) if name == "uniquename" => Ok(Self::UniqueName(value)),
            _ => Err(Refusal::unreadable("An application is named by its id, appId or uniqueName.")),
        }
    }

    /// The one of this name that `shows`.
    fn find<'d>(&self, directory: &'d Directory, shows: impl Fn(&Entity) -> bool) -> Result<&'d Entity, Refusal> {
        let mut all = directory.applications.values();
        match self {
            Self::Id(id) => directory.applications.get(id).filter(|it| shows(it)).ok_or_else(|| Refusal::not_found(id)),
            Self::AppId(app_id) => {
                all.find(|it| it.app_id == *app_id && shows(it)).ok_or_else(|| Refusal::not_found(app_id))
            }
            Self::UniqueName(name) => {
                all.find(|it| it.text("uniqueName") == Some(*name) && shows(it)).ok_or_else(|| Refusal::not_found(name))
            }
        }
    }
}

/// The application that the first key of the path names, at the primary: whether or not replicas know it.
fn find<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<&'a Entity, Refusal> {
    Address::of(call)?.find(directory, Entity::is_live)
}

/// The application that the path names, as the replica of this call shows it.
pub(crate) fn find_seen<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<Seen<'a>, Refusal> {
    let entity = Address::of(call)?.find(directory, |it| it.seen(&call.replica).is_some())?;
    seen(entity, &call.replica).ok_or_else(|| Refusal::not_found(entity.id))
}

/// The application that the path names, to be changed by the caller: the primary has it, and the replica of this call
/// knows it.
pub(crate) fn find_to_change<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<&'a Entity, Refusal> {
    let entity = Address::of(call)?.find(directory, |it| it.is_live() && it.seen(&call.replica).is_some())?;
    call.check_owner(entity)?;
    call.charge_write(entity.text("signInAudience"))?;
    Ok(entity)
}

fn rows<'a>(call: &Call<'_>, directory: &'a Directory) -> Vec<Seen<'a>> {
    directory.applications.values().filter_map(|entity| seen(entity, &call.replica)).collect()
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        list::list(call, Rows { kind: &APPLICATION, set: "applications", rows: rows(call, directory) })
    })
}

fn count(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| list::count(call, &APPLICATION, rows(call, directory)))
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let seen = find_seen(call, directory)?;
        let mut shown = seen.show();
        // The key itself is shown only to who asks for it by name, of one object (graph-facts 2).
        let is_named = |names: &Vec<String>| names.iter().any(|name| name == "keyCredentials");
        if let (true, Some(credentials)) =
            (call.options.select.as_ref().is_some_and(is_named), seen.properties.get("keyCredentials"))
        {
            shown.insert("keyCredentials".into(), credentials.clone());
        }
        list::single(call, &APPLICATION, "applications", shown)
    })
}

fn create(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let entity = new_application(call, &body, None)?;
    call.tenant.store.write(|directory| {
        let answer = created(call, &entity);
        directory.add_application(entity);
        answer
    })
}

fn created(call: &Call<'_>, entity: &Entity) -> Result<Answer, Refusal> {
    let seen = seen(entity, &Replica::primary(call.now)).ok_or_else(|| Refusal::server("not created"))?;
    let location = format!("{}/v1.0/applications/{}", call.incoming.origin, entity.id);
    Ok(list::entity(call, 201, "applications", seen.show()).with("location", location))
}

/// `unique_name` is that of an upsert's path; only there a body may repeat it.
fn new_application(call: &Call<'_>, body: &Map<String, Value>, unique_name: Option<&str>) -> Result<Entity, Refusal> {
    call.check_may_register()?;
    let ignored: &[&str] = if unique_name.is_some() { &["uniqueName"] } else { &[] };
    body::check(&APPLICATION, body, ignored)?;
    if !body.contains_key("displayName") {
        return Err(body::invalid(&APPLICATION, "displayName"));
    }
    check_audience(call, body)?;
    let mut set = Properties::new();
    body::apply(&APPLICATION, &mut set, &keys::with_known(body, &[])?, ignored);
    let audience = body.get("signInAudience").and_then(Value::as_str).unwrap_or("AzureADMyOrg");
    call.charge_write(Some(audience))?;
    set.insert("signInAudience".into(), audience.into());
    set.insert("publisherDomain".into(), DOMAIN.into());
    if let Some(name) = unique_name {
        set.insert("uniqueName".into(), name.into());
    }
    let mut entity = Entity::new(Uuid::new_v4(), Uuid::new_v4(), call.now, set);
    entity.owners = call.owners_of_new();
    Ok(entity)
}

fn check_audience(call: &Call<'_>, body: &Map<String, Value>) -> Result<(), Refusal> {
    let audience = body.get("signInAudience").and_then(Value::as_str).unwrap_or("AzureADMyOrg");
    if call.tenant.dials.policy().forbidden_audiences.iter().any(|it| it == audience) {
        let message = format!("The sign-in audience '{audience}' is not allowed as per assigned policy.");
        return Err(Refusal::new(400, "SignInAudienceNotAllowedAsPerAppPolicy", message));
    }
    Ok(())
}

fn patch(call: &Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let by_unique_name = match call.keys.first() {
        Some(Key::Named(name, value)) if name == "uniquename" => Some(value.as_str()),
        _ => None,
    };
    if by_unique_name.is_some_and(|name| body.get("uniqueName").is_some_and(|given| given != name)) {
        return Err(Refusal::bad_request("Property 'uniqueName' is immutable and cannot be changed."));
    }
    let creates = call
        .incoming
        .header("prefer")
        .is_some_and(|value| value.split(',').any(|it| it.trim().eq_ignore_ascii_case("create-if-missing")));
    call.tenant.store.write(|directory| {
        let Some(name) = by_unique_name else {
            let id = find_to_change(call, directory)?.id;
            return update(call, directory, id, &body, &[]);
        };
        // The alternate key is checked where writes go, or two upserts would make two applications.
        match find(call, directory) {
            Ok(entity) => {
                call.check_owner(entity)?;
                call.charge_write(entity.text("signInAudience"))?;
                let id = entity.id;
                update(call, directory, id, &body, &["uniqueName"])
            }
            Err(_) if creates && !name.is_empty() => {
                let entity = new_application(call, &body, Some(name))?;
                let answer = created(call, &entity);
                directory.add_application(entity);
                answer
            }
            Err(refusal) => Err(refusal),
        }
    })
}

fn update(
    call: &Call<'_>,
    directory: &mut Directory,
    id: Uuid,
    body: &Map<String, Value>,
    ignored: &[&str],
) -> Result<Answer, Refusal> {
    body::check(&APPLICATION, body, ignored)?;
    if body.contains_key("signInAudience") {
        check_audience(call, body)?;
    }
    let delay = call.tenant.dials.replication();
    let entity = directory.applications.get_mut(&id).ok_or_else(|| Refusal::not_found(id))?;
    let body = keys::with_known(body, entity.list("keyCredentials"))?;
    entity.change(call.now, delay, |properties| body::apply(&APPLICATION, properties, &body, ignored));
    let entity = entity.clone();
    let principal = directory.principal_by_app_id(entity.app_id).map(|it| it.id);
    let principal = principal.and_then(|id| directory.service_principals.get_mut(&id));
    if let Some(principal) = principal {
        principal.change(call.now, delay, |properties| follow(properties, &entity));
    }
    Ok(Answer::empty(204))
}

/// A service principal takes over what changed in its application.
fn follow(properties: &mut Properties, application: &Entity) {
    let name = json!(application.display_name());
    properties.insert("displayName".into(), name.clone());
    properties.insert("appDisplayName".into(), name);
    let scopes = application.properties.get("api").and_then(|api| api.get("oauth2PermissionScopes"));
    for (property, value) in [("appRoles", application.properties.get("appRoles")), ("oauth2PermissionScopes", scopes)]
    {
        match value {
            Some(value) => properties.insert(property.into(), value.clone()),
            None => properties.remove(property),
        };
    }
    let names: Vec<Value> =
        std::iter::once(json!(application.app_id)).chain(application.list("identifierUris").iter().cloned()).collect();
    properties.insert("servicePrincipalNames".into(), names.into());
}

/// Soft: it lies 30 days in the deleted items, and its service principal with it. Replicas show both until they know.
fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        let entity = find_to_change(call, directory)?;
        let (id, app_id) = (entity.id, entity.app_id);
        if let Some(entity) = directory.applications.get_mut(&id) {
            entity.deleted = Some(call.now);
        }
        if let Some(principal) = directory.principal_by_app_id(app_id).map(|it| it.id) {
            directory.set_principal_deleted(principal, Some(call.now));
        }
        Ok(Answer::empty(204))
    })
}
