//! One execution of a plan, as a face shows it and as it is kept.

pub(crate) mod adopt;
pub(crate) mod continuing;
pub(crate) mod document;
pub(crate) mod execute;
pub(crate) mod fact;
pub(crate) mod fix_steps;
pub(crate) mod journal;
pub(crate) mod others;
pub(crate) mod outcome;
pub(crate) mod removal;
pub(crate) mod secret_showing;
pub(crate) mod secret_step;
pub(crate) mod steps;
pub(crate) mod undo_steps;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::consent::ConsentState;
use crate::plan::StepKind;
use crate::principal::PrincipalCard;
use crate::problem::Problem;

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Its id.
    pub id: String,
    /// RFC 3339.
    pub started: String,
    /// RFC 3339; none while it goes on, or when the program was stopped in the middle.
    pub ended: Option<String>,
    /// Where it stands.
    pub state: RunState,
    /// Tenant's name.
    pub tenant_name: String,
    /// Tenant's id.
    pub tenant_id: String,
    /// Cloud's name; `Practice` for the practice tenant.
    pub cloud: String,
    /// Sign-in name of who ran it.
    pub operator: String,
    /// Whom it was for, in words.
    pub subject: String,
    /// The steps.
    pub steps: Vec<RunStep>,
    /// What this run made, with ids, whether it ended well or not.
    pub made: Vec<MadeObject>,
    /// After a run that ended well: what the API developer needs.
    pub hand_over: Option<HandOver>,
    /// What was left to another administrator, and whether they have granted it.
    #[serde(default)]
    pub consent: Option<ConsentState>,
    /// Id of the run, perhaps on another computer, whose request for consent this one finishes.
    #[serde(default)]
    pub finishes: Option<String>,
    /// In a sentence: what is now true.
    pub summary: String,
    /// What its last attempt was about, the one that `started`, `operator` and `steps` tell of.
    #[serde(default)]
    pub doing: Doing,
    /// The attempts before the one that `started`, `operator` and `steps` tell of, oldest first.
    #[serde(default)]
    pub earlier: Vec<Attempt>,
    /// When the operator chose to leave it as it is, RFC 3339.
    #[serde(default)]
    pub left: Option<String>,
    /// What can be done with it. Found afresh whenever the run is read.
    #[serde(default)]
    pub ways: Ways,
    /// Secrets of this run that may exist in Entra and whose value nobody has. Found afresh whenever the run is read.
    #[serde(default)]
    pub debts: Vec<Debt>,
}

/// What an attempt of a run is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Doing {
    /// What was planned first.
    #[default]
    SetUp,
    /// The rest of it.
    Continue,
    /// Taking back what the run made.
    Undo,
    /// Mending or changing what was found.
    Fix,
}

/// An attempt of a run that is over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// What it was about.
    #[serde(default)]
    pub doing: Doing,
    /// RFC 3339.
    pub started: String,
    /// RFC 3339; none when the program was stopped in the middle.
    pub ended: Option<String>,
    /// How it ended.
    pub state: RunState,
    /// Sign-in name of who ran it.
    pub operator: String,
    /// Its steps.
    pub steps: Vec<RunStep>,
    /// In a sentence: what was then true.
    pub summary: String,
}

/// What can be done with a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ways {
    /// The rest can be done.
    pub can_continue: bool,
    /// What it made can be taken back.
    #[serde(default)]
    pub can_undo: bool,
    /// It can be left as it is, and is not asked about any more.
    pub can_leave: bool,
}

impl Ways {
    /// Of a run whose journal knows what was asked for, or does not, and that has something to be taken back.
    pub(crate) fn of(run: &RunView, knows_origin: bool, has_something: bool) -> Self {
        let unfinished = matches!(run.state, RunState::Failed | RunState::Cancelled | RunState::Interrupted);
        Self {
            // Once the operator has begun to undo it, undoing is what is left to do (see `continuing`).
            can_continue: unfinished && knows_origin && run.doing != Doing::Undo,
            can_undo: has_something && (unfinished || run.state == RunState::Done),
            can_leave: unfinished && run.left.is_none(),
        }
    }
}

