use keyring_core::Error;

use super::*;
use crate::testing::{FakeStore, Fault};

fn keychain(store: &FakeStore) -> Keychain {
    Keychain::with_store(store.factory(), Bounds::default())
}

fn name(account: &str) -> ItemName {
    ItemName::client_secret("practice", "tenant", "client", account)
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn kind(error: &KeychainError) -> Option<OtherKind> {
    match error {
        KeychainError::Other { kind, .. } => Some(*kind),
        _ => None,
    }
}

fn device_full() -> Option<Fault> {
    Some(Box::new(|| Error::PlatformFailure("disk full".into())))
}

fn until(done: impl Fn() -> bool) {
    while !done() {
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_secret_comes_back_until_it_is_deleted() {
    let store = FakeStore::new();
    let keychain = keychain(&store);
    keychain.store(&name("k"), &secret("s3cret")).await.unwrap();
    assert_eq!(keychain.read(&name("k")).await.unwrap().expose_secret(), "s3cret");
    keychain.delete(&name("k")).await.unwrap();
    assert_eq!(keychain.read(&name("k")).await.unwrap_err(), KeychainError::NotFound);
    assert_eq!(keychain.delete(&name("k")).await.unwrap_err(), KeychainError::NotFound);
}

#[tokio::test]
async fn every_operation_builds_its_own_store_and_none_overlap() {
    let store = FakeStore::new();
    let keychain = keychain(&store);
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..20 {
        let keychain = keychain.clone();
        calls.spawn(async move { keychain.store(&name(&number.to_string()), &secret("s")).await });
    }
    while let Some(outcome) = calls.join_next().await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(store.calls(), ["build", "set", "get"].repeat(20));
    assert_eq!(store.most_at_once(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_keychain_is_waited_for_5_seconds_and_60_when_a_prompt_was_announced() {
    let store = FakeStore::new();
    let gate = store.shut();
    let keychain = keychain(&store);
    for (keychain, seconds) in [(keychain.clone(), 5), (keychain.awaiting_prompt(), 60)] {
        let begun = tokio::time::Instant::now();
        let error = keychain.read(&name("k")).await.unwrap_err();
        assert_eq!(begun.elapsed(), Duration::from_secs(seconds));
        assert_eq!(kind(&error), Some(OtherKind::TimedOut));
        assert!(error.to_string().contains(&format!("within {seconds} seconds")), "{error}");
        assert!(error.to_string().contains("unknown whether"), "{error}");
    }
    // The app goes on although both calls still hang.
    store.unshut();
    tokio::time::resume();
    keychain.prove().await.unwrap();
    gate.open();
}

/// Polls a call once, which hands its work to the worker.
async fn begin<T>(call: std::pin::Pin<&mut impl Future<Output = T>>) {
    tokio::select! {
        biased;
        _ = call => panic!("the call came back through a shut gate"),
        () = std::future::ready(()) => {}
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_first_try_that_hangs_at_a_prompt_an_announced_one_waits_for_it_and_succeeds() {
    let store = FakeStore::new();
    let keychain = keychain(&store);
    let prompt = store.shut();
    let (name, value) = (name("k"), secret("s"));
    assert_eq!(kind(&keychain.store(&name, &value).await.unwrap_err()), Some(OtherKind::TimedOut));
    let announced = keychain.awaiting_prompt();
    let mut again = std::pin::pin!(announced.store(&name, &value));
    begin(again.as_mut()).await;
    // Both hang at the prompt now, until the operator answers it.
    prompt.wait_for(2);
    tokio::time::advance(Duration::from_secs(59)).await;
    begin(again.as_mut()).await;
    tokio::time::resume();
    store.unshut();
    prompt.open();
    again.await.unwrap();
    assert_eq!(keychain.read(&name).await.unwrap().expose_secret(), "s");
    assert_eq!(store.calls().iter().filter(|call| **call == "set").count(), 1, "the one given up wrote nothing");
}

#[tokio::test(start_paused = true)]
async fn a_call_behind_one_that_waits_at_a_prompt_gets_its_turn_when_that_is_answered() {
    let store = FakeStore::new();
    let keychain = keychain(&store).awaiting_prompt();
    let prompt = store.shut();
    let (name, value) = (name("k"), secret("s"));
    let (mut first, mut second) = (std::pin::pin!(keychain.store(&name, &value)), std::pin::pin!(keychain.read(&name)));
    begin(first.as_mut()).await;
    begin(second.as_mut()).await;
    prompt.wait_for(1);
    tokio::time::advance(Duration::from_secs(59)).await;
    begin(first.as_mut()).await;
    begin(second.as_mut()).await;
    tokio::time::resume();
    store.unshut();
    prompt.open();
    let (first, second) = tokio::join!(first, second);
    first.unwrap();
    assert_eq!(second.unwrap().expose_secret(), "s");
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_turn_does_not_come_says_that_nothing_was_sent() {
    let store = FakeStore::new();
    let keychain = keychain(&store);
    let prompt = store.shut();
    let (announced, name) = (keychain.awaiting_prompt(), name("k"));
    let mut first = std::pin::pin!(announced.read(&name));
    begin(first.as_mut()).await;
    prompt.wait_for(1);
    let begun = tokio::time::Instant::now();
    let value = secret("s");
    let mut second = std::pin::pin!(keychain.store(&name, &value));
    let error = tokio::select! {
        biased;
        _ = first.as_mut() => panic!("the call came back through a shut gate"),
        outcome = second.as_mut() => outcome.unwrap_err(),
    };
    assert_eq!(begun.elapsed(), Duration::from_secs(30));
    assert_eq!(kind(&error), Some(OtherKind::Crowded));
    assert!(error.to_string().contains("not sent. Nothing was read or written"), "{error}");
    assert_eq!(store.calls(), ["build"]);
    prompt.open();
}

#[tokio::test(start_paused = true)]
async fn several_reads_may_queue_behind_a_slow_one() {
    let store = FakeStore::new();
    let keychain = keychain(&store);
    let gate = store.shut();
    let name = name("k");
    let begun = tokio::time::Instant::now();
    let (a, b, c) = tokio::join!(keychain.read(&name), keychain.read(&name), keychain.read(&name));
    for outcome in [a, b, c] {
        assert_eq!(kind(&outcome.unwrap_err()), Some(OtherKind::TimedOut), "each was asked for");
    }
    assert_eq!(begun.elapsed(), Duration::from_secs(15));
    gate.open();
}

#[tokio::test(start_paused = true)]
async fn a_write_that_lands_after_its_bound_is_found_by_reading_again() {
    let store = FakeStore::new();
    let (keychain, name, late) = (keychain(&store), name("k"), secret("late"));
    let at_build = store.shut();
    let mut call = std::pin::pin!(keychain.store(&name, &late));
    begin(call.as_mut()).await;
    at_build.wait_for(1);
    let at_set = store.shut();
    at_build.open();
    at_set.wait_for(1);
    assert_eq!(kind(&call.await.unwrap_err()), Some(OtherKind::TimedOut));
    assert!(store.names().is_empty());

    let at_read_back = store.shut();
    at_set.open();
    at_read_back.wait_for(1);
    store.unshut();
    tokio::time::resume();
    assert_eq!(keychain.read(&name).await.unwrap().expose_secret(), "late");
    at_read_back.open();
}

#[tokio::test(start_paused = true)]
async fn f38_a_write_that_lands_after_its_item_was_deleted_is_removed_as_it_lands() {
    let store = FakeStore::new();
    let (keychain, name, late) = (keychain(&store), name("k"), secret("late"));
    let at_build = store.shut();
    let mut call = std::pin::pin!(keychain.store(&name, &late));
    begin(call.as_mut()).await;
    at_build.wait_for(1);
    let at_set = store.shut();
    at_build.open();
    at_set.wait_for(1);
    assert_eq!(kind(&call.await.unwrap_err()), Some(OtherKind::TimedOut));
    store.unshut();
    tokio::time::resume();
    assert_eq!(keychain.delete(&name).await.unwrap_err(), KeychainError::NotFound);
    let error = keychain.store(&name, &secret("new")).await.unwrap_err();
    assert_eq!(kind(&error), Some(OtherKind::Crowded), "it would go with the late one: {error}");

    at_set.open();
    until(|| !keychain.late.is_withdrawn(&name));
    assert!(store.names().is_empty(), "{:?}", store.names());
    keychain.store(&name, &secret("new")).await.unwrap();
    assert_eq!(keychain.read(&name).await.unwrap().expose_secret(), "new", "and it may be written again");
}

#[tokio::test(start_paused = true)]
async fn a_canary_that_lands_after_its_bound_is_still_removed() {
    let store = FakeStore::new();
    let keychain = keychain(&store);
    let at_build = store.shut();
    let mut call = std::pin::pin!(keychain.prove());
    begin(call.as_mut()).await;
    at_build.wait_for(1);
    let at_set = store.shut();
    at_build.open();
    at_set.wait_for(1);
    assert_eq!(kind(&call.await.unwrap_err()), Some(OtherKind::TimedOut));
    let at_get = store.shut();
    at_set.open();
    at_get.wait_for(1);
    assert_eq!(store.names().len(), 1);
    at_get.open();
    until(|| store.names().is_empty());
}

#[test]
fn a_write_that_had_not_begun_when_it_was_given_up_never_begins() {
    let store = FakeStore::new();
    let built = store.factory()().unwrap();
    let abandoned = Abandoned::default();
    abandoned.set();
    let wrote = Cell::new(false);
    let items = Items { store: built.as_ref(), abandoned: &abandoned, announced: false, wrote: &wrote };
    assert!(items.set(&name("k"), &secret("s")).is_err());
    assert_eq!(store.calls(), ["build"]);
}

#[tokio::test]
async fn a_proof_leaves_nothing_behind_and_touches_no_item() {
    let store = FakeStore::new();
    keychain(&store).store(&name("k"), &secret("mine")).await.unwrap();
    let before = store.names();
    keychain(&store).prove().await.unwrap();
    assert_eq!(store.names(), before);
    assert_eq!(keychain(&store).read(&name("k")).await.unwrap().expose_secret(), "mine");
}

#[tokio::test]
async fn f34_a_keychain_that_returns_something_else_is_not_trusted_until_it_returns_what_was_stored() {
    let store = FakeStore::new();
    store.garble();
    for outcome in [keychain(&store).prove().await, keychain(&store).store(&name("k"), &secret("abc")).await] {
        let error = outcome.unwrap_err();
        assert_eq!(kind(&error), Some(OtherKind::Failed));
        assert!(error.to_string().contains("something else than was stored"), "{error}");
        assert!(!format!("{error} {error:?}").contains("abc"));
    }
    assert_eq!(store.names().len(), 1, "the canary is removed; the item that was asked for is left to its caller");
    store.ungarble();
    let keychain = keychain(&store);
    keychain.prove().await.unwrap();
    keychain.store(&name("k"), &secret("abc")).await.unwrap();
}

#[tokio::test]
async fn a_canary_that_cannot_be_removed_is_named() {
    let store = FakeStore::new();
    store.script([None, None, None, device_full()]);
    let error = keychain(&store).prove().await.unwrap_err();
    let (_, account) = store.names().remove(0);
    assert!(error.to_string().contains(&account), "{error}");
}

#[tokio::test]
async fn a_canary_whose_write_failed_is_removed_in_case_it_landed() {
    let store = FakeStore::new();
    store.script([None, device_full()]);
    assert_eq!(kind(&keychain(&store).prove().await.unwrap_err()), Some(OtherKind::Failed));
    assert_eq!(store.calls(), ["build", "set", "delete"]);
    let store_without_service = FakeStore::new();
    let absent: Fault = Box::new(|| Error::NoDefaultStore);
    store_without_service.script([None, Some(absent)]);
    assert_eq!(keychain(&store_without_service).prove().await.unwrap_err(), KeychainError::Absent);
    assert_eq!(store_without_service.calls(), ["build", "set"]);
}

#[tokio::test]
async fn a_secret_that_was_taken_and_cannot_be_read_back_is_unknown_and_not_unwritten() {
    let no_entry = || -> Option<Fault> { Some(Box::new(|| Error::NoEntry)) };
    let locked = || -> Option<Fault> { Some(Box::new(|| Error::NoDefaultStore)) };
    for fault in [device_full(), no_entry(), locked()] {
        let store = FakeStore::new();
        store.script([None, None, fault]);
        let error = keychain(&store).store(&name("k"), &secret("s")).await.unwrap_err();
        assert_eq!(kind(&error), Some(OtherKind::TimedOut), "{error}");
        assert!(error.to_string().contains("unknown whether it is kept"), "{error}");
        assert!(!error.to_string().contains("Nothing was"), "{error}");
        assert_eq!(store.names().len(), 1);
    }
    let store = FakeStore::new();
    store.script([None, None, locked()]);
    let error = keychain(&store).prove().await.unwrap_err();
    assert_eq!(kind(&error), Some(OtherKind::TimedOut), "{error}");
    assert!(store.names().is_empty() && !error.to_string().contains("stay behind"), "{error}");
    store.script([None, None, locked(), locked()]);
    let error = keychain(&store).prove().await.unwrap_err();
    let (_, account) = store.names().remove(0);
    assert!(error.to_string().contains(&account) && !error.to_string().contains("Nothing was"), "{error}");
}

#[tokio::test]
async fn a_bad_name_or_secret_is_refused_before_the_keychain_is_asked() {
    let store = FakeStore::new();
    let bad = ItemName { service: "Inbound Access".into(), account: "a\0b".into() };
    let error = keychain(&store).store(&bad, &secret("s")).await.unwrap_err();
    assert!(error.to_string().contains("U+0000"), "{error}");
    assert!(keychain(&store).store(&name("k"), &secret("")).await.is_err());
    assert!(store.calls().is_empty());
}

#[test]
fn the_limit_of_windows_is_1280_utf_16_characters() {
    let windows = Some(1280);
    assert_eq!(fits(&secret(&"a".repeat(1280)), windows), Ok(()));
    assert_eq!(fits(&secret(&"a".repeat(4096)), None), Ok(()));
    for long in ["a".repeat(1281), "🔑".repeat(641)] {
        let error = fits(&secret(&long), windows).unwrap_err().to_string();
        assert!(error.contains("1280 (2560 bytes)"), "{error}");
        assert!(!error.contains(&long), "{error}");
    }
}
