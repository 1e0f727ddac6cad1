//! Whether the operator can do each step.

use crate::observe::observed::{Observed, ObservedPrincipal};
use crate::operator::facts::OperatorFacts;
use crate::operator::standings::Registration;
use crate::plan::{StepEffect, StepKind, StepView};
use crate::preflight::Standing;

/// Tells it of every step that changes the tenant. Local steps, those already so and those left to another have none.
pub(crate) fn tell(steps: &mut [StepView], observed: &Observed, facts: &OperatorFacts) {
    let registering = facts.can_register(registration(observed));
    let granting = facts.can_grant();
    for step in steps {
        step.standing = of(step, &registering, &granting);
    }
}

fn of(step: &StepView, registering: &Standing, granting: &Standing) -> Option<Standing> {
    match (step.effect, step.kind) {
        (StepEffect::WillCreate | StepEffect::WillChange | StepEffect::WillGrant, StepKind::Grant) => {
            Some(granting.clone())
        }
        (StepEffect::AlreadySo | StepEffect::WillCheck | StepEffect::WillAskConsent, _)
        | (_, StepKind::ProveKeychain) => None,
        _ => Some(registering.clone()),
    }
}

/// Which registration the plan would change.
pub(crate) fn registration(observed: &Observed) -> Registration {
    match &observed.principal {
        ObservedPrincipal::App(app) if app.application.is_none() => Registration::New,
        _ => Registration::Existing,
    }
}
