//! The tenant's clock, which tests and the `advance` dial move.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

#[derive(Debug, Clone, Copy)]
enum Source {
    Real { ahead: Duration },
    Frozen { now: Timestamp },
}

/// The time as the tenant sees it: tokens, secrets and replication follow it. Clones share one clock.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    source: Arc<Mutex<Source>>,
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::real()
    }
}

impl VirtualClock {
    /// The computer's time, plus whatever it is [advanced](Self::advance) by.
    #[must_use]
    pub fn real() -> Self {
        Self { source: Arc::new(Mutex::new(Source::Real { ahead: Duration::ZERO })) }
    }

    /// Stands still at `now` until it is advanced.
    #[must_use]
    pub fn frozen(now: Timestamp) -> Self {
        Self { source: Arc::new(Mutex::new(Source::Frozen { now })) }
    }

    /// The time now, UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match *self.source.lock().unwrap_or_else(PoisonError::into_inner) {
            Source::Real { ahead } => later(Timestamp::now(), ahead),
            Source::Frozen { now } => now,
        }
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        match &mut *self.source.lock().unwrap_or_else(PoisonError::into_inner) {
            Source::Real { ahead } => *ahead = ahead.saturating_add(by),
            Source::Frozen { now } => *now = later(*now, by),
        }
    }
}

/// `from` plus `by`, at most the last instant that can be written.
pub(crate) fn later(from: Timestamp, by: Duration) -> Timestamp {
    from.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// `from` minus `by`, at least the first instant that can be written.
pub(crate) fn earlier(from: Timestamp, by: Duration) -> Timestamp {
    from.checked_sub(by).unwrap_or(Timestamp::MIN)
}

/// Whole days as a duration.
pub(crate) const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

/// As HTTP writes a time.
pub(crate) fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A date as Graph writes it: UTC with `Z`, whole seconds.
pub(crate) fn graph_date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A date as clients write it: an instant, or a day, which begins at midnight UTC.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let day = || TimeZone::UTC.to_timestamp(text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0)).ok();
    text.parse().ok().or_else(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_advanced_and_clones_share_it() {
        let clock = VirtualClock::frozen(Timestamp::UNIX_EPOCH);
        let other = clock.clone();
        clock.advance(Duration::from_secs(90));
        assert_eq!(other.now().as_second(), 90);
        assert_eq!(graph_date(other.now()), "1970-01-01T00:01:30Z");
    }

    #[test]
    fn instants_and_days_are_dates_and_nothing_else_is() {
        assert_eq!(instant("2026-06-01T11:00:00+02:00"), instant("2026-06-01T09:00:00Z"));
        assert_eq!(instant("2026-06-01"), instant("2026-06-01T00:00:00Z"));
        assert!(instant("2026-06-01").is_some());
        for wrong in ["", "soon", "2026", "7d5e5e0c-1111-4222-8333-444455556666"] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }
}
