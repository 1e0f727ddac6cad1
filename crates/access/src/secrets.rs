//! The keychain as the job needs it, where secrets lie in it, and tokens by client credentials.

use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use inbound_entra::auth::{AppSecretCredential, AuthError};
use inbound_entra::cloud::Cloud;
use inbound_entra::ids::{AppId, TenantId};
use inbound_entra::model::PasswordCredential;
use inbound_keychain::{ItemName, Keychain, KeychainError};
use secrecy::SecretString;

use crate::job::JobParts;
use crate::observe::observed::ObservedApp;
use crate::run::{SecretPlace, ShownSecret};

/// Where secrets are kept. There is no other place: no file, no plain text.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// The keychain's name on this computer.
    fn place(&self) -> &'static str;
    /// Writes, reads back and removes a trial item.
    async fn prove(&self) -> Result<(), KeychainError>;
    /// The same for an operator who was told that the keychain may be asking for something: with more time to answer.
    async fn prove_when_asked(&self) -> Result<(), KeychainError>;
    /// Writes a secret, reads it back and compares.
    async fn store(&self, name: &ItemName, secret: &SecretString) -> Result<(), KeychainError>;
    /// Reads a secret.
    async fn read(&self, name: &ItemName) -> Result<SecretString, KeychainError>;
    /// Removes a secret.
    async fn delete(&self, name: &ItemName) -> Result<(), KeychainError>;
}

#[async_trait]
impl SecretStore for Keychain {
    fn place(&self) -> &'static str {
        Keychain::place(self)
    }

    async fn prove(&self) -> Result<(), KeychainError> {
        Keychain::prove(self).await
    }

    async fn prove_when_asked(&self) -> Result<(), KeychainError> {
        self.awaiting_prompt().prove().await
    }

    async fn store(&self, name: &ItemName, secret: &SecretString) -> Result<(), KeychainError> {
        Keychain::store(self, name, secret).await
    }

    async fn read(&self, name: &ItemName) -> Result<SecretString, KeychainError> {
        Keychain::read(self, name).await
    }

    async fn delete(&self, name: &ItemName) -> Result<(), KeychainError> {
        Keychain::delete(self, name).await
    }
}

/// Where the secret lies that was there before the run.
pub(crate) fn kept_secret(parts: &JobParts, app: &ObservedApp) -> Option<SecretPlace> {
    let (kept, found) = (app.secrets.kept.as_ref()?, app.application.as_ref()?);
    Some(place(
        parts,
        &found.app_id.to_string(),
        &kept.key_id.to_string(),
        kept.display_name.clone().unwrap_or_default(),
        kept.end_date_time.map(|end| end.to_string()).unwrap_or_default(),
    ))
}

/// The secret that was shown once before the run and serves it.
pub(crate) fn shown_secret(app: &ObservedApp) -> Option<ShownSecret> {
    let (before, found) = (app.shown_before()?, app.application.as_ref()?);
    Some(shown(&found.app_id.to_string(), &before.credential))
}

/// Names a secret that was shown once.
pub(crate) fn shown(client_id: &str, credential: &PasswordCredential) -> ShownSecret {
    ShownSecret {
        description: credential.display_name.clone().unwrap_or_default(),
        expires: credential.end_date_time.map(|end| end.to_string()).unwrap_or_default(),
        key_id: credential.key_id.to_string(),
        client_id: client_id.to_owned(),
    }
}

/// The keychain item of a client secret.
pub(crate) fn item(parts: &JobParts, client_id: &str, key_id: &str) -> ItemName {
    ItemName::client_secret(&parts.tenant.cloud_key, &parts.tenant.id.to_string(), client_id, key_id)
}

/// Names the place of a secret.
pub(crate) fn place(
    parts: &JobParts,
    client_id: &str,
    key_id: &str,
    description: String,
    expires: String,
) -> SecretPlace {
    let item = item(parts, client_id, key_id);
    SecretPlace {
        keychain: parts.secrets.place().to_owned(),
        service: item.service,
        account: item.account,
        description,
        expires,
        key_id: key_id.to_owned(),
        client_id: client_id.to_owned(),
    }
}

/// Signs in as an API client would, to see what its token holds.
#[async_trait]
pub trait TokenSource: Send + Sync {
    /// A fresh access token for Microsoft Graph, by client credentials; never one from a cache.
    async fn app_token(&self, client_id: AppId, secret: &SecretString) -> Result<SecretString, AuthError>;
}

/// Tokens of the apps of one tenant.
#[derive(Debug, Clone)]
pub struct AppTokens {
    /// Where to sign in.
    pub cloud: Cloud,
    /// Whose apps.
    pub tenant: TenantId,
}

#[async_trait]
impl TokenSource for AppTokens {
    async fn app_token(&self, client_id: AppId, secret: &SecretString) -> Result<SecretString, AuthError> {
        // A new credential each time: it has no token in its cache from before the grant.
        let credential = AppSecretCredential::new(self.cloud.clone(), self.tenant, client_id, secret.clone());
        let scope = self.cloud.graph_default_scope();
        let token = credential.get_token(&[scope.as_str()], None).await.map_err(|error| {
            let words = || AuthError::Credential { words: error.to_string() };
            error.downcast_ref::<AuthError>().cloned().unwrap_or_else(words)
        })?;
        Ok(SecretString::from(token.token.secret().to_owned()))
    }
}

/// Shows a secret to the operator where the keychain is not to keep it, or cannot.
#[async_trait]
pub trait ShowOnce: Send + Sync {
    /// Waits until the operator has said what becomes of it. Dropped when the run is cancelled or after [`SHOWN_FOR`]: what
    /// is said later counts for nothing.
    async fn show(&self, offer: SecretOffer) -> Taken;
}

/// So long a secret waits for the operator; then it is removed from Entra.
pub const SHOWN_FOR: Duration = Duration::from_secs(600);

/// A secret that is offered once.
#[derive(Debug)]
pub struct SecretOffer {
    /// The run that made it.
    pub run_id: String,
    /// The secret; gone when this is dropped.
    pub secret: SecretString,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The operator said that they have it.
    Taken,
    /// They do not want it, or nobody answered: it is to be removed from Entra.
    Refused,
}
