//! A session over its life: further scopes, challenges, its end, and signing out (security P12 to P16).

use std::sync::Arc;
use std::time::Duration;

use inbound_entra::auth::{AuthError, Reason, SignedIn, Way};
use inbound_entra::clock::Clock;
use inbound_entra::graph::request::NewApplication;
use inbound_entra::graph::{Call, Graph, GraphError, Interaction};
use inbound_entra::http::NoConnection;
use practice_tenant::{Exchange, PersonaKey};
use tokio_util::sync::CancellationToken;

use crate::support::{PersonaAsker, Practice};
use crate::tunnel::Tunnel;

const READING: [&str; 2] = ["User.Read", "Application.Read.All"];

struct Signed {
    practice: Practice,
    asker: Arc<PersonaAsker>,
    signed_in: SignedIn,
    graph: Graph,
}

/// Signed in for reading, with nothing recorded yet.
async fn reading(persona: PersonaKey) -> Signed {
    let practice = Practice::start().await;
    let asker = practice.asker(persona);
    with(practice, asker).await
}

async fn with(practice: Practice, asker: Arc<PersonaAsker>) -> Signed {
    let request = practice.request_by_own_client(&READING);
    let signed_in = practice.sign_in_as(&request, Way::Browser, asker.clone()).await.unwrap();
    let graph = practice.graph_with(signed_in.credential.clone(), practice.clock());
    practice.tenant.recorder().clear();
    asker.opened.lock().unwrap().clear();
    *asker.over.lock().unwrap() = 0;
    Signed { practice, asker, signed_in, graph }
}

fn parameter(exchange: &Exchange, name: &str) -> String {
    let url: url::Url = exchange.url.parse().unwrap();
    let form = exchange.request_body.as_ref().and_then(|body| body.as_str()).unwrap_or_default().to_owned();
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    pairs.extend(url::form_urlencoded::parse(form.as_bytes()).into_owned());
    pairs.into_iter().find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
}

async fn write(graph: &Graph, call: &Call) -> Result<(), GraphError> {
    graph.upsert_application(call, "u", &NewApplication::new("HR feed", None, Vec::new())).await.map(drop)
}

#[tokio::test]
async fn p13_connecting_asks_for_reading_only_and_the_first_write_for_what_it_needs() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    let request = practice.request_by_own_client(&READING);
    let signed_in = practice.sign_in_as(&request, Way::Browser, asker.clone()).await.unwrap();
    let asked = practice.asked("GET", "/authorize").pop().unwrap();
    assert_eq!(parameter(&asked, "scope"), "User.Read Application.Read.All openid profile offline_access");
    assert_eq!(signed_in.session.as_ref().unwrap().scopes_held(), READING);
    let graph = practice.graph_with(signed_in.credential.clone(), practice.clock());
    practice.tenant.recorder().clear();
    let call = Call::default();
    graph.me(&call).await.unwrap();
    graph.graph_resource(&call).await.unwrap();
    graph.applications_named(&call, "x").await.unwrap();
    assert!(practice.asked("GET", "/authorize").is_empty() && practice.asked("POST", "/token").is_empty());
    write(&graph, &call).await.unwrap();
    let wanted = "User.Read Application.Read.All Application.ReadWrite.All openid profile offline_access";
    let asked = practice.asked("GET", "/authorize").pop().unwrap();
    assert_eq!(parameter(&asked, "scope"), wanted);
    assert_eq!(asker.whys().pop(), Some(Reason::Scopes(vec!["Application.ReadWrite.All".to_owned()])));
    assert!(signed_in.session.unwrap().scopes_held().contains(&"Application.ReadWrite.All".to_owned()));
    // What is held by now is not asked for again.
    practice.tenant.recorder().clear();
    write(&graph, &call).await.unwrap();
    graph.applications_named(&call, "x").await.unwrap();
    assert!(practice.asked("POST", "/token").is_empty());
}

#[tokio::test]
async fn what_was_consented_to_before_is_got_without_asking() {
    let Signed { practice, asker, graph, .. } = reading(PersonaKey::GlobalAdministrator).await;
    write(&graph, &Call::default()).await.unwrap();
    assert_eq!(asker.whys().len(), 1);
    // Another session of the same client: consent stands, so a refresh is enough.
    let Signed { practice, asker, graph, .. } = with(practice, asker).await;
    write(&graph, &Call::default()).await.unwrap();
    assert!(asker.whys().is_empty(), "nobody is asked");
    assert_eq!(practice.asked("POST", "/token").len(), 1);
}

