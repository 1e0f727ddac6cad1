//! A run that did not come to its end is continued under its own id, or left.

use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, RunView};
use practice_tenant::PersonaKey;
use tokio_util::sync::CancellationToken;

use crate::crashes::{CALLS, NAME, crash, crash_with};
use crate::support::deadly::Side;
use crate::support::keychain::Mood;
use crate::support::others::{deadly, refusal};
use crate::support::{Bench, Elsewhere, News, another, app_request, asking, only, passwords, run, set_up};

async fn continued(bench: &Bench) -> RunView {
    bench.settle();
    let job = bench.admin().await;
    let before = only(bench);
    assert!(before.ways.can_continue && before.ways.can_leave, "{before:#?}");
    let plan = job.plan_continue(&before.id).await.unwrap();
    assert_eq!(plan.view().run_id.as_deref(), Some(before.id.as_str()));
    let ended = run(&job, plan).await;
    assert_eq!(ended.id, before.id);
    ended
}

#[tokio::test]
async fn a_killed_run_is_continued_to_the_same_end_and_lists_all_that_it_made() {
    for side in [Side::Before, Side::After] {
        for (call, nth) in CALLS {
            let what = format!("killed {side:?} {call} {nth}");
            let bench = Bench::start().await;
            crash(&bench, call, nth, side).await;
            let ended = continued(&bench).await;
            assert_eq!(ended.state, RunState::Done, "{what}: {ended:#?}");
            assert!(ended.debts.is_empty() && !ended.ways.can_continue, "{what}: {ended:#?}");
            assert_eq!(ended.earlier.len(), 1, "{what}");
            assert_eq!(ended.earlier[0].state, RunState::Interrupted, "{what}");
            let listed = |name: &str| ended.made.iter().filter(|made| made.id_name == name).count();
            let of_each = (listed("client id"), listed("object id"), listed("grant id"), listed("key id"));
            assert_eq!(of_each, (1, 2, 2, 1), "{what}: {:#?}", ended.made);
            assert_eq!(bench.applications(NAME).len(), 1, "{what}");
            assert_eq!(bench.principals(NAME).len(), 1, "{what}");
            assert_eq!(passwords(&bench, NAME).len(), 1, "{what}: no orphan");
            assert_eq!(bench.keychain.accounts().len(), 1, "{what}");
            assert_eq!(only(&bench), ended, "{what}: as it is kept");
        }
    }
}

#[tokio::test]
async fn a_further_app_is_continued_as_the_one_that_was_begun() {
    for side in [Side::Before, Side::After] {
        let bench = Bench::start().await;
        set_up(&bench.admin().await, app_request(&bench, NAME)).await;
        bench.settle();
        let request = another(app_request(&bench, NAME));
        crash_with(&bench, PersonaKey::GlobalAdministrator, request, "register", 1, side).await;
        bench.settle();
        let job = bench.admin().await;
        let interrupted = bench.runs.list().unwrap().into_iter().find(|run| run.ways.can_continue).unwrap();
        let plan = job.plan_continue(&interrupted.id).await.unwrap();
        let ended = run(&job, plan).await;
        assert_eq!(ended.state, RunState::Done, "{side:?}: {ended:#?}");
        assert_eq!(bench.applications(NAME).len(), 2, "{side:?}");
        assert!(ended.made.iter().any(|made| made.id_name == "client id"), "{side:?}");
    }
}

