//! Who may do what (graph-facts 8): token, scope and directory role; app role for applications.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::PersonaKey;
use reqwest::Method;
use serde_json::json;
use support::{AUDIT, UPLOAD, start};

#[tokio::test]
async fn each_persona_can_do_what_its_roles_allow() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let identity = tenant.principal_called("id-reporting", &admin).await;
    let api = tenant.principal_called("Brightwater HR API", &admin).await;
    let role = tenant.get(&format!("/servicePrincipals/{api}?$select=appRoles"), &admin).await;
    let role = role.body["appRoles"][0]["id"].as_str().unwrap().to_owned();
    for (persona, registers, grants_graph, grants_other) in [
        (PersonaKey::GlobalAdministrator, 201, 201, 201),
        (PersonaKey::PrivilegedRoleAdministrator, 403, 201, 201),
        (PersonaKey::ApplicationAdministrator, 201, 403, 201),
        (PersonaKey::CloudApplicationAdministrator, 201, 403, 201),
        (PersonaKey::Eligible, 403, 403, 403),
        (PersonaKey::User, 403, 403, 403),
    ] {
        tenant.inner.reset();
        let token = tenant.sign_in(persona).await;
        let app = tenant.post("/applications", &token, json!({ "displayName": "Mine" })).await;
        assert_eq!(app.status, registers, "{persona} registers");
        let graph = tenant.grant(&token, &identity, UPLOAD).await;
        assert_eq!(graph.status, grants_graph, "{persona} grants a Graph app role");
        let body = json!({ "principalId": identity, "resourceId": api, "appRoleId": role });
        let other = tenant.post(&format!("/servicePrincipals/{identity}/appRoleAssignments"), &token, body).await;
        assert_eq!(other.status, grants_other, "{persona} grants another API's role");
        for refused in [app, graph, other].iter().filter(|it| it.status == 403) {
            assert_eq!(refused.code(), "Authorization_RequestDenied");
            assert_eq!(refused.body["error"]["message"], "Insufficient privileges to complete the operation.");
        }
        assert_eq!(tenant.get("/servicePrincipals?$top=1", &token).await.status, 200, "{persona} reads");
    }
}

#[tokio::test]
async fn a_role_without_the_scope_is_not_enough() {
    let tenant = start().await;
    let reads = tenant.sign_in_with(PersonaKey::GlobalAdministrator, "User.Read Application.Read.All").await;
    assert_eq!(tenant.post("/applications", &reads, json!({ "displayName": "x" })).await.status, 403);
    assert_eq!(tenant.get("/applications?$top=1", &reads).await.status, 200);
    let only_me = tenant.sign_in_with(PersonaKey::GlobalAdministrator, "User.Read").await;
    assert_eq!(tenant.get("/applications?$top=1", &only_me).await.status, 403);
    assert_eq!(tenant.get("/me", &only_me).await.status, 200);
    let identity = tenant.principal_called("id-reporting", &reads).await;
    let grants =
        tenant.sign_in_with(PersonaKey::GlobalAdministrator, "AppRoleAssignment.ReadWrite.All User.Read").await;
    let graph = tenant.graph_id(&reads).await;
    let body = json!({ "principalId": identity, "resourceId": graph, "appRoleId": UPLOAD });
    let refused = tenant.post(&format!("/servicePrincipals/{graph}/appRoleAssignedTo"), &grants, body).await;
    assert_eq!(refused.status, 403, "granting needs to read applications as well");
}

#[tokio::test]
async fn an_application_acts_by_its_app_roles() {
    let tenant = start().await;
    let token = tenant.app_token().await.body["access_token"].as_str().unwrap().to_owned();
    let (app, app_id) = tenant.new_application(&token, "By automation").await;
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    assert_eq!(principal.status, 201);
    assert_eq!(tenant.grant(&token, &principal.id(), UPLOAD).await.status, 201, "no directory role is asked of apps");
    assert_eq!(tenant.get("/me", &token).await.status, 400);
    assert_eq!(tenant.get("/organization", &token).await.status, 403);

    // An app that holds only ...OwnedBy may change its own and no other.
    let owned_by = "18a4783c-866b-4cc7-a460-3d5e5662c884";
    assert_eq!(tenant.grant(&token, &principal.id(), owned_by).await.status, 201);
    let added = tenant.post(&format!("/applications/{app}/addPassword"), &token, json!({})).await;
    let vendor = tenant.secret_token(&app_id, added.body["secretText"].as_str().unwrap()).await;
    let vendor = vendor.body["access_token"].as_str().unwrap();
    let (mine, _) = tenant.new_application(vendor, "Vendor's").await;
    let rename = json!({ "displayName": "Renamed" });
    let path = |id: &str| format!("/applications/{id}");
    assert_eq!(tenant.send(Method::PATCH, &path(&mine), vendor, Some(rename.clone())).await.status, 204);
    assert_eq!(tenant.send(Method::PATCH, &path(&app), vendor, Some(rename)).await.status, 403);
    assert_eq!(tenant.post(&format!("/applications/{app}/addPassword"), vendor, json!({})).await.status, 403);
    assert_eq!(tenant.send(Method::DELETE, &path(&app), vendor, None).await.status, 403);
    assert_eq!(tenant.grant(vendor, &principal.id(), AUDIT).await.status, 403);
}

