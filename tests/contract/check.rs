//! Holds one exchange against the contract.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use practice_tenant::Exchange;
use serde_json::Value;
use url::form_urlencoded;

use crate::login;
use crate::openapi::{Contract, Operation};

/// Query options that every list takes although the metadata does not name them (graph-facts 4: the token of a nextLink).
const OF_A_NEXT_LINK: &[&str] = &["$skiptoken"];

/// What was checked and what was wrong.
#[derive(Debug, Default)]
pub struct Findings {
    /// Requests and answers held against the contract, by operation.
    pub checked: BTreeMap<String, usize>,
    /// Of the above, those of the login endpoints (graph-facts 11).
    pub login: usize,
    /// One line each.
    pub faults: Vec<String>,
}

impl Findings {
    /// How many exchanges were checked.
    pub fn exchanges(&self) -> usize {
        self.checked.values().sum()
    }

    /// The closing line.
    pub fn summary(&self, contract: &Contract) -> String {
        format!(
            "contract: {0} requests and {0} answers valid against {1} of {2} operations, and {3} of sign-in against graph-facts 11",
            self.exchanges(),
            self.checked.len(),
            contract.operations().len(),
            self.login
        )
    }
}

/// Checks every exchange.
pub fn check_all(contract: &mut Contract, exchanges: &[Exchange]) -> Findings {
    let mut findings = Findings::default();
    for exchange in exchanges {
        let faults = match exchange.path.strip_prefix("/v1.0") {
            Some(path) => match contract.operation(&exchange.method, path) {
                Some(operation) => {
                    *findings.checked.entry(operation.name()).or_default() += 1;
                    check_graph(contract, &operation, exchange)
                }
                None => vec!["the contract has no such operation".to_owned()],
            },
            None => {
                findings.login += 1;
                login::check(exchange)
            }
        };
        findings.faults.extend(faults.into_iter().map(|fault| format!("{}: {fault}", told(exchange))));
    }
    findings
}

fn told(exchange: &Exchange) -> String {
    format!("#{} {} {} -> {}", exchange.number, exchange.method, exchange.path, exchange.status)
}

fn check_graph(contract: &mut Contract, operation: &Operation, exchange: &Exchange) -> Vec<String> {
    let mut faults = query_faults(contract, operation, exchange);
    faults.extend(header_faults(contract, operation, exchange));
    faults.extend(body_faults(contract, operation, exchange));
    faults.extend(answer_faults(contract, operation, exchange));
    faults.extend(permission_faults(contract, operation, exchange));
    faults
}

fn query_faults(contract: &Contract, operation: &Operation, exchange: &Exchange) -> Vec<String> {
    let allowed = contract.parameters(operation, "query");
    let properties =
        contract.answer_schema(operation, 200).map(|(_, schema)| contract.property_names(&schema)).unwrap_or_default();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, value) in form_urlencoded::parse(exchange.query.as_deref().unwrap_or_default().as_bytes()) {
        if !allowed.contains(name.as_ref()) && !OF_A_NEXT_LINK.contains(&name.as_ref()) {
            faults.push(format!("it takes no query option {name}"));
        }
        if !seen.insert(name.to_string()) {
            faults.push(format!("the query option {name} stands twice"));
        }
        match name.as_ref() {
            "$select" => faults.extend(
                value
                    .split(',')
                    .filter(|selected| !properties.contains(*selected))
                    .map(|selected| format!("$select names {selected:?}, which it does not have")),
            ),
            "$top" if value.parse::<u16>().map_or(true, |top| top == 0 || top > 999) => {
                faults.push(format!("$top={value} is not of 1 to 999"));
            }
            // graph-facts 4: refused without the header.
            "$search" if exchange.request_header("consistencylevel") != Some("eventual") => {
                faults.push("$search needs ConsistencyLevel: eventual".to_owned());
            }
            _ => {}
        }
    }
    faults
}

fn header_faults(contract: &Contract, operation: &Operation, exchange: &Exchange) -> Vec<String> {
    let declared = contract.parameters(operation, "header");
    let mut faults = Vec::new();
    for name in ["Prefer", "ConsistencyLevel", "If-Match"] {
        if exchange.request_header(name).is_some() && !declared.contains(name) {
            faults.push(format!("it takes no header {name}"));
        }
    }
    if let Some(prefer) = exchange.request_header("Prefer").filter(|prefer| *prefer != "create-if-missing") {
        faults.push(format!("Prefer: {prefer} is not documented"));
    }
    match exchange.request_header("client-request-id") {
        Some(sent) if uuid::Uuid::parse_str(sent).is_ok() => {
            if exchange.response_header("client-request-id") != Some(sent) {
                faults.push("the answer does not bear the client-request-id that was sent".to_owned());
            }
        }
        _ => faults.push("the request bears no client-request-id that is a GUID".to_owned()),
    }
    if exchange.response_header("request-id").is_none() {
        faults.push("the answer bears no request-id".to_owned());
    }
    faults
}

