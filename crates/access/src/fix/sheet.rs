//! The plan of a fix as it grows: steps, their standing, and the view.

use inbound_entra::graph::request::Request;
use uuid::Uuid;

use crate::job::Job;
use crate::plan::preview;
use crate::plan::{PlanView, StepEffect, StepKind, StepView, Warning};
use crate::preflight::{Able, Standing};
use crate::run::Doing;
use crate::words;

/// The steps so far, numbered from 1.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub steps: Vec<StepView>,
}

impl Sheet {
    /// The next step, which does nothing yet.
    pub(crate) fn step(&self, kind: StepKind, title: String) -> StepView {
        StepView {
            number: u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1),
            kind,
            title,
            term: None,
            effect: StepEffect::AlreadySo,
            note: None,
            standing: None,
            needs: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// Adds a step that sends these requests to Microsoft Graph.
    pub(crate) fn sends(&mut self, job: &Job, step: StepView, requests: &[Request]) -> u32 {
        let host = &job.parts.tenant.graph;
        let requests = requests.iter().map(|one| preview::of(one, host)).collect();
        self.push(StepView { requests, ..step })
    }

    /// Adds a step.
    pub(crate) fn push(&mut self, step: StepView) -> u32 {
        let number = step.number;
        self.steps.push(step);
        number
    }

    /// Tells whether the operator can do the steps that send something and are `among` these; warns where not.
    pub(crate) fn stand(&mut self, standing: &Standing, among: impl Fn(&StepView) -> bool) -> Option<Warning> {
        let mut numbers = Vec::new();
        let changes = |step: &StepView| !matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillCheck);
        for step in self.steps.iter_mut().filter(|step| changes(step) && !step.requests.is_empty()) {
            if among(step) {
                step.standing = Some(standing.clone());
                numbers.push(step.number);
            }
        }
        let is_told = standing.able == Able::Can || numbers.is_empty();
        (!is_told).then(|| Warning { message: format!("{}: {}", few_steps(&numbers), standing.reason), steps: numbers })
    }

    /// The whole, as a face shows it.
    pub(crate) fn view(self, job: &Job, subject: String, warnings: Vec<Warning>) -> PlanView {
        let changing = |step: &&StepView| !matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillCheck);
        let changes = self.steps.iter().filter(changing).count();
        PlanView {
            id: Uuid::new_v4().to_string(),
            tenant_name: job.parts.tenant.name.clone(),
            tenant_id: job.parts.tenant.id.to_string(),
            subject,
            steps: self.steps,
            changes: u32::try_from(changes).unwrap_or(u32::MAX),
            warnings,
            narrower: None,
            consent_offer: None,
            doing: Doing::Fix,
            run_id: None,
            kept: Vec::new(),
        }
    }
}

/// `Steps 1, 2 and 3`; of many only their number.
pub(crate) fn few_steps(numbers: &[u32]) -> String {
    match numbers.len() {
        0..=8 => words::steps(numbers),
        many => format!("{many} steps"),
    }
}
