//! How long the operator takes over a page: their time is not the network's, and counts against no deadline.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When the operator of one session is asked, and how long they have taken so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Attention(Arc<Mutex<Taken>>);

#[derive(Debug, Default)]
struct Taken {
    before: Duration,
    since: Option<Instant>,
}

impl Attention {
    /// From now on the operator is waited for, until the result goes.
    pub(super) fn begin(&self) -> Attending {
        self.taken().since = Some(Instant::now());
        Attending(self.clone())
    }

    fn total(&self) -> Duration {
        let taken = self.taken();
        taken.before + taken.since.map(|since| since.elapsed()).unwrap_or_default()
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The operator is waited for as long as this lives.
#[derive(Debug)]
pub(super) struct Attending(Attention);

impl Drop for Attending {
    fn drop(&mut self) {
        let mut taken = self.0.taken();
        if let Some(since) = taken.since.take() {
            taken.before += since.elapsed();
        }
    }
}

/// The operator's time as one call sees it: also while another call of the same session asks them.
#[derive(Debug, Clone, Default)]
pub struct PersonTime(Arc<Mutex<Option<(Attention, Duration)>>>);

impl PersonTime {
    /// Counts from now what the operator takes.
    pub(super) fn watch(&self, attention: &Attention) {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.get_or_insert_with(|| (attention.clone(), attention.total()));
    }

    /// What they have taken.
    #[must_use]
    pub fn taken(&self) -> Duration {
        let watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.as_ref().map(|(attention, from)| attention.total().saturating_sub(*from)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_taken_while_one_looks_counts() {
        let attention = Attention::default();
        let earlier = attention.begin();
        while attention.total().is_zero() {}
        drop(earlier);
        let person = PersonTime::default();
        assert_eq!(person.taken(), Duration::ZERO, "nobody is watched");
        person.watch(&attention);
        assert_eq!(person.taken(), Duration::ZERO, "what was before is another call's");
        let now = attention.begin();
        while person.taken().is_zero() {}
        person.watch(&attention);
        assert!(!person.taken().is_zero(), "watching again begins nothing anew");
        drop(now);
        let end = person.taken();
        assert_eq!(person.taken(), end, "and it stands still afterwards");
    }
}
