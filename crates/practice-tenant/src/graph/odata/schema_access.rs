//! The properties of what says who may do what: role definitions and PIM, management policies, federated credentials
//! (graph-facts 2 and 8).

use crate::graph::odata::filterable::{EQUAL, NONE};
use crate::graph::odata::schema::Access::{Read, Write};
use crate::graph::odata::schema::Shape::{Date, Flag, Object, Objects, Text, Texts};
use crate::graph::odata::schema::{Kind, no_defaults, property};

/// Definitions of directory roles.
pub(crate) static ROLE_DEFINITION: Kind = Kind {
    name: "unifiedRoleDefinition",
    properties: &[
        property("id", Text, Read, EQUAL),
        property("description", Text, Read, NONE),
        property("displayName", Text, Read, EQUAL),
        property("isBuiltIn", Flag, Read, EQUAL),
        property("isEnabled", Flag, Read, NONE),
        property("resourceScopes", Texts, Read, NONE),
        property("rolePermissions", Objects, Read, NONE),
        property("templateId", Text, Read, EQUAL),
        property("version", Text, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Roles that a user may activate.
pub(crate) static ELIGIBILITY: Kind = Kind {
    name: "unifiedRoleEligibilityScheduleInstance",
    properties: &[
        property("id", Text, Read, NONE),
        property("appScopeId", Text, Read, NONE),
        property("directoryScopeId", Text, Read, EQUAL),
        property("endDateTime", Date, Read, NONE),
        property("memberType", Text, Read, EQUAL),
        property("principalId", Text, Read, EQUAL),
        property("roleDefinitionId", Text, Read, EQUAL),
        property("roleEligibilityScheduleId", Text, Read, EQUAL),
        property("startDateTime", Date, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Roles that are active, for good or for a time.
pub(crate) static ASSIGNMENT: Kind = Kind {
    name: "unifiedRoleAssignmentScheduleInstance",
    properties: &[
        property("id", Text, Read, NONE),
        property("appScopeId", Text, Read, NONE),
        property("assignmentType", Text, Read, EQUAL),
        property("directoryScopeId", Text, Read, EQUAL),
        property("endDateTime", Date, Read, NONE),
        property("memberType", Text, Read, EQUAL),
        property("principalId", Text, Read, EQUAL),
        property("roleAssignmentOriginId", Text, Read, NONE),
        property("roleAssignmentScheduleId", Text, Read, EQUAL),
        property("roleDefinitionId", Text, Read, EQUAL),
        property("startDateTime", Date, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// The tenant's rules for the credentials of apps.
pub(crate) static TENANT_APP_POLICY: Kind = Kind {
    name: "tenantAppManagementPolicy",
    properties: &[
        property("id", Text, Read, NONE),
        property("deletedDateTime", Date, Read, NONE),
        property("applicationRestrictions", Object, Read, NONE),
        property("description", Text, Read, NONE),
        property("displayName", Text, Read, NONE),
        property("isEnabled", Flag, Read, NONE),
        property("servicePrincipalRestrictions", Object, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Rules for the credentials of single apps.
pub(crate) static APP_POLICY: Kind = Kind {
    name: "appManagementPolicy",
    properties: &[
        property("id", Text, Read, NONE),
        property("deletedDateTime", Date, Read, NONE),
        property("description", Text, Read, NONE),
        property("displayName", Text, Read, NONE),
        property("isEnabled", Flag, Read, NONE),
        property("restrictions", Object, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Federated identity credentials.
pub(crate) static FEDERATED: Kind = Kind {
    name: "federatedIdentityCredential",
    properties: &[
        property("id", Text, Read, NONE),
        property("audiences", Texts, Write, NONE),
        property("description", Text, Write, NONE),
        property("issuer", Text, Write, NONE),
        property("name", Text, Write, EQUAL),
        property("subject", Text, Write, EQUAL),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Delegated permissions that were consented to (graph-facts 6).
pub(crate) static PERMISSION_GRANT: Kind = Kind {
    name: "oAuth2PermissionGrant",
    properties: &[
        property("id", Text, Read, EQUAL),
        property("clientId", Text, Read, EQUAL),
        property("consentType", Text, Read, EQUAL),
        property("principalId", Text, Read, EQUAL),
        property("resourceId", Text, Read, EQUAL),
        property("scope", Text, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};