#[tokio::test]
async fn continued_twice_and_the_secret_whose_answer_was_lost_is_removed() {
    let bench = Bench::start().await;
    crash(&bench, "addPassword", 1, Side::After).await;
    let owed = only(&bench);
    assert_eq!(owed.debts.len(), 1, "{owed:#?}");
    assert!(owed.debts[0].key_id.is_none());
    bench.settle();
    bench.keychain.set(Mood::RefusesToStore);
    let failed = continued(&bench).await;
    assert_eq!(failed.state, RunState::Failed);
    assert!(failed.debts.is_empty(), "{:#?}", failed.debts);
    assert!(passwords(&bench, NAME).is_empty());
    bench.keychain.set(Mood::Fine);
    let ended = continued(&bench).await;
    assert_eq!(ended.state, RunState::Done);
    assert_eq!(
        ended.earlier.iter().map(|one| one.state).collect::<Vec<_>>(),
        [RunState::Interrupted, RunState::Failed]
    );
    let left = passwords(&bench, NAME);
    assert_eq!(left.len(), 1);
    assert!(left[0]["displayName"].as_str().unwrap().contains("try 3"), "{left:#?}");
}

#[tokio::test]
async fn a_failed_run_is_left_and_can_still_be_continued() {
    let bench = Bench::start().await;
    bench.fault("grant", 1, 1000, refusal(403, "Authorization_RequestDenied", "No."));
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let failed = run(&job, plan).await;
    assert_eq!(failed.state, RunState::Failed);
    bench.no_faults();
    let left = job.leave(&failed.id).await.unwrap();
    assert!(left.left.is_some() && !left.ways.can_leave && left.ways.can_continue, "{left:#?}");
    assert_eq!(only(&bench), left);
    let ended = continued_after_leaving(&bench, &failed.id).await;
    assert_eq!((ended.state, ended.left), (RunState::Done, None));
}

async fn continued_after_leaving(bench: &Bench, id: &str) -> RunView {
    bench.settle();
    let job = bench.admin().await;
    let plan = job.plan_continue(id).await.unwrap();
    run(&job, plan).await
}

#[tokio::test]
async fn a_run_that_came_to_its_end_or_is_of_another_tenant_is_not_continued() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    for problem in [job.plan_continue(&done.id).await.unwrap_err(), job.leave(&done.id).await.unwrap_err()] {
        assert_eq!(problem.code, Code::WrongKind);
    }
    assert_eq!(job.leave("nothing").await.unwrap_err().code, Code::NotFound);
    assert_eq!(bench.mutation_names().len(), 5, "{:?}", bench.mutation_names());
}

#[tokio::test]
async fn a_run_of_the_first_format_is_read_and_says_why_it_cannot_be_continued() {
    let bench = Bench::start().await;
    crash(&bench, "servicePrincipal", 1, Side::After).await;
    let id = only(&bench).id;
    let path = bench.folder.path().join("runs").join(format!("{id}.json"));
    let mut document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    document["format"] = 1.into();
    document.as_object_mut().unwrap().remove("origin");
    for name in ["earlier", "left", "ways", "debts"] {
        document["run"].as_object_mut().unwrap().remove(name);
    }
    std::fs::write(&path, document.to_string()).unwrap();
    let read = only(&bench);
    assert!(!read.ways.can_continue && read.ways.can_leave);
    let problem = bench.admin().await.plan_continue(&id).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongKind);
    assert!(problem.advice.unwrap().contains("Plan the same again"));
}

