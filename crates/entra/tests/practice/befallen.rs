//! What can befall a sign-in between the click and the account (security F40 to F43, F45): told in words, and the next
//! attempt of the same operator works.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use inbound_entra::auth::{Asker, AuthError, BrowserError, DeviceCode, Reason, SignedIn, Way, explain, sign_in};
use practice_tenant::{Consent, Fault, FollowError, PersonaKey, StandIn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::support::Practice;

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// What the operator does with the page that opens.
#[derive(Clone)]
enum Deed {
    /// Closes the tab and cancels in the app.
    CloseTheTab(CancellationToken),
    /// Takes this account first, is sent away, and takes the right one.
    TakeTheWrongAccountFirst(PersonaKey),
    /// Says this when consent is asked for.
    Consent(Consent),
    /// Meanwhile others knock at the app's door.
    AmongStrangers,
    /// Brings this code instead of one of their own.
    Bring(String),
    /// Nothing unusual.
    SignIn,
}

struct Operator {
    deed: Deed,
    persona: PersonaKey,
    authority: String,
    /// What the browser showed and what strangers were answered.
    seen: Arc<Mutex<Vec<String>>>,
    ports: Mutex<Vec<u16>>,
}

impl Operator {
    fn of(practice: &Practice, persona: PersonaKey, deed: Deed) -> Arc<Self> {
        let authority = practice.tenant.authority_sha256().to_owned();
        Arc::new(Self { deed, persona, authority, seen: Arc::default(), ports: Mutex::default() })
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// A request to the app's listener; the status line of the answer.
async fn knock(port: u16, request: String) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

fn post(form: &[(&str, &str)]) -> String {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

#[async_trait]
impl Asker for Operator {
    async fn open_page(&self, _: &Reason, url: &Url) -> Result<(), BrowserError> {
        let port = parameter(url, "redirect_uri").rsplit(':').next().unwrap().parse().unwrap();
        self.ports.lock().unwrap().push(port);
        let (deed, persona, url, seen) = (self.deed.clone(), self.persona, url.clone(), Arc::clone(&self.seen));
        let browser = StandIn::new(&self.authority);
        // As a real browser, it goes its own way while the app waits.
        tokio::spawn(async move {
            let state = parameter(&url, "state");
            match deed {
                Deed::CloseTheTab(cancel) => return cancel.cancel(),
                Deed::TakeTheWrongAccountFirst(wrong) => match browser.sign_in(url.as_str(), wrong).await {
                    Err(FollowError::Refused(page)) => seen.lock().unwrap().push(page),
                    other => panic!("the page lets a stranger in: {other:?}"),
                },
                Deed::Consent(consent) => {
                    return browser.consent(consent).sign_in(url.as_str(), persona).await.unwrap();
                }
                Deed::AmongStrangers => {
                    for request in [
                        "GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
                        format!("GET /?code=stolen&state={state} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                        post(&[("code", "forged"), ("state", "wrong")]),
                        post(&[("error", "access_denied"), ("state", "wrong")]),
                        post(&[("code", "forged")]),
                    ] {
                        let answer = knock(port, request).await;
                        seen.lock().unwrap().push(answer);
                    }
                }
                Deed::Bring(code) => {
                    let answer = knock(port, post(&[("code", &code), ("state", &state)])).await;
                    return seen.lock().unwrap().push(answer);
                }
                Deed::SignIn => {}
            }
            browser.sign_in(url.as_str(), persona).await.unwrap();
        });
        Ok(())
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {}

    fn answered(&self) {}

    fn cancel(&self) -> CancellationToken {
        match &self.deed {
            Deed::CloseTheTab(cancel) => cancel.clone(),
            _ => CancellationToken::new(),
        }
    }
}

async fn connect(practice: &Practice, operator: Arc<Operator>) -> Result<SignedIn, AuthError> {
    let request = practice.request_by_own_client(&["User.Read", "Application.Read.All"]);
    sign_in(&request, Way::Browser, operator, practice.clock(), CancellationToken::new()).await
}

/// The same operator, a moment later.
async fn works(practice: &Practice) {
    let operator = Operator::of(practice, PersonaKey::GlobalAdministrator, Deed::SignIn);
    connect(practice, operator).await.unwrap();
}

#[tokio::test]
async fn f40_an_operator_who_closed_the_tab_cancels_and_signs_in_at_the_second_try() {
    let practice = Practice::start().await;
    let deed = Deed::CloseTheTab(CancellationToken::new());
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, deed);
    let error = connect(&practice, operator.clone()).await.err().unwrap();
    assert_eq!(error, AuthError::Cancelled);
    let port = operator.ports.lock().unwrap()[0];
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(practice.asked("POST", "/token").is_empty());
    works(&practice).await;
}

#[tokio::test]
async fn f41_an_account_of_elsewhere_is_sent_away_on_the_page_and_the_wait_goes_on_for_the_right_one() {
    let practice = Practice::start().await;
    practice.tenant.dials().set_strangers(vec![PersonaKey::User]);
    let deed = Deed::TakeTheWrongAccountFirst(PersonaKey::User);
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, deed);
    let signed_in = connect(&practice, operator.clone()).await.unwrap();
    let seen = operator.seen();
    assert!(seen.len() == 1 && seen[0].contains("AADSTS50020"), "{seen:?}");
    let expected = practice_tenant::personas().into_iter().find(|one| one.key == PersonaKey::GlobalAdministrator);
    assert_eq!(Some(signed_in.account.user_name), expected.map(|one| one.user_principal_name));
    let words = explain(&[50_020]).unwrap();
    assert!(words.what.contains("does not belong to the tenant") && words.advice.contains("guest"), "{words:?}");
}

#[tokio::test]
async fn f42_consent_that_was_declined_is_said_so_and_can_be_given_at_the_second_try() {
    let practice = Practice::start().await;
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, Deed::Consent(Consent::Cancel));
    let error = connect(&practice, operator).await.err().unwrap();
    let AuthError::Refused { codes, .. } = &error else { panic!("{error:?}") };
    assert_eq!(codes, &[65_004]);
    let words = explain(codes).unwrap();
    assert!(words.what.contains("declined") && words.advice.contains("Sign in again and accept"), "{words:?}");
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, Deed::Consent(Consent::Accept));
    connect(&practice, operator).await.unwrap();
}

#[tokio::test]
async fn f43_stray_hits_and_answers_with_a_wrong_state_neither_end_nor_forge_a_sign_in() {
    let practice = Practice::start().await;
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, Deed::AmongStrangers);
    let signed_in = connect(&practice, operator.clone()).await.unwrap();
    let statuses: Vec<String> =
        operator.seen().iter().filter_map(|line| line.split(' ').nth(1).map(str::to_owned)).collect();
    assert_eq!(statuses, ["404", "405", "404", "404", "404"]);
    let me = practice.graph_with(signed_in.credential, practice.clock());
    me.me(&inbound_entra::graph::Call::default()).await.unwrap();
    let redeemed = practice.asked("POST", "/token");
    assert_eq!(redeemed.len(), 1, "none of the strangers' codes was tried");
}

#[tokio::test]
async fn f45_a_code_that_was_redeemed_already_is_refused_and_a_fresh_one_is_taken() {
    let practice = Practice::start().await;
    works(&practice).await;
    let form = practice.asked("POST", "/token").pop().unwrap().request_body.unwrap();
    let mut pairs = url::form_urlencoded::parse(form.as_str().unwrap().as_bytes());
    let code = pairs.find(|(name, _)| name == "code").unwrap().1.into_owned();
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, Deed::Bring(code));
    let error = connect(&practice, operator).await.err().unwrap();
    let AuthError::Refused { codes, .. } = &error else { panic!("{error:?}") };
    assert_eq!(codes, &[54_005]);
    let words = explain(codes).unwrap();
    assert_eq!((words.what, words.advice), ("The code was used already", "Start again."));
    works(&practice).await;
}

#[tokio::test]
async fn f45_a_code_whose_redemption_was_not_heard_of_is_no_dead_end() {
    let practice = Practice::start().await;
    practice.faults(&[("POST", "/{tenant}/oauth2/v2.0/token", 1, Fault::ResetAfter)]);
    let operator = Operator::of(&practice, PersonaKey::GlobalAdministrator, Deed::SignIn);
    let error = connect(&practice, operator).await.err().unwrap();
    assert!(matches!(error, AuthError::Unreachable { .. } | AuthError::Refused { .. }), "{error:?}");
    works(&practice).await;
}
