//! Every request that is sent to Graph, as data: built here, shown in plans, sent as it is.
//!
//! Ids are taken as `impl Display`, so that a plan can show a request whose ids do not exist yet.

pub mod provisioning;

use std::fmt::Display;

use ::http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::odata::{key, literal, phrase, query, segment};
use crate::cloud::Cloud;
use crate::ids::MICROSOFT_GRAPH;
use crate::model::{RequiredResourceAccess, ServicePrincipalType};

const APPLICATION: &str =
    "id,appId,displayName,uniqueName,createdDateTime,notes,requiredResourceAccess,passwordCredentials,keyCredentials";
const APPLICATION_ROW: &str =
    "id,appId,displayName,uniqueName,createdDateTime,notes,requiredResourceAccess,passwordCredentials";
/// What tells whether somebody else uses an app registration, beside what it is.
const APPLICATION_IN_USE: &str = "id,appId,displayName,uniqueName,createdDateTime,notes,requiredResourceAccess,\
     passwordCredentials,keyCredentials,signInAudience,identifierUris,web,spa,publicClient,api,appRoles";
const SERVICE_PRINCIPAL: &str = "id,appId,displayName,servicePrincipalType,accountEnabled,alternativeNames,createdDateTime,appRoleAssignmentRequired";
/// What an API offers.
const API: &str = "id,appId,displayName,appRoles,oauth2PermissionScopes";
/// Advanced queries, `$search` among them, work only with it (graph-facts 4).
const EVENTUAL: (&str, &str) = ("ConsistencyLevel", "eventual");
/// What a list of all grants of an API needs of each.
const GRANT_ROW: &str = "id,appRoleId,principalId,principalDisplayName,principalType,resourceId,resourceDisplayName,\
     createdDateTime";
/// What a service principal is, beside in whose tenant its app is registered.
const PRINCIPAL_IN_BULK: &str = "id,appId,displayName,servicePrincipalType,accountEnabled,alternativeNames,\
     createdDateTime,appOwnerOrganizationId";
/// An app registration's credentials, without the permissions that it requests.
const APPLICATION_CREDENTIALS: &str = "id,appId,displayName,createdDateTime,passwordCredentials,keyCredentials";
/// The largest page that Graph gives (graph-facts 4).
pub const LARGEST_PAGE: usize = 999;
/// As many values as Graph takes in one `in` filter.
pub const MOST_IN_FILTER: usize = 15;

/// The delegated scopes that calls need, each the least that Graph accepts (graph-facts 8).
const PROFILE: &[&str] = &["User.Read"];
const READING: &[&str] = &["Application.Read.All"];
const WRITING: &[&str] = &["Application.ReadWrite.All"];
const GRANTING: &[&str] = &["AppRoleAssignment.ReadWrite.All", "Application.Read.All"];
const REVOKING: &[&str] = &["AppRoleAssignment.ReadWrite.All"];
const ELIGIBLE: &[&str] = &["RoleEligibilitySchedule.Read.Directory"];
const ACTIVATE: &[&str] = &["RoleAssignmentSchedule.ReadWrite.Directory"];
const POLICIES: &[&str] = &["Policy.Read.All"];

/// A request to Graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// From `/v1.0`, query included, already encoded.
    pub path: String,
    /// Beside those that every call has.
    pub headers: Vec<(&'static str, String)>,
    /// JSON body.
    pub body: Option<Value>,
    /// The delegated scopes that a person's session needs for it, by value (graph-facts 8).
    pub scopes: &'static [&'static str],
}

impl Request {
    /// Where it goes in `cloud`.
    #[must_use]
    pub fn url(&self, cloud: &Cloud) -> Url {
        let (path, query) = self.path.split_once('?').map_or((self.path.as_str(), None), |(path, q)| (path, Some(q)));
        let mut url = cloud.graph.clone();
        url.set_path(path);
        url.set_query(query);
        url
    }

