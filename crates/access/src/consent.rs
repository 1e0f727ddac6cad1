//! Handing over consent: who may not grant asks who may, who then finishes exactly that.

pub(crate) mod ask;
pub(crate) mod check;
pub(crate) mod file;
mod note;
pub(crate) mod open;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::preflight::Standing;

pub use file::{LARGEST_FILE, file_name, from_file, to_file};
pub use note::note_markdown;

/// What stands in the file that is handed over. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentRequest {
    /// `inbound-access/consent-request`.
    pub kind: String,
    /// The format's version, 1.
    pub format: u32,
    /// The run that asks.
    pub run_id: String,
    /// When it was asked for, RFC 3339.
    pub asked: String,
    /// Sign-in name of who asks.
    pub asked_by: String,
    /// The cloud's key.
    pub cloud: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// The tenant's name, as the asker's tenant bears it.
    pub tenant_name: String,
    /// Whom the permissions are for.
    pub principal: ConsentPrincipal,
    /// What is to be granted.
    pub permissions: Vec<ConsentPermission>,
}

/// Whom permissions are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentPrincipal {
    /// Its name; only its ids are ever looked up.
    pub name: String,
    /// Its client id.
    pub client_id: String,
    /// Object id of its service principal.
    pub object_id: String,
    /// It is a managed identity, to which Entra's consent page does not apply.
    pub managed_identity: bool,
}

/// A permission that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentPermission {
    /// Its value.
    pub value: String,
    /// What it lets the client do.
    pub title: String,
    /// Id of the app role in this tenant's Microsoft Graph.
    pub app_role_id: String,
}

/// A request for consent in the asker's run, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentState {
    /// What is asked.
    pub request: ConsentRequest,
    /// Entra's consent page for exactly this app; none for a managed identity.
    pub consent_url: Option<String>,
    /// The app's permissions in the portal.
    pub portal_url: String,
    /// For each permission in the request's order, since when it is granted, RFC 3339; none as long as it is not.
    pub granted: Vec<Option<String>>,
    /// When the tenant was last asked, RFC 3339.
    pub checked: Option<String>,
}

/// A consent request that was opened from a file, beside the tenant that one is signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenedConsent {
    /// Handle for `plan_consent`; known to this process only.
    pub id: String,
    /// What is asked.
    pub request: ConsentRequest,
    /// Why it cannot be finished here: another tenant or cloud, or the principal is not what the file says. None when it
    /// can.
    pub obstacle: Option<String>,
    /// Whether the operator may grant.
    pub standing: Standing,
}
