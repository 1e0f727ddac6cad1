//! Who cannot undo, what cannot be undone, and what is then said.

use inbound_access_job::preflight::Able;
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunEvent, RunState, RunView, StepState};
use practice_tenant::{PersonaKey, RetryAfter};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

use super::{done_and_planned, undo};
use crate::crashes::NAME;
use crate::support::keychain::Mood;
use crate::support::others::{busy, refusal};
use crate::support::{Bench, app_request, asking, failure, run, set_up, standing};

#[tokio::test]
async fn who_may_not_take_grants_back_is_told_before_and_after_and_another_goes_on() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let done = set_up(&bench.admin().await, app_request(&bench, NAME)).await;
    bench.settle();
    let lesser = bench.job(PersonaKey::ApplicationAdministrator).await;
    let plan = lesser.plan_undo(&done.id).await.unwrap();
    let able: Vec<Able> = plan.view().steps.iter().map(|step| step.standing.as_ref().unwrap().able).collect();
    assert_eq!(able, [Able::Can, Able::NeedsOther, Able::NeedsOther, Able::Can]);
    assert!(plan.view().warnings[0].message.starts_with("Steps 2 and 3: "), "{:?}", plan.view().warnings);
    let ended = run(&lesser, plan).await;
    assert_eq!(ended.state, RunState::Failed, "{ended:#?}");
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::Forbidden);
    assert!(problem.advice.unwrap().contains("Privileged Role Administrator"));
    assert!(problem.exists.unwrap().contains("is still granted"));
    assert!(matches!(ended.steps[3].state, StepState::NotDone { .. }), "the app stays with its grants");
    assert!(ended.hand_over.is_none(), "its secret is gone: the hand-over would not be true any more");
    bench.settle();
    undo(&bench.admin().await, &done.id).await;
    assert_eq!(standing(&bench), before);
}

#[tokio::test]
async fn an_owner_without_a_role_deletes_what_they_own() {
    let bench = Bench::start().await;
    bench.tenant.dials().set_users_may_register(true);
    let before = standing(&bench);
    let owner = bench.job(PersonaKey::User).await;
    let done = set_up(&owner, asking(app_request(&bench, NAME))).await;
    bench.settle();
    let plan = owner.plan_undo(&done.id).await.unwrap();
    let standing_of = |step: &inbound_access_job::plan::StepView| step.standing.clone().unwrap();
    assert!(plan.view().steps.iter().all(|step| standing_of(step).able == Able::Can), "{:#?}", plan.view());
    assert!(plan.view().kept.is_empty(), "they own it, and that is no reason to keep it: {:#?}", plan.view().kept);
    let undone = run(&owner, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert_eq!(standing(&bench), before);
    assert!(undone.consent.is_none());
}

#[tokio::test]
async fn a_keychain_that_does_not_let_go_stops_the_undoing_before_the_app_and_it_goes_on_later() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    bench.keychain.set(Mood::Locked);
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Failed, "{ended:#?}");
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::KeychainLocked);
    assert!(problem.exists.unwrap().contains("is gone from Entra"));
    assert!(ended.debts.is_empty(), "a secret that is gone from Entra is owed to nobody: {:#?}", ended.debts);
    bench.keychain.set(Mood::Fine);
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(standing(&bench), before);
    assert!(bench.keychain.accounts().is_empty());
}

#[tokio::test]
async fn a_prompt_of_the_keychain_is_told_and_waited_for_when_a_secret_is_removed() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (_, plan) = done_and_planned(&bench, &job).await;
    bench.keychain.set(Mood::Asks);
    let told = Arc::new(Mutex::new(false));
    let heard = Arc::clone(&told);
    let listener = Arc::new(move |event| {
        if matches!(event, RunEvent::Step { state: StepState::KeychainAsks, .. }) {
            *heard.lock().unwrap() = true;
        }
    });
    let undone = job.run(plan, CancellationToken::new(), listener).await.unwrap();
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert!(*told.lock().unwrap());
    assert!(bench.keychain.accounts().is_empty());
}

