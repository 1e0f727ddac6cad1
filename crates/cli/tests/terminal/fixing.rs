//! Permissions are taken back, secrets rotated and sign-ins let in, each shown, confirmed and undone.

use serde_json::Value;

use crate::support::{Computer, Tenant, text};

const LIVE: &str = "HR feed (live)";

fn set_up(computer: &Computer, tenant: &Tenant) -> Value {
    let args = ["setup", "service-principal", "--name", "HR feed", "--json"];
    computer.run_at(tenant, &args).ended(0).json()
}

fn state(computer: &Computer, tenant: &Tenant, of: &str, value: &str) -> String {
    let seen = computer.run_at(tenant, &["verify", of, "--json"]).json();
    let rows = seen["permissions"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["value"] == value).expect("its row");
    if row["granted"].is_null() { "missing".to_owned() } else { "granted".to_owned() }
}

#[tokio::test]
async fn permissions_are_shown_taken_back_and_granted_again() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let before = tenant.everything().await;
    let planned = computer.run_at(&tenant, &["revoke", LIVE, "--plan"]).ended(0);
    for part in [
        "2 changes for the app \"HR feed (live)\"",
        "will remove",
        "DELETE ",
        "can then no longer upload users",
        "up to about an hour",
    ] {
        assert!(planned.stdout.contains(part), "{part}: {}", planned.stdout);
    }
    let refused = computer.run_at(&tenant, &["revoke", LIVE, "--json"]).ended(2).problem();
    assert_eq!(refused["code"], "invalidInput", "{refused}");
    assert!(text(&refused, "advice").contains("--yes"), "{refused}");
    assert_eq!(tenant.everything().await, before, "the plan alone changes nothing");

    let one = ["revoke", LIVE, "--permission", "AuditLog.Read.All", "--yes", "--json"];
    let done = computer.run_at(&tenant, &one).ended(0).json();
    assert_eq!((done["changes"].as_u64(), done["run"]["state"].as_str()), (Some(1), Some("done")), "{done}");
    assert_eq!(done["run"]["doing"], "fix", "{done}");
    assert_eq!(state(&computer, &tenant, LIVE, "AuditLog.Read.All"), "missing");
    assert_eq!(state(&computer, &tenant, LIVE, "SynchronizationData-User.Upload"), "granted");
    let again = computer.run_at(&tenant, &one).ended(2).problem();
    assert_eq!(again["fields"][0]["field"], "permissions", "{again}");

    let id = text(&done["run"], "id");
    let undo = computer.run_at(&tenant, &["undo", &id, "--plan"]).ended(0);
    assert!(undo.stdout.contains("One change for") && undo.stdout.contains("will grant"), "{}", undo.stdout);
    let undone = computer.run_at(&tenant, &["undo", &id, "--yes"]).ended(0);
    assert!(undone.stdout.contains("granted again, under a new id"), "{}", undone.stdout);
    assert_eq!(state(&computer, &tenant, LIVE, "AuditLog.Read.All"), "granted");
}

#[tokio::test]
async fn a_permission_that_is_not_held_and_a_principal_that_is_not_there_are_told() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let args = ["revoke", LIVE, "--permission", "Mail.Send", "--yes", "--json"];
    let problem = computer.run_at(&tenant, &args).ended(2).problem();
    assert!(text(&problem, "message").contains("does not hold Mail.Send"), "{problem}");
    let problem = computer.run_at(&tenant, &["revoke", "nobody", "--yes", "--json"]).problem();
    assert_eq!(problem["code"], "notFound", "{problem}");
    let problem = computer.run_at(&tenant, &["revoke", "Badge printer", "--yes", "--json"]).problem();
    assert_eq!(problem["code"], "notFound", "{problem}");
}

#[tokio::test]
async fn a_role_that_may_not_revoke_is_told_and_the_run_fails() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let args = ["revoke", LIVE, "--yes", "--persona", "application-administrator"];
    let failed = computer.run_at(&tenant, &args).ended(1);
    assert!(failed.stderr.contains("Privileged Role Administrator"), "{}", failed.stderr);
    assert_eq!(state(&computer, &tenant, LIVE, "SynchronizationData-User.Upload"), "granted");
}

#[tokio::test]
async fn a_secret_is_rotated_proved_and_the_old_one_removed_where_that_is_wanted() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let made = set_up(&computer, &tenant);
    let old = text(&made["run"]["handOver"]["secret"], "keyId");
    let planned = computer.run_at(&tenant, &["rotate", "HR feed", "--plan"]).ended(0);
    for part in ["One change for the app \"HR feed\"", "addPassword", "/oauth2/v2.0/token", "keeps working until"] {
        assert!(planned.stdout.contains(part), "{part}: {}", planned.stdout);
    }
    let first = computer.run_at(&tenant, &["rotate", "HR feed", "--months", "9", "--yes", "--json"]).ended(0).json();
    let new = text(&first["run"]["handOver"]["secret"], "keyId");
    assert_ne!(new, old);
    assert!(text(&first["run"], "summary").contains("works until"), "{first}");
    assert_eq!(computer.keyring.visible_items().expect("items").len(), 2);

    let args = ["rotate", "HR feed", "--months", "12", "--replaces", &old, "--remove-old", "--yes", "--json"];
    let second = computer.run_at(&tenant, &args).ended(0).json();
    assert!(text(&second["run"], "summary").contains("is removed."), "{second}");
    let seen = computer.run_at(&tenant, &["verify", "HR feed", "--token", "--json"]).ended(0).json();
    let keys: Vec<&str> =
        seen["credentials"].as_array().expect("rows").iter().filter_map(|row| row["keyId"].as_str()).collect();
    assert!(keys.len() == 2 && keys.contains(&new.as_str()) && !keys.contains(&old.as_str()), "{keys:?}");
    assert_eq!(seen["token"]["kind"], "issued", "{seen}");

    let undone = computer.run_at(&tenant, &["undo", &text(&second["run"], "id"), "--yes"]).ended(0);
    assert!(undone.stdout.contains("cannot come back"), "{}", undone.stdout);
}

#[tokio::test]
async fn which_secret_is_to_be_removed_must_be_clear() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let args = ["rotate", "Reporting robot", "--remove-old", "--yes", "--json"];
    let problem = computer.run_at(&tenant, &args).ended(2).problem();
    assert!(text(&problem, "advice").contains("--replaces"), "{problem}");
}

#[tokio::test]
async fn a_blocked_sign_in_is_let_in_and_blocked_again() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let retired = "Retired HR interface";
    let done = computer.run_at(&tenant, &["enable", retired, "--yes", "--json"]).ended(0).json();
    assert_eq!(done["run"]["state"], "done", "{done}");
    let again = computer.run_at(&tenant, &["enable", retired, "--yes"]).ended(0);
    assert!(again.stdout.contains("Nothing to do"), "{}", again.stdout);
    let undone = computer.run_at(&tenant, &["undo", &text(&done["run"], "id"), "--yes"]).ended(0);
    assert!(undone.stdout.contains("blocked again"), "{}", undone.stdout);
}
