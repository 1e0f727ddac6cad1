//! A signed-in person's tokens: renewed silently, and by asking the person where that is needed. In memory only.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;

use super::ask::{Ask, Interaction};
use super::asker::{Asker, Reason};
use super::claims::with_capability;
use super::error::AuthError;
use super::held::Shelf;
use super::person::Attention;
use super::scope;
use super::sign_in::{PATIENCE, Way};
use super::step::{Place, Step};
use super::token_endpoint::{Repeat, TokenHttp, Tokens, form};
use super::turns::Turns;
use super::{Account, whereabouts};

/// How often a call that waited for another's step looks again before it gives up: each of them may bring other scopes.
const ROUNDS: usize = 4;

/// The credential of a signed-in person. Dropping it drops every token.
pub(super) struct Session {
    place: Place,
    way: Way,
    asker: Arc<dyn Asker>,
    attention: Attention,
    account: Account,
    /// The scope by which the Graph client asks: its token lies under this key.
    graph: String,
    /// None once the operator signed out.
    state: Mutex<Option<State>>,
    gone: CancellationToken,
    refreshing: Turns,
    asking: Turns,
}

struct State {
    shelf: Shelf,
    refresh: Option<SecretString>,
    /// What was asked for of Graph so far and not refused.
    asked: Vec<String>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

/// What the owner of a session may do with it.
#[derive(Clone)]
pub struct SessionHandle(Arc<Session>);

impl fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionHandle")
    }
}

impl SessionHandle {
    pub(super) fn of(session: &Arc<Session>) -> Self {
        Self(Arc::clone(session))
    }

    /// The scopes that the session's token carries, by value; none after [`forget`](Self::forget).
    #[must_use]
    pub fn scopes_held(&self) -> Vec<String> {
        let state = self.0.state();
        state.as_ref().map(|state| state.shelf.scopes(&self.0.graph).to_vec()).unwrap_or_default()
    }

    /// Every scope of Graph that this client has consent for and this person gets, by value: asked of the service
    /// without the operator, and not kept. What is held where the service does not tell.
    pub async fn scopes_consented(&self) -> Vec<String> {
        let refresh = self.0.state().as_ref().and_then(|state| state.refresh.clone());
        let Some(refresh) = refresh else { return self.scopes_held() };
        // `.default` stands for all that was consented to (graph-facts 11).
        let all = [self.0.graph.clone()];
        match self.0.refresh(&refresh, &all).await {
            Ok(tokens) => tokens.granted(&[]),
            Err(_) => self.scopes_held(),
        }
    }

    /// Drops every token at once. Whoever waits for one, or asks later, hears [`AuthError::SignedOut`]; a page that is
    /// open is closed.
    pub fn forget(&self) {
        *self.0.state() = None;
        self.0.gone.cancel();
    }
}

/// What one call wants.
struct Want<'a> {
    key: String,
    /// Of Graph by value; of another resource as they are.
    scopes: &'a [String],
    ask: &'a Ask,
}

