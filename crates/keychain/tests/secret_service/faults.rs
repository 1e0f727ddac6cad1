//! What can befall a keyring while the product uses it (security F26 to F38): each fault is a state with a way out, and
//! the same process goes on once it is over. F25 and F35 stand among the plain cases; F34 no real keyring does.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use inbound_keychain::testing::{Says, SecretServiceSession, Start};

use crate::support::{Answer, Probe, Request};
use crate::{item, start};

/// Looks until it is so; each look is a round trip on the bus.
fn until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited in vain for {what}");
    }
}

fn works(probe: &mut Probe) {
    assert_eq!(probe.ask(&Request::prove()), Answer::done());
    assert_eq!(probe.ask(&Request::store(&item(), "afterwards")), Answer::done());
    assert_eq!(probe.ask(&Request::read(&item(), "afterwards")), Answer::done());
}

fn labels(session: &SecretServiceSession) -> Vec<String> {
    session.visible_items().unwrap().into_iter().map(|item| item.label).collect()
}

#[test]
fn f26_a_user_who_never_had_a_keyring_is_told_that_there_is_none_until_they_have_one() {
    let (session, mut probe) = start(Start::NoKeyring);
    for request in [Request::prove(), Request::store(&item(), "s")] {
        let answer = probe.ask(&request);
        assert_eq!(answer.state, "absent", "{answer:?}");
        assert!(answer.words.contains("create its default keyring"), "{answer:?}");
    }
    assert_eq!(probe.ask(&Request::read(&item(), "s")).state, "notFound");
    session.kill_daemon().unwrap();
    session.start_daemon().unwrap();
    works(&mut probe);
}

#[test]
fn f27_a_prompt_that_the_operator_closes_is_declined_and_asked_again_the_next_time() {
    let (session, mut probe) = start(Start::Locked);
    let prompter = session.prompter(Says::No).unwrap();
    for request in [Request::store(&item(), "s"), Request::prove()] {
        let answer = probe.ask(&request.announced());
        assert_eq!(answer.state, "declined", "{answer:?}");
        assert!(answer.words.contains("Nothing was read or written. Try again"), "{answer:?}");
    }
    assert_eq!(prompter.closed(), 2, "each was a prompt that a person closed");
    session.unlock().unwrap();
    works(&mut probe);
}

#[test]
fn f27_a_prompt_that_nobody_could_see_leaves_the_keyring_locked() {
    let (session, mut probe) = start(Start::Locked);
    assert_eq!(probe.ask(&Request::store(&item(), "s")).state, "locked", "nobody was told of a prompt");
    assert_eq!(probe.ask(&Request::store(&item(), "s").announced()).state, "declined");
    session.unlock().unwrap();
    works(&mut probe);
}

#[test]
fn f28_a_prompt_that_nobody_answers_is_given_up_within_the_bound_and_the_keyring_serves_once_it_is_unlocked() {
    let (session, mut probe) = start(Start::Locked);
    let prompter = session.prompter(Says::Nothing).unwrap();
    let answer = probe.ask(&Request::store(&item(), "s"));
    prompter.wait_until_asked();
    assert_eq!(answer.state, "timedOut", "{answer:?}");
    assert!((5.0..8.0).contains(&answer.seconds), "{answer:?}");
    assert!(answer.words.contains("waiting for you to unlock it in another window"), "{answer:?}");
    drop(prompter);
    session.unlock().unwrap();
    works(&mut probe);
}

#[test]
fn f29_a_frozen_service_is_given_up_within_the_bound_and_serves_again_after_it_thaws() {
    let (session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::store(&item(), "first")), Answer::done());
    session.freeze().unwrap();
    let answer = probe.ask(&Request::read(&item(), "first"));
    assert_eq!(answer.state, "timedOut", "{answer:?}");
    assert!((5.0..8.0).contains(&answer.seconds), "{answer:?}");
    assert!(answer.words.contains("within 5 seconds"), "{answer:?}");
    session.thaw().unwrap();
    assert_eq!(probe.ask(&Request::read(&item(), "first")), Answer::done());
    works(&mut probe);
    // Nothing of the given-up call or the canary stays.
    assert_eq!(session.visible_items().unwrap().len(), 1);
}

