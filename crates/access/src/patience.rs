//! Waiting for Entra to spread a change to all its replicas: to a deadline, visibly, cancellable (promise P39).

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use inbound_entra::clock::Clock;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

/// How long a step waits for replication. Real cases took up to half a minute (graph-facts 10).
pub(crate) const LIMIT: Duration = Duration::from_secs(120);
/// How many reads in a row must agree that something is not there: one good read proves nothing (graph-facts 10).
pub(crate) const GOOD_READS: u32 = 5;

/// What is older than this is seen everywhere. The longest seen is half a minute, but a lost request may be carried out
/// late (graph-facts 10).
pub(crate) const SPREADS: Duration = Duration::from_secs(600);

/// Why there is no further try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The time is up.
    Deadline,
    /// The operator cancelled.
    Cancelled,
}

/// The waits of one step.
pub(crate) struct Patience<'a> {
    clock: &'a dyn Clock,
    cancel: CancellationToken,
    began: Timestamp,
    limit: Duration,
    delays: ExponentialBackoff,
    attempt: u32,
    waited: Duration,
}

impl<'a> Patience<'a> {
    pub(crate) fn new(clock: &'a dyn Clock, cancel: CancellationToken, limit: Duration) -> Self {
        let delays = ExponentialBuilder::default()
            .with_min_delay(Duration::from_secs(1))
            .with_factor(1.7)
            .with_max_delay(Duration::from_secs(10))
            .without_max_times()
            .build();
        Self { clock, cancel, began: clock.now(), limit, delays, attempt: 1, waited: Duration::ZERO }
    }

    /// How many tries there were so far, the first among them.
    pub(crate) fn tries(&self) -> u32 {
        self.attempt
    }

    /// Waits before the next try, after telling `heard` which try that is (from 2) and the seconds since the first.
    pub(crate) async fn wait(&mut self, heard: impl Fn(u32, u32)) -> Result<(), Ended> {
        if self.cancel.is_cancelled() {
            return Err(Ended::Cancelled);
        }
        // By the clock, but never less than was waited: a clock that jumps back must not make a step endless.
        let elapsed = Duration::try_from(self.clock.now().duration_since(self.began)).unwrap_or_default();
        let elapsed = elapsed.max(self.waited);
        let delay = self.delays.next().unwrap_or(Duration::from_secs(10));
        if elapsed.saturating_add(delay) > self.limit {
            return Err(Ended::Deadline);
        }
        self.attempt = self.attempt.saturating_add(1);
        heard(self.attempt, u32::try_from(elapsed.as_secs()).unwrap_or(u32::MAX));
        self.waited = self.waited.saturating_add(delay);
        let sleep = self.clock.sleep(delay);
        if self.cancel.run_until_cancelled(sleep).await.is_none() {
            return Err(Ended::Cancelled);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;

    #[derive(Debug)]
    struct Jumping(Mutex<Timestamp>);

    #[async_trait]
    impl Clock for Jumping {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
        async fn sleep(&self, duration: Duration) {
            let mut now = self.0.lock().unwrap();
            *now = now.checked_add(duration).unwrap();
        }
    }

    #[tokio::test]
    async fn waits_grow_and_end_at_the_limit() {
        let clock = Jumping(Mutex::new(Timestamp::UNIX_EPOCH));
        let mut patience = Patience::new(&clock, CancellationToken::new(), LIMIT);
        let heard = Mutex::new(Vec::new());
        let ended = loop {
            if let Err(ended) = patience.wait(|attempt, seconds| heard.lock().unwrap().push((attempt, seconds))).await {
                break ended;
            }
        };
        assert_eq!(ended, Ended::Deadline);
        let heard = heard.into_inner().unwrap();
        assert_eq!(heard[..4], [(2, 0), (3, 1), (4, 2), (5, 5)]);
        assert!(clock.now() <= Timestamp::UNIX_EPOCH.checked_add(LIMIT).unwrap());
        assert!(heard.len() > 10, "{heard:?}");
    }

    #[tokio::test]
    async fn cancelling_ends_it() {
        let clock = Jumping(Mutex::new(Timestamp::UNIX_EPOCH));
        let cancel = CancellationToken::new();
        let mut patience = Patience::new(&clock, cancel.clone(), LIMIT);
        assert_eq!(patience.wait(|_, _| {}).await, Ok(()));
        cancel.cancel();
        assert_eq!(patience.wait(|_, _| {}).await, Err(Ended::Cancelled));
    }
}
