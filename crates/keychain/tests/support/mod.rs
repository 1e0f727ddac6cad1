//! Runs the real keychain in a child process with an environment of its own: this test binary once more, started at the
//! test [`HOST`] with [`SERVE`] set, which makes it answer requests line by line.

mod held;

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use inbound_keychain::testing::SecretServiceSession;
use inbound_keychain::{Bounds, ItemName, Keychain, KeychainError, OtherKind};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// The test whose process becomes the probe.
const HOST: &str = "probe_sees_nothing_of_the_environment_of_whoever_runs_the_tests";
/// Tells a process that it is the probe.
const SERVE: &str = "INBOUND_KEYCHAIN_PROBE";
/// Tells it that its operations are to be stopped on request.
const HELD: &str = "held";
/// Marks the probe's lines among those of the test runner.
const MARK: &str = "@@ ";

pub struct Request(Value);

impl Request {
    pub fn prove() -> Self {
        Self(json!({ "do": "prove" }))
    }

    pub fn store(item: &ItemName, secret: &str) -> Self {
        Self(json!({ "do": "store", "service": item.service, "account": item.account, "secret": secret }))
    }

    /// Done if the item holds exactly `expected`.
    pub fn read(item: &ItemName, expected: &str) -> Self {
        Self(json!({ "do": "read", "service": item.service, "account": item.account, "secret": expected }))
    }

    pub fn delete(item: &ItemName) -> Self {
        Self(json!({ "do": "delete", "service": item.service, "account": item.account }))
    }

    /// The number of threads and open files of the probe, in `words`.
    pub fn open_files() -> Self {
        Self(json!({ "do": "open files" }))
    }

    /// The names of the probe's environment variables, in `words`.
    pub fn environment() -> Self {
        Self(json!({ "do": "environment" }))
    }

    /// The operation stops at each of these points, `built` (a session with the service stands) and `set` (the item is
    /// written), until [`Probe::go_on`].
    pub fn halting(mut self, at: &[&str]) -> Self {
        self.0["halts"] = json!(at);
        self
    }

    pub fn announced(mut self) -> Self {
        self.0["announced"] = json!(true);
        self
    }
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub state: String,
    pub words: String,
    pub seconds: f64,
}

impl Answer {
    pub fn done() -> Self {
        Self { state: "done".into(), words: String::new(), seconds: 0.0 }
    }
}

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        (&self.state, &self.words) == (&other.state, &other.words)
    }
}

pub struct Probe {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Probe {
    pub fn in_session(session: &SecretServiceSession) -> Self {
        Self::with_env(session.env())
    }

    /// One whose operations can be stopped in the middle ([`Request::halting`]).
    pub fn held_in(session: &SecretServiceSession) -> Self {
        Self::begun(session.env(), HELD)
    }

    pub fn with_env<N: AsRef<str>, V: AsRef<str>>(env: impl IntoIterator<Item = (N, V)>) -> Self {
        Self::begun(env, "1")
    }

    fn begun<N: AsRef<str>, V: AsRef<str>>(env: impl IntoIterator<Item = (N, V)>, how: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", HOST, "--nocapture"]).env_clear().env(SERVE, how);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in env {
            command.env(name.as_ref(), value.as_ref());
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, input, output }
    }

    pub fn ask(&mut self, request: &Request) -> Answer {
        self.begin(request);
        self.answer()
    }

    /// Asks and does not wait.
    pub fn begin(&mut self, request: &Request) {
        writeln!(self.input, "{}", request.0).unwrap();
    }

    /// Waits until an operation stands at a point.
    pub fn stands_at(&mut self, point: &str) {
        let answer = self.answer();
        assert_eq!((answer.state.as_str(), answer.words.as_str()), ("stands", point), "{answer:?}");
    }

    /// Lets it go on.
    pub fn go_on(&mut self) {
        writeln!(self.input, "{}", json!({ "do": "go on" })).unwrap();
    }

