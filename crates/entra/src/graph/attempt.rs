//! One attempt at a request: its headers, its trace in the log, and what its outcome means.

use std::time::Duration;

use ::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::de::DeserializeOwned;
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::call::{Answer, WaitReason};
use super::challenge;
use super::error::{GraphError, Lost, Unreadable};
use super::refusal::Refusal;
use super::request::Request;
use super::retry::{Nature, Pace};
use crate::auth::AuthError;
use crate::http::{HttpError, NoConnection, Reply, retry_after};

/// A good answer.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) body: Zeroizing<Vec<u8>>,
    pub(super) request_id: Option<String>,
    pub(super) client_request_id: String,
    /// An earlier attempt at the same request went unanswered.
    pub(super) after_doubt: bool,
    nature: Nature,
}

/// What to do after one attempt.
pub(super) enum Next {
    Done(Received),
    Fail(GraphError),
    /// Try again with a new token: this one was not accepted, so nothing was done.
    Renew,
    /// Try again with a token that meets these claims, as JSON: nothing was done (graph-facts 11).
    Challenge(String),
    Again {
        reason: WaitReason,
        after: Option<Duration>,
        /// Faults are tried a few times, requests to wait until the deadline.
        is_fault: bool,
        otherwise: GraphError,
    },
}

/// One request on its way: what every attempt and every error needs.
pub(super) struct Attempt<'a> {
    request: &'a Request,
    nature: Nature,
    client_request_id: String,
    host: String,
    /// Counted from 1.
    pub(super) number: u32,
    /// Whether a token was refused once and a new one asked for: a second refusal is final.
    pub(super) renewed: bool,
    /// Whether a claims challenge was answered: a second one is final.
    pub(super) challenged: bool,
}

impl<'a> Attempt<'a> {
    /// One `client-request-id` for all attempts at the same request.
    pub(super) fn new(request: &'a Request, url: &Url) -> Self {
        Self {
            request,
            nature: Nature::of(request),
            client_request_id: Uuid::new_v4().to_string(),
            host: host_of(url),
            number: 0,
            renewed: false,
            challenged: false,
        }
    }

    pub(super) fn method(&self) -> &Method {
        &self.request.method
    }

