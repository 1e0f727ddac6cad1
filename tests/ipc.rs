//! What the page can reach, over the real access list and the real commands, without a window: the page is not
//! trusted (security P58, P59, P24).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use inbound_access::clipboard::{Board, BoardError, Clipboard};
use inbound_access::desk::Desk;
use inbound_access::shell;
use inbound_connection::{Connector, Folders, Keychain};
use inbound_keychain::Bounds;
use inbound_keychain::testing::FakeStore;
use proptest::prelude::*;
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};

const PAGE: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

/// Every command with arguments that are right, and the texts among them.
fn commands() -> Vec<(&'static str, Value)> {
    let id = "7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11";
    let request = json!({
        "kind": "appRegistration", "name": "HR feed", "app": { "kind": "byName" }, "note": null,
        "secretDescription": null, "secretExpires": "2027-01-31", "permissions": ["AuditLog.Read.All"],
        "askConsent": false, "secretGoes": "intoKeychain",
    });
    vec![
        ("app_info", json!({})),
        ("connect_practice", json!({ "persona": "nobody" })),
        ("disconnect", json!({})),
        ("reset_practice", json!({})),
        (
            "sign_in",
            json!({ "request": {
            "cloud": "mars", "tenant": null, "way": "browser", "clientId": id, "account": null,
        } }),
        ),
        ("cancel_sign_in", json!({})),
        ("copy_sign_in_link", json!({})),
        ("open_sign_in_page", json!({})),
        ("watch_session", json!({ "news": "__CHANNEL__:1" })),
        ("touch", json!({})),
        ("lock_session", json!({})),
        ("unlock", json!({})),
        ("preflight", json!({ "ask": "" })),
        ("activate_role", json!({ "roleId": id, "justification": "For HR", "hours": 4 })),
        (
            "save_settings",
            json!({ "settings": {
            "clouds": [], "clients": [], "remembered": [], "lockAfterMinutes": 15,
        } }),
        ),
        ("test_client", json!({ "cloud": "mars", "tenant": "", "clientId": id })),
        ("forget_tenant", json!({ "cloud": "global", "tenantId": id })),
        ("save_consent_request", json!({ "runId": id, "format": "json" })),
        ("copy_consent_link", json!({ "runId": id })),
        ("open_consent_link", json!({ "runId": id })),
        ("check_consent", json!({ "runId": id })),
        ("open_consent_request", json!({})),
        ("plan_consent", json!({ "id": id })),
        ("check_app_name", json!({ "name": "HR feed" })),
        ("search_identities", json!({ "text": "HR" })),
        ("search_principals", json!({ "text": "HR" })),
        ("plan_setup", json!({ "request": request })),
        ("run_plan", json!({ "planId": id, "events": "__CHANNEL__:1" })),
        ("cancel_run", json!({ "runId": id })),
        ("list_runs", json!({})),
        ("plan_continue", json!({ "runId": id })),
        ("plan_undo", json!({ "runId": id })),
        ("leave_run", json!({ "runId": id })),
        ("plan_fix", json!({ "fix": { "kind": "enableSignIn", "principal": id } })),
        ("road", json!({ "ask": false })),
        (
            "prepare_upload",
            json!({ "request": {
                "clientId": id, "appObjectId": id, "jobId": "API2AAD.0.0",
                "user": { "externalId": "7", "userName": "a@b.example", "givenName": "A", "familyName": "B", "active": true },
            } }),
        ),
        ("start_upload", json!({ "uploadId": id, "news": "__CHANNEL__:1" })),
        ("stop_upload", json!({ "uploadId": id })),
        ("audit", json!({ "permissions": ["AuditLog.Read.All"], "news": "__CHANNEL__:1" })),
        ("stop_audit", json!({})),
        ("holder_details", json!({ "principals": [id] })),
        ("credentials", json!({})),
        ("save_evidence", json!({ "subject": { "kind": "run", "id": id }, "format": "html" })),
        ("developer_packet", json!({ "principal": "HR feed", "jobId": "" })),
        ("plan_scripts", json!({ "planId": id })),
        ("run_scripts", json!({ "runId": id })),
        ("save_snippet", json!({ "snippetId": id })),
        ("verify", json!({ "principal": "HR feed", "permissions": ["AuditLog.Read.All"], "token": false })),
        ("copy_secret", json!({ "clientId": id, "keyId": id })),
        ("reveal_secret", json!({ "clientId": id, "keyId": id, "dark": true })),
        ("reveal_new_secret", json!({ "runId": id, "dark": true })),
        ("copy_new_secret", json!({ "runId": id })),
        ("settle_new_secret", json!({ "runId": id, "taken": true })),
        ("hide_secret", json!({})),
        ("copy_text", json!({ "text": "7d1c" })),
        ("open_link", json!({ "url": "https://example.org" })),
        ("window_ready", json!({})),
        ("watch_closing", json!({ "asked": "__CHANNEL__:1" })),
        ("keep_open", json!({})),
        ("close_window", json!({})),
        ("report_fault", json!({ "message": "a fault" })),
    ]
}

