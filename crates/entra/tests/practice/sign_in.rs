//! Signing in, staying signed in, and refusing to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use inbound_entra::auth::{Asker, AuthError, BrowserError, DeviceCode, Reason, Way, explain, sign_in, token_roles};
use inbound_entra::graph::{Call, GraphError};
use inbound_entra::http::NoConnection;
use practice_tenant::{Fault, PersonaKey};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::support::{PersonaAsker, Practice, mistrusting, status};

/// A browser that opens and shows nothing more.
#[derive(Default)]
struct Idle {
    opened: Mutex<Option<Url>>,
    cancel: CancellationToken,
}

#[async_trait]
impl Asker for Idle {
    async fn open_page(&self, _: &Reason, url: &Url) -> Result<(), BrowserError> {
        *self.opened.lock().unwrap() = Some(url.clone());
        self.cancel.cancel();
        Ok(())
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {}

    fn answered(&self) {}

    fn cancel(&self) -> CancellationToken {
        CancellationToken::new()
    }
}

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[tokio::test]
async fn every_persona_signs_in_and_is_who_the_directory_says() {
    let practice = Practice::start().await;
    for persona in practice_tenant::personas() {
        let signed_in = practice.sign_in(persona.key).await;
        assert_eq!(signed_in.account.user_name, persona.user_principal_name);
        assert_eq!(signed_in.account.name.as_deref(), Some(persona.name.as_str()));
        assert_eq!(signed_in.account.tenant.0, practice.tenant.tenant_id());
        let graph = practice.graph_with(signed_in.credential, practice.clock());
        let me = graph.me(&Call::default()).await.unwrap();
        assert_eq!(Some(me.id), signed_in.account.object_id);
        assert_eq!(me.user_principal_name.as_deref(), Some(persona.user_principal_name.as_str()));
    }
}

#[tokio::test]
async fn p01_p02_the_request_is_as_the_rules_want_it_and_fresh_each_time() {
    let practice = Practice::start().await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        let asker = practice.asker(PersonaKey::User);
        practice.sign_in_by(asker.clone()).await.unwrap();
        assert_eq!((asker.whys().as_slice(), *asker.over.lock().unwrap()), (&[Reason::Connect][..], 1));
        let url = asker.last_url();
        assert_eq!(parameter(&url, "response_type"), "code");
        assert_eq!(parameter(&url, "response_mode"), "form_post");
        assert_eq!(parameter(&url, "code_challenge_method"), "S256");
        assert_eq!(parameter(&url, "code_challenge").len(), 43);
        assert_eq!(parameter(&url, "prompt"), "select_account");
        assert!(parameter(&url, "scope").contains("offline_access") && parameter(&url, "scope").contains("openid"));
        let redirect = parameter(&url, "redirect_uri");
        assert!(redirect.starts_with("http://localhost:") && !redirect.ends_with('/'), "{redirect}");
        for name in ["state", "nonce", "code_challenge"] {
            let value = parameter(&url, name);
            assert!(value.len() >= 43 && !seen.contains(&value), "{name} must be random and used once");
            seen.push(value);
        }
    }
    let token = practice.asked("POST", "/token").pop().unwrap();
    let form = token.request_body.unwrap();
    let form = form.as_str().unwrap();
    assert!(form.contains("code_verifier=") && !form.contains("client_secret"), "a public client has no secret");
}

#[tokio::test]
async fn p10_nothing_secret_is_ever_in_an_address() {
    let practice = Practice::start().await;
    let graph = practice.graph_with(practice.sign_in(PersonaKey::User).await.credential, practice.clock());
    graph.me(&Call::default()).await.unwrap();
    let exchanges = practice.tenant.recorder().exchanges();
    let tokens = exchanges.iter().filter_map(|it| it.response_body.as_ref());
    let mut secrets: Vec<String> = tokens
        .flat_map(|body| {
            ["access_token", "refresh_token", "id_token"].map(|name| body[name].as_str().map(str::to_owned))
        })
        .flatten()
        .collect();
    let form = practice.asked("POST", "/token").pop().unwrap().request_body.unwrap();
    let pairs = url::form_urlencoded::parse(form.as_str().unwrap().as_bytes());
    secrets.extend(pairs.filter(|(name, _)| name == "code" || name == "code_verifier").map(|(_, v)| v.into_owned()));
    assert_eq!(secrets.len(), 5, "the test must know what to look for");
    for exchange in &exchanges {
        let referer = exchange.request_header("referer").unwrap_or_default();
        for secret in &secrets {
            assert!(!exchange.url.contains(secret.as_str()) && !referer.contains(secret.as_str()), "{}", exchange.path);
        }
    }
}

