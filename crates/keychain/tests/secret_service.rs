//! The keychain on Linux against a real GNOME Keyring (security.md 7): every row that an operator can meet.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

#[path = "secret_service/faults.rs"]
mod faults;
mod support;

use std::collections::HashMap;

use inbound_keychain::ItemName;
use inbound_keychain::testing::{SecretServiceSession, Start};
use support::{Answer, Probe, Request};

fn item() -> ItemName {
    ItemName::client_secret("practice", "tenant", "client", "key")
}

fn start(start: Start) -> (SecretServiceSession, Probe) {
    let session = SecretServiceSession::start(start).unwrap();
    let probe = Probe::in_session(&session);
    (session, probe)
}

#[test]
fn secrets_of_any_length_and_character_come_back_as_they_were() {
    let (_session, mut probe) = start(Start::Unlocked);
    let long: String = "Ab8~x.".chars().cycle().take(4096).collect();
    let odd = "quote ' \" back\\slash %41 + & \0 tab\t line\n \u{202e}rtl \u{1f511} e\u{301} \u{feff}";
    for secret in ["k.7~Q-_x", long.as_str(), odd] {
        assert_eq!(probe.ask(&Request::store(&item(), secret)), Answer::done());
        assert_eq!(probe.ask(&Request::read(&item(), secret)), Answer::done(), "{} bytes", secret.len());
    }
    assert_eq!(probe.ask(&Request::delete(&item())), Answer::done());
    assert_eq!(probe.ask(&Request::read(&item(), "")).state, "notFound");
    assert_eq!(probe.ask(&Request::delete(&item())).state, "notFound");
}

#[test]
fn a_proof_leaves_nothing_behind_and_touches_no_item() {
    let (session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::store(&item(), "before")), Answer::done());
    assert_eq!(probe.ask(&Request::prove()), Answer::done());
    // By label alone: the daemon adds an attribute `xdg:schema` of its own some moments after an item was made.
    let labels: Vec<_> = session.visible_items().unwrap().into_iter().map(|item| item.label).collect();
    assert_eq!(labels, [item().to_string()]);
    assert_eq!(probe.ask(&Request::read(&item(), "before")), Answer::done());
}

#[test]
fn no_secret_is_readable_while_the_keyring_is_locked() {
    let (session, mut probe) = start(Start::Unlocked);
    let secret = "Zq8~very-secret-value";
    assert_eq!(probe.ask(&Request::store(&item(), secret)), Answer::done());
    assert_eq!(session.secrets(&item().service, &item().account).unwrap(), [secret.as_bytes()]);
    session.lock().unwrap();
    let seen = session.visible_items().unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].label, "Inbound Access: practice/tenant/client/key");
    assert_eq!(seen[0].attributes["username"], item().account);
    assert!(!format!("{seen:?}").contains(secret), "{seen:?}");
}

#[test]
fn f25_without_a_service_it_says_absent_and_works_once_one_appears() {
    let (session, mut probe) = start(Start::Absent);
    for request in
        [Request::prove(), Request::store(&item(), "s"), Request::read(&item(), "s"), Request::delete(&item())]
    {
        let answer = probe.ask(&request);
        assert_eq!(answer.state, "absent", "{answer:?}");
        assert!(answer.words.contains("no Secret Service"), "{answer:?}");
    }
    session.start_daemon().unwrap();
    assert_eq!(probe.ask(&Request::prove()), Answer::done());
}

#[test]
fn without_any_bus_it_says_absent() {
    let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"), ("XDG_RUNTIME_DIR", "/nonexistent")];
    let mut dead = Probe::with_env(nowhere);
    assert_eq!(dead.ask(&Request::prove()).state, "absent");
    let mut none = Probe::with_env([("XDG_RUNTIME_DIR", "/nonexistent")]);
    assert_eq!(none.ask(&Request::store(&item(), "s")).state, "absent");
}

#[test]
fn a_keyring_locked_since_its_start_is_locked_for_the_proof_and_works_after_unlocking() {
    let (session, mut probe) = start(Start::Locked);
    assert_eq!(probe.ask(&Request::prove()).state, "locked");
    assert_eq!(probe.ask(&Request::store(&item(), "s")).state, "locked");
    session.unlock().unwrap();
    assert_eq!(probe.ask(&Request::prove()), Answer::done());
}

#[test]
fn a_keyring_locked_in_between_is_locked_for_every_operation_and_keeps_its_items() {
    let (session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::store(&item(), "kept")), Answer::done());
    session.lock().unwrap();
    for request in
        [Request::prove(), Request::store(&item(), "x"), Request::read(&item(), ""), Request::delete(&item())]
    {
        let answer = probe.ask(&request);
        assert_eq!(answer.state, "locked", "{answer:?}");
        assert!(answer.words.contains("Unlock it"), "{answer:?}");
    }
    session.unlock().unwrap();
    assert_eq!(probe.ask(&Request::read(&item(), "kept")), Answer::done());
}

#[test]
fn f35_an_item_that_is_no_text_is_damaged_and_its_bytes_are_not_shown() {
    let (session, mut probe) = start(Start::Unlocked);
    let (service, account) = (item().service, item().account);
    let attributes = HashMap::from([("service", service.as_str()), ("username", account.as_str())]);
    session.add(&attributes, b"hidden\xff\xfe").unwrap();
    let answer = probe.ask(&Request::read(&item(), ""));
    assert_eq!(answer.state, "damaged", "{answer:?}");
    for shown in ["hidden", "104, 105", "255"] {
        assert!(!answer.words.contains(shown), "{answer:?}");
    }
    assert_eq!(probe.ask(&Request::store(&item(), "repaired")), Answer::done());
    assert_eq!(probe.ask(&Request::read(&item(), "repaired")), Answer::done());
}

#[test]
fn many_operations_leave_no_thread_or_connection_behind() {
    let (_session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::prove()), Answer::done());
    let before = probe.ask(&Request::open_files()).words;
    for _ in 0..30 {
        assert_eq!(probe.ask(&Request::prove()), Answer::done());
    }
    assert_eq!(probe.ask(&Request::open_files()).words, before);
}

#[test]
fn probe_sees_nothing_of_the_environment_of_whoever_runs_the_tests() {
    if support::is_probe() {
        return support::serve();
    }
    let mut probe = Probe::with_env([("XDG_RUNTIME_DIR", "/nonexistent")]);
    assert_eq!(probe.ask(&Request::environment()).words, "INBOUND_KEYCHAIN_PROBE PATH XDG_RUNTIME_DIR");
}
