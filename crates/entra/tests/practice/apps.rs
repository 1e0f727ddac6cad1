//! Apps that sign in by themselves: by certificate, and by another issuer's token (graph-facts 2, 11).

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use inbound_entra::auth::{
    AppCertificateCredential, AuthError, FederatedToken, SigningKey, WorkloadIdentityCredential, explain, token_roles,
};
use inbound_entra::clock::Clock;
use inbound_entra::ids::{AppId, TenantId};
use practice_tenant::PersonaKey;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::support::Practice;

struct Certificate {
    pem: SecretString,
    der: Vec<u8>,
}

fn certificate() -> Certificate {
    let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let mut params = CertificateParams::new(vec!["robot.example".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2090, 1, 1);
    let made = params.self_signed(&pair).unwrap();
    Certificate { pem: format!("{}{}", pair.serialize_pem(), made.pem()).into(), der: made.der().to_vec() }
}

/// Puts the certificate on the automation's registration, as an administrator would in the portal.
async fn register(practice: &Practice, certificate: &Certificate) {
    let signed_in = practice.sign_in(PersonaKey::GlobalAdministrator).await;
    let scope = practice.cloud.graph_default_scope();
    let token = signed_in.credential.get_token(&[&scope], None).await.unwrap();
    let url =
        format!("{}/v1.0/applications(appId='{}')", practice.tenant.origin(), practice.tenant.automation().client_id);
    let body = json!({ "keyCredentials": [{
        "type": "AsymmetricX509Cert", "usage": "Verify", "displayName": "robot", "key": STANDARD.encode(&certificate.der),
    }] });
    let authority = reqwest::Certificate::from_pem(practice.tenant.authority_pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([authority]).no_proxy().build().unwrap();
    let answer = client.patch(url).bearer_auth(token.token.secret()).json(&body).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204, "{:?}", answer.text().await);
}

fn by_certificate(practice: &Practice, pem: &SecretString, clock: Arc<dyn Clock>) -> AppCertificateCredential {
    let key = SigningKey::from_pem(std::slice::from_ref(pem)).unwrap();
    let (tenant, client) = (TenantId(practice.tenant.tenant_id()), AppId(practice.tenant.automation().client_id));
    AppCertificateCredential::new(practice.cloud.clone(), tenant, client, key).with_clock(clock)
}

fn sent(practice: &Practice, name: &str) -> Vec<String> {
    let all = practice.asked("POST", "/oauth2/v2.0/token");
    let forms = all.into_iter().filter_map(|it| it.request_body?.as_str().map(str::to_owned));
    let value = |form: String| {
        url::form_urlencoded::parse(form.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    forms.filter_map(value).collect()
}

#[tokio::test]
async fn an_app_signs_in_by_its_certificate_with_an_assertion_of_its_own_each_time() {
    let practice = Practice::start().await;
    let certificate = certificate();
    register(&practice, &certificate).await;
    practice.tenant.recorder().clear();
    let credential = by_certificate(&practice, &certificate.pem, practice.clock());
    let scope = practice.cloud.graph_default_scope();
    let token = credential.get_token(&[&scope], None).await.unwrap();
    assert!(token_roles(token.token.secret()).contains(&"Application.ReadWrite.All".to_owned()));
    credential.get_token(&[&scope], None).await.unwrap();
    assert_eq!(sent(&practice, "client_assertion").len(), 1, "the token is held");
    practice.tenant.clock().advance(std::time::Duration::from_secs(3_700));
    credential.get_token(&[&scope], None).await.unwrap();
    let assertions = sent(&practice, "client_assertion");
    assert_eq!(assertions.len(), 2);
    assert_ne!(assertions[0], assertions[1]);
    assert!(sent(&practice, "client_secret").is_empty());
    assert!(!format!("{credential:?}").contains("PRIVATE"));
}

#[tokio::test]
async fn a_certificate_that_is_not_registered_is_told_as_such() {
    let practice = Practice::start().await;
    let scope = practice.cloud.graph_default_scope();
    let credential = by_certificate(&practice, &certificate().pem, practice.clock());
    let error = credential.get_token(&[&scope], None).await.unwrap_err();
    let error: &AuthError = error.downcast_ref().unwrap();
    assert!(explain(error.codes()).unwrap().what.contains("certificate"), "{error:?}");
}

#[derive(Debug)]
struct Off(Arc<dyn Clock>, i64);

#[async_trait::async_trait]
impl Clock for Off {
    fn now(&self) -> jiff::Timestamp {
        self.0.now() + jiff::SignedDuration::from_hours(self.1)
    }

    async fn sleep(&self, duration: std::time::Duration) {
        self.0.sleep(duration).await;
    }
}

#[tokio::test]
async fn p12_a_clock_a_day_off_does_not_stop_an_assertion() {
    let practice = Practice::start().await;
    let certificate = certificate();
    register(&practice, &certificate).await;
    let scope = practice.cloud.graph_default_scope();
    for hours in [-24, 24] {
        let clock = Arc::new(Off(practice.clock(), hours));
        let credential = by_certificate(&practice, &certificate.pem, clock);
        credential.get_token(&[&scope], None).await.unwrap();
    }
}

fn by_workload(practice: &Practice, source: FederatedToken) -> WorkloadIdentityCredential {
    let (tenant, client) = (TenantId(practice.tenant.tenant_id()), AppId(practice.tenant.workload().client_id));
    WorkloadIdentityCredential::new(practice.cloud.clone(), tenant, client, source).with_clock(practice.clock())
}

#[tokio::test]
async fn an_app_signs_in_by_the_token_of_an_issuer_that_it_trusts_read_anew_each_time() {
    let practice = Practice::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{}\n", practice.tenant.workload().token.expose_secret())).unwrap();
    let scope = practice.cloud.graph_default_scope();
    let credential = by_workload(&practice, FederatedToken::File(file.clone()));
    let token = credential.get_token(&[&scope], None).await.unwrap();
    assert!(!token_roles(token.token.secret()).is_empty());
    practice.tenant.clock().advance(std::time::Duration::from_secs(3_700));
    std::fs::write(&file, "a.b.c").unwrap();
    let error = credential.get_token(&[&scope], None).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(AuthError::Refused { .. })), "the new one is no good: {error:?}");
    assert_eq!(sent(&practice, "client_assertion").pop().as_deref(), Some("a.b.c"));
}

#[tokio::test]
async fn a_federated_token_that_cannot_be_read_is_said_so_and_nothing_sent() {
    let practice = Practice::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (absent, odd, large) = (folder.path().join("absent"), folder.path().join("odd"), folder.path().join("large"));
    std::fs::write(&odd, "canary no token").unwrap();
    std::fs::write(&large, "x".repeat(70_000)).unwrap();
    let scope = practice.cloud.graph_default_scope();
    for path in [absent, odd, large] {
        let credential = by_workload(&practice, FederatedToken::File(path.clone()));
        let error = credential.get_token(&[&scope], None).await.unwrap_err();
        let error: &AuthError = error.downcast_ref().unwrap();
        assert!(matches!(error, AuthError::NoFederatedToken { .. }), "{error:?}");
        let words = error.to_string();
        assert!(words.contains(&path.display().to_string()) && !words.contains("canary"), "{words}");
    }
    assert!(practice.tenant.recorder().exchanges().is_empty());
}

#[tokio::test]
async fn a_workload_of_another_subject_is_not_let_in() {
    struct Made(SecretString);
    #[async_trait::async_trait]
    impl inbound_entra::auth::FederatedTokenProvider for Made {
        async fn token(&self) -> Result<SecretString, AuthError> {
            Ok(self.0.clone())
        }
    }
    let practice = Practice::start().await;
    let token = practice.tenant.workload().token;
    let mut parts: Vec<String> = token.expose_secret().split('.').map(str::to_owned).collect();
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let mut claims: Value = serde_json::from_slice(&engine.decode(&parts[1]).unwrap()).unwrap();
    claims["sub"] = json!("repo:somebody/else:ref:refs/heads/main");
    parts[1] = engine.encode(claims.to_string());
    let source = FederatedToken::Provider(Arc::new(Made(parts.join(".").into())));
    let credential = by_workload(&practice, source);
    let error = credential.get_token(&[&practice.cloud.graph_default_scope()], None).await.unwrap_err();
    let error: &AuthError = error.downcast_ref().unwrap();
    assert!(explain(error.codes()).is_some_and(|it| it.what.contains("federated")), "{error:?}");
}
