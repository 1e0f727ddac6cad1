//! When to try again, and how long a call may go on (graph-facts 10, security P50 and P51).

use std::time::Duration;

use ::http::Method;
use jiff::Timestamp;
use tokio::time::Instant;

use super::call::{Call, Wait, WaitReason};
use super::request::Request;
use crate::auth::PersonTime;
use crate::clock::Clock;
use crate::http::seconds;

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

/// The time of one call, over all its requests and waits.
pub(super) struct Pace<'a> {
    pub(super) call: &'a Call,
    clock: &'a dyn Clock,
    waited: Duration,
    begun: Instant,
    /// What the operator takes over sign-in pages, and had taken before this call: their time is not the call's.
    person: &'a PersonTime,
    before: Duration,
}

impl<'a> Pace<'a> {
    pub(super) fn new(call: &'a Call, clock: &'a dyn Clock, person: &'a PersonTime) -> Self {
        Self { call, clock, waited: Duration::ZERO, begun: Instant::now(), person, before: person.taken() }
    }

    /// Waits, or says that no time would be left after it.
    pub(super) async fn wait(&mut self, reason: WaitReason, delay: Duration, attempt: u32) -> Result<(), Ended> {
        if self.used().saturating_add(delay) >= self.call.deadline {
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

    /// Waits behind others, for as long as that takes; nobody knows beforehand.
    pub(super) async fn queue<T>(&self, turn: impl Future<Output = T>, attempt: u32) -> Result<T, Ended> {
        (self.call.on_wait)(Wait { reason: WaitReason::Queued, seconds: 0, attempt });
        tokio::select! {
            biased;
            () = self.call.cancel.cancelled() => Err(Ended::Cancelled),
            turn = turn => Ok(turn),
            () = self.over() => Err(Ended::Deadline),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What is left of the call's deadline.
    pub(super) fn remaining(&self) -> Duration {
        self.call.deadline.saturating_sub(self.used())
    }

    /// Ends when no time is left, the operator's left out.
    pub(super) async fn over(&self) {
        loop {
            let remaining = self.remaining();
            if remaining.is_zero() {
                return;
            }
            // While the operator is at it nothing is used up, and it is looked again now and then.
            tokio::time::sleep(remaining.max(Duration::from_millis(20))).await;
        }
    }

    /// What has really passed, but never less than was waited by the clock: a wall clock that stands still or jumps
    /// neither makes a call endless nor ends it early, and a virtual one is counted.
    fn used(&self) -> Duration {
        let person = self.person.taken().saturating_sub(self.before);
        self.begun.elapsed().saturating_sub(person).max(self.waited)
    }
}

/// Why a wait did not end in another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Deadline,
    Cancelled,
}

#[cfg(test)]
mod tests {
    use super::*;

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
            r::delete_service_principal("a"),
        ] {
            assert_eq!(Nature::of(&write), Nature::Write, "{}", write.path);
        }
    }
}
