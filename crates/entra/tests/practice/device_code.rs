//! Signing in by a code that is typed elsewhere (security P11, M17).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use inbound_entra::auth::{AuthError, Reason, SignedIn, Way, explain, sign_in};
use inbound_entra::clock::Clock;
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::http::NoConnection;
use practice_tenant::{ConditionalAccess, DeviceAnswer, Fault, PersonaKey};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{PersonaAsker, Practice, status};

const SCOPES: [&str; 2] = ["User.Read", "Application.Read.All"];
const TOKEN: &str = "/organizations/oauth2/v2.0/token";

/// The tenant's clock, which notes how long it was to sleep.
#[derive(Debug)]
struct Noting {
    clock: Arc<dyn Clock>,
    slept: Mutex<Vec<u64>>,
}

#[async_trait]
impl Clock for Noting {
    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.slept.lock().unwrap().push(duration.as_secs());
        self.clock.sleep(duration).await;
    }
}

async fn by_code(
    practice: &Practice,
    asker: &Arc<PersonaAsker>,
    scopes: &[&str],
) -> (Result<SignedIn, AuthError>, Vec<u64>) {
    let clock = Arc::new(Noting { clock: practice.clock(), slept: Mutex::default() });
    let request = practice.request_for(scopes);
    let signing_in = sign_in(&request, Way::DeviceCode, asker.clone(), clock.clone(), CancellationToken::new());
    let outcome = signing_in.await;
    let slept = clock.slept.lock().unwrap().clone();
    (outcome, slept)
}

fn says(error: &str, code: u32) -> Fault {
    let description = format!("AADSTS{code}: Scripted.");
    let body = json!({ "error": error, "error_description": description, "error_codes": [code] });
    Fault::Answer { status: 400, body, applied: false }
}

#[tokio::test]
async fn p11_a_code_is_shown_typed_elsewhere_and_signs_in() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    let (signed_in, slept) = by_code(&practice, &asker, &SCOPES).await;
    let signed_in = signed_in.unwrap();
    let (why, code) = asker.shown.lock().unwrap().pop().unwrap();
    assert_eq!(why, Reason::Connect);
    assert_eq!((code.user_code.len(), code.expires_in), (9, Duration::from_secs(900)));
    assert!(code.message.contains(&code.user_code) && code.verification_uri.scheme() == "https");
    assert!(!format!("{code:?}").contains(&code.user_code), "a code is for its reader only");
    assert_eq!(slept, [5], "not asked before the interval is over");
    assert_eq!(*asker.over.lock().unwrap(), 1);
    let persona = practice_tenant::personas().into_iter().find(|it| it.key == PersonaKey::GlobalAdministrator).unwrap();
    assert_eq!(signed_in.account.user_name, persona.user_principal_name);
    assert_eq!(signed_in.session.as_ref().unwrap().scopes_held(), SCOPES);
    let graph = practice.graph_with(signed_in.credential, practice.clock());
    graph.me(&Call::default()).await.unwrap();
    let asked = practice.asked("POST", "/devicecode").pop().unwrap().request_body.unwrap();
    let form: Vec<(String, String)> =
        url::form_urlencoded::parse(asked.as_str().unwrap().as_bytes()).into_owned().collect();
    let value = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    assert_eq!(value("scope"), Some("User.Read Application.Read.All openid profile offline_access"));
    assert!(value("claims").is_some_and(|claims| claims.contains("cp1")));
}

#[tokio::test]
async fn p11_pending_is_waited_for_and_slow_down_slows_this_and_every_later_poll() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    let polls =
        [("authorization_pending", 70_016), ("slow_down", 0), ("authorization_pending", 70_016), ("slow_down", 0)];
    practice.faults_in_turn("POST", TOKEN, &polls.map(|(error, code)| says(error, code)));
    let (signed_in, slept) = by_code(&practice, &asker, &SCOPES).await;
    signed_in.unwrap();
    assert_eq!(slept, [5, 5, 10, 10, 15]);
}