/// A secret that may exist in Entra and whose value nobody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Debt {
    /// Its description in Entra.
    pub description: String,
    /// Its `keyId`, where Entra had answered.
    pub key_id: Option<String>,
    /// Client id of the app that it belongs to.
    pub client_id: String,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// Going on in this process.
    Running,
    /// Every step is done.
    Done,
    /// A step failed.
    Failed,
    /// The operator cancelled.
    Cancelled,
    /// It began but no process is running it any more.
    Interrupted,
    /// What it made was taken back.
    Undone,
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunStep {
    /// The plan's number.
    pub number: u32,
    /// What it is.
    pub kind: StepKind,
    /// The plan's words.
    pub title: String,
    /// The plan's term.
    pub term: Option<String>,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StepState {
    /// Nothing was to be done.
    AlreadySo,
    /// Not begun.
    Waiting,
    /// A request is under way.
    Working,
    /// Entra has not yet spread an earlier change to all its replicas; tried again by itself.
    CatchingUp {
        /// Which try comes next, from 2.
        attempt: u32,
        /// Seconds since the first try.
        seconds: u32,
    },
    /// The keychain may be asking the operator to unlock it or to allow the app; it is waited for.
    KeychainAsks,
    /// A new secret that the keychain does not keep waits for the operator, who says that they have it or has it removed.
    ShowsSecret {
        /// Why it is not in the keychain; none when the operator wanted it so.
        why: Option<Box<Problem>>,
        /// Description of the secret in Entra.
        description: String,
        /// When it is removed from Entra, if nobody says anything, RFC 3339.
        until: String,
    },
    /// Entra asked to wait.
    Throttled {
        /// For so many seconds.
        seconds: u32,
    },
    /// Done; what is now true, e.g. `client id 7d1c…`.
    Done {
        /// What is now true.
        note: Option<String>,
        /// The service's `request-id` of the change.
        request_id: Option<String>,
    },
    /// Failed; nothing is known to have changed unless the problem says so.
    Failed {
        /// Why.
        problem: Box<Problem>,
    },
    /// Left to another administrator; the run's `consent` says how far that is.
    ConsentAsked,
    /// Not begun, because a step that it needs failed or the run was cancelled.
    NotDone {
        /// Why.
        reason: String,
    },
}

/// Something that a run made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MadeObject {
    /// The step that made it.
    pub step: u32,
    /// In words: `App registration "HR feed"`.
    pub what: String,
    /// The name of the id: `object id`, `client id`, `grant id`, `key id`.
    pub id_name: String,
    /// The id.
    pub id: String,
    /// When it was taken back, RFC 3339.
    #[serde(default)]
    pub removed: Option<String>,
    /// As long as this, RFC 3339, it can be restored in Entra although it was removed; none when removal is final.
    #[serde(default)]
    pub restorable_until: Option<String>,
}

/// What the API developer needs. Holds no secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandOver {
    /// The principal.
    pub principal: PrincipalCard,
    /// Tenant id.
    pub tenant_id: String,
    /// Address to get tokens from.
    pub token_url: String,
    /// Scope to ask for.
    pub scope: String,
    /// Where the secret lies; none for a managed identity, or when it was shown once and is kept nowhere here.
    pub secret: Option<SecretPlace>,
    /// The secret that was shown once to the operator.
    #[serde(default)]
    pub shown: Option<ShownSecret>,
    /// Permissions now granted, by value.
    pub permissions: Vec<String>,
}

/// Where a secret lies. Names it, never holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SecretPlace {
    /// `Windows Credential Manager`, `macOS Keychain`, `Secret Service keyring`.
    pub keychain: String,
    /// The item's service name.
    pub service: String,
    /// The item's account name.
    pub account: String,
    /// Description of the secret in Entra.
    pub description: String,
    /// RFC 3339.
    pub expires: String,
    /// `keyId` in Entra.
    pub key_id: String,
    /// Client id that it belongs to.
    pub client_id: String,
}

/// A secret that was shown once and is kept nowhere here. Names it, never holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShownSecret {
    /// Description of the secret in Entra.
    pub description: String,
    /// RFC 3339.
    pub expires: String,
    /// `keyId` in Entra.
    pub key_id: String,
    /// Client id that it belongs to.
    pub client_id: String,
}

/// News of a run, streamed while it goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RunEvent {
    /// The run began; its id can be used to cancel.
    Started {
        /// The whole run as it stands.
        run: Box<RunView>,
    },
    /// A step changed its state.
    Step {
        /// The run.
        run_id: String,
        /// The step's number.
        number: u32,
        /// Its state now.
        state: StepState,
    },
    /// The run ended.
    Ended {
        /// The whole run.
        run: Box<RunView>,
    },
}
