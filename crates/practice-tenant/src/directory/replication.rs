//! Eventual consistency (graph-facts 10): a read goes to a replica, and replicas learn of changes late.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::later;

/// The replica that a request reads from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Replica {
    pub now: Timestamp,
    pub delay: Duration,
    /// A replica that happens to be up to date.
    pub ahead: bool,
}

impl Replica {
    /// The primary: knows everything.
    pub const fn primary(now: Timestamp) -> Self {
        Self { now, delay: Duration::ZERO, ahead: true }
    }

    /// Whether the replica knows of what happened at `when`.
    pub fn knows(&self, when: Timestamp) -> bool {
        self.ahead || later(when, self.delay) <= self.now
    }

    /// Whether the replica shows what was made, and perhaps deleted, at these times.
    pub fn shows(&self, created: Timestamp, deleted: Option<Timestamp>) -> bool {
        self.knows(created) && !deleted.is_some_and(|deleted| self.knows(deleted))
    }

    /// Whether less than half of the wait since `when` has passed.
    pub fn is_early(&self, when: Timestamp) -> bool {
        later(when, self.delay / 2) > self.now
    }
}
