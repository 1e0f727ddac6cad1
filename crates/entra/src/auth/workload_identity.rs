//! Signing in as an app by a token of an issuer that it trusts: workload identity federation (graph-facts 2, 11).

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use secrecy::SecretString;
use tokio::io::AsyncReadExt;
use zeroize::Zeroizing;

use super::app_tokens::{AppTokens, Proof};
use super::ask::Ask;
use super::error::AuthError;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::ids::{AppId, TenantId};

/// Tokens of issuers are a few kilobytes.
const LARGEST: usize = 64 * 1024;

/// Where the issuer's token comes from, anew each time: issuers replace it within the hour.
#[derive(Clone)]
pub enum FederatedToken {
    /// A file that whoever runs the workload keeps fresh.
    File(PathBuf),
    /// Something else.
    Provider(Arc<dyn FederatedTokenProvider>),
}

/// Gives the issuer's token.
#[async_trait]
pub trait FederatedTokenProvider: Send + Sync {
    /// The token as it is now.
    async fn token(&self) -> Result<SecretString, AuthError>;
}

impl fmt::Debug for FederatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Provider(_) => f.write_str("Provider"),
        }
    }
}

/// The credential of an app that trusts another issuer.
pub struct WorkloadIdentityCredential {
    app: AppTokens,
    source: FederatedToken,
}

impl fmt::Debug for WorkloadIdentityCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("WorkloadIdentityCredential");
        shown.field("client_id", &self.app.client_id).field("source", &self.source).finish_non_exhaustive()
    }
}

impl WorkloadIdentityCredential {
    /// Nothing is read or sent until a token is asked for.
    #[must_use]
    pub fn new(cloud: Cloud, tenant: TenantId, client_id: AppId, source: FederatedToken) -> Self {
        Self { app: AppTokens::new(cloud, tenant, client_id), source }
    }

    /// Counts the tokens' lives, and waits when the service is busy, by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.app.clock = clock;
        self
    }
}

#[async_trait]
impl TokenCredential for WorkloadIdentityCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let ask = Ask::of(options.as_ref());
        let prove = |_| async {
            let token = match &self.source {
                FederatedToken::File(path) => read(path).await?,
                FederatedToken::Provider(provider) => provider.token().await?,
            };
            Ok(Proof::Assertion(token))
        };
        self.app.token(scopes, &ask, prove).await.map_err(AuthError::into_azure)
    }
}

async fn read(path: &Path) -> Result<SecretString, AuthError> {
    let unreadable = |reason: &str| AuthError::NoFederatedToken { reason: format!("{}: {reason}", path.display()) };
    let file = tokio::fs::File::open(path).await.map_err(|error| unreadable(&error.kind().to_string()))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST + 1));
    let limit = u64::try_from(LARGEST + 1).unwrap_or(u64::MAX);
    let read = file.take(limit).read_to_end(&mut bytes).await;
    read.map_err(|error| unreadable(&error.kind().to_string()))?;
    if bytes.len() > LARGEST {
        return Err(unreadable("it is too large to be a token"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unreadable("it holds no token"))?.trim();
    if text.split('.').count() != 3 || text.contains(char::is_whitespace) {
        return Err(unreadable("it holds no token"));
    }
    Ok(SecretString::from(text))
}
