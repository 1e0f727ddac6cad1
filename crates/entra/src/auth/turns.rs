//! One at a time, and whoever waited learns how it ended.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use super::error::AuthError;

/// Turns at something that one does for all.
#[derive(Debug, Default)]
pub(super) struct Turns {
    ended: AtomicU64,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    number: u64,
    failed: Option<AuthError>,
}

/// A turn; it counts only if it [`ended`](Turn::ended), not if it was given up.
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    last: MutexGuard<'a, Last>,
}

impl Turns {
    /// How many have ended: to be noted before waiting for one's own.
    pub(super) fn seen(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    /// Waits for one's turn.
    pub(super) async fn next(&self) -> Turn<'_> {
        Turn { turns: self, last: self.last.lock().await }
    }
}

impl Turn<'_> {
    /// Whether another's turn has ended since.
    pub(super) fn is_later_than(&self, seen: u64) -> bool {
        self.last.number > seen
    }

    /// How the last turn failed, if it has ended since.
    pub(super) fn failed_since(&self, seen: u64) -> Option<AuthError> {
        self.last.failed.clone().filter(|_| self.is_later_than(seen))
    }

    /// Tells those who wait.
    pub(super) fn ended(&mut self, failed: Option<AuthError>) {
        self.last.number += 1;
        self.last.failed = failed;
        self.turns.ended.store(self.last.number, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waited_learns_of_a_failure_and_whoever_comes_later_does_not() {
        let turns = Turns::default();
        let waiting = turns.seen();
        let mut first = turns.next().await;
        assert!(first.failed_since(waiting).is_none());
        first.ended(Some(AuthError::Cancelled));
        drop(first);
        assert_eq!(turns.next().await.failed_since(waiting), Some(AuthError::Cancelled));
        let later = turns.seen();
        assert!(turns.next().await.failed_since(later).is_none());
        // Given up: nobody learns anything.
        drop(turns.next().await);
        assert!(!turns.next().await.is_later_than(later));
    }
}
