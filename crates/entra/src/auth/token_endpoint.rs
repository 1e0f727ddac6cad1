//! The token endpoint, spoken to by the `oauth2` crate over our own HTTP client.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ::http::header::{ACCEPT, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use oauth2::basic::{BasicClient, BasicErrorResponse};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, ClientId, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    RequestTokenError, TokenUrl,
};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::error::AuthError;
use super::held::Held;
use super::scope;
use super::tries::{Tries, busy, is_busy};
use crate::clock::Clock;
use crate::http::{BODY_CAP, Http};
use crate::ids::AppId;
use crate::wiped;

/// What is taken for the life of a token when the service does not tell.
const SHORT_LIFE: Duration = Duration::from_secs(300);
/// What `oauth2` is given in place of an answer: see [`TokenHttp`].
const BLANK: &[u8] = br#"{"access_token":"","token_type":"bearer"}"#;
const WHAT: &str = "the sign-in service's answer";

/// The `oauth2` client: it builds requests, and sees no answer but [`BLANK`].
pub(super) type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A token answer; wiped when it goes.
#[derive(Deserialize)]
pub(super) struct Tokens {
    #[serde(deserialize_with = "wiped::text")]
    access_token: SecretString,
    token_type: String,
    #[serde(default, deserialize_with = "wiped::optional")]
    pub(super) refresh_token: Option<SecretString>,
    /// Only where `openid` was asked for.
    #[serde(default, deserialize_with = "wiped::optional")]
    pub(super) id_token: Option<SecretString>,
    /// In seconds.
    #[serde(default)]
    expires_in: Option<u64>,
    /// What was granted; absent where it is what was asked for.
    #[serde(default)]
    scope: Option<String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

impl Tokens {
    fn read(body: &[u8]) -> Result<Self, AuthError> {
        let tokens: Self = serde_json::from_slice(body).map_err(|_| AuthError::Unreadable { what: WHAT })?;
        // A token of another kind would be sent in the wrong way.
        let is_bearer = tokens.token_type.eq_ignore_ascii_case("bearer");
        if is_bearer { Ok(tokens) } else { Err(AuthError::Unreadable { what: WHAT }) }
    }

    /// The access token, counted from now.
    pub(super) fn held(&self, clock: &dyn Clock) -> Held {
        let life = self.expires_in.map_or(SHORT_LIFE, Duration::from_secs);
        Held::new(self.access_token.clone(), life, clock.now())
    }

    /// The scopes that were granted to a request for `asked`, by value; what only signs in is left out.
    pub(super) fn granted(&self, asked: &[String]) -> Vec<String> {
        let scopes: Vec<&str> = match &self.scope {
            Some(scopes) => scopes.split_ascii_whitespace().collect(),
            None => asked.iter().map(String::as_str).collect(),
        };
        let is_own = |scope: &&str| scope::OWN.contains(scope) || *scope == "email";
        scopes.into_iter().map(scope::short).filter(|scope| !is_own(scope)).map(str::to_owned).collect()
    }
}

/// A form as the token endpoint wants it, in one piece of memory that is wiped.
pub(super) fn form(pairs: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    // Every byte may become three; a text that grew would leave its old places unwiped.
    let room = pairs.iter().map(|(name, value)| name.len() + 3 * value.len() + 2).sum();
    let mut form = url::form_urlencoded::Serializer::new(String::with_capacity(room));
    form.extend_pairs(pairs);
    Zeroizing::new(form.finish().into_bytes())
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

/// Our HTTP client, as `oauth2` wants one, for one request. The types of that crate leave tokens unwiped in memory, so
/// the answer is read and kept here, and that crate gets a blank one.
pub(super) struct TokenHttp<'a> {
    http: &'a Http,
    clock: &'a dyn Clock,
    repeat: Repeat,
    tokens: Mutex<Option<Tokens>>,
    server_time: Mutex<Option<Timestamp>>,
}

impl<'c> AsyncHttpClient<'c> for TokenHttp<'_> {
    type Error = AuthError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, AuthError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}

impl<'a> TokenHttp<'a> {
    pub(super) fn new(http: &'a Http, clock: &'a dyn Clock, repeat: Repeat) -> Self {
        Self { http, clock, repeat, tokens: Mutex::default(), server_time: Mutex::default() }
    }

