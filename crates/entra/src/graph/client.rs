//! Sends requests, tries again where that is right, and sorts what comes back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ::http::{HeaderValue, StatusCode};
use azure_core::credentials::{TokenCredential, TokenRequestOptions};
use azure_core::http::{ClientMethodOptions, Context};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::sync::{OnceCell, SemaphorePermit};
use tokio::time::timeout;
use url::Url;

use super::attempt::{Attempt, Next, Received, host_of};
use super::call::{Answer, Call, WaitReason};
use super::error::GraphError;
use super::pacer::{Limits, PUBLISHED, Pacer, Place};
use super::request::Request;
use super::retry::{Ended, PATIENCE_WITH_FAULTS, Pace};
use crate::auth::{Ask, AuthError, Interaction, PersonTime};
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::http::{BODY_CAP, Http, HttpError, NoConnection, delays, seconds};
use crate::model::GraphResource;

/// The client of one tenant, signed in as one user or app. Clones share connections and what was read once.
#[derive(Clone)]
pub struct Graph {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) cloud: Cloud,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) resource: OnceCell<GraphResource>,
    http: Http,
    credential: Arc<dyn TokenCredential>,
    scope: String,
    /// What the operator has taken over sign-in pages, since the first token.
    person: PersonTime,
    pacer: Pacer,
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph").field("cloud", &self.inner.cloud.key).finish_non_exhaustive()
    }
}

impl Graph {
    /// A client of `cloud` that signs its calls with `credential`.
    ///
    /// # Errors
    /// When no TLS client can be set up on this computer.
    pub fn new(cloud: Cloud, credential: Arc<dyn TokenCredential>, clock: Arc<dyn Clock>) -> Result<Self, GraphError> {
        Self::within(PUBLISHED, cloud, credential, clock)
    }

