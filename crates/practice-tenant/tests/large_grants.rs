//! Graph's own list of grants in a large tenant, wrong turns in a small one, and reads of many objects at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use std::collections::BTreeSet;

use practice_tenant::{Options, PersonaKey, Seed};
use reqwest::Method;
use serde_json::{Value, json};
use support::{UPLOAD, frozen, start, start_with};

#[tokio::test]
async fn every_grant_of_a_large_tenant_is_on_one_page_though_pages_are_short_or_empty() {
    let tenant = start_with(Options { seed: Seed::Large(7_000), ..frozen() }).await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let graph = tenant.graph_id(&token).await;
    let mut next = Some(format!("/servicePrincipals/{graph}/appRoleAssignedTo?$top=100"));
    let (mut ids, mut sizes, mut kinds, mut uploads) = (Vec::new(), BTreeSet::new(), BTreeSet::new(), 0);
    while let Some(path) = next {
        let page = tenant.get(&path, &token).await;
        let rows = page.body["value"].as_array().unwrap();
        next = page.body["@odata.nextLink"].as_str().map(str::to_owned);
        if next.is_some() {
            sizes.insert(rows.len());
        }
        for row in rows {
            ids.push(row["id"].as_str().unwrap().to_owned());
            kinds.insert(row["principalType"].as_str().unwrap().to_owned());
            uploads += u32::from(row["appRoleId"] == UPLOAD);
        }
    }
    assert!(ids.len() >= 7_000, "{}", ids.len());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert_eq!(sizes, BTreeSet::from([0, 50, 100]));
    assert_eq!(kinds, ["Group", "ServicePrincipal", "User"].map(str::to_owned).into());
    assert!((35..60).contains(&uploads), "{uploads}");
    let named = "principalDisplayName eq 'Evora user 4'";
    let none = tenant.get(&format!("/servicePrincipals/{graph}/appRoleAssignedTo?$filter={named}"), &token).await;
    assert_eq!(none.body["value"], json!([]));
    let named = "principalDisplayName eq 'HR feed (live)'";
    let live = tenant.get(&format!("/servicePrincipals/{graph}/appRoleAssignedTo?$filter={named}"), &token).await;
    assert_eq!(live.body["value"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn many_objects_are_read_at_once_by_filter_by_ids_and_in_a_batch() {
    let tenant = start().await;
    let scope = "openid Application.Read.All Directory.Read.All";
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, scope).await;
    let listed = tenant.get("/servicePrincipals?$top=20&$select=id,appId", &token).await;
    let rows = listed.body["value"].as_array().unwrap();
    let all = |name: &str| rows.iter().map(|it| it[name].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    for name in ["id", "appId"] {
        let list = all(name).iter().map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
        let found = tenant.get(&format!("/servicePrincipals?$filter={name} in ({list})&$top=999"), &token).await;
        assert_eq!(found.body["value"].as_array().unwrap().len(), 20, "{}", found.body);
    }
    let mut ids = all("id");
    ids.push("7d5e5e0c-1111-4222-8333-444455556666".to_owned());
    let body = json!({ "ids": ids, "types": ["servicePrincipal"] });
    let found = tenant.post("/directoryObjects/getByIds", &token, body).await;
    let found = found.body["value"].as_array().unwrap();
    assert_eq!(found.len(), 20, "ids of nothing are left out");
    assert_eq!(found[0]["@odata.type"], "#microsoft.graph.servicePrincipal");
    let requests: Vec<Value> = all("id")
        .iter()
        .enumerate()
        .map(|(number, id)| json!({ "id": number.to_string(), "method": "GET", "url": format!("/servicePrincipals/{id}") }))
        .collect();
    let batch = tenant.post("/$batch", &token, json!({ "requests": requests })).await;
    let answers = batch.body["responses"].as_array().unwrap();
    assert!(answers.len() == 20 && answers.iter().all(|it| it["status"] == 200));
}

#[tokio::test]
async fn what_looks_like_the_permission_is_told_apart_by_its_api_and_its_kind() {
    let tenant = start().await;
    let scope = "openid Application.Read.All Directory.Read.All";
    let token = tenant.sign_in_with(PersonaKey::GlobalAdministrator, scope).await;
    let graph = tenant.graph_id(&token).await;
    let depot = tenant.principal_called("Depot sync", &token).await;
    let held = tenant.get(&format!("/servicePrincipals/{depot}/appRoleAssignments"), &token).await;
    assert_eq!(held.body["value"][0]["resourceDisplayName"], "Microsoft Graph");
    assert_ne!(held.body["value"][0]["resourceId"], graph);
    let seasonal = tenant.principal_called("Seasonal workers sync", &token).await;
    let held = tenant.get(&format!("/servicePrincipals/{seasonal}/appRoleAssignments"), &token).await;
    assert_eq!(held.body["value"], json!([]));
    let delegated = tenant.get(&format!("/servicePrincipals/{seasonal}/oauth2PermissionGrants"), &token).await;
    let grant = &delegated.body["value"][0];
    assert_eq!((&grant["scope"], &grant["resourceId"]), (&json!("SynchronizationData-User.Upload"), &json!(graph)));
    let app = tenant.get("/applications?$filter=displayName eq 'Seasonal workers sync'", &token).await;
    assert_eq!(app.body["value"][0]["requiredResourceAccess"][0]["resourceAccess"][0]["type"], "Scope");
}

#[tokio::test]
async fn sign_in_is_blocked_and_let_again_but_not_of_a_managed_identity() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::ApplicationAdministrator).await;
    for (name, status) in [("HR feed (live)", 204), ("id-hr-feed", 403)] {
        let path = format!("/servicePrincipals/{}", tenant.principal_called(name, &token).await);
        for enabled in [false, true] {
            let body = json!({ "accountEnabled": enabled });
            assert_eq!(tenant.send(Method::PATCH, &path, &token, Some(body)).await.status, status, "{name}");
            let expected = if status == 204 { enabled } else { true };
            let shown = tenant.get(&path, &token).await;
            assert_eq!(shown.body["accountEnabled"], expected);
            assert_eq!(shown.body["appRoleAssignmentRequired"], false);
        }
    }
}
