//! The OpenID Connect discovery document, under whatever host the client used.

use std::borrow::Cow;

use serde_json::json;

use crate::clouds::{self, Place};
use crate::ids::TENANT;
use crate::login::Authority;
use crate::message::{Answer, Incoming};
use crate::tenant::Tenant;

/// What a document says of the cloud.
struct Cloud<'a> {
    origin: Cow<'a, str>,
    instance: &'a str,
    directory: &'a str,
    graph: &'a str,
    region: Option<&'a str>,
    sub_region: Option<&'a str>,
}

/// Under the host of a real cloud its facts; of a tenant that lives elsewhere those of its home (graph-facts 12).
fn cloud<'a>(tenant: &Tenant, incoming: &'a Incoming, authority: Authority) -> Cloud<'a> {
    let origin = &incoming.origin;
    let Place::Login(here) = clouds::place(origin) else {
        let host = origin.strip_prefix("https://").unwrap_or(origin);
        let region = (authority == Authority::Own).then_some("EU");
        let origin = Cow::Borrowed(origin.as_str());
        return Cloud { origin, instance: host, directory: host, graph: host, region, sub_region: None };
    };
    let is_home = clouds::share_login(here, tenant.home);
    let cloud = if is_home || authority == Authority::Own { tenant.home } else { here };
    let facts = cloud.facts();
    let origin = match facts.login.first() {
        Some(host) if !is_home && authority == Authority::Own => Cow::Owned(format!("https://{host}")),
        _ => Cow::Borrowed(origin.as_str()),
    };
    let of_tenant = authority == Authority::Own;
    Cloud {
        origin,
        instance: facts.instance,
        directory: facts.directory,
        graph: facts.graph,
        region: of_tenant.then_some(facts.region),
        sub_region: facts.sub_region.filter(|_| of_tenant),
    }
}

/// The document; `segment` is the tenant as the client wrote it.
pub(crate) fn configuration(tenant: &Tenant, incoming: &Incoming, authority: Authority, segment: &str) -> Answer {
    let cloud = cloud(tenant, incoming, authority);
    let origin = cloud.origin.as_ref();
    // For `organizations` the real document has this placeholder too.
    let issuer = match authority {
        Authority::Own => TENANT.to_string(),
        Authority::Organizations | Authority::Common => "{tenantid}".to_owned(),
    };
    let mut response_modes = vec!["query", "fragment", "form_post"];
    response_modes.retain(|mode| *mode != "form_post" || !tenant.dials.refuse_form_post());
    let tenant = format!("{origin}/{segment}");
    Answer::json(
        200,
        json!({
            "authorization_endpoint": format!("{tenant}/oauth2/v2.0/authorize"),
            "claims_supported": [
                "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name",
                "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid",
                "ver", "at_hash", "c_hash", "email",
            ],
            "cloud_graph_host_name": cloud.directory,
            "cloud_instance_name": cloud.instance,
            "device_authorization_endpoint": format!("{tenant}/oauth2/v2.0/devicecode"),
            "end_session_endpoint": format!("{tenant}/oauth2/v2.0/logout"),
            "frontchannel_logout_supported": true,
            "http_logout_supported": true,
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": format!("{origin}/{issuer}/v2.0"),
            "jwks_uri": format!("{tenant}/discovery/v2.0/keys"),
            "msgraph_host": cloud.graph,
            "rbac_url": origin,
            "request_uri_parameter_supported": false,
            "response_modes_supported": response_modes,
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "tenant_region_scope": cloud.region,
            "tenant_region_sub_scope": cloud.sub_region,
            "token_endpoint": format!("{tenant}/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "userinfo_endpoint": format!("{origin}/oidc/userinfo"),
        }),
    )
}
