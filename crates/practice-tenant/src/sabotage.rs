//! How a fault changes an answer, and how it reaches the client.

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures::{StreamExt, stream};
use std::io;
use std::time::Duration;

use crate::faults::Fault;
use crate::graph::{self, error::Refusal};
use crate::login;
use crate::message::{Answer, Incoming};
use crate::switch::Switch;
use crate::tenant::Tenant;
use crate::throttle::RetryAfter;

const MEGABYTE: usize = 1_000_000;

/// The answer that the client shall get in place of the right one.
pub(crate) fn replace(tenant: &Tenant, incoming: &Incoming, answer: Answer, fault: &Fault) -> Answer {
    match fault {
        Fault::Status { status, code, message, details, retry_after, retry_style, .. } => {
            let message = message.as_deref().unwrap_or("The fault script asked for this refusal.");
            let answer = if incoming.is_for_graph() {
                let code = code.as_deref().unwrap_or_else(|| usual_code(*status));
                let refusal = Refusal::new(*status, code, message);
                let refusal = details.iter().fold(refusal, |refusal, detail| refusal.with_detail(detail, None));
                graph::refused_by_script(tenant, incoming, refusal)
            } else {
                login::refused_by_script(tenant, incoming, *status, code.as_deref(), message)
            };
            match retry_after.and_then(|seconds| wait(tenant, *retry_style, seconds)) {
                Some(value) => answer.with("retry-after", value),
                None => answer,
            }
        }
        Fault::Answer { status, body, .. } => Answer::json(*status, body.clone()),
        Fault::Html => Answer::html(200, "<!doctype html><title>Guest Wi-Fi</title><p>Accept the terms to go on.</p>"),
        Fault::Redirect { to, status } => Answer::empty(*status).with("location", to.clone()),
        Fault::ClaimsChallenge { status } => {
            let refusal = Refusal::insufficient_claims(tenant.clock.now().as_second(), &incoming.origin);
            graph::refused_by_script(tenant, incoming, Refusal { status: *status, ..refusal })
        }
        Fault::Huge { .. } => Answer::empty(200).with("content-type", "application/json"),
        Fault::ResetBefore | Fault::ResetAfter | Fault::CutBody | Fault::Delay { .. } | Fault::LateAnswer { .. } => {
            answer
        }
    }
}

/// A step of a `$batch`, with what befalls it, if anything. It has no connection of its own: a fault of the connection
/// reaches the client as the 504 of a gateway.
pub(crate) fn step(tenant: &Tenant, incoming: &Incoming, respond: impl FnOnce() -> Answer) -> (Answer, Option<Fault>) {
    let Some(fault) = tenant.dials.befall(incoming.method.as_str(), &incoming.path) else {
        return (respond(), None);
    };
    let right = if fault.applies() { respond() } else { Answer::empty(204) };
    let answer = match &fault {
        Fault::ResetBefore | Fault::ResetAfter | Fault::CutBody | Fault::Huge { .. } => {
            let message = "The gateway got no answer that it could pass on.";
            graph::refused_by_script(tenant, incoming, Refusal::new(504, usual_code(504), message))
        }
        Fault::Delay { milliseconds } | Fault::LateAnswer { milliseconds } => {
            Answer { late: Duration::from_millis(*milliseconds), ..right }
        }
        Fault::Status { .. }
        | Fault::Answer { .. }
        | Fault::Html
        | Fault::Redirect { .. }
        | Fault::ClaimsChallenge { .. } => replace(tenant, incoming, right, &fault),
    };
    (answer, Some(fault))
}

fn wait(tenant: &Tenant, style: RetryAfter, seconds: u32) -> Option<String> {
    if style == RetryAfter::Seconds {
        return Some(seconds.to_string());
    }
    let now = tenant.clock.now();
    style.header(now, crate::clock::later(now, Duration::from_secs(seconds.into())))
}

const fn usual_code(status: u16) -> &'static str {
    match status {
        400 => "Request_BadRequest",
        401 => "InvalidAuthenticationToken",
        403 => "Authorization_RequestDenied",
        404 => "Request_ResourceNotFound",
        409 => "Request_MultipleObjectsWithSameKeyValue",
        429 => "TooManyRequests",
        503 => "serviceNotAvailable",
        504 => "gatewayTimeout",
        _ => "UnknownError",
    }
}

/// The answer on its way: whole, cut, lost or without end.
pub(crate) fn deliver(response: Response, bytes: &Bytes, switch: &Switch, fault: &Fault) -> Response {
    match fault {
        Fault::ResetBefore | Fault::ResetAfter => {
            switch.cut();
            response
        }
        Fault::CutBody => cut(response, bytes, switch.clone()),
        Fault::Huge { megabytes } => huge(response, *megabytes),
        _ => response,
    }
}

fn cut(response: Response, bytes: &Bytes, switch: Switch) -> Response {
    let (mut parts, _) = response.into_parts();
    let length = bytes.len().max(1);
    parts.headers.insert("content-length", length.into());
    let half = bytes.slice(..bytes.len() / 2);
    // The first half must leave before the connection goes, so the cut comes as a second item.
    let rest = stream::once(async move {
        tokio::task::yield_now().await;
        switch.cut();
        Err::<Bytes, io::Error>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Response::from_parts(parts, Body::from_stream(stream::once(async move { Ok(half) }).chain(rest)))
}

fn huge(response: Response, megabytes: u32) -> Response {
    let (parts, _) = response.into_parts();
    let chunk = Bytes::from(vec![b'a'; MEGABYTE]);
    let head = stream::once(async { Ok::<_, io::Error>(Bytes::from_static(b"{\"value\":[\"")) });
    let middle = stream::iter((0..megabytes).map(move |_| Ok(chunk.clone())));
    let tail = stream::once(async { Ok(Bytes::from_static(b"\"]}")) });
    Response::from_parts(parts, Body::from_stream(head.chain(middle).chain(tail)))
}
