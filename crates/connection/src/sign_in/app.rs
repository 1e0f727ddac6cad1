//! Signs in as an app: for automation, from the terminal.

use std::path::PathBuf;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::trouble;
use inbound_entra::auth::{
    self, AppCertificateCredential, AppSecretCredential, FederatedToken, SigningKey, WorkloadIdentityCredential,
};
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
    let tenant: TenantId = match tenant.parse() {
        Ok(id) => id,
        Err(_) => look_up(&cloud, &tenant, &*clock, cancel).await?,
    };
    let credential: Arc<dyn TokenCredential> = match app.proof {
        AppProof::Secret(secret) => {
            Arc::new(AppSecretCredential::new(cloud.clone(), tenant, client_id, secret).with_clock(clock))
        }
        AppProof::Certificate { content, password } => {
            let key = key_in(&content, password)?;
            Arc::new(AppCertificateCredential::new(cloud.clone(), tenant, client_id, key).with_clock(clock))
        }
        AppProof::FederatedToken(path) => {
            let source = FederatedToken::File(path);
            Arc::new(WorkloadIdentityCredential::new(cloud.clone(), tenant, client_id, source).with_clock(clock))
        }
    };
    Ok(Entered { cloud, credential, who: Who::App { tenant, client_id }, scopes: Vec::new(), handle: None })
}

/// The id of a tenant that was given by a domain.
async fn look_up(
    cloud: &Cloud,
    tenant: &str,
    clock: &dyn Clock,
    cancel: &CancellationToken,
) -> Result<TenantId, Problem> {
    let found = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(auth::AuthError::Cancelled),
        found = auth::look_up(cloud, tenant, clock) => found,
    };
    let found = found.map_err(|error| trouble::sign_in(&error))?;
    if let Some(home) = found.home.filter(|_| found.is_elsewhere) {
        return Err(trouble::sign_in(&auth::AuthError::WrongCloud { home: home.name }));
    }
    found.tenant.ok_or_else(|| {
        Problem::new(Code::SignInFailed, format!("The sign-in service does not tell the id of {tenant}."))
            .exists("Nothing was changed.")
            .advice("Give the tenant's id instead of its domain.")
    })
}

/// PEM where it looks like it, else PFX.
fn key_in(content: &[u8], password: Option<SecretString>) -> Result<SigningKey, Problem> {
    let text = std::str::from_utf8(content).ok().filter(|text| text.contains("-----BEGIN"));
    let key = match text {
        Some(text) => SigningKey::from_pem(&[SecretString::from(text.to_owned())]),
        None => SigningKey::from_pfx(content, &password.unwrap_or_default()),
    };
    key.map_err(|error| {
        let mut words = error.to_string();
        words.push('.');
        let message = format!("The certificate cannot be used: {words}");
        settings::refused(vec![settings::fault("certificate", message)])
    })
}
