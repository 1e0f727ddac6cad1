//! Keys and certificates in every form that administrators have them in; made here, by OpenSSL where only it makes them.

use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::signing_key::{KeyError, SigningKey};
use crate::ids::AppId;

struct Made {
    key: String,
    certificate: String,
    der: Vec<u8>,
}

fn made(algorithm: &'static rcgen::SignatureAlgorithm) -> Made {
    let pair = KeyPair::generate_for(algorithm).expect("a key");
    let certificate = CertificateParams::new(vec!["robot.example".to_owned()]).expect("names");
    let certificate = certificate.self_signed(&pair).expect("a certificate");
    Made { key: pair.serialize_pem(), certificate: certificate.pem(), der: certificate.der().to_vec() }
}

fn read(pieces: &[&str]) -> Result<SigningKey, KeyError> {
    let pieces: Vec<_> = pieces.iter().map(|piece| SecretString::from(*piece)).collect();
    SigningKey::from_pem(&pieces)
}

/// The same key as PKCS #1: the key of a PKCS #8 file stands in it as it is.
fn pkcs1(pkcs8: &str) -> String {
    use base64::engine::general_purpose::STANDARD;
    let text: String = pkcs8.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(text).expect("base64");
    // SEQUENCE, version, algorithm, then OCTET STRING 04 82 LL LL.
    let start = der.windows(2).position(|pair| pair == [0x04, 0x82]).expect("the key") + 4;
    let body = STANDARD.encode(&der[start..]);
    format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")
}

#[test]
fn a_key_and_its_certificate_may_come_in_one_file_or_two_and_in_a_chain() {
    let (own, other) = (made(&PKCS_RSA_SHA256), made(&PKCS_RSA_SHA256));
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&own.der));
    let together = format!("Bag Attributes\n  friendlyName: robot\n{}{}", own.key, own.certificate);
    let chain = format!("{}{}", other.certificate, own.certificate);
    let old_form = pkcs1(&own.key);
    for pieces in [&[together.as_str()][..], &[&own.certificate, &own.key], &[&own.key, &chain], &[&old_form, &chain]] {
        assert_eq!(read(pieces).expect("a key").thumbprint(), thumbprint);
    }
}

#[test]
fn what_cannot_be_used_is_said_in_words() {
    let (rsa, stranger) = (made(&PKCS_RSA_SHA256), made(&PKCS_RSA_SHA256));
    let (ec, ed) = (made(&PKCS_ECDSA_P256_SHA256), made(&PKCS_ED25519));
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let sec1 = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
    let cases: [(&[&str], KeyError, &str); 10] = [
        (&[&rsa.certificate], KeyError::NoKey, "no private key"),
        (&[""], KeyError::NoKey, "no private key"),
        (&[&rsa.key], KeyError::NoCertificate, "no certificate"),
        (&[&rsa.key, &stranger.certificate], KeyError::NoMatch, "does not belong"),
        (&[&rsa.key, &stranger.key, &rsa.certificate], KeyError::SeveralKeys, "more than one"),
        (&[encrypted, &rsa.certificate], KeyError::Encrypted, "PFX"),
        (&[old, &rsa.certificate], KeyError::Encrypted, "openssl"),
        (&[&ec.key, &ec.certificate], KeyError::NotRsa { kind: "an elliptic-curve key" }, "RSA"),
        (&[sec1, &ec.certificate], KeyError::NotRsa { kind: "an elliptic-curve key" }, "RSA"),
        (&[&ed.key, &ed.certificate], KeyError::NotRsa { kind: "an Ed25519 key" }, "RSA"),
    ];
    for (pieces, error, words) in cases {
        let found = read(pieces).expect_err("refused");
        assert!(found.to_string().contains(words), "{found}");
        assert_eq!(found, error);
    }
    let damaged = "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n";
    assert!(matches!(read(&[damaged]), Err(KeyError::Unreadable { .. })));
}

