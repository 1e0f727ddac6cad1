//! What is new is unseen for a while, with the errors of graph-facts 3, 6 and 10.
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

use practice_tenant::{Options, PersonaKey};
use reqwest::Method;
use serde_json::{Value, json};
use support::{UPLOAD, claims, frozen, start, start_with};

const DELAY: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_new_application_is_unknown_to_every_endpoint_until_the_delay_has_passed() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    tenant.inner.dials().set_replication(DELAY);
    let (id, app_id) = tenant.new_application(&token, "Fresh").await;
    let by_id = format!("/applications/{id}");
    let list = "/applications?$filter=displayName eq 'Fresh'";
    let principal = json!({ "appId": app_id });

    assert_eq!(tenant.get(&by_id, &token).await.code(), "Request_ResourceNotFound");
    assert_eq!(tenant.get(&format!("/applications(appId='{app_id}')"), &token).await.status, 404);
    assert_eq!(tenant.get(list, &token).await.body["value"], json!([]));
    assert_eq!(tenant.send(Method::PATCH, &by_id, &token, Some(json!({ "notes": "x" }))).await.status, 404);
    assert_eq!(tenant.post(&format!("{by_id}/addPassword"), &token, json!({})).await.status, 404);
    let early = tenant.post("/servicePrincipals", &token, principal.clone()).await;
    assert_eq!((early.status.as_u16(), early.code()), (400, "Request_BadRequest"));
    assert_eq!(early.body["error"]["details"][0]["code"], "NoBackingApplicationObject");
    assert_eq!(early.body["error"]["details"][0]["target"], "appId");
    assert_eq!(tenant.secret_token(&app_id, "x").await.body["error_codes"], json!([700_016]));

    tenant.inner.clock().advance(DELAY);
    assert_eq!(tenant.get(&by_id, &token).await.status, 200);
    assert_eq!(tenant.get(list, &token).await.names(), ["Fresh"]);
    assert_eq!(tenant.post("/servicePrincipals", &token, principal).await.status, 201);
}

#[tokio::test]
async fn an_upsert_never_makes_two_even_while_reads_lag() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    tenant.inner.dials().set_replication(DELAY);
    let path = "/applications(uniqueName='once')";
    let upsert = async || {
        let body = json!({ "displayName": "Once" });
        tenant
            .send_with(Method::PATCH, path, &token, Some(body), &[("Prefer", "create-if-missing")])
            .await
            .status
            .as_u16()
    };
    assert_eq!(upsert().await, 201);
    assert_eq!(tenant.get(path, &token).await.status, 404);
    assert_eq!(upsert().await, 204);
}

#[tokio::test]
async fn a_grant_to_a_new_principal_is_refused_in_both_ways_then_works() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (_, app_id) = tenant.new_application(&token, "Fresh").await;
    tenant.inner.clock().advance(DELAY);
    tenant.inner.dials().set_replication(DELAY);
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    let early = tenant.grant(&token, &principal, UPLOAD).await;
    assert_eq!((early.status.as_u16(), early.code()), (404, "Request_ResourceNotFound"));
    tenant.inner.clock().advance(DELAY * 6 / 10);
    let later = tenant.grant(&token, &principal, UPLOAD).await;
    assert_eq!((later.status.as_u16(), later.code()), (400, "Request_BadRequest"));
    assert!(later.body["error"]["message"].as_str().unwrap().contains("Not a valid reference update"));
    tenant.inner.clock().advance(DELAY * 4 / 10);
    assert_eq!(tenant.grant(&token, &principal, UPLOAD).await.status, 201);

    // The new grant itself is not read yet, but is known to be there.
    let held = format!("/servicePrincipals/{principal}/appRoleAssignments");
    assert_eq!(tenant.get(&held, &token).await.body["value"], json!([]));
    assert!(tenant.grant(&token, &principal, UPLOAD).await.body.to_string().contains("already exists"));
    tenant.inner.clock().advance(DELAY);
    assert_eq!(tenant.get(&held, &token).await.body["value"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_new_secret_shows_and_works_late() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, app_id) = tenant.new_application(&token, "Fresh").await;
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    tenant.inner.clock().advance(DELAY);
    tenant.inner.dials().set_replication(DELAY);
    let added = tenant.post(&format!("/applications/{id}/addPassword"), &token, json!({})).await;
    let secret = added.body["secretText"].as_str().unwrap();
    let keys = async || {
        let shown = tenant.get(&format!("/applications/{id}?$select=passwordCredentials"), &token).await;
        shown.body["passwordCredentials"].as_array().unwrap().len()
    };
    assert_eq!(keys().await, 0);
    assert_eq!(tenant.secret_token(&app_id, secret).await.body["error_codes"], json!([7_000_215]));
    tenant.inner.clock().advance(DELAY);
    assert_eq!(keys().await, 1);
    assert_eq!(tenant.grant(&token, &principal, UPLOAD).await.status, 201);
    let roles = async || {
        let answer = tenant.secret_token(&app_id, secret).await;
        claims(answer.body["access_token"].as_str().unwrap())["roles"].clone()
    };
    assert_eq!(roles().await, Value::Null);
    tenant.inner.clock().advance(DELAY);
    assert_eq!(roles().await, json!(["SynchronizationData-User.Upload"]));
}

