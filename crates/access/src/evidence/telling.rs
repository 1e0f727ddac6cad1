//! The closed words of the job, as evidence tells them.

use crate::audit::HolderRow;
use crate::history::{Change, ChangeKind};
use crate::principal::{PrincipalCard, PrincipalKind};
use crate::road::LogCheck;
use crate::run::{Doing, RunState, StepState};
use crate::verification::{
    CredentialKind, CredentialRow, FindingWeight, InToken, PermissionRow, PermissionState, TokenCheck, VerdictKind,
};
use crate::words;

/// A time as people read it; other text as it is.
pub(super) fn moment(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), words::moment)
}

pub(super) const fn kind(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::AppRegistration => "app registration",
        PrincipalKind::SystemAssigned => "system-assigned managed identity",
        PrincipalKind::UserAssigned => "user-assigned managed identity",
        PrincipalKind::Other => "service principal",
    }
}

pub(super) const fn sign_in(card: &PrincipalCard) -> &'static str {
    match card.enabled {
        Some(true) => "allowed",
        Some(false) => "blocked",
        None => "not known",
    }
}

pub(super) const fn verdict(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Ready => "ready",
        VerdictKind::ReadyBut => "ready, with something to look at",
        VerdictKind::NotYet => "not yet",
        VerdictKind::NotReady => "not ready",
        VerdictKind::CantTell => "cannot be told",
    }
}

pub(super) const fn permission(state: PermissionState) -> &'static str {
    match state {
        PermissionState::Granted => "granted",
        PermissionState::GrantedMayBeStale => "granted; tokens may lag",
        PermissionState::GrantedNotRequested => "granted, not requested by the registration",
        PermissionState::Wrong => "of a kind that no app can use",
        PermissionState::RequestedNotGranted => "requested, not granted",
        PermissionState::Missing => "missing",
        PermissionState::NotOffered => "not offered in this tenant",
    }
}

pub(super) const fn in_token(row: &PermissionRow) -> &'static str {
    match row.in_token {
        InToken::Yes => "yes",
        InToken::No => "no",
        InToken::NotChecked => "not checked",
    }
}

pub(super) const fn requested(row: &PermissionRow) -> &'static str {
    match row.requested {
        Some(true) => "yes",
        Some(false) => "no",
        None => "does not apply",
    }
}

pub(super) const fn weight(weight: FindingWeight) -> &'static str {
    match weight {
        FindingWeight::Blocks => "it does not work because of this",
        FindingWeight::Warns => "a risk, or it will not work for long",
        FindingWeight::Notes => "good to know",
    }
}

pub(super) const fn credential(row: &CredentialRow) -> &'static str {
    match row.kind {
        CredentialKind::Secret => "client secret",
        CredentialKind::Certificate => "certificate",
    }
}

/// Never begins with a sign that a spreadsheet would reckon with.
pub(super) fn days_left(days: Option<i32>) -> String {
    match days {
        None => "no end".to_owned(),
        Some(-1) => "ended 1 day ago".to_owned(),
        Some(days) if days < 0 => format!("ended {} days ago", days.unsigned_abs()),
        Some(1) => "1 day left".to_owned(),
        Some(days) => format!("{days} days left"),
    }
}

pub(super) const fn in_keychain(row: &CredentialRow) -> &'static str {
    match row.in_keychain {
        Some(true) => "in this computer's keychain",
        Some(false) => "not on this computer",
        None => "not looked up",
    }
}

pub(super) fn risk(risk: Option<u8>) -> String {
    risk.map_or_else(|| "unrated".to_owned(), |risk| format!("{risk} of 5"))
}

/// State, since when, and a note.
pub(super) fn token(check: &TokenCheck) -> (&'static str, Option<&str>, String) {
    match check {
        TokenCheck::NotChecked { reason } => ("not checked", None, reason.clone()),
        TokenCheck::Issued { at, roles } if roles.is_empty() => ("issued", Some(at), "It holds no role.".to_owned()),
        TokenCheck::Issued { at, roles } => ("issued", Some(at), format!("It holds {}.", words::list(roles))),
        TokenCheck::Refused { problem } => ("refused", None, problem.message.clone()),
    }
}

/// The same of the provisioning log.
pub(super) fn log(check: &LogCheck) -> (&'static str, Option<&str>, String) {
    match check {
        LogCheck::NotTried { reason } => ("not tried", None, reason.clone()),
        LogCheck::Read { at, newest: None } => ("read", Some(at), "It is empty.".to_owned()),
        LogCheck::Read { at, newest: Some(newest) } => {
            ("read", Some(at), format!("Its newest entry is of {}.", moment(newest)))
        }
        LogCheck::Refused { problem, not_yet: true } => ("not yet", None, problem.message.clone()),
        LogCheck::Refused { problem, not_yet: false } => ("refused", None, problem.message.clone()),
    }
}

pub(super) const fn change(change: &Change) -> &'static str {
    match change.kind {
        ChangeKind::Added => "new",
        ChangeKind::Removed => "gone",
        ChangeKind::Changed => "different",
    }
}

/// What holds a grant, in words.
pub(super) fn holder(row: &HolderRow) -> &str {
    match row.principal_type.as_str() {
        "ServicePrincipal" => "app or identity",
        "User" => "user",
        "Group" => "group",
        other => other,
    }
}

pub(super) const fn doing(doing: Doing) -> &'static str {
    match doing {
        Doing::SetUp => "set up",
        Doing::Continue => "continue",
        Doing::Undo => "undo",
        Doing::Fix => "mend or change",
    }
}

pub(super) const fn run(state: RunState) -> &'static str {
    match state {
        RunState::Running => "going on",
        RunState::Done => "done",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
        RunState::Interrupted => "interrupted",
        RunState::Undone => "undone",
    }
}

/// State, note and the service's `request-id` of a step.
pub(super) fn step(state: &StepState) -> (&'static str, String, Option<&str>) {
    match state {
        StepState::AlreadySo => ("already so", String::new(), None),
        StepState::Waiting => ("not begun", String::new(), None),
        StepState::Working
        | StepState::CatchingUp { .. }
        | StepState::KeychainAsks
        | StepState::ShowsSecret { .. }
        | StepState::Throttled { .. } => ("going on", String::new(), None),
        StepState::Done { note, request_id } => ("done", note.clone().unwrap_or_default(), request_id.as_deref()),
        StepState::Failed { problem } => {
            let parts = [Some(&problem.message), problem.exists.as_ref(), problem.advice.as_ref()];
            let note = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
            ("failed", note, problem.trace.as_ref().and_then(|trace| trace.request_id.as_deref()))
        }
        StepState::ConsentAsked => ("left to another administrator", String::new(), None),
        StepState::NotDone { reason } => ("not done", reason.clone(), None),
    }
}
