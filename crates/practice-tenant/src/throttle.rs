//! The throttling dial (graph-facts 10): so many requests a window, then 429.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::later;

/// Refuse Graph requests beyond `limit` in each `window` with 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Requests answered in a window.
    pub limit: u32,
    /// The window's length, on the tenant's clock.
    pub window: Duration,
    /// How the refusal names the wait.
    pub retry_after: RetryAfter,
}

/// How `Retry-After` is written; some resources send none (graph-facts 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// Seconds until the window ends.
    #[default]
    Seconds,
    /// The instant at which the window ends, as an HTTP date.
    Date,
    /// Not at all.
    Absent,
}

impl RetryAfter {
    /// The header's value for a wait from `now` to `until`.
    pub(crate) fn header(self, now: Timestamp, until: Timestamp) -> Option<String> {
        match self {
            Self::Seconds => {
                let left = until.duration_since(now);
                let whole = left.as_secs() + i64::from(left.subsec_nanos() > 0);
                Some(whole.max(1).to_string())
            }
            Self::Date => Some(until.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            Self::Absent => None,
        }
    }
}

/// How much of the window is used.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    window_ends: Option<Timestamp>,
    used: u32,
}

impl Meter {
    /// Counts a request; `Err` holds the end of the window when it is one too many.
    pub fn count(&mut self, throttle: Throttle, now: Timestamp) -> Result<(), Timestamp> {
        let ends = match self.window_ends {
            Some(ends) if now < ends => ends,
            _ => {
                self.used = 0;
                later(now, throttle.window)
            }
        };
        self.window_ends = Some(ends);
        if self.used >= throttle.limit {
            return Err(ends);
        }
        self.used += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lets_its_number_pass_and_opens_again_when_it_ends() {
        let throttle = Throttle { limit: 2, window: Duration::from_secs(10), retry_after: RetryAfter::Seconds };
        let start = Timestamp::UNIX_EPOCH;
        let mut meter = Meter::default();
        assert!(meter.count(throttle, start).is_ok());
        assert!(meter.count(throttle, start).is_ok());
        let ends = meter.count(throttle, start).unwrap_err();
        assert_eq!(RetryAfter::Seconds.header(start, ends).as_deref(), Some("10"));
        assert_eq!(RetryAfter::Date.header(start, ends).as_deref(), Some("Thu, 01 Jan 1970 00:00:10 GMT"));
        assert_eq!(RetryAfter::Absent.header(start, ends), None);
        assert!(meter.count(throttle, ends).is_ok());
    }
}
