//! The properties of each kind of object: their form, how they can be filtered, whether they can be written, and their
//! default.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::graph::error::Refusal;
use crate::graph::odata::filterable::{
    BEGINNING, DATES, DOMAIN, EQUAL, EXACT, KEY, MEMBERS, NAME, NONE, RANGE, Test, UNEQUAL, WORDS,
};

/// The form of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Flag,
    Guid,
    Date,
    Texts,
    Object,
    Objects,
}

/// Whether clients may set a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// A property of a kind of object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Property {
    pub name: &'static str,
    pub shape: Shape,
    pub access: Access,
    /// What `$filter` may do with it.
    pub tests: &'static [Test],
}

pub(crate) const fn property(name: &'static str, shape: Shape, access: Access, tests: &'static [Test]) -> Property {
    Property { name, shape, access, tests }
}

/// A kind of object.
pub(crate) struct Kind {
    /// E.g. `application`, as in `microsoft.graph.application`.
    pub name: &'static str,
    pub properties: &'static [Property],
    /// Names of the properties that `$orderby` takes.
    pub sorted: &'static [&'static str],
    pub defaults: fn() -> &'static Map<String, Value>,
}

use Access::{Read, Write};
use Shape::{Date, Flag, Guid, Object, Objects, Text, Texts};

/// App registrations (graph-facts 2).
pub(crate) static APPLICATION: Kind = Kind {
    name: "application",
    properties: &[
        property("id", Text, Read, EXACT),
        property("deletedDateTime", Date, Read, NONE),
        property("addIns", Objects, Write, NONE),
        property("api", Object, Write, NONE),
        property("appId", Text, Read, EXACT),
        property("applicationTemplateId", Text, Read, UNEQUAL),
        property("appRoles", Objects, Write, NONE),
        property("certification", Object, Read, NONE),
        property("createdDateTime", Date, Read, DATES),
        property("defaultRedirectUri", Text, Write, NONE),
        property("description", Text, Write, WORDS),
        property("disabledByMicrosoftStatus", Text, Read, UNEQUAL),
        property("displayName", Text, Write, NAME),
        property("groupMembershipClaims", Text, Write, NONE),
        property("identifierUris", Texts, Write, MEMBERS),
        property("info", Object, Write, NONE),
        property("isDeviceOnlyAuthSupported", Flag, Write, NONE),
        property("isFallbackPublicClient", Flag, Write, NONE),
        property("keyCredentials", Objects, Write, NONE),
        property("nativeAuthenticationApisEnabled", Text, Write, NONE),
        property("notes", Text, Write, NONE),
        property("optionalClaims", Object, Write, NONE),
        property("parentalControlSettings", Object, Write, NONE),
        property("passwordCredentials", Objects, Read, NONE),
        property("publicClient", Object, Write, NONE),
        property("publisherDomain", Text, Read, DOMAIN),
        property("requestSignatureVerification", Object, Write, NONE),
        property("requiredResourceAccess", Objects, Write, NONE),
        property("samlMetadataUrl", Text, Write, NONE),
        property("serviceManagementReference", Text, Write, NONE),
        property("servicePrincipalLockConfiguration", Object, Write, NONE),
        property("signInAudience", Text, Write, UNEQUAL),
        property("spa", Object, Write, NONE),
        property("tags", Texts, Write, MEMBERS),
        property("tokenEncryptionKeyId", Text, Write, NONE),
        property("uniqueName", Text, Read, KEY),
        property("verifiedPublisher", Object, Read, NONE),
        property("web", Object, Write, NONE),
    ],
    sorted: &["createdDateTime", "deletedDateTime", "displayName"],
    defaults: || {
        static DEFAULTS: OnceLock<Map<String, Value>> = OnceLock::new();
        DEFAULTS.get_or_init(|| {
            object(json!({
                "deletedDateTime": null, "addIns": [],
                "api": { "acceptMappedClaims": null, "knownClientApplications": [], "oauth2PermissionScopes": [],
                         "preAuthorizedApplications": [], "requestedAccessTokenVersion": null },
                "applicationTemplateId": null, "appRoles": [], "certification": null, "defaultRedirectUri": null,
                "description": null, "disabledByMicrosoftStatus": null, "displayName": null,
                "groupMembershipClaims": null, "identifierUris": [],
                "info": { "logoUrl": null, "marketingUrl": null, "privacyStatementUrl": null, "supportUrl": null,
                          "termsOfServiceUrl": null },
                "isDeviceOnlyAuthSupported": null, "isFallbackPublicClient": null, "keyCredentials": [],
                "nativeAuthenticationApisEnabled": null, "notes": null, "optionalClaims": null,
                "parentalControlSettings": { "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" },
                "passwordCredentials": [], "publicClient": { "redirectUris": [] }, "publisherDomain": null,
                "requestSignatureVerification": null, "requiredResourceAccess": [], "samlMetadataUrl": null,
                "serviceManagementReference": null, "servicePrincipalLockConfiguration": null,
                "signInAudience": "AzureADMyOrg", "spa": { "redirectUris": [] }, "tags": [],
                "tokenEncryptionKeyId": null, "uniqueName": null,
                "verifiedPublisher": { "addedDateTime": null, "displayName": null, "verifiedPublisherId": null },
                "web": { "homePageUrl": null,
                         "implicitGrantSettings": { "enableAccessTokenIssuance": false, "enableIdTokenIssuance": false },
                         "logoutUrl": null, "redirectUriSettings": [], "redirectUris": [] },
            }))
        })
    },
};

