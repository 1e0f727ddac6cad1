//! Signing in as an app (graph-facts 2 and 11): certificates, and tokens of another issuer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests are tests"
)]

mod support;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use practice_tenant::{FederatedIssuer, Options, PersonaKey};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, PublicKeyData, RsaKeySize, date_time_ymd};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use support::{Reply, Tenant, claims, frozen, start, start_with};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const GRAPH: &str = "https://graph.microsoft.com/.default";

/// A key and its certificate, valid from 2026 to the given year.
struct Pair {
    key: KeyPair,
    der: Vec<u8>,
}

fn pair(until: i32) -> Pair {
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(until, 3, 1);
    let der = params.self_signed(&key).unwrap().der().to_vec();
    Pair { key, der }
}

impl Pair {
    fn sign(&self, header: &Header, claims: &Value) -> String {
        let key = EncodingKey::from_rsa_pem(self.key.serialize_pem().as_bytes()).unwrap();
        jsonwebtoken::encode(header, claims, &key).unwrap()
    }

    /// An assertion as the reference describes it, with some claims changed.
    fn assertion(&self, tenant: &Tenant, client: &str, algorithm: Algorithm, change: &[(&str, Value)]) -> String {
        let mut header = Header::new(algorithm);
        if algorithm == Algorithm::PS256 {
            header.x5t_s256 = Some(URL_SAFE_NO_PAD.encode(Sha256::digest(&self.der)));
        } else {
            let sha1 = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &self.der);
            header.x5t = Some(URL_SAFE_NO_PAD.encode(sha1));
        }
        let now = tenant.inner.clock().now().as_second();
        let mut claims = json!({
            "aud": tenant.login("/oauth2/v2.0/token"), "iss": client, "sub": client, "jti": "1",
            "nbf": now, "iat": now, "exp": now + 600,
        });
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        self.sign(&header, &claims)
    }
}

async fn token(tenant: &Tenant, client: &str, assertion: &str) -> Reply {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client),
        ("scope", GRAPH),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion),
    ];
    tenant.token(&form).await
}

/// The status, or the first code.
fn outcome(reply: &Reply) -> u64 {
    reply.body["error_codes"][0].as_u64().unwrap_or_else(|| reply.status.as_u16().into())
}

fn credential(pair: &Pair) -> Value {
    json!({ "type": "AsymmetricX509Cert", "usage": "Verify", "key": STANDARD.encode(&pair.der), "displayName": "laptop" })
}

/// An app with these certificates: object id and client id.
async fn app(tenant: &Tenant, admin: &str, keys: &[Value]) -> (String, String) {
    let (id, client) = tenant.new_application(admin, "Certified").await;
    assert_eq!(tenant.post("/servicePrincipals", admin, json!({ "appId": client })).await.status, 201);
    let patched = patch(tenant, admin, &id, json!(keys)).await;
    assert_eq!(patched.status, 204, "{}", patched.body);
    (id, client)
}

async fn patch(tenant: &Tenant, admin: &str, id: &str, keys: Value) -> Reply {
    tenant.send(Method::PATCH, &format!("/applications/{id}"), admin, Some(json!({ "keyCredentials": keys }))).await
}