    /// The next thing that the probe says.
    pub fn answer(&mut self) -> Answer {
        let line = self
            .output
            .by_ref()
            .map(|line| line.unwrap())
            .find_map(|line| line.split_once(MARK).map(|(_, answer)| answer.to_owned()))
            .expect("the probe ended without an answer");
        let answer: Value = serde_json::from_str(&line).unwrap();
        Answer {
            state: answer["state"].as_str().unwrap().to_owned(),
            words: answer["words"].as_str().unwrap().to_owned(),
            seconds: answer["seconds"].as_f64().unwrap(),
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Whether this process is the probe of another one.
pub fn is_probe() -> bool {
    std::env::var_os(SERVE).is_some()
}

/// The child's side.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let halts = held::Halts::default();
    let keychain = match std::env::var(SERVE).as_deref() {
        Ok(HELD) => Keychain::with_store(halts.factory(), Bounds::default()),
        _ => Keychain::native(),
    };
    let (send, requests) = mpsc::channel::<Value>();
    let passes = halts.clone();
    // Read on a thread of its own: "go on" comes while an operation is under way.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            let request: Value = serde_json::from_str(&line.unwrap()).unwrap();
            if request["do"] == json!("go on") {
                passes.pass();
            } else if send.send(request).is_err() {
                break;
            }
        }
    });
    for request in requests {
        if let Some(at) = request["halts"].as_array() {
            halts.plan(at.iter().map(|point| point.as_str().unwrap().to_owned()).collect());
        }
        let begun = Instant::now();
        let (state, words) = runtime.block_on(answer(&keychain, &request));
        let seconds = begun.elapsed().as_secs_f64();
        tell(&json!({ "state": state, "words": words, "seconds": seconds }));
    }
}

fn tell(what: &Value) {
    let mut output = std::io::stdout().lock();
    writeln!(output, "\n{MARK}{what}").unwrap();
    output.flush().unwrap();
}

async fn answer(keychain: &Keychain, request: &Value) -> (&'static str, String) {
    let text = |field: &str| request[field].as_str().unwrap_or_default().to_owned();
    let item = ItemName { service: text("service"), account: text("account") };
    let secret = SecretString::from(text("secret"));
    let keychain = if request["announced"] == json!(true) { keychain.awaiting_prompt() } else { keychain.clone() };
    let outcome = match request["do"].as_str().unwrap() {
        "prove" => keychain.prove().await,
        "store" => keychain.store(&item, &secret).await,
        "delete" => keychain.delete(&item).await,
        "read" => match keychain.read(&item).await {
            Ok(found) if found.expose_secret() == secret.expose_secret() => Ok(()),
            Ok(_) => return ("different", String::new()),
            Err(error) => Err(error),
        },
        "open files" => return ("counted", settled_count()),
        "environment" => return ("listed", environment()),
        other => panic!("unknown request {other}"),
    };
    match outcome {
        Ok(()) => ("done", String::new()),
        Err(error) => (state(&error), error.to_string()),
    }
}

fn state(error: &KeychainError) -> &'static str {
    match error {
        KeychainError::Absent => "absent",
        KeychainError::Locked => "locked",
        KeychainError::Declined => "declined",
        KeychainError::NotFound => "notFound",
        KeychainError::Other { kind: OtherKind::TimedOut, .. } => "timedOut",
        KeychainError::Other { kind: OtherKind::Crowded, .. } => "crowded",
        KeychainError::Other { kind: OtherKind::Ambiguous, .. } => "ambiguous",
        KeychainError::Other { kind: OtherKind::Damaged, .. } => "damaged",
        KeychainError::Other { kind: OtherKind::Failed, .. } => "failed",
    }
}

fn environment() -> String {
    let mut names: Vec<_> = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names.join(" ")
}

/// Threads and open files once they stay the same: a connection closes a moment after its last call.
fn settled_count() -> String {
    let count = || {
        let entries = |folder| std::fs::read_dir(folder).unwrap().count();
        (entries("/proc/self/task"), entries("/proc/self/fd"))
    };
    let mut last = count();
    let mut since = Instant::now();
    while since.elapsed() < Duration::from_millis(300) {
        std::thread::yield_now();
        let now = count();
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    format!("{} threads, {} files", last.0, last.1)
}
