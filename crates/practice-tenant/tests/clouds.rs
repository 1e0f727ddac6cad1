//! Clouds by host name (graph-facts 12): at home, elsewhere, and under localhost.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::{FollowError, HomeCloud, Options, PersonaKey, StandIn};
use reqwest::StatusCode;
use serde_json::{Value, json};
use support::{REDIRECT, Tenant, VERIFIER, claims, field, frozen, key_of, query_of, start, start_with};

const SCOPE: &str = "openid profile offline_access User.Read";

async fn home(cloud: HomeCloud) -> Tenant {
    start_with(Options { home_cloud: cloud, ..frozen() }).await
}

async fn discovery(tenant: &Tenant, host: &str, segment: &str) -> Value {
    let url = format!("https://{host}/{segment}/v2.0/.well-known/openid-configuration");
    tenant.played().get(url).send().await.unwrap().json().await.unwrap()
}

/// Signs in at `login` with scopes of `graph`; the tokens.
async fn sign_in(tenant: &Tenant, login: &str, graph: &str) -> Value {
    let http = tenant.played();
    let base = format!("https://{login}/{}/oauth2/v2.0", tenant.inner.tenant_id());
    let scope = format!("openid profile https://{graph}/User.Read");
    let parameters = tenant.authorize_parameters(&scope);
    let page = http.get(format!("{base}/authorize")).query(&parameters).send().await.unwrap().text().await.unwrap();
    let form = [("request", key_of(&page)), ("persona", "user".to_owned())];
    let answer = query_of(&http.post(format!("{base}/authorize/answer")).form(&form).send().await.unwrap());
    let client = tenant.inner.public_client_id().to_string();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", client.as_str()),
        ("code", field(&answer, "code")),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    http.post(format!("{base}/token")).form(&form).send().await.unwrap().json().await.unwrap()
}

async fn me(tenant: &Tenant, graph: &str, token: &str) -> (StatusCode, Value) {
    let answer = tenant.played().get(format!("https://{graph}/v1.0/me")).bearer_auth(token).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn each_cloud_is_played_under_its_real_hosts() {
    for (cloud, login, graph, instance, region, sub_region) in [
        (
            HomeCloud::Global,
            "login.microsoftonline.com",
            "graph.microsoft.com",
            "microsoftonline.com",
            "EU",
            json!(null),
        ),
        (
            HomeCloud::UsGovL4,
            "login.microsoftonline.us",
            "graph.microsoft.us",
            "microsoftonline.us",
            "USGov",
            json!("DODCON"),
        ),
        (
            HomeCloud::UsGovL5,
            "login.microsoftonline.us",
            "dod-graph.microsoft.us",
            "microsoftonline.us",
            "USGov",
            json!("DOD"),
        ),
        (
            HomeCloud::China,
            "login.partner.microsoftonline.cn",
            "microsoftgraph.chinacloudapi.cn",
            "partner.microsoftonline.cn",
            "AS",
            json!(null),
        ),
    ] {
        let tenant = home(cloud).await;
        let id = tenant.inner.tenant_id();
        let found = discovery(&tenant, login, &id.to_string()).await;
        assert_eq!(found["cloud_instance_name"], instance, "{cloud}");
        assert_eq!(found["msgraph_host"], graph, "{cloud}");
        assert_eq!(found["tenant_region_scope"], region, "{cloud}");
        assert_eq!(found["tenant_region_sub_scope"], sub_region, "{cloud}");
        assert_eq!(found["token_endpoint"], format!("https://{login}/{id}/oauth2/v2.0/token"), "{cloud}");

        let tokens = sign_in(&tenant, login, graph).await;
        let identity = claims(tokens["id_token"].as_str().unwrap());
        assert_eq!(identity["iss"], format!("https://{login}/{id}/v2.0"), "{cloud}");
        let token = tokens["access_token"].as_str().unwrap();
        assert_eq!(claims(token)["aud"], format!("https://{graph}"), "{cloud}");
        let (status, body) = me(&tenant, graph, token).await;
        assert_eq!(status, 200, "{cloud}: {body}");
        let url = format!("https://{graph}/v1.0/me/transitiveMemberOf");
        let list: Value = tenant.played().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        assert!(list["@odata.context"].as_str().unwrap().starts_with(&format!("https://{graph}/v1.0/")), "{cloud}");
    }
}

#[tokio::test]
async fn a_tenant_of_elsewhere_is_known_and_its_cloud_is_named() {
    let tenant = home(HomeCloud::UsGovL5).await;
    let id = tenant.inner.tenant_id().to_string();
    for segment in [id.as_str(), "brightwater.example"] {
        let found = discovery(&tenant, "login.microsoftonline.com", segment).await;
        assert_eq!(found["cloud_instance_name"], "microsoftonline.us");
        assert_eq!(found["msgraph_host"], "dod-graph.microsoft.us");
        assert_eq!(
            (&found["tenant_region_scope"], &found["tenant_region_sub_scope"]),
            (&json!("USGov"), &json!("DOD"))
        );
        assert_eq!(found["issuer"], format!("https://login.microsoftonline.us/{id}/v2.0"));
    }
    let common = discovery(&tenant, "login.microsoftonline.com", "organizations").await;
    assert_eq!(common["cloud_instance_name"], "microsoftonline.com", "the host's own, as no tenant is named");
    let http = tenant.played();
    let base = format!("https://login.microsoftonline.com/{id}/oauth2/v2.0");
    let page = http.get(format!("{base}/authorize")).query(&tenant.authorize_parameters(SCOPE)).send().await.unwrap();
    assert_eq!(page.status(), 400);
    let page = page.text().await.unwrap();
    assert!(page.contains("AADSTS90038") && page.contains("microsoftonline.us"), "{page}");
    let client = tenant.inner.public_client_id().to_string();
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", "x")];
    for path in ["token", "devicecode"] {
        let refused: Value =
            http.post(format!("{base}/{path}")).form(&form).send().await.unwrap().json().await.unwrap();
        assert_eq!(
            (&refused["error"], &refused["error_codes"]),
            (&json!("invalid_request"), &json!([90_038])),
            "{path}"
        );
        assert!(refused["error_description"].as_str().unwrap().contains("microsoftonline.us"));
    }
    let anyone = "https://login.microsoftonline.com/organizations/oauth2/v2.0/token";
    let refused: Value = http.post(anyone).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["error_codes"], json!([700_016]), "the app is registered in the other cloud");
    let unknown = "https://login.microsoftonline.us/elsewhere.example/v2.0/.well-known/openid-configuration";
    let refused: Value = http.get(unknown).send().await.unwrap().json().await.unwrap();
    assert_eq!(refused["error_codes"], json!([90_002]));
}

