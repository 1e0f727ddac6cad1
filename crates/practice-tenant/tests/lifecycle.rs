//! Delete and restore, $batch, the state file, reset, the large seed and what `practice serve` prints.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use std::time::Duration;

use practice_tenant::{Options, PersonaKey, PracticeTenant, Seed, StartError, personas};
use reqwest::Method;
use serde_json::{Value, json};
use support::{UPLOAD, frozen, start, start_with};

#[tokio::test]
async fn a_deleted_application_lies_thirty_days_and_comes_back_without_its_principal() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, app_id) = tenant.new_application(&token, "Passing").await;
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    tenant.grant(&token, &principal, UPLOAD).await;
    assert_eq!(tenant.send(Method::DELETE, &format!("/applications/{id}"), &token, None).await.status, 204);
    assert_eq!(tenant.get(&format!("/applications/{id}"), &token).await.status, 404);
    assert_eq!(tenant.get(&format!("/servicePrincipals/{principal}"), &token).await.status, 404);
    let items = "/directory/deletedItems";
    let deleted = tenant.get(&format!("{items}/microsoft.graph.application"), &token).await;
    assert_eq!(deleted.names(), ["Passing"]);
    assert!(deleted.body["value"][0]["deletedDateTime"].is_string());

    let restored = tenant.send(Method::POST, &format!("{items}/{id}/restore"), &token, None).await;
    assert_eq!((restored.status.as_u16(), &restored.body["displayName"]), (200, &json!("Passing")));
    assert_eq!(tenant.get(&format!("/servicePrincipals/{principal}"), &token).await.status, 404);
    let again = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    assert_eq!(again.status, 409, "the deleted one holds the name");
    let restored = tenant.send(Method::POST, &format!("{items}/{principal}/restore"), &token, None).await;
    assert_eq!(restored.status, 200);
    let held = tenant.get(&format!("/servicePrincipals/{principal}/appRoleAssignments"), &token).await;
    assert_eq!(held.body["value"].as_array().unwrap().len(), 1);

    tenant.send(Method::DELETE, &format!("/applications/{id}"), &token, None).await;
    assert_eq!(tenant.send(Method::DELETE, &format!("{items}/{id}"), &token, None).await.status, 204);
    assert_eq!(tenant.get(&format!("{items}/{id}"), &token).await.status, 404);
    assert_eq!(tenant.get(&format!("{items}/{principal}"), &token).await.status, 200);
    tenant.inner.clock().advance(Duration::from_secs(30 * 86_400));
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    assert_eq!(tenant.get(&format!("{items}/{principal}"), &token).await.status, 404);
}

#[tokio::test]
async fn a_batch_answers_each_request_and_fails_what_depends_on_a_failure() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let headers = json!({ "Content-Type": "application/json" });
    let body = json!({ "requests": [
        { "id": "1", "method": "POST", "url": "/applications", "headers": headers, "body": { "displayName": "In a batch" } },
        { "id": "2", "method": "GET", "url": "applications?$filter=displayName eq 'In a batch'&$select=displayName", "dependsOn": ["1"] },
        { "id": "3", "method": "GET", "url": "/applications/not-a-guid" },
        { "id": "4", "method": "GET", "url": "/me", "dependsOn": ["3"] },
        { "id": "5", "method": "GET", "url": "/servicePrincipals/$count", "headers": { "ConsistencyLevel": "eventual" } },
        { "id": "6", "method": "POST", "url": "/applications", "body": { "displayName": "No type" } },
    ]});
    let answer = tenant.post("/$batch", &token, body).await;
    assert_eq!(answer.status, 200);
    let responses = answer.body["responses"].as_array().unwrap();
    let by_id = |id: &str| responses.iter().find(|it| it["id"] == id).unwrap();
    let statuses: Vec<u64> =
        ["1", "2", "3", "4", "5", "6"].iter().map(|id| by_id(id)["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 200, 400, 424, 200, 415]);
    assert_eq!(by_id("2")["body"]["value"][0]["displayName"], "In a batch");
    assert_eq!(by_id("3")["body"]["error"]["code"], "Request_BadRequest");
    assert!(by_id("1")["headers"]["Location"].is_string());

    let many: Vec<Value> = (0..21).map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "/me" })).collect();
    let twins = json!([{ "id": "A", "method": "GET", "url": "/me" }, { "id": "a", "method": "GET", "url": "/me" }]);
    let unknown = json!([{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["0"] }]);
    let itself = json!([{ "id": "A", "method": "GET", "url": "/me", "dependsOn": ["a"] }]);
    for requests in [json!(many), twins, unknown, itself, json!([]), json!("x")] {
        assert_eq!(tenant.post("/$batch", &token, json!({ "requests": requests })).await.status, 400, "{requests}");
    }
    let nested = json!({ "requests": [{ "id": "1", "method": "POST", "url": "/$batch", "body": {} }] });
    assert_eq!(tenant.post("/$batch", &token, nested).await.body["responses"][0]["status"], 400);
}

