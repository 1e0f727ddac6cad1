//! How undoing ended, in a sentence or two.

use jiff::Timestamp;

use crate::plan::StepKind;
use crate::run::{MadeObject, RunState, RunStep, RunView, StepState};
use crate::undo::Undoing;
use crate::words;

/// Sets the run's state and summary from the steps of undoing.
pub(crate) fn conclude(view: &mut RunView, undoing: &Undoing) {
    let numbers = |wanted: fn(&StepState) -> bool| -> Vec<u32> {
        view.steps.iter().filter(|step| wanted(&step.state)).map(|step| step.number).collect()
    };
    let failed = numbers(|state| matches!(state, StepState::Failed { .. }));
    let left = numbers(|state| matches!(state, StepState::NotDone { .. }));
    let done = numbers(|state| matches!(state, StepState::Done { .. }));
    let removed = match done.len() {
        0 => "Nothing was taken back.".to_owned(),
        1 => "One thing was taken back.".to_owned(),
        n => format!("{n} things were taken back."),
    };
    let rest = match view.steps.iter().filter(|step| !is_over(&step.state)).count() {
        1 => "one is left".to_owned(),
        n => format!("{n} are left"),
    };
    end_hand_over(view);
    if !failed.is_empty() {
        view.state = RunState::Failed;
        let which = words::steps(&failed).to_lowercase();
        view.summary = format!("The run is not undone: {which} failed. {removed} Undo it again: {rest}.");
        return;
    }
    if !left.is_empty() {
        view.state = RunState::Cancelled;
        view.summary = format!("Cancelled; the run is not undone. {removed} Undo it again: {rest}.");
        return;
    }
    view.state = RunState::Undone;
    view.hand_over = None;
    view.consent = None;
    let blocks = |kind| kind == StepKind::BlockSignIn;
    if view.steps.iter().any(|step| blocks(step.kind)) && undoing.kept.is_empty() {
        view.summary = "Undone: its sign-in is blocked again.".to_owned();
        return;
    }
    let mut sentences = vec![match (things(&view.made).as_slice(), undoing.kept.is_empty()) {
        ([], true) => "Undone: nothing of this run exists.".to_owned(),
        ([], false) => "Undone: nothing was there to be removed.".to_owned(),
        (things, _) => format!("Undone: {} {} gone.", words::list(things), are(things.len())),
    }];
    sentences.extend(restorable(&view.made));
    if !undoing.kept.is_empty() {
        let kept: Vec<String> = undoing.kept.iter().map(|kept| inside(&kept.what)).collect();
        let verb = if kept.len() == 1 { "stays" } else { "stay" };
        sentences.push(format!("{} {verb}: {}", words::sentence_case(&words::list(&kept)), reasons(undoing)));
    }
    view.summary = sentences.join(" ");
}

fn is_over(state: &StepState) -> bool {
    matches!(state, StepState::Done { .. } | StepState::AlreadySo)
}

/// Once a step of undoing has taken access away, the hand-over no longer tells the API developer the truth.
pub(crate) fn end_hand_over(view: &mut RunView) {
    let takes_access =
        |step: &RunStep| matches!(step.state, StepState::Done { .. }) && step.kind != StepKind::WithdrawPermissions;
    if view.steps.iter().any(takes_access) {
        view.hand_over = None;
    }
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// `App registration "x"` inside a sentence.
fn inside(what: &str) -> String {
    let mut rest = what.chars();
    let first = rest.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(rest).collect()
}

/// What was removed; an object with two ids once.
fn things(made: &[MadeObject]) -> Vec<String> {
    let mut things: Vec<String> = Vec::new();
    for object in made.iter().filter(|made| made.removed.is_some()) {
        let what = format!("the {}", inside(&object.what));
        if object.id_name != "client id" && !things.contains(&what) {
            things.push(what);
        }
    }
    things
}

fn restorable(made: &[MadeObject]) -> Option<String> {
    let (object, until) = made.iter().find_map(|made| {
        let until: Timestamp = made.restorable_until.as_ref()?.parse().ok()?;
        Some((made, until))
    })?;
    let own =
        if object.what.starts_with("App registration") { "; its service principal is restored by itself" } else { "" };
    Some(format!("The {} can be restored in Entra until {}{own}.", inside(&object.what), words::day(until)))
}

/// Each once, in order.
fn reasons(undoing: &Undoing) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for kept in &undoing.kept {
        if !reasons.contains(&kept.reason.as_str()) {
            reasons.push(&kept.reason);
        }
    }
    reasons.join(" ")
}
