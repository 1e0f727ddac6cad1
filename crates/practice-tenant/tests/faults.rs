//! The fault script, throttling, latency and the recorder.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use std::time::{Duration, Instant};

use practice_tenant::{DialSettings, Fault, FaultRule, FaultScript, Options, PersonaKey, RetryAfter, Throttle};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use support::{Tenant, frozen, start, start_with};

fn script(method: &str, path: &str, fault: Fault) -> FaultScript {
    let rule = FaultRule { method: Some(method.into()), path: path.into(), nth: 1, times: 1, fault };
    FaultScript { faults: vec![rule] }
}

async fn create(tenant: &Tenant, token: &str) -> Result<reqwest::Response, reqwest::Error> {
    let body = json!({ "displayName": "Faulty" });
    tenant.http.post(tenant.url("/applications")).bearer_auth(token).json(&body).send().await
}

async fn exists(tenant: &Tenant, token: &str) -> bool {
    let found = tenant.get("/applications?$filter=displayName eq 'Faulty'", token).await;
    !found.body["value"].as_array().unwrap().is_empty()
}

#[tokio::test]
async fn a_reset_loses_the_answer_and_its_kind_says_whether_the_work_was_done() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    for (fault, done) in [(Fault::ResetBefore, false), (Fault::ResetAfter, true)] {
        tenant.inner.recorder().clear();
        tenant.inner.dials().set_faults(script("POST", "/v1.0/applications", fault.clone()));
        let error = create(&tenant, &token).await.unwrap_err();
        assert!(!error.is_connect() && error.status().is_none(), "{error:?}");
        assert_eq!(exists(&tenant, &token).await, done, "{fault:?}");
        let lost = &tenant.inner.recorder().exchanges()[0];
        assert_eq!((lost.status, lost.fault), (0, Some(fault.kind())));
    }
    tenant.inner.dials().set_faults(FaultScript::default());
    assert_eq!(create(&tenant, &token).await.unwrap().status(), 201);
}

#[tokio::test]
async fn a_cut_body_arrives_by_half() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    tenant.inner.dials().set_faults(script("POST", "/v1.0/applications", Fault::CutBody));
    let answer = create(&tenant, &token).await.unwrap();
    assert_eq!(answer.status(), 201);
    let length = answer.content_length().unwrap();
    assert!(length > 500 && answer.bytes().await.is_err());
    assert!(exists(&tenant, &token).await);
}

#[tokio::test]
async fn a_status_comes_in_graph_s_shape_with_or_without_effect() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    for applied in [false, true] {
        let fault = Fault::Status {
            status: 503,
            applied,
            code: None,
            message: None,
            details: vec!["Detail".into()],
            retry_after: Some(7),
            retry_style: RetryAfter::Seconds,
        };
        tenant.inner.dials().set_faults(script("POST", "/v1.0/applications", fault));
        let answer = create(&tenant, &token).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "7");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], "serviceNotAvailable");
        assert_eq!(body["error"]["details"][0]["code"], "Detail");
        assert_eq!(exists(&tenant, &token).await, applied);
    }
}

#[tokio::test]
async fn portals_redirects_other_bodies_and_endless_ones() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let ask = async |fault: Fault| {
        tenant.inner.dials().set_faults(script("GET", "/v1.0/me", fault));
        tenant.http.get(tenant.url("/me")).bearer_auth(&token).send().await.unwrap()
    };
    let page = ask(Fault::Html).await;
    assert_eq!(
        (page.status(), page.headers()["content-type"].to_str().unwrap()),
        (StatusCode::OK, "text/html; charset=utf-8")
    );
    let away = ask(Fault::Redirect { to: "https://evil.example/".into(), status: 307 }).await;
    assert_eq!((away.status().as_u16(), away.headers()["location"].to_str().unwrap()), (307, "https://evil.example/"));
    let other = ask(Fault::Answer { status: 200, body: json!({ "id": null }), applied: false }).await;
    assert_eq!(other.json::<Value>().await.unwrap(), json!({ "id": null }));
    let mut huge = ask(Fault::Huge { megabytes: 20 }).await;
    let mut size = 0;
    while let Some(chunk) = huge.chunk().await.unwrap() {
        size += chunk.len();
    }
    assert!(size > 20_000_000);
    assert_eq!(tenant.get("/me", &token).await.status, 200, "each befell one call only");
}

