//! What tells whether somebody else uses an app registration, and what was deleted (graph-facts 2, 7).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Application, null_as_default, odd_as_default};
use crate::ids::{AppId, ObjectId};
use crate::times;

/// An app registration with the properties that its users set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationInUse {
    /// What it is.
    #[serde(flatten)]
    pub application: Application,
    /// Whose accounts may sign in. One that cannot be read spoils the whole answer, as a verdict rests on it.
    #[serde(default)]
    pub sign_in_audience: Option<String>,
    /// Names under which other apps ask for tokens of this one.
    #[serde(default, deserialize_with = "null_as_default")]
    pub identifier_uris: Vec<String>,
    /// App roles that it offers to others.
    #[serde(default, deserialize_with = "null_as_default")]
    pub app_roles: Vec<Value>,
    #[serde(default, deserialize_with = "null_as_default")]
    web: Platform,
    #[serde(default, deserialize_with = "null_as_default")]
    spa: Platform,
    #[serde(default, deserialize_with = "null_as_default")]
    public_client: Platform,
    #[serde(default, deserialize_with = "null_as_default")]
    api: Api,
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Platform {
    #[serde(default, deserialize_with = "null_as_default")]
    redirect_uris: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Api {
    #[serde(default, deserialize_with = "null_as_default")]
    oauth2_permission_scopes: Vec<Value>,
    #[serde(default, deserialize_with = "null_as_default")]
    pre_authorized_applications: Vec<Value>,
}

impl ApplicationInUse {
    /// Where people who sign in to it are sent back to.
    pub fn redirect_uris(&self) -> impl Iterator<Item = &str> {
        [&self.web, &self.spa, &self.public_client].into_iter().flat_map(|it| &it.redirect_uris).map(String::as_str)
    }

    /// Whether other apps can ask for its permissions.
    #[must_use]
    pub fn is_an_api(&self) -> bool {
        !(self.app_roles.is_empty()
            && self.identifier_uris.is_empty()
            && self.api.oauth2_permission_scopes.is_empty()
            && self.api.pre_authorized_applications.is_empty())
    }
}

/// A user or an app that owns an object.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// Object id.
    pub id: ObjectId,
    /// Name.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub display_name: Option<String>,
    /// Sign-in name of a user.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub user_principal_name: Option<String>,
    /// Client id of an app.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub app_id: Option<AppId>,
}

/// An identity elsewhere that an app registration trusts in place of a secret.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FederatedCredential {
    /// Unique in the registration.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// Who issues the tokens that it trusts.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub issuer: Option<String>,
    /// For whom they are issued.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub subject: Option<String>,
}

/// What was deleted and can still be restored.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedObject {
    /// Object id.
    pub id: ObjectId,
    /// When.
    #[serde(default, deserialize_with = "times::optional")]
    pub deleted_date_time: Option<Timestamp>,
}
