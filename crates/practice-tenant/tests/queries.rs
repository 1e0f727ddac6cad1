//! Lists: filters, search, pages, and the rules of advanced queries (graph-facts 4).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use practice_tenant::{DialSettings, Options, PersonaKey, Seed};
use reqwest::Method;
use serde_json::{Value, json};
use support::{GRAPH_APP_ID, frozen, start, start_with};

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn names_with_any_character_are_found_exactly() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let all = tenant.get("/servicePrincipals?$top=999&$select=id,displayName", &token).await;
    let all = all.body["value"].as_array().unwrap();
    assert!(all.len() > 25);
    for each in all {
        let name = each["displayName"].as_str().unwrap();
        let quoted = encoded(&name.replace('\'', "''"));
        let found = tenant.get(&format!("/servicePrincipals?$filter=displayName%20eq%20'{quoted}'"), &token).await;
        assert!(found.names().contains(&name), "{name}: {:?}", found.names());
        assert!(found.names().iter().all(|it| it.to_lowercase() == name.to_lowercase()), "{name}");
        let begin: String = name.chars().take(4).collect::<String>().replace('\'', "''");
        let path = format!("/servicePrincipals?$filter=startswith(displayName,'{}')&$top=999", encoded(&begin));
        assert!(tenant.get(&path, &token).await.names().contains(&name), "{name}");
    }
    let names: Vec<&str> = all.iter().filter_map(|it| it["displayName"].as_str()).collect();
    for sign in ["'", "%", "&", "#", "+", "🚀", "\u{200f}"] {
        assert!(names.iter().any(|name| name.contains(sign)), "no name holds {sign}");
    }
}

#[tokio::test]
async fn a_plus_that_is_not_encoded_is_a_blank_as_in_any_query() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let path = "/servicePrincipals?$filter=displayName+eq+'100%25+HR+%26+Payroll+%231+%2B+Partners'";
    assert_eq!(tenant.get(path, &token).await.names(), ["100% HR & Payroll #1 + Partners"]);
}

#[tokio::test]
async fn filters_select_by_kind_state_and_membership() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let names = async |filter: &str| {
        let found = tenant.get(&format!("/servicePrincipals?$filter={}&$top=999", encoded(filter)), &token).await;
        assert_eq!(found.status, 200, "{filter}: {}", found.body);
        found.names().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let identities = names("servicePrincipalType eq 'ManagedIdentity'").await;
    assert_eq!(identities.len(), 9);
    let user_assigned = names("alternativeNames/any(x:x eq 'isExplicit=True')").await;
    assert!(user_assigned.iter().all(|name| identities.contains(name)) && user_assigned.len() == 4);
    assert_eq!(names("accountEnabled eq false").await, ["Retired HR interface", "zebra-label-printing"]);
    assert_eq!(identities.iter().filter(|name| name.contains('🧪') && name.contains('\'')).count(), 1);
    assert_eq!(names(&format!("appId eq '{GRAPH_APP_ID}'")).await, ["Microsoft Graph"]);
    assert_eq!(names("displayName eq 'microsoft graph'").await.len(), 2, "one of them is not Graph");
    let both = names("servicePrincipalType eq 'ManagedIdentity' and startswith(displayName,'csv2')").await;
    assert_eq!(both.len(), 2);
    let either = names("(displayName eq 'id-hr-feed' or displayName eq 'vm-legacy-hr')").await;
    assert_eq!(either.len(), 2);
    assert_eq!(names("displayName in ('id-hr-feed', 'Payroll upload', 'nobody')").await.len(), 2);
    assert_eq!(names("displayName eq 'nobody'").await, Vec::<String>::new());
}

