//! What a call needs of a token, said in the context of `get_token`.

use azure_core::credentials::TokenRequestOptions;
use secrecy::SecretString;

use super::person::PersonTime;

/// Put into the context of `get_token`. Without it, any token that has life left will do.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The delegated scopes that the call needs, by value (graph-facts 8). Apps and tools have what they have.
    pub scopes: Vec<String>,
    /// A token that was refused before its time: another one than that is wanted. Calls that are refused side by side
    /// so lead to one renewal.
    pub refused: Option<SecretString>,
    /// The claims, as JSON, that the service wants a fresh token to meet (a claims challenge, graph-facts 11).
    pub claims: Option<String>,
    /// Whether the operator may be asked.
    pub interaction: Interaction,
    /// Told how long the operator takes.
    pub person: PersonTime,
}

impl Ask {
    /// What the context of `get_token` says.
    pub(super) fn of(options: Option<&TokenRequestOptions<'_>>) -> Self {
        options.and_then(|options| options.method_options.context.value::<Self>()).cloned().unwrap_or_default()
    }
}

/// Whether the operator may be asked to sign in again for a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Interaction {
    /// They are waiting for it and may be asked.
    #[default]
    Allowed,
    /// It happens by itself: it fails with [`AuthError::NeedsInteraction`](super::AuthError::NeedsInteraction).
    Never,
}
