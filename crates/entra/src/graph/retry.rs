//! When to try again, and how long to wait before (graph-facts 10, security P50 and P51).

use std::time::Duration;

use ::http::Method;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;

use super::call::{Call, Wait, WaitReason};
use super::request::Request;
use crate::clock::Clock;

/// Shorter waits would count against the quota for nothing.
const SHORTEST: Duration = Duration::from_secs(1);
/// A server that asks for more is asking for another time.
const LONGEST: Duration = Duration::from_secs(300);
/// How often a fault that is no request to wait is tried again: it is either short or not ours to sit out.
pub(super) const PATIENCE_WITH_FAULTS: u32 = 4;

/// What may be done with a request whose answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Changes nothing.
    Read,
    /// Doing it twice is doing it once: creation by alternate key.
    Upsert,
    /// Must not be sent again unless it surely was not done.
    Write,
}

impl Nature {
    pub(super) fn of(request: &Request) -> Self {
        let is_upsert = request.headers.iter().any(|(name, value)| *name == "Prefer" && value == "create-if-missing");
        match request.method {
            Method::GET => Self::Read,
            Method::PATCH if is_upsert => Self::Upsert,
            _ => Self::Write,
        }
    }
}

/// The waits of one call, over all its requests.
pub(super) struct Pace<'a> {
    pub(super) call: &'a Call,
    clock: &'a dyn Clock,
    started: Timestamp,
    waited: Duration,
}

/// The delays between the attempts of one request, where the server names none.
pub(super) fn delays() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(SHORTEST)
        .with_max_delay(Duration::from_secs(30))
        .without_max_times()
        .with_jitter()
        .with_jitter_seed(rand::random())
        .build()
}

impl<'a> Pace<'a> {
    pub(super) fn new(call: &'a Call, clock: &'a dyn Clock) -> Self {
        Self { call, clock, started: clock.now(), waited: Duration::ZERO }
    }

    /// Waits, or says that the deadline would pass meanwhile.
    pub(super) async fn wait(&mut self, reason: WaitReason, delay: Duration, attempt: u32) -> Result<(), Ended> {
        if self.used().saturating_add(delay) > self.call.deadline {
            return Err(Ended::Deadline);
        }
        (self.call.on_wait)(Wait { reason, seconds: seconds(delay), attempt });
        self.waited = self.waited.saturating_add(delay);
        tokio::select! {
            biased;
            () = self.call.cancel.cancelled() => Err(Ended::Cancelled),
            () = self.clock.sleep(delay) => Ok(()),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// By the clock, but never less than was waited: a clock that stands still or jumps back must not make a call
    /// endless.
    fn used(&self) -> Duration {
        let elapsed = self.clock.now().duration_since(self.started);
        Duration::try_from(elapsed).unwrap_or_default().max(self.waited)
    }
}

/// Why a wait did not end in another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Deadline,
    Cancelled,
}

/// In whole seconds, rounded up.
pub(super) fn seconds(delay: Duration) -> u32 {
    let whole = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
    u32::try_from(whole).unwrap_or(u32::MAX)
}

/// `Retry-After` in either form, clamped to 1 s ..= 5 min; `None` when there is none that can be read.
///
/// A date is measured against the server's own `Date`, so that a wrong clock here does not matter.
pub(super) fn retry_after(header: Option<&str>, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let text = header?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let until = http_date(text)?;
        let from = date.and_then(http_date).unwrap_or(now);
        Duration::try_from(until.duration_since(from)).unwrap_or_default()
    };
    Some(wait.clamp(SHORTEST, LONGEST))
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms_and_clamped() {
        let now: Timestamp = "2026-08-20T10:00:00Z".parse().expect("a time");
        let date = Some("Thu, 20 Aug 2026 12:00:00 GMT");
        let cases = [
            (Some("1"), None, Some(1)),
            (Some(" 17 "), None, Some(17)),
            (Some("0"), None, Some(1)),
            (Some("300"), None, Some(300)),
            (Some("301"), None, Some(300)),
            (Some("99999999999999999999999999"), None, Some(300)),
            // By our clock when the server does not tell its own.
            (Some("Thu, 20 Aug 2026 10:00:30 GMT"), None, Some(30)),
            // By the server's clock, which is two hours ahead of ours.
            (Some("Thu, 20 Aug 2026 12:00:30 GMT"), date, Some(30)),
            (Some("Thu, 20 Aug 2026 11:00:00 GMT"), date, Some(1)),
            (Some("Fri, 21 Aug 2026 12:00:00 GMT"), date, Some(300)),
            // A wrong weekday is not worth hammering the server for.
            (Some("Mon, 20 Aug 2026 12:00:30 GMT"), date, Some(30)),
            (Some("-5"), None, None),
            (Some("1.5"), None, None),
            (Some("soon"), None, None),
            (Some(""), None, None),
            (None, date, None),
        ];
        for (header, date, expected) in cases {
            assert_eq!(retry_after(header, date, now), expected.map(Duration::from_secs), "{header:?}");
        }
    }

    #[test]
    fn delays_grow_with_jitter_and_stay_bounded() {
        let delays: Vec<_> = delays().take(12).collect();
        for (nth, delay) in delays.iter().enumerate() {
            let base = Duration::from_secs(1 << nth.min(10)).min(Duration::from_secs(30));
            assert!(*delay >= base && *delay <= base * 2, "{nth}: {delay:?}");
        }
        let others: Vec<_> = super::delays().take(12).collect();
        assert_ne!(delays, others, "two clients must not come back at the same instant");
    }

    #[test]
    fn only_creation_by_alternate_key_may_be_repeated() {
        use crate::graph::request as r;
        let new = r::NewApplication::new("x", None, Vec::new());
        assert_eq!(Nature::of(&r::me()), Nature::Read);
        assert_eq!(Nature::of(&r::upsert_application("x", &new)), Nature::Upsert);
        for write in [
            r::patch_requested("a", &[]),
            r::create_service_principal("a"),
            r::grant("a", "b", "c"),
            r::revoke("a", "b"),
            r::add_password("a", "b", Timestamp::UNIX_EPOCH),
            r::remove_password("a", "b"),
            r::delete_application("a"),
        ] {
            assert_eq!(Nature::of(&write), Nature::Write, "{}", write.path);
        }
    }
}
