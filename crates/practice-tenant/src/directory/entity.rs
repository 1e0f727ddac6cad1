//! An application or a service principal: the properties that differ from the default, and their history.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clock::{graph_date, later};
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
    /// Without those that have their default.
    pub properties: Properties,
}

/// What is kept of a client secret: enough to recognise it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Secret {
    /// Hex SHA-256 of the value.
    pub sha256: String,
    pub added: Timestamp,
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
            properties,
        }
    }

    pub fn is_live(&self) -> bool {
        self.deleted.is_none()
    }

    /// The properties as the replica knows them; `None` while it does not know the object.
    pub fn seen(&self, replica: &Replica) -> Option<&Properties> {
        if !replica.knows(self.created) {
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
