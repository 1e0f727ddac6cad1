//! Windows: Credential Manager.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::CredentialStore;
use keyring_core::error::PlatformError;

use super::{Finding, Phase};
use crate::item::ItemName;

pub(crate) const PLACE: &str = "Windows Credential Manager";

pub(crate) const ABSENT: &str = "Windows Credential Manager is not available to this logon session, as over SSH or in a \
    service. Nothing was read or written. Sign in to the Windows desktop as the user who shall keep the secret and try \
    again.";
pub(crate) const LOCKED: &str = "Windows Credential Manager is locked. Nothing was read or written. Sign in to Windows \
    again and try again.";
pub(crate) const DECLINED: &str = "Access to Windows Credential Manager was refused. Nothing was read or written. Try \
    again and allow it.";
pub(crate) const NOT_FOUND: &str = "Windows Credential Manager works but holds no such item: it was stored on another \
    computer or by another user, or it was removed. Create a new secret to replace it.";

/// Longest secret in UTF-16 units: a generic credential takes 2,560 bytes (`CRED_MAX_CREDENTIAL_BLOB_SIZE`).
pub(crate) const LONGEST_SECRET: Option<usize> = Some(1280);

pub(crate) fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

pub(crate) fn with_modifiers<T>(_name: &ItemName, build: impl FnOnce(&HashMap<&str, &str>) -> T) -> T {
    // The store's default, Enterprise, lets the secret roam to every computer that the user signs in to.
    build(&HashMap::from([("persistence", "Local")]))
}

pub(crate) fn find(error: &PlatformError, _phase: Phase) -> Finding {
    // The store's text is its own: "Windows error code N", never a translated message.
    Finding::Failed(error.to_string())
}

/// `NoStorageAccess` has one meaning here: ERROR_NO_SUCH_LOGON_SESSION, no credential set for this session.
pub(crate) fn find_no_access(_error: &PlatformError, _phase: Phase) -> Finding {
    Finding::Absent
}