#[tokio::test]
async fn another_authority_than_the_pinned_one_is_refused_before_anything_is_said() {
    let practice = Practice::start().await;
    let mut request = practice.request();
    request.cloud = mistrusting(&practice.cloud);
    let browser = Arc::new(Idle::default());
    let error = practice.sign_in_as(&request, Way::Browser, browser.clone()).await.unwrap_err();
    assert!(matches!(error, AuthError::Unreachable { why: NoConnection::Tls, .. }), "{error:?}");
    assert!(error.to_string().contains("not trusted"), "{error}");
    assert!(browser.opened.lock().unwrap().is_none(), "nobody should sign in there");
    assert_eq!(practice.tenant.recorder().exchanges().len(), 0);
    let graph = practice.graph_with(practice.sign_in(PersonaKey::User).await.credential, practice.clock());
    graph.me(&Call::default()).await.unwrap();
}

#[tokio::test]
async fn p08_cancelling_ends_the_wait_and_closes_the_listener() {
    let practice = Practice::start().await;
    let browser = Arc::new(Idle::default());
    let cancel = browser.cancel.clone();
    let request = practice.request();
    let signing_in = sign_in(&request, Way::Browser, browser.clone(), practice.clock(), cancel);
    let error = signing_in.await.unwrap_err();
    assert_eq!(error, AuthError::Cancelled);
    let redirect = parameter(browser.opened.lock().unwrap().as_ref().unwrap(), "redirect_uri");
    let port: u16 = redirect.rsplit(':').next().unwrap().parse().unwrap();
    let closed = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("the port is closed");
    assert!(practice.asked("POST", "/token").is_empty());
}

/// Brings a form to the app's listener, as the sign-in page would.
struct Bringing(Vec<(&'static str, &'static str)>);

#[async_trait]
impl Asker for Bringing {
    async fn open_page(&self, _: &Reason, url: &Url) -> Result<(), BrowserError> {
        let redirect: Url = parameter(url, "redirect_uri").parse().unwrap();
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.0).append_pair("state", &parameter(url, "state"));
        let form = form.finish();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", redirect.port().unwrap())).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        });
        Ok(())
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {}

    fn answered(&self) {}

    fn cancel(&self) -> CancellationToken {
        CancellationToken::new()
    }
}

#[tokio::test]
async fn a_declined_sign_in_says_so() {
    let practice = Practice::start().await;
    let declined =
        [("error", "access_denied"), ("error_description", "AADSTS65004: User declined to consent.\r\nTrace ID: t")];
    let error = practice.sign_in_by(Arc::new(Bringing(declined.to_vec()))).await.unwrap_err();
    assert!(matches!(&error, AuthError::Refused { codes, .. } if codes == &[65004]), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the sign-in service refused (access_denied, AADSTS65004): User declined to consent."
    );
}

#[tokio::test]
async fn a_code_that_is_not_ours_is_refused_by_the_service() {
    let practice = Practice::start().await;
    let error = practice.sign_in_by(Arc::new(Bringing(vec![("code", "made-up")]))).await.unwrap_err();
    assert!(matches!(&error, AuthError::Refused { error, .. } if error == "invalid_grant"), "{error:?}");
}

#[tokio::test]
async fn p04_a_service_that_describes_itself_as_elsewhere_is_not_trusted() {
    let practice = Practice::start().await;
    let origin = practice.tenant.origin();
    let good = |issuer: &str, jwks: &str, token: &str| {
        json!({
            "issuer": format!("{issuer}/{{tenantid}}/v2.0"), "jwks_uri": format!("{jwks}/keys"),
            "authorization_endpoint": format!("{origin}/organizations/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{token}/organizations/oauth2/v2.0/token"),
        })
    };
    let evil = "https://login.evil.example";
    for body in [good(evil, &origin, &origin), good(&origin, evil, &origin), good(&origin, &origin, evil)] {
        let path = "/organizations/v2.0/.well-known/openid-configuration";
        practice.faults(&[("GET", path, 1, Fault::Answer { status: 200, body, applied: false })]);
        let browser = Arc::new(Idle::default());
        let error = practice.sign_in_by(browser.clone()).await.unwrap_err();
        assert!(matches!(&error, AuthError::Untrusted { what } if what.contains("login.evil.example")), "{error:?}");
        assert!(browser.opened.lock().unwrap().is_none());
    }
}