#[tokio::test]
async fn state_and_tokens_outlive_a_restart_when_a_file_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/state.json");
    let options = || Options { state_file: Some(file.clone()), ..frozen() };
    let first = start_with(options()).await;
    let token = first.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, app_id) = first.new_application(&token, "Kept").await;
    first.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    let secret = first.post(&format!("/applications/{id}/addPassword"), &token, json!({})).await;
    let secret = secret.body["secretText"].as_str().unwrap().to_owned();
    let snapshot = first.inner.snapshot();
    first.inner.stop().await;
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains(&secret), "secrets are kept as hashes");

    let second = start_with(options()).await;
    assert_eq!(second.inner.snapshot(), snapshot);
    assert_eq!(second.get(&format!("/applications/{id}"), &token).await.status, 200, "the old token still holds");
    assert_eq!(second.secret_token(&app_id, &secret).await.status, 200);
    second.inner.reset();
    assert_eq!(second.get(&format!("/applications/{id}"), &token).await.status, 404);
    second.inner.stop().await;

    for broken in ["{", "{}", r#"{"version":99}"#] {
        std::fs::write(&file, broken).unwrap();
        let error = PracticeTenant::start(options()).await.unwrap_err();
        assert!(matches!(&error, StartError::State(text) if text.contains("state.json")), "{error}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let first = start().await;
    let port: u16 = first.inner.origin().rsplit(':').next().unwrap().parse().unwrap();
    let error = PracticeTenant::start(Options { port: Some(port), ..frozen() }).await.unwrap_err();
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    first.inner.stop().await;
    let second = PracticeTenant::start(Options { port: Some(port), ..frozen() }).await.unwrap();
    assert!(second.origin().ends_with(&port.to_string()));
}

#[tokio::test]
async fn seeds_are_the_same_every_time_and_reset_returns_to_them() {
    let (first, second) = (start().await, start().await);
    assert_eq!(first.inner.snapshot(), second.inner.snapshot());
    let seed = first.inner.snapshot();
    let token = first.sign_in(PersonaKey::GlobalAdministrator).await;
    first.new_application(&token, "Added").await;
    assert_ne!(first.inner.snapshot(), seed);
    first.inner.reset();
    assert_eq!(first.inner.snapshot(), seed);
}

#[tokio::test]
async fn the_large_seed_has_as_many_principals_as_asked_for() {
    let tenant = start_with(Options { seed: Seed::Large(3000), ..frozen() }).await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let count = tenant.get_eventual("/servicePrincipals/$count", &token).await;
    assert_eq!(count.body, json!(3000));
    assert_eq!(tenant.principal_called("id-hr-feed", &token).await.len(), 36, "the small company is within");
    let graph = tenant.graph_id(&token).await;
    let assigned = tenant.get(&format!("/servicePrincipals/{graph}/appRoleAssignedTo?$top=999"), &token).await;
    assert!(assigned.body["value"].as_array().unwrap().len() > 250);

    let all = async |path: &str| {
        let (mut path, mut rows) = (path.to_owned(), Vec::new());
        loop {
            let page = tenant.get(&path, &token).await.body;
            rows.extend(page["value"].as_array().unwrap().clone());
            match page["@odata.nextLink"].as_str() {
                Some(next) => path = next.to_owned(),
                None => return rows,
            }
        }
    };
    let registered = all("/applications?$top=999&$select=appId").await;
    let principals =
        all("/servicePrincipals?$top=999&$filter=servicePrincipalType eq 'Application'&$select=appId,appOwnerOrganizationId")
            .await;
    let ours = tenant.inner.tenant_id().to_string();
    let (ours, foreign): (Vec<&Value>, Vec<&Value>) =
        principals.iter().partition(|it| it["appOwnerOrganizationId"] == ours.as_str());
    assert!(ours.len() > 200 && foreign.len() > ours.len() * 3, "{} {}", ours.len(), foreign.len());
    let has_registration = |it: &&Value| registered.iter().any(|app| app["appId"] == it["appId"]);
    assert!(ours.iter().all(has_registration) && !foreign.iter().any(has_registration));
}

#[tokio::test]
async fn what_serve_prints_is_enough_to_begin() {
    let tenant = start().await;
    let ready = serde_json::to_value(tenant.inner.ready(std::path::Path::new("/tmp/ca.pem"))).unwrap();
    for key in ["url", "login", "graph", "ca", "tenant", "personas", "publicClientId", "automation", "jobs"] {
        assert!(!ready[key].is_null(), "{key}");
    }
    assert_eq!(ready["homeCloud"], "global");
    assert_eq!(ready["operatorClientId"], tenant.inner.operator_client_id().to_string());
    assert!(ready["workload"]["token"].as_str().unwrap().starts_with("eyJ"));
    assert_eq!(ready["url"], tenant.inner.url());
    assert_eq!(ready["personas"].as_array().unwrap().len(), personas().len());
    let statuses: Vec<&str> = ready["jobs"].as_array().unwrap().iter().filter_map(|it| it["status"].as_str()).collect();
    assert_eq!(statuses, ["Active", "Quarantine", "Paused"]);
    assert!(ready["jobs"][0]["id"].as_str().unwrap().starts_with("API2AAD."));
    let client = ready["automation"]["clientId"].as_str().unwrap();
    let answer = tenant.secret_token(client, ready["automation"]["clientSecret"].as_str().unwrap()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_renamed_application_renames_its_principal() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::ApplicationAdministrator).await;
    let (id, app_id) = tenant.new_application(&token, "Old name").await;
    tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    let path = format!("/applications/{id}");
    let body = json!({ "displayName": "New name", "web": { "redirectUris": ["https://a.example/x"] } });
    assert_eq!(tenant.send(Method::PATCH, &path, &token, Some(body)).await.status, 204);
    let shown = tenant.get(&path, &token).await;
    assert_eq!(shown.body["web"]["redirectUris"], json!(["https://a.example/x"]));
    assert_eq!(shown.body["web"]["implicitGrantSettings"]["enableIdTokenIssuance"], json!(false), "the rest is kept");
    let principal = tenant.get(&format!("/servicePrincipals(appId='{app_id}')"), &token).await;
    assert_eq!(principal.body["displayName"], "New name");
    let upsert = tenant
        .send_with(
            Method::PATCH,
            &format!("/servicePrincipals(appId='{app_id}')"),
            &token,
            Some(json!({ "notes": "hi" })),
            &[("Prefer", "create-if-missing")],
        )
        .await;
    assert_eq!(upsert.status, 204);
    let (_, bare) = tenant.new_application(&token, "Bare").await;
    let path = format!("/servicePrincipals(appId='{bare}')");
    let missing = tenant.send(Method::PATCH, &path, &token, Some(json!({}))).await;
    assert_eq!(missing.status, 404);
    let made =
        tenant.send_with(Method::PATCH, &path, &token, Some(json!({})), &[("Prefer", "create-if-missing")]).await;
    assert_eq!(made.status, 201);
}

#[tokio::test]
async fn a_principal_that_can_no_longer_be_restored_frees_its_name() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (_, app_id) = tenant.new_application(&token, "Passing").await;
    let body = json!({ "appId": app_id });
    let principal = tenant.post("/servicePrincipals", &token, body.clone()).await.id();
    let gone = tenant.send(Method::DELETE, &format!("/servicePrincipals/{principal}"), &token, None).await;
    assert_eq!(gone.status, 204);
    tenant.inner.clock().advance(Duration::from_secs(29 * 86_400));
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    assert_eq!(tenant.post("/servicePrincipals", &token, body.clone()).await.status, 409);
    tenant.inner.clock().advance(Duration::from_secs(86_400));
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let again = tenant.post("/servicePrincipals", &token, body).await;
    assert_eq!(again.status, 201);
    assert_ne!(again.id(), principal);
    let found = tenant.get(&format!("/servicePrincipals(appId='{app_id}')"), &token).await;
    assert_eq!(found.id(), again.id());
    let snapshot = tenant.inner.snapshot();
    assert!(snapshot["servicePrincipals"].get(&principal).is_none(), "what is gone for good is not in a snapshot");
    assert!(snapshot["servicePrincipals"].get(again.id()).is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_upserts_of_one_principal_at_once_one_makes_it() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    for _ in 0..5 {
        let (_, app_id) = tenant.new_application(&token, "Wanted").await;
        let path = format!("/servicePrincipals(appId='{app_id}')");
        let upsert =
            || tenant.send_with(Method::PATCH, &path, &token, Some(json!({})), &[("Prefer", "create-if-missing")]);
        let mut statuses: Vec<u16> =
            futures::future::join_all((0..8).map(|_| upsert())).await.iter().map(|it| it.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 204, 204, 204, 204, 204, 204, 204]);
    }
}