#[tokio::test]
async fn calls_side_by_side_that_need_more_lead_to_one_question() {
    let Signed { practice, asker, graph, .. } = reading(PersonaKey::GlobalAdministrator).await;
    let call = Call::default();
    let (a, b, c) = tokio::join!(write(&graph, &call), write(&graph, &call), write(&graph, &call));
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    assert_eq!(asker.whys().len(), 1, "one page");
    let grants: Vec<_> = practice.asked("POST", "/token").iter().map(|it| parameter(it, "grant_type")).collect();
    assert_eq!(grants, ["refresh_token", "authorization_code"], "and one try without it");
}

#[tokio::test]
async fn an_operator_who_says_no_is_not_asked_again_by_those_who_waited() {
    let Signed { practice: _serving, asker, graph, .. } = reading(PersonaKey::GlobalAdministrator).await;
    *asker.idle.lock().unwrap() = true;
    let call = Call::default();
    let declining = async {
        while asker.whys().is_empty() {
            tokio::task::yield_now().await;
        }
        asker.cancel.lock().unwrap().cancel();
    };
    let (a, b, ()) = tokio::join!(write(&graph, &call), write(&graph, &call), declining);
    let cancelled = GraphError::SignIn(AuthError::Cancelled);
    assert_eq!((a.unwrap_err(), b.unwrap_err()), (cancelled.clone(), cancelled));
    assert_eq!((asker.whys().len(), *asker.over.lock().unwrap()), (1, 1));
    // Asked another time, they may say yes.
    *asker.cancel.lock().unwrap() = CancellationToken::new();
    *asker.idle.lock().unwrap() = false;
    write(&graph, &call).await.unwrap();
}

#[tokio::test]
async fn a_call_that_may_not_ask_says_what_it_lacks_and_asks_nobody() {
    let Signed { practice, asker, graph, .. } = reading(PersonaKey::GlobalAdministrator).await;
    let call = Call { interaction: Interaction::Never, ..Call::default() };
    let error = graph.app_management_policy(&call).await.unwrap_err();
    let scopes = vec!["Policy.Read.All".to_owned()];
    assert_eq!(error, GraphError::SignIn(AuthError::NeedsInteraction { scopes }));
    assert!(asker.whys().is_empty() && practice.asked("GET", "/v1.0/policies").is_empty());
    graph.me(&call).await.unwrap();
    // Neither is it stopped while somebody else is being asked.
    *asker.idle.lock().unwrap() = true;
    let cancel = CancellationToken::new();
    let asking = Call { cancel: cancel.clone(), ..Call::default() };
    let meanwhile = async {
        while asker.whys().is_empty() {
            tokio::task::yield_now().await;
        }
        let read = graph.me(&call).await;
        cancel.cancel();
        read
    };
    let (asked, read) = tokio::join!(write(&graph, &asking), meanwhile);
    assert_eq!(asked.unwrap_err(), GraphError::Cancelled);
    assert!(read.is_ok());
    assert_eq!(*asker.over.lock().unwrap(), 1, "the page is closed with the call");
}

#[tokio::test]
async fn p15_a_challenge_is_answered_once_and_the_call_goes_on() {
    let Signed { practice, asker, graph, .. } = reading(PersonaKey::GlobalAdministrator).await;
    let call = Call::default();
    graph.me(&call).await.unwrap();
    graph.organization(&call).await.unwrap();
    practice.tenant.dials().challenge(PersonaKey::GlobalAdministrator);
    practice.tenant.recorder().clear();
    let (a, b, c) = tokio::join!(graph.me(&call), graph.organization(&call), graph.my_roles(&call));
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    assert_eq!(asker.whys(), [Reason::Challenge]);
    let asked = practice.asked("GET", "/authorize");
    assert_eq!(asked.len(), 1);
    let claims: serde_json::Value = serde_json::from_str(&parameter(&asked[0], "claims")).unwrap();
    assert!(claims["access_token"]["nbf"].is_object(), "what the tenant asked for: {claims}");
    assert_eq!(claims["access_token"]["xms_cc"]["values"][0], "cp1", "and that challenges are still understood");
    assert!(parameter(&asked[0], "login_hint").contains('@'), "the same account is suggested");
    assert_eq!(practice.asked("GET", "/v1.0/organization").len(), 2, "refused once, repeated once");
}

#[tokio::test]
async fn p15_a_challenge_to_a_write_repeats_it_once_and_it_is_done_once() {
    let Signed { practice, graph, .. } = reading(PersonaKey::GlobalAdministrator).await;
    let call = Call::default();
    write(&graph, &call).await.unwrap();
    practice.tenant.dials().challenge(PersonaKey::GlobalAdministrator);
    let app = graph.application_by_unique_name(&call, "u").await.unwrap().unwrap();
    practice.tenant.dials().challenge(PersonaKey::GlobalAdministrator);
    practice.tenant.recorder().clear();
    let made = graph.create_service_principal(&call, app.app_id).await.unwrap();
    assert!(!made.after_doubt, "a refused request was surely not carried out");
    let statuses: Vec<_> = practice.asked("POST", "/v1.0/servicePrincipals").iter().map(|it| it.status).collect();
    assert_eq!(statuses, [401, 201]);
}

