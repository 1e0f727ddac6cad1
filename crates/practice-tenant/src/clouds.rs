//! The clouds of Entra by their host names (graph-facts 12): the tenant lives in one of them, and under the hosts of
//! another it behaves as a tenant of elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// The cloud that the tenant lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HomeCloud {
    /// Global, GCC included.
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGovL4,
    /// US Government L5 (DoD); shares its login host with L4.
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

/// What discovery documents and host names say of a cloud.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// Login hosts; the first is the one that documents name.
    pub login: &'static [&'static str],
    /// Graph's host.
    pub graph: &'static str,
    /// `cloud_instance_name`, and the name in AADSTS90038.
    pub instance: &'static str,
    /// `cloud_graph_host_name`.
    pub directory: &'static str,
    /// `tenant_region_scope` of a tenant in this cloud.
    pub region: &'static str,
    /// `tenant_region_sub_scope` of a tenant in this cloud.
    pub sub_region: Option<&'static str>,
}

impl HomeCloud {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// `global`, `usGovL4`, `usGovL5` or `china`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovL4 => "usGovL4",
            Self::UsGovL5 => "usGovL5",
            Self::China => "china",
        }
    }

    pub(crate) const fn facts(self) -> Facts {
        match self {
            Self::Global => Facts {
                login: &["login.microsoftonline.com"],
                graph: "graph.microsoft.com",
                instance: "microsoftonline.com",
                directory: "graph.windows.net",
                region: "EU",
                sub_region: None,
            },
            Self::UsGovL4 => Facts {
                login: &["login.microsoftonline.us"],
                graph: "graph.microsoft.us",
                instance: "microsoftonline.us",
                directory: "graph.windows.net",
                region: "USGov",
                sub_region: Some("DODCON"),
            },
            Self::UsGovL5 => Facts {
                login: &["login.microsoftonline.us"],
                graph: "dod-graph.microsoft.us",
                instance: "microsoftonline.us",
                directory: "graph.windows.net",
                region: "USGov",
                sub_region: Some("DOD"),
            },
            // The sources disagree about the login host (graph-facts 12), so both are played.
            Self::China => Facts {
                login: &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
                graph: "microsoftgraph.chinacloudapi.cn",
                instance: "partner.microsoftonline.cn",
                directory: "graph.chinacloudapi.cn",
                region: "AS",
                sub_region: None,
            },
        }
    }
}

impl fmt::Display for HomeCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no cloud.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cloud `{given}` is unknown: give one of global, usGovL4, usGovL5, china")]
pub struct UnknownCloud {
    given: String,
}

impl FromStr for HomeCloud {
    type Err = UnknownCloud;

    /// Accepts camelCase and kebab-case.
    fn from_str(text: &str) -> Result<Self, UnknownCloud> {
        let plain: String = text.trim().chars().filter(|character| *character != '-').collect();
        Self::ALL
            .into_iter()
            .find(|cloud| cloud.as_str().eq_ignore_ascii_case(&plain))
            .ok_or_else(|| UnknownCloud { given: text.to_owned() })
    }
}

/// What the host that a client used stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A login host, and the cloud that it belongs to; L4 stands for L5 too.
    Login(HomeCloud),
    /// Graph's host of a cloud.
    Graph(HomeCloud),
    /// `localhost` or any other: login and Graph of every cloud at once.
    Anywhere,
}

/// The place that an origin, `https://` and a host with or without port, stands for.
pub(crate) fn place(origin: &str) -> Place {
    let host = origin.strip_prefix("https://").unwrap_or(origin);
    let host = host.split(':').next().unwrap_or_default();
    let is = |known: &&str| known.eq_ignore_ascii_case(host);
    for cloud in HomeCloud::ALL {
        let facts = cloud.facts();
        if facts.login.iter().any(is) {
            return Place::Login(cloud);
        }
        if is(&facts.graph) {
            return Place::Graph(cloud);
        }
    }
    Place::Anywhere
}

/// The cloud whose Graph this resource names, e.g. `https://graph.microsoft.us`.
pub(crate) fn of_graph(resource: &str) -> Option<HomeCloud> {
    let host = resource.strip_prefix("https://")?;
    HomeCloud::ALL.into_iter().find(|cloud| cloud.facts().graph == host)
}

/// Whether two clouds share their login hosts.
pub(crate) fn share_login(one: HomeCloud, other: HomeCloud) -> bool {
    one.facts().login == other.facts().login
}

/// Where the login endpoints are for who used this origin.
pub(crate) fn login_origin(origin: &str) -> String {
    match place(origin) {
        Place::Graph(cloud) => cloud.facts().login.first().map_or_else(String::new, |host| format!("https://{host}")),
        Place::Login(_) | Place::Anywhere => origin.to_owned(),
    }
}

/// Every real host that the tenant plays, each once.
pub(crate) fn hosts() -> Vec<&'static str> {
    let mut hosts = Vec::new();
    for cloud in HomeCloud::ALL {
        let facts = cloud.facts();
        for host in facts.login.iter().copied().chain([facts.graph]) {
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_are_read_in_both_spellings() {
        for cloud in HomeCloud::ALL {
            assert_eq!(cloud.to_string().parse(), Ok(cloud));
        }
        assert_eq!("us-gov-l5".parse(), Ok(HomeCloud::UsGovL5));
        assert!("germany".parse::<HomeCloud>().is_err());
    }

    #[test]
    fn hosts_stand_for_places() {
        assert_eq!(place("https://login.microsoftonline.us:4711"), Place::Login(HomeCloud::UsGovL4));
        assert_eq!(place("https://DOD-graph.microsoft.us"), Place::Graph(HomeCloud::UsGovL5));
        assert_eq!(place("https://login.chinacloudapi.cn"), Place::Login(HomeCloud::China));
        for other in ["https://localhost:1", "https://[::1]:1", "https://graph.microsoft.com.evil.example"] {
            assert_eq!(place(other), Place::Anywhere, "{other}");
        }
        assert!(
            share_login(HomeCloud::UsGovL4, HomeCloud::UsGovL5) && !share_login(HomeCloud::Global, HomeCloud::China)
        );
        assert_eq!(hosts().len(), 8);
    }
}
