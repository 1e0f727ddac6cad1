//! Grants are taken away, of one principal or of many, and given back.

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::Job;
use inbound_access_job::fix::{Fix, GrantRef};
use inbound_access_job::plan::{StepEffect, StepKind};
use inbound_access_job::problem::Code;
use inbound_access_job::run::{Doing, RunState, StepState};
use inbound_entra::graph::Call;
use inbound_entra::model::AppRole;
use practice_tenant::{DialSettings, PersonaKey};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{client_id, fix, grants_of, kinds, object_id, resume, rights, sent, shown, undo};
use crate::support::deadly::Side;
use crate::support::foreign::{self, grant};
use crate::support::others::{busy, deadly, other_admin, refusal};
use crate::support::{AUDIT_LOG, Bench, UPLOAD, failure, run, standing};

const LIVE: &str = "HR feed (live)";

#[tokio::test]
async fn the_grants_of_an_app_go_as_shown_and_come_back_under_new_ids() {
    let bench = Bench::start().await;
    let before = (rights(&bench), standing(&bench));
    let job = bench.admin().await;
    let grants = grants_of(&job, &[LIVE]).await;
    assert_eq!(grants.len(), 2);
    let plan = job.plan_fix(Fix::Revoke { grants: grants.clone() }).await.unwrap();
    let view = plan.view().clone();
    assert_eq!((view.doing, view.changes), (Doing::Fix, 2));
    assert_eq!(kinds(&plan), [(StepKind::RevokeGrant, StepEffect::WillRemove); 2]);
    assert!(view.steps.iter().all(|step| step.standing.is_some() && step.needs.is_empty()));
    let terms: Vec<&str> = view.steps.iter().filter_map(|step| step.term.as_deref()).collect();
    assert_eq!(terms, [UPLOAD, AUDIT_LOG]);
    let told: Vec<&str> = view.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "\"HR feed (live)\" can then no longer upload users (SynchronizationData-User.Upload) and read provisioning \
             logs (AuditLog.Read.All).",
            "Tokens that were issued before keep the permission until they expire: up to about an hour."
        ]
    );
    let done = run(&job, plan).await;
    assert_eq!((done.state, done.doing), (RunState::Done, Doing::Fix), "{done:#?}");
    assert!(
        done.summary.starts_with("2 permissions were taken away from the app \"HR feed (live)\"."),
        "{}",
        done.summary
    );
    assert!(done.ways.can_undo && !done.ways.can_continue, "{done:#?}");
    assert_eq!(sent(&bench), shown(&bench, &view), "what was shown was sent, and nothing else");
    assert_eq!(rights(&bench).len(), before.0.len() - 2);
    bench.settle();
    bench.tenant.recorder().clear();

    let plan = job.plan_undo(&done.id).await.unwrap();
    let view = plan.view().clone();
    assert_eq!(kinds(&plan), [(StepKind::Grant, StepEffect::WillGrant); 2], "{view:#?}");
    assert!(bench.mutations().is_empty(), "the plan alone changes nothing");
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    assert_eq!(sent(&bench), shown(&bench, &view));
    assert_eq!(bench.mutation_names(), ["grant", "grant"]);
    assert_eq!(rights(&bench), before.0, "the same rights");
    assert_ne!(standing(&bench)["assignments"], before.1["assignments"], "under new ids");
    assert!(!undone.ways.can_undo, "{undone:#?}");
    assert_eq!(undone.summary, "Undone: 2 permissions are granted again, under new ids.");
    assert_eq!(bench.runs.get(&done.id).unwrap(), undone, "as it is kept");
}

#[tokio::test]
async fn a_managed_identity_keeps_its_tokens_for_a_day_and_is_said_to() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let grants = grants_of(&job, &["func-payroll-sync", LIVE]).await;
    let plan = job.plan_fix(Fix::Revoke { grants }).await.unwrap();
    let told = &plan.view().warnings.last().unwrap().message;
    assert!(told.contains("for a managed identity up to 24 hours"), "{told}");
    assert_eq!(plan.view().subject, "2 apps and identities");
}

