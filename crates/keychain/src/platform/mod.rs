//! The one part that differs between systems: which store, with which modifiers, and what its errors mean.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(target_os = "macos")]
pub(crate) use macos::*;

#[cfg(target_os = "windows")]
mod windows;
#[cfg(target_os = "windows")]
pub(crate) use windows::*;

#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use secret_service::*;

/// What a platform error of a store means, before it is known whether the operator had been told of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(dead_code, reason = "each system knows only some of these")]
pub(crate) enum Finding {
    /// No service, or no keyring in it.
    Absent,
    /// Locked, and no prompt was answered.
    Locked,
    /// The keychain's prompt closed without permission: the operator's doing, or nobody could see it.
    Dismissed,
    /// The operator refused; no doubt about it.
    Declined,
    /// The answer is lost.
    Unknown,
    /// The service restarted under the store: a new store may well succeed.
    Stale,
    /// Failed, with the system's own words or code (which hold no secret).
    Failed(String),
}

/// Where in an operation an error arose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// While the store was built: nothing had been asked yet.
    Open,
    /// While an item was read, written or removed.
    Item,
}
