//! A plan with what it needs to be run.

use inbound_entra::model::Application;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::consent::ConsentRequest;
use crate::desired::checked::DesiredPermission;
use crate::desired::{SecretGoes, SetupRequest};
use crate::fix::Fix;
use crate::observe::observed::{Observed, ObservedPrincipal};
use crate::plan::{PlanView, StepEffect, StepKind, StepView};
use crate::run::fact::Made;
use crate::undo::Undoing;

/// A plan, ready to run. Its view is what was shown to the operator.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) view: PlanView,
    pub(crate) work: Work,
}

/// What a plan is about.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// To bring something about, or the rest of it.
    SetUp(Box<SetUp>),
    /// To take back what a run made.
    Undo(Box<Undoing>),
    /// To take something of others away, or to change it.
    Fix(Box<Fixing>),
}

/// What the steps of a fix need to know, where it sets nothing up.
#[derive(Debug, Clone)]
pub(crate) struct Fixing {
    /// Names the principal for the lock that keeps two runs apart.
    pub key: String,
    pub fix: Fix,
    /// What each step takes away or brings about.
    pub steps: Vec<(u32, Made)>,
}

/// A new secret that follows another.
#[derive(Debug, Clone)]
pub(crate) struct Rotation {
    /// The one before, with the step that removes it where it is to be removed.
    pub old: Option<(Option<u32>, Made)>,
    /// Its last instant.
    pub old_until: Option<Timestamp>,
}

/// What the steps of setting up need to know.
#[derive(Debug, Clone)]
pub(crate) struct SetUp {
    pub observed: Observed,
    /// Permissions that need a grant, by step.
    pub grants: Vec<(u32, DesiredPermission)>,
    /// Permissions that are to be requested and granted, by value and role: those that are served already by a
    /// narrower one are left out.
    pub effective: Vec<DesiredPermission>,
    /// What serves each permission that was asked for.
    pub serving: Vec<String>,
    /// The run whose request for consent it finishes.
    pub finishes: Option<String>,
    /// What was asked for, as the journal keeps it so that the rest can be planned later.
    pub origin: Option<Origin>,
    /// Set where its secret follows another.
    pub rotation: Option<Rotation>,
}

/// What a run was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Origin {
    /// To set access up; a new registration under this alternate key.
    SetUp { request: SetupRequest, unique_name: Option<String> },
    /// To grant what another administrator's run asks for.
    Consent { request: ConsentRequest },
    /// To mend or change what was found.
    Fix { fix: Fix },
}

impl Origin {
    /// Whether its secret is shown once and not put into the keychain.
    pub(crate) fn only_shows(&self) -> bool {
        matches!(
            self,
            Self::SetUp { request: SetupRequest::AppRegistration { secret_goes: SecretGoes::ShownOnce, .. }, .. }
        )
    }
}

impl Plan {
    /// What a face shows.
    #[must_use]
    pub fn view(&self) -> &PlanView {
        &self.view
    }

    /// The same plan, of a run that was asked for `origin`.
    pub(crate) fn of(mut self, origin: Origin) -> Self {
        if let Work::SetUp(set_up) = &mut self.work {
            set_up.origin = Some(origin);
        }
        self
    }

    /// Names the principal for the lock that keeps two runs apart: the same before and after its registration.
    pub(crate) fn key(&self) -> String {
        match &self.work {
            Work::SetUp(set_up) => set_up.key(),
            Work::Undo(undoing) => undoing.key.clone(),
            Work::Fix(fixing) => fixing.key.clone(),
        }
    }

    /// What it was asked for.
    pub(crate) fn origin(&self) -> Option<Origin> {
        match &self.work {
            Work::SetUp(set_up) => set_up.origin.clone(),
            Work::Fix(fixing) => Some(Origin::Fix { fix: fixing.fix.clone() }),
            Work::Undo(_) => None,
        }
    }

    /// What is mended or changed, where that is what it is about.
    pub(crate) fn fix(&self) -> Option<&Fix> {
        match &self.work {
            Work::SetUp(set_up) => match &set_up.origin {
                Some(Origin::Fix { fix }) => Some(fix),
                _ => None,
            },
            Work::Fix(fixing) => Some(&fixing.fix),
            Work::Undo(_) => None,
        }
    }

    /// What a step takes away, gives back or brings about, where it is not a step of setting up.
    pub(crate) fn object(&self, number: u32) -> Option<&Made> {
        let steps = match &self.work {
            Work::Undo(undoing) => &undoing.steps,
            Work::Fix(fixing) => &fixing.steps,
            Work::SetUp(set_up) => {
                let (step, made) = set_up.rotation.as_ref()?.old.as_ref()?;
                return (*step == Some(number)).then_some(made);
            }
        };
        steps.iter().find_map(|(step, made)| (*step == number).then_some(made))
    }

    /// The run whose request for consent it finishes.
    pub(crate) fn finishes(&self) -> Option<String> {
        match &self.work {
            Work::SetUp(set_up) => set_up.finishes.clone(),
            Work::Undo(_) | Work::Fix(_) => None,
        }
    }

    /// Whether a secret is made that is only shown.
    pub(crate) fn shows_a_secret(&self) -> bool {
        let Work::SetUp(set_up) = &self.work else { return false };
        let ObservedPrincipal::App(app) = &set_up.observed.principal else { return false };
        let makes = |step: &StepView| step.kind == StepKind::CreateSecret && step.effect == StepEffect::WillCreate;
        app.wanted.secret_goes == SecretGoes::ShownOnce && self.view.steps.iter().any(makes)
    }

    /// Whether the step is left to another administrator.
    pub(crate) fn asks(&self, number: u32) -> bool {
        self.view.steps.iter().any(|step| step.number == number && step.effect == StepEffect::WillAskConsent)
    }
}

impl SetUp {
    fn key(&self) -> String {
        let of = |application: &Application| {
            application.unique_name.clone().unwrap_or_else(|| application.app_id.to_string())
        };
        match &self.observed.principal {
            ObservedPrincipal::Identity(principal) => principal.id.to_string(),
            ObservedPrincipal::App(app) => app.application.as_ref().map_or_else(|| app.unique_name.clone(), of),
            ObservedPrincipal::Asked(asked) => {
                asked.application.as_ref().map_or_else(|| asked.principal.id.to_string(), of)
            }
        }
    }
}