#[tokio::test]
async fn owners_are_who_registered_without_a_role_and_who_was_added() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, _) = tenant.new_application(&admin, "Owned").await;
    let owners = format!("/applications/{id}/owners");
    assert_eq!(tenant.get(&owners, &admin).await.body["value"], json!([]), "administrators own nothing by registering");
    let user = tenant.sign_in(PersonaKey::User).await;
    let me = tenant.get("/me", &user).await.body;
    let link = json!({ "@odata.id": format!("{}/directoryObjects/{}", tenant.url(""), me["id"].as_str().unwrap()) });
    assert_eq!(tenant.post(&format!("{owners}/$ref"), &user, link.clone()).await.status, 403);
    assert_eq!(tenant.post(&format!("{owners}/$ref"), &admin, link.clone()).await.status, 204);
    assert_eq!(tenant.post(&format!("{owners}/$ref"), &admin, link).await.status, 400, "already one");
    let listed = tenant.get(&owners, &user).await.body;
    assert_eq!(listed["value"][0]["@odata.type"], "#microsoft.graph.user");
    assert_eq!(listed["value"][0]["userPrincipalName"], me["userPrincipalName"]);
    // Now it is theirs to delete.
    assert_eq!(tenant.send(Method::DELETE, &format!("/applications/{id}"), &user, None).await.status, 204);
}