#[tokio::test]
async fn only_a_valid_token_of_this_tenant_for_graph_opens_the_door() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let other = start().await;
    let foreign = other.sign_in(PersonaKey::User).await;
    let answer = tenant.code(PersonaKey::User, "openid User.Read").await;
    let code = &answer.iter().find(|(name, _)| name == "code").unwrap().1;
    let id_token = tenant.redeem(code).await.body["id_token"].as_str().unwrap().to_owned();
    let forged = {
        let (head, rest) = token.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        format!("{head}.{}.{signature}", id_token.split('.').nth(1).unwrap())
    };
    for (wrong, why) in
        [(foreign, "another key"), (id_token, "an ID token"), (forged, "forged"), ("x".into(), "no token")]
    {
        let refused = tenant.get("/me", &wrong).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (401, "InvalidAuthenticationToken"), "{why}");
        assert!(refused.header("www-authenticate").starts_with("Bearer "), "{why}");
    }
    let bare = tenant.http.get(tenant.url("/me")).send().await.unwrap();
    assert_eq!(bare.status(), 401);
}

#[tokio::test]
async fn managed_identities_are_not_changed_here() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let identity = tenant.principal_called("id-hr-feed", &token).await;
    let path = format!("/servicePrincipals/{identity}");
    let patched = tenant.send(Method::PATCH, &path, &token, Some(json!({ "accountEnabled": false }))).await;
    assert_eq!(patched.status, 403);
    assert_eq!(tenant.send(Method::DELETE, &path, &token, None).await.status, 403);
}

#[tokio::test]
async fn users_may_register_apps_where_the_tenant_says_so_and_manage_their_own() {
    let tenant = start().await;
    let scopes = "User.Read Application.ReadWrite.All Policy.Read.All";
    let token = tenant.sign_in_with(PersonaKey::User, scopes).await;
    let admin = tenant.sign_in(PersonaKey::ApplicationAdministrator).await;
    let policy = async || {
        let policy = tenant.get("/policies/authorizationPolicy", &token).await;
        assert_eq!(policy.status, 200);
        policy.body["defaultUserRolePermissions"]["allowedToCreateApps"].clone()
    };
    let mine = json!({ "displayName": "Mine" });
    let (others, _) = tenant.new_application(&admin, "Not theirs").await;
    let add = |id: &str| format!("/applications/{id}/addPassword");
    let path = |id: &str| format!("/applications/{id}");
    let rename = || Some(json!({ "displayName": "Renamed" }));
    let upsert = async |name: &str| {
        let path = format!("/applications(uniqueName='{name}')");
        let prefer = [("Prefer", "create-if-missing")];
        tenant.send_with(Method::PATCH, &path, &token, Some(mine.clone()), &prefer).await.status
    };
    assert_eq!(policy().await, json!(false));
    assert_eq!(tenant.post("/applications", &token, mine.clone()).await.status, 403);
    assert_eq!(upsert("mine").await, 403);

    tenant.inner.dials().set_users_may_register(true);
    assert_eq!(policy().await, json!(true));
    let made = tenant.post("/applications", &token, mine.clone()).await;
    assert_eq!((made.status.as_u16(), upsert("mine").await.as_u16(), upsert("mine").await.as_u16()), (201, 201, 204));
    let id = made.id();
    assert_eq!(tenant.send(Method::PATCH, &path(&id), &token, rename()).await.status, 204);
    let added = tenant.post(&add(&id), &token, json!({})).await;
    assert_eq!(added.status, 200);
    let key = json!({ "keyId": added.body["keyId"] });
    assert_eq!(tenant.post(&format!("/applications/{id}/removePassword"), &token, key.clone()).await.status, 204);
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": made.body["appId"] })).await;
    assert_eq!(principal.status, 201);
    assert_eq!(tenant.grant(&admin, &principal.id(), UPLOAD).await.status, 403, "owning grants nothing");

    for refused in [
        tenant.send(Method::PATCH, &path(&others), &token, rename()).await,
        tenant.send(Method::DELETE, &path(&others), &token, None).await,
        tenant.post(&add(&others), &token, json!({})).await,
        tenant.post(&format!("/applications/{others}/removePassword"), &token, key).await,
    ] {
        assert_eq!((refused.status.as_u16(), refused.code()), (403, "Authorization_RequestDenied"));
    }
    let reads = tenant.sign_in_with(PersonaKey::User, "User.Read Application.Read.All").await;
    assert_eq!(tenant.send(Method::PATCH, &path(&id), &reads, rename()).await.status, 403, "owning is no scope");
    assert_eq!(tenant.get("/policies/authorizationPolicy", &reads).await.status, 403);
    // What was registered stays its owner's, whatever the tenant says later.
    tenant.inner.dials().set_users_may_register(false);
    assert_eq!(tenant.send(Method::DELETE, &path(&id), &token, None).await.status, 204);
}

#[tokio::test]
async fn writing_the_directory_does_not_list_or_grant_as_an_app() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (app, app_id) = tenant.new_application(&token, "Writer").await;
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    for role in ["19dbc75e-c2e2-444c-a770-ec69d8559fc7", "06b708a9-e830-4db3-a914-8e69da51d44f"] {
        assert_eq!(tenant.grant(&token, &principal, role).await.status, 201);
    }
    let added = tenant.post(&format!("/applications/{app}/addPassword"), &token, json!({})).await;
    let writer = tenant.secret_token(&app_id, added.body["secretText"].as_str().unwrap()).await;
    let writer = writer.body["access_token"].as_str().unwrap();
    for list in ["/applications", "/servicePrincipals", "/applications/$count", "/servicePrincipals/$count"] {
        assert_eq!(tenant.get_eventual(list, writer).await.status, 403, "{list}");
    }
    assert_eq!(tenant.get(&format!("/applications/{app}"), writer).await.status, 200);
    let held = format!("/servicePrincipals/{principal}/appRoleAssignments");
    assert_eq!(tenant.get(&held, writer).await.status, 200);
    assert_eq!(tenant.grant(writer, &principal, UPLOAD).await.status, 403);
    assert_eq!(tenant.post(&format!("/applications/{app}/addPassword"), writer, json!({})).await.status, 200);
}
