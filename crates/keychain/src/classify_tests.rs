use keyring_core::{CredentialStore, Error};
use proptest::prelude::*;

use super::*;
use crate::error::OtherKind;
use crate::testing::FakeStore;

fn name() -> ItemName {
    ItemName::client_secret("practice", "tenant", "client", "key")
}

fn told(error: Error, announced: bool) -> KeychainError {
    classify(error, &name(), Phase::Item, announced).into_error()
}

#[test]
fn several_items_are_counted_and_none_is_shown() {
    let store = FakeStore::new();
    let built: std::sync::Arc<CredentialStore> = store.factory()().unwrap();
    let items = (0..3).map(|_| built.build("s", "hidden user", None).unwrap()).collect();
    let error = told(Error::Ambiguous(items), false);
    assert!(matches!(&error, KeychainError::Other { kind: OtherKind::Ambiguous, .. }));
    assert!(error.to_string().starts_with("3 items"), "{error}");
    assert!(!error.to_string().contains("hidden"), "{error}");
}

#[test]
fn bytes_that_are_no_text_are_never_shown() {
    for error in [Error::BadEncoding(b"hush\xff".to_vec()), Error::BadDataFormat(b"hush\xff".to_vec(), "hush".into())] {
        let error = told(error, false);
        assert!(matches!(&error, KeychainError::Other { kind: OtherKind::Damaged, .. }));
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hush") && !shown.contains("104, 117"), "{shown}");
    }
}

#[test]
fn the_windows_limit_of_the_store_is_said_in_bytes() {
    let error = told(Error::TooLong("password encoded as UTF-16".into(), 2560), false);
    assert!(error.to_string().contains("at most 2560 bytes"), "{error}");
}

proptest! {
    /// Whatever a store reports: a state, words with a way out, no panic, none of the item's bytes.
    #[test]
    fn any_error_becomes_a_state(which in 0usize..12, bytes in prop::collection::vec(any::<u8>(), 0..40), text in "[a-z]{8}", announced: bool, open: bool) {
        let mark = b"SECRETBYTES".iter().copied().chain(bytes).collect::<Vec<u8>>();
        let error = match which {
            0 => Error::PlatformFailure(text.into()),
            1 => Error::NoStorageAccess(text.into()),
            2 => Error::NoEntry,
            3 => Error::BadEncoding(mark),
            4 => Error::BadDataFormat(mark, text.into()),
            5 => Error::BadStoreFormat(text),
            6 => Error::TooLong(text, 7),
            7 => Error::Invalid(text.clone(), text),
            8 => Error::Ambiguous(Vec::new()),
            9 => Error::NoDefaultStore,
            10 => Error::NotSupportedByStore(text),
            _ => Error::PlatformFailure(Box::new(std::io::Error::other(text))),
        };
        let phase = if open { Phase::Open } else { Phase::Item };
        let told = classify(error, &name(), phase, announced).into_error();
        let shown = told.to_string();
        prop_assert!(shown.len() > 40 && shown.ends_with('.'), "{shown}");
        prop_assert!(!shown.contains("SECRETBYTES") && !format!("{told:?}").contains("83, 69, 67"), "{shown}");
    }
}

/// What the Secret Service and D-Bus report.
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service_errors {
    use secret_service::Error as ServiceError;
    use zbus::fdo;

    use super::*;
    use crate::keychain::{Bounds, Keychain};
    use crate::testing::Fault;

    fn failure(error: ServiceError) -> Error {
        Error::PlatformFailure(Box::new(error))
    }

    fn no_access(error: ServiceError) -> Error {
        Error::NoStorageAccess(Box::new(error))
    }

    fn method_error(name: &str) -> zbus::Error {
        let message = zbus::Message::method_call("/", "Any").unwrap().build(&()).unwrap();
        zbus::Error::MethodError(name.try_into().unwrap(), Some("ein übersetzter Text".into()), message)
    }

    #[test]
    fn each_row_of_the_measured_table_has_its_state() {
        let locked = "org.freedesktop.Secret.Error.IsLocked";
        assert_eq!(told(failure(ServiceError::Zbus(method_error(locked))), false), KeychainError::Locked);
        assert_eq!(told(failure(ServiceError::Locked), false), KeychainError::Locked);
        assert_eq!(told(no_access(ServiceError::Prompt), false), KeychainError::Locked);
        assert_eq!(told(no_access(ServiceError::Prompt), true), KeychainError::Declined);
        assert_eq!(told(no_access(ServiceError::NoResult), true), KeychainError::Absent);
        assert_eq!(told(failure(ServiceError::Unavailable), false), KeychainError::Absent);
        let unknown = "org.freedesktop.DBus.Error.ServiceUnknown";
        assert_eq!(told(failure(ServiceError::Zbus(method_error(unknown))), false), KeychainError::Absent);
        let no_reply = told(failure(ServiceError::ZbusFdo(fdo::Error::NoReply("x".into()))), false);
        assert!(matches!(no_reply, KeychainError::Other { kind: OtherKind::TimedOut, .. }));
        let odd = told(failure(ServiceError::Zbus(method_error("org.example.DiskFull"))), false);
        assert!(
            matches!(&odd, KeychainError::Other { kind: OtherKind::Failed, words } if words.contains("org.example.DiskFull"))
        );
        assert!(!odd.to_string().contains("übersetzter"), "{odd}");
    }

    #[tokio::test]
    async fn a_service_that_restarted_in_between_is_asked_once_more_with_a_new_store() {
        let stale = || -> Option<Fault> {
            Some(Box::new(|| failure(ServiceError::Zbus(method_error("org.freedesktop.Secret.Error.NoSession")))))
        };
        let store = FakeStore::new();
        store.put(&name().service, &name().account, b"here");
        let keychain = Keychain::with_store(store.factory(), Bounds::default());
        store.script([None, stale()]);
        keychain.read(&name()).await.unwrap();
        assert_eq!(store.calls(), ["build", "get", "build", "get"]);

        store.script([None, stale(), None, stale()]);
        let error = keychain.read(&name()).await.unwrap_err();
        assert!(matches!(error, KeychainError::Other { kind: OtherKind::TimedOut, .. }));
        assert_eq!(store.calls().len(), 8, "asked twice, not for ever");
    }

    #[tokio::test]
    async fn a_restart_after_the_write_never_makes_it_an_unwritten_one() {
        let stale = || -> Option<Fault> {
            Some(Box::new(|| failure(ServiceError::Zbus(method_error("org.freedesktop.Secret.Error.NoSession")))))
        };
        let locked = || -> Option<Fault> { Some(Box::new(|| failure(ServiceError::Locked))) };
        // The write is taken; at the read-back the session is gone, and the service that came back is locked.
        for after in [vec![locked()], vec![None, locked()]] {
            let store = FakeStore::new();
            let keychain = Keychain::with_store(store.factory(), Bounds::default());
            store.script([None, None, stale()].into_iter().chain(after));
            let error = keychain.store(&name(), &"s".into()).await.unwrap_err();
            assert!(matches!(error, KeychainError::Other { kind: OtherKind::TimedOut, .. }), "{error:?}");
            assert!(!error.to_string().contains("Nothing was"), "{error}");
        }
    }
}
