//! Another administrator changes the tenant while a run goes on: what they did is recognised, told, and not undone.

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::Job;
use inbound_access_job::desired::SetupRequest;
use inbound_access_job::plan::StepKind;
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::run::{RunState, RunView, StepState};
use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Call, Graph};
use inbound_entra::ids::ObjectId;
use practice_tenant::{DialSettings, Fault};
use serde_json::json;

use crate::support::deadly::Side;
use crate::support::others::{
    answer, app_id_of, by_hand, delete_app, is_deleted, job_while, meanwhile, other_admin, refusal, requests,
};
use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, failure, identity_request, passwords, run, set_up};

const NAME: &str = "HR feed";

async fn planned_run(bench: &Bench, job: &Job) -> RunView {
    let plan = job.plan(app_request(bench, NAME)).await.unwrap();
    run(job, plan).await
}

/// What every word about a deleted object must say, soon and without asking for the change again and again.
fn told_as_deleted(problem: &Problem, what: &str) {
    assert_eq!(problem.code, Code::Stale, "{what}: {problem:#?}");
    assert!(problem.message.contains("was deleted while this run went on"), "{what}: {}", problem.message);
    assert!(problem.exists.as_ref().unwrap().contains("restored for 30 days"), "{what}: {problem:?}");
    let advice = problem.advice.as_ref().unwrap();
    assert!(advice.contains("Restore it in Entra") && advice.contains("Another administrator"), "{what}: {advice}");
}

#[tokio::test]
async fn f56_an_app_deleted_in_mid_run_is_told_at_the_next_step_and_nothing_is_made_for_it() {
    for (kind, side) in [
        ("servicePrincipal", Side::Before),
        ("servicePrincipal", Side::After),
        ("grant", Side::Before),
        ("addPassword", Side::Before),
    ] {
        let what = format!("deleted {side:?} {kind}");
        let bench = Arc::new(Bench::start().await);
        let act = meanwhile(&bench, |bench, graph| delete_app(bench, graph, NAME));
        let job = job_while(&bench, kind, 1, side, act).await;
        let before = bench.clock.0.now();
        let ended = planned_run(&bench, &job).await;
        assert_eq!(ended.state, RunState::Failed, "{what}: {ended:#?}");
        told_as_deleted(&failure(&ended), &what);
        assert!(failure(&ended).message.contains("The app \"HR feed\""), "{what}");
        assert!(bench.clock.0.now().duration_since(before).as_secs() < 20, "{what}: it was waited for in vain");
        let most = if kind == "grant" { 8 } else { 4 };
        assert!(requests(&bench, kind) <= most, "{what}: {:?}", bench.mutation_names());
        assert!(bench.keychain.accounts().is_empty(), "{what}");
        assert!(ended.debts.is_empty(), "{what}: {:#?}", ended.debts);
        assert!(ended.hand_over.is_none() && ended.summary.contains("is not ready"), "{what}: {}", ended.summary);
        assert!(is_deleted(&bench, NAME), "{what}: it was left as the other administrator wanted it");

        // Planned again, another one is made, and the deleted one is left alone.
        bench.settle();
        let again = bench.admin().await;
        assert_eq!(planned_run(&bench, &again).await.state, RunState::Done, "{what}");
        assert_eq!(bench.applications(NAME).len(), 2, "{what}");
    }
}

#[tokio::test]
async fn f56_an_app_deleted_under_replication_is_told_once_the_deletion_is_seen() {
    let dials = DialSettings { replication: Duration::from_secs(15), ..DialSettings::default() };
    let bench = Arc::new(Bench::with(dials).await);
    let act = meanwhile(&bench, |bench, graph| async move {
        // The other administrator sees the app only after a while, as everybody does.
        bench.tenant.clock().advance(Duration::from_secs(15));
        delete_app(bench, graph, NAME).await;
    });
    let job = job_while(&bench, "servicePrincipal", 1, Side::Before, act).await;
    let ended = planned_run(&bench, &job).await;
    told_as_deleted(&failure(&ended), "under replication");
}

