//! No secret of any way of signing in is in a log, an error, an address or a `Debug` (security P10).

use std::io::Write;
use std::sync::{Arc, Mutex};

use azure_core::credentials::TokenCredential;
use inbound_entra::auth::{FederatedToken, Way, WorkloadIdentityCredential};
use inbound_entra::graph::Call;
use inbound_entra::graph::request::NewApplication;
use inbound_entra::ids::{AppId, TenantId};
use practice_tenant::{DeviceAnswer, PersonaKey};
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

/// Names of what must not be shown, in forms and in answers.
const SECRET: [&str; 11] = [
    "access_token",
    "refresh_token",
    "id_token",
    "code",
    "code_verifier",
    "device_code",
    "user_code",
    "message",
    "client_assertion",
    "client_secret",
    "state",
];

#[tokio::test]
async fn p10_no_secret_of_any_way_of_signing_in_is_shown_anywhere() {
    let log = Log::default();
    let filter = tracing_subscriber::EnvFilter::new("trace");
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(log.clone()).finish();
    let _quiet_at_last = tracing::subscriber::set_default(subscriber);
    let practice = Practice::start().await;
    let persona = PersonaKey::GlobalAdministrator;
    let mut shown = String::new();

    // In the browser, with a challenge, further scopes and signing out.
    let asker = practice.asker(persona);
    let request = practice.request_by_own_client(&["User.Read", "Application.Read.All"]);
    let signed_in = practice.sign_in_as(&request, Way::Browser, asker).await.unwrap();
    let graph = practice.graph_with(signed_in.credential.clone(), practice.clock());
    practice.tenant.dials().challenge(persona);
    graph.me(&Call::default()).await.unwrap();
    graph.upsert_application(&Call::default(), "u", &NewApplication::new("x", None, Vec::new())).await.unwrap();
    shown.push_str(&format!("{signed_in:?}{:?}{:?}{graph:?}", signed_in.credential, signed_in.session));
    signed_in.session.unwrap().forget();
    shown.push_str(&format!("{:?}", graph.me(&Call::default()).await));

    // By a code, answered and declined.
    let asker = practice.asker(persona);
    let request = practice.request();
    let signed_in = practice.sign_in_as(&request, Way::DeviceCode, asker.clone()).await.unwrap();
    *asker.device_answer.lock().unwrap() = Some(DeviceAnswer::Decline);
    let declined = practice.sign_in_as(&request, Way::DeviceCode, asker.clone()).await;
    shown.push_str(&format!("{signed_in:?}{declined:?}{:?}", asker.shown.lock().unwrap()));

    // As an app.
    let scope = practice.cloud.graph_default_scope();
    let workload = practice.tenant.workload();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, workload.token.expose_secret()).unwrap();
    let tenant = TenantId(practice.tenant.tenant_id());
    let credential = WorkloadIdentityCredential::new(
        practice.cloud.clone(),
        tenant,
        AppId(workload.client_id),
        FederatedToken::File(file),
    );
    credential.get_token(&[&scope], None).await.unwrap();
    let wrong = practice.automation(Some("canary-secret")).get_token(&[&scope], None).await.unwrap_err();
    shown.push_str(&format!("{credential:?}{wrong}{wrong:?}"));

    let mut secrets = Vec::new();
    for exchange in practice.tenant.recorder().exchanges() {
        for name in SECRET {
            let answered = exchange.response_body.as_ref().and_then(|body| body.get(name)?.as_str());
            // Graph's errors have a message of their own.
            secrets.extend(answered.filter(|_| !exchange.path.starts_with("/v1.0")).map(str::to_owned));
        }
        let form = exchange.request_body.as_ref().and_then(|body| body.as_str()).unwrap_or_default();
        let query = exchange.url.split_once('?').map(|(_, query)| query).unwrap_or_default();
        for pairs in [form, query] {
            let pairs = url::form_urlencoded::parse(pairs.as_bytes());
            secrets.extend(pairs.filter(|(name, _)| SECRET.contains(&&**name)).map(|(_, value)| value.into_owned()));
        }
        let in_address = exchange.url.contains("refresh_token=") || exchange.url.contains("device_code=");
        assert!(!in_address && !exchange.url.contains("client_assertion="), "{}", exchange.path);
    }
    secrets.retain(|secret| secret.len() >= 8);
    assert!(secrets.len() >= 30, "the test must know what to look for: {}", secrets.len());
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains(" inbound_entra::"), "there is a log");
    for secret in secrets {
        let is_in = |place: &str| place.contains(&secret);
        assert!(!is_in(&text) && !is_in(&shown), "a secret of {} characters is shown: {secret}", secret.len());
    }
}
