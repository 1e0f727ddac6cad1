//! What the operator should know before a run: a missing role, a keychain that does not answer, a permission that opens
//! too much.

use crate::desired::checked::DesiredPermission;
use crate::observe::observed::{Observed, ObservedApp, ObservedPrincipal};
use crate::operator::Operator;
use crate::plan::{StepEffect, StepKind, StepView, Warning};
use crate::preflight::{Able, Standing};
use crate::privilege;
use crate::words;

/// What the operator should know before these steps run.
pub(crate) fn of(
    steps: &[StepView],
    grants: &[(u32, DesiredPermission)],
    observed: &Observed,
    operator: &Operator,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let app_steps: Vec<u32> = steps
        .iter()
        .filter(|step| matches!(step.effect, StepEffect::WillCreate | StepEffect::WillChange))
        .map(|step| step.number)
        .collect();
    let Standing { able, reason, .. } = operator.can_register();
    if able != Able::Can && !app_steps.is_empty() {
        warnings.push(Warning { message: format!("{}: {reason}", words::steps(&app_steps)), steps: app_steps });
    }
    warnings.extend(grant_warning(steps, grants, operator));
    for (number, permission) in grants {
        if let Some(level) = privilege::level(&permission.info.value).filter(|level| *level >= 4) {
            let message = format!(
                "{} opens much more than this job needs (Microsoft rates it {level} of 5). {}",
                permission.info.value,
                privilege::explain(&permission.info.value)
            );
            warnings.push(Warning { message, steps: vec![*number] });
        }
    }
    if let ObservedPrincipal::App(app) = &observed.principal {
        warnings.extend(app_warnings(app, steps));
    }
    warnings
}

/// Who can grant Microsoft Graph's permissions, when the operator cannot.
fn grant_warning(steps: &[StepView], grants: &[(u32, DesiredPermission)], operator: &Operator) -> Option<Warning> {
    let numbers: Vec<u32> = grants.iter().map(|(number, _)| *number).collect();
    let Standing { able, reason, .. } = operator.can_grant();
    if numbers.is_empty() || able == Able::Can {
        return None;
    }
    let named = words::steps(&numbers);
    let message = match (able, operator.known_role()) {
        (Able::NeedsOther, Some(role)) => {
            let need = if numbers.len() == 1 { "needs" } else { "need" };
            let makes_secret =
                steps.iter().any(|step| step.kind == StepKind::CreateSecret && step.effect == StepEffect::WillCreate);
            let rest = if makes_secret {
                " What comes before is done all the same, and no secret is made until they are granted."
            } else {
                ""
            };
            format!(
                "You are {role}. {named} {need} a Privileged Role Administrator or a Global Administrator; Entra will \
                 refuse you.{rest}"
            )
        }
        _ => format!("{named}: {reason}"),
    };
    Some(Warning { message, steps: numbers })
}

fn app_warnings(app: &ObservedApp, steps: &[StepView]) -> Vec<Warning> {
    let numbers = |kind: StepKind| -> Vec<u32> {
        steps.iter().filter(|step| step.kind == kind).map(|step| step.number).collect()
    };
    let mut warnings = Vec::new();
    if let Some(why) = &app.secrets.unknown {
        let message = format!(
            "It is not known whether a secret of this app lies on this computer already. {why} The run looks again \
             before it makes one."
        );
        warnings.push(Warning { message, steps: numbers(StepKind::CreateSecret) });
    }
    warnings
}
