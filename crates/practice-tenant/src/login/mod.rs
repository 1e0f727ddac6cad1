//! The login endpoints of Entra: discovery, keys, authorize, device code, token and consent (graph-facts 11).

mod access;
mod admin_consent;
mod assertion;
mod authorize;
mod claims_request;
mod consent;
mod device;
mod devices;
mod discovery;
mod errors;
mod interaction;
pub(crate) mod jwt;
mod microsoft_clients;
mod page;
mod refusals;
pub(crate) mod scopes;
pub(crate) mod sessions;
mod token;
mod token_claims;

use http::Method;
use uuid::Uuid;

use crate::clouds::{self, Place};
use crate::directory::entity::Entity;
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
    pub(crate) fn parse(segment: &str) -> Option<Self> {
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

/// The endpoints after the tenant segment.
const ENDPOINTS: [&str; 13] = [
    "v2.0/.well-known/openid-configuration",
    ".well-known/openid-configuration",
    "discovery/v2.0/keys",
    "oauth2/v2.0/authorize",
    "oauth2/v2.0/authorize/answer",
    "oauth2/v2.0/devicecode",
    "oauth2/deviceauth",
    "oauth2/deviceauth/answer",
    "oauth2/v2.0/token",
    "oauth2/v2.0/logout",
    "adminconsent",
    "v2.0/adminconsent",
    "adminconsent/answer",
];

fn route(tenant: &Tenant, incoming: &Incoming) -> Result<Answer, LoginError> {
    let path = incoming.path.trim_start_matches('/');
    let (segment, rest) = path.split_once('/').unwrap_or((path, ""));
    let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    let (get, post) = (incoming.method == Method::GET, incoming.method == Method::POST);
    // Both versions of the administrators' consent are answered alike.
    let rest = if rest == "v2.0/adminconsent/answer" { "adminconsent/answer" } else { rest };
    if !ENDPOINTS.contains(&rest) {
        return Err(LoginError::no_such_page());
    }
    let authority = Authority::parse(&decoded).ok_or_else(|| LoginError::unknown_tenant(&decoded))?;
    match rest {
        "v2.0/.well-known/openid-configuration" | ".well-known/openid-configuration" if get => {
            return Ok(discovery::configuration(tenant, incoming, authority, &decoded));
        }
        "discovery/v2.0/keys" if get => return Ok(Answer::json(200, tenant.store.signer().key_set())),
        "oauth2/v2.0/logout" if get || post => return Ok(Answer::html(200, page::signed_out())),
        _ => {}
    }
    check_cloud(tenant, incoming, authority, &decoded).map_err(|error| {
        let is_for_people = !["oauth2/v2.0/token", "oauth2/v2.0/devicecode"].contains(&rest);
        if is_for_people { error.page() } else { error }
    })?;
    match rest {
        "oauth2/v2.0/authorize" if get || post => authorize::ask(tenant, incoming, authority),
        "oauth2/v2.0/authorize/answer" | "oauth2/deviceauth/answer" | "adminconsent/answer" if post => {
            interaction::answer(tenant, incoming)
        }
        "oauth2/v2.0/devicecode" if post => device::issue(tenant, incoming, authority),
        "oauth2/deviceauth" if get => Ok(device::ask(incoming)),
        "oauth2/deviceauth" if post => device::typed(tenant, incoming),
        "oauth2/v2.0/token" if post => token::exchange(tenant, incoming, authority),
        "adminconsent" if get => admin_consent::ask(tenant, incoming, authority, false),
        "v2.0/adminconsent" if get => admin_consent::ask(tenant, incoming, authority, true),
        _ => Err(LoginError::wrong_method()),
    }
}

/// Under the login host of another cloud the tenant is known to live elsewhere, and its apps are not known at all.
fn check_cloud(tenant: &Tenant, incoming: &Incoming, authority: Authority, segment: &str) -> Result<(), LoginError> {
    let Place::Login(here) = clouds::place(&incoming.origin) else { return Ok(()) };
    if clouds::share_login(here, tenant.home) {
        return Ok(());
    }
    if authority == Authority::Own {
        return Err(LoginError::other_cloud(segment, tenant.home));
    }
    let query = authorize::parameters(incoming.query.as_deref().unwrap_or_default().as_bytes());
    let form = authorize::parameters(&incoming.body);
    let client = query.get("client_id").or_else(|| form.get("client_id"));
    Err(LoginError::unknown_client(client.map(String::as_str).unwrap_or_default()))
}

/// Microsoft's own client with this id, as its owner has registered it.
pub(crate) fn microsoft_client(app_id: Uuid) -> Option<Entity> {
    microsoft_clients::find(app_id)
}

#[cfg(test)]
pub(crate) fn page_for_test(redirect_uri: &str, code: &str) -> String {
    page::forward(redirect_uri, &[("code", code.to_owned())])
}
