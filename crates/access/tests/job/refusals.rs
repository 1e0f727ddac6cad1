//! What the tenant refuses, and what is refused before the tenant is asked.

use std::time::Duration;

use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::plan::StepKind;
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, StepState};
use practice_tenant::{AppPolicy, Fault, PersonaKey};
use tokio_util::sync::CancellationToken;

use crate::support::{Bench, News, UPLOAD, app_request, failure, identity_request, run, set_up};

const NAME: &str = "HR feed";

#[tokio::test]
async fn f15_an_application_administrator_gets_the_app_but_neither_grants_nor_a_secret() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::ApplicationAdministrator).await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let warning = &plan.view().warnings[0];
    assert!(warning.message.contains("Application Administrator"), "{}", warning.message);
    assert!(warning.message.contains("Privileged Role Administrator"), "{}", warning.message);
    assert_eq!(warning.steps, [4, 5]);

    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Failed);
    assert_eq!(bench.applications(NAME).len(), 1);
    assert_eq!(bench.principals(NAME).len(), 1);
    assert!(!bench.mutation_names().contains(&"addPassword"));
    assert!(bench.keychain.accounts().is_empty());
    let ids: Vec<&str> = ended.made.iter().map(|made| made.id_name.as_str()).collect();
    assert_eq!(ids, ["object id", "client id", "object id"]);
    assert!(ended.summary.contains("steps 4 and 5 failed"), "{}", ended.summary);

    let problem = failure(&ended);
    assert_eq!(problem.code, Code::Forbidden);
    assert!(problem.advice.unwrap().contains("Privileged Role Administrator"));
    let trace = problem.trace.unwrap();
    assert_eq!(trace.status, Some(403));
    assert_eq!(trace.service_code.as_deref(), Some("Authorization_RequestDenied"));
    assert!(trace.request_id.is_some() && trace.client_request_id.is_some());
    let last = ended.steps.last().unwrap();
    assert_eq!(last.kind, StepKind::CreateSecret);
    assert!(
        matches!(&last.state, StepState::NotDone { reason } if reason.contains("step 4") || reason.contains("step 5"))
    );

    // A Global Administrator continues where it stopped.
    bench.tenant.recorder().clear();
    let admin = bench.admin().await;
    let plan = admin.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().changes, 3);
    assert_eq!(run(&admin, plan).await.state, RunState::Done);
    assert_eq!(bench.mutation_names(), ["grant", "grant", "addPassword"]);
}

#[tokio::test]
async fn a_plain_user_is_told_before_and_nothing_is_made() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert_eq!(plan.view().warnings.len(), 2, "{:#?}", plan.view().warnings);
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Failed);
    assert_eq!(failure(&ended).code, Code::Forbidden);
    assert!(ended.made.is_empty());
    assert!(bench.applications(NAME).is_empty());
}

