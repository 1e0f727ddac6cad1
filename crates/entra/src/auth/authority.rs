//! The sign-in service's own description and its signing keys (OpenID Connect discovery), pinned to the login host.

use ::http::header::ACCEPT;
use ::http::{HeaderMap, HeaderValue, Method};
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::error::AuthError;
use super::tries::{Tries, busy, is_busy};
use super::whereabouts::Home;
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::http::{BODY_CAP, Http, HttpError};

/// What the service says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Authority {
    /// For `organizations` with the placeholder `{tenantid}`.
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    jwks_uri: Url,
    device_authorization_endpoint: Option<Url>,
    #[serde(default)]
    response_modes_supported: Vec<String>,
    #[serde(flatten)]
    pub(super) home: Home,
}

/// A signing key, and for whose tokens it is good, where the service says so.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) key: Jwk,
    pub(super) issuer: Option<String>,
}

impl Authority {
    /// Reads the description of `tenant`'s sign-in service.
    pub(super) async fn discover(
        http: &Http,
        clock: &dyn Clock,
        cloud: &Cloud,
        tenant: &str,
    ) -> Result<Self, AuthError> {
        let found = Self::describe(http, clock, cloud, tenant).await?;
        // Before its addresses are looked at: those of another cloud would only seem foreign.
        if let Some(home) = found.home.elsewhere(cloud) {
            return Err(AuthError::WrongCloud { home: home.name });
        }
        let issuer = Url::parse(&found.issuer.replace("{tenantid}", "tenant"))
            .map_err(|_| AuthError::Unreadable { what: "the sign-in service's name" })?;
        let own = [&issuer, &found.authorization_endpoint, &found.token_endpoint, &found.jwks_uri];
        for url in own.into_iter().chain(&found.device_authorization_endpoint) {
            if url.origin() != cloud.login.origin() {
                let host = url.host_str().unwrap_or("nowhere");
                let own = cloud.login.host_str().unwrap_or_default();
                let what = format!("the description of {own} points to another host, {host}");
                return Err(AuthError::Untrusted { what });
            }
        }
        Ok(found)
    }

    /// The description as it is, trusted for nothing yet.
    pub(super) async fn describe(
        http: &Http,
        clock: &dyn Clock,
        cloud: &Cloud,
        tenant: &str,
    ) -> Result<Self, AuthError> {
        let url = cloud.authority(tenant, "v2.0/.well-known/openid-configuration");
        read(http, clock, url, "the sign-in service's description").await
    }

    /// Where codes to be typed come from.
    pub(super) fn device_authorization_endpoint(&self) -> Result<&Url, AuthError> {
        self.device_authorization_endpoint.as_ref().ok_or(AuthError::Unreadable { what: "where codes come from" })
    }

    /// Whether it can send its answer as a form, which keeps the code out of addresses and history.
    pub(super) fn posts_forms(&self) -> bool {
        self.response_modes_supported.is_empty() || self.response_modes_supported.iter().any(|mode| mode == "form_post")
    }

    /// The keys that its tokens are signed with.
    pub(super) async fn keys(&self, http: &Http, clock: &dyn Clock) -> Result<Vec<Key>, AuthError> {
        let what = "the sign-in service's keys";
        let set: Value = read(http, clock, self.jwks_uri.clone(), what).await?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(AuthError::Unreadable { what })?;
        // Keys of kinds that are not understood here are no reason to refuse the others.
        Ok(keys
            .iter()
            .filter_map(|value| {
                let key = serde_json::from_value(value.clone()).ok()?;
                Some(Key { key, issuer: value.get("issuer").and_then(Value::as_str).map(str::to_owned) })
            })
            .collect())
    }
}

/// A read: sent again a few times when the network fails or the service is busy.
async fn read<T: DeserializeOwned>(
    http: &Http,
    clock: &dyn Clock,
    url: Url,
    what: &'static str,
) -> Result<T, AuthError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let mut tries = Tries::new(clock);
    loop {
        let reply = http.send(Method::GET, url.clone(), headers.clone(), None, BODY_CAP).await;
        let (error, asked) = match reply {
            Ok(reply) => {
                let (path, status, attempt) = (url.path(), reply.status.as_u16(), tries.number);
                tracing::debug!(method = "GET", path, status, attempt, "sign-in");
                if reply.status.is_success() {
                    return serde_json::from_slice(&reply.body).map_err(|_| AuthError::Unreadable { what });
                }
                if !is_busy(reply.status) {
                    return Err(match AuthError::of_token_answer(&reply.body) {
                        refused @ AuthError::Refused { .. } => refused,
                        _ => AuthError::Unreadable { what },
                    });
                }
                let asked = tries.asked(&reply);
                (busy(&host, reply.status, asked), asked)
            }
            Err(error) if may_pass(error) => (AuthError::of_http(error, &host, what), None),
            Err(error) => return Err(AuthError::of_http(error, &host, what)),
        };
        if !tries.again(asked).await {
            return Err(error);
        }
    }
}

/// Whether it is worth another try: trust and set-up do not come by waiting.
fn may_pass(error: HttpError) -> bool {
    match error {
        HttpError::NotSent(why) => why.may_pass(),
        HttpError::NoAnswer { .. } | HttpError::Truncated => true,
        HttpError::TooLarge { .. } | HttpError::Setup => false,
    }
}