/// Service principals, managed identities among them (graph-facts 3 and 5).
pub(crate) static SERVICE_PRINCIPAL: Kind = Kind {
    name: "servicePrincipal",
    properties: &[
        property("id", Text, Read, EXACT),
        property("deletedDateTime", Date, Read, NONE),
        property("accountEnabled", Flag, Write, EXACT),
        property("addIns", Objects, Write, NONE),
        property("alternativeNames", Texts, Write, MEMBERS),
        property("appDescription", Text, Read, NONE),
        property("appDisplayName", Text, Read, NONE),
        property("appId", Text, Read, KEY),
        property("applicationTemplateId", Text, Read, UNEQUAL),
        property("appOwnerOrganizationId", Guid, Read, RANGE),
        property("appRoleAssignmentRequired", Flag, Write, UNEQUAL),
        property("appRoles", Objects, Write, NONE),
        property("createdDateTime", Date, Read, NONE),
        property("description", Text, Write, WORDS),
        property("disabledByMicrosoftStatus", Text, Read, UNEQUAL),
        property("displayName", Text, Write, NAME),
        property("homepage", Text, Write, NONE),
        property("info", Object, Write, NONE),
        property("keyCredentials", Objects, Read, NONE),
        property("loginUrl", Text, Write, NONE),
        property("logoutUrl", Text, Write, NONE),
        property("notes", Text, Write, NONE),
        property("notificationEmailAddresses", Texts, Write, NONE),
        property("oauth2PermissionScopes", Objects, Write, NONE),
        property("passwordCredentials", Objects, Read, NONE),
        property("preferredSingleSignOnMode", Text, Write, NONE),
        property("preferredTokenSigningKeyThumbprint", Text, Write, NONE),
        property("replyUrls", Texts, Write, NONE),
        property("resourceSpecificApplicationPermissions", Objects, Read, NONE),
        property("samlSingleSignOnSettings", Object, Write, NONE),
        property("servicePrincipalNames", Texts, Write, MEMBERS),
        property("servicePrincipalType", Text, Read, EXACT),
        property("signInAudience", Text, Read, NONE),
        property("tags", Texts, Write, MEMBERS),
        property("tokenEncryptionKeyId", Text, Write, NONE),
        property("verifiedPublisher", Object, Read, NONE),
    ],
    sorted: &["createdDateTime", "deletedDateTime", "displayName"],
    defaults: || {
        static DEFAULTS: OnceLock<Map<String, Value>> = OnceLock::new();
        DEFAULTS.get_or_init(|| {
            object(json!({
                "deletedDateTime": null, "accountEnabled": true, "addIns": [], "alternativeNames": [],
                "appDescription": null, "appDisplayName": null, "applicationTemplateId": null,
                "appOwnerOrganizationId": null, "appRoleAssignmentRequired": false, "appRoles": [],
                "description": null, "disabledByMicrosoftStatus": null, "displayName": null, "homepage": null,
                "info": null, "keyCredentials": [], "loginUrl": null, "logoutUrl": null, "notes": null,
                "notificationEmailAddresses": [], "oauth2PermissionScopes": [], "passwordCredentials": [],
                "preferredSingleSignOnMode": null, "preferredTokenSigningKeyThumbprint": null, "replyUrls": [],
                "resourceSpecificApplicationPermissions": [], "samlSingleSignOnSettings": null,
                "servicePrincipalNames": [], "servicePrincipalType": "Application", "signInAudience": null,
                "tags": [], "tokenEncryptionKeyId": null,
                "verifiedPublisher": { "addedDateTime": null, "displayName": null, "verifiedPublisherId": null },
            }))
        })
    },
};

