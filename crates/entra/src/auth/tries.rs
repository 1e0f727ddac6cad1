//! How often a request to the sign-in service is sent, and how long is waited in between (security P50).

use std::time::Duration;

use ::http::StatusCode;
use backon::ExponentialBackoff;

use super::error::AuthError;
use crate::clock::Clock;
use crate::http::{Reply, delays_from, retry_after, seconds};

const TRIES: u32 = 3;
/// The first wait where the service asks for none; a little more each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Longer ones are not sat out: the operator hears of them instead.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// The tries of one request.
pub(super) struct Tries<'a> {
    clock: &'a dyn Clock,
    delays: ExponentialBackoff,
    /// Which one is under way, counted from 1.
    pub(super) number: u32,
}

impl<'a> Tries<'a> {
    pub(super) fn new(clock: &'a dyn Clock) -> Self {
        Self { clock, delays: delays_from(FIRST_WAIT), number: 1 }
    }

    /// How long the service asks to wait, in seconds or by a date.
    pub(super) fn asked(&self, reply: &Reply) -> Option<Duration> {
        retry_after(reply.header("retry-after"), reply.header("date"), self.clock.now())
    }

    /// Waits as long as was asked, or a little; false when it is not to be tried again.
    pub(super) async fn again(&mut self, asked: Option<Duration>) -> bool {
        let delay = asked.or_else(|| self.delays.next()).unwrap_or(LONGEST_WAIT);
        if self.number >= TRIES || delay > LONGEST_WAIT {
            return false;
        }
        self.clock.sleep(delay).await;
        self.number += 1;
        true
    }
}

/// Whether the service says that it is busy or has a fault.
pub(super) fn is_busy(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// What is told when it stays so.
pub(super) fn busy(host: &str, status: StatusCode, asked: Option<Duration>) -> AuthError {
    AuthError::Busy { host: host.to_owned(), status: status.as_u16(), retry_after: asked.map(seconds) }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::Timestamp;

    use super::*;

    /// Notes how long it was to sleep.
    #[derive(Debug, Default)]
    struct Noting(Mutex<Vec<Duration>>);

    #[async_trait::async_trait]
    impl Clock for Noting {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        async fn sleep(&self, duration: Duration) {
            self.0.lock().expect("unpoisoned").push(duration);
        }
    }

    #[tokio::test]
    async fn it_waits_as_it_is_told_and_else_a_little_and_ends() {
        let clock = Noting::default();
        let mut tries = Tries::new(&clock);
        assert!(tries.again(Some(Duration::from_secs(7))).await);
        assert!(tries.again(None).await);
        assert!(!tries.again(None).await, "three times are enough");
        let slept = clock.0.lock().expect("unpoisoned").clone();
        assert_eq!((slept.len(), slept[0]), (2, Duration::from_secs(7)));
        assert!(slept[1] >= FIRST_WAIT && slept[1] <= FIRST_WAIT * 2, "with jitter: {slept:?}");
    }

    #[tokio::test]
    async fn a_long_wait_is_told_and_not_sat_out() {
        let clock = Noting::default();
        assert!(!Tries::new(&clock).again(Some(Duration::from_secs(31))).await);
        assert!(clock.0.lock().expect("unpoisoned").is_empty());
    }
}
