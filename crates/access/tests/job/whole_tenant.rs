//! A tenant of a hundred thousand: nothing is missed, no page waits in memory for another, and a search stays a search.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use inbound_access_job::audit::{AuditListener, AuditNews};
use practice_tenant::{Options, PracticeTenant, RetryAfter, Seed, Throttle};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::support::{AUDIT_LOG, Bench, UPLOAD};

const PRINCIPALS: u32 = 100_000;
/// The largest page that Graph gives.
const PAGE: usize = 999;

async fn large() -> Arc<Bench> {
    let options = Options { seed: Seed::Large(PRINCIPALS), ..Options::default() };
    Arc::new(Bench::of(PracticeTenant::start(options).await.expect("the tenant starts")))
}

/// Ids of the grants of these roles, as the directory itself has them, with who holds each.
fn granted(snapshot: &Value, roles: &[&str]) -> BTreeMap<String, String> {
    let grants = snapshot["assignments"].as_object().unwrap().values();
    let of_roles = grants.filter(|grant| {
        grant["deleted"].is_null() && grant["appRoleId"].as_str().is_some_and(|role| roles.contains(&role))
    });
    let text = |grant: &Value, name: &str| grant[name].as_str().unwrap().to_owned();
    of_roles.map(|grant| (text(grant, "id"), text(grant, "principalId"))).collect()
}

/// What passed between two pages that the listener was told of.
#[derive(Debug, Default)]
struct Between {
    /// Rows in each page that the tenant answered with.
    answered: Vec<usize>,
    refused: usize,
    /// Rows told, by the news that told them.
    told: Vec<usize>,
}

/// Hears an audit and looks, at each page it is told of, what the tenant has answered since the page before.
fn between(bench: &Arc<Bench>) -> (AuditListener, Arc<Mutex<Vec<Between>>>) {
    let pages = Arc::new(Mutex::new(Vec::new()));
    let told = Mutex::new(Vec::new());
    let (bench, heard) = (Arc::clone(bench), Arc::clone(&pages));
    let listener = move |news: AuditNews| match news {
        AuditNews::Rows { rows } => told.lock().unwrap().push(rows.len()),
        AuditNews::Waiting { .. } => {}
        AuditNews::Progress { .. } => {
            let mut since = Between { told: std::mem::take(&mut *told.lock().unwrap()), ..Between::default() };
            for exchange in bench.tenant.recorder().exchanges() {
                if exchange.status == 429 {
                    since.refused += 1;
                } else if exchange.path.ends_with("/appRoleAssignedTo") {
                    since.answered.push(exchange.response_body.unwrap()["value"].as_array().unwrap().len());
                }
            }
            bench.tenant.recorder().clear();
            heard.lock().unwrap().push(since);
        }
    };
    (Arc::new(listener), pages)
}

#[tokio::test]
async fn of_a_hundred_thousand_grants_none_is_missed_and_no_page_is_held_for_the_next() {
    let bench = large().await;
    let job = bench.admin().await;
    bench.tenant.dials().set_empty_pages(true);
    let throttle = Throttle { limit: 30, window: Duration::from_secs(600), retry_after: RetryAfter::Seconds };
    bench.tenant.dials().set_throttle(Some(throttle));
    let (listener, pages) = between(&bench);
    let found = job.audit(&[], CancellationToken::new(), listener).await.unwrap();

    let snapshot = bench.tenant.snapshot();
    let roles = [
        "db31e92a-b9ea-4d87-bf6a-75a37a9ca35a",
        "25c32ff3-849a-494b-b94f-20a8ac4e6774",
        "b0afded3-3588-46d8-8b3d-9842eff778da",
        "091937d3-3e38-47a1-8649-b2f99d3035f1",
    ];
    let expected = granted(&snapshot, &roles);
    assert!(expected.len() > 20_000, "{}", expected.len());
    let rows: BTreeMap<String, String> =
        found.rows.iter().map(|row| (row.grant_id.clone(), row.principal_id.clone())).collect();
    assert!(rows == expected, "{} of {}", rows.len(), expected.len());
    assert_eq!(found.rows.len(), expected.len(), "none twice");
    let held: BTreeSet<&str> = found.rows.iter().map(|row| row.permission.as_str()).collect();
    assert!(held.contains(UPLOAD) && held.contains(AUDIT_LOG), "{held:?}");
    assert!(found.summary.grants_read >= PRINCIPALS, "{}", found.summary.grants_read);

    let pages = pages.lock().unwrap();
    assert_eq!(pages.len(), found.summary.pages as usize);
    let rows_in = |page: &Between| page.answered.iter().sum::<usize>();
    assert!(pages.iter().filter(|page| rows_in(page) == 0).count() > 50, "empty pages among them");
    let refused: Vec<usize> = (0..pages.len()).filter(|number| pages[*number].refused > 0).collect();
    assert!(refused.len() > 3 && refused.iter().any(|number| *number > pages.len() / 2), "{refused:?}");
    for (number, page) in pages.iter().enumerate() {
        assert_eq!(page.answered.len(), 1, "page {number} was told before the next was asked for: {page:?}");
        assert!(rows_in(page) <= PAGE && page.told.iter().sum::<usize>() <= rows_in(page), "page {number}: {page:?}");
        assert!(page.told.iter().all(|rows| (1..=500).contains(rows)), "page {number}: {page:?}");
    }
    let told: usize = pages.iter().flat_map(|page| &page.told).sum();
    assert_eq!(told, found.rows.len(), "each row was told as it was read");
}

#[tokio::test]
async fn among_a_hundred_thousand_one_is_found_by_name_without_reading_the_others() {
    let bench = large().await;
    let job = bench.admin().await;
    let snapshot = bench.tenant.snapshot();
    let principals = snapshot["servicePrincipals"].as_object().unwrap();
    assert_eq!(principals.len(), PRINCIPALS as usize);
    let (id, name) = principals
        .iter()
        .filter_map(|(id, one)| Some((id, one["properties"]["displayName"].as_str()?)))
        .find(|(_, name)| name.ends_with("-054321"))
        .expect("it is among them");
    bench.tenant.recorder().clear();
    let found = job.search_principals(name).await.unwrap();
    let ids: Vec<Option<&str>> = found.rows.iter().map(|row| row.object_id.as_deref()).collect();
    assert_eq!((ids, found.more), (vec![Some(id.as_str())], false));
    assert_eq!(job.find_principal(name).await.unwrap().object_id.as_ref(), Some(id));
    let exchanges = bench.tenant.recorder().exchanges();
    let rows: usize =
        exchanges.iter().filter_map(|exchange| Some(exchange.response_body.as_ref()?["value"].as_array()?.len())).sum();
    let asked: Vec<&String> = exchanges.iter().map(|exchange| &exchange.url).collect();
    assert!(asked.len() <= 8, "{asked:#?}");
    assert!(rows <= 8, "{rows} rows were read for one: {asked:#?}");
}
