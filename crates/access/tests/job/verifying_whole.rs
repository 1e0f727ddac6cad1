//! What holds of every verification: verdict and findings agree, what may not be read hides nothing else, and reads go
//! side by side.

use std::time::Duration;

use inbound_access_job::verification::{FindingWeight, VerdictKind};
use practice_tenant::PersonaKey;

use crate::support::{Bench, app_request, set_up};

#[tokio::test]
async fn something_blocks_exactly_where_the_verdict_is_not_ready() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    let mut kinds = Vec::new();
    for id in bench.client_ids() {
        let seen = job.verify(&id, &[], true).await.unwrap();
        let blocks = seen.findings.iter().any(|one| one.weight == FindingWeight::Blocks);
        let warns = seen.findings.iter().any(|one| one.weight == FindingWeight::Warns);
        assert_eq!(blocks, seen.verdict.kind == VerdictKind::NotReady, "{seen:#?}");
        assert!(!(warns && seen.verdict.kind == VerdictKind::Ready), "{seen:#?}");
        assert!(seen.findings.is_sorted_by_key(|one| one.weight), "{seen:#?}");
        for one in &seen.findings {
            assert_eq!(one.fix.is_some(), one.fix_label.is_some(), "{one:#?}");
        }
        kinds.push(seen.verdict.kind);
    }
    assert!(kinds.len() > 25, "{}", kinds.len());
    for kind in [VerdictKind::Ready, VerdictKind::ReadyBut, VerdictKind::NotReady] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
}

#[tokio::test]
async fn what_may_not_be_read_is_told_and_hides_nothing_else() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    bench.deny_reading(&["/v1.0/applications/{id}/owners", "/v1.0/applications/{id}/federatedIdentityCredentials"]);
    let seen = job.verify("HR feed (live)", &[], false).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::Ready, "{seen:#?}");
    assert_eq!(
        seen.unreadable,
        [
            "You may not read who owns it. An Application Administrator or a Global Reader may.",
            "You may not read its federated credentials. An Application Administrator or a Global Reader may.",
        ]
    );
    assert!(seen.findings.iter().all(|one| !one.sentence.contains("Nobody owns")), "{:#?}", seen.findings);

    // All its secrets have ended, but it may sign in otherwise: that is not known, so nothing blocks.
    let old = job.verify("HR feed (old)", &[], false).await.unwrap();
    assert_eq!(old.verdict.kind, VerdictKind::ReadyBut, "{old:#?}");
    assert!(old.verdict.advice.unwrap().contains("may not read whether"));
    assert!(old.findings.iter().all(|one| one.weight != FindingWeight::Blocks));

    bench.deny_reading(&["/v1.0/servicePrincipals/{id}/appRoleAssignments"]);
    let seen = job.verify("HR feed (live)", &[], false).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::CantTell);
    assert!(seen.unreadable[0].contains("what is granted to it"), "{:?}", seen.unreadable);
    assert!(!seen.credentials.is_empty() && seen.permissions.iter().all(|row| row.note.is_some()));
    assert!(seen.findings.iter().all(|one| one.fix.is_none()), "{:#?}", seen.findings);
}

/// By name: the lists of apps and of principals, then all that is read of the one. What it takes at least, and took before
/// there was more to read.
const WAVES: [usize; 2] = [2, 4];

#[tokio::test]
async fn reads_go_side_by_side_in_two_waves() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    job.verify("HR feed (live)", &[], false).await.unwrap();
    // Microsoft Graph's roles are known now. All that is sent together is under way together for so long.
    bench.tenant.dials().set_latency(Duration::from_millis(400));
    bench.tenant.recorder().clear();
    job.verify("HR feed (live)", &[], false).await.unwrap();
    let paths: Vec<String> = bench.tenant.recorder().exchanges().into_iter().map(|one| one.path).collect();
    assert_eq!(paths.len(), WAVES[0] + WAVES[1], "{paths:?}");
    assert!(paths[..2].iter().all(|path| path.ends_with("/applications") || path.ends_with("/servicePrincipals")));
    // The second wave needs the ids of the first, so only it can be so many.
    assert_eq!(bench.tenant.recorder().most_at_once(), WAVES[1], "{paths:?}");
}

#[tokio::test]
async fn the_log_is_asked_for_with_a_token_alone() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    set_up(&job, app_request(&bench, "HR feed")).await;
    let seen = job.verify("HR feed", &[], false).await.unwrap();
    let inbound_access_job::road::LogCheck::NotTried { reason } = seen.log else { panic!("no token, no log") };
    assert_eq!(reason, "There is no token to read the log with.");
}
