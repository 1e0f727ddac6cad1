//! Sign-in: discovery, authorize, token, and what each refuses (graph-facts 11).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use std::path::PathBuf;
use std::time::Duration;

use practice_tenant::{Consent, FollowError, Options, PersonaKey, StandIn, follow_sign_in};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use support::{REDIRECT, SCOPES, Tenant, VERIFIER, challenge, claims, field, frozen, start, start_with};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn captured(name: &str) -> Option<Value> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/captured").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {name}: ../shared/contract is absent");
        return None;
    };
    Some(serde_json::from_str(&text).unwrap())
}

/// The refusal of an authorize request, by the query of its redirect.
async fn refused(tenant: &Tenant, change: impl Fn(&mut Vec<(&'static str, String)>)) -> Vec<(String, String)> {
    let mut parameters = tenant.authorize_parameters(SCOPES);
    change(&mut parameters);
    let answer = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    location.query_pairs().into_owned().collect()
}

fn set(parameters: &mut Vec<(&'static str, String)>, name: &'static str, value: Option<&str>) {
    parameters.retain(|(given, _)| *given != name);
    parameters.extend(value.map(|value| (name, value.to_owned())));
}

#[tokio::test]
async fn discovery_is_entra_s() {
    let tenant = start().await;
    let url = tenant.login("/v2.0/.well-known/openid-configuration");
    let found: Value = tenant.http.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(found["issuer"], format!("{}/{}/v2.0", tenant.inner.origin(), tenant.inner.tenant_id()));
    assert!(found["token_endpoint"].as_str().unwrap().starts_with(&tenant.inner.origin()));
    let url = format!("{}/organizations/v2.0/.well-known/openid-configuration", tenant.inner.origin());
    let any: Value = tenant.http.get(url).send().await.unwrap().json().await.unwrap();
    assert!(any["issuer"].as_str().unwrap().ends_with("/{tenantid}/v2.0"));

    let Some(golden) = captured("oidc-discovery.golden.json") else { return };
    for name in golden["required_fields"].as_array().unwrap() {
        assert!(found.get(name.as_str().unwrap()).is_some(), "{name} is missing");
    }
    let values = &golden["protocol_values"];
    for (name, expected) in values.as_object().unwrap() {
        let list = |value: &Value| value.as_array().unwrap().clone();
        let (field, subset) = match (name.strip_suffix("_equals"), name.strip_suffix("_subset_of")) {
            (Some(field), _) => {
                assert_eq!(found[field], *expected);
                continue;
            }
            (_, Some(field)) => (field, true),
            _ => (name.strip_suffix("_must_include").unwrap(), false),
        };
        // The golden file leaves the end of some names out.
        let field = if found.get(field).is_some() { field.to_owned() } else { format!("{field}_supported") };
        let (inner, outer) =
            if subset { (list(&found[&field]), list(expected)) } else { (list(expected), list(&found[&field])) };
        assert!(inner.iter().all(|it| outer.contains(it)), "{name}: {}", found[&field]);
    }
    assert_eq!(found["request_uri_parameter_supported"], json!(false));
}

#[tokio::test]
async fn a_person_signs_in_and_the_tokens_say_who_where_and_with_what() {
    let tenant = start().await;
    let answer = tenant.code(PersonaKey::ApplicationAdministrator, SCOPES).await;
    assert_eq!(field(&answer, "state"), "st&te=1");
    let tokens = tenant.redeem(field(&answer, "code")).await;
    assert_eq!(tokens.status, 200);
    assert_eq!((&tokens.body["token_type"], &tokens.body["expires_in"]), (&json!("Bearer"), &json!(3599)));
    assert!(tokens.body["refresh_token"].is_string());

    let keys: Value = tenant.http.get(tenant.login("/discovery/v2.0/keys")).send().await.unwrap().json().await.unwrap();
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_value(keys).unwrap();
    let id_token = tokens.body["id_token"].as_str().unwrap();
    let kid = jsonwebtoken::decode_header(id_token).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.set_audience(&[tenant.inner.public_client_id().to_string()]);
    rules.set_issuer(&[format!("{}/{}/v2.0", tenant.inner.origin(), tenant.inner.tenant_id())]);
    // The tenant's clock is not the computer's.
    rules.validate_exp = false;
    let identity = jsonwebtoken::decode::<Value>(id_token, &key, &rules).unwrap().claims;
    assert_eq!(identity["nonce"], "n0nce");
    assert_eq!(identity["preferred_username"], "aaliyah.okonjo@brightwater.example");

    let access = claims(tokens.body["access_token"].as_str().unwrap());
    assert_eq!(access["aud"], "00000003-0000-0000-c000-000000000000");
    assert_eq!(access["tid"], tenant.inner.tenant_id().to_string());
    assert_eq!(access["appid"], tenant.inner.public_client_id().to_string());
    assert_eq!(access["oid"], identity["oid"]);
    assert_eq!(access["wids"][0], "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
    let scopes: Vec<&str> = access["scp"].as_str().unwrap().split(' ').collect();
    assert!(scopes.contains(&"Application.ReadWrite.All") && !scopes.contains(&"offline_access"));
    assert_eq!(access["exp"].as_i64().unwrap(), tenant.inner.clock().now().as_second() + 3600);
}

#[tokio::test]
async fn tokens_come_only_as_asked_for() {
    let tenant = start().await;
    let answer = tenant.code(PersonaKey::User, "User.Read").await;
    let tokens = tenant.redeem(field(&answer, "code")).await;
    assert!(tokens.body["access_token"].is_string());
    assert!(tokens.body.get("id_token").is_none() && tokens.body.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_code_works_once_for_ten_minutes_with_its_verifier_and_redirect() {
    let tenant = start().await;
    let client = tenant.inner.public_client_id().to_string();
    let answer = tenant.code(PersonaKey::User, SCOPES).await;
    let code = field(&answer, "code");
    let redeem = |verifier: &'static str, redirect: &'static str| {
        let (tenant, client) = (&tenant, &client);
        async move {
            let form = [
                ("grant_type", "authorization_code"),
                ("client_id", client.as_str()),
                ("code", code),
                ("redirect_uri", redirect),
                ("code_verifier", verifier),
            ];
            tenant.token(&form).await
        }
    };
    assert_eq!(redeem("another-verifier", REDIRECT).await.body["error_codes"], json!([501_481]));
    assert_eq!(redeem(VERIFIER, "http://localhost:1").await.body["error_codes"], json!([500_112]));
    assert_eq!(redeem(VERIFIER, REDIRECT).await.status, 200);
    let twice = redeem(VERIFIER, REDIRECT).await;
    assert_eq!((&twice.body["error"], &twice.body["error_codes"]), (&json!("invalid_grant"), &json!([54_005])));

    let late = tenant.code(PersonaKey::User, SCOPES).await;
    tenant.inner.clock().advance(Duration::from_secs(601));
    assert_eq!(tenant.redeem(field(&late, "code")).await.body["error_codes"], json!([70_008]));
    assert_eq!(tenant.redeem("1.invented").await.body["error"], "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_renews_itself_and_follows_the_roles_of_the_day() {
    let tenant = start().await;
    let client = tenant.inner.public_client_id().to_string();
    let answer = tenant.code(PersonaKey::GlobalAdministrator, SCOPES).await;
    let first = tenant.redeem(field(&answer, "code")).await;
    tenant.inner.clock().advance(Duration::from_secs(4000));
    let old = first.body["access_token"].as_str().unwrap();
    assert_eq!(tenant.get("/me", old).await.code(), "InvalidAuthenticationToken");
    let refresh = first.body["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", refresh)];
    let second = tenant.token(&form).await;
    assert_eq!(second.status, 200);
    assert_ne!(second.body["refresh_token"], first.body["refresh_token"]);
    assert_eq!(tenant.get("/me", second.body["access_token"].as_str().unwrap()).await.status, 200);

    let other = tenant.inner.automation().client_id.to_string();
    let secret = tenant.inner.automation().client_secret.expose_secret().to_owned();
    let stolen = [
        ("grant_type", "refresh_token"),
        ("client_id", other.as_str()),
        ("client_secret", secret.as_str()),
        ("refresh_token", refresh),
    ];
    assert_eq!(tenant.token(&stolen).await.body["error"], "invalid_grant");
    tenant.inner.clock().advance(Duration::from_secs(91 * 86_400));
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", refresh)];
    let inactive = tenant.token(&form).await;
    assert_eq!((&inactive.body["error"], &inactive.body["error_codes"]), (&json!("invalid_grant"), &json!([700_082])));
    let words = inactive.body["error_description"].as_str().unwrap();
    assert!(words.contains("issued on 2026-06-01T09:00:00.0000000Z"), "{words}");
}

#[tokio::test]
async fn authorize_says_by_redirect_what_it_refuses() {
    let tenant = start().await;
    for (name, value, error, code) in [
        ("response_type", Some("token"), "unsupported_response_type", "AADSTS700051"),
        ("code_challenge", None, "invalid_request", "AADSTS9002325"),
        ("code_challenge_method", Some("plain"), "invalid_request", "AADSTS501491"),
        ("scope", Some("User.Read No.Such.Scope"), "invalid_scope", "AADSTS70011"),
        ("scope", Some("User.Read api://brightwater-hr/x"), "invalid_scope", "AADSTS700022"),
        ("prompt", Some("none"), "login_required", "AADSTS50058"),
    ] {
        let answer = refused(&tenant, |parameters| set(parameters, name, value)).await;
        assert_eq!(field(&answer, "error"), error, "{name} {value:?}");
        assert!(field(&answer, "error_description").starts_with(code), "{answer:?}");
        assert_eq!(field(&answer, "state"), "st&te=1");
        assert_eq!(field(&answer, "code"), "");
    }
}

#[tokio::test]
async fn authorize_never_redirects_to_an_address_that_is_not_registered() {
    let tenant = start().await;
    for (name, value, code) in [
        ("redirect_uri", "http://localhost:4711/other", "AADSTS50011"),
        ("redirect_uri", "https://evil.example", "AADSTS50011"),
        ("client_id", "7d5e5e0c-1111-4222-8333-444455556666", "AADSTS700016"),
        ("client_id", "no-guid", "AADSTS700016"),
    ] {
        let mut parameters = tenant.authorize_parameters(SCOPES);
        set(&mut parameters, name, Some(value));
        let answer = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{name}={value}");
        assert!(answer.text().await.unwrap().contains(code), "{name}={value}");
    }
}

#[tokio::test]
async fn the_page_lists_everyone_with_the_hinted_first_and_can_be_cancelled() {
    let tenant = start().await;
    let mut parameters = tenant.authorize_parameters(SCOPES);
    parameters.push(("login_hint", "dario.petrescu@brightwater.example".into()));
    let page = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    let page = page.text().await.unwrap();
    let people: Vec<&str> =
        page.split("name=\"persona\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(people.len(), 6);
    assert_eq!(people.first(), Some(&"user"));
    let request = page.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = [("request", request), ("cancel", "1")];
    let send = || tenant.http.post(tenant.login("/oauth2/v2.0/authorize/answer")).form(&form).send();
    let answer = send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("error=access_denied"));
    let again = send().await.unwrap();
    assert_eq!(again.status(), 400, "a page answers once");
}

#[tokio::test]
async fn the_token_endpoint_refuses_in_entra_s_words() {
    let tenant = start().await;
    let automation = tenant.inner.automation();
    let (id, secret) = (automation.client_id.to_string(), automation.client_secret.expose_secret().to_owned());
    let public = tenant.inner.public_client_id().to_string();
    let graph = "https://graph.microsoft.com/.default";
    let live = "Liv8Q~seeded-and-never-used-anywhere";
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let client_of = async |name: &str| {
        let path = format!("/applications?$filter=displayName eq '{name}'&$select=appId");
        tenant.get(&path, &admin).await.body["value"][0]["appId"].as_str().unwrap().to_owned()
    };
    let (old, retired) = (client_of("HR feed (old)").await, client_of("Retired HR interface").await);
    let unknown = "7d5e5e0c-1111-4222-8333-444455556666";
    let nil = "00000000-0000-0000-0000-000000000000";
    let credentials = |client: &str, secret: &str, scope: &str| {
        vec![
            ("grant_type".to_owned(), "client_credentials".to_owned()),
            ("client_id".to_owned(), client.to_owned()),
            ("client_secret".to_owned(), secret.to_owned()),
            ("scope".to_owned(), scope.to_owned()),
        ]
    };
    let mut no_secret = credentials(&id, "", graph);
    no_secret.remove(2);
    let mut assertion = no_secret.clone();
    assertion.push(("client_assertion".into(), "a.b.c".into()));
    let public_secret = vec![
        ("grant_type".to_owned(), "refresh_token".to_owned()),
        ("client_id".to_owned(), public),
        ("client_secret".to_owned(), "x".to_owned()),
        ("refresh_token".to_owned(), "x".to_owned()),
    ];
    let grant = |kind: &str| vec![("grant_type".to_owned(), kind.to_owned()), ("client_id".to_owned(), id.clone())];
    let cases = [
        (credentials(&id, "wrong", graph), 401, "invalid_client", 7_000_215),
        (credentials(&old, "Old8Q~seeded-and-expired-long-ago-000", graph), 401, "invalid_client", 7_000_222),
        (credentials(&retired, "Ret8Q~seeded-for-a-disabled-app-0000", graph), 400, "unauthorized_client", 7_000_112),
        (credentials(unknown, live, graph), 400, "unauthorized_client", 700_016),
        (credentials(nil, live, graph), 400, "unauthorized_client", 700_038),
        (credentials(&id, &secret, "https://graph.microsoft.com/User.Read.All"), 400, "invalid_scope", 1_002_012),
        (credentials(&id, &secret, "api://not-a-registered-resource/.default"), 400, "invalid_resource", 500_011),
        (no_secret, 401, "invalid_client", 7_000_218),
        (assertion, 401, "invalid_client", 700_027),
        (public_secret, 401, "invalid_client", 700_025),
        (grant("no_such_grant"), 400, "unsupported_grant_type", 70_003),
        (vec![("client_id".to_owned(), id.clone())], 400, "invalid_request", 900_144),
    ];
    for (form, status, error, code) in cases {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = tenant.token(&form).await;
        assert_eq!((answer.status.as_u16(), &answer.body["error"]), (status, &json!(error)), "{code}");
        assert_eq!(answer.body["error_codes"], json!([code]));
        let description = answer.body["error_description"].as_str().unwrap();
        assert!(description.starts_with(&format!("AADSTS{code}: ")) && description.contains(" Trace ID: "));
        assert!(!description.contains(&secret));
    }
    let common = format!("{}/common/oauth2/v2.0/token", tenant.inner.origin());
    let form = [("grant_type", "client_credentials"), ("client_id", id.as_str())];
    let answer: Value = tenant.http.post(common).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error_codes"], json!([9_001_023]));
    let elsewhere = format!("{}/elsewhere.example/oauth2/v2.0/token", tenant.inner.origin());
    let answer: Value = tenant.http.post(elsewhere).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["error_codes"], json!([90_002]));
}

#[tokio::test]
async fn refusals_have_the_fields_and_statuses_that_were_captured_from_entra() {
    let tenant = start().await;
    let automation = tenant.inner.automation();
    let (id, secret) = (automation.client_id.to_string(), automation.client_secret.expose_secret().to_owned());
    let graph = "https://graph.microsoft.com/.default";
    let nil = "00000000-0000-0000-0000-000000000000";
    let cases: [(&str, Vec<(&str, &str)>); 4] = [
        (
            "token-error-invalid-client.json",
            vec![
                ("grant_type", "client_credentials"),
                ("client_id", &id),
                ("client_secret", "wrong"),
                ("scope", graph),
            ],
        ),
        (
            "token-error-invalid-scope.json",
            vec![
                ("grant_type", "client_credentials"),
                ("client_id", &id),
                ("client_secret", &secret),
                ("scope", "api://not-a-registered-resource/.default"),
            ],
        ),
        (
            "token-error-unknown-client.json",
            vec![("grant_type", "client_credentials"), ("client_id", nil), ("client_secret", "x"), ("scope", graph)],
        ),
        ("token-error-unsupported-grant-type.json", vec![("grant_type", "no_such_grant"), ("client_id", &id)]),
    ];
    for (name, form) in cases {
        let Some(expected) = captured(name) else { return };
        let expected = &expected["response"];
        let answer = tenant.token(&form).await;
        assert_eq!(json!(answer.status.as_u16()), expected["status"], "{name}");
        let keys =
            |value: &Value| value.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(keys(&answer.body), keys(&expected["body"]), "{name}");
        assert_eq!(answer.body["error"], expected["body"]["error"], "{name}");
        assert_eq!(answer.body["error_codes"], expected["body"]["error_codes"], "{name}");
        let words = |value: &Value| {
            let text = value["error_description"].as_str().unwrap().split(" Trace ID:").next().unwrap().to_owned();
            let tenant_id = tenant.inner.tenant_id().to_string();
            text.replace(&tenant_id, "{tenant-id}").replace(&id, "{daemon-app-id}").replace(nil, "{guid}")
        };
        assert_eq!(words(&answer.body), words(&expected["body"]), "{name}");
    }
    let Some(expected) = captured("token-client-credentials.json") else { return };
    let answer = tenant.app_token().await;
    let fields: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
    let wanted: Vec<&String> = expected["response"]["body"].as_object().unwrap().keys().collect();
    assert!(wanted.iter().all(|it| fields.contains(it)) && fields.len() == wanted.len());
}

#[tokio::test]
async fn a_secret_may_come_by_basic_authorization_too() {
    let tenant = start().await;
    let automation = tenant.inner.automation();
    let escape = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let (id, secret) = (automation.client_id.to_string(), escape(automation.client_secret.expose_secret()));
    let answer = tenant
        .http
        .post(tenant.login("/oauth2/v2.0/token"))
        .basic_auth(id, Some(secret))
        .form(&[("grant_type", "client_credentials"), ("scope", &format!("{}/.default", tenant.inner.origin()))])
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    let access = claims(body["access_token"].as_str().unwrap());
    assert_eq!(access["roles"], json!(["AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"]));
    assert_eq!(access["idtyp"], "app");
}

#[tokio::test]
async fn form_post_sends_the_answer_by_a_form_of_the_page() {
    let tenant = start_with(Options { auto_approve: Some(PersonaKey::Eligible), ..frozen() }).await;
    let mut parameters = tenant.authorize_parameters(SCOPES);
    set(&mut parameters, "response_mode", Some("form_post"));
    let page = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("name=\"code\"") && page.contains("name=\"state\" value=\"st&amp;te=1\""));
    set(&mut parameters, "response_mode", Some("fragment"));
    let answer = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("/#code="));
}

/// Listens once on loopback as an app does; returns its port and the request that came.
async fn listener() -> (u16, tokio::task::JoinHandle<String>) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut text = String::new();
        let mut buffer = [0_u8; 8192];
        loop {
            let read = stream.read(&mut buffer).await.unwrap();
            text.push_str(&String::from_utf8_lossy(&buffer[..read]));
            let body = text.split_once("\r\n\r\n").map(|(head, body)| {
                let length =
                    head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                body.len() >= length.unwrap_or(0_usize)
            });
            if body == Some(true) || read == 0 {
                break;
            }
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").await.unwrap();
        text
    });
    (port, task)
}

#[tokio::test]
async fn the_browser_stand_in_carries_the_answer_to_the_app_by_query_and_by_form() {
    let tenant = start().await;
    let sha256 = tenant.inner.authority_sha256().to_owned();
    for mode in ["query", "form_post"] {
        let (port, came) = listener().await;
        let redirect = format!("http://127.0.0.1:{port}");
        let mut url = url::Url::parse(&tenant.login("/oauth2/v2.0/authorize")).unwrap();
        let mut parameters = tenant.authorize_parameters(SCOPES);
        set(&mut parameters, "redirect_uri", Some(&redirect));
        set(&mut parameters, "response_mode", Some(mode));
        url.query_pairs_mut().extend_pairs(parameters);
        follow_sign_in(url.as_str(), PersonaKey::User, &sha256).await.unwrap();
        let request = came.await.unwrap();
        assert!(request.contains("code=1."), "{mode}: {request}");
        assert!(request.contains("state=st%26te%3D1"), "{mode}: {request}");
        assert_eq!(request.starts_with("POST"), mode == "form_post");
    }
}

#[tokio::test]
async fn the_browser_stand_in_consents_declines_or_goes_back_without() {
    let tenant = start().await;
    let client = tenant.inner.operator_client_id().to_string();
    for (persona, consent, expected) in [
        (PersonaKey::GlobalAdministrator, Consent::Cancel, "AADSTS65004"),
        (PersonaKey::User, Consent::Accept, "AADSTS90094"),
        (PersonaKey::GlobalAdministrator, Consent::Accept, "code=1."),
        (PersonaKey::User, Consent::Cancel, "code=1."),
    ] {
        let (port, came) = listener().await;
        let mut url = url::Url::parse(&tenant.login("/oauth2/v2.0/authorize")).unwrap();
        let mut parameters = tenant.authorize_parameters("User.Read Application.Read.All");
        set(&mut parameters, "redirect_uri", Some(&format!("http://localhost:{port}")));
        set(&mut parameters, "client_id", Some(&client));
        set(&mut parameters, "response_mode", Some("form_post"));
        url.query_pairs_mut().extend_pairs(parameters);
        let stand_in = StandIn::new(tenant.inner.authority_sha256()).consent(consent);
        stand_in.sign_in(url.as_str(), persona).await.unwrap();
        let request = came.await.unwrap();
        assert!(request.contains(expected), "{persona} {consent:?}: {request}");
    }
}

#[tokio::test]
async fn the_browser_stand_in_trusts_only_the_authority_that_it_was_given() {
    let tenant = start().await;
    let url = tenant.login("/oauth2/v2.0/authorize");
    let answer = follow_sign_in(&url, PersonaKey::User, &"0".repeat(64)).await;
    assert!(matches!(answer, Err(FollowError::Unreachable(_))), "{answer:?}");
    let sha256 = tenant.inner.authority_sha256();
    let answer = follow_sign_in(&url, PersonaKey::User, sha256).await;
    assert!(matches!(answer, Err(FollowError::Refused(ref text)) if text.contains("AADSTS900144")), "{answer:?}");
    assert!(tenant.inner.url().ends_with(&format!("/#sha256={sha256}")));
}

#[tokio::test]
async fn unmodified_clients_see_absolute_links_with_the_host_that_they_used() {
    let tenant = start().await;
    let url = format!("{}/organizations/v2.0/.well-known/openid-configuration", tenant.inner.origin());
    let found = tenant.http.get(url).header("host", "login.microsoftonline.com").send().await.unwrap();
    let found: Value = found.json().await.unwrap();
    assert_eq!(
        found["authorization_endpoint"],
        "https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize"
    );
    let token = tenant.app_token().await.body["access_token"].as_str().unwrap().to_owned();
    let answer = tenant
        .send_with(Method::GET, "/servicePrincipals?$top=2", &token, None, &[("host", "graph.microsoft.com")])
        .await;
    assert!(answer.body["@odata.nextLink"].as_str().unwrap().starts_with("https://graph.microsoft.com/v1.0/"));
    assert_eq!(challenge().len(), 43);
}

/// Registers an app that people sign in to, and asks the authorize endpoint of `authority` for it.
async fn ask_for(tenant: &Tenant, audience: &str, authority: &str, scope: &str) -> reqwest::Response {
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let body = json!({
        "displayName": "Tool", "signInAudience": audience, "publicClient": { "redirectUris": ["http://localhost"] },
    });
    let client = tenant.post("/applications", &token, body).await.body["appId"].as_str().unwrap().to_owned();
    let mut parameters = tenant.authorize_parameters(scope);
    set(&mut parameters, "client_id", Some(&client));
    let url = format!("{}/{authority}/oauth2/v2.0/authorize", tenant.inner.origin());
    tenant.http.get(url).query(&parameters).send().await.unwrap()
}

#[tokio::test]
async fn default_scopes_need_that_somebody_consented_to_some() {
    let tenant = start().await;
    let own = tenant.inner.tenant_id().to_string();
    let answer = ask_for(&tenant, "AzureADMyOrg", &own, "https://graph.microsoft.com/.default openid").await;
    let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let answer: Vec<(String, String)> = location.query_pairs().into_owned().collect();
    assert_eq!(field(&answer, "error"), "consent_required");
    assert!(field(&answer, "error_description").starts_with("AADSTS65001"), "{answer:?}");
    let with = tenant.sign_in_with(PersonaKey::User, "https://graph.microsoft.com/.default").await;
    assert!(claims(&with)["scp"].as_str().unwrap().contains("Application.Read.All"));
}

#[tokio::test]
async fn only_apps_of_one_tenant_are_refused_at_common() {
    let tenant = start().await;
    for audience in ["AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount"] {
        let answer = ask_for(&tenant, audience, "organizations", "openid User.Read").await;
        assert_eq!(answer.status(), 200, "{audience}");
        assert!(answer.text().await.unwrap().contains("Pick an account"), "{audience}");
    }
    let refused = ask_for(&tenant, "AzureADMyOrg", "organizations", "openid User.Read").await;
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("AADSTS50194"));
}

