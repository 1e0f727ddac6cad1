//! Device code (graph-facts 11): asked for, typed, answered and polled for.
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

use practice_tenant::{ConditionalAccess, DeviceAnswer, FollowError, Options, PersonaKey, StandIn, answer_device_code};
use serde_json::{Value, json};
use support::{Reply, SCOPES, Tenant, claims, frozen, reply, start, start_with};

async fn ask(tenant: &Tenant, client: &str, scope: &str) -> Reply {
    let form = [("client_id", client), ("scope", scope)];
    reply(tenant.http.post(tenant.login("/oauth2/v2.0/devicecode")).form(&form).send().await.unwrap()).await
}

async fn issue(tenant: &Tenant) -> Value {
    let answer = ask(tenant, &tenant.inner.public_client_id().to_string(), SCOPES).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

async fn poll(tenant: &Tenant, code: &Value) -> Reply {
    let client = tenant.inner.public_client_id().to_string();
    tenant
        .token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", &client),
            ("device_code", code["device_code"].as_str().unwrap()),
        ])
        .await
}

async fn answer(tenant: &Tenant, code: &Value, answer: DeviceAnswer) -> Result<(), FollowError> {
    let text = |name: &str| code[name].as_str().unwrap().to_owned();
    let sha256 = tenant.inner.authority_sha256();
    answer_device_code(&text("verification_uri"), &text("user_code"), answer, sha256).await
}

/// The error and its first code.
fn error(reply: &Reply) -> (&str, u64) {
    (reply.body["error"].as_str().unwrap_or_default(), reply.body["error_codes"][0].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn a_person_approves_on_a_page_and_the_app_gets_tokens_once() {
    let tenant = start().await;
    let code = issue(&tenant).await;
    assert_eq!((&code["expires_in"], &code["interval"]), (&json!(900), &json!(5)));
    assert_eq!(code.get("verification_uri_complete"), None, "Entra sends none");
    let message = code["message"].as_str().unwrap();
    assert!(message.contains(code["user_code"].as_str().unwrap()), "{message}");
    assert!(message.contains(code["verification_uri"].as_str().unwrap()), "{message}");

    assert_eq!(error(&poll(&tenant, &code).await), ("authorization_pending", 70_016));
    let approve = DeviceAnswer::Approve(PersonaKey::ApplicationAdministrator);
    answer(&tenant, &code, approve).await.unwrap();
    let tokens = poll(&tenant, &code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let token = tokens.body["access_token"].as_str().unwrap();
    assert_eq!(claims(token)["upn"], "aaliyah.okonjo@brightwater.example");
    assert!(tokens.body["refresh_token"].is_string() && tokens.body["id_token"].is_string());
    assert_eq!(tenant.get("/me", token).await.status, 200);
    assert_eq!(error(&poll(&tenant, &code).await), ("invalid_grant", 90_120), "it was used");
    let again = answer(&tenant, &code, approve).await;
    assert!(matches!(again, Err(FollowError::Refused(ref text)) if text.contains("already authorized")), "{again:?}");
}

#[tokio::test]
async fn an_app_that_polls_too_fast_is_slowed_down() {
    let tenant = start().await;
    let code = issue(&tenant).await;
    let clock = tenant.inner.clock();
    assert_eq!(error(&poll(&tenant, &code).await).0, "authorization_pending");
    assert_eq!(error(&poll(&tenant, &code).await).0, "slow_down", "no time has passed");
    clock.advance(Duration::from_secs(6));
    assert_eq!(error(&poll(&tenant, &code).await).0, "slow_down", "ten seconds are asked for by now");
    clock.advance(Duration::from_secs(15));
    assert_eq!(error(&poll(&tenant, &code).await).0, "authorization_pending");
    clock.advance(Duration::from_secs(900));
    assert_eq!(error(&poll(&tenant, &code).await), ("expired_token", 70_019));
    let late = answer(&tenant, &code, DeviceAnswer::Decline).await;
    assert!(matches!(late, Err(FollowError::Refused(ref text)) if text.contains("expired")), "{late:?}");
}

#[tokio::test]
async fn declined_unknown_and_foreign_codes_are_told_apart() {
    let tenant = start().await;
    let code = issue(&tenant).await;
    answer(&tenant, &code, DeviceAnswer::Decline).await.unwrap();
    assert_eq!(error(&poll(&tenant, &code).await).0, "authorization_declined");
    let invented = json!({ "device_code": "invented", "user_code": "AAAAAAAAA",
                           "verification_uri": code["verification_uri"] });
    assert_eq!(error(&poll(&tenant, &invented).await), ("bad_verification_code", 70_018));
    let wrong = answer(&tenant, &invented, DeviceAnswer::Decline).await;
    assert!(matches!(wrong, Err(FollowError::Refused(ref text)) if text.contains("didn't work")), "{wrong:?}");
    let other = tenant.inner.operator_client_id().to_string();
    let stolen = tenant
        .token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", &other),
            ("device_code", issue(&tenant).await["device_code"].as_str().unwrap()),
        ])
        .await;
    assert_eq!(error(&stolen).0, "bad_verification_code");
    assert_eq!(error(&ask(&tenant, "7d5e5e0c-1111-4222-8333-444455556666", SCOPES).await).1, 700_016);
    let client = tenant.inner.public_client_id().to_string();
    assert_eq!(error(&ask(&tenant, &client, "No.Such.Scope").await).1, 70_011);
}

#[tokio::test]
async fn the_page_works_without_script_and_never_holds_the_code_in_its_address() {
    let tenant = start().await;
    let code = issue(&tenant).await;
    let uri = code["verification_uri"].as_str().unwrap();
    let page = tenant.http.get(uri).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("name=\"otc\"") && !page.contains("<script"), "{page}");
    let typed = format!(" {} ", code["user_code"].as_str().unwrap().to_lowercase());
    let page = tenant.http.post(uri).form(&[("otc", typed)]).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Inbound Access (practice sign-in)"), "the page says for whom: {page}");
    assert!(page.contains("Decline") && !page.contains("<script"));
}

