//! From a token to a caller, and from a caller to a decision.

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::clouds::{self, Place};
use crate::demands::Proof;
use crate::graph::error::Refusal;
use crate::graph::rules::{Rule, Standing};
use crate::ids::{GRAPH_APP_ID, TENANT};
use crate::message::Incoming;
use crate::persona::PersonaKey;
use crate::tenant::Tenant;

/// Who calls, by a token that was found valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    User {
        id: Uuid,
        /// Client id of the app that was signed in to.
        client: Uuid,
        scopes: Vec<String>,
        /// Template ids of the active directory roles.
        roles: Vec<Uuid>,
        /// What the sign-in has shown.
        proof: Proof,
    },
    Application {
        /// Object id of its service principal.
        id: Uuid,
        /// Its client id.
        client: Uuid,
        /// App roles of the moment in which the token was issued.
        roles: Vec<String>,
    },
}

impl Caller {
    /// Client id of the app that calls, for a user or for itself.
    pub const fn client(&self) -> Uuid {
        match self {
            Self::User { client, .. } | Self::Application { client, .. } => *client,
        }
    }

    /// Object id of the user or of the app's service principal.
    pub const fn id(&self) -> Uuid {
        match self {
            Self::User { id, .. } | Self::Application { id, .. } => *id,
        }
    }
}

/// The caller of a request, or 401.
pub(crate) fn authenticate(tenant: &Tenant, incoming: &Incoming) -> Result<Caller, Refusal> {
    let refuse = |message: &str| Refusal::unauthenticated(message, &incoming.origin);
    let header = incoming.header("authorization").unwrap_or_default();
    let token = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => return Err(refuse("Access token is empty.")),
    };
    if token.split('.').count() != 3 {
        return Err(refuse("IDX14100: JWT is not well formed: a token in compact form has three parts."));
    }
    let claims = tenant
        .store
        .signer()
        .open(token)
        .ok_or_else(|| refuse("Access token validation failure. Invalid signature."))?;
    let caller = check(tenant, incoming, &claims).map_err(refuse)?;
    challenge(tenant, incoming, &caller)?;
    Ok(caller)
}

/// Challenges a token that no longer suffices, if its client understands that (graph-facts 11): others hold theirs until
/// it expires.
fn challenge(tenant: &Tenant, incoming: &Incoming, caller: &Caller) -> Result<(), Refusal> {
    let Caller::User { id, proof, .. } = caller else { return Ok(()) };
    if !proof.capable {
        return Ok(());
    }
    let persona = tenant.store.read(|directory| directory.user(*id).and_then(|user| user.persona.parse().ok()));
    match persona.and_then(|persona: PersonaKey| tenant.dials.challenged(persona, proof)) {
        Some(not_before) => Err(Refusal::insufficient_claims(not_before, &incoming.origin)),
        None => Ok(()),
    }
}

/// Whether a token's audience is the Graph that was called: under a real host that of this very cloud, which must be the
/// tenant's (graph-facts 12).
fn is_for_this_graph(tenant: &Tenant, incoming: &Incoming, audience: &str) -> bool {
    let is_by_id = audience == GRAPH_APP_ID.to_string();
    match clouds::place(&incoming.origin) {
        Place::Graph(here) => here == tenant.home && (is_by_id || clouds::of_graph(audience) == Some(here)),
        Place::Login(_) | Place::Anywhere => {
            let named = crate::login::scopes::Request { resource: audience.to_owned(), ..Default::default() };
            is_by_id || named.is_graph(&incoming.origin)
        }
    }
}

fn check(tenant: &Tenant, incoming: &Incoming, claims: &Map<String, Value>) -> Result<Caller, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let now = tenant.clock.now().as_second();
    if number("exp").is_none_or(|end| end <= now) {
        return Err("Lifetime validation failed, the token is expired.");
    }
    if number("nbf").is_some_and(|start| start > now) {
        return Err("Lifetime validation failed, the token is not yet valid.");
    }
    if text("tid") != TENANT.to_string() {
        return Err("Access token validation failure. Invalid tenant.");
    }
    let audience = text("aud");
    if text("ver") != "1.0" || !is_for_this_graph(tenant, incoming, audience) {
        return Err("Access token validation failure. Invalid audience.");
    }
    let id: Uuid = text("oid").parse().map_err(|_| "Access token validation failure. The token names nobody.")?;
    let client: Uuid = text("appid").parse().map_err(|_| "Access token validation failure. The token names no app.")?;
    if text("idtyp") == "app" {
        let roles = claims.get("roles").and_then(Value::as_array).into_iter().flatten();
        let roles = roles.filter_map(Value::as_str).map(str::to_owned).collect();
        return Ok(Caller::Application { id, client, roles });
    }
    let roles = tenant.store.read(|directory| {
        let user = directory.user(id).filter(|user| user.account_enabled)?;
        Some(directory.active_roles(user, tenant.clock.now()))
    });
    let roles = roles.ok_or("The user of the token does not exist or is disabled.")?;
    let scopes = text("scp").split_ascii_whitespace().map(str::to_owned).collect();
    Ok(Caller::User { id, client, scopes, roles, proof: Proof::of(claims) })
}

/// What was decided for a caller that may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permit {
    /// Only objects that the caller owns.
    pub owned_only: bool,
}

/// Scope and directory role for users, app role for applications; both refusals look the same (graph-facts 8).
pub(crate) fn authorise(rule: &Rule, caller: &Caller) -> Result<Permit, Refusal> {
    let all = |rows: &[&[&str]], held: &[String]| {
        rows.iter().all(|row| row.iter().any(|wanted| held.iter().any(|it| it == wanted)))
    };
    match caller {
        Caller::User { scopes, roles, .. } => {
            let holds = |wanted: &[Uuid]| wanted.iter().any(|role| roles.contains(role));
            let owned_only = match rule.standing {
                Standing::Anyone => false,
                Standing::Roles(wanted) if holds(wanted) => false,
                Standing::Roles(_) => return Err(Refusal::denied()),
                Standing::RolesOrOwner(wanted) => !holds(wanted),
            };
            if all(rule.delegated, scopes) { Ok(Permit { owned_only }) } else { Err(Refusal::denied()) }
        }
        Caller::Application { .. } if rule.application.is_empty() => {
            Err(Refusal::unreadable("/me request is only valid with delegated authentication flow."))
        }
        Caller::Application { roles, .. } if all(rule.application, roles) => Ok(Permit { owned_only: false }),
        Caller::Application { roles, .. } if rule.owned.is_some_and(|owned| roles.iter().any(|role| role == owned)) => {
            Ok(Permit { owned_only: true })
        }
        Caller::Application { .. } => Err(Refusal::denied()),
    }
}
