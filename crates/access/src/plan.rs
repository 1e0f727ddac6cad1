//! The ordered steps that turn observed into desired.

mod offer;
pub(crate) mod planning;
pub(crate) mod preview;
pub(crate) mod standing;
pub(crate) mod warnings;
pub(crate) mod work;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::preflight::Standing;
use crate::run::Doing;

/// A plan as a face shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// Handle for `run`; known to this process only.
    pub id: String,
    /// Tenant's name and id: where it will happen.
    pub tenant_name: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// Whom it is for, in words: `the app "HR feed"`.
    pub subject: String,
    /// The steps in order, those already true included.
    pub steps: Vec<StepView>,
    /// How many of them will change something; 0 means that the tenant already is as wanted.
    pub changes: u32,
    /// What the operator should know before: missing role and the like. Empty when nothing.
    pub warnings: Vec<Warning>,
    /// A narrower permission that would serve instead, where the tenant has it.
    pub narrower: Option<NarrowerOffer>,
    /// Set when there are grants that this operator may not make and the plan does not leave to another yet.
    pub consent_offer: Option<ConsentOffer>,
    /// What it is about.
    pub doing: Doing,
    /// The run that it continues or undoes.
    pub run_id: Option<String>,
    /// What the run made and undoing leaves as it is, with the reason.
    pub kept: Vec<KeptObject>,
}

/// Something that a run made and that undoing leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptObject {
    /// In words: `App registration "HR feed"`.
    pub what: String,
    /// The name of the id: `object id`, `grant id`, `key id`.
    pub id_name: String,
    /// The id.
    pub id: String,
    /// Why it stays, in a sentence or two.
    pub reason: String,
}

/// What could be left to another administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentOffer {
    /// Numbers of the steps.
    pub steps: Vec<u32>,
    /// Who could do them, in a sentence.
    pub explanation: String,
}

/// Something to know before a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// In a sentence or two.
    pub message: String,
    /// Numbers of the steps that it is about.
    pub steps: Vec<u32>,
}

/// A permission that opens less.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NarrowerOffer {
    /// In place of this one, by value.
    pub instead_of: String,
    /// This one, by value.
    pub permission: String,
    /// Why.
    pub explanation: String,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// From 1, in the plan's order.
    pub number: u32,
    /// What it is.
    pub kind: StepKind,
    /// In plain words: `Register the app "HR feed"`.
    pub title: String,
    /// The term behind it, e.g. the permission's value; monospace on screen.
    pub term: Option<String>,
    /// What will happen: `will create`, `will grant`, or `already so`.
    pub effect: StepEffect,
    /// Why nothing is to be done, or what exactly there is, e.g. `granted 12 Nov 2026`.
    pub note: Option<String>,
    /// Whether the operator can do it; none where nothing is to be done or it only concerns this computer.
    pub standing: Option<Standing>,
    /// Numbers of the steps that must be done first.
    pub needs: Vec<u32>,
    /// The requests behind it, in order; empty for a step that only this computer sees.
    pub requests: Vec<RequestPreview>,
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StepKind {
    /// Write, read back and delete a trial item in the keychain.
    ProveKeychain,
    /// Make the app registration.
    RegisterApp,
    /// Add permissions to what the registration requests.
    RequestPermissions,
    /// Make the registration's service principal.
    CreateServicePrincipal,
    /// Grant one permission.
    Grant,
    /// Make a client secret and put it into the keychain, or show it once.
    CreateSecret,
    /// Take a grant back.
    RevokeGrant,
    /// Remove a client secret from Entra and from the keychain.
    RemoveSecret,
    /// Take permissions out of what the registration requests.
    WithdrawPermissions,
    /// Delete the service principal.
    DeleteServicePrincipal,
    /// Delete the app registration, and with it its service principal.
    DeleteApp,
    /// Let a service principal sign in.
    EnableSignIn,
    /// Block a service principal's sign-in again.
    BlockSignIn,
    /// Sign in with the new secret, to prove that it works.
    ProveSecret,
}

/// What a step will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StepEffect {
    /// Nothing: the tenant is as wanted.
    AlreadySo,
    /// Only looks, on this computer.
    WillCheck,
    /// Makes something.
    WillCreate,
    /// Changes something that exists.
    WillChange,
    /// Grants a permission.
    WillGrant,
    /// Leaves it to another administrator, who gets a request for consent.
    WillAskConsent,
    /// Takes something away.
    WillRemove,
}

/// The exact request behind a step. Ids that only an earlier step will bring stand as `{client id of step 1}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestPreview {
    /// HTTP method.
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// Headers that matter, `Name: value`.
    pub headers: Vec<String>,
    /// JSON body, indented; none when there is none.
    pub body: Option<String>,
}