/// The right arguments of one command.
fn of(command: &str) -> Value {
    let found = commands().into_iter().find(|(name, _)| *name == command);
    found.expect("it is listed").1
}

/// A clipboard that the test can read.
#[derive(Clone, Default)]
struct Pocket(Arc<Mutex<Option<String>>>);

impl Pocket {
    fn put(&self, text: Option<&str>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text.map(str::to_owned);
    }
    fn now(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Board for Pocket {
    fn put_secret(&mut self, text: &str) -> Result<(), BoardError> {
        self.put(Some(text));
        Ok(())
    }
    fn put_text(&mut self, text: &str) -> Result<(), BoardError> {
        self.put(Some(text));
        Ok(())
    }
    fn text(&mut self) -> Option<String> {
        self.now()
    }
    fn clear(&mut self) -> Result<(), BoardError> {
        self.put(None);
        Ok(())
    }
}

struct Page {
    main: WebviewWindow<MockRuntime>,
    pocket: Pocket,
    /// All that was streamed to the page.
    streamed: Arc<Mutex<Vec<String>>>,
    app: App<MockRuntime>,
    _home: tempfile::TempDir,
}

impl Page {
    fn open() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let folders = Folders::under(home.path()).expect("folders");
        let keychain = Keychain::with_store(FakeStore::new().factory(), Bounds::default());
        let connector = Connector::new(folders, keychain, "0.0.0");
        let pocket = Pocket::default();
        let board = pocket.clone();
        let desk = tauri::async_runtime::block_on(async {
            Desk::start(connector, Clipboard::start(move || Ok(board.clone())))
        });
        let streamed: Arc<Mutex<Vec<String>>> = Arc::default();
        let stream = Arc::clone(&streamed);
        let app = shell::with_commands(mock_builder(), desk)
            .channel_interceptor(move |_, _, _, body| {
                stream.lock().unwrap_or_else(PoisonError::into_inner).push(shown(body));
                true
            })
            .build(shell::context(Some(home.path())))
            .expect("an app");
        let main = WebviewWindowBuilder::new(&app, "main", Default::default()).build().expect("a window");
        Self { main, pocket, streamed, app, _home: home }
    }

    fn ask(&self, command: &str, body: impl Into<InvokeBody>) -> Result<Value, Value> {
        ask_of(&self.main, PAGE, command, body)
    }

    /// It still answers.
    fn lives(&self) {
        let facts = self.ask("app_info", json!({})).expect("the app lives");
        assert_eq!(facts["version"], "0.0.0");
    }
}

fn ask_of(
    window: &WebviewWindow<MockRuntime>,
    from: &str,
    command: &str,
    body: impl Into<InvokeBody>,
) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: from.parse().expect("an address"),
        body: body.into(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.into(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().expect("JSON"))
}

fn shown(body: &InvokeResponseBody) -> String {
    match body {
        InvokeResponseBody::Json(text) => text.clone(),
        InvokeResponseBody::Raw(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn assert_refused(command: &str, outcome: Result<Value, Value>) {
    let problem = outcome.expect_err(command);
    assert_eq!(problem["code"], "invalidInput", "{command}: {problem}");
    let message = problem["message"].as_str().expect("words");
    assert!(!message.is_empty() && message.len() < 600, "{command}: {message}");
}

#[test]
fn every_command_is_looked_at_here() {
    let declared: BTreeSet<String> = include_str!("../src-tauri/build.rs")
        .split_once("COMMANDS: &[&str] = &[")
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(list, _)| list.split('"').skip(1).step_by(2).map(str::to_owned).collect())
        .expect("the list");
    assert_eq!(commands().into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>(), declared);
}

#[test]
fn what_is_not_declared_is_refused() {
    let page = Page::open();
    for command in [
        "add",
        "plugin:opener|open_url",
        "plugin:window-state|save_window_state",
        "plugin:window|close",
        "plugin:event|listen",
        "plugin:path|resolve_directory",
        "plugin:webview|create_webview_window",
    ] {
        let refusal = page.ask(command, json!({ "url": "https://example.org", "label": "second", "options": {} }));
        let words = refusal.expect_err(command);
        assert!(words.as_str().is_some_and(|words| words.contains("not allowed")), "{command}: {words}");
    }
    page.lives();
}

#[test]
fn no_other_window_and_no_other_page_may_ask() {
    let page = Page::open();
    let other = WebviewWindowBuilder::new(&page.app, "other", Default::default()).build().expect("a window");
    for (command, body) in commands() {
        assert!(ask_of(&other, PAGE, command, body.clone()).is_err_and(|words| words.is_string()), "{command}");
        for elsewhere in ["https://example.org", "http://localhost:5173", "http://reveal.localhost"] {
            let outcome = ask_of(&page.main, elsewhere, command, body.clone());
            // The scheme of the pictures counts as local to Tauri on Windows only, where nothing but pictures is
            // served under it.
            if !(cfg!(windows) && elsewhere.contains("reveal")) {
                assert!(outcome.is_err_and(|words| words.is_string()), "{command} from {elsewhere}");
            }
        }
    }
    page.lives();
}

#[test]
fn unknown_fields_are_refused() {
    let page = Page::open();
    for (command, mut body) in commands() {
        body["admin"] = json!(true);
        assert_refused(command, page.ask(command, body));
    }
    let mut plan = of("plan_setup");
    plan["request"]["permission"] = json!("AuditLog.Read.All");
    assert_refused("plan_setup", page.ask("plan_setup", plan));
    page.lives();
}

#[test]
fn wrong_types_and_missing_fields_are_refused() {
    let page = Page::open();
    for (command, body) in commands() {
        for whole in [json!(null), json!([]), json!("text"), json!(7)] {
            assert_refused(command, page.ask(command, whole));
        }
        assert_refused(command, page.ask(command, vec![0_u8, 159, 146, 150]));
        for field in body.as_object().expect("fields").keys() {
            let mut less = body.clone();
            less.as_object_mut().expect("fields").remove(field);
            assert_refused(command, page.ask(command, less));
            for wrong in [json!(null), json!(7.5), json!([[]]), json!({ "x": {} })] {
                let mut other = body.clone();
                other[field] = wrong;
                assert_refused(command, page.ask(command, other));
            }
        }
    }
    page.lives();
}

#[test]
fn ten_megabytes_are_refused_wherever_they_stand() {
    let page = Page::open();
    let huge = "é".repeat(5 * 1024 * 1024);
    for (command, body) in commands() {
        for field in body.as_object().expect("fields").keys() {
            let mut other = body.clone();
            other[field] = json!(huge);
            assert_refused(command, page.ask(command, other));
        }
        let mut more = body.clone();
        more["more"] = json!(huge);
        assert_refused(command, page.ask(command, more));
    }
    let mut plan = of("plan_setup");
    plan["request"]["name"] = json!(huge);
    assert_refused("plan_setup", page.ask("plan_setup", plan));
    page.lives();
}

#[test]
fn a_link_off_the_list_and_an_unknown_persona_are_told_in_words() {
    let page = Page::open();
    assert_refused("open_link", page.ask("open_link", json!({ "url": "file:///etc/passwd" })));
    assert_refused("connect_practice", page.ask("connect_practice", json!({ "persona": "nobody" })));
    let nobody = page.ask("list_runs", json!({})).expect_err("nobody is signed in");
    assert_eq!(nobody["code"], "notSignedIn");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z]{1,10}", inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

#[test]
fn nothing_that_the_page_can_send_ends_the_app() {
    let page = Page::open();
    let known: Vec<(&str, Vec<String>)> = commands()
        .into_iter()
        .filter_map(|(name, body)| {
            let fields: Vec<String> = body.as_object()?.keys().cloned().collect();
            (!fields.is_empty()).then_some((name, fields))
        })
        .collect();
    let cases = (0..known.len(), prop::collection::vec(any_json(), 4));
    proptest!(ProptestConfig { cases: 400, ..ProptestConfig::default() }, |((which, values) in cases)| {
        let (command, fields) = &known[which];
        let body: serde_json::Map<String, Value> = fields.iter().cloned().zip(values).collect();
        // Whatever comes is an answer, and a problem is one that the page can read.
        if let Err(problem) = page.ask(command, Value::Object(body)) {
            prop_assert!(problem["code"].is_string(), "{}: {}", command, problem);
        }
    });
    page.lives();
}

#[test]
fn over_the_whole_job_the_secret_never_reaches_the_page() {
    let page = Page::open();
    let mut said: Vec<String> = Vec::new();
    let mut ask = |command: &str, body: Value| {
        let answer = page.ask(command, body).unwrap_or_else(|problem| panic!("{command}: {problem}"));
        said.push(answer.to_string());
        answer
    };

    ask("connect_practice", json!({ "persona": "globalAdministrator" }));
    let month = jiff::ZonedDateTime::now().checked_add(jiff::Span::new().months(2)).expect("a date").date();
    let plan = ask(
        "plan_setup",
        json!({ "request": {
            "kind": "appRegistration", "name": "HR feed over IPC", "app": { "kind": "byName" }, "note": null,
            "secretDescription": null, "secretExpires": month.to_string(),
            "permissions": ["AuditLog.Read.All", "SynchronizationData-User.Upload"], "askConsent": false,
            "secretGoes": "intoKeychain",
        }}),
    );
    let run = ask("run_plan", json!({ "planId": plan["id"], "events": "__CHANNEL__:7" }));
    assert_eq!(run["state"], "done", "{run:#}");
    let secret = &run["handOver"]["secret"];
    let place = json!({ "clientId": secret["clientId"], "keyId": secret["keyId"] });

    let copied = ask("copy_secret", place.clone());
    assert_eq!(copied, json!({ "clearsInSeconds": 30 }));
    let canary = page.pocket.now().expect("it was copied");
    assert!(canary.len() >= 30, "a client secret of Entra's, not a placeholder");

    let mut dark = place;
    dark["dark"] = json!(true);
    let revealed = ask("reveal_secret", dark);
    assert!(revealed["imageUrl"].as_str().is_some_and(|url| url.contains("reveal")), "{revealed}");
    assert_eq!(revealed["seconds"], 20);
    ask("hide_secret", json!({}));
    ask("list_runs", json!({}));
    let verdict = ask(
        "verify",
        json!({
            "principal": secret["clientId"], "token": true,
            "permissions": ["AuditLog.Read.All", "SynchronizationData-User.Upload"],
        }),
    );
    assert_eq!(verdict["token"]["kind"], "issued", "{verdict:#}");
    ask("app_info", json!({}));
    ask("disconnect", json!({}));

    let streamed = page.streamed.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(streamed.iter().any(|event| event.contains("\"ended\"")), "events were streamed");
    for words in said.iter().chain(&streamed) {
        assert!(!words.contains(&canary), "the secret reached the page: {}", words.replace(&canary, "***"));
        assert!(!words.contains(".eyJ"), "a token reached the page: {words}");
    }
}

#[test]
fn a_secret_that_is_shown_once_never_reaches_the_page() {
    let page = Page::open();
    let said: Mutex<Vec<String>> = Mutex::default();
    let ask = |command: &str, body: Value| {
        let answer = page.ask(command, body).unwrap_or_else(|problem| panic!("{command}: {problem}"));
        said.lock().unwrap_or_else(PoisonError::into_inner).push(answer.to_string());
        answer
    };
    ask("connect_practice", json!({ "persona": "globalAdministrator" }));
    let month = jiff::ZonedDateTime::now().checked_add(jiff::Span::new().months(2)).expect("a date").date();
    let mut wanted = of("plan_setup");
    wanted["request"]["name"] = json!("Shown over IPC");
    wanted["request"]["secretExpires"] = json!(month.to_string());
    wanted["request"]["secretGoes"] = json!("shownOnce");
    let plan = ask("plan_setup", wanted);
    assert!(plan["steps"].as_array().expect("steps").iter().all(|step| step["kind"] != "proveKeychain"));

    let window = page.main.clone();
    let body = json!({ "planId": plan["id"], "events": "__CHANNEL__:7" });
    let run = std::thread::spawn(move || ask_of(&window, PAGE, "run_plan", body));
    let showing = || {
        let runs = page.ask("list_runs", json!({})).expect("the runs");
        let run = &runs["runs"][0];
        let shows = run["steps"].as_array()?.iter().any(|step| step["state"]["kind"] == "showsSecret");
        shows.then(|| (run["id"].clone(), runs["ours"].clone()))
    };
    // As a page that was reloaded: it reads from the list that a secret waits, and that the run is its own to cancel.
    let (id, ours) = loop {
        assert!(!run.is_finished(), "it waits for the operator");
        if let Some(found) = showing() {
            break found;
        }
        std::thread::yield_now();
    };
    assert_eq!(ours, json!([id]));
    ask("copy_new_secret", json!({ "runId": id }));
    let canary = page.pocket.now().expect("it was copied");
    assert!(canary.len() >= 30, "a client secret of Entra's, not a placeholder");
    let revealed = ask("reveal_new_secret", json!({ "runId": id, "dark": false }));
    assert_eq!(revealed["seconds"], 20);
    ask("settle_new_secret", json!({ "runId": id, "taken": true }));
    let ended = run.join().expect("no panic").expect("a run");
    assert_eq!(ended["state"], "done", "{ended:#}");
    assert_eq!(ended["handOver"]["secret"], Value::Null);
    assert!(ended["handOver"]["shown"]["keyId"].is_string(), "{ended:#}");
    let gone = page.ask("copy_new_secret", json!({ "runId": id })).expect_err("it is gone");
    assert_eq!(gone["code"], "notFound");
    ask("list_runs", json!({}));

    let said = said.into_inner().unwrap_or_else(PoisonError::into_inner);
    let streamed = page.streamed.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(streamed.iter().any(|event| event.contains("\"showsSecret\"")), "events were streamed");
    for words in said.iter().chain(&streamed).chain([&ended.to_string()]) {
        assert!(!words.contains(&canary), "the secret reached the page: {}", words.replace(&canary, "***"));
    }
}
