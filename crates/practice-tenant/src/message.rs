//! Requests and answers as the tenant's inside sees them: whole, without the network.

use axum::body::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

/// A request whose body has been read.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    pub method: Method,
    /// As sent: still percent-encoded, beginning with `/`.
    pub path: String,
    /// As sent, without the question mark.
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// `https://` and the host that the client used: links in answers begin with it.
    pub origin: String,
}

impl Incoming {
    /// The header's text, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The media type without its parameters, lower case.
    pub fn content_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
    }

    /// Path and query as sent.
    pub fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}

/// What the body of an answer holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Payload {
    Empty,
    Json(Value),
    Text(String),
    Html(String),
}

/// An answer before it is written to the wire.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub payload: Payload,
}

impl Answer {
    pub fn json(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), payload: Payload::Json(body) }
    }

    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), payload: Payload::Text(body.into()) }
    }

    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), payload: Payload::Html(body.into()) }
    }

    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), payload: Payload::Empty }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
    }

    /// The bytes and their media type.
    pub fn body(&self) -> (Bytes, Option<&'static str>) {
        match &self.payload {
            Payload::Empty => (Bytes::new(), None),
            Payload::Json(value) => (Bytes::from(value.to_string()), Some("application/json; charset=utf-8")),
            Payload::Text(text) => (Bytes::from(text.clone()), Some("text/plain")),
            Payload::Html(text) => (Bytes::from(text.clone()), Some("text/html; charset=utf-8")),
        }
    }
}

/// Text that may stand in HTML, also inside a quoted attribute.
pub(crate) fn html_escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
        out
    })
}
