//! What a run made is taken back, and nothing else.

mod doubt;
mod kept;
mod meanwhile;
mod refused;

use std::time::Duration;

use inbound_access_job::desired::{AppChoice, SetupRequest};
use inbound_access_job::plan::{PlanView, StepEffect, StepKind};
use inbound_access_job::run::{Doing, RunState, RunView};
use inbound_access_job::{Job, Plan};
use practice_tenant::DialSettings;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::crashes::NAME;
use crate::support::foreign::app_of_others;
use crate::support::{AUDIT_LOG, Bench, News, UPLOAD, app_request, identity_request, run, set_up, standing};

/// Sets up, lets the replicas catch up, and plans the undoing.
async fn done_and_planned(bench: &Bench, job: &Job) -> (RunView, Plan) {
    let done = set_up(job, app_request(bench, NAME)).await;
    bench.settle();
    bench.tenant.recorder().clear();
    let plan = job.plan_undo(&done.id).await.unwrap();
    (done, plan)
}

/// Lets so much time pass that what is not seen is gone.
fn long_after(bench: &Bench) {
    bench.tenant.clock().advance(Duration::from_secs(180));
}

/// Plans and runs the undoing of a run; it must come to its end.
async fn undo(job: &Job, id: &str) -> RunView {
    let plan = job.plan_undo(id).await.unwrap();
    let undone = run(job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    undone
}

/// The kinds of the steps that change something.
fn removals(view: &PlanView) -> Vec<StepKind> {
    view.steps.iter().filter(|step| step.effect == StepEffect::WillRemove).map(|step| step.kind).collect()
}

/// The properties of an object, as every administrator sees them.
fn properties(bench: &Bench, list: &str, id: &str) -> Value {
    bench.tenant.snapshot()[list][id]["properties"].clone()
}

/// The same set-up for an app that exists.
fn of_existing(mut request: SetupRequest, client_id: &str) -> SetupRequest {
    if let SetupRequest::AppRegistration { app, .. } = &mut request {
        *app = AppChoice::Existing { client_id: client_id.to_owned() };
    }
    request
}

#[tokio::test]
async fn a_finished_run_is_undone_and_the_tenant_is_as_it_was_but_for_the_recycle_bin() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let done = set_up(&job, app_request(&bench, NAME)).await;
    assert!(done.ways.can_undo && !done.ways.can_continue, "{done:#?}");
    bench.settle();
    bench.tenant.recorder().clear();

    let plan = job.plan_undo(&done.id).await.unwrap();
    let view = plan.view();
    assert_eq!((view.doing, view.run_id.as_deref()), (Doing::Undo, Some(done.id.as_str())));
    assert!(view.kept.is_empty() && view.warnings.is_empty(), "{view:#?}");
    let kinds: Vec<StepKind> = view.steps.iter().map(|step| step.kind).collect();
    use StepKind::{DeleteApp, RemoveSecret, RevokeGrant};
    assert_eq!(kinds, [RemoveSecret, RevokeGrant, RevokeGrant, DeleteApp]);
    assert!(view.steps.iter().all(|step| step.effect == StepEffect::WillRemove && step.standing.is_some()));
    assert_eq!(view.steps[3].needs, [1, 2, 3]);
    let shown: Vec<String> = view
        .steps
        .iter()
        .flat_map(|step| &step.requests)
        .map(|request| format!("{} {}", request.method, request.url))
        .collect();
    assert!(bench.mutations().is_empty(), "the plan alone changes nothing");

    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert_eq!(standing(&bench), before);
    assert!(bench.keychain.accounts().is_empty());
    let mut sent: Vec<String> = bench
        .mutations()
        .iter()
        .map(|exchange| {
            format!("{} {}{}", exchange.method, bench.cloud.graph.origin().ascii_serialization(), exchange.path)
        })
        .collect();
    let mut shown = shown;
    shown.sort();
    sent.sort();
    assert_eq!(sent, shown, "what was shown was sent, and nothing else");
    assert!(!undone.ways.can_undo && !undone.ways.can_leave && undone.hand_over.is_none(), "{undone:#?}");
    assert!(undone.made.iter().all(|made| made.removed.is_some()), "{:#?}", undone.made);
    let restorable: Vec<&str> =
        undone.made.iter().filter(|made| made.restorable_until.is_some()).map(|made| made.id_name.as_str()).collect();
    assert_eq!(restorable, ["object id", "client id", "object id"], "{:#?}", undone.made);
    assert!(undone.summary.contains("can be restored in Entra until"), "{}", undone.summary);
    assert_eq!(bench.runs.get(&done.id).unwrap(), undone, "as it is kept");
}

