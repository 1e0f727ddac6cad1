//! The directory as a whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::provisioning::{Provisioning, ProvisioningJob};
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
    /// Who holds it, unless that is a service principal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Box<Holder>>,
    /// Kept until every replica knows that it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Timestamp>,
}

/// A user or a group that holds an app role, with what it is called: the tenant keeps no more of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Holder {
    /// `User` or `Group`.
    pub kind: String,
    /// Its name, as filters read it.
    pub name: Value,
}

/// The delegated scopes that were consented to: by an administrator for everyone, or by a user for themself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Consent {
    pub client_app_id: Uuid,
    pub resource_app_id: Uuid,
    pub scopes: Vec<String>,
    /// For whom; for everyone when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Uuid>,
}

/// A role that an eligible user has activated for a time (PIM, graph-facts 8).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Activation {
    pub id: Uuid,
    pub principal_id: Uuid,
    /// The role's template id.
    pub role_id: Uuid,
    pub requested: Timestamp,
    /// From when on Graph honours it; PIM shows it at once.
    pub effective: Timestamp,
    pub ends: Timestamp,
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
    /// What came of uploads.
    #[serde(default)]
    pub provisioning: Provisioning,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activations: Vec<Activation>,
    /// Object ids of live service principals by client id.
    #[serde(skip)]
    principals_by_app: HashMap<Uuid, Uuid>,
    /// Ids of grants by who holds them and by the API that they are for.
    #[serde(skip)]
    grants_by_end: HashMap<Uuid, BTreeSet<String>>,
}

impl Directory {
    /// Rebuilds what is derived; to be called after reading the state from a file.
    pub fn index(&mut self) {
        self.index_grants();
        self.principals_by_app =
            self.service_principals.values().filter(|it| it.is_live()).map(|it| (it.app_id, it.id)).collect();
    }

    fn index_grants(&mut self) {
        self.grants_by_end = HashMap::new();
        for it in self.assignments.values() {
            for end in [it.principal_id, it.resource_id] {
                self.grants_by_end.entry(end).or_default().insert(it.id.clone());
            }
        }
    }

    /// The grants of which this is an end, by id, beginning after the one called `after`.
    pub fn grants_of<'a>(&'a self, end: Uuid, after: Option<&'a str>) -> impl Iterator<Item = &'a Assignment> {
        let begin = after.map_or(Bound::Unbounded, Bound::Excluded);
        let ids = self.grants_by_end.get(&end).into_iter();
        ids.flat_map(move |ids| ids.range::<str, _>((begin, Bound::Unbounded)))
            .filter_map(|id| self.assignments.get(id))
    }

    /// How many grants have this end.
    pub fn grants_count(&self, end: Uuid) -> usize {
        self.grants_by_end.get(&end).map_or(0, BTreeSet::len)
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

    /// The application with this client id that the replica shows.
    pub fn application_seen_by_app_id(&self, app_id: Uuid, replica: &Replica) -> Option<&Entity> {
        self.applications.values().find(|it| it.app_id == app_id && it.seen(replica).is_some())
    }

    /// The service principal that the replica shows.
    pub fn principal_seen(&self, id: Uuid, replica: &Replica) -> Option<&Entity> {
        self.service_principals.get(&id).filter(|it| it.seen(replica).is_some())
    }

    /// The service principal with this client id that the replica shows.
    pub fn principal_seen_by_app_id(&self, app_id: Uuid, replica: &Replica) -> Option<&Entity> {
        let is_shown = |it: &&Entity| it.app_id == app_id && it.seen(replica).is_some();
        // The index holds the live ones; one that was just deleted is rare enough to be looked for.
        let live = self.principal_by_app_id(app_id).filter(is_shown);
        live.or_else(|| self.service_principals.values().find(is_shown))
    }

    pub fn user(&self, id: Uuid) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// Template ids of the roles that count for the user now, activated ones included.
    pub fn active_roles(&self, user: &User, now: Timestamp) -> Vec<Uuid> {
        let mut roles = user.roles.clone();
        for it in self.activations.iter().filter(|it| it.principal_id == user.id) {
            if it.effective <= now && now < it.ends && !roles.contains(&it.role_id) {
                roles.push(it.role_id);
            }
        }
        roles
    }

    /// Adds scopes to what a client was consented to, for a user or for everyone.
    pub fn consent(&mut self, client_app_id: Uuid, resource_app_id: Uuid, user: Option<Uuid>, scopes: &[String]) {
        let is_it = |it: &Consent| {
            it.client_app_id == client_app_id && it.resource_app_id == resource_app_id && it.user == user
        };
        if !self.consents.iter().any(is_it) {
            self.consents.push(Consent { client_app_id, resource_app_id, scopes: Vec::new(), user });
        }
        let Some(consent) = self.consents.iter_mut().find(|it| is_it(it)) else { return };
        for scope in scopes {
            if !consent.scopes.contains(scope) {
                consent.scopes.push(scope.clone());
            }
        }
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
        if deleted.is_none() {
            self.principals_by_app.insert(entity.app_id, entity.id);
        } else if self.principals_by_app.get(&entity.app_id) == Some(&id) {
            self.principals_by_app.remove(&entity.app_id);
        }
    }

    /// Removes a service principal and every grant that names it, for good.
    pub fn purge_principal(&mut self, id: Uuid) {
        self.set_principal_deleted(id, Some(Timestamp::UNIX_EPOCH));
        self.service_principals.remove(&id);
        self.assignments.retain(|_, it| it.principal_id != id && it.resource_id != id);
        self.index_grants();
    }

    /// Drops what is gone for good and known to be gone by `slowest`, the replica that learns last.
    pub fn forget(&mut self, slowest: &Replica) {
        let is_known = |gone: Option<Timestamp>| gone.is_some_and(|gone| slowest.knows(gone));
        let is_kept = |entity: &Entity| entity.is_live() || entity.is_restorable(slowest.now);
        let before = self.assignments.len();
        self.assignments.retain(|_, it| !is_known(it.deleted));
        if self.assignments.len() != before {
            self.index_grants();
        }
        self.applications.retain(|_, it| is_kept(it));
        let lost: Vec<Uuid> = self.service_principals.values().filter(|it| !is_kept(it)).map(|it| it.id).collect();
        lost.into_iter().for_each(|id| self.purge_principal(id));
        for entity in self.applications.values_mut().chain(self.service_principals.values_mut()) {
            entity.secrets.retain(|_, it| !is_known(it.removed));
            if entity.before.is_some() && slowest.knows(entity.changed) {
                entity.before = None;
            }
        }
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
        let assignment =
            Assignment { id, app_role_id, principal_id, resource_id, created, holder: None, deleted: None };
        self.insert_grant(assignment.clone());
        assignment
    }

    fn insert_grant(&mut self, assignment: Assignment) {
        for end in [assignment.principal_id, assignment.resource_id] {
            self.grants_by_end.entry(end).or_default().insert(assignment.id.clone());
        }
        self.assignments.insert(assignment.id.clone(), assignment);
    }

    /// Adds a grant to a user or a group.
    pub fn grant_to(&mut self, holder: Holder, principal_id: Uuid, resource_id: Uuid, role: Uuid, created: Timestamp) {
        let mut assignment = self.grant(principal_id, resource_id, role, created);
        assignment.holder = Some(Box::new(holder));
        self.insert_grant(assignment);
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
            .grants_of(principal, None)
            .filter(|it| it.principal_id == principal && it.resource_id == resource.id)
            .filter(|it| replica.shows(it.created, it.deleted))
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
