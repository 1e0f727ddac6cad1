//! Reading what an operator may become, policies and plans, however oddly they are written.

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::standing::*;
use super::*;

const ROLE: &str = "e8611ab8-c189-46e8-94e1-60213ab1f814";

fn read<T: DeserializeOwned>(body: Value) -> T {
    serde_json::from_value(body).expect("readable")
}

fn now() -> Timestamp {
    "2026-08-20T10:00:00Z".parse().expect("a time")
}

fn policy(restrictions: &Value) -> AppManagementPolicy {
    read(json!({ "isEnabled": true, "applicationRestrictions": { "passwordCredentials": restrictions } }))
}

#[test]
fn an_eligibility_is_read_with_whatever_it_lacks() {
    let whole: RoleEligibility = read(json!({
        "@odata.type": "#microsoft.graph.unifiedRoleEligibilityScheduleInstance",
        "id": "x", "principalId": ROLE, "roleDefinitionId": ROLE, "directoryScopeId": "/", "appScopeId": null,
        "memberType": "Direct", "startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2026-12-31T23:59:59.99Z",
        "roleDefinition": { "id": ROLE, "displayName": "Privileged Role Administrator", "isBuiltIn": true },
    }));
    assert_eq!(whole.role_definition_id.to_string(), ROLE);
    assert_eq!(whole.role_name(), Some("Privileged Role Administrator"));
    assert!(whole.is_tenant_wide());
    assert_eq!(whole.end_date_time.map(|end| end.to_string()).as_deref(), Some("2026-12-31T23:59:59.99Z"));
    for odd in [
        json!({ "roleDefinitionId": ROLE }),
        json!({ "roleDefinitionId": ROLE, "roleDefinition": null, "endDateTime": null, "directoryScopeId": null }),
        json!({ "roleDefinitionId": ROLE, "roleDefinition": { "displayName": null }, "endDateTime": "never" }),
        json!({ "roleDefinitionId": ROLE, "roleDefinition": "x", "endDateTime": 7, "directoryScopeId": [] }),
    ] {
        let eligible: RoleEligibility = read(odd);
        assert_eq!((eligible.role_name(), eligible.end_date_time), (None, None));
        assert!(eligible.is_tenant_wide());
    }
    let part: RoleEligibility = read(json!({ "roleDefinitionId": ROLE, "directoryScopeId": "/administrativeUnits/x" }));
    assert!(!part.is_tenant_wide());
    assert!(serde_json::from_value::<RoleEligibility>(json!({ "roleDefinitionId": "odd" })).is_err(), "no role");
}

#[test]
fn a_policy_restricts_only_while_it_is_on_and_in_force() {
    let addition = |state: Value, after: Value| {
        policy(&json!([{
            "restrictionType": "passwordAddition", "state": state, "maxLifetime": null,
            "restrictForAppsCreatedAfterDateTime": after,
        }]))
    };
    for (state, after, forbids) in [
        (json!("enabled"), json!(null), true),
        (json!("Enabled"), json!("2019-10-19T10:37:00Z"), true),
        (json!("enabled"), json!("2026-08-20T10:00:00Z"), true),
        // A new app is made now, before the restriction begins.
        (json!("enabled"), json!("2026-08-20T10:00:01Z"), false),
        (json!("disabled"), json!(null), false),
        (json!("unknownFutureValue"), json!(null), false),
        // The property is younger than the policy.
        (json!(null), json!(null), true),
        (json!(7), json!("nonsense"), true),
    ] {
        assert_eq!(addition(state.clone(), after.clone()).forbids_secrets(now()), forbids, "{state} {after}");
    }
    let off = |enabled: Value| -> AppManagementPolicy {
        let restrictions = json!({ "passwordCredentials": [{ "restrictionType": "passwordAddition" }] });
        read(json!({ "isEnabled": enabled, "applicationRestrictions": restrictions }))
    };
    assert!(off(json!(true)).forbids_secrets(now()));
    for value in [json!(false), json!(null), json!("yes")] {
        assert!(!off(value.clone()).forbids_secrets(now()), "{value}");
    }
}

#[test]
fn restrictions_of_other_things_and_of_service_principals_are_not_taken_for_ours() {
    let others = policy(&json!([
        { "restrictionType": "customPasswordAddition" },
        { "restrictionType": "symmetricKeyAddition" },
        { "restrictionType": "symmetricKeyLifetime", "maxLifetime": "P1D" },
        { "restrictionType": null },
        {},
    ]));
    assert!(!others.forbids_secrets(now()));
    assert_eq!(others.longest_secret_days(now()), None);
    let of_principals: AppManagementPolicy = read(json!({
        "isEnabled": true,
        "servicePrincipalRestrictions": { "passwordCredentials": [{ "restrictionType": "passwordAddition" }] },
        "applicationRestrictions": { "keyCredentials": [{ "restrictionType": "asymmetricKeyLifetime" }] },
    }));
    assert!(!of_principals.forbids_secrets(now()));
}

