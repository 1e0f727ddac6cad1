//! In which national cloud a tenant lives: by the sign-in service's own description, before anyone signs in
//! (graph-facts 12).

use serde::Deserialize;

use super::authority::Authority;
use super::error::AuthError;
use crate::clock::Clock;
use crate::cloud::{Cloud, clouds, home_of};
use crate::http::Http;
use crate::ids::TenantId;

/// Where a tenant is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantWhereabouts {
    /// Its id; none where only a kind of accounts was asked for (`organizations`).
    pub tenant: Option<TenantId>,
    /// The cloud that it lives in, as we reach it; none where the service does not tell.
    pub home: Option<Cloud>,
    /// That is another cloud than the one that was asked.
    pub is_elsewhere: bool,
    /// Its region in the service's words, e.g. `EU` or `USGov`.
    pub region: Option<String>,
}

/// What a description says of the tenant's home.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Home {
    cloud_instance_name: Option<String>,
    msgraph_host: Option<String>,
    tenant_region_scope: Option<String>,
    tenant_region_sub_scope: Option<String>,
}

/// Asks `cloud` where `tenant`, an id or a domain, lives. Signs nobody in.
///
/// # Errors
/// As [`AuthError`] says; a tenant that no cloud knows is refused with AADSTS90002.
pub async fn look_up(cloud: &Cloud, tenant: &str, clock: &dyn Clock) -> Result<TenantWhereabouts, AuthError> {
    let host = cloud.login.host_str().unwrap_or_default();
    let http = Http::of(cloud).map_err(|error| AuthError::of_http(error, host, "the sign-in service"))?;
    let found = Authority::describe(&http, clock, cloud, tenant).await?;
    let id = |issuer: &str| issuer.split('/').find_map(|part| part.parse().ok());
    let elsewhere = found.home.elsewhere(cloud);
    Ok(TenantWhereabouts {
        tenant: id(&found.issuer),
        is_elsewhere: elsewhere.is_some(),
        home: elsewhere.or_else(|| found.home.cloud()),
        region: found.home.tenant_region_scope,
    })
}

impl Home {
    /// The tenant's cloud, if it is not `asked`. Of no tenant in particular, the description is that of the login
    /// service, which two clouds share; the practice tenant is everywhere at home.
    pub(super) fn elsewhere(&self, asked: &Cloud) -> Option<Cloud> {
        self.tenant_region_scope.as_ref()?;
        let is_real = clouds().iter().any(|cloud| cloud.key == asked.key);
        self.cloud().filter(|home| is_real && home.key != asked.key)
    }

    fn cloud(&self) -> Option<Cloud> {
        home_of(
            self.cloud_instance_name.as_deref(),
            self.msgraph_host.as_deref(),
            self.tenant_region_sub_scope.as_deref(),
        )
    }
}

/// The tenant's cloud, where a refusal names it: "belongs to the National Cloud 'MicrosoftOnline.US'" (AADSTS90038 and
/// its kin, graph-facts 11). Words of an error serve to explain, here to name the way out, and decide nothing else.
pub(super) fn named_by(error: AuthError, asked: &Cloud) -> AuthError {
    let AuthError::Refused { codes, description, .. } = &error else { return error };
    let national = [90_038, 900_381, 900_382, 900_383, 900_384];
    if !codes.iter().any(|code| national.contains(code)) {
        return error;
    }
    let text = description.to_lowercase();
    let home = clouds().into_iter().find(|cloud| {
        let host = cloud.login.host_str().unwrap_or_default();
        let name = host.strip_prefix("login.").unwrap_or(host);
        let is_own = asked.login.host_str() == Some(host);
        !is_own && (text.contains(&format!("'{name}'")) || text.contains(host))
    });
    home.map_or(error, |home| AuthError::WrongCloud { home: home.name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(instance: &str, graph: &str, region: Option<&str>, sub: Option<&str>) -> Home {
        Home {
            cloud_instance_name: Some(instance.to_owned()),
            msgraph_host: Some(graph.to_owned()),
            tenant_region_scope: region.map(str::to_owned),
            tenant_region_sub_scope: sub.map(str::to_owned),
        }
    }

    #[test]
    fn a_tenants_own_cloud_is_told_from_the_others() {
        let commercial = home("microsoftonline.com", "graph.microsoft.com", Some("NA"), Some("GCC"));
        assert_eq!(commercial.elsewhere(&Cloud::global()), None, "GCC is in the worldwide cloud");
        assert_eq!(commercial.elsewhere(&Cloud::us_gov_l4()).map(|it| it.key).as_deref(), Some("global"));
        let l5 = home("microsoftonline.us", "dod-graph.microsoft.us", Some("USGov"), Some("DOD"));
        assert_eq!(l5.elsewhere(&Cloud::us_gov_l5()), None);
        for other in [Cloud::global(), Cloud::us_gov_l4(), Cloud::china()] {
            assert_eq!(l5.elsewhere(&other).map(|it| it.key).as_deref(), Some("usGovL5"), "{}", other.key);
        }
        let china = home("partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn", Some("AS"), None);
        assert_eq!(china.elsewhere(&Cloud::global()).map(|it| it.name).as_deref(), Some("China (21Vianet)"));
    }

    #[test]
    fn the_region_tells_where_the_graph_host_does_not() {
        let dod = home("microsoftonline.us", "", Some("USGov"), Some("DOD"));
        assert_eq!(dod.elsewhere(&Cloud::us_gov_l4()).map(|it| it.key).as_deref(), Some("usGovL5"));
        let bare = home("microsoftonline.us", "", Some("USGov"), None);
        assert_eq!(bare.elsewhere(&Cloud::global()).map(|it| it.key).as_deref(), Some("usGovL4"));
    }

    #[test]
    fn no_tenant_in_particular_and_the_practice_tenant_are_nowhere_else() {
        let of_host = home("microsoftonline.us", "graph.microsoft.us", None, None);
        assert_eq!(of_host.elsewhere(&Cloud::us_gov_l5()), None);
        let practice = Cloud::practice(&format!("https://localhost:1/#sha256={}", "0".repeat(64))).expect("a cloud");
        let anywhere = home("microsoftonline.us", "graph.microsoft.us", Some("USGov"), None);
        assert_eq!(anywhere.elsewhere(&practice), None);
        let at_localhost = home("localhost:5443", "localhost:5443", Some("EU"), None);
        assert_eq!(at_localhost.elsewhere(&Cloud::global()), None, "an unknown name says nothing");
    }

    #[test]
    fn a_refusal_that_names_a_cloud_is_told_as_such() {
        let refused =
            |code: u32, text: &str| AuthError::of_redirect("invalid_request", &format!("AADSTS{code}: {text}"));
        let text = "The specified tenant 'x' belongs to the National Cloud 'MicrosoftOnline.US'.";
        let home = |error| matches!(error, AuthError::WrongCloud { home } if home.starts_with("US Government L4"));
        assert!(home(named_by(refused(90_038, text), &Cloud::global())));
        assert!(home(named_by(refused(900_382, "Use login.microsoftonline.us instead."), &Cloud::china())));
        assert!(matches!(named_by(refused(50_020, text), &Cloud::global()), AuthError::Refused { .. }));
        assert!(matches!(named_by(refused(90_038, "Elsewhere."), &Cloud::global()), AuthError::Refused { .. }));
    }
}
