//! The rules of the house: which room may use which, one seam to Tauri, and one list of commands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Each room and the rooms that it may use. An arrow that is not here is a decision to be taken, not a detail.
const ARROWS: &[(&str, &[&str])] = &[
    ("inbound-access", &["inbound-connection", "inbound-access-job"]),
    ("inbound-access-cli", &["inbound-connection", "inbound-access-job", "practice-tenant"]),
    ("inbound-connection", &["inbound-access-job", "inbound-entra", "inbound-keychain", "practice-tenant"]),
    ("inbound-access-job", &["inbound-entra", "inbound-keychain"]),
    ("inbound-entra", &[]),
    ("inbound-keychain", &[]),
    ("practice-tenant", &[]),
];

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(ROOT).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).expect("JSON")
}

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// All files under `folder` with one of these endings, with what they hold.
fn sources(folder: &str, endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(ROOT).join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("dist") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|end| endings.iter().any(|wanted| end == *wanted)) {
                found.push((path.clone(), std::fs::read_to_string(&path).expect("text")));
            }
        }
    }
    assert!(!found.is_empty(), "nothing found in {folder}");
    found.sort();
    found
}

#[test]
fn rooms_use_only_what_lies_below_them() {
    let metadata = metadata(&["--no-deps"]);
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(room, below)| (*room, below.iter().copied().collect())).collect();
    let packages = metadata["packages"].as_array().expect("packages");
    let rooms: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    assert_eq!(rooms, allowed.keys().copied().collect(), "every room has its line in ARROWS");
    for package in packages {
        let room = package["name"].as_str().expect("a name");
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let used = dependency["name"].as_str().expect("a name");
            let in_tests = dependency["kind"] == "dev";
            if !rooms.contains(used) || used == room {
                continue;
            }
            // Tests of a room may also start what the rooms below it talk to, but never look up.
            let fine = allowed[room].contains(used) || (in_tests && !reaches(&allowed, used, room));
            assert!(fine, "{room} must not use {used}");
        }
    }
}

fn reaches(allowed: &BTreeMap<&str, BTreeSet<&str>>, from: &str, to: &str) -> bool {
    from == to || allowed[from].iter().any(|next| reaches(allowed, next, to))
}

#[test]
fn no_room_below_the_shell_knows_tauri() {
    let metadata = metadata(&["--no-deps"]);
    let mut shell_knows = false;
    for package in metadata["packages"].as_array().expect("packages") {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let used = dependency["name"].as_str().expect("a name");
            if used.starts_with("tauri") || used == "wry" || used == "tao" {
                assert_eq!(package["name"], "inbound-access", "{used} belongs to the shell alone");
                shell_knows = true;
            }
        }
    }
    assert!(shell_knows);
}

#[test]
fn what_the_page_may_do_cannot_grow_by_a_feature() {
    let metadata = metadata(&["--filter-platform", env!("TAURI_ENV_TARGET_TRIPLE")]);
    let packages = metadata["packages"].as_array().expect("packages");
    let tauri: BTreeSet<&str> = packages
        .iter()
        .filter(|package| package["name"] == "tauri")
        .filter_map(|package| package["id"].as_str())
        .collect();
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let features: BTreeSet<&str> = nodes
        .iter()
        .filter(|node| node["id"].as_str().is_some_and(|id| tauri.contains(id)))
        .flat_map(|node| texts(&node["features"]))
        .collect();
    assert!(features.contains("wry"), "{features:?}");
    for unwanted in ["dynamic-acl", "devtools", "protocol-asset", "unstable", "webview-data-url"] {
        assert!(
            !features.contains(unwanted),
            "tauri's {unwanted} is on; `cargo tree -e features -i tauri` tells by whom"
        );
    }
}

#[test]
fn only_the_backend_of_the_page_knows_tauri() {
    let mut backend_knows = false;
    for (path, text) in sources("ui/src", &["ts", "tsx"]) {
        if text.contains("@tauri-apps") || text.contains("__TAURI") {
            assert!(path.starts_with(Path::new(ROOT).join("ui/src/backend")), "{} imports Tauri", path.display());
            backend_knows = true;
        }
    }
    assert!(backend_knows);
}

