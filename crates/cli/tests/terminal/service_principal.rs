//! A program outside Azure: the how-to's first path.

use serde_json::Value;

use crate::support::{Computer, text};

const SETUP: [&str; 5] = ["setup", "service-principal", "--name", "HR feed", "--json"];

fn values(rows: &Value) -> Vec<&str> {
    rows.as_array().expect("rows").iter().map(|row| row.as_str().expect("text")).collect()
}

#[test]
fn it_is_set_up_once_on_the_embedded_tenant_and_then_is_as_wanted() {
    let computer = Computer::new();
    let embedded = |args: &[&str]| {
        let mut all = args.to_vec();
        all.push("--practice");
        computer.run(&all)
    };
    let first = embedded(&SETUP).ended(0);
    let outcome = first.json();
    assert!(outcome["changes"].as_u64().expect("a number") >= 5, "{outcome}");
    assert_eq!(outcome["run"]["state"], "done");
    let hand_over = &outcome["run"]["handOver"];
    assert_eq!(values(&hand_over["permissions"]).len(), 2, "{hand_over}");
    for name in ["clientId", "objectId", "applicationObjectId"] {
        assert_eq!(text(&hand_over["principal"], name).len(), 36, "{name}");
    }
    assert!(first.stderr.is_empty(), "nothing beside the result: {}", first.stderr);

    let again = embedded(&SETUP).ended(0).json();
    assert_eq!(again["changes"], 0);
    assert!(again["run"].is_null());

    let client_id = text(&hand_over["principal"], "clientId");
    for principal in ["HR feed", &client_id, &text(&hand_over["principal"], "objectId")] {
        let found = embedded(&["verify", principal, "--token", "--json"]).ended(0).json();
        assert_eq!(found["verdict"]["kind"], "ready", "{found}");
        assert_eq!(found["token"]["kind"], "issued", "the secret in the keyring works: {found}");
    }

    let runs = computer.run(&["runs", "--json"]).ended(0).json();
    assert_eq!(runs.as_array().expect("runs").len(), 1, "the second set-up was no run");
    let id = text(&outcome["run"], "id");
    assert_eq!(computer.run(&["runs", &id, "--json"]).ended(0).json()["id"], id.as_str());
    let listed = computer.run(&["runs"]).ended(0);
    assert!(listed.stdout.contains(&id) && listed.stdout.contains("HR feed"), "{}", listed.stdout);
}

#[test]
fn the_secret_is_in_the_keyring_and_nowhere_else() {
    let computer = Computer::new();
    let mut said = Vec::new();
    let first = computer.run(&["setup", "service-principal", "--name", "HR feed", "--json", "--practice"]).ended(0);
    let place = first.json()["run"]["handOver"]["secret"].clone();
    said.push(first);
    // The same in words, for another app.
    said.push(computer.run(&["setup", "service-principal", "--name", "Payroll", "--practice"]).ended(0));
    said.push(computer.run(&["verify", "HR feed", "--token", "--practice"]).ended(0));
    said.push(computer.run(&["runs"]).ended(0));

    let canary = computer.secret_at(&place);
    assert!(canary.len() >= 16, "a real secret");
    for item in computer.keyring.visible_items().expect("the keyring answers") {
        assert!(!format!("{item:?}").contains(&canary), "attributes can be read while it is locked");
    }
    for outcome in &said {
        assert!(!outcome.stdout.contains(&canary), "stdout");
        assert!(!outcome.stderr.contains(&canary), "stderr");
    }
    let files = computer.files();
    assert!(files.iter().any(|(path, _)| path.contains("/logs/cli.")), "there is a log to look into");
    assert!(files.iter().any(|(path, _)| path.contains("/runs/")), "there is a journal to look into");
    for (path, content) in files {
        // The practice tenant is the other side: it may keep its own credentials.
        if path.contains("/practice/") {
            continue;
        }
        let found = content.windows(canary.len()).any(|part| part == canary.as_bytes());
        assert!(!found, "{path} holds the secret");
    }
}

