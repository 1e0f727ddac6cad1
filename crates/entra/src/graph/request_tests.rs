//! Every request as it goes over the wire.

use serde_json::{Value, json};

use super::request::*;
use crate::cloud::Cloud;
use crate::ids::{AppRoleId, MICROSOFT_GRAPH};
use crate::model::{RequiredResourceAccess, ResourceAccess, ServicePrincipalType};

const NAME: &str = "O'Brien & Söhne 100% #1+ 👍 \u{202e}x";
const ID: &str = "11111111-1111-4111-8111-111111111111";

fn shown(request: &Request) -> Value {
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    json!({ "request": format!("{} {}", request.method, request.path), "headers": headers, "body": request.body })
}

fn requested() -> Vec<RequiredResourceAccess> {
    let role: AppRoleId = "b0afded3-3588-46d8-8b3d-9842eff778da".parse().expect("an id");
    let access = vec![ResourceAccess { id: role, kind: "Role".to_owned() }];
    vec![RequiredResourceAccess { resource_app_id: MICROSOFT_GRAPH, resource_access: access }]
}

#[test]
fn reads() {
    let identity = Some(&ServicePrincipalType::ManagedIdentity);
    let requests = [
        me(),
        my_memberships(),
        organization(),
        my_eligible_roles(),
        app_management_policy(),
        authorization_policy(),
        graph_resource(),
        api(ID),
        application(ID),
        application_in_use(ID),
        owners_of(ID),
        federated_of(ID),
        deleted_item(ID),
        application_by_app_id(ID),
        application_by_unique_name(NAME),
        applications_named(NAME),
        applications_starting_with(NAME, 21),
        applications_starting_with("", 2_000),
        applications_searched("a \"b\" \\c", 21),
        service_principal(ID),
        service_principal_by_app_id(ID),
        service_principals_starting_with(NAME, identity, 21),
        service_principals_starting_with("", None, 0),
        service_principals_searched("CSV2SCIM", identity, 21),
        service_principals_named(NAME, identity),
        managed_identities_with_alternative_name("/subscriptions/s/resourcegroups/o'r/providers/p/x"),
        grants_of(ID),
        assigned_to(ID),
        every_grant(ID),
        service_principals_among(&[ID, NAME]),
        applications_among(&[ID]),
    ];
    insta::assert_json_snapshot!(requests.iter().map(shown).collect::<Vec<_>>());
}

#[test]
fn writes() {
    let end = "2027-01-31T23:59:59.999Z".parse().expect("a time");
    let noted = NewApplication::new(NAME, Some("HR, \"ext\" 123".to_owned()), requested());
    let requests = [
        upsert_application(NAME, &noted),
        upsert_application("inbound-access-1", &NewApplication::new("HR feed", None, Vec::new())),
        patch_requested(ID, &requested()),
        add_password("{application object id}", NAME, end),
        remove_password(ID, ID),
        delete_application(ID),
        create_service_principal("{client id}"),
        delete_service_principal(ID),
        set_sign_in(ID, true),
        grant(ID, "{service principal}", ID),
        revoke(ID, "mfrBDj2M6E-G/..+_x'y"),
        activate_role(ID, ID, "HR feed, ticket \"4711\"", 8, "2026-08-20T10:00:00.123456789Z".parse().expect("a time")),
    ];
    insta::assert_json_snapshot!(requests.iter().map(shown).collect::<Vec<_>>());
}

/// The contract's schemas, or none, said by name, where the folder beside the project is absent.
fn contract(test: &str) -> Option<Value> {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/graph-openapi-subset.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {test}: ../shared/contract is absent");
        return None;
    };
    Some(serde_json::from_str(&text).expect("the contract is JSON"))
}

