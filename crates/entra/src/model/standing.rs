//! What an operator may become, and what the tenant's policies say (graph-facts 2, 8).

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{odd_as_default, readable};
use crate::times;

/// A directory role that the signed-in user may activate.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleEligibility {
    /// Of a built-in role, its template id, the same in every tenant.
    pub role_definition_id: Uuid,
    /// `/` for the whole tenant, else a part of it.
    #[serde(default, deserialize_with = "odd_as_default")]
    pub directory_scope_id: Option<String>,
    /// Until when; none without an end.
    #[serde(default, deserialize_with = "times::optional")]
    pub end_date_time: Option<Timestamp>,
    #[serde(default, deserialize_with = "odd_as_default")]
    role_definition: Option<RoleDefinition>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoleDefinition {
    #[serde(default)]
    display_name: Option<String>,
}

impl RoleEligibility {
    /// The role's name, where Graph told it.
    #[must_use]
    pub fn role_name(&self) -> Option<&str> {
        self.role_definition.as_ref()?.display_name.as_deref()
    }

    /// Whether it is for the whole tenant.
    #[must_use]
    pub fn is_tenant_wide(&self) -> bool {
        self.directory_scope_id.as_deref().is_none_or(|scope| scope == "/")
    }
}

/// The tenant's default policy for credentials of apps. It is off unless `isEnabled` says so, and policies for single
/// apps and exempted callers override it: advice, not the truth (graph-facts 2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppManagementPolicy {
    #[serde(default, deserialize_with = "odd_as_default")]
    is_enabled: bool,
    #[serde(default, deserialize_with = "odd_as_default")]
    application_restrictions: Restrictions,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restrictions {
    #[serde(default, deserialize_with = "readable")]
    password_credentials: Vec<Restriction>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restriction {
    #[serde(default, deserialize_with = "odd_as_default")]
    restriction_type: Option<String>,
    #[serde(default, deserialize_with = "odd_as_default")]
    state: Option<String>,
    #[serde(default, deserialize_with = "odd_as_default")]
    max_lifetime: Option<String>,
    #[serde(default, deserialize_with = "times::optional")]
    restrict_for_apps_created_after_date_time: Option<Timestamp>,
}

impl AppManagementPolicy {
    /// Whether a new app registration is refused a client secret, as of `now`.
    #[must_use]
    pub fn forbids_secrets(&self, now: Timestamp) -> bool {
        self.in_force("passwordAddition", now).next().is_some()
    }

    /// The longest life of a secret of a new app registration, in whole days; none without a limit.
    #[must_use]
    pub fn longest_secret_days(&self, now: Timestamp) -> Option<u32> {
        self.in_force("passwordLifetime", now).filter_map(|it| days(it.max_lifetime.as_deref()?)).min()
    }

    fn in_force<'a>(&'a self, kind: &'a str, now: Timestamp) -> impl Iterator<Item = &'a Restriction> {
        let all = if self.is_enabled { self.application_restrictions.password_credentials.as_slice() } else { &[] };
        all.iter()
            .filter(move |it| it.restriction_type.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(kind)))
            .filter(|it| it.state.as_deref().is_none_or(|state| state.eq_ignore_ascii_case("enabled")))
            .filter(move |it| it.restrict_for_apps_created_after_date_time.is_none_or(|after| after <= now))
    }
}

/// Whole days of an ISO 8601 duration; none where it cannot be read. Graph writes days and smaller units only; years and
/// months are counted from a day of a common year.
pub(super) fn days(duration: &str) -> Option<u32> {
    let span: jiff::Span = duration.trim().parse().ok()?;
    let days = span.total((jiff::Unit::Day, jiff::civil::date(2026, 1, 1))).ok()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within the range before")]
    (0.0..=100_000.0).contains(&days).then_some(days.floor() as u32)
}

/// What users may do without a role.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationPolicy {
    #[serde(default, deserialize_with = "odd_as_default")]
    default_user_role_permissions: Option<UserPermissions>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserPermissions {
    #[serde(default, deserialize_with = "odd_as_default")]
    allowed_to_create_apps: Option<bool>,
}

impl AuthorizationPolicy {
    /// Whether they may register apps; none where the policy does not say.
    #[must_use]
    pub fn users_may_register(&self) -> Option<bool> {
        self.default_user_role_permissions.as_ref()?.allowed_to_create_apps
    }
}
