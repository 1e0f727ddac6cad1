//! Times as Microsoft's services write them, read leniently: one odd time must not make its object unreadable.

use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// "Never ends" is written as the last moment of this year, which is beyond what a `Timestamp` holds.
const LAST_YEAR: i16 = 9999;

/// The time that `text` tells: UTC where it names no zone (graph-facts 10), [`Timestamp::MAX`] where it is later than
/// that, none where it tells none.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    if let Ok(exact) = text.parse() {
        return Some(exact);
    }
    let pieces = Pieces::parse(text).ok()?;
    let civil = pieces.date().to_datetime(pieces.time()?);
    if civil.year() == LAST_YEAR {
        return Some(Timestamp::MAX);
    }
    if pieces.offset().is_some() {
        return None;
    }
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// An optional time of an object, as [`read`] reads it: none too where something else than text stands.
pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().and_then(read))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_times_are_exact_endless_ones_are_the_last_and_odd_ones_none() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        for (text, expected) in [
            ("2026-08-20T10:00:00Z", at("2026-08-20T10:00:00Z")),
            ("2026-08-20T10:00:00.1234567+02:00", at("2026-08-20T08:00:00.1234567Z")),
            ("2026-08-20T10:00:00", at("2026-08-20T10:00:00Z")),
            ("0001-01-01T00:00:00Z", at("0001-01-01T00:00:00Z")),
            ("9999-12-30T00:00:00Z", at("9999-12-30T00:00:00Z")),
            ("9999-12-31T23:59:59Z", Some(Timestamp::MAX)),
            ("9999-12-31T23:59:59.9999999Z", Some(Timestamp::MAX)),
            ("9999-12-31T23:59:59", Some(Timestamp::MAX)),
            ("12026-08-20T10:00:00Z", None),
            ("2026-08-20", None),
            ("2026-13-40T10:00:00Z", None),
            ("never", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_time_can_be_counted_with() {
        let now: Timestamp = "2026-08-20T10:00:00Z".parse().expect("a time");
        assert_eq!((Timestamp::MAX.as_second() - now.as_second()) / 86_400, 2_912_210);
        assert!(Timestamp::MAX.duration_since(now).as_secs() > 0);
        assert!(Timestamp::MAX.to_string().starts_with("9999-12-30T22:00"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}|[0-9T:Z.+-]{0,30}") {
            let _ = read(&text);
        }
    }
}
