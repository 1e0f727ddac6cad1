//! The administrators' consent endpoint, in both versions (graph-facts 6 and 11): it grants exactly what an app's
//! registration requests.

use uuid::Uuid;

use crate::ids::TENANT;
use crate::login::authorize::{checked_redirect, find_client, first_redirect, parameters};
use crate::login::claims_request::ClaimsRequest;
use crate::login::errors::{LoginError, correlation_id};
use crate::login::scopes::Request;
use crate::login::sessions::{AdminConsent, Asked, Purpose};
use crate::login::{Authority, interaction, page};
use crate::message::{Answer, Incoming};
use crate::tenant::Tenant;

/// Asks an administrator; `second` is the version whose path begins with `v2.0`.
pub(crate) fn ask(
    tenant: &Tenant,
    incoming: &Incoming,
    authority: Authority,
    second: bool,
) -> Result<Answer, LoginError> {
    let given = parameters(incoming.query.as_deref().unwrap_or_default().as_bytes());
    if second && authority == Authority::Common {
        return Err(LoginError::not_on_common().page());
    }
    // Any administrator of any organisation may come, so the audience of the app does not matter here.
    let client = find_client(tenant, incoming, &given, Authority::Own).map_err(LoginError::page)?;
    let redirect_uri = match given.get("redirect_uri") {
        Some(_) => Some(checked_redirect(&given, &client).map_err(LoginError::page)?),
        None => first_redirect(&client),
    };
    let scope = match (second, given.get("scope").filter(|scope| !scope.trim().is_empty())) {
        (true, None) => return Err(LoginError::missing("scope").page()),
        (true, Some(scope)) => Some(scope.clone()),
        (false, _) => None,
    };
    let request = Request::parse(scope.as_deref().unwrap_or_default()).map_err(LoginError::page)?;
    tenant
        .store
        .read(|directory| request.check(&client, request.find_resource(directory, &incoming.origin)?))
        .map_err(LoginError::page)?;
    let asked = Asked {
        client_id: client.app_id,
        request,
        claims: ClaimsRequest::default(),
        ask_consent: true,
        purpose: Purpose::AdminConsent(AdminConsent { redirect_uri, state: given.get("state").cloned(), scope }),
        at: tenant.clock.now(),
    };
    interaction::begin(tenant, incoming, &client, asked, given.get("login_hint").map(String::as_str))
}

/// The scopes that were named in the place of `/.default`.
pub(crate) fn named_scopes(consent: &AdminConsent) -> Option<Vec<String>> {
    let request = Request::parse(consent.scope.as_deref()?).ok()?;
    (!request.is_default()).then_some(request.scopes)
}

fn deliver(consent: &AdminConsent, redirect_uri: &str, mut fields: Vec<(&str, String)>) -> Answer {
    // The redirect URI is a registered one, so it parses.
    let Ok(mut target) = url::Url::parse(redirect_uri) else { return Answer::empty(400) };
    fields.extend(consent.state.clone().map(|state| ("state", state)));
    target.query_pairs_mut().extend_pairs(fields);
    Answer::empty(302).with("location", target.to_string())
}

/// Consent is given. Without a reply address the person reads an error, although it is (500113).
pub(crate) fn given(
    tenant: &Tenant,
    incoming: &Incoming,
    client: Uuid,
    consent: &AdminConsent,
) -> Result<Answer, LoginError> {
    let Some(redirect_uri) = &consent.redirect_uri else {
        tracing::debug!(%client, "an administrator has consented; the app has no reply address");
        let error = LoginError::no_reply_address();
        return Ok(Answer::html(400, page::problem(&described(tenant, incoming, &error))));
    };
    let mut fields = vec![("admin_consent", "True".to_owned()), ("tenant", TENANT.to_string())];
    fields.extend(consent.scope.clone().map(|scope| ("scope", scope)));
    Ok(deliver(consent, redirect_uri, fields))
}

/// Consent is not given. The answer carries `admin_consent=True` all the same (graph-facts 11).
pub(crate) fn refused(
    tenant: &Tenant,
    incoming: &Incoming,
    consent: &AdminConsent,
    error: &LoginError,
) -> Result<Answer, LoginError> {
    let description = described(tenant, incoming, error);
    let Some(redirect_uri) = &consent.redirect_uri else {
        return Ok(Answer::html(400, page::problem(&description)));
    };
    let fields = vec![
        ("error", error.error.to_string()),
        ("error_description", description),
        ("admin_consent", "True".to_owned()),
        ("tenant", TENANT.to_string()),
    ];
    Ok(deliver(consent, redirect_uri, fields))
}

fn described(tenant: &Tenant, incoming: &Incoming, error: &LoginError) -> String {
    let at = tenant.clock.now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    error.description(Uuid::new_v4(), &correlation_id(incoming), &at)
}
