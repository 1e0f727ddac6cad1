//! What stands in tokens. `roles`, `scp` and `wids` are those of the moment of issue (graph-facts 11).

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::demands::{PROOF, Proof};
use crate::directory::entity::Entity;
use crate::directory::state::User;
use crate::ids::{self, TENANT};

/// What all tokens of one answer share.
pub(crate) struct Issue<'a> {
    pub origin: &'a str,
    pub audience: String,
    pub client: &'a Entity,
    pub now: Timestamp,
    /// Seconds.
    pub life: i64,
}

type Claims = Map<String, Value>;

fn claims(value: Value) -> Claims {
    match value {
        Value::Object(map) => map,
        _ => Claims::new(),
    }
}

impl Issue<'_> {
    fn common(&self, issuer: &str) -> Claims {
        let now = self.now.as_second();
        claims(json!({
            "aud": self.audience,
            "iss": issuer,
            "iat": now,
            // Entra dates tokens five minutes back, for clocks that lag.
            "nbf": now - 300,
            "exp": now + self.life,
            "tid": TENANT,
            "uti": ids::opaque(&[&Uuid::new_v4().to_string()]).chars().take(22).collect::<String>(),
            "rh": "1.",
        }))
    }

    fn access(&self) -> Claims {
        let issuer = format!("{}/{TENANT}/", self.origin);
        let mut out = self.common(&issuer);
        out.extend(claims(json!({
            "aio": ids::opaque(&[&Uuid::new_v4().to_string()]),
            "app_displayname": self.client.display_name(),
            "appid": self.client.app_id,
            "tenant_region_scope": "EU",
            "ver": "1.0",
            "idp": issuer,
        })));
        out
    }
}

/// The access token of an application on its own.
pub(crate) fn for_application(issue: &Issue<'_>, principal: &Entity, roles: &[String]) -> Claims {
    let mut out = issue.access();
    out.extend(claims(json!({
        "appidacr": "1",
        "idtyp": "app",
        "oid": principal.id,
        "sub": principal.id,
        // Held by every application; it stands for no directory role.
        "wids": ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"],
    })));
    if !roles.is_empty() {
        out.insert("roles".into(), json!(roles));
    }
    out
}

/// A person who is signed in.
pub(crate) struct Person<'a> {
    pub user: &'a User,
    /// Template ids of the roles that count now.
    pub roles: &'a [Uuid],
    pub proof: &'a Proof,
}

/// The access token of a user in a client.
pub(crate) fn for_user(issue: &Issue<'_>, person: &Person<'_>, scopes: &[String], openid: &[String]) -> Claims {
    let (user, proof) = (person.user, person.proof);
    let mut scp: Vec<&str> = scopes.iter().map(String::as_str).collect();
    scp.extend(openid.iter().map(String::as_str).filter(|scope| *scope != "offline_access"));
    // What every member of a tenant holds.
    let mut wids = vec!["b79fbf4d-3ef9-4689-8143-76b194e85509".to_owned()];
    wids.splice(0..0, person.roles.iter().map(Uuid::to_string));
    let mut out = issue.access();
    out.extend(claims(json!({
        "acr": "1",
        "amr": if proof.mfa { vec!["pwd", "mfa"] } else { vec!["pwd"] },
        "appidacr": "0",
        "family_name": user.surname,
        "given_name": user.given_name,
        "idtyp": "user",
        "name": user.display_name,
        "oid": user.id,
        "scp": scp.join(" "),
        "sub": ids::opaque(&["graph", &user.id.to_string()]),
        "unique_name": user.user_principal_name,
        "upn": user.user_principal_name,
        "wids": wids,
    })));
    if proof.capable {
        out.insert("xms_cc".into(), json!(["cp1"]));
    }
    if !proof.contexts.is_empty() {
        out.insert("acrs".into(), json!(proof.contexts));
    }
    out.insert(PROOF.into(), proof.to_json());
    out
}

/// The ID token of a user in a client.
pub(crate) fn identity(issue: &Issue<'_>, user: &User, openid: &[String], nonce: Option<&str>) -> Claims {
    let mut out = issue.common(&format!("{}/{TENANT}/v2.0", issue.origin));
    out.insert("aud".into(), json!(issue.client.app_id));
    out.extend(claims(json!({
        "oid": user.id,
        // Pairwise: another for each client.
        "sub": ids::opaque(&[&issue.client.app_id.to_string(), &user.id.to_string()]),
        "ver": "2.0",
    })));
    if openid.iter().any(|scope| scope == "profile") {
        out.insert("name".into(), json!(user.display_name));
        out.insert("preferred_username".into(), json!(user.user_principal_name));
    }
    if openid.iter().any(|scope| scope == "email") {
        out.insert("email".into(), json!(user.user_principal_name));
    }
    if let Some(nonce) = nonce {
        out.insert("nonce".into(), json!(nonce));
    }
    out
}

/// Seconds that a refresh token lives unused.
const REFRESH_LIFE: i64 = 90 * 86_400;

/// When the refresh token that ends at `end` was issued.
pub(crate) fn refresh_issued(end: i64) -> Timestamp {
    Timestamp::from_second(end.saturating_sub(REFRESH_LIFE)).unwrap_or_default()
}

/// A refresh token: opaque to clients, and valid over restarts of the tenant.
pub(crate) fn refresh(client: &Entity, user: &User, proof: &Proof, scope: &str, now: Timestamp) -> Claims {
    claims(json!({
        "typ": "refresh",
        "client": client.app_id,
        "oid": user.id,
        "scope": scope,
        "exp": now.as_second() + REFRESH_LIFE,
        "jti": Uuid::new_v4(),
        PROOF: proof.to_json(),
    }))
}