#[test]
fn f30_a_service_killed_after_it_took_the_secret_leaves_it_unknown_and_it_is_found_again() {
    let (session, _) = start(Start::Unlocked);
    let mut probe = Probe::held_in(&session);
    probe.begin(&Request::store(&item(), "taken").halting(&["set"]));
    probe.stands_at("set");
    // Comes back locked.
    session.kill_daemon().unwrap();
    probe.go_on();
    let answer = probe.answer();
    assert_eq!(answer.state, "timedOut", "{answer:?}");
    assert!(answer.words.contains("unknown whether") && !answer.words.contains("Nothing was"), "{answer:?}");
    session.unlock().unwrap();
    assert_eq!(probe.ask(&Request::read(&item(), "taken")), Answer::done());
    works(&mut probe);
}

#[test]
fn f30_a_canary_of_a_service_that_was_killed_is_named_and_nothing_is_said_to_be_unwritten() {
    let (session, _) = start(Start::Unlocked);
    let mut probe = Probe::held_in(&session);
    probe.begin(&Request::prove().halting(&["set"]));
    probe.stands_at("set");
    session.kill_daemon().unwrap();
    probe.go_on();
    let answer = probe.answer();
    assert_eq!(answer.state, "timedOut", "{answer:?}");
    assert!(!answer.words.contains("Nothing was"), "{answer:?}");
    session.unlock().unwrap();
    for label in labels(&session) {
        assert!(answer.words.contains(&label), "{label} stays behind and is named: {answer:?}");
    }
    works(&mut probe);
}

#[test]
fn f31_a_service_restarted_under_a_held_session_is_asked_again_within_the_same_operation() {
    let (session, _) = start(Start::Unlocked);
    let mut probe = Probe::held_in(&session);
    for (request, point) in [
        (Request::store(&item(), "kept"), "built"),
        (Request::store(&item(), "kept anew"), "set"),
        (Request::read(&item(), "kept anew"), "built"),
        (Request::prove(), "built"),
        (Request::delete(&item()), "built"),
    ] {
        probe.begin(&request.halting(&[point]));
        probe.stands_at(point);
        session.kill_daemon().unwrap();
        session.start_daemon().unwrap();
        probe.go_on();
        assert_eq!(probe.answer(), Answer::done(), "at {point}");
    }
    assert_eq!(probe.ask(&Request::read(&item(), "")).state, "notFound");
    works(&mut probe);
}

#[test]
fn f31_a_service_killed_between_two_operations_comes_back_locked_and_then_serves_the_same_process() {
    let (session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::store(&item(), "survives")), Answer::done());
    session.kill_daemon().unwrap();
    assert_eq!(probe.ask(&Request::read(&item(), "survives")).state, "locked");
    session.unlock().unwrap();
    assert_eq!(probe.ask(&Request::read(&item(), "survives")), Answer::done());
    works(&mut probe);
}

/// The disk refuses: nothing is stored, what was there stays, and all is well once it takes again.
fn refused_by_the_disk(befall: impl Fn(&SecretServiceSession, bool)) {
    let (session, mut probe) = start(Start::Unlocked);
    let other = inbound_keychain::ItemName::client_secret("practice", "tenant", "client", "other");
    assert_eq!(probe.ask(&Request::store(&item(), "before")), Answer::done());
    befall(&session, true);
    for request in [
        Request::store(&item(), "overwritten"),
        Request::store(&other, "new"),
        Request::delete(&item()),
        Request::prove(),
    ] {
        let answer = probe.ask(&request);
        assert_eq!(answer.state, "failed", "{answer:?}");
        assert!(answer.words.contains("the disk has room, then try again"), "{answer:?}");
    }
    assert_eq!(probe.ask(&Request::read(&item(), "before")), Answer::done(), "what was there stays");
    assert_eq!(probe.ask(&Request::read(&other, "")).state, "notFound");
    assert_eq!(labels(&session), [item().to_string()], "no canary stays");
    befall(&session, false);
    works(&mut probe);
}

#[test]
fn f32_on_a_full_disk_nothing_is_stored_what_was_there_stays_and_it_works_when_there_is_room() {
    refused_by_the_disk(|session, full| if full { session.fill_disk().unwrap() } else { session.free_disk().unwrap() });
}

