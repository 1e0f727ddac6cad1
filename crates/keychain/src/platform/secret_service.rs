//! Linux and the BSDs: the Secret Service over D-Bus.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::CredentialStore;
use keyring_core::error::PlatformError;
use secret_service::Error as ServiceError;
use zbus::DBusError as _;

use super::{Finding, Phase};
use crate::item::ItemName;

pub(crate) const PLACE: &str = "Secret Service keyring";

pub(crate) const ABSENT: &str = "There is no keychain to use: no Secret Service answers in this session, or it has no \
    default keyring yet. Nothing was read or written. Sign in to a desktop with GNOME Keyring, KWallet or KeePassXC \
    running, create its default keyring if it has none, and try again.";
pub(crate) const LOCKED: &str = "The Secret Service keyring is locked. Nothing was read or written. Unlock it (in \
    Passwords and Keys, KWalletManager or KeePassXC) and try again.";
pub(crate) const DECLINED: &str = "The keyring's prompt was closed without permission. Nothing was read or written. Try \
    again and answer the prompt with the keyring's password.";
pub(crate) const NOT_FOUND: &str = "The Secret Service keyring works but holds no such item: it was stored on another \
    computer or by another user, or it was removed. Create a new secret to replace it.";

/// Longest secret in UTF-16 units; the Secret Service sets no limit (1 MB measured, security.md 7).
pub(crate) const LONGEST_SECRET: Option<usize> = None;

pub(crate) fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

pub(crate) fn with_modifiers<T>(name: &ItemName, build: impl FnOnce(&HashMap<&str, &str>) -> T) -> T {
    // Without a label the store writes "keyring:user@service", which tells nobody what the item is.
    let label = name.to_string();
    build(&HashMap::from([("label", label.as_str())]))
}

pub(crate) fn find(error: &PlatformError, phase: Phase) -> Finding {
    match error.downcast_ref::<ServiceError>() {
        Some(error) => find_service(error, phase),
        None => Finding::Failed(error.to_string()),
    }
}

/// What a `NoStorageAccess` means; its cause inside is more exact where it is known.
pub(crate) fn find_no_access(error: &PlatformError, phase: Phase) -> Finding {
    match find(error, phase) {
        Finding::Failed(_) => Finding::Locked,
        finding => finding,
    }
}

fn find_service(error: &ServiceError, phase: Phase) -> Finding {
    match error {
        ServiceError::Unavailable => Finding::Absent,
        // Only the look-up of the default collection gives this: a keyring that was never set up.
        ServiceError::NoResult => Finding::Absent,
        ServiceError::Locked => Finding::Locked,
        ServiceError::Prompt => Finding::Dismissed,
        ServiceError::PromptDisconnected => Finding::Unknown,
        ServiceError::Zbus(error) => find_bus(error, phase),
        ServiceError::ZbusFdo(error) => find_standard(error, phase),
        // Their texts may quote the message that could not be read.
        ServiceError::Crypto(_) => Finding::Failed("a message could not be decrypted".to_owned()),
        ServiceError::Zvariant(_) => Finding::Failed("a message could not be read".to_owned()),
        _ => Finding::Failed("an unknown error".to_owned()),
    }
}

fn find_bus(error: &zbus::Error, phase: Phase) -> Finding {
    match error {
        zbus::Error::MethodError(name, _, _) => find_name(name.as_str()),
        zbus::Error::FDO(error) => find_standard(error, phase),
        zbus::Error::Address(_) | zbus::Error::InterfaceNotFound | zbus::Error::Connection(..) => Finding::Absent,
        zbus::Error::InputOutput(_) | zbus::Error::Handshake(_) if phase == Phase::Open => Finding::Absent,
        zbus::Error::InputOutput(_) => Finding::Unknown,
        _ => Finding::Failed("D-Bus could not carry the message".to_owned()),
    }
}

fn find_standard(error: &zbus::fdo::Error, phase: Phase) -> Finding {
    match error {
        zbus::fdo::Error::ZBus(error) => find_bus(error, phase),
        other => find_name(other.name().as_str()),
    }
}

/// Reads the error by its D-Bus name: names are stable, texts are translated.
fn find_name(name: &str) -> Finding {
    if let Some(kind) = name.strip_prefix("org.freedesktop.Secret.Error.") {
        return match kind {
            "IsLocked" => Finding::Locked,
            "NoSession" | "NoSuchObject" => Finding::Stale,
            _ => Finding::Failed(name.to_owned()),
        };
    }
    if let Some(kind) = name.strip_prefix("org.freedesktop.DBus.Error.") {
        return match kind {
            "ServiceUnknown" | "NameHasNoOwner" | "NoServer" | "FileNotFound" | "NotSupported" | "BadAddress" => {
                Finding::Absent
            }
            kind if kind.starts_with("Spawn.") => Finding::Absent,
            "NoReply" | "Timeout" | "TimedOut" | "Disconnected" => Finding::Unknown,
            "UnknownObject" | "UnknownMethod" | "UnknownInterface" => Finding::Stale,
            _ => Finding::Failed(name.to_owned()),
        };
    }
    Finding::Failed(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_bus_names_tell_the_states_apart() {
        for (name, finding) in [
            ("org.freedesktop.Secret.Error.IsLocked", Finding::Locked),
            ("org.freedesktop.Secret.Error.NoSession", Finding::Stale),
            ("org.freedesktop.DBus.Error.ServiceUnknown", Finding::Absent),
            ("org.freedesktop.DBus.Error.Spawn.ServiceNotFound", Finding::Absent),
            ("org.freedesktop.DBus.Error.NoReply", Finding::Unknown),
            ("org.example.Odd", Finding::Failed("org.example.Odd".to_owned())),
        ] {
            assert_eq!(find_name(name), finding, "{name}");
        }
    }

    #[test]
    fn a_standard_error_is_read_by_name_however_it_is_wrapped() {
        let standard = || zbus::fdo::Error::ServiceUnknown("Le nom n'existe pas".to_owned());
        let wrapped: PlatformError = Box::new(ServiceError::Zbus(zbus::Error::FDO(Box::new(standard()))));
        assert_eq!(find(&wrapped, Phase::Item), Finding::Absent);
        let plain: PlatformError = Box::new(ServiceError::ZbusFdo(standard()));
        assert_eq!(find(&plain, Phase::Item), Finding::Absent);
    }

    #[test]
    fn a_lost_socket_means_absent_before_the_first_question_and_unknown_after() {
        let lost = || -> PlatformError {
            let error = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
            Box::new(ServiceError::Zbus(zbus::Error::InputOutput(Arc::new(error))))
        };
        assert_eq!(find(&lost(), Phase::Open), Finding::Absent);
        assert_eq!(find(&lost(), Phase::Item), Finding::Unknown);
    }
}