#[tokio::test]
async fn advanced_queries_need_the_header_and_the_count() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    for query in [
        "$filter=displayName ne 'x'",
        "$filter=not(displayName eq 'x')",
        "$filter=not startswith(displayName,'x')",
        "$orderby=displayName",
        "$filter=startswith(displayName,'H')&$orderby=displayName desc",
    ] {
        let path = format!("/servicePrincipals?{query}");
        for answer in [
            tenant.get(&path, &token).await,
            tenant.get(&format!("{path}&$count=true"), &token).await,
            tenant.get_eventual(&path, &token).await,
        ] {
            assert_eq!((answer.status.as_u16(), answer.code()), (400, "Request_UnsupportedQuery"), "{query}");
        }
        let advanced = tenant.get_eventual(&format!("{path}&$count=true"), &token).await;
        assert_eq!(advanced.status, 200, "{query}");
        assert!(advanced.body["@odata.count"].is_u64());
    }
    let plain = tenant.get("/servicePrincipals?$count=true", &token).await;
    assert!(plain.status == 200 && plain.body.get("@odata.count").is_none(), "silently ignored");

    let refused = tenant.get("/servicePrincipals/$count", &token).await;
    assert_eq!(
        (refused.code(), &refused.body["error"]["message"]),
        ("Request_BadRequest", &json!("$count is not currently supported."))
    );
    let counted =
        tenant.get_eventual("/servicePrincipals/$count?$filter=servicePrincipalType ne 'Application'", &token).await;
    assert_eq!(counted.body, json!(9));
    assert_eq!(counted.header("content-type"), "text/plain");

    let search = "/servicePrincipals?$search=\"displayName:bulk\"";
    let refused = tenant.get(search, &token).await;
    assert_eq!(refused.code(), "Request_UnsupportedQuery");
    assert!(refused.body["error"]["message"].as_str().unwrap().contains("'ConsistencyLevel: eventual'"));
    assert_eq!(tenant.get_eventual(search, &token).await.names(), ["CSV2SCIMBulkUpload"; 3]);

    let ordered = tenant.get_eventual("/applications?$orderby=displayName&$count=true&$top=999", &token).await;
    let lower: Vec<String> = ordered.names().iter().map(|name| name.to_lowercase()).collect();
    assert!(lower.is_sorted() && lower.len() > 10);
}

#[tokio::test]
async fn what_cannot_be_filtered_selected_or_searched_is_refused() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    for (query, code) in [
        ("$filter=contains(displayName,'x')", "Request_UnsupportedQuery"),
        ("$filter=notes eq 'x'", "Request_UnsupportedQuery"),
        ("$orderby=appId&$count=true", "Request_UnsupportedQuery"),
        ("$filter=alternativeNames eq 'x'", "Request_UnsupportedQuery"),
        ("$filter=alternativeNames/any(x:contains(x,'a'))", "Request_UnsupportedQuery"),
        ("$filter=isExplicit eq true", "BadRequest"),
        ("$filter=displayName eq", "BadRequest"),
        ("$filter=displayName eq 'a' b", "BadRequest"),
        ("$filter=displayName eq 'a", "BadRequest"),
        ("$filter=bogus(displayName,'a')", "BadRequest"),
        ("$select=id,nothing", "BadRequest"),
        ("$top=0", "Request_UnsupportedQuery"),
        ("$top=1000", "Request_UnsupportedQuery"),
        ("$top=ten", "Request_BadRequest"),
        ("$skip=10", "Request_UnsupportedQuery"),
        ("$skiptoken=garbage", "Directory_ExpiredPageToken"),
        ("$expand=owners", "Request_UnsupportedQuery"),
        ("$wonder=1", "BadRequest"),
        ("$search=plain", "BadRequest"),
    ] {
        let answer = tenant.get_eventual(&format!("/servicePrincipals?{query}"), &token).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, code), "{query}: {}", answer.body);
    }
    let deep = format!("/servicePrincipals?$filter={}displayName eq 'x'{}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(tenant.get(&deep, &token).await.status, 400);
}

