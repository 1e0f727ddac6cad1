//! How a fix ended, in a sentence or two.

use crate::fix::Fix;
use crate::fix::rotate::works_until;
use crate::plan::StepKind;
use crate::plan::work::{Fixing, Plan, Rotation, SetUp};
use crate::run::execute::Known;
use crate::run::fact::Made;
use crate::run::{RunState, RunView, StepState};
use crate::words;

/// Sets the state and the sentence of a fix that takes away or changes.
pub(crate) fn conclude(view: &mut RunView, fixing: &Fixing) {
    let count = Count::of(view);
    let subject = view.subject.clone();
    let what = match &fixing.fix {
        Fix::Revoke { .. } => match count.done {
            0 => "Nothing was taken away".to_owned(),
            1 => format!("One permission was taken away from {subject}"),
            n => format!("{n} permissions were taken away from {subject}"),
        },
        Fix::EnableSignIn { .. } if count.done == 0 => format!("The sign-in of {subject} is as it was"),
        Fix::EnableSignIn { .. } => format!("{} can sign in", words::sentence_case(&subject)),
        Fix::RemoveSecret { .. } if count.done == 0 => format!("No secret of {subject} was removed"),
        Fix::RemoveSecret { .. } => format!("The secret of {subject} is removed and cannot come back"),
        Fix::Grant { .. } | Fix::MakePrincipal { .. } | Fix::RotateSecret { .. } => String::new(),
    };
    let way_out = match &fixing.fix {
        Fix::RemoveSecret { .. } => "Continue it to do the rest.",
        _ if count.done == 0 => "Continue it to do the rest.",
        _ => "Continue it to do the rest, or undo it.",
    };
    if count.end(view, &what, way_out) {
        return;
    }
    let gone = match (&fixing.fix, count.already) {
        (Fix::Revoke { .. }, 1) => " One grant was gone already.".to_owned(),
        (Fix::Revoke { .. }, n) if n > 1 => format!(" {n} grants were gone already."),
        _ => String::new(),
    };
    let tokens = match &fixing.fix {
        Fix::Revoke { .. } if count.done > 0 => " Tokens that were issued before keep it until they expire.",
        _ => "",
    };
    view.summary = format!("{what}.{gone}{tokens}");
}

/// Says of a fix that uses the steps of setting up what those do not know; the rest stays as they say it.
pub(crate) fn of_set_up(view: &mut RunView, plan: &Plan, set_up: &SetUp, known: &Known) {
    match (plan.fix(), &set_up.rotation) {
        (Some(Fix::MakePrincipal { .. }), _) => {
            view.hand_over = None;
            let subject = words::sentence_case(&view.subject);
            if view.state == RunState::Done {
                view.summary = format!("{subject} has a service principal now. Nothing is granted to it by that.");
            }
        }
        (Some(Fix::RotateSecret { .. }), Some(rotation)) => rotated(view, rotation, known),
        _ => {}
    }
}

fn rotated(view: &mut RunView, rotation: &Rotation, known: &Known) {
    let subject = view.subject.clone();
    let is_done = |kind: StepKind| {
        let over = |state: &StepState| matches!(state, StepState::Done { .. });
        view.steps.iter().any(|step| step.kind == kind && over(&step.state))
    };
    let removal = view.steps.iter().find(|step| step.kind == StepKind::RemoveSecret);
    let is_gone = removal.is_some_and(|step| matches!(step.state, StepState::Done { .. } | StepState::AlreadySo));
    let old = match &rotation.old {
        Some((_, Made::Secret { description, .. })) if is_gone => {
            format!(" The old one, \"{description}\", is removed.")
        }
        Some((_, Made::Secret { description, .. })) => {
            format!(" The old one, \"{description}\", works{}.", works_until(rotation.old_until))
        }
        _ => String::new(),
    };
    let what = match (is_done(StepKind::ProveSecret), known.secret.is_some() || known.shown.is_some()) {
        (true, _) => format!("The new secret of {subject} works"),
        (false, true) => format!("The new secret of {subject} is made, and not proved to work"),
        (false, false) => format!("The secret of {subject} is not rotated"),
    };
    let rest = format!("{old} Continue it to do the rest, or undo it.");
    if Count::of(view).end(view, &what, rest.trim_start()) {
        return;
    }
    let place = match (&known.secret, &known.shown) {
        (Some(secret), _) => {
            let until = secret.expires.parse().ok();
            format!(": a token was issued with it. It lies in the {}{}.", secret.keychain, works_until(until))
        }
        _ => ": a token was issued with it. It was shown once and is kept nowhere on this computer.".to_owned(),
    };
    let next = if is_gone || rotation.old.is_none() {
        " Give it to the API client."
    } else {
        " Give the new one to the API client, then remove the old one."
    };
    view.summary = format!("{what}{place}{old}{next}");
}

/// How many steps ended how.
struct Count {
    done: usize,
    already: usize,
    failed: Vec<u32>,
    left: usize,
}

impl Count {
    fn of(view: &RunView) -> Self {
        let number = |wanted: fn(&StepState) -> bool| view.steps.iter().filter(|step| wanted(&step.state)).count();
        let failed = view.steps.iter().filter(|step| matches!(step.state, StepState::Failed { .. }));
        Self {
            done: number(|state| matches!(state, StepState::Done { .. })),
            already: number(|state| matches!(state, StepState::AlreadySo)),
            failed: failed.map(|step| step.number).collect(),
            left: number(|state| matches!(state, StepState::NotDone { .. })),
        }
    }

    /// Sets the state; and the sentence where the run did not come to its end, which it tells.
    fn end(&self, view: &mut RunView, what: &str, way_out: &str) -> bool {
        if !self.failed.is_empty() {
            let which = super::sheet::few_steps(&self.failed).to_lowercase();
            view.state = RunState::Failed;
            view.summary = format!("{what}; {which} failed. {way_out}");
            return true;
        }
        if self.left > 0 {
            view.state = RunState::Cancelled;
            view.summary = format!("Cancelled. {what}. {way_out}");
            return true;
        }
        view.state = RunState::Done;
        false
    }
}