#[tokio::test]
async fn graph_of_another_cloud_refuses_the_token() {
    let tenant = home(HomeCloud::UsGovL4).await;
    let tokens = sign_in(&tenant, "login.microsoftonline.us", "graph.microsoft.us").await;
    let token = tokens["access_token"].as_str().unwrap();
    for wrong in ["graph.microsoft.com", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"] {
        let (status, body) = me(&tenant, wrong, token).await;
        assert_eq!((status.as_u16(), &body["error"]["code"]), (401, &json!("InvalidAuthenticationToken")), "{wrong}");
    }
    // L4 and L5 share the login host, and the scope tells them apart: the token of the other is of no use.
    let tokens = sign_in(&tenant, "login.microsoftonline.us", "dod-graph.microsoft.us").await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(me(&tenant, "dod-graph.microsoft.us", token).await.0, 401);
    assert_eq!(me(&tenant, "graph.microsoft.us", token).await.0, 401);
}

#[tokio::test]
async fn a_login_host_knows_only_its_own_cloud_s_graph_and_has_no_graph_itself() {
    let tenant = start().await;
    let http = tenant.played();
    let base = format!("https://login.microsoftonline.com/{}/oauth2/v2.0", tenant.inner.tenant_id());
    let parameters = tenant.authorize_parameters("https://graph.microsoft.us/User.Read");
    let answer = http.get(format!("{base}/authorize")).query(&parameters).send().await.unwrap();
    assert_eq!(field(&query_of(&answer), "error"), "invalid_resource");
    let answer = http.get("https://login.microsoftonline.com/v1.0/me").send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let answer = http.get("https://graph.microsoft.com/organizations/oauth2/v2.0/authorize").send().await.unwrap();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["code"], "BadRequest", "Graph's shape");
    let challenged = http.get("https://graph.microsoft.com/v1.0/me").send().await.unwrap();
    let header = challenged.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert!(header.contains("authorization_uri=\"https://login.microsoftonline.com/common/"), "{header}");
}

#[tokio::test]
async fn under_localhost_every_cloud_is_answered() {
    let tenant = home(HomeCloud::China).await;
    let found: Value = tenant
        .http
        .get(tenant.login("/v2.0/.well-known/openid-configuration"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let host = tenant.inner.origin().replace("https://", "");
    assert_eq!((&found["cloud_instance_name"], &found["msgraph_host"]), (&json!(host), &json!(host)));
    let token = tenant.sign_in_with(PersonaKey::User, "https://graph.microsoft.com/User.Read").await;
    assert_eq!(tenant.get("/me", &token).await.status, 200);
}

#[tokio::test]
async fn the_browser_stand_in_never_opens_a_real_host_by_itself() {
    let tenant = start().await;
    let sha256 = tenant.inner.authority_sha256();
    let mut url = url::Url::parse(&format!(
        "https://login.microsoftonline.com/{}/oauth2/v2.0/authorize",
        tenant.inner.tenant_id()
    ))
    .unwrap();
    url.query_pairs_mut().extend_pairs(tenant.authorize_parameters(SCOPE));
    let refused = StandIn::new(sha256).sign_in(url.as_str(), PersonaKey::User).await;
    assert!(matches!(refused, Err(FollowError::NotPlayed(_))), "{refused:?}");
    // Nobody listens at the app's redirect: that this is what fails shows that the pages were walked through.
    let played = StandIn::new(sha256).at(tenant.inner.address()).sign_in(url.as_str(), PersonaKey::User).await;
    assert!(matches!(played, Err(FollowError::Unreachable(_))), "{played:?}");
    let asked = tenant.inner.recorder().exchanges();
    assert!(asked.iter().any(|it| it.url.starts_with("https://login.microsoftonline.com/") && it.status == 302));
}