#[tokio::test]
async fn f56_an_app_deleted_after_its_plan_is_told_and_left_deleted() {
    let bench = Arc::new(Bench::start().await);
    let job = bench.admin().await;
    // Without its service principal and without what it should request: both steps would work on it.
    bench.fault("servicePrincipal", 1, 1, refusal(400, "Request_BadRequest", "No."));
    planned_run(&bench, &job).await;
    bench.no_faults();
    bench.settle();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    delete_app(Arc::clone(&bench), other_admin(&bench), NAME).await;
    bench.tenant.recorder().clear();
    let before = bench.clock.0.now();
    let ended = run(&job, plan).await;
    told_as_deleted(&failure(&ended), "after the plan");
    assert_eq!(bench.mutation_names(), ["servicePrincipal"], "asked once");
    assert!(bench.clock.0.now().duration_since(before).as_secs() < 5);
}

#[tokio::test]
async fn f56_an_app_restored_with_its_principal_is_continued_under_the_same_run() {
    let bench = Arc::new(Bench::start().await);
    let act = meanwhile(&bench, |bench, graph| delete_app(bench, graph, NAME));
    let job = job_while(&bench, "addPassword", 1, Side::Before, act).await;
    let ended = planned_run(&bench, &job).await;
    told_as_deleted(&failure(&ended), "before the secret");
    restore(&bench).await;
    let admin = bench.admin().await;
    let plan = admin.plan_continue(&ended.id).await.unwrap();
    let ended = run(&admin, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(passwords(&bench, NAME).len(), 1);
    assert_eq!(bench.keychain.accounts().len(), 1);
}

/// Everything that lies among the deleted objects comes back.
async fn restore(bench: &Bench) {
    let snapshot = bench.tenant.snapshot();
    for list in ["applications", "servicePrincipals"] {
        for (id, row) in snapshot[list].as_object().unwrap() {
            if row.get("deleted").is_some_and(|at| !at.is_null()) {
                by_hand(bench, "POST", &format!("/directory/deletedItems/{id}/restore")).await;
            }
        }
    }
}

#[tokio::test]
async fn f56_a_principal_deleted_by_itself_is_told() {
    let bench = Arc::new(Bench::start().await);
    let act = meanwhile(&bench, |bench, _| async move {
        let principal = bench.principals(NAME)[0]["id"].as_str().unwrap().to_owned();
        by_hand(&bench, "DELETE", &format!("/servicePrincipals/{principal}")).await;
    });
    let job = job_while(&bench, "grant", 1, Side::Before, act).await;
    let ended = planned_run(&bench, &job).await;
    let problem = failure(&ended);
    told_as_deleted(&problem, "the principal alone");
    assert!(problem.message.contains("The service principal of the app \"HR feed\""), "{}", problem.message);
    assert!(!bench.mutation_names().contains(&"addPassword"), "{:?}", bench.mutation_names());
    restore(&bench).await;
    let admin = bench.admin().await;
    let plan = admin.plan_continue(&ended.id).await.unwrap();
    assert_eq!(run(&admin, plan).await.state, RunState::Done);
}

#[tokio::test]
async fn f56_a_grant_revoked_right_after_it_was_made_is_told_by_the_verification_and_planned_again() {
    let bench = Arc::new(Bench::start().await);
    let act = meanwhile(&bench, |_, graph| async move { revoke_upload(&graph).await });
    let job = job_while(&bench, "addPassword", 1, Side::Before, act).await;
    let ended = planned_run(&bench, &job).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    bench.settle();
    let verified = job.verify(NAME, &[], false).await.unwrap();
    let missing: Vec<&str> =
        verified.permissions.iter().filter(|row| row.granted.is_none()).map(|row| row.value.as_str()).collect();
    assert_eq!(missing, [UPLOAD]);
    bench.tenant.recorder().clear();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 1, "{:#?}", plan.view());
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert_eq!(bench.mutation_names(), ["grant"]);
}

async fn revoke_upload(graph: &Graph) {
    let call = Call::default();
    let resource = graph.graph_resource(&call).await.unwrap();
    let role = resource.application_permission(UPLOAD).unwrap().id;
    let named = graph.service_principals_named(&call, NAME, None).await.unwrap();
    for grant in graph.grants_of(&call, named[0].id).await.unwrap() {
        if grant.app_role_id == role {
            graph.revoke(&call, resource.id, &grant.id).await.unwrap();
        }
    }
}

