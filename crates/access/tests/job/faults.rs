//! Lost, cut and senseless answers at every mutating call: one app, one principal, one grant each, one secret.

use inbound_access_job::run::RunState;
use practice_tenant::Fault;
use serde_json::json;

use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, passwords, run};

const NAME: &str = "HR feed";
const CALLS: [&str; 5] = ["register", "servicePrincipal", "grant", "grant", "addPassword"];

fn status(status: u16, applied: bool) -> Fault {
    Fault::Status {
        status,
        applied,
        code: None,
        message: None,
        details: vec![],
        retry_after: None,
        retry_style: Default::default(),
    }
}

/// The end state that every path must reach.
async fn whole(bench: &Bench, job: &inbound_access_job::Job) {
    bench.settle();
    assert_eq!(bench.applications(NAME).len(), 1);
    assert_eq!(bench.principals(NAME).len(), 1);
    let verified = job.verify(NAME, &[], true).await.unwrap();
    let grants: Vec<&str> =
        verified.permissions.iter().filter(|row| row.granted.is_some()).map(|row| row.value.as_str()).collect();
    assert_eq!(grants, [UPLOAD, AUDIT_LOG]);
    assert!(verified.surplus.is_empty());
    let secrets = passwords(bench, NAME);
    assert_eq!(secrets.len(), 1, "no orphan: {secrets:#?}");
    let accounts = bench.keychain.accounts();
    assert_eq!(accounts.len(), 1, "{accounts:?}");
    assert!(accounts[0].ends_with(secrets[0]["keyId"].as_str().unwrap()));
}

async fn befall(fault: Fault) {
    for (index, call) in CALLS.into_iter().enumerate() {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        let nth = if index == 3 { 2 } else { 1 };
        bench.fault(call, nth, 1, fault.clone());
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let ended = run(&job, plan).await;
        let befallen = bench.mutations().iter().filter(|exchange| exchange.fault.is_some()).count();
        assert_eq!(befallen, 1, "{fault:?} at {call} did not befall");
        assert_eq!(ended.state, RunState::Done, "{fault:?} at {call} {nth}: {ended:#?}");
        // App (two ids), principal, two grants, secret: whatever became of an answer, they are this run's.
        assert_eq!(ended.made.len(), 6, "{fault:?} at {call} {nth}: {:#?}", ended.made);
        whole(&bench, &job).await;
    }
}

#[tokio::test]
async fn answers_lost_after_the_call_was_carried_out() {
    befall(Fault::ResetAfter).await;
}

#[tokio::test]
async fn connections_lost_before_the_call_was_carried_out() {
    befall(Fault::ResetBefore).await;
}

#[tokio::test]
async fn answers_cut_in_the_middle() {
    befall(Fault::CutBody).await;
}

#[tokio::test]
async fn server_faults_after_the_call_was_carried_out() {
    befall(status(500, true)).await;
}

#[tokio::test]
async fn server_faults_before_the_call_was_carried_out() {
    befall(status(500, false)).await;
}

#[tokio::test]
async fn a_page_in_place_of_an_answer() {
    befall(Fault::Html).await;
}

#[tokio::test]
async fn an_answer_without_what_was_asked_for() {
    befall(Fault::Answer { status: 200, body: json!({"id": null, "unexpected": [1, 2]}), applied: true }).await;
}

#[tokio::test]
async fn endless_answers() {
    befall(Fault::Huge { megabytes: 300 }).await;
}

#[tokio::test]
async fn busy_with_and_without_a_hint_how_long() {
    befall(status(503, false)).await;
    befall(status(429, false)).await;
}

#[tokio::test]
async fn busy_with_a_hint_though_the_call_was_carried_out() {
    befall(Fault::Status {
        status: 503,
        applied: true,
        code: None,
        message: None,
        details: vec![],
        retry_after: Some(3),
        retry_style: Default::default(),
    })
    .await;
}

#[tokio::test]
async fn lost_answers_under_replication_leave_no_orphan() {
    for call in ["servicePrincipal", "grant", "addPassword"] {
        let bench = Bench::start().await;
        bench.tenant.dials().set_replication(std::time::Duration::from_secs(5));
        let job = bench.admin().await;
        // The first calls of a kind are refused while replicas catch up: lose several answers in a row.
        bench.fault(call, 1, 2, Fault::ResetAfter);
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let ended = run(&job, plan).await;
        assert_eq!(ended.state, RunState::Done, "{call}: {ended:#?}");
        whole(&bench, &job).await;
    }
}

#[tokio::test]
async fn addpassword_that_never_answers_ends_with_the_truth_and_no_orphan() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    bench.fault("addPassword", 1, 100, Fault::ResetAfter);
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Failed);
    let problem = crate::support::failure(&ended);
    assert_eq!(problem.code, inbound_access_job::problem::Code::Unclear);
    assert!(problem.exists.unwrap().starts_with("No secret of this run was found"));
    assert!(passwords(&bench, NAME).is_empty());
    assert!(bench.keychain.accounts().is_empty());
    bench.no_faults();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 1);
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    whole(&bench, &job).await;
}
