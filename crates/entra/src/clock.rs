//! Time, passed in: nothing in the rooms reads the system clock or sleeps by itself.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

/// The wall clock and the only way to wait.
///
/// Tests pass a clock whose [`sleep`](Clock::sleep) moves the practice tenant's virtual clock and returns at once.
#[async_trait]
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time now, UTC.
    fn now(&self) -> Timestamp;
    /// Waits for `duration`.
    async fn sleep(&self, duration: Duration);
}

/// The computer's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
