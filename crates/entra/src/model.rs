//! What Graph answers, as far as we read it. Deserialised leniently: unknown properties are ignored and
//! properties that real answers leave out or set to null have defaults (graph-facts 12b). A time beyond what a
//! `Timestamp` holds reads as its last one, an odd time as none.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

mod census;
mod in_use;
mod provisioning;
mod standing;
#[cfg(test)]
mod standing_tests;

pub use census::PrincipalInBulk;
pub use in_use::{ApplicationInUse, DeletedObject, FederatedCredential, Owner};
pub use provisioning::{
    ApplicationTemplate, JobError, JobExecution, JobQuarantine, JobSchedule, JobStatus, LogError, LogIdentity,
    LogStatus, ProvisioningApp, ProvisioningLogEntry, SynchronizationJob,
};
pub use standing::{AppManagementPolicy, AuthorizationPolicy, RoleEligibility};

use crate::ids::{AppId, AppRoleId, KeyId, ObjectId, TenantId};
use crate::times;

fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// What can be read, the default where it cannot: for properties that are good to know and no reason to fail.
fn odd_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).unwrap_or_default())
}

/// Those of a list that can be read; none where it is no list.
fn readable<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Array(all) = Value::deserialize(deserializer)? else { return Ok(Vec::new()) };
    Ok(all.into_iter().filter_map(|one| serde_json::from_value(one).ok()).collect())
}

/// An app registration (graph-facts 2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Object id, the address of the registration itself.
    pub id: ObjectId,
    /// The client id that API clients sign in with.
    pub app_id: AppId,
    /// Not unique in a tenant.
    #[serde(default, deserialize_with = "null_as_default")]
    pub display_name: String,
    /// Immutable alternate key.
    #[serde(default)]
    pub unique_name: Option<String>,
    /// When it was registered.
    #[serde(default, deserialize_with = "times::optional")]
    pub created_date_time: Option<Timestamp>,
    /// Free text of the registration's owner.
    #[serde(default)]
    pub notes: Option<String>,
    /// The permissions that it *requests*; requesting grants nothing.
    #[serde(default, deserialize_with = "null_as_default")]
    pub required_resource_access: Vec<RequiredResourceAccess>,
    /// Client secrets, without their values.
    #[serde(default, deserialize_with = "null_as_default")]
    pub password_credentials: Vec<PasswordCredential>,
    /// Certificates, without their keys.
    #[serde(default, deserialize_with = "null_as_default")]
    pub key_credentials: Vec<KeyCredential>,
}

/// The permissions of one API that an app registration requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequiredResourceAccess {
    /// The API's client id.
    pub resource_app_id: AppId,
    /// App roles and scopes of it.
    #[serde(default, deserialize_with = "null_as_default")]
    pub resource_access: Vec<ResourceAccess>,
}

/// One requested permission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResourceAccess {
    /// Id of the app role or scope.
    pub id: AppRoleId,
    /// `Role` for an application permission, `Scope` for a delegated one.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A client secret's public part.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordCredential {
    /// Identifies it within its application.
    pub key_id: KeyId,
    /// Its description.
    #[serde(default)]
    pub display_name: Option<String>,
    /// When it begins to work.
    #[serde(default, deserialize_with = "times::optional")]
    pub start_date_time: Option<Timestamp>,
    /// When it ends.
    #[serde(default, deserialize_with = "times::optional")]
    pub end_date_time: Option<Timestamp>,
    /// The first three characters of the value.
    #[serde(default)]
    pub hint: Option<String>,
}

/// A certificate credential's public part.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyCredential {
    /// Identifies it within its application.
    pub key_id: KeyId,
    /// Its description.
    #[serde(default)]
    pub display_name: Option<String>,
    /// When it ends.
    #[serde(default, deserialize_with = "times::optional")]
    pub end_date_time: Option<Timestamp>,
}

/// A password that `addPassword` has just made: the only time that its value is seen (graph-facts 2).
#[derive(Debug)]
pub struct NewPassword {
    /// Its public part.
    pub credential: PasswordCredential,
    /// The value.
    pub secret: SecretString,
}

/// A service principal (graph-facts 3 and 5).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    /// Object id.
    pub id: ObjectId,
    /// Client id of the application that it stands for.
    pub app_id: AppId,
    /// Not unique in a tenant.
    #[serde(default, deserialize_with = "null_as_default")]
    pub display_name: String,
    /// What it stands for.
    #[serde(default, deserialize_with = "null_as_default")]
    pub service_principal_type: ServicePrincipalType,
    /// False when sign-in is blocked.
    #[serde(default)]
    pub account_enabled: Option<bool>,
    /// For managed identities: `isExplicit=True|False` and the Azure resource id, in any order and case.
    #[serde(default, deserialize_with = "null_as_default")]
    pub alternative_names: Vec<String>,
    /// When it was made, where Graph tells.
    #[serde(default, deserialize_with = "times::optional")]
    pub created_date_time: Option<Timestamp>,
    /// Whether users and apps must be assigned to it before they can use it; none where that was not asked for.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub app_role_assignment_required: Option<bool>,
}