#[tokio::test]
async fn unknown_disabled_and_wrong_principals_are_refused_with_the_way_out() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let app = job.find_principal("HR feed (live)").await.unwrap();
    let identity = job.search_identities("id-reporting").await.unwrap().rows[0].clone();
    let disabled = job.find_principal("Retired HR interface").await.unwrap();

    let refuse = async |request: SetupRequest| job.plan(request).await.unwrap_err();
    let unknown = refuse(identity_request("11111111-2222-4333-8444-555555555555")).await;
    assert_eq!(unknown.code, Code::NotFound);
    assert!(unknown.message.contains("11111111-2222-4333-8444-555555555555"));

    let no_guid = refuse(identity_request("CSV2SCIMBulkUpload")).await;
    assert_eq!((no_guid.code, no_guid.fields[0].field.as_str()), (Code::InvalidInput, "objectId"));

    let of_app = refuse(identity_request(app.object_id.as_deref().unwrap())).await;
    assert_eq!(of_app.code, Code::WrongKind);
    assert!(of_app.advice.unwrap().contains(&app.client_id), "the way out names the client id");

    let registration = refuse(identity_request(app.application_object_id.as_deref().unwrap())).await;
    assert_eq!(registration.code, Code::WrongKind);

    let client_id = refuse(identity_request(&identity.client_id)).await;
    assert_eq!(client_id.code, Code::NotFound);
    assert!(client_id.advice.unwrap().contains(identity.object_id.as_deref().unwrap()));

    let existing = |id: &str| SetupRequest::AppRegistration {
        name: NAME.to_owned(),
        app: AppChoice::Existing { client_id: id.to_owned() },
        note: None,
        secret_description: None,
        secret_expires: "2099-01-01".to_owned(),
        permissions: vec![UPLOAD.to_owned()],
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let far = refuse(existing(&app.client_id)).await;
    assert_eq!(far.fields[0].field, "secretExpires");
    let with_day = |id: &str| match app_request(&bench, NAME) {
        SetupRequest::AppRegistration { name, secret_expires, permissions, .. } => SetupRequest::AppRegistration {
            name,
            app: AppChoice::Existing { client_id: id.to_owned() },
            note: None,
            secret_description: None,
            secret_expires,
            permissions,
            ask_consent: false,
            secret_goes: SecretGoes::IntoKeychain,
        },
        other => other,
    };
    let retired = job.search_identities("zebra-label-printing").await.unwrap().rows[0].clone();
    let blocked = refuse(identity_request(retired.object_id.as_deref().unwrap())).await;
    assert_eq!(blocked.code, Code::Disabled);
    assert!(blocked.message.contains("zebra-label-printing") && blocked.advice.is_some(), "{blocked:?}");
    let blocked = refuse(with_day(&disabled.client_id)).await;
    assert_eq!(blocked.code, Code::Disabled);
    let by_object_id = refuse(with_day(app.application_object_id.as_deref().unwrap())).await;
    assert_eq!(by_object_id.code, Code::NotFound);
    assert!(by_object_id.advice.unwrap().contains(&app.client_id));

    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn f21_policies_of_the_tenant_are_named_and_leave_no_secret() {
    for (policy, words) in [
        (AppPolicy { forbid_secrets: true, ..AppPolicy::default() }, "does not allow client secrets"),
        (
            AppPolicy { longest_secret: Some(Duration::from_secs(30 * 86_400)), ..AppPolicy::default() },
            "only a shorter life",
        ),
    ] {
        let bench = Bench::start().await;
        bench.tenant.dials().set_policy(policy);
        let job = bench.admin().await;
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let ended = run(&job, plan).await;
        let problem = failure(&ended);
        assert_eq!(problem.code, Code::PolicyRefused);
        assert!(problem.message.contains(words), "{}", problem.message);
        assert!(problem.advice.is_some());
        assert_eq!(bench.mutation_names().iter().filter(|name| **name == "addPassword").count(), 1, "no retry storm");
        assert!(bench.keychain.accounts().is_empty());
    }
}

/// Where it refuses, with which status and code, what is said of it, and what can be done.
const RULES: [(&str, u16, &str, &str, &str); 9] = [
    ("register", 400, "SignInAudienceNotAllowedAsPerAppPolicy", "apps of this audience", "app management policy"),
    ("register", 403, "Directory_QuotaExceeded", "As many objects exist", "Deleted applications"),
    ("servicePrincipal", 403, "Directory_QuotaExceeded", "As many objects exist", "administrator role"),
    ("servicePrincipal", 403, "Authorization_RequestDenied", "you lack a role", "activate it"),
    ("grant", 403, "Authorization_RequestDenied", "although your role allows it", "ask for consent"),
    ("addPassword", 400, "CredentialTypeNotAllowedAsPerAppPolicy", "client secrets", "managed identity"),
    ("addPassword", 400, "CredentialInvalidLifetimeAsPerAppPolicy", "only a shorter life", "earlier last day"),
    ("addPassword", 403, "Directory_ResourceSizeExceeded", "as many entries", "Remove secrets"),
    (
        "addPassword",
        400,
        "CannotUpdateLockedServicePrincipalPropertyWithEnforcementScope",
        "is locked",
        "App instance property lock",
    ),
];

#[tokio::test]
async fn f21_rules_limits_and_locks_are_named_with_the_way_out_and_asked_of_once() {
    for (call, status, code, says, advises) in RULES {
        for in_details in [false, true] {
            let what = format!("{code} at {call}");
            let bench = Bench::start().await;
            let job = bench.admin().await;
            let fault = Fault::Status {
                status,
                applied: false,
                code: Some(if in_details { "Request_BadRequest" } else { code }.to_owned()),
                message: Some("Worte, die niemand kennt.".to_owned()),
                details: if in_details { vec![code.to_owned()] } else { vec![] },
                retry_after: None,
                retry_style: Default::default(),
            };
            bench.fault(call, 1, 1000, fault);
            let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
            let before = bench.clock.0.now();
            let ended = run(&job, plan).await;
            let problem = failure(&ended);
            let lacks_role = says.starts_with("you lack");
            let expected = if lacks_role { Code::Forbidden } else { Code::PolicyRefused };
            assert_eq!(problem.code, expected, "{what}: {problem:#?}");
            assert!(problem.message.contains(says), "{what}: {}", problem.message);
            assert!(problem.advice.as_ref().unwrap().contains(advises), "{what}: {:?}", problem.advice);
            let asked = bench.mutation_names().iter().filter(|name| **name == call).count();
            assert_eq!(asked, if call == "grant" { 2 } else { 1 }, "{what}: no retry storm");
            assert!(bench.clock.0.now().duration_since(before).as_secs() < 5, "{what}: nothing is waited for");
            assert!(ended.debts.is_empty() && bench.keychain.accounts().is_empty(), "{what}");
            // Once the rule is lifted the run goes on.
            bench.no_faults();
            let plan = job.plan_continue(&ended.id).await.unwrap();
            assert_eq!(run(&job, plan).await.state, RunState::Done, "{what}");
        }
    }
}

#[tokio::test]
async fn a_second_run_for_the_same_principal_waits_its_turn() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let first = job.plan(app_request(&bench, NAME)).await.unwrap();
    let second = job.plan(app_request(&bench, NAME)).await.unwrap();
    let (first, second) = futures::join!(
        job.run(first, CancellationToken::new(), News::default().listener()),
        job.run(second, CancellationToken::new(), News::default().listener())
    );
    assert_eq!(first.unwrap().state, RunState::Done);
    assert_eq!(second.unwrap_err().code, Code::Busy);
    assert_eq!(bench.applications(NAME).len(), 1);
}

