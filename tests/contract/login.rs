//! What the login endpoints promise (graph-facts 11); Microsoft publishes no OpenAPI for them.

use practice_tenant::Exchange;
use serde_json::Value;

/// Checks an exchange that is not Graph's.
pub fn check(exchange: &Exchange) -> Vec<String> {
    let path = exchange.path.as_str();
    if path.ends_with("/oauth2/v2.0/token") {
        token(exchange)
    } else if path.ends_with("/oauth2/v2.0/authorize") {
        authorize(exchange)
    } else if path.ends_with("/.well-known/openid-configuration") {
        has_texts(exchange.response_body.as_ref(), &["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
    } else if path.ends_with("/discovery/v2.0/keys") {
        let keys = exchange.response_body.as_ref().and_then(|body| body.get("keys")).and_then(Value::as_array);
        match keys.map(Vec::as_slice) {
            None | Some([]) => vec!["the key set is empty".to_owned()],
            Some(keys) => keys.iter().flat_map(|key| has_texts(Some(key), &["kty", "kid", "n", "e"])).collect(),
        }
    } else if exchange.status == 200 || (300..400).contains(&exchange.status) {
        // The pages that a person walks through between authorize and the answer are the tenant's own affair.
        Vec::new()
    } else {
        vec![format!("no login endpoint of Entra answers at {path}")]
    }
}

fn token(exchange: &Exchange) -> Vec<String> {
    let mut faults = Vec::new();
    let form = exchange.request_body.as_ref().and_then(Value::as_str).unwrap_or_default();
    let field = |name: &str| {
        url::form_urlencoded::parse(form.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let needed: &[&str] = match field("grant_type").as_deref() {
        Some("authorization_code") => &["client_id", "code", "redirect_uri", "code_verifier"],
        Some("refresh_token") => &["client_id", "refresh_token"],
        Some("client_credentials") => &["client_id", "scope", "client_secret"],
        other => {
            faults.push(format!("the grant type {other:?} is none of those documented"));
            &[]
        }
    };
    faults.extend(needed.iter().filter(|name| field(name).is_none()).map(|name| format!("the form has no {name}")));
    let body = exchange.response_body.as_ref();
    if exchange.status == 200 {
        faults.extend(has_texts(body, &["token_type", "access_token"]));
        if body.and_then(|body| body.get("expires_in")).and_then(Value::as_u64).is_none() {
            faults.push("the answer has no expires_in".to_owned());
        }
    } else {
        faults.extend(has_texts(body, &["error", "error_description", "timestamp", "trace_id", "correlation_id"]));
        let codes = body.and_then(|body| body.get("error_codes")).and_then(Value::as_array);
        if codes.is_none_or(|codes| codes.is_empty() || !codes.iter().all(Value::is_u64)) {
            faults.push("the answer has no error_codes".to_owned());
        }
    }
    faults
}

fn authorize(exchange: &Exchange) -> Vec<String> {
    let query = exchange.query.as_deref().unwrap_or_default();
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut faults = Vec::new();
    if exchange.method == "GET" {
        for name in ["client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge"] {
            if field(name).is_none_or(str::is_empty) {
                faults.push(format!("authorize is asked without {name}"));
            }
        }
        if field("code_challenge_method") != Some("S256") {
            faults.push("authorize is asked without PKCE by S256".to_owned());
        }
    }
    faults
}

fn has_texts(body: Option<&Value>, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .filter(|name| body.and_then(|body| body.get(**name)).and_then(Value::as_str).is_none_or(str::is_empty))
        .map(|name| format!("the answer has no {name}"))
        .collect()
}
