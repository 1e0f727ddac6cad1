//! What an access token says of itself: for display, never for a decision about trust.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The `roles` claim of an access token, decoded without verifying it; empty when it has none or cannot be read.
///
/// Roles are frozen when a token is issued, and one is issued even with none (graph-facts 11).
#[must_use]
pub fn token_roles(access_token: &str) -> Vec<String> {
    let payload = access_token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims: Value = payload.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    let roles = claims.get("roles").and_then(Value::as_array);
    roles.map(|roles| roles.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn roles_are_read_and_anything_else_is_none() {
        let token = |claims: &str| format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims));
        assert_eq!(token_roles(&token(r#"{"roles":["AuditLog.Read.All",7]}"#)), ["AuditLog.Read.All"]);
        for other in [token("{}"), token(r#"{"roles":"x"}"#), token("nonsense"), "opaque".to_owned(), String::new()] {
            assert!(token_roles(&other).is_empty(), "{other}");
        }
    }

    proptest! {
        #[test]
        fn no_token_makes_it_panic(token in "\\PC{0,60}") {
            let _ = token_roles(&token);
        }
    }
}
