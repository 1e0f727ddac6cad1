//! Signing in as an app by its certificate: an assertion signed with its key (graph-facts 11).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

use super::app_tokens::{AppTokens, Proof};
use super::ask::Ask;
use super::error::AuthError;
use super::signing_key::SigningKey;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::ids::{AppId, TenantId};

/// The credential of an app that has a certificate. Each token is asked for with an assertion of its own.
pub struct AppCertificateCredential {
    app: AppTokens,
    key: SigningKey,
}

impl fmt::Debug for AppCertificateCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("AppCertificateCredential");
        shown.field("client_id", &self.app.client_id).field("key", &self.key).finish_non_exhaustive()
    }
}

impl AppCertificateCredential {
    /// Nothing is sent until a token is asked for.
    #[must_use]
    pub fn new(cloud: Cloud, tenant: TenantId, client_id: AppId, key: SigningKey) -> Self {
        Self { app: AppTokens::new(cloud, tenant, client_id), key }
    }

    /// Dates assertions, counts the tokens' lives, and waits when the service is busy, by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.app.clock = clock;
        self
    }
}

#[async_trait]
impl TokenCredential for AppCertificateCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let ask = Ask::of(options.as_ref());
        let prove = |time: Option<jiff::Timestamp>| async move {
            let (audience, now) = (self.app.endpoint(), time.unwrap_or_else(|| self.app.clock.now()));
            let assertion = self.key.assertion(self.app.client_id, audience.as_str(), now);
            assertion.map(Proof::Assertion).map_err(AuthError::Key)
        };
        self.app.token(scopes, &ask, prove).await.map_err(AuthError::into_azure)
    }
}
