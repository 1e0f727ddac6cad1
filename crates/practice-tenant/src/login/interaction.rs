//! The pages that a person walks through: whom to be, what to consent to, and back to the app.

use std::sync::{MutexGuard, PoisonError};

use uuid::Uuid;

use crate::directory::entity::Entity;
use crate::directory::state::User;
use crate::login::authorize::{self, parameters};
use crate::login::consent::{self, Question, Reach};
use crate::login::devices::State;
use crate::login::errors::LoginError;
use crate::login::sessions::{Asked, Code, Open, Purpose, Sessions};
use crate::login::{access, admin_consent, page};
use crate::message::{Answer, Incoming};
use crate::persona::PersonaKey;
use crate::tenant::Tenant;

/// The sign-ins under way.
pub(crate) fn sessions(tenant: &Tenant) -> MutexGuard<'_, Sessions> {
    tenant.sessions.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the forms of a page are sent.
fn action(incoming: &Incoming) -> String {
    let path = incoming.path.trim_end_matches('/');
    format!("{}{}/answer", incoming.origin, path.strip_suffix("/answer").unwrap_or(path))
}

/// Asks whom to be, or answers at once while the auto-approve dial is on.
pub(crate) fn begin(
    tenant: &Tenant,
    incoming: &Incoming,
    client: &Entity,
    asked: Asked,
    hint: Option<&str>,
) -> Result<Answer, LoginError> {
    if let Some(persona) = tenant.auto_approve {
        return chosen(tenant, incoming, asked, persona);
    }
    let what = match &asked.purpose {
        Purpose::Authorize(_) => page::What::SignIn,
        Purpose::Device(_) => page::What::Device,
        Purpose::AdminConsent(_) => page::What::AdminConsent,
    };
    let now = tenant.clock.now();
    let key = sessions(tenant).open(Open { asked, user: None }, now);
    let users = tenant.store.read(|directory| directory.users.clone());
    Ok(Answer::html(200, page::choose(what, client.display_name(), &action(incoming), &key, &users, hint)))
}

/// The form of a page was sent.
pub(crate) fn answer(tenant: &Tenant, incoming: &Incoming) -> Result<Answer, LoginError> {
    let given = parameters(&incoming.body);
    let key = given.get("request").map(String::as_str).unwrap_or_default();
    let Open { asked, user } = sessions(tenant).take(key).ok_or_else(LoginError::stale_page)?;
    let Some(user) = user else {
        if given.contains_key("cancel") {
            return refuse(tenant, incoming, &asked, &LoginError::cancelled());
        }
        let persona = given.get("persona").and_then(|text| text.parse().ok());
        return chosen(tenant, incoming, asked, persona.ok_or_else(|| LoginError::malformed("persona").page())?);
    };
    if given.get("consent").is_some_and(|consent| consent == "accept") {
        return accept(tenant, incoming, &asked, user);
    }
    let (user, client) = people(tenant, incoming, &asked, user)?;
    match question(tenant, incoming, &asked, &client, &user)? {
        Some((_, Reach::None)) => refuse(tenant, incoming, &asked, &LoginError::admin_approval(&client)),
        _ => refuse(tenant, incoming, &asked, &LoginError::declined_consent()),
    }
}

fn people(tenant: &Tenant, incoming: &Incoming, asked: &Asked, user: Uuid) -> Result<(User, Entity), LoginError> {
    let user = tenant.store.read(|directory| directory.user(user).cloned());
    let user = user.ok_or_else(|| LoginError::disabled_user().page())?;
    let replica = tenant.dials.replica(incoming, tenant.clock.now());
    let client = tenant.find_client(&asked.client_id.to_string(), &replica).map_err(LoginError::page)?;
    Ok((user, client))
}

/// A person was chosen.
fn chosen(tenant: &Tenant, incoming: &Incoming, asked: Asked, persona: PersonaKey) -> Result<Answer, LoginError> {
    let (user, client) = people(tenant, incoming, &asked, persona.object_id())?;
    access::admit(tenant, &user, &client).map_err(LoginError::page)?;
    let Some((question, reach)) = question(tenant, incoming, &asked, &client, &user)? else {
        return finish(tenant, incoming, &asked, &user);
    };
    if tenant.auto_approve.is_some() {
        return match reach {
            Reach::None => refuse(tenant, incoming, &asked, &LoginError::admin_approval(&client)),
            Reach::Organisation | Reach::Own => accept(tenant, incoming, &asked, user.id),
        };
    }
    let now = tenant.clock.now();
    let key = sessions(tenant).open(Open { asked, user: Some(user.id) }, now);
    Ok(Answer::html(200, page::consent(client.display_name(), &action(incoming), &key, &user, &question.wishes, reach)))
}