#[tokio::test]
async fn a_script_is_read_from_a_file_and_a_broken_one_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faults.json");
    std::fs::write(&path, r#"{"faults":[{"path":"/v1.0/me","fault":{"kind":"status","status":502}}]}"#).unwrap();
    let faults = FaultScript::read(&path).unwrap();
    let dials = DialSettings { faults, ..DialSettings::default() };
    let tenant = start_with(Options { dials, ..frozen() }).await;
    let token = tenant.sign_in(PersonaKey::User).await;
    assert_eq!(tenant.get("/me", &token).await.status, 502);
    assert_eq!(tenant.get("/me", &token).await.status, 200);
    std::fs::write(&path, r#"{"faults":[{"path":"/v1.0/me","fault":{"kind":"sattus"}}]}"#).unwrap();
    let error = FaultScript::read(&path).unwrap_err().to_string();
    assert!(error.contains("faults.json") && error.contains("sattus"), "{error}");
    assert!(FaultScript::read(&folder.path().join("none.json")).is_err());
}

#[tokio::test]
async fn throttling_names_the_wait_as_it_is_told_to() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    for (style, expected) in [
        (RetryAfter::Seconds, Some("10")),
        (RetryAfter::Date, Some("Mon, 01 Jun 2026 09:00:10 GMT")),
        (RetryAfter::Absent, None),
    ] {
        let throttle = Throttle { limit: 2, window: Duration::from_secs(10), retry_after: style };
        tenant.inner.dials().set_throttle(Some(throttle));
        assert_eq!(tenant.get("/me", &token).await.status, 200);
        assert_eq!(tenant.get("/me", &token).await.status, 200);
        let refused = tenant.get("/me", &token).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (429, "TooManyRequests"));
        assert_eq!(refused.headers.get("retry-after").map(|it| it.to_str().unwrap()), expected);
    }
    tenant.inner.clock().advance(Duration::from_secs(10));
    assert_eq!(tenant.get("/me", &token).await.status, 200);
    tenant.inner.dials().set_throttle(None);
    for _ in 0..5 {
        assert_eq!(tenant.get("/me", &token).await.status, 200);
    }
}

#[tokio::test]
async fn latency_is_added_to_every_answer() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    tenant.inner.dials().set_latency(Duration::from_millis(120));
    let begin = Instant::now();
    tenant.get("/me", &token).await;
    assert!(begin.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn the_recorder_keeps_what_was_said_in_order_until_it_is_cleared() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    tenant.inner.recorder().clear();
    let (id, _) = tenant.new_application(&token, "Noted").await;
    tenant.get(&format!("/applications/{id}?$select=id"), &token).await;
    let kept = tenant.inner.recorder().exchanges();
    assert_eq!(kept.iter().map(|it| it.method.as_str()).collect::<Vec<_>>(), ["POST", "GET"]);
    assert_eq!(kept[0].request_body, Some(json!({ "displayName": "Noted" })));
    assert_eq!((kept[0].status, kept[0].fault), (201, None));
    assert_eq!(kept[0].response_body.as_ref().unwrap()["id"], id.as_str());
    assert!(kept[0].request_header("Authorization").unwrap().starts_with("Bearer "));
    assert!(kept[0].response_header("request-id").is_some());
    assert_eq!(kept[1].query.as_deref(), Some("$select=id"));
    assert!(kept[1].url.starts_with("https://localhost:") && kept[1].number == kept[0].number + 1);

    let dials = DialSettings { recording: false, ..DialSettings::default() };
    let quiet = start_with(Options { dials, ..frozen() }).await;
    quiet.sign_in(PersonaKey::User).await;
    assert!(quiet.inner.recorder().exchanges().is_empty());
}