#[tokio::test]
async fn pages_follow_each_other_until_all_is_told_once() {
    let dials = DialSettings { empty_pages: true, ..DialSettings::default() };
    let tenant = start_with(Options { seed: Seed::Large(230), dials, ..frozen() }).await;
    let token = tenant.sign_in(PersonaKey::User).await;
    for (query, advanced) in [
        ("?$select=id", false),
        ("?$select=id&$top=50", false),
        ("?$select=id&$count=true&$orderby=displayName desc&$top=60", true),
    ] {
        let mut path = format!("/servicePrincipals{query}");
        let (mut ids, mut empty, mut pages) = (Vec::new(), 0, 0);
        loop {
            let page =
                if advanced { tenant.get_eventual(&path, &token).await } else { tenant.get(&path, &token).await };
            assert_eq!(page.status, 200);
            assert_eq!(page.body["@odata.count"].is_u64(), advanced && pages == 0, "the first page only");
            let rows = page.body["value"].as_array().unwrap();
            empty += usize::from(rows.is_empty());
            pages += 1;
            ids.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            match page.body["@odata.nextLink"].as_str() {
                Some(next) => path = next.to_owned(),
                None => break,
            }
        }
        assert!(empty > 0, "an empty page is no end");
        assert_eq!(ids.len(), 230);
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 230);
    }
    // The header is not carried over pages.
    let first = tenant.get_eventual("/servicePrincipals?$count=true&$orderby=displayName&$top=5", &token).await;
    let next = first.body["@odata.nextLink"].as_str().unwrap();
    assert_eq!(tenant.get(next, &token).await.status, 400);
    assert_eq!(tenant.get_eventual(next, &token).await.status, 200);
}

#[tokio::test]
async fn a_page_token_survives_that_rows_come_and_go() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let first = tenant.get("/applications?$top=5&$select=id", &token).await;
    let ids = |page: &Value| {
        page["value"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let seen = ids(&first.body);
    let gone = tenant.send(Method::DELETE, &format!("/applications/{}", seen[1]), &token, None).await;
    assert_eq!(gone.status, 204);
    let second = tenant.get(first.body["@odata.nextLink"].as_str().unwrap(), &token).await;
    let whole = tenant.get("/applications?$top=999&$select=id", &token).await;
    let expected: Vec<String> = ids(&whole.body).into_iter().filter(|id| !seen.contains(id)).take(5).collect();
    assert_eq!(ids(&second.body), expected);
}

#[tokio::test]
async fn select_narrows_and_graph_s_own_principal_carries_every_role() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let path = format!("/servicePrincipals(appId='{GRAPH_APP_ID}')");
    let whole = tenant.get(&path, &token).await;
    assert!(whole.body["appRoles"].as_array().unwrap().len() > 700);
    assert!(whole.body["oauth2PermissionScopes"].as_array().unwrap().len() > 700);
    let narrow = tenant.get(&format!("{path}?$select=id,appRoles"), &token).await;
    let mut keys: Vec<&String> = narrow.body.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["@odata.context", "appRoles", "id"]);
    let listed = tenant.get("/servicePrincipals?$select=id&$top=999", &token).await;
    assert!(listed.body["value"].as_array().unwrap().iter().all(|row| row.as_object().unwrap().len() == 1));

    tenant.inner.dials().set_absent_permissions(vec!["ProvisioningLog.Read.All".into()]);
    let without = tenant.get(&format!("{path}?$select=appRoles"), &token).await.body.to_string();
    assert!(without.contains("AuditLog.Read.All") && !without.contains("ProvisioningLog.Read.All"));
}

#[tokio::test]
async fn me_my_roles_and_the_organization() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::PrivilegedRoleAdministrator).await;
    let me = tenant.get("/me", &token).await;
    assert_eq!(me.body["displayName"], "Tomasz Wieczorek");
    let member = tenant.get("/me/transitiveMemberOf", &token).await;
    let kinds: Vec<&str> =
        member.body["value"].as_array().unwrap().iter().filter_map(|it| it["@odata.type"].as_str()).collect();
    assert_eq!(kinds, ["#microsoft.graph.group", "#microsoft.graph.directoryRole"]);
    let cast = "/me/transitiveMemberOf/microsoft.graph.directoryRole";
    assert_eq!(tenant.get(cast, &token).await.code(), "Request_UnsupportedQuery");
    let roles = tenant.get_eventual(&format!("{cast}?$count=true"), &token).await;
    assert_eq!(roles.body["value"][0]["roleTemplateId"], "e8611ab8-c189-46e8-94e1-60213ab1f814");
    assert_ne!(roles.body["value"][0]["id"], roles.body["value"][0]["roleTemplateId"]);
    let eligible = tenant.sign_in(PersonaKey::Eligible).await;
    let none = tenant.get_eventual(&format!("{cast}?$count=true"), &eligible).await;
    assert_eq!(none.body["value"], json!([]), "eligible is not active");
    let organization = tenant.get("/organization", &token).await;
    assert_eq!(organization.body["value"][0]["id"], tenant.inner.tenant_id().to_string());
    assert_eq!(organization.body["value"][0]["verifiedDomains"][0]["name"], "brightwater.example");
}

