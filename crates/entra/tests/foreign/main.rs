//! Signing in at an OAuth server that we did not write: code with PKCE, the check of the ID token, refresh. The server is
//! the npm package `oauth2-mock-server`, in Node, over real TLS.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "the helpers of tests are tests too, which clippy cannot see"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use inbound_entra::auth::{Asker, AuthError, BrowserError, DeviceCode, Reason, SignInRequest, Way, sign_in};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use inbound_entra::ids::AppId;
use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

const TENANT: &str = "8f1d6f1c-2f63-4c0b-9f0c-5e5a3d4a7b10";

/// The server, and what it says.
struct Server {
    child: Child,
    lines: BufReader<ChildStdout>,
    cloud: Cloud,
    _folder: tempfile::TempDir,
}

impl Server {
    /// None, told by name, where the page's packages are not installed.
    fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let library = root.join("ui/node_modules/oauth2-mock-server");
        if !library.exists() {
            println!("skipped: foreign authority: ui/node_modules is not installed (npm ci in ui)");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let (chain, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
        let leaf_key = KeyPair::generate().expect("a key");
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        let leaf = leaf.signed_by(&leaf_key, &ca).expect("a leaf");
        std::fs::write(&chain, format!("{}{}", leaf.pem(), ca.pem())).expect("written");
        std::fs::write(&key, leaf_key.serialize_pem()).expect("written");
        let mut child = Command::new("node")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/authority.mjs"))
            .args([library.as_os_str(), TENANT.as_ref(), chain.as_os_str(), key.as_os_str()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        let ready = line(&mut lines);
        let sha256: String = Sha256::digest(ca.der()).iter().map(|byte| format!("{byte:02x}")).collect();
        let cloud = Cloud::practice(&format!("https://localhost:{}/#sha256={sha256}", ready["port"])).expect("a cloud");
        Some(Self { child, lines, cloud, _folder: folder })
    }

    fn request(&self) -> SignInRequest {
        SignInRequest {
            cloud: self.cloud.clone(),
            tenant: TENANT.to_owned(),
            client_id: AppId(uuid::uuid!("7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11")),
            scopes: vec!["User.Read".to_owned()],
            login_hint: None,
            select_account: true,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line(lines: &mut BufReader<ChildStdout>) -> Value {
    let mut text = String::new();
    lines.read_line(&mut text).expect("a line");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Goes where a browser would go, and tells how it was received when it came back.
struct Browser {
    /// May change the address on its way back.
    twist: fn(&mut Url),
    received: mpsc::UnboundedSender<u16>,
}

impl Browser {
    fn new(twist: fn(&mut Url)) -> (Arc<Self>, mpsc::UnboundedReceiver<u16>) {
        let (received, statuses) = mpsc::unbounded_channel();
        (Arc::new(Self { twist, received }), statuses)
    }
}

#[async_trait]
impl Asker for Browser {
    async fn open_page(&self, _: &Reason, url: &Url) -> Result<(), BrowserError> {
        let client = reqwest::Client::builder()
            .danger_accept_invalid_certs(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        let answer = client.get(url.clone()).send().await.expect("the authority answers");
        let location = answer.headers()["location"].to_str().expect("text");
        let mut back: Url = location.parse().expect("a url");
        assert_eq!(back.host_str(), Some("localhost"));
        (self.twist)(&mut back);
        let received = self.received.clone();
        tokio::spawn(async move {
            if let Ok(answer) = client.get(back).send().await {
                let _ = received.send(answer.status().as_u16());
            }
        });
        Ok(())
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {
        panic!("no code was asked for");
    }

    fn answered(&self) {}

    fn cancel(&self) -> CancellationToken {
        CancellationToken::new()
    }
}

/// A clock that is moved by hand.
#[derive(Debug)]
struct Hand(Mutex<Timestamp>);

#[async_trait]
impl Clock for Hand {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("unpoisoned")
    }

    async fn sleep(&self, duration: Duration) {
        *self.0.lock().expect("unpoisoned") += duration;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_authority_gives_tokens_for_code_and_pkce_and_refreshes_them() {
    let Some(mut server) = Server::start() else { return };
    let clock = Arc::new(Hand(Mutex::new("2026-11-25T10:00:00Z".parse().expect("a time"))));
    let request = server.request();
    let time: Arc<dyn Clock> = Arc::clone(&clock) as _;
    let (browser, mut received) = Browser::new(|_| {});
    let signed_in = sign_in(&request, Way::Browser, browser, time, CancellationToken::new()).await.expect("signed in");
    assert_eq!(received.recv().await, Some(200));
    assert_eq!(signed_in.account.tenant.to_string(), TENANT);
    assert_eq!(signed_in.account.user_name, "someone@foreign.example");
    let asked = line(&mut server.lines);
    assert_eq!(asked["grant"], "authorization_code");
    assert!(asked["verifier"].as_u64().is_some_and(|length| (43..=128).contains(&length)), "{asked}");

    let scope = request.cloud.graph_default_scope();
    let token = async || signed_in.credential.get_token(&[scope.as_str()], None).await.expect("a token").token;
    let first = token().await;
    assert_eq!(first.secret(), token().await.secret(), "it is kept while it is good");
    clock.sleep(Duration::from_secs(3_500)).await;
    let second = token().await;
    assert_ne!(first.secret(), second.secret());
    assert_eq!(line(&mut server.lines)["grant"], "refresh_token");
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_foreign_answer_with_another_state_is_not_taken() {
    let Some(server) = Server::start() else { return };
    let other_state = |back: &mut Url| {
        let pairs: Vec<(String, String)> = back
            .query_pairs()
            .map(|(name, value)| (name.clone().into(), if name == "state" { "x".repeat(43) } else { value.into() }))
            .collect();
        back.query_pairs_mut().clear().extend_pairs(pairs);
    };
    let cancel = CancellationToken::new();
    let request = server.request();
    let time: Arc<dyn Clock> = Arc::new(inbound_entra::clock::SystemClock);
    let (browser, mut received) = Browser::new(other_state);
    let signing_in = sign_in(&request, Way::Browser, browser, time, cancel.clone());
    let stopping = async {
        let status = received.recv().await;
        cancel.cancel();
        status
    };
    let (outcome, status) = tokio::join!(signing_in, stopping);
    assert_eq!(status, Some(404), "it was sent away, and the wait went on");
    assert_eq!(outcome.expect_err("nobody is signed in"), AuthError::Cancelled);
}