#[tokio::test]
async fn p11_the_tenant_itself_is_never_asked_too_early() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    *asker.idle.lock().unwrap() = true;
    let (error, slept) = by_code(&practice, &asker, &SCOPES).await;
    assert_eq!(error.unwrap_err(), AuthError::DeviceCodeExpired);
    assert!(slept.iter().all(|seconds| *seconds == 5), "the tenant asked nobody to slow down: {slept:?}");
    assert!(slept.iter().sum::<u64>() < 900);
    assert_eq!(*asker.over.lock().unwrap(), 1);
}

#[tokio::test]
async fn p11_declined_expired_and_blocked_are_told_apart() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    *asker.device_answer.lock().unwrap() = Some(DeviceAnswer::Decline);
    let (error, _) = by_code(&practice, &asker, &SCOPES).await;
    assert_eq!(error.unwrap_err(), AuthError::DeviceCodeDeclined);
    *asker.device_answer.lock().unwrap() = None;
    practice.faults(&[("POST", TOKEN, 1, says("expired_token", 70_019))]);
    let (error, _) = by_code(&practice, &asker, &SCOPES).await;
    assert_eq!(error.unwrap_err(), AuthError::DeviceCodeExpired);
    practice.faults(&[]);
    practice
        .tenant
        .dials()
        .set_conditional_access(ConditionalAccess { block_device_code: true, ..ConditionalAccess::default() });
    let (error, _) = by_code(&practice, &asker, &SCOPES).await;
    let error = error.unwrap_err();
    assert!(error.codes().contains(&53_003), "{error:?}");
    assert!(explain(error.codes()).unwrap().advice.contains("sign in by the browser"));
}

#[tokio::test]
async fn p11_a_passing_fault_costs_a_poll_and_a_lasting_one_ends_it() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    practice.faults_in_turn("POST", TOKEN, &[Fault::ResetBefore, status(503, false, None)]);
    let (signed_in, slept) = by_code(&practice, &asker, &SCOPES).await;
    signed_in.unwrap();
    assert_eq!(slept, [5, 10, 15], "each time a little later");
    practice.faults(&[("POST", TOKEN, 99, Fault::ResetBefore)]);
    let (error, _) = by_code(&practice, &asker, &SCOPES).await;
    assert!(matches!(error.unwrap_err(), AuthError::Unreachable { .. }));
    practice.faults(&[("POST", TOKEN, 9, Fault::Html)]);
    let (error, _) = by_code(&practice, &asker, &SCOPES).await;
    let at_once = AuthError::Unreachable { host: "localhost".to_owned(), why: NoConnection::Page };
    assert_eq!(error.unwrap_err(), at_once, "a page of the network does not pass by itself");
}

#[tokio::test]
async fn cancelling_ends_the_wait_for_a_code_at_once() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::User);
    *asker.idle.lock().unwrap() = true;
    let clock = Arc::new(crate::support::Stopped(practice.tenant.clock().clone()));
    let request = practice.request_for(&SCOPES);
    let signing_in = sign_in(&request, Way::DeviceCode, asker.clone(), clock, CancellationToken::new());
    let cancelling = async {
        while asker.shown.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        asker.cancel.lock().unwrap().cancel();
    };
    let (error, ()) = tokio::join!(signing_in, cancelling);
    assert_eq!(error.unwrap_err(), AuthError::Cancelled);
    assert_eq!(*asker.over.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_session_by_code_asks_by_code_again() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::ApplicationAdministrator);
    let (signed_in, _) = by_code(&practice, &asker, &SCOPES).await;
    let graph = practice.graph_with(signed_in.unwrap().credential, practice.clock());
    practice.tenant.dials().challenge(PersonaKey::ApplicationAdministrator);
    graph.me(&Call::default()).await.unwrap();
    let whys: Vec<_> = asker.shown.lock().unwrap().iter().map(|(why, _)| why.clone()).collect();
    assert_eq!(whys, [Reason::Connect, Reason::Challenge]);
    assert!(asker.opened.lock().unwrap().is_empty(), "no page is opened");
    // Somebody else's answer is not taken.
    *asker.persona.lock().unwrap() = PersonaKey::GlobalAdministrator;
    practice.tenant.dials().challenge(PersonaKey::ApplicationAdministrator);
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::SignIn(AuthError::OtherAccount { .. })), "{error:?}");
}