#[tokio::test]
async fn a_change_shows_the_old_state_until_replicas_know_it() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, _) = tenant.new_application(&token, "Before").await;
    tenant.inner.clock().advance(DELAY);
    tenant.inner.dials().set_replication(DELAY);
    let path = format!("/applications/{id}");
    let name = async || tenant.get(&path, &token).await.body["displayName"].as_str().unwrap().to_owned();
    tenant.send(Method::PATCH, &path, &token, Some(json!({ "displayName": "Between" }))).await;
    tenant.inner.clock().advance(DELAY / 2);
    tenant.send(Method::PATCH, &path, &token, Some(json!({ "displayName": "After" }))).await;
    assert_eq!(name().await, "Before");
    tenant.inner.clock().advance(DELAY);
    assert_eq!(name().await, "After");
}

#[tokio::test]
async fn with_flapping_one_good_read_proves_nothing() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    tenant.inner.dials().set_replication(DELAY);
    tenant.inner.dials().set_flapping(true);
    let (id, _) = tenant.new_application(&token, "Fresh").await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(tenant.get(&format!("/applications/{id}"), &token).await.status.as_u16());
    }
    assert!(statuses.contains(&200) && statuses.contains(&404), "{statuses:?}");
    tenant.inner.clock().advance(DELAY);
    for _ in 0..4 {
        assert_eq!(tenant.get(&format!("/applications/{id}"), &token).await.status, 200);
    }
}

#[tokio::test]
async fn an_owner_only_application_gets_the_misleading_403_while_its_new_app_replicates() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, app_id) = tenant.new_application(&token, "Vendor").await;
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    let owned_by = "18a4783c-866b-4cc7-a460-3d5e5662c884";
    tenant.grant(&token, &principal, owned_by).await;
    let secret = tenant.post(&format!("/applications/{id}/addPassword"), &token, json!({})).await;
    let vendor = tenant.secret_token(&app_id, secret.body["secretText"].as_str().unwrap()).await;
    let vendor = vendor.body["access_token"].as_str().unwrap();
    tenant.inner.clock().advance(DELAY);
    tenant.inner.dials().set_replication(DELAY);
    let (_, fresh) = tenant.new_application(vendor, "Vendor's").await;
    let early = tenant.post("/servicePrincipals", vendor, json!({ "appId": fresh })).await;
    assert_eq!((early.status.as_u16(), early.code()), (403, "Authorization_RequestDenied"));
    assert!(early.body["error"]["message"].as_str().unwrap().contains("must in the local tenant"));
    tenant.inner.clock().advance(DELAY);
    assert_eq!(tenant.post("/servicePrincipals", vendor, json!({ "appId": fresh })).await.status, 201);
}

#[tokio::test]
async fn flapping_goes_path_by_path() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    tenant.inner.dials().set_replication(DELAY);
    tenant.inner.dials().set_flapping(true);
    let (id, app_id) = tenant.new_application(&token, "Fresh").await;
    let paths = [format!("/applications/{id}"), format!("/applications(appId='{app_id}')")];
    let mut statuses = [Vec::new(), Vec::new()];
    for _ in 0..4 {
        for (path, statuses) in paths.iter().zip(&mut statuses) {
            statuses.push(tenant.get(path, &token).await.status.as_u16());
        }
    }
    // Read in turns, neither path is always good.
    assert_eq!(statuses, [[404, 200, 404, 200], [404, 200, 404, 200]]);
}

