//! Management policies and licences (graph-facts 2 and 8).
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

use practice_tenant::{AppPolicy, PersonaKey};
use serde_json::{Value, json};
use support::start;

const DEFAULT: &str = "/policies/defaultAppManagementPolicy";
const P1: &str = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
const P2: &str = "eec0eb4f-6444-4f95-aba0-50c24d67f998";

#[tokio::test]
async fn the_default_policy_is_what_the_dial_says() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::User, "User.Read Policy.Read.All").await;
    let quiet = tenant.get(DEFAULT, &token).await;
    assert_eq!((quiet.status.as_u16(), &quiet.body["isEnabled"]), (200, &json!(false)));
    let rules = |body: &Value| {
        let listed = body["applicationRestrictions"]["passwordCredentials"].as_array().unwrap().clone();
        listed
            .iter()
            .map(|it| (it["restrictionType"].as_str().unwrap().to_owned(), it["maxLifetime"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(rules(&quiet.body), []);
    tenant.inner.dials().set_policy(AppPolicy {
        forbid_secrets: true,
        longest_secret: Some(Duration::from_secs(90 * 86_400)),
        ..AppPolicy::default()
    });
    let strict = tenant.get(DEFAULT, &token).await;
    assert_eq!(strict.body["isEnabled"], json!(true));
    let expected = [("passwordAddition".to_owned(), json!(null)), ("passwordLifetime".to_owned(), json!("P90D"))];
    assert_eq!(rules(&strict.body), expected);
    assert_eq!(strict.body["applicationRestrictions"]["passwordCredentials"][0]["state"], "enabled");
    let without = tenant.sign_in_with(PersonaKey::GlobalAdministrator, "User.Read Application.Read.All").await;
    assert_eq!(tenant.get(DEFAULT, &without).await.code(), "Authorization_RequestDenied");
}

#[tokio::test]
async fn no_app_has_a_policy_of_its_own() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::User, "User.Read Application.Read.All Policy.Read.All").await;
    let app = tenant.get("/applications?$top=1&$select=id", &token).await.body["value"][0]["id"].clone();
    let path = format!("/applications/{}/appManagementPolicies", app.as_str().unwrap());
    for path in [path.as_str(), "/policies/appManagementPolicies"] {
        let listed = tenant.get(path, &token).await;
        assert_eq!((listed.status.as_u16(), &listed.body["value"]), (200, &json!([])), "{path}");
    }
    let unknown = "/applications/7d5e5e0c-1111-4222-8333-444455556666/appManagementPolicies";
    assert_eq!(tenant.get(unknown, &token).await.status, 404);
}

#[tokio::test]
async fn the_licence_shows_in_plans_and_products_until_the_dial_takes_it_away() {
    let tenant = start().await;
    let token = tenant.sign_in_with(PersonaKey::User, "User.Read Organization.Read.All").await;
    let plans = async || {
        let organization = tenant.get("/organization", &token).await;
        let plans = organization.body["value"][0]["assignedPlans"].as_array().unwrap().clone();
        let premium = plans.iter().filter(|plan| plan["service"] == "AADPremiumService");
        premium.map(|plan| plan["servicePlanId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(plans().await, [P2, P1]);
    let bought = tenant.get("/subscribedSkus", &token).await;
    assert_eq!(bought.body["value"][0]["skuPartNumber"], "AAD_PREMIUM_P2");
    assert_eq!(bought.body["value"][0]["servicePlans"][0]["servicePlanId"], P2);
    tenant.inner.dials().set_without_premium(true);
    assert!(plans().await.is_empty());
    assert_eq!(tenant.get("/subscribedSkus", &token).await.body["value"], json!([]));
    let without = tenant.sign_in_with(PersonaKey::User, "User.Read").await;
    assert_eq!(tenant.get("/subscribedSkus", &without).await.status, 403);
}
