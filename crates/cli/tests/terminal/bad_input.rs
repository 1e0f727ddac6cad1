//! Bad input: named, with the way out, and the tenant stays as it was.

use crate::support::{Computer, text};

/// Arguments, exit code, code of the problem, and what the message names.
type Case = (Vec<String>, i32, &'static str, Vec<String>);

fn app(args: &[&str]) -> Vec<String> {
    let mut all = vec!["setup", "service-principal"];
    all.extend(args);
    all.into_iter().map(str::to_owned).collect()
}

fn identity(args: &[&str]) -> Vec<String> {
    let mut all = vec!["setup", "managed-identity"];
    all.extend(args);
    all.into_iter().map(str::to_owned).collect()
}

fn names(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test]
async fn nothing_is_created_and_the_field_is_named() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let principals = tenant.list("/servicePrincipals?$top=999").await;
    let some_app = principals
        .iter()
        .find(|row| row["servicePrincipalType"] == "Application" && row["accountEnabled"] == true)
        .map(|row| text(row, "id"))
        .expect("an app");
    let blocked = principals
        .iter()
        .find(|row| row["accountEnabled"] == false)
        .map(|row| text(row, "appId"))
        .expect("the seed has a principal whose sign-in is blocked");
    let nobody = "5f0c9c3e-0000-4000-8000-00000000dead";
    let long = "x".repeat(121);

    let mut cases: Vec<Case> = vec![
        (app(&["--name", ""]), 2, "invalidInput", names(&["name"])),
        (app(&["--name", "   "]), 2, "invalidInput", names(&["name"])),
        (app(&["--name", &long]), 2, "invalidInput", names(&["name", "120"])),
        (app(&["--name", "HR\u{7}feed"]), 2, "invalidInput", names(&["name"])),
        (app(&["--name", "HR feed", "--secret-expires", "2020-01-31"]), 2, "invalidInput", names(&["secretExpires"])),
        (
            app(&["--name", "HR feed", "--secret-expires", "2099-01-31"]),
            2,
            "invalidInput",
            names(&["secretExpires", "24"]),
        ),
        (
            app(&["--name", "HR feed", "--secret-expires", "31.1.2027"]),
            2,
            "invalidInput",
            names(&["--secret-expires", "YYYY-MM-DD"]),
        ),
        (app(&["--name", "HR feed", "--secret-months", "0"]), 2, "invalidInput", names(&["--secret-months", "1..=24"])),
        (
            app(&["--name", "HR feed", "--secret-months", "25"]),
            2,
            "invalidInput",
            names(&["--secret-months", "1..=24"]),
        ),
        (
            app(&["--name", "HR feed", "--permission", "Users.Upload.All"]),
            2,
            "invalidInput",
            names(&["Users.Upload.All"]),
        ),
        (app(&["--name", "HR feed", "--use", "no-guid"]), 2, "invalidInput", names(&["GUID"])),
        (app(&["--name", "HR feed", "--use", nobody]), 1, "notFound", names(&[nobody])),
        (identity(&["--object-id", "no-guid"]), 2, "invalidInput", names(&["GUID"])),
        (identity(&["--object-id", nobody]), 1, "notFound", names(&[nobody])),
        (identity(&["--object-id", &some_app]), 2, "wrongKind", names(&["app"])),
        (identity(&["--name", "Nobody by that name"]), 1, "notFound", names(&["Nobody by that name"])),
        (identity(&["--resource-id", "/not/an/arm/id"]), 2, "invalidInput", names(&["/subscriptions/"])),
        (vec!["verify".into(), "Nobody by that name".into()], 1, "notFound", names(&["Nobody by that name"])),
        (vec!["verify".into(), nobody.into()], 1, "notFound", names(&[nobody])),
        (vec!["verify".into(), String::new()], 2, "invalidInput", names(&["app or identity"])),
    ];
    cases.push((app(&["--name", "HR feed", "--use", &blocked]), 1, "disabled", names(&["Sign-in", "blocked"])));

    let before = tenant.everything().await;
    let mut wrong = Vec::new();
    for (args, code, kind, named) in &cases {
        let mut words: Vec<&str> = args.iter().map(String::as_str).collect();
        words.push("--json");
        let outcome = computer.run_at(&tenant, &words);
        let problem = outcome.problem();
        if problem["code"] != *kind {
            wrong.push(format!("{words:?}: the code is {} in {problem}", problem["code"]));
        }
        let told = problem.to_string();
        if outcome.code != *code {
            wrong.push(format!("{words:?}: exit {} and not {code}: {}", outcome.code, outcome.stderr));
        }
        for name in named {
            if !told.contains(name.as_str()) {
                wrong.push(format!("{words:?}: {name} is not named in {told}"));
            }
        }
        if !outcome.stdout.is_empty() {
            wrong.push(format!("{words:?}: a result all the same: {}", outcome.stdout));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(tenant.everything().await, before, "nothing was created");
    assert!(computer.keyring.visible_items().expect("items").is_empty());
    assert_eq!(computer.run(&["runs", "--json"]).ended(0).json(), serde_json::json!([]), "no run began");
}

#[test]
fn a_tenant_that_is_not_there_is_told_apart_from_a_bad_url() {
    let computer = Computer::new();
    let fingerprint = "0".repeat(64);
    // Port 9 of loopback has no server.
    let gone = format!("https://localhost:9/#sha256={fingerprint}");
    let outcome = computer.run(&["verify", "x", "--practice-url", &gone, "--json"]).ended(3);
    assert_eq!(outcome.problem()["code"], "unreachable");
    for (url, named) in [
        ("http://localhost:9/#sha256=00", "https"),
        ("https://localhost:9/", "sha256"),
        ("https://graph.microsoft.com/#sha256=00", "this computer"),
        ("nonsense", "URL"),
    ] {
        let outcome = computer.run(&["verify", "x", "--practice-url", url, "--json"]).ended(2);
        let problem = outcome.problem();
        assert!(text(&problem, "message").contains(named), "{url}: {problem}");
    }
}

#[test]
fn a_run_that_is_not_kept_is_named() {
    let computer = Computer::new();
    let outcome = computer.run(&["runs", "no-such-run"]).ended(1);
    assert!(outcome.stderr.contains("no-such-run"), "{}", outcome.stderr);
    assert!(computer.run(&["runs"]).ended(0).stdout.contains("No runs"));
}

#[test]
fn a_tenant_with_another_certificate_is_not_trusted() {
    let computer = Computer::new();
    let tenant = computer.serve(&[]);
    let url = text(&tenant.ready, "url");
    let (origin, fingerprint) = url.split_once("#sha256=").expect("a fingerprint");
    let first = if fingerprint.starts_with('0') { "1" } else { "0" };
    let other = format!("{origin}#sha256={first}{}", &fingerprint[1..]);
    let outcome = computer.run(&["verify", "x", "--practice-url", &other]).ended(3);
    assert!(outcome.stdout.is_empty());
}
