//! Verdicts over the seeded principals of the practice tenant.

use std::time::Duration;

use inbound_access_job::problem::Code;
use inbound_access_job::verification::{
    CredentialKind, InToken, PermissionState, TokenCheck, VerdictKind, Verification,
};
use practice_tenant::PersonaKey;

use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, identity_request, set_up};

async fn verify(name: &str) -> Verification {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    job.verify(name, &[], true).await.unwrap()
}

#[tokio::test]
async fn an_app_that_has_all_is_ready_and_its_days_are_counted() {
    let seen = verify("HR feed (live)").await;
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "{seen:#?}");
    assert!(
        seen.verdict.sentence.starts_with("Ready. It can upload users and read the logs. Its secret ends in 32"),
        "{}",
        seen.verdict.sentence
    );
    assert_eq!(seen.credentials.len(), 1);
    assert_eq!(seen.credentials[0].kind, CredentialKind::Secret);
    assert_eq!(seen.credentials[0].in_keychain, Some(false));
    assert!(matches!(&seen.token, TokenCheck::NotChecked { reason } if reason.contains("No valid secret")));
    assert!(seen.surplus.is_empty());
}

#[tokio::test]
async fn the_narrower_permission_counts_as_reading_the_logs() {
    let seen = verify("Contractor import").await;
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "{seen:#?}");
    assert_eq!(seen.permissions[1].value, "ProvisioningLog.Read.All");
    assert!(seen.surplus.is_empty());
}

#[tokio::test]
async fn requested_is_not_granted() {
    let seen = verify("Payroll upload").await;
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert_eq!(
        seen.verdict.sentence,
        "Not ready. It cannot upload users: SynchronizationData-User.Upload is not granted."
    );
    assert!(seen.verdict.advice.unwrap().contains("Privileged Role Administrator"));
    assert_eq!(seen.permissions[0].state, PermissionState::RequestedNotGranted);
    assert_eq!(seen.permissions[1].state, PermissionState::Granted);
}

#[tokio::test]
async fn ended_secrets_a_blocked_sign_in_and_no_principal_are_not_ready() {
    let old = verify("HR feed (old)").await;
    assert_eq!(old.verdict.kind, VerdictKind::NotReady);
    assert!(old.verdict.sentence.contains("have ended"), "{}", old.verdict.sentence);
    assert!(old.credentials.iter().all(|row| row.days_left.unwrap() < 0));
    let retired = verify("Retired HR interface").await;
    assert_eq!(retired.verdict.kind, VerdictKind::NotReady);
    assert!(retired.verdict.sentence.contains("blocked"));
    let printer = verify("Badge printer").await;
    assert_eq!(printer.verdict.kind, VerdictKind::NotReady);
    assert!(printer.verdict.sentence.contains("no service principal"));
    assert!(printer.permissions.iter().all(|row| row.state == PermissionState::Missing));
}

#[tokio::test]
async fn surplus_is_ranked_by_what_it_opens() {
    let seen = verify("vm-legacy-hr").await;
    assert_eq!(seen.verdict.kind, VerdictKind::ReadyBut, "{seen:#?}");
    let surplus: Vec<(&str, Option<u8>)> = seen.surplus.iter().map(|row| (row.value.as_str(), row.risk)).collect();
    assert_eq!(surplus[0], ("Directory.ReadWrite.All", Some(4)));
    assert_eq!(surplus[1].0, "Mail.Send");
    assert!(seen.verdict.sentence.contains("Directory.ReadWrite.All"));
    assert!(seen.credentials.is_empty());
    assert!(seen.permissions.iter().all(|row| row.requested.is_none()), "an identity requests nothing");

    let robot = verify("Reporting robot").await;
    let values: Vec<&str> = robot.surplus.iter().map(|row| row.value.as_str()).collect();
    assert_eq!(values, ["Directory.ReadWrite.All", "RoleManagement.ReadWrite.Directory", "User.Read.All"]);
    assert_eq!(robot.verdict.kind, VerdictKind::ReadyBut);
}

#[tokio::test]
async fn a_removed_grant_is_missed_by_name() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let held = job.verify("HR feed", &[], false).await.unwrap();
    assert_eq!(held.verdict.kind, VerdictKind::Ready);
    assert!(matches!(held.token, TokenCheck::NotChecked { .. }));
    let grant = held.permissions[1].granted.clone().unwrap();
    bench.revoke(&grant.id).await;
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert!(seen.verdict.sentence.contains(AUDIT_LOG), "{}", seen.verdict.sentence);
    assert_eq!(seen.permissions[0].in_token, InToken::Yes);
    assert_eq!(seen.permissions[1].in_token, InToken::No);
    assert_eq!(seen.permissions[1].state, PermissionState::RequestedNotGranted);
}

