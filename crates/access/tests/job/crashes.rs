//! The program dies at a mutating call; the next plan and run come to the same end without duplicates.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use inbound_access_job::desired::SetupRequest;
use inbound_access_job::directory::Directory;
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunEvent, RunState, StepState};
use practice_tenant::PersonaKey;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::support::deadly::{Deadly, Fate, Side};
use crate::support::keychain::Mood;
use crate::support::{
    AUDIT_LOG, Bench, Elsewhere, News, UPLOAD, another, app_request, asking, failure, passwords, run, set_up,
};

pub const NAME: &str = "HR feed";
pub const CALLS: [(&str, u32); 5] =
    [("register", 1), ("servicePrincipal", 1), ("grant", 1), ("grant", 2), ("addPassword", 1)];

/// Runs until the `nth` call of a kind, then drops the run as a killed process would: before the tenant has heard of it,
/// or after the tenant has carried it out and before the program has seen the answer.
pub async fn crash(bench: &Bench, call: &'static str, nth: u32, side: Side) {
    crash_with(bench, PersonaKey::GlobalAdministrator, app_request(bench, NAME), call, nth, side).await;
}

pub async fn crash_with(
    bench: &Bench,
    persona: PersonaKey,
    request: SetupRequest,
    call: &'static str,
    nth: u32,
    side: Side,
) {
    let reached = Arc::new(Notify::new());
    let deadly = |inner| -> Arc<dyn Directory> {
        Arc::new(Deadly {
            inner,
            kind: call,
            nth,
            side,
            seen: AtomicU32::new(0),
            reached: Arc::clone(&reached),
            fate: Fate::Death,
        })
    };
    let job = bench.job_through(persona, deadly).await;
    let plan = job.plan(request).await.unwrap();
    let going = job.run(plan, CancellationToken::new(), News::default().listener());
    tokio::select! {
        ended = going => panic!("the run ended before it was killed: {ended:#?}"),
        () = reached.notified() => {}
    }
}

async fn comes_to_the_same_end(bench: &Bench, what: &str) {
    bench.settle();
    let job = bench.admin().await;
    let interrupted = job.runs().list().unwrap();
    assert_eq!(interrupted.len(), 1, "{what}");
    assert_eq!(interrupted[0].state, RunState::Interrupted, "{what}");
    assert!(
        interrupted[0].steps.iter().all(|step| !matches!(step.state, StepState::Working | StepState::Waiting)),
        "{what}: {:#?}",
        interrupted[0].steps
    );
    let plan = job.plan(app_request(bench, NAME)).await.unwrap();
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Done, "{what}: {ended:#?}");
    assert_eq!(bench.applications(NAME).len(), 1, "{what}");
    assert_eq!(bench.principals(NAME).len(), 1, "{what}");
    assert_eq!(passwords(bench, NAME).len(), 1, "{what}: no orphan");
    assert_eq!(bench.keychain.accounts().len(), 1, "{what}");
    let verified = job.verify(NAME, &[], true).await.unwrap();
    let granted: Vec<&str> =
        verified.permissions.iter().filter(|row| row.granted.is_some()).map(|row| row.value.as_str()).collect();
    assert_eq!(granted, [UPLOAD, AUDIT_LOG], "{what}");
    bench.settle();
    assert_eq!(job.plan(app_request(bench, NAME)).await.unwrap().view().changes, 0, "{what}");
}

#[tokio::test]
async fn killed_after_each_call_was_carried_out() {
    for (call, nth) in CALLS {
        let bench = Bench::start().await;
        crash(&bench, call, nth, Side::After).await;
        comes_to_the_same_end(&bench, &format!("killed after {call} {nth}")).await;
    }
}

#[tokio::test]
async fn killed_before_each_call_was_sent() {
    for (call, nth) in CALLS {
        let bench = Bench::start().await;
        crash(&bench, call, nth, Side::Before).await;
        comes_to_the_same_end(&bench, &format!("killed before {call} {nth}")).await;
    }
}

