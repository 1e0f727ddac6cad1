//! Sign-in in the system browser: authorization code with PKCE, answered on the loopback interface (graph-facts 11).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::authority::{Authority, Key};
use super::error::AuthError;
use super::id_token::{Doubt, Expected, check};
use super::loopback::{Callback, Loopback, Mode};
use super::session::Session;
use super::token_endpoint::{Client, Repeat, TokenHttp, Tokens, client, failed};
use super::{Account, SignedIn};
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::http::Http;
use crate::ids::AppId;

/// How long an operator may take in the browser. By the computer's own time: nobody's virtual clock moves a person.
const PATIENCE: Duration = Duration::from_secs(300);
/// 256 bits of randomness for `state` and `nonce`.
const RANDOM_BYTES: u32 = 32;
/// What signing in and silent refreshing need besides the caller's scopes.
const OWN_SCOPES: [&str; 3] = ["openid", "profile", "offline_access"];

/// Whatever shows a page to the operator.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Opens `url`, which holds a `state` and must not be logged. Returns once the page is under way.
    async fn open(&self, url: &Url) -> Result<(), BrowserError>;
}

/// The browser could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the web browser could not be opened: {reason}")]
pub struct BrowserError {
    /// The system's reason; must not hold the address.
    pub reason: String,
}

/// A sign-in to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserSignIn {
    /// Where.
    pub cloud: Cloud,
    /// `organizations`, a tenant's id or one of its domains.
    pub tenant: String,
    /// A public client with the redirect `http://localhost`.
    pub client_id: AppId,
    /// What to ask for, e.g. `User.Read`, as it is; `openid`, `profile` and `offline_access` are added.
    pub scopes: Vec<String>,
    /// The account to suggest; without one the operator is asked to choose.
    pub login_hint: Option<String>,
}

/// Signs in through `browser` and waits, at most five minutes, for its answer.
///
/// # Errors
/// As [`AuthError`] says; nothing is kept and the listener is closed in every case.
pub async fn sign_in_with_browser(
    request: &BrowserSignIn,
    browser: &dyn Browser,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    sign_in_within(PATIENCE, request, browser, clock, cancel).await
}

async fn sign_in_within(
    patience: Duration,
    request: &BrowserSignIn,
    browser: &dyn Browser,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(AuthError::Cancelled),
        outcome = Box::pin(sign_in(patience, request, browser, clock)) => outcome,
    }
}

async fn sign_in(
    patience: Duration,
    request: &BrowserSignIn,
    browser: &dyn Browser,
    clock: Arc<dyn Clock>,
) -> Result<SignedIn, AuthError> {
    let host = request.cloud.login.host_str().unwrap_or_default();
    let http = Http::of(&request.cloud).map_err(|error| AuthError::of_http(error, host, "the sign-in service"))?;
    // Before the browser opens: an operator should not sign in to a service that cannot be trusted or reached.
    let authority = Authority::discover(&http, &*clock, &request.cloud, &request.tenant).await?;
    let loopback = Loopback::open().await?;
    let mut asked = Asked::new(request, &authority, &loopback)?;
    browser.open(&asked.url).await.map_err(AuthError::Browser)?;
    let answer = async {
        let answer = loopback.wait(asked.mode, asked.state.clone());
        tokio::time::timeout(patience, answer).await.map_err(|_| AuthError::TimedOut)?
    };
    let (answer, keys) = tokio::try_join!(answer, authority.keys(&http, &*clock))?;
    let code = match answer {
        Callback::Code(code) => code,
        Callback::Refused(error) => return Err(error),
    };
    let tokens = asked.redeem(&http, &*clock, &code).await?;
    let account = asked.account(&http, &*clock, &authority, keys, &tokens, request).await?;
    tracing::info!(tenant = %account.tenant, cloud = request.cloud.key, "signed in");
    let scope = request.cloud.graph_default_scope();
    let session = Session::new(http, asked.client, clock, asked.scopes, scope, tokens);
    Ok(SignedIn { credential: Arc::new(session), account })
}

/// One sign-in on its way: everything in it is for this one only.
struct Asked {
    client: Client,
    scopes: Vec<String>,
    mode: Mode,
    url: Url,
    state: SecretString,
    nonce: SecretString,
    redirect: RedirectUrl,
    verifier: Option<oauth2::PkceCodeVerifier>,
}

