//! From an error of a store to one of the five states, by kind and code, never by English text (promise P21).
//!
//! `keyring_core::Error` must never be printed: `Debug` shows the secret's bytes (`BadEncoding`), and so does nothing
//! here. Its bytes are wiped on the way.

use keyring_core::Error;
use zeroize::Zeroize as _;

use crate::error::KeychainError;
use crate::item::ItemName;
use crate::platform::{self, Finding, Phase};

/// What to do about an error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The service restarted under the store: repeat the operation once with a new store.
    Stale,
    /// Tell the caller.
    Told(KeychainError),
}

impl Trouble {
    /// What the caller is told when there is no further repeat.
    pub(crate) fn into_error(self) -> KeychainError {
        match self {
            Self::Stale => KeychainError::broken_off(),
            Self::Told(error) => error,
        }
    }
}

impl From<KeychainError> for Trouble {
    fn from(error: KeychainError) -> Self {
        Self::Told(error)
    }
}

/// Turns a store's error into what the operator can act on, and wipes the bytes it may carry.
///
/// `announced`: the operator was told that a prompt is open, so a closed prompt is their answer.
pub(crate) fn classify(error: Error, name: &ItemName, phase: Phase, announced: bool) -> Trouble {
    let told = match error {
        Error::NoEntry => KeychainError::NotFound,
        Error::NoStorageAccess(error) => return from_finding(platform::find_no_access(&error, phase), announced),
        Error::PlatformFailure(error) => return from_finding(platform::find(&error, phase), announced),
        Error::Ambiguous(items) => KeychainError::ambiguous(items.len(), name),
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            KeychainError::damaged(name)
        }
        Error::BadStoreFormat(_) => KeychainError::failed(format!(
            "The {} is damaged. Repair it in the keychain's own window and try again.",
            platform::PLACE
        )),
        Error::TooLong(what, limit) => KeychainError::failed(format!(
            "The {} takes at most {limit} bytes for {what}. Nothing was stored.",
            platform::PLACE
        )),
        Error::Invalid(what, why) => {
            KeychainError::failed(format!("The {} does not take this {what}: {why}.", platform::PLACE))
        }
        Error::NoDefaultStore => KeychainError::Absent,
        Error::NotSupportedByStore(_) => {
            KeychainError::failed(format!("The {} does not offer what is needed here.", platform::PLACE))
        }
        _ => KeychainError::failed(format!("The {} failed in a way that is not known here.", platform::PLACE)),
    };
    Trouble::Told(told)
}

fn from_finding(finding: Finding, announced: bool) -> Trouble {
    let told = match finding {
        Finding::Stale => return Trouble::Stale,
        Finding::Absent => KeychainError::Absent,
        Finding::Declined => KeychainError::Declined,
        // Without a display the prompt closes by itself; only an operator who was told of it can have declined.
        Finding::Dismissed if announced => KeychainError::Declined,
        Finding::Dismissed | Finding::Locked => KeychainError::Locked,
        Finding::Unknown => KeychainError::broken_off(),
        Finding::Failed(words) => KeychainError::failed(format!(
            "The {} failed: {words}. Check that it works in its own window and that the disk has room, then try again.",
            platform::PLACE
        )),
    };
    Trouble::Told(told)
}

#[cfg(test)]
#[path = "classify_tests.rs"]
mod tests;