#[tokio::test]
async fn killed_while_the_grants_are_left_to_another_the_next_run_asks_and_nothing_is_doubled() {
    for (call, side) in [("register", Side::Before), ("register", Side::After), ("servicePrincipal", Side::Before)]
        .into_iter()
        .chain([("servicePrincipal", Side::After), ("addPassword", Side::Before), ("addPassword", Side::After)])
    {
        let what = format!("killed {side:?} {call}");
        let bench = Bench::start().await;
        let asked = asking(app_request(&bench, NAME));
        crash_with(&bench, PersonaKey::ApplicationAdministrator, asked.clone(), call, 1, side).await;
        bench.settle();
        let first = bench.job(PersonaKey::ApplicationAdministrator).await;
        let interrupted = first.runs().list().unwrap().remove(0);
        assert_eq!(interrupted.state, RunState::Interrupted, "{what}");
        let asked_before = interrupted.consent.is_some();
        assert_eq!(asked_before, call == "addPassword", "{what}: {:#?}", interrupted.steps);
        assert_eq!(
            interrupted.steps.iter().filter(|step| step.state == StepState::ConsentAsked).count(),
            if asked_before { 2 } else { 0 },
            "{what}: what was asked for is known, and nothing else is said to be"
        );
        let ended = set_up(&first, asked.clone()).await;
        assert_eq!(bench.applications(NAME).len(), 1, "{what}");
        assert_eq!(bench.principals(NAME).len(), 1, "{what}");
        assert_eq!(passwords(&bench, NAME).len(), 1, "{what}: no orphan");
        assert!(!bench.mutation_names().contains(&"grant"), "{what}");

        // The request of either run can be finished, and both then know.
        let from = if asked_before { &interrupted } else { &ended };
        let request = from.consent.as_ref().unwrap().request.clone();
        bench.settle();
        let there = Elsewhere::new();
        let second = bench.job_elsewhere(PersonaKey::PrivilegedRoleAdministrator, &there).await;
        let plan = second.plan_consent(&request).await.unwrap();
        assert_eq!(run(&second, plan).await.state, RunState::Done, "{what}");
        bench.settle();
        for run in [&from.id, &ended.id] {
            let seen = first.check_consent(run).await.unwrap();
            assert!(seen.steps.iter().all(|step| step.state != StepState::ConsentAsked), "{what}: {seen:#?}");
        }
        assert_eq!(first.runs().get(&ended.id).unwrap().hand_over.unwrap().permissions, [UPLOAD, AUDIT_LOG], "{what}");
        assert_eq!(first.plan(asked).await.unwrap().view().changes, 0, "{what}");
    }
}

#[tokio::test]
async fn killed_while_a_request_of_another_is_finished_the_next_run_does_the_rest() {
    for (nth, side) in [(1, Side::Before), (1, Side::After), (2, Side::Before), (2, Side::After)] {
        let what = format!("killed {side:?} grant {nth}");
        let bench = Bench::start().await;
        let first = bench.job(PersonaKey::ApplicationAdministrator).await;
        let ended = set_up(&first, asking(app_request(&bench, NAME))).await;
        bench.settle();
        let request = ended.consent.unwrap().request;
        let reached = Arc::new(Notify::new());
        let deadly = |inner| -> Arc<dyn Directory> {
            let (seen, reached) = (AtomicU32::new(0), Arc::clone(&reached));
            Arc::new(Deadly { inner, kind: "grant", nth, side, seen, reached, fate: Fate::Death })
        };
        let second = bench.job_through(PersonaKey::GlobalAdministrator, deadly).await;
        let plan = second.plan_consent(&request).await.unwrap();
        let going = second.run(plan, CancellationToken::new(), News::default().listener());
        tokio::select! {
            ended = going => panic!("the run ended before it was killed: {ended:#?}"),
            () = reached.notified() => {}
        }
        bench.settle();
        let again = bench.admin().await;
        let plan = again.plan_consent(&request).await.unwrap();
        assert_eq!(run(&again, plan).await.state, RunState::Done, "{what}");
        bench.settle();
        let seen = first.check_consent(&ended.id).await.unwrap();
        assert!(seen.consent.unwrap().granted.iter().all(Option::is_some), "{what}");
        let verified = again.verify(NAME, &[], true).await.unwrap();
        assert!(verified.permissions.iter().all(|row| row.granted.is_some()), "{what}");
        assert!(verified.surplus.is_empty(), "{what}");
    }
}

