//! Signs in as an app: for automation, from the terminal.

use std::path::PathBuf;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use inbound_access_job::problem::Problem;
use inbound_access_job::trouble;
use inbound_entra::auth::{self, AppCertificateCredential, AppSecretCredential, WorkloadIdentityCredential};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use inbound_entra::ids::{AppId, TenantId};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{Entered, Who};
use crate::settings;

/// An app that signs in.
#[derive(Debug)]
pub struct AppSignIn {
    /// The cloud's key.
    pub cloud: String,
    /// The tenant's id or one of its domains.
    pub tenant: String,
    /// The app's client id.
    pub client_id: String,
    /// How it proves itself.
    pub proof: AppProof,
}

/// How an app proves itself.
pub enum AppProof {
    /// By a client secret.
    Secret(SecretString),
    /// By a certificate with its private key, PEM or PFX.
    Certificate {
        /// The file's content.
        content: Zeroizing<Vec<u8>>,
        /// Of the PFX, where it has one.
        password: Option<SecretString>,
    },
    /// By a token of another identity provider, in a file that is read anew each time (workload identity).
    FederatedToken(PathBuf),
}

impl std::fmt::Debug for AppProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret",
            Self::Certificate { .. } => "Certificate",
            Self::FederatedToken(_) => "FederatedToken",
        })
    }
}

/// Makes the credential. Nothing but the tenant's id is asked of the sign-in service yet.
pub(crate) async fn sign_in(
    cloud: Cloud,
    app: AppSignIn,
    clock: Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<Entered, Problem> {
    let tenant = app.tenant.trim().to_owned();
    if let Some(message) = settings::tenant_fault(&tenant) {
        return Err(settings::refused(vec![settings::fault("tenant", message)]));
    }
    let client_id: AppId = app.client_id.trim().parse().map_err(|_| {
        settings::refused(vec![settings::fault(
            "clientId",
            "Give the client id of the app that signs in: a GUID, shown as \u{201c}Application (client) ID\u{201d}."
                .to_owned(),
        )])
    })?;
    let told = |error: auth::AuthError| trouble::sign_in(&error);
    let tenant: TenantId = match tenant.parse() {
        Ok(id) => id,
        Err(_) => auth::look_up(&cloud, &tenant, &*clock, cancel).await.map_err(told)?.tenant,
    };
    let credential: Arc<dyn TokenCredential> = match app.proof {
        AppProof::Secret(secret) => {
            Arc::new(AppSecretCredential::new(cloud.clone(), tenant, client_id, secret).with_clock(clock))
        }
        AppProof::Certificate { content, password } => Arc::new(
            AppCertificateCredential::read(cloud.clone(), tenant, client_id, &content, password.as_ref())
                .map_err(told)?
                .with_clock(clock),
        ),
        AppProof::FederatedToken(path) => {
            Arc::new(WorkloadIdentityCredential::of_file(cloud.clone(), tenant, client_id, path).with_clock(clock))
        }
    };
    Ok(Entered { cloud, credential, who: Who::App { tenant, client_id }, handle: None })
}