/// What stands in quotes between `from` and the next `to`.
fn quoted(text: &str, from: &str, to: char) -> BTreeSet<String> {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    let (list, _) = rest.split_once(to).expect("an end");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn declared() -> BTreeSet<String> {
    quoted(&read("src-tauri/build.rs"), "COMMANDS: &[&str] = &[", ']')
}

#[test]
fn declared_handled_allowed_and_called_commands_are_the_same() {
    let declared = declared();
    assert!(declared.len() > 10);

    let shell = read("src-tauri/shell.rs");
    let (_, handlers) = shell.split_once("generate_handler![").expect("handlers");
    let (handlers, _) = handlers.split_once(']').expect("an end");
    let handled: BTreeSet<String> = handlers
        .split(',')
        .filter_map(|path| path.trim().rsplit("::").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(handled, declared, "src-tauri/shell.rs and src-tauri/build.rs");

    let capability = json("src-tauri/capabilities/main.json");
    let allowed: BTreeSet<String> = texts(&capability["permissions"])
        .filter_map(|permission| permission.strip_prefix("allow-"))
        .map(|name| name.replace('-', "_"))
        .collect();
    assert_eq!(allowed, declared, "src-tauri/capabilities/main.json and src-tauri/build.rs");

    let called: BTreeSet<String> = sources("ui/src/backend", &["ts", "tsx"])
        .iter()
        .flat_map(|(_, text)| {
            text.split("call(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>()
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(called, declared, "ui/src/backend and src-tauri/build.rs");
}

#[test]
fn no_command_runs_on_the_windows_own_thread() {
    let mut commands = BTreeSet::new();
    for (path, text) in sources("src-tauri", &["rs"]) {
        for after in text.split("#[tauri::command").skip(1) {
            let head = after.lines().skip(1).find(|line| line.contains("fn ")).expect("a function");
            assert!(head.starts_with("pub async fn "), "{}: {head}", path.display());
            let name = head.trim_start_matches("pub async fn ").split(['(', '<']).next().expect("a name");
            commands.insert(name.to_owned());
        }
    }
    assert_eq!(commands, declared());
}

#[test]
fn the_window_is_shut_in() {
    let config = json("tauri.conf.json");
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], false);
    let security = &app["security"];
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(texts(&security["capabilities"]).collect::<Vec<_>>(), ["main"]);
    for unwanted in ["assetProtocol", "dangerousDisableAssetCspModification", "dangerousRemoteDomainIpcAccess"] {
        assert!(security.get(unwanted).is_none(), "{unwanted}");
    }
    let policy: BTreeMap<&str, &str> = security["csp"]
        .as_object()
        .expect("a policy")
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().expect("text")))
        .collect();
    for (name, value) in &policy {
        for loose in ["unsafe", "*", "data:", "https:", "blob:"] {
            assert!(!value.contains(loose), "{name} {value}");
        }
    }
    assert_eq!(policy["default-src"], "'self'");
    for closed in ["object-src", "base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(policy[closed], "'none'", "{closed}");
    }
    // Only pictures may come from the scheme that shows a secret: what is fetched can be read, a picture cannot.
    for (name, value) in &policy {
        assert_eq!(value.contains("reveal"), *name == "img-src", "{name}");
    }

    let windows = app["windows"].as_array().expect("windows");
    assert_eq!(windows.len(), 1);
    // Made by hand, so that it gets its guards; unseen until the page has painted.
    for off in ["create", "visible", "dragDropEnabled"] {
        assert_eq!(windows[0][off], false, "{off}");
    }
}

#[test]
fn permissions_are_given_one_by_one_to_one_window() {
    let files: Vec<_> = std::fs::read_dir(Path::new(ROOT).join("src-tauri/capabilities")).expect("a folder").collect();
    assert_eq!(files.len(), 1, "one capability");
    let capability = json("src-tauri/capabilities/main.json");
    assert_eq!(texts(&capability["windows"]).collect::<Vec<_>>(), ["main"]);
    assert!(capability.get("remote").is_none());
    for permission in capability["permissions"].as_array().expect("permissions") {
        let permission = permission.as_str().expect("a plain permission, without a scope of its own");
        let single = permission.rsplit(':').next().expect("a name");
        assert!(single.starts_with("allow-"), "{permission} is a set");
    }
}

#[test]
fn no_error_is_a_mere_string() {
    let mut looked = 0;
    for folder in ["src-tauri", "crates"] {
        for (path, text) in sources(folder, &["rs"]) {
            looked += 1;
            for (number, line) in text.lines().enumerate() {
                let mere = line.split("Result<").skip(1).any(|rest| {
                    // The error of a plain `Result<T, String>`; nested ones are rare enough to be read by people.
                    rest.split_once('>')
                        .is_some_and(|(inside, _)| !inside.contains('<') && inside.ends_with(", String"))
                });
                assert!(!mere, "{}:{} has no code to branch on: {}", path.display(), number + 1, line.trim());
            }
        }
    }
    assert!(looked > 20);
}

/// The names of all functions in Rust, tests among them.
fn functions() -> BTreeSet<String> {
    let texts = ["src-tauri", "crates", "tests"].into_iter().flat_map(|folder| sources(folder, &["rs"]));
    let mut names = BTreeSet::new();
    for (_, text) in texts {
        for rest in text.split("fn ").skip(1) {
            names.insert(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

#[test]
fn every_test_that_the_documents_name_is_there() {
    let functions = functions();
    let mut named = 0;
    for document in ["docs/behaviour.md", "docs/threat-model.md"] {
        let text = read(document);
        // A name with at least two underscores is a test's; the page's tests are told by their words.
        for name in text.split('`').skip(1).step_by(2) {
            let is_test = name.matches('_').count() > 1
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if is_test {
                named += 1;
                assert!(functions.contains(name), "{document} names `{name}`, which is not there");
            }
        }
    }
    assert!(named > 100);
}

/// `../shared/research/security.md`, sections 3 A, 3 B (P16, P67) and 3 D: sign-in, tokens and network.
#[test]
fn each_promise_of_sign_in_and_network_has_a_test_by_its_number() {
    let functions = functions();
    for promise in (1..=16).chain(44..=48).chain([53, 67]) {
        let number = format!("p{promise:02}_");
        assert!(functions.iter().any(|name| name.contains(&number)), "no test's name begins with {number}");
    }
}