#[tokio::test]
async fn a_revoked_grant_is_shown_and_held_until_replicas_know() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let principal = tenant.principal_called("HR feed (live)", &token).await;
    let client = tenant.get(&format!("/servicePrincipals/{principal}"), &token).await;
    let client = client.body["appId"].as_str().unwrap().to_owned();
    let held = format!("/servicePrincipals/{principal}/appRoleAssignments");
    let ids = async || {
        let listed = tenant.get(&held, &token).await;
        let ids = listed.body["value"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let roles = async || {
        let answer = tenant.secret_token(&client, "Liv8Q~seeded-and-never-used-anywhere").await;
        claims(answer.body["access_token"].as_str().unwrap())["roles"].clone()
    };
    let both = json!(["AuditLog.Read.All", "SynchronizationData-User.Upload"]);
    let before = ids().await;
    let upload = tenant.get(&held, &token).await;
    let upload = upload.body["value"].as_array().unwrap().iter().find(|it| it["appRoleId"] == UPLOAD).unwrap().clone();
    let upload = upload["id"].as_str().unwrap();
    let one = format!("{held}/{upload}");

    tenant.inner.dials().set_replication(DELAY);
    assert_eq!(tenant.send(Method::DELETE, &one, &token, None).await.status, 204);
    assert_eq!((ids().await, roles().await), (before.clone(), both.clone()), "replicas do not know yet");
    assert_eq!(tenant.get(&one, &token).await.status, 200);
    assert_eq!(tenant.send(Method::DELETE, &one, &token, None).await.status, 404, "the primary knows");
    let is_kept = |id: &str| tenant.inner.snapshot()["assignments"].get(id).is_some();
    assert!(!is_kept(upload), "a snapshot is what the primary knows");
    let again = tenant.grant(&token, &principal, UPLOAD).await;
    assert_eq!(again.status, 201, "it is not there to be a duplicate of");
    assert!(is_kept(&again.id()));

    tenant.inner.clock().advance(DELAY);
    let after = ids().await;
    assert_eq!((after.len(), roles().await), (2, both));
    assert!(!after.contains(&upload.to_owned()) && after.contains(&again.id()));
    tenant.send(Method::DELETE, &format!("{held}/{}", again.id()), &token, None).await;
    tenant.inner.clock().advance(DELAY);
    assert_eq!((ids().await.len(), roles().await), (1, json!(["AuditLog.Read.All"])));

    tenant.inner.dials().set_replication(Duration::ZERO);
    let last = ids().await.remove(0);
    tenant.send(Method::DELETE, &format!("{held}/{last}"), &token, None).await;
    assert_eq!((ids().await, roles().await), (Vec::new(), Value::Null), "without a delay it is gone at once");
}

#[tokio::test]
async fn a_deleted_application_and_its_principal_are_shown_until_replicas_know() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let upsert = async || {
        let body = Some(json!({ "displayName": "Passing" }));
        let prefer = [("Prefer", "create-if-missing")];
        tenant.send_with(Method::PATCH, "/applications(uniqueName='once')", &token, body, &prefer).await
    };
    let made = upsert().await;
    let (id, app_id) = (made.id(), made.body["appId"].as_str().unwrap().to_owned());
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    let added = tenant.post(&format!("/applications/{id}/addPassword"), &token, json!({})).await;
    let secret = added.body["secretText"].as_str().unwrap();
    tenant.grant(&token, &principal, UPLOAD).await;
    tenant.inner.clock().advance(DELAY);
    tenant.inner.dials().set_replication(DELAY);
    let path = format!("/applications/{id}");
    let shown = [
        path.clone(),
        format!("/applications(appId='{app_id}')"),
        "/applications(uniqueName='once')".to_owned(),
        format!("/servicePrincipals/{principal}"),
        format!("/servicePrincipals(appId='{app_id}')"),
        format!("/servicePrincipals/{principal}/appRoleAssignments"),
    ];
    let lists =
        ["/applications?$filter=displayName eq 'Passing'", "/servicePrincipals?$filter=displayName eq 'Passing'"];
    let deleted = "/directory/deletedItems/microsoft.graph.application";

    assert_eq!(tenant.send(Method::DELETE, &path, &token, None).await.status, 204);
    for path in &shown {
        assert_eq!(tenant.get(path, &token).await.status, 200, "{path}");
    }
    for list in lists {
        assert_eq!(tenant.get(list, &token).await.names(), ["Passing"], "{list}");
    }
    let held = tenant.get(&shown[5], &token).await;
    assert_eq!(held.body["value"][0]["principalDisplayName"], "Passing");
    assert_eq!(tenant.get(deleted, &token).await.body["value"], json!([]));
    assert_eq!(tenant.secret_token(&app_id, secret).await.status, 200);
    for (method, path) in [
        (Method::DELETE, path.clone()),
        (Method::PATCH, path.clone()),
        (Method::POST, format!("{path}/addPassword")),
        (Method::PATCH, format!("/servicePrincipals/{principal}")),
        (Method::DELETE, format!("/servicePrincipals/{principal}")),
    ] {
        let body = (method != Method::DELETE).then(|| json!({}));
        assert_eq!(tenant.send(method.clone(), &path, &token, body).await.status, 404, "{method} {path}");
    }
    let again = upsert().await;
    assert_eq!(again.status, 201, "the primary has none of that name");
    assert_ne!(again.id(), id);

    tenant.inner.clock().advance(DELAY);
    for path in shown.iter().filter(|path| !path.contains("uniqueName")) {
        assert_eq!(tenant.get(path, &token).await.status, 404, "{path}");
    }
    assert_eq!(tenant.get(&shown[2], &token).await.id(), again.id());
    assert_eq!(tenant.get(lists[1], &token).await.body["value"], json!([]));
    assert_eq!(tenant.get(deleted, &token).await.names(), ["Passing"]);
    assert_eq!(tenant.secret_token(&app_id, secret).await.body["error_codes"], json!([700_016]));
}

