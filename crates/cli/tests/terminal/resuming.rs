//! A run whose process is killed outright is explained, left, and continued.

use crate::support::{Computer, Outcome, text};

#[tokio::test]
async fn a_run_that_was_killed_is_listed_left_and_resumed_under_its_own_id() {
    let computer = Computer::new();
    // Slow enough that the run is still going on when its first line has been read.
    let tenant = computer.serve(&["--latency", "400"]);
    let url = text(&tenant.ready, "url");
    let args = ["setup", "service-principal", "--name", "HR feed", "--practice-url", &url];
    let (mut child, _stderr) = computer.begin_run(&args);
    // SIGKILL: nothing of the program runs any more.
    child.kill().expect("killed");
    child.wait().expect("it ends");

    let runs = computer.run(&["runs", "--json"]).ended(0).json();
    assert_eq!(runs[0]["state"], "interrupted", "{runs}");
    assert_eq!(runs[0]["ways"]["canContinue"], true, "{runs}");
    let id = text(&runs[0], "id");

    let left = computer.run_at(&tenant, &["leave", &id, "--json"]).ended(0).json();
    assert!(left["left"].is_string(), "{left}");

    let before = tenant.everything().await;
    let planned = computer.run_at(&tenant, &["resume", &id[..8], "--plan", "--json"]).ended(0).json();
    assert_eq!(planned["plan"]["runId"], id.as_str(), "{planned}");
    assert_eq!(tenant.everything().await, before, "the plan alone changes nothing");

    let resumed = computer.run_at(&tenant, &["resume", &id, "--json"]).ended(0).json();
    let run = &resumed["run"];
    assert_eq!((run["id"].as_str(), run["state"].as_str()), (Some(id.as_str()), Some("done")), "{run}");
    assert_eq!(run["earlier"].as_array().expect("attempts").len(), 1, "{run}");
    let apps = tenant.list("/applications?$top=999").await;
    let ours: Vec<_> = apps.iter().filter(|app| app["displayName"] == "HR feed").collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["passwordCredentials"].as_array().map(Vec::len), Some(1), "no secret without an owner");
    assert!(!computer.secret_at(&run["handOver"]["secret"]).is_empty());

    let again = computer.run_at(&tenant, &["resume", &id, "--json"]).problem();
    assert_eq!(again["code"], "wrongKind", "{again}");
    assert_eq!(computer.run(&["runs", "--json"]).ended(0).json().as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn two_processes_that_resume_one_run_at_once_do_not_double_anything() {
    let computer = Computer::new();
    let tenant = computer.serve(&["--latency", "200"]);
    let url = text(&tenant.ready, "url");
    let (mut child, _stderr) =
        computer.begin_run(&["setup", "service-principal", "--name", "HR feed", "--practice-url", &url]);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    let id = text(&computer.run(&["runs", "--json"]).ended(0).json()[0], "id");

    // The first has begun its run, which takes seconds at this pace, when the second comes.
    let (first, _stderr) = computer.begin_run(&["resume", &id, "--practice-url", &url]);
    let second = computer.run_at(&tenant, &["resume", &id, "--json"]);
    let first = Outcome::from(first.wait_with_output().expect("it ends"));
    assert_eq!(first.code, 0, "{}", first.stdout);
    assert_ne!(second.code, 0, "{}", second.stdout);
    assert_eq!(second.problem()["code"], "busy", "{}", second.stderr);
    assert_eq!(computer.run(&["runs", "--json"]).ended(0).json()[0]["state"], "done");

    let apps = tenant.list("/applications?$top=999").await;
    let ours: Vec<_> = apps.iter().filter(|app| app["displayName"] == "HR feed").collect();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["passwordCredentials"].as_array().map(Vec::len), Some(1), "no secret without an owner");
    assert_eq!(computer.run(&["runs", "--json"]).ended(0).json().as_array().map(Vec::len), Some(1));
}
