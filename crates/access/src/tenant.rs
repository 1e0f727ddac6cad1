//! Where the job works.

use inbound_entra::ids::TenantId;
use url::Url;

/// The signed-in tenant and its cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantFacts {
    /// Tenant id.
    pub id: TenantId,
    /// The company's name.
    pub name: String,
    /// The cloud's stable key, part of keychain item names.
    pub cloud_key: String,
    /// The cloud's name on screen.
    pub cloud_name: String,
    /// Origin of the sign-in service.
    pub login: Url,
    /// Origin of Microsoft Graph.
    pub graph: Url,
    /// Origin of the Entra admin center.
    pub portal: Url,
}

impl TenantFacts {
    /// Where API clients of this tenant get their tokens.
    #[must_use]
    pub fn token_url(&self) -> String {
        format!("{}/{}/oauth2/v2.0/token", self.login.origin().ascii_serialization(), self.id)
    }

    /// What they ask for.
    #[must_use]
    pub fn scope(&self) -> String {
        format!("{}/.default", self.graph.origin().ascii_serialization())
    }
}