#[tokio::test]
async fn f56_a_secret_removed_right_after_it_was_made_is_made_anew_by_the_next_plan() {
    let bench = Arc::new(Bench::start().await);
    let act = meanwhile(&bench, |bench, graph| async move {
        let id = app_id_of(&bench, NAME);
        for secret in passwords(&bench, NAME) {
            let key = secret["keyId"].as_str().unwrap().parse().unwrap();
            graph.remove_password(&Call::default(), id, key).await.unwrap();
        }
    });
    let job = job_while(&bench, "addPassword", 1, Side::After, act).await;
    assert_eq!(planned_run(&bench, &job).await.state, RunState::Done);
    assert!(passwords(&bench, NAME).is_empty());
    bench.settle();
    bench.tenant.recorder().clear();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 1, "{:#?}", plan.view());
    assert_eq!(run(&job, plan).await.state, RunState::Done);
    assert_eq!(bench.mutation_names(), ["addPassword"]);
    assert_eq!(passwords(&bench, NAME).len(), 1);
}

#[tokio::test]
async fn f56_a_secret_of_a_stranger_made_in_mid_run_stays_though_an_answer_of_ours_was_lost() {
    let bench = Arc::new(Bench::start().await);
    let act = meanwhile(&bench, |bench, graph| async move {
        let end = bench.clock.0.now().checked_add(Duration::from_secs(86_400)).unwrap();
        graph.add_password(&Call::default(), app_id_of(&bench, NAME), "theirs", end).await.unwrap();
        bench.fault("addPassword", 1, 1, Fault::ResetAfter);
    });
    let job = job_while(&bench, "addPassword", 1, Side::Before, act).await;
    assert_eq!(planned_run(&bench, &job).await.state, RunState::Done);
    let left = passwords(&bench, NAME);
    assert_eq!(left.len(), 2, "theirs and ours: {left:#?}");
    assert!(left.iter().any(|secret| secret["displayName"] == "theirs"));
}

#[tokio::test]
async fn f56_an_app_renamed_in_mid_run_is_set_up_by_its_ids() {
    let bench = Arc::new(Bench::start().await);
    let act = meanwhile(&bench, |bench, graph| async move {
        let app = bench.applications(NAME).remove(0);
        let unique = app["properties"]["uniqueName"].as_str().unwrap().to_owned();
        let requested = serde_json::from_value(app["properties"]["requiredResourceAccess"].clone()).unwrap();
        let renamed = NewApplication::new("Payroll feed", None, requested);
        graph.upsert_application(&Call::default(), &unique, &renamed).await.unwrap();
    });
    let job = job_while(&bench, "grant", 1, Side::Before, act).await;
    let ended = planned_run(&bench, &job).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(passwords(&bench, "Payroll feed").len(), 1);
    let client_id = ended.hand_over.unwrap().principal.client_id;
    let verified = job.verify(&client_id, &[], true).await.unwrap();
    assert!(verified.permissions.iter().all(|row| row.granted.is_some()), "{:#?}", verified.permissions);
}

