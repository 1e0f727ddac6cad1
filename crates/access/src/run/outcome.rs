//! How a run ended: its state, the sentence, and what the API developer needs.

use crate::job::JobParts;
use crate::observe::observed::{Observed, ObservedPrincipal};
use crate::operator::standings::WHO_GRANTS;
use crate::plan::work::{Plan, SetUp};
use crate::plan::{StepEffect, StepView};
use crate::principal::cards;
use crate::principal::{PrincipalCard, PrincipalKind};
use crate::requirements;
use crate::run::execute::Known;
use crate::run::{HandOver, RunState, RunView, StepState};
use crate::words;

/// Sets the run's state, summary and hand-over from its steps.
pub(crate) fn conclude(view: &mut RunView, plan: &Plan, set_up: &SetUp, known: &Known, parts: &JobParts) {
    let failed: Vec<u32> = view
        .steps
        .iter()
        .filter(|step| matches!(step.state, StepState::Failed { .. }))
        .map(|step| step.number)
        .collect();
    let undone = view.steps.iter().any(|step| matches!(step.state, StepState::NotDone { .. }));
    let subject = words::sentence_case(&plan.view.subject);
    // A registration is one thing with two ids.
    let exists = match view.made.iter().filter(|made| made.id_name != "client id").count() {
        0 => "Nothing new exists because of it.".to_owned(),
        1 => "What it made is listed with its id.".to_owned(),
        n => format!("The {n} things that it made are listed with their ids."),
    };
    if !failed.is_empty() {
        view.state = RunState::Failed;
        view.summary = format!(
            "{subject} is not ready: {} failed. {exists} Continue it to do the rest, or undo it.",
            words::steps(&failed).to_lowercase()
        );
        return;
    }
    if undone {
        view.state = RunState::Cancelled;
        view.summary =
            format!("Cancelled; {} is not ready. {exists} Continue it to do the rest, or undo it.", plan.view.subject);
        return;
    }
    view.state = RunState::Done;
    let asked: Vec<String> = set_up
        .grants
        .iter()
        .filter(|(step, _)| plan.asks(*step))
        .map(|(_, permission)| permission.info.value.clone())
        .collect();
    let (left, held): (Vec<String>, Vec<String>) =
        set_up.serving.iter().cloned().partition(|value| asked.contains(value));
    let acts = |values: &[String]| {
        requirements::acts(values.iter().map(|value| requirements::describe(value, Some(&set_up.observed.graph))))
    };
    let gives = |step: &StepView| matches!(step.effect, StepEffect::WillCreate | StepEffect::WillGrant);
    let verb = if plan.view.steps.iter().any(gives) { "can now" } else { "already can" };
    let secret = match (&known.secret, &known.shown) {
        (Some(secret), _) => format!(" Its secret lies in the {} until {}.", secret.keychain, day_of(&secret.expires)),
        (None, Some(_)) => " Its secret was shown once and is kept nowhere on this computer.".to_owned(),
        (None, None) => String::new(),
    };
    view.summary = if left.is_empty() {
        format!("{subject} {verb} {}.{secret}", acts(&held))
    } else {
        let already = if held.is_empty() { String::new() } else { format!(" It already can {}.", acts(&held)) };
        format!(
            "{subject} cannot {} yet: {WHO_GRANTS} has to grant {}. Hand them the request.{already}{secret}",
            acts(&left),
            words::list(&left)
        )
    };
    if let Some(run) = &set_up.finishes {
        view.summary.push_str(&format!(" That finishes what the run {run} asked for."));
    }
    view.hand_over = card(&set_up.observed, known, parts).map(|principal| HandOver {
        principal,
        tenant_id: parts.tenant.id.to_string(),
        token_url: parts.tenant.token_url(),
        scope: parts.tenant.scope(),
        secret: known.secret.clone(),
        shown: known.shown.clone(),
        permissions: held,
    });
}

fn day_of(expires: &str) -> String {
    expires.parse().map_or_else(|_| expires.to_owned(), words::day)
}

fn card(observed: &Observed, known: &Known, parts: &JobParts) -> Option<PrincipalCard> {
    let portal = &parts.tenant.portal;
    match &observed.principal {
        ObservedPrincipal::Identity(identity) => Some(cards::principal_card(identity, None, portal)),
        ObservedPrincipal::Asked(asked) => {
            Some(cards::principal_card(&asked.principal, asked.application.as_ref(), portal))
        }
        ObservedPrincipal::App(app) => {
            let (object_id, client_id) = known.application?;
            let service_principal = known.service_principal.map(|id| id.to_string());
            if let Some(found) = &app.application {
                let card = cards::application_card(found, app.service_principal.as_ref(), portal);
                return Some(PrincipalCard { object_id: service_principal, ..card });
            }
            Some(PrincipalCard {
                name: app.wanted.name.clone(),
                kind: PrincipalKind::AppRegistration,
                object_id: service_principal,
                client_id: client_id.to_string(),
                application_object_id: Some(object_id.to_string()),
                enabled: Some(true),
                created: None,
                azure: None,
                portal_url: cards::application_page(portal, &client_id.to_string()),
            })
        }
    }
}
