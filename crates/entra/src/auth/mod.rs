//! Signing in. Every way ends in an `azure_core::credentials::TokenCredential`; each is a file of its own over the
//! shared parts: `authority` (discovery and keys), `token_endpoint`, `id_token` and `held` (tokens in memory).

mod app_secret;
mod authority;
mod browser;
mod claims;
mod error;
mod held;
mod id_token;
#[cfg(test)]
mod id_token_tests;
mod loopback;
mod loopback_io;
#[cfg(test)]
mod loopback_tests;
mod session;
mod token_endpoint;
mod tries;

use std::fmt;
use std::sync::Arc;

use azure_core::credentials::{TokenCredential, TokenRequestOptions};
use secrecy::SecretString;

use crate::ids::{ObjectId, TenantId};

pub use app_secret::AppSecretCredential;
pub use browser::{Browser, BrowserError, BrowserSignIn, sign_in_with_browser};
pub use claims::token_roles;
pub use error::AuthError;

/// Who signed in, from the checked ID token.
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

/// A finished sign-in.
#[derive(Clone)]
pub struct SignedIn {
    /// Gives access tokens and refreshes them silently. Tokens are in memory only and go with it.
    pub credential: Arc<dyn TokenCredential>,
    /// Who signed in.
    pub account: Account,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Put into the context of `get_token` when a token was refused before its time: asks for another one than that. Calls
/// that are refused side by side so lead to one renewal.
#[derive(Debug, Clone)]
pub struct Renew {
    /// The token that was refused.
    pub refused: SecretString,
}

impl Renew {
    /// The token that the context of `get_token` says was refused.
    fn refused<'a>(options: Option<&'a TokenRequestOptions<'_>>) -> Option<&'a SecretString> {
        options?.method_options.context.value::<Self>().map(|renew| &renew.refused)
    }
}
