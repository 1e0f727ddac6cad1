//! A signed-in user's tokens: renewed silently, in memory only.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use oauth2::{RefreshToken, Scope};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::Renew;
use super::error::AuthError;
use super::held::Shelf;
use super::token_endpoint::{Client, Repeat, TokenHttp, Tokens, failed};
use crate::clock::Clock;
use crate::http::Http;

/// The credential of a signed-in user. Dropping it drops every token.
pub(super) struct Session {
    http: Http,
    client: Client,
    clock: Arc<dyn Clock>,
    /// What was signed in for, and the scope by which the Graph client asks for it.
    scopes: Vec<String>,
    default_scope: String,
    state: Mutex<State>,
}

struct State {
    shelf: Shelf,
    refresh: Option<SecretString>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    pub(super) fn new(
        http: Http,
        client: Client,
        clock: Arc<dyn Clock>,
        scopes: Vec<String>,
        default_scope: String,
        tokens: Tokens,
    ) -> Self {
        let mut shelf = Shelf::default();
        shelf.put(default_scope.clone(), tokens.held(&*clock));
        let refresh = tokens.refresh_token;
        Self { http, client, clock, scopes, default_scope, state: Mutex::new(State { shelf, refresh }) }
    }

    /// One caller refreshes at a time; the others then find the new token.
    async fn token(&self, scopes: &[&str], refused: Option<&SecretString>) -> Result<AccessToken, AuthError> {
        let key = scopes.join(" ");
        let mut state = self.state.lock().await;
        if let Some(good) = state.shelf.good(&key, self.clock.now(), refused) {
            return good.to_access_token();
        }
        let refresh = state.refresh.as_ref().ok_or_else(|| AuthError::Refused {
            error: "interaction_required".to_owned(),
            codes: Vec::new(),
            description: "The sign-in has ended. Sign in again.".to_owned(),
            correlation_id: None,
            trace_id: None,
        })?;
        let asked: Vec<&str> = if key == self.default_scope {
            self.scopes.iter().map(String::as_str).collect()
        } else {
            scopes.iter().copied().chain(["offline_access"]).collect()
        };
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let http = TokenHttp::new(&self.http, &*self.clock, Repeat::WhenBusy);
        self.client
            .exchange_refresh_token(&refresh)
            .add_scopes(asked.into_iter().map(|scope| Scope::new(scope.to_owned())))
            .request_async(&http)
            .await
            .map_err(failed)?;
        let tokens = http.tokens()?;
        let fresh = tokens.held(&*self.clock);
        // The old one should be discarded once there is a new one (graph-facts 11).
        if let Some(next) = tokens.refresh_token {
            state.refresh = Some(next);
        }
        let token = fresh.to_access_token();
        state.shelf.put(key, fresh);
        token
    }
}

#[async_trait]
impl TokenCredential for Session {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.token(scopes, Renew::refused(options.as_ref())).await.map_err(AuthError::into_azure)
    }
}