#[tokio::test]
async fn a_removed_secret_is_shown_and_works_until_replicas_know() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, app_id) = tenant.new_application(&token, "Fresh").await;
    tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    let added = tenant.post(&format!("/applications/{id}/addPassword"), &token, json!({})).await;
    let secret = added.body["secretText"].as_str().unwrap();
    tenant.inner.clock().advance(DELAY);
    tenant.inner.dials().set_replication(DELAY);
    let key = json!({ "keyId": added.body["keyId"] });
    let remove = async || tenant.post(&format!("/applications/{id}/removePassword"), &token, key.clone()).await.status;
    let shown = async || {
        let shown = tenant.get(&format!("/applications/{id}"), &token).await;
        shown.body["passwordCredentials"].as_array().unwrap().len()
    };
    assert_eq!(remove().await, 204);
    assert_eq!((shown().await, tenant.secret_token(&app_id, secret).await.status.as_u16()), (1, 200));
    assert_eq!(remove().await, 400, "the primary has it no more");
    let text = tenant.inner.snapshot()["applications"][&id].to_string();
    assert!(!text.contains(added.body["keyId"].as_str().unwrap()), "{text}");
    tenant.inner.clock().advance(DELAY);
    assert_eq!(shown().await, 0);
    assert_eq!(tenant.secret_token(&app_id, secret).await.body["error_codes"], json!([7_000_215]));
}

#[tokio::test]
async fn what_replicas_do_not_know_yet_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let options = || Options { state_file: Some(file.clone()), ..frozen() };
    let first = start_with(options()).await;
    let token = first.sign_in(PersonaKey::GlobalAdministrator).await;
    first.inner.dials().set_replication(DELAY);
    let identity = first.principal_called("id-hr-feed", &token).await;
    let held = format!("/servicePrincipals/{identity}/appRoleAssignments");
    let grant = first.get(&held, &token).await.body["value"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(first.send(Method::DELETE, &format!("{held}/{grant}"), &token, None).await.status, 204);
    let snapshot = first.inner.snapshot();
    first.inner.stop().await;

    let second = start_with(options()).await;
    second.inner.dials().set_replication(DELAY);
    assert_eq!(second.inner.snapshot(), snapshot);
    assert_eq!(second.get(&held, &token).await.body["value"].as_array().unwrap().len(), 2);
    second.inner.clock().advance(DELAY);
    assert_eq!(second.get(&held, &token).await.body["value"].as_array().unwrap().len(), 1);
}
