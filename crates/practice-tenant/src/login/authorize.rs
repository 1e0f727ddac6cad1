//! The authorize endpoint: authorization code with PKCE, answered by a page or by the auto-approve dial.

use std::collections::HashMap;

use http::Method;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::login::claims_request::ClaimsRequest;
use crate::login::errors::{LoginError, correlation_id};
use crate::login::scopes::Request;
use crate::login::sessions::{Asked, Authorization, Purpose, ResponseMode, Return};
use crate::login::{Authority, interaction, page};
use crate::message::{Answer, Incoming};
use crate::persona::PersonaKey;
use crate::tenant::Tenant;

/// Parameters by name; the first of several wins.
pub(crate) fn parameters(text: &[u8]) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(text) {
        out.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    out
}

/// Begins a sign-in.
pub(crate) fn ask(tenant: &Tenant, incoming: &Incoming, authority: Authority) -> Result<Answer, LoginError> {
    let given = if incoming.method == Method::POST {
        parameters(&incoming.body)
    } else {
        parameters(incoming.query.as_deref().unwrap_or_default().as_bytes())
    };
    let client = find_client(tenant, incoming, &given, authority).map_err(LoginError::page)?;
    let redirect_uri = checked_redirect(&given, &client).map_err(LoginError::page)?;
    let response_mode = match given.get("response_mode").map_or("query", String::as_str) {
        "query" => ResponseMode::Query,
        "fragment" => ResponseMode::Fragment,
        "form_post" if tenant.dials.refuse_form_post() => return Err(LoginError::response_mode_not_offered().page()),
        "form_post" => ResponseMode::FormPost,
        _ => return Err(LoginError::malformed("response_mode").page()),
    };
    let back = Return { redirect_uri, response_mode, state: given.get("state").cloned() };
    let (request, claims) = match checked_request(tenant, incoming, &given, &client) {
        Ok(checked) => checked,
        Err(error) => return Ok(refused(tenant, incoming, &back, &error)),
    };
    let prompt = given.get("prompt").map(String::as_str).unwrap_or_default();
    if prompt == "none" {
        return Ok(silent(tenant, incoming, &client, &request, &back));
    }
    let asked = Asked {
        client_id: client.app_id,
        request,
        claims,
        ask_consent: ["consent", "admin_consent"].contains(&prompt),
        purpose: Purpose::Authorize(Authorization {
            back,
            nonce: given.get("nonce").cloned(),
            challenge: given.get("code_challenge").cloned().unwrap_or_default(),
        }),
        at: tenant.clock.now(),
    };
    interaction::begin(tenant, incoming, &client, asked, given.get("login_hint").map(String::as_str))
}

/// A browser that must not show anything has no session here. Whoever is signed in by the auto-approve dial may still
/// lack consent; with it they would have to be asked nothing, which this tenant does not play.
fn silent(tenant: &Tenant, incoming: &Incoming, client: &Entity, request: &Request, back: &Return) -> Answer {
    let user = tenant.auto_approve.map(PersonaKey::object_id);
    let lacks = user.is_some_and(|user| {
        tenant.store.read(|directory| {
            let resource = request.find_resource(directory, &incoming.origin);
            resource.is_ok_and(|resource| !request.missing(directory, client, resource, user).is_empty())
        })
    });
    let error = if lacks { consent_required(LoginError::no_consent(client)) } else { LoginError::login_required() };
    refused(tenant, incoming, back, &error)
}

/// At the authorize endpoint, missing consent has another name than at the token endpoint.
fn consent_required(error: LoginError) -> LoginError {
    LoginError { error: "consent_required".into(), ..error }
}

/// The client of a request, which must be one of more than one tenant where the authority is not this tenant.
pub(crate) fn find_client(
    tenant: &Tenant,
    incoming: &Incoming,
    given: &HashMap<String, String>,
    authority: Authority,
) -> Result<Entity, LoginError> {
    let client_id = given.get("client_id").ok_or_else(|| LoginError::missing("client_id"))?;
    let client = tenant.find_client(client_id, &tenant.dials.replica(incoming, tenant.clock.now()))?;
    let is_single = client.text("signInAudience").is_none_or(|audience| audience == "AzureADMyOrg");
    if is_single && authority != Authority::Own {
        return Err(LoginError::single_tenant(&client));
    }
    Ok(client)
}

/// The redirect URI of a request, which must be a registered one.
pub(crate) fn checked_redirect(given: &HashMap<String, String>, client: &Entity) -> Result<String, LoginError> {
    let redirect = given.get("redirect_uri").ok_or_else(|| LoginError::missing("redirect_uri"))?;
    if registered_redirects(client).any(|registered| redirect_matches(registered, redirect)) {
        Ok(redirect.clone())
    } else {
        Err(LoginError::wrong_redirect(redirect, client))
    }
}

