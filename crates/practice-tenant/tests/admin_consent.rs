//! The administrators' consent endpoint (graph-facts 6 and 11).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::{Consent, Options, PersonaKey, StandIn};
use reqwest::Method;
use serde_json::json;
use support::{AUDIT, GRAPH_APP_ID, Tenant, UPLOAD, field, frozen, key_of, query_of, start, start_with};

/// An app that requests these app roles, with a service principal: client id and principal id.
async fn app(tenant: &Tenant, admin: &str, roles: &[&str], redirects: &[&str]) -> (String, String) {
    let access: Vec<_> = roles.iter().map(|role| json!({ "id": role, "type": "Role" })).collect();
    let body = json!({
        "displayName": "HR feed",
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": access }],
        "web": { "redirectUris": redirects },
    });
    let made = tenant.post("/applications", admin, body).await;
    let client = made.body["appId"].as_str().unwrap().to_owned();
    let principal = tenant.post("/servicePrincipals", admin, json!({ "appId": client })).await.id();
    (client, principal)
}

async fn held(tenant: &Tenant, admin: &str, principal: &str) -> Vec<String> {
    let path = format!("/servicePrincipals/{principal}/appRoleAssignments");
    let listed = tenant.get(&path, admin).await;
    let mut roles: Vec<String> = listed.body["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["appRoleId"].as_str().unwrap().to_owned())
        .collect();
    roles.sort();
    roles
}

fn link(tenant: &Tenant, path: &str, fields: &[(&str, &str)]) -> String {
    let mut url = url::Url::parse(&tenant.login(path)).unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.to_string()
}

fn stand_in(tenant: &Tenant) -> StandIn {
    StandIn::new(tenant.inner.authority_sha256())
}

#[tokio::test]
async fn consent_grants_exactly_what_is_requested_and_revokes_the_rest() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (client, principal) = app(&tenant, &admin, &[UPLOAD], &[]).await;
    assert_eq!(tenant.grant(&admin, &principal, AUDIT).await.status, 201);
    let url = link(&tenant, "/adminconsent", &[("client_id", &client)]);
    for persona in [PersonaKey::PrivilegedRoleAdministrator, PersonaKey::GlobalAdministrator] {
        let shown = stand_in(&tenant).admin_consent(&url, persona).await.unwrap().unwrap();
        assert!(shown.contains("AADSTS500113"), "no reply address, and yet consent is given: {shown}");
        assert_eq!(held(&tenant, &admin, &principal).await, [UPLOAD], "{persona}");
    }
    // Another app that nobody has asked about keeps what it holds.
    let live = tenant.principal_called("HR feed (live)", &admin).await;
    assert_eq!(held(&tenant, &admin, &live).await.len(), 2);
}

#[tokio::test]
async fn the_answer_goes_to_a_registered_redirect_with_admin_consent_true_either_way() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (client, principal) = app(&tenant, &admin, &[UPLOAD, AUDIT], &["https://app.example/back"]).await;
    let fields = [
        ("client_id", client.as_str()),
        ("scope", "https://graph.microsoft.com/.default"),
        ("redirect_uri", "https://app.example/back"),
        ("state", "12&3"),
    ];
    let url = link(&tenant, "/v2.0/adminconsent", &fields);
    let answer = tenant.login("/v2.0/adminconsent/answer");
    let consent = async |value: &str| {
        let page = tenant.http.get(&url).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("HR feed") && page.contains("administrator"), "{page}");
        let form = [("request", key_of(&page)), ("persona", "globalAdministrator".to_owned())];
        let page = tenant.http.post(&answer).form(&form).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("SynchronizationData-User.Upload") && page.contains("AuditLog.Read.All"), "{page}");
        let form = [("request", key_of(&page)), ("consent", value.to_owned())];
        query_of(&tenant.http.post(&answer).form(&form).send().await.unwrap())
    };
    let declined = consent("cancel").await;
    assert_eq!((field(&declined, "admin_consent"), field(&declined, "error")), ("True", "access_denied"));
    assert_eq!(held(&tenant, &admin, &principal).await, Vec::<String>::new());
    let given = consent("accept").await;
    assert_eq!((field(&given, "admin_consent"), field(&given, "error")), ("True", ""));
    assert_eq!(field(&given, "tenant"), tenant.inner.tenant_id().to_string());
    assert_eq!((field(&given, "state"), field(&given, "scope")), ("12&3", "https://graph.microsoft.com/.default"));
    assert_eq!(held(&tenant, &admin, &principal).await.len(), 2);
}

