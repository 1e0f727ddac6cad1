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
    pub(super) fn good(&self, scopes: &str, now: Timestamp) -> Option<&Held> {
        self.tokens.get(scopes).filter(|held| now < held.renew)
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
        assert!(shelf.good("s", at(3299)).is_some());
        assert!(shelf.good("s", at(3300)).is_none());
        assert!(shelf.good("other", now).is_none());
        // A short-lived one is not renewed at every call.
        shelf.put("s".to_owned(), Held::new("t".into(), Duration::from_secs(60), now));
        assert!(shelf.good("s", at(29)).is_some() && shelf.good("s", at(30)).is_none());
    }
}