impl Session {
    pub(super) fn new(
        place: Place,
        way: Way,
        asker: Arc<dyn Asker>,
        attention: Attention,
        account: Account,
        scopes: &[String],
        tokens: Tokens,
    ) -> Self {
        let graph = place.cloud.graph_default_scope();
        let mut state = State { shelf: Shelf::default(), refresh: None, asked: Vec::new() };
        state.keep(&graph, scopes, tokens, &place);
        Self {
            place,
            way,
            asker,
            attention,
            account,
            graph,
            state: Mutex::new(Some(state)),
            gone: CancellationToken::new(),
            refreshing: Turns::default(),
            asking: Turns::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn token(&self, scopes: &[&str], ask: &Ask) -> Result<AccessToken, AuthError> {
        ask.person.watch(&self.attention);
        let want = Want { key: scopes.join(" "), scopes: &ask.scopes, ask };
        tokio::select! {
            biased;
            () = self.gone.cancelled() => Err(AuthError::SignedOut),
            token = Box::pin(self.find(&want)) => token,
        }
    }

    /// A held token, else one by a silent refresh, else one by asking. Calls side by side wait for one another, and take
    /// what the first one got.
    async fn find(&self, want: &Want<'_>) -> Result<AccessToken, AuthError> {
        for _ in 0..ROUNDS {
            if let Some(token) = self.held(want)? {
                return Ok(token);
            }
            // What a challenge wants only the operator can give.
            if want.ask.claims.is_none()
                && let Some(token) = self.refreshed(want).await?
            {
                return Ok(token);
            }
            if let Some(token) = self.asked(want).await? {
                return Ok(token);
            }
        }
        Err(AuthError::NeedsInteraction { scopes: self.missing(want) })
    }

    fn held(&self, want: &Want<'_>) -> Result<Option<AccessToken>, AuthError> {
        let state = self.state();
        let state = state.as_ref().ok_or(AuthError::SignedOut)?;
        let (now, refused) = (self.place.clock.now(), want.ask.refused.as_ref());
        let wanted = if want.key == self.graph { want.scopes } else { &[] };
        state.shelf.good_for(&want.key, now, refused, wanted).map(super::held::Held::to_access_token).transpose()
    }

    /// Which of the wanted scopes the last token did not carry.
    fn missing(&self, want: &Want<'_>) -> Vec<String> {
        let state = self.state();
        let held = state.as_ref().map(|state| state.shelf.scopes(&self.graph)).unwrap_or_default();
        scope::missing(held, want.scopes)
    }

    /// What is asked for in all, and the refresh token.
    fn union(&self, want: &Want<'_>) -> Result<(Vec<String>, Option<SecretString>), AuthError> {
        let state = self.state();
        let state = state.as_ref().ok_or(AuthError::SignedOut)?;
        Ok((scope::union(&state.asked, want.scopes), state.refresh.clone()))
    }

    /// By the refresh token, without the operator; `None` where only they can help.
    async fn refreshed(&self, want: &Want<'_>) -> Result<Option<AccessToken>, AuthError> {
        let seen = self.refreshing.seen();
        let mut turn = self.refreshing.next().await;
        if let Some(token) = self.held(want)? {
            return Ok(Some(token));
        }
        let is_graph = want.key == self.graph;
        if is_graph && turn.failed_since(seen).is_some() {
            return Ok(None);
        }
        let (union, refresh) = self.union(want)?;
        let Some(refresh) = refresh else { return Ok(None) };
        let scopes = if is_graph {
            scope::to_send(&self.place.cloud, &union)
        } else {
            want.key.split(' ').map(str::to_owned).chain(["offline_access".to_owned()]).collect()
        };
        match self.refresh(&refresh, &scopes).await {
            Ok(tokens) => {
                let lacking = scope::missing(&tokens.granted(&scopes), if is_graph { want.scopes } else { &[] });
                self.keep(&want.key, if is_graph { &union } else { &scopes }, tokens)?;
                if lacking.is_empty() {
                    turn.ended(None);
                    return self.held(want);
                }
                let lacks = AuthError::NotGranted { scopes: lacking };
                turn.ended(Some(lacks.clone()));
                // Who asked for all there is would get no more by asking the operator.
                if scope::is_default(&union) { Err(lacks) } else { Ok(None) }
            }
            Err(error) if error.needs_person() => {
                turn.ended(Some(error));
                Ok(None)
            }
            Err(error) => Err(whereabouts::named_by(error, &self.place.cloud)),
        }
    }

    async fn refresh(&self, refresh: &SecretString, scopes: &[String]) -> Result<Tokens, AuthError> {
        let (client_id, scopes, claims) = (self.place.client_id.to_string(), scopes.join(" "), with_capability(None)?);
        let form = form(&[
            ("grant_type", "refresh_token"),
            ("client_id", &client_id),
            ("refresh_token", refresh.expose_secret()),
            ("scope", &scopes),
            ("claims", &claims),
        ]);
        let http = TokenHttp::new(&self.place.http, &*self.place.clock, Repeat::WhenBusy);
        http.get_tokens(&self.place.authority.token_endpoint, &form).await
    }

    /// By asking the operator; `None` where another call has asked them meanwhile and it is worth looking again.
    async fn asked(&self, want: &Want<'_>) -> Result<Option<AccessToken>, AuthError> {
        let missing = self.missing(want);
        if want.ask.interaction == Interaction::Never || want.key != self.graph {
            return Err(AuthError::NeedsInteraction { scopes: missing });
        }
        let seen = self.asking.seen();
        let mut turn = self.asking.next().await;
        if let Some(token) = self.held(want)? {
            return Ok(Some(token));
        }
        if turn.is_later_than(seen) {
            // An operator who said no is not asked the same again by whoever waited behind.
            return turn.failed_since(seen).map_or(Ok(None), Err);
        }
        let why = match &want.ask.claims {
            Some(_) => Reason::Challenge,
            None if missing.is_empty() => Reason::Ended,
            None => Reason::Scopes(missing),
        };
        let outcome = self.step(want, &why).await;
        turn.ended(outcome.as_ref().err().cloned());
        outcome?;
        self.held(want)
    }

    async fn step(&self, want: &Want<'_>, why: &Reason) -> Result<(), AuthError> {
        let (union, _) = self.union(want)?;
        let scopes = scope::to_send(&self.place.cloud, &union);
        let hint = Some(self.account.user_name.as_str()).filter(|name| !name.is_empty());
        let step = Step {
            place: &self.place,
            asker: &*self.asker,
            attention: &self.attention,
            why,
            scopes: &scopes,
            claims: &with_capability(want.ask.claims.as_deref())?,
            login_hint: hint,
            select_account: false,
            patience: PATIENCE,
        };
        let (tokens, account) = step.ask(self.way).await?;
        if !self.account.is_same_as(&account) {
            return Err(AuthError::OtherAccount { expected: self.account.user_name.clone(), got: account.user_name });
        }
        let lacking = scope::missing(&tokens.granted(&scopes), want.scopes);
        self.keep(&self.graph, &union, tokens)?;
        if lacking.is_empty() { Ok(()) } else { Err(AuthError::NotGranted { scopes: lacking }) }
    }

    fn keep(&self, key: &str, asked: &[String], tokens: Tokens) -> Result<(), AuthError> {
        let mut state = self.state();
        // Signed out meanwhile: what came too late goes.
        let state = state.as_mut().ok_or(AuthError::SignedOut)?;
        state.keep(key, asked, tokens, &self.place);
        Ok(())
    }
}

impl State {
    fn keep(&mut self, key: &str, asked: &[String], tokens: Tokens, place: &Place) {
        let granted = tokens.granted(asked);
        if key == place.cloud.graph_default_scope() {
            // What was not given is not asked for again by itself.
            let is_kept = |scope: &&String| scope::covers(&granted, scope) || scope::is_default(asked);
            self.asked = asked.iter().filter(is_kept).cloned().collect();
        }
        self.shelf.put(key.to_owned(), tokens.held(&*place.clock).with_scopes(granted));
        // The old one should be discarded once there is a new one (graph-facts 11).
        if let Some(next) = tokens.refresh_token {
            self.refresh = Some(next);
        }
    }
}

#[async_trait]
impl TokenCredential for Session {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.token(scopes, &Ask::of(options.as_ref())).await.map_err(AuthError::into_azure)
    }
}
