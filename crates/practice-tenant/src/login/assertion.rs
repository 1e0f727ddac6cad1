//! An assertion in the place of a secret (graph-facts 11): signed with the key of a certificate that is registered on
//! the app, or a token of an issuer that a federated credential of the app names.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use crate::certificate::{self, Certificate};
use crate::directory::entity::Entity;
use crate::directory::replication::Replica;
use crate::login::errors::LoginError;
use crate::seed::small::WORKLOAD_ISSUER;
use crate::tenant::Tenant;

/// The only type of assertion (RFC 7523).
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far the clocks of client and tenant may differ, in seconds.
const SKEW: i64 = 300;

/// A JSON Web Token that nobody has checked yet.
struct Unchecked {
    algorithm: Algorithm,
    /// `x5t`, `x5t#S256` or `kid`: what names the certificate.
    thumbprint: Option<Vec<u8>>,
    shown: String,
    claims: Map<String, Value>,
}

fn open(token: &str) -> Option<Unchecked> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let named = header.x5t_s256.clone().or_else(|| header.x5t.clone());
    let hex = |text: &String| {
        let pairs = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        pairs.collect::<Option<Vec<u8>>>()
    };
    let thumbprint = named.as_deref().and_then(certificate::base64);
    let thumbprint = thumbprint.or_else(|| header.kid.as_ref().and_then(hex));
    let shown = thumbprint.iter().flatten().map(|byte| format!("{byte:02X}")).collect();
    Some(Unchecked { algorithm: header.alg, thumbprint, shown, claims: serde_json::from_slice(&claims).ok()? })
}

impl Unchecked {
    fn text(&self, name: &str) -> &str {
        self.claims.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn audiences(&self) -> Vec<&str> {
        match self.claims.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn check_time(&self, now: Timestamp) -> Result<(), LoginError> {
        let number = |name: &str| self.claims.get(name).and_then(Value::as_i64);
        let second = now.as_second();
        let is_over = number("exp").is_none_or(|end| end + SKEW <= second);
        let is_early = number("nbf").is_some_and(|start| start - SKEW > second);
        if is_over || is_early { Err(LoginError::assertion_out_of_time(now)) } else { Ok(()) }
    }
}

fn is_signed(token: &str, algorithm: Algorithm, key: &DecodingKey) -> bool {
    let mut rules = Validation::new(algorithm);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<Map<String, Value>>(token, key, &rules).is_ok()
}

/// Whether an assertion proves that the caller is `client`.
pub(crate) fn check(
    tenant: &Tenant,
    origin: &str,
    client: &Entity,
    replica: &Replica,
    token: &str,
    now: Timestamp,
) -> Result<(), LoginError> {
    let assertion = open(token).ok_or_else(|| LoginError::unknown_key(client.app_id, ""))?;
    let client_id = client.app_id.to_string();
    let (issuer, subject) = (assertion.text("iss"), assertion.text("sub"));
    if issuer.eq_ignore_ascii_case(&client_id) || subject.eq_ignore_ascii_case(&client_id) {
        return certified(origin, client, replica, token, &assertion, now);
    }
    federated(tenant, client, replica, token, &assertion, now)
}

fn certified(
    origin: &str,
    client: &Entity,
    replica: &Replica,
    token: &str,
    assertion: &Unchecked,
    now: Timestamp,
) -> Result<(), LoginError> {
    let client_id = client.app_id.to_string();
    if [assertion.text("iss"), assertion.text("sub")].iter().any(|it| !it.eq_ignore_ascii_case(&client_id)) {
        return Err(LoginError::wrong_assertion_subject());
    }
    let shown = assertion.shown.as_str();
    let unknown = || LoginError::unknown_key(client.app_id, shown);
    // A certificate that was just registered is unknown to replicas for a while, as a secret is.
    let known = client.seen(replica).and_then(|properties| properties.get("keyCredentials")?.as_array());
    let wanted = assertion.thumbprint.as_ref().ok_or_else(unknown)?;
    let certificate = known
        .into_iter()
        .flatten()
        .filter_map(|it| Certificate::read(&certificate::base64(it.get("key")?.as_str()?)?))
        .find(|it| it.sha1 == *wanted || it.sha256 == *wanted)
        .ok_or_else(unknown)?;
    let key = DecodingKey::from_rsa_der(&certificate.rsa_key);
    let is_allowed = [Algorithm::PS256, Algorithm::RS256].contains(&assertion.algorithm);
    if !is_allowed || !is_signed(token, assertion.algorithm, &key) {
        return Err(LoginError::wrong_signature(shown));
    }
    if certificate.not_after <= now || certificate.not_before > now {
        return Err(LoginError::expired_key(shown));
    }
    let audiences = assertion.audiences();
    if !audiences.iter().any(|audience| is_own(origin, audience)) {
        return Err(LoginError::wrong_assertion_audience(&audiences.join(" ")));
    }
    assertion.check_time(now)
}

/// The token endpoint of this tenant, or its issuer, on the host that was used.
fn is_own(origin: &str, audience: &str) -> bool {
    let Some(rest) = audience.strip_prefix(origin).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let Some((segment, rest)) = rest.split_once('/') else { return false };
    let is_tenant = crate::login::Authority::parse(segment) == Some(crate::login::Authority::Own);
    is_tenant && ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""].contains(&rest)
}

fn federated(
    tenant: &Tenant,
    client: &Entity,
    replica: &Replica,
    token: &str,
    assertion: &Unchecked,
    now: Timestamp,
) -> Result<(), LoginError> {
    let (issuer, subject, audiences) = (assertion.text("iss"), assertion.text("sub"), assertion.audiences());
    let mut known = client.federated.iter().filter(|it| replica.knows(it.added)).collect::<Vec<_>>();
    let mut narrow = |what: &str, given: &str, fits: &dyn Fn(&crate::directory::entity::Federated) -> bool| {
        known.retain(|it| fits(it));
        if known.is_empty() { Err(LoginError::no_federation(what, given)) } else { Ok(()) }
    };
    narrow("issuer", issuer, &|it| it.issuer == issuer)?;
    narrow("subject", subject, &|it| it.subject == subject)?;
    narrow("audience", &audiences.join(" "), &|it| audiences.contains(&it.audience.as_str()))?;
    let is_signed = if issuer == WORKLOAD_ISSUER {
        tenant.store.signer().open(token).is_some()
    } else {
        let given = tenant.federated_issuer.as_ref().filter(|it| it.issuer == issuer);
        let key = given.and_then(|it| DecodingKey::from_rsa_pem(it.public_key_pem.as_bytes()).ok());
        is_signed(token, Algorithm::RS256, &key.ok_or_else(|| LoginError::unknown_issuer(issuer))?)
    };
    if !is_signed {
        return Err(LoginError::wrong_token_signature(issuer));
    }
    assertion.check_time(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::TENANT;

    #[test]
    fn an_assertion_is_for_the_token_endpoint_of_this_tenant() {
        let origin = "https://localhost:1";
        for own in [format!("{origin}/{TENANT}/oauth2/v2.0/token"), format!("{origin}/{TENANT}/v2.0")] {
            assert!(is_own(origin, &own), "{own}");
        }
        for other in [
            format!("https://localhost:2/{TENANT}/oauth2/v2.0/token"),
            format!("{origin}/common/oauth2/v2.0/token"),
            format!("{origin}/{TENANT}/oauth2/v2.0/authorize"),
            String::new(),
        ] {
            assert!(!is_own(origin, &other), "{other}");
        }
    }
}
