//! What mends a finding or changes what was found: planned, run, continued, undone.

mod dying;
mod revoking;
mod rotating;

use std::time::Duration;

use inbound_access_job::fix::{Fix, GrantRef};
use inbound_access_job::plan::{PlanView, StepEffect, StepKind};
use inbound_access_job::problem::Code;
use inbound_access_job::run::{Doing, RunState, RunView};
use inbound_access_job::{Job, Plan};
use practice_tenant::PersonaKey;
use serde_json::{Value, json};

use crate::support::foreign::by_hand;
use crate::support::{AUDIT_LOG, Bench, UPLOAD, failure, run, standing};

/// Every right in the tenant: who holds which role of which API, under whatever id.
fn rights(bench: &Bench) -> Vec<String> {
    let rows = standing(bench)["assignments"].as_object().unwrap().clone();
    let mut rights: Vec<String> =
        rows.values().map(|row| format!("{} {} {}", row["principalId"], row["resourceId"], row["appRoleId"])).collect();
    rights.sort();
    rights
}

/// What apps and service principals are, and every right: what is given back has a new id, and a change a new date.
fn state(bench: &Bench) -> (Vec<Value>, Vec<String>) {
    let all = standing(bench);
    let of = |list: &str| -> Vec<Value> {
        let rows = all[list].as_object().unwrap();
        rows.values().map(|row| json!([row["id"], row["properties"]])).collect()
    };
    (["applications", "servicePrincipals"].into_iter().flat_map(of).collect(), rights(bench))
}

/// The grants of these principals that serve this job.
async fn grants_of(job: &Job, names: &[&str]) -> Vec<GrantRef> {
    let mut grants = Vec::new();
    for name in names {
        grants.extend(job.grants_held(name, &[]).await.unwrap());
    }
    grants
}

async fn object_id(job: &Job, name: &str) -> String {
    job.find_principal(name).await.unwrap().object_id.unwrap()
}

async fn client_id(job: &Job, name: &str) -> String {
    job.find_principal(name).await.unwrap().client_id
}