fn status(status: u16, retry_after: Option<u32>) -> Fault {
    let retry_style = RetryAfter::Seconds;
    Fault::Status { status, applied: false, code: None, message: None, details: Vec::new(), retry_after, retry_style }
}

#[tokio::test]
async fn a_status_of_the_login_comes_in_the_token_endpoint_s_shape() {
    let tenant = start().await;
    let path = format!("/{}/oauth2/v2.0/token", tenant.inner.tenant_id());
    for (number, error, code) in [
        (503, "temporarily_unavailable", 90_024),
        (429, "temporarily_unavailable", 90_055),
        (500, "server_error", 90_033),
        (400, "invalid_request", 90_014),
    ] {
        tenant.inner.dials().set_faults(script("POST", &path, status(number, Some(7))));
        let refused = tenant.app_token().await;
        assert_eq!((refused.status.as_u16(), &refused.body["error"]), (number, &json!(error)), "{}", refused.body);
        assert_eq!(refused.body["error_codes"], json!([code]));
        assert!(refused.body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{code}: ")));
        assert_eq!(refused.header("retry-after"), "7");
    }
    assert_eq!(tenant.app_token().await.status, 200);
}

#[tokio::test]
async fn answers_name_their_cost_and_how_much_of_the_limit_is_used() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let identity = tenant.principal_called("id-hr-feed", &token).await;
    for (path, units) in [
        ("/applications".to_owned(), "2"),
        ("/applications?$select=id".to_owned(), "1"),
        ("/applications?$select=id&$top=5".to_owned(), "1"),
        (format!("/servicePrincipals/{identity}/appRoleAssignments"), "2"),
        (format!("/servicePrincipals/{identity}"), "1"),
        ("/me/transitiveMemberOf".to_owned(), "2"),
        ("/applications/7d5e5e0c-1111-4222-8333-444455556666".to_owned(), "1"),
    ] {
        let answer = tenant.get(&path, &token).await;
        assert_eq!(answer.header("x-ms-resource-unit"), units, "{path}");
        assert_eq!(answer.header("x-ms-throttle-limit-percentage"), "", "the dial is off");
    }
    let made = tenant.post("/applications", &token, json!({ "displayName": "Mine" })).await;
    assert_eq!(made.header("x-ms-resource-unit"), "1");
    let throttle = Throttle { limit: 5, window: Duration::from_secs(10), retry_after: RetryAfter::Seconds };
    tenant.inner.dials().set_throttle(Some(throttle));
    let mut shares = Vec::new();
    for _ in 0..7 {
        shares.push(tenant.get("/me", &token).await.header("x-ms-throttle-limit-percentage").to_owned());
    }
    assert_eq!(shares, ["", "", "", "", "1.00", "1.20", "1.40"]);
}

#[tokio::test]
async fn each_app_has_its_own_limit_and_pays_for_what_was_refused() {
    let tenant = start().await;
    let person = tenant.sign_in(PersonaKey::User).await;
    let app = tenant.app_token().await.body["access_token"].as_str().unwrap().to_owned();
    let throttle = Throttle { limit: 3, window: Duration::from_secs(10), retry_after: RetryAfter::Seconds };
    tenant.inner.dials().set_throttle(Some(throttle));
    let passed = async |token: &str| {
        let mut passed = 0;
        for _ in 0..8 {
            passed += usize::from(tenant.get("/applications?$top=1", token).await.status == 200);
        }
        passed
    };
    assert_eq!(passed(&person).await, 3);
    assert_eq!(passed(&app).await, 3, "another app");
    tenant.inner.clock().advance(Duration::from_secs(10));
    assert_eq!(passed(&person).await, 1, "those that were refused are paid for");
    tenant.inner.clock().advance(Duration::from_secs(60));
    assert_eq!(passed(&person).await, 3);
    assert_eq!(tenant.get("/me", "no-token").await.status, 401, "who is nobody is not counted");
}