#[tokio::test]
async fn an_app_of_others_that_a_run_extended_is_as_it_was_to_the_byte() {
    let bench = Bench::start().await;
    let (app, client, principal) = app_of_others(&bench, "Benefits", true).await;
    let principal = principal.unwrap();
    let before = (properties(&bench, "applications", &app), properties(&bench, "servicePrincipals", &principal));
    let grants = bench.tenant.snapshot()["assignments"].clone();
    let job = bench.admin().await;
    let done = set_up(&job, of_existing(app_request(&bench, "Benefits"), &client)).await;
    assert_ne!(properties(&bench, "applications", &app), before.0);
    bench.settle();
    let plan = job.plan_undo(&done.id).await.unwrap();
    use StepKind::{RemoveSecret, RevokeGrant, WithdrawPermissions};
    assert_eq!(removals(plan.view()), [RemoveSecret, RevokeGrant, RevokeGrant, WithdrawPermissions]);
    assert!(plan.view().kept.is_empty(), "{:#?}", plan.view().kept);
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    let after = (properties(&bench, "applications", &app), properties(&bench, "servicePrincipals", &principal));
    assert_eq!(after, before);
    assert_eq!(bench.tenant.snapshot()["assignments"], grants);
    assert!(bench.keychain.accounts().is_empty());
    assert!(undone.made.iter().all(|made| made.removed.is_some() && made.restorable_until.is_none()));
}

#[tokio::test]
async fn a_service_principal_that_a_run_made_for_an_app_of_others_goes_by_itself() {
    let bench = Bench::start().await;
    let (app, client, _) = app_of_others(&bench, "Benefits", false).await;
    let before = (properties(&bench, "applications", &app), standing(&bench)["servicePrincipals"].clone());
    let job = bench.admin().await;
    let done = set_up(&job, of_existing(app_request(&bench, "Benefits"), &client)).await;
    bench.settle();
    let plan = job.plan_undo(&done.id).await.unwrap();
    assert_eq!(removals(plan.view()).last(), Some(&StepKind::DeleteServicePrincipal), "{:#?}", plan.view());
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert_eq!((properties(&bench, "applications", &app), standing(&bench)["servicePrincipals"].clone()), before);
    let restorable: Vec<_> = undone.made.iter().filter(|made| made.restorable_until.is_some()).collect();
    assert_eq!(restorable.len(), 1, "{:#?}", undone.made);
    assert!(restorable[0].what.starts_with("Service principal"));
}

#[tokio::test]
async fn the_grants_of_a_managed_identity_are_taken_back_and_it_stays() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let found = job.search_identities("CSV2SCIM").await.unwrap();
    let identity = found.rows[0].object_id.clone().unwrap();
    let done = set_up(&job, identity_request(&identity)).await;
    bench.settle();
    let plan = job.plan_undo(&done.id).await.unwrap();
    let terms: Vec<_> = plan.view().steps.iter().filter_map(|step| step.term.as_deref()).collect();
    assert_eq!(terms, [UPLOAD, AUDIT_LOG]);
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert_eq!(standing(&bench), before);
    assert!(undone.summary.contains("the grant of SynchronizationData-User.Upload"), "{}", undone.summary);
    assert!(!undone.summary.contains("restored"), "{}", undone.summary);
}

#[tokio::test]
async fn after_undoing_the_same_name_is_set_up_again_and_undone_again() {
    for replication in [0, 10] {
        let dials = DialSettings { replication: Duration::from_secs(replication), ..DialSettings::default() };
        let bench = Bench::with(dials).await;
        let before = standing(&bench);
        let job = bench.admin().await;
        let mut ids = Vec::new();
        for _ in 0..2 {
            let done = set_up(&job, app_request(&bench, NAME)).await;
            assert!(done.made.iter().any(|made| made.what.starts_with("App registration")), "a new one: {done:#?}");
            ids.push(done.id.clone());
            undo(&job, &done.id).await;
        }
        bench.settle();
        assert_eq!(standing(&bench)["applications"], before["applications"], "{replication}");
        assert_eq!(standing(&bench)["assignments"], before["assignments"], "{replication}");
        assert_ne!(ids[0], ids[1]);
    }
}

#[tokio::test]
async fn at_once_after_a_run_slow_and_flapping_replicas_are_ridden_out_in_sight() {
    for flapping in [false, true] {
        let dials = DialSettings { replication: Duration::from_secs(30), flapping, ..DialSettings::default() };
        let bench = Bench::with(dials).await;
        let before = standing(&bench);
        let job = bench.admin().await;
        let done = set_up(&job, app_request(&bench, NAME)).await;
        let plan = job.plan_undo(&done.id).await.unwrap();
        assert_eq!(removals(plan.view()).len(), 4, "{:#?}", plan.view());
        assert!(plan.view().steps[0].note.is_none(), "what is not seen yet is not said to be gone: {:#?}", plan.view());
        let news = News::default();
        let undone = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
        assert_eq!(undone.state, RunState::Undone, "{flapping}: {undone:#?}");
        // With replicas that flap every other look is a good one.
        assert!(flapping || news.caught_up(), "waiting is seen");
        bench.settle();
        assert_eq!(standing(&bench), before, "{flapping}");
        assert!(bench.keychain.accounts().is_empty());
    }
}
