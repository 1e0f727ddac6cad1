//! The key that signs tokens, and what it signs.

use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Map, Value, json};

/// The key could not be made or read, or a token could not be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("{0}")]
    Make(#[from] rcgen::Error),
    #[error("{0}")]
    Use(#[from] jsonwebtoken::errors::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// Signs and checks tokens with one RSA key (RS256).
pub(crate) struct Signer {
    pem: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    kid: String,
    public: Value,
}

impl Signer {
    /// A new key of 2048 bits.
    pub fn generate() -> Result<Self, KeyError> {
        Self::from_pem(&KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?.serialize_pem())
    }

    /// The key of an earlier run, PKCS #8.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let encoding = EncodingKey::from_rsa_pem(pem.as_bytes())?;
        let jwk = Jwk::from_encoding_key(&encoding, Algorithm::RS256)?;
        let decoding = DecodingKey::from_jwk(&jwk)?;
        let kid = jwk.thumbprint(ThumbprintHash::SHA256)?;
        let public = serde_json::to_value(&jwk)?;
        Ok(Self { pem: pem.to_owned(), encoding, decoding, kid, public })
    }

    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The JSON Web Key Set.
    pub fn key_set(&self) -> Value {
        let mut key = Map::new();
        for name in ["kty", "n", "e"] {
            key.insert(name.to_owned(), self.public.get(name).cloned().unwrap_or_default());
        }
        key.insert("use".into(), "sig".into());
        key.insert("alg".into(), "RS256".into());
        key.insert("kid".into(), self.kid.clone().into());
        json!({ "keys": [key] })
    }

    /// A signed JWT.
    pub fn sign(&self, claims: &Map<String, Value>) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &self.encoding)?)
    }

    /// The claims of a token that this key has signed. Time and audience are the caller's to check.
    pub fn open(&self, token: &str) -> Option<Map<String, Value>> {
        let mut rules = Validation::new(Algorithm::RS256);
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        jsonwebtoken::decode(token, &self.decoding, &rules).ok().map(|data| data.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_what_it_signed_also_after_being_saved_and_nothing_else() {
        let signer = Signer::generate().unwrap();
        let again = Signer::from_pem(signer.pem()).unwrap();
        let other = Signer::generate().unwrap();
        let claims = Map::from_iter([("sub".to_owned(), json!("me"))]);
        let token = signer.sign(&claims).unwrap();
        assert_eq!(again.open(&token), Some(claims));
        assert_eq!(other.open(&token), None);
        assert_eq!(signer.open("a.b.c"), None);
    }
}
