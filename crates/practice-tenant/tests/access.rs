//! Who is let in, and what ends an earlier sign-in (graph-facts 11): Conditional Access, accounts, revocation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::{ConditionalAccess, PersonaKey};
use serde_json::{Value, json};
use support::{Reply, SCOPES, Tenant, claims, field, start};

async fn refresh_token(tenant: &Tenant, persona: PersonaKey) -> String {
    let answer = tenant.code(persona, SCOPES).await;
    tenant.redeem(field(&answer, "code")).await.body["refresh_token"].as_str().unwrap().to_owned()
}

/// The page after a persona was chosen, which must be one.
async fn page(tenant: &Tenant, persona: PersonaKey) -> String {
    let answer = tenant.choose(persona, &tenant.authorize_parameters(SCOPES)).await;
    assert_eq!(answer.status(), 400, "a page with an error");
    answer.text().await.unwrap()
}

fn error(reply: &Reply) -> (&str, u64) {
    (reply.body["error"].as_str().unwrap_or_default(), reply.body["error_codes"][0].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn a_blocked_persona_gets_in_nowhere() {
    let tenant = start().await;
    let refresh = refresh_token(&tenant, PersonaKey::User).await;
    let early = tenant.code(PersonaKey::User, SCOPES).await;
    let blocks = ConditionalAccess { blocked: vec![PersonaKey::User], ..ConditionalAccess::default() };
    tenant.inner.dials().set_conditional_access(blocks);
    assert!(page(&tenant, PersonaKey::User).await.contains("AADSTS53003"));
    assert_eq!(error(&tenant.renew(&refresh, &[]).await), ("invalid_grant", 53_003));
    assert_eq!(error(&tenant.redeem(field(&early, "code")).await), ("invalid_grant", 53_003));
    tenant.sign_in(PersonaKey::Eligible).await;
    tenant.inner.dials().set_conditional_access(ConditionalAccess::default());
    assert_eq!(tenant.renew(&refresh, &[]).await.status, 200);
}

#[tokio::test]
async fn demanded_mfa_ends_earlier_sign_ins_and_any_new_one_satisfies_it() {
    let tenant = start().await;
    let refresh = refresh_token(&tenant, PersonaKey::User).await;
    let other = refresh_token(&tenant, PersonaKey::Eligible).await;
    let demands = ConditionalAccess { require_mfa: vec![PersonaKey::User], ..ConditionalAccess::default() };
    tenant.inner.dials().set_conditional_access(demands.clone());
    let refused = tenant.renew(&refresh, &[]).await;
    assert_eq!(error(&refused), ("interaction_required", 50_076));
    let asked: Value = serde_json::from_str(refused.body["claims"].as_str().unwrap()).unwrap();
    assert!(asked["access_token"]["capolids"]["values"][0].is_string(), "{asked}");
    assert_eq!(refused.body["suberror"], "basic_action");
    assert_eq!(tenant.renew(&other, &[]).await.status, 200, "nobody else is asked");
    let fresh = refresh_token(&tenant, PersonaKey::User).await;
    // Demanding it once more changes nothing for who has shown it.
    tenant.inner.dials().set_conditional_access(demands);
    assert_eq!(tenant.renew(&fresh, &[]).await.status, 200);
    assert_eq!(error(&tenant.renew(&refresh, &[]).await).1, 50_076);
}

#[tokio::test]
async fn a_disabled_account_is_told_so_and_its_tokens_live_on() {
    let tenant = start().await;
    let refresh = refresh_token(&tenant, PersonaKey::User).await;
    let token = tenant.sign_in(PersonaKey::User).await;
    tenant.inner.dials().set_disabled(vec![PersonaKey::User]);
    assert!(page(&tenant, PersonaKey::User).await.contains("AADSTS50057"));
    assert_eq!(error(&tenant.renew(&refresh, &[]).await), ("invalid_grant", 50_057));
    assert_eq!(tenant.get("/me", &token).await.status, 200, "its client understands no challenge");
    tenant.inner.dials().set_disabled(Vec::new());
    assert_eq!(tenant.renew(&refresh, &[]).await.status, 200);
}

#[tokio::test]
async fn revoked_sign_ins_need_a_fresh_one() {
    let tenant = start().await;
    let refresh = refresh_token(&tenant, PersonaKey::User).await;
    let other = refresh_token(&tenant, PersonaKey::Eligible).await;
    tenant.inner.dials().revoke_sign_ins(PersonaKey::User);
    let refused = tenant.renew(&refresh, &[]).await;
    assert_eq!(error(&refused), ("invalid_grant", 50_173));
    assert_eq!(tenant.renew(&other, &[]).await.status, 200);
    let fresh = refresh_token(&tenant, PersonaKey::User).await;
    let renewed = tenant.renew(&fresh, &[]).await;
    assert_eq!(renewed.status, 200);
    let again = renewed.body["refresh_token"].as_str().unwrap();
    tenant.inner.dials().revoke_sign_ins(PersonaKey::User);
    assert_eq!(error(&tenant.renew(again, &[]).await).1, 50_173, "a renewed token is as old as its sign-in");
}

#[tokio::test]
async fn an_account_of_elsewhere_is_named_as_such() {
    let tenant = start().await;
    tenant.inner.dials().set_strangers(vec![PersonaKey::User]);
    let shown = page(&tenant, PersonaKey::User).await;
    assert!(shown.contains("AADSTS50020") && shown.contains("does not exist in tenant"), "{shown}");
    tenant.sign_in(PersonaKey::Eligible).await;
}

#[tokio::test]
async fn an_authority_without_form_post_says_so_and_refuses_it() {
    let tenant = start().await;
    let discovery = async || {
        let url = tenant.login("/v2.0/.well-known/openid-configuration");
        let found: Value = tenant.http.get(url).send().await.unwrap().json().await.unwrap();
        found["response_modes_supported"].clone()
    };
    assert_eq!(discovery().await, json!(["query", "fragment", "form_post"]));
    tenant.inner.dials().set_refuse_form_post(true);
    assert_eq!(discovery().await, json!(["query", "fragment"]));
    let mut parameters = tenant.authorize_parameters(SCOPES);
    parameters.retain(|(name, _)| *name != "response_mode");
    parameters.push(("response_mode", "form_post".into()));
    let page = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("form_post"));
    let token = tenant.sign_in(PersonaKey::User).await;
    assert_eq!(claims(&token)["idtyp"], "user");
}

#[tokio::test]
async fn signing_out_shows_a_page() {
    let tenant = start().await;
    let page = tenant.http.get(tenant.login("/oauth2/v2.0/logout")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("You signed out of your account"));
}