    fn new(scopes: &'static [&'static str], method: Method, path: &str, body: Option<Value>) -> Self {
        Self { method, path: format!("/v1.0{path}"), headers: Vec::new(), body, scopes }
    }

    fn get(scopes: &'static [&'static str], path: &str) -> Self {
        Self::new(scopes, Method::GET, path, None)
    }

    fn with(mut self, (name, value): (&'static str, &str)) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What a new app registration is made with (graph-facts 2).
#[derive(Debug, Clone, PartialEq)]
pub struct NewApplication {
    /// The only property that Graph requires.
    pub display_name: String,
    /// `AzureADMyOrg`, always sent: sources disagree on the default.
    pub sign_in_audience: &'static str,
    /// Free text.
    pub notes: Option<String>,
    /// The permissions to request; requesting grants nothing.
    pub required_resource_access: Vec<RequiredResourceAccess>,
}

impl NewApplication {
    /// For this tenant only.
    #[must_use]
    pub fn new(
        display_name: impl Into<String>,
        notes: Option<String>,
        required_resource_access: Vec<RequiredResourceAccess>,
    ) -> Self {
        Self { display_name: display_name.into(), sign_in_audience: "AzureADMyOrg", notes, required_resource_access }
    }
}

// --- who and where -------------------------------------------------------------------------------------------------

/// The signed-in user.
#[must_use]
pub fn me() -> Request {
    Request::get(PROFILE, &format!("/me{}", query(&[("$select", "id,displayName,userPrincipalName")])))
}

/// Groups, roles and administrative units of the signed-in user. Without the cast to `directoryRole`, which would be
/// an advanced query over an index that may lag (graph-facts 8).
#[must_use]
pub fn my_memberships() -> Request {
    Request::get(PROFILE, &format!("/me/transitiveMemberOf{}", query(&[("$top", "999")])))
}

/// The tenant.
#[must_use]
pub fn organization() -> Request {
    Request::get(
        PROFILE,
        &format!("/organization{}", query(&[("$select", "id,displayName,verifiedDomains,assignedPlans")])),
    )
}

/// The directory roles that the signed-in user may activate (graph-facts 8).
#[must_use]
pub fn my_eligible_roles() -> Request {
    let path = "/roleManagement/directory/roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')";
    Request::get(ELIGIBLE, &format!("{path}{}", query(&[("$expand", "roleDefinition")])))
}

/// Activates a directory role of the signed-in user for so many hours (graph-facts 8).
#[must_use]
pub fn activate_role(
    principal: impl Display,
    role: impl Display,
    justification: &str,
    hours: u8,
    start: Timestamp,
) -> Request {
    Request::new(
        ACTIVATE,
        Method::POST,
        "/roleManagement/directory/roleAssignmentScheduleRequests",
        Some(json!({
            "action": "selfActivate",
            "principalId": principal.to_string(),
            "roleDefinitionId": role.to_string(),
            "directoryScopeId": "/",
            "justification": justification,
            "scheduleInfo": {
                "startDateTime": to_seconds(start),
                "expiration": { "type": "afterDuration", "duration": format!("PT{hours}H") },
            },
        })),
    )
}

/// What the tenant forbids of new credentials (graph-facts 2).
#[must_use]
pub fn app_management_policy() -> Request {
    Request::get(POLICIES, "/policies/defaultAppManagementPolicy")
}

/// What users may do without a role (graph-facts 8).
#[must_use]
pub fn authorization_policy() -> Request {
    Request::get(POLICIES, "/policies/authorizationPolicy")
}

// --- applications --------------------------------------------------------------------------------------------------

/// One app registration by object id.
#[must_use]
pub fn application(object_id: impl Display) -> Request {
    Request::get(READING, &format!("/applications/{}{}", segment(object_id), query(&[("$select", APPLICATION)])))
}

/// One app registration by object id, with what tells whether somebody else uses it.
#[must_use]
pub fn application_in_use(object_id: impl Display) -> Request {
    Request::get(READING, &format!("/applications/{}{}", segment(object_id), query(&[("$select", APPLICATION_IN_USE)])))
}

/// Who owns an app registration. Without `$select`: what names an owner differs between users and apps.
#[must_use]
pub fn owners_of(app_object_id: impl Display) -> Request {
    Request::get(READING, &format!("/applications/{}/owners{}", segment(app_object_id), query(&[("$top", "999")])))
}

/// The identities elsewhere that an app registration trusts in place of a secret (graph-facts 2).
#[must_use]
pub fn federated_of(app_object_id: impl Display) -> Request {
    Request::get(READING, &format!("/applications/{}/federatedIdentityCredentials", segment(app_object_id)))
}

/// One app registration by client id.
#[must_use]
pub fn application_by_app_id(app_id: impl Display) -> Request {
    Request::get(READING, &format!("/applications(appId='{}'){}", segment(app_id), query(&[("$select", APPLICATION)])))
}

/// One app registration by its alternate key.
#[must_use]
pub fn application_by_unique_name(unique_name: &str) -> Request {
    Request::get(
        READING,
        &format!("/applications(uniqueName={}){}", key(unique_name), query(&[("$select", APPLICATION)])),
    )
}

/// Every app registration of exactly this name; names are not unique.
#[must_use]
pub fn applications_named(name: &str) -> Request {
    let filter = format!("displayName eq {}", literal(name));
    Request::get(
        READING,
        &format!("/applications{}", query(&[("$filter", &filter), ("$select", APPLICATION_ROW), ("$top", "999")])),
    )
}

/// App registrations whose name begins with `text`; all of them when it is empty.
#[must_use]
pub fn applications_starting_with(text: &str, top: usize) -> Request {
    let top = top.clamp(1, LARGEST_PAGE).to_string();
    let filter = format!("startswith(displayName,{})", literal(text));
    let mut pairs = vec![("$select", APPLICATION_ROW), ("$top", top.as_str())];
    if !text.is_empty() {
        pairs.insert(0, ("$filter", filter.as_str()));
    }
    Request::get(READING, &format!("/applications{}", query(&pairs)))
}

/// App registrations with words beginning as in `text` anywhere in their names.
#[must_use]
pub fn applications_searched(text: &str, top: usize) -> Request {
    let top = top.clamp(1, LARGEST_PAGE).to_string();
    let search = phrase(&format!("displayName:{text}"));
    let pairs = [("$search", search.as_str()), ("$select", APPLICATION_ROW), ("$top", top.as_str())];
    Request::get(READING, &format!("/applications{}", query(&pairs))).with(EVENTUAL)
}

/// Creates the app registration with this alternate key, or updates it: 201 with a body, or 204 (graph-facts 2).
#[must_use]
pub fn upsert_application(unique_name: &str, new: &NewApplication) -> Request {
    let mut body = json!({
        "displayName": new.display_name,
        "signInAudience": new.sign_in_audience,
        "requiredResourceAccess": new.required_resource_access,
    });
    if let (Some(notes), Some(object)) = (&new.notes, body.as_object_mut()) {
        object.insert("notes".to_owned(), json!(notes));
    }
    Request::new(WRITING, Method::PATCH, &format!("/applications(uniqueName={})", key(unique_name)), Some(body))
        .with(("Prefer", "create-if-missing"))
}

/// Replaces the requested permissions: the collection is replaced whole (graph-facts 2).
#[must_use]
pub fn patch_requested(app_object_id: impl Display, requested: &[RequiredResourceAccess]) -> Request {
    let body = json!({ "requiredResourceAccess": requested });
    Request::new(WRITING, Method::PATCH, &format!("/applications/{}", segment(app_object_id)), Some(body))
}

/// Makes a client secret whose value the answer holds, once (graph-facts 2).
#[must_use]
pub fn add_password(app_object_id: impl Display, description: &str, end: Timestamp) -> Request {
    let body = json!({ "passwordCredential": { "displayName": description, "endDateTime": to_seconds(end) } });
    Request::new(WRITING, Method::POST, &format!("/applications/{}/addPassword", segment(app_object_id)), Some(body))
}

/// Removes a client secret.
#[must_use]
pub fn remove_password(app_object_id: impl Display, key_id: impl Display) -> Request {
    let body = json!({ "keyId": key_id.to_string() });
    Request::new(WRITING, Method::POST, &format!("/applications/{}/removePassword", segment(app_object_id)), Some(body))
}

/// Deletes an app registration; it can be restored for 30 days (graph-facts 7).
#[must_use]
pub fn delete_application(object_id: impl Display) -> Request {
    Request::new(WRITING, Method::DELETE, &format!("/applications/{}", segment(object_id)), None)
}

/// A deleted app registration or service principal that can still be restored (graph-facts 7).
#[must_use]
pub fn deleted_item(object_id: impl Display) -> Request {
    Request::get(WRITING, &format!("/directory/deletedItems/{}", segment(object_id)))
}

// --- service principals --------------------------------------------------------------------------------------------

/// Microsoft Graph's own service principal in this tenant, with the roles that it offers here.
#[must_use]
pub fn graph_resource() -> Request {
    Request::get(
        READING,
        &format!("/servicePrincipals(appId='{MICROSOFT_GRAPH}'){}", query(&[("$select", "id,appRoles")])),
    )
}

/// What an API offers, by the object id of its service principal.
#[must_use]
pub fn api(object_id: impl Display) -> Request {
    Request::get(READING, &format!("/servicePrincipals/{}{}", segment(object_id), query(&[("$select", API)])))
}

/// One service principal by object id.
#[must_use]
pub fn service_principal(object_id: impl Display) -> Request {
    Request::get(
        READING,
        &format!("/servicePrincipals/{}{}", segment(object_id), query(&[("$select", SERVICE_PRINCIPAL)])),
    )
}

/// One service principal by client id.
#[must_use]
pub fn service_principal_by_app_id(app_id: impl Display) -> Request {
    Request::get(
        READING,
        &format!("/servicePrincipals(appId='{}'){}", segment(app_id), query(&[("$select", SERVICE_PRINCIPAL)])),
    )
}

/// Service principals whose name begins with `text`; of any name when it is empty.
#[must_use]
pub fn service_principals_starting_with(text: &str, kind: Option<&ServicePrincipalType>, top: usize) -> Request {
    let top = top.clamp(1, LARGEST_PAGE).to_string();
    let begins = (!text.is_empty()).then(|| format!("startswith(displayName,{})", literal(text)));
    let filter = begins.into_iter().chain(kind.map(of_kind)).collect::<Vec<_>>().join(" and ");
    let mut pairs = vec![("$select", SERVICE_PRINCIPAL), ("$top", top.as_str())];
    if !filter.is_empty() {
        pairs.insert(0, ("$filter", filter.as_str()));
    }
    Request::get(READING, &format!("/servicePrincipals{}", query(&pairs)))
}

/// Service principals with words beginning as in `text` anywhere in their names.
#[must_use]
pub fn service_principals_searched(text: &str, kind: Option<&ServicePrincipalType>, top: usize) -> Request {
    let top = top.clamp(1, LARGEST_PAGE).to_string();
    let search = phrase(&format!("displayName:{text}"));
    let filter = kind.map(of_kind);
    let mut pairs = vec![("$search", search.as_str())];
    if let Some(filter) = &filter {
        pairs.push(("$filter", filter.as_str()));
    }
    pairs.extend([("$select", SERVICE_PRINCIPAL), ("$top", top.as_str())]);
    Request::get(READING, &format!("/servicePrincipals{}", query(&pairs))).with(EVENTUAL)
}

/// Service principals of exactly this name.
#[must_use]
pub fn service_principals_named(name: &str, kind: Option<&ServicePrincipalType>) -> Request {
    let filter = std::iter::once(format!("displayName eq {}", literal(name))).chain(kind.map(of_kind));
    let filter = filter.collect::<Vec<_>>().join(" and ");
    let pairs = [("$filter", filter.as_str()), ("$select", SERVICE_PRINCIPAL), ("$top", "999")];
    Request::get(READING, &format!("/servicePrincipals{}", query(&pairs)))
}

/// Managed identities that carry `name` among their alternative names (graph-facts 5).
#[must_use]
pub fn managed_identities_with_alternative_name(name: &str) -> Request {
    let filter = format!("alternativeNames/any(n:n eq {})", literal(name));
    let pairs = [("$filter", filter.as_str()), ("$select", SERVICE_PRINCIPAL), ("$top", "999")];
    Request::get(READING, &format!("/servicePrincipals{}", query(&pairs)))
}

/// Makes the service principal of an application of this tenant (graph-facts 3).
#[must_use]
pub fn create_service_principal(app_id: impl Display) -> Request {
    Request::new(WRITING, Method::POST, "/servicePrincipals", Some(json!({ "appId": app_id.to_string() })))
}

/// Lets a service principal sign in, or blocks it (graph-facts 3; not for managed identities, 5).
#[must_use]
pub fn set_sign_in(object_id: impl Display, enabled: bool) -> Request {
    let body = json!({ "accountEnabled": enabled });
    Request::new(WRITING, Method::PATCH, &format!("/servicePrincipals/{}", segment(object_id)), Some(body))
}

/// Deletes a service principal; it can be restored for 30 days (graph-facts 7).
#[must_use]
pub fn delete_service_principal(object_id: impl Display) -> Request {
    Request::new(WRITING, Method::DELETE, &format!("/servicePrincipals/{}", segment(object_id)), None)
}

// --- grants --------------------------------------------------------------------------------------------------------

/// What a principal holds.
#[must_use]
pub fn grants_of(principal_id: impl Display) -> Request {
    let tail = query(&[("$top", "999")]);
    Request::get(READING, &format!("/servicePrincipals/{}/appRoleAssignments{tail}", segment(principal_id)))
}

/// Who holds app roles of a service principal: users, groups and other apps that are let into the app.
#[must_use]
pub fn assigned_to(resource_id: impl Display) -> Request {
    let tail = query(&[("$top", "999")]);
    Request::get(READING, &format!("/servicePrincipals/{}/appRoleAssignedTo{tail}", segment(resource_id)))
}

/// Every grant of an API in the tenant, in the largest pages. By which role they are cannot be asked for: Graph filters
/// on neither `appRoleId` nor `principalId` (graph-facts 6).
#[must_use]
pub fn every_grant(resource_id: impl Display) -> Request {
    let tail = query(&[("$select", GRANT_ROW), ("$top", "999")]);
    Request::get(READING, &format!("/servicePrincipals/{}/appRoleAssignedTo{tail}", segment(resource_id)))
}

/// Up to [`MOST_IN_FILTER`] service principals by object id.
#[must_use]
pub fn service_principals_among<I: Display>(ids: &[I]) -> Request {
    let filter = among("id", ids);
    let pairs = [("$filter", filter.as_str()), ("$select", PRINCIPAL_IN_BULK)];
    Request::get(READING, &format!("/servicePrincipals{}", query(&pairs)))
}

/// Up to [`MOST_IN_FILTER`] app registrations by client id, with their credentials.
#[must_use]
pub fn applications_among<I: Display>(app_ids: &[I]) -> Request {
    let filter = among("appId", app_ids);
    let pairs = [("$filter", filter.as_str()), ("$select", APPLICATION_CREDENTIALS)];
    Request::get(READING, &format!("/applications{}", query(&pairs)))
}

fn among<I: Display>(property: &str, ids: &[I]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| literal(&id.to_string())).collect();
    format!("{property} in ({})", ids.join(","))
}

/// Grants one app role of `resource_id` to `principal_id` (graph-facts 6).
#[must_use]
pub fn grant(resource_id: impl Display, principal_id: impl Display, role_id: impl Display) -> Request {
    let body = json!({
        "principalId": principal_id.to_string(),
        "resourceId": resource_id.to_string(),
        "appRoleId": role_id.to_string(),
    });
    Request::new(
        GRANTING,
        Method::POST,
        &format!("/servicePrincipals/{}/appRoleAssignedTo", segment(resource_id)),
        Some(body),
    )
}

/// Takes one grant away.
#[must_use]
pub fn revoke(resource_id: impl Display, assignment_id: impl Display) -> Request {
    let (resource, assignment) = (segment(resource_id), segment(assignment_id));
    Request::new(
        REVOKING,
        Method::DELETE,
        &format!("/servicePrincipals/{resource}/appRoleAssignedTo/{assignment}"),
        None,
    )
}

fn of_kind(kind: &ServicePrincipalType) -> String {
    let name = match kind {
        ServicePrincipalType::Application => "Application",
        ServicePrincipalType::ManagedIdentity => "ManagedIdentity",
        ServicePrincipalType::Other(name) => name,
    };
    format!("servicePrincipalType eq {}", literal(name))
}

/// Whole seconds: Graph stores no finer ones in credentials, and a comparison must not fail on the rest. Nor does every
/// reader of OData take as many digits as a clock here may give.
fn to_seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