#[tokio::test]
async fn p15_a_challenge_that_may_not_be_asked_about_is_told() {
    let Signed { practice, asker, graph, .. } = reading(PersonaKey::ApplicationAdministrator).await;
    practice.tenant.dials().challenge(PersonaKey::ApplicationAdministrator);
    let call = Call { interaction: Interaction::Never, ..Call::default() };
    let error = graph.me(&call).await.unwrap_err();
    assert_eq!(error, GraphError::SignIn(AuthError::NeedsInteraction { scopes: Vec::new() }));
    assert!(asker.whys().is_empty());
}

#[tokio::test]
async fn f46_a_session_that_was_revoked_asks_once_and_goes_on() {
    let Signed { practice, asker, graph, .. } = reading(PersonaKey::ApplicationAdministrator).await;
    practice.tenant.dials().revoke_sign_ins(PersonaKey::ApplicationAdministrator);
    practice.tenant.clock().advance(Duration::from_secs(3_700));
    let call = Call::default();
    let (a, b) = tokio::join!(graph.me(&call), graph.organization(&call));
    assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
    assert_eq!((asker.whys().as_slice(), *asker.over.lock().unwrap()), (&[Reason::Ended][..], 1));
}

#[tokio::test]
async fn f41_nobody_else_may_take_a_session_over() {
    let Signed { practice, asker, graph, signed_in } = reading(PersonaKey::ApplicationAdministrator).await;
    practice.tenant.dials().revoke_sign_ins(PersonaKey::ApplicationAdministrator);
    practice.tenant.clock().advance(Duration::from_secs(3_700));
    *asker.persona.lock().unwrap() = PersonaKey::GlobalAdministrator;
    let error = graph.me(&Call::default()).await.unwrap_err();
    let GraphError::SignIn(AuthError::OtherAccount { expected, got }) = &error else { panic!("{error:?}") };
    assert_eq!(*expected, signed_in.account.user_name);
    assert_ne!(expected, got);
    assert!(error.to_string().contains("connect anew"), "{error}");
    *asker.persona.lock().unwrap() = PersonaKey::ApplicationAdministrator;
    let me = graph.me(&Call::default()).await.unwrap();
    assert_eq!(Some(me.id), signed_in.account.object_id, "the other one's tokens are gone");
}

#[tokio::test]
async fn the_operators_time_does_not_count_and_the_networks_does() {
    let practice = Practice::start().await;
    let asker = practice.asker_who_takes(PersonaKey::GlobalAdministrator, Duration::from_millis(1_500));
    let Signed { practice, asker, graph, .. } = with(practice, asker).await;
    let call = Call { deadline: Duration::from_millis(1_200), ..Call::default() };
    let (asking, waiting) = tokio::join!(write(&graph, &call), write(&graph, &call));
    assert!(asking.is_ok() && waiting.is_ok(), "{asking:?} {waiting:?}");
    assert_eq!(asker.whys().len(), 1);
    drop((graph, practice));

    let practice = Practice::start().await;
    let tunnel = Tunnel::to(practice.cloud.login.port().unwrap()).await;
    let asker = practice.asker(PersonaKey::ApplicationAdministrator);
    let mut request = practice.request_by_own_client(&READING);
    request.cloud.login.set_port(Some(tunnel.port)).unwrap();
    let signed_in = practice.sign_in_as(&request, Way::Browser, asker).await.unwrap();
    let graph = practice.graph_with(signed_in.credential, practice.clock());
    tunnel.swallow(true);
    let call = Call { deadline: Duration::from_millis(300), ..Call::default() };
    let error = graph.app_management_policy(&call).await.unwrap_err();
    let timed_out = |error: &GraphError| {
        matches!(error, GraphError::SignIn(AuthError::Unreachable { why: NoConnection::TimedOut, .. }))
    };
    assert!(timed_out(&error), "{error:?}");
}

#[tokio::test]
async fn p14_signing_out_leaves_nothing_to_call_with() {
    let Signed { practice, asker, graph, signed_in } = reading(PersonaKey::ApplicationAdministrator).await;
    let session = signed_in.session.unwrap();
    session.forget();
    assert!(session.scopes_held().is_empty());
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert_eq!(error, GraphError::SignIn(AuthError::SignedOut));
    assert!(error.to_string().contains("sign in again"), "{error}");
    let scope = practice.cloud.graph_default_scope();
    assert!(signed_in.credential.get_token(&[&scope], None).await.is_err());
    assert!(practice.tenant.recorder().exchanges().is_empty() && asker.whys().is_empty(), "nothing was even tried");
}

