//! Requests and answers as the tenant's inside sees them: whole, without the network.

use std::time::Duration;

use axum::body::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;

use crate::clouds::{self, Place};
use crate::graph;

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

    /// Whether this is for Graph: by the host where that is a real one, else by the path.
    pub fn is_for_graph(&self) -> bool {
        match clouds::place(&self.origin) {
            Place::Graph(_) => true,
            Place::Login(_) => false,
            Place::Anywhere => graph::owns(&self.path),
        }
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
    /// Held back this long, by real time.
    pub late: Duration,
}

impl Answer {
    const fn new(status: u16, payload: Payload) -> Self {
        Self { status, headers: Vec::new(), payload, late: Duration::ZERO }
    }

    pub fn json(status: u16, body: Value) -> Self {
        Self::new(status, Payload::Json(body))
    }

    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, Payload::Text(body.into()))
    }

    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self::new(status, Payload::Html(body.into()))
    }

    pub fn empty(status: u16) -> Self {
        Self::new(status, Payload::Empty)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name))
    }

    pub fn body(&self) -> Bytes {
        match &self.payload {
            Payload::Empty => Bytes::new(),
            Payload::Json(value) => Bytes::from(value.to_string()),
            Payload::Text(text) | Payload::Html(text) => Bytes::from(text.clone()),
        }
    }

    /// The headers as they are sent: with the media type of the body, unless another was given.
    pub fn sent_headers(&self) -> Vec<(&'static str, String)> {
        let usual = match &self.payload {
            Payload::Empty => None,
            Payload::Json(_) => Some("application/json; charset=utf-8"),
            Payload::Text(_) => Some("text/plain"),
            Payload::Html(_) => Some("text/html; charset=utf-8"),
        };
        let typed = usual.filter(|_| !self.has("content-type")).map(|kind| ("content-type", kind.to_owned()));
        self.headers.iter().cloned().chain(typed).collect()
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