fn body_faults(contract: &mut Contract, operation: &Operation, exchange: &Exchange) -> Vec<String> {
    match (contract.request_schema(operation), &exchange.request_body) {
        (Some((media, schema)), Some(body)) => {
            let sent = exchange.request_header("content-type").unwrap_or_default();
            let mut faults: Vec<String> =
                contract.faults(&schema, body).into_iter().map(|fault| format!("request body: {fault}")).collect();
            if sent.split(';').next().unwrap_or_default().trim() != media {
                faults.push(format!("its content type is {sent:?} in place of {media}"));
            }
            faults
        }
        (Some(_), None) if contract.part(operation, "/requestBody/required") == Some(&Value::Bool(true)) => {
            vec!["the request has no body".to_owned()]
        }
        (None, Some(_)) => vec!["the request has a body where none is taken".to_owned()],
        _ => Vec::new(),
    }
}

fn answer_faults(contract: &mut Contract, operation: &Operation, exchange: &Exchange) -> Vec<String> {
    let mut faults = Vec::new();
    if (200..300).contains(&exchange.status) {
        let documented = documented_statuses(contract, operation);
        if !documented.contains(&exchange.status) {
            faults.push(format!("status {} is not among the documented {documented:?}", exchange.status));
        }
    } else if exchange.status < 400 {
        faults.push(format!("status {} is no answer of Graph", exchange.status));
    }
    let schema = contract.answer_schema(operation, exchange.status);
    match (&exchange.response_body, schema, exchange.status) {
        (None, _, 202 | 204) => {}
        (Some(_), _, 204) => faults.push("an answer 204 has a body".to_owned()),
        (Some(body), Some((media, schema)), status) => {
            let sent = exchange.response_header("content-type").unwrap_or_default();
            if sent.split(';').next().unwrap_or_default().trim() != media {
                faults.push(format!("the answer's content type is {sent:?} in place of {media}"));
            }
            faults.extend(contract.faults(&schema, body).into_iter().map(|fault| format!("answer: {fault}")));
            if status >= 400 {
                faults.extend(envelope_faults(body));
            }
        }
        (None, Some(_), _) => faults.push("the answer has no body".to_owned()),
        (_, None, _) => faults.push("the contract has no such answer".to_owned()),
    }
    faults
}

/// graph-facts 10: what every error carries besides code and message.
fn envelope_faults(body: &Value) -> Vec<String> {
    let inner = body.pointer("/error/innerError").or_else(|| body.pointer("/error/innererror"));
    ["date", "request-id", "client-request-id"]
        .into_iter()
        .filter(|name| inner.and_then(|inner| inner.get(*name)).and_then(Value::as_str).is_none())
        .map(|name| format!("answer: the error's innerError has no {name}"))
        .collect()
}

/// The statuses of success: documented one by one, else by custom of the method (graph-facts 12b: the metadata says `2XX`).
fn documented_statuses(contract: &Contract, operation: &Operation) -> BTreeSet<u16> {
    let text = contract.part(operation, "/x-documented-status/codes").and_then(Value::as_str).unwrap_or_default();
    let mut codes: BTreeSet<u16> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    for (status, _) in contract.part(operation, "/responses").and_then(Value::as_object).into_iter().flatten() {
        codes.extend(status.parse::<u16>().ok());
    }
    codes.retain(|code| (200..300).contains(code));
    if codes.is_empty() {
        let action = contract.part(operation, "/x-ms-docs-operation-type").and_then(Value::as_str) == Some("action");
        codes.extend(match (operation.method.as_str(), action) {
            ("GET", _) => vec![200],
            // An action that returns nothing answers 204.
            ("POST", true) => vec![200, 204],
            ("POST", false) => vec![201],
            _ => vec![204],
        });
    }
    codes
}

/// A call that succeeded was made with a token that may make it.
fn permission_faults(contract: &Contract, operation: &Operation, exchange: &Exchange) -> Vec<String> {
    if exchange.status >= 300 {
        return Vec::new();
    }
    let Some(claims) = exchange.request_header("authorization").and_then(claims) else {
        return vec!["it succeeded without a token".to_owned()];
    };
    let delegated: BTreeSet<&str> = claims.get("scp").and_then(Value::as_str).unwrap_or_default().split(' ').collect();
    let application: BTreeSet<&str> =
        claims.get("roles").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let held = |kind: &str, held: &BTreeSet<&str>| {
        let all = contract.part(operation, &format!("/x-permissions/{kind}/all")).and_then(Value::as_array);
        all.is_none_or(|all| all.iter().filter_map(Value::as_str).any(|permission| held.contains(permission)))
    };
    // graph-facts 8: User.Read opens the operator's own data and the organization, though the metadata has no row or an odd one.
    let own = operation.template.starts_with("/me") || operation.template == "/organization";
    let allowed = if claims.get("scp").is_some() {
        held("DelegatedWork", &delegated) || (own && delegated.contains("User.Read"))
    } else {
        held("Application", &application)
    };
    if allowed { Vec::new() } else { vec!["it succeeded with a token that has none of its permissions".to_owned()] }
}

fn claims(authorization: &str) -> Option<Value> {
    let token = authorization.strip_prefix("Bearer ")?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()
}