/// Grants (graph-facts 6).
pub(crate) static APP_ROLE_ASSIGNMENT: Kind = Kind {
    name: "appRoleAssignment",
    properties: &[
        property("id", Text, Read, NONE),
        property("deletedDateTime", Date, Read, NONE),
        property("appRoleId", Guid, Read, NONE),
        property("createdDateTime", Date, Read, NONE),
        property("principalDisplayName", Text, Read, BEGINNING),
        property("principalId", Guid, Read, NONE),
        property("principalType", Text, Read, NONE),
        property("resourceDisplayName", Text, Read, NONE),
        property("resourceId", Guid, Read, EQUAL),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Directory roles (graph-facts 8).
pub(crate) static DIRECTORY_ROLE: Kind = Kind {
    name: "directoryRole",
    properties: &[
        property("id", Text, Read, NONE),
        property("deletedDateTime", Date, Read, NONE),
        property("description", Text, Read, EQUAL),
        property("displayName", Text, Read, EQUAL),
        property("roleTemplateId", Text, Read, EQUAL),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Users, as far as /me shows them.
pub(crate) static USER: Kind = Kind {
    name: "user",
    properties: &[
        property("id", Text, Read, NONE),
        property("accountEnabled", Flag, Read, NONE),
        property("businessPhones", Texts, Read, NONE),
        property("displayName", Text, Read, NONE),
        property("givenName", Text, Read, NONE),
        property("jobTitle", Text, Read, NONE),
        property("mail", Text, Read, NONE),
        property("mobilePhone", Text, Read, NONE),
        property("officeLocation", Text, Read, NONE),
        property("preferredLanguage", Text, Read, NONE),
        property("surname", Text, Read, NONE),
        property("userPrincipalName", Text, Read, NONE),
        property("userType", Text, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Any object of the directory, where a list mixes their kinds.
pub(crate) static DIRECTORY_OBJECT: Kind = Kind {
    name: "directoryObject",
    properties: &[property("id", Text, Read, NONE), property("deletedDateTime", Date, Read, NONE)],
    sorted: &[],
    defaults: no_defaults,
};

/// The tenant as an object.
pub(crate) static ORGANIZATION: Kind = Kind {
    name: "organization",
    properties: &[
        property("id", Text, Read, NONE),
        property("deletedDateTime", Date, Read, NONE),
        property("assignedPlans", Objects, Read, NONE),
        property("countryLetterCode", Text, Read, NONE),
        property("createdDateTime", Date, Read, NONE),
        property("defaultUsageLocation", Text, Read, NONE),
        property("displayName", Text, Read, NONE),
        property("onPremisesSyncEnabled", Flag, Read, NONE),
        property("technicalNotificationMails", Texts, Read, NONE),
        property("tenantType", Text, Read, NONE),
        property("verifiedDomains", Objects, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// What users may do without a role (graph-facts 8).
pub(crate) static AUTHORIZATION_POLICY: Kind = Kind {
    name: "authorizationPolicy",
    properties: &[
        property("id", Text, Read, NONE),
        property("allowInvitesFrom", Text, Read, NONE),
        property("allowUserConsentForRiskyApps", Flag, Read, NONE),
        property("allowedToSignUpEmailBasedSubscriptions", Flag, Read, NONE),
        property("allowedToUseSSPR", Flag, Read, NONE),
        property("allowEmailVerifiedUsersToJoinOrganization", Flag, Read, NONE),
        property("blockMsolPowerShell", Flag, Read, NONE),
        property("defaultUserRolePermissions", Object, Read, NONE),
        property("description", Text, Read, NONE),
        property("displayName", Text, Read, NONE),
        property("guestUserRoleId", Guid, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

/// Products that the company has bought.
pub(crate) static SUBSCRIBED_SKU: Kind = Kind {
    name: "subscribedSku",
    properties: &[
        property("id", Text, Read, NONE),
        property("accountId", Text, Read, NONE),
        property("accountName", Text, Read, NONE),
        property("appliesTo", Text, Read, NONE),
        property("capabilityStatus", Text, Read, NONE),
        property("consumedUnits", Text, Read, NONE),
        property("prepaidUnits", Object, Read, NONE),
        property("servicePlans", Objects, Read, NONE),
        property("skuId", Guid, Read, NONE),
        property("skuPartNumber", Text, Read, NONE),
        property("subscriptionIds", Texts, Read, NONE),
    ],
    sorted: &[],
    defaults: no_defaults,
};

pub(crate) fn no_defaults() -> &'static Map<String, Value> {
    static NONE: OnceLock<Map<String, Value>> = OnceLock::new();
    NONE.get_or_init(Map::new)
}

/// The fields of a JSON object.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

impl Kind {
    pub fn find(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// The property, which a query names and must exist.
    pub fn need(&self, name: &str) -> Result<&'static Property, Refusal> {
        self.find(name).ok_or_else(|| {
            Refusal::unreadable(format!(
                "Could not find a property named '{name}' on type 'microsoft.graph.{}'.",
                self.name
            ))
        })
    }

    /// Every selected name must be a property.
    pub fn check_select(&self, names: &[String]) -> Result<(), Refusal> {
        names.iter().filter(|name| *name != "*").try_for_each(|name| self.need(name).map(|_| ()))
    }

    /// The name as Graph's messages write it, e.g. `ServicePrincipal`.
    pub fn title(&self) -> String {
        let mut characters = self.name.chars();
        characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
    }
}
