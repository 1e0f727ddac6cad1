//! A plan: what will be done, and what is so already.

use inbound_access_job::plan::{PlanView, StepEffect};
use inbound_access_job::run::Doing;

use super::safe::shown;

/// Whole, with the requests behind each step.
pub(crate) fn whole(plan: &PlanView) -> String {
    let mut text = headline(plan);
    for step in &plan.steps {
        let term = step.term.as_ref().map(|term| format!("  {}", shown(term))).unwrap_or_default();
        let note = step.note.as_ref().map(|note| format!(" ({})", shown(note))).unwrap_or_default();
        text.push_str(&format!("  {}  {}{term}  {}{note}\n", step.number, shown(&step.title), effect(step.effect)));
        for request in &step.requests {
            text.push_str(&format!("       {} {}\n", request.method, shown(&request.url)));
        }
    }
    text.push_str(&remarks(plan));
    text
}

/// When there is nothing to do.
pub(crate) fn nothing_to_do(plan: &PlanView) -> String {
    let mut text = headline(plan);
    for step in plan.steps.iter().filter(|step| step.effect == StepEffect::AlreadySo) {
        let note = step.note.as_ref().map(|note| format!(" ({})", shown(note))).unwrap_or_default();
        text.push_str(&format!("  {}: already so{note}\n", shown(&step.title)));
    }
    text.push_str(&remarks(plan));
    text
}

/// Whether running it would do anything at all.
pub(crate) fn does_something(plan: &PlanView) -> bool {
    plan.changes > 0 || plan.steps.iter().any(|step| step.effect == StepEffect::WillAskConsent)
}

fn headline(plan: &PlanView) -> String {
    let place = format!("{} ({})", shown(&plan.tenant_name), plan.tenant_id);
    let subject = shown(&plan.subject);
    let only_removes = |plan: &PlanView| {
        plan.steps.iter().all(|step| matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillRemove))
    };
    if plan.doing == Doing::Undo && only_removes(plan) {
        return match plan.changes {
            0 => format!("Nothing is removed for {subject} in {place}.\n"),
            1 => format!("One thing is removed for {subject} in {place}:\n"),
            many => format!("{many} things are removed for {subject} in {place}:\n"),
        };
    }
    match plan.changes {
        0 => format!("Nothing to do for {subject} in {place}: it is as wanted.\n"),
        1 => format!("One change for {subject} in {place}:\n"),
        many => format!("{many} changes for {subject} in {place}:\n"),
    }
}

/// Warnings and a narrower offer.
pub(crate) fn remarks(plan: &PlanView) -> String {
    let mut text = kept(plan);
    for warning in &plan.warnings {
        text.push_str(&format!("warning: {}\n", shown(&warning.message)));
    }
    if let Some(narrower) = &plan.narrower {
        text.push_str(&format!(
            "hint: {} would do in place of {}. {}\n",
            narrower.permission,
            narrower.instead_of,
            shown(&narrower.explanation)
        ));
    }
    if let Some(offer) = &plan.consent_offer {
        text.push_str(&format!(
            "hint: {} Give --ask-consent FILE to leave the grants to them.\n",
            shown(&offer.explanation)
        ));
    }
    text
}

/// What undoing leaves as it is.
fn kept(plan: &PlanView) -> String {
    if plan.kept.is_empty() {
        return String::new();
    }
    let mut text = String::from("Stays:\n");
    for kept in &plan.kept {
        let (what, id_name, id) = (shown(&kept.what), shown(&kept.id_name), shown(&kept.id));
        text.push_str(&format!("  {what} ({id_name} {id}): {}\n", shown(&kept.reason)));
    }
    text
}

fn effect(effect: StepEffect) -> &'static str {
    match effect {
        StepEffect::AlreadySo => "already so",
        StepEffect::WillCheck => "will check",
        StepEffect::WillCreate => "will create",
        StepEffect::WillChange => "will change",
        StepEffect::WillGrant => "will grant",
        StepEffect::WillAskConsent => "will ask for consent",
        StepEffect::WillRemove => "will remove",
    }
}
