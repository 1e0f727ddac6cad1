//! Why a service could not be reached, in words: what is the matter, and what its reader can do.

use super::network::ProxyName;

/// Why there was no connection, so that nothing was sent. Reads as what follows "… could not be reached: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoConnection {
    /// The host's name could not be resolved: offline, or a name server that does not answer.
    #[error(
        "its address could not be found; this computer may be offline, or its name server (DNS) does not know the host: check the network connection"
    )]
    Dns,
    /// Nobody listens, or the network refused.
    #[error("the connection was refused or broken off; a firewall may block it, or the network be down")]
    Refused,
    /// The certificate is of an authority that is not trusted, or is none.
    #[error(
        "its certificate is not trusted by this computer; if a proxy or security program looks into secure connections here, its authority must be in the system's trust store: ask whoever runs the network"
    )]
    Tls,
    /// The certificate's time is not now, by this computer's clock.
    #[error(
        "its certificate is not valid at this computer's date and time; the computer's clock may be wrong: set it, then try again"
    )]
    CertificateTime,
    /// The certificate is another host's.
    #[error(
        "its certificate is made out to another host; something on this network answers in its place, perhaps a sign-in page: open any web page in the browser to see"
    )]
    WrongCertificate,
    /// No TLS version or algorithm in common.
    #[error(
        "no secure connection (TLS 1.2 or later) could be agreed on; something on this network may answer in its place"
    )]
    Handshake,
    /// No connection within ten seconds.
    #[error("the connection took too long; the network may be slow, or a firewall drop what is sent: try again")]
    TimedOut,
    /// A read was sent and the connection broke before an answer came; reads change nothing.
    #[error("the connection broke before it answered; try again")]
    Broken,
    /// The secure connection could not even be prepared, e.g. as the system's trust store cannot be read.
    #[error("the secure connection could not be prepared on this computer; its trust store may be unreadable or empty")]
    Setup,
    /// The proxy cannot be reached, or does not answer.
    #[error(
        "the proxy {at}, which this computer is set to use, does not answer; check the proxy settings or whether this network needs it"
    )]
    Proxy {
        /// Which, without credentials.
        at: ProxyName,
    },
    /// The proxy wants to know who asks (407).
    #[error(
        "the proxy {at} asks for a user name and password; give them in HTTPS_PROXY (http://user:password@host:port), or ask for an exception for this host"
    )]
    ProxyAuth {
        /// Which, without credentials.
        at: ProxyName,
    },
    /// The proxy answered and made no connection.
    #[error(
        "the proxy {at} made no connection to it; it may block this host or be offline itself: ask whoever runs the proxy"
    )]
    ProxyRefused {
        /// Which, without credentials.
        at: ProxyName,
    },
    /// A web page came where data was awaited: a captive portal, or a proxy's notice. What was asked for had no effect.
    #[error(
        "a web page answered in its place, as a network does that wants you to sign in or to agree first: open any web page in the browser, do what it asks, then try again"
    )]
    Page,
}

impl NoConnection {
    /// Whether it may be over a moment later, so that another try is worth its while. The others wait for a person.
    #[must_use]
    pub fn may_pass(self) -> bool {
        match self {
            Self::Dns | Self::Refused | Self::TimedOut | Self::Broken | Self::Proxy { .. } => true,
            Self::Tls
            | Self::CertificateTime
            | Self::WrongCertificate
            | Self::Handshake
            | Self::Setup
            | Self::ProxyAuth { .. }
            | Self::ProxyRefused { .. }
            | Self::Page => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<NoConnection> {
        let at = ProxyName::of("http://proxy.example:3128");
        vec![
            NoConnection::Dns,
            NoConnection::Refused,
            NoConnection::Tls,
            NoConnection::CertificateTime,
            NoConnection::WrongCertificate,
            NoConnection::Handshake,
            NoConnection::TimedOut,
            NoConnection::Broken,
            NoConnection::Setup,
            NoConnection::Proxy { at },
            NoConnection::ProxyAuth { at },
            NoConnection::ProxyRefused { at },
            NoConnection::Page,
        ]
    }

    #[test]
    fn each_reads_as_the_end_of_a_sentence_and_no_two_read_alike() {
        let words: Vec<_> = all().iter().map(ToString::to_string).collect();
        for one in &words {
            assert!(!one.ends_with('.') && !one.contains(". "), "a full stop follows: {one}");
            assert!(one.chars().next().is_some_and(char::is_lowercase), "{one}");
            assert!(one.split_whitespace().count() >= 6, "{one}");
            assert_eq!(words.iter().filter(|other| *other == one).count(), 1, "{one}");
        }
        let of_proxies = words.iter().filter(|it| it.contains("http://proxy.example:3128"));
        assert_eq!(of_proxies.count(), 3, "a proxy is named");
    }
}