#[tokio::test]
async fn f19_a_conflict_at_a_change_is_looked_at_and_tried_again() {
    for status in [409, 412] {
        for call in ["register", "grant"] {
            let bench = Bench::start().await;
            let job = bench.admin().await;
            bench.fault(call, 1, 2, refusal(status, "", "Another change is under way."));
            let ended = planned_run(&bench, &job).await;
            assert_eq!(ended.state, RunState::Done, "{status} at {call}: {ended:#?}");
            assert_eq!(ended.made.len(), 6, "{status} at {call}: {:#?}", ended.made);
            assert_eq!(bench.applications(NAME).len(), 1);
        }
        // The list of requests is read afresh before it is sent again: what someone added meanwhile stays.
        let bench = Arc::new(Bench::start().await);
        let job = bench.admin().await;
        set_up(&job, with_permissions(&bench, &[UPLOAD])).await;
        bench.settle();
        let act = meanwhile(&bench, move |bench, graph| async move {
            let resource = graph.graph_resource(&Call::default()).await.unwrap();
            let role = resource.application_permission("User.Read.All").unwrap().id;
            let id = app_id_of(&bench, NAME);
            let app = graph.application(&Call::default(), id).await.unwrap().unwrap();
            let mut requested = app.required_resource_access;
            let mut further = requested[0].resource_access[0].clone();
            further.id = role;
            requested[0].resource_access.push(further);
            graph.patch_requested(&Call::default(), id, &requested).await.unwrap();
            bench.fault("request", 1, 1, refusal(status, "", "Another change is under way."));
        });
        let job = job_while(&bench, "request", 1, Side::Before, act).await;
        let plan = job.plan(with_permissions(&bench, &[UPLOAD, AUDIT_LOG])).await.unwrap();
        let ended = run(&job, plan).await;
        assert_eq!(ended.state, RunState::Done, "{status}: {ended:#?}");
        let app = other_admin(&bench).application(&Call::default(), app_id_of(&bench, NAME)).await.unwrap().unwrap();
        assert_eq!(app.required_resource_access[0].resource_access.len(), 3, "{status}: theirs and ours");
    }
}

fn with_permissions(bench: &Bench, values: &[&str]) -> SetupRequest {
    let mut request = app_request(bench, NAME);
    if let SetupRequest::AppRegistration { permissions, .. } = &mut request {
        *permissions = values.iter().map(|value| (*value).to_owned()).collect();
    }
    request
}

#[tokio::test]
async fn f19_a_conflict_that_stays_is_told_with_what_may_stand_against_it() {
    for call in ["register", "servicePrincipal", "grant"] {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        bench.fault(call, 1, 1000, refusal(409, "Request_MultipleObjectsWithSameKeyValue", "In use."));
        let before = bench.clock.0.now();
        let ended = planned_run(&bench, &job).await;
        let problem = failure(&ended);
        assert_eq!(problem.code, Code::Refused, "{call}: {problem:#?}");
        assert!(problem.advice.unwrap().contains("deleted less than 30 days ago"), "{call}");
        assert!(bench.clock.0.now().duration_since(before).as_secs() <= 180, "{call}");
        assert!(requests(&bench, call) < 40, "{call}: no storm: {}", requests(&bench, call));
    }
}

#[tokio::test]
async fn f19_an_app_registered_at_the_same_moment_keeps_what_it_requests() {
    let bench = Arc::new(Bench::start().await);
    let stale = bench.admin().await.plan(app_request(&bench, NAME)).await.unwrap();
    let unique = stale.view().steps.iter().find_map(|step| unique_name_in(&format!("{step:?}"))).unwrap();
    let act = meanwhile(&bench, move |bench, graph| {
        let unique = unique.clone();
        async move {
            let resource = graph.graph_resource(&Call::default()).await.unwrap();
            let role = resource.application_permission("User.Read.All").unwrap().id;
            let theirs = json!([{"resourceAppId": "00000003-0000-0000-c000-000000000000",
                "resourceAccess": [{"id": role, "type": "Role"}]}]);
            let new = NewApplication::new(NAME, None, serde_json::from_value(theirs).unwrap());
            graph.upsert_application(&Call::default(), &unique, &new).await.unwrap();
            bench.fault("register", 1, 1, refusal(409, "Request_MultipleObjectsWithSameKeyValue", "In use."));
        }
    });
    let job = job_while(&bench, "register", 1, Side::Before, act).await;
    let ended = planned_run(&bench, &job).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(bench.applications(NAME).len(), 1);
    let app = other_admin(&bench).application(&Call::default(), app_id_of(&bench, NAME)).await.unwrap().unwrap();
    assert_eq!(app.required_resource_access[0].resource_access.len(), 3, "theirs and ours");
    assert!(!ended.made.iter().any(|made| made.what.starts_with("App registration")), "{:#?}", ended.made);
}

