//! HTTPS as every call here needs it: one client per cloud, pinned trust, no redirects, capped bodies.
//!
//! Errors never carry a URL: reqwest's own do, query included (security 8), so they are classified and dropped here.

mod backoff;
mod failure;
pub mod network;
mod no_connection;
mod page;
mod trust;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use ::http::header::AUTHORIZATION;
use ::http::{HeaderMap, Method, StatusCode};
use jiff::SignedDuration;
use url::Url;
use zeroize::Zeroizing;

pub(crate) use backoff::{delays, delays_from, retry_after, seconds};
pub use no_connection::NoConnection;

use crate::clock::Clock;
use crate::cloud::{Cloud, Trust};

/// How long a connection may take to come about.
pub const CONNECT: Duration = Duration::from_secs(10);
/// How long one exchange may take, body included.
pub const TOTAL: Duration = Duration::from_secs(60);
/// The largest body that is read, after decompression, in bytes.
pub const BODY_CAP: usize = 4 * 1024 * 1024;
/// The cap for the Graph service principal's own app roles, when read without `$select`, in bytes.
pub const APP_ROLES_CAP: usize = 16 * 1024 * 1024;

/// What went wrong with one exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// Nothing was sent, or what answered was not the service, so that nothing was done.
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
///
/// Certificates are checked against the operating system's trust store, or against the practice tenant's own authority
/// and nothing else; TLS is 1.2 or later. No setting, file or environment variable switches that off. On Linux
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` name another store in place of the system's, as they do for every OpenSSL program:
/// whose authorities count is up to the computer's owner, that there must be one is not.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    client: reqwest::Client,
    cloud: Cloud,
    /// None where nothing goes through a proxy: the practice tenant is on this computer.
    proxies: Option<network::Proxies>,
    clock: Mutex<Option<Arc<dyn Clock>>>,
    offset: Mutex<Option<SignedDuration>>,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

type Key = (Url, Url, Trust, Option<SocketAddr>);
static CLIENTS: Mutex<Option<HashMap<Key, Weak<Inner>>>> = Mutex::new(None);

impl Http {
    /// The client of `cloud`; as long as one is in use, everyone gets the same, so that connections are shared.
    ///
    /// # Errors
    /// When the operating system's trust store cannot be read.
    pub fn of(cloud: &Cloud) -> Result<Self, HttpError> {
        let key = (cloud.login.clone(), cloud.graph.clone(), cloud.trust.clone(), cloud.address);
        let mut clients = CLIENTS.lock().unwrap_or_else(PoisonError::into_inner);
        let clients = clients.get_or_insert_default();
        if let Some(inner) = clients.get(&key).and_then(Weak::upgrade) {
            return Ok(Self { inner });
        }
        clients.retain(|_, client| client.strong_count() > 0);
        let inner = Arc::new(Inner {
            client: build(cloud)?,
            cloud: cloud.clone(),
            proxies: (cloud.trust == Trust::System).then(network::Proxies::as_set),
            clock: Mutex::default(),
            offset: Mutex::default(),
        });
        clients.insert(key, Arc::downgrade(&inner));
        Ok(Self { inner })
    }

    /// From now on measures by `clock`, with every answer to any clone of this client, how far this computer's clock is
    /// off.
    pub fn measure_by(&self, clock: Arc<dyn Clock>) {
        *self.inner.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(clock);
    }

    /// By how much the service's clock was ahead of this computer's when it last answered, negative where it was behind;
    /// none before an answer to be [measured](Self::measure_by). Good to a few seconds, as far as answers take time.
    #[must_use]
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        *self.inner.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one request and reads the answer up to `cap` bytes after decompression. Nothing is sent to any place but
    /// the cloud's sign-in service and Graph, and no token to any but Graph.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Option<&[u8]>,
        cap: usize,
    ) -> Result<Reply, HttpError> {
        if !self.inner.may_send(&url, &headers) {
            return Err(HttpError::Setup);
        }
        let asked = page::Asked::of(&method, &headers);
        let proxy = self.inner.proxies.as_ref().and_then(|proxies| proxies.to(&url));
        let mut request = self.inner.client.request(method, url).headers(headers);
        if let Some(body) = body {
            request = request.body(body.to_vec());
        }
        let mut response = request.send().await.map_err(|error| failure::sending(&error, proxy))?;
        let (status, headers) = (response.status(), response.headers().clone());
        if response.content_length().is_some_and(|length| length > cap as u64) {
            return Err(HttpError::TooLarge { limit: cap });
        }
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(|error| failure::reading(&error))? {
            if body.len() + chunk.len() > cap {
                return Err(HttpError::TooLarge { limit: cap });
            }
            append(&mut body, &chunk);
        }
        let reply = Reply { status, headers, body };
        if asked.got_a_page(&reply) {
            return Err(HttpError::NotSent(NoConnection::Page));
        }
        self.inner.measure(&reply);
        Ok(reply)
    }
}

impl Inner {
    fn may_send(&self, url: &Url, headers: &HeaderMap) -> bool {
        let is_graph = self.cloud.is_graph(url);
        is_graph || (self.cloud.is_login(url) && !headers.contains_key(AUTHORIZATION))
    }

    fn measure(&self, reply: &Reply) {
        let Some(date) = reply.header("date").and_then(backoff::http_date) else { return };
        let clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(clock) = clock {
            let offset = date.duration_since(clock.now());
            *self.offset.lock().unwrap_or_else(PoisonError::into_inner) = Some(offset);
        }
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

fn build(cloud: &Cloud) -> Result<reqwest::Client, HttpError> {
    let mut builder = reqwest::Client::builder()
        .https_only(true)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .tcp_nodelay(true)
        .user_agent(concat!("InboundAccess/", env!("CARGO_PKG_VERSION")));
    builder = match &cloud.trust {
        // Through the proxy that the environment or the system names, if one does.
        Trust::System => builder.tls_version_min(reqwest::tls::Version::TLS_1_2),
        // HTTP/1.1, so that one broken exchange of the practice tenant's fault script takes no other with it;
        // and never through a proxy, as it lies on this computer.
        Trust::Authority { sha256 } => builder
            .no_proxy()
            .http1_only()
            .tls_backend_preconfigured(trust::only(*sha256).map_err(|_| HttpError::Setup)?),
    };
    if let Some(address) = cloud.address {
        for host in [&cloud.login, &cloud.graph].into_iter().filter_map(Url::domain) {
            builder = builder.resolve_to_addrs(host, &[address]);
        }
    }
    builder.build().map_err(|_| HttpError::Setup)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p46_nothing_goes_to_a_place_that_is_not_the_clouds_own() {
        let bearer = HeaderMap::from_iter([(AUTHORIZATION, ::http::HeaderValue::from_static("Bearer x"))]);
        let http = Http::of(&Cloud::global()).expect("a client");
        let may = |url: &str, headers: &HeaderMap| http.inner.may_send(&Url::parse(url).expect("a URL"), headers);
        assert!(may("https://graph.microsoft.com/v1.0/me", &bearer));
        assert!(may("https://login.microsoftonline.com/organizations/oauth2/v2.0/token", &HeaderMap::new()));
        assert!(
            !may("https://login.microsoftonline.com/organizations/oauth2/v2.0/token", &bearer),
            "a token for Graph"
        );
        for elsewhere in [
            "https://graph.microsoft.us/v1.0/me",
            "https://graph.microsoft.com/beta/me",
            "https://graph.microsoft.com:8443/v1.0/me",
            "http://graph.microsoft.com/v1.0/me",
            "https://user@graph.microsoft.com/v1.0/me",
            "https://login.microsoftonline.us/organizations/oauth2/v2.0/token",
            "https://entra.microsoft.com/v1.0/me",
            "https://localhost/v1.0/me",
        ] {
            assert!(!may(elsewhere, &bearer) && !may(elsewhere, &HeaderMap::new()), "{elsewhere}");
        }
    }

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