    /// The service's own time in its last answer.
    pub(super) fn server_time(&self) -> Option<Timestamp> {
        *self.server_time.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the request brought.
    pub(super) fn tokens(self) -> Result<Tokens, AuthError> {
        let tokens = self.tokens.into_inner().unwrap_or_else(PoisonError::into_inner);
        tokens.ok_or(AuthError::Unreadable { what: WHAT })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, AuthError> {
        let (parts, body) = request.into_parts();
        // It holds a secret, a code or a refresh token.
        let body = Zeroizing::new(body);
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| AuthError::Unreadable { what: WHAT })?;
        let tokens = Tokens::read(&self.post(&url, &body).await?)?;
        *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens);
        Ok(HttpResponse::new(BLANK.to_vec()))
    }

    /// Sends a form for a token.
    pub(super) async fn get_tokens(&self, url: &Url, form: &[u8]) -> Result<Tokens, AuthError> {
        Tokens::read(&self.post(url, form).await?)
    }

    /// Sends a form and gives what a good answer holds.
    pub(super) async fn post(&self, url: &Url, form: &[u8]) -> Result<Zeroizing<Vec<u8>>, AuthError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let correlation = Uuid::new_v4().to_string();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        if let Ok(value) = correlation.parse() {
            headers.insert("client-request-id", value);
        }
        let mut tries = Tries::new(self.clock);
        loop {
            let path = url.path();
            let reply = self.http.send(Method::POST, url.clone(), headers.clone(), Some(form), BODY_CAP).await;
            let reply = reply.map_err(|error| AuthError::of_http(error, &host, WHAT))?;
            let status = reply.status;
            let date = reply.header("date").and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
            *self.server_time.lock().unwrap_or_else(PoisonError::into_inner) = date;
            let attempt = tries.number;
            tracing::debug!(method = "POST", path, status = status.as_u16(), attempt, correlation, "sign-in");
            if is_busy(status) {
                let asked = tries.asked(&reply);
                if self.repeat == Repeat::WhenBusy && tries.again(asked).await {
                    continue;
                }
                return Err(busy(&host, status, asked));
            }
            if !status.is_success() {
                return Err(AuthError::of_token_answer(&reply.body));
            }
            return Ok(reply.body);
        }
    }
}

/// What `oauth2` failed with. Its own errors may hold the answer's body: they are dropped.
pub(super) fn failed(error: RequestTokenError<AuthError, BasicErrorResponse>) -> AuthError {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            AuthError::Unreadable { what: WHAT }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_granted_is_told_by_the_answer_and_else_by_the_question() {
        let asked = ["User.Read", "openid", "offline_access"].map(str::to_owned);
        let read = |scope: &str| {
            Tokens::read(format!(r#"{{"token_type":"Bearer","access_token":"a"{scope}}}"#).as_bytes()).expect("tokens")
        };
        assert_eq!(read("").granted(&asked), ["User.Read"]);
        let more = r#","scope":"email openid profile https://graph.microsoft.com/User.Read Application.Read.All""#;
        assert_eq!(read(more).granted(&asked), ["User.Read", "Application.Read.All"]);
    }

    #[test]
    fn a_form_is_written_in_one_place() {
        let form = form(&[("client_assertion", "a+b/c=="), ("scope", "a b \u{20ac}")]);
        assert_eq!(std::str::from_utf8(&form), Ok("client_assertion=a%2Bb%2Fc%3D%3D&scope=a+b+%E2%82%AC"));
    }

    #[test]
    fn an_answer_is_read_with_what_may_be_absent_and_shows_nothing() {
        let body = br#"{"token_type":"Bearer","access_token":"canary-a","refresh_token":"canary-r","expires_in":3599}"#;
        let tokens = Tokens::read(body).expect("tokens");
        assert!(tokens.refresh_token.is_some() && tokens.id_token.is_none());
        assert!(!format!("{tokens:?}").contains("canary"));
        assert!(Tokens::read(br#"{"token_type":"bearer","access_token":"a","refresh_token":null}"#).is_ok());
        for other in ["", "<html>", "{}", r#"{"token_type":"pop","access_token":"a"}"#, r#"{"access_token":"a"}"#] {
            assert!(matches!(Tokens::read(other.as_bytes()), Err(AuthError::Unreadable { .. })), "{other}");
        }
    }
}
