//! macOS: the login keychain.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::CredentialStore;
use keyring_core::error::PlatformError;

use super::{Finding, Phase};
use crate::item::ItemName;

pub(crate) const PLACE: &str = "macOS Keychain";

pub(crate) const ABSENT: &str = "There is no login keychain to use. Nothing was read or written. Open Keychain Access, \
    create or repair the default keychain, and try again.";
pub(crate) const LOCKED: &str = "The macOS login keychain is locked and cannot ask for its password here. Nothing was \
    read or written. Unlock it in Keychain Access (or with \"security unlock-keychain\") and try again.";
pub(crate) const DECLINED: &str = "Access to the macOS Keychain was denied. Nothing was read or written. Try again and \
    choose Allow in the keychain's prompt.";
pub(crate) const NOT_FOUND: &str = "The macOS Keychain works but holds no such item: it was stored on another computer \
    or by another user, or it was removed. Create a new secret to replace it.";

/// Longest secret in UTF-16 units; the macOS Keychain sets no limit that matters here.
pub(crate) const LONGEST_SECRET: Option<usize> = None;

// Status codes of Security.framework (SecBase.h).
const USER_CANCELED: i32 = -128;
const AUTH_FAILED: i32 = -25293;
const NOT_AVAILABLE: i32 = -25291;
const NO_SUCH_KEYCHAIN: i32 = -25294;
const INVALID_KEYCHAIN: i32 = -25295;
const NO_DEFAULT_KEYCHAIN: i32 = -25307;
const INTERACTION_NOT_ALLOWED: i32 = -25308;
const INTERACTION_REQUIRED: i32 = -25315;

pub(crate) fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

pub(crate) fn with_modifiers<T>(_name: &ItemName, build: impl FnOnce(&HashMap<&str, &str>) -> T) -> T {
    build(&HashMap::from([("keychain", "User")]))
}

pub(crate) fn find(error: &PlatformError, _phase: Phase) -> Finding {
    let Some(code) = error.downcast_ref::<security_framework::base::Error>().map(|error| error.code()) else {
        return Finding::Failed(error.to_string());
    };
    match code {
        USER_CANCELED | AUTH_FAILED => Finding::Declined,
        INTERACTION_NOT_ALLOWED | INTERACTION_REQUIRED => Finding::Locked,
        NOT_AVAILABLE | NO_SUCH_KEYCHAIN | INVALID_KEYCHAIN | NO_DEFAULT_KEYCHAIN => Finding::Absent,
        code => Finding::Failed(format!("OSStatus {code}")),
    }
}

/// What a `NoStorageAccess` means: the code inside tells a missing keychain from one that may not be written.
pub(crate) fn find_no_access(error: &PlatformError, phase: Phase) -> Finding {
    find(error, phase)
}
