//! Who may do which part.

use crate::support::{Computer, text};

#[tokio::test]
async fn what_an_application_administrator_could_do_stands_and_the_rest_is_refused_by_name() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let args = ["setup", "service-principal", "--name", "HR feed", "--persona", "application-administrator", "--json"];
    let outcome = computer.run_at(&tenant, &args).ended(1);
    let result = outcome.json();
    assert!(!result["plan"]["warnings"].as_array().expect("warnings").is_empty(), "said before it was tried");
    assert_eq!(result["run"]["state"], "failed");
    let problem = outcome.problem();
    assert_eq!(problem["code"], "forbidden", "{problem}");

    let made = result["run"]["made"].as_array().expect("what it made");
    let app = made.iter().find(|made| made["idName"] == "client id" || made["idName"] == "object id").expect("an app");
    let apps = tenant.list("/applications?$top=999").await;
    let named: Vec<_> = apps.iter().filter(|row| row["displayName"] == "HR feed").collect();
    assert_eq!(named.len(), 1);
    let id = text(app, "id");
    assert!([text(named[0], "id"), text(named[0], "appId")].contains(&id) || made.len() > 1, "{made:?}");

    // A Global Administrator goes on where it stopped: no second app.
    let args = ["setup", "service-principal", "--name", "HR feed", "--json"];
    computer.run_at(&tenant, &args).ended(0);
    let apps = tenant.list("/applications?$top=999&$select=displayName").await;
    assert_eq!(apps.iter().filter(|app| app["displayName"] == "HR feed").count(), 1);
    computer.run_at(&tenant, &["verify", "HR feed", "--json"]).ended(0);
}