    pub(super) fn headers(&self, token: &HeaderValue) -> Result<HeaderMap, GraphError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, token.clone());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if self.request.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        headers.insert("return-client-request-id", HeaderValue::from_static("true"));
        let own = self.request.headers.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in own.chain([("client-request-id", self.client_request_id.as_str())]) {
            let value = HeaderValue::from_str(value).map_err(|_| self.not_sent(NoConnection::Setup))?;
            let name = HeaderName::try_from(name).map_err(|_| self.not_sent(NoConnection::Setup))?;
            headers.insert(name, value);
        }
        Ok(headers)
    }

    /// Method, path without values that may hold names, status and ids: never a token or a body.
    pub(super) fn log(&self, outcome: &Result<Reply, HttpError>) {
        let (status, request_id, error) = match outcome {
            Ok(reply) => (reply.status.as_u16(), reply.header("request-id"), None),
            Err(error) => (0, None, Some(error)),
        };
        tracing::debug!(
            method = %self.request.method,
            path = loggable(&self.request.path),
            status,
            error = error.map(tracing::field::display),
            attempt = self.number,
            request_id,
            client_request_id = self.client_request_id,
            "graph"
        );
    }

    pub(super) fn judge(&self, outcome: Result<Reply, HttpError>, pace: &Pace<'_>) -> Next {
        match outcome {
            Ok(reply) => self.judge_reply(reply, pace),
            Err(HttpError::NotSent(why)) if !why.may_pass() => Next::Fail(self.not_sent(why)),
            Err(HttpError::NotSent(why)) => self.again_after_network(self.not_sent(why)),
            Err(HttpError::Setup) => Next::Fail(self.not_sent(NoConnection::Setup)),
            Err(HttpError::NoAnswer { timed_out }) => {
                let (why, lost) = if timed_out {
                    (NoConnection::TimedOut, Lost::TimedOut)
                } else {
                    (NoConnection::Broken, Lost::NoAnswer)
                };
                match self.nature {
                    Nature::Read => self.again_after_network(self.not_sent(why)),
                    Nature::Upsert => self.again_after_network(self.unclear(lost, None)),
                    Nature::Write => Next::Fail(self.unclear(lost, None)),
                }
            }
            Err(HttpError::Truncated) => {
                let error = unreadable(self.nature, Unreadable::Truncated, 0, None, &self.client_request_id);
                if self.nature == Nature::Write { Next::Fail(error) } else { self.again_after_network(error) }
            }
            Err(HttpError::TooLarge { .. }) => {
                Next::Fail(unreadable(self.nature, Unreadable::TooLarge, 0, None, &self.client_request_id))
            }
        }
    }

    fn judge_reply(&self, reply: Reply, pace: &Pace<'_>) -> Next {
        let status = reply.status.as_u16();
        let request_id = reply.header("request-id").map(|id| id.chars().take(LONGEST_ID).collect());
        let after = retry_after(reply.header("retry-after"), reply.header("date"), pace.now());
        if matches!(status, 401 | 403)
            && let Some(claims) = challenge::claims(&reply.headers)
        {
            let again = Next::Fail(GraphError::SignIn(AuthError::ChallengedAgain));
            return if self.challenged { again } else { Next::Challenge(claims) };
        }
        match status {
            200..=299 => Next::Done(Received {
                status,
                body: reply.body,
                request_id,
                client_request_id: self.client_request_id.clone(),
                after_doubt: false,
                nature: self.nature,
            }),
            300..=399 => Next::Fail(self.redirected(&reply, request_id)),
            401 if !self.renewed => Next::Renew,
            429 => Next::Again {
                reason: WaitReason::Throttled,
                after,
                is_fault: false,
                otherwise: self.throttled(request_id),
            },
            // Even with Retry-After it may come from a proxy after the work was done, so a write is not sent again.
            503 if self.nature == Nature::Upsert && after.is_some() => Next::Again {
                reason: WaitReason::ServiceBusy,
                after,
                is_fault: false,
                otherwise: self.unclear(Lost::ServerFault(status), request_id),
            },
            503 | 504 if self.nature == Nature::Read => Next::Again {
                reason: WaitReason::ServiceBusy,
                after,
                is_fault: false,
                otherwise: self.throttled(request_id),
            },
            500.. => match self.nature {
                Nature::Read => Next::Again {
                    reason: WaitReason::ServiceBusy,
                    after,
                    is_fault: true,
                    otherwise: self.refused(&reply, request_id),
                },
                Nature::Upsert => Next::Again {
                    reason: WaitReason::ServiceBusy,
                    after,
                    is_fault: true,
                    otherwise: self.unclear(Lost::ServerFault(status), request_id),
                },
                Nature::Write => Next::Fail(self.unclear(Lost::ServerFault(status), request_id)),
            },
            _ => match self.refused(&reply, request_id) {
                error @ GraphError::Refused(_)
                    if self.nature == Nature::Read && error.refusal().is_some_and(Refusal::is_transient) =>
                {
                    Next::Again { reason: WaitReason::ServiceBusy, after, is_fault: true, otherwise: error }
                }
                error => Next::Fail(error),
            },
        }
    }

    fn refused(&self, reply: &Reply, request_id: Option<String>) -> GraphError {
        let status = reply.status.as_u16();
        match Refusal::parse(status, &reply.body) {
            Some(refusal) => Refusal {
                request_id: request_id.or(refusal.request_id),
                client_request_id: self.client_request_id.clone(),
                date: refusal.date,
                ..refusal
            }
            .into(),
            // Not Graph's words, so it says nothing of what Graph holds: least of all that something is not there.
            None => GraphError::Unreadable {
                why: Unreadable::NotJson,
                status,
                request_id,
                client_request_id: self.client_request_id.clone(),
            },
        }
    }

    fn redirected(&self, reply: &Reply, request_id: Option<String>) -> GraphError {
        let location = reply.header("location").and_then(|text| Url::parse(text).ok());
        match location.map(|url| host_of(&url)) {
            Some(host) if host != self.host => GraphError::ForeignHost { host },
            _ => GraphError::Unreadable {
                why: Unreadable::WrongShape,
                status: reply.status.as_u16(),
                request_id,
                client_request_id: self.client_request_id.clone(),
            },
        }
    }

    fn again_after_network(&self, otherwise: GraphError) -> Next {
        Next::Again { reason: WaitReason::Network, after: None, is_fault: true, otherwise }
    }

    pub(super) fn not_sent(&self, why: NoConnection) -> GraphError {
        GraphError::NotSent { why, host: self.host.clone(), client_request_id: self.client_request_id.clone() }
    }

    fn unclear(&self, why: Lost, request_id: Option<String>) -> GraphError {
        GraphError::Unclear { why, request_id, client_request_id: self.client_request_id.clone() }
    }

    pub(super) fn throttled(&self, request_id: Option<String>) -> GraphError {
        GraphError::Throttled {
            retry_after: 0,
            attempts: self.number,
            request_id,
            client_request_id: self.client_request_id.clone(),
        }
    }

    pub(super) fn cancelled(&self) -> GraphError {
        if self.nature == Nature::Read { GraphError::Cancelled } else { self.unclear(Lost::Cancelled, None) }
    }
}

