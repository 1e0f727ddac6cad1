//! How long to wait before another attempt (graph-facts 10, security P50): the same for Graph and the sign-in service.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;

/// Shorter waits would count against the quota for nothing.
const SHORTEST: Duration = Duration::from_secs(1);
/// A server that asks for more is asking for another time.
const LONGEST: Duration = Duration::from_secs(300);

/// The delays between attempts where the server names none.
pub(crate) fn delays() -> ExponentialBackoff {
    delays_from(SHORTEST)
}

/// As [`delays`], the first one `first` or a little longer: for a broken network, which has no quota.
pub(crate) fn delays_from(first: Duration) -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(Duration::from_secs(30))
        .without_max_times()
        .with_jitter()
        .with_jitter_seed(rand::random())
        .build()
}

/// In whole seconds, rounded up.
pub(crate) fn seconds(delay: Duration) -> u32 {
    let whole = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
    u32::try_from(whole).unwrap_or(u32::MAX)
}

/// `Retry-After` in either form, clamped to 1 s ..= 5 min; `None` when there is none that can be read.
///
/// A date is measured against the server's own `Date`, so that a wrong clock here does not matter.
pub(crate) fn retry_after(header: Option<&str>, date: Option<&str>, now: Timestamp) -> Option<Duration> {
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

/// The time that a header tells, whatever weekday it claims.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p50_retry_after_is_read_in_both_forms_and_clamped() {
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
    fn p50_delays_grow_with_jitter_and_stay_bounded() {
        let delays: Vec<_> = delays().take(12).collect();
        for (nth, delay) in delays.iter().enumerate() {
            let base = Duration::from_secs(1 << nth.min(10)).min(Duration::from_secs(30));
            assert!(*delay >= base && *delay <= base * 2, "{nth}: {delay:?}");
        }
        let others: Vec<_> = super::delays().take(12).collect();
        assert_ne!(delays, others, "two clients must not come back at the same instant");
    }
}
