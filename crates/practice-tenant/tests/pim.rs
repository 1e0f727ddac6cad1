//! Privileged Identity Management (graph-facts 8): what may be activated, activating it, and when it counts.
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

use practice_tenant::{Options, PersonaKey, Pim, PimMfa};
use serde_json::{Value, json};
use support::{Reply, Tenant, claims, field, frozen, start, start_with};

const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
const PRIVILEGED: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";
const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
const ELIGIBLE: &str = "/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')";
const ACTIVE: &str = "/roleManagement/directory/roleAssignmentScheduleInstances/filterByCurrentUser(on='principal')";
const REQUESTS: &str = "/roleManagement/directory/roleAssignmentScheduleRequests";
const SCOPES: &str = "offline_access User.Read Application.ReadWrite.All RoleEligibilitySchedule.Read.Directory \
                      RoleAssignmentSchedule.ReadWrite.Directory";

async fn sign_in(tenant: &Tenant, persona: PersonaKey) -> String {
    tenant.sign_in_with(persona, SCOPES).await
}

fn wanted(token: &str, role: &str, hours: u32) -> Value {
    json!({
        "action": "selfActivate",
        "principalId": claims(token)["oid"],
        "roleDefinitionId": role,
        "directoryScopeId": "/",
        "justification": "HR feed",
        "scheduleInfo": { "expiration": { "type": "AfterDuration", "duration": format!("PT{hours}H") } },
    })
}

async fn activate(tenant: &Tenant, token: &str, role: &str) -> Reply {
    tenant.post(REQUESTS, token, wanted(token, role, 2)).await
}

async fn registers(tenant: &Tenant, token: &str) -> u16 {
    tenant.post("/applications", token, json!({ "displayName": "Mine" })).await.status.as_u16()
}

