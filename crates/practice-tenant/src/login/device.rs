//! The device code endpoint, and the page on which the code is typed (graph-facts 11).

use serde_json::json;

use crate::login::authorize::{find_client, parameters};
use crate::login::claims_request::ClaimsRequest;
use crate::login::devices::{DEVICE_CODE_LIFE, INTERVAL, State};
use crate::login::errors::LoginError;
use crate::login::interaction::{self, sessions};
use crate::login::scopes::Request;
use crate::login::sessions::{Asked, Purpose};
use crate::login::{Authority, access, page};
use crate::message::{Answer, Incoming};
use crate::tenant::Tenant;

/// Where the code is typed; on the host that was used, as the tenant has no other.
const PAGE: &str = "/common/oauth2/deviceauth";

/// Issues a device code. Entra sends no `verification_uri_complete`.
pub(crate) fn issue(tenant: &Tenant, incoming: &Incoming, authority: Authority) -> Result<Answer, LoginError> {
    let given = parameters(&incoming.body);
    let client = find_client(tenant, incoming, &given, authority)?;
    let scope = given.get("scope").filter(|scope| !scope.trim().is_empty());
    let request = Request::parse(scope.ok_or_else(|| LoginError::missing("scope"))?)?;
    let claims = ClaimsRequest::parse(given.get("claims"))?;
    tenant.store.read(|directory| {
        let resource = request.find_resource(directory, &incoming.origin)?;
        request.check(&client, resource)
    })?;
    let now = tenant.clock.now();
    let (code, user_code) = sessions(tenant).devices.issue(client.app_id, request, claims.clone(), now);
    if let Some(persona) = tenant.auto_approve {
        let user = tenant.store.read(|directory| directory.user(persona.object_id()).cloned());
        let user = user.ok_or_else(LoginError::disabled_user)?;
        let proof = access::prove(tenant, &user, &claims)?;
        sessions(tenant).devices.answer(&code, State::Approved { user: user.id, proof }, now)?;
    }
    let uri = format!("{}{PAGE}", incoming.origin);
    let message =
        format!("To sign in, use a web browser to open the page {uri} and enter the code {user_code} to authenticate.");
    Ok(Answer::json(
        200,
        json!({
            "user_code": user_code,
            "device_code": code,
            "verification_uri": uri,
            "expires_in": DEVICE_CODE_LIFE.as_secs(),
            "interval": INTERVAL.as_secs(),
            "message": message,
        }),
    ))
}

/// The page that asks for the code. A link may bring the code along, but the person still has to send it.
pub(crate) fn ask(incoming: &Incoming) -> Answer {
    let given = parameters(incoming.query.as_deref().unwrap_or_default().as_bytes());
    let code = given.get("otc").map(String::as_str).unwrap_or_default();
    Answer::html(200, page::device_code(&action(incoming), code, None))
}

fn action(incoming: &Incoming) -> String {
    format!("{}{}", incoming.origin, incoming.path.trim_end_matches('/'))
}

/// The code was typed.
pub(crate) fn typed(tenant: &Tenant, incoming: &Incoming) -> Result<Answer, LoginError> {
    let given = parameters(&incoming.body);
    let text = given.get("otc").map(String::as_str).unwrap_or_default();
    let now = tenant.clock.now();
    let found = sessions(tenant).devices.typed(text, now);
    let (code, device) = match found {
        Ok(found) => found,
        Err(error) => return Ok(Answer::html(200, page::device_code(&action(incoming), text, Some(&error.message)))),
    };
    let replica = tenant.dials.replica(incoming, now);
    let client = tenant.find_client(&device.client_id.to_string(), &replica).map_err(LoginError::page)?;
    let asked = Asked {
        client_id: device.client_id,
        request: device.request,
        claims: device.claims,
        ask_consent: false,
        purpose: Purpose::Device(code),
        at: now,
    };
    interaction::begin(tenant, incoming, &client, asked, None)
}
