//! What one call to Graph may take, and what it gives back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub use crate::auth::Interaction;

/// How a call may be cancelled, how long it may go on, and who hears of its waits.
#[derive(Clone)]
pub struct Call {
    /// Cancelling it ends the call at once, in the midst of a wait too.
    pub cancel: CancellationToken,
    /// For the whole call with its tokens, exchanges, retries and pages, but without the time that the operator takes
    /// over a sign-in page. An exchange that it cuts off is a lost answer.
    pub deadline: Duration,
    /// Told before each wait.
    pub on_wait: Arc<dyn Fn(Wait) + Send + Sync>,
    /// Whether the operator may be asked to sign in again for it.
    pub interaction: Interaction,
}

impl Default for Call {
    /// Two minutes, not cancelled, nobody told.
    fn default() -> Self {
        Self {
            cancel: CancellationToken::new(),
            deadline: Duration::from_secs(120),
            on_wait: Arc::new(|_| {}),
            interaction: Interaction::Allowed,
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}

/// A wait before an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Why it waits.
    pub reason: WaitReason,
    /// For how long, in seconds, rounded up; 0 where nobody knows.
    pub seconds: u32,
    /// How many attempts have failed so far.
    pub attempt: u32,
}

/// Why a call waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitReason {
    /// 429: too many requests.
    Throttled,
    /// 5xx: the service is busy or has a fault.
    ServiceBusy,
    /// The network failed.
    Network,
    /// The service's limits leave no room for the request yet, or it has warned.
    Paced,
    /// As many requests as there may be are on their way.
    Queued,
}

/// What a write gave back, with the ids that Microsoft support asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The value.
    pub value: T,
    /// Graph's `request-id`.
    pub request_id: Option<String>,
    /// Our `client-request-id`.
    pub client_request_id: String,
    /// An earlier attempt at this request went unanswered, so what is found may be its work.
    pub after_doubt: bool,
}

/// The first rows of a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// As many as were asked for, or fewer.
    pub rows: Vec<T>,
    /// Whether there are more.
    pub more: bool,
}
