//! Consent to delegated scopes (graph-facts 8 and 11): asked on a page, kept for one or for all, or refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::{Options, PersonaKey};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use support::{REDIRECT, Reply, Tenant, VERIFIER, claims, field, frozen, query_of, start, start_with};

const ANSWER: &str = "/oauth2/v2.0/authorize/answer";
const COMMAND_LINE_TOOLS: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

fn asking(tenant: &Tenant, client: &str, scope: &str) -> Vec<(&'static str, String)> {
    let mut parameters = tenant.authorize_parameters(scope);
    parameters.retain(|(name, _)| *name != "client_id");
    parameters.push(("client_id", client.to_owned()));
    parameters
}

/// The page that comes after a persona was chosen.
async fn page(tenant: &Tenant, persona: PersonaKey, client: &str, scope: &str) -> String {
    let answer = tenant.choose(persona, &asking(tenant, client, scope)).await;
    assert_eq!(answer.status(), 200, "a page");
    answer.text().await.unwrap()
}

async fn redeem(tenant: &Tenant, client: &str, answer: Response) -> Reply {
    let answer = query_of(&answer);
    tenant
        .token(&[
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("code", field(&answer, "code")),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ])
        .await
}

/// The scopes of an access token.
fn scopes(tokens: &Reply) -> Value {
    claims(tokens.body["access_token"].as_str().unwrap_or_else(|| panic!("{}", tokens.body)))["scp"].clone()
}

#[tokio::test]
async fn an_administrator_consents_once_for_everyone() {
    let tenant = start().await;
    let client = tenant.inner.operator_client_id().to_string();
    let scope = "User.Read Application.Read.All";
    for persona in [PersonaKey::ApplicationAdministrator, PersonaKey::PrivilegedRoleAdministrator] {
        tenant.inner.reset();
        let shown = page(&tenant, persona, &client, scope).await;
        for words in ["Admin workstation sign-in", "Read: application (all)", "User.Read", "your organisation"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains("<script"));
        let answer = tenant.send_form(ANSWER, &shown, "consent", "accept").await;
        assert_eq!(scopes(&redeem(&tenant, &client, answer).await), scope, "{persona}");
        // From now on nobody is asked.
        let answer = tenant.choose(PersonaKey::User, &asking(&tenant, &client, scope)).await;
        assert_eq!(scopes(&redeem(&tenant, &client, answer).await), scope);
        // A further scope is asked for by itself.
        let shown = page(&tenant, persona, &client, "User.Read Policy.Read.All").await;
        assert!(shown.contains("Policy.Read.All") && !shown.contains("User.Read<"), "{shown}");
    }
}

#[tokio::test]
async fn a_user_consents_to_what_is_theirs_for_themself_only() {
    let tenant = start().await;
    let client = tenant.inner.operator_client_id().to_string();
    let shown = page(&tenant, PersonaKey::User, &client, "User.Read").await;
    assert!(shown.contains("for you."), "{shown}");
    let answer = tenant.send_form(ANSWER, &shown, "consent", "accept").await;
    assert_eq!(scopes(&redeem(&tenant, &client, answer).await), "User.Read");
    let again = tenant.choose(PersonaKey::User, &asking(&tenant, &client, "User.Read")).await;
    assert_eq!(again.status(), 302, "not asked again");
    let other = page(&tenant, PersonaKey::Eligible, &client, "User.Read").await;
    assert!(other.contains("Accept"), "somebody else is");
}

#[tokio::test]
async fn a_user_needs_an_administrator_s_approval_for_more() {
    let tenant = start().await;
    let client = tenant.inner.operator_client_id().to_string();
    let shown = page(&tenant, PersonaKey::User, &client, "User.Read Application.Read.All").await;
    assert!(shown.contains("Need admin approval") && shown.contains("AADSTS90094"), "{shown}");
    assert!(!shown.contains("value=\"accept\""));
    let back = query_of(&tenant.send_form(ANSWER, &shown, "consent", "unable").await);
    assert_eq!(field(&back, "error"), "access_denied");
    assert!(field(&back, "error_description").starts_with("AADSTS90094"), "{back:?}");
    // Who sends another form than the page has gets no further.
    let shown = page(&tenant, PersonaKey::User, &client, "Application.Read.All").await;
    let back = query_of(&tenant.send_form(ANSWER, &shown, "consent", "accept").await);
    assert!(field(&back, "error_description").starts_with("AADSTS90094"), "{back:?}");
}