#[tokio::test]
async fn an_authority_without_form_post_is_answered_by_address() {
    let practice = Practice::start().await;
    let origin = practice.tenant.origin();
    let body = json!({
        "issuer": format!("{origin}/{{tenantid}}/v2.0"), "jwks_uri": format!("{origin}/organizations/discovery/v2.0/keys"),
        "authorization_endpoint": format!("{origin}/organizations/oauth2/v2.0/authorize"),
        "token_endpoint": format!("{origin}/organizations/oauth2/v2.0/token"),
        "response_modes_supported": ["query"],
    });
    let path = "/organizations/v2.0/.well-known/openid-configuration";
    practice.faults(&[("GET", path, 1, Fault::Answer { status: 200, body, applied: false })]);
    let asker = practice.asker(PersonaKey::User);
    practice.sign_in_by(asker.clone()).await.unwrap();
    assert_eq!(parameter(&asker.last_url(), "response_mode"), "query");
}

/// Answers a page that wants a form by an address that says no, and others by signing in.
struct FormRefused(Arc<PersonaAsker>);

#[async_trait]
impl Asker for FormRefused {
    async fn open_page(&self, why: &Reason, url: &Url) -> Result<(), BrowserError> {
        if parameter(url, "response_mode") != "form_post" {
            return self.0.open_page(why, url).await;
        }
        self.0.opened.lock().unwrap().push((why.clone(), url.clone()));
        let mut back: Url = parameter(url, "redirect_uri").parse().unwrap();
        back.query_pairs_mut()
            .append_pair("error", "unsupported_response_mode")
            .append_pair("error_description", "AADSTS70007: 'form_post' is not a supported value of 'response_mode'.")
            .append_pair("state", &parameter(url, "state"));
        let request = format!("GET /?{} HTTP/1.1\r\nHost: localhost\r\n\r\n", back.query().unwrap());
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", back.port().unwrap())).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            stream.read_to_end(&mut Vec::new()).await.unwrap();
        });
        Ok(())
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {}

    fn answered(&self) {
        self.0.answered();
    }

    fn cancel(&self) -> CancellationToken {
        self.0.cancel()
    }
}

#[tokio::test]
async fn an_authority_that_refuses_a_form_is_asked_by_address() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    practice.sign_in_by(Arc::new(FormRefused(asker.clone()))).await.unwrap();
    let opened = asker.opened.lock().unwrap().clone();
    let modes: Vec<_> = opened.iter().map(|(_, url)| parameter(url, "response_mode")).collect();
    assert_eq!(modes, ["form_post", "query"], "asked once more");
    for name in ["state", "nonce", "code_challenge", "redirect_uri"] {
        assert_ne!(parameter(&opened[0].1, name), parameter(&opened[1].1, name), "each page has its own {name}");
    }
    assert_eq!(*asker.over.lock().unwrap(), 2);
    // And one that says so at once is believed.
    practice.tenant.dials().set_refuse_form_post(true);
    let asker = practice.asker(PersonaKey::GlobalAdministrator);
    practice.sign_in_by(asker.clone()).await.unwrap();
    assert_eq!((asker.whys().len(), parameter(&asker.last_url(), "response_mode")), (1, "query".to_owned()));
}

#[tokio::test]
async fn a_sign_in_that_the_tenant_declines_keeps_what_support_asks_for() {
    let practice = Practice::start().await;
    let asker = practice.asker(PersonaKey::User);
    let request = practice.request_by_own_client(&["User.Read", "Application.Read.All"]);
    let error = practice.sign_in_as(&request, Way::Browser, asker).await.unwrap_err();
    let AuthError::Refused { codes, correlation_id, trace_id, .. } = &error else { panic!("{error:?}") };
    assert!(correlation_id.is_some() && trace_id.is_some(), "{error:?}");
    let words = explain(codes).unwrap();
    assert!(words.what.contains("administrator") && words.advice.contains("consent"), "{words:?}");
}

#[tokio::test]
async fn a_wrong_page_in_place_of_the_service_is_said_so() {
    let practice = Practice::start().await;
    let path = "/organizations/v2.0/.well-known/openid-configuration";
    for fault in [Fault::CutBody, Fault::Huge { megabytes: 300 }] {
        practice.faults(&[("GET", path, 9, fault)]);
        let error = practice.try_sign_in(PersonaKey::User).await.unwrap_err();
        assert!(matches!(error, AuthError::Unreadable { .. }), "{error:?}");
    }
    practice.faults(&[("GET", path, 9, Fault::Html)]);
    let error = practice.try_sign_in(PersonaKey::User).await.unwrap_err();
    assert!(matches!(error, AuthError::Unreachable { why: NoConnection::Page, .. }), "{error:?}");
    practice.faults(&[("POST", "/organizations/oauth2/v2.0/token", 1, Fault::Html)]);
    let error = practice.try_sign_in(PersonaKey::User).await.unwrap_err();
    assert!(matches!(error, AuthError::Unreachable { why: NoConnection::Page, .. }), "{error:?}");
}

