//! Listens on the loopback interface for the browser's answer, and for nothing else (security P06 to P09).
//!
//! Whoever else knocks, a favicon fetch, a scanner or a hostile page, is sent away and the wait goes on: only a
//! request with the right path, method, content type and `state` ends it.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use ::http::{HeaderMap, Method, StatusCode, Uri};
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::error::AuthError;
use super::loopback_io::BoundedListener;

/// Real answers are well below.
const LARGEST_FORM: usize = 8 * 1024;
const FORM_TIME: Duration = Duration::from_secs(5);
/// How long the browser may take to fetch the last page once its answer is in.
const FAREWELL: Duration = Duration::from_secs(2);
const PORT_TRIES: u32 = 20;
/// The system's number for "this address family is not supported", which the standard library has no kind for.
const NO_SUCH_FAMILY: i32 = if cfg!(windows) {
    10_047
} else if cfg!(any(target_os = "linux", target_os = "android")) {
    97
} else {
    47
};

/// A static page: nothing of a request is ever echoed.
macro_rules! page {
    ($title:literal, $text:literal) => {
        concat!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>",
            $title,
            "</title><h1>",
            $title,
            "</h1><p>",
            $text,
            "</p></html>"
        )
    };
}
const RECEIVED: &str = page!("Sign-in received", "You can close this tab and go back to Inbound Access.");
const NOT_COMPLETED: &str =
    page!("Sign-in not completed", "You can close this tab and go back to Inbound Access, which says why.");

/// How the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// As a form, so that the code is in no address and no history.
    FormPost,
    /// In the address, where the authority knows no better.
    Query,
}

impl Mode {
    /// As `response_mode` wants it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::FormPost => "form_post",
            Self::Query => "query",
        }
    }
}

/// What the browser brought.
pub(super) enum Callback {
    /// The code to redeem.
    Code(SecretString),
    /// The service's refusal.
    Refused(AuthError),
}

/// A listener on 127.0.0.1 and ::1, the same port on both; closed when it goes.
pub(super) struct Loopback {
    port: u16,
    listeners: Vec<TcpListener>,
}

struct Waiting {
    mode: Mode,
    state: SecretString,
    answer: Mutex<Option<oneshot::Sender<Callback>>>,
}

impl Loopback {
    /// "localhost" may mean either address family, so the same port is taken on both; a family that this computer lacks
    /// is left out.
    ///
    /// On Windows another program of the same user could still bind the port beside us with `SO_REUSEADDR`: only
    /// `SO_EXCLUSIVEADDRUSE` forbids that, which neither `tokio`, `socket2` nor `rustix` sets, and unsafe code is denied
    /// here. Such a program would get a code that is worth nothing without our PKCE verifier.
    pub(super) async fn open() -> Result<Self, AuthError> {
        Self::open_by(TcpListener::bind::<SocketAddr>).await
    }

