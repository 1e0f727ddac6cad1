//! The running tenant without the network: state, clock, dials and sign-ins under way.

use std::sync::Mutex;

use serde_json::Value;
use uuid::Uuid;

use crate::clock::VirtualClock;
use crate::dials::Dials;
use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::directory::store::Store;
use crate::graph;
use crate::login;
use crate::login::sessions::Sessions;
use crate::message::{Answer, Incoming};
use crate::persona::PersonaKey;
use crate::recorder::Recorder;

pub(crate) struct Tenant {
    pub store: Store,
    pub clock: VirtualClock,
    pub dials: Dials,
    pub recorder: Recorder,
    pub sessions: Mutex<Sessions>,
    pub auto_approve: Option<PersonaKey>,
}

impl Tenant {
    /// Answers a request; login and Graph share one host, as they share nothing else.
    pub fn answer(&self, incoming: &Incoming) -> Answer {
        if graph::owns(&incoming.path) { graph::answer(self, incoming) } else { login::answer(self, incoming) }
    }

    /// The application that signs in, once replicas know it (700016 until then, graph-facts 2), unless its service
    /// principal is disabled (7000112).
    pub fn find_client(&self, client_id: &str, replica: &Replica) -> Result<Entity, login::LoginError> {
        let unknown = || login::LoginError::unknown_client(client_id);
        let app_id: Uuid = client_id.parse().map_err(|_| unknown())?;
        self.store.read(|directory| {
            let client = directory.application_seen_by_app_id(app_id, replica).ok_or_else(unknown)?;
            let principal = directory.principal_seen_by_app_id(app_id, replica).and_then(|it| it.seen(replica));
            if principal.is_some_and(|principal| principal.get("accountEnabled") == Some(&Value::Bool(false))) {
                return Err(login::LoginError::disabled_client(client));
            }
            Ok(client.clone())
        })
    }
}
