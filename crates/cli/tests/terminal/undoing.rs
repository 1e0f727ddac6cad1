//! What a run made is shown, confirmed, and taken back.

use crate::support::{Computer, Tenant, text};

fn set_up(computer: &Computer, tenant: &Tenant) -> String {
    let args = ["setup", "service-principal", "--name", "HR feed", "--json"];
    let done = computer.run_at(tenant, &args).ended(0).json();
    text(&done["run"], "id")
}

#[tokio::test]
async fn a_finished_run_is_planned_confirmed_and_undone() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let before = tenant.everything().await;
    let id = set_up(&computer, &tenant);
    let made = tenant.everything().await;
    let listed = computer.run(&["runs"]).ended(0);
    assert!(listed.stdout.contains("undo"), "{}", listed.stdout);

    let planned = computer.run_at(&tenant, &["undo", &id[..8], "--plan"]).ended(0);
    for part in
        ["4 things are removed", "will remove", "DELETE ", "removePassword", "can be restored in Entra for 30 days"]
    {
        assert!(planned.stdout.contains(part), "{part}: {}", planned.stdout);
    }
    assert_eq!(tenant.everything().await, made, "the plan alone changes nothing");

    // Nobody is there to be asked.
    let refused = computer.run_at(&tenant, &["undo", &id, "--json"]).ended(2).problem();
    assert_eq!(refused["code"], "invalidInput", "{refused}");
    assert!(text(&refused, "advice").contains("--yes"), "{refused}");
    assert_eq!(tenant.everything().await, made);

    let undone = computer.run_at(&tenant, &["undo", &id, "--yes", "--json"]).ended(0).json();
    let run = &undone["run"];
    assert_eq!((run["id"].as_str(), run["state"].as_str()), (Some(id.as_str()), Some("undone")), "{run}");
    assert_eq!(undone["changes"], 4, "{undone}");
    assert_eq!(tenant.everything().await, before);
    assert!(computer.keyring.visible_items().expect("items").is_empty());

    let shown = computer.run(&["runs", &id]).ended(0);
    assert!(shown.stdout.contains("can be restored until"), "{}", shown.stdout);
    assert!(computer.run(&["runs"]).ended(0).stdout.contains("undone"));
    let again = computer.run_at(&tenant, &["undo", &id, "--yes", "--json"]).ended(2).problem();
    assert_eq!(again["code"], "wrongKind", "{again}");
}

#[tokio::test]
async fn at_a_terminal_it_asks_and_takes_only_a_yes() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let before = tenant.everything().await;
    let id = set_up(&computer, &tenant);
    let made = tenant.everything().await;
    let (code, said) = computer.at_a_terminal(&tenant, &["undo", &id], "");
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("Remove these 4 things? [y/N]"), "{said}");
    assert_eq!(tenant.everything().await, made, "an empty line is a no");
    let (code, said) = computer.at_a_terminal(&tenant, &["undo", &id], "y");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Undone: "), "{said}");
    assert_eq!(tenant.everything().await, before);
}

#[tokio::test]
async fn what_somebody_else_uses_stays_and_the_reason_is_told() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let id = set_up(&computer, &tenant);
    let apps = tenant.list("/applications?$top=999").await;
    let app = text(apps.iter().find(|app| app["displayName"] == "HR feed").expect("ours"), "id");
    let body = serde_json::json!({ "passwordCredential": { "displayName": "theirs" } });
    tenant.graph("POST", &format!("/applications/{app}/addPassword"), Some(body)).await;
    let undone = computer.run_at(&tenant, &["undo", &id, "--yes"]).ended(0);
    assert!(undone.stdout.contains("a client secret that this run did not make"), "{}", undone.stdout);
    let left = tenant.graph("GET", &format!("/applications/{app}"), None).await;
    assert_eq!(left["passwordCredentials"][0]["displayName"], "theirs");
    assert_eq!(left["passwordCredentials"].as_array().map(Vec::len), Some(1));
}
