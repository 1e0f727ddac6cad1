//! Who is let in: accounts, Conditional Access, and whether an earlier sign-in still suffices.

use crate::demands::Proof;
use crate::directory::entity::Entity;
use crate::directory::state::User;
use crate::login::claims_request::ClaimsRequest;
use crate::login::errors::LoginError;
use crate::persona::PersonaKey;
use crate::tenant::Tenant;

fn persona(user: &User) -> Result<PersonaKey, LoginError> {
    user.persona.parse().map_err(|_| LoginError::disabled_user())
}

/// Whether a person may sign in to a client on a page.
pub(crate) fn admit(tenant: &Tenant, user: &User, client: &Entity) -> Result<(), LoginError> {
    if tenant.dials.is_stranger(persona(user)?) {
        return Err(LoginError::stranger(user, client));
    }
    allow(tenant, user)
}

/// Whether a person gets tokens at all.
pub(crate) fn allow(tenant: &Tenant, user: &User) -> Result<(), LoginError> {
    let persona = persona(user)?;
    if !user.account_enabled || tenant.dials.is_disabled(persona) {
        return Err(LoginError::disabled_user());
    }
    if tenant.dials.conditional_access().blocked.contains(&persona) {
        return Err(LoginError::blocked());
    }
    Ok(())
}

/// Whether device code is allowed.
pub(crate) fn allow_device_code(tenant: &Tenant) -> Result<(), LoginError> {
    if tenant.dials.conditional_access().block_device_code { Err(LoginError::blocked()) } else { Ok(()) }
}

/// Whether an earlier sign-in still suffices for new tokens, without the person.
pub(crate) fn renew(tenant: &Tenant, user: &User, proof: &Proof, asked: &ClaimsRequest) -> Result<(), LoginError> {
    allow(tenant, user)?;
    let persona = persona(user)?;
    if tenant.dials.is_revoked(persona, proof) {
        return Err(LoginError::revoked(tenant.clock.now()));
    }
    let lacks_context = asked.contexts.iter().any(|context| !proof.contexts.contains(context));
    if tenant.dials.lacks_mfa(persona, proof) || lacks_context || (asked.mfa && !proof.mfa) {
        return Err(LoginError::mfa_required());
    }
    Ok(())
}

/// What a person shows by signing in on a page.
pub(crate) fn prove(tenant: &Tenant, user: &User, asked: &ClaimsRequest) -> Result<Proof, LoginError> {
    let persona = persona(user)?;
    let is_demanded = tenant.dials.conditional_access().require_mfa.contains(&persona);
    let is_asked = asked.mfa || !asked.contexts.is_empty();
    Ok(Proof {
        epoch: tenant.dials.sign_in(persona, asked.not_before),
        mfa: is_demanded || is_asked || !tenant.dials.single_factor(),
        contexts: asked.contexts.clone(),
        capable: asked.capable,
    })
}
