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
        graph_resource(),
        application(ID),
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
        grant(ID, "{service principal}", ID),
        revoke(ID, "mfrBDj2M6E-G/..+_x'y"),
    ];
    insta::assert_json_snapshot!(requests.iter().map(shown).collect::<Vec<_>>());
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