#[tokio::test]
async fn p14_signing_out_while_the_operator_is_asked_closes_the_page() {
    let Signed { practice, asker, graph, signed_in } = reading(PersonaKey::GlobalAdministrator).await;
    *asker.idle.lock().unwrap() = true;
    let session = signed_in.session.unwrap();
    let call = Call::default();
    let signing_out = async {
        while asker.whys().is_empty() {
            tokio::task::yield_now().await;
        }
        session.forget();
    };
    let (error, ()) = tokio::join!(write(&graph, &call), signing_out);
    assert_eq!(error.unwrap_err(), GraphError::SignIn(AuthError::SignedOut));
    assert_eq!(*asker.over.lock().unwrap(), 1);
    assert!(practice.asked("PATCH", "/v1.0/applications").is_empty());
}

/// A clock that is off.
#[derive(Debug)]
struct Off(Arc<dyn Clock>, jiff::SignedDuration);

#[async_trait::async_trait]
impl Clock for Off {
    fn now(&self) -> jiff::Timestamp {
        self.0.now() + self.1
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}

#[tokio::test]
async fn p12_a_clock_a_day_off_stops_neither_signing_in_nor_renewing() {
    for hours in [-24, 24] {
        let practice = Practice::start().await;
        let clock: Arc<dyn Clock> = Arc::new(Off(practice.clock(), jiff::SignedDuration::from_hours(hours)));
        let asker = practice.asker(PersonaKey::ApplicationAdministrator);
        let request = practice.request_by_own_client(&READING);
        let signing_in =
            inbound_entra::auth::sign_in(&request, Way::Browser, asker, clock.clone(), CancellationToken::new());
        let graph = practice.graph_with(signing_in.await.unwrap().credential, clock);
        practice.tenant.recorder().clear();
        graph.me(&Call::default()).await.unwrap();
        assert!(practice.asked("POST", "/token").is_empty(), "the first token is good, whatever the clock says");
        practice.tenant.clock().advance(Duration::from_secs(3_700));
        graph.me(&Call::default()).await.unwrap();
        assert_eq!(practice.asked("POST", "/token").len(), 1, "and renewed by the same clock");
    }
}

/// A clock that is put forward and back.
#[derive(Debug)]
struct Jumping(Arc<dyn Clock>, std::sync::Mutex<jiff::SignedDuration>);

#[async_trait::async_trait]
impl Clock for Jumping {
    fn now(&self) -> jiff::Timestamp {
        self.0.now() + *self.1.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}

#[tokio::test]
async fn f47_a_clock_that_jumps_by_days_in_the_middle_costs_at_most_a_renewal_and_no_question() {
    let practice = Practice::start().await;
    let clock = Arc::new(Jumping(practice.clock(), std::sync::Mutex::default()));
    let asker = practice.asker(PersonaKey::ApplicationAdministrator);
    let request = practice.request_by_own_client(&READING);
    let signing_in = inbound_entra::auth::sign_in(
        &request,
        Way::Browser,
        asker.clone(),
        clock.clone() as Arc<dyn Clock>,
        CancellationToken::new(),
    );
    let graph = practice.graph_with(signing_in.await.unwrap().credential, clock.clone());
    for hours in [24, 0, -24, 48, -48] {
        *clock.1.lock().unwrap() = jiff::SignedDuration::from_hours(hours);
        practice.tenant.recorder().clear();
        graph.me(&Call::default()).await.unwrap_or_else(|error| panic!("{hours} h: {error}"));
        assert!(practice.asked("POST", "/token").len() <= 1, "{hours} h");
        // Time goes on, and the token ends by the tenant's clock whatever this computer's says.
        practice.tenant.clock().advance(Duration::from_secs(3_700));
        graph.me(&Call::default()).await.unwrap_or_else(|error| panic!("{hours} h, later: {error}"));
    }
    assert_eq!(asker.whys(), [Reason::Connect], "the operator was asked for nothing more");
}

#[test]
fn p16_nothing_in_this_room_writes_a_file() {
    fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }
    let mut all = Vec::new();
    sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    assert!(all.len() > 40, "the sources are found");
    let ways = ["fs::write", "File::create", "OpenOptions", "create_dir", "File::options", "set_var", "tempfile"];
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        for way in ways {
            assert!(!text.contains(way), "{}: {way}: tokens live in memory only", path.display());
        }
    }
}
