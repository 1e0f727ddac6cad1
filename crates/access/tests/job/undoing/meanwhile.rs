//! Others act between the plan of an undoing and its run.

use inbound_access_job::plan::{StepEffect, StepKind};
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, StepState};
use serde_json::json;

use super::{done_and_planned, long_after, properties};
use crate::crashes::NAME;
use crate::support::foreign::{app_of_others, by_hand, grant};
use crate::support::{AUDIT_LOG, Bench, app_request, failure, run, set_up, standing};

#[tokio::test]
async fn an_app_that_was_changed_since_the_plan_is_left_alone_and_that_is_said() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    let app = done.made[0].id.clone();
    let secret = json!({ "passwordCredential": { "displayName": "theirs" } });
    by_hand(&bench, "POST", &format!("/applications/{app}/addPassword"), Some(secret)).await;
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Failed, "{ended:#?}");
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::Stale);
    assert!(problem.message.contains("a client secret that this run did not make"), "{}", problem.message);
    assert!(!bench.mutation_names().contains(&"deleteApp"), "{:?}", bench.mutation_names());
    let left = properties(&bench, "applications", &app)["passwordCredentials"].clone();
    assert_eq!(left[0]["displayName"], "theirs", "{left}");
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    assert!(ended.ways.can_undo && !ended.ways.can_continue);
    let again = job.plan_undo(&done.id).await.unwrap();
    assert!(again.view().kept.iter().any(|kept| kept.id == app), "{:#?}", again.view());
    assert_eq!(again.view().changes, 0);
    assert_eq!(run(&job, again).await.state, RunState::Undone);
}

#[tokio::test]
async fn a_grant_that_came_since_the_plan_keeps_the_app() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    let principal = done.made.iter().find(|made| made.what.starts_with("Service principal")).unwrap();
    grant(&bench, &principal.id, "Mail.Send").await;
    let ended = run(&job, plan).await;
    assert_eq!(failure(&ended).code, Code::Stale, "{ended:#?}");
    assert!(!bench.mutation_names().contains(&"deleteApp"));
}

#[tokio::test]
async fn what_somebody_deleted_already_counts_as_done() {
    // Before the plan.
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    bench.settle();
    let grants: Vec<_> = done.made.iter().filter(|made| made.id_name == "grant id").collect();
    bench.revoke(&grants[0].id).await;
    by_hand(&bench, "DELETE", &format!("/applications/{}", done.made[0].id), None).await;
    long_after(&bench);
    bench.tenant.recorder().clear();
    let plan = job.plan_undo(&done.id).await.unwrap();
    let will: Vec<_> = plan.view().steps.iter().filter(|step| step.effect == StepEffect::WillRemove).collect();
    assert_eq!(will.len(), 1, "{:#?}", plan.view());
    assert_eq!(will[0].kind, StepKind::RemoveSecret, "its value is still in the keychain");
    assert!(will[0].requests.is_empty() && will[0].standing.is_none(), "{will:#?}");
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert!(bench.keychain.accounts().is_empty() && bench.mutations().is_empty(), "{:?}", bench.mutation_names());
    assert_eq!(standing(&bench)["applications"], before["applications"]);
    assert!(undone.made.iter().all(|made| made.removed.is_some()), "{:#?}", undone.made);

    // Between the plan and the run.
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    by_hand(&bench, "DELETE", &format!("/applications/{}", done.made[0].id), None).await;
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    let last = undone.steps.last().unwrap();
    let StepState::Done { note: Some(note), .. } = &last.state else { panic!("{last:#?}") };
    assert!(note.starts_with("was gone already; can be restored until"), "{note}");
    assert!(bench.keychain.accounts().is_empty());
}

#[tokio::test]
async fn what_others_added_to_the_requested_permissions_since_the_plan_is_kept() {
    let bench = Bench::start().await;
    let (app, client, _) = app_of_others(&bench, "Benefits", true).await;
    let job = bench.admin().await;
    let done = set_up(&job, super::of_existing(app_request(&bench, "Benefits"), &client)).await;
    bench.settle();
    let plan = job.plan_undo(&done.id).await.unwrap();
    let mut requested = properties(&bench, "applications", &app)["requiredResourceAccess"].clone();
    let more = json!({ "id": "df021288-bdef-4463-88db-98f22de89214", "type": "Role" });
    requested[1]["resourceAccess"].as_array_mut().unwrap().push(more.clone());
    let path = format!("/applications/{app}");
    by_hand(&bench, "PATCH", &path, Some(json!({ "requiredResourceAccess": requested }))).await;
    assert_eq!(run(&job, plan).await.state, RunState::Undone);
    let left = properties(&bench, "applications", &app)["requiredResourceAccess"].clone();
    let of_graph = left[1]["resourceAccess"].as_array().unwrap();
    assert!(of_graph.contains(&more) && of_graph.len() == 3, "{left}");
}

#[tokio::test]
async fn a_grant_that_somebody_revoked_between_the_plan_and_the_run_counts_as_done() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let (done, plan) = done_and_planned(&bench, &job).await;
    bench.revoke(&done.made.iter().find(|made| made.what.contains(AUDIT_LOG)).unwrap().id).await;
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert_eq!(standing(&bench), before);
    let problem = job.plan_undo(&done.id).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongKind);
    assert!(problem.message.contains("undone already"), "{problem:?}");
}