#[tokio::test]
async fn a_secret_that_does_not_work_yet_is_waited_for_and_then_told() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let refusal = serde_json::json!({
        "error": "invalid_client",
        "error_description": "AADSTS7000215: Invalid client secret provided.",
        "error_codes": [7000215],
        "trace_id": "11111111-2222-4333-8444-555555555555",
        "correlation_id": "66666666-7777-4888-9999-000000000000",
    });
    bench.token_answers(401, refusal);
    let before = bench.tenant.clock().now();
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    let waited = bench.tenant.clock().now().duration_since(before).as_secs();
    assert!((15..=30).contains(&waited), "{waited}");
    assert_eq!(seen.verdict.kind, VerdictKind::NotYet, "{seen:#?}");
    let TokenCheck::Refused { problem } = seen.token else { panic!("refused") };
    assert_eq!(problem.code, Code::SignInFailed);
    let trace = problem.trace.unwrap();
    assert_eq!(trace.service_code.as_deref(), Some("AADSTS7000215"));
    assert_eq!(trace.request_id.as_deref(), Some("11111111-2222-4333-8444-555555555555"));

    // What is as old as that is not "not yet": it works everywhere, or not at all, and nothing is waited for.
    bench.tenant.clock().advance(Duration::from_secs(11 * 60));
    let before = bench.tenant.clock().now();
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady, "{seen:#?}");
    assert!(bench.tenant.clock().now().duration_since(before).as_secs() < 5);

    bench.no_faults();
    assert_eq!(job.verify("HR feed", &[], true).await.unwrap().verdict.kind, VerdictKind::Ready);
}

#[tokio::test]
async fn a_secret_that_was_removed_in_entra_is_no_longer_ready() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let ended = serde_json::json!({
        "error": "invalid_client",
        "error_description": "AADSTS7000222: The provided client secret keys are expired.",
        "error_codes": [7000222],
    });
    bench.token_answers(401, ended);
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert!(seen.verdict.advice.unwrap().contains("The secret has ended"));
}

#[tokio::test]
async fn a_token_without_the_granted_roles_is_not_yet() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    // {"roles":["AuditLog.Read.All"]}
    let token = "e30.eyJyb2xlcyI6WyJBdWRpdExvZy5SZWFkLkFsbCJdfQ.c2ln";
    let body = serde_json::json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": token });
    bench.token_answers(200, body);
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotYet, "{seen:#?}");
    assert!(seen.verdict.sentence.contains(UPLOAD) && !seen.verdict.sentence.contains(AUDIT_LOG));
    assert_eq!(seen.permissions[0].in_token, InToken::No);
    assert_eq!(seen.permissions[1].in_token, InToken::Yes);

    bench.tenant.clock().advance(Duration::from_secs(11 * 60));
    let seen = job.verify("HR feed", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady, "{seen:#?}");
    assert!(seen.verdict.sentence.contains("its token does not hold"), "{}", seen.verdict.sentence);
}

#[tokio::test]
async fn what_may_not_be_read_is_not_judged() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    bench.deny_reading(&["/v1.0/servicePrincipals/{id}/appRoleAssignments"]);
    let seen = job.verify("HR feed (live)", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::CantTell);
    assert!(seen.verdict.advice.is_some());
}

#[tokio::test]
async fn other_requirements_can_be_named_and_unknown_ones_are_told() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let wanted = [UPLOAD.to_owned(), "Made.Up".to_owned()];
    let seen = job.verify("HR feed (live)", &wanted, false).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert_eq!(seen.permissions[1].state, PermissionState::NotOffered);
    assert_eq!(seen.surplus.iter().map(|row| row.value.as_str()).collect::<Vec<_>>(), [AUDIT_LOG]);
    let unnamed = job.verify("HR feed (live)", &[" ".to_owned()], false).await.unwrap_err();
    assert_eq!((unnamed.code, unnamed.fields[0].field.as_str()), (Code::InvalidInput, "permissions"));
    let twice = [UPLOAD.to_owned(), "Made.Up".to_owned(), UPLOAD.to_owned()];
    assert_eq!(job.verify("HR feed (live)", &twice, false).await.unwrap().permissions.len(), 2);
    assert_eq!(job.verify("nobody at all", &[], false).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn a_young_grant_of_an_identity_says_when_to_look_again() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let row = job.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let object_id = row.object_id.unwrap();
    set_up(&job, identity_request(&object_id)).await;
    bench.tenant.clock().advance(Duration::from_secs(14 * 60));
    let seen = job.verify(&object_id, &[], false).await.unwrap();
    let note = seen.permissions[0].note.clone().unwrap();
    assert!(note.starts_with("Granted 14 minutes ago."), "{note}");
    assert_eq!(seen.verdict.advice, seen.permissions[0].note);
}

#[tokio::test]
async fn just_after_a_run_a_read_that_lacks_the_grants_is_not_believed() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    bench.tenant.dials().set_replication(Duration::from_secs(120));
    let row = job.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let object_id = row.object_id.unwrap();
    set_up(&job, identity_request(&object_id)).await;
    let seen = job.verify(&object_id, &[], false).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotYet, "{seen:#?}");
    assert!(seen.verdict.sentence.contains(UPLOAD) && seen.verdict.sentence.contains(AUDIT_LOG));
    // Half a minute after the run, what is not there is missing.
    bench.tenant.clock().advance(Duration::from_secs(30));
    let seen = job.verify(&object_id, &[], false).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
}

#[tokio::test]
async fn a_grant_that_was_seen_and_taken_away_is_missed_at_once() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let row = job.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let object_id = row.object_id.unwrap();
    set_up(&job, identity_request(&object_id)).await;
    let seen = job.verify(&object_id, &[], false).await.unwrap();
    bench.revoke(&seen.permissions[0].granted.clone().unwrap().id).await;
    let before = bench.tenant.clock().now();
    let seen = job.verify(&object_id, &[], false).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
    assert!(bench.tenant.clock().now().duration_since(before).as_secs() < 5, "nothing was waited for");
}
