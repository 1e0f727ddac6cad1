//! National clouds as data (graph-facts 12), and the practice tenant as one more of them, or playing any of them.

mod home;
mod hosts;
mod real;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::{Host, Url};

pub use home::home_of;
pub use hosts::{HostFault, Hosts};
pub use real::{cloud_of_host, cloud_of_key, clouds};

/// Where to sign in, where Graph is, and whose certificates count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloud {
    /// `global`, `usGovL4`, `usGovL5`, `china` or `practice`.
    pub key: String,
    /// What the operator calls it.
    pub name: String,
    /// Origin of the login service.
    pub login: Url,
    /// Origin of Microsoft Graph, without `/v1.0`.
    pub graph: Url,
    /// Origin of the Entra admin center.
    pub portal: Url,
    /// Origin of the Azure portal.
    pub azure_portal: Url,
    /// Whether Graph has `/auditLogs/provisioning` here; apparently not in China (graph-facts 9, 12).
    pub provisioning_logs: bool,
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// Where the practice tenant listens that plays this cloud: with it, every host of the cloud is reached there, and
    /// nowhere else. None for a cloud that is really meant.
    pub address: Option<SocketAddr>,
}

/// Whose certificates are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trust {
    /// The operating system's trust store. There is no way to relax it.
    System,
    /// One authority and nothing else: only the practice tenant, which makes its own at start.
    Authority {
        /// SHA-256 of the authority certificate's DER.
        sha256: [u8; 32],
    },
}

impl Trust {
    /// The one authority's SHA-256 in lower-case hexadecimal digits; none where the system decides.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        match self {
            Self::System => None,
            Self::Authority { sha256 } => Some(sha256.iter().map(|byte| format!("{byte:02x}")).collect()),
        }
    }
}

/// A cloud that cannot be used as it was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
    /// No cloud of this key.
    #[error("there is no cloud called {key}; the clouds are global, usGovL4, usGovL5 and china")]
    Unknown {
        /// The key that was given.
        key: String,
    },
    /// A host of a cloud that must not be one.
    #[error("{host} cannot be the host of {role}: {fault}")]
    Host {
        /// Which host it was to be, in words.
        role: &'static str,
        /// What was given, shortened.
        host: String,
        /// What is wrong with it.
        fault: HostFault,
    },
    /// Not a URL at all.
    #[error("the practice address is no URL; pass the `url` that `practice serve` printed, as it is")]
    NotAUrl,
    /// Plain HTTP or something else.
    #[error("the practice address must begin with https://")]
    NotHttps,
    /// Another computer: nothing but loopback may be trusted by a fingerprint.
    #[error("the practice address must be on this computer (localhost, 127.0.0.1 or [::1]), not {host}")]
    NotLoopback {
        /// The host that was given.
        host: String,
    },
    /// The `#sha256=` part is missing or is no SHA-256.
    #[error(
        "the practice address has no authority fingerprint: it must end in #sha256= and 64 hexadecimal digits, as `practice serve` printed it"
    )]
    NoFingerprint,
}

impl Cloud {
    /// The practice tenant at `practice_url`, `https://localhost:PORT/#sha256=<hex>`.
    ///
    /// # Errors
    /// When the address is no https URL of this computer with the authority's fingerprint.
    pub fn practice(practice_url: &str) -> Result<Self, CloudError> {
        let url = Url::parse(practice_url.trim()).map_err(|_| CloudError::NotAUrl)?;
        if url.scheme() != "https" {
            return Err(CloudError::NotHttps);
        }
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if !loopback {
            return Err(CloudError::NotLoopback { host: url.host_str().unwrap_or_default().to_owned() });
        }
        let sha256 = url
            .fragment()
            .and_then(|fragment| fragment.strip_prefix("sha256="))
            .and_then(parse_sha256)
            .ok_or(CloudError::NoFingerprint)?;
        let mut origin = url;
        origin.set_fragment(None);
        origin.set_query(None);
        origin.set_path("/");
        // Credentials in the address would be sent to the server and shown in links.
        let _ = origin.set_username("");
        let _ = origin.set_password(None);
        let ip = match origin.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            // What "localhost" is elsewhere said to be does not matter.
            Some(Host::Domain(_)) | None => IpAddr::V4(Ipv4Addr::LOCALHOST),
        };
        let port = origin.port_or_known_default().unwrap_or(443);
        Ok(Self {
            key: "practice".to_owned(),
            name: "Practice".to_owned(),
            login: origin.clone(),
            graph: origin.clone(),
            portal: origin.clone(),
            azure_portal: origin,
            provisioning_logs: true,
            trust: Trust::Authority { sha256 },
            address: Some(SocketAddr::new(ip, port)),
        })
    }

    /// This cloud as `practice` plays it: hosts and key as they are, but every host is reached where that practice
    /// tenant listens, and only its authority is trusted. Played by a cloud that is really meant, it stays real.
    #[must_use]
    pub fn played_by(self, practice: &Self) -> Self {
        Self { trust: practice.trust.clone(), address: practice.address, ..self }
    }

    /// Whether a practice tenant answers for it, so that nothing real can happen.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        matches!(self.trust, Trust::Authority { .. })
    }

    /// The scope that stands for every Graph permission already consented to (graph-facts 11).
    #[must_use]
    pub fn graph_default_scope(&self) -> String {
        format!("{}/.default", self.graph.origin().ascii_serialization())
    }

    /// `{login}/{tenant}/{tail}`; `tenant` is one encoded path segment.
    #[must_use]
    pub(crate) fn authority(&self, tenant: &str, tail: &str) -> Url {
        let mut url = self.login.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.clear().push(tenant).extend(tail.split('/'));
        }
        url
    }

    /// Whether `url` is of this cloud's Graph v1.0: only there may an access token go (security P46, P47).
    #[must_use]
    pub(crate) fn is_graph(&self, url: &Url) -> bool {
        is_within(&self.graph, url) && url.path().starts_with("/v1.0/")
    }

    /// Whether `url` is of this cloud's sign-in service.
    #[must_use]
    pub(crate) fn is_login(&self, url: &Url) -> bool {
        is_within(&self.login, url)
    }
}

