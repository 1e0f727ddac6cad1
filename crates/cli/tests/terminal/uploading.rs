//! A real upload from the terminal: shown, confirmed, sent once, and watched.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::support::{Computer, Outcome, Tenant, text};

const STAFF: &str = "Staff from HR to Microsoft Entra ID";
const CONTRACTORS: &str = "Contractors from HR to Microsoft Entra ID";
const STATE: &str = "tenant.json";
const INES: [&str; 8] = [
    "--employee-id",
    "90001",
    "--user-name",
    "ines.okafor@brightwater.example",
    "--given-name",
    "Ines",
    "--family-name",
    "Okafor",
];

/// A client that was set up just now; its secret.
fn set_up(computer: &Computer, tenant: &Tenant) -> String {
    let args = ["setup", "service-principal", "--name", "HR feed", "--json"];
    let made = computer.run_at(tenant, &args).ended(0).json();
    computer.secret_at(&made["run"]["handOver"]["secret"])
}

fn job_of(computer: &Computer, tenant: &Tenant, app: &str) -> String {
    let road = computer.run_at(tenant, &["jobs", "--ask", "--json"]).ended(0).json();
    let jobs = road["jobs"].as_array().expect("jobs");
    text(jobs.iter().find(|job| job["appName"] == app).expect("its job"), "id")
}

fn upload<'a>(job: &'a str, user: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [&["upload", "HR feed", "--job", job][..], user, more].concat()
}

/// A tenant whose state is kept in a file.
fn serve(computer: &Computer) -> Tenant {
    let state = computer.home.path().join(STATE);
    computer.serve(&["--state", state.to_str().expect("text")])
}

/// How often the tenant has taken this employee, as its state says: the log shows it later, and not while a job is in
/// quarantine.
fn taken(computer: &Computer, employee: &str) -> usize {
    let content = std::fs::read(computer.home.path().join(STATE)).expect("the state");
    let state: Value = serde_json::from_slice(&content).expect("JSON");
    let rows = |name: &str| state["directory"]["provisioning"][name].as_array().expect("rows").clone();
    let logged = rows("log").into_iter().filter(|entry| entry["source"] == employee).count();
    let waiting = rows("waiting").into_iter().flat_map(|upload| upload["operations"].as_array().expect("rows").clone());
    logged + waiting.filter(|operation| operation["data"]["externalId"] == employee).count()
}

#[test]
fn a_user_is_shown_first_and_sent_only_on_a_yes() {
    let computer = Computer::new();
    let tenant = serve(&computer);
    let secret = set_up(&computer, &tenant);
    let job = job_of(&computer, &tenant, CONTRACTORS);
    let shown = computer.run_at(&tenant, &upload(&job, &INES, &["--plan"])).ended(0);
    for part in [
        "HR feed sends 1 user to the job of Contractors",
        "warning: This is the practice tenant",
        "warning: The job is in quarantine",
        "POST https://",
        "/bulkUpload",
        "Content-Type: application/scim+json",
        "\"userName\": \"ines.okafor@brightwater.example\"",
        "\"active\": true",
    ] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    assert!(!shown.stdout.contains(&secret) && !shown.stdout.contains("Bearer"), "{}", shown.stdout);
    let preview = computer.run_at(&tenant, &upload(&job, &INES, &["--inactive", "--plan", "--json"])).ended(0).json();
    let payload: Value = serde_json::from_str(&text(&preview["preview"], "payload")).expect("JSON");
    assert_eq!(payload["Operations"][0]["data"]["active"], false, "{payload}");
    assert_eq!(preview["upload"], Value::Null);

    // Nobody is there to be asked.
    let refused = computer.run_at(&tenant, &upload(&job, &INES, &["--json"])).ended(2);
    assert_eq!(refused.problem()["code"], "invalidInput");
    assert!(text(&refused.problem(), "advice").contains("--yes"), "{}", refused.stderr);
    assert!(refused.stdout.is_empty());
    let (code, said) = computer.at_a_terminal(&tenant, &upload(&job, &INES, &[]), "");
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("\"userName\": ") && said.contains("Send this user? [y/N]"), "{said}");
    assert_eq!(taken(&computer, "90001"), 0, "an empty line is a no");
}