#[test]
fn an_assertion_is_as_the_contract_wants_it() {
    let own = made(&PKCS_RSA_SHA256);
    let key = read(&[&own.key, &own.certificate]).expect("a key");
    let client: AppId = "11111111-1111-4111-8111-111111111111".parse().expect("an id");
    let (audience, now) =
        ("https://login.example/t/oauth2/v2.0/token", "2026-08-20T10:00:00Z".parse().expect("a time"));
    let first = key.assertion(client, audience, now).expect("signed");
    let parts: Vec<&str> = first.expose_secret().split('.').collect();
    let json =
        |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON") };
    let (header, claims) = (json(parts[0]), json(parts[1]));
    assert_eq!((header["alg"].as_str(), header["typ"].as_str()), (Some("PS256"), Some("JWT")));
    assert_eq!(header["x5t#S256"].as_str(), Some(URL_SAFE_NO_PAD.encode(Sha256::digest(&own.der)).as_str()));
    assert_eq!(claims["aud"], audience);
    assert_eq!(
        (claims["iss"].as_str(), claims["sub"].as_str()),
        (Some(client.to_string().as_str()), claims["iss"].as_str())
    );
    assert_eq!(claims["exp"].as_i64().zip(claims["nbf"].as_i64()).map(|(end, start)| end - start), Some(600));
    let public = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public_key());
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64");
    assert!(public.verify(format!("{}.{}", parts[0], parts[1]).as_bytes(), &signature).is_ok());
    let second = key.assertion(client, audience, now).expect("signed");
    let jti =
        |assertion: &SecretString| json(assertion.expose_secret().split('.').nth(1).expect("claims"))["jti"].clone();
    assert_ne!(jti(&first), jti(&second), "each is good once");
}

#[test]
fn nothing_of_a_key_is_shown() {
    let own = made(&PKCS_RSA_SHA256);
    let key = read(&[&own.key, &own.certificate]).expect("a key");
    let shown = format!("{key:?}");
    assert!(shown.contains(key.thumbprint()) && shown.len() < 120, "{shown}");
}

#[test]
fn a_pfx_file_opens_with_its_password_however_old_its_encryption_is() {
    use p12_keystore::{Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
    use rustls::pki_types::PrivateKeyDer;
    use rustls::pki_types::pem::PemObject;
    let (own, ec) = (made(&PKCS_RSA_SHA256), made(&PKCS_ECDSA_P256_SHA256));
    let store = |made: &Made| {
        let der = PrivateKeyDer::from_pem_slice(made.key.as_bytes()).expect("a key");
        let key = PrivateKey::from_der(der.secret_der()).expect("a key");
        let certificate = Certificate::from_der(&made.der).expect("a certificate");
        let mut store = KeyStore::new();
        store.add_entry("robot", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("1", key, [certificate])));
        store
    };
    let password = SecretString::from("pa\u{df}word");
    // As OpenSSL and today's Windows write it, and as older Windows does.
    for algorithm in
        [EncryptionAlgorithm::PbeWithHmacSha256AndAes256, EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc]
    {
        let file =
            store(&own).writer(password.expose_secret()).encryption_algorithm(algorithm).write().expect("a file");
        let key = SigningKey::from_pfx(&file, &password).expect("a key");
        assert_eq!(key.thumbprint(), URL_SAFE_NO_PAD.encode(Sha256::digest(&own.der)));
        assert_eq!(SigningKey::from_pfx(&file, &"wrong".into()).unwrap_err(), KeyError::WrongPassword);
    }
    let file = store(&ec).writer("x").write().expect("a file");
    assert!(matches!(SigningKey::from_pfx(&file, &"x".into()), Err(KeyError::NotRsa { .. })));
    assert!(matches!(SigningKey::from_pfx(b"nonsense", &"x".into()), Err(KeyError::Unreadable { .. })));
}
