//! Signing in for real, as the practice tenant plays the clouds, and what is known before a run.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use practice_tenant::{DeviceAnswer, PersonaKey, StandIn};
use serde_json::{Value, json};

use crate::support::{Computer, Tenant, text};

const DOMAIN: &str = "brightwater.example";
const SECRET: &str = "INBOUND_ACCESS_CLIENT_SECRET";

/// Arguments that sign in to a cloud that `tenant` plays.
fn at<'a>(tenant: &'a Tenant, command: &[&'a str], way: &[&'a str]) -> Vec<&'a str> {
    let url = tenant.ready["url"].as_str().expect("a url");
    let mut all = command.to_vec();
    all.extend(["--practice-url", url, "--tenant", DOMAIN, "--json"]);
    all.extend(way);
    all
}

fn stand_in(tenant: &Tenant) -> StandIn {
    let url = text(&tenant.ready, "url");
    let (origin, sha256) = url.split_once("/#sha256=").expect("a fingerprint");
    let port: u16 = origin.rsplit(':').next().expect("a port").parse().expect("a number");
    StandIn::new(sha256).at(([127, 0, 0, 1], port).into())
}

#[tokio::test]
async fn whoami_and_preflight_tell_the_same_facts() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let who = ["whoami", "--persona", "application-administrator", "--json"];
    let who = computer.run_at(&tenant, &who).ended(0).json();
    let check = ["preflight", "--persona", "application-administrator", "--json"];
    let check = computer.run_at(&tenant, &check).ended(1).json();
    assert_eq!(who["roles"], json!(["Application Administrator"]));
    assert_eq!(check["roles"], who["roles"]);
    assert_eq!(check["abilities"][0]["standing"]["able"], "can");
    assert_eq!(check["abilities"][1]["standing"]["able"], "needsOther", "said before any run");
    let held: Vec<&str> = who["scopes"].as_array().expect("scopes").iter().filter_map(Value::as_str).collect();
    assert!(held.contains(&"User.Read") && held.contains(&"Application.Read.All"), "{held:?}");
    assert!(!held.iter().any(|scope| scope.contains("ReadWrite")), "p13: nothing that is not needed yet: {held:?}");

    let words = computer.run_at(&tenant, &["preflight", "--persona", "application-administrator"]).ended(1).stdout;
    assert!(words.contains("needs another person") && words.contains("Privileged Role Administrator"), "{words}");
    computer.run_at(&tenant, &["preflight", "--json"]).ended(0);
}

#[tokio::test]
async fn a_role_is_activated_by_name_and_counts_from_then_on() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let who = ["--persona", "eligible", "--json"];
    let check = computer.run_at(&tenant, &["preflight", who[0], who[1], who[2]]).ended(1).json();
    assert_eq!(check["abilities"][1]["standing"]["able"], "activateFirst");
    let unknown = ["activate", "Reader", "--justification", "HR feed", who[0], who[1], who[2]];
    let problem = computer.run_at(&tenant, &unknown).ended(1).problem();
    assert!(text(&problem, "advice").contains("Privileged Role Administrator"), "{problem}");
    for role in ["application administrator", "Privileged Role Administrator"] {
        let args = ["activate", role, "--justification", "HR feed, ticket 4711", who[0], who[1], who[2]];
        computer.run_at(&tenant, &args).ended(0);
    }
    computer.run_at(&tenant, &["preflight", who[0], who[1], who[2]]).ended(0);
}

#[tokio::test]
async fn an_app_signs_in_by_secret_in_its_own_cloud_and_is_sent_home_from_another() {
    let computer = Computer::new();
    let tenant = computer.serve(&["--home-cloud", "us-gov-l5"]);
    let client = text(&tenant.ready["automation"], "clientId");
    let secret = text(&tenant.ready["automation"], "clientSecret");
    let run = |cloud: &str| {
        let way = ["--cloud", cloud, "--client-id", &client, "--sign-in", "app-secret"];
        let output = computer.command(&at(&tenant, &["whoami"], &way)).env(SECRET, &secret).output();
        crate::support::Outcome::from(output.expect("the binary runs"))
    };
    let who = run("us-gov-l5").ended(0).json();
    assert_eq!(who["cloudKey"], "usGovL5");
    assert!(who["scopes"].as_array().expect("roles").iter().any(|role| role == "Application.ReadWrite.All"), "{who}");
    let problem = run("global").ended(3).problem();
    assert!(text(&problem, "message").contains("US Government L5"), "{problem}");
    assert!(text(&problem, "advice").contains("Choose that cloud"), "{problem}");

    let way = ["--cloud", "us-gov-l5", "--client-id", &client, "--sign-in", "app-secret"];
    let problem = computer.run(&at(&tenant, &["whoami"], &way)).ended(2).problem();
    assert!(text(&problem, "message").contains(SECRET), "{problem}");
    for (file, content) in computer.files() {
        let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "p16: the secret lies in {file}");
    }
}

