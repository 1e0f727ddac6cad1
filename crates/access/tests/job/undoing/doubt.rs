//! A run that was killed, and whose last answers nobody has heard, is undone as well; so is an undoing that was killed.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use inbound_access_job::directory::Directory;
use inbound_access_job::problem::Code;
use inbound_access_job::run::{Doing, RunState};
use practice_tenant::PersonaKey;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{of_existing, properties, undo};
use crate::crashes::{CALLS, NAME, crash, crash_with};
use crate::support::deadly::{Deadly, Fate, Side};
use crate::support::foreign::{app_of_others, by_hand, upsert};
use crate::support::keychain::Mood;
use crate::support::{Bench, Elsewhere, News, app_request, only, run, set_up, standing};

#[tokio::test]
async fn killed_at_each_call_and_undone_the_tenant_is_as_it_was() {
    for side in [Side::Before, Side::After] {
        for (call, nth) in CALLS {
            let what = format!("killed {side:?} {call} {nth}");
            let bench = Bench::start().await;
            let before = standing(&bench);
            crash(&bench, call, nth, side).await;
            bench.settle();
            let job = bench.admin().await;
            let killed = only(&bench);
            assert!(killed.ways.can_undo, "{what}: {killed:#?}");
            let undone = undo(&job, &killed.id).await;
            assert_eq!(standing(&bench), before, "{what}");
            assert!(bench.keychain.accounts().is_empty(), "{what}");
            assert!(undone.made.iter().all(|made| made.removed.is_some()), "{what}: {:#?}", undone.made);
            assert!(undone.debts.is_empty() && !undone.ways.can_undo && !undone.ways.can_continue, "{what}");
            assert_eq!(undone.earlier.len(), 1, "{what}");
            assert_eq!(only(&bench), undone, "{what}: as it is kept");
        }
    }
}

#[tokio::test]
async fn killed_continued_and_undone_the_tenant_is_as_it_was() {
    for side in [Side::Before, Side::After] {
        for (call, nth) in CALLS {
            let what = format!("killed {side:?} {call} {nth}");
            let bench = Bench::start().await;
            let before = standing(&bench);
            crash(&bench, call, nth, side).await;
            bench.settle();
            let job = bench.admin().await;
            let plan = job.plan_continue(&only(&bench).id).await.unwrap();
            let done = run(&job, plan).await;
            assert_eq!(done.state, RunState::Done, "{what}: {done:#?}");
            bench.settle();
            undo(&job, &done.id).await;
            assert_eq!(standing(&bench), before, "{what}");
            assert!(bench.keychain.accounts().is_empty(), "{what}");
        }
    }
}

const UNDO_CALLS: [(&str, u32); 4] = [("removePassword", 1), ("revoke", 1), ("revoke", 2), ("deleteApp", 1)];

/// Undoes until the nth call of a kind, then dies there.
async fn crash_undoing(bench: &Bench, id: &str, call: &'static str, nth: u32, side: Side) {
    let reached = Arc::new(Notify::new());
    let deadly = |inner| -> Arc<dyn Directory> {
        let (seen, reached) = (AtomicU32::new(0), Arc::clone(&reached));
        Arc::new(Deadly { inner, kind: call, nth, side, seen, reached, fate: Fate::Death })
    };
    let job = bench.job_through(PersonaKey::GlobalAdministrator, deadly).await;
    let plan = job.plan_undo(id).await.unwrap();
    let going = job.run(plan, CancellationToken::new(), News::default().listener());
    tokio::select! {
        ended = going => panic!("the undoing ended before it was killed: {ended:#?}"),
        () = reached.notified() => {}
    }
}

