//! What the log says, and what it never does (security P10).

use std::io::Write;
use std::sync::{Arc, Mutex};

use azure_core::credentials::TokenCredential;
use inbound_entra::graph::Call;
use inbound_entra::graph::request::NewApplication;
use practice_tenant::{Fault, PersonaKey};
use secrecy::ExposeSecret;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::Practice;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn at_its_most_talkative_our_log_holds_requests_and_no_secret() {
    let log = Log::default();
    let filter = tracing_subscriber::EnvFilter::new("trace");
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(log.clone()).finish();
    let _quiet_at_last = tracing::subscriber::set_default(subscriber);
    let practice = Practice::start().await;
    let graph =
        practice.graph_with(practice.sign_in(PersonaKey::GlobalAdministrator).await.credential, practice.clock());
    let call = Call::default();
    let app = NewApplication::new("Canary Kanarienvogel", None, Vec::new());
    let app = graph.upsert_application(&call, "canary-unique", &app).await.unwrap().value.unwrap();
    let end = practice.tenant.clock().now() + jiff::SignedDuration::from_hours(24);
    let secret = graph.add_password(&call, app.id, "d", end).await.unwrap().value.secret;
    graph.applications_named(&call, "Canary Kanarienvogel").await.unwrap();
    practice.faults(&[("GET", "/v1.0/me", 99, Fault::CutBody)]);
    let error = graph.me(&call).await.unwrap_err();
    practice.automation(None).get_token(&[&practice.cloud.graph_default_scope()], None).await.unwrap();

    let exchanges = practice.tenant.recorder().exchanges();
    let mut secrets = vec![secret.expose_secret().to_owned()];
    secrets.push(practice.tenant.automation().client_secret.expose_secret().to_owned());
    for exchange in &exchanges {
        let body = exchange.response_body.as_ref();
        let token = |name: &str| body.and_then(|body| body.get(name)?.as_str().map(str::to_owned));
        secrets.extend(["access_token", "refresh_token", "id_token"].into_iter().filter_map(token));
        let form = exchange.request_body.as_ref().and_then(|body| body.as_str()).unwrap_or_default();
        let pairs = url::form_urlencoded::parse(form.as_bytes());
        secrets.extend(pairs.filter(|(name, _)| name.starts_with("code")).map(|(_, value)| value.into_owned()));
    }
    assert!(secrets.len() >= 7, "the test must know what to look for: {}", secrets.len());
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let shown = format!("{text}{error}{error:?}{graph:?}");
    for secret in secrets {
        assert!(!shown.contains(&secret), "a secret of {} characters is in the log", secret.len());
    }
    let own: Vec<_> = text.lines().filter(|line| line.contains(" inbound_entra::")).collect();
    assert!(own.iter().any(|line| line.contains("/v1.0/applications/") && line.contains("addPassword")), "{text}");
    assert!(own.iter().any(|line| line.contains("status=200") && line.contains("client_request_id=")));
    assert!(!own.iter().any(|line| line.contains("Kanarienvogel") || line.contains("canary-unique")));
}