/// Exactly this origin, over https, and no credentials that could hide another host from a reader.
fn is_within(origin: &Url, url: &Url) -> bool {
    url.scheme() == "https" && url.origin() == origin.origin() && url.username().is_empty() && url.password().is_none()
}

fn parse_sha256(hex: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let bytes: Vec<u8> = digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit)).collect();
    if hex.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

    #[test]
    fn a_played_cloud_keeps_its_hosts_and_key_and_can_do_nothing_real() {
        let practice = Cloud::practice(&format!("https://localhost:5443/#sha256={HEX}")).expect("valid");
        assert_eq!(practice.address, "127.0.0.1:5443".parse().ok());
        for cloud in clouds() {
            let played = cloud.clone().played_by(&practice);
            assert!(played.is_practice() && !cloud.is_practice());
            assert_eq!((&played.trust, played.address), (&practice.trust, practice.address));
            assert_eq!(Cloud { trust: Trust::System, address: None, ..played }, cloud, "nothing else changed");
        }
        assert_eq!(Cloud::china().played_by(&Cloud::global()), Cloud::china(), "a real cloud plays nobody");
    }

    #[test]
    fn a_practice_address_keeps_its_port_and_fingerprint() {
        let cloud = Cloud::practice(&format!(" https://user:pw@localhost:5443/x?y#sha256={HEX} ")).expect("valid");
        assert_eq!(cloud.graph.as_str(), "https://localhost:5443/");
        let Trust::Authority { sha256 } = cloud.trust else { panic!("pinned") };
        assert_eq!((sha256[1], sha256[31]), (0x11, 0xff));
        assert!(cloud.is_practice());
        assert_eq!(cloud.authority("a/b", "oauth2/v2.0/token").path(), "/a%2Fb/oauth2/v2.0/token");
        for host in ["127.0.0.1", "[::1]"] {
            let cloud = Cloud::practice(&format!("https://{host}:1/#sha256={HEX}")).expect(host);
            assert_eq!(cloud.address, format!("{host}:1").parse().ok(), "{host}");
        }
    }

    #[test]
    fn practice_addresses_that_would_widen_trust_are_refused() {
        let cases = [
            ("nonsense".to_owned(), CloudError::NotAUrl),
            (format!("http://localhost:1/#sha256={HEX}"), CloudError::NotHttps),
            (
                format!("https://graph.microsoft.com/#sha256={HEX}"),
                CloudError::NotLoopback { host: "graph.microsoft.com".to_owned() },
            ),
            (
                format!("https://localhost.evil.example/#sha256={HEX}"),
                CloudError::NotLoopback { host: "localhost.evil.example".to_owned() },
            ),
            ("https://localhost:1/".to_owned(), CloudError::NoFingerprint),
            (format!("https://localhost:1/#sha256={}", &HEX[1..]), CloudError::NoFingerprint),
            (format!("https://localhost:1/#sha256={HEX}0"), CloudError::NoFingerprint),
            (format!("https://localhost:1/#sha256={}", HEX.replace('0', "g")), CloudError::NoFingerprint),
        ];
        for (url, error) in cases {
            assert_eq!(Cloud::practice(&url), Err(error), "{url}");
        }
    }
}
