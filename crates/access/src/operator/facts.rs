//! What is known of the operator and of the tenant's rules. The job keeps it; a preflight brings it up to date.

use std::time::Duration;

use inbound_entra::model::{AppManagementPolicy, AuthorizationPolicy, DirectoryRole, RoleEligibility};
use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use crate::operator::{Operator, standings};
use crate::preflight::EligibleRole;

/// A role that was activated may take so long to be seen (graph-facts 8).
const TAKES_EFFECT: Duration = Duration::from_secs(15 * 60);

/// What is known.
#[derive(Debug, Clone)]
pub(crate) struct OperatorFacts {
    pub operator: Operator,
    /// Roles for the whole tenant that may be activated and are not active.
    pub eligible: Vec<EligibleRole>,
    /// Roles that were activated from here and are not seen yet.
    pub activated: Vec<Activated>,
    /// Every role that was activated from here, seen or not.
    pub activations: Vec<Activated>,
    /// Whether users without a role may register apps; none while it is not known.
    pub everyone_may_register: Option<bool>,
    /// None while it is not known.
    pub secrets: Option<SecretRules>,
}

/// A role that was activated from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activated {
    pub role: Uuid,
    pub name: String,
    pub at: Timestamp,
}

/// The tenant's default rules for client secrets: advice, since policies for single apps and exempted callers override
/// them (graph-facts 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SecretRules {
    pub forbidden: bool,
    /// Longest life in whole days; none without a limit.
    pub longest_days: Option<u32>,
}

impl OperatorFacts {
    /// What the sign-in tells.
    pub(crate) fn new(operator: Operator) -> Self {
        Self {
            operator,
            eligible: Vec::new(),
            activated: Vec::new(),
            activations: Vec::new(),
            everyone_may_register: None,
            secrets: None,
        }
    }

    /// The active roles were read. What was activated and is now seen, or was not seen for too long, is waited for no
    /// more.
    pub(crate) fn learn_roles(&mut self, roles: Vec<DirectoryRole>, now: Timestamp) {
        let Operator::Person(person) = &mut self.operator else { return };
        let active = |role: Uuid| roles.iter().any(|held| held.role_template_id == role);
        self.activated.retain(|one| {
            let age = Duration::try_from(now.duration_since(one.at)).unwrap_or_default();
            !active(one.role) && age < TAKES_EFFECT
        });
        self.eligible.retain(|one| !one.role_id.parse().is_ok_and(active));
        person.roles = roles;
    }

    /// The roles that may be activated were read. Those for a part of the tenant do not help: an app belongs to none.
    pub(crate) fn learn_eligible(&mut self, read: &[RoleEligibility], portal: &Url) {
        let mut eligible: Vec<EligibleRole> = Vec::new();
        for role in read.iter().filter(|role| role.is_tenant_wide()) {
            let role_id = role.role_definition_id.to_string();
            let until = role.end_date_time.map(|end| end.to_string());
            match eligible.iter_mut().find(|known| known.role_id == role_id) {
                // By a group and by oneself: the longer one counts.
                Some(known) => {
                    if known.until.is_some() && (until.is_none() || until > known.until) {
                        known.until = until;
                    }
                }
                None => eligible.push(EligibleRole {
                    name: role.role_name().map_or_else(|| standings::name_of(role.role_definition_id), str::to_owned),
                    portal_url: activation_page(portal),
                    role_id,
                    until,
                }),
            }
        }
        if let Operator::Person(person) = &self.operator {
            let active = |id: &str| person.roles.iter().any(|held| held.role_template_id.to_string() == id);
            eligible.retain(|role| !active(&role.role_id));
        }
        eligible.sort_by(|a, b| a.name.cmp(&b.name));
        self.eligible = eligible;
    }

    /// The policy for credentials was read.
    pub(crate) fn learn_secret_rules(&mut self, policy: &AppManagementPolicy, now: Timestamp) {
        let (forbidden, longest_days) = (policy.forbids_secrets(now), policy.longest_secret_days(now));
        self.secrets = Some(SecretRules { forbidden, longest_days });
    }

    /// The policy for users was read.
    pub(crate) fn learn_registration(&mut self, policy: &AuthorizationPolicy) {
        self.everyone_may_register = policy.users_may_register();
    }

    /// A role was activated just now.
    pub(crate) fn learn_activation(&mut self, role: Uuid, name: String, at: Timestamp) {
        self.activations.push(Activated { role, name: name.clone(), at });
        self.activated.retain(|one| one.role != role);
        self.activated.push(Activated { role, name, at });
    }
}

/// Where one's own directory roles are activated in the admin center.
fn activation_page(portal: &Url) -> String {
    format!(
        "{}/#view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles",
        portal.as_str().trim_end_matches('/')
    )
}
