//! Claims challenges and continuous access evaluation (graph-facts 11).
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

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use practice_tenant::{Fault, FaultRule, FaultScript, PersonaKey};
use serde_json::{Value, json};
use support::{Reply, SCOPES, Tenant, claims, field, start};

const CAPABLE: &str = r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#;

fn token(tokens: &Reply) -> String {
    tokens.body["access_token"].as_str().unwrap_or_else(|| panic!("{}", tokens.body)).to_owned()
}

/// The claims that a challenge asks for, as JSON.
fn asked(refused: &Reply) -> Value {
    assert_eq!((refused.status.as_u16(), refused.code()), (401, "InvalidAuthenticationToken"));
    let header = refused.header("www-authenticate");
    assert!(header.starts_with("Bearer realm=\"\", authorization_uri=\"https://"), "{header}");
    assert!(header.contains("error=\"insufficient_claims\""), "{header}");
    let claims = header.split(", claims=\"").nth(1).unwrap();
    serde_json::from_slice(&STANDARD.decode(claims.trim_end_matches('"')).unwrap()).unwrap()
}

/// The claims of a challenge with the client's capability, as a client asks with them.
fn merged(asked: &Value) -> String {
    let mut merged = asked.clone();
    merged["access_token"]["xms_cc"] = json!({ "values": ["cp1"] });
    merged.to_string()
}

async fn capable(tenant: &Tenant, persona: PersonaKey) -> Reply {
    tenant.tokens_with_claims(persona, SCOPES, CAPABLE).await
}

#[tokio::test]
async fn tokens_carry_the_capability_only_when_it_was_declared() {
    let tenant = start().await;
    let plain = tenant.sign_in(PersonaKey::User).await;
    assert_eq!(claims(&plain).get("xms_cc"), None);
    let tokens = capable(&tenant, PersonaKey::User).await;
    assert_eq!(claims(&token(&tokens))["xms_cc"], json!(["cp1"]));
    let refresh = tokens.body["refresh_token"].as_str().unwrap();
    assert_eq!(claims(&token(&tenant.renew(refresh, &[]).await))["xms_cc"], json!(["cp1"]));
    // Declared at the token endpoint only.
    let answer = tenant.code(PersonaKey::User, SCOPES).await;
    let late = tenant.redeem(field(&answer, "code")).await;
    let late = tenant.renew(late.body["refresh_token"].as_str().unwrap(), &[("claims", CAPABLE)]).await;
    assert_eq!(claims(&token(&late))["xms_cc"], json!(["cp1"]));
    let wrong = tenant.renew(refresh, &[("claims", "cp1")]).await;
    assert_eq!(wrong.body["error"], "invalid_request");
}

#[tokio::test]
async fn a_challenge_stands_until_the_person_signs_in_with_its_claims() {
    let tenant = start().await;
    let tokens = capable(&tenant, PersonaKey::User).await;
    let old = token(&tokens);
    assert_eq!(tenant.get("/me", &old).await.status, 200);
    tenant.inner.clock().advance(Duration::from_secs(60));
    tenant.inner.dials().challenge(PersonaKey::User);
    let refused = tenant.get("/me", &old).await;
    let wanted = asked(&refused);
    let now = tenant.inner.clock().now().as_second().to_string();
    assert_eq!(wanted, json!({ "access_token": { "nbf": { "essential": true, "value": now } } }));

    let renewed = tenant.renew(tokens.body["refresh_token"].as_str().unwrap(), &[("claims", CAPABLE)]).await;
    asked(&tenant.get("/me", &token(&renewed)).await);
    let anew = capable(&tenant, PersonaKey::User).await;
    asked(&tenant.get("/me", &token(&anew)).await);

    let answered = tenant.tokens_with_claims(PersonaKey::User, SCOPES, &merged(&wanted)).await;
    let fresh = token(&answered);
    assert_eq!(tenant.get("/me", &fresh).await.status, 200);
    let renewed = tenant.renew(answered.body["refresh_token"].as_str().unwrap(), &[]).await;
    assert_eq!(tenant.get("/me", &token(&renewed)).await.status, 200);
    asked(&tenant.get("/me", &old).await);
    // It was answered; the next sign-in need not repeat it.
    assert_eq!(tenant.get("/me", &token(&capable(&tenant, PersonaKey::User).await)).await.status, 200);
}

#[tokio::test]
async fn a_challenge_is_for_one_persona_and_for_clients_that_understand_it() {
    let tenant = start().await;
    let plain = tenant.sign_in(PersonaKey::User).await;
    let other = token(&capable(&tenant, PersonaKey::Eligible).await);
    tenant.inner.dials().challenge(PersonaKey::User);
    assert_eq!(tenant.get("/me", &plain).await.status, 200, "it lives until it expires");
    assert_eq!(tenant.get("/me", &other).await.status, 200);
    tenant.inner.clock().advance(Duration::from_secs(3601));
    let expired = tenant.get("/me", &plain).await;
    assert_eq!(expired.status, 401);
    assert!(!expired.header("www-authenticate").contains("claims="));
}

#[tokio::test]
async fn a_disabled_account_is_challenged_at_once() {
    let tenant = start().await;
    let old = token(&capable(&tenant, PersonaKey::User).await);
    tenant.inner.dials().set_disabled(vec![PersonaKey::User]);
    asked(&tenant.get("/me", &old).await);
    tenant.inner.dials().set_disabled(Vec::new());
    assert_eq!(tenant.get("/me", &old).await.status, 200);
}

#[tokio::test]
async fn a_write_that_is_challenged_changes_nothing() {
    let tenant = start().await;
    let old = token(&capable(&tenant, PersonaKey::GlobalAdministrator).await);
    tenant.inner.dials().challenge(PersonaKey::GlobalAdministrator);
    let before = tenant.inner.snapshot();
    asked(&tenant.post("/applications", &old, json!({ "displayName": "Mine" })).await);
    assert_eq!(tenant.inner.snapshot(), before);
    let batch = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me" }] });
    asked(&tenant.post("/$batch", &old, batch).await);
}

#[tokio::test]
async fn the_script_challenges_the_nth_call_once() {
    let tenant = start().await;
    let script = r#"{"faults":[{"method":"GET","path":"/v1.0/me","nth":2,"fault":{"kind":"claimsChallenge"}}]}"#;
    let script: FaultScript = serde_json::from_str(script).unwrap();
    let rule = FaultRule {
        method: Some("GET".into()),
        path: "/v1.0/me".into(),
        nth: 2,
        times: 1,
        fault: Fault::ClaimsChallenge { status: 401 },
    };
    assert_eq!(script, FaultScript { faults: vec![rule] });
    tenant.inner.dials().set_faults(script);
    let held = token(&capable(&tenant, PersonaKey::User).await);
    assert_eq!(tenant.get("/me", &held).await.status, 200);
    asked(&tenant.get("/me", &held).await);
    assert_eq!(tenant.get("/me", &held).await.status, 200, "it does not stand");
    let forbidden = r#"{"faults":[{"path":"/v1.0/me","fault":{"kind":"claimsChallenge","status":403}}]}"#;
    tenant.inner.dials().set_faults(serde_json::from_str(forbidden).unwrap());
    let refused = tenant.get("/me", &held).await;
    assert_eq!(refused.status, 403, "Graph's documentation knows this status too");
    assert!(refused.header("www-authenticate").contains("insufficient_claims"));
    let exchange = tenant.inner.recorder().exchanges();
    assert_eq!(exchange.iter().filter(|it| it.fault == Some("claimsChallenge")).count(), 2);
}