#[tokio::test]
async fn of_many_one_is_refused_and_the_others_go_then_the_rest_is_done() {
    let bench = Bench::start().await;
    let before = rights(&bench);
    let job = bench.admin().await;
    let names = [LIVE, "HR feed (old)", "Payroll upload", "Contractor import", "Reporting robot", "vm-legacy-hr"];
    let grants = grants_of(&job, &names).await;
    assert_eq!(grants.len(), 11);
    let plan = job.plan_fix(Fix::Revoke { grants }).await.unwrap();
    let told: Vec<&str> = plan.view().warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert!(
        told.contains(&"5 apps and identities can then no longer upload users (SynchronizationData-User.Upload)."),
        "{told:#?}"
    );
    bench.fault("revoke", 3, 1, refusal(403, "Authorization_RequestDenied", "Insufficient privileges"));
    let failed = run(&job, plan).await;
    bench.no_faults();
    assert_eq!(failed.state, RunState::Failed, "{failed:#?}");
    let is_done = |state: &StepState| matches!(state, StepState::Done { .. });
    assert_eq!(failed.steps.iter().filter(|step| is_done(&step.state)).count(), 10);
    assert_eq!(failure(&failed).code, Code::Forbidden);
    assert_eq!(rights(&bench).len(), before.len() - 10);
    assert!(failed.ways.can_continue && failed.ways.can_undo, "{failed:#?}");
    assert!(failed.summary.starts_with("10 permissions were taken away"), "{}", failed.summary);

    bench.settle();
    bench.tenant.recorder().clear();
    let done = resume(&job, &failed.id).await;
    assert_eq!(bench.mutation_names(), ["revoke"], "only the rest is done");
    assert_eq!(rights(&bench).len(), before.len() - 11);
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(rights(&bench), before);
}

#[tokio::test]
async fn what_is_gone_already_is_said_to_be_and_not_given_back() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let grants = grants_of(&job, &[LIVE]).await;
    bench.revoke(&grants[0].id).await;
    bench.settle();
    let left = rights(&bench);
    bench.tenant.recorder().clear();
    let plan = job.plan_fix(Fix::Revoke { grants: grants.clone() }).await.unwrap();
    use StepEffect::{AlreadySo, WillRemove};
    assert_eq!(kinds(&plan), [(StepKind::RevokeGrant, AlreadySo), (StepKind::RevokeGrant, WillRemove)]);
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done);
    assert!(done.summary.contains("One grant was gone already."), "{}", done.summary);
    assert_eq!(bench.mutation_names(), ["revoke"]);
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(rights(&bench), left, "only what this run took away comes back");
}

#[tokio::test]
async fn what_somebody_takes_away_after_the_plan_is_not_this_runs_to_give_back() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let grants = grants_of(&job, &[LIVE]).await;
    let plan = job.plan_fix(Fix::Revoke { grants: grants.clone() }).await.unwrap();
    bench.revoke(&grants[0].id).await;
    bench.settle();
    let left = rights(&bench);
    bench.tenant.recorder().clear();
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(bench.mutation_names(), ["revoke"], "what is gone is not asked for");
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(rights(&bench), left);

    let plan = job.plan_fix(Fix::Revoke { grants: vec![grants[0].clone()] }).await.unwrap();
    assert_eq!(plan.view().changes, 0);
    let done = run(&job, plan).await;
    assert!(!done.ways.can_undo, "it took nothing away: {done:#?}");
    assert_eq!(job.plan_undo(&done.id).await.unwrap_err().code, Code::WrongKind);
}

#[tokio::test]
async fn a_grant_that_somebody_made_again_is_left_and_one_whose_holder_is_gone_stays_away() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let names = [LIVE, "Contractor import"];
    let done = fix(&job, Fix::Revoke { grants: grants_of(&job, &names).await }).await;
    bench.settle();
    let again = grant(&bench, &object_id(&job, LIVE).await, UPLOAD).await;
    let app = crate::support::others::app_id_of(&bench, "Contractor import");
    foreign::by_hand(&bench, "DELETE", &format!("/applications/{app}"), None).await;
    bench.tenant.clock().advance(Duration::from_secs(300));
    bench.tenant.recorder().clear();
    let plan = job.plan_undo(&done.id).await.unwrap();
    let view = plan.view().clone();
    assert_eq!(view.changes, 1, "{view:#?}");
    assert_eq!(view.kept.len(), 3, "{view:#?}");
    assert!(view.kept.iter().any(|kept| kept.id == again && kept.reason.starts_with("Somebody has granted it again")));
    let undone = run(&job, plan).await;
    assert_eq!(undone.state, RunState::Undone);
    assert_eq!(bench.mutation_names(), ["grant"]);
    assert!(undone.summary.contains("3 grants are left out"), "{}", undone.summary);
}

#[tokio::test]
async fn a_lost_answer_is_looked_into_and_slow_replicas_are_ridden_out() {
    for applied in [true, false] {
        let dials = DialSettings { replication: Duration::from_secs(20), ..DialSettings::default() };
        let bench = Bench::with(dials).await;
        let before = rights(&bench);
        let job = bench.admin().await;
        let plan = job.plan_fix(Fix::Revoke { grants: grants_of(&job, &[LIVE]).await }).await.unwrap();
        bench.fault("revoke", 1, 1, busy(504, applied, None, practice_tenant::RetryAfter::Seconds));
        let done = run(&job, plan).await;
        bench.no_faults();
        assert_eq!(done.state, RunState::Done, "{applied}: {done:#?}");
        assert_eq!(rights(&bench).len(), before.len() - 2, "{applied}");
        // At once, while replicas still show what was taken away.
        undo(&job, &done.id).await;
        bench.settle();
        assert_eq!(rights(&bench), before, "{applied}");
    }
}

