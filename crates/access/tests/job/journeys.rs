//! Both paths of the how-to, from request to verdict, at three replication delays.

use std::time::Duration;

use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::plan::{StepEffect, StepKind};
use inbound_access_job::run::{RunEvent, RunState, StepState};
use inbound_access_job::verification::{InToken, PermissionState, TokenCheck, VerdictKind};
use practice_tenant::{DialSettings, PersonaKey};
use tokio_util::sync::CancellationToken;

use crate::support::{AUDIT_LOG, Bench, News, UPLOAD, app_request, identity_request, passwords, run, set_up};

const NAME: &str = "HR feed";

async fn bench(seconds: u64) -> Bench {
    Bench::with(DialSettings { replication: Duration::from_secs(seconds), ..DialSettings::default() }).await
}

/// The whole path of an app registration: plan, run, verify, and a second run that changes nothing.
async fn app_path(seconds: u64) {
    let bench = bench(seconds).await;
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 5);
    assert!(plan.view().warnings.is_empty(), "{:?}", plan.view().warnings);
    assert!(bench.mutations().is_empty(), "planning changes nothing");

    let previews: Vec<String> =
        plan.view().steps.iter().flat_map(|step| &step.requests).map(|one| one.method.clone()).collect();
    let news = News::default();
    let ended = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(news.caught_up(), seconds > 0, "waiting for replicas is seen, and only then");

    // The recorder is the witness: what, how many, in which order; the secret last.
    let sent = bench.mutations();
    let names = bench.mutation_names();
    assert_eq!(names.first(), Some(&"register"));
    assert_eq!(names.last(), Some(&"addPassword"));
    let accepted: Vec<&str> =
        sent.iter().zip(&names).filter(|(exchange, _)| exchange.status < 300).map(|(_, name)| *name).collect();
    assert_eq!(accepted, ["register", "servicePrincipal", "grant", "grant", "addPassword"]);
    assert_eq!(previews, ["PATCH", "POST", "POST", "POST", "POST"]);

    let hand_over = ended.hand_over.clone().unwrap();
    assert_eq!(hand_over.permissions, [UPLOAD, AUDIT_LOG]);
    assert_eq!(hand_over.scope, format!("{}/.default", bench.tenant.origin()));
    assert_eq!(
        hand_over.token_url,
        format!("{}/{}/oauth2/v2.0/token", bench.tenant.origin(), bench.tenant.tenant_id())
    );
    let secret = hand_over.secret.unwrap();
    assert_eq!(bench.keychain.accounts(), std::slice::from_ref(&secret.account));
    assert!(job.read_secret(&secret.client_id, &secret.key_id).await.is_ok());
    assert_eq!(ended.made.len(), 6, "{:#?}", ended.made);
    assert!(ended.summary.starts_with("The app \"HR feed\" can now upload users and read provisioning logs."));

    // Nobody has touched the secret's place in the journal.
    let kept = serde_json::to_string(&job.runs().get(&ended.id).unwrap()).unwrap();
    let value = job.read_secret(&secret.client_id, &secret.key_id).await.unwrap();
    assert!(!kept.contains(secrecy::ExposeSecret::expose_secret(&value)));

    let verified = job.verify(NAME, &[], true).await.unwrap();
    assert_eq!(verified.verdict.kind, VerdictKind::Ready, "{verified:#?}");
    assert!(verified.permissions.iter().all(|row| row.state == PermissionState::Granted));
    assert!(verified.permissions.iter().all(|row| row.in_token == InToken::Yes));
    assert!(verified.permissions.iter().all(|row| row.requested == Some(true)));

    // The second run of the same request, at once.
    bench.tenant.recorder().clear();
    let again = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(again.view().changes, 0, "{:#?}", again.view());
    assert!(again.view().steps.iter().all(|step| step.effect == StepEffect::AlreadySo));
    let ended = run(&job, again).await;
    assert_eq!(ended.state, RunState::Done);
    assert!(ended.made.is_empty());
    assert_eq!(ended.hand_over.unwrap().secret.unwrap().key_id, secret.key_id);
    assert!(bench.mutations().is_empty(), "{:?}", bench.mutation_names());
    assert_eq!(passwords(&bench, NAME).len(), 1);
}

#[tokio::test]
async fn an_app_from_request_to_ready() {
    app_path(0).await;
}

#[tokio::test]
async fn an_app_from_request_to_ready_with_replication_of_3_seconds() {
    app_path(3).await;
}

#[tokio::test]
async fn an_app_from_request_to_ready_with_replication_of_10_seconds() {
    app_path(10).await;
}

