//! The verdict of everybody in the practice tenant's seed.

use inbound_access_job::verification::{PermissionState, VerdictKind};
use practice_tenant::PersonaKey;

use crate::support::Bench;

/// Days are counted from a clock that goes on, so their number is left out.
fn without_days(sentence: &str) -> String {
    let words = sentence.split(' ').map(|word| if word.parse::<u32>().is_ok() { "N" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn everybody_in_the_seed_has_the_verdict_that_the_table_says() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    let mut rows = Vec::new();
    for id in bench.client_ids() {
        let seen = job.verify(&id, &[], true).await.unwrap();
        rows.push(format!(
            "{} ({:?}): {:?}: {}",
            seen.principal.name.escape_debug(),
            seen.principal.kind,
            seen.verdict.kind,
            without_days(&seen.verdict.sentence)
        ));
    }
    rows.sort();
    insta::assert_snapshot!(rows.join("\n"));
}

#[tokio::test]
async fn an_app_that_may_upload_to_its_own_alone_is_told_from_one_that_may_upload() {
    let bench = Bench::start().await;
    let seen = bench.job(PersonaKey::User).await.verify("Staff courier", &[], true).await.unwrap();
    assert_eq!(seen.verdict.kind, VerdictKind::ReadyBut, "{seen:#?}");
    assert!(seen.verdict.sentence.contains("only for provisioning apps that it owns"), "{}", seen.verdict.sentence);
    let values: Vec<&str> = seen.permissions.iter().map(|row| row.value.as_str()).collect();
    assert_eq!(values, ["SynchronizationData-User.Upload.OwnedBy", "ProvisioningLog.Read.All"]);
    assert!(seen.permissions.iter().all(|row| row.state == PermissionState::Granted), "{seen:#?}");
    assert!(seen.surplus.is_empty(), "{:#?}", seen.surplus);
}
