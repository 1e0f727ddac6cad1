//! Access tokens in memory, by the scopes they were asked for.

use std::collections::HashMap;
use std::time::Duration;

use azure_core::credentials::AccessToken;
use azure_core::time::OffsetDateTime;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::error::AuthError;

/// A token is renewed this long before it ends, so that none ends on its way.
const MARGIN: Duration = Duration::from_secs(300);

/// An access token and until when it is used.
#[derive(Clone)]
pub(super) struct Held {
    token: SecretString,
    expires: Timestamp,
    renew: Timestamp,
}

impl Held {
    /// Its life is counted from `now` by the service's `expires_in`: a wrong clock here changes nothing, and the
    /// token's own times are never looked at (security P12).
    pub(super) fn new(token: SecretString, expires_in: Duration, now: Timestamp) -> Self {
        let after = |life: Duration| now.checked_add(life).unwrap_or(Timestamp::MAX);
        let renew = after(expires_in.saturating_sub(MARGIN).max(expires_in / 2));
        Self { token, expires: after(expires_in), renew }
    }

    pub(super) fn to_access_token(&self) -> Result<AccessToken, AuthError> {
        let expires = OffsetDateTime::from_unix_timestamp(self.expires.as_second())
            .map_err(|_| AuthError::Unreadable { what: "the token's life" })?;
        Ok(AccessToken::new(self.token.expose_secret().to_owned(), expires))
    }
}

/// Tokens by scopes.
#[derive(Default)]
pub(super) struct Shelf {
    tokens: HashMap<String, Held>,
}

impl Shelf {
    /// A token that has life left and is not the one that was refused.
    pub(super) fn good(&self, scopes: &str, now: Timestamp, refused: Option<&SecretString>) -> Option<&Held> {
        let is_refused =
            |held: &Held| refused.is_some_and(|refused| refused.expose_secret() == held.token.expose_secret());
        self.tokens.get(scopes).filter(|held| now < held.renew && !is_refused(held))
    }

    pub(super) fn put(&mut self, scopes: String, held: Held) {
        self.tokens.insert(scopes, held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_until_shortly_before_its_end_by_the_given_clock() {
        let now: Timestamp = "2026-08-20T10:00:00Z".parse().expect("a time");
        let at = |seconds: i64| now + jiff::SignedDuration::from_secs(seconds);
        let mut shelf = Shelf::default();
        shelf.put("s".to_owned(), Held::new("t".into(), Duration::from_secs(3600), now));
        assert!(shelf.good("s", at(3299), None).is_some());
        assert!(shelf.good("s", at(3300), None).is_none());
        assert!(shelf.good("other", now, None).is_none());
        // A short-lived one is not renewed at every call.
        shelf.put("s".to_owned(), Held::new("t".into(), Duration::from_secs(60), now));
        assert!(shelf.good("s", at(29), None).is_some() && shelf.good("s", at(30), None).is_none());
    }
    #[test]
    fn a_refused_token_is_not_given_again_but_a_newer_one_is() {
        let now: Timestamp = "2026-08-20T10:00:00Z".parse().expect("a time");
        let mut shelf = Shelf::default();
        shelf.put("s".to_owned(), Held::new("old".into(), Duration::from_secs(3600), now));
        let refused = SecretString::from("old");
        assert!(shelf.good("s", now, Some(&refused)).is_none());
        shelf.put("s".to_owned(), Held::new("new".into(), Duration::from_secs(3600), now));
        assert!(shelf.good("s", now, Some(&refused)).is_some());
    }
}