#[tokio::test]
async fn each_property_takes_its_own_operators_and_constants() {
    let tenant = start().await;
    let token = tenant.sign_in(PersonaKey::User).await;
    let graph = tenant.graph_id(&token).await;
    let assigned = format!("/servicePrincipals/{graph}/appRoleAssignedTo");
    let (apps, principals) = ("/applications", "/servicePrincipals");
    let (fine, refused, wrong_type) = ("", "Request_UnsupportedQuery", "BadRequest");
    let of_graph = format!("resourceId eq {graph}");
    let quoted = format!("resourceId eq '{graph}'");
    let holder = format!("principalId eq {graph}");
    let ours = format!("appOwnerOrganizationId eq {}", tenant.inner.tenant_id());
    for (path, filter, expected) in [
        (principals, "displayName ge 'W' and displayName le 'X'", fine),
        (principals, "displayName eq null", fine),
        (principals, "startswith(appId,'0000000')", fine),
        (principals, "accountEnabled in (false)", fine),
        (principals, "not (accountEnabled eq false)", fine),
        (principals, "not alternativeNames/any(x:x eq 'isExplicit=True')", fine),
        (principals, "alternativeNames/any(x:startswith(x,'/subscriptions/'))", fine),
        (principals, &ours, fine),
        (apps, "createdDateTime ge 2026-01-01 and createdDateTime le 2026-06-01T11:00:00+02:00", fine),
        (apps, "startswith(uniqueName,'x')", fine),
        (&assigned, &of_graph, fine),
        (&assigned, "startswith(principalDisplayName,'HR')", fine),
        (principals, "displayName gt 'a'", refused),
        (principals, "displayName lt 'a'", refused),
        (principals, "endswith(displayName,'feed')", refused),
        (principals, "accountEnabled ge true", refused),
        (principals, "appRoleAssignmentRequired in (true)", refused),
        (principals, "servicePrincipalType ge 'A'", refused),
        (principals, "startswith(servicePrincipalType,'M')", refused),
        (principals, "appId ge 'a'", refused),
        (principals, "appId eq null", refused),
        (principals, "homepage eq 'x'", refused),
        (principals, "createdDateTime ge 2026-01-01T00:00:00Z", refused),
        (principals, "alternativeNames/any(x:x ne 'a')", refused),
        (principals, "alternativeNames/any(x:endswith(x,'a'))", refused),
        (principals, "tags/any(x:x gt 'a')", refused),
        (apps, "publisherDomain in ('x')", refused),
        (apps, "not (publisherDomain eq 'x')", refused),
        (&assigned, "principalDisplayName ne 'x'", refused),
        (&assigned, &holder, refused),
        (principals, "accountEnabled eq 'true'", wrong_type),
        (principals, "displayName eq true", wrong_type),
        (principals, "displayName eq feed", wrong_type),
        (principals, "displayName in ('a', 7)", wrong_type),
        (principals, "appOwnerOrganizationId eq 'x'", wrong_type),
        (principals, "appOwnerOrganizationId eq 42", wrong_type),
        (principals, "alternativeNames/any(x:x eq 7)", wrong_type),
        (apps, "createdDateTime eq '2026-01-01T00:00:00Z'", wrong_type),
        (apps, "createdDateTime eq soon", wrong_type),
        (&assigned, &quoted, wrong_type),
    ] {
        let answer = tenant.get_eventual(&format!("{path}?$filter={}&$count=true", encoded(filter)), &token).await;
        let status = if expected.is_empty() { 200 } else { 400 };
        assert_eq!((answer.status.as_u16(), answer.code()), (status, expected), "{path} {filter}: {}", answer.body);
    }
    let new = tenant.get("/applications?$filter=createdDateTime ge 2026-05-01T00:00:00%2B14:00&$top=999", &token).await;
    let all = tenant.get("/applications?$top=999", &token).await;
    assert!(!new.names().is_empty() && new.names().len() < all.names().len(), "dates are compared as dates");
}
