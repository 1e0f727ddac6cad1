//! Signing in as an app by its client secret (client credentials, graph-facts 11).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use oauth2::{ClientSecret, Scope};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::Renew;
use super::error::AuthError;
use super::held::Shelf;
use super::token_endpoint::{Repeat, TokenHttp, client, failed};
use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::http::Http;
use crate::ids::{AppId, TenantId};

/// The credential of an app that has a client secret. Tokens stay in memory and go with it.
pub struct AppSecretCredential {
    cloud: Cloud,
    tenant: TenantId,
    client_id: AppId,
    secret: SecretString,
    clock: Arc<dyn Clock>,
    shelf: Mutex<Shelf>,
}

impl fmt::Debug for AppSecretCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSecretCredential").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl AppSecretCredential {
    /// Nothing is sent until a token is asked for.
    #[must_use]
    pub fn new(cloud: Cloud, tenant: TenantId, client_id: AppId, secret: SecretString) -> Self {
        let (clock, shelf) = (Arc::new(SystemClock), Mutex::new(Shelf::default()));
        Self { cloud, tenant, client_id, secret, clock, shelf }
    }

    /// Counts the tokens' lives, and waits when the service is busy, by this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    async fn token(&self, scopes: &[&str], refused: Option<&SecretString>) -> Result<AccessToken, AuthError> {
        let key = scopes.join(" ");
        let mut shelf = self.shelf.lock().await;
        if let Some(good) = shelf.good(&key, self.clock.now(), refused) {
            return good.to_access_token();
        }
        let host = self.cloud.login.host_str().unwrap_or_default();
        let http =
            Http::of(&self.cloud).map_err(|error| AuthError::of_http(error, host, "the sign-in service's answer"))?;
        let tenant = self.tenant.to_string();
        let endpoint = |tail: &str| self.cloud.authority(&tenant, tail);
        let http = TokenHttp::new(&http, &*self.clock, Repeat::WhenBusy);
        client(self.client_id, endpoint("oauth2/v2.0/authorize"), endpoint("oauth2/v2.0/token"))
            .set_client_secret(ClientSecret::new(self.secret.expose_secret().to_owned()))
            .exchange_client_credentials()
            .add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())))
            .request_async(&http)
            .await
            .map_err(failed)?;
        let fresh = http.tokens()?.held(&*self.clock);
        let token = fresh.to_access_token();
        shelf.put(key, fresh);
        token
    }
}

#[async_trait]
impl TokenCredential for AppSecretCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.token(scopes, Renew::refused(options.as_ref())).await.map_err(AuthError::into_azure)
    }
}
