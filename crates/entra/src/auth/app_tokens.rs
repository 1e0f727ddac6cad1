//! Tokens of an app by client credentials, whatever it proves itself with (graph-facts 11).

use std::sync::Arc;

use azure_core::credentials::AccessToken;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use url::Url;

use super::ask::Ask;
use super::claims::with_capability;
use super::error::AuthError;
use super::held::Shelf;
use super::token_endpoint::{Repeat, TokenHttp, form};
use super::whereabouts;
use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::http::Http;
use crate::ids::{AppId, TenantId};

/// By what an app proves itself.
pub(super) enum Proof {
    Secret(SecretString),
    /// A JWT that it, or an issuer that Entra trusts for it, has signed.
    Assertion(SecretString),
}

/// An app, where it signs in, and the tokens that it has. In memory only; they go with it.
pub(super) struct AppTokens {
    cloud: Cloud,
    tenant: TenantId,
    pub(super) client_id: AppId,
    pub(super) clock: Arc<dyn Clock>,
    shelf: Mutex<Shelf>,
}

impl AppTokens {
    pub(super) fn new(cloud: Cloud, tenant: TenantId, client_id: AppId) -> Self {
        Self { cloud, tenant, client_id, clock: Arc::new(SystemClock), shelf: Mutex::default() }
    }

    /// Where its tokens come from: an assertion is meant for this address.
    pub(super) fn endpoint(&self) -> Url {
        self.cloud.authority(&self.tenant.to_string(), "oauth2/v2.0/token")
    }

    /// A held token, else a new one by what `prove` gives; it is given the time at the service, where it is known to be
    /// another than here.
    pub(super) async fn token<P>(
        &self,
        scopes: &[&str],
        ask: &Ask,
        prove: impl Fn(Option<Timestamp>) -> P + Send + Sync,
    ) -> Result<AccessToken, AuthError>
    where
        P: Future<Output = Result<Proof, AuthError>> + Send,
    {
        let key = scopes.join(" ");
        let mut shelf = self.shelf.lock().await;
        if let Some(good) = shelf.good(&key, self.clock.now(), ask.refused.as_ref()) {
            return good.to_access_token();
        }
        let host = self.cloud.login.host_str().unwrap_or_default();
        let http =
            Http::of(&self.cloud).map_err(|error| AuthError::of_http(error, host, "the sign-in service's answer"))?;
        let http = TokenHttp::new(&http, &*self.clock, Repeat::WhenBusy);
        // Only an answer to a challenge: an app's tokens may be re-issued at any time, so it has no use for long ones.
        let claims = ask.claims.as_deref().map(|claims| with_capability(Some(claims))).transpose()?;
        let mut answer = self.exchange(&http, &key, claims.as_deref(), prove(None).await?).await;
        if matches!(&answer, Err(error) if error.codes().contains(&OUTSIDE_ITS_TIME)) {
            // This computer's clock is wrong: the service's own will do (security P12).
            if let Some(time) = http.server_time() {
                answer = self.exchange(&http, &key, claims.as_deref(), prove(Some(time)).await?).await;
            }
        }
        let fresh = answer.map_err(|error| whereabouts::named_by(error, &self.cloud))?.held(&*self.clock);
        let token = fresh.to_access_token();
        shelf.put(key, fresh);
        token
    }

    async fn exchange(
        &self,
        http: &TokenHttp<'_>,
        scope: &str,
        claims: Option<&str>,
        proof: Proof,
    ) -> Result<super::token_endpoint::Tokens, AuthError> {
        let client_id = self.client_id.to_string();
        let mut pairs = vec![("grant_type", "client_credentials"), ("client_id", &client_id), ("scope", scope)];
        match &proof {
            Proof::Secret(secret) => pairs.push(("client_secret", secret.expose_secret())),
            Proof::Assertion(assertion) => pairs.extend([
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion.expose_secret()),
            ]),
        }
        pairs.extend(claims.map(|claims| ("claims", claims)));
        http.get_tokens(&self.endpoint(), &form(&pairs)).await
    }
}

/// AADSTS700024: an assertion that is not good yet, or no longer. No `error` of its own tells it from a false one.
const OUTSIDE_ITS_TIME: u32 = 700_024;
