//! The RSA key of a certificate, by which an app proves who it is (graph-facts 11).
//!
//! The key lives in aws-lc's memory, which is wiped when it is freed; the files it came from are the caller's to wipe.

use std::fmt;

#[cfg(test)]
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use p12_keystore::Pkcs12Archive;
use rustls::pki_types::pem::{PemObject, SectionKind};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::ids::AppId;

/// How long an assertion is good, in seconds (graph-facts 11: 5 to 10 minutes).
const LIFE: i64 = 600;
/// Object identifiers of the keys that a file may hold in place of an RSA one, as they stand in DER.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Why a certificate or its key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither file holds a private key.
    #[error("there is no private key in what was given; add the file that holds it")]
    NoKey,
    /// More than one.
    #[error("there is more than one private key in what was given; keep the one that belongs to the certificate")]
    SeveralKeys,
    /// Neither file holds a certificate.
    #[error("there is no certificate in what was given; add the file that holds it")]
    NoCertificate,
    /// The private key is encrypted by itself.
    #[error(
        "the private key is encrypted; give a PFX file with its password, or decrypt it with `openssl pkey -in KEY -out PLAIN` for the time being"
    )]
    Encrypted,
    /// Entra takes assertions signed with RSA only.
    #[error("the private key is {kind}; sign-in by certificate needs an RSA key of 2,048 to 8,192 bits")]
    NotRsa {
        /// What it is.
        kind: &'static str,
    },
    /// The key belongs to none of the certificates.
    #[error("the private key does not belong to the certificate that was given")]
    NoMatch,
    /// The password is wrong, or the file is damaged: the format cannot tell.
    #[error("the PFX file could not be opened: its password is wrong, or it is damaged")]
    WrongPassword,
    /// It is no such file.
    #[error("{what} could not be read")]
    Unreadable {
        /// What was expected.
        what: &'static str,
    },
}

/// A private key with the certificate that Entra knows it by.
pub struct SigningKey {
    key: KeyPair,
    /// SHA-256 of the certificate, as the header of an assertion names it.
    thumbprint: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("x5t#S256", &self.thumbprint).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// From PEM text in one or more pieces: a private key (PKCS #8 or PKCS #1) and its certificate; others of a chain may
    /// stand beside it.
    ///
    /// # Errors
    /// As [`KeyError`] says.
    pub fn from_pem(pieces: &[SecretString]) -> Result<Self, KeyError> {
        let (mut keys, mut certificates) = (Vec::new(), Vec::new());
        for piece in pieces {
            let text = piece.expose_secret();
            if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED") {
                return Err(KeyError::Encrypted);
            }
            for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()) {
                let (kind, der) = section.map_err(|_| KeyError::Unreadable { what: "the PEM file" })?;
                let der = Zeroizing::new(der);
                match kind {
                    SectionKind::Certificate => certificates.push(der),
                    SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey => {
                        keys.push((kind, der));
                    }
                    _ => {}
                }
            }
        }
        let mut keys = keys.into_iter();
        let (kind, key) = keys.next().ok_or(KeyError::NoKey)?;
        if keys.next().is_some() {
            return Err(KeyError::SeveralKeys);
        }
        let key = match kind {
            SectionKind::RsaPrivateKey => KeyPair::from_der(&key).map_err(|_| NOT_THIS_RSA)?,
            SectionKind::EcPrivateKey => return Err(KeyError::NotRsa { kind: "an elliptic-curve key" }),
            _ => of_pkcs8(&key)?,
        };
        Self::of(key, certificates.iter().map(|der| der.as_slice()))
    }

    /// From a PFX (PKCS #12) file.
    ///
    /// # Errors
    /// As [`KeyError`] says.
    pub fn from_pfx(file: &[u8], password: &SecretString) -> Result<Self, KeyError> {
        use p12_keystore::error::Error;
        let archive = Pkcs12Archive::from_pkcs12(file, password.expose_secret()).map_err(|error| match error {
            Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) | Error::InvalidPrivateKey => {
                KeyError::WrongPassword
            }
            Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
                KeyError::Unreadable { what: "the PFX file's encryption" }
            }
            _ => KeyError::Unreadable { what: "the PFX file" },
        })?;
        let [bag] = archive.keys.as_slice() else {
            return Err(if archive.keys.is_empty() { KeyError::NoKey } else { KeyError::SeveralKeys });
        };
        Self::of(of_pkcs8(bag.key.as_der())?, archive.certs.iter().map(|bag| bag.cert.as_der()))
    }

    /// With the certificate that holds the key's public half.
    fn of<'a>(key: KeyPair, certificates: impl Iterator<Item = &'a [u8]>) -> Result<Self, KeyError> {
        let public = key.public_key();
        // A certificate holds the very bytes of its key; nothing else in it could be the same.
        let half: &[u8] = public.as_ref();
        let mut any = false;
        let own = certificates
            .inspect(|_| any = true)
            .find(|certificate| certificate.windows(half.len()).any(|window| window == half));
        match own {
            Some(certificate) => {
                let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(certificate));
                Ok(Self { key, thumbprint })
            }
            None if any => Err(KeyError::NoMatch),
            None => Err(KeyError::NoCertificate),
        }
    }

    /// An assertion that `client` is who it says, for `audience` and from `now` on: PS256 with the certificate's SHA-256
    /// (graph-facts 11).
    pub(super) fn assertion(&self, client: AppId, audience: &str, now: Timestamp) -> Result<SecretString, KeyError> {
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let now = now.as_second();
        let claims = json!({
            "aud": audience, "iss": client, "sub": client, "jti": Uuid::new_v4(),
            "nbf": now, "iat": now, "exp": now.saturating_add(LIFE),
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PSS_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| KeyError::Unreadable { what: "the private key" })?;
        let assertion = Zeroizing::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)));
        Ok(SecretString::from(assertion.as_str()))
    }

    /// SHA-256 of the certificate in base64url, as Entra's `x5t#S256` and for display.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The public half, as DER, for whoever checks a signature.
    #[cfg(test)]
    pub(super) fn public_key(&self) -> Vec<u8> {
        AsDer::<aws_lc_rs::encoding::PublicKeyX509Der<'_>>::as_der(self.key.public_key())
            .map(|der| der.as_ref().to_vec())
            .unwrap_or_default()
    }
}

const NOT_THIS_RSA: KeyError = KeyError::NotRsa { kind: "an RSA key of another size or form" };

fn of_pkcs8(der: &[u8]) -> Result<KeyPair, KeyError> {
    KeyPair::from_pkcs8(der).map_err(|_| {
        // The algorithm stands at the beginning.
        let head = der.get(..40.min(der.len())).unwrap_or_default();
        let names = |oid: &[u8]| head.windows(oid.len()).any(|window| window == oid);
        if names(EC) {
            KeyError::NotRsa { kind: "an elliptic-curve key" }
        } else if names(ED25519) {
            KeyError::NotRsa { kind: "an Ed25519 key" }
        } else {
            NOT_THIS_RSA
        }
    })
}
