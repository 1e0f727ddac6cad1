//! A service principal as one of many (graph-facts 3 and 5).

use serde::Deserialize;

use super::{ServicePrincipal, odd_as_default};
use crate::ids::TenantId;

/// A service principal with the tenant of its app.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrincipalInBulk {
    /// What it is.
    #[serde(flatten)]
    pub principal: ServicePrincipal,
    /// Where its app is registered; none for a managed identity, which has no registration.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub app_owner_organization_id: Option<TenantId>,
}
