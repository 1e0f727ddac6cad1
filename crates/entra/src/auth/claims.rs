//! What tokens say of themselves, and what is asked to stand in them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::Account;
use super::error::AuthError;

/// The `roles` claim of an access token, decoded without verifying it; empty when it has none or cannot be read. For
/// display, never for a decision about trust.
///
/// Roles are frozen when a token is issued, and one is issued even with none (graph-facts 11).
#[must_use]
pub fn token_roles(access_token: &str) -> Vec<String> {
    let claims = read(access_token);
    let roles = claims.get("roles").and_then(Value::as_array);
    roles.map(|roles| roles.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
}

/// The delegated scopes, the `scp` claim, of an access token; as [`token_roles`].
#[must_use]
pub fn token_scopes(access_token: &str) -> Vec<String> {
    let claims = read(access_token);
    let scopes = claims.get("scp").and_then(Value::as_str).unwrap_or_default();
    scopes.split_ascii_whitespace().map(str::to_owned).collect()
}

/// Whose an access token is, for display: of a tool, whose ID token nobody shows us.
pub(super) fn token_account(access_token: &str) -> Option<Account> {
    let claims = read(access_token);
    let text = |names: &[&str]| names.iter().find_map(|name| claims.get(*name)?.as_str()).map(str::to_owned);
    Some(Account {
        tenant: text(&["tid"])?.parse().ok()?,
        object_id: text(&["oid"]).and_then(|id| id.parse().ok()),
        user_name: text(&["upn", "unique_name", "preferred_username", "app_displayname", "appid"]).unwrap_or_default(),
        name: text(&["name"]),
    })
}

fn read(token: &str) -> Value {
    let payload = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    payload.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// The `claims` parameter: what a challenge wants, and always that this client understands challenges (`cp1`), else
/// Graph would send it none (graph-facts 11).
pub(super) fn with_capability(challenge: Option<&str>) -> Result<String, AuthError> {
    let unreadable = || AuthError::Unreadable { what: "what the tenant asks for" };
    let mut claims: Map<String, Value> = match challenge {
        Some(text) => serde_json::from_str(text).map_err(|_| unreadable())?,
        None => Map::new(),
    };
    let of_token = claims.entry("access_token").or_insert_with(|| json!({}));
    of_token.as_object_mut().ok_or_else(unreadable)?.insert("xms_cc".to_owned(), json!({ "values": ["cp1"] }));
    Ok(Value::Object(claims).to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token(claims: &str) -> String {
        format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn roles_and_scopes_are_read_and_anything_else_is_none() {
        assert_eq!(token_roles(&token(r#"{"roles":["AuditLog.Read.All",7]}"#)), ["AuditLog.Read.All"]);
        assert_eq!(token_scopes(&token(r#"{"scp":"User.Read  Application.Read.All"}"#)).len(), 2);
        for other in [token("{}"), token(r#"{"roles":"x","scp":7}"#), token("nonsense"), "opaque".to_owned()] {
            assert!(token_roles(&other).is_empty() && token_scopes(&other).is_empty(), "{other}");
            assert_eq!(token_account(&other), None);
        }
    }

    #[test]
    fn a_token_names_its_account() {
        let tenant = "22222222-2222-4222-8222-222222222222";
        let of_user = token_account(&token(&format!(r#"{{"tid":"{tenant}","unique_name":"ada@x","name":"Ada"}}"#)));
        assert_eq!(of_user.map(|it| (it.user_name, it.name)), Some(("ada@x".to_owned(), Some("Ada".to_owned()))));
        let of_app = token_account(&token(&format!(r#"{{"tid":"{tenant}","app_displayname":"robot"}}"#)));
        assert_eq!(of_app.map(|it| it.user_name).as_deref(), Some("robot"));
    }

    #[test]
    fn the_capability_is_always_declared_and_a_challenge_kept() {
        assert_eq!(with_capability(None).as_deref(), Ok(r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#));
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{"acr":null}}"#;
        let merged = with_capability(Some(challenge)).expect("merged");
        let merged: Value = serde_json::from_str(&merged).expect("JSON");
        assert_eq!(merged["access_token"]["nbf"]["value"], "1");
        assert_eq!(merged["access_token"]["xms_cc"]["values"][0], "cp1");
        assert!(merged["id_token"].get("acr").is_some());
        for odd in ["", "[]", "7", r#"{"access_token":7}"#] {
            assert!(with_capability(Some(odd)).is_err(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_token_makes_it_panic(token in "\\PC{0,60}") {
            let _ = (token_roles(&token), token_scopes(&token), token_account(&token), with_capability(Some(&token)));
        }
    }
}