#[tokio::test]
async fn auto_approval_answers_device_codes_too() {
    let tenant = start_with(Options { auto_approve: Some(PersonaKey::Eligible), ..frozen() }).await;
    let code = issue(&tenant).await;
    let tokens = poll(&tenant, &code).await;
    assert_eq!(claims(tokens.body["access_token"].as_str().unwrap())["given_name"], "Mei-Ling");
}

#[tokio::test]
async fn a_tenant_that_blocks_device_code_says_so_on_the_page_and_to_the_app() {
    let tenant = start().await;
    let blocks = ConditionalAccess { block_device_code: true, ..ConditionalAccess::default() };
    tenant.inner.dials().set_conditional_access(blocks);
    let code = issue(&tenant).await;
    let blocked = answer(&tenant, &code, DeviceAnswer::Approve(PersonaKey::User)).await;
    assert!(matches!(blocked, Err(FollowError::Refused(ref text)) if text.contains("AADSTS53003")), "{blocked:?}");
    assert_eq!(error(&poll(&tenant, &code).await), ("invalid_grant", 53_003));
    // The browser is not concerned.
    tenant.sign_in(PersonaKey::User).await;
}

#[tokio::test]
async fn consent_is_asked_for_on_the_page() {
    let tenant = start().await;
    let client = tenant.inner.operator_client_id().to_string();
    let code = ask(&tenant, &client, "User.Read Application.Read.All").await.body;
    let poll = async || {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", client.as_str()),
            ("device_code", code["device_code"].as_str().unwrap()),
        ];
        tenant.token(&form).await
    };
    let (uri, typed) = (code["verification_uri"].as_str().unwrap(), code["user_code"].as_str().unwrap());
    let stand_in = StandIn::new(tenant.inner.authority_sha256());
    let approve = DeviceAnswer::Approve(PersonaKey::ApplicationAdministrator);
    stand_in.answer_device_code(uri, typed, approve).await.unwrap();
    let tokens = poll().await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert_eq!(claims(tokens.body["access_token"].as_str().unwrap())["scp"], "User.Read Application.Read.All");
}