/// What a service principal stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "String")]
pub enum ServicePrincipalType {
    /// An app registration of this or another tenant.
    #[default]
    Application,
    /// A managed identity of an Azure resource.
    ManagedIdentity,
    /// Anything else, by Graph's name for it.
    Other(String),
}

impl From<String> for ServicePrincipalType {
    fn from(name: String) -> Self {
        match name.as_str() {
            "Application" => Self::Application,
            "ManagedIdentity" => Self::ManagedIdentity,
            _ => Self::Other(name),
        }
    }
}

/// An application permission or user role that an API defines.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRole {
    /// Its id.
    pub id: AppRoleId,
    /// Its name in tokens, e.g. `SynchronizationData-User.Upload`.
    #[serde(default)]
    pub value: Option<String>,
    /// Its title.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Who may hold it: `Application`, `User`.
    #[serde(default, deserialize_with = "null_as_default")]
    pub allowed_member_types: Vec<String>,
    /// Disabled roles cannot be granted.
    #[serde(default)]
    pub is_enabled: bool,
}

/// Microsoft Graph's own service principal in this tenant, with the roles that it offers here.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphResource {
    /// Its object id in this tenant: the `resourceId` of grants.
    pub id: ObjectId,
    /// All its app roles.
    pub app_roles: Vec<AppRole>,
}

impl GraphResource {
    /// The enabled application permission called `value`, resolved in this tenant.
    #[must_use]
    pub fn application_permission(&self, value: &str) -> Option<&AppRole> {
        self.app_roles.iter().find(|role| {
            role.is_enabled
                && role.value.as_deref() == Some(value)
                && role.allowed_member_types.iter().any(|kind| kind == "Application")
        })
    }

    /// The app role with this id, whatever its state.
    #[must_use]
    pub fn role(&self, id: AppRoleId) -> Option<&AppRole> {
        self.app_roles.iter().find(|role| role.id == id)
    }
}

/// An API by its service principal, with what it offers to apps and to signed-in people.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    /// Object id in this tenant.
    pub id: ObjectId,
    /// Client id.
    pub app_id: AppId,
    /// Not unique in a tenant.
    #[serde(default, deserialize_with = "null_as_default")]
    pub display_name: String,
    /// Application permissions and user roles.
    #[serde(default, deserialize_with = "readable")]
    pub app_roles: Vec<AppRole>,
    /// Delegated permissions.
    #[serde(default, deserialize_with = "readable")]
    pub oauth2_permission_scopes: Vec<DelegatedPermission>,
}

/// A permission to act for a signed-in person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DelegatedPermission {
    /// Its id, in registrations' requests too.
    pub id: AppRoleId,
    /// Its name in tokens; often that of an application permission as well.
    #[serde(default)]
    pub value: Option<String>,
}

/// A grant: an app role that a principal holds on a resource (graph-facts 6).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRoleAssignment {
    /// Opaque, not a GUID.
    pub id: String,
    /// Which role.
    pub app_role_id: AppRoleId,
    /// Who holds it.
    pub principal_id: ObjectId,
    /// On which API's service principal.
    pub resource_id: ObjectId,
    /// The holder's name.
    #[serde(default)]
    pub principal_display_name: Option<String>,
    /// What the holder is: `ServicePrincipal`, `User`, `Group`.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub principal_type: Option<String>,
    /// The API's name.
    #[serde(default)]
    pub resource_display_name: Option<String>,
    /// When it was granted.
    #[serde(default, deserialize_with = "times::optional")]
    pub created_date_time: Option<Timestamp>,
}

/// The signed-in user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Object id.
    pub id: ObjectId,
    /// Full name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Sign-in name.
    #[serde(default)]
    pub user_principal_name: Option<String>,
}

/// A directory role that the signed-in user holds actively.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryRole {
    /// The same in every tenant.
    pub role_template_id: uuid::Uuid,
    /// Its name.
    #[serde(default)]
    pub display_name: Option<String>,
}

/// The tenant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The tenant's id.
    pub id: TenantId,
    /// The company's name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Its domains.
    #[serde(default, deserialize_with = "null_as_default")]
    pub verified_domains: Vec<VerifiedDomain>,
    /// The service plans that it has, as far as they can be read.
    #[serde(default, deserialize_with = "readable")]
    pub assigned_plans: Vec<AssignedPlan>,
}

/// A service plan of the tenant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssignedPlan {
    /// Which, the same in every tenant.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub service_plan_id: Option<uuid::Uuid>,
    /// `Enabled`, `Warning`, `Suspended`, `Deleted`, `LockedOut`.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub capability_status: Option<String>,
    /// E.g. `AADPremiumService`.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub service: Option<String>,
}

/// A domain of the tenant.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedDomain {
    /// E.g. `contoso.example`.
    pub name: String,
    /// The one shown by default.
    #[serde(default)]
    pub is_default: bool,
}