#[tokio::test]
async fn killed_while_the_secret_is_removed_again() {
    for side in [Side::Before, Side::After] {
        let bench = Bench::start().await;
        bench.keychain.set(Mood::RefusesToStore);
        crash(&bench, "removePassword", 1, side).await;
        bench.keychain.set(Mood::Fine);
        comes_to_the_same_end(&bench, &format!("killed {side:?} removePassword")).await;
    }
}

#[tokio::test]
async fn without_a_journal_nothing_is_sent() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    std::fs::remove_dir_all(bench.folder.path().join("runs")).unwrap();
    let problem = job.run(plan, CancellationToken::new(), News::default().listener()).await.unwrap_err();
    assert_eq!(problem.code, Code::LocalFile);
    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn a_journal_that_fails_in_the_middle_stops_the_run_before_the_next_call() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let folder = bench.folder.path().join("runs");
    let listener = Arc::new(move |event| {
        if matches!(event, RunEvent::Step { number: 3, state: StepState::Working, .. }) {
            std::fs::remove_dir_all(&folder).unwrap();
        }
    });
    let ended = job.run(plan, CancellationToken::new(), listener).await.unwrap();
    assert_eq!(ended.state, RunState::Failed);
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::LocalFile);
    assert!(problem.exists.unwrap().contains("Nothing was sent"));
    assert_eq!(bench.mutation_names(), ["register"]);
    assert_eq!(ended.made.len(), 2);
}

#[tokio::test]
async fn cancelled_while_an_answer_is_awaited_what_exists_is_found_and_listed() {
    for (call, nth) in CALLS {
        let bench = Bench::start().await;
        let cancel = CancellationToken::new();
        let fate = Fate::Cancel(cancel.clone());
        let lose = |inner| -> Arc<dyn Directory> {
            Arc::new(Deadly {
                inner,
                kind: call,
                nth,
                side: Side::After,
                seen: AtomicU32::new(0),
                reached: Arc::new(Notify::new()),
                fate,
            })
        };
        let job = bench.job_through(PersonaKey::GlobalAdministrator, lose).await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let ended = job.run(plan, cancel, News::default().listener()).await.unwrap();
        assert_eq!(ended.state, RunState::Cancelled, "{call} {nth}: {ended:#?}");
        let listed = |what: &str| ended.made.iter().filter(|made| made.what.starts_with(what)).count();
        let snapshot = bench.tenant.snapshot();
        assert_eq!(listed("App registration"), 2 * bench.applications(NAME).len(), "{call} {nth}");
        assert_eq!(listed("Service principal"), bench.principals(NAME).len(), "{call} {nth}");
        let of_ours = |id: &str| snapshot["assignments"].as_object().unwrap().contains_key(id);
        let grants: Vec<_> = ended.made.iter().filter(|made| made.id_name == "grant id").collect();
        assert!(grants.iter().all(|made| of_ours(&made.id)), "{call} {nth}");
        if call == "addPassword" {
            assert!(passwords(&bench, NAME).is_empty(), "a secret that nobody has is removed");
            assert_eq!(grants.len(), 2);
        }
        assert!(bench.keychain.accounts().is_empty());
    }
}

#[tokio::test]
async fn nothing_else_in_the_tenant_is_touched() {
    let bench = Bench::start().await;
    let before = bench.tenant.snapshot();
    let job = bench.admin().await;
    // Names that belong to others as well.
    set_up(&job, another(app_request(&bench, "Workday connector"))).await;
    let plan = job.plan(app_request(&bench, "Workday connector")).await.unwrap();
    run(&job, plan).await;
    let after = bench.tenant.snapshot();
    let mut compared = 0;
    for list in ["applications", "servicePrincipals", "assignments"] {
        for (id, object) in before[list].as_object().unwrap() {
            assert_eq!(Some(object), after[list].get(id), "{list} {id}");
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
    assert_eq!(after["applications"].as_object().unwrap().len(), before["applications"].as_object().unwrap().len() + 1);
}