#[tokio::test]
async fn bare_scopes_and_graph_s_full_name_mean_one_resource() {
    let tenant = start().await;
    for scope in [
        "User.Read https://graph.microsoft.com/Application.Read.All",
        "https://graph.microsoft.com/User.Read Application.Read.All",
    ] {
        let token = tenant.sign_in_with(PersonaKey::User, scope).await;
        assert_eq!(claims(&token)["scp"], "User.Read Application.Read.All");
        assert_eq!(claims(&token)["aud"], "https://graph.microsoft.com");
        assert_eq!(tenant.get("/applications?$top=1", &token).await.status, 200);
    }
}

#[tokio::test]
async fn a_disabled_principal_stops_every_way_of_signing_in() {
    let tenant = start().await;
    let client = tenant.inner.public_client_id().to_string();
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let early = tenant.code(PersonaKey::User, SCOPES).await;
    let answer = tenant.code(PersonaKey::User, SCOPES).await;
    let refresh = tenant.redeem(field(&answer, "code")).await.body["refresh_token"].as_str().unwrap().to_owned();
    let switch = async |on: bool| {
        let path = format!("/servicePrincipals(appId='{client}')");
        let body = Some(json!({ "accountEnabled": on }));
        assert_eq!(tenant.send(Method::PATCH, &path, &token, body).await.status, 204);
    };
    switch(false).await;
    let parameters = tenant.authorize_parameters(SCOPES);
    let page = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("AADSTS7000112"));
    let form = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", &refresh)];
    for refused in [tenant.redeem(field(&early, "code")).await, tenant.token(&form).await] {
        assert_eq!(refused.body["error"], "unauthorized_client");
        assert_eq!(refused.body["error_codes"], json!([7_000_112]));
    }
    switch(true).await;
    assert_eq!(tenant.token(&form).await.status, 200);
    assert_eq!(tenant.redeem(field(&early, "code")).await.status, 200, "a code that was not redeemed is still good");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_that_is_brought_by_many_at_once_is_redeemed_once() {
    let tenant = start().await;
    for _ in 0..5 {
        let answer = tenant.code(PersonaKey::User, SCOPES).await;
        let code = field(&answer, "code");
        let answers = futures::future::join_all((0..8).map(|_| tenant.redeem(code))).await;
        assert_eq!(answers.iter().filter(|it| it.status == 200).count(), 1);
        assert!(answers.iter().all(|it| it.status == 200 || it.body["error_codes"] == json!([54_005])));
    }
}
