//! Signing in: as a person, as whoever a tool knows, as an app, or as a persona of the practice tenant.

pub(crate) mod app;
pub(crate) mod client_test;
pub(crate) mod person;
pub(crate) mod persona;

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use inbound_entra::auth::{Account, SessionHandle};
use inbound_entra::cloud::Cloud;
use inbound_entra::ids::{AppId, TenantId};

use crate::view::SignInWay;

/// What signing in needs before anything is done: who that is and which tenant it is (graph-facts 8). Whatever a step
/// needs besides is asked for at that step.
pub(crate) const FIRST_SCOPES: [&str; 2] = ["User.Read", "Application.Read.All"];

/// Somebody has signed in.
pub(crate) struct Entered {
    pub cloud: Cloud,
    pub credential: Arc<dyn TokenCredential>,
    pub who: Who,
    /// What the first token carries, by value; nothing for an app, whose roles are in its token.
    pub scopes: Vec<String>,
    /// The tokens, to look at and to forget; none where another program keeps them.
    pub handle: Option<SessionHandle>,
}

/// Who.
pub(crate) enum Who {
    /// A person.
    Person {
        account: Account,
        /// None for a persona of the practice tenant.
        way: Option<SignInWay>,
        client_id: Option<AppId>,
    },
    /// An app, in automation.
    App { tenant: TenantId, client_id: AppId },
}

impl Who {
    /// The tenant that was signed in to, from a checked token.
    pub(crate) fn tenant(&self) -> TenantId {
        match self {
            Self::Person { account, .. } => account.tenant,
            Self::App { tenant, .. } => *tenant,
        }
    }

    /// How, and with which client.
    pub(crate) fn means(&self) -> (Option<SignInWay>, Option<String>) {
        match self {
            Self::Person { way, client_id, .. } => (*way, client_id.map(|id| id.to_string())),
            Self::App { client_id, .. } => (None, Some(client_id.to_string())),
        }
    }
}