#[tokio::test]
async fn a_grant_that_is_removed_is_missed_and_named() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let outcome = computer.run_at(&tenant, &SETUP).ended(0).json();
    let principal = outcome["run"]["handOver"]["principal"].clone();
    computer.run_at(&tenant, &["verify", "HR feed", "--json"]).ended(0);

    let object_id = text(&principal, "objectId");
    let grants = tenant.list(&format!("/servicePrincipals/{object_id}/appRoleAssignments")).await;
    assert_eq!(grants.len(), 2);
    let graph = tenant
        .graph("GET", "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?$select=id,appRoles", None)
        .await;
    let role = graph["appRoles"]
        .as_array()
        .expect("roles")
        .iter()
        .find(|role| role["value"] == "AuditLog.Read.All")
        .expect("offered")["id"]
        .clone();
    let grant = grants.iter().find(|grant| grant["appRoleId"] == role).expect("granted");
    let path = format!("/servicePrincipals/{object_id}/appRoleAssignments/{}", text(grant, "id"));
    tenant.graph("DELETE", &path, None).await;

    let found = computer.run_at(&tenant, &["verify", "HR feed", "--json"]).ended(1).json();
    assert_eq!(found["verdict"]["kind"], "notReady");
    let states: Vec<(&str, &str)> = found["permissions"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["value"].as_str().expect("text"), row["state"].as_str().expect("text")))
        .collect();
    assert_eq!(states, [("SynchronizationData-User.Upload", "granted"), ("AuditLog.Read.All", "requestedNotGranted")]);
    let words = computer.run_at(&tenant, &["verify", "HR feed"]).ended(1);
    let row = words.stdout.lines().find(|line| line.starts_with("  Read provisioning logs")).expect("a row");
    assert!(row.contains("NOT GRANTED"), "{row}");

    // Setting up again does the one thing that is missing.
    let mended = computer.run_at(&tenant, &SETUP).ended(0).json();
    assert_eq!(mended["changes"], 1, "{mended}");
    computer.run_at(&tenant, &["verify", "HR feed", "--json"]).ended(0);
}

#[tokio::test]
async fn the_plan_alone_changes_nothing() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let before = tenant.everything().await;
    let mut args = SETUP.to_vec();
    args.push("--plan");
    let outcome = computer.run_at(&tenant, &args).ended(0).json();
    assert!(outcome["changes"].as_u64().expect("a number") >= 5);
    assert!(outcome["run"].is_null());
    let requests: Vec<&Value> = outcome["plan"]["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .filter(|step| step["requests"][0].is_object())
        .collect();
    assert!(!requests.is_empty(), "the exact requests are shown");
    let words = computer.run_at(&tenant, &["setup", "service-principal", "--name", "HR feed", "--plan"]).ended(0);
    assert!(
        words.stdout.contains("will grant") && words.stdout.contains("POST https://localhost:"),
        "{}",
        words.stdout
    );
    assert_eq!(tenant.everything().await, before);
    assert!(computer.keyring.visible_items().expect("items").is_empty());
}

#[tokio::test]
async fn names_are_taken_and_found_exactly() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    for name in ["O'Brien & Sons #1 +50%", "人事 🧑‍💼 feed", "\u{200F}שכר"] {
        let outcome = computer.run_at(&tenant, &["setup", "service-principal", "--name", name, "--json"]).ended(0);
        let card = outcome.json()["run"]["handOver"]["principal"].clone();
        assert_eq!(card["name"], name);
        let app = tenant.graph("GET", &format!("/applications/{}", text(&card, "applicationObjectId")), None).await;
        assert_eq!(app["displayName"], name);
        let found = computer.run_at(&tenant, &["verify", name, "--json"]).ended(0).json();
        assert_eq!(found["principal"]["clientId"], card["clientId"]);
    }
}

#[tokio::test]
async fn a_taken_name_is_used_or_made_again_only_when_told() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let first = computer.run_at(&tenant, &SETUP).ended(0).json();
    let client_id = text(&first["run"]["handOver"]["principal"], "clientId");

    let mut another = SETUP.to_vec();
    another.push("--another");
    let second = computer.run_at(&tenant, &another).ended(0).json();
    assert_ne!(text(&second["run"]["handOver"]["principal"], "clientId"), client_id);
    let apps = tenant.list("/applications?$top=999&$select=displayName").await;
    assert_eq!(apps.iter().filter(|app| app["displayName"] == "HR feed").count(), 2);

    // A name that only others bear is nobody's to take.
    let others = ["setup", "service-principal", "--name", "Workday connector", "--json"];
    let refused = computer.run_at(&tenant, &others).ended(2).problem();
    assert_eq!(refused["code"], "ambiguous");
    let told = text(&refused, "message");
    assert!(told.contains("client id") && text(&refused, "advice").contains("--use"), "{refused}");

    // Two bear the name now: it must be told which.
    let both = computer.run_at(&tenant, &["verify", "HR feed", "--json"]).ended(2);
    assert_eq!(both.problem()["code"], "ambiguous");
    let mut existing = SETUP.to_vec();
    existing.extend(["--use", &client_id]);
    assert_eq!(computer.run_at(&tenant, &existing).ended(0).json()["changes"], 0);
}
