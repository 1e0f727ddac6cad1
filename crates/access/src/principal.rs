//! Who may get the permissions: app registrations and managed identities, told apart when they share a name.

pub(crate) mod cards;
pub(crate) mod find;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A principal, or an app registration without one, as a row to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrincipalCard {
    /// Display name, exactly as the tenant has it.
    pub name: String,
    /// What it is.
    pub kind: PrincipalKind,
    /// The service principal's object id; none when an app registration has no service principal yet.
    pub object_id: Option<String>,
    /// Client id.
    pub client_id: String,
    /// The app registration's own object id, where it is in this tenant and was read.
    pub application_object_id: Option<String>,
    /// False when sign-in is blocked; none when unknown.
    pub enabled: Option<bool>,
    /// When it was made, RFC 3339, where the tenant tells.
    pub created: Option<String>,
    /// For managed identities: where it runs.
    pub azure: Option<AzureResource>,
    /// Page in the Entra admin center.
    pub portal_url: String,
}

/// What a principal stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PrincipalKind {
    /// An app registration.
    AppRegistration,
    /// A managed identity that belongs to one Azure resource.
    SystemAssigned,
    /// A managed identity that is a resource of its own.
    UserAssigned,
    /// Anything else (legacy, social identity provider).
    Other,
}

/// An Azure resource id, split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AzureResource {
    /// The whole id as the tenant has it.
    pub id: String,
    /// Subscription id.
    pub subscription: Option<String>,
    /// Resource group.
    pub resource_group: Option<String>,
    /// Type in words where known ("Logic App", "Function App or web app", "Virtual machine"), else as written.
    pub type_name: Option<String>,
    /// Name of the resource.
    pub resource_name: Option<String>,
}

/// Rows of a search, never silently cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchResult {
    /// The rows, best match first; namesakes adjacent.
    pub rows: Vec<PrincipalCard>,
    /// True when there are more than are shown.
    pub more: bool,
}

/// What is known of a name while it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NameCheck {
    /// Why the name cannot be used, if so.
    pub problem: Option<String>,
    /// The app registrations that bear it already.
    pub taken_by: Vec<PrincipalCard>,
    /// Client id of the one among them that Inbound Access made under this name: a run continues with it.
    pub ours: Option<String>,
}
