//! Throttling (graph-facts 10): so many requests a window and app, then 429.

use std::time::Duration;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use serde::{Deserialize, Serialize};

use crate::clock::{http_date, later};

/// Refuse Graph requests of an app beyond `limit` in each `window` with 429.
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
            // A date has no parts of a second: the next whole one, or who keeps to it comes too early.
            Self::Date => Some(http_date(next_whole_second(until))),
            Self::Absent => None,
        }
    }
}

fn next_whole_second(at: Timestamp) -> Timestamp {
    let round = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Ceil);
    at.round(round).unwrap_or(at)
}

/// Writes on applications that personal accounts may use: 60 a minute, whatever the dial says (graph-facts 10).
pub(crate) const PERSONAL_WRITES: Throttle =
    Throttle { limit: 60, window: Duration::from_secs(60), retry_after: RetryAfter::Seconds };

/// Reads of the provisioning log: 5 in 10 seconds (graph-facts 9).
pub(crate) const LOG_READS: Throttle =
    Throttle { limit: 5, window: Duration::from_secs(10), retry_after: RetryAfter::Seconds };

/// Uploads of users: 40 in 5 seconds, the stricter of what is documented (graph-facts 9).
pub(crate) const UPLOADS: Throttle =
    Throttle { limit: 40, window: Duration::from_secs(5), retry_after: RetryAfter::Seconds };

/// How much of its window an app has used.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    window_ends: Option<Timestamp>,
    used: u32,
}

/// A request that was one too many.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TooMany {
    /// The value of `Retry-After`, if any.
    pub retry_after: Option<String>,
    pub share: Share,
}

/// The part of the limit that is used, 1 when it is reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share(f64);

/// The header that tells it.
pub(crate) const SHARE: &str = "x-ms-throttle-limit-percentage";

impl Share {
    /// The value of [`SHARE`], which is sent above 0.8 and ends at 1.8.
    pub fn header(self) -> Option<String> {
        (self.0 > 0.8).then(|| format!("{:.2}", self.0.min(1.8)))
    }
}

impl Meter {
    /// Counts a request. Refused ones are charged as well: what exceeds the limit is taken from the next window, in
    /// which one request passes all the same.
    pub fn count(&mut self, throttle: Throttle, now: Timestamp) -> Result<Share, TooMany> {
        let ends = match self.window_ends {
            Some(ends) if now < ends => ends,
            last => {
                let is_next = last.is_some_and(|ends| now < later(ends, throttle.window));
                let excess = if is_next { self.used.saturating_sub(throttle.limit) } else { 0 };
                self.used = excess.min(throttle.limit.saturating_sub(1));
                later(now, throttle.window)
            }
        };
        self.window_ends = Some(ends);
        self.used = self.used.saturating_add(1);
        let share = Share(f64::from(self.used) / f64::from(throttle.limit.max(1)));
        if self.used > throttle.limit {
            return Err(TooMany { retry_after: throttle.retry_after.header(now, ends), share });
        }
        Ok(share)
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
        assert_eq!(meter.count(throttle, start).unwrap().header(), None);
        assert_eq!(meter.count(throttle, start).unwrap().header().as_deref(), Some("1.00"));
        let refused = meter.count(throttle, start).unwrap_err();
        assert_eq!((refused.retry_after.as_deref(), refused.share.header().as_deref()), (Some("10"), Some("1.50")));
        let ends = later(start, throttle.window);
        assert_eq!(RetryAfter::Date.header(start, ends).as_deref(), Some("Thu, 01 Jan 1970 00:00:10 GMT"));
        assert_eq!(RetryAfter::Absent.header(start, ends), None);
        assert!(meter.count(throttle, ends).is_ok());
    }

    #[test]
    fn who_asks_again_and_again_pays_in_the_next_window_but_is_never_shut_out() {
        let throttle = Throttle { limit: 4, window: Duration::from_secs(10), retry_after: RetryAfter::Seconds };
        let start = Timestamp::UNIX_EPOCH;
        let passed = |meter: &mut Meter, at: Timestamp| (0..9).filter(|_| meter.count(throttle, at).is_ok()).count();
        let mut meter = Meter::default();
        assert_eq!(passed(&mut meter, start), 4);
        assert_eq!(passed(&mut meter, later(start, throttle.window)), 1);
        assert_eq!(passed(&mut meter, later(start, throttle.window * 5)), 4, "after a pause all is forgiven");
    }
}
