//! Access tokens in memory, by the scopes they were asked for.

use std::collections::HashMap;
use std::time::Duration;

use azure_core::credentials::AccessToken;
use azure_core::time::OffsetDateTime;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::error::AuthError;
use super::scope;

/// A token is renewed this long before it ends, so that none ends on its way.
const MARGIN: Duration = Duration::from_secs(300);

/// An access token and until when it is used.
#[derive(Clone)]
pub(super) struct Held {
    token: SecretString,
    /// The scopes that it carries, by value; none that are known for an app's.
    pub(super) scopes: Vec<String>,
    expires: Timestamp,
    renew: Timestamp,
    /// The same by time that really passes: a clock that is set back makes no token live longer.
    got: Instant,
    used_for: Duration,
}

impl Held {
    /// Its life is counted from `now` by the service's `expires_in`: a wrong clock here changes nothing, and the
    /// token's own times are never looked at (security P12).
    pub(super) fn new(token: SecretString, expires_in: Duration, now: Timestamp) -> Self {
        let after = |life: Duration| now.checked_add(life).unwrap_or(Timestamp::MAX);
        let used_for = expires_in.saturating_sub(MARGIN).max(expires_in / 2);
        let (expires, renew) = (after(expires_in), after(used_for));
        Self { token, scopes: Vec::new(), expires, renew, got: Instant::now(), used_for }
    }

    pub(super) fn with_scopes(mut self, scopes: Vec<String>) -> Self {
        self.scopes = scopes;
        self
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
    pub(super) fn good(&self, key: &str, now: Timestamp, refused: Option<&SecretString>) -> Option<&Held> {
        let is_refused =
            |held: &Held| refused.is_some_and(|refused| refused.expose_secret() == held.token.expose_secret());
        let is_young = |held: &Held| now < held.renew && held.got.elapsed() < held.used_for;
        self.tokens.get(key).filter(|held| is_young(held) && !is_refused(held))
    }

    /// As [`good`](Self::good), if it carries all of `wanted`.
    pub(super) fn good_for(
        &self,
        key: &str,
        now: Timestamp,
        refused: Option<&SecretString>,
        wanted: &[String],
    ) -> Option<&Held> {
        self.good(key, now, refused).filter(|held| scope::missing(&held.scopes, wanted).is_empty())
    }

    /// The scopes of the last token there was, whether it is good or not.
    pub(super) fn scopes(&self, key: &str) -> &[String] {
        self.tokens.get(key).map(|held| held.scopes.as_slice()).unwrap_or_default()
    }

    pub(super) fn put(&mut self, key: String, held: Held) {
        self.tokens.insert(key, held);
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
    fn p12_a_clock_that_is_a_day_off_or_jumps_costs_a_renewal_at_most() {
        let now: Timestamp = "2026-08-20T10:00:00Z".parse().expect("a time");
        let day = jiff::SignedDuration::from_hours(24);
        for wrong in [now - day, now, now + day] {
            let mut shelf = Shelf::default();
            shelf.put("s".to_owned(), Held::new("t".into(), Duration::from_secs(3600), wrong));
            assert!(shelf.good("s", wrong, None).is_some(), "counted from when it was got, whatever the clock says");
            assert!(shelf.good("s", wrong + day, None).is_none(), "a jump ahead renews it");
        }
        let mut held = Held::new("t".into(), Duration::from_secs(3600), now);
        held.used_for = Duration::ZERO;
        let mut shelf = Shelf::default();
        shelf.put("s".to_owned(), held);
        assert!(shelf.good("s", now - day, None).is_none(), "a clock set back makes it live no longer");
    }

    #[test]
    fn a_token_is_good_for_what_it_carries() {
        let now: Timestamp = "2026-08-20T10:00:00Z".parse().expect("a time");
        let mut shelf = Shelf::default();
        let scopes = vec!["Application.ReadWrite.All".to_owned()];
        shelf.put("s".to_owned(), Held::new("t".into(), Duration::from_secs(3600), now).with_scopes(scopes));
        assert!(shelf.good_for("s", now, None, &["Application.Read.All".to_owned()]).is_some());
        assert!(shelf.good_for("s", now, None, &["Policy.Read.All".to_owned()]).is_none());
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
