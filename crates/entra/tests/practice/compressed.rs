//! Answers that are small on the wire and large in memory.

use std::fmt::Write;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use inbound_entra::clock::SystemClock;
use inbound_entra::cloud::Cloud;
use inbound_entra::graph::{Call, Graph, GraphError, Unreadable};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};

#[derive(Debug)]
struct AnyToken;

#[async_trait]
impl TokenCredential for AnyToken {
    async fn get_token(&self, _: &[&str], _: Option<TokenRequestOptions<'_>>) -> azure_core::Result<AccessToken> {
        Ok(AccessToken::new("token", azure_core::time::OffsetDateTime::UNIX_EPOCH))
    }
}

async fn me() -> impl axum::response::IntoResponse {
    let body: &[u8] = include_bytes!("ten_megabytes.json.gz");
    ([(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, "gzip")], body)
}

#[tokio::test]
async fn p49_the_cap_counts_what_is_unpacked() {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain = vec![leaf.der().clone(), authority.der().clone()];
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
        .unwrap();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = axum::Router::new().route("/v1.0/me", axum::routing::get(me));
    let tls = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(tls));
    let server = axum_server::from_tcp_rustls(listener, tls).unwrap();
    tokio::spawn(server.serve(app.into_make_service()));

    let fingerprint = Sha256::digest(authority.der()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let cloud = Cloud::practice(&format!("https://localhost:{port}/#sha256={fingerprint}")).unwrap();
    let graph = Graph::new(cloud, Arc::new(AnyToken), Arc::new(SystemClock)).unwrap();
    let error = graph.me(&Call::default()).await.unwrap_err();
    assert!(matches!(error, GraphError::Unreadable { why: Unreadable::TooLarge, .. }), "{error:?}");
}