#[tokio::test]
async fn f18_an_app_from_request_to_ready_while_replicas_flap() {
    let bench = bench(10).await;
    bench.tenant.dials().set_flapping(true);
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    assert_eq!(bench.applications(NAME).len(), 1);
    assert_eq!(bench.principals(NAME).len(), 1);
    bench.settle();
    let verified = job.verify(NAME, &[], true).await.unwrap();
    assert_eq!(verified.verdict.kind, VerdictKind::Ready, "{verified:#?}");
}

#[tokio::test]
async fn the_same_request_at_once_under_replication_changes_nothing() {
    let bench = bench(10).await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    bench.tenant.recorder().clear();
    let again = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(again.view().changes, 0, "{:#?}", again.view());
    assert_eq!(run(&job, again).await.state, RunState::Done);
    assert!(bench.mutations().is_empty(), "{:?}", bench.mutation_names());
}

#[tokio::test]
async fn two_plans_made_before_either_ran_make_one_app_and_one_secret() {
    for seconds in [0, 10] {
        let bench = bench(seconds).await;
        let job = bench.admin().await;
        let first = job.plan(app_request(&bench, NAME)).await.unwrap();
        let second = job.plan(app_request(&bench, NAME)).await.unwrap();
        assert_eq!(run(&job, first).await.state, RunState::Done);
        let ended = run(&job, second).await;
        assert_eq!(ended.state, RunState::Done, "{ended:#?}");
        assert!(ended.made.is_empty(), "the first run made it all: {:#?}", ended.made);
        bench.settle();
        assert_eq!(bench.applications(NAME).len(), 1);
        assert_eq!(bench.principals(NAME).len(), 1);
        assert_eq!(passwords(&bench, NAME).len(), 1, "replication {seconds} s");
        assert_eq!(bench.keychain.accounts().len(), 1);
    }
}

async fn identity_path(seconds: u64) {
    let bench = bench(seconds).await;
    // A Privileged Role Administrator can do all of this path.
    let job = bench.job(PersonaKey::PrivilegedRoleAdministrator).await;
    let found = job.search_identities("id-reporting").await.unwrap();
    let object_id = found.rows[0].object_id.clone().unwrap();
    let plan = job.plan(identity_request(&object_id)).await.unwrap();
    assert_eq!(plan.view().changes, 2);
    assert!(plan.view().warnings.is_empty(), "{:?}", plan.view().warnings);
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(bench.mutation_names(), ["grant", "grant"]);
    let hand_over = ended.hand_over.unwrap();
    assert_eq!(hand_over.secret, None);
    assert!(bench.keychain.accounts().is_empty(), "an identity has no secret");

    bench.settle();
    let verified = job.verify(&object_id, &[], true).await.unwrap();
    assert_eq!(verified.verdict.kind, VerdictKind::ReadyBut, "{verified:#?}");
    assert!(verified.permissions.iter().all(|row| row.state == PermissionState::GrantedMayBeStale));
    let note = verified.permissions[0].note.clone().unwrap();
    assert!(note.contains("Azure may hand it old tokens until") && note.ends_with("Nothing is wrong."), "{note}");
    assert!(matches!(verified.token, TokenCheck::NotChecked { .. }));

    bench.tenant.clock().advance(Duration::from_secs(25 * 3600));
    let job = bench.job(PersonaKey::PrivilegedRoleAdministrator).await;
    let verified = job.verify(&object_id, &[], true).await.unwrap();
    assert_eq!(verified.verdict.kind, VerdictKind::Ready, "{verified:#?}");

    let again = job.plan(identity_request(&object_id)).await.unwrap();
    assert_eq!(again.view().changes, 0);
    run(&job, again).await;
    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn an_identity_from_search_to_ready() {
    identity_path(0).await;
}

#[tokio::test]
async fn an_identity_from_search_to_ready_with_replication_of_3_seconds() {
    identity_path(3).await;
}

#[tokio::test]
async fn an_identity_from_search_to_ready_with_replication_of_10_seconds() {
    identity_path(10).await;
}

#[tokio::test]
async fn an_existing_app_keeps_what_it_requests_and_gets_only_what_is_missing() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let card = job.find_principal("Payroll upload").await.unwrap();
    let SetupRequest::AppRegistration { note, secret_description, secret_expires, permissions, .. } =
        app_request(&bench, "unused")
    else {
        unreachable!()
    };
    let request = SetupRequest::AppRegistration {
        name: String::new(),
        app: AppChoice::Existing { client_id: card.client_id.clone() },
        note,
        secret_description,
        secret_expires,
        permissions,
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let plan = job.plan(request).await.unwrap();
    assert_eq!(plan.view().subject, "the app \"Payroll upload\"");
    let changing: Vec<StepKind> = plan
        .view()
        .steps
        .iter()
        .filter(|step| !matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillCheck))
        .map(|step| step.kind)
        .collect();
    assert_eq!(changing, [StepKind::Grant, StepKind::CreateSecret]);
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(bench.mutation_names(), ["grant", "addPassword"]);
    assert_eq!(passwords(&bench, "Payroll upload").len(), 2, "the vendor's own secret is not touched");
}