/// The alternate key in the request that a plan shows.
fn unique_name_in(shown: &str) -> Option<String> {
    let (_, rest) = shown.split_once("applications(uniqueName='")?;
    Some(rest.split_once('\'')?.0.to_owned())
}

/// Grants a permission to a principal, as someone else.
async fn grant_upload(graph: &Graph, principal: ObjectId) {
    let call = Call::default();
    let resource = graph.graph_resource(&call).await.unwrap();
    let role = resource.application_permission(UPLOAD).unwrap().id;
    graph.grant(&call, resource.id, principal, role).await.unwrap();
}

/// In words that were never seen: only a look at what is there tells what is meant.
fn reworded() -> serde_json::Value {
    json!({"error": {"code": "", "message": {"lang": "de", "value": "Die Berechtigung ist schon vorhanden."},
        "details": {"code": "Zuweisung"}}})
}

#[tokio::test]
async fn f20_a_grant_that_exists_already_is_taken_as_done_in_whatever_words() {
    for fault in [None, Some(answer(400, reworded())), Some(answer(409, reworded())), Some(answer(412, reworded()))] {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        let row = job.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
        let id = row.object_id.unwrap();
        let plan = job.plan(identity_request(&id)).await.unwrap();
        let grants = plan.view().steps.iter().filter(|step| step.kind == StepKind::Grant).count();
        grant_upload(&other_admin(&bench), id.parse().unwrap()).await;
        bench.tenant.recorder().clear();
        let upload = plan.view().steps.iter().position(|step| step.term.as_deref() == Some(UPLOAD)).unwrap();
        if let Some(fault) = fault.clone() {
            bench.fault("grant", u32::try_from(upload).unwrap() + 1, 1, fault);
        }
        let ended = run(&job, plan).await;
        assert_eq!(ended.state, RunState::Done, "{fault:?}: {ended:#?}");
        assert_eq!(requests(&bench, "grant"), grants, "{fault:?}: each asked for once");
        let made: Vec<&str> = ended.made.iter().map(|made| made.what.as_str()).collect();
        assert_eq!(made, [format!("Grant of {AUDIT_LOG}")], "{fault:?}: the other one is not this run's");
        assert!(
            ended.steps.iter().any(
                |step| matches!(&step.state, StepState::Done { note: Some(note), .. } if note == "was granted already")
            ),
            "{fault:?}: {ended:#?}"
        );
    }
}

#[tokio::test]
async fn f20_a_service_principal_that_exists_already_is_taken_as_it_is_in_whatever_words() {
    for fault in [None, Some(answer(400, reworded())), Some(answer(412, reworded()))] {
        let bench = Arc::new(Bench::start().await);
        let befalls = fault.clone();
        let act = meanwhile(&bench, move |bench, graph| {
            let befalls = befalls.clone();
            async move {
                let client = bench.applications(NAME)[0]["app_id"].as_str().unwrap().parse().unwrap();
                graph.create_service_principal(&Call::default(), client).await.unwrap();
                if let Some(fault) = befalls {
                    bench.fault("servicePrincipal", 1, 1, fault);
                }
            }
        });
        let job = job_while(&bench, "servicePrincipal", 1, Side::Before, act).await;
        let ended = planned_run(&bench, &job).await;
        assert_eq!(ended.state, RunState::Done, "{fault:?}: {ended:#?}");
        assert_eq!(bench.principals(NAME).len(), 1, "{fault:?}");
        assert!(
            !ended.made.iter().any(|made| made.what.starts_with("Service principal")),
            "{fault:?}: {:#?}",
            ended.made
        );
    }
}

#[tokio::test]
async fn f20_a_refusal_in_unknown_words_of_something_that_is_not_there_stays_a_refusal() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    bench.fault("grant", 1, 1000, Fault::Answer { status: 400, body: reworded(), applied: false });
    let ended = planned_run(&bench, &job).await;
    let problem = failure(&ended);
    assert_eq!(problem.code, Code::Refused, "{problem:#?}");
    assert_eq!(problem.trace.unwrap().service_message.as_deref(), Some("Die Berechtigung ist schon vorhanden."));
    assert_eq!(requests(&bench, "grant"), 2, "each asked for once");
}