/// The properties of a schema of the contract, its ancestors' among them.
fn properties(contract: &Value, schema: &str) -> serde_json::Map<String, Value> {
    let mut all = serde_json::Map::new();
    let mut open = vec![contract["components"]["schemas"][format!("microsoft.graph.{schema}")].clone()];
    assert!(open[0].is_object(), "{schema}");
    while let Some(one) = open.pop() {
        if let Some(name) = one["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
            open.push(contract["components"]["schemas"][name].clone());
        }
        open.extend(one["allOf"].as_array().into_iter().flatten().cloned());
        all.extend(one["properties"].as_object().into_iter().flatten().map(|(name, it)| (name.clone(), it.clone())));
    }
    all
}

#[test]
fn what_is_asked_and_read_of_standing_is_in_the_contract() {
    let Some(contract) = contract("what_is_asked_and_read_of_standing_is_in_the_contract") else { return };
    let path = |request: &Request| {
        let path = request.path.split('?').next().unwrap_or_default().trim_start_matches("/v1.0").to_owned();
        path.replace("on='principal'", "on='{on}'")
    };
    let at = jiff::Timestamp::UNIX_EPOCH;
    let activation = activate_role(ID, ID, "why", 8, at);
    for request in
        [&my_eligible_roles(), &activation, &app_management_policy(), &authorization_policy(), &organization()]
    {
        let operation = &contract["paths"][path(request)][request.method.as_str().to_lowercase()];
        assert!(operation.is_object(), "{} {}", request.method, request.path);
    }
    for (schema, read) in [
        (
            "unifiedRoleEligibilityScheduleInstance",
            &["roleDefinitionId", "directoryScopeId", "endDateTime", "roleDefinition"][..],
        ),
        ("unifiedRoleDefinition", &["displayName"]),
        ("tenantAppManagementPolicy", &["isEnabled", "applicationRestrictions"]),
        ("appManagementApplicationConfiguration", &["passwordCredentials"]),
        (
            "passwordCredentialConfiguration",
            &["restrictionType", "state", "maxLifetime", "restrictForAppsCreatedAfterDateTime"],
        ),
        ("authorizationPolicy", &["defaultUserRolePermissions"]),
        ("defaultUserRolePermissions", &["allowedToCreateApps"]),
        ("organization", &["assignedPlans", "verifiedDomains", "displayName"]),
        ("assignedPlan", &["servicePlanId", "capabilityStatus", "service"]),
    ] {
        let known = properties(&contract, schema);
        for name in read {
            assert!(known.contains_key(*name), "{schema}.{name}");
        }
    }
    let body = activation.body.expect("a body");
    for (schema, sent) in [
        ("unifiedRoleAssignmentScheduleRequest", &body),
        ("requestSchedule", &body["scheduleInfo"]),
        ("expirationPattern", &body["scheduleInfo"]["expiration"]),
    ] {
        let known = properties(&contract, schema);
        for name in sent.as_object().expect("an object").keys() {
            assert!(known.contains_key(name), "{schema}.{name}");
        }
    }
    let among = |schema: &str, value: &Value| {
        let listed = &contract["components"]["schemas"][format!("microsoft.graph.{schema}")]["enum"];
        assert!(listed.as_array().is_some_and(|all| all.contains(value)), "{schema}: {value}");
    };
    among("unifiedRoleScheduleRequestActions", &body["action"]);
    among("expirationPatternType", &body["scheduleInfo"]["expiration"]["type"]);
    for kind in ["passwordAddition", "passwordLifetime"] {
        among("appCredentialRestrictionType", &json!(kind));
    }
    among("appManagementRestrictionState", &json!("enabled"));
}

#[test]
fn urls_carry_the_path_unaltered_to_the_clouds_own_host() {
    for cloud in [Cloud::global(), Cloud::us_gov_l5(), Cloud::china()] {
        for request in [applications_named(NAME), application_by_unique_name(NAME), revoke(ID, "a/b?c#d'e")] {
            let url = request.url(&cloud);
            assert_eq!(url.origin(), cloud.graph.origin());
            let sent = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
            assert_eq!(sent, request.path, "what a plan shows is what is sent");
            assert_eq!(url.fragment(), None);
        }
    }
}