#[tokio::test]
async fn a_certificate_signs_an_app_in_by_either_algorithm() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (right, other) = (pair(2027), pair(2027));
    let (_, client) = app(&tenant, &admin, &[credential(&right)]).await;
    for algorithm in [Algorithm::PS256, Algorithm::RS256] {
        let signed = right.assertion(&tenant, &client, algorithm, &[]);
        let answer = token(&tenant, &client, &signed).await;
        assert_eq!(answer.status, 200, "{algorithm:?}: {}", answer.body);
        assert_eq!(claims(answer.body["access_token"].as_str().unwrap())["appid"], client);
        let unknown = other.assertion(&tenant, &client, algorithm, &[]);
        assert_eq!(outcome(&token(&tenant, &client, &unknown).await), 700_027);
    }
    let now = tenant.inner.clock().now().as_second();
    for (change, code) in [
        (("aud", json!(format!("{}/common/oauth2/v2.0/token", tenant.inner.origin()))), 700_023),
        (("exp", json!(now - 301)), 700_024),
        (("nbf", json!(now + 301)), 700_024),
        (("sub", json!("7d5e5e0c-1111-4222-8333-444455556666")), 700_021),
        (("iss", json!("7d5e5e0c-1111-4222-8333-444455556666")), 700_021),
    ] {
        let signed = right.assertion(&tenant, &client, Algorithm::PS256, std::slice::from_ref(&change));
        let refused = token(&tenant, &client, &signed).await;
        assert_eq!((outcome(&refused), &refused.body["error"]), (code, &json!("invalid_client")), "{change:?}");
    }
    let signed = right.assertion(&tenant, &client, Algorithm::PS256, &[]);
    let forged = {
        let other = other.assertion(&tenant, &client, Algorithm::PS256, &[]);
        let (head, _) = signed.rsplit_once('.').unwrap();
        format!("{head}.{}", other.rsplit_once('.').unwrap().1)
    };
    assert_eq!(outcome(&token(&tenant, &client, &forged).await), 50_012);
    let automation = tenant.inner.automation().client_id.to_string();
    let stolen = right.assertion(&tenant, &automation, Algorithm::PS256, &[]);
    assert_eq!(outcome(&token(&tenant, &automation, &stolen).await), 700_027, "it is registered on another app");
    tenant.inner.clock().advance(Duration::from_secs(365 * 86_400));
    let late = right.assertion(&tenant, &client, Algorithm::PS256, &[]);
    assert_eq!(outcome(&token(&tenant, &client, &late).await), 700_027, "the certificate has expired");
}

#[tokio::test]
async fn the_list_of_certificates_is_replaced_whole_and_keys_are_not_shown() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::ApplicationAdministrator).await;
    let (first, second) = (pair(2027), pair(2028));
    let (id, client) = app(&tenant, &admin, &[credential(&first)]).await;
    let shown = tenant.get(&format!("/applications/{id}"), &admin).await;
    let shown = shown.body["keyCredentials"][0].clone();
    assert_eq!((&shown["key"], &shown["type"]), (&json!(null), &json!("AsymmetricX509Cert")));
    assert_eq!(shown["customKeyIdentifier"].as_str().unwrap().len(), 40);
    assert_eq!(shown["endDateTime"], "2027-03-01T00:00:00Z", "the certificate's own");
    let one = tenant.get(&format!("/applications/{id}?$select=keyCredentials"), &admin).await;
    assert_eq!(one.body["keyCredentials"][0]["key"], STANDARD.encode(&first.der), "by name, of one object");
    let listed = tenant.get(&format!("/applications?$filter=appId eq '{client}'&$select=keyCredentials"), &admin).await;
    assert_eq!(listed.body["value"][0]["keyCredentials"][0]["key"], json!(null));

    // Read, extended and sent back: the known entry has its keyId and no key.
    assert_eq!(patch(&tenant, &admin, &id, json!([shown, credential(&second)])).await.status, 204);
    for pair in [&first, &second] {
        let signed = pair.assertion(&tenant, &client, Algorithm::PS256, &[]);
        assert_eq!(token(&tenant, &client, &signed).await.status, 200);
    }
    for wrong in [
        json!([{ "type": "AsymmetricX509Cert", "usage": "Verify", "keyId": "7d5e5e0c-1111-4222-8333-444455556666" }]),
        json!([{ "type": "AsymmetricX509Cert", "usage": "Verify", "key": STANDARD.encode("no certificate") }]),
        json!([{ "type": "Symmetric", "usage": "Verify", "key": STANDARD.encode(&first.der) }]),
    ] {
        let refused = patch(&tenant, &admin, &id, wrong).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (400, "KeyCredentialsInvalid"));
    }
    assert_eq!(patch(&tenant, &admin, &id, json!([])).await.status, 204);
    let signed = first.assertion(&tenant, &client, Algorithm::PS256, &[]);
    assert_eq!(outcome(&token(&tenant, &client, &signed).await), 700_027);
}

#[tokio::test]
async fn a_fresh_certificate_is_unknown_to_replicas_for_a_while() {
    let tenant = start().await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let right = pair(2027);
    let (id, client) = app(&tenant, &admin, &[]).await;
    tenant.inner.clock().advance(Duration::from_secs(120));
    tenant.inner.dials().set_replication(Duration::from_secs(30));
    assert_eq!(patch(&tenant, &admin, &id, json!([credential(&right)])).await.status, 204);
    let signed = right.assertion(&tenant, &client, Algorithm::PS256, &[]);
    assert_eq!(outcome(&token(&tenant, &client, &signed).await), 700_027);
    tenant.inner.clock().advance(Duration::from_secs(30));
    assert_eq!(token(&tenant, &client, &signed).await.status, 200);
}

