//! The OpenID Connect discovery document, under whatever host the client used.

use serde_json::json;

use crate::ids::TENANT;
use crate::login::Authority;
use crate::message::{Answer, Incoming};

/// The document; `segment` is the tenant as the client wrote it.
pub(crate) fn configuration(incoming: &Incoming, authority: Authority, segment: &str) -> Answer {
    let origin = &incoming.origin;
    let host = origin.strip_prefix("https://").unwrap_or(origin);
    // For `organizations` the real document has this placeholder too.
    let (issuer, region) = match authority {
        Authority::Own => (TENANT.to_string(), json!("EU")),
        Authority::Organizations | Authority::Common => ("{tenantid}".to_owned(), json!(null)),
    };
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
            "cloud_graph_host_name": host,
            "cloud_instance_name": host,
            "device_authorization_endpoint": format!("{tenant}/oauth2/v2.0/devicecode"),
            "end_session_endpoint": format!("{tenant}/oauth2/v2.0/logout"),
            "frontchannel_logout_supported": true,
            "http_logout_supported": true,
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": format!("{origin}/{issuer}/v2.0"),
            "jwks_uri": format!("{tenant}/discovery/v2.0/keys"),
            "msgraph_host": host,
            "rbac_url": origin,
            "request_uri_parameter_supported": false,
            "response_modes_supported": ["query", "fragment", "form_post"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "tenant_region_scope": region,
            "token_endpoint": format!("{tenant}/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "userinfo_endpoint": format!("{origin}/oidc/userinfo"),
        }),
    )
}
