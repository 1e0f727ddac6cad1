//! Servers that say what a test wants, with certificates of its own, and keep what they were asked.

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::{Cloud, Trust};
use inbound_entra::graph::{Call, Graph, GraphError};
use inbound_entra::http::NoConnection;
use jiff::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use url::Url;

/// What every request of a test is signed with: it must turn up nowhere but at the cloud's Graph.
pub const TOKEN: &str = "canary-access-token";

/// A credential that needs nobody.
#[derive(Debug)]
pub struct AnyToken;

#[async_trait]
impl TokenCredential for AnyToken {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new(TOKEN, azure_core::time::OffsetDateTime::UNIX_EPOCH))
    }
}

/// The computer's time, and a wait that is over at once.
#[derive(Debug)]
pub struct Hasty;

#[async_trait]
impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, _: std::time::Duration) {}
}

pub struct Leaf {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: KeyPair,
}

/// A certificate authority that nobody knows yet.
pub struct Stage {
    authority: CertifiedIssuer<'static, KeyPair>,
}

impl Stage {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { authority }
    }

    pub fn pem(&self) -> String {
        self.authority.pem()
    }

    /// A certificate for `names`, as `change` would have it; the authority's own comes with it.
    pub fn leaf(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Leaf {
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let own = params.signed_by(&key, &self.authority).unwrap().der().clone();
        Leaf { chain: vec![own, self.authority.der().clone()], key }
    }

    /// A server at `https://localhost`, as it should be.
    pub async fn serve(&self, answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Server {
        serve(self.leaf(&["localhost"], |_| {}), answer).await
    }

    /// The practice cloud at `port`, by this authority.
    pub fn practice(&self, port: u16) -> Cloud {
        let fingerprint = Sha256::digest(self.authority.der()).iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        Cloud::practice(&format!("https://localhost:{port}/#sha256={fingerprint}")).unwrap()
    }
}

/// A cloud at `host:port` that the operating system's trust store decides on, as it does for every real one.
pub fn system(host: &str, port: u16) -> Cloud {
    let origin = Url::parse(&format!("https://{host}:{port}/")).unwrap();
    let cloud = Cloud { login: origin.clone(), graph: origin, ..Cloud::global() };
    assert_eq!((&cloud.trust, cloud.address), (&Trust::System, None));
    cloud
}

/// One request as a server got it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// With its query.
    pub path: String,
    pub host: String,
    pub authorization: Option<String>,
    pub body: String,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

impl Answer {
    pub fn json(body: &serde_json::Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status: 200, headers, body: body.to_string().into() }
    }

    pub fn html(status: u16) -> Self {
        let headers = vec![("content-type", "text/html".to_owned())];
        Self { status, headers, body: "<!doctype html><title>Guest Wi-Fi</title>".into() }
    }

    pub fn redirect(status: u16, to: &str) -> Self {
        Self { status, headers: vec![("location", to.to_owned())], body: Body::empty() }
    }

    /// Says that it is JSON, and then whatever `body` holds, for as long as that goes on.
    pub fn said(status: u16, body: Body) -> Self {
        Self { status, headers: vec![("content-type", "application/json".to_owned())], body }
    }

    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// What `GET /me` is answered with.
pub fn me() -> Answer {
    Answer::json(&serde_json::json!({ "id": "00000000-0000-0000-0000-0000000000a1" }))
}

pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// Serves with this certificate on 127.0.0.1.
pub async fn serve(leaf: Leaf, answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Server {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf.key.serialize_der()));
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(leaf.chain, key)
        .unwrap();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let (kept, answer) = (Arc::clone(&seen), Arc::new(answer));
    let app = axum::Router::new().fallback(move |request: Request| {
        let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
        async move {
            let seen = seen_in(request).await;
            kept.lock().unwrap().push(seen.clone());
            let answer = answer(&seen);
            let mut response = Response::builder().status(answer.status);
            for (name, value) in answer.headers {
                response = response.header(name, value);
            }
            response.body(answer.body).unwrap()
        }
    });
    let tls = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(tls));
    let server = axum_server::from_tcp_rustls(listener, tls).unwrap();
    tokio::spawn(server.serve(app.into_make_service()));
    Server { port, seen }
}

async fn seen_in(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        host: header("host").unwrap_or_default(),
        authorization: header("authorization"),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

pub fn graph(cloud: &Cloud) -> Graph {
    Graph::new(cloud.clone(), Arc::new(AnyToken), Arc::new(Hasty)).unwrap()
}

/// Why `GET /me` could not be sent in this cloud; none when it was answered.
pub async fn why_not(cloud: &Cloud) -> Option<NoConnection> {
    let graph = match Graph::new(cloud.clone(), Arc::new(AnyToken), Arc::new(Hasty)) {
        Ok(graph) => graph,
        Err(GraphError::NotSent { why, .. }) => return Some(why),
        Err(other) => panic!("{other:?}"),
    };
    match graph.me(&Call::default()).await {
        Ok(_) => None,
        Err(GraphError::NotSent { why, .. }) => Some(why),
        Err(other) => panic!("{other:?}"),
    }
}
