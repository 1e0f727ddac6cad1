//! The practice tenant from the terminal.

use std::process::Command;

use crate::support::{Computer, text};

#[test]
fn serving_tells_how_to_use_it_in_one_line_and_ends_in_good_order() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    for name in ["url", "login", "graph", "ca", "tenant", "publicClientId"] {
        assert!(!text(&tenant.ready, name).is_empty(), "{name}");
    }
    assert_eq!(tenant.ready["personas"].as_array().expect("people").len(), 6);
    let ca = text(&tenant.ready, "ca");
    assert!(std::fs::read_to_string(&ca).expect("the file").starts_with("-----BEGIN CERTIFICATE-----"));
    let asked = Command::new("kill").args(["-TERM", &tenant.pid().to_string()]).status().expect("kill runs");
    assert!(asked.success());
    assert_eq!(tenant.ended(), 0);
    assert!(!std::path::Path::new(&ca).exists(), "it cleans up");
}

#[tokio::test]
async fn a_state_file_keeps_the_tenant_over_restarts() {
    let computer = Computer::new();
    let state = computer.home.path().join("tenant.json");
    let state = state.to_str().expect("text");
    let first = computer.serve(&["--state", state]);
    computer.run_at(&first, &["setup", "service-principal", "--name", "HR feed", "--json"]).ended(0);
    Command::new("kill").args(["-TERM", &first.pid().to_string()]).status().expect("kill runs");
    assert_eq!(first.ended(), 0);
    let second = computer.serve(&["--state", state]);
    let found = computer.run_at(&second, &["verify", "HR feed", "--token", "--json"]).ended(0).json();
    assert_eq!(found["verdict"]["kind"], "ready", "{found}");
}

#[test]
fn reset_forgets_what_was_set_up_with_its_runs_and_secrets() {
    let computer = Computer::new();
    let setup = ["setup", "service-principal", "--name", "HR feed", "--practice", "--json"];
    computer.run(&setup).ended(0);
    assert_eq!(computer.keyring.visible_items().expect("items").len(), 1);
    computer.run(&["practice", "reset"]).ended(0);
    assert!(computer.keyring.visible_items().expect("items").is_empty(), "its secret opens nothing any more");
    assert_eq!(computer.run(&["runs", "--json"]).ended(0).json(), serde_json::json!([]));
    let gone = computer.run(&["verify", "HR feed", "--practice", "--json"]).ended(1);
    assert_eq!(gone.problem()["code"], "notFound", "not waited for: nothing speaks of it any more");
    assert_eq!(computer.run(&setup).ended(0).json()["run"]["state"], "done", "it can be done anew");
}

#[test]
fn what_was_run_on_one_tenant_is_not_expected_on_another() {
    let computer = Computer::new();
    let (first, second) = (computer.serve(&[]), computer.serve(&[]));
    computer.run_at(&first, &["setup", "service-principal", "--name", "HR feed", "--json"]).ended(0);
    let elsewhere = computer.run_at(&second, &["verify", "HR feed", "--json"]).ended(1);
    assert_eq!(elsewhere.problem()["code"], "notFound", "not waited for");
    assert_eq!(computer.run(&["runs", "--json"]).ended(0).json().as_array().expect("runs").len(), 1);
}

#[test]
fn two_commands_at_once_take_turns_on_the_embedded_tenant() {
    let computer = Computer::new();
    let children: Vec<_> = ["One", "Two", "Three"]
        .iter()
        .map(|name| {
            let args = ["setup", "service-principal", "--name", name, "--practice", "--json"];
            let mut command = computer.command(&args);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command.spawn().expect("it starts")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    for name in ["One", "Two", "Three"] {
        computer.run(&["verify", name, "--practice", "--json"]).ended(0);
    }
}

#[test]
fn a_fault_script_that_cannot_be_read_is_named() {
    let computer = Computer::new();
    let outcome = computer.run(&["practice", "serve", "--faults", "/no/such/file"]).ended(2);
    assert!(outcome.stderr.contains("/no/such/file"), "{}", outcome.stderr);
}
