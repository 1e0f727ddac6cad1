//! Signing in. Every way ends in an `azure_core::credentials::TokenCredential`; each is a file of its own over the
//! shared parts: `authority` (discovery and keys), `token_endpoint`, `id_token`, `held` (tokens in memory), `step` (the
//! person is asked once) and `session` (and asked again when it needs them).

mod app_certificate;
mod app_secret;
mod app_tokens;
mod ask;
mod asker;
mod authority;
mod browser;
mod claims;
mod device_code;
mod error;
mod explain;
mod held;
mod id_token;
#[cfg(test)]
mod id_token_tests;
mod loopback;
mod loopback_io;
#[cfg(test)]
mod loopback_tests;
mod person;
mod scope;
mod session;
mod sign_in;
#[cfg(test)]
mod sign_in_tests;
mod signing_key;
#[cfg(test)]
mod signing_key_tests;
mod step;
mod token_endpoint;
mod tool;
mod tool_process;
mod tries;
mod turns;
mod whereabouts;
mod workload_identity;

use std::fmt;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;

use crate::ids::{ObjectId, TenantId};

pub use app_certificate::AppCertificateCredential;
pub use app_secret::AppSecretCredential;
pub use ask::{Ask, Interaction};
pub use asker::{Asker, BrowserError, DeviceCode, Reason};
pub use claims::{token_roles, token_scopes};
pub use error::AuthError;
pub use explain::{Explanation, explain};
pub use person::PersonTime;
pub use session::SessionHandle;
pub use sign_in::{SignInRequest, Way, sign_in, try_client};
pub use signing_key::{KeyError, SigningKey};
pub use tool::{Tool, ToolFault, sign_in_with_tool};
pub use whereabouts::{TenantWhereabouts, look_up};
pub use workload_identity::{FederatedToken, FederatedTokenProvider, WorkloadIdentityCredential};

/// Who signed in: from the checked ID token; of a tool, from what its access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The tenant.
    pub tenant: TenantId,
    /// The user's object id, where the token tells.
    pub object_id: Option<ObjectId>,
    /// Sign-in name.
    pub user_name: String,
    /// Full name.
    pub name: Option<String>,
}

impl Account {
    /// Whether both are one person in one tenant: by id, and by name only where an id is missing.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.tenant == other.tenant
            && match (self.object_id, other.object_id) {
                (Some(own), Some(other)) => own == other,
                _ => !self.user_name.is_empty() && self.user_name.eq_ignore_ascii_case(&other.user_name),
            }
    }
}

/// A finished sign-in.
#[derive(Clone)]
pub struct SignedIn {
    /// Gives access tokens and renews them. Tokens are in memory only and go with it.
    pub credential: Arc<dyn TokenCredential>,
    /// Who signed in.
    pub account: Account,
    /// The delegated scopes that the first token carries, by value.
    pub scopes: Vec<String>,
    /// The person's session; a tool keeps its own.
    pub session: Option<SessionHandle>,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("account", &self.account).finish_non_exhaustive()
    }
}