#[tokio::test]
async fn only_who_may_grant_graph_s_app_roles_may_consent() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (client, principal) = app(&tenant, &admin, &[UPLOAD], &[]).await;
    let url = link(&tenant, "/adminconsent", &[("client_id", &client)]);
    for persona in [
        PersonaKey::ApplicationAdministrator,
        PersonaKey::CloudApplicationAdministrator,
        PersonaKey::Eligible,
        PersonaKey::User,
    ] {
        let shown = stand_in(&tenant).admin_consent(&url, persona).await.unwrap().unwrap();
        assert!(shown.contains("AADSTS90094"), "{persona}: {shown}");
        assert_eq!(held(&tenant, &admin, &principal).await, Vec::<String>::new(), "{persona}");
    }
    let declined = stand_in(&tenant).consent(Consent::Cancel);
    let shown = declined.admin_consent(&url, PersonaKey::GlobalAdministrator).await.unwrap().unwrap();
    assert!(shown.contains("AADSTS65004"), "{shown}");
    assert_eq!(held(&tenant, &admin, &principal).await, Vec::<String>::new());
}

#[tokio::test]
async fn consent_makes_the_service_principal_that_is_not_there() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (_, client) = tenant.new_application(&admin, "Fresh").await;
    let path = format!("/applications(appId='{client}')");
    let access = json!([{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": [{ "id": UPLOAD, "type": "Role" }] }]);
    let body = Some(json!({ "requiredResourceAccess": access }));
    assert_eq!(tenant.send(Method::PATCH, &path, &admin, body).await.status, 204);
    let url = link(&tenant, "/adminconsent", &[("client_id", &client)]);
    stand_in(&tenant).admin_consent(&url, PersonaKey::GlobalAdministrator).await.unwrap();
    let principal = tenant.principal_called("Fresh", &admin).await;
    assert_eq!(held(&tenant, &admin, &principal).await, [UPLOAD]);
}

#[tokio::test]
async fn what_cannot_be_consented_to_is_refused_on_a_page() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (client, _) = app(&tenant, &admin, &[UPLOAD], &[]).await;
    let unknown = "7d5e5e0c-1111-4222-8333-444455556666";
    for (path, fields, code) in [
        ("/adminconsent", vec![("client_id", unknown)], "AADSTS700016"),
        (
            "/adminconsent",
            vec![("client_id", client.as_str()), ("redirect_uri", "https://evil.example")],
            "AADSTS50011",
        ),
        ("/v2.0/adminconsent", vec![("client_id", client.as_str())], "AADSTS900144"),
        ("/v2.0/adminconsent", vec![("client_id", client.as_str()), ("scope", "No.Such.Scope")], "AADSTS70011"),
    ] {
        let page = tenant.http.get(link(&tenant, path, &fields)).send().await.unwrap();
        assert_eq!(page.status(), 400, "{code}");
        assert!(page.text().await.unwrap().contains(code), "{code}");
    }
}

#[tokio::test]
async fn auto_approval_consents_as_its_persona() {
    for (persona, granted) in [(PersonaKey::PrivilegedRoleAdministrator, 1), (PersonaKey::ApplicationAdministrator, 0)]
    {
        let tenant = start_with(Options { auto_approve: Some(persona), ..frozen() }).await;
        let admin = tenant.app_token().await.body["access_token"].as_str().unwrap().to_owned();
        let (client, principal) = app(&tenant, &admin, &[UPLOAD], &[]).await;
        let url = link(&tenant, "/adminconsent", &[("client_id", &client)]);
        tenant.http.get(url).send().await.unwrap();
        assert_eq!(held(&tenant, &admin, &principal).await.len(), granted, "{persona}");
    }
}
