//! What users may do without a role (graph-facts 8).

use http::Method;
use serde_json::{Map, Value, json};

use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list;
use crate::graph::odata::schema::{AUTHORIZATION_POLICY, object};
use crate::graph::router::Route;
use crate::graph::rules::READ_AUTHORIZATION_POLICY;
use crate::message::Answer;

pub(crate) const ROUTES: &[Route] =
    &[Route::new(Method::GET, "/policies/authorizationPolicy", &READ_AUTHORIZATION_POLICY, get)];

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
