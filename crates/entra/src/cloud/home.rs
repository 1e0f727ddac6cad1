//! In which cloud a tenant lives, from what any cloud's sign-in service says of it (OpenID Connect discovery).

use super::{Cloud, cloud_of_host};

/// The real cloud that a tenant lives in; none where nothing that is known tells. Each is a property of the discovery
/// document of the same name.
///
/// L4 and L5 share login hosts and `cloud_instance_name`, and not every answer names the Graph host of L5, so the sub
/// scope of the region comes first: `DODCON` is L4, `DOD` is L5. `GCC` lives in the global cloud.
#[must_use]
pub fn home_of(
    cloud_instance_name: Option<&str>,
    msgraph_host: Option<&str>,
    tenant_region_sub_scope: Option<&str>,
) -> Option<Cloud> {
    let by_region = tenant_region_sub_scope.and_then(|scope| match scope.to_ascii_uppercase().as_str() {
        "DOD" => Some(Cloud::us_gov_l5()),
        "DODCON" => Some(Cloud::us_gov_l4()),
        _ => None,
    });
    let by_graph = || msgraph_host.and_then(cloud_of_host);
    // The instance is the login host without its first label, or the whole host.
    let by_instance = || {
        let name = cloud_instance_name?;
        cloud_of_host(&format!("login.{name}")).or_else(|| cloud_of_host(name))
    };
    by_region.or_else(by_graph).or_else(by_instance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_of_each_cloud_is_sent_home() {
        let us = "microsoftonline.us";
        for (instance, graph, scope, home) in [
            (Some("microsoftonline.com"), Some("graph.microsoft.com"), None, Some("global")),
            (Some("microsoftonline.com"), Some("graph.microsoft.com"), Some("GCC"), Some("global")),
            (Some(us), Some("graph.microsoft.us"), Some("DODCON"), Some("usGovL4")),
            (Some(us), Some("dod-graph.microsoft.us"), Some("DOD"), Some("usGovL5")),
            // L5 by either of both.
            (Some(us), Some("graph.microsoft.us"), Some("DOD"), Some("usGovL5")),
            (Some(us), Some("dod-graph.microsoft.us"), None, Some("usGovL5")),
            (Some(us), None, None, Some("usGovL4")),
            (Some("partner.microsoftonline.cn"), Some("microsoftgraph.chinacloudapi.cn"), None, Some("china")),
            (Some("partner.microsoftonline.cn"), None, None, Some("china")),
            (Some("chinacloudapi.cn"), None, None, Some("china")),
            (Some("login.microsoftonline.com"), None, None, Some("global")),
            (Some("microsoftonline.de"), Some("graph.microsoft.de"), None, None),
            (Some("microsoftonline.com.evil.example"), None, None, None),
            (Some(""), Some(""), Some(""), None),
            (None, None, None, None),
        ] {
            let found = home_of(instance, graph, scope).map(|cloud| cloud.key);
            assert_eq!(found.as_deref(), home, "{instance:?} {graph:?} {scope:?}");
        }
    }
}
