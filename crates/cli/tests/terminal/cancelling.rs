//! Ctrl-C in the middle of a run.

use std::io::Read;
use std::process::Command;

use crate::support::{Computer, text};

#[tokio::test]
async fn ctrl_c_stops_the_run_and_tells_what_exists() {
    let computer = Computer::new();
    // Slow enough that the run is still going on when its first line has been read.
    let tenant = computer.serve(&["--latency", "400"]);
    let url = text(&tenant.ready, "url");
    let args = ["setup", "service-principal", "--name", "HR feed", "--practice-url", &url];
    let (mut child, mut stderr) = computer.begin_run(&args);
    let signalled = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(signalled.success());
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("text");
    let mut result = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut result).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{result}\n{said}");

    // What it says it made is there, and there is nothing that it does not tell.
    let runs = computer.run(&["runs", "--json"]).ended(0).json();
    assert_eq!(runs[0]["state"], "cancelled", "{runs}");
    let apps = tenant.list("/applications?$top=999").await;
    let there = apps.iter().filter(|app| app["displayName"] == "HR feed").count();
    let made = runs[0]["made"].as_array().expect("what it made");
    assert_eq!(there == 1, !made.is_empty(), "told {made:?}, there are {there}");
    for app in apps.iter().filter(|app| app["displayName"] == "HR feed") {
        assert!(app["passwordCredentials"].as_array().is_none_or(Vec::is_empty), "no secret without an owner");
    }
}
