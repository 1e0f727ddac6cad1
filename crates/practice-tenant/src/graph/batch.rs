//! `$batch`: up to 20 requests in one, each with an answer of its own (graph-facts 10).

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::graph::error::{Refusal, RequestIds};
use crate::graph::router::{self, check_payload};
use crate::message::{Answer, Incoming, Payload};
use crate::recorder::Told;
use crate::sabotage;
use crate::tenant::Tenant;

/// The most requests in a batch.
const MOST: usize = 20;

#[derive(Deserialize)]
struct Batch {
    requests: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: HashMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// Whether the path after the version is that of a batch.
pub(crate) fn is_batch(path: &str) -> bool {
    ["/$batch", "/%24batch"].contains(&path.trim_end_matches('/'))
}

/// Answers a batch. Steps are answered in the order given, so a step comes after what it depends on.
pub(crate) fn answer(tenant: &Tenant, incoming: &Incoming, ids: &RequestIds) -> Result<Answer, Refusal> {
    if incoming.method != Method::POST {
        let message = format!("The method {} is not allowed for this resource.", incoming.method);
        return Err(Refusal::new(405, "Request_MethodNotAllowed", message).with_header("allow", "POST"));
    }
    check_payload(incoming)?;
    let batch: Batch = serde_json::from_slice(&incoming.body).map_err(|_| {
        Refusal::unreadable("Invalid batch payload format: 'requests' with id, method and url is expected.")
    })?;
    check(&batch.requests)?;
    let mut statuses: HashMap<String, u16> = HashMap::new();
    let mut responses = Vec::new();
    let mut late = Duration::ZERO;
    for step in &batch.requests {
        let failed = step
            .depends_on
            .iter()
            .any(|id| statuses.get(&id.to_lowercase()).is_none_or(|status| !(200..300).contains(status)));
        let answer = if failed { failed_dependency(tenant, ids) } else { one(tenant, incoming, step, ids) };
        late += answer.late;
        statuses.insert(step.id.to_lowercase(), answer.status);
        responses.push(response(&step.id, &answer));
    }
    Ok(Answer { late, ..Answer::json(200, json!({ "responses": responses })) })
}

fn check(steps: &[Step]) -> Result<(), Refusal> {
    if steps.is_empty() {
        return Err(Refusal::unreadable("Invalid batch payload format: there are no requests."));
    }
    if steps.len() > MOST {
        let message = format!("Number of batch request steps exceeds the maximum value of {MOST}.");
        return Err(Refusal::unreadable(message));
    }
    let mut known = HashSet::new();
    for step in steps {
        // Before it is known itself, so that it cannot depend on itself either.
        if let Some(missing) = step.depends_on.iter().find(|id| !known.contains(&id.to_lowercase())) {
            let message = format!("The request '{}' depends on '{missing}', which does not come before it.", step.id);
            return Err(Refusal::unreadable(message));
        }
        if !known.insert(step.id.to_lowercase()) {
            return Err(Refusal::unreadable(format!("The request id '{}' is not unique in the batch.", step.id)));
        }
    }
    Ok(())
}

fn failed_dependency(tenant: &Tenant, ids: &RequestIds) -> Answer {
    let message = "The request failed because it depended on another request and that request failed.";
    Refusal::new(424, "FailedDependency", message).into_answer(ids, tenant.clock.now())
}

fn one(tenant: &Tenant, outer: &Incoming, step: &Step, ids: &RequestIds) -> Answer {
    match inner(outer, step) {
        Ok(incoming) if is_batch(incoming.path.trim_start_matches("/v1.0")) => {
            Refusal::unreadable("A batch cannot hold a batch.").into_answer(ids, tenant.clock.now())
        }
        Ok(incoming) => {
            let (answer, fault) = sabotage::step(tenant, &incoming, || router::answer(tenant, &incoming));
            let told = Told {
                at: tenant.clock.now(),
                status: answer.status,
                headers: &answer.sent_headers(),
                body: &answer.body(),
                fault: fault.as_ref(),
                in_batch: true,
            };
            tenant.recorder.note(&incoming, told);
            answer
        }
        Err(refusal) => refusal.into_answer(ids, tenant.clock.now()),
    }
}

fn inner(outer: &Incoming, step: &Step) -> Result<Incoming, Refusal> {
    let method = Method::from_bytes(step.method.to_ascii_uppercase().as_bytes())
        .map_err(|_| Refusal::unreadable(format!("'{}' is no method.", step.method)))?;
    let mut headers = HeaderMap::new();
    for name in ["authorization", "client-request-id"] {
        if let Some(value) = outer.headers.get(name) {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
    }
    for (name, value) in &step.headers {
        let name: HeaderName =
            name.parse().map_err(|_| Refusal::unreadable(format!("'{name}' is no header's name.")))?;
        let value: HeaderValue =
            value.parse().map_err(|_| Refusal::unreadable(format!("The value of the header {name} is malformed.")))?;
        headers.insert(name, value);
    }
    let body = step.body.as_ref().filter(|body| !body.is_null());
    let (path, query) = match step.url.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (step.url.as_str(), None),
    };
    Ok(Incoming {
        method,
        path: format!("/v1.0/{}", path.trim_start_matches('/')),
        query,
        headers,
        body: body.map(|body| Bytes::from(body.to_string())).unwrap_or_default(),
        origin: outer.origin.clone(),
    })
}

fn response(id: &str, answer: &Answer) -> Value {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in &answer.headers {
        let wanted = ["location", "retry-after", "content-type", "cache-control", "www-authenticate"];
        if wanted.contains(name) {
            let written = name.split('-').map(title).collect::<Vec<_>>().join("-");
            headers.insert(written, value.clone().into());
        }
    }
    let mut out = json!({ "id": id, "status": answer.status, "headers": headers });
    let body = match &answer.payload {
        Payload::Empty => None,
        Payload::Json(value) => Some(value.clone()),
        Payload::Text(text) | Payload::Html(text) => Some(Value::String(text.clone())),
    };
    if let (Some(body), Value::Object(fields)) = (body, &mut out) {
        fields.insert("body".into(), body);
    }
    out
}

fn title(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}
