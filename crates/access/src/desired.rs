//! What the administrator asks for, as it arrives from a face.

pub(crate) mod checked;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A request to set up access, unchecked. `plan` checks every field before it looks at the tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SetupRequest {
    /// A program outside Azure: an app registration with a client secret.
    AppRegistration {
        /// Display name of the app, 1 to 120 characters.
        name: String,
        /// Which registration is meant.
        app: AppChoice,
        /// A note for whoever finds the app later; kept in its `notes`.
        note: Option<String>,
        /// Description of the secret, at most 120 characters; by default the app's name and the month.
        secret_description: Option<String>,
        /// Last day of the secret's life, `YYYY-MM-DD`; after today, at most 24 months ahead.
        secret_expires: String,
        /// Values of Microsoft Graph application permissions.
        permissions: Vec<String>,
        /// Leave the grants to another administrator, who gets a request for consent.
        ask_consent: bool,
        /// Where the secret goes.
        #[serde(default)]
        secret_goes: SecretGoes,
    },
    /// Something that runs in Azure: a managed identity.
    ManagedIdentity {
        /// The identity's service principal, by object id.
        object_id: String,
        /// Values of Microsoft Graph application permissions.
        permissions: Vec<String>,
        /// Leave the grants to another administrator, who gets a request for consent.
        ask_consent: bool,
    },
}

/// Where a new client secret goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SecretGoes {
    /// Into this computer's keychain.
    #[default]
    IntoKeychain,
    /// Nowhere: it is shown once to the operator, who says that they have it.
    ShownOnce,
}

/// Which app registration a request means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum AppChoice {
    /// The one that Inbound Access made under this name, or a new one if there is none.
    ByName,
    /// This one, which exists already.
    Existing {
        /// Its client id.
        client_id: String,
    },
    /// A further one under a name that is taken.
    Another,
}

/// A named choice of permissions (DESIGN section 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionSet {
    /// Stable key: `howTo`, `narrower`, `csv2scim`, `isv`.
    pub key: String,
    /// Its name on screen.
    pub title: String,
    /// For whom, in a sentence.
    pub explanation: String,
    /// What it holds.
    pub permissions: Vec<PermissionInfo>,
    /// False when this tenant's Graph lacks one of them; `explanation` then says so.
    pub available: bool,
}

/// A permission in the administrator's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionInfo {
    /// Its value, e.g. `SynchronizationData-User.Upload`.
    pub value: String,
    /// What it lets the client do, e.g. "Upload users".
    pub title: String,
    /// One more sentence: what it opens besides, or why it is needed.
    pub explanation: String,
}
