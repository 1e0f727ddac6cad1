//! What an earlier attempt of a run made without hearing of it: it is there now, and no other run lists it.

use crate::job::JobParts;
use crate::observe::observed::ObservedPrincipal;
use crate::plan::work::{Fixing, SetUp};
use crate::plan::{PlanView, StepEffect, StepKind, StepView};
use crate::run::fact::Made;

/// The objects of the plan's finished steps that the earlier attempts' `unsettled` steps were to make, by step.
pub(crate) fn of(
    parts: &JobParts,
    plan: &PlanView,
    set_up: &SetUp,
    unsettled: &[(StepKind, Option<String>)],
) -> Vec<(u32, Made)> {
    let is_open = |step: &&StepView| {
        step.effect == StepEffect::AlreadySo
            && unsettled.iter().any(|(kind, term)| *kind == step.kind && *term == step.term)
    };
    let steps = plan.steps.iter().filter(is_open);
    let made = steps.flat_map(|step| objects(set_up, step).into_iter().map(|made| (step.number, made)));
    // What another run lists is that run's.
    made.filter(|(step, made)| !made.objects(*step).iter().any(|object| parts.runs.lists(&object.id))).collect()
}

/// The same of a fix that sets nothing up: what a step brought about without hearing of it.
pub(crate) fn of_fix(plan: &PlanView, fixing: &Fixing, unsettled: &[(StepKind, Option<String>)]) -> Vec<(u32, Made)> {
    let is_open = |number: u32| {
        plan.steps.iter().any(|step| {
            step.number == number
                && step.effect == StepEffect::AlreadySo
                && step.kind == StepKind::EnableSignIn
                && unsettled.iter().any(|(kind, _)| *kind == step.kind)
        })
    };
    fixing.steps.iter().filter(|(number, _)| is_open(*number)).cloned().collect()
}

fn objects(set_up: &SetUp, step: &StepView) -> Vec<Made> {
    let observed = &set_up.observed;
    let app = match &observed.principal {
        ObservedPrincipal::App(app) => Some(app),
        ObservedPrincipal::Identity(_) | ObservedPrincipal::Asked(_) => None,
    };
    match step.kind {
        StepKind::RegisterApp => {
            let Some((app, found)) = app.and_then(|app| Some((app, app.application.as_ref()?))) else {
                return Vec::new();
            };
            vec![Made::Application {
                application: found.id,
                client: found.app_id,
                unique_name: app.unique_name.clone(),
                name: found.display_name.clone(),
            }]
        }
        StepKind::CreateServicePrincipal => {
            let Some((app, found)) = app.and_then(|app| Some((app, app.service_principal.as_ref()?))) else {
                return Vec::new();
            };
            vec![Made::ServicePrincipal { principal: found.id, client: found.app_id, name: app.name().to_owned() }]
        }
        StepKind::Grant => {
            let Some(value) = &step.term else { return Vec::new() };
            let role = observed.graph.application_permission(value).map(|role| role.id);
            let grants = observed.grants.iter().filter(|grant| Some(grant.app_role_id) == role);
            grants
                .map(|grant| Made::Grant {
                    id: grant.id.clone(),
                    principal: grant.principal_id,
                    resource: grant.resource_id,
                    role: grant.app_role_id,
                    value: value.clone(),
                })
                .collect()
        }
        StepKind::ProveKeychain
        | StepKind::RequestPermissions
        | StepKind::CreateSecret
        | StepKind::RevokeGrant
        | StepKind::RemoveSecret
        | StepKind::WithdrawPermissions
        | StepKind::DeleteServicePrincipal
        | StepKind::DeleteApp
        | StepKind::EnableSignIn
        | StepKind::BlockSignIn
        | StepKind::ProveSecret => Vec::new(),
    }
}
