//! How fast this client asks, so that the service need not refuse (graph-facts 10, decision 17): requests wait for room
//! in the published limits, slow down when the service warns, hold back with whoever was refused, and only so many are
//! on their way at once.
//!
//! Whoever was throttled all the same waits by the service's own word ([`retry`](super::retry)).

mod cost;
mod limit;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ::http::{HeaderMap, Method};
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use cost::Cost;
use limit::{Bucket, Limit, nanoseconds};

/// What the service allows, and what is asked at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) units: Limit,
    pub(super) writes: Limit,
    pub(super) at_once: usize,
}

/// Those of an app in the smallest kind of tenant; larger ones allow more. The limit of 60 writes a minute on apps that
/// personal accounts may use is not among them: what this product registers is for one tenant alone, and of another
/// app's registration a run changes two or three things.
///
/// Sixteen at once: more than one piece of work has side by side, and at a tenth of a second an answer as many as the
/// limit of units lets through.
pub(super) const PUBLISHED: Limits = Limits {
    units: Limit { units: 3_500, window: WINDOW },
    writes: Limit { units: 3_000, window: Duration::from_secs(150) },
    at_once: 16,
};

/// What the limit of units is counted over.
const WINDOW: Duration = Duration::from_secs(10);

/// The used part of a limit, as answers tell it from 0.8 to 1.8.
const SHARE: &str = "x-ms-throttle-limit-percentage";
const WARNED: f64 = 0.8;
const MOST: f64 = 1.8;
/// Where a limit's use is to fall back to once the service has warned.
const CALM: f64 = 0.75;
/// What a request truly cost.
const UNITS: &str = "x-ms-resource-unit";
/// No published cost comes near it; what tells more is no cost.
const DEAREST: u32 = 20;

/// Shared by all clones of a client: its limits are those of one app in one tenant.
#[derive(Debug)]
pub(super) struct Pacer {
    turns: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    units: Bucket,
    writes: Bucket,
    /// The latest time that was seen or waited for. A clock that stands still or jumps back stops nothing.
    latest: i128,
    /// When the last request was to be sent.
    last: i128,
    /// What lies between two requests since the service warned.
    gap: i128,
    /// Until when all hold back, since one was refused.
    held: i128,
}

/// A request's place in the row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// How long to wait for it.
    pub(super) wait: Duration,
    at: i128,
    cost: Cost,
}

impl Pacer {
    pub(super) fn new(limits: Limits) -> Self {
        let state = State {
            units: Bucket::of(limits.units),
            writes: Bucket::of(limits.writes),
            latest: i128::MIN,
            last: i128::MIN,
            gap: 0,
            held: i128::MIN,
        };
        Self { turns: Semaphore::new(limits.at_once), state: Mutex::new(state) }
    }

    /// Takes what the request costs from the limits. Whoever gives up in the wait leaves its place empty.
    pub(super) fn place(&self, now: Timestamp, method: &Method, url: &Url) -> Place {
        let cost = Cost::of(method, url);
        let mut state = self.state();
        let now = state.seen(now);
        let units = state.units.take(now, cost.units);
        let writes = if cost.writes > 0 { state.writes.take(now, cost.writes) } else { now };
        let spaced = state.last.saturating_add(state.gap);
        let at = units.max(writes).max(spaced).max(state.held).max(now);
        state.last = at;
        let wait = u64::try_from(at.saturating_sub(now)).unwrap_or(u64::MAX);
        Place { wait: Duration::from_nanos(wait), at, cost }
    }

    /// The wait for `place` is over, whatever the clock says.
    pub(super) fn reached(&self, place: Place) {
        let mut state = self.state();
        state.latest = state.latest.max(place.at);
    }

    /// A turn that is free at once.
    pub(super) fn free_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.try_acquire().ok()
    }

    /// The next turn, first come, first served; held as long as a request is on its way. None would be a pacer that is
    /// closed, which nobody does.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.acquire().await.ok()
    }

    /// Learns from an answer what the request truly cost, and how much of a limit is used.
    pub(super) fn heard(&self, place: Place, headers: &HeaderMap) {
        let value = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        let units = value(UNITS).and_then(|text| text.parse().ok()).filter(|units| (1..=DEAREST).contains(units));
        let share: Option<f64> = value(SHARE).and_then(|text| text.parse().ok());
        let gap = share.filter(|share| *share >= WARNED).map_or(0, gap);
        let mut state = self.state();
        if let Some(units) = units {
            state.units.correct(place.cost.units, units);
        }
        state.gap = gap;
    }

    /// One was refused and asked to wait for `delay`: all others hold back with it, or each would be refused and charged
    /// for it. But no longer than a window, for it may be meant for this one resource.
    pub(super) fn refused(&self, now: Timestamp, delay: Duration) {
        let mut state = self.state();
        let until = state.seen(now).saturating_add(nanoseconds(delay.min(WINDOW)));
        state.held = state.held.max(until);
    }

    /// `delay` has been waited since `from`, whatever the clock says.
    pub(super) fn waited(&self, from: Timestamp, delay: Duration) {
        let mut state = self.state();
        let until = state.seen(from).saturating_add(nanoseconds(delay));
        state.latest = state.latest.max(until);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn seen(&mut self, now: Timestamp) -> i128 {
        self.latest = self.latest.max(now.as_nanosecond());
        self.latest
    }
}

/// As long as a limit of which `share` is used takes to fall back, if nobody else asks.
fn gap(share: f64) -> i128 {
    nanoseconds(WINDOW.mul_f64(share.min(MOST) - CALM))
}

#[cfg(test)]
mod tests;