impl Received {
    /// The value that was asked for.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, GraphError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            self.unreadable(match error.classify() {
                serde_json::error::Category::Data => Unreadable::WrongShape,
                serde_json::error::Category::Eof if !self.body.is_empty() => Unreadable::Truncated,
                _ => Unreadable::NotJson,
            })
        })
    }

    /// With the ids of the request.
    pub(super) fn answer<T>(self, value: T) -> Answer<T> {
        Answer {
            value,
            request_id: self.request_id,
            client_request_id: self.client_request_id,
            after_doubt: self.after_doubt,
        }
    }

    pub(super) fn unreadable(&self, why: Unreadable) -> GraphError {
        unreadable(self.nature, why, self.status, self.request_id.clone(), &self.client_request_id)
    }
}

/// A read whose answer makes no sense is just that; a write is done, or perhaps not.
fn unreadable(nature: Nature, why: Unreadable, status: u16, request_id: Option<String>, own_id: &str) -> GraphError {
    let client_request_id = own_id.to_owned();
    if nature == Nature::Read {
        GraphError::Unreadable { why, status, request_id, client_request_id }
    } else {
        GraphError::Unclear { why: Lost::Unreadable(why), request_id, client_request_id }
    }
}

/// Graph's ids have 36 characters; they are shown and kept, and so are bounded.
const LONGEST_ID: usize = 200;
/// No name in DNS is longer; a server may point to anything.
const LONGEST_HOST: usize = 253;

/// `host` or `host:port`.
pub(super) fn host_of(url: &Url) -> String {
    let host: String = url.host_str().unwrap_or("an address without a host").chars().take(LONGEST_HOST).collect();
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// The path with the values between quotes left out, and only the names of query options.
fn loggable(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut shown: String =
        path.split('\'').enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "'…'" }).collect();
    let names: Vec<_> = query.split('&').filter_map(|pair| pair.split('=').next()).filter(|n| !n.is_empty()).collect();
    if !names.is_empty() {
        shown.push('?');
        shown.push_str(&names.join("&"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p15_a_challenge_is_answered_once_whatever_the_status_and_a_second_one_is_final() {
        let request = crate::graph::request::me();
        let url = request.url(&crate::cloud::Cloud::global());
        let (call, person) = (crate::graph::Call::default(), crate::auth::PersonTime::default());
        let pace = Pace::new(&call, &crate::clock::SystemClock, &person);
        let reply = |status: u16| {
            let mut headers = HeaderMap::new();
            let challenge = r#"Bearer error="insufficient_claims", claims="eyJhIjp7fX0=""#;
            headers.insert("www-authenticate", HeaderValue::from_static(challenge));
            let status = ::http::StatusCode::from_u16(status).expect("a status");
            Ok(Reply { status, headers, body: Zeroizing::new(Vec::new()) })
        };
        for status in [401, 403] {
            let mut attempt = Attempt::new(&request, &url);
            let first = attempt.judge(reply(status), &pace);
            assert!(matches!(first, Next::Challenge(claims) if claims == r#"{"a":{}}"#), "{status}");
            attempt.challenged = true;
            let second = attempt.judge(reply(status), &pace);
            assert!(matches!(second, Next::Fail(GraphError::SignIn(AuthError::ChallengedAgain))), "{status}");
        }
    }

    #[test]
    fn a_host_that_no_address_has_is_not_repeated_whole() {
        let url = Url::parse(&format!("https://{}.example:8443/x", "a".repeat(10_000))).expect("a URL");
        assert_eq!(host_of(&url).len(), LONGEST_HOST + ":8443".len());
        assert_eq!(host_of(&Url::parse("https://Evil.example/x").expect("a URL")), "evil.example");
    }

    #[test]
    fn logs_hold_no_names() {
        let requests = [
            crate::graph::request::applications_named("Secret Project"),
            crate::graph::request::application_by_unique_name("Secret'Project"),
            crate::graph::request::service_principals_searched("Secret Project", None, 5),
        ];
        for request in requests {
            let text = loggable(&request.path);
            assert!(!text.contains("Secret") && !text.contains("Project"), "{text}");
            assert!(text.starts_with("/v1.0/"), "{text}");
        }
        assert_eq!(loggable("/v1.0/applications/1?$select=id"), "/v1.0/applications/1?$select");
    }
}