#[tokio::test]
async fn writes_on_apps_for_personal_accounts_are_sixty_a_minute() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let personal = json!({ "displayName": "Everyone", "signInAudience": "AzureADandPersonalMicrosoftAccount" });
    let id = tenant.post("/applications", &token, personal.clone()).await.id();
    let path = format!("/applications/{id}");
    let patch = async || tenant.send(Method::PATCH, &path, &token, Some(json!({ "notes": "x" }))).await;
    for count in 2..=60 {
        assert_eq!(patch().await.status, 204, "{count}");
    }
    let refused = patch().await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "60"));
    assert_eq!(refused.header("x-ms-throttle-information"), "WriteLimitExceeded");
    assert_eq!(tenant.post("/applications", &token, personal).await.status, 429);
    assert_eq!(tenant.post(&format!("{path}/addPassword"), &token, json!({})).await.status, 429);
    assert_eq!(tenant.get(&path, &token).await.status, 200, "reads are free");
    let (other, _) = tenant.new_application(&token, "Ours").await;
    assert_eq!(tenant.send(Method::DELETE, &format!("/applications/{other}"), &token, None).await.status, 204);
    tenant.inner.clock().advance(Duration::from_secs(60));
    assert_eq!(patch().await.status, 204);
}

#[tokio::test]
async fn faults_befall_the_steps_of_a_batch_and_the_recorder_keeps_them() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let headers = json!({ "Content-Type": "application/json" });
    let batch = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/me" },
        { "id": "2", "method": "POST", "url": "/applications", "headers": headers, "body": { "displayName": "Faulty" } },
    ]});
    for (method, path, fault, expected, is_made) in [
        ("GET", "/v1.0/me", status(503, Some(9)), [503, 201], true),
        ("POST", "/v1.0/applications", Fault::ResetBefore, [200, 504], false),
        ("POST", "/v1.0/applications", Fault::ResetAfter, [200, 504], true),
        ("POST", "/v1.0/applications", Fault::Huge { megabytes: 1 }, [200, 504], false),
        (
            "POST",
            "/v1.0/applications",
            Fault::Answer { status: 201, body: json!({}), applied: false },
            [200, 201],
            false,
        ),
    ] {
        tenant.inner.reset();
        tenant.inner.recorder().clear();
        tenant.inner.dials().set_faults(script(method, path, fault.clone()));
        let answer = tenant.post("/$batch", &token, batch.clone()).await;
        assert_eq!(answer.status, 200, "{fault:?}");
        let responses = answer.body["responses"].as_array().unwrap();
        let statuses: Vec<u64> = responses.iter().map(|it| it["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses, expected, "{fault:?}");
        let kept = tenant.inner.recorder().exchanges();
        let told: Vec<(&str, u16, bool)> = kept.iter().map(|it| (it.path.as_str(), it.status, it.in_batch)).collect();
        let [first, second] = expected.map(|status| u16::try_from(status).unwrap());
        let steps = [("/v1.0/me", first, true), ("/v1.0/applications", second, true), ("/v1.0/$batch", 200, false)];
        assert_eq!(told, steps, "{fault:?}");
        assert_eq!(kept.iter().filter_map(|it| it.fault).collect::<Vec<_>>(), [fault.kind()]);
        assert_eq!(exists(&tenant, &token).await, is_made, "{fault:?}");
    }
    tenant.inner.dials().set_faults(script("GET", "/v1.0/me", Fault::Delay { milliseconds: 150 }));
    let begin = Instant::now();
    tenant.post("/$batch", &token, batch).await;
    assert!(begin.elapsed() >= Duration::from_millis(150));
}