#[tokio::test]
async fn an_app_without_a_principal_gets_what_is_missing_side_by_side() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let card = job.find_principal("Badge printer").await.unwrap();
    assert_eq!(card.object_id, None);
    let SetupRequest::AppRegistration { secret_expires, permissions, .. } = app_request(&bench, "unused") else {
        unreachable!()
    };
    let request = SetupRequest::AppRegistration {
        name: "Badge printer".to_owned(),
        app: AppChoice::Existing { client_id: card.client_id },
        note: None,
        secret_description: Some("door 4".to_owned()),
        secret_expires,
        permissions,
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let plan = job.plan(request).await.unwrap();
    let news = News::default();
    let ended = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    let mut names = bench.mutation_names();
    assert_eq!(names.last(), Some(&"addPassword"));
    names.sort_unstable();
    assert_eq!(names, ["addPassword", "grant", "grant", "request", "servicePrincipal"]);
    // The registration's requests and its service principal do not wait for each other.
    let events = news.0.lock().unwrap();
    let first_two: Vec<u32> = events
        .iter()
        .filter_map(|event| match event {
            RunEvent::Step { number, state: StepState::Working, .. } => Some(*number),
            _ => None,
        })
        .skip(1)
        .take(2)
        .collect();
    assert_eq!(first_two, [3, 4]);
    assert!(passwords(&bench, "Badge printer")[0]["displayName"].as_str().unwrap().starts_with("door 4 (run "));
}

#[tokio::test]
async fn another_app_of_the_same_name_is_a_further_one() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, NAME)).await;
    let SetupRequest::AppRegistration { secret_expires, permissions, .. } = app_request(&bench, NAME) else {
        unreachable!()
    };
    let request = SetupRequest::AppRegistration {
        name: NAME.to_owned(),
        app: AppChoice::Another,
        note: None,
        secret_description: None,
        secret_expires,
        permissions,
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    set_up(&job, request).await;
    assert_eq!(bench.applications(NAME).len(), 2);
    let check = job.check_name(NAME).await.unwrap();
    assert_eq!(check.taken_by.len(), 2);
    assert_eq!(bench.keychain.accounts().len(), 2);
    // The name alone still means the first.
    assert_eq!(job.plan(app_request(&bench, NAME)).await.unwrap().view().changes, 0);
}

#[tokio::test]
async fn names_that_break_careless_quoting_are_made_and_found_exactly() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    for name in ["O'Neil & Söhne #1 + 100 %", "🎉 team 'x' or 1 eq 1", "\u{200f}شركة feed", "a/b\\c?d=e;f\"g\""]
    {
        let ended = set_up(&job, app_request(&bench, name)).await;
        assert_eq!(ended.hand_over.unwrap().principal.name, name);
        assert_eq!(bench.applications(name).len(), 1);
        let card = job.find_principal(name).await.unwrap();
        assert_eq!(card.name, name);
        let check = job.check_name(name).await.unwrap();
        assert_eq!(check.ours, Some(card.client_id));
        assert_eq!(job.plan(app_request(&bench, name)).await.unwrap().view().changes, 0);
    }
}

#[tokio::test]
async fn the_news_of_a_run_end_with_the_whole_run() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let news = News::default();
    let ended = job.run(plan, CancellationToken::new(), news.listener()).await.unwrap();
    let events = news.0.lock().unwrap();
    assert!(matches!(events.first(), Some(RunEvent::Started { run }) if run.state == RunState::Running));
    assert!(matches!(events.last(), Some(RunEvent::Ended { run }) if **run == ended));
    assert_eq!(job.runs().list().unwrap(), [ended]);
}

#[tokio::test]
async fn a_set_up_takes_no_request_more_than_it_needs() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    // Known since the sign-in.
    job.permission_sets().await.unwrap();
    bench.tenant.recorder().clear();
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    run(&job, plan).await;
    let sent: Vec<String> =
        bench.tenant.recorder().exchanges().iter().map(|one| format!("{} {}", one.method, one.path)).collect();
    let reads = sent.iter().filter(|one| one.starts_with("GET")).count();
    let tokens = sent.iter().filter(|one| one.ends_with("/oauth2/v2.0/token")).count();
    // The third read looks once more before the upsert (docs/decisions/0008). Registering and granting take a scope each
    // that the sign-in did not begin with.
    assert_eq!((reads, sent.len() - tokens, tokens), (3, 8, 2), "{sent:#?}");
}
