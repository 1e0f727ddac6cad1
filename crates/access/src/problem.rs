//! Errors as the operator and the window see them: what happened, what exists now, what to do next.

pub mod trouble;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The closed set of codes that a face may branch on. A variant exists only if a face or a test uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// A field of the request cannot be used as it is; see `fields`.
    InvalidInput,
    /// Nobody is signed in.
    NotSignedIn,
    /// Signing in failed or was refused.
    SignInFailed,
    /// The object asked for is not in the tenant.
    NotFound,
    /// Several objects answer to what was given; one must be chosen by id.
    Ambiguous,
    /// The object exists but is not what this path needs (an app where an identity is asked).
    WrongKind,
    /// The principal's sign-in is blocked.
    Disabled,
    /// Entra refused: role or scope is missing.
    Forbidden,
    /// A tenant policy forbids it.
    PolicyRefused,
    /// Entra refused for another reason.
    Refused,
    /// The object has not reached every replica before the deadline.
    StillReplicating,
    /// Too many requests, past the deadline.
    Throttled,
    /// The tenant's answer could not be read (truncated, not JSON, too large).
    UnreadableAnswer,
    /// It is not known whether the request took effect.
    Unclear,
    /// The tenant could not be reached.
    Unreachable,
    /// No keychain on this computer.
    KeychainAbsent,
    /// The keychain is locked.
    KeychainLocked,
    /// The operator declined the keychain's prompt.
    KeychainDeclined,
    /// No such item in the keychain.
    SecretNotFound,
    /// The keychain failed in another way or did not answer.
    KeychainFailed,
    /// The operator cancelled.
    Cancelled,
    /// The plan or view is older than the tenant's state; look again.
    Stale,
    /// A run for the same principal is going on.
    Busy,
    /// A file of ours cannot be read or written.
    LocalFile,
    /// A fault of our own.
    Internal,
}

/// One unusable field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    /// The field's name in the request, e.g. `name`, `secretExpires`, `permissions`.
    pub field: String,
    /// What is wrong with it and what would be right, in one or two sentences.
    pub message: String,
}

/// What support needs to find a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestTrace {
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Graph's or Entra's error code.
    pub service_code: Option<String>,
    /// Graph's or Entra's own words, as data.
    pub service_message: Option<String>,
    /// The service's `request-id`.
    pub request_id: Option<String>,
    /// The `client-request-id` that we sent.
    pub client_request_id: Option<String>,
    /// The service's time of the answer.
    pub date: Option<String>,
}

/// A failure, told so that a careful administrator can act on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{message}")]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What a face may branch on.
    pub code: Code,
    /// What happened, in one sentence.
    pub message: String,
    /// What exists now because of it, or that nothing was changed.
    pub exists: Option<String>,
    /// What the operator can do.
    pub advice: Option<String>,
    /// Unusable fields, when `code` is `invalidInput`.
    pub fields: Vec<FieldProblem>,
    /// For support.
    pub trace: Option<RequestTrace>,
}

impl Problem {
    /// A problem with a message alone.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), exists: None, advice: None, fields: Vec::new(), trace: None }
    }

    /// Says what exists now.
    #[must_use]
    pub fn exists(mut self, exists: impl Into<String>) -> Self {
        self.exists = Some(exists.into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Adds what support needs.
    #[must_use]
    pub fn trace(mut self, trace: RequestTrace) -> Self {
        self.trace = Some(trace);
        self
    }
}
