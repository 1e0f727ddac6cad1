//! Deleted applications and service principals: list, restore, delete for good (graph-facts 7).

use http::Method;
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::state::Directory;
use crate::graph::applications::Seen;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Row, Rows, typed};
use crate::graph::odata::schema::{APPLICATION, Kind, SERVICE_PRINCIPAL};
use crate::graph::router::Route;
use crate::graph::rules::DELETED_ITEMS;
use crate::message::Answer;

const ITEM: &str = "/directory/deletedItems/{id}";

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/directory/deletedItems/microsoft.graph.application", &DELETED_ITEMS, applications),
    Route::new(Method::GET, "/directory/deletedItems/microsoft.graph.servicePrincipal", &DELETED_ITEMS, principals),
    Route::new(Method::GET, ITEM, &DELETED_ITEMS, get),
    Route::new(Method::DELETE, ITEM, &DELETED_ITEMS, delete),
    Route::new(Method::POST, "/directory/deletedItems/{id}/restore", &DELETED_ITEMS, restore),
];

/// Deleted less than 30 days ago, later it is gone, and known to the replica of this call to be deleted.
fn is_kept(call: &Call<'_>, entity: &Entity) -> bool {
    entity.is_restorable(call.now) && entity.deleted.is_some_and(|deleted| call.replica.knows(deleted))
}

fn rows<'a>(call: &Call<'_>, kind: &'static Kind, from: impl Iterator<Item = &'a Entity>) -> Vec<Seen<'a>> {
    from.filter(|entity| is_kept(call, entity))
        .map(|entity| Seen { kind, entity, properties: &entity.properties })
        .collect()
}

fn applications(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let rows = rows(call, &APPLICATION, directory.applications.values());
        list::list(call, Rows { kind: &APPLICATION, set: "applications", rows })
    })
}

fn principals(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let rows = rows(call, &SERVICE_PRINCIPAL, directory.service_principals.values());
        list::list(call, Rows { kind: &SERVICE_PRINCIPAL, set: "servicePrincipals", rows })
    })
}

fn find<'a>(call: &Call<'_>, directory: &'a Directory) -> Result<(&'static Kind, &'a Entity), Refusal> {
    let id = call.id(0)?;
    let found =
        [(&APPLICATION, directory.applications.get(&id)), (&SERVICE_PRINCIPAL, directory.service_principals.get(&id))];
    found
        .into_iter()
        .find_map(|(kind, entity)| entity.filter(|it| is_kept(call, it)).map(|it| (kind, it)))
        .ok_or_else(|| Refusal::not_found(id))
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.read(|directory| {
        let (kind, entity) = find(call, directory)?;
        let seen = Seen { kind, entity, properties: &entity.properties };
        Ok(list::entity(call, 200, "directoryObjects", typed(kind, seen.show())))
    })
}

fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        let (kind, id) = {
            let (kind, entity) = find(call, directory)?;
            (kind.name, entity.id)
        };
        if kind == APPLICATION.name {
            directory.applications.remove(&id);
        } else {
            directory.purge_principal(id);
        }
        Ok(Answer::empty(204))
    })
}

/// Restoring an application does not restore its service principal (graph-facts 7).
fn restore(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.tenant.store.write(|directory| {
        let (kind, id) = {
            let (kind, entity) = find(call, directory)?;
            check_names(directory, kind, entity)?;
            (kind, entity.id)
        };
        if kind.name == APPLICATION.name {
            if let Some(entity) = directory.applications.get_mut(&id) {
                entity.deleted = None;
            }
            shown(call, kind, directory.applications.get(&id), id)
        } else {
            directory.set_principal_deleted(id, None);
            shown(call, kind, directory.service_principals.get(&id), id)
        }
    })
}

fn shown(call: &Call<'_>, kind: &'static Kind, entity: Option<&Entity>, id: Uuid) -> Result<Answer, Refusal> {
    let entity = entity.ok_or_else(|| Refusal::not_found(id))?;
    let seen = Seen { kind, entity, properties: &entity.properties };
    Ok(list::entity(call, 200, "directoryObjects", typed(kind, seen.show())))
}

/// What has taken the name in the meantime keeps it.
fn check_names(directory: &Directory, kind: &Kind, entity: &Entity) -> Result<(), Refusal> {
    let is_taken = if kind.name == APPLICATION.name {
        entity.text("uniqueName").is_some_and(|name| directory.application_by_unique_name(name).is_some())
    } else {
        directory.principal_by_app_id(entity.app_id).is_some()
    };
    if is_taken {
        let message = "Another object with the same value for property already exists.";
        return Err(Refusal::new(409, "Request_MultipleObjectsWithSameKeyValue", message));
    }
    Ok(())
}
