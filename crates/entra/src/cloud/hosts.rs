//! A cloud whose hosts the operator has edited: the names are taken as they are, so they must be nothing but names.

use std::fmt;

use url::Url;

use super::{Cloud, CloudError, cloud_of_key};

/// The longest host name of DNS, in characters.
const LONGEST_NAME: usize = 253;
/// The longest part between two dots, in characters.
const LONGEST_LABEL: usize = 63;

/// Where a cloud is reached: host names, without scheme, port or path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    /// Of the sign-in service.
    pub login: String,
    /// Of Microsoft Graph.
    pub graph: String,
    /// Of the Entra admin center.
    pub portal: String,
}

/// Why a text is no host of a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFault {
    /// Nothing was given.
    Empty,
    /// It holds more than a name: a scheme, a port, a path, credentials or a blank.
    NotANameAlone,
    /// It ends with a dot.
    TrailingDot,
    /// An address of digits.
    Address,
    /// One label only: a computer of the own network.
    OneLabel,
    /// Letters beyond ASCII, or their encoded form: they may look like others.
    NotAscii,
    /// A part of it is empty or too long, or begins or ends with a hyphen.
    Label,
}

impl fmt::Display for HostFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "enter a host name such as graph.microsoft.com",
            Self::NotANameAlone => "enter the host name alone, without https://, port, path or user name",
            Self::TrailingDot => "leave out the dot at its end",
            Self::Address => "it is an IP address; certificates of Microsoft's services name hosts",
            Self::OneLabel => "it needs at least two parts with a dot between, as graph.microsoft.com has",
            Self::NotAscii => {
                "only the letters a to z, digits, hyphens and dots are allowed: others can look like them"
            }
            Self::Label => "a part between its dots is empty or too long, or begins or ends with a hyphen",
        })
    }
}

impl Cloud {
    /// The real cloud `key`, reached at `hosts` instead of the documented ones.
    ///
    /// # Errors
    /// When there is no such cloud, or when one of the hosts is no plain host name.
    pub fn with_hosts(key: &str, hosts: &Hosts) -> Result<Self, CloudError> {
        let cloud = cloud_of_key(key).ok_or_else(|| CloudError::Unknown { key: shortened(key) })?;
        let url = |role: &'static str, host: &str| {
            checked(host)
                .and_then(|host| Url::parse(&format!("https://{host}/")).map_err(|_| HostFault::NotANameAlone))
                .map_err(|fault| CloudError::Host { role, host: shortened(host), fault })
        };
        Ok(Self {
            login: url("the sign-in service", &hosts.login)?,
            graph: url("Microsoft Graph", &hosts.graph)?,
            portal: url("the Entra admin center", &hosts.portal)?,
            ..cloud
        })
    }

    /// Where it is reached.
    #[must_use]
    pub fn hosts(&self) -> Hosts {
        let name = |url: &Url| url.host_str().unwrap_or_default().to_owned();
        Hosts { login: name(&self.login), graph: name(&self.graph), portal: name(&self.portal) }
    }

    /// Whether its hosts are other than the documented ones of its key.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        cloud_of_key(&self.key).is_some_and(|documented| documented.hosts() != self.hosts())
    }
}

/// The host name that `text` is, in lower case.
fn checked(text: &str) -> Result<String, HostFault> {
    let host = text.trim().to_ascii_lowercase();
    if host.is_empty() {
        return Err(HostFault::Empty);
    }
    if !host.is_ascii() {
        return Err(HostFault::NotAscii);
    }
    // An IPv6 address first, whose colons would else be taken for a port.
    if host.starts_with('[') || host.matches(':').count() > 1 {
        return Err(if host.contains('/') { HostFault::NotANameAlone } else { HostFault::Address });
    }
    if !host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') {
        return Err(HostFault::NotANameAlone);
    }
    if host.ends_with('.') {
        return Err(HostFault::TrailingDot);
    }
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    // As the URL standard has it: a last part that is a number makes the whole an IPv4 address, 0x7f.1 too.
    if last.chars().all(|c| c.is_ascii_digit()) || last.starts_with("0x") {
        return Err(HostFault::Address);
    }
    if labels.len() < 2 {
        return Err(HostFault::OneLabel);
    }
    if labels.iter().any(|label| label.starts_with("xn--")) {
        return Err(HostFault::NotAscii);
    }
    let is_label =
        |label: &&str| (1..=LONGEST_LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    if host.len() > LONGEST_NAME || !labels.iter().all(is_label) {
        return Err(HostFault::Label);
    }
    Ok(host)
}

