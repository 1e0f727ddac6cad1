//! What the operator may do, known before anything is begun: roles, roles to activate, scopes, policy, licence.

pub(crate) mod activate;
pub(crate) mod licence;
pub(crate) mod reads;
pub(crate) mod report;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desired::checked;
use crate::problem::Problem;

/// For which facts a preflight may ask the operator to sign in again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ask {
    /// For none: what the sign-in does not carry is told as such.
    #[default]
    Nothing,
    /// For the roles that may be activated.
    Eligible,
    /// For the tenant's policies.
    Policy,
}

impl FromStr for Ask {
    type Err = Problem;

    /// `eligible`, `policy`, or empty for nothing.
    fn from_str(text: &str) -> Result<Self, Problem> {
        match text.trim() {
            "" => Ok(Self::Nothing),
            "eligible" => Ok(Self::Eligible),
            "policy" => Ok(Self::Policy),
            other => Err(checked::invalid_field(
                "ask",
                format!("\"{}\" cannot be asked for: give eligible or policy.", checked::excerpt(other)),
            )),
        }
    }
}

/// Whether the operator can do a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Able {
    /// A role that is held allows it.
    Can,
    /// A role that the operator may activate allows it (PIM).
    ActivateFirst,
    /// None of the roles held or eligible allows it: another person has to.
    NeedsOther,
    /// No role that is known allows it, but a custom one may.
    Unknown,
}

/// Whether the operator can do a step, why, and what to do if not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Whether.
    pub able: Able,
    /// Why, or who could, in a sentence or two.
    pub reason: String,
    /// With `activateFirst`: the roles of which one is enough.
    pub activate: Vec<EligibleRole>,
    /// With `needsOther` and `unknown`: names of the roles that allow it.
    pub roles: Vec<String>,
}

/// A part of the job, and whether the operator can do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ability {
    /// The part, e.g. `Register an app and make its secret`.
    pub what: String,
    /// Whether, and why.
    pub standing: Standing,
}

/// A directory role that the operator may activate (Privileged Identity Management).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EligibleRole {
    /// Template id of the role; the same in every tenant.
    pub role_id: String,
    /// Its name.
    pub name: String,
    /// Until when it may be activated, RFC 3339; none without an end.
    pub until: Option<String>,
    /// Where to activate it in the portal.
    pub portal_url: String,
}

/// Whether a fact could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reading {
    /// It was read.
    Read,
    /// The sign-in does not carry the scope that reads it; it can be asked for.
    NeedsScope {
        /// The scope, e.g. `Policy.Read.All`.
        scope: String,
    },
    /// The tenant does not let this operator read it, or does not offer it.
    NotReadable {
        /// Why, in a sentence.
        why: String,
    },
}

/// Everything that is known before a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Preflight {
    /// When it was read, RFC 3339.
    pub checked: String,
    /// In one sentence: what this operator can do of the job.
    pub summary: String,
    /// Active directory roles, by name; app roles for an app.
    pub roles: Vec<String>,
    /// Roles that may be activated.
    pub eligible: EligibleRoles,
    /// Scopes that the sign-in carries now, by value.
    pub scopes: Vec<String>,
    /// What the tenant's policy says of client secrets.
    pub secrets: SecretPolicy,
    /// Whether users without a role may register apps.
    pub registration: RegistrationPolicy,
    /// Whether the tenant has the licence for inbound provisioning.
    pub licence: Licence,
    /// For each part of the job, whether this operator can do it.
    pub abilities: Vec<Ability>,
}

/// Roles that may be activated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EligibleRoles {
    /// Whether they could be read.
    pub reading: Reading,
    /// Those not active now.
    pub roles: Vec<EligibleRole>,
}

/// The tenant's app management policy, as far as it concerns client secrets. It is advice: policies for single apps and
/// exempted callers override it, and Entra's answer is the truth (graph-facts 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SecretPolicy {
    /// Whether it could be read.
    pub reading: Reading,
    /// New client secrets are refused.
    pub forbidden: bool,
    /// Longest life of a new secret, in days; none without a limit.
    pub longest_days: Option<u32>,
    /// In a sentence.
    pub sentence: String,
}

/// Whether users without a role may register apps (`allowedToCreateApps`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistrationPolicy {
    /// Whether it could be read.
    pub reading: Reading,
    /// They may.
    pub everyone: bool,
}

/// Whether the tenant has the licence for inbound provisioning: Entra ID P1, P2 or Governance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Licence {
    /// It has one; none when it cannot be told.
    pub found: Option<bool>,
    /// In a sentence.
    pub sentence: String,
}
