//! What a journal tells: what a run is about to do, what it has learnt, what it made.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a run is about to do or has learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Fact {
    /// A mutating request is about to be sent.
    Intended { request: String },
    /// It was answered, or its outcome was found by looking.
    Settled { outcome: String },
    /// A client secret with this description is about to be asked for.
    SecretIntended { client_id: String, description: String },
    /// It exists, and only this process has its value.
    SecretMade { description: String, key_id: String },
    /// It is in the keychain, or no longer (or never was) in Entra.
    SecretSettled { description: String, outcome: String },
}

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
}