/// What was given, as far as it fits into a message and without control characters.
fn shortened(text: &str) -> String {
    const LIMIT: usize = 60;
    let mut shown: String = text.chars().take(LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LIMIT).is_some() {
        shown.push('…');
    }
    if shown.trim().is_empty() { "nothing".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with_graph(graph: &str) -> Result<Cloud, CloudError> {
        let hosts = Hosts { graph: graph.to_owned(), ..Cloud::china().hosts() };
        Cloud::with_hosts("china", &hosts)
    }

    #[test]
    fn plain_names_are_taken_and_the_rest_of_the_cloud_stays() {
        let hosts = Hosts {
            login: " Login.ChinaCloudAPI.cn ".to_owned(),
            graph: "graph-2.example.cn".to_owned(),
            portal: "portal.example.cn".to_owned(),
        };
        let cloud = Cloud::with_hosts("china", &hosts).expect("plain names");
        assert_eq!(cloud.login.as_str(), "https://login.chinacloudapi.cn/");
        assert_eq!(cloud.graph_default_scope(), "https://graph-2.example.cn/.default");
        assert_eq!(cloud.hosts().portal, "portal.example.cn");
        assert!(cloud.is_edited() && !Cloud::china().is_edited());
        let china = Cloud::china();
        assert_eq!((&cloud.key, &cloud.trust, cloud.address), (&china.key, &china.trust, None), "trust is not relaxed");
        assert_eq!(cloud.provisioning_logs, china.provisioning_logs);
        assert_eq!(Cloud::with_hosts("china", &china.hosts()), Ok(china));
    }

    #[test]
    fn whatever_is_more_or_less_than_a_name_is_refused_with_the_reason() {
        use HostFault::{Address, Empty, Label, NotANameAlone, NotAscii, OneLabel, TrailingDot};
        let cases = [
            ("", Empty),
            ("  ", Empty),
            ("https://graph.example.cn", NotANameAlone),
            ("graph.example.cn:443", NotANameAlone),
            ("graph.example.cn/v1.0", NotANameAlone),
            ("graph.example.cn?x", NotANameAlone),
            ("graph.example.cn#x", NotANameAlone),
            ("graph.microsoft.com@evil.example", NotANameAlone),
            ("graph.microsoft.com\\.evil.example", NotANameAlone),
            ("graph.microsoft.com%2eevil.example", NotANameAlone),
            ("graph .example.cn", NotANameAlone),
            ("graph\n.example.cn", NotANameAlone),
            ("graph_2.example.cn", NotANameAlone),
            ("*.example.cn", NotANameAlone),
            ("graph.example.cn.", TrailingDot),
            ("localhost", OneLabel),
            ("graph", OneLabel),
            ("127.0.0.1", Address),
            ("10.1", Address),
            ("2130706433", Address),
            ("127.0.0.0x1", Address),
            ("[::1]", Address),
            ("::1", Address),
            ("fe80::1:2", Address),
            ("gr\u{430}ph.microsoft.com", NotAscii),
            ("graph.micros\u{43e}ft.com", NotAscii),
            ("graph\u{ff0e}microsoft.com", NotAscii),
            ("xn--grph-63d.microsoft.com", NotAscii),
            ("graph..cn", Label),
            (".graph.cn", Label),
            ("-graph.cn", Label),
            ("graph-.cn", Label),
        ];
        for (host, fault) in cases {
            let error = with_graph(host).expect_err(host);
            assert!(
                matches!(error, CloudError::Host { role: "Microsoft Graph", fault: own, .. } if own == fault),
                "{host}: {error}"
            );
            assert!(error.to_string().contains(" cannot be the host of Microsoft Graph: "), "{error}");
        }
        assert!(with_graph(&format!("{}.cn", "a".repeat(63))).is_ok());
        assert!(with_graph(&format!("{}.cn", "a".repeat(64))).is_err());
        assert!(with_graph(&format!("{}cn", "a.".repeat(126))).is_err(), "254 characters");
        assert!(matches!(Cloud::with_hosts("practice", &Cloud::china().hosts()), Err(CloudError::Unknown { .. })));
        let Err(CloudError::Host { host, .. }) = with_graph(&"\u{7}é".repeat(500)) else { panic!("refused") };
        assert_eq!(host.chars().count(), 61, "shortened");
        assert!(!host.chars().any(char::is_control));
    }

    proptest! {
        #[test]
        fn what_is_taken_is_the_host_of_its_address_and_nothing_besides(text in "\\PC{0,40}|[a-z0-9.:/@\\\\#?%\\[\\]-]{0,30}") {
            if let Ok(cloud) = with_graph(&text) {
                let host = text.trim().to_ascii_lowercase();
                prop_assert_eq!(cloud.graph.as_str(), format!("https://{host}/"));
                prop_assert!(cloud.graph.domain().is_some(), "no address of digits");
            }
        }
    }
}