#[test]
fn what_the_log_says_of_the_user_is_told_and_the_exit_code_is_its_verdict() {
    let computer = Computer::new();
    let tenant = serve(&computer);
    let secret = set_up(&computer, &tenant);
    let job = job_of(&computer, &tenant, STAFF);
    let url = text(&tenant.ready, "url");
    let mut elsewhere = INES;
    (elsewhere[1], elsewhere[3]) = ("90002", "ines.okafor@elsewhere.invalid");
    // Side by side: each waits for the log.
    let begin = |words: &[&str]| {
        let mut command = computer.command(words);
        command.args(["--practice-url", &url]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("it starts")
    };
    let good = begin(&upload(&job, &INES, &["--yes"]));
    let bad = begin(&upload(&job, &elsewhere, &["--yes", "--json"]));
    let good = Outcome::from(good.wait_with_output().expect("it ends")).ended(0);
    for part in ["The user was created.", "Create: success", "request-id "] {
        assert!(good.stdout.contains(part), "{part}: {}", good.stdout);
    }
    for part in ["warning: This is the practice tenant", "\"userName\": ", "Sending 1 user.", "Accepted. "] {
        assert!(good.stderr.contains(part), "{part}: {}", good.stderr);
    }
    let bad = Outcome::from(bad.wait_with_output().expect("it ends")).ended(1);
    let ended = &bad.json()["upload"];
    assert_eq!((&ended["state"], &ended["entries"][0]["outcome"]), (&"done".into(), &"failure".into()), "{ended}");
    assert_eq!(ended["entries"][0]["code"], "AzureActiveDirectoryDomainInvalid");
    assert!(bad.stderr.is_empty(), "with --json nothing is said in passing: {}", bad.stderr);
    assert_eq!((taken(&computer, "90001"), taken(&computer, "90002")), (1, 1), "each was sent once");
    for said in [&good.stdout, &good.stderr, &bad.stdout] {
        assert!(!said.contains(&secret), "{said}");
    }
}

#[test]
fn ctrl_c_stops_looking_and_says_that_the_user_was_sent_all_the_same() {
    let computer = Computer::new();
    let tenant = serve(&computer);
    set_up(&computer, &tenant);
    // A job in quarantine takes users, and its log tells nothing: it would be watched for twenty minutes.
    let job = job_of(&computer, &tenant, CONTRACTORS);
    let mut command = computer.command(&upload(&job, &INES, &["--yes"]));
    command.args(["--practice-url", &text(&tenant.ready, "url")]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    while !line.starts_with("Accepted.") {
        line.clear();
        assert!(stderr.read_line(&mut line).expect("a line") > 0, "it was never accepted");
    }
    let signalled = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(signalled.success());
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("text");
    let mut result = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut result).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{result}\n{said}");
    assert!(result.contains("sent all the same") && result.contains("request-id "), "{result}");
    assert_eq!(taken(&computer, "90001"), 1);
}

#[test]
fn bad_fields_and_jobs_that_are_not_clear_are_named_and_nothing_is_sent() {
    let computer = Computer::new();
    let tenant = serve(&computer);
    set_up(&computer, &tenant);
    let job = job_of(&computer, &tenant, STAFF);
    let mut nobody = INES;
    (nobody[1], nobody[3]) = (" ", "nobody");
    let refused = computer.run_at(&tenant, &upload(&job, &nobody, &["--yes"])).ended(2);
    for option in ["--employee-id: ", "--user-name: "] {
        assert!(refused.stderr.contains(option), "{option}: {}", refused.stderr);
    }

    let unclear = [&["upload", "HR feed", "--yes", "--json"][..], &INES].concat();
    let unclear = computer.run_at(&tenant, &unclear).ended(2).problem();
    assert_eq!((&unclear["code"], &unclear["exists"]), (&"ambiguous".into(), &"Nothing was sent.".into()));
    assert!(text(&unclear, "message").contains(&job) && text(&unclear, "advice").contains("--job"), "{unclear}");

    let gone = computer.run_at(&tenant, &upload("API2AAD.0.0", &INES, &["--yes", "--json"])).ended(1).problem();
    assert_eq!((&gone["code"], &gone["exists"]), (&"notFound".into(), &"Nothing was sent.".into()));

    // Its secret lies elsewhere.
    let other = [&["upload", "HR feed (live)", "--job", &job, "--yes", "--json"][..], &INES].concat();
    assert_eq!(computer.run_at(&tenant, &other).ended(4).problem()["code"], "secretNotFound");
    assert_eq!((taken(&computer, "90001"), taken(&computer, " ")), (0, 0));
}
