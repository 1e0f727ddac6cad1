//! What can go wrong at a keychain, in the five states that an operator can act on (promise P21).

use crate::item::ItemName;
use crate::platform;

/// Why a keychain operation did not succeed. Holds no secret, so it may be shown and logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// No keychain is there to use: no service answers, or it has no default keyring. Nothing was read or written.
    #[error("{}", platform::ABSENT)]
    Absent,
    /// The keychain is locked and was not unlocked. Nothing was read or written.
    #[error("{}", platform::LOCKED)]
    Locked,
    /// The operator refused the keychain's own prompt. Nothing was read or written.
    #[error("{}", platform::DECLINED)]
    Declined,
    /// The keychain works and holds no such item.
    #[error("{}", platform::NOT_FOUND)]
    NotFound,
    /// Anything else.
    #[error("{words}")]
    Other {
        /// Which kind of trouble.
        kind: OtherKind,
        /// What happened and the way out, for the operator; never a secret.
        words: String,
    },
}

/// The troubles outside the four plain states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherKind {
    /// No answer in time, or the connection broke, or what was stored could not be read back: **unknown**. A write may
    /// have landed or still land; reading again tells.
    TimedOut,
    /// Earlier requests still wait for the keychain, so this one was not sent: nothing was read or written.
    Crowded,
    /// Several items carry this name, so none is taken for the right one.
    Ambiguous,
    /// The item is there, but its content is not text that this product wrote.
    Damaged,
    /// The keychain refused or failed.
    Failed,
}

impl KeychainError {
    pub(crate) fn other(kind: OtherKind, words: impl Into<String>) -> Self {
        Self::Other { kind, words: words.into() }
    }

    pub(crate) fn failed(words: impl Into<String>) -> Self {
        Self::other(OtherKind::Failed, words)
    }

    /// Several items under one name, counted; their contents and attributes stay out of the text.
    pub(crate) fn ambiguous(count: usize, name: &ItemName) -> Self {
        Self::other(
            OtherKind::Ambiguous,
            format!(
                "{count} items in the {} are named \"{name}\", so it is not known which one is right. Another program \
                 may have made the second one. Remove the wrong one in the keychain's own window and try again.",
                platform::PLACE
            ),
        )
    }

    /// An item that cannot be read as text; its bytes stay out of the text.
    pub(crate) fn damaged(name: &ItemName) -> Self {
        Self::other(
            OtherKind::Damaged,
            format!(
                "The item \"{name}\" in the {} does not hold a secret that Inbound Access wrote. Create a new secret, \
                 or remove the item in the keychain's own window.",
                platform::PLACE
            ),
        )
    }

    /// The connection to the keychain broke off in the middle.
    pub(crate) fn broken_off() -> Self {
        Self::other(
            OtherKind::TimedOut,
            format!(
                "The connection to the {} broke off, so it is unknown whether the last step took place. Try again: what \
                 was stored is found again.",
                platform::PLACE
            ),
        )
    }

    /// The keychain took an item, and reading it back failed.
    pub(crate) fn unverified() -> Self {
        Self::other(
            OtherKind::TimedOut,
            format!(
                "The {} took the secret but did not let it be read back, so it is unknown whether it is kept. Check that \
                 the keychain is unlocked and works in its own window, then try again: what was stored is found again.",
                platform::PLACE
            ),
        )
    }

    /// Earlier requests are in the way.
    pub(crate) fn crowded() -> Self {
        Self::other(
            OtherKind::Crowded,
            format!(
                "The {} has not answered earlier requests yet, so this one was not sent. Nothing was read or written. \
                 Answer its open window if there is one, or restart it, and try again.",
                platform::PLACE
            ),
        )
    }

    /// Nothing came within the bound.
    pub(crate) fn timed_out(bound: std::time::Duration) -> Self {
        Self::other(
            OtherKind::TimedOut,
            format!(
                "The {} did not answer within {} seconds, so it is unknown whether the step took place. It may be \
                 waiting for you to unlock it in another window. Answer that window if there is one, then try again: \
                 what was stored is found again.",
                platform::PLACE,
                bound.as_secs()
            ),
        )
    }
}
