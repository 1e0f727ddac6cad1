//! The running tenant without the network: state, clock, dials and sign-ins under way.

use std::sync::Mutex;

use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::clock::VirtualClock;
use crate::clouds::HomeCloud;
use crate::dials::Dials;
use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::directory::store::Store;
use crate::graph;
use crate::login;
use crate::login::sessions::Sessions;
use crate::message::{Answer, Incoming};
use crate::options::FederatedIssuer;
use crate::persona::PersonaKey;
use crate::ready::Workload;
use crate::recorder::Recorder;
use crate::seed::small;

pub(crate) struct Tenant {
    pub store: Store,
    pub clock: VirtualClock,
    pub dials: Dials,
    pub recorder: Recorder,
    pub sessions: Mutex<Sessions>,
    pub auto_approve: Option<PersonaKey>,
    pub home: HomeCloud,
    pub federated_issuer: Option<FederatedIssuer>,
}

impl Tenant {
    /// Answers a request; under `localhost` login and Graph share one host, as they share nothing else.
    pub fn answer(&self, incoming: &Incoming) -> Answer {
        if incoming.is_for_graph() { graph::answer(self, incoming) } else { login::answer(self, incoming) }
    }

    /// A token of the tenant's own workload issuer for the automation's federated credential.
    pub fn workload(&self) -> Workload {
        let now = self.clock.now().as_second();
        let claims = crate::graph::object(json!({
            "iss": small::WORKLOAD_ISSUER,
            "sub": small::WORKLOAD_SUBJECT,
            "aud": Workload::AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + 86_400,
            "jti": Uuid::new_v4(),
        }));
        let token = self.store.signer().sign(&claims).unwrap_or_default();
        Workload {
            client_id: small::automation_id(),
            issuer: small::WORKLOAD_ISSUER.to_owned(),
            subject: small::WORKLOAD_SUBJECT.to_owned(),
            token: SecretString::from(token),
        }
    }

    /// The application that signs in, once replicas know it (700016 until then, graph-facts 2), unless its service
    /// principal is disabled (7000112).
    pub fn find_client(&self, client_id: &str, replica: &Replica) -> Result<Entity, login::LoginError> {
        let unknown = || login::LoginError::unknown_client(client_id);
        let app_id: Uuid = client_id.parse().map_err(|_| unknown())?;
        self.store.read(|directory| {
            let own = directory.application_seen_by_app_id(app_id, replica).cloned();
            let client = own.or_else(|| login::microsoft_client(app_id)).ok_or_else(unknown)?;
            let principal = directory.principal_seen_by_app_id(app_id, replica).and_then(|it| it.seen(replica));
            if principal.is_some_and(|principal| principal.get("accountEnabled") == Some(&Value::Bool(false))) {
                return Err(login::LoginError::disabled_client(&client));
            }
            Ok(client)
        })
    }
}