/// Plans and runs a fix; it must come to its end.
async fn fix(job: &Job, fix: Fix) -> RunView {
    let plan = job.plan_fix(fix).await.unwrap();
    let done = run(job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    done
}

async fn undo(job: &Job, id: &str) -> RunView {
    let plan = job.plan_undo(id).await.unwrap();
    let undone = run(job, plan).await;
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
    undone
}

async fn resume(job: &Job, id: &str) -> RunView {
    let plan = job.plan_continue(id).await.unwrap();
    assert_eq!(plan.view().doing, Doing::Continue);
    let done = run(job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    done
}

/// So many days from now, as a date.
fn in_days(bench: &Bench, days: u64) -> String {
    let day = inbound_entra::clock::Clock::now(bench.clock.as_ref()) + Duration::from_secs(days * 86_400);
    day.strftime("%Y-%m-%d").to_string()
}

/// Method and path of each request that a plan shows to Graph.
fn shown(bench: &Bench, view: &PlanView) -> Vec<String> {
    let graph = bench.cloud.graph.origin().ascii_serialization();
    let requests =
        view.steps.iter().flat_map(|step| &step.requests).filter(|one| one.url.starts_with(&format!("{graph}/v1.0")));
    let mut shown: Vec<String> =
        requests.map(|one| format!("{} {}", one.method, one.url.strip_prefix(&graph).unwrap())).collect();
    shown.sort();
    shown
}

/// The same of what was sent.
fn sent(bench: &Bench) -> Vec<String> {
    let mut sent: Vec<String> = bench.mutations().iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    sent.sort();
    sent
}

fn kinds(plan: &Plan) -> Vec<(StepKind, StepEffect)> {
    plan.view().steps.iter().map(|step| (step.kind, step.effect)).collect()
}

#[tokio::test]
async fn unusable_fields_are_named_all_at_once_and_nothing_is_asked_of_the_tenant() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let id = "8f4b1c5e-0000-4000-8000-000000000001".to_owned();
    let grant = |id: &str, principal: &str| GrantRef { id: id.to_owned(), principal: principal.to_owned() };
    let rotate = |client: &str, replaces: Option<&str>, expires: &str, remove_old| Fix::RotateSecret {
        client_id: client.to_owned(),
        replaces: replaces.map(str::to_owned),
        expires: expires.to_owned(),
        remove_old,
    };
    let cases = [
        (Fix::Grant { principal: "me".to_owned(), permissions: vec![] }, vec!["permissions", "principal"]),
        (Fix::Revoke { grants: vec![] }, vec!["grants"]),
        (Fix::Revoke { grants: vec![grant("", &id), grant("a\u{7}b", &id), grant("x", "y")] }, vec!["grants"; 3]),
        (Fix::Revoke { grants: vec![grant("x", &id); 501] }, vec!["grants"]),
        (Fix::MakePrincipal { client_id: "1".to_owned() }, vec!["clientId"]),
        (Fix::EnableSignIn { principal: "1".to_owned() }, vec!["principal"]),
        (rotate("1", Some("2"), "soon", false), vec!["clientId", "replaces", "expires"]),
        (rotate(&id, None, "2026-11-24", true), vec!["removeOld", "expires"]),
        (rotate(&id, None, &in_days(&bench, 800), false), vec!["expires"]),
        (Fix::RemoveSecret { client_id: String::new(), key_id: "z".to_owned() }, vec!["clientId", "keyId"]),
    ];
    for (fix, fields) in cases {
        let problem = job.plan_fix(fix.clone()).await.unwrap_err();
        assert_eq!(problem.code, Code::InvalidInput, "{fix:?}");
        let named: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(named, fields, "{fix:?}: {problem:#?}");
    }
    assert!(bench.tenant.recorder().exchanges().is_empty());
}

#[tokio::test]
async fn what_is_not_in_the_tenant_is_said_not_to_be() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let id = "8f4b1c5e-0000-4000-8000-000000000001".to_owned();
    let live = client_id(&job, "HR feed (live)").await;
    let fixes = [
        Fix::Grant { principal: id.clone(), permissions: vec![UPLOAD.to_owned()] },
        Fix::MakePrincipal { client_id: id.clone() },
        Fix::EnableSignIn { principal: id.clone() },
        Fix::RemoveSecret { client_id: live.clone(), key_id: id.clone() },
        Fix::RotateSecret {
            client_id: live,
            replaces: Some(id.clone()),
            expires: in_days(&bench, 90),
            remove_old: false,
        },
    ];
    for fix in fixes {
        let problem = job.plan_fix(fix.clone()).await.unwrap_err();
        assert_eq!(problem.code, Code::NotFound, "{fix:?}: {problem:#?}");
    }
    let odd =
        Fix::Grant { principal: object_id(&job, "Payroll upload").await, permissions: vec!["No.Such".to_owned()] };
    let problem = job.plan_fix(odd).await.unwrap_err();
    assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::InvalidInput, "permissions"));
    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn a_missing_permission_is_granted_alone_and_taken_back_alone() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let principal = object_id(&job, "Payroll upload").await;
    let wish = Fix::Grant { principal, permissions: vec![UPLOAD.to_owned(), AUDIT_LOG.to_owned()] };
    let plan = job.plan_fix(wish).await.unwrap();
    let view = plan.view().clone();
    assert_eq!((view.doing, view.changes), (Doing::Fix, 1));
    use StepEffect::{AlreadySo, WillGrant};
    assert_eq!(kinds(&plan), [(StepKind::Grant, WillGrant), (StepKind::Grant, AlreadySo)]);
    assert!(view.warnings.is_empty(), "{:#?}", view.warnings);
    let done = run(&job, plan).await;
    assert_eq!((done.state, done.doing), (RunState::Done, Doing::Fix), "{done:#?}");
    assert_eq!(sent(&bench), shown(&bench, &view), "what was shown was sent, and nothing else");
    assert_eq!(bench.mutation_names(), ["grant"]);
    assert!(
        job.verify("Payroll upload", &[], false).await.unwrap().permissions.iter().all(|row| row.granted.is_some())
    );
    bench.settle();
    let undone = undo(&job, &done.id).await;
    assert_eq!(standing(&bench), before);
    assert_eq!(undone.made.len(), 1, "{:#?}", undone.made);
}

#[tokio::test]
async fn who_may_not_grant_or_revoke_is_told_before_and_entra_refuses() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.job(PersonaKey::ApplicationAdministrator).await;
    let wishes = [
        Fix::Grant { principal: object_id(&job, "Payroll upload").await, permissions: vec![UPLOAD.to_owned()] },
        Fix::Revoke { grants: grants_of(&job, &["HR feed (live)"]).await },
    ];
    for wish in wishes {
        let plan = job.plan_fix(wish.clone()).await.unwrap();
        assert!(
            plan.view().warnings.iter().any(|warning| warning.message.contains("Privileged Role Administrator")),
            "{:#?}",
            plan.view().warnings
        );
        assert!(plan.view().consent_offer.is_none());
        let failed = run(&job, plan).await;
        assert_eq!(failed.state, RunState::Failed);
        let problem = failure(&failed);
        assert_eq!(problem.code, Code::Forbidden, "{problem:#?}");
        assert!(problem.advice.as_ref().unwrap().contains("continue the run"), "{problem:#?}");
        assert_eq!(standing(&bench), before);
        assert!(failed.ways.can_continue && !failed.ways.can_undo, "nothing was changed: {failed:#?}");
        // Another administrator at this computer does the rest.
        let admin = bench.admin().await;
        let done = resume(&admin, &failed.id).await;
        bench.settle();
        undo(&admin, &done.id).await;
        assert_eq!(rights(&bench).len(), before["assignments"].as_object().unwrap().len(), "{wish:?}");
        bench.settle();
        let again = standing(&bench)["applications"].clone();
        assert_eq!(again, before["applications"]);
        if matches!(wish, Fix::Grant { .. }) {
            assert_eq!(standing(&bench), before);
        }
    }
}

