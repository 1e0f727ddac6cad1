//! One error shape that nothing bypasses, and the refusals of each resource.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::{AppPolicy, PersonaKey};
use reqwest::Method;
use serde_json::{Value, json};
use support::{Reply, Tenant, start};

const NOBODY: &str = "7d5e5e0c-1111-4222-8333-444455556666";

fn check_shape(reply: &Reply, what: &str) {
    let error = &reply.body["error"];
    assert!(error["code"].is_string() && error["message"].is_string(), "{what}: {}", reply.body);
    let inner = &error["innerError"];
    let date = inner["date"].as_str().unwrap_or_default();
    assert!(date.len() == 19 && !date.ends_with('Z'), "{what}: the date carries no zone: {date}");
    assert_eq!(inner["request-id"], reply.header("request-id"), "{what}");
    assert_eq!(inner["client-request-id"], reply.header("client-request-id"), "{what}");
    assert!(reply.header("content-type").starts_with("application/json"), "{what}");
}

async fn raw(tenant: &Tenant, method: Method, path: &str, token: &str, kind: &str, body: Vec<u8>) -> Reply {
    let request = tenant.http.request(method, tenant.url(path)).bearer_auth(token).header("content-type", kind);
    let answer = request.header("client-request-id", NOBODY).body(body).send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Reply { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

#[tokio::test]
async fn every_refusal_of_graph_has_the_same_shape() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let json = "application/json";
    for (method, path, kind, body, status) in [
        (Method::GET, "/nothing/here", json, "", 404),
        (Method::GET, "/", json, "", 404),
        (Method::PUT, "/applications", json, "{}", 405),
        (Method::DELETE, "/me", json, "", 405),
        (Method::GET, "/$batch", json, "", 405),
        (Method::POST, "/applications", json, "{", 400),
        (Method::POST, "/applications", json, "[]", 400),
        (Method::POST, "/applications", json, "", 400),
        (Method::POST, "/applications", "text/plain", "{}", 415),
        (Method::POST, "/applications", "application/x-www-form-urlencoded", "a=b", 415),
        (Method::GET, "/applications/not-a-guid", json, "", 400),
        (Method::GET, "/applications(uniqueName='x", json, "", 400),
        (Method::GET, "/applications(bogus='x')", json, "", 400),
    ] {
        let what = format!("{method} {path} {body}");
        let reply = raw(&tenant, method, path, &token, kind, body.into()).await;
        assert_eq!(reply.status.as_u16(), status, "{what}: {}", reply.body);
        check_shape(&reply, &what);
        assert_eq!(reply.header("client-request-id"), NOBODY, "{what}");
        assert_eq!(reply.header("odata-version"), "4.0");
    }
    let large = raw(&tenant, Method::POST, "/applications", &token, json, vec![b' '; 5_000_000]).await;
    assert_eq!(large.status, 413);
    check_shape(&large, "too large");
    let anonymous = raw(&tenant, Method::GET, "/me", "", json, Vec::new()).await;
    assert_eq!(anonymous.status, 401);
    check_shape(&anonymous, "no token");
    let beta = tenant.send(Method::GET, &format!("{}/beta/me", tenant.inner.origin()), &token, None).await;
    assert_eq!(beta.status, 400);
    check_shape(&beta, "beta");
}

#[tokio::test]
async fn writes_that_make_no_sense_are_refused_and_change_nothing() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, app_id) = tenant.new_application(&token, "Mine").await;
    let principal = tenant.post("/servicePrincipals", &token, json!({ "appId": app_id })).await.id();
    let graph = tenant.graph_id(&token).await;
    let app = format!("/applications/{id}");
    let assigned = format!("/servicePrincipals/{graph}/appRoleAssignedTo");
    let before = tenant.inner.snapshot();
    let post = Method::POST;
    let patch = Method::PATCH;
    let access = |kind: &str| {
        json!({ "requiredResourceAccess": [{ "resourceAppId": support::GRAPH_APP_ID,
            "resourceAccess": [{ "id": support::UPLOAD, "type": kind }] }] })
    };
    let long = "x".repeat(257);
    for (method, path, body, status) in [
        (&post, "/applications", json!({}), 400),
        (&post, "/applications", json!({ "displayName": "" }), 400),
        (&post, "/applications", json!({ "displayName": long }), 400),
        (&post, "/applications", json!({ "displayName": 7 }), 400),
        (&post, "/applications", json!({ "displayName": "x", "bogus": 1 }), 400),
        (&post, "/applications", json!({ "displayName": "x", "signInAudience": "Everyone" }), 400),
        (&post, "/applications", json!({ "displayName": "x", "passwordCredentials": [{}] }), 400),
        (&post, "/applications", json!({ "displayName": "x", "uniqueName": "x" }), 400),
        (&patch, &app, json!({ "appId": NOBODY }), 400),
        (&patch, &app, json!({ "uniqueName": "x" }), 400),
        (&patch, &app, json!({ "passwordCredentials": [] }), 400),
        (&patch, &app, access("Both"), 400),
        (&patch, &app, json!({ "tags": "x" }), 400),
        (&patch, &format!("/applications/{NOBODY}"), json!({ "notes": "x" }), 404),
        (
            &post,
            &format!("{app}/addPassword"),
            json!({ "passwordCredential": { "endDateTime": "2020-01-01T00:00:00Z" } }),
            400,
        ),
        (&post, &format!("{app}/addPassword"), json!({ "passwordCredential": { "endDateTime": "soon" } }), 400),
        (&post, &format!("{app}/addPassword"), json!({ "passwordCredentials": {} }), 400),
        (&post, &format!("{app}/addPassword"), json!({ "displayName": "x" }), 400),
        (&post, &format!("{app}/addPassword"), json!({ "passwordCredential": "x" }), 400),
        (&post, &format!("{app}/addPassword"), json!({ "passwordCredential": [] }), 400),
        (&post, &format!("{app}/addPassword"), json!({ "passwordCredential": { "name": "x" } }), 400),
        (&post, &format!("{app}/addPassword"), json!({ "passwordCredential": { "displayName": 7 } }), 400),
        (&post, &format!("{app}/removePassword"), json!({ "keyId": NOBODY }), 400),
        (&post, &format!("{app}/removePassword"), json!({ "keyId": NOBODY, "why": "x" }), 400),
        (&post, &format!("{app}/removePassword"), json!({}), 400),
        (&post, "/servicePrincipals", json!({}), 400),
        (&post, "/servicePrincipals", json!({ "appId": NOBODY }), 400),
        (&post, "/servicePrincipals", json!({ "appId": app_id }), 409),
        (&post, &assigned, json!({ "principalId": principal, "resourceId": graph }), 400),
        (&post, &assigned, json!({ "principalId": principal, "resourceId": graph, "appRoleId": NOBODY }), 400),
        (&post, &assigned, json!({ "principalId": NOBODY, "resourceId": graph, "appRoleId": support::UPLOAD }), 404),
        (
            &post,
            &assigned,
            json!({ "principalId": principal, "resourceId": principal, "appRoleId": support::UPLOAD }),
            400,
        ),
        (&Method::DELETE, &format!("{assigned}/none"), Value::Null, 404),
        (&Method::DELETE, &format!("/applications/{NOBODY}"), Value::Null, 404),
    ] {
        let body = Some(body).filter(|body| !body.is_null());
        let what = format!("{method} {path} {body:?}");
        let reply = tenant.send(method.clone(), path, &token, body).await;
        assert_eq!(reply.status.as_u16(), status, "{what}: {}", reply.body);
        check_shape(&reply, &what);
    }
    assert_eq!(tenant.inner.snapshot(), before);
}

