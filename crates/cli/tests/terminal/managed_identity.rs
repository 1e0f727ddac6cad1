//! Something that runs in Azure: the how-to's second path.

use crate::support::{Computer, text};

const NAME: &str = "CSV2SCIMBulkUpload";

#[tokio::test]
async fn namesakes_are_listed_and_each_can_be_chosen_by_id() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let namesakes: Vec<String> = tenant
        .principals_named(NAME)
        .await
        .iter()
        .filter(|row| row["servicePrincipalType"] == "ManagedIdentity")
        .map(|row| text(row, "id"))
        .collect();
    assert!(namesakes.len() > 1, "the seed has homonyms");
    let before = tenant.everything().await;
    let refused = computer.run_at(&tenant, &["setup", "managed-identity", "--name", NAME]).ended(2);
    for id in &namesakes {
        assert!(refused.stderr.contains(id.as_str()), "{id} is told apart in: {}", refused.stderr);
    }
    assert_eq!(tenant.everything().await, before);

    let chosen = namesakes.first().expect("one");
    let by_id = ["setup", "managed-identity", "--object-id", chosen, "--json"];
    let outcome = computer.run_at(&tenant, &by_id).ended(0).json();
    assert_eq!(outcome["run"]["handOver"]["principal"]["objectId"], chosen.as_str());
    assert!(outcome["run"]["handOver"]["secret"].is_null(), "an identity has no secret to keep");
    assert_eq!(computer.run_at(&tenant, &by_id).ended(0).json()["changes"], 0);
    // Fresh grants of an identity are fine; Azure may hand out older tokens for a while.
    let found = computer.run_at(&tenant, &["verify", chosen, "--json"]);
    assert!(["ready", "readyBut", "notYet"].contains(&found.json()["verdict"]["kind"].as_str().expect("a verdict")));
    for other in namesakes.iter().skip(1) {
        let grants = tenant.list(&format!("/servicePrincipals/{other}/appRoleAssignments")).await;
        let was: Vec<_> = before["grants"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|grant| grant["principalId"] == other.as_str())
            .collect();
        assert_eq!(grants.len(), was.len(), "the namesake was not touched");
    }
}

#[tokio::test]
async fn it_is_found_by_its_azure_resource_id_in_any_case() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let identities = tenant.list("/servicePrincipals?$top=999&$filter=servicePrincipalType eq 'ManagedIdentity'").await;
    let (name, resource) = identities
        .iter()
        .filter(|row| row["accountEnabled"] == true)
        .find_map(|row| {
            let names = row["alternativeNames"].as_array()?;
            let resource = names.iter().filter_map(|name| name.as_str()).find(|name| name.starts_with('/'))?;
            Some((text(row, "displayName"), resource.to_uppercase()))
        })
        .expect("the seed has identities");
    let args = ["setup", "managed-identity", "--resource-id", &resource, "--plan", "--json"];
    let outcome = computer.run_at(&tenant, &args);
    // Two identities of one resource would have to be told apart; the seed's first has its own.
    let plan = outcome.ended(0).json();
    assert!(text(&plan["plan"], "subject").contains(&name), "{name}: {plan}");
}