#[tokio::test]
async fn eligible_roles_are_listed_with_their_definitions() {
    let tenant = start().await;
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    let listed = tenant.get(&format!("{ELIGIBLE}?$expand=roleDefinition"), &token).await;
    assert_eq!(listed.status, 200, "{}", listed.body);
    let roles: Vec<(&str, &str)> = listed.body["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["roleDefinitionId"].as_str().unwrap(), it["roleDefinition"]["displayName"].as_str().unwrap()))
        .collect();
    let expected =
        [(APPLICATION_ADMINISTRATOR, "Application Administrator"), (PRIVILEGED, "Privileged Role Administrator")];
    assert_eq!(roles, expected);
    let first = &listed.body["value"][0];
    assert_eq!((&first["directoryScopeId"], &first["memberType"]), (&json!("/"), &json!("Direct")));
    assert_eq!(first["endDateTime"], json!(null));
    assert_eq!(listed.body["value"][1]["endDateTime"], "2027-12-31T23:00:00Z");
    let plain = tenant.get(ELIGIBLE, &token).await;
    assert_eq!(plain.body["value"][0].get("roleDefinition"), None);
    assert_eq!(tenant.get(&format!("{ELIGIBLE}?$expand=manager"), &token).await.status, 400);
    let nobody = sign_in(&tenant, PersonaKey::User).await;
    assert_eq!(tenant.get(ELIGIBLE, &nobody).await.body["value"], json!([]));
    let without = tenant.sign_in_with(PersonaKey::Eligible, "User.Read Application.Read.All").await;
    assert_eq!(tenant.get(ELIGIBLE, &without).await.code(), "Authorization_RequestDenied");
    let app = tenant.app_token().await.body["access_token"].as_str().unwrap().to_owned();
    assert_eq!(tenant.get(ELIGIBLE, &app).await.status, 400, "an app is no current user");
}

#[tokio::test]
async fn an_activated_role_counts_until_it_ends() {
    let tenant = start().await;
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    assert_eq!(registers(&tenant, &token).await, 403);
    let done = activate(&tenant, &token, APPLICATION_ADMINISTRATOR).await;
    assert_eq!(done.status, 201, "{}", done.body);
    assert_eq!((&done.body["status"], &done.body["action"]), (&json!("Provisioned"), &json!("selfActivate")));
    assert_eq!(done.body["scheduleInfo"]["expiration"]["duration"], "PT120M");
    assert_eq!(registers(&tenant, &token).await, 201, "also for the token that was there before");

    let member = tenant.get("/me/transitiveMemberOf", &token).await;
    assert!(member.names().contains(&"Application Administrator"), "{}", member.body);
    let active = tenant.get(ACTIVE, &token).await;
    assert_eq!(active.body["value"][0]["assignmentType"], "Activated");
    assert_eq!(active.body["value"][0]["endDateTime"], "2026-06-01T11:00:00Z");
    let fresh = sign_in(&tenant, PersonaKey::Eligible).await;
    assert_eq!(claims(&fresh)["wids"][0], APPLICATION_ADMINISTRATOR);
    let twice = activate(&tenant, &token, APPLICATION_ADMINISTRATOR).await;
    assert_eq!((twice.status.as_u16(), twice.code()), (400, "RoleAssignmentExists"));

    tenant.inner.clock().advance(Duration::from_secs(7_200));
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    assert_eq!(registers(&tenant, &token).await, 403, "it has ended");
    assert_eq!(tenant.get(ACTIVE, &token).await.body["value"], json!([]));
    assert_eq!(activate(&tenant, &token, APPLICATION_ADMINISTRATOR).await.status, 201, "it can be activated anew");
    let mut over = wanted(&token, APPLICATION_ADMINISTRATOR, 1);
    over["action"] = json!("selfDeactivate");
    assert_eq!(tenant.post(REQUESTS, &token, over).await.body["status"], "Revoked");
    assert_eq!(registers(&tenant, &token).await, 403);
}

#[tokio::test]
async fn a_role_that_was_just_activated_counts_only_after_its_delay() {
    let tenant = start().await;
    tenant.inner.dials().set_pim(Pim { activation_delay: Duration::from_secs(20), ..Pim::default() });
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    assert_eq!(activate(&tenant, &token, APPLICATION_ADMINISTRATOR).await.status, 201);
    assert_eq!(registers(&tenant, &token).await, 403, "F16: confirmed, and yet refused");
    assert_eq!(tenant.get(ACTIVE, &token).await.body["value"].as_array().unwrap().len(), 1);
    let member = tenant.get("/me/transitiveMemberOf", &token).await;
    assert!(!member.names().contains(&"Application Administrator"));
    tenant.inner.clock().advance(Duration::from_secs(20));
    assert_eq!(registers(&tenant, &token).await, 201);
}

#[tokio::test]
async fn the_rules_of_pim_are_named_when_they_are_broken() {
    let tenant = start().await;
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    let change = |name: &str, value: Value| {
        let mut body = wanted(&token, PRIVILEGED, 1);
        body[name] = value;
        body
    };
    for (body, rules) in [
        (wanted(&token, GLOBAL, 1), r#"["EligibilityRule"]"#),
        (wanted(&token, PRIVILEGED, 9), r#"["ExpirationRule"]"#),
        (change("justification", json!(" ")), r#"["JustificationRule"]"#),
        (change("scheduleInfo", json!(null)), r#"["ExpirationRule"]"#),
    ] {
        let refused = tenant.post(REQUESTS, &token, body).await;
        assert_eq!(refused.status, 400, "{rules}");
        assert_eq!(refused.code(), "RoleAssignmentRequestPolicyValidationFailed", "{rules}");
        let message = format!("The following policy rules failed: {rules}");
        assert_eq!(refused.body["error"]["message"], message);
    }
    for (body, status) in [
        (change("principalId", json!("7d5e5e0c-1111-4222-8333-444455556666")), 403),
        (change("action", json!("adminAssign")), 400),
        (change("directoryScopeId", json!("/administrativeUnits/1")), 400),
        (change("roleDefinitionId", json!("x")), 400),
    ] {
        assert_eq!(tenant.post(REQUESTS, &token, body).await.status, status);
    }
    let only_checked = tenant.post(REQUESTS, &token, change("isValidationOnly", json!(true))).await;
    assert_eq!(only_checked.status, 201);
    assert_eq!(tenant.get(ACTIVE, &token).await.body["value"], json!([]), "nothing was activated");
}

#[tokio::test]
async fn pim_can_demand_mfa_or_an_authentication_context() {
    let tenant = start().await;
    tenant.inner.dials().set_single_factor(true);
    tenant.inner.dials().set_pim(Pim { mfa: PimMfa::MultiFactor, ..Pim::default() });
    let weak = sign_in(&tenant, PersonaKey::Eligible).await;
    assert_eq!(claims(&weak)["amr"], json!(["pwd"]));
    let refused = activate(&tenant, &weak, PRIVILEGED).await;
    assert_eq!(refused.code(), "RoleAssignmentRequestPolicyValidationFailed");
    assert!(refused.body["error"]["message"].as_str().unwrap().contains("MfaRule"));
    let mfa = r#"{"access_token":{"amr":{"values":["mfa"]}}}"#;
    let strong = tenant.tokens_with_claims(PersonaKey::Eligible, SCOPES, mfa).await;
    let strong = strong.body["access_token"].as_str().unwrap();
    assert_eq!(activate(&tenant, strong, PRIVILEGED).await.status, 201);

    tenant.inner.dials().set_pim(Pim { mfa: PimMfa::Context, ..Pim::default() });
    let refused = activate(&tenant, strong, APPLICATION_ADMINISTRATOR).await;
    assert_eq!(refused.code(), "RoleAssignmentRequestAcrsValidationFailed");
    let message = refused.body["error"]["message"].as_str().unwrap();
    let asked =
        url::form_urlencoded::parse(message.trim_start_matches('&').as_bytes()).into_owned().collect::<Vec<_>>();
    let tokens = tenant.tokens_with_claims(PersonaKey::Eligible, SCOPES, field(&asked, "claims")).await;
    let token = tokens.body["access_token"].as_str().unwrap();
    assert_eq!(claims(token)["acrs"], json!(["c1"]));
    assert_eq!(activate(&tenant, token, APPLICATION_ADMINISTRATOR).await.status, 201);
    // A context is not had silently.
    let refresh = tenant.tokens_with_claims(PersonaKey::User, SCOPES, mfa).await;
    let refresh = refresh.body["refresh_token"].as_str().unwrap();
    let refused = tenant.renew(refresh, &[("claims", field(&asked, "claims"))]).await;
    assert_eq!(refused.body["error"], "interaction_required");
}

#[tokio::test]
async fn without_a_premium_licence_there_is_no_pim() {
    let tenant = start().await;
    tenant.inner.dials().set_without_premium(true);
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    for refused in [
        tenant.get(ELIGIBLE, &token).await,
        tenant.get(ACTIVE, &token).await,
        activate(&tenant, &token, PRIVILEGED).await,
    ] {
        assert_eq!((refused.status.as_u16(), refused.code()), (400, "AadPremiumLicenseRequired"));
    }
}

#[tokio::test]
async fn role_definitions_are_listed_and_read() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::User, "User.Read RoleManagement.Read.Directory").await;
    let path = "/roleManagement/directory/roleDefinitions";
    let all = tenant.get(path, &token).await;
    assert!(all.names().contains(&"Global Administrator"), "{}", all.body);
    let named = tenant.get(&format!("{path}?$filter=displayName eq 'Privileged Role Administrator'"), &token).await;
    assert_eq!(named.body["value"][0]["templateId"], PRIVILEGED);
    let one = tenant.get(&format!("{path}/{GLOBAL}?$select=displayName"), &token).await;
    assert_eq!(one.body["displayName"], "Global Administrator");
    let none = tenant.get(&format!("{path}/7d5e5e0c-1111-4222-8333-444455556666"), &token).await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn activations_are_kept_over_a_restart_and_old_state_files_are_still_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let options = || Options { state_file: Some(file.clone()), ..frozen() };
    let tenant = start_with(options()).await;
    let token = sign_in(&tenant, PersonaKey::Eligible).await;
    assert_eq!(activate(&tenant, &token, APPLICATION_ADMINISTRATOR).await.status, 201);
    tenant.inner.stop().await;
    let tenant = start_with(options()).await;
    assert_eq!(registers(&tenant, &token).await, 201);
    tenant.inner.stop().await;

    let mut saved: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let directory = saved["directory"].as_object_mut().unwrap();
    assert!(directory.remove("activations").is_some(), "as a version wrote it that knew none");
    std::fs::write(&file, saved.to_string()).unwrap();
    let tenant = start_with(options()).await;
    assert_eq!(registers(&tenant, &token).await, 403);
}