#[tokio::test]
async fn a_check_right_after_a_revoke_or_its_undoing_shows_what_is_true_whatever_slow_replicas_say() {
    for by_client in [false, true] {
        let dials = DialSettings { replication: Duration::from_secs(10), ..DialSettings::default() };
        let bench = Bench::with(dials).await;
        let job = bench.admin().await;
        let whom = if by_client { client_id(&job, LIVE).await } else { object_id(&job, LIVE).await };
        let done = fix(&job, Fix::Revoke { grants: grants_of(&job, &[LIVE]).await }).await;
        let found = job.verify(&whom, &[], false).await.unwrap();
        assert!(found.permissions.iter().all(|row| row.granted.is_none()), "{:#?}", found.permissions);
        undo(&job, &done.id).await;
        let found = job.verify(&whom, &[], false).await.unwrap();
        assert!(found.permissions.iter().all(|row| row.granted.is_some()), "{:#?}", found.permissions);
    }
}

#[tokio::test]
async fn dozens_of_grants_go_by_one_run_and_come_back() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let principal = object_id(&job, "Contractor import").await;
    let (admin, call) = (other_admin(&bench), Call::default());
    let graph = admin.graph_resource(&call).await.unwrap();
    let of_apps =
        |role: &&AppRole| role.is_enabled && role.allowed_member_types.iter().any(|kind| kind == "Application");
    let held: Vec<_> = admin.grants_of(&call, principal.parse().unwrap()).await.unwrap();
    let is_held = |role: &&AppRole| held.iter().any(|grant| grant.app_role_id == role.id);
    let mut grants = Vec::new();
    for role in graph.app_roles.iter().filter(of_apps).filter(|role| !is_held(role)).take(60) {
        let made = admin.grant(&call, graph.id, principal.parse().unwrap(), role.id).await.unwrap().value;
        grants.push(GrantRef { id: made.id, principal: principal.clone() });
    }
    assert!(grants.len() > 20, "{}", grants.len());
    let before = rights(&bench);
    bench.settle();
    let done = fix(&job, Fix::Revoke { grants: grants.clone() }).await;
    assert_eq!(done.steps.len(), grants.len());
    assert_eq!(rights(&bench).len(), before.len() - grants.len());
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(rights(&bench), before);
}

#[tokio::test]
async fn the_app_that_one_is_signed_in_with_is_warned_of_more_strongly() {
    let bench = Bench::start().await;
    let job = bench.job_as_automation().await;
    let held =
        job.grants_held("Brightwater automation", &["AppRoleAssignment.ReadWrite.All".to_owned()]).await.unwrap();
    let plan = job.plan_fix(Fix::Revoke { grants: held }).await.unwrap();
    let first = &plan.view().warnings[0].message;
    assert!(first.contains("is the app that you are signed in with"), "{first}");
    let other = job.plan_fix(Fix::Revoke { grants: grants_of(&job, &[LIVE]).await }).await.unwrap();
    assert!(!other.view().warnings[0].message.contains("signed in with"));
}

#[tokio::test]
async fn two_runs_for_the_same_app_keep_apart() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let wish = Fix::Revoke { grants: grants_of(&job, &[LIVE]).await };
    let (one, two) = (job.plan_fix(wish.clone()).await.unwrap(), job.plan_fix(wish).await.unwrap());
    let (hung, reached) = hung(&bench).await;
    let mut going = Box::pin(hung.run(one, CancellationToken::new(), Arc::new(|_| {})));
    tokio::select! {
        _ = &mut going => panic!("it ended"),
        () = reached.notified() => {}
    }
    let problem = job.run(two, CancellationToken::new(), Arc::new(|_| {})).await.unwrap_err();
    assert_eq!(problem.code, Code::Busy);
}

/// An administrator's job that never hears of its first revocation.
async fn hung(bench: &Bench) -> (Job, Arc<Notify>) {
    let mut told = None;
    let wrap = |graph| {
        let (directory, reached) = deadly(graph, "revoke", 1, Side::Before);
        told = Some(reached);
        directory
    };
    let job = bench.job_through(PersonaKey::GlobalAdministrator, wrap).await;
    (job, told.unwrap())
}

#[tokio::test]
async fn a_privileged_role_administrator_takes_away_and_another_administrator_gives_back() {
    let bench = Bench::start().await;
    let before = rights(&bench);
    let job = bench.job(PersonaKey::PrivilegedRoleAdministrator).await;
    let done = fix(&job, Fix::Revoke { grants: grants_of(&job, &[LIVE]).await }).await;
    bench.settle();
    undo(&bench.admin().await, &done.id).await;
    assert_eq!(rights(&bench), before);
}
