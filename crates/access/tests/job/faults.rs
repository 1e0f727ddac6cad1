//! Lost, cut and senseless answers at every mutating call: one app, one principal, one grant each, one secret.

use inbound_access_job::run::RunState;
use practice_tenant::{Fault, RetryAfter};
use serde_json::{Value, json};

use crate::support::others::{answer, busy};
use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, passwords, run};

const NAME: &str = "HR feed";
pub const CALLS: [&str; 5] = ["register", "servicePrincipal", "grant", "grant", "addPassword"];

/// Of the call with this place in [`CALLS`], which of its kind it is.
pub fn nth(index: usize) -> u32 {
    if index == 3 { 2 } else { 1 }
}

fn status(status: u16, applied: bool) -> Fault {
    busy(status, applied, None, RetryAfter::Seconds)
}

/// The end state that every path must reach.
pub async fn whole(bench: &Bench, job: &inbound_access_job::Job) {
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

/// Befalls each mutating call of its own run, which comes to the same end all the same.
async fn befall(fault: Fault) {
    for call in 0..CALLS.len() {
        befall_one(call, fault.clone()).await;
    }
}

async fn befall_one(index: usize, fault: Fault) {
    let (call, nth) = (CALLS[index], nth(index));
    let bench = Bench::start().await;
    let job = bench.admin().await;
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

#[tokio::test]
async fn f06_answers_lost_after_the_call_was_carried_out() {
    befall(Fault::ResetAfter).await;
}

#[tokio::test]
async fn f05_connections_lost_before_the_call_was_carried_out() {
    befall(Fault::ResetBefore).await;
}

#[tokio::test]
async fn f07_answers_cut_in_the_middle() {
    befall(Fault::CutBody).await;
}

#[tokio::test]
async fn f10_server_faults_after_the_call_was_carried_out() {
    befall(status(500, true)).await;
}

#[tokio::test]
async fn f09_server_faults_before_the_call_was_carried_out() {
    befall(status(500, false)).await;
}

#[tokio::test]
async fn f22_a_page_in_place_of_an_answer() {
    befall(Fault::Html).await;
}

#[tokio::test]
async fn f60_endless_answers() {
    befall(Fault::Huge { megabytes: 300 }).await;
}

#[tokio::test]
async fn f11_gateways_busy_with_and_without_a_hint_how_long() {
    let styles = [(502, false, None), (502, true, Some(3)), (503, false, Some(3)), (503, true, Some(3))];
    for (status, applied, retry_after) in
        styles.into_iter().chain([(503, false, None), (504, true, None), (504, false, Some(3))])
    {
        befall(busy(status, applied, retry_after, RetryAfter::Seconds)).await;
    }
}

#[tokio::test]
async fn f23_an_answer_that_lacks_what_was_asked_for() {
    let odd = [
        json!({"id": null, "unexpected": [1, 2]}),
        Value::Null,
        json!([]),
        json!({"message": {"lang": "en", "value": "done"}, "id": {"value": 7}, "keyId": [], "secretText": null}),
    ];
    for body in odd {
        befall(answer(201, body)).await;
    }
}

#[tokio::test]
async fn f23_a_secret_whose_answer_lacks_its_key_or_its_value_is_removed_and_made_anew() {
    let key = "11111111-1111-4111-8111-111111111111";
    let end = "2099-01-01T00:00:00Z";
    for body in [
        json!({"secretText": "s3cret-s3cret-s3cret", "endDateTime": end, "extra": {"deep": [1]}}),
        json!({"keyId": key, "secretText": null, "endDateTime": end}),
        json!({"keyId": key, "endDateTime": end, "message": {"value": "no value"}}),
    ] {
        befall_one(4, answer(200, body)).await;
    }
}

#[tokio::test]
async fn f24_an_answer_about_another_object_is_not_built_upon() {
    let other = "11111111-1111-4111-8111-111111111111";
    let app = json!({"id": other, "appId": other, "displayName": "Another app"});
    let keyed = json!({"id": other, "appId": other, "displayName": "Another app", "uniqueName": "another-app"});
    let principal = json!({"id": other, "appId": other, "displayName": "Another app",
        "servicePrincipalType": "Application"});
    let grant = json!({"id": "another-grant", "appRoleId": other, "principalId": other, "resourceId": other});
    let secret = json!({"keyId": other, "displayName": "Another secret", "endDateTime": "2099-01-01T00:00:00Z",
        "secretText": "s3cret-s3cret-s3cret", "hint": "s3c"});
    for (call, body) in [(0, app), (0, keyed), (1, principal), (2, grant.clone()), (3, grant), (4, secret)] {
        // Nothing foreign can have got in: the tenant holds what was asked for and the run lists six ids of its own.
        befall_one(call, answer(201, body)).await;
    }
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