    async fn open_by<F>(bind: impl Fn(SocketAddr) -> F) -> Result<Self, AuthError>
    where
        F: Future<Output = io::Result<TcpListener>>,
    {
        let (four, six) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST));
        let mut reason = None;
        for _ in 0..PORT_TRIES {
            let first = match bind((four, 0).into()).await {
                Ok(first) => first,
                Err(error) if lacks_family(&error) => {
                    return Self::of(vec![bind((six, 0).into()).await.map_err(|error| not_listening(&error))?]);
                }
                Err(error) => {
                    reason = Some(error);
                    continue;
                }
            };
            let port = first.local_addr().map_err(|error| not_listening(&error))?.port();
            match bind((six, port).into()).await {
                Ok(second) => return Self::of(vec![first, second]),
                Err(error) if lacks_family(&error) => return Self::of(vec![first]),
                // Somebody else may have this port on the other family, and would get what is meant for us.
                Err(error) => reason = Some(error),
            }
        }
        Err(reason
            .map_or_else(|| AuthError::NotListening { reason: "no port".to_owned() }, |error| not_listening(&error)))
    }

    fn of(listeners: Vec<TcpListener>) -> Result<Self, AuthError> {
        let port = listeners.first().and_then(|listener| listener.local_addr().ok()).map(|address| address.port());
        let port = port.ok_or_else(|| AuthError::NotListening { reason: "no port".to_owned() })?;
        Ok(Self { port, listeners })
    }

    /// Without a path: the registered one is bare, and paths must match (graph-facts 11).
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Waits for the answer that carries `state`; nothing else ends it. Dropping the future closes everything.
    pub(super) async fn wait(self, mode: Mode, state: SecretString) -> Result<Callback, AuthError> {
        let (sender, receiver) = oneshot::channel();
        let waiting = Arc::new(Waiting { mode, state, answer: Mutex::new(Some(sender)) });
        let app = axum::Router::new().fallback(visit).with_state(waiting);
        let (close, cut) = (CancellationToken::new(), CancellationToken::new());
        let _closed_at_last = (close.clone().drop_guard(), cut.clone().drop_guard());
        let servers: Vec<_> = self
            .listeners
            .into_iter()
            .map(|listener| {
                let listener = BoundedListener { listener, cut: cut.clone() };
                let server = axum::serve(listener, app.clone());
                tokio::spawn(server.with_graceful_shutdown(close.clone().cancelled_owned()).into_future())
            })
            .collect();
        let answer = receiver.await.map_err(|_| AuthError::Cancelled)?;
        close.cancel();
        // The last page is on its way to the browser.
        let _ = tokio::time::timeout(FAREWELL, futures::future::join_all(servers)).await;
        Ok(answer)
    }
}

/// Whether this computer has no loopback address of that family at all.
fn lacks_family(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported)
        || error.raw_os_error() == Some(NO_SUCH_FAMILY)
}

fn not_listening(error: &io::Error) -> AuthError {
    AuthError::NotListening { reason: error.kind().to_string() }
}

async fn visit(
    State(waiting): State<Arc<Waiting>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let result = if uri.path() != "/" {
        Err(StatusCode::NOT_FOUND)
    } else if method == Method::POST && waiting.mode == Mode::FormPost {
        match form(&headers, body).await {
            Ok(form) => waiting.take(&form, true),
            Err(status) => Err(status),
        }
    } else if method == Method::GET {
        // A refusal may come by address whatever was asked for; a code may not.
        let query = uri.query().unwrap_or_default().as_bytes();
        match waiting.take(query, waiting.mode == Mode::Query) {
            Err(StatusCode::NOT_FOUND) if waiting.mode == Mode::FormPost => Err(StatusCode::METHOD_NOT_ALLOWED),
            other => other,
        }
    } else {
        Err(StatusCode::METHOD_NOT_ALLOWED)
    };
    match result {
        Ok(page) => answer(StatusCode::OK, page, waiting.mode),
        Err(status) => answer(status, "", waiting.mode),
    }
}

async fn form(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, StatusCode> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > LARGEST_FORM) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(FORM_TIME, to_bytes(body, LARGEST_FORM)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

impl Waiting {
    /// Takes the answer out of a form or query, if it is the one that is waited for; the page to show.
    fn take(&self, pairs: &[u8], may_bring_code: bool) -> Result<&'static str, StatusCode> {
        let (mut code, mut state, mut error, mut description) = (None, None, None, None);
        for (name, value) in url::form_urlencoded::parse(pairs) {
            let slot = match &*name {
                "code" => &mut code,
                "state" => &mut state,
                "error" => &mut error,
                "error_description" => &mut description,
                _ => continue,
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(StatusCode::NOT_FOUND);
            }
        }
        let state = state.unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(self.state.expose_secret().as_bytes())) {
            return Err(StatusCode::NOT_FOUND);
        }
        let (callback, page) = match (error, code) {
            (Some(error), _) => {
                let error = AuthError::of_redirect(&error, &description.unwrap_or_default());
                (Callback::Refused(error), NOT_COMPLETED)
            }
            (None, Some(code)) if may_bring_code && !code.is_empty() => {
                (Callback::Code(SecretString::from(code)), RECEIVED)
            }
            _ => return Err(StatusCode::NOT_FOUND),
        };
        // A state is good for one answer.
        let sender = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        sender.ok_or(StatusCode::NOT_FOUND)?.send(callback).map_err(|_| StatusCode::NOT_FOUND)?;
        Ok(page)
    }
}