#[tokio::test]
async fn an_undoing_that_was_killed_goes_on_to_the_same_end() {
    for side in [Side::Before, Side::After] {
        for (call, nth) in UNDO_CALLS {
            let what = format!("killed {side:?} {call} {nth}");
            let bench = Bench::start().await;
            let before = standing(&bench);
            let done = set_up(&bench.admin().await, app_request(&bench, NAME)).await;
            bench.settle();
            crash_undoing(&bench, &done.id, call, nth, side).await;
            bench.settle();
            let killed = only(&bench);
            assert_eq!((killed.state, killed.doing), (RunState::Interrupted, Doing::Undo), "{what}");
            assert!(killed.ways.can_undo && !killed.ways.can_continue, "{what}: {killed:#?}");
            let job = bench.admin().await;
            assert_eq!(job.plan_continue(&done.id).await.unwrap_err().code, Code::WrongKind, "{what}");
            let undone = undo(&job, &done.id).await;
            assert_eq!(standing(&bench), before, "{what}");
            assert!(bench.keychain.accounts().is_empty(), "{what}");
            assert!(undone.made.iter().all(|made| made.removed.is_some()), "{what}: {:#?}", undone.made);
            let attempts: Vec<_> = undone.earlier.iter().map(|one| (one.doing, one.state)).collect();
            let expected = [(Doing::SetUp, RunState::Done), (Doing::Undo, RunState::Interrupted)];
            assert_eq!(attempts, expected, "{what}");
        }
    }
}

#[tokio::test]
async fn an_undoing_of_what_an_app_of_others_got_goes_on_after_it_was_killed() {
    for side in [Side::Before, Side::After] {
        for call in ["withdraw", "deleteServicePrincipal"] {
            let what = format!("killed {side:?} {call}");
            let bench = Bench::start().await;
            let (app, client, _) = app_of_others(&bench, "Benefits", false).await;
            let before = (properties(&bench, "applications", &app), standing(&bench)["servicePrincipals"].clone());
            let request = of_existing(app_request(&bench, "Benefits"), &client);
            let done = set_up(&bench.admin().await, request).await;
            bench.settle();
            crash_undoing(&bench, &done.id, call, 1, side).await;
            bench.settle();
            undo(&bench.admin().await, &done.id).await;
            let after = (properties(&bench, "applications", &app), standing(&bench)["servicePrincipals"].clone());
            assert_eq!(after, before, "{what}");
        }
    }
}

#[tokio::test]
async fn killed_while_an_app_of_others_is_extended_and_undone_it_is_as_it_was() {
    for side in [Side::Before, Side::After] {
        for (call, nth) in [("request", 1), ("grant", 2), ("addPassword", 1)] {
            let what = format!("killed {side:?} {call} {nth}");
            let bench = Bench::start().await;
            let (app, client, _) = app_of_others(&bench, "Benefits", true).await;
            let before = (properties(&bench, "applications", &app), standing(&bench)["assignments"].clone());
            let request = of_existing(app_request(&bench, "Benefits"), &client);
            crash_with(&bench, PersonaKey::GlobalAdministrator, request, call, nth, side).await;
            bench.settle();
            undo(&bench.admin().await, &only(&bench).id).await;
            let after = (properties(&bench, "applications", &app), standing(&bench)["assignments"].clone());
            assert_eq!(after, before, "{what}");
        }
    }
}

#[tokio::test]
async fn killed_while_its_secret_was_removed_again_the_run_is_undone_without_an_orphan() {
    for side in [Side::Before, Side::After] {
        let bench = Bench::start().await;
        let before = standing(&bench);
        bench.keychain.set(Mood::RefusesToStore);
        crash(&bench, "removePassword", 1, side).await;
        bench.keychain.set(Mood::Fine);
        bench.settle();
        undo(&bench.admin().await, &only(&bench).id).await;
        assert_eq!(standing(&bench), before, "{side:?}");
    }
}

#[tokio::test]
async fn p38_an_app_that_another_computer_made_under_the_same_key_is_not_taken_for_what_was_in_doubt() {
    let bench = Bench::start().await;
    crash(&bench, "register", 1, Side::Before).await;
    let there = Elsewhere::new();
    let other = bench.job_elsewhere(PersonaKey::GlobalAdministrator, &there).await;
    set_up(&other, app_request(&bench, NAME)).await;
    bench.settle();
    let before = standing(&bench);
    let job = bench.admin().await;
    let plan = job.plan_undo(&only(&bench).id).await.unwrap();
    assert_eq!(plan.view().changes, 0, "{:#?}", plan.view());
    assert_eq!(plan.view().kept.len(), 1, "{:#?}", plan.view());
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone);
    assert!(undone.summary.contains("stays"), "{}", undone.summary);
    assert_eq!(standing(&bench), before);
}

