//! The login endpoints of Entra: discovery, keys, authorize and token (graph-facts 11).

mod authorize;
mod discovery;
mod errors;
pub(crate) mod jwt;
mod page;
pub(crate) mod scopes;
pub(crate) mod sessions;
mod token;
mod token_claims;

use http::Method;
use uuid::Uuid;

use crate::ids::TENANT;
pub(crate) use crate::login::errors::LoginError;
use crate::message::{Answer, Incoming};
use crate::persona::DOMAIN;
use crate::tenant::Tenant;

/// The tenant segment of a login path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authority {
    /// This tenant, by id or domain.
    Own,
    /// Any organisation: `organizations`.
    Organizations,
    /// `common` or `consumers`.
    Common,
}

impl Authority {
    fn parse(segment: &str) -> Option<Self> {
        let known = segment.parse::<Uuid>().is_ok_and(|id| id == TENANT)
            || segment.eq_ignore_ascii_case(DOMAIN)
            || segment.eq_ignore_ascii_case("brightwater.onmicrosoft.example");
        match segment.to_ascii_lowercase().as_str() {
            _ if known => Some(Self::Own),
            "organizations" => Some(Self::Organizations),
            "common" | "consumers" => Some(Self::Common),
            _ => None,
        }
    }
}

/// Answers a request whose path is no path of Graph.
pub(crate) fn answer(tenant: &Tenant, incoming: &Incoming) -> Answer {
    with_headers(route(tenant, incoming).unwrap_or_else(|error| error.answer(tenant, incoming)))
}

/// The refusal of a body that is too large to read.
pub(crate) fn too_large(tenant: &Tenant, incoming: &Incoming) -> Answer {
    with_headers(LoginError::too_large().answer(tenant, incoming))
}

/// A refusal that the fault script asks for, in the shape of the token endpoint.
pub(crate) fn refused_by_script(
    tenant: &Tenant,
    incoming: &Incoming,
    status: u16,
    error: Option<&str>,
    message: &str,
) -> Answer {
    with_headers(LoginError::scripted(status, error, message).answer(tenant, incoming))
}

fn with_headers(answer: Answer) -> Answer {
    answer
        .with("cache-control", "no-store, no-cache")
        .with("pragma", "no-cache")
        .with("x-ms-request-id", Uuid::new_v4().to_string())
        .with("x-content-type-options", "nosniff")
}

fn route(tenant: &Tenant, incoming: &Incoming) -> Result<Answer, LoginError> {
    let path = incoming.path.trim_start_matches('/');
    let (segment, rest) = path.split_once('/').unwrap_or((path, ""));
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    let (get, post) = (incoming.method == Method::GET, incoming.method == Method::POST);
    let known = matches!(
        rest,
        "v2.0/.well-known/openid-configuration"
            | ".well-known/openid-configuration"
            | "discovery/v2.0/keys"
            | "oauth2/v2.0/authorize"
            | "oauth2/v2.0/authorize/answer"
            | "oauth2/v2.0/token"
    );
    if !known {
        return Err(LoginError::no_such_page());
    }
    let authority = Authority::parse(&decoded).ok_or_else(|| LoginError::unknown_tenant(&decoded))?;
    match rest {
        "v2.0/.well-known/openid-configuration" | ".well-known/openid-configuration" if get => {
            Ok(discovery::configuration(incoming, authority, &decoded))
        }
        "discovery/v2.0/keys" if get => Ok(Answer::json(200, tenant.store.signer().key_set())),
        "oauth2/v2.0/authorize" if get || post => authorize::ask(tenant, incoming, authority),
        "oauth2/v2.0/authorize/answer" if post => authorize::answer(tenant, incoming),
        "oauth2/v2.0/token" if post => token::exchange(tenant, incoming, authority),
        _ => Err(LoginError::wrong_method()),
    }
}

#[cfg(test)]
pub(crate) fn page_for_test(redirect_uri: &str, code: &str) -> String {
    page::forward(redirect_uri, &[("code", code.to_owned())])
}
