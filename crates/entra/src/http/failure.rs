//! What reqwest's errors mean. They carry URLs, so nothing of them is kept.

use std::error::Error as StdError;
use std::io;

use rustls::{CertificateError, Error as TlsError};

use super::network::ProxyName;
use super::{HttpError, NoConnection};

/// What hyper-util's errors about a proxy's tunnel begin with. Their types are not public, so their texts must do; tests
/// meet each (`p45_a_proxy_in_the_way_is_said_in_words_and_by_name`).
const TUNNEL: &str = "tunnel error: ";
const NOT_REACHED: &str = "failed to create underlying connection";
const SOCKS_NOT_REACHED: &str = "SOCKS error: failed to create underlying connection";
const SOCKS_RESOLVES: &str = "error resolving for socks proxy";

/// A request that could not be sent, or was not answered. `proxy` is the one that it had to go through.
pub(super) fn sending(error: &reqwest::Error, proxy: Option<ProxyName>) -> HttpError {
    if error.is_builder() {
        HttpError::Setup
    } else if error.is_connect() {
        HttpError::NotSent(not_connected(error, proxy))
    } else {
        HttpError::NoAnswer { timed_out: error.is_timeout() }
    }
}

/// An answer that could not be read to its end.
pub(super) fn reading(error: &reqwest::Error) -> HttpError {
    if error.is_timeout() { HttpError::NoAnswer { timed_out: true } } else { HttpError::Truncated }
}

fn not_connected(error: &reqwest::Error, proxy: Option<ProxyName>) -> NoConnection {
    proxy.and_then(|at| by_proxy(error, at)).or_else(|| tls(error)).unwrap_or_else(|| {
        if error.is_dns() {
            NoConnection::Dns
        } else if error.is_timeout() {
            NoConnection::TimedOut
        } else if let Some(at) = proxy {
            // Of a SOCKS proxy, or after the proxy had agreed.
            NoConnection::ProxyRefused { at }
        } else {
            NoConnection::Refused
        }
    })
}

/// What went wrong with the proxy itself, if that is surely what went wrong.
fn by_proxy(error: &reqwest::Error, at: ProxyName) -> Option<NoConnection> {
    let says = |text: &str| find(error, &|it| (it.to_string() == text).then_some(())).is_some();
    let tunnel = find(error, &|it| it.to_string().strip_prefix(TUNNEL).map(str::to_owned));
    match tunnel.as_deref() {
        Some("proxy authorization required") => Some(NoConnection::ProxyAuth { at }),
        Some(NOT_REACHED | "io error establishing tunnel") => Some(NoConnection::Proxy { at }),
        Some(_) => Some(NoConnection::ProxyRefused { at }),
        None if says(SOCKS_RESOLVES) => Some(NoConnection::Dns),
        None if says(SOCKS_NOT_REACHED) => Some(NoConnection::Proxy { at }),
        // A name that is looked up here, or a wait without end, can only be the proxy's.
        None if error.is_dns() || error.is_timeout() => Some(NoConnection::Proxy { at }),
        None => None,
    }
}

/// What rustls or a certificate verifier ended the connection for, if one did.
fn tls(error: &(dyn StdError + 'static)) -> Option<NoConnection> {
    find(error, &|it| it.downcast_ref::<TlsError>().map(of_tls))
}

fn of_tls(error: &TlsError) -> NoConnection {
    use CertificateError as Certificate;
    match error {
        TlsError::InvalidCertificate(
            Certificate::Expired
            | Certificate::ExpiredContext { .. }
            | Certificate::NotValidYet
            | Certificate::NotValidYetContext { .. },
        ) => NoConnection::CertificateTime,
        TlsError::InvalidCertificate(Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }) => {
            NoConnection::WrongCertificate
        }
        TlsError::PeerIncompatible(_)
        | TlsError::PeerMisbehaved(_)
        | TlsError::AlertReceived(_)
        | TlsError::InvalidMessage(_)
        | TlsError::InappropriateMessage { .. }
        | TlsError::InappropriateHandshakeMessage { .. } => NoConnection::Handshake,
        _ => NoConnection::Tls,
    }
}

/// The first that `wanted` finds among `error` and its causes. An `io::Error` hides what it wraps from `source()`.
fn find<T>(error: &(dyn StdError + 'static), wanted: &dyn Fn(&(dyn StdError + 'static)) -> Option<T>) -> Option<T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = wanted(error) {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| find(inner, wanted)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_found_however_deep_it_is_wrapped() {
        let expired = TlsError::InvalidCertificate(CertificateError::Expired);
        let error = io::Error::other(io::Error::other(expired));
        assert_eq!(tls(&error), Some(NoConnection::CertificateTime));
        assert_eq!(tls(&io::Error::other("else")), None);
    }

    #[test]
    fn reasons_of_tls_are_told_apart() {
        let certificate = |error| of_tls(&TlsError::InvalidCertificate(error));
        for early_or_late in [CertificateError::Expired, CertificateError::NotValidYet] {
            assert_eq!(certificate(early_or_late), NoConnection::CertificateTime);
        }
        assert_eq!(certificate(CertificateError::NotValidForName), NoConnection::WrongCertificate);
        assert_eq!(certificate(CertificateError::UnknownIssuer), NoConnection::Tls);
        assert_eq!(certificate(CertificateError::Revoked), NoConnection::Tls);
        let old = rustls::PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig;
        assert_eq!(of_tls(&TlsError::PeerIncompatible(old)), NoConnection::Handshake);
    }
}