#[tokio::test]
async fn a_policy_refuses_by_the_codes_of_entra() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, _) = tenant.new_application(&token, "Mine").await;
    let add = format!("/applications/{id}/addPassword");
    let year = json!({ "passwordCredential": { "endDateTime": "2027-06-01T00:00:00Z" } });
    let policy =
        AppPolicy { longest_secret: Some(std::time::Duration::from_secs(90 * 86_400)), ..AppPolicy::default() };
    tenant.inner.dials().set_policy(policy);
    let refused = tenant.post(&add, &token, year.clone()).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (400, "CredentialInvalidLifetimeAsPerAppPolicy"));
    let month = json!({ "passwordCredential": { "endDateTime": "2026-07-01T00:00:00Z" } });
    assert_eq!(tenant.post(&add, &token, month.clone()).await.status, 200);
    tenant.inner.dials().set_policy(AppPolicy { forbid_secrets: true, ..AppPolicy::default() });
    assert_eq!(tenant.post(&add, &token, month).await.code(), "CredentialTypeNotAllowedAsPerAppPolicy");
    let forbidden_audiences = vec!["AzureADMultipleOrgs".to_owned()];
    tenant.inner.dials().set_policy(AppPolicy { forbidden_audiences, ..AppPolicy::default() });
    let wide = json!({ "displayName": "x", "signInAudience": "AzureADMultipleOrgs" });
    assert_eq!(tenant.post("/applications", &token, wide).await.code(), "SignInAudienceNotAllowedAsPerAppPolicy");
    assert_eq!(tenant.post(&add, &token, year).await.status, 200);
}

#[tokio::test]
async fn the_login_answers_its_unknown_pages_and_methods_without_graph_s_shape() {
    let tenant = start().await;
    for (path, status) in [("/", 404), ("/favicon.ico", 404), ("/common/oauth2/v2.0/nothing", 404)] {
        let answer = tenant.http.get(format!("{}{path}", tenant.inner.origin())).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
    let wrong = tenant.http.get(tenant.login("/oauth2/v2.0/token")).send().await.unwrap();
    assert_eq!(wrong.status(), 405);
}

#[tokio::test]
async fn a_secret_may_be_asked_for_with_or_without_wishes() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, _) = tenant.new_application(&token, "Mine").await;
    let add = format!("/applications/{id}/addPassword");
    for body in [json!({}), json!({ "passwordCredential": null }), json!({ "passwordCredential": { "hint": null } })] {
        assert_eq!(tenant.post(&add, &token, body.clone()).await.status, 200, "{body}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_for_the_login_is_refused_in_its_own_shape() {
    let tenant = start().await;
    let kind = "application/x-www-form-urlencoded";
    let request = tenant.http.post(tenant.login("/oauth2/v2.0/token")).header("content-type", kind);
    let answer = request.body(vec![b'a'; 5_000_000]).send().await.unwrap();
    assert_eq!(answer.status(), 413);
    let body: Value = answer.json().await.unwrap();
    assert!(
        body["error"].is_string() && body["error_codes"].is_array() && body["correlation_id"].is_string(),
        "{body}"
    );
}