#[tokio::test]
async fn a_blocked_sign_in_is_let_in_and_blocked_again() {
    let bench = Bench::start().await;
    let before = state(&bench);
    let job = bench.admin().await;
    let principal = object_id(&job, "Retired HR interface").await;
    let wish = Fix::EnableSignIn { principal: principal.clone() };
    let plan = job.plan_fix(wish.clone()).await.unwrap();
    let view = plan.view().clone();
    assert_eq!(kinds(&plan), [(StepKind::EnableSignIn, StepEffect::WillChange)]);
    assert!(view.warnings[0].message.contains("on purpose"), "{:#?}", view.warnings);
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert!(done.ways.can_undo, "{done:#?}");
    assert_eq!(sent(&bench), shown(&bench, &view));
    assert_eq!(bench.mutation_names(), ["signIn"]);
    assert_eq!(job.find_principal(&principal).await.unwrap().enabled, Some(true));
    assert_eq!(job.plan_fix(wish).await.unwrap().view().changes, 0, "nothing is left to do");
    bench.settle();
    let undone = undo(&job, &done.id).await;
    assert_eq!(undone.summary, "Undone: its sign-in is blocked again.");
    assert_eq!(state(&bench), before);
}

#[tokio::test]
async fn a_sign_in_that_somebody_blocked_again_is_left_as_it_is() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let principal = object_id(&job, "Retired HR interface").await;
    let done = fix(&job, Fix::EnableSignIn { principal: principal.clone() }).await;
    let blocked = json!({ "accountEnabled": false });
    by_hand(&bench, "PATCH", &format!("/servicePrincipals/{principal}"), Some(blocked)).await;
    bench.tenant.clock().advance(Duration::from_secs(300));
    bench.tenant.recorder().clear();
    let plan = job.plan_undo(&done.id).await.unwrap();
    assert_eq!(plan.view().changes, 0, "{:#?}", plan.view());
    run(&job, plan).await;
    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn a_managed_identity_cannot_be_let_in_from_here_and_it_is_said_why() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let card = job.search_identities("CSV2SCIM").await.unwrap().rows.remove(0);
    let wish = Fix::EnableSignIn { principal: card.object_id.unwrap() };
    // Its sign-in is not blocked: nothing is to be done.
    assert_eq!(job.plan_fix(wish).await.unwrap().view().changes, 0);
    let blocked = standing(&bench)["servicePrincipals"].as_object().unwrap().values().find_map(|row| {
        let it = &row["properties"];
        let is_blocked = it["servicePrincipalType"] == "ManagedIdentity" && it["accountEnabled"] == false;
        is_blocked.then(|| row["id"].as_str().unwrap().to_owned())
    });
    let Some(blocked) = blocked else { panic!("the seed has no blocked managed identity") };
    let problem = job.plan_fix(Fix::EnableSignIn { principal: blocked }).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongKind);
    assert!(problem.advice.unwrap().contains("Azure portal"));
    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn a_missing_service_principal_is_made_and_deleted_again() {
    let bench = Bench::start().await;
    let before = standing(&bench);
    let job = bench.admin().await;
    let wish = Fix::MakePrincipal { client_id: client_id(&job, "Badge printer").await };
    let plan = job.plan_fix(wish.clone()).await.unwrap();
    let view = plan.view().clone();
    assert_eq!(kinds(&plan), [(StepKind::CreateServicePrincipal, StepEffect::WillCreate)]);
    let done = run(&job, plan).await;
    assert_eq!(done.state, RunState::Done, "{done:#?}");
    assert_eq!(sent(&bench), shown(&bench, &view));
    assert!(done.summary.contains("has a service principal now"), "{}", done.summary);
    assert_eq!(job.plan_fix(wish).await.unwrap().view().changes, 0);
    bench.settle();
    undo(&job, &done.id).await;
    assert_eq!(standing(&bench), before);
}

/// The passwords of an app, as the tenant holds them.
fn secrets_of(bench: &Bench, name: &str) -> Vec<Value> {
    crate::support::passwords(bench, name)
}