#[tokio::test]
async fn consent_can_be_declined_and_nothing_is_kept() {
    let tenant = start().await;
    let client = tenant.inner.operator_client_id().to_string();
    let before = tenant.inner.snapshot();
    let shown = page(&tenant, PersonaKey::GlobalAdministrator, &client, "Application.Read.All").await;
    let back = query_of(&tenant.send_form(ANSWER, &shown, "consent", "cancel").await);
    assert_eq!((field(&back, "error"), field(&back, "error_subcode")), ("access_denied", "cancel"));
    assert!(field(&back, "error_description").starts_with("AADSTS65004"), "{back:?}");
    assert_eq!(field(&back, "state"), "st&te=1");
    assert_eq!(tenant.inner.snapshot(), before);
}

#[tokio::test]
async fn a_refresh_never_asks_and_says_that_consent_is_missing() {
    let tenant = start().await;
    let answer = tenant.code(PersonaKey::GlobalAdministrator, "offline_access User.Read").await;
    let refresh = tenant.redeem(field(&answer, "code")).await.body["refresh_token"].as_str().unwrap().to_owned();
    let wider = tenant.renew(&refresh, &[("scope", "User.Read Application.Read.All")]).await;
    assert_eq!(scopes(&wider), "User.Read Application.Read.All", "what is consented to comes silently");
    let refused = tenant.renew(&refresh, &[("scope", "User.Read Mail.Read")]).await;
    assert_eq!((refused.status.as_u16(), &refused.body["error"]), (400, &json!("invalid_grant")));
    assert_eq!(refused.body["error_codes"], json!([65_001]));
    assert_eq!(refused.body["suberror"], "consent_required");
}

#[tokio::test]
async fn the_command_line_tools_may_ask_for_anything_once_an_administrator_consents() {
    let tenant = start().await;
    let scope = "User.Read Application.ReadWrite.All Policy.Read.All";
    let shown = page(&tenant, PersonaKey::User, COMMAND_LINE_TOOLS, scope).await;
    assert!(shown.contains("Microsoft Graph Command Line Tools") && shown.contains("AADSTS90094"), "{shown}");
    let shown = page(&tenant, PersonaKey::GlobalAdministrator, COMMAND_LINE_TOOLS, scope).await;
    let answer = tenant.send_form(ANSWER, &shown, "consent", "accept").await;
    assert_eq!(scopes(&redeem(&tenant, COMMAND_LINE_TOOLS, answer).await), scope);
    // The consent has made a service principal, of Microsoft's tenant.
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let made = tenant.get(&format!("/servicePrincipals(appId='{COMMAND_LINE_TOOLS}')"), &admin).await;
    assert_eq!(made.body["displayName"], "Microsoft Graph Command Line Tools");
    assert_eq!(made.body["appOwnerOrganizationId"], "f8cdef31-a31e-4b4a-93e4-5f571e91255a");
    let answer = tenant.choose(PersonaKey::User, &asking(&tenant, COMMAND_LINE_TOOLS, scope)).await;
    assert_eq!(scopes(&redeem(&tenant, COMMAND_LINE_TOOLS, answer).await), scope);
}