fn answer(status: StatusCode, page: &'static str, mode: Mode) -> Response {
    let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut response = (
        status,
        [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, policy),
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (CONNECTION, "close"),
        ],
        page,
    )
        .into_response();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = if mode == Mode::FormPost { "POST" } else { "GET" };
        response.headers_mut().insert(ALLOW, ::http::HeaderValue::from_static(allowed));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use tokio::io::AsyncWriteExt as _;

    use super::*;

    const ANSWER: &str = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                          Content-Length: 14\r\n\r\ncode=c&state=s";

    /// Binds really, except that the `nth` attempt on a family (counted from 1) fails so.
    async fn opened(six: bool, failing: impl Fn(usize) -> Option<io::Error>) -> (Result<Loopback, AuthError>, usize) {
        let tried = Mutex::new(0);
        let outcome = Loopback::open_by(|address| {
            let failure = (address.is_ipv6() == six).then(|| {
                let mut tried = tried.lock().unwrap();
                *tried += 1;
                failing(*tried)
            });
            async move {
                match failure.flatten() {
                    Some(error) => Err(error),
                    // Computers without IPv6 run this test too.
                    None => {
                        TcpListener::bind((Ipv4Addr::LOCALHOST, if address.is_ipv6() { 0 } else { address.port() }))
                            .await
                    }
                }
            }
        })
        .await;
        let tried = *tried.lock().unwrap();
        (outcome, tried)
    }

    #[tokio::test]
    async fn f55_a_family_that_the_computer_lacks_is_left_out_and_the_other_brings_the_answer() {
        for missing in [
            || ErrorKind::AddrNotAvailable.into(),
            || ErrorKind::Unsupported.into(),
            || io::Error::from_raw_os_error(NO_SUCH_FAMILY),
        ] {
            for six in [false, true] {
                let (loopback, tried) = opened(six, |_| Some(missing())).await;
                let loopback = loopback.unwrap();
                assert_eq!((loopback.listeners.len(), tried), (1, 1));
                let at = (Ipv4Addr::LOCALHOST, loopback.port);
                let brought = tokio::spawn(loopback.wait(Mode::FormPost, SecretString::from("s")));
                let mut browser = tokio::net::TcpStream::connect(at).await.unwrap();
                browser.write_all(ANSWER.as_bytes()).await.unwrap();
                let brought = brought.await.unwrap().unwrap();
                assert!(matches!(brought, Callback::Code(code) if code.expose_secret() == "c"));
            }
        }
    }

    #[tokio::test]
    async fn f44_a_port_that_is_taken_means_another_port_and_never_one_family_less() {
        for fault in [ErrorKind::AddrInUse, ErrorKind::PermissionDenied, ErrorKind::Other] {
            for six in [false, true] {
                let (loopback, tried) = opened(six, |nth| (nth < 3).then(|| fault.into())).await;
                assert_eq!((loopback.map(|it| it.listeners.len()).ok(), tried), (Some(2), 3), "{fault}");
            }
        }
        let (loopback, tried) = opened(true, |_| Some(ErrorKind::PermissionDenied.into())).await;
        assert_eq!(loopback.err(), Some(AuthError::NotListening { reason: "permission denied".to_owned() }));
        assert_eq!(tried, 20, "and not for ever");
    }
}
