//! The token endpoint, spoken to by the `oauth2` crate over our own HTTP client.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use ::http::StatusCode;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, ClientId, EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest,
    HttpResponse, RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::error::AuthError;
use super::held::Held;
use crate::clock::Clock;
use crate::http::{BODY_CAP, Http};
use crate::ids::AppId;

/// What is taken for the life of a token when the service does not tell.
const SHORT_LIFE: Duration = Duration::from_secs(300);
/// How often a request that may be repeated is sent.
const ATTEMPTS: u32 = 3;

/// The `oauth2` client, with an ID token among the fields of its answers.
pub(super) type Client = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A token answer.
pub(super) type Tokens = StandardTokenResponse<IdToken, BasicTokenType>;

/// The ID token of an answer; never shown.
#[derive(Deserialize, Serialize)]
pub(super) struct IdToken {
    #[serde(default, skip_serializing)]
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

impl IdToken {
    pub(super) fn text(&self) -> Option<&str> {
        self.id_token.as_deref()
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdToken")
    }
}

/// A client for the endpoints of one authority. Client id and secret go into the form, as Entra documents it.
pub(super) fn client(client_id: AppId, authorize: Url, token: Url) -> Client {
    oauth2::Client::new(ClientId::new(client_id.to_string()))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(authorize))
        .set_token_uri(TokenUrl::from_url(token))
}

/// Whether a request to the token endpoint may be sent again when the service is busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// A code can be redeemed once only.
    Never,
    /// Refreshing, or signing in as an app.
    WhenBusy,
}

/// Our HTTP client, as `oauth2` wants one.
pub(super) struct TokenHttp<'a> {
    pub(super) http: &'a Http,
    pub(super) clock: &'a dyn Clock,
    pub(super) repeat: Repeat,
}

impl<'c> AsyncHttpClient<'c> for TokenHttp<'_> {
    type Error = AuthError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, AuthError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

impl TokenHttp<'_> {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, AuthError> {
        let what = "the sign-in service's answer";
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| AuthError::Unreadable { what })?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let correlation = Uuid::new_v4().to_string();
        let mut headers = parts.headers;
        if let Ok(value) = correlation.parse() {
            headers.insert("client-request-id", value);
        }
        let mut attempt = 1;
        loop {
            let (method, url) = (parts.method.clone(), url.clone());
            let path = url.path().to_owned();
            let reply = self.http.send(method, url, headers.clone(), Some(body.clone()), BODY_CAP).await;
            let reply = reply.map_err(|error| AuthError::of_http(error, &host, what))?;
            let status = reply.status;
            tracing::debug!(method = "POST", path, status = status.as_u16(), attempt, correlation, "sign-in");
            let is_busy = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
            if is_busy && self.repeat == Repeat::WhenBusy && attempt < ATTEMPTS {
                let asked = reply.header("retry-after").and_then(|text| text.trim().parse().ok());
                self.clock.sleep(Duration::from_secs(asked.unwrap_or(u64::from(attempt)).clamp(1, 30))).await;
                attempt += 1;
                continue;
            }
            if !status.is_success() {
                return Err(AuthError::of_token_answer(&reply.body));
            }
            let mut response = HttpResponse::new(reply.body);
            // The crate looks at the content type and the status only.
            *response.headers_mut() = reply.headers;
            return Ok(response);
        }
    }
}

/// What `oauth2` failed with. Its own errors may hold the answer's body: they are dropped.
pub(super) fn failed(error: RequestTokenError<AuthError, BasicErrorResponse>) -> AuthError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            AuthError::Unreadable { what: "the sign-in service's answer" }
        }
    }
}

/// The access token of an answer, counted from now.
pub(super) fn held(tokens: &Tokens, clock: &dyn Clock) -> Held {
    let token = SecretString::from(tokens.access_token().secret().as_str());
    Held::new(token, tokens.expires_in().unwrap_or(SHORT_LIFE), clock.now())
}