/// The first redirect URI that is registered, if any.
pub(crate) fn first_redirect(client: &Entity) -> Option<String> {
    registered_redirects(client).next().map(str::to_owned)
}

fn registered_redirects(client: &Entity) -> impl Iterator<Item = &str> {
    ["publicClient", "web", "spa"]
        .into_iter()
        .filter_map(|platform| client.properties.get(platform)?.get("redirectUris")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
}

/// The port is ignored for loopback hosts over http, the path is not (graph-facts 11).
pub(crate) fn redirect_matches(registered: &str, given: &str) -> bool {
    let (Ok(registered), Ok(given)) = (Url::parse(registered), Url::parse(given)) else { return false };
    let is_loopback = registered.scheme() == "http" && matches!(registered.host_str(), Some("localhost" | "127.0.0.1"));
    registered.scheme() == given.scheme()
        && registered.host() == given.host()
        && (is_loopback || registered.port_or_known_default() == given.port_or_known_default())
        && registered.path() == given.path()
        && registered.query() == given.query()
        && given.fragment().is_none()
}

/// Whatever can be said to the client by way of its redirect URI.
fn checked_request(
    tenant: &Tenant,
    incoming: &Incoming,
    given: &HashMap<String, String>,
    client: &Entity,
) -> Result<(Request, ClaimsRequest), LoginError> {
    let response_type = given.get("response_type").ok_or_else(|| LoginError::missing("response_type"))?;
    if response_type != "code" {
        return Err(LoginError::response_type(response_type));
    }
    let challenge = given.get("code_challenge").ok_or_else(LoginError::no_challenge)?;
    // The SHA-256 of a verifier is always 43 characters of base64url.
    if given.get("code_challenge_method").is_none_or(|method| method != "S256") || challenge.len() != 43 {
        return Err(LoginError::challenge_method());
    }
    let scope = given.get("scope").filter(|scope| !scope.trim().is_empty());
    let request = Request::parse(scope.ok_or_else(|| LoginError::missing("scope"))?)?;
    let claims = ClaimsRequest::parse(given.get("claims"))?;
    tenant.store.read(|directory| {
        let resource = request.find_resource(directory, &incoming.origin)?;
        request.check(client, resource)?;
        let can = request.can_be_consented(directory, client, resource);
        can.then_some(()).ok_or_else(|| consent_required(LoginError::no_consent(client)))
    })?;
    Ok((request, claims))
}

/// The answer with a code.
pub(crate) fn granted(back: &Return, code: String) -> Answer {
    let mut fields = vec![("code", code)];
    fields.extend(back.state.clone().map(|state| ("state", state)));
    fields.push(("session_state", Uuid::new_v4().to_string()));
    deliver(&back.redirect_uri, back.response_mode, &fields)
}

/// The answer with an error.
pub(crate) fn refused(tenant: &Tenant, incoming: &Incoming, back: &Return, error: &LoginError) -> Answer {
    let at = tenant.clock.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let description = error.description(Uuid::new_v4(), &correlation_id(incoming), &at);
    let mut fields = vec![("error", error.error.to_string()), ("error_description", description)];
    if error.error == "access_denied" {
        fields.push(("error_subcode", "cancel".to_owned()));
    }
    fields.extend(back.state.clone().map(|state| ("state", state)));
    deliver(&back.redirect_uri, back.response_mode, &fields)
}

fn deliver(redirect_uri: &str, mode: ResponseMode, fields: &[(&str, String)]) -> Answer {
    if mode == ResponseMode::FormPost {
        return Answer::html(200, page::forward(redirect_uri, fields));
    }
    // The redirect URI has been matched against a registered one, so it parses.
    let Ok(mut target) = Url::parse(redirect_uri) else { return Answer::empty(400) };
    if mode == ResponseMode::Fragment {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        target.set_fragment(Some(&text));
    } else {
        target.query_pairs_mut().extend_pairs(fields);
    }
    Answer::empty(302).with("location", target.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_redirects_may_have_any_port_but_no_other_path_host_or_scheme() {
        assert!(redirect_matches("http://localhost", "http://localhost:4711"));
        assert!(redirect_matches("http://localhost", "http://localhost:4711/"));
        assert!(redirect_matches("http://localhost/back", "http://localhost:1/back"));
        for wrong in [
            "http://localhost:4711/other",
            "https://localhost:4711",
            "http://localhost.evil.example",
            "http://127.0.0.1:4711",
            "http://localhost:4711/#x",
            "nonsense",
        ] {
            assert!(!redirect_matches("http://localhost", wrong), "{wrong}");
        }
        assert!(!redirect_matches("http://localhost/Back", "http://localhost/back"));
        assert!(!redirect_matches("https://app.example/x", "https://app.example:444/x"));
    }
}