#[tokio::test]
async fn cancelled_before_it_began_nothing_is_taken_back() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let ended = job.run(plan, cancel, Arc::new(|_| {})).await.unwrap();
    assert_eq!(ended.state, RunState::Cancelled);
    assert!(bench.mutations().is_empty());
    assert!(ended.hand_over.is_some() && ended.ways.can_undo && !ended.ways.can_continue, "{ended:#?}");
    undo(&job, &done.id).await;
}

#[tokio::test]
async fn a_server_fault_after_which_the_thing_is_gone_is_no_failure() {
    for (kind, nth) in [("removePassword", 1), ("revoke", 1), ("deleteApp", 1)] {
        for applied in [true, false] {
            let bench = Bench::start().await;
            let before = standing(&bench);
            let job = bench.admin().await;
            let (_, plan) = done_and_planned(&bench, &job).await;
            bench.fault(kind, nth, 1, busy(500, applied, None, RetryAfter::Seconds));
            let undone = run(&job, plan).await;
            assert_eq!(undone.state, RunState::Undone, "{kind} {applied}: {undone:#?}");
            assert_eq!(standing(&bench), before, "{kind} {applied}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_undone_says_why_and_changes_nothing() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    assert_eq!(job.plan_undo("nothing").await.unwrap_err().code, Code::NotFound);
    // A run that made nothing.
    bench.fault("register", 1, 1000, refusal(403, "Authorization_RequestDenied", "No."));
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let failed = run(&job, plan).await;
    bench.no_faults();
    assert!(failed.state == RunState::Failed && !failed.ways.can_undo, "{failed:#?}");
    let problem = job.plan_undo(&failed.id).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongKind);
    assert!(problem.message.contains("made nothing"), "{problem:?}");

    let done = set_up(&job, app_request(&bench, NAME)).await;
    bench.settle();
    // Of another tenant.
    change(&bench, &done, |run| run["tenantId"] = "0b0c8d0e-0000-4000-8000-000000000001".into());
    let problem = job.plan_undo(&done.id).await.unwrap_err();
    assert!(problem.code == Code::WrongKind && problem.message.contains("is of the tenant"), "{problem:?}");
    change(&bench, &done, |run| run["tenantId"] = bench.tenant.tenant_id().to_string().into());
    // Undone already.
    undo(&job, &done.id).await;
    assert_eq!(job.plan_undo(&done.id).await.unwrap_err().code, Code::WrongKind);
}

fn change(bench: &Bench, run: &RunView, change: impl FnOnce(&mut serde_json::Value)) {
    let path = bench.folder.path().join("runs").join(format!("{}.json", run.id));
    let mut document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut document["run"]);
    std::fs::write(&path, document.to_string()).unwrap();
}

#[tokio::test]
async fn a_run_of_an_earlier_format_says_that_it_does_not_know_enough() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    let path = bench.folder.path().join("runs").join(format!("{}.json", done.id));
    let mut document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    document["format"] = 1.into();
    let entries = document["entries"].as_array_mut().unwrap();
    entries.retain(|entry| entry["kind"] != "made");
    for entry in entries {
        entry.as_object_mut().unwrap().remove("aim");
    }
    std::fs::write(&path, document.to_string()).unwrap();
    assert!(!bench.runs.get(&done.id).unwrap().ways.can_undo);
    let problem = job.plan_undo(&done.id).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongKind);
    assert!(problem.message.contains("earlier version"), "{problem:?}");
    assert!(problem.advice.unwrap().contains("listed with its ids"));
}

#[tokio::test]
async fn of_two_undoings_at_once_one_is_refused_and_the_next_run_is_let_in() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    let (one, other) = tokio::join!(
        job.run(plan.clone(), CancellationToken::new(), Arc::new(|_| {})),
        job.run(plan, CancellationToken::new(), Arc::new(|_| {}))
    );
    let codes: Vec<Code> = [&one, &other].into_iter().filter_map(|ended| Some(ended.as_ref().err()?.code)).collect();
    assert!(matches!(codes.as_slice(), [Code::Busy] | [Code::Stale]), "{codes:?}");
    assert_eq!(bench.runs.get(&done.id).unwrap().state, RunState::Undone);
    set_up(&job, app_request(&bench, NAME)).await;
}
