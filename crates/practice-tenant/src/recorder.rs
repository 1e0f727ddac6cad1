//! What was asked and answered, for tests.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderName, HeaderValue};
use jiff::Timestamp;
use serde_json::Value;

use crate::faults::Fault;
use crate::message::Incoming;

/// The most exchanges that are kept.
const MOST: usize = 10_000;
/// The most bytes of bodies that are kept.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// One request and its answer, with the secrets in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Counted from 1.
    pub number: u64,
    /// When it came, on the tenant's clock.
    pub at: Timestamp,
    /// In capitals.
    pub method: String,
    /// As sent, percent-encoded, from `/` on.
    pub path: String,
    /// As sent, without the question mark.
    pub query: Option<String>,
    /// Origin, path and query.
    pub url: String,
    /// Names in lower case.
    pub request_headers: Vec<(String, String)>,
    /// JSON, or any other text as a JSON string; `None` when empty.
    pub request_body: Option<Value>,
    /// 0 when the connection was cut before a status was sent.
    pub status: u16,
    /// Names in lower case.
    pub response_headers: Vec<(String, String)>,
    /// JSON, or any other text as a JSON string; `None` when empty.
    pub response_body: Option<Value>,
    /// The kind of the fault that befell it, if any (see [`Fault::kind`](crate::Fault::kind)).
    pub fault: Option<&'static str>,
    /// It was a step of a `$batch`, which is recorded after its steps.
    pub in_batch: bool,
}

/// What a record needs to know of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    pub at: Timestamp,
    pub status: u16,
    pub headers: &'a [(&'static str, String)],
    pub body: &'a [u8],
    pub fault: Option<&'a Fault>,
    pub in_batch: bool,
}

impl Exchange {
    /// The first value of a request header.
    #[must_use]
    pub fn request_header(&self, name: &str) -> Option<&str> {
        find(&self.request_headers, name)
    }

    /// The first value of an answer's header.
    #[must_use]
    pub fn response_header(&self, name: &str) -> Option<&str> {
        find(&self.response_headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

#[derive(Debug, Default)]
struct Tape {
    exchanges: VecDeque<(Exchange, usize)>,
    bytes: usize,
    count: u64,
}

/// Keeps the last exchanges in memory (at most 10,000 and 64 MB of bodies), oldest first.
#[derive(Debug)]
pub struct Recorder {
    enabled: bool,
    tape: Mutex<Tape>,
    under_way: AtomicUsize,
    most_at_once: AtomicUsize,
}

/// A request that is being answered, as long as it lives.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Recorder);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Recorder {
    pub(crate) fn new(enabled: bool) -> Self {
        let (under_way, most_at_once) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { enabled, tape: Mutex::new(Tape::default()), under_way, most_at_once }
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was exchanged so far.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.tape().exchanges.iter().map(|(exchange, _)| exchange.clone()).collect()
    }

    /// The most requests to Graph that were being answered at the same time.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }

    /// Counts a request as being answered until what this gives is dropped.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        UnderWay(self)
    }

    /// Forgets what was exchanged so far; numbers go on.
    pub fn clear(&self) {
        self.most_at_once.store(self.under_way.load(Ordering::SeqCst), Ordering::SeqCst);
        let mut tape = self.tape();
        tape.exchanges.clear();
        tape.bytes = 0;
    }

    /// Keeps a request and its answer, if records are kept.
    pub(crate) fn note(&self, incoming: &Incoming, told: Told<'_>) {
        if !self.enabled {
            return;
        }
        let header = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let is_lost = matches!(told.fault, Some(Fault::ResetBefore | Fault::ResetAfter)) && !told.in_batch;
        let exchange = Exchange {
            number: 0,
            at: told.at,
            method: incoming.method.to_string(),
            path: incoming.path.clone(),
            query: incoming.query.clone(),
            url: format!("{}{}", incoming.origin, incoming.target()),
            request_headers: incoming.headers.iter().map(header).collect(),
            request_body: recorded(&incoming.body),
            status: if is_lost { 0 } else { told.status },
            response_headers: told.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            response_body: recorded(told.body),
            fault: told.fault.map(Fault::kind),
            in_batch: told.in_batch,
        };
        self.keep(exchange, incoming.body.len() + told.body.len());
    }

    /// Keeps `exchange`, whose bodies have `bytes` bytes; its number is given here.
    fn keep(&self, mut exchange: Exchange, bytes: usize) {
        let mut tape = self.tape();
        tape.count += 1;
        exchange.number = tape.count;
        tape.bytes += bytes;
        tape.exchanges.push_back((exchange, bytes));
        while tape.exchanges.len() > MOST || tape.bytes > MOST_BYTES {
            let Some((_, oldest)) = tape.exchanges.pop_front() else { break };
            tape.bytes = tape.bytes.saturating_sub(oldest);
        }
    }
}

/// A body as a record keeps it.
fn recorded(body: &[u8]) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    Some(serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned())))
}
