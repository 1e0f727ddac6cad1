//! Forged, borrowed and foreign ID tokens (security P03, P04), signed with keys made here.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_RSA_SHA256};
use serde_json::{Value, json};

use super::authority::Key;
use super::error::AuthError;
use super::id_token::{Doubt, Expected, check};
use crate::ids::AppId;

const CLIENT: &str = "11111111-1111-4111-8111-111111111111";
const TENANT: &str = "22222222-2222-4222-8222-222222222222";
const OTHER: &str = "33333333-3333-4333-8333-333333333333";

struct Signer {
    private: EncodingKey,
    key: Key,
}

fn signer(kid: &str) -> Signer {
    let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("an RSA key");
    let private = EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).expect("a signing key");
    let mut key = Jwk::from_encoding_key(&private, Algorithm::RS256).expect("a public key");
    key.common.key_id = Some(kid.to_owned());
    Signer { private, key: Key { key, issuer: None } }
}

fn claims() -> Value {
    json!({
        "aud": CLIENT, "iss": format!("https://login.example/{TENANT}/v2.0"), "tid": TENANT, "nonce": "n-1",
        "oid": OTHER, "preferred_username": "ada@contoso.example", "name": "Ada",
        // A day in the past and a day in the future: clocks may be wrong (security P12).
        "exp": 1_000, "nbf": 99_999_999_999_u64, "iat": 99_999_999_999_u64,
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = claims();
    change(&mut claims);
    claims
}

fn token(signer: &Signer, kid: &str, claims: &Value) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::RS256) };
    encode(&header, claims, &signer.private).expect("a token")
}

fn expected(tenant: &str) -> Expected<'_> {
    Expected {
        issuer: "https://login.example/{tenantid}/v2.0",
        tenant,
        client_id: CLIENT.parse::<AppId>().expect("an id"),
        nonce: Some("n-1"),
    }
}

#[test]
fn p03_a_good_token_names_the_account_whatever_the_clock_says() {
    let signer = signer("k1");
    let account =
        check(&token(&signer, "k1", &claims()), std::slice::from_ref(&signer.key), &expected("organizations"));
    let account = account.expect("believed");
    assert_eq!((account.user_name.as_str(), account.name.as_deref()), ("ada@contoso.example", Some("Ada")));
    assert_eq!(account.tenant.to_string(), TENANT);
    assert_eq!(account.object_id.map(|id| id.to_string()).as_deref(), Some(OTHER));
    let by_id = check(&token(&signer, "k1", &claims()), std::slice::from_ref(&signer.key), &expected(TENANT));
    assert!(by_id.is_ok(), "asked for by the tenant's id");
}

#[test]
fn p03_p04_whatever_is_not_as_asked_is_refused_by_name() {
    let signer = signer("k1");
    let keys = [signer.key.clone()];
    let foreign_issuer = format!("https://login.evil.example/{TENANT}/v2.0");
    let cases = [
        (with(|c| c["nonce"] = json!("n-2")), "another sign-in"),
        (with(|c| drop(c.as_object_mut().and_then(|c| c.remove("nonce")))), "another sign-in"),
        (with(|c| c["aud"] = json!(OTHER)), "not meant for this app"),
        (with(|c| drop(c.as_object_mut().and_then(|c| c.remove("aud")))), "not meant for this app"),
        (with(|c| c["iss"] = json!(foreign_issuer)), "another sign-in service"),
        (with(|c| c["tid"] = json!(OTHER)), "another sign-in service or tenant"),
    ];
    for (claims, words) in cases {
        let doubt = check(&token(&signer, "k1", &claims), &keys, &expected("organizations")).expect_err("refused");
        let Doubt::No(error @ AuthError::Untrusted { .. }) = doubt else { panic!("{doubt:?}") };
        assert!(error.to_string().contains(words), "{error} / {words}");
    }
    let other = check(&token(&signer, "k1", &claims()), &keys, &expected(OTHER)).expect_err("refused");
    assert!(matches!(other, Doubt::No(error) if error.to_string().contains("another tenant")));
}

#[test]
fn p03_signatures_must_be_the_services_own() {
    let (signer, stranger) = (signer("k1"), signer("k1"));
    let forged = token(&stranger, "k1", &claims());
    let keys = [signer.key.clone()];
    assert!(matches!(check(&forged, &keys, &expected("organizations")), Err(Doubt::No(_))), "a stranger's key");
    let unknown = token(&signer, "k2", &claims());
    assert_eq!(check(&unknown, &keys, &expected("organizations")), Err(Doubt::UnknownKey), "the keys are read again");
    let good = token(&signer, "k1", &claims());
    let unsigned = {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let payload = good.split('.').nth(1).expect("a payload");
        format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#))
    };
    let symmetric = {
        let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims(), &EncodingKey::from_secret(b"public key")).expect("a token")
    };
    for token in [unsigned, symmetric, "opaque".to_owned(), String::new(), good.replace('.', "..")] {
        assert!(matches!(check(&token, &keys, &expected("organizations")), Err(Doubt::No(_))), "{token}");
    }
    let foreign_key = Key { issuer: Some("https://login.example/9188040d/v2.0".to_owned()), ..signer.key };
    assert!(check(&good, &[foreign_key], &expected("organizations")).is_err(), "a key of other tenants only");
}
