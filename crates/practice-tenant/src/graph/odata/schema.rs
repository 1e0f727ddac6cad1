//! The properties of each kind of object: their form, whether they can be filtered and written, and their default.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use crate::graph::error::Refusal;
use crate::graph::odata::filter::{Expr, Function, Operator};

/// The form of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Flag,
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
    pub filterable: bool,
}

const fn property(name: &'static str, shape: Shape, access: Access, filterable: bool) -> Property {
    Property { name, shape, access, filterable }
}

/// A kind of object.
pub(crate) struct Kind {
    /// E.g. `application`, as in `microsoft.graph.application`.
    pub name: &'static str,
    pub properties: &'static [Property],
    pub defaults: fn() -> &'static Map<String, Value>,
}

use Access::{Read, Write};
use Shape::{Flag, Object, Objects, Text, Texts};

/// App registrations (graph-facts 2).
pub(crate) static APPLICATION: Kind = Kind {
    name: "application",
    properties: &[
        property("id", Text, Read, true),
        property("deletedDateTime", Text, Read, false),
        property("addIns", Objects, Write, false),
        property("api", Object, Write, false),
        property("appId", Text, Read, true),
        property("applicationTemplateId", Text, Read, true),
        property("appRoles", Objects, Write, false),
        property("certification", Object, Read, false),
        property("createdDateTime", Text, Read, true),
        property("defaultRedirectUri", Text, Write, false),
        property("description", Text, Write, true),
        property("disabledByMicrosoftStatus", Text, Read, false),
        property("displayName", Text, Write, true),
        property("groupMembershipClaims", Text, Write, false),
        property("identifierUris", Texts, Write, true),
        property("info", Object, Write, false),
        property("isDeviceOnlyAuthSupported", Flag, Write, false),
        property("isFallbackPublicClient", Flag, Write, false),
        property("keyCredentials", Objects, Read, false),
        property("nativeAuthenticationApisEnabled", Text, Write, false),
        property("notes", Text, Write, false),
        property("optionalClaims", Object, Write, false),
        property("parentalControlSettings", Object, Write, false),
        property("passwordCredentials", Objects, Read, false),
        property("publicClient", Object, Write, false),
        property("publisherDomain", Text, Read, true),
        property("requestSignatureVerification", Object, Write, false),
        property("requiredResourceAccess", Objects, Write, false),
        property("samlMetadataUrl", Text, Write, false),
        property("serviceManagementReference", Text, Write, false),
        property("servicePrincipalLockConfiguration", Object, Write, false),
        property("signInAudience", Text, Write, true),
        property("spa", Object, Write, false),
        property("tags", Texts, Write, true),
        property("tokenEncryptionKeyId", Text, Write, false),
        property("uniqueName", Text, Read, true),
        property("verifiedPublisher", Object, Read, false),
        property("web", Object, Write, false),
    ],
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
        property("id", Text, Read, true),
        property("deletedDateTime", Text, Read, false),
        property("accountEnabled", Flag, Write, true),
        property("addIns", Objects, Write, false),
        property("alternativeNames", Texts, Write, true),
        property("appDescription", Text, Read, false),
        property("appDisplayName", Text, Read, false),
        property("appId", Text, Read, true),
        property("applicationTemplateId", Text, Read, true),
        property("appOwnerOrganizationId", Text, Read, true),
        property("appRoleAssignmentRequired", Flag, Write, false),
        property("appRoles", Objects, Write, false),
        property("createdDateTime", Text, Read, true),
        property("description", Text, Write, true),
        property("disabledByMicrosoftStatus", Text, Read, false),
        property("displayName", Text, Write, true),
        property("homepage", Text, Write, true),
        property("info", Object, Write, false),
        property("keyCredentials", Objects, Read, false),
        property("loginUrl", Text, Write, false),
        property("logoutUrl", Text, Write, false),
        property("notes", Text, Write, false),
        property("notificationEmailAddresses", Texts, Write, false),
        property("oauth2PermissionScopes", Objects, Write, false),
        property("passwordCredentials", Objects, Read, false),
        property("preferredSingleSignOnMode", Text, Write, false),
        property("preferredTokenSigningKeyThumbprint", Text, Write, false),
        property("replyUrls", Texts, Write, false),
        property("resourceSpecificApplicationPermissions", Objects, Read, false),
        property("samlSingleSignOnSettings", Object, Write, false),
        property("servicePrincipalNames", Texts, Write, true),
        property("servicePrincipalType", Text, Read, true),
        property("signInAudience", Text, Read, false),
        property("tags", Texts, Write, true),
        property("tokenEncryptionKeyId", Text, Write, false),
        property("verifiedPublisher", Object, Read, false),
    ],
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
        property("id", Text, Read, false),
        property("deletedDateTime", Text, Read, false),
        property("appRoleId", Text, Read, true),
        property("createdDateTime", Text, Read, false),
        property("principalDisplayName", Text, Read, true),
        property("principalId", Text, Read, true),
        property("principalType", Text, Read, true),
        property("resourceDisplayName", Text, Read, true),
        property("resourceId", Text, Read, true),
    ],
    defaults: no_defaults,
};

