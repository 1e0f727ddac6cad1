//! Everything that the app sends and the practice tenant answers in a full run is held against Microsoft's published
//! OpenAPI, and sign-in against graph-facts 11 (DESIGN section 5).
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "the helpers of tests are tests too, which clippy cannot see"
)]

mod check;
mod journey;
mod login;
mod openapi;

use practice_tenant::Exchange;
use serde_json::json;

use check::check_all;
use openapi::Contract;

#[tokio::test]
async fn a_full_run_of_both_paths_keeps_the_contract() {
    let Some(mut contract) = Contract::for_test("a_full_run_of_both_paths_keeps_the_contract") else { return };
    let exchanges = Box::pin(journey::both_paths()).await;
    let findings = check_all(&mut contract, &exchanges);
    assert!(
        findings.faults.is_empty(),
        "{} faults against the contract:\n{}",
        findings.faults.len(),
        findings.faults.join("\n")
    );
    for operation in journey::MUST_BE_SEEN {
        assert!(
            findings.checked.contains_key(*operation),
            "a full run made no {operation}; it made {:?}",
            findings.checked.keys()
        );
    }
    assert!(findings.login > 0, "nobody signed in");
    println!("{}", findings.summary(&contract));
}

/// Spoils one exchange of a real run.
type Spoil = fn(&mut Exchange);

#[tokio::test]
async fn a_spoilt_request_or_answer_is_caught() {
    let Some(mut contract) = Contract::for_test("a_spoilt_request_or_answer_is_caught") else { return };
    let exchanges = Box::pin(journey::both_paths()).await;
    let spoils: &[(&str, &str, Spoil)] = &[
        ("POST /servicePrincipals", "status 200 is not among the documented {201}", |exchange| exchange.status = 200),
        ("POST /servicePrincipals", "has no property \"appID\"", |exchange| {
            exchange.request_body = Some(json!({ "appID": "7d1c0000-0000-0000-0000-000000000000" }));
        }),
        ("POST /servicePrincipals", "is not of type", |exchange| {
            exchange.response_body.as_mut().expect("a body")["accountEnabled"] = json!("yes");
        }),
        ("POST /servicePrincipals", "has no property \"isExplicit\"", |exchange| {
            exchange.response_body.as_mut().expect("a body")["isExplicit"] = json!(true);
        }),
        ("POST /servicePrincipals", "content type is", |exchange| {
            exchange.request_headers.retain(|(name, _)| name != "content-type");
        }),
        ("POST /servicePrincipals", "no client-request-id", |exchange| {
            exchange.request_headers.retain(|(name, _)| name != "client-request-id");
        }),
        ("POST /servicePrincipals", "has no such operation", |exchange| {
            exchange.path = "/v1.0/servicePrincipal".to_owned();
        }),
        ("POST /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo", "does not match", |exchange| {
            exchange.response_body.as_mut().expect("a body")["createdDateTime"] = json!("2026-11-24 10:00");
        }),
        ("POST /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo", "has no request-id", |exchange| {
            exchange.status = 403;
            exchange.response_body =
                Some(json!({ "error": { "code": "Authorization_RequestDenied", "message": "No." } }));
        }),
        ("POST /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo", "none of its permissions", |exchange| {
            exchange.request_headers.retain(|(name, _)| name != "authorization");
            // {"scp":"User.Read"}
            exchange
                .request_headers
                .push(("authorization".to_owned(), "Bearer e30.eyJzY3AiOiJVc2VyLlJlYWQifQ.e30".to_owned()));
        }),
        ("GET /servicePrincipals", "takes no query option $limit", |exchange| {
            exchange.query = Some("$limit=3".to_owned());
        }),
        ("GET /servicePrincipals", "$select names \"clientId\"", |exchange| {
            exchange.query = Some("$select=id,clientId".to_owned());
        }),
    ];
    for (operation, told, spoil) in spoils {
        let mut exchange = exchanges
            .iter()
            .find(|exchange| {
                let path = exchange.path.strip_prefix("/v1.0").unwrap_or_default();
                (200..300).contains(&exchange.status)
                    && contract.operation(&exchange.method, path).is_some_and(|found| found.name() == *operation)
            })
            .unwrap_or_else(|| panic!("the run made no {operation}"))
            .clone();
        assert_eq!(check_all(&mut contract, std::slice::from_ref(&exchange)).faults, Vec::<String>::new(), "unspoilt");
        spoil(&mut exchange);
        let faults = check_all(&mut contract, std::slice::from_ref(&exchange)).faults;
        assert!(faults.iter().any(|fault| fault.contains(told)), "{operation}, {told}: found {faults:?}");
    }
}

#[test]
fn every_operation_of_the_contract_is_found_by_its_own_path() {
    let Some(contract) = Contract::for_test("every_operation_of_the_contract_is_found_by_its_own_path") else { return };
    for operation in contract.operations() {
        let path: String = operation.template.replace(['{', '}'], "x");
        let found = contract.operation(&operation.method, &path).map(|found| found.name());
        assert_eq!(found, Some(operation.name()), "{path}");
    }
}
