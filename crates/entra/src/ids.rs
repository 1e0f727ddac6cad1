//! Ids that cannot be mixed up: an application's object `id` is never its `appId` (graph-facts 2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text given where an id was expected is no GUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be a GUID such as 00000003-0000-0000-c000-000000000000")]
pub struct NotAGuid {
    /// Which id was expected, e.g. "an object id".
    pub what: &'static str,
}

macro_rules! guid {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAGuid;
            /// Accepts the hyphenated form only, in either case, with surrounding blanks.
            fn from_str(text: &str) -> Result<Self, NotAGuid> {
                let text = text.trim();
                if text.len() != 36 {
                    return Err(NotAGuid { what: $what });
                }
                Uuid::parse_str(text).map(Self).map_err(|_| NotAGuid { what: $what })
            }
        }
    };
}

guid!(
    /// A directory object's `id`, e.g. of an application object or a service principal.
    ObjectId, "an object id"
);
guid!(
    /// An application's `appId`: the client id.
    AppId, "a client id"
);
guid!(
    /// A tenant's id.
    TenantId, "a tenant id"
);
guid!(
    /// The id of an app role that a resource defines.
    AppRoleId, "an app role id"
);
guid!(
    /// The `keyId` of a password or key credential.
    KeyId, "a key id"
);

/// Microsoft Graph's `appId`, the same in every tenant and cloud (graph-facts 1 and 12).
pub const MICROSOFT_GRAPH: AppId = AppId(Uuid::from_u128(0x00000003_0000_0000_c000_000000000000));
