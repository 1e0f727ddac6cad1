//! What an item in the keychain is called.

use std::fmt;

use uuid::Uuid;

/// The service under which the product's own items lie.
const SERVICE: &str = "Inbound Access";
/// The service of the canary: never the one of real items, so that a check cannot touch them.
const CHECK_SERVICE: &str = "Inbound Access (keychain check)";

/// Longest service, in bytes of UTF-8.
const LONGEST_SERVICE: usize = 128;
/// Longest account, in bytes of UTF-8: Windows ends user names at 513 (`CRED_MAX_USERNAME_LENGTH`).
const LONGEST_ACCOUNT: usize = 480;

/// The name of one keychain item. Both parts are readable by any program of the same user, even while the keychain is
/// locked (security.md 7), so neither ever holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemName {
    /// The product, as the keychain's own window shows it; 1 to 128 bytes.
    pub service: String,
    /// Which secret it is; 1 to 480 bytes.
    pub account: String,
}

impl ItemName {
    /// The item of one client secret: `cloud/tenant/client id/key id`, so that two tenants, apps or secrets never
    /// collide (promise P22). A `/` or `%` inside a part is escaped, so that different parts give different names.
    #[must_use]
    pub fn client_secret(cloud: &str, tenant: &str, client_id: &str, key_id: &str) -> Self {
        let account = [cloud, tenant, client_id, key_id].map(escaped).join("/");
        Self { service: SERVICE.to_owned(), account }
    }

    /// A name for one check of the keychain, used once.
    pub(crate) fn canary() -> Self {
        Self { service: CHECK_SERVICE.to_owned(), account: Uuid::new_v4().to_string() }
    }

    pub(crate) fn is_canary(&self) -> bool {
        self.service == CHECK_SERVICE
    }

    /// Whether every keychain can carry this name.
    ///
    /// # Errors
    /// The first fault found, as [`NameFault`].
    pub fn check(&self) -> Result<(), NameFault> {
        check_part("service", &self.service, LONGEST_SERVICE)?;
        check_part("account", &self.account, LONGEST_ACCOUNT)
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.service, self.account)
    }
}

/// Why a name cannot be used in a keychain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// A part has no characters; macOS would take it for "any item".
    #[error("the item name's {part} is empty")]
    Empty {
        /// `service` or `account`.
        part: &'static str,
    },
    /// A part holds a control character; a NUL would cut the name short on Windows.
    #[error("the item name's {part} holds the control character U+{code:04X}")]
    Control {
        /// `service` or `account`.
        part: &'static str,
        /// The character's code point.
        code: u32,
    },
    /// A part is longer than some keychain takes.
    #[error("the item name's {part} is {bytes} bytes long; at most {longest} fit every keychain")]
    TooLong {
        /// `service` or `account`.
        part: &'static str,
        /// Its length in bytes of UTF-8.
        bytes: usize,
        /// The longest allowed, in bytes of UTF-8.
        longest: usize,
    },
}

fn check_part(part: &'static str, text: &str, longest: usize) -> Result<(), NameFault> {
    if text.is_empty() {
        return Err(NameFault::Empty { part });
    }
    if text.len() > longest {
        return Err(NameFault::TooLong { part, bytes: text.len(), longest });
    }
    match text.chars().find(|c| c.is_control()) {
        Some(c) => Err(NameFault::Control { part, code: u32::from(c) }),
        None => Ok(()),
    }
}

fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2F")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_client_secret_is_named_by_cloud_tenant_app_and_key() {
        let name = ItemName::client_secret("global", "t", "c", "k");
        assert_eq!(name.service, "Inbound Access");
        assert_eq!(name.account, "global/t/c/k");
        assert_eq!(name.check(), Ok(()));
    }

    #[test]
    fn names_that_a_keychain_would_misread_are_refused() {
        let named = |service: &str, account: &str| ItemName { service: service.into(), account: account.into() };
        assert_eq!(named("", "a").check(), Err(NameFault::Empty { part: "service" }));
        assert_eq!(named("s", "").check(), Err(NameFault::Empty { part: "account" }));
        assert_eq!(named("s", "a\0b").check(), Err(NameFault::Control { part: "account", code: 0 }));
        assert_eq!(named("s\u{85}", "a").check(), Err(NameFault::Control { part: "service", code: 0x85 }));
        let long = named("s", &"é".repeat(241)).check();
        assert_eq!(long, Err(NameFault::TooLong { part: "account", bytes: 482, longest: 480 }));
        assert_eq!(named("s", &"é".repeat(240)).check(), Ok(()));
    }

    #[test]
    fn a_canary_never_shares_a_name_with_a_real_item_or_another_canary() {
        let (one, two) = (ItemName::canary(), ItemName::canary());
        assert_ne!(one, two);
        assert_ne!(one.service, ItemName::client_secret("a", "b", "c", "d").service);
        assert_eq!(one.check(), Ok(()));
    }

    proptest! {
        #[test]
        fn different_parts_give_different_names(a in "[a-c/%]{0,4}", b in "[a-c/%]{0,4}", c in "[a-c/%]{0,4}", d in "[a-c/%]{0,4}") {
            prop_assume!((&a, &b) != (&c, &d));
            prop_assert_ne!(
                ItemName::client_secret(&a, &b, "x", "y").account,
                ItemName::client_secret(&c, &d, "x", "y").account
            );
        }
    }
}
