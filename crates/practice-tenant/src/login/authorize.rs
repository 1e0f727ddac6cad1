//! The authorize endpoint: authorization code with PKCE, answered by a page or by the auto-approve dial.

use std::collections::HashMap;
use std::sync::PoisonError;

use http::Method;
use serde_json::Value;
use url::Url;
use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::login::errors::{LoginError, correlation_id};
use crate::login::scopes::Request;
use crate::login::sessions::{Asked, ResponseMode};
use crate::login::{Authority, page};
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
        "form_post" => ResponseMode::FormPost,
        _ => return Err(LoginError::malformed("response_mode").page()),
    };
    let state = given.get("state").cloned();
    let refuse = |error: &LoginError| refused(tenant, incoming, &redirect_uri, response_mode, state.as_deref(), error);
    let request = match checked_request(tenant, incoming, &given, &client) {
        Ok(request) => request,
        Err(error) => return Ok(refuse(&error)),
    };
    let asked = Asked {
        client_id: client.app_id,
        redirect_uri: redirect_uri.clone(),
        state: state.clone(),
        nonce: given.get("nonce").cloned(),
        response_mode,
        challenge: given.get("code_challenge").cloned().unwrap_or_default(),
        request,
        at: tenant.clock.now(),
    };
    if let Some(persona) = tenant.auto_approve {
        return approve(tenant, asked, persona);
    }
    if given.get("prompt").is_some_and(|prompt| prompt == "none") {
        return Ok(refuse(&LoginError::login_required()));
    }
    let key = tenant.sessions.lock().unwrap_or_else(PoisonError::into_inner).ask(asked);
    let action = format!("{}{}/answer", incoming.origin, incoming.path.trim_end_matches('/'));
    let hint = given.get("login_hint").map(String::as_str);
    let users = tenant.store.read(|directory| directory.users.clone());
    Ok(Answer::html(200, page::choose(client.display_name(), &action, &key, &users, hint)))
}

/// Ends a sign-in: the form of the page was sent.
pub(crate) fn answer(tenant: &Tenant, incoming: &Incoming) -> Result<Answer, LoginError> {
    let given = parameters(&incoming.body);
    let key = given.get("request").map(String::as_str).unwrap_or_default();
    let asked =
        tenant.sessions.lock().unwrap_or_else(PoisonError::into_inner).take(key).ok_or_else(LoginError::stale_page)?;
    if given.contains_key("cancel") {
        let error = LoginError::cancelled();
        return Ok(refused(tenant, incoming, &asked.redirect_uri, asked.response_mode, asked.state.as_deref(), &error));
    }
    let persona = given.get("persona").and_then(|text| text.parse().ok());
    approve(tenant, asked, persona.ok_or_else(|| LoginError::malformed("persona").page())?)
}

fn approve(tenant: &Tenant, asked: Asked, persona: PersonaKey) -> Result<Answer, LoginError> {
    let user = persona.object_id();
    let is_enabled = tenant.store.read(|directory| directory.user(user).is_some_and(|user| user.account_enabled));
    if !is_enabled {
        return Err(LoginError::disabled_user().page());
    }
    let (redirect_uri, mode, state) = (asked.redirect_uri.clone(), asked.response_mode, asked.state.clone());
    let now = tenant.clock.now();
    let code = tenant.sessions.lock().unwrap_or_else(PoisonError::into_inner).issue(asked, user, now);
    let mut fields = vec![("code", code)];
    fields.extend(state.map(|state| ("state", state)));
    fields.push(("session_state", Uuid::new_v4().to_string()));
    Ok(deliver(&redirect_uri, mode, &fields))
}

fn find_client(
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

fn checked_redirect(given: &HashMap<String, String>, client: &Entity) -> Result<String, LoginError> {
    let redirect = given.get("redirect_uri").ok_or_else(|| LoginError::missing("redirect_uri"))?;
    if registered_redirects(client).any(|registered| redirect_matches(registered, redirect)) {
        Ok(redirect.clone())
    } else {
        Err(LoginError::wrong_redirect(redirect, client))
    }
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
) -> Result<Request, LoginError> {
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
    tenant.store.read(|directory| {
        let resource = request.find_resource(directory, &incoming.origin)?;
        match request.consented(directory, client, resource) {
            Ok(_) => Ok(()),
            Err(error) if error.code == 65_001 => Err(LoginError { error: "consent_required".into(), ..error }),
            Err(error) => Err(error),
        }
    })?;
    Ok(request)
}

fn refused(
    tenant: &Tenant,
    incoming: &Incoming,
    redirect_uri: &str,
    mode: ResponseMode,
    state: Option<&str>,
    error: &LoginError,
) -> Answer {
    let at = tenant.clock.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let description = error.description(Uuid::new_v4(), &correlation_id(incoming), &at);
    let mut fields = vec![("error", error.error.to_string()), ("error_description", description)];
    if error.error == "access_denied" {
        fields.push(("error_subcode", "cancel".to_owned()));
    }
    fields.extend(state.map(|state| ("state", state.to_owned())));
    deliver(redirect_uri, mode, &fields)
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
