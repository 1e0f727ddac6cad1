//! As much of an X.509 certificate as a key credential needs: its key, its validity and its thumbprints.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// The explicit tag of a certificate's version.
const VERSION: u8 = 0xa0;

/// What is known of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Certificate {
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// The RSA public key, PKCS #1.
    pub rsa_key: Vec<u8>,
    /// SHA-1 of the DER.
    pub sha1: Vec<u8>,
    /// SHA-256 of the DER.
    pub sha256: Vec<u8>,
}

/// A part of a DER text that is read element by element.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The tag and the contents of the next element.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk::<2>()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (size, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            // Four bytes of length are more than any certificate has.
            let is_sane = (1..=4).contains(&size.len());
            (is_sane.then(|| size.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))?, rest)
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, contents))
    }

    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, contents)| contents)
    }
}

fn time((tag, text): (u8, &[u8])) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let full = match tag {
        // Two digits of a year mean 1950 to 2049.
        UTC_TIME => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| full.get(from..to);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
}

impl Certificate {
    /// Reads a certificate with an RSA key, DER.
    pub fn read(der: &[u8]) -> Option<Self> {
        let mut certificate = Reader(Reader(der).expect(SEQUENCE)?);
        let mut body = Reader(certificate.expect(SEQUENCE)?);
        let (tag, _) = body.next()?;
        if tag == VERSION {
            body.expect(INTEGER)?;
        }
        body.expect(SEQUENCE)?; // signature algorithm
        body.expect(SEQUENCE)?; // issuer
        let mut validity = Reader(body.expect(SEQUENCE)?);
        let (not_before, not_after) = (time(validity.next()?)?, time(validity.next()?)?);
        body.expect(SEQUENCE)?; // subject
        let mut key = Reader(body.expect(SEQUENCE)?);
        key.expect(SEQUENCE)?; // key algorithm
        let (unused, rsa_key) = key.expect(BIT_STRING)?.split_first()?;
        // An RSA key is a sequence of two integers; a key of another kind is not.
        let mut numbers = Reader(Reader(rsa_key).expect(SEQUENCE)?);
        numbers.expect(INTEGER)?;
        numbers.expect(INTEGER)?;
        (*unused == 0).then(|| Self {
            not_before,
            not_after,
            rsa_key: rsa_key.to_vec(),
            sha1: aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, der).as_ref().to_vec(),
            sha256: Sha256::digest(der).to_vec(),
        })
    }

    /// Upper-case hex SHA-1, as portals show it.
    pub fn thumbprint(&self) -> String {
        self.sha1.iter().map(|byte| format!("{byte:02X}")).collect()
    }
}

/// Base64 in either alphabet, with or without padding: the metadata and Microsoft's own text disagree (graph-facts 2).
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    [STANDARD.decode(text), URL_SAFE_NO_PAD.decode(text), STANDARD_NO_PAD.decode(text), URL_SAFE.decode(text)]
        .into_iter()
        .find_map(Result::ok)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd};

    use super::*;

    #[test]
    fn a_certificate_is_read() {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.not_before = date_time_ymd(2026, 1, 2);
        params.not_after = date_time_ymd(2051, 3, 4);
        let der = params.self_signed(&key).unwrap().der().to_vec();
        let read = Certificate::read(&der).unwrap();
        assert_eq!(read.not_before.to_string(), "2026-01-02T00:00:00Z");
        assert_eq!(read.not_after.to_string(), "2051-03-04T00:00:00Z");
        assert_eq!((read.sha1.len(), read.sha256.len(), read.thumbprint().len()), (20, 32, 40));
        for cut in 0..der.len() {
            assert_eq!(Certificate::read(&der[..cut]), None, "{cut}");
        }
        let other = CertificateParams::new(Vec::new()).unwrap().self_signed(&KeyPair::generate().unwrap()).unwrap();
        assert_eq!(Certificate::read(other.der()), None, "no RSA key");
    }

    #[test]
    fn base64_is_read_in_both_alphabets() {
        for text in ["+/8=", "+/8", "-_8", "-_8="] {
            assert_eq!(base64(text).as_deref(), Some(&[0xfb, 0xff][..]), "{text}");
        }
        assert_eq!(base64("not base64!"), None);
    }
}