/// Directory roles (graph-facts 8).
pub(crate) static DIRECTORY_ROLE: Kind = Kind {
    name: "directoryRole",
    properties: &[
        property("id", Text, Read, true),
        property("deletedDateTime", Text, Read, false),
        property("description", Text, Read, false),
        property("displayName", Text, Read, true),
        property("roleTemplateId", Text, Read, true),
    ],
    defaults: no_defaults,
};

/// Users, as far as /me shows them.
pub(crate) static USER: Kind = Kind {
    name: "user",
    properties: &[
        property("id", Text, Read, true),
        property("accountEnabled", Flag, Read, false),
        property("businessPhones", Texts, Read, false),
        property("displayName", Text, Read, true),
        property("givenName", Text, Read, false),
        property("jobTitle", Text, Read, false),
        property("mail", Text, Read, false),
        property("mobilePhone", Text, Read, false),
        property("officeLocation", Text, Read, false),
        property("preferredLanguage", Text, Read, false),
        property("surname", Text, Read, false),
        property("userPrincipalName", Text, Read, true),
        property("userType", Text, Read, false),
    ],
    defaults: no_defaults,
};

/// The tenant as an object.
pub(crate) static ORGANIZATION: Kind = Kind {
    name: "organization",
    properties: &[
        property("id", Text, Read, false),
        property("deletedDateTime", Text, Read, false),
        property("assignedPlans", Objects, Read, false),
        property("countryLetterCode", Text, Read, false),
        property("createdDateTime", Text, Read, false),
        property("defaultUsageLocation", Text, Read, false),
        property("displayName", Text, Read, false),
        property("onPremisesSyncEnabled", Flag, Read, false),
        property("technicalNotificationMails", Texts, Read, false),
        property("tenantType", Text, Read, false),
        property("verifiedDomains", Objects, Read, false),
    ],
    defaults: no_defaults,
};

fn no_defaults() -> &'static Map<String, Value> {
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

    fn need(&self, name: &str) -> Result<&'static Property, Refusal> {
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

    /// Whether Graph evaluates this filter; `ne`, `not` and `endsWith` only in advanced queries (graph-facts 4).
    pub fn check_filter(&self, expr: &Expr, advanced: bool) -> Result<(), Refusal> {
        match expr {
            Expr::Or(left, right) | Expr::And(left, right) => {
                self.check_filter(left, advanced)?;
                self.check_filter(right, advanced)
            }
            Expr::Not(inner) => {
                self.check_filter(inner, advanced)?;
                self.need_advanced(inner.subject(), advanced)
            }
            Expr::Compare(name, operator, _) => {
                let property = self.filterable(name)?;
                if matches!(property.shape, Texts | Objects) {
                    return Err(self.unsupported(name));
                }
                if *operator == Operator::Ne { self.need_advanced(name, advanced) } else { Ok(()) }
            }
            Expr::In(name, _) => self.filterable(name).map(|_| ()),
            Expr::Call(function, name, _) => {
                let property = self.filterable(name)?;
                match function {
                    Function::StartsWith if property.shape == Text => Ok(()),
                    Function::EndsWith if property.shape == Text => self.need_advanced(name, advanced),
                    _ => Err(self.unsupported(name)),
                }
            }
            Expr::Any(name, variable, inner) => {
                let property = self.filterable(name)?;
                let is_simple = match &**inner {
                    Expr::Compare(subject, operator, _) => subject == variable && *operator != Operator::Ne,
                    Expr::Call(Function::StartsWith, subject, _) => subject == variable,
                    _ => false,
                };
                if property.shape == Texts && is_simple { Ok(()) } else { Err(self.unsupported(name)) }
            }
        }
    }

    fn filterable(&self, name: &str) -> Result<&'static Property, Refusal> {
        let property = self.need(name)?;
        if property.filterable { Ok(property) } else { Err(self.unsupported(name)) }
    }

    fn need_advanced(&self, name: &str, advanced: bool) -> Result<(), Refusal> {
        if advanced { Ok(()) } else { Err(self.unsupported(name)) }
    }

    fn unsupported(&self, name: &str) -> Refusal {
        Refusal::unsupported(format!(
            "Unsupported or invalid query filter clause specified for property '{name}' of resource '{}'.",
            self.title()
        ))
    }

    /// The name as Graph's messages write it, e.g. `ServicePrincipal`.
    pub fn title(&self) -> String {
        let mut characters = self.name.chars();
        characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
    }
}

impl Expr {
    /// The property that a simple test is about.
    fn subject(&self) -> &str {
        match self {
            Self::Compare(name, ..) | Self::In(name, _) | Self::Call(_, name, _) | Self::Any(name, ..) => name,
            Self::Not(inner) | Self::Or(inner, _) | Self::And(inner, _) => inner.subject(),
        }
    }
}