    /// As [`new`](Self::new), within other limits than the published ones.
    pub(super) fn within(
        limits: Limits,
        cloud: Cloud,
        credential: Arc<dyn TokenCredential>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, GraphError> {
        let http = Http::of(&cloud).map_err(|_| GraphError::NotSent {
            why: NoConnection::Setup,
            host: host_of(&cloud.graph),
            client_request_id: String::new(),
        })?;
        http.measure_by(Arc::clone(&clock));
        let scope = cloud.graph_default_scope();
        let (resource, person, pacer) = (OnceCell::new(), PersonTime::default(), Pacer::new(limits));
        Ok(Self { inner: Arc::new(Inner { cloud, clock, resource, http, credential, scope, person, pacer }) })
    }

    pub(super) fn pace<'a>(&'a self, call: &'a Call) -> Pace<'a> {
        Pace::new(call, &*self.inner.clock, &self.inner.person)
    }

    /// Sends `request` and gives what it answers.
    pub(super) async fn get<T: DeserializeOwned>(&self, call: &Call, request: &Request) -> Result<T, GraphError> {
        let url = request.url(&self.inner.cloud);
        self.send(&mut self.pace(call), request, url, BODY_CAP).await?.read()
    }

    /// As [`get`](Self::get), with `None` for what is not there.
    pub(super) async fn find<T: DeserializeOwned>(
        &self,
        call: &Call,
        request: &Request,
    ) -> Result<Option<T>, GraphError> {
        match self.get(call, request).await {
            Ok(found) => Ok(Some(found)),
            Err(GraphError::Refused(refusal)) if refusal.is_not_found() && !refusal.is_transient() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a write.
    pub(super) async fn write(&self, call: &Call, request: &Request) -> Result<Received, GraphError> {
        let url = request.url(&self.inner.cloud);
        self.send(&mut self.pace(call), request, url, BODY_CAP).await
    }

    /// Sends a write whose answer says nothing but that it is done.
    pub(super) async fn write_only(&self, call: &Call, request: &Request) -> Result<Answer<()>, GraphError> {
        Ok(self.write(call, request).await?.answer(()))
    }

    /// Sends `request` to `url`, again where that is right, until there is an answer or the deadline passes.
    pub(super) async fn send(
        &self,
        pace: &mut Pace<'_>,
        request: &Request,
        url: Url,
        cap: usize,
    ) -> Result<Received, GraphError> {
        let mut attempt = Attempt::new(request, &url);
        let body = match &request.body {
            Some(body) => Some(serde_json::to_vec(body).map_err(|_| attempt.not_sent(NoConnection::Setup))?),
            None => None,
        };
        let mut delays = delays();
        let mut faults = 0;
        // A token that was refused, and what is wanted of the next: the next attempt asks for it, those after it do not.
        let mut ask = Ask::default();
        // An earlier attempt whose outcome is unknown: no later failure may claim that nothing was changed.
        let mut doubt: Option<GraphError> = None;
        loop {
            attempt.number += 1;
            let token = match self.token(pace, request, std::mem::take(&mut ask)).await {
                Ok(token) => token,
                Err(error) => return Err(doubt.unwrap_or(error)),
            };
            let headers = match bearer(&token).and_then(|token| attempt.headers(&token)) {
                Ok(headers) => headers,
                Err(error) => return Err(doubt.unwrap_or(error)),
            };
            let (place, turn) = match self.turn(pace, &attempt, &url).await {
                Ok(turn) => turn,
                Err(error) => return Err(doubt.unwrap_or(error)),
            };
            if pace.call.cancel.is_cancelled() {
                return Err(doubt.unwrap_or(GraphError::Cancelled));
            }
            let remaining = pace.remaining();
            if remaining.is_zero() {
                return Err(doubt.unwrap_or_else(|| attempt.not_sent(NoConnection::TimedOut)));
            }
            let exchange = self.inner.http.send(request.method.clone(), url.clone(), headers, body.as_deref(), cap);
            let outcome = tokio::select! {
                biased;
                () = pace.call.cancel.cancelled() => return Err(doubt.unwrap_or_else(|| attempt.cancelled())),
                outcome = timeout(remaining, exchange) => {
                    outcome.unwrap_or(Err(HttpError::NoAnswer { timed_out: true }))
                }
            };
            drop(turn);
            attempt.log(&outcome);
            // Whoever is refused is told when to come again, and heeds that alone.
            if let Ok(reply) = &outcome
                && reply.status != StatusCode::TOO_MANY_REQUESTS
            {
                self.inner.pacer.heard(place, &reply.headers);
            }
            let (reason, after, is_fault, otherwise) = match attempt.judge(outcome, pace) {
                Next::Done(mut received) => {
                    received.after_doubt = doubt.is_some();
                    return Ok(received);
                }
                // A refusal says nothing of what an earlier attempt has done.
                Next::Fail(error) => return Err(doubt.unwrap_or(error)),
                Next::Renew => {
                    attempt.renewed = true;
                    ask.refused = Some(token);
                    continue;
                }
                Next::Challenge(claims) => {
                    attempt.challenged = true;
                    ask.refused = Some(token);
                    ask.claims = Some(claims);
                    continue;
                }
                Next::Again { reason, after, is_fault, otherwise } => (reason, after, is_fault, otherwise),
            };
            faults += u32::from(is_fault);
            if matches!(otherwise, GraphError::Unclear { .. }) {
                doubt = Some(otherwise.clone());
            }
            if faults > PATIENCE_WITH_FAULTS {
                return Err(doubt.unwrap_or(otherwise));
            }
            let delay = after.or_else(|| delays.next()).unwrap_or(Duration::from_secs(30));
            let from = pace.now();
            if reason == WaitReason::Throttled {
                self.inner.pacer.refused(from, delay);
            }
            match pace.wait(reason, delay, attempt.number).await {
                Ok(()) => self.inner.pacer.waited(from, delay),
                Err(Ended::Cancelled) => return Err(doubt.unwrap_or(GraphError::Cancelled)),
                Err(Ended::Deadline) => return Err(doubt.unwrap_or_else(|| out_of_time(otherwise, delay))),
            }
        }
    }

    /// Waits until the service's limits leave room for the request, and until few enough others are on their way.
    async fn turn<'a>(
        &'a self,
        pace: &mut Pace<'_>,
        attempt: &Attempt<'_>,
        url: &Url,
    ) -> Result<(Place, SemaphorePermit<'a>), GraphError> {
        let pacer = &self.inner.pacer;
        let failed = attempt.number.saturating_sub(1);
        let place = pacer.place(pace.now(), attempt.method(), url);
        if !place.wait.is_zero() {
            match pace.wait(WaitReason::Paced, place.wait, failed).await {
                Ok(()) => pacer.reached(place),
                Err(Ended::Cancelled) => return Err(GraphError::Cancelled),
                Err(Ended::Deadline) => return Err(out_of_time(attempt.throttled(None), place.wait)),
            }
        }
        if let Some(turn) = pacer.free_turn() {
            return Ok((place, turn));
        }
        let turn = pace.queue(pacer.turn(), failed).await.map_err(|ended| match ended {
            Ended::Cancelled => GraphError::Cancelled,
            Ended::Deadline => attempt.not_sent(NoConnection::TimedOut),
        })?;
        Ok((place, turn.ok_or_else(|| attempt.not_sent(NoConnection::Setup))?))
    }

    /// Has the held token replaced by a new one, silently; where that does not go, it is used on.
    pub(super) async fn renew(&self, call: &Call, request: &Request) {
        let quiet = Call { interaction: Interaction::Never, ..call.clone() };
        let pace = self.pace(&quiet);
        if let Ok(held) = self.token(&pace, request, Ask::default()).await {
            let _ = self.token(&pace, request, Ask { refused: Some(held), ..Ask::default() }).await;
        }
    }

    /// An access token for `request`, as `ask` wants it.
    async fn token(&self, pace: &Pace<'_>, request: &Request, ask: Ask) -> Result<SecretString, GraphError> {
        let call = pace.call;
        let ask = Ask {
            scopes: request.scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            interaction: call.interaction,
            person: self.inner.person.clone(),
            ..ask
        };
        let context = Context::new().with_value(ask);
        let options = TokenRequestOptions { method_options: ClientMethodOptions { context } };
        let scopes = [self.inner.scope.as_str()];
        let token = tokio::select! {
            biased;
            () = call.cancel.cancelled() => return Err(GraphError::Cancelled),
            token = self.inner.credential.get_token(&scopes, Some(options)) => token,
            () = pace.over() => {
                let (host, why) = (host_of(&self.inner.cloud.login), NoConnection::TimedOut);
                return Err(GraphError::SignIn(AuthError::Unreachable { host, why }));
            }
        };
        match token {
            Ok(token) => Ok(SecretString::from(token.token.secret())),
            Err(error) => Err(GraphError::SignIn(AuthError::from_credential(&error))),
        }
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, GraphError> {
    let unusable = |_| GraphError::SignIn(AuthError::Unreadable { what: "the access token" });
    // Moved into the header, not copied.
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

fn out_of_time(otherwise: GraphError, delay: Duration) -> GraphError {
    match otherwise {
        GraphError::Throttled { attempts, request_id, client_request_id, .. } => {
            GraphError::Throttled { retry_after: seconds(delay), attempts, request_id, client_request_id }
        }
        other => other,
    }
}
