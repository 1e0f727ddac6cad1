//! What a started tenant tells those who want to use it (DESIGN section 5).

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use crate::clouds::HomeCloud;
use crate::persona::Persona;

/// The seeded application that holds `Application.ReadWrite.All` and `AppRoleAssignment.ReadWrite.All`.
#[derive(Debug, Clone)]
pub struct Automation {
    /// Its client id.
    pub client_id: Uuid,
    /// Its secret, the same in every practice tenant.
    pub client_secret: SecretString,
}

/// A workload that signs in as the automation by federation: with a token of its issuer instead of a secret.
#[derive(Debug, Clone)]
pub struct Workload {
    /// The client that it signs in as.
    pub client_id: Uuid,
    /// The `issuer` of the client's federated credential.
    pub issuer: String,
    /// Its `subject`.
    pub subject: String,
    /// A token that the credential accepts, good for a day.
    pub token: SecretString,
}

impl Workload {
    /// The `audience` of every federated credential.
    pub const AUDIENCE: &str = "api://AzureADTokenExchange";
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
    /// The cloud that the tenant lives in.
    pub home_cloud: HomeCloud,
    /// A public client with the redirect URI `http://localhost` that nobody has consented to yet.
    pub operator_client_id: Uuid,
    /// A token that signs the automation in without its secret.
    pub workload: ReadyWorkload,
}

/// A workload's token in the open: it opens this practice tenant and nothing else.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyWorkload {
    /// The client that it signs in as.
    pub client_id: Uuid,
    /// Who has issued it.
    pub issuer: String,
    /// For whom.
    pub subject: String,
    /// The token, good for a day.
    pub token: String,
}

impl From<&Workload> for ReadyWorkload {
    fn from(workload: &Workload) -> Self {
        Self {
            client_id: workload.client_id,
            issuer: workload.issuer.clone(),
            subject: workload.subject.clone(),
            token: workload.token.expose_secret().to_owned(),
        }
    }
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