#[test]
fn the_shortest_lifetime_in_force_counts_and_odd_ones_do_not() {
    let lifetime = |text: Value| json!({ "restrictionType": "passwordLifetime", "maxLifetime": text });
    for (text, days) in [
        (json!("P365D"), Some(365)),
        (json!("P4DT12H30M5S"), Some(4)),
        (json!("PT36H"), Some(1)),
        (json!("PT1H"), Some(0)),
        (json!(" P90D "), Some(90)),
        (json!("P1Y"), Some(365)),
        (json!("P6M"), Some(181)),
        (json!("P2W"), Some(14)),
        (json!("-P1D"), None),
        (json!("P10675199DT2H48M5.4775807S"), None),
        (json!("P99999999999D"), None),
        (json!("90"), None),
        (json!("P"), None),
        (json!(""), None),
        (json!(null), None),
        (json!(90), None),
    ] {
        assert_eq!(policy(&json!([lifetime(text.clone())])).longest_secret_days(now()), days, "{text}");
    }
    let several = json!([
        lifetime(json!("P365D")),
        lifetime(json!("odd")),
        7,
        null,
        lifetime(json!("P180D")),
        { "restrictionType": "passwordLifetime", "maxLifetime": "P1D", "state": "disabled" },
        { "restrictionType": "passwordLifetime", "maxLifetime": "P2D",
          "restrictForAppsCreatedAfterDateTime": "2090-01-01T00:00:00Z" },
    ]);
    assert_eq!(policy(&several).longest_secret_days(now()), Some(180), "odd rows hide no other");
    for none in [json!(null), json!([]), json!({}), json!("x")] {
        assert_eq!(policy(&none).longest_secret_days(now()), None, "{none}");
    }
}

#[test]
fn what_users_may_do_is_told_only_where_the_policy_tells() {
    let may = |body: Value| read::<AuthorizationPolicy>(body).users_may_register();
    assert_eq!(may(json!({ "defaultUserRolePermissions": { "allowedToCreateApps": true } })), Some(true));
    assert_eq!(may(json!({ "defaultUserRolePermissions": { "allowedToCreateApps": false } })), Some(false));
    for silent in [
        json!({}),
        json!({ "defaultUserRolePermissions": null }),
        json!({ "defaultUserRolePermissions": { "allowedToCreateApps": null } }),
        json!({ "defaultUserRolePermissions": { "allowedToCreateApps": "yes" } }),
        json!({ "defaultUserRolePermissions": [] }),
    ] {
        assert_eq!(may(silent.clone()), None, "{silent}");
    }
}

#[test]
fn an_odd_plan_does_not_hide_the_tenant() {
    let tenant: Organization = read(json!({
        "id": ROLE,
        "assignedPlans": [
            { "servicePlanId": "41781fb2-bc02-4b7c-bd55-b576c07bb09d", "capabilityStatus": "Enabled", "service": "AADPremiumService" },
            { "servicePlanId": "odd", "capabilityStatus": 7, "service": null },
            null,
            "x",
        ],
    }));
    assert_eq!(tenant.assigned_plans.len(), 2);
    assert_eq!(tenant.assigned_plans[0].capability_status.as_deref(), Some("Enabled"));
    assert_eq!((tenant.assigned_plans[1].service_plan_id, &tenant.assigned_plans[1].service), (None, &None));
    let without: Organization = read(json!({ "id": ROLE, "assignedPlans": null, "verifiedDomains": null }));
    assert!(without.assigned_plans.is_empty());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?P[0-9]{0,12}[YMWD]?(T[0-9]{1,12}[HMS])?".prop_map(Value::from),
        "[0-9]{0,5}-[0-9]{0,2}-[0-9]{0,2}T[0-9:.]{0,12}Z?".prop_map(Value::from),
        Just(Value::from("passwordAddition")),
        Just(Value::from("passwordLifetime")),
        Just(Value::from("enabled")),
        Just(Value::from(ROLE)),
    ];
    let key = prop_oneof![
        Just("isEnabled"),
        Just("applicationRestrictions"),
        Just("passwordCredentials"),
        Just("restrictionType"),
        Just("state"),
        Just("maxLifetime"),
        Just("restrictForAppsCreatedAfterDateTime"),
        Just("roleDefinitionId"),
        Just("roleDefinition"),
        Just("displayName"),
        Just("directoryScopeId"),
        Just("endDateTime"),
        Just("defaultUserRolePermissions"),
        Just("allowedToCreateApps"),
        Just("id"),
        Just("assignedPlans"),
        Just("servicePlanId"),
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map(key.clone(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(body in any_json()) {
        let restricted = json!({ "isEnabled": true, "applicationRestrictions": { "passwordCredentials": body } });
        for body in [&body, &restricted] {
            if let Ok(policy) = serde_json::from_value::<AppManagementPolicy>(body.clone()) {
                let _ = (policy.forbids_secrets(now()), policy.longest_secret_days(now()));
            }
        }
        if let Ok(eligible) = serde_json::from_value::<RoleEligibility>(body.clone()) {
            let _ = (eligible.role_name(), eligible.is_tenant_wide());
        }
        let _ = serde_json::from_value::<AuthorizationPolicy>(body.clone()).map(|it| it.users_may_register());
        let _ = serde_json::from_value::<Organization>(body);
    }

    #[test]
    fn no_duration_makes_it_panic(text in "\\PC{0,30}|-?P?[0-9YMWDTHS.,-]{0,30}") {
        prop_assert!(days(&text).is_none_or(|days| days <= 100_000));
    }
}
