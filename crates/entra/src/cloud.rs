//! National clouds as data (graph-facts 12), and the practice tenant as one more of them.

use url::{Host, Url};

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
    /// Origin of the admin portal.
    pub portal: Url,
    /// Whose certificates are accepted.
    pub trust: Trust,
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

/// A practice address that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloudError {
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
    /// The worldwide cloud, GCC included.
    #[must_use]
    pub fn global() -> Self {
        Self::real("global", "Global", "login.microsoftonline.com", "graph.microsoft.com", "entra.microsoft.com")
    }

    /// US Government L4 (GCC High).
    #[must_use]
    pub fn us_gov_l4() -> Self {
        let name = "US Government L4 (GCC High)";
        Self::real("usGovL4", name, "login.microsoftonline.us", "graph.microsoft.us", "entra.microsoft.us")
    }

    /// US Government L5 (DoD). Shares the login host with L4; the Graph host decides.
    #[must_use]
    pub fn us_gov_l5() -> Self {
        let name = "US Government L5 (DoD)";
        Self::real("usGovL5", name, "login.microsoftonline.us", "dod-graph.microsoft.us", "entra.microsoft.us")
    }

    /// China, operated by 21Vianet.
    #[must_use]
    pub fn china() -> Self {
        let (login, graph) = ("login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn");
        Self::real("china", "China (21Vianet)", login, graph, "entra.microsoftonline.cn")
    }

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
        Ok(Self {
            key: "practice".to_owned(),
            name: "Practice".to_owned(),
            login: origin.clone(),
            graph: origin.clone(),
            portal: origin,
            trust: Trust::Authority { sha256 },
        })
    }

    /// Whether this is the practice tenant, where nothing real can happen.
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

    fn real(key: &str, name: &str, login: &str, graph: &str, portal: &str) -> Self {
        Self {
            key: key.to_owned(),
            name: name.to_owned(),
            login: host_url(login),
            graph: host_url(graph),
            portal: host_url(portal),
            trust: Trust::System,
        }
    }
}

/// The real clouds, the most common first.
#[must_use]
pub fn clouds() -> Vec<Cloud> {
    vec![Cloud::global(), Cloud::us_gov_l4(), Cloud::us_gov_l5(), Cloud::china()]
}

#[allow(clippy::expect_used, reason = "only called with the host names written above; a test parses each")]
fn host_url(host: &str) -> Url {
    Url::parse(&format!("https://{host}/")).expect("a host name")
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
    fn the_real_clouds_are_the_documented_hosts_and_trust_the_system_only() {
        let hosts: Vec<_> = clouds()
            .iter()
            .map(|cloud| (cloud.login.host_str().map(str::to_owned), cloud.graph.host_str().map(str::to_owned)))
            .collect();
        let expected = [
            ("login.microsoftonline.com", "graph.microsoft.com"),
            ("login.microsoftonline.us", "graph.microsoft.us"),
            ("login.microsoftonline.us", "dod-graph.microsoft.us"),
            ("login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
        ];
        assert_eq!(hosts, expected.map(|(login, graph)| (Some(login.to_owned()), Some(graph.to_owned()))));
        assert!(clouds().iter().all(|cloud| cloud.trust == Trust::System && !cloud.is_practice()));
        assert_eq!(Cloud::us_gov_l5().graph_default_scope(), "https://dod-graph.microsoft.us/.default");
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
            assert!(Cloud::practice(&format!("https://{host}:1/#sha256={HEX}")).is_ok(), "{host}");
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