#[tokio::test]
async fn a_killed_run_that_finishes_a_request_of_another_is_continued_under_its_own_id() {
    for (nth, side) in [(1, Side::Before), (1, Side::After), (2, Side::Before), (2, Side::After)] {
        let what = format!("killed {side:?} grant {nth}");
        let bench = Bench::start().await;
        let first = bench.job(PersonaKey::ApplicationAdministrator).await;
        let asked = set_up(&first, asking(app_request(&bench, NAME))).await;
        bench.settle();
        let request = asked.consent.unwrap().request;
        let elsewhere = Elsewhere::new();
        let dying = bench.job_elsewhere_through(&elsewhere, |inner| deadly(inner, "grant", nth, side)).await;
        let plan = dying.0.plan_consent(&request).await.unwrap();
        let going = dying.0.run(plan, CancellationToken::new(), News::default().listener());
        tokio::select! {
            ended = going => panic!("{what}: the run ended before it was killed: {ended:#?}"),
            () = dying.1.notified() => {}
        }
        bench.settle();
        let killed = elsewhere.runs.list().unwrap().remove(0);
        assert_eq!((killed.state, killed.ways.can_continue), (RunState::Interrupted, true), "{what}");
        let second = bench.job_elsewhere(PersonaKey::PrivilegedRoleAdministrator, &elsewhere).await;
        let plan = second.plan_continue(&killed.id).await.unwrap();
        let ended = run(&second, plan).await;
        assert_eq!((ended.state, &ended.id), (RunState::Done, &killed.id), "{what}: {ended:#?}");
        assert_eq!(ended.finishes.as_deref(), Some(request.run_id.as_str()), "{what}");
        let grants = ended.made.iter().filter(|made| made.id_name == "grant id").count();
        assert_eq!(grants, 2, "{what}: both are this run's: {:#?}", ended.made);
        bench.settle();
        let seen = first.check_consent(&request.run_id).await.unwrap();
        assert!(seen.consent.unwrap().granted.iter().all(Option::is_some), "{what}");
        let verified = second.verify(NAME, &[], true).await.unwrap();
        assert!(verified.permissions.iter().all(|row| row.granted.is_some()) && verified.surplus.is_empty(), "{what}");
    }
}

#[tokio::test]
async fn two_processes_that_continue_one_run_at_once_do_not_double_anything() {
    for (call, nth) in CALLS {
        let bench = Bench::start().await;
        crash(&bench, call, nth, Side::After).await;
        bench.settle();
        let id = only(&bench).id;
        // Each with a store of its own on the same folder, as two processes have; their locks are of the file system.
        let one = bench.job_over(bench.folder.path().join("runs")).await;
        let other = bench.job_over(bench.folder.path().join("runs")).await;
        let (first, second) = (one.plan_continue(&id).await.unwrap(), other.plan_continue(&id).await.unwrap());
        bench.tenant.recorder().clear();
        let (first, second) = tokio::join!(
            one.run(first, CancellationToken::new(), News::default().listener()),
            other.run(second, CancellationToken::new(), News::default().listener())
        );
        let refused: Vec<Code> =
            [&first, &second].into_iter().filter_map(|ended| Some(ended.as_ref().err()?.code)).collect();
        assert_eq!(refused, [Code::Busy], "{call} {nth}");
        let ended = first.or(second).unwrap();
        assert_eq!((ended.state, &ended.id), (RunState::Done, &id), "{call} {nth}: {ended:#?}");
        assert_eq!(only(&bench), ended, "{call} {nth}: as it is kept");
        assert_eq!(bench.applications(NAME).len(), 1, "{call} {nth}");
        assert_eq!(bench.principals(NAME).len(), 1, "{call} {nth}");
        assert_eq!(passwords(&bench, NAME).len(), 1, "{call} {nth}");
        assert_eq!(bench.keychain.accounts().len(), 1, "{call} {nth}");
        // And a plan to continue that was made before the other one ended is refused once it has.
        assert_eq!(one.plan_continue(&id).await.unwrap_err().code, Code::WrongKind, "{call} {nth}");
    }
}

#[tokio::test]
async fn a_plan_to_continue_that_another_process_has_carried_out_meanwhile_changes_nothing() {
    let bench = Bench::start().await;
    crash(&bench, "grant", 1, Side::After).await;
    bench.settle();
    let id = only(&bench).id;
    let other = bench.job_over(bench.folder.path().join("runs")).await;
    let late = other.plan_continue(&id).await.unwrap();
    assert_eq!(continued(&bench).await.state, RunState::Done);
    bench.tenant.recorder().clear();
    let refused = other.run(late, CancellationToken::new(), News::default().listener()).await.unwrap_err();
    assert_eq!(refused.code, Code::Stale, "{refused:?}");
    assert!(bench.mutations().is_empty());
}
