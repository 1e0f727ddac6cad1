//! What a request costs, as far as that is published (graph-facts 10); its answer tells what it truly did.

use ::http::Method;
use url::Url;

/// The units that a request takes of the service's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) units: u32,
    /// 1 for what changes something: that counts against a limit of its own besides.
    pub(super) writes: u32,
}

impl Cost {
    pub(super) fn of(method: &Method, url: &Url) -> Self {
        let mut units = if *method == Method::GET { of_read(url) } else { 1 };
        let options: Vec<_> = url.query_pairs().collect();
        let has = |name: &str| options.iter().any(|(given, _)| given == name);
        let is_small =
            options.iter().any(|(name, value)| name == "$top" && value.parse().is_ok_and(|top: u32| top < 20));
        units += u32::from(has("$expand"));
        units = units.saturating_sub(u32::from(has("$select")) + u32::from(is_small));
        Self { units: units.max(1), writes: u32::from(*method != Method::GET) }
    }
}

fn of_read(url: &Url) -> u32 {
    let segments: Vec<_> = url.path_segments().into_iter().flatten().skip(1).filter(|part| !part.is_empty()).collect();
    let is_dear = match *segments.as_slice() {
        [first, ..] if first == "applications" || first.starts_with("applications(") => true,
        ["oauth2PermissionGrants", ..] | ["me", "transitiveMemberOf", ..] => true,
        [.., last] => last == "appRoleAssignments",
        [] => false,
    };
    if is_dear { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cloud;
    use crate::graph::request::{self, Request};
    use crate::model::ServicePrincipalType;

    fn cost(request: &Request) -> (u32, u32) {
        let cost = Cost::of(&request.method, &request.url(&Cloud::global()));
        (cost.units, cost.writes)
    }

    #[test]
    fn requests_cost_what_is_published() {
        let get = |path: &str| {
            let url = Url::parse(&format!("https://graph.microsoft.com/v1.0/{path}")).expect("a URL");
            Cost::of(&Method::GET, &url).units
        };
        for (path, units) in [
            ("applications", 2),
            ("applications/1", 2),
            ("applications(uniqueName='x')", 2),
            ("applications?$select=id", 1),
            ("applications?$select=id&$top=5", 1),
            ("applications?%24expand=owners", 3),
            ("servicePrincipals/1", 1),
            ("servicePrincipals/1/appRoleAssignments", 2),
            ("servicePrincipals/1/appRoleAssignedTo?$top=999", 1),
            ("me", 1),
            ("me/transitiveMemberOf/microsoft.graph.directoryRole", 2),
            ("oauth2PermissionGrants?$top=999", 2),
            ("", 1),
        ] {
            assert_eq!(get(path), units, "{path}");
        }
    }

    #[test]
    fn what_changes_something_counts_as_a_write_besides() {
        assert_eq!(cost(&request::me()), (1, 0));
        assert_eq!(cost(&request::grant("a", "b", "c")), (1, 1));
        assert_eq!(cost(&request::patch_requested("a", &[])), (1, 1));
        assert_eq!(cost(&request::delete_application("a")), (1, 1));
        let identity = Some(ServicePrincipalType::ManagedIdentity);
        assert_eq!(cost(&request::service_principals_named("x", identity.as_ref())), (1, 0));
    }
}
