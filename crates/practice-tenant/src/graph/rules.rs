//! Who may do what: the table of graph-facts 8. Scopes and app roles are alternatives within a row and are all
//! needed across rows; a delegated call needs the scope **and** the directory role.

use uuid::Uuid;

use crate::persona::{
    APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR, GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR,
};

/// Directory roles that a signed-in user needs one of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Every member of the tenant.
    Anyone,
    /// One of these roles, by template id.
    Roles(&'static [Uuid]),
    /// One of these roles, or owning the object; without a role one may register apps if the tenant says so.
    RolesOrOwner(&'static [Uuid]),
}

/// What a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Delegated scopes: one of each row.
    pub delegated: &'static [&'static [&'static str]],
    /// App roles: one of each row. No rows: not for applications.
    pub application: &'static [&'static [&'static str]],
    /// An app role that suffices for objects that the calling application owns.
    pub owned: Option<&'static str>,
    pub standing: Standing,
}

const APP_MANAGERS: &[Uuid] = &[GLOBAL_ADMINISTRATOR, APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR];

const GRANTERS: Standing = Standing::Roles(&[
    GLOBAL_ADMINISTRATOR,
    PRIVILEGED_ROLE_ADMINISTRATOR,
    APPLICATION_ADMINISTRATOR,
    CLOUD_APPLICATION_ADMINISTRATOR,
]);

/// Roles that may grant app roles of Microsoft Graph itself; the application administrators may not.
pub(crate) const GRAPH_GRANTERS: &[Uuid] = &[GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR];

const READ: &[&str] =
    &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];
const LIST_AS_APP: &[&str] =
    &["Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All"];
const READ_AS_APP: &[&str] = &[
    "Application.Read.All",
    "Application.ReadWrite.All",
    "Application.ReadWrite.OwnedBy",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const READ_TO_GRANT: &[&str] = &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All"];

/// GET of all applications or service principals: for apps `Directory.ReadWrite.All` is not listed.
pub(crate) const LIST_APPLICATIONS: Rule =
    Rule { delegated: &[READ], application: &[LIST_AS_APP], owned: None, standing: Standing::Anyone };

/// GET of one application or service principal, and of assignments.
pub(crate) const READ_APPLICATIONS: Rule =
    Rule { delegated: &[READ], application: &[READ_AS_APP], owned: None, standing: Standing::Anyone };

/// Create, change and delete applications.
pub(crate) const WRITE_APPLICATIONS: Rule = Rule {
    delegated: &[&["Application.ReadWrite.All"]],
    application: &[&["Application.ReadWrite.All"]],
    owned: Some("Application.ReadWrite.OwnedBy"),
    standing: Standing::RolesOrOwner(APP_MANAGERS),
};

/// addPassword and removePassword, and whatever changes service principals.
pub(crate) const WRITE_PRINCIPALS: Rule = Rule {
    delegated: &[&["Application.ReadWrite.All", "Directory.ReadWrite.All"]],
    application: &[&["Application.ReadWrite.All", "Directory.ReadWrite.All"]],
    owned: Some("Application.ReadWrite.OwnedBy"),
    standing: Standing::RolesOrOwner(APP_MANAGERS),
};

/// POST of an assignment.
pub(crate) const GRANT: Rule = Rule {
    delegated: &[&["AppRoleAssignment.ReadWrite.All"], READ_TO_GRANT],
    application: &[&["AppRoleAssignment.ReadWrite.All"], READ_TO_GRANT],
    owned: None,
    standing: GRANTERS,
};

/// DELETE of an assignment.
pub(crate) const REVOKE: Rule = Rule {
    delegated: &[&["AppRoleAssignment.ReadWrite.All"]],
    application: &[&["AppRoleAssignment.ReadWrite.All"]],
    owned: None,
    standing: GRANTERS,
};

/// Deleted applications and service principals: list, restore, delete for good (graph-facts 7).
pub(crate) const DELETED_ITEMS: Rule = Rule {
    delegated: &[&["Application.ReadWrite.All"]],
    application: &[&["Application.ReadWrite.All"]],
    owned: None,
    standing: Standing::Roles(APP_MANAGERS),
};

/// GET /me and what the user is a member of.
pub(crate) const READ_ME: Rule = Rule {
    delegated: &[&["User.Read", "User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"]],
    application: &[],
    owned: None,
    standing: Standing::Anyone,
};

/// GET /organization. `User.Read` is accepted (graph-facts 8).
pub(crate) const READ_ORGANIZATION: Rule = Rule {
    delegated: &[&[
        "User.Read",
        "User.Read.All",
        "Organization.Read.All",
        "Directory.Read.All",
        "Directory.ReadWrite.All",
    ]],
    application: &[&["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All", "User.Read.All"]],
    owned: None,
    standing: Standing::Anyone,
};

/// GET of what users may do without a role.
pub(crate) const READ_AUTHORIZATION_POLICY: Rule = Rule {
    delegated: &[&["Policy.Read.All", "Policy.ReadWrite.Authorization"]],
    application: &[&["Policy.Read.All", "Policy.ReadWrite.Authorization"]],
    owned: None,
    standing: Standing::Anyone,
};

/// GET of the tenant's and of an app's management policies.
pub(crate) const READ_POLICIES: Rule = Rule {
    delegated: &[&["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"]],
    application: &[&["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"]],
    owned: None,
    standing: Standing::Anyone,
};

const READ_SKUS: &[&str] = &[
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    "LicenseAssignment.Read.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

/// GET of the products that the company has bought.
pub(crate) const READ_SUBSCRIPTIONS: Rule =
    Rule { delegated: &[READ_SKUS], application: &[READ_SKUS], owned: None, standing: Standing::Anyone };

const READ_DEFINITIONS: &[&str] = &[
    "RoleManagement.Read.Directory",
    "RoleManagement.Read.All",
    "RoleManagement.ReadWrite.Directory",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];

/// GET of role definitions.
pub(crate) const READ_ROLE_DEFINITIONS: Rule =
    Rule { delegated: &[READ_DEFINITIONS], application: &[READ_DEFINITIONS], owned: None, standing: Standing::Anyone };

/// GET of the roles that the signed-in user may activate. An app has no "current user".
pub(crate) const READ_MY_ELIGIBILITY: Rule = Rule {
    delegated: &[&[
        "RoleEligibilitySchedule.Read.Directory",
        "RoleEligibilitySchedule.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    ]],
    application: &[],
    owned: None,
    standing: Standing::Anyone,
};

/// GET of the roles that are active for the signed-in user.
pub(crate) const READ_MY_ACTIVATIONS: Rule = Rule {
    delegated: &[&[
        "RoleAssignmentSchedule.Read.Directory",
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    ]],
    application: &[],
    owned: None,
    standing: Standing::Anyone,
};

/// POST of a request to activate a role.
pub(crate) const ACTIVATE: Rule = Rule {
    delegated: &[&["RoleAssignmentSchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"]],
    application: &[],
    owned: None,
    standing: Standing::Anyone,
};

/// GET of an app's federated credentials.
pub(crate) const READ_FEDERATED: Rule = Rule {
    delegated: &[&["Application.Read.All", "Application.ReadWrite.All"]],
    application: &[&["Application.Read.All", "Application.ReadWrite.All"]],
    owned: Some("Application.ReadWrite.OwnedBy"),
    standing: Standing::Anyone,
};

/// GET of one federated credential: the list of permissions names the one that writes only.
pub(crate) const READ_ONE_FEDERATED: Rule = Rule {
    delegated: &[&["Application.ReadWrite.All"]],
    application: &[&["Application.ReadWrite.All"]],
    owned: Some("Application.ReadWrite.OwnedBy"),
    standing: Standing::Anyone,
};

const SYNCHRONIZATION_READERS: &[&str] = &["Synchronization.Read.All", "Synchronization.ReadWrite.All"];

/// GET of provisioning jobs and templates. The role is that of who manages the app.
pub(crate) const READ_SYNCHRONIZATION: Rule = Rule {
    delegated: &[SYNCHRONIZATION_READERS],
    application: &[SYNCHRONIZATION_READERS],
    owned: Some("Application.ReadWrite.OwnedBy"),
    standing: Standing::Roles(APP_MANAGERS),
};

/// Start, pause and restart of jobs, and who is told of their failures.
pub(crate) const WRITE_SYNCHRONIZATION: Rule = Rule {
    delegated: &[&["Synchronization.ReadWrite.All"]],
    application: &[&["Synchronization.ReadWrite.All"]],
    owned: Some("Application.ReadWrite.OwnedBy"),
    standing: Standing::Roles(APP_MANAGERS),
};

/// POST of users. What users of the tenant need besides is checked with the call (graph-facts 9).
pub(crate) const UPLOAD: Rule = Rule {
    delegated: &[],
    application: &[&["SynchronizationData-User.Upload"]],
    owned: Some("SynchronizationData-User.Upload.OwnedBy"),
    standing: Standing::Anyone,
};

const LOG_READERS: &[&str] = &["ProvisioningLog.Read.All", "AuditLog.Read.All", "Directory.Read.All"];

/// GET of the provisioning log. Of the roles that may, the tenant knows those of application administrators.
pub(crate) const READ_PROVISIONING_LOG: Rule = Rule {
    delegated: &[LOG_READERS],
    application: &[LOG_READERS],
    owned: None,
    standing: Standing::Roles(APP_MANAGERS),
};

const GRANT_READERS: &[&str] =
    &["Directory.Read.All", "Directory.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All"];

/// GET of delegated permissions that were consented to.
pub(crate) const READ_PERMISSION_GRANTS: Rule =
    Rule { delegated: &[GRANT_READERS], application: &[GRANT_READERS], owned: None, standing: Standing::Anyone };

/// POST of ids, for their objects.
pub(crate) const READ_OBJECTS: Rule = Rule {
    delegated: &[&["Directory.Read.All"]],
    application: &[&["Directory.Read.All"]],
    owned: None,
    standing: Standing::Anyone,
};
