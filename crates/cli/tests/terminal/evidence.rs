//! `--evidence FILE`: what was found or done, as a new file that only its owner may read.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use crate::support::{Computer, Tenant, text};

fn set_up(computer: &Computer, tenant: &Tenant) -> Value {
    let args = ["setup", "service-principal", "--name", "HR feed", "--json"];
    computer.run_at(tenant, &args).ended(0).json()["run"].clone()
}

fn only_its_owner_may_read(path: &Path) {
    let mode = std::fs::metadata(path).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{}", path.display());
}

/// A verification, an audit and a run, each in each form.
#[test]
fn it_is_saved_in_the_form_that_the_ending_names_and_holds_no_secret() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let run = set_up(&computer, &tenant);
    let (id, secret) = (text(&run, "id"), computer.secret_at(&run["handOver"]["secret"]));
    let url = text(&tenant.ready, "url");
    let verify = ["verify", "HR feed", "--token", "--practice-url", &url];
    let audit = ["audit", "--practice-url", &url];
    let of_run = ["runs", &id];
    for (kind, args) in [("verification", &verify[..]), ("audit", &audit[..]), ("run", &of_run[..])] {
        for (ending, begins) in [("json", "{"), ("CSV", "Tenant"), ("html", "<!doctype html>")] {
            let path = computer.home.path().join(format!("{kind}.{ending}"));
            let shown = path.to_str().expect("text");
            let mut words = args.to_vec();
            words.extend(["--evidence", shown]);
            let outcome = computer.run(&words).ended(0);
            assert!(outcome.stderr.contains(&format!("evidence saved as {shown}")), "{}", outcome.stderr);
            assert!(!outcome.stdout.is_empty(), "the result is told all the same");
            only_its_owner_may_read(&path);
            let content = std::fs::read_to_string(&path).expect("text");
            let start: String = content.trim_start_matches('\u{feff}').chars().take(begins.len()).collect();
            assert!(start.eq_ignore_ascii_case(begins), "{kind}.{ending} begins with {start:?}");
            assert!(!content.contains(&secret) && !outcome.stdout.contains(&secret), "{kind}.{ending}");
            assert!(!outcome.stderr.contains(&secret), "{kind}.{ending}");
            if ending == "json" {
                let value: Value = serde_json::from_str(&content).expect("JSON");
                assert_eq!(value["kind"], kind, "{value}");
            }
        }
    }
}

#[test]
fn a_name_that_cannot_be_used_is_refused_before_anything_is_read() {
    let computer = Computer::new();
    let there = computer.home.path().join("there.json");
    std::fs::write(&there, "of last month").expect("written");
    let dangling = computer.home.path().join("link.html");
    std::os::unix::fs::symlink("/no/such/place.html", &dangling).expect("a link");
    let (there_text, link) = (there.to_str().expect("text"), dangling.to_str().expect("text"));
    // Nobody listens there: whoever signs in first ends with another code.
    let gone = format!("https://localhost:9/#sha256={}", "0".repeat(64));
    for (name, why, way_out) in [
        ("report.pdf", ".json, .csv or .html", ""),
        ("report", ".json, .csv or .html", ""),
        (there_text, "is there already", "another name"),
        (link, "is there already", "another name"),
        ("/no/such/folder/x.json", "/no/such/folder", "Make the folder first"),
    ] {
        for args in
            [&["verify", "HR feed", "--practice-url", &gone][..], &["audit", "--practice-url", &gone], &["runs", "1"]]
        {
            let mut words = args.to_vec();
            words.extend(["--evidence", name, "--json"]);
            let outcome = computer.run(&words).ended(2);
            let problem = outcome.problem();
            assert_eq!(
                (&problem["code"], &problem["fields"][0]["field"]),
                (&"invalidInput".into(), &"evidence".into())
            );
            assert!(text(&problem, "message").contains(why), "{name}: {problem}");
            assert!(problem["advice"].as_str().unwrap_or_default().contains(way_out), "{name}: {problem}");
            assert!(outcome.stdout.is_empty(), "{}", outcome.stdout);
        }
    }
    let told = computer.run(&["runs", "1", "--evidence", "report.pdf"]).ended(2).stderr;
    assert!(told.starts_with("error: --evidence: Evidence is saved as .json"), "{told}");
    assert_eq!(std::fs::read_to_string(&there).expect("still there"), "of last month");
    assert!(dangling.symlink_metadata().expect("still there").is_symlink());
}

/// What was found is told even where its evidence cannot be saved.
#[test]
fn a_folder_that_cannot_be_written_to_costs_the_file_and_not_the_result() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let id = text(&set_up(&computer, &tenant), "id");
    // Nobody may make a file here, not even root.
    let outcome = computer.run(&["runs", &id, "--evidence", "/proc/self/x.json", "--json"]).ended(1);
    assert_eq!(outcome.json()["id"], id.as_str());
    let problem = outcome.problem();
    assert_eq!(problem["code"], "localFile", "{problem}");
    assert!(text(&problem, "advice").contains("another folder"), "{problem}");
}
