//! Desired beside observed, row by row, with a verdict.

pub(crate) mod beside;
pub(crate) mod findings;
pub(crate) mod token;
pub(crate) mod verdict;
pub(crate) mod verify;
pub(crate) mod wrong;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::fix::Fix;
use crate::history::Changes;
use crate::principal::PrincipalCard;
use crate::problem::Problem;
use crate::road::LogCheck;

/// What was found about a principal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Handle for its evidence.
    pub id: String,
    /// Who.
    pub principal: PrincipalCard,
    /// In which tenant.
    pub tenant_name: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// When it was read, RFC 3339.
    pub checked_at: String,
    /// The sum of it.
    pub verdict: Verdict,
    /// Uploading and log reading first, then any other required permission.
    pub permissions: Vec<PermissionRow>,
    /// Secrets and certificates; empty for a managed identity.
    pub credentials: Vec<CredentialRow>,
    /// Application permissions of Microsoft Graph beyond those required, riskiest first.
    pub surplus: Vec<SurplusRow>,
    /// What a token asked for just now said.
    pub token: TokenCheck,
    /// What reading the provisioning log with that token brought.
    pub log: LogCheck,
    /// What to do, most urgent first; empty when nothing.
    pub findings: Vec<Finding>,
    /// Who owns the app registration.
    pub owners: Vec<OwnerRow>,
    /// Identities elsewhere that it trusts in place of a secret.
    pub federated: Vec<FederatedRow>,
    /// Whether users and apps must be assigned before they can use it; none when unknown.
    pub assignment_required: Option<bool>,
    /// What could not be read, with who may, each in a sentence.
    pub unreadable: Vec<String>,
    /// What is different from the last verification of the same principal; none when there was none.
    pub changes: Option<Changes>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How urgent.
    pub weight: FindingWeight,
    /// What was found, in a sentence.
    pub sentence: String,
    /// What it means or what else can be done.
    pub advice: Option<String>,
    /// What mends it from here; none where only somebody else can.
    pub fix: Option<Fix>,
    /// The button for that: `Grant 2 permissions`.
    pub fix_label: Option<String>,
}

/// How urgent a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FindingWeight {
    /// It does not work because of this.
    Blocks,
    /// It will not work for long, or is a risk.
    Warns,
    /// Good to know.
    Notes,
}

/// An owner of an app registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OwnerRow {
    /// Object id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Sign-in name of a user; none for an app.
    pub sign_in_name: Option<String>,
}

/// A federated credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FederatedRow {
    /// Its name.
    pub name: String,
    /// Who issues the tokens that it trusts.
    pub issuer: Option<String>,
    /// For whom.
    pub subject: Option<String>,
}

/// The sum of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Which.
    pub kind: VerdictKind,
    /// In one sentence: what it can do now.
    pub sentence: String,
    /// What to do or when to look again.
    pub advice: Option<String>,
}

/// The five verdicts (UX, Verify).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum VerdictKind {
    /// All as required.
    Ready,
    /// All as required, with something to look at.
    ReadyBut,
    /// Granted but not yet effective, or asked for but not yet granted.
    NotYet,
    /// Something is missing.
    NotReady,
    /// Something could not be read.
    CantTell,
}

/// One required permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionRow {
    /// What it lets the client do.
    pub title: String,
    /// Its value: the one granted where several serve, else the one that would be granted.
    pub value: String,
    /// Whether the registration requests it; none for a managed identity, which requests nothing.
    pub requested: Option<bool>,
    /// The grant, if it is there.
    pub granted: Option<GrantInfo>,
    /// Whether a token holds it now.
    pub in_token: InToken,
    /// The row's verdict.
    pub state: PermissionState,
    /// A sentence where the state needs one.
    pub note: Option<String>,
}

/// A grant's particulars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GrantInfo {
    /// The assignment's id.
    pub id: String,
    /// RFC 3339, where the tenant tells.
    pub at: Option<String>,
}

/// A permission row's verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PermissionState {
    /// Granted, and effective as far as can be seen.
    Granted,
    /// Granted so recently that a managed identity may still hold an older token.
    GrantedMayBeStale,
    /// Granted and effective, though the registration does not request it: a later admin consent may take it away.
    GrantedNotRequested,
    /// Only a delegated permission of this name is requested or granted, or one of another API: no app can use that.
    Wrong,
    /// Requested by the registration but not granted.
    RequestedNotGranted,
    /// Neither requested nor granted.
    Missing,
    /// This tenant's Microsoft Graph does not offer it.
    NotOffered,
}

/// Whether a token holds a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum InToken {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// No token was asked for or could be had.
    NotChecked,
}

/// A credential of an app registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CredentialRow {
    /// Secret or certificate.
    pub kind: CredentialKind,
    /// Its description.
    pub description: String,
    /// `keyId`.
    pub key_id: String,
    /// RFC 3339.
    pub expires: Option<String>,
    /// Whole days left; negative when it has ended.
    pub days_left: Option<i32>,
    /// True when its value lies in this computer's keychain; none when that could not be looked up.
    pub in_keychain: Option<bool>,
}

/// What a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CredentialKind {
    /// Client secret.
    Secret,
    /// Certificate.
    Certificate,
}

/// A permission beyond those required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SurplusRow {
    /// Its value, or the role's id where the tenant's Graph does not name it.
    pub value: String,
    /// 1 (low) to 5 (high) by Microsoft's rating; none where unrated.
    pub risk: Option<u8>,
    /// What it allows, in a sentence.
    pub explanation: String,
    /// The grant.
    pub grant: GrantInfo,
}

/// The live token check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TokenCheck {
    /// Not asked for, or cannot be had from here; why.
    NotChecked {
        /// Why.
        reason: String,
    },
    /// A token was issued.
    Issued {
        /// RFC 3339.
        at: String,
        /// Its `roles` claim.
        roles: Vec<String>,
    },
    /// None was issued.
    Refused {
        /// Why.
        problem: Box<Problem>,
    },
}
