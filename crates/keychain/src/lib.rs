//! The operating system's keychain, bounded and testable.
//!
//! A secret of this product rests in one place only: Windows Credential Manager, the macOS Keychain or, on Linux, the
//! Secret Service (GNOME Keyring, KWallet, KeePassXC). There is no plain-text fallback.
//!
//! Three facts shape this crate (security.md 7, measured; `docs/decisions/0003-keychain-stores.md`):
//! a keychain call can hang for ever, so each runs on a worker thread and is waited for only so long ([`Bounds`]);
//! a store object that is held goes stale when the keychain's service restarts, so one is built per operation;
//! and an error of the stores can carry the secret itself, so only [`KeychainError`], which never does, leaves here.

mod classify;
mod error;
mod item;
mod keychain;
mod late;
mod platform;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod worker;

pub use error::{KeychainError, OtherKind};
pub use item::{ItemName, NameFault};
pub use keychain::{Bounds, Keychain, StoreFactory};
