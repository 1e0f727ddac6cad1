//! Trust in exactly one certificate authority, known by its fingerprint.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};

/// A TLS client that accepts servers whose chain ends in the authority with this SHA-256, and no others.
pub(super) fn only(sha256: [u8; 32]) -> Result<ClientConfig, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(PinnedAuthority { sha256, provider: Arc::clone(&provider) });
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

/// "Dangerous" only by rustls' name: chain, host name, validity and signatures are all checked, against one root.
#[derive(Debug)]
struct PinnedAuthority {
    sha256: [u8; 32],
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedAuthority {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let authority = intermediates
            .iter()
            .find(|certificate| <[u8; 32]>::from(Sha256::digest(certificate.as_ref())) == self.sha256)
            .ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))?;
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned())?;
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.provider))
            .build()
            .map_err(|_| Error::InvalidCertificate(CertificateError::UnknownIssuer))?
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

    use super::*;

    fn authority() -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
    }

    fn leaf_for(name: &str, by: &CertifiedIssuer<'static, KeyPair>) -> CertificateDer<'static> {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let key = KeyPair::generate().expect("a key");
        params.signed_by(&key, by).expect("a leaf").der().clone()
    }

    fn accepts(pin: &CertificateDer<'_>, chain: &[CertificateDer<'_>]) -> bool {
        accepts_at(pin, chain, UnixTime::now())
    }

    fn accepts_at(pin: &CertificateDer<'_>, chain: &[CertificateDer<'_>], now: UnixTime) -> bool {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = PinnedAuthority { sha256: Sha256::digest(pin.as_ref()).into(), provider };
        let (leaf, rest) = chain.split_first().expect("a leaf");
        let name = ServerName::try_from("localhost").expect("a name");
        verifier.verify_server_cert(leaf, rest, &name, &[], now).is_ok()
    }

    #[test]
    fn p44_only_a_leaf_of_the_pinned_authority_for_this_host_is_accepted() {
        let (own, other) = (authority(), authority());
        let (ca, foreign_ca) = (own.der().clone(), other.der().clone());
        let leaf = leaf_for("localhost", &own);
        let foreign = leaf_for("localhost", &other);
        assert!(accepts(&ca, &[leaf.clone(), ca.clone()]));
        assert!(accepts(&ca, &[leaf.clone(), foreign_ca.clone(), ca.clone()]), "among others");
        // The authority's certificate is public: presenting it proves nothing.
        assert!(!accepts(&ca, &[foreign.clone(), foreign_ca.clone(), ca.clone()]), "another's leaf beside it");
        assert!(!accepts(&ca, &[foreign.clone(), ca.clone()]));
        assert!(!accepts(&ca, &[leaf_for("elsewhere.example", &own), ca.clone()]), "another host");
        assert!(!accepts(&ca, std::slice::from_ref(&leaf)), "without the authority");
        assert!(!accepts(&foreign_ca, &[leaf.clone(), ca.clone()]), "another pin");
        assert!(!accepts(&leaf, &[leaf.clone(), leaf.clone()]), "a leaf is no authority");
        assert!(!accepts(&ca, &[CertificateDer::from(vec![1, 2, 3]), ca.clone()]), "garbage");
    }

    #[test]
    fn p44_certificates_out_of_their_time_are_refused() {
        let own = authority();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        let expired = params.signed_by(&KeyPair::generate().expect("a key"), &own).expect("a leaf").der().clone();
        assert!(!accepts(own.der(), &[expired, own.der().clone()]));
    }
}
