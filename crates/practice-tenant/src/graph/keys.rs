//! Key credentials of applications (graph-facts 2): the first certificate comes by PATCH, and what it is replaces the
//! whole list.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::certificate::{self, Certificate};
use crate::clock::{graph_date, instant};
use crate::graph::error::Refusal;

fn invalid(what: &str) -> Refusal {
    Refusal::new(400, "KeyCredentialsInvalid", format!("Key credentials are not valid: {what}."))
}

/// The body of a write with its key credentials as they will be kept: an entry that names a known key and brings none
/// keeps it, a new one must bring a certificate.
pub(crate) fn with_known(body: &Map<String, Value>, known: &[Value]) -> Result<Map<String, Value>, Refusal> {
    let mut body = body.clone();
    if let Some(Value::Array(given)) = body.get("keyCredentials") {
        let kept = given.iter().map(|it| one(it, known)).collect::<Result<Vec<_>, _>>()?;
        body.insert("keyCredentials".into(), kept.into());
    }
    Ok(body)
}

fn one(given: &Value, known: &[Value]) -> Result<Value, Refusal> {
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let key_id = text("keyId").and_then(|id| id.parse::<Uuid>().ok());
    let Some(key) = text("key") else {
        let is_it = |it: &&Value| {
            key_id.is_some() && it.get("keyId").and_then(Value::as_str).and_then(|id| id.parse().ok()) == key_id
        };
        return known
            .iter()
            .find(is_it)
            .cloned()
            .ok_or_else(|| invalid("an entry without a key names none that is known"));
    };
    if text("type") != Some("AsymmetricX509Cert") || text("usage") != Some("Verify") {
        return Err(invalid("an entry must be of type AsymmetricX509Cert for usage Verify"));
    }
    let der = certificate::base64(key).ok_or_else(|| invalid("a key is not base64"))?;
    let certificate = Certificate::read(&der).ok_or_else(|| invalid("a key is no certificate with an RSA key"))?;
    let start = text("startDateTime").and_then(instant).unwrap_or(certificate.not_before);
    let end = text("endDateTime").and_then(instant).unwrap_or(certificate.not_after);
    if start < certificate.not_before || end > certificate.not_after || end <= start {
        return Err(invalid("the dates lie outside those of the certificate"));
    }
    Ok(json!({
        "customKeyIdentifier": text("customKeyIdentifier").map_or_else(|| certificate.thumbprint(), str::to_owned),
        "displayName": text("displayName"),
        "endDateTime": graph_date(end),
        "key": key,
        "keyId": key_id.unwrap_or_else(Uuid::new_v4),
        "startDateTime": graph_date(start),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }))
}

/// Takes the keys themselves out of what is shown.
pub(crate) fn hide(credentials: &mut Value) {
    for credential in credentials.as_array_mut().into_iter().flatten() {
        if let Value::Object(fields) = credential {
            fields.insert("key".into(), Value::Null);
        }
    }
}
