//! Operators who do not come back, browsers that do not open, and how fresh each asking is (security P01, P02).

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use practice_tenant::{Options, PracticeTenant};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::asker::{Asker, BrowserError, DeviceCode, Reason};
use super::error::AuthError;
use super::sign_in::{SignInRequest, Way, sign_in_within};
use crate::clock::SystemClock;
use crate::cloud::Cloud;
use crate::ids::AppId;

/// Nobody sits before it.
#[derive(Default)]
struct Unattended {
    fails: bool,
    hangs: bool,
    opened: Mutex<Vec<Url>>,
    over: Mutex<usize>,
}

#[async_trait]
impl Asker for Unattended {
    async fn open_page(&self, _: &Reason, url: &Url) -> Result<(), BrowserError> {
        self.opened.lock().expect("unpoisoned").push(url.clone());
        if self.hangs {
            std::future::pending::<()>().await;
        }
        if self.fails { Err(BrowserError { reason: "xdg-open was not found".to_owned() }) } else { Ok(()) }
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {}

    fn answered(&self) {
        *self.over.lock().expect("unpoisoned") += 1;
    }

    fn cancel(&self) -> CancellationToken {
        CancellationToken::new()
    }
}

async fn ask(tenant: &PracticeTenant, asker: &Arc<Unattended>) -> AuthError {
    let request = SignInRequest {
        cloud: Cloud::practice(&tenant.url()).expect("a cloud"),
        tenant: tenant.tenant_id().to_string(),
        client_id: AppId(tenant.public_client_id()),
        scopes: vec!["User.Read".to_owned()],
        login_hint: Some("ada@contoso.example".to_owned()),
        select_account: true,
    };
    let (patience, clock) = (Duration::from_millis(20), Arc::new(SystemClock));
    let asking =
        sign_in_within(patience, &request, Way::Browser, Arc::clone(asker) as _, clock, CancellationToken::new());
    asking.await.expect_err("nobody signs in")
}

#[tokio::test]
async fn p11_an_operator_who_never_comes_back_and_a_browser_that_never_opens_are_told_apart() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let idle = Arc::new(Unattended::default());
    assert_eq!(ask(&tenant, &idle).await, AuthError::TimedOut);
    assert_eq!(*idle.over.lock().expect("unpoisoned"), 1, "the face is told that it is over, once");
    let hanging = Arc::new(Unattended { hangs: true, ..Unattended::default() });
    assert_eq!(ask(&tenant, &hanging).await, AuthError::TimedOut, "a browser that hangs keeps nobody waiting");
    let shut = Arc::new(Unattended { fails: true, ..Unattended::default() });
    let error = ask(&tenant, &shut).await;
    assert!(matches!(error, AuthError::Browser(_)));
    assert_eq!(error.to_string(), "the web browser could not be opened: xdg-open was not found");
    assert_eq!(*shut.over.lock().expect("unpoisoned"), 1);
}

#[tokio::test]
async fn f40_a_tab_that_was_closed_ends_the_wait_by_itself_and_says_to_start_again() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let idle = Arc::new(Unattended::default());
    let error = ask(&tenant, &idle).await;
    assert!(error.to_string().ends_with("start again"), "{error}");
    let opened = idle.opened.lock().expect("unpoisoned").remove(0);
    let redirect = opened.query_pairs().find(|(name, _)| name == "redirect_uri").expect("an address").1.into_owned();
    let port: u16 = redirect.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn both_a_hint_and_a_choice_of_accounts_may_be_asked_for() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let idle = Arc::new(Unattended::default());
    ask(&tenant, &idle).await;
    let url = idle.opened.lock().expect("unpoisoned").pop().expect("opened");
    let has = |name: &str, value: &str| url.query_pairs().any(|(key, found)| key == name && found == value);
    assert!(has("login_hint", "ada@contoso.example") && has("prompt", "select_account"));
    assert!(has("claims", r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#), "challenges are understood");
}

#[test]
fn p01_p02_a_thousand_verifiers_and_states_are_long_random_and_distinct() {
    use oauth2::{CsrfToken, PkceCodeChallenge};
    let mut seen = HashSet::new();
    for _ in 0..1_000 {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        assert_eq!(challenge.method().as_str(), "S256");
        let verifier = verifier.into_secret();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        assert!((43..=128).contains(&verifier.len()) && verifier.chars().all(is_plain), "{verifier}");
        let state = CsrfToken::new_random_len(32).into_secret();
        assert!(state.len() >= 43, "256 bits");
        assert!(seen.insert(verifier) && seen.insert(state) && seen.insert(challenge.as_str().to_owned()));
    }
}