impl Asked {
    fn new(request: &BrowserSignIn, authority: &Authority, loopback: &Loopback) -> Result<Self, AuthError> {
        let mut scopes = request.scopes.clone();
        let missing: Vec<_> = OWN_SCOPES.iter().filter(|own| !scopes.iter().any(|scope| scope == *own)).collect();
        scopes.extend(missing.into_iter().map(|scope| (*scope).to_owned()));
        let client =
            client(request.client_id, authority.authorization_endpoint.clone(), authority.token_endpoint.clone());
        let redirect = RedirectUrl::new(loopback.redirect_uri())
            .map_err(|_| AuthError::NotListening { reason: "no address".to_owned() })?;
        let mode = if authority.posts_forms() { Mode::FormPost } else { Mode::Query };
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new_random_len(RANDOM_BYTES);
        let nonce = SecretString::from(CsrfToken::new_random_len(RANDOM_BYTES).into_secret());
        let (hint, value) = match &request.login_hint {
            Some(hint) => ("login_hint", hint.as_str()),
            None => ("prompt", "select_account"),
        };
        let (url, state) = client
            .authorize_url(|| state)
            .add_scopes(scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .set_redirect_uri(std::borrow::Cow::Borrowed(&redirect))
            .add_extra_param("response_mode", mode.name())
            .add_extra_param("nonce", nonce.expose_secret())
            .add_extra_param(hint, value)
            .url();
        let state = SecretString::from(state.into_secret());
        Ok(Self { client, scopes, mode, url, state, nonce, redirect, verifier: Some(verifier) })
    }

    async fn redeem(&mut self, http: &Http, clock: &dyn Clock, code: &SecretString) -> Result<Tokens, AuthError> {
        let code = AuthorizationCode::new(code.expose_secret().to_owned());
        let mut exchange = self.client.exchange_code(code).set_redirect_uri(std::borrow::Cow::Borrowed(&self.redirect));
        if let Some(verifier) = self.verifier.take() {
            exchange = exchange.set_pkce_verifier(verifier);
        }
        let scopes = self.scopes.join(" ");
        let http = TokenHttp::new(http, clock, Repeat::Never);
        exchange.add_extra_param("scope", scopes).request_async(&http).await.map_err(failed)?;
        http.tokens()
    }

    /// The keys are read once more when none fits: the service changes them now and then.
    async fn account(
        &self,
        http: &Http,
        clock: &dyn Clock,
        authority: &Authority,
        keys: Vec<Key>,
        tokens: &Tokens,
        request: &BrowserSignIn,
    ) -> Result<Account, AuthError> {
        let untrusted = |what: &str| AuthError::Untrusted { what: what.to_owned() };
        let token = tokens.id_token.as_ref().ok_or_else(|| untrusted("the answer has no ID token"))?.expose_secret();
        let expected = Expected {
            issuer: &authority.issuer,
            tenant: &request.tenant,
            client_id: request.client_id,
            nonce: self.nonce.expose_secret(),
        };
        match check(token, &keys, &expected) {
            Ok(account) => Ok(account),
            Err(Doubt::No(error)) => Err(error),
            Err(Doubt::UnknownKey) => match check(token, &authority.keys(http, clock).await?, &expected) {
                Ok(account) => Ok(account),
                Err(Doubt::No(error)) => Err(error),
                Err(Doubt::UnknownKey) => Err(untrusted("its ID token is signed with an unknown key")),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use practice_tenant::{Options, PracticeTenant};

    use super::*;
    use crate::clock::SystemClock;

    struct Shut;

    #[async_trait]
    impl Browser for Shut {
        async fn open(&self, _: &Url) -> Result<(), BrowserError> {
            Err(BrowserError { reason: "xdg-open was not found".to_owned() })
        }
    }

    struct Unattended;

    #[async_trait]
    impl Browser for Unattended {
        async fn open(&self, _: &Url) -> Result<(), BrowserError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn an_operator_who_never_comes_back_and_a_browser_that_never_opens_are_told_apart() {
        let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
        let request = BrowserSignIn {
            cloud: Cloud::practice(&tenant.url()).expect("a cloud"),
            tenant: tenant.tenant_id().to_string(),
            client_id: AppId(tenant.public_client_id()),
            scopes: vec!["User.Read".to_owned()],
            login_hint: None,
        };
        let within = |browser: &'static dyn Browser| {
            let (patience, clock) = (Duration::from_millis(20), Arc::new(SystemClock));
            sign_in_within(patience, &request, browser, clock, CancellationToken::new())
        };
        assert_eq!(within(&Unattended).await.unwrap_err(), AuthError::TimedOut);
        let error = within(&Shut).await.unwrap_err();
        assert!(matches!(error, AuthError::Browser(_)));
        assert_eq!(error.to_string(), "the web browser could not be opened: xdg-open was not found");
    }
}
