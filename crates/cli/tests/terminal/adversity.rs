//! The network, the tenant and the operating system at their worst.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::json;

use crate::support::{Computer, text};

const SETUP: [&str; 5] = ["setup", "service-principal", "--name", "HR feed", "--json"];

/// An answer that no tenant gives, while the plan is made: told as such, and nothing created.
#[tokio::test]
async fn unreadable_answers_are_told_and_nothing_is_created() {
    // A page is the network's own word, not the tenant's: nothing was reached.
    let page = (json!({ "kind": "html" }), 3, "unreachable");
    let endless = (json!({ "kind": "huge", "megabytes": 300 }), 1, "unreadableAnswer");
    let shapeless = (json!({ "kind": "answer", "status": 200, "body": { "value": "none" } }), 1, "unreadableAnswer");
    for (fault, exit, code) in [page, endless, shapeless] {
        let computer = Computer::new();
        let script = computer.home.path().join("faults.json");
        // The first reads are the snapshot's own, by the automation app.
        let rule = |nth: u32| {
            json!({ "faults": [{
                "method": "GET", "path": "/v1.0/applications", "nth": nth, "times": 1, "fault": fault,
            }]})
        };
        std::fs::write(&script, rule(2).to_string()).expect("written");
        let tenant = computer.serve(&["--faults", script.to_str().expect("text")]);
        let before = tenant.everything().await;
        let outcome = computer.run_at(&tenant, &SETUP).ended(exit);
        assert_eq!(outcome.problem()["code"], code, "{fault}: {}", outcome.stderr);
        assert_eq!(tenant.everything().await, before);
        assert!(computer.keyring.visible_items().expect("items").is_empty());
    }
}

/// `kill -9` after each step: the next start explains it, and going on leaves one app, one secret, and no orphan.
#[tokio::test]
async fn a_killed_run_is_explained_and_finished_by_the_next() {
    for step in 1..=5 {
        let computer = Computer::new();
        let tenant = computer.serve(&["--latency", "120"]);
        let url = text(&tenant.ready, "url");
        let args = ["setup", "service-principal", "--name", "HR feed", "--practice-url", &url];
        let mut child =
            computer.command(&args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.starts_with(&format!("[{step}/")) {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("a line") > 0, "step {step} never ended");
        }
        child.kill().expect("killed");
        child.wait().expect("gone");

        let runs = computer.run(&["runs", "--json"]).ended(0).json();
        assert_eq!(runs[0]["state"], "interrupted", "after step {step}: {runs}");
        computer.run_at(&tenant, &SETUP).ended(0);
        let apps = tenant.list("/applications?$top=999").await;
        let apps: Vec<_> = apps.iter().filter(|app| app["displayName"] == "HR feed").collect();
        assert_eq!(apps.len(), 1, "after step {step}");
        let secrets = apps[0]["passwordCredentials"].as_array().expect("secrets");
        assert_eq!(secrets.len(), 1, "after step {step}: {secrets:?}");
        assert_eq!(computer.keyring.visible_items().expect("items").len(), 1, "after step {step}");
        let found = computer.run_at(&tenant, &["verify", "HR feed", "--token", "--json"]).ended(0).json();
        assert_eq!(found["verdict"]["kind"], "ready", "after step {step}: {found}");
    }
}

#[test]
fn replication_is_waited_for_in_sight() {
    let computer = Computer::new();
    let tenant = computer.serve(&["--replication", "1500"]);
    let url = text(&tenant.ready, "url");
    let outcome = computer.run(&["setup", "service-principal", "--name", "HR feed", "--practice-url", &url]).ended(0);
    assert!(outcome.stderr.contains("waiting for Entra to catch up"), "{}", outcome.stderr);
    computer.run_at(&tenant, &["verify", "HR feed", "--token", "--json"]).ended(0);
}

/// The answer to the registration is lost: it is not made twice.
#[tokio::test]
async fn a_lost_answer_makes_nothing_twice() {
    let computer = Computer::new();
    let script = computer.home.path().join("faults.json");
    let faults = json!({ "faults": [
        { "method": "PATCH", "path": "/v1.0/applications({key})", "fault": { "kind": "resetAfter" } },
        { "method": "POST", "path": "/v1.0/servicePrincipals", "fault": { "kind": "resetAfter" } },
        { "method": "POST", "path": "/v1.0/servicePrincipals/{id}/appRoleAssignedTo", "fault": { "kind": "resetAfter" } },
        { "method": "POST", "path": "/v1.0/applications/{id}/addPassword", "fault": { "kind": "resetAfter" } },
    ]});
    std::fs::write(&script, faults.to_string()).expect("written");
    let tenant = computer.serve(&["--faults", script.to_str().expect("text")]);
    let first = computer.run_at(&tenant, &SETUP);
    if first.code != 0 {
        // Whatever it could not find out by itself, a second run does.
        computer.run_at(&tenant, &SETUP).ended(0);
    }
    let apps = tenant.list("/applications?$top=999").await;
    let apps: Vec<_> = apps.iter().filter(|app| app["displayName"] == "HR feed").collect();
    assert_eq!(apps.len(), 1);
    assert_eq!(apps[0]["passwordCredentials"].as_array().expect("secrets").len(), 1, "no secret that nobody has");
    let id = text(&tenant.principals_named("HR feed").await[0], "id");
    assert_eq!(tenant.list(&format!("/servicePrincipals/{id}/appRoleAssignments")).await.len(), 2);
    computer.run_at(&tenant, &["verify", "HR feed", "--token", "--json"]).ended(0);
}