#[tokio::test]
async fn a_passing_fault_does_not_stop_a_sign_in_and_a_lasting_one_is_told() {
    let practice = Practice::start().await;
    let description = "/organizations/v2.0/.well-known/openid-configuration";
    for path in [description, "/organizations/discovery/v2.0/keys"] {
        for fault in [Fault::ResetBefore, Fault::CutBody, status(500, false, None), status(503, false, Some(2))] {
            practice.tenant.recorder().clear();
            practice.faults(&[("GET", path, 2, fault.clone())]);
            assert!(practice.try_sign_in(PersonaKey::User).await.is_ok(), "{path}: {fault:?}");
            assert_eq!(practice.asked("GET", path).len(), 3, "{path}: {fault:?}");
        }
    }
    practice.faults(&[("GET", description, 9, status(503, false, Some(2)))]);
    let error = practice.try_sign_in(PersonaKey::User).await.unwrap_err();
    assert!(matches!(error, AuthError::Busy { status: 503, retry_after: Some(2), .. }), "{error:?}");
    practice.faults(&[("GET", description, 9, Fault::ResetBefore)]);
    let error = practice.try_sign_in(PersonaKey::User).await.unwrap_err();
    assert!(matches!(error, AuthError::Unreachable { why: NoConnection::Broken, .. }), "{error:?}");
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let practice = Practice::start().await;
    let request = practice.request();
    let clock = practice.clock();
    let Practice { tenant, .. } = practice;
    tenant.stop().await;
    let signing_in = sign_in(&request, Way::Browser, Arc::new(Idle::default()), clock, CancellationToken::new());
    let error = signing_in.await.unwrap_err();
    assert!(matches!(error, AuthError::Unreachable { why: NoConnection::Refused, .. }), "{error:?}");
}

#[tokio::test]
async fn an_expired_token_is_refreshed_once_for_everyone_and_the_new_refresh_token_kept() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    graph.me(&Call::default()).await.unwrap();
    assert!(practice.asked("POST", "/token").is_empty(), "the first token is still good");
    let mut last = String::new();
    for _ in 0..3 {
        practice.tenant.recorder().clear();
        practice.tenant.clock().advance(Duration::from_secs(3_700));
        let call = Call::default();
        let (a, b, c) = tokio::join!(graph.me(&call), graph.organization(&call), graph.my_roles(&call));
        assert!(a.is_ok() && b.is_ok() && c.is_ok());
        let tokens = practice.asked("POST", "/token");
        assert_eq!(tokens.len(), 1, "one refresh for three calls");
        let form = tokens[0].request_body.as_ref().unwrap().as_str().unwrap().to_owned();
        assert!(form.contains("grant_type=refresh_token"));
        let sent = url::form_urlencoded::parse(form.as_bytes()).find(|(name, _)| name == "refresh_token").unwrap();
        assert_ne!(sent.1, last, "the newest refresh token is used");
        last = sent.1.into_owned();
    }
}

#[tokio::test]
async fn a_token_that_graph_no_longer_accepts_is_renewed_once() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    practice.faults(&[("GET", "/v1.0/me", 1, status(401, false, None))]);
    graph.me(&Call::default()).await.unwrap();
    assert_eq!(practice.asked("POST", "/token").len(), 1);
    practice.faults(&[("GET", "/v1.0/me", 9, status(401, false, None))]);
    practice.tenant.recorder().clear();
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(&error, GraphError::Refused(refusal) if refusal.status == 401), "{error:?}");
    assert_eq!(practice.asked("GET", "/v1.0/me").len(), 2, "it does not go on for ever");
}

#[tokio::test]
async fn calls_that_are_refused_side_by_side_lead_to_one_renewal() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let paths = ["/v1.0/me", "/v1.0/organization", "/v1.0/me/transitiveMemberOf"];
    practice.faults(&paths.map(|path| ("GET", path, 1, status(401, false, None))));
    let call = Call::default();
    let (a, b, c) = tokio::join!(graph.me(&call), graph.organization(&call), graph.my_roles(&call));
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    assert_eq!(practice.asked("POST", "/token").len(), 1, "one renewal for three calls");
}

