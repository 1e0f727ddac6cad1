//! The ID token: signature, algorithm, audience, issuer, tenant and nonce, before anything of it is believed.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::Account;
use super::authority::Key;
use super::error::AuthError;
use crate::ids::{AppId, ObjectId, TenantId};

/// What an ID token must say.
pub(super) struct Expected<'a> {
    /// As the service describes itself, perhaps with `{tenantid}`.
    pub(super) issuer: &'a str,
    /// The tenant as it was asked for: an id, a domain or `organizations`.
    pub(super) tenant: &'a str,
    pub(super) client_id: AppId,
    /// What was sent along; a sign-in by code has none, as the code itself binds the answer to the question.
    pub(super) nonce: Option<&'a str>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    tid: String,
    nonce: Option<String>,
    oid: Option<String>,
    preferred_username: Option<String>,
    upn: Option<String>,
    name: Option<String>,
}

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// No key has its id: the keys may have been changed since they were read.
    UnknownKey,
    /// It is not what was asked for.
    No(AuthError),
}

/// The account of a token that is all it must be. Its times are not looked at: it came just now, over TLS, from the
/// place that was asked, and a wrong clock here must not stop anyone (security P12).
pub(super) fn check(token: &str, keys: &[Key], expected: &Expected<'_>) -> Result<Account, Doubt> {
    let no = |what: &str| Doubt::No(AuthError::Untrusted { what: what.to_owned() });
    let header = decode_header(token).map_err(|_| no("its ID token cannot be read"))?;
    if header.alg != Algorithm::RS256 {
        return Err(no("its ID token is not signed as it must be"));
    }
    let kid = header.kid.ok_or_else(|| no("its ID token does not say who signed it"))?;
    let of_id = |key: &&Key| key.key.common.key_id.as_deref() == Some(kid.as_str());
    let key = keys.iter().find(of_id).ok_or(Doubt::UnknownKey)?;
    let decoding = DecodingKey::from_jwk(&key.key).map_err(|_| no("the key of its ID token cannot be used"))?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.set_audience(&[expected.client_id.to_string()]);
    validation.set_required_spec_claims(&["aud", "iss"]);
    let claims = decode::<Claims>(token, &decoding, &validation)
        .map_err(|_| no("its ID token is not signed by the sign-in service or not meant for this app"))?
        .claims;
    let of_tenant = |template: &str| template.replace("{tenantid}", &claims.tid) == claims.iss;
    if !of_tenant(expected.issuer) || !key.issuer.as_deref().is_none_or(of_tenant) {
        return Err(no("its ID token comes from another sign-in service or tenant than was asked"));
    }
    let tenant: TenantId = claims.tid.parse().map_err(|_| no("its ID token names no tenant"))?;
    if expected.tenant.parse::<TenantId>().is_ok_and(|asked| asked != tenant) {
        return Err(no("the account belongs to another tenant than was asked"));
    }
    if let Some(expected) = expected.nonce {
        let nonce = claims.nonce.as_deref().unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.as_bytes())) {
            return Err(no("its ID token answers another sign-in"));
        }
    }
    Ok(Account {
        tenant,
        object_id: claims.oid.and_then(|oid| oid.parse::<ObjectId>().ok()),
        user_name: claims.preferred_username.or(claims.upn).unwrap_or_default(),
        name: claims.name,
    })
}
