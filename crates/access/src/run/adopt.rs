//! What an earlier attempt of a run made without hearing of it: it is there now, and no other run lists it.

use crate::job::JobParts;
use crate::observe::observed::ObservedPrincipal;
use crate::plan::planning::Plan;
use crate::plan::{StepEffect, StepKind, StepView};
use crate::run::MadeObject;

/// The objects of the plan's finished steps that the earlier attempts' `unsettled` steps were to make.
pub(crate) fn of(parts: &JobParts, plan: &Plan, unsettled: &[(StepKind, Option<String>)]) -> Vec<MadeObject> {
    let is_open = |step: &&StepView| {
        step.effect == StepEffect::AlreadySo
            && unsettled.iter().any(|(kind, term)| *kind == step.kind && *term == step.term)
    };
    let steps = plan.view.steps.iter().filter(is_open);
    steps.flat_map(|step| objects(plan, step)).filter(|made| !parts.runs.lists(&made.id)).collect()
}

fn objects(plan: &Plan, step: &StepView) -> Vec<MadeObject> {
    let made = |what: String, id_name: &str, id: String| MadeObject {
        step: step.number,
        what,
        id_name: id_name.to_owned(),
        id,
    };
    let app = match &plan.observed.principal {
        ObservedPrincipal::App(app) => Some(app),
        ObservedPrincipal::Identity(_) | ObservedPrincipal::Asked(_) => None,
    };
    match step.kind {
        StepKind::RegisterApp => {
            let Some(found) = app.and_then(|app| app.application.as_ref()) else { return Vec::new() };
            let what = format!("App registration \"{}\"", found.display_name);
            vec![
                made(what.clone(), "object id", found.id.to_string()),
                made(what, "client id", found.app_id.to_string()),
            ]
        }
        StepKind::CreateServicePrincipal => {
            let Some((app, found)) = app.and_then(|app| Some((app, app.service_principal.as_ref()?))) else {
                return Vec::new();
            };
            vec![made(format!("Service principal of \"{}\"", app.name()), "object id", found.id.to_string())]
        }
        StepKind::Grant => {
            let Some(value) = &step.term else { return Vec::new() };
            let role = plan.observed.graph.application_permission(value).map(|role| role.id);
            let grants = plan.observed.grants.iter().filter(|grant| Some(grant.app_role_id) == role);
            grants.map(|grant| made(format!("Grant of {value}"), "grant id", grant.id.clone())).collect()
        }
        StepKind::ProveKeychain | StepKind::RequestPermissions | StepKind::CreateSecret => Vec::new(),
    }
}
