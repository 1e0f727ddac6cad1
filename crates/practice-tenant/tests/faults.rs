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
use reqwest::StatusCode;
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
