//! The tenant's own certificate authority, made at start and kept in memory: only who was given its fingerprint
//! trusts it.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::clock::{days, earlier, later};
use crate::clouds;
use crate::ids;

/// Certificates could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("a certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("the TLS server could not be set up: {0}")]
    Server(#[from] rustls::Error),
}

/// The authority and a server that presents a certificate of it.
pub(crate) struct Authority {
    /// The CA certificate.
    pub pem: String,
    /// Hex SHA-256 of the CA certificate's DER.
    pub sha256: String,
    /// Presents leaf and CA, so that a client can pin the CA by its hash alone.
    pub server: Arc<ServerConfig>,
}

impl Authority {
    /// Makes an authority and a leaf for `localhost`, `127.0.0.1`, `::1` and the real hosts that the tenant plays: only
    /// who trusts this authority and maps those names to loopback ever meets them here.
    pub fn new() -> Result<Self, TlsError> {
        // Certificates live by the computer's time: TLS clients do not know the virtual clock.
        let now = jiff::Timestamp::now();
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "Inbound Access practice tenant");
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        set_validity(&mut ca, now);
        let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate()?)?;

        let names: Vec<String> =
            ["localhost", "127.0.0.1", "::1"].into_iter().chain(clouds::hosts()).map(str::to_owned).collect();
        let mut leaf = CertificateParams::new(names)?;
        leaf.distinguished_name.push(DnType::CommonName, "localhost");
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.use_authority_key_identifier_extension = true;
        set_validity(&mut leaf, now);
        let leaf_key = KeyPair::generate()?;
        let leaf = leaf.signed_by(&leaf_key, &ca)?;

        let chain = vec![leaf.der().clone(), ca.der().clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        // One request at a time on a connection, so that a fault cuts exactly the call that it is meant for.
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { pem: ca.pem(), sha256: ids::sha256_hex(ca.der()), server: Arc::new(server) })
    }
}

fn set_validity(params: &mut CertificateParams, now: jiff::Timestamp) {
    let date = |at: jiff::Timestamp| {
        let date = at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
        rcgen::date_time_ymd(i32::from(date.year()), month, day)
    };
    params.not_before = date(earlier(now, days(2)));
    params.not_after = date(later(now, days(397)));
}
