//! The tenant's policies: what users may do without a role (graph-facts 8), and what credentials apps may have
//! (graph-facts 2).

use std::time::Duration;

use http::Method;
use serde_json::{Map, Value, json};

use crate::graph::applications::find_seen;
use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::{AUTHORIZATION_POLICY, object};
use crate::graph::odata::schema_access::{APP_POLICY, TENANT_APP_POLICY};
use crate::graph::router::Route;
use crate::graph::rules::{READ_AUTHORIZATION_POLICY, READ_POLICIES};
use crate::message::Answer;

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/policies/authorizationPolicy", &READ_AUTHORIZATION_POLICY, get),
    Route::new(Method::GET, "/policies/defaultAppManagementPolicy", &READ_POLICIES, default_app_policy),
    Route::new(Method::GET, "/policies/appManagementPolicies", &READ_POLICIES, app_policies),
    Route::new(Method::GET, "/applications/{id}/appManagementPolicies", &READ_POLICIES, policies_of_app),
];

fn policy(call: &Call<'_>) -> Map<String, Value> {
    object(json!({
        "id": "authorizationPolicy",
        "allowInvitesFrom": "adminsAndGuestInviters",
        "allowUserConsentForRiskyApps": null,
        "allowedToSignUpEmailBasedSubscriptions": false,
        "allowedToUseSSPR": true,
        "allowEmailVerifiedUsersToJoinOrganization": false,
        "blockMsolPowerShell": false,
        "defaultUserRolePermissions": {
            "allowedToCreateApps": call.tenant.dials.users_may_register(),
            "allowedToCreateSecurityGroups": false,
            "allowedToCreateTenants": false,
            "allowedToReadBitlockerKeysForOwnedDevice": true,
            "allowedToReadOtherUsers": true,
            "permissionGrantPoliciesAssigned": [],
        },
        "description": "What members and guests of the company may do.",
        "displayName": "Authorization Policy",
        "guestUserRoleId": "2af84b1e-32c8-42b7-82bc-daa82404023b",
    }))
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    list::single(call, &AUTHORIZATION_POLICY, "policies/authorizationPolicy", policy(call))
}

/// ISO 8601 in days and seconds.
fn iso(duration: Duration) -> String {
    let (days, rest) = (duration.as_secs() / 86_400, duration.as_secs() % 86_400);
    match (days, rest) {
        (days, 0) => format!("P{days}D"),
        (0, rest) => format!("PT{rest}S"),
        (days, rest) => format!("P{days}DT{rest}S"),
    }
}

/// The policy as the dial has it. Audiences stand in no published schema, so what the dial says of them shows only when
/// an app is created.
fn app_policy(call: &Call<'_>) -> Map<String, Value> {
    let policy = call.tenant.dials.policy();
    let restriction = |kind: &str, longest: Option<Duration>| {
        json!({
            "restrictionType": kind,
            "state": "enabled",
            "maxLifetime": longest.map(iso),
            "restrictForAppsCreatedAfterDateTime": null,
            "excludeActors": null,
        })
    };
    let mut passwords = Vec::new();
    if policy.forbid_secrets {
        passwords.push(restriction("passwordAddition", None));
    }
    if policy.longest_secret.is_some() {
        passwords.push(restriction("passwordLifetime", policy.longest_secret));
    }
    let is_enabled = !passwords.is_empty();
    object(json!({
        "id": "00000000-0000-0000-0000-000000000000",
        "deletedDateTime": null,
        "description": "Default tenant policy that enforces app management restrictions on applications and service \
                        principals.",
        "displayName": "Default app management tenant policy",
        "isEnabled": is_enabled,
        "applicationRestrictions": { "passwordCredentials": passwords, "keyCredentials": [] },
        "servicePrincipalRestrictions": { "passwordCredentials": passwords, "keyCredentials": [] },
    }))
}

fn default_app_policy(call: &Call<'_>) -> Result<Answer, Refusal> {
    list::single(call, &TENANT_APP_POLICY, "policies/defaultAppManagementPolicy", app_policy(call))
}

fn app_policies(call: &Call<'_>) -> Result<Answer, Refusal> {
    list::list(call, Rows { kind: &APP_POLICY, set: "policies/appManagementPolicies", rows: Vec::<Map<_, _>>::new() })
}

/// No app has a policy of its own.
fn policies_of_app(call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.tenant.store.read(|directory| find_seen(call, directory).map(|it| it.entity.id))?;
    let set = format!("applications('{id}')/appManagementPolicies");
    list::list(call, Rows { kind: &APP_POLICY, set: &set, rows: Vec::<Map<_, _>>::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_graph_does() {
        assert_eq!(iso(Duration::from_secs(90 * 86_400)), "P90D");
        assert_eq!(iso(Duration::from_secs(3600)), "PT3600S");
        assert_eq!(iso(Duration::from_secs(86_401)), "P1DT1S");
    }
}