#[tokio::test]
async fn an_app_signs_in_by_certificate_and_by_a_federated_token() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let client = text(&tenant.ready["automation"], "clientId");
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
    let certificate = rcgen::CertificateParams::new(Vec::new()).expect("no names").self_signed(&key).expect("signed");
    let der = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(certificate.der())
    };
    let added = json!({ "keyCredentials": [{ "type": "AsymmetricX509Cert", "usage": "Verify", "key": der }] });
    tenant.graph("PATCH", &format!("/applications(appId='{client}')"), Some(added)).await;
    let pem = computer.home.path().join("client.pem");
    std::fs::write(&pem, format!("{}{}", key.serialize_pem(), certificate.pem())).expect("written");
    let pem = pem.display().to_string();
    let way = ["--client-id", &client, "--sign-in", "app-certificate", "--certificate", &pem];
    let who = computer.run(&at(&tenant, &["whoami"], &way)).ended(0).json();
    assert_eq!(who["clientId"], client.as_str());

    let token = computer.home.path().join("token");
    let workload = &tenant.ready["workload"];
    std::fs::write(&token, text(workload, "token")).expect("written");
    let token = token.display().to_string();
    let client = text(workload, "clientId");
    let way = ["--client-id", &client, "--sign-in", "workload-identity", "--federated-token-file", &token];
    computer.run(&at(&tenant, &["whoami"], &way)).ended(0);

    let way = ["--client-id", &client, "--sign-in", "app-certificate", "--certificate", "/no/such/file"];
    let problem = computer.run(&at(&tenant, &["whoami"], &way)).ended(1).problem();
    assert!(text(&problem, "message").contains("/no/such/file"), "{problem}");
}

/// Starts a command and gives what it says when it asks the operator, with the command still waiting.
fn asked(command: &mut std::process::Command) -> (std::process::Child, Value) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("a line");
    let asked: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("JSON, not {line:?}"));
    // What it says later has nobody to read it, and must not stop it.
    std::thread::spawn(move || stderr.lines().for_each(drop));
    (child, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_a_code() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let client = text(&tenant.ready, "publicClientId");
    let way = ["--client-id", &client, "--sign-in", "device-code"];
    let (child, asked) = asked(&mut computer.command(&at(&tenant, &["whoami"], &way)));
    let (url, code) = (text(&asked["signIn"], "url"), text(&asked["signIn"], "userCode"));
    let answer = DeviceAnswer::Approve(PersonaKey::CloudApplicationAdministrator);
    stand_in(&tenant).answer_device_code(&url, &code, answer).await.expect("approved");
    let who = crate::support::Outcome::from(child.wait_with_output().expect("it ends")).ended(0).json();
    assert_eq!(who["way"], "deviceCode");
    assert_eq!(who["roles"], json!(["Cloud Application Administrator"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn f39_a_person_signs_in_with_a_browser_that_did_not_open() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let client = text(&tenant.ready, "publicClientId");
    let way = ["--client-id", &client];
    let nowhere = computer.home.path().join("no-programs");
    let mut command = computer.command(&at(&tenant, &["whoami"], &way));
    let (child, asked) = asked(command.env("PATH", nowhere));
    let link = text(&asked, "link");
    assert!(link.starts_with("https://login.microsoftonline.com/brightwater.example/"), "{link}");
    stand_in(&tenant).sign_in(&link, PersonaKey::GlobalAdministrator).await.expect("signed in");
    let who = crate::support::Outcome::from(child.wait_with_output().expect("it ends")).ended(0).json();
    assert_eq!((who["way"].as_str(), who["cloudKey"].as_str()), (Some("browser"), Some("global")));
}

#[tokio::test]
async fn one_asks_for_consent_and_another_gives_exactly_that() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let file = computer.home.path().join("request.json").display().to_string();
    let one = ["--persona", "application-administrator", "--json"];
    let args = ["setup", "service-principal", "--name", "HR feed", "--ask-consent", &file, one[0], one[1], one[2]];
    let result = computer.run_at(&tenant, &args).ended(0).json();
    assert_eq!(result["run"]["state"], "done");
    let run = text(&result["run"], "id");
    let check = ["consent", "check", &run, one[0], one[1], one[2]];
    computer.run_at(&tenant, &check).ended(1);

    let note = computer.home.path().join("note.md").display().to_string();
    computer.run_at(&tenant, &["consent", "save", &run, &note, one[0], one[1], one[2]]).ended(0);
    let note = std::fs::read_to_string(&note).expect("a note");
    assert!(note.contains("SynchronizationData-User.Upload") && note.contains("Decision"), "{note}");

    let other = ["--persona", "privileged-role-administrator", "--json"];
    let grant = ["consent", "grant", &file, other[0], other[1], other[2]];
    let granted = computer.run_at(&tenant, &grant).ended(0).json();
    assert_eq!(granted["changes"], 2, "{granted}");
    assert_eq!(computer.run_at(&tenant, &grant).ended(0).json()["changes"], 0, "twice changes nothing");
    let seen = computer.run_at(&tenant, &check).ended(0).json();
    assert!(seen["consent"]["granted"].as_array().expect("two").iter().all(Value::is_string), "{seen}");
    computer.run_at(&tenant, &["verify", "HR feed", "--token", "--json"]).ended(0);

    std::fs::write(&file, "{}").expect("spoilt");
    let problem = computer.run_at(&tenant, &grant).ended(2).problem();
    assert!(text(&problem, "message").contains("no request for consent"), "{problem}");
}
