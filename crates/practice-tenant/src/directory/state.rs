//! The directory as a whole.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::ids::{self, GRAPH_APP_ID};
use crate::seed::permissions;

/// A user of the tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub id: Uuid,
    /// The persona's key.
    pub persona: String,
    pub display_name: String,
    pub given_name: String,
    pub surname: String,
    pub user_principal_name: String,
    pub job_title: String,
    pub account_enabled: bool,
    /// Template ids of the active directory roles.
    pub roles: Vec<Uuid>,
    /// Template ids of the roles that the user may activate.
    pub eligible_roles: Vec<Uuid>,
}

/// An app role that a principal holds on a resource (graph-facts 6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assignment {
    pub id: String,
    pub app_role_id: Uuid,
    pub principal_id: Uuid,
    pub resource_id: Uuid,
    pub created: Timestamp,
}

/// The delegated scopes that an administrator has consented to for everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Consent {
    pub client_app_id: Uuid,
    pub resource_app_id: Uuid,
    pub scopes: Vec<String>,
}

/// A provisioning job, as data only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProvisioningJob {
    pub id: String,
    pub service_principal_id: Uuid,
    pub status: String,
}

/// An app role that a resource offers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OfferedRole {
    pub id: Uuid,
    pub value: String,
    pub for_applications: bool,
}

/// Everything that the tenant holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Directory {
    pub applications: BTreeMap<Uuid, Entity>,
    pub service_principals: BTreeMap<Uuid, Entity>,
    pub assignments: BTreeMap<String, Assignment>,
    pub users: Vec<User>,
    pub consents: Vec<Consent>,
    pub jobs: Vec<ProvisioningJob>,
    /// Object ids of live service principals by client id.
    #[serde(skip)]
    principals_by_app: HashMap<Uuid, Uuid>,
}

impl Directory {
    /// Rebuilds what is derived; to be called after reading the state from a file.
    pub fn index(&mut self) {
        self.principals_by_app =
            self.service_principals.values().filter(|it| it.is_live()).map(|it| (it.app_id, it.id)).collect();
    }

    pub fn application(&self, id: Uuid) -> Option<&Entity> {
        self.applications.get(&id).filter(|it| it.is_live())
    }

    pub fn application_by_app_id(&self, app_id: Uuid) -> Option<&Entity> {
        self.applications.values().find(|it| it.app_id == app_id && it.is_live())
    }

    pub fn application_by_unique_name(&self, name: &str) -> Option<&Entity> {
        self.applications.values().find(|it| it.is_live() && it.text("uniqueName") == Some(name))
    }

    pub fn principal(&self, id: Uuid) -> Option<&Entity> {
        self.service_principals.get(&id).filter(|it| it.is_live())
    }

    pub fn principal_by_app_id(&self, app_id: Uuid) -> Option<&Entity> {
        self.principals_by_app.get(&app_id).and_then(|id| self.principal(*id))
    }

    pub fn user(&self, id: Uuid) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    pub fn add_application(&mut self, entity: Entity) {
        self.applications.insert(entity.id, entity);
    }

    pub fn add_principal(&mut self, entity: Entity) {
        self.principals_by_app.insert(entity.app_id, entity.id);
        self.service_principals.insert(entity.id, entity);
    }

    /// Moves a service principal to the deleted items or back.
    pub fn set_principal_deleted(&mut self, id: Uuid, deleted: Option<Timestamp>) {
        let Some(entity) = self.service_principals.get_mut(&id) else { return };
        entity.deleted = deleted;
        if deleted.is_some() {
            self.principals_by_app.remove(&entity.app_id);
        } else {
            self.principals_by_app.insert(entity.app_id, entity.id);
        }
    }

    /// Removes a service principal and every grant that names it, for good.
    pub fn purge_principal(&mut self, id: Uuid) {
        self.set_principal_deleted(id, Some(Timestamp::UNIX_EPOCH));
        self.service_principals.remove(&id);
        self.assignments.retain(|_, it| it.principal_id != id && it.resource_id != id);
    }

    /// Adds a grant; its id follows from what it grants and when.
    pub fn grant(
        &mut self,
        principal_id: Uuid,
        resource_id: Uuid,
        app_role_id: Uuid,
        created: Timestamp,
    ) -> Assignment {
        let id = ids::opaque(&[
            &principal_id.to_string(),
            &resource_id.to_string(),
            &app_role_id.to_string(),
            &created.to_string(),
        ]);
        let assignment = Assignment { id: id.clone(), app_role_id, principal_id, resource_id, created };
        self.assignments.insert(id, assignment.clone());
        assignment
    }

    /// The app roles that a resource offers, except those in `absent` (only Graph's can be absent).
    pub fn offered_roles(&self, resource: &Entity, absent: &[String]) -> Vec<OfferedRole> {
        if resource.app_id == GRAPH_APP_ID {
            return permissions::graph_roles().filter(|role| !absent.contains(&role.value)).collect();
        }
        resource.list("appRoles").iter().filter_map(offered_role).collect()
    }

    /// Values of the app roles that a principal holds on a resource, as a replica knows them: a token's `roles`.
    pub fn held_roles(&self, principal: Uuid, resource: &Entity, replica: &Replica) -> Vec<String> {
        let offered = self.offered_roles(resource, &[]);
        let mut values: Vec<String> = self
            .assignments
            .values()
            .filter(|it| it.principal_id == principal && it.resource_id == resource.id && replica.knows(it.created))
            .filter_map(|it| offered.iter().find(|role| role.id == it.app_role_id))
            .map(|role| role.value.clone())
            .collect();
        values.sort_unstable();
        values
    }
}

fn offered_role(role: &Value) -> Option<OfferedRole> {
    let is_enabled = role.get("isEnabled").and_then(Value::as_bool).unwrap_or(true);
    let members = role.get("allowedMemberTypes").and_then(Value::as_array)?;
    is_enabled.then_some(())?;
    Some(OfferedRole {
        id: role.get("id").and_then(Value::as_str)?.parse().ok()?,
        value: role.get("value").and_then(Value::as_str)?.to_owned(),
        for_applications: members.iter().any(|kind| kind == "Application"),
    })
}