#[tokio::test]
async fn p38_an_app_that_is_too_young_or_too_old_is_not_taken_for_what_was_in_doubt() {
    // Older: it lay in the recycle bin when the run looked, and somebody restored it.
    for is_old in [true, false] {
        let bench = Bench::start().await;
        let key = unique_name(&bench).await;
        let new = async || {
            let path = format!("/applications(uniqueName='{key}')");
            upsert(&bench, &path, serde_json::json!({ "displayName": NAME })).await;
            bench.applications(NAME)[0]["id"].as_str().unwrap().to_owned()
        };
        let later = Duration::from_secs(3600);
        if is_old {
            let id = new().await;
            by_hand(&bench, "DELETE", &format!("/applications/{id}"), None).await;
            bench.tenant.clock().advance(later);
            crash(&bench, "register", 1, Side::Before).await;
            by_hand(&bench, "POST", &format!("/directory/deletedItems/{id}/restore"), None).await;
        } else {
            crash(&bench, "register", 1, Side::Before).await;
            bench.tenant.clock().advance(later);
            new().await;
        }
        bench.settle();
        let before = standing(&bench);
        let job = bench.admin().await;
        let plan = job.plan_undo(&only(&bench).id).await.unwrap();
        assert_eq!(plan.view().changes, 0, "{is_old}: {:#?}", plan.view());
        assert!(plan.view().kept[0].reason.contains("the time at which it was made"), "{:#?}", plan.view().kept);
        run(&job, plan).await;
        assert_eq!(standing(&bench), before, "{is_old}");
    }
}

/// The alternate key that Inbound Access gives the app, as a plan shows it.
async fn unique_name(bench: &Bench) -> String {
    let plan = bench.admin().await.plan(app_request(bench, NAME)).await.unwrap();
    let shown = plan
        .view()
        .steps
        .iter()
        .flat_map(|step| &step.requests)
        .find_map(|request| Some(request.url.split_once("uniqueName='")?.1.split_once('\'')?.0.to_owned()));
    shown.unwrap()
}

#[tokio::test]
async fn cancelled_while_an_answer_is_awaited_the_undoing_goes_on_later() {
    for (call, nth) in UNDO_CALLS {
        let bench = Bench::start().await;
        let before = standing(&bench);
        let done = set_up(&bench.admin().await, app_request(&bench, NAME)).await;
        bench.settle();
        let cancel = CancellationToken::new();
        let fate = Fate::Cancel(cancel.clone());
        let lose = |inner| -> Arc<dyn Directory> {
            let (seen, reached) = (AtomicU32::new(0), Arc::new(Notify::new()));
            Arc::new(Deadly { inner, kind: call, nth, side: Side::After, seen, reached, fate })
        };
        let job = bench.job_through(PersonaKey::GlobalAdministrator, lose).await;
        let plan = job.plan_undo(&done.id).await.unwrap();
        let ended = job.run(plan, cancel, News::default().listener()).await.unwrap();
        let is_last = call == "deleteApp";
        let expected = if is_last { RunState::Undone } else { RunState::Cancelled };
        assert_eq!(ended.state, expected, "{call} {nth}: {ended:#?}");
        let struck = ended.made.iter().filter(|made| made.removed.is_some()).count();
        assert!(struck > 0, "{call} {nth}: what was carried out is found: {:#?}", ended.made);
        if !is_last {
            assert!(ended.ways.can_undo && !ended.ways.can_continue, "{ended:#?}");
            bench.settle();
            undo(&bench.admin().await, &done.id).await;
        }
        assert_eq!(standing(&bench), before, "{call} {nth}");
        assert!(bench.keychain.accounts().is_empty());
    }
}
