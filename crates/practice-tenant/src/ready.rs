//! What a started tenant tells those who want to use it (DESIGN section 5).

use secrecy::SecretString;
use serde::Serialize;
use uuid::Uuid;

use crate::persona::Persona;

/// The seeded application that holds `Application.ReadWrite.All` and `AppRoleAssignment.ReadWrite.All`.
#[derive(Debug, Clone)]
pub struct Automation {
    /// Its client id.
    pub client_id: Uuid,
    /// Its secret, the same in every practice tenant.
    pub client_secret: SecretString,
}

/// One line of JSON for whoever starts clients against the tenant.
///
/// It holds the automation's secret, which is no secret: it is the same in every practice tenant.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    /// Given as it is to `--practice-url`; carries the authority's fingerprint.
    pub url: String,
    /// Origin of the login endpoints.
    pub login: String,
    /// Origin of Graph.
    pub graph: String,
    /// The authority's certificate, a PEM file.
    pub ca: String,
    /// The tenant's id.
    pub tenant: Uuid,
    /// Whom one can be.
    pub personas: Vec<Persona>,
    /// A public client with the redirect URI `http://localhost`.
    pub public_client_id: Uuid,
    /// A client with a secret.
    pub automation: ReadyAutomation,
    /// The provisioning jobs.
    pub jobs: Vec<ReadyJob>,
}

/// The automation application, with its secret in the open.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyAutomation {
    /// Its client id.
    pub client_id: Uuid,
    /// Its secret.
    pub client_secret: String,
}

/// A provisioning job of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyJob {
    /// `API2AAD.…`
    pub id: String,
    /// Object id of the provisioning app's service principal.
    pub service_principal_id: Uuid,
    /// The provisioning app's name.
    pub display_name: String,
    /// `Active` or `Quarantine`.
    pub status: String,
}
