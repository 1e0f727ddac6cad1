//! What can go wrong with a call, sorted by what the caller may do next.

use crate::auth::AuthError;
use crate::graph::refusal::Refusal;
use crate::http::NoConnection;

/// Why a call to Graph gave no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum GraphError {
    /// Graph said no. Nothing was changed.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// A write was sent and its answer is lost, unreadable or a server fault: it may or may not have been done.
    /// Look before doing it again.
    #[error(
        "the request was sent, but {why}: it may or may not have been carried out (client-request-id {client_request_id})"
    )]
    Unclear {
        /// What happened to the answer.
        why: Lost,
        /// Graph's `request-id`, when the answer had one.
        request_id: Option<String>,
        /// Our `client-request-id`.
        client_request_id: String,
    },
    /// Nothing was sent, or a read got no answer. Nothing was changed.
    #[error("{host} could not be reached: {why}. Nothing was changed")]
    NotSent {
        /// Why there was no connection.
        why: NoConnection,
        /// The Graph host.
        host: String,
        /// Our `client-request-id`.
        client_request_id: String,
    },
    /// The answer to a read makes no sense.
    #[error("the answer of Microsoft Graph {why} (HTTP {status}, client-request-id {client_request_id})")]
    Unreadable {
        /// In which way.
        why: Unreadable,
        /// The HTTP status; 0 when even that was not read.
        status: u16,
        /// Graph's `request-id`, when the answer had one.
        request_id: Option<String>,
        /// Our `client-request-id`.
        client_request_id: String,
    },
    /// Graph kept asking to wait, and the call's deadline has passed or would pass. Nothing was changed.
    #[error(
        "Microsoft Graph is busy and asks to wait {retry_after} s more, which is longer than this call may take; try again later (client-request-id {client_request_id})"
    )]
    Throttled {
        /// How long Graph asked to wait at last, in seconds.
        retry_after: u32,
        /// How often it was tried.
        attempts: u32,
        /// Graph's `request-id`, when the answer had one.
        request_id: Option<String>,
        /// Our `client-request-id`.
        client_request_id: String,
    },
    /// The operator cancelled. A write that was already sent is `Unclear` instead.
    #[error("cancelled")]
    Cancelled,
    /// There is no token to call with.
    #[error("{0}")]
    SignIn(AuthError),
    /// An answer pointed to another place than this cloud's Graph, and was not followed.
    #[error(
        "the answer pointed to {host}, which is not this cloud's Microsoft Graph; it was not followed and no token was sent there"
    )]
    ForeignHost {
        /// Where it pointed.
        host: String,
    },
}

/// How the answer to a write was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The connection broke before an answer came.
    #[error("the connection broke before an answer came")]
    NoAnswer,
    /// No answer within sixty seconds.
    #[error("no answer came in time")]
    TimedOut,
    /// The operator cancelled while the answer was awaited.
    #[error("the wait for its answer was cancelled")]
    Cancelled,
    /// A server fault, by its status.
    #[error("the service had a fault (HTTP {0})")]
    ServerFault(u16),
    /// An answer came that makes no sense.
    #[error("its answer {0}")]
    Unreadable(Unreadable),
}

/// In which way an answer makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It broke off.
    #[error("broke off")]
    Truncated,
    /// It is no JSON, e.g. a page of a network log-in or a proxy.
    #[error("is no JSON, as when a proxy or a network sign-in page answers in its place")]
    NotJson,
    /// It is larger than what is read.
    #[error("is larger than any real one")]
    TooLarge,
    /// It is JSON, but not what was asked for.
    #[error("lacks what was asked for")]
    WrongShape,
}

impl GraphError {
    /// Graph's `request-id`, where an answer had one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.request_id.as_deref(),
            Self::Unclear { request_id, .. }
            | Self::Unreadable { request_id, .. }
            | Self::Throttled { request_id, .. } => request_id.as_deref(),
            Self::NotSent { .. } | Self::Cancelled | Self::SignIn(_) | Self::ForeignHost { .. } => None,
        }
    }

    /// Our `client-request-id`, where a request was made.
    #[must_use]
    pub fn client_request_id(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.client_request_id),
            Self::Unclear { client_request_id, .. }
            | Self::Unreadable { client_request_id, .. }
            | Self::Throttled { client_request_id, .. }
            | Self::NotSent { client_request_id, .. } => Some(client_request_id),
            Self::Cancelled | Self::SignIn(_) | Self::ForeignHost { .. } => None,
        }
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        if let Self::Refused(refusal) = self { Some(refusal) } else { None }
    }
}

impl From<Refusal> for GraphError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