#[tokio::test]
async fn a_workload_signs_in_by_federation() {
    let tenant = start().await;
    let workload = tenant.inner.workload();
    let client = workload.client_id.to_string();
    let held = workload.token.expose_secret();
    assert!(!format!("{workload:?}").contains(held), "the token does not print");
    let answer = token(&tenant, &client, held).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let roles = json!(["AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.All"]);
    assert_eq!(claims(answer.body["access_token"].as_str().unwrap())["roles"], roles);
    let retired = tenant.inner.web_client_id().to_string();
    assert_eq!(outcome(&token(&tenant, &retired, held).await), 700_211, "another app names no such issuer");
    tenant.inner.clock().advance(Duration::from_secs(86_400 + 301));
    assert_eq!(outcome(&token(&tenant, &client, held).await), 700_024);
}

#[tokio::test]
async fn federated_credentials_are_managed_and_checked_by_issuer_subject_audience_and_signature() {
    let issuer = "https://ci.example";
    let (right, wrong) = (pair(2027), pair(2027));
    let federated_issuer =
        FederatedIssuer { issuer: issuer.to_owned(), public_key_pem: pem(&right.key.subject_public_key_info()) };
    let tenant = start_with(Options { federated_issuer: Some(federated_issuer), ..frozen() }).await;
    let admin = tenant.sign_in(PersonaKey::GlobalAdministrator).await;
    let (id, client) = app(&tenant, &admin, &[]).await;
    let path = format!("/applications/{id}/federatedIdentityCredentials");
    let body = json!({
        "name": "ci", "issuer": issuer, "subject": "job:feed", "audiences": ["api://AzureADTokenExchange"],
    });
    let made = tenant.post(&path, &admin, body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(tenant.post(&path, &admin, body).await.status, 409);
    assert_eq!(tenant.get(&path, &admin).await.body["value"][0]["subject"], "job:feed");
    assert_eq!(tenant.get(&format!("{path}(name='ci')"), &admin).await.id(), made.id());
    let foreign = json!({ "name": "b", "issuer": "https://b.example", "subject": "b", "audiences": ["a", "b"] });
    assert_eq!(tenant.post(&path, &admin, foreign).await.status, 400, "exactly one audience");

    let now = tenant.inner.clock().now().as_second();
    let usual = [
        ("iss", json!(issuer)),
        ("sub", json!("job:feed")),
        ("aud", json!("api://AzureADTokenExchange")),
        ("exp", json!(now + 60)),
    ];
    let sign = |pair: &Pair, change: Option<(&str, Value)>| {
        let mut claims: Map<String, Value> =
            usual.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        claims.extend(change.map(|(name, value)| (name.to_owned(), value)));
        pair.sign(&Header::new(Algorithm::RS256), &Value::Object(claims))
    };
    assert_eq!(outcome(&token(&tenant, &client, &sign(&right, None)).await), 200);
    assert_eq!(outcome(&token(&tenant, &client, &sign(&wrong, None)).await), 50_013);
    for (name, value, code) in [
        ("iss", json!("https://other.example"), 700_211),
        ("sub", json!("job:other"), 700_213),
        ("aud", json!("api://other"), 700_212),
        ("exp", json!(now - 301), 700_024),
    ] {
        let signed = sign(&right, Some((name, value)));
        assert_eq!(outcome(&token(&tenant, &client, &signed).await), code, "{name}");
    }
    let one = format!("{path}/{}", made.id());
    let change = json!({ "subject": "job:other" });
    assert_eq!(tenant.send(Method::PATCH, &one, &admin, Some(change)).await.status, 204);
    assert_eq!(outcome(&token(&tenant, &client, &sign(&right, None)).await), 700_213);
    assert_eq!(tenant.send(Method::DELETE, &one, &admin, None).await.status, 204);
    assert_eq!(outcome(&token(&tenant, &client, &sign(&right, None)).await), 700_211);
}

/// A public key as PEM.
fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

#[tokio::test]
async fn a_public_client_brings_no_assertion() {
    let tenant = start().await;
    let client = tenant.inner.public_client_id().to_string();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", client.as_str()),
        ("refresh_token", "x"),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", "a.b.c"),
    ];
    assert_eq!(outcome(&tenant.token(&form).await), 700_025);
}