#[tokio::test]
async fn azure_cli_gets_what_it_is_preauthorised_for_and_nothing_else() {
    let tenant = start().await;
    let parameters = asking(&tenant, AZURE_CLI, "https://graph.microsoft.com/.default offline_access openid");
    let answer = tenant.choose(PersonaKey::User, &parameters).await;
    let held = scopes(&redeem(&tenant, AZURE_CLI, answer).await);
    let held: Vec<&str> = held.as_str().unwrap().split(' ').collect();
    for scope in ["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Directory.AccessAsUser.All"] {
        assert!(held.contains(&scope), "{held:?}");
    }
    assert!(!held.contains(&"Policy.Read.All"));
    let url = tenant.login("/oauth2/v2.0/authorize");
    let parameters = asking(&tenant, AZURE_CLI, "Policy.Read.All");
    let refused = query_of(&tenant.http.get(url).query(&parameters).send().await.unwrap());
    assert_eq!(field(&refused, "error"), "invalid_request");
    assert!(field(&refused, "error_description").starts_with("AADSTS65002"), "{refused:?}");
}

#[tokio::test]
async fn clients_that_were_registered_wrongly_are_refused_in_entra_s_words() {
    let tenant = start().await;
    let web = tenant.inner.web_client_id().to_string();
    let shown = page(&tenant, PersonaKey::GlobalAdministrator, &web, "User.Read").await;
    let answer = tenant.send_form(ANSWER, &shown, "consent", "accept").await;
    let refused = redeem(&tenant, &web, answer).await;
    assert_eq!((&refused.body["error"], &refused.body["error_codes"]), (&json!("invalid_client"), &json!([7_000_218])));
    let elsewhere = tenant.inner.elsewhere_client_id().to_string();
    let parameters = asking(&tenant, &elsewhere, "User.Read");
    let page = tenant.http.get(tenant.login("/oauth2/v2.0/authorize")).query(&parameters).send().await.unwrap();
    assert_eq!(page.status(), 400);
    assert!(page.text().await.unwrap().contains("AADSTS50011"));
}

#[tokio::test]
async fn prompt_consent_asks_again_and_auto_approval_consents_as_far_as_it_may() {
    let tenant = start().await;
    let mut parameters = tenant.authorize_parameters("User.Read");
    parameters.push(("prompt", "consent".into()));
    let shown = tenant.choose(PersonaKey::GlobalAdministrator, &parameters).await.text().await.unwrap();
    assert!(shown.contains("Accept"), "{shown}");

    for (persona, error) in [(PersonaKey::GlobalAdministrator, ""), (PersonaKey::User, "access_denied")] {
        let tenant = start_with(Options { auto_approve: Some(persona), ..frozen() }).await;
        let client = tenant.inner.operator_client_id().to_string();
        let url = tenant.login("/oauth2/v2.0/authorize");
        let mut parameters = asking(&tenant, &client, "Application.Read.All");
        let back = query_of(&tenant.http.get(&url).query(&parameters).send().await.unwrap());
        assert_eq!(field(&back, "error"), error, "{persona}");
        if error.is_empty() {
            continue;
        }
        parameters.push(("prompt", "none".into()));
        let back = query_of(&tenant.http.get(&url).query(&parameters).send().await.unwrap());
        assert_eq!(field(&back, "error"), "consent_required", "{persona}");
    }
}

#[tokio::test]
async fn the_registration_s_own_requests_are_what_default_asks_for() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let client = tenant.inner.operator_client_id().to_string();
    let path = format!("/applications(appId='{client}')");
    let body = json!({ "requiredResourceAccess": [{ "resourceAppId": support::GRAPH_APP_ID, "resourceAccess": [
        { "id": "c79f8feb-a9db-4090-85f9-90d820caa0eb", "type": "Scope" },
        { "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" },
    ]}]});
    assert_eq!(tenant.send(Method::PATCH, &path, &admin, Some(body)).await.status, 204);
    let scope = "https://graph.microsoft.com/.default";
    let shown = page(&tenant, PersonaKey::GlobalAdministrator, &client, scope).await;
    let answer = tenant.send_form(ANSWER, &shown, "consent", "accept").await;
    assert_eq!(scopes(&redeem(&tenant, &client, answer).await), "Application.Read.All User.Read");
}