#[tokio::test]
async fn a_renewed_token_is_kept_for_the_attempts_after_it() {
    let practice = Practice::start().await;
    let graph = practice.graph().await;
    let path = "/v1.0/me";
    practice.faults(&[("GET", path, 1, status(401, false, None)), ("GET", path, 4, status(500, false, None))]);
    graph.me(&Call::default()).await.unwrap();
    assert_eq!(practice.asked("GET", path).len(), 5);
    assert_eq!(practice.asked("POST", "/token").len(), 1, "faults of the service ask for no other token");
}

#[tokio::test]
async fn a_busy_token_endpoint_is_tried_again_by_the_clock() {
    let practice = Practice::start().await;
    let credential = practice.automation(None);
    let path = format!("/{}/oauth2/v2.0/token", practice.tenant.tenant_id());
    practice.faults(&[("POST", &path, 2, status(503, false, Some(7)))]);
    let before = practice.tenant.clock().now();
    let scope = practice.cloud.graph_default_scope();
    credential.get_token(&[&scope], None).await.unwrap();
    assert!(practice.tenant.clock().now().duration_since(before).as_secs() >= 14);
    let mut by_date = status(429, false, Some(9));
    if let Fault::Status { retry_style, .. } = &mut by_date {
        *retry_style = practice_tenant::RetryAfter::Date;
    }
    // Its own clock stands where it began: the tenant's login answers carry the real date.
    let fresh = Practice::start().await;
    let fresh_path = format!("/{}/oauth2/v2.0/token", fresh.tenant.tenant_id());
    fresh.faults(&[("POST", &fresh_path, 1, by_date)]);
    let before = fresh.tenant.clock().now();
    fresh.automation(None).get_token(&[&fresh.cloud.graph_default_scope()], None).await.unwrap();
    let waited = fresh.tenant.clock().now().duration_since(before).as_secs();
    assert!((5..=12).contains(&waited), "a date is a wait too: {waited} s");
    practice.faults(&[("POST", &path, 9, status(503, false, Some(7)))]);
    let error = practice.automation(None).get_token(&[&scope], None).await.unwrap_err();
    let error = error.downcast_ref::<AuthError>().unwrap();
    assert!(matches!(error, AuthError::Busy { status: 503, retry_after: Some(7), .. }), "{error:?}");
    assert_eq!(error.to_string(), "localhost is busy or has a fault (HTTP 503); try again in 7 s");
    // A wait of minutes is told at once and not sat out.
    practice.tenant.recorder().clear();
    practice.faults(&[("POST", &path, 9, status(429, false, Some(120)))]);
    let error = practice.automation(None).get_token(&[&scope], None).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(AuthError::Busy { retry_after: Some(120), .. })), "{error}");
    assert_eq!(practice.asked("POST", "/token").len(), 1);
}

#[tokio::test]
async fn an_app_signs_in_by_its_secret_and_its_token_holds_its_roles() {
    let practice = Practice::start().await;
    let scope = practice.cloud.graph_default_scope();
    let credential = practice.automation(None);
    let token = credential.get_token(&[&scope], None).await.unwrap();
    let mut roles = token_roles(token.token.secret());
    roles.sort();
    assert!(roles.contains(&"Application.ReadWrite.All".to_owned()), "{roles:?}");
    assert!(roles.contains(&"AppRoleAssignment.ReadWrite.All".to_owned()), "{roles:?}");
    credential.get_token(&[&scope], None).await.unwrap();
    assert_eq!(practice.asked("POST", "/token").len(), 1, "the token is held");
    assert!(
        !format!("{credential:?}")
            .contains(secrecy::ExposeSecret::expose_secret(&practice.tenant.automation().client_secret))
    );
    let error = practice.automation(Some("wrong~[6gyXA5S20@MN+WRXAJ]I-TO7g1:h2P8")).get_token(&[&scope], None).await;
    let error = error.unwrap_err();
    let error = error.downcast_ref::<AuthError>().unwrap();
    assert!(error.not_yet(), "a fresh secret looks like a wrong one: {error:?}");
    let form = practice.asked("POST", "/token").pop().unwrap().request_body.unwrap();
    let pairs: Vec<_> = url::form_urlencoded::parse(form.as_str().unwrap().as_bytes()).into_owned().collect();
    let sent = pairs.iter().find(|(name, _)| name == "client_secret").map(|(_, value)| value.as_str());
    assert_eq!(sent, Some("wrong~[6gyXA5S20@MN+WRXAJ]I-TO7g1:h2P8"), "signs survive the form");
}
