//! What a journal tells: what a run is about to do, what it has learnt, what it made.

use inbound_entra::ids::{AppId, AppRoleId, KeyId, ObjectId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::run::MadeObject;

/// What a run is about to do or has learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Fact {
    /// A mutating request is about to be sent.
    Intended {
        /// Method and path.
        request: String,
        /// What it is to bring about, so that it can be found after an answer that was lost.
        #[serde(default)]
        aim: Option<Aim>,
    },
    /// It was answered, or its outcome was found by looking.
    Settled { outcome: String },
    /// This run made it.
    Made {
        /// What.
        object: Made,
        /// Entra said so; otherwise it was found after an answer that was lost.
        certain: bool,
    },
    /// It was taken back again, or is gone; by its id.
    Removed { id: String },
    /// What the run took away, by its key, is there again: under this id, from the undoing or from somebody else.
    GivenBack { taken: String, id: String },
    /// A client secret with this description is about to be asked for.
    SecretIntended { client_id: String, description: String },
    /// It exists, and only this process has its value.
    SecretMade { description: String, key_id: String },
    /// It is in the keychain, or no longer (or never was) in Entra.
    SecretSettled { description: String, outcome: String },
}

/// What [`Fact::SecretSettled`] says of a secret that was shown once to the operator, who said that they have it.
pub(crate) const SHOWN: &str = "shown once";
/// What [`Fact::SecretSettled`] says of a secret that is in the keychain.
pub(crate) const KEPT: &str = "in the keychain";

/// A secret that an earlier run asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretTrace {
    /// As Entra has it.
    pub description: String,
    /// When it was asked for, last.
    pub at: Timestamp,
    /// Once Entra had answered.
    pub key_id: Option<String>,
    /// None as long as it was neither kept nor removed for sure.
    pub outcome: Option<String>,
    /// Client id of its app.
    pub client_id: String,
    /// Its run was not to put it into the keychain, so it cannot be there.
    pub only_shown: bool,
}

impl SecretTrace {
    /// It may exist in Entra although nobody has its value.
    pub(crate) fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// It was put into the keychain.
    pub(crate) fn was_kept(&self) -> bool {
        self.outcome.as_deref() == Some(KEPT)
    }

    /// It was shown once to the operator, who said that they have it.
    pub(crate) fn was_shown(&self) -> bool {
        self.outcome.as_deref() == Some(SHOWN)
    }
}

/// What a mutating request is to bring about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Aim {
    /// A registration with this alternate key.
    Register { unique_name: String },
    /// Permissions of Microsoft Graph added to what the registration requests.
    Request { application: ObjectId, roles: Vec<AppRoleId> },
    /// The service principal of this app.
    ServicePrincipal { client: AppId },
    /// A grant.
    Grant { principal: ObjectId, resource: ObjectId, role: AppRoleId, value: String },
    /// Something to be gone, by its id.
    Remove { id: String },
    /// Something that this run did not make to be gone: as it was, so that it can be given back.
    Take { object: Made },
    /// A service principal that may sign in.
    SignIn { principal: ObjectId },
}

/// Something that a run made, as undoing knows it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Made {
    /// An app registration.
    Application { application: ObjectId, client: AppId, unique_name: String, name: String },
    /// Permissions of Microsoft Graph that it added to what a registration requests.
    Requested { application: ObjectId, roles: Vec<AppRoleId> },
    /// A service principal; `name` is its app's.
    ServicePrincipal { principal: ObjectId, client: AppId, name: String },
    /// A grant; `value` is the permission's.
    Grant { id: String, principal: ObjectId, resource: ObjectId, role: AppRoleId, value: String },
    /// That a service principal may sign in, whose sign-in was blocked; `name` is its own.
    SignIn { principal: ObjectId, client: AppId, name: String },
    /// A client secret; `name` is its app's.
    Secret { application: ObjectId, client: AppId, key: KeyId, description: String, name: String },
}

impl Made {
    /// As a face lists it, each id by itself; nothing for a change to what was there.
    pub(crate) fn objects(&self, step: u32) -> Vec<MadeObject> {
        let one = |what: String, id_name: &str, id: String| MadeObject {
            step,
            what,
            id_name: id_name.to_owned(),
            id,
            removed: None,
            restorable_until: None,
        };
        match self {
            Self::Application { application, client, name, .. } => {
                let what = format!("App registration \"{name}\"");
                vec![
                    one(what.clone(), "object id", application.to_string()),
                    one(what, "client id", client.to_string()),
                ]
            }
            Self::Requested { .. } | Self::SignIn { .. } => Vec::new(),
            Self::ServicePrincipal { principal, name, .. } => {
                vec![one(format!("Service principal of \"{name}\""), "object id", principal.to_string())]
            }
            Self::Grant { id, value, .. } => vec![one(format!("Grant of {value}"), "grant id", id.clone())],
            Self::Secret { key, name, .. } => {
                vec![one(format!("Client secret of \"{name}\""), "key id", key.to_string())]
            }
        }
    }
}
