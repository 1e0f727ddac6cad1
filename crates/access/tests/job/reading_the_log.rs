//! The provisioning log, read in a verification with the API client's own token.

use std::time::Duration;

use inbound_access_job::Job;
use inbound_access_job::problem::Code;
use inbound_access_job::road::LogCheck;
use inbound_access_job::verification::{FindingWeight, VerdictKind, Verification};
use practice_tenant::Exchange;

use crate::support::faulty::denied;
use crate::support::{AUDIT_LOG, Bench, UPLOAD, app_request, set_up};

const LOG: &str = "/v1.0/auditLogs/provisioning";
/// By then a secret and a grant work everywhere.
const SPREAD: Duration = Duration::from_secs(11 * 60);

/// An app that was just set up from here, with its secret in this keychain.
async fn set_up_just_now() -> (Bench, Job) {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    (bench, job)
}

async fn verify(bench: &Bench, job: &Job) -> Verification {
    bench.tenant.recorder().clear();
    job.verify("HR feed", &[], true).await.unwrap()
}

fn log_reads(bench: &Bench) -> Vec<Exchange> {
    bench.tenant.recorder().exchanges().into_iter().filter(|one| one.path == LOG).collect()
}

#[tokio::test]
async fn who_may_read_the_log_reads_it_once_with_its_own_token() {
    let (bench, job) = set_up_just_now().await;
    let seen = verify(&bench, &job).await;
    let LogCheck::Read { at, newest: Some(newest) } = &seen.log else { panic!("{:#?}", seen.log) };
    assert!(newest.parse::<jiff::Timestamp>().unwrap() < at.parse().unwrap(), "{newest} {at}");
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "{seen:#?}");
    let reads = log_reads(&bench);
    assert_eq!(reads.len(), 1);
    let entries = reads[0].response_body.as_ref().unwrap()["value"].as_array().unwrap();
    let latest = entries.iter().map(|entry| entry["activityDateTime"].as_str().unwrap().parse().unwrap()).max();
    assert_eq!(latest, Some(newest.parse::<jiff::Timestamp>().unwrap()));
    let token = reads[0].request_header("authorization").unwrap().strip_prefix("Bearer ").unwrap();
    let roles = inbound_entra::auth::token_roles(token);
    assert!(roles.iter().any(|role| role == AUDIT_LOG) && roles.iter().any(|role| role == UPLOAD), "{roles:?}");
}

#[tokio::test]
async fn an_empty_log_is_read_all_the_same() {
    let (bench, job) = set_up_just_now().await;
    bench.tenant.dials().set_log_lag(Duration::from_secs(5_000 * 86_400));
    let seen = verify(&bench, &job).await;
    assert!(matches!(seen.log, LogCheck::Read { newest: None, .. }), "{:#?}", seen.log);
    assert_eq!(seen.verdict.kind, VerdictKind::Ready);
}

#[tokio::test]
async fn whose_token_holds_no_permission_for_it_does_not_try() {
    let (bench, job) = set_up_just_now().await;
    let grant = job.verify("HR feed", &[], false).await.unwrap().permissions[1].granted.clone().unwrap();
    bench.revoke(&grant.id).await;
    bench.tenant.clock().advance(SPREAD);
    let seen = verify(&bench, &job).await;
    let LogCheck::NotTried { reason } = &seen.log else { panic!("{:#?}", seen.log) };
    assert_eq!(reason, "The token does not hold a permission to read the logs.");
    assert!(log_reads(&bench).is_empty());
    assert_eq!(seen.verdict.kind, VerdictKind::NotReady);
}

#[tokio::test]
async fn a_refusal_is_not_yet_while_the_grant_is_young_and_a_warning_afterwards() {
    let (bench, job) = set_up_just_now().await;
    bench.fault_on_get(LOG, denied());
    let seen = verify(&bench, &job).await;
    let LogCheck::Refused { problem, not_yet: true } = &seen.log else { panic!("{:#?}", seen.log) };
    assert_eq!(problem.code, Code::Forbidden);
    assert_eq!(seen.verdict.kind, VerdictKind::NotYet, "{seen:#?}");
    assert_eq!(about_the_log(&seen), FindingWeight::Notes);

    bench.tenant.clock().advance(SPREAD);
    let seen = verify(&bench, &job).await;
    assert!(matches!(seen.log, LogCheck::Refused { not_yet: false, .. }), "{:#?}", seen.log);
    assert_eq!(seen.verdict.kind, VerdictKind::ReadyBut, "{seen:#?}");
    assert_eq!(about_the_log(&seen), FindingWeight::Warns);

    bench.no_faults();
    assert!(matches!(verify(&bench, &job).await.log, LogCheck::Read { .. }));
}

#[tokio::test]
async fn a_tenant_without_a_licence_for_it_is_told_and_never_not_yet() {
    let (bench, job) = set_up_just_now().await;
    bench.tenant.dials().set_without_premium(true);
    let seen = verify(&bench, &job).await;
    let LogCheck::Refused { problem, not_yet: false } = &seen.log else { panic!("{:#?}", seen.log) };
    assert_eq!(problem.code, Code::Refused);
    assert!(problem.message.contains("takes Entra ID P1, P2 or Governance"), "{}", problem.message);
    assert_eq!(seen.verdict.kind, VerdictKind::ReadyBut, "{seen:#?}");
}

fn about_the_log(seen: &Verification) -> FindingWeight {
    let found: Vec<_> = seen.findings.iter().filter(|one| one.sentence.contains("provisioning log")).collect();
    assert_eq!(found.len(), 1, "{:#?}", seen.findings);
    found[0].weight
}
