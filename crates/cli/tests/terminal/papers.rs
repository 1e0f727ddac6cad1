//! What goes to others: the hand-over to the API developer, and what a run did as text.

use serde_json::Value;

use crate::support::{Computer, Tenant, text};

const SNIPPETS: [&str; 7] = ["curl", "postman", "powershell", "python", "csharp", "csv2scim", "webWizard"];
const LANGUAGES: [&str; 4] = ["powershell", "azRest", "http", "terraform"];

fn set_up(computer: &Computer, tenant: &Tenant) -> Value {
    let args = ["setup", "service-principal", "--name", "HR feed", "--json"];
    computer.run_at(tenant, &args).ended(0).json()["run"].clone()
}

fn keys(texts: &Value) -> Vec<String> {
    texts.as_array().expect("texts").iter().map(|one| text(one, "key")).collect()
}

#[test]
fn the_hand_over_names_what_a_developer_needs_and_prints_each_text_alone() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let run = set_up(&computer, &tenant);
    let place = &run["handOver"]["secret"];
    let (client, secret) = (text(place, "clientId"), computer.secret_at(place));
    let whole = computer.run_at(&tenant, &["handover", "HR feed", "--json"]).ended(0);
    let packet = whole.json();
    let facts = packet["facts"].as_array().expect("facts");
    for value in [&text(&tenant.ready, "tenant"), &client] {
        assert!(facts.iter().any(|fact| fact["value"] == value.as_str()), "{value}: {packet}");
    }
    assert_eq!(keys(&packet["snippets"]), SNIPPETS);

    let words = computer.run_at(&tenant, &["handover", &client]).ended(0);
    for part in ["For whoever writes the API client HR feed", &client, "--snippet KEY", "webWizard"] {
        assert!(words.stdout.contains(part), "{part}: {}", words.stdout);
    }
    let mut said = vec![whole, words];
    for (key, of_packet) in SNIPPETS.iter().zip(packet["snippets"].as_array().expect("texts")) {
        let alone = computer.run_at(&tenant, &["handover", "HR feed", "--snippet", key]).ended(0);
        assert_eq!(alone.stdout, text(of_packet, "text"), "{key} as it is, to be piped into a file");
        said.push(alone);
    }
    for outcome in &said {
        assert!(!outcome.stdout.contains(&secret) && !outcome.stderr.contains(&secret), "{}", outcome.stdout);
    }
}

#[test]
fn the_job_that_is_chosen_is_the_one_whose_address_is_handed_over() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    set_up(&computer, &tenant);
    let road = computer.run_at(&tenant, &["jobs", "--ask", "--json"]).ended(0).json();
    for job in road["jobs"].as_array().expect("jobs") {
        let (id, address) = (text(job, "id"), text(job, "uploadAddress"));
        let curl = computer.run_at(&tenant, &["handover", "HR feed", "--job", &id, "--snippet", "curl"]).ended(0);
        assert!(curl.stdout.contains(&address), "{address}: {}", curl.stdout);
    }
    let other = computer.run_at(&tenant, &["handover", "HR feed", "--job", "API2AAD.0.0", "--json"]);
    assert_eq!((other.code, other.problem()["code"].as_str()), (1, Some("notFound")), "{}", other.stderr);
    assert!(other.stdout.is_empty());
}

#[test]
fn a_run_is_told_in_each_language_and_none_holds_the_secret() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let run = set_up(&computer, &tenant);
    let (id, secret) = (text(&run, "id"), computer.secret_at(&run["handOver"]["secret"]));
    let texts = computer.run_at(&tenant, &["scripts", &id, "--json"]).ended(0).json();
    assert_eq!(keys(&texts), LANGUAGES);
    let listed = computer.run_at(&tenant, &["scripts", &id[..8]]).ended(0).stdout;
    for (key, of_list) in LANGUAGES.iter().zip(texts.as_array().expect("texts")) {
        let alone = computer.run_at(&tenant, &["scripts", &id, "--as", key]).ended(0);
        assert_eq!(alone.stdout, text(of_list, "text"), "{key}");
        assert!(alone.stdout.contains("HR feed") && listed.contains(key), "{key}: {listed}");
        assert!(!alone.stdout.contains(&secret) && !alone.stderr.contains(&secret), "{key}");
    }
}

#[test]
fn a_text_that_there_is_not_is_named_with_those_that_there_are() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let id = text(&set_up(&computer, &tenant), "id");
    for (args, option, keys) in [
        (&["handover", "HR feed", "--snippet", "cobol"][..], "--snippet", &SNIPPETS[..]),
        (&["scripts", &id, "--as", "cobol"], "--as", &LANGUAGES[..]),
    ] {
        let told = computer.run_at(&tenant, args).ended(2);
        assert!(told.stderr.starts_with(&format!("error: {option}: ")), "{}", told.stderr);
        assert!(told.stderr.contains(&keys.join(", ")) && told.stdout.is_empty(), "{}", told.stderr);
    }
    let nobody = computer.run_at(&tenant, &["handover", "Nobody by that name", "--json"]).ended(1);
    assert_eq!(nobody.problem()["code"], "notFound");
    let no_run = computer.run_at(&tenant, &["scripts", "no-such-run", "--json"]).ended(1);
    assert_eq!(no_run.problem()["code"], "notFound");
}
