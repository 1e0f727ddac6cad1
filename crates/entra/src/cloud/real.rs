//! The real clouds as they are documented (graph-facts 12), and how one is found.

use url::Url;

use super::{Cloud, Trust};

/// A real cloud as it is documented (graph-facts 12).
struct Facts {
    key: &'static str,
    name: &'static str,
    login: &'static str,
    /// Another login host of the same cloud that sources name.
    login_too: Option<&'static str>,
    graph: &'static str,
    portal: &'static str,
    azure_portal: &'static str,
    provisioning_logs: bool,
}

const GLOBAL: Facts = Facts {
    key: "global",
    name: "Global",
    login: "login.microsoftonline.com",
    login_too: None,
    graph: "graph.microsoft.com",
    portal: "entra.microsoft.com",
    azure_portal: "portal.azure.com",
    provisioning_logs: true,
};
const US_GOV_L4: Facts = Facts {
    key: "usGovL4",
    name: "US Government L4 (GCC High)",
    login: "login.microsoftonline.us",
    login_too: None,
    graph: "graph.microsoft.us",
    portal: "entra.microsoft.us",
    azure_portal: "portal.azure.us",
    provisioning_logs: true,
};
const US_GOV_L5: Facts = Facts {
    key: "usGovL5",
    name: "US Government L5 (DoD)",
    login: "login.microsoftonline.us",
    login_too: None,
    graph: "dod-graph.microsoft.us",
    portal: "entra.microsoft.us",
    azure_portal: "portal.azure.us",
    provisioning_logs: true,
};
const CHINA: Facts = Facts {
    key: "china",
    name: "China (21Vianet)",
    login: "login.partner.microsoftonline.cn",
    login_too: Some("login.chinacloudapi.cn"),
    graph: "microsoftgraph.chinacloudapi.cn",
    portal: "entra.microsoftonline.cn",
    azure_portal: "portal.azure.cn",
    provisioning_logs: false,
};
/// The most common first. L4 stands before L5, with which it shares its login host.
const REAL: [&Facts; 4] = [&GLOBAL, &US_GOV_L4, &US_GOV_L5, &CHINA];

impl Cloud {
    /// The worldwide cloud, GCC included.
    #[must_use]
    pub fn global() -> Self {
        Self::real(&GLOBAL)
    }

    /// US Government L4 (GCC High).
    #[must_use]
    pub fn us_gov_l4() -> Self {
        Self::real(&US_GOV_L4)
    }

    /// US Government L5 (DoD). Shares the login host with L4; the Graph host decides.
    #[must_use]
    pub fn us_gov_l5() -> Self {
        Self::real(&US_GOV_L5)
    }

    /// China, operated by 21Vianet.
    #[must_use]
    pub fn china() -> Self {
        Self::real(&CHINA)
    }

    fn real(facts: &Facts) -> Self {
        Self {
            key: facts.key.to_owned(),
            name: facts.name.to_owned(),
            login: host_url(facts.login),
            graph: host_url(facts.graph),
            portal: host_url(facts.portal),
            azure_portal: host_url(facts.azure_portal),
            provisioning_logs: facts.provisioning_logs,
            trust: Trust::System,
            address: None,
        }
    }
}

/// The real clouds, the most common first.
#[must_use]
pub fn clouds() -> Vec<Cloud> {
    REAL.into_iter().map(Cloud::real).collect()
}

/// The real cloud with this key, as it is documented.
#[must_use]
pub fn cloud_of_key(key: &str) -> Option<Cloud> {
    REAL.into_iter().find(|facts| facts.key == key).map(Cloud::real)
}

/// The real cloud that has this host as its sign-in service or its Graph. The login host that L4 and L5 share is L4's:
/// [`home_of`](super::home_of) tells them apart.
#[must_use]
pub fn cloud_of_host(host: &str) -> Option<Cloud> {
    let is = |own: &str| own.eq_ignore_ascii_case(host);
    let found = REAL.into_iter().find(|it| is(it.login) || is(it.graph) || it.login_too.is_some_and(is));
    found.map(Cloud::real)
}

#[allow(clippy::expect_used, reason = "only called with the host names written above; a test parses each")]
fn host_url(host: &str) -> Url {
    Url::parse(&format!("https://{host}/")).expect("a host name")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let portals: Vec<_> = clouds().iter().map(|it| (it.portal.to_string(), it.azure_portal.to_string())).collect();
        let expected = [
            ("https://entra.microsoft.com/", "https://portal.azure.com/"),
            ("https://entra.microsoft.us/", "https://portal.azure.us/"),
            ("https://entra.microsoft.us/", "https://portal.azure.us/"),
            ("https://entra.microsoftonline.cn/", "https://portal.azure.cn/"),
        ];
        assert_eq!(portals, expected.map(|(entra, azure)| (entra.to_owned(), azure.to_owned())));
        let without_logs: Vec<_> = clouds().into_iter().filter(|it| !it.provisioning_logs).map(|it| it.key).collect();
        assert_eq!(without_logs, ["china"]);
    }

    #[test]
    fn clouds_are_found_by_key_and_by_host() {
        for cloud in clouds() {
            assert_eq!(cloud_of_key(&cloud.key), Some(cloud.clone()));
            let graph = cloud.graph.host_str().expect("a host");
            assert_eq!(cloud_of_host(&graph.to_uppercase()), Some(cloud.clone()));
            let by_login = cloud_of_host(cloud.login.host_str().expect("a host")).expect("known");
            assert_eq!(by_login.login, cloud.login);
        }
        assert_eq!(cloud_of_host("login.microsoftonline.us"), Some(Cloud::us_gov_l4()), "shared: L4's");
        assert_eq!(cloud_of_host("login.chinacloudapi.cn"), Some(Cloud::china()));
        for stranger in ["", "practice", "microsoft.com", "graph.microsoft.com.", "agraph.microsoft.com", "localhost"] {
            assert_eq!((cloud_of_host(stranger), cloud_of_key(stranger)), (None, None), "{stranger}");
        }
    }
}
