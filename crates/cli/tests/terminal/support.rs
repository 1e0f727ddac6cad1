//! A computer to run the binary on, and a tenant to run it against.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use inbound_keychain::testing::{SecretServiceSession, Start};
use serde_json::{Value, json};

/// A private home and a private keyring.
pub struct Computer {
    pub home: tempfile::TempDir,
    pub keyring: SecretServiceSession,
}

/// How a command ended and what it said.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Computer {
    pub fn new() -> Self {
        Self::with(Start::Unlocked)
    }

    pub fn with(start: Start) -> Self {
        let home = tempfile::tempdir().expect("a home");
        let keyring = SecretServiceSession::start(start).expect("a private Secret Service (dbus, gnome-keyring)");
        Self { home, keyring }
    }

    /// The binary with this computer's environment and nothing else but `PATH`.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inbound-access-cli"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.keyring.env())
            .env("INBOUND_ACCESS_HOME", self.home.path())
            .env("INBOUND_ACCESS_LOG", "trace")
            .env("TMPDIR", self.home.path())
            .args(args)
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Outcome {
        Outcome::from(self.command(args).output().expect("the binary runs"))
    }

    /// Starts a command and comes back when its run has begun; with the rest of what it says.
    pub fn begin_run(&self, args: &[&str]) -> (Child, BufReader<ChildStderr>) {
        Self::begun_run(&mut self.command(args))
    }

    /// The same of a command that was made ready before.
    pub fn begun_run(command: &mut Command) -> (Child, BufReader<ChildStderr>) {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        while !line.starts_with("run ") {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("a line") > 0, "the run never began");
        }
        (child, stderr)
    }

    /// Runs to its end against a served tenant.
    pub fn run_at(&self, tenant: &Tenant, args: &[&str]) -> Outcome {
        let mut all = args.to_vec();
        let url = tenant.ready["url"].as_str().expect("a url");
        all.extend(["--practice-url", url]);
        self.run(&all)
    }

    /// Runs without progress against a served tenant at a terminal, where `answer` is typed; how it ended and all that was
    /// seen.
    pub fn at_a_terminal(&self, tenant: &Tenant, args: &[&str], answer: &str) -> (i32, String) {
        let url = text(&tenant.ready, "url");
        let words =
            [&[env!("CARGO_BIN_EXE_inbound-access-cli")], args, &["--no-progress", "--practice-url", &url]].concat();
        let line = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
        let given = self.command(&[]);
        let mut command = Command::new("script");
        command.env_clear().args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        for (name, value) in given.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("script (bsdutils)");
        let mut stdin = child.stdin.take().expect("a pipe");
        writeln!(stdin, "{answer}").expect("typed");
        let ended = child.wait_with_output().expect("it ends");
        drop(stdin);
        (ended.status.code().expect("by itself"), String::from_utf8_lossy(&ended.stdout).into_owned())
    }

    /// Serves a tenant from this computer.
    pub fn serve(&self, args: &[&str]) -> Tenant {
        let mut all = vec!["practice", "serve"];
        all.extend(args);
        let mut child = self.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        stdout.read_line(&mut line).expect("a line");
        let Ok(ready) = serde_json::from_str::<Value>(&line) else {
            let mut said = String::new();
            let _ = child.stderr.take().expect("a pipe").read_to_string(&mut said);
            panic!("not ready: {line:?} {said}");
        };
        Tenant::new(child, ready)
    }

    /// Every file below the home with its content.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        fn walk(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push((path.display().to_string(), std::fs::read(&path).expect("readable")));
                }
            }
        }
        let mut found = Vec::new();
        walk(self.home.path(), &mut found);
        found
    }

    /// The value that lies in the keyring where the hand-over says.
    pub fn secret_at(&self, place: &Value) -> String {
        let text = |name: &str| place[name].as_str().expect("named").to_owned();
        let found = self.keyring.secrets(&text("service"), &text("account")).expect("the keyring answers");
        assert_eq!(found.len(), 1, "one item under {place}");
        String::from_utf8(found[0].clone()).expect("text")
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self {
            code: output.status.code().expect("it ended by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Outcome {
    /// Asserts the exit code, showing what was said when it is another.
    pub fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The one line of JSON on stdout.
    pub fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "one line, not {:?}", self.stdout);
        serde_json::from_str(&self.stdout).expect("JSON")
    }

    /// The problem on stderr.
    pub fn problem(&self) -> Value {
        let line = self.stderr.lines().last().unwrap_or_default();
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON, not {:?}", self.stderr));
        value["error"].clone()
    }
}

/// A tenant served by a process of its own, with an administrator's access by the automation app.
pub struct Tenant {
    child: Child,
    pub ready: Value,
    http: reqwest::Client,
}

impl Drop for Tenant {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Tenant {
    fn new(child: Child, ready: Value) -> Self {
        let pem = std::fs::read(ready["ca"].as_str().expect("a path")).expect("the authority's file");
        let authority = reqwest::Certificate::from_pem(&pem).expect("a certificate");
        let http = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().expect("a client");
        Self { child, ready, http }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the process to end by itself.
    pub fn ended(mut self) -> i32 {
        self.child.wait().expect("it ends").code().expect("by itself")
    }

    async fn token(&self) -> String {
        let url = format!("{}/{}/oauth2/v2.0/token", text(&self.ready, "login"), text(&self.ready, "tenant"));
        let form = [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", text(&self.ready["automation"], "clientId")),
            ("client_secret", text(&self.ready["automation"], "clientSecret")),
            ("scope", format!("{}/.default", text(&self.ready, "graph"))),
        ];
        let answer: Value =
            self.http.post(url).form(&form).send().await.expect("an answer").json().await.expect("JSON");
        text(&answer, "access_token")
    }

    /// Asks Graph, as the automation app.
    pub async fn graph(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let method = method.parse().expect("a method");
        let request = self
            .http
            .request(method, format!("{}/v1.0{path}", text(&self.ready, "graph")))
            .bearer_auth(self.token().await)
            .header("ConsistencyLevel", "eventual");
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        let (status, body) = (answer.status(), answer.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {body}");
        if body.is_empty() { Value::Null } else { serde_json::from_str(&body).expect("JSON") }
    }

    /// All rows of a list.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.graph("GET", &path, None).await;
            rows.extend(page["value"].as_array().expect("rows").iter().cloned());
            next = page["@odata.nextLink"]
                .as_str()
                .map(|link| link.split_once("/v1.0").expect("a Graph link").1.to_owned());
        }
        rows
    }

    /// All that a set-up could change: apps with their credentials, principals, and grants on Microsoft Graph.
    pub async fn everything(&self) -> Value {
        let graph = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";
        json!({
            "applications": self.list("/applications?$top=999").await,
            "principals": self.list("/servicePrincipals?$top=999&$select=id,appId,displayName,accountEnabled").await,
            "grants": self.list(&format!("{graph}/appRoleAssignedTo?$top=999")).await,
        })
    }

    /// The ids of all service principals with this name.
    pub async fn principals_named(&self, name: &str) -> Vec<Value> {
        self.list("/servicePrincipals?$top=999").await.into_iter().filter(|row| row["displayName"] == name).collect()
    }
}

/// A text property.
pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is text in {value}")).to_owned()
}