/// What this person has to be asked, and how far their answer would reach.
fn question(
    tenant: &Tenant,
    incoming: &Incoming,
    asked: &Asked,
    client: &Entity,
    user: &User,
) -> Result<Option<(Question, Reach)>, LoginError> {
    tenant.store.read(|directory| {
        let found = match &asked.purpose {
            Purpose::AdminConsent(consent) => {
                consent::of_registration(directory, client, admin_consent::named_scopes(consent))
            }
            Purpose::Authorize(_) | Purpose::Device(_) => {
                let resource = asked.request.find_resource(directory, &incoming.origin).map_err(LoginError::page)?;
                consent::of_scopes(directory, client, resource, &asked.request, user.id, asked.ask_consent)
            }
        };
        let roles = directory.active_roles(user, tenant.clock.now());
        Ok(found.map(|question| {
            let reach = consent::reach(directory, &question, &roles);
            let is_for_all = matches!(asked.purpose, Purpose::AdminConsent(_));
            let reach = if is_for_all && reach == Reach::Own { Reach::None } else { reach };
            (question, reach)
        }))
    })
}

/// The person has consented.
fn accept(tenant: &Tenant, incoming: &Incoming, asked: &Asked, user: Uuid) -> Result<Answer, LoginError> {
    let (user, client) = people(tenant, incoming, asked, user)?;
    if let Some((question, reach)) = question(tenant, incoming, asked, &client, &user)? {
        let now = tenant.clock.now();
        let is_for_all = matches!(asked.purpose, Purpose::AdminConsent(_));
        let owner = match reach {
            Reach::None => return refuse(tenant, incoming, asked, &LoginError::admin_approval(&client)),
            Reach::Organisation => None,
            Reach::Own => Some(user.id),
        };
        tenant.store.write(|directory| {
            if is_for_all {
                consent::give_for_all(directory, &client, &question, now);
            } else {
                consent::give(directory, &client, &question, owner, now);
            }
            Ok::<_, LoginError>(())
        })?;
    }
    finish(tenant, incoming, asked, &user)
}

/// Everything was answered: back to the app.
fn finish(tenant: &Tenant, incoming: &Incoming, asked: &Asked, user: &User) -> Result<Answer, LoginError> {
    let now = tenant.clock.now();
    match &asked.purpose {
        Purpose::Authorize(authorization) => {
            let code = Code {
                client_id: asked.client_id,
                request: asked.request.clone(),
                authorization: authorization.clone(),
                user: user.id,
                proof: access::prove(tenant, user, &asked.claims)?,
                issued: now,
                redeemed: false,
            };
            let code = sessions(tenant).issue(code);
            Ok(authorize::granted(&authorization.back, code))
        }
        Purpose::Device(code) => {
            let proof = access::prove(tenant, user, &asked.claims)?;
            let state = State::Approved { user: user.id, proof };
            sessions(tenant).devices.answer(code, state, now).map_err(LoginError::page)?;
            access::allow_device_code(tenant).map_err(LoginError::page)?;
            Ok(Answer::html(200, page::device_done(true)))
        }
        Purpose::AdminConsent(consent) => admin_consent::given(tenant, incoming, asked.client_id, consent),
    }
}

/// The person said no, or may not say yes: the app is told.
fn refuse(tenant: &Tenant, incoming: &Incoming, asked: &Asked, error: &LoginError) -> Result<Answer, LoginError> {
    match &asked.purpose {
        Purpose::Authorize(authorization) => Ok(authorize::refused(tenant, incoming, &authorization.back, error)),
        Purpose::Device(code) => {
            let now = tenant.clock.now();
            sessions(tenant).devices.answer(code, State::Declined, now).map_err(LoginError::page)?;
            Ok(Answer::html(200, page::device_done(false)))
        }
        Purpose::AdminConsent(consent) => admin_consent::refused(tenant, incoming, consent, error),
    }
}
