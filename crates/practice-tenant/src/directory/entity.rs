//! An application or a service principal: the properties that differ from the default, and their history.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clock::{days, graph_date, later};
use crate::directory::replication::Replica;

/// Properties by name.
pub(crate) type Properties = Map<String, Value>;

/// An application or a service principal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entity {
    pub id: Uuid,
    pub app_id: Uuid,
    pub created: Timestamp,
    pub changed: Timestamp,
    /// As it was before the changes that still replicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Properties>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Uuid>,
    /// Of each client secret by key id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<Uuid, Secret>,
    /// Of an application: whose tokens it may sign in with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub federated: Vec<Federated>,
    /// Without those that have their default.
    pub properties: Properties,
}

/// A federated identity credential (graph-facts 2): a token of this issuer for this subject stands for a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Federated {
    pub id: Uuid,
    pub name: String,
    pub issuer: String,
    pub subject: String,
    pub audience: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub added: Timestamp,
}

/// What is kept of a client secret: enough to recognise it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Secret {
    /// Hex SHA-256 of the value.
    pub sha256: String,
    pub added: Timestamp,
    /// Replicas that do not know of it yet still accept the secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Timestamp>,
}

impl Secret {
    pub const fn new(sha256: String, added: Timestamp) -> Self {
        Self { sha256, added, removed: None }
    }
}

impl Entity {
    /// `id`, `appId` and `createdDateTime` are set as properties too, so that filters find them.
    pub fn new(id: Uuid, app_id: Uuid, created: Timestamp, mut properties: Properties) -> Self {
        properties.insert("id".into(), id.to_string().into());
        properties.insert("appId".into(), app_id.to_string().into());
        properties.insert("createdDateTime".into(), graph_date(created).into());
        Self {
            id,
            app_id,
            created,
            changed: created,
            before: None,
            deleted: None,
            owners: Vec::new(),
            secrets: BTreeMap::new(),
            federated: Vec::new(),
            properties,
        }
    }

    /// Whether the primary has it.
    pub fn is_live(&self) -> bool {
        self.deleted.is_none()
    }

    /// Whether it lies in the deleted items: for 30 days it can be restored and holds its names (graph-facts 7).
    pub fn is_restorable(&self, now: Timestamp) -> bool {
        self.deleted.is_some_and(|deleted| later(deleted, days(30)) > now)
    }

    /// The properties as the replica knows them; `None` while it does not know the object, and once it knows that it
    /// was deleted.
    pub fn seen(&self, replica: &Replica) -> Option<&Properties> {
        if !replica.shows(self.created, self.deleted) {
            return None;
        }
        match &self.before {
            Some(before) if !replica.knows(self.changed) => Some(before),
            _ => Some(&self.properties),
        }
    }

    /// Changes the properties; replicas show the old ones until `delay` has passed.
    pub fn change(&mut self, now: Timestamp, delay: Duration, change: impl FnOnce(&mut Properties)) {
        let settled = later(self.changed, delay) <= now;
        if delay.is_zero() {
            self.before = None;
        } else if settled || self.before.is_none() {
            self.before = Some(self.properties.clone());
        }
        change(&mut self.properties);
        self.changed = now;
    }

    /// What is shown of a client secret, also of one that was removed a moment ago.
    pub fn credential(&self, key_id: Uuid) -> Option<&Value> {
        let key_id = key_id.to_string();
        std::iter::once(&self.properties)
            .chain(&self.before)
            .filter_map(|properties| properties.get("passwordCredentials")?.as_array())
            .flatten()
            .find(|it| it.get("keyId").and_then(Value::as_str) == Some(&key_id))
    }

    /// What an application requests of a resource: ids, and whether each is an app role.
    pub fn requested_access(&self, resource_app_id: Uuid) -> Vec<(Uuid, bool)> {
        let is_it = |text: &str| text.parse() == Ok(resource_app_id);
        let accesses = self
            .list("requiredResourceAccess")
            .iter()
            .filter(|it| it.get("resourceAppId").and_then(Value::as_str).is_some_and(is_it))
            .filter_map(|it| it.get("resourceAccess")?.as_array())
            .flatten();
        accesses
            .filter_map(|access| {
                let id = access.get("id")?.as_str()?.parse().ok()?;
                Some((id, access.get("type")?.as_str()? == "Role"))
            })
            .collect()
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.properties.get(name).and_then(Value::as_str)
    }

    pub fn display_name(&self) -> &str {
        self.text("displayName").unwrap_or_default()
    }

    pub fn list(&self, name: &str) -> &[Value] {
        self.properties.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}
