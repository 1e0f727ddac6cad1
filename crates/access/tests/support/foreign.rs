//! What another administrator does to the tenant by hand, with requests that the app itself never sends.

use azure_core::credentials::TokenCredential;
use inbound_entra::auth::AppSecretCredential;
use inbound_entra::ids::{AppId, TenantId};
use serde_json::{Value, json};

use super::Bench;

/// Sends one request to Graph as the tenant's automation app; it must succeed.
pub async fn by_hand(bench: &Bench, method: &str, path: &str, body: Option<Value>) -> Value {
    send(bench, method, path, body, None).await
}

async fn send(bench: &Bench, method: &str, path: &str, body: Option<Value>, prefer: Option<&str>) -> Value {
    let automation = bench.tenant.automation();
    let (tenant, client) = (TenantId(bench.tenant.tenant_id()), AppId(automation.client_id));
    let credential = AppSecretCredential::new(bench.cloud.clone(), tenant, client, automation.client_secret);
    let token = credential.get_token(&[&bench.cloud.graph_default_scope()], None).await.unwrap();
    let authority = reqwest::Certificate::from_pem(bench.tenant.authority_pem().as_bytes()).unwrap();
    let http = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().unwrap();
    let url = format!("{}/v1.0{path}", bench.cloud.graph.as_str().trim_end_matches('/'));
    let mut request = http.request(method.parse().unwrap(), url).bearer_auth(token.token.secret());
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    if let Some(prefer) = prefer {
        request = request.header("prefer", prefer);
    }
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{method} {path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Registers an app under an alternate key, if there is none.
pub async fn upsert(bench: &Bench, path: &str, body: Value) {
    send(bench, "PATCH", path, Some(body), Some("create-if-missing")).await;
}

/// Object id of Microsoft Graph, and the id of one of its app roles.
pub async fn graph_role(bench: &Bench, value: &str) -> (String, String) {
    let path = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id,appRoles";
    let graph = by_hand(bench, "GET", path, None).await;
    let role = graph["appRoles"].as_array().unwrap().iter().find(|role| role["value"] == value).unwrap();
    (graph["id"].as_str().unwrap().to_owned(), role["id"].as_str().unwrap().to_owned())
}

/// Grants an app role of Microsoft Graph; the grant's id.
pub async fn grant(bench: &Bench, principal: &str, value: &str) -> String {
    let (graph, role) = graph_role(bench, value).await;
    let body = json!({ "principalId": principal, "resourceId": graph, "appRoleId": role });
    let made = by_hand(bench, "POST", &format!("/servicePrincipals/{graph}/appRoleAssignedTo"), Some(body)).await;
    made["id"].as_str().unwrap().to_owned()
}

/// An app of somebody else: it requests a permission of its own, has a secret and, where wanted, a service principal
/// that holds that permission. Gives object id, client id and the principal's object id.
pub async fn app_of_others(bench: &Bench, name: &str, with_principal: bool) -> (String, String, Option<String>) {
    let (_, mail) = graph_role(bench, "Mail.Send").await;
    let body = json!({
        "displayName": name,
        "notes": "Of the benefits team",
        "web": { "redirectUris": ["https://benefits.example/signed-in"] },
        "requiredResourceAccess": [
            { "resourceAppId": "00000002-0000-0ff1-ce00-000000000000",
              "resourceAccess": [{ "id": "dc50a0fb-09a3-484d-be87-e023b12c6440", "type": "Role" }] },
            { "resourceAppId": "00000003-0000-0000-c000-000000000000",
              "resourceAccess": [{ "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" },
                                 { "id": mail, "type": "Role" }] },
        ],
    });
    let app = by_hand(bench, "POST", "/applications", Some(body)).await;
    let text = |name: &str| app[name].as_str().unwrap().to_owned();
    let (id, client) = (text("id"), text("appId"));
    let secret = json!({ "passwordCredential": { "displayName": "benefits" } });
    by_hand(bench, "POST", &format!("/applications/{id}/addPassword"), Some(secret)).await;
    if !with_principal {
        return (id, client, None);
    }
    let made = by_hand(bench, "POST", "/servicePrincipals", Some(json!({ "appId": client }))).await;
    let principal = made["id"].as_str().unwrap().to_owned();
    grant(bench, &principal, "Mail.Send").await;
    (id, client, Some(principal))
}
