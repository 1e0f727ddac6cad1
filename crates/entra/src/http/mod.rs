//! HTTPS as every call here needs it: one client per cloud, pinned trust, no redirects, capped bodies.
//!
//! Errors never carry a URL: reqwest's own do, query included (security 8), so they are classified and dropped here.

mod backoff;
mod trust;

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use ::http::{HeaderMap, StatusCode};
use url::Url;
use zeroize::Zeroizing;

pub(crate) use backoff::{delays, delays_from, retry_after, seconds};

use crate::cloud::{Cloud, Trust};

/// How long a connection may take to come about.
pub const CONNECT: Duration = Duration::from_secs(10);
/// How long one exchange may take, body included.
pub const TOTAL: Duration = Duration::from_secs(60);
/// The largest body that is read, after decompression, in bytes.
pub const BODY_CAP: usize = 4 * 1024 * 1024;
/// The cap for the Graph service principal's own app roles, when read without `$select`, in bytes.
pub const APP_ROLES_CAP: usize = 16 * 1024 * 1024;

/// Why there was no connection, so that nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoConnection {
    /// The host's name could not be resolved: offline, or a name server that does not answer.
    #[error("its address could not be found; is this computer online?")]
    Dns,
    /// Nobody listens, or the network or a proxy refused.
    #[error("the connection was refused or the network is unreachable")]
    Refused,
    /// The certificate is not trusted or TLS failed.
    #[error("its certificate is not trusted or the secure connection failed")]
    Tls,
    /// No connection within ten seconds.
    #[error("the connection took too long")]
    TimedOut,
    /// A read was sent and the connection broke before an answer came; reads change nothing.
    #[error("the connection broke before it answered")]
    Broken,
    /// The secure connection could not even be prepared, e.g. as the system's trust store cannot be read.
    #[error("the secure connection could not be prepared on this computer")]
    Setup,
}

/// What went wrong with one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// Nothing was sent.
    #[error("{0}")]
    NotSent(NoConnection),
    /// The request was, or may have been, sent and no answer came.
    #[error("no answer came")]
    NoAnswer {
        /// True when the sixty seconds were over.
        timed_out: bool,
    },
    /// The answer broke off.
    #[error("the answer broke off")]
    Truncated,
    /// The answer is larger than the cap.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The cap in bytes.
        limit: usize,
    },
    /// The request or the client could not be built.
    #[error("the request could not be built")]
    Setup,
}

/// A whole answer. Its body may hold a secret or a token, so it is wiped when it goes.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

impl Reply {
    /// A header's value, where it is there and text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The HTTPS client of one cloud. Cheap to clone.
#[derive(Clone)]
pub struct Http {
    inner: Arc<reqwest::Client>,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

type Key = (Url, Url, Trust);
static CLIENTS: Mutex<Option<HashMap<Key, Weak<reqwest::Client>>>> = Mutex::new(None);

impl Http {
    /// The client of `cloud`; as long as one is in use, everyone gets the same, so that connections are shared.
    ///
    /// # Errors
    /// When the operating system's trust store cannot be read.
    pub fn of(cloud: &Cloud) -> Result<Self, HttpError> {
        let key = (cloud.login.clone(), cloud.graph.clone(), cloud.trust.clone());
        let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
        let clients = clients.get_or_insert_default();
        if let Some(inner) = clients.get(&key).and_then(Weak::upgrade) {
            return Ok(Self { inner });
        }
        clients.retain(|_, client| client.strong_count() > 0);
        let inner = Arc::new(build(&cloud.trust)?);
        clients.insert(key, Arc::downgrade(&inner));
        Ok(Self { inner })
    }

    /// Sends one request and reads the answer up to `cap` bytes after decompression.
    pub(crate) async fn send(
        &self,
        method: ::http::Method,
        url: Url,
        headers: HeaderMap,
        body: Option<&[u8]>,
        cap: usize,
    ) -> Result<Reply, HttpError> {
        let mut request = self.inner.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body.to_vec());
        }
        let mut response = request.send().await.map_err(|error| sending(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if response.content_length().is_some_and(|length| length > cap as u64) {
            return Err(HttpError::TooLarge { limit: cap });
        }
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(|error| reading(&error))? {
            if body.len() + chunk.len() > cap {
                return Err(HttpError::TooLarge { limit: cap });
            }
            append(&mut body, &chunk);
        }
        Ok(Reply { status, headers, body })
    }
}

/// Appends without leaving an unwiped copy behind when the bytes must move.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let length = body.len() + chunk.len();
    if length > body.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(length.max(body.capacity() * 2)));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(chunk);
}

fn build(trust: &Trust) -> Result<reqwest::Client, HttpError> {
    let builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .tcp_nodelay(true)
        .user_agent(concat!("InboundAccess/", env!("CARGO_PKG_VERSION")));
    let builder = match trust {
        Trust::System => builder,
        // HTTP/1.1, so that one broken exchange of the practice tenant's fault script takes no other with it;
        // and never through a proxy, as it lies on this computer.
        Trust::Authority { sha256 } => builder
            .no_proxy()
            .http1_only()
            .tls_backend_preconfigured(trust::only(*sha256).map_err(|_| HttpError::Setup)?),
    };
    builder.build().map_err(|_| HttpError::Setup)
}

fn sending(error: &reqwest::Error) -> HttpError {
    if error.is_builder() {
        HttpError::Setup
    } else if error.is_connect() {
        HttpError::NotSent(if is_tls(error) {
            NoConnection::Tls
        } else if error.is_dns() {
            NoConnection::Dns
        } else if error.is_timeout() {
            NoConnection::TimedOut
        } else {
            NoConnection::Refused
        })
    } else {
        HttpError::NoAnswer { timed_out: error.is_timeout() }
    }
}

fn reading(error: &reqwest::Error) -> HttpError {
    if error.is_timeout() { HttpError::NoAnswer { timed_out: true } } else { HttpError::Truncated }
}

/// Whether rustls or a certificate verifier ended the connection. An `io::Error` hides what it wraps from `source()`.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return true;
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if wrapped.is_some_and(|inner| is_tls(inner)) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_grows_is_whole_and_moves_by_our_own_hand_only() {
        let mut body = Zeroizing::new(Vec::new());
        for chunk in [&b"se"[..], b"", b"cret", &[7; 5_000]] {
            let room = body.capacity();
            let place = body.as_ptr();
            append(&mut body, chunk);
            // A vector that grew by itself would have left its old place unwiped.
            assert!(body.len() <= room || body.as_ptr() != place || room == 0);
        }
        assert_eq!(body.len(), 5_006);
        assert!(body.starts_with(b"secret\x07"));
    }
}
