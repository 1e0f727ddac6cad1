//! The how-to's two paths, by hand, over TLS.
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
use support::{AUDIT, GRAPH_APP_ID, UPLOAD, claims, start};

#[tokio::test]
async fn an_app_registration_gets_its_secret_its_grants_and_a_token_with_both_roles() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let body = json!({
        "displayName": "HR feed",
        "signInAudience": "AzureADMyOrg",
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": [{ "id": UPLOAD, "type": "Role" }] }],
    });
    let prefer = [("Prefer", "create-if-missing")];
    let path = "/applications(uniqueName='inbound-access-hr-feed')";
    let missing = tenant.send(Method::PATCH, path, &token, Some(body.clone())).await;
    assert_eq!(missing.status, 404);
    let made = tenant.send_with(Method::PATCH, path, &token, Some(body.clone()), &prefer).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["uniqueName"], "inbound-access-hr-feed");
    let again = tenant.send_with(Method::PATCH, path, &token, Some(body), &prefer).await;
    assert_eq!((again.status.as_u16(), again.body.as_str()), (204, Some("")));

    let app_id = made.body["appId"].as_str().unwrap();
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    assert_eq!(principal.status, 201);
    let twice = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await;
    assert_eq!((twice.status.as_u16(), twice.code()), (409, "Request_MultipleObjectsWithSameKeyValue"));

    let add = format!("/applications/{}/addPassword", made.id());
    let end = "2026-12-01T00:00:00Z";
    let password =
        tenant.post(&add, &token, json!({ "passwordCredential": { "displayName": "feed", "endDateTime": end } })).await;
    assert_eq!(password.status, 200);
    let secret = password.body["secretText"].as_str().unwrap();
    assert!(secret.starts_with(password.body["hint"].as_str().unwrap()) && secret.len() == 40);
    let shown = tenant.get(&format!("/applications/{}", made.id()), &token).await;
    assert_eq!(shown.body["passwordCredentials"][0]["secretText"], json!(null));

    let before = tenant.secret_token(app_id, secret).await;
    let early = before.body["access_token"].as_str().unwrap();
    assert_eq!(claims(early)["roles"], json!(null), "a token is no proof of a grant");

    for role in [UPLOAD, AUDIT] {
        let granted = tenant.grant(&token, &principal.id(), role).await;
        assert_eq!(granted.status, 201);
        assert_eq!(granted.body["principalType"], "ServicePrincipal");
        let twice = tenant.grant(&token, &principal.id(), role).await;
        assert_eq!((twice.status.as_u16(), twice.code()), (400, "Request_BadRequest"));
        assert_eq!(twice.body["error"]["message"], "Permission being assigned already exists on the object");
    }
    let held = tenant.get(&format!("/servicePrincipals/{}/appRoleAssignments", principal.id()), &token).await;
    assert_eq!(held.body["value"].as_array().unwrap().len(), 2);

    let after = tenant.secret_token(app_id, secret).await;
    let roles = claims(after.body["access_token"].as_str().unwrap())["roles"].clone();
    assert_eq!(roles, json!(["AuditLog.Read.All", "SynchronizationData-User.Upload"]));
    assert_eq!(claims(early)["roles"], json!(null), "roles are frozen at issue");

    let key = json!({ "keyId": password.body["keyId"] });
    let removed = tenant.post(&format!("/applications/{}/removePassword", made.id()), &token, key).await;
    assert_eq!(removed.status, 204);
    let refused = tenant.secret_token(app_id, secret).await;
    assert_eq!((refused.status.as_u16(), &refused.body["error_codes"][0]), (401, &json!(7_000_215)));
}

#[tokio::test]
async fn a_managed_identity_is_found_among_namesakes_granted_and_revoked() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::PrivilegedRoleAdministrator).await;
    let named = tenant.get("/servicePrincipals?$filter=displayName eq 'CSV2SCIMBulkUpload'", &token).await;
    assert_eq!(named.body["value"].as_array().unwrap().len(), 3, "two identities and an app share the name");
    let arm = "/subscriptions/7f0c5d4e-1f0b-4c55-9a53-3a7a8a2a9d10/resourceGroups/RG-HR-Integration/providers/\
               Microsoft.Logic/workflows/CSV2SCIMBulkUpload";
    let by_resource = format!("/servicePrincipals?$filter=alternativeNames/any(x:x eq '{arm}')");
    let found = tenant.get(&by_resource, &token).await;
    assert_eq!(found.body["value"].as_array().unwrap().len(), 1, "the path's case varies and does not matter");
    let identity = &found.body["value"][0];
    assert_eq!(identity["servicePrincipalType"], "ManagedIdentity");
    let id = identity["id"].as_str().unwrap();

    let granted = tenant.grant(&token, id, UPLOAD).await;
    assert_eq!(granted.status, 201);
    let one = format!("/servicePrincipals/{id}/appRoleAssignments/{}", granted.id());
    assert_eq!(tenant.get(&one, &token).await.status, 200);
    assert_eq!(tenant.send(Method::DELETE, &one, &token, None).await.status, 204);
    assert_eq!(tenant.get(&one, &token).await.code(), "Request_ResourceNotFound");
}
