//! Signing in as an app by its client secret (client credentials, graph-facts 11).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use secrecy::SecretString;

use super::app_tokens::{AppTokens, Proof};
use super::ask::Ask;
use super::error::AuthError;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::ids::{AppId, TenantId};

/// The credential of an app that has a client secret. Tokens stay in memory and go with it.
pub struct AppSecretCredential {
    app: AppTokens,
    secret: SecretString,
}

impl fmt::Debug for AppSecretCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSecretCredential").field("client_id", &self.app.client_id).finish_non_exhaustive()
    }
}

impl AppSecretCredential {
    /// Nothing is sent until a token is asked for.
    #[must_use]
    pub fn new(cloud: Cloud, tenant: TenantId, client_id: AppId, secret: SecretString) -> Self {
        Self { app: AppTokens::new(cloud, tenant, client_id), secret }
    }

    /// Counts the tokens' lives, and waits when the service is busy, by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.app.clock = clock;
        self
    }
}

#[async_trait]
impl TokenCredential for AppSecretCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let ask = Ask::of(options.as_ref());
        let prove = |_| async { Ok(Proof::Secret(self.secret.clone())) };
        self.app.token(scopes, &ask, prove).await.map_err(AuthError::into_azure)
    }
}