#[test]
fn f33_on_a_read_only_disk_nothing_is_stored_what_was_there_stays_and_it_works_when_it_can_be_written() {
    refused_by_the_disk(|session, read_only| session.make_writable(!read_only).unwrap());
}

#[test]
fn f36_a_twin_made_by_another_program_is_never_guessed_about_until_one_is_removed() {
    let (session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::store(&item(), "ours")), Answer::done());
    let (service, account) = (item().service, item().account);
    let attributes =
        HashMap::from([("service", service.as_str()), ("username", account.as_str()), ("application", "other")]);
    session.add(&attributes, b"theirs").unwrap();
    for request in [Request::read(&item(), ""), Request::store(&item(), "new"), Request::delete(&item())] {
        let answer = probe.ask(&request);
        assert_eq!(answer.state, "ambiguous", "{answer:?}");
        assert!(answer.words.contains("2 items") && answer.words.contains(&account), "{answer:?}");
        assert!(answer.words.contains("Remove the wrong one"), "{answer:?}");
    }
    let mut both = session.secrets(&service, &account).unwrap();
    both.sort();
    assert_eq!(both, [b"ours".to_vec(), b"theirs".to_vec()]);
    assert_eq!(probe.ask(&Request::prove()), Answer::done());
    assert_eq!(session.remove(&HashMap::from([("application", "other")])).unwrap(), 1);
    assert_eq!(probe.ask(&Request::read(&item(), "ours")), Answer::done());
    works(&mut probe);
}

#[test]
fn f37_an_item_that_the_user_deleted_is_not_found_and_can_be_stored_anew() {
    let (session, mut probe) = start(Start::Unlocked);
    assert_eq!(probe.ask(&Request::store(&item(), "gone soon")), Answer::done());
    let (service, account) = (item().service, item().account);
    let attributes = HashMap::from([("service", service.as_str()), ("username", account.as_str())]);
    assert_eq!(session.remove(&attributes).unwrap(), 1);
    for request in [Request::read(&item(), "gone soon"), Request::delete(&item())] {
        let answer = probe.ask(&request);
        assert_eq!(answer.state, "notFound", "{answer:?}");
        assert!(answer.words.contains("it was removed. Create a new secret"), "{answer:?}");
    }
    works(&mut probe);
}

/// Writes, and freezes the service before it hears of it.
fn given_up_while_writing(probe: &mut Probe, session: &SecretServiceSession) {
    probe.begin(&Request::store(&item(), "late").halting(&["built", "set"]));
    probe.stands_at("built");
    session.freeze().unwrap();
    probe.go_on();
    let answer = probe.answer();
    assert_eq!(answer.state, "timedOut", "{answer:?}");
    assert!(answer.words.contains("what was stored is found again"), "{answer:?}");
}

#[test]
fn f38_a_write_that_lands_after_it_was_given_up_is_found_by_reading() {
    let (session, _) = start(Start::Unlocked);
    let mut probe = Probe::held_in(&session);
    given_up_while_writing(&mut probe, &session);
    session.thaw().unwrap();
    probe.stands_at("set");
    assert_eq!(probe.ask(&Request::read(&item(), "late")), Answer::done());
    probe.go_on();
    assert_eq!(probe.ask(&Request::read(&item(), "late")), Answer::done(), "it stays");
    works(&mut probe);
}

#[test]
fn f38_a_write_that_lands_after_its_item_was_deleted_is_removed_as_it_lands() {
    let (session, _) = start(Start::Unlocked);
    let mut probe = Probe::held_in(&session);
    given_up_while_writing(&mut probe, &session);
    // What the job does when it takes the secret out of Entra again.
    assert_eq!(probe.ask(&Request::delete(&item())).state, "timedOut");
    let answer = probe.ask(&Request::store(&item(), "too early"));
    assert_eq!(answer.state, "crowded", "it would go with the late one: {answer:?}");
    session.thaw().unwrap();
    probe.stands_at("set");
    probe.go_on();
    until("the late item is gone", || labels(&session).is_empty());
    works(&mut probe);
}
