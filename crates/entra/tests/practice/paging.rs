//! Long lists, with everything in their way.

use std::collections::HashSet;
use std::time::Duration;

use inbound_entra::graph::WaitReason;
use inbound_entra::model::ServicePrincipalType;
use practice_tenant::{Options, RetryAfter, Seed, Throttle};

use crate::support::{Practice, listening, status};

#[tokio::test]
async fn three_thousand_are_found_to_the_last_through_throttling_and_empty_pages() {
    let practice = Practice::with(Options { seed: Seed::Large(3_000), ..Options::default() }).await;
    let graph = practice.graph().await;
    let snapshot = practice.tenant.snapshot();
    let listed = &snapshot["servicePrincipals"];
    let every = listed.as_object().map_or_else(|| listed.as_array().map_or(0, Vec::len), serde_json::Map::len);
    assert!(every >= 3_000, "{every}");
    practice.tenant.dials().set_empty_pages(true);
    let throttle = Throttle { limit: 2, window: Duration::from_secs(5), retry_after: RetryAfter::Seconds };
    practice.tenant.dials().set_throttle(Some(throttle));
    let (call, waits) = listening();
    let page = graph.search_service_principals(&call, "", None, 10_000).await.unwrap();
    let ids: HashSet<_> = page.rows.iter().map(|row| row.id).collect();
    assert_eq!((page.rows.len(), ids.len(), page.more), (every, every, false));
    assert!(waits.lock().unwrap().iter().any(|wait| wait.reason == WaitReason::Throttled), "it was throttled midway");
    // A fault in the middle does not lose or double a page either.
    practice.tenant.dials().set_throttle(None);
    practice.faults(&[("GET", "/v1.0/servicePrincipals", 2, status(500, false, None))]);
    let again = graph.search_service_principals(&call, "", None, 10_000).await.unwrap();
    assert_eq!(again.rows, page.rows);
    let identities = graph
        .search_service_principals(&call, "", Some(ServicePrincipalType::ManagedIdentity), 10_000)
        .await
        .unwrap()
        .rows;
    let expected = page.rows.iter().filter(|row| row.service_principal_type == ServicePrincipalType::ManagedIdentity);
    assert_eq!(identities.len(), expected.count());
}

#[tokio::test]
async fn a_limited_search_reads_no_more_than_it_shows_and_says_that_there_is_more() {
    let practice = Practice::with(Options { seed: Seed::Large(3_000), ..Options::default() }).await;
    let graph = practice.graph().await;
    let (call, _) = listening();
    let page = graph.search_service_principals(&call, "", None, 20).await.unwrap();
    assert_eq!((page.rows.len(), page.more), (20, true));
    assert_eq!(practice.asked("GET", "/v1.0/servicePrincipals").len(), 1);
}

#[tokio::test]
async fn every_page_of_a_word_search_carries_the_consistency_level() {
    let practice = Practice::with(Options { seed: Seed::Large(3_000), ..Options::default() }).await;
    let graph = practice.graph().await;
    let (call, _) = listening();
    let name = graph.search_service_principals(&call, "", None, 50).await.unwrap().rows.pop().unwrap().display_name;
    let letter: String = name.chars().take(1).collect();
    practice.tenant.recorder().clear();
    graph.search_service_principals(&call, &letter, None, 5_000).await.unwrap();
    let asked = practice.asked("GET", "/v1.0/servicePrincipals");
    // A nextLink carries the search in its token, or repeats it.
    let first = asked.iter().filter(|it| it.query.as_deref().is_some_and(|query| query.contains("search"))).count();
    let with_level = asked.iter().filter(|it| it.request_header("ConsistencyLevel") == Some("eventual")).count();
    assert!(first >= 1 && with_level >= first, "{first} {with_level}");
    assert!(asked.iter().all(|it| it.status == 200));
}