#[tokio::test]
async fn cancelling_lists_what_exists_and_the_next_run_does_the_rest() {
    let bench = Bench::start().await;
    // Entra asks to wait in the middle of the run; the operator cancels then.
    let busy = Fault::Status {
        status: 429,
        applied: false,
        code: None,
        message: None,
        details: vec![],
        retry_after: Some(30),
        retry_style: Default::default(),
    };
    bench.fault("servicePrincipal", 1, 1, busy);
    let job = bench.admin().await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let cancel = CancellationToken::new();
    let news = News::default();
    let heard = news.listener();
    let stop = cancel.clone();
    let ended = job
        .run(
            plan,
            cancel,
            std::sync::Arc::new(move |event| {
                if matches!(&event, inbound_access_job::run::RunEvent::Step { state: StepState::Throttled { .. }, .. })
                {
                    stop.cancel();
                }
                heard(event);
            }),
        )
        .await
        .unwrap();
    assert_eq!(ended.state, RunState::Cancelled, "{ended:#?}");
    assert_eq!(ended.made.len(), 2, "the registration stands: {:#?}", ended.made);
    assert!(ended.steps.iter().skip(2).all(|step| matches!(step.state, StepState::NotDone { .. })));
    bench.no_faults();
    set_up(&job, app_request(&bench, NAME)).await;
    assert_eq!(bench.applications(NAME).len(), 1);
}
