//! One of the service's limits, kept by waiting: so many units in a window.

use std::time::Duration;

/// So many units in each window, as the service publishes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) units: u32,
    pub(crate) window: Duration,
}

/// Four fifths of the limit are ours, half of them at once and half as time passes: so no window, wherever it begins,
/// sees more than the four fifths. From there on the service warns, and the last fifth is for answers that were late
/// and for what else this app does in the tenant.
const SHARE_OF_WINDOW: (i128, i128) = (5, 2);

/// How full a limit's bucket is: told by the instant at which it will be empty, in nanoseconds.
#[derive(Debug)]
pub(super) struct Bucket {
    /// How long a unit takes to drain.
    per_unit: i128,
    window: i128,
    empty: i128,
}

impl Bucket {
    pub(super) fn of(limit: Limit) -> Self {
        let window = nanoseconds(limit.window);
        let (times, of) = SHARE_OF_WINDOW;
        let per_unit = window.saturating_mul(times) / (of * i128::from(limit.units.max(1)));
        Self { per_unit, window, empty: i128::MIN }
    }

    /// Takes `units`, and says from when on they may be used.
    pub(super) fn take(&mut self, now: i128, units: u32) -> i128 {
        self.empty = self.empty.max(now).saturating_add(self.worth(units.into()));
        now.max(self.empty.saturating_sub(self.window))
    }

    /// Sets right what was taken, once the service has told.
    pub(super) fn correct(&mut self, taken: u32, truly: u32) {
        self.empty = self.empty.saturating_add(self.worth(i128::from(truly) - i128::from(taken)));
    }

    fn worth(&self, units: i128) -> i128 {
        self.per_unit.saturating_mul(units)
    }
}

pub(super) fn nanoseconds(duration: Duration) -> i128 {
    i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: i128 = 1_000_000_000;
    const LIMIT: Limit = Limit { units: 100, window: Duration::from_secs(10) };

    #[test]
    fn what_was_taken_too_much_is_given_back_and_too_little_is_taken() {
        let mut bucket = Bucket::of(LIMIT);
        assert_eq!(bucket.take(0, 40), 0, "half of four fifths at once");
        assert_eq!(bucket.take(0, 4), SECOND, "and four in each second");
        bucket.correct(44, 40);
        assert_eq!(bucket.take(0, 4), SECOND);
        bucket.correct(4, 12);
        assert_eq!(bucket.take(0, 4), 4 * SECOND);
        assert_eq!(bucket.take(60 * SECOND, 40), 60 * SECOND, "all has drained");
    }

    proptest! {
        #[test]
        fn no_window_sees_more_than_four_fifths(gaps in proptest::collection::vec((0..3_000_i128, 1..4_u32), 1..200)) {
            let mut bucket = Bucket::of(LIMIT);
            let (mut now, mut sent) = (0, Vec::new());
            for (milliseconds, units) in gaps {
                now += milliseconds * 1_000_000;
                sent.push((bucket.take(now, units), units));
            }
            for (begin, _) in &sent {
                let within = sent.iter().filter(|(at, _)| (*begin..begin + 10 * SECOND).contains(at));
                prop_assert!(within.map(|(_, units)| units).sum::<u32>() <= 80);
            }
        }
    }
}
