//! What a run's file holds, and what can be read out of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fix::Fix;
use crate::plan::StepKind;
use crate::plan::work::Origin;
use crate::problem::{Code, Problem};
use crate::run::fact::{Fact, SHOWN, SecretTrace};
use crate::run::{Debt, Doing, RunState, RunStep, RunView, StepState, Ways};
use crate::undo;

/// One line of the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub at: Timestamp,
    /// Of which attempt, from 1.
    #[serde(default = "first")]
    pub attempt: u32,
    pub step: u32,
    #[serde(flatten)]
    pub fact: Fact,
}

fn first() -> u32 {
    1
}

/// A run's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Document {
    pub format: u32,
    pub run: RunView,
    /// What was asked for; none in a file of the first format.
    #[serde(default)]
    pub origin: Option<Origin>,
    pub entries: Vec<Entry>,
}

impl Document {
    /// The number of the attempt that the run's steps are of.
    pub(crate) fn attempt(&self) -> u32 {
        u32::try_from(self.run.earlier.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Descriptions of every secret that the run asked for, an attempt that goes on among them.
    pub(crate) fn secrets_described(&self) -> Vec<String> {
        let asked = self.entries.iter().filter_map(|entry| match &entry.fact {
            Fact::SecretIntended { description, .. } => Some(description.clone()),
            _ => None,
        });
        asked.collect()
    }

    /// The secrets that the run asked for, those of an attempt that goes on left out.
    pub(crate) fn secrets(&self) -> Vec<SecretTrace> {
        let going_on = (self.run.state == RunState::Running).then(|| self.attempt());
        let only_shown = self.origin.as_ref().is_some_and(Origin::only_shows);
        let mut traces: Vec<SecretTrace> = Vec::new();
        for Entry { at, attempt, fact, .. } in &self.entries {
            if Some(*attempt) == going_on {
                continue;
            }
            let mut of = |wanted: &str, change: &dyn Fn(&mut SecretTrace)| {
                traces.iter_mut().filter(|trace| trace.description == wanted).for_each(change);
            };
            match fact {
                Fact::SecretIntended { client_id, description } => {
                    let (client_id, description) = (client_id.clone(), description.clone());
                    traces.retain(|trace| trace.description != description);
                    traces.push(SecretTrace {
                        description,
                        at: *at,
                        key_id: None,
                        outcome: None,
                        client_id,
                        only_shown,
                    });
                }
                Fact::SecretMade { description, key_id } => {
                    of(description, &|trace| trace.key_id = Some(key_id.clone()));
                }
                Fact::SecretSettled { description, outcome } => {
                    of(description, &|trace| trace.outcome = Some(outcome.clone()));
                }
                Fact::Removed { id } => {
                    let is_it = |trace: &&mut SecretTrace| trace.key_id.as_ref() == Some(id);
                    for trace in traces.iter_mut().filter(is_it) {
                        trace.outcome = Some("removed".to_owned());
                    }
                }
                Fact::Intended { .. } | Fact::Settled { .. } | Fact::Made { .. } | Fact::GivenBack { .. } => {}
            }
        }
        traces
    }

    /// The run as a face shows it, with what can be done and what is owed.
    pub(crate) fn view(&self) -> RunView {
        let mut run = self.run.clone();
        run.ways = Ways::of(&run, self.origin.is_some(), !self.owed().is_empty());
        run.debts = if run.state == RunState::Running { Vec::new() } else { self.debts() };
        run
    }

    /// A run that came to its end has looked for what it asked for in vain; what Entra answered for stays owed.
    fn debts(&self) -> Vec<Debt> {
        let looked = matches!(self.run.state, RunState::Done | RunState::Undone);
        let open = self.secrets().into_iter().filter(|trace| trace.is_open() && (trace.key_id.is_some() || !looked));
        open.map(|SecretTrace { description, key_id, client_id, .. }| Debt { description, key_id, client_id }).collect()
    }

    /// Steps of earlier attempts that sent something and do not know what became of it: by kind and term.
    pub(crate) fn unsettled(&self) -> Vec<(StepKind, Option<String>)> {
        let mut open = Vec::new();
        for (number, attempt) in (1u32..).zip(&self.run.earlier) {
            for step in attempt.steps.iter().filter(|step| !self.was_refused(number, step)) {
                let mut own = self.entries.iter().filter(|entry| (entry.attempt, entry.step) == (number, step.number));
                if own.next_back().is_some_and(|entry| matches!(entry.fact, Fact::Intended { .. })) {
                    open.push((step.kind, step.term.clone()));
                }
            }
        }
        open
    }

    /// Entra said no, or was never asked: nothing can turn up later.
    pub(crate) fn was_refused(&self, attempt: u32, step: &RunStep) -> bool {
        let StepState::Failed { problem } = &step.state else { return false };
        match problem.code {
            Code::Forbidden | Code::PolicyRefused | Code::Refused | Code::NotFound => true,
            // One that asks again may have lost an answer before.
            Code::Unreachable => {
                let own = self.entries.iter().filter(|entry| (entry.attempt, entry.step) == (attempt, step.number));
                own.filter(|entry| matches!(entry.fact, Fact::Intended { .. })).count() < 2
            }
            _ => false,
        }
    }
}

/// A run that nobody is running any more: what it was doing at the end is known only where the journal says so.
pub(crate) fn interrupt(document: &mut Document) {
    let attempt = document.attempt();
    let Document { run, entries, origin, .. } = document;
    let knows_origin = origin.is_some();
    let gives_back = matches!(origin, Some(Origin::Fix { fix: Fix::Revoke { .. } }));
    let way_on = match (run.doing, knows_origin) {
        (Doing::Undo, _) => "Undo the run again: the tenant is read afresh, and only the rest is done.",
        (Doing::SetUp | Doing::Continue | Doing::Fix, true) => {
            "Continue the run: the tenant is read afresh, and nothing is made twice."
        }
        // Of an earlier version, which did not write down what was asked for.
        (Doing::SetUp | Doing::Continue | Doing::Fix, false) => {
            "Plan the same again: the tenant is read afresh, and nothing is made twice."
        }
    };
    run.state = RunState::Interrupted;
    for step in &mut run.steps {
        let last = entries
            .iter()
            .rev()
            .find(|entry| (entry.attempt, entry.step) == (attempt, step.number))
            .map(|entry| &entry.fact);
        match (&step.state, last) {
            (StepState::Waiting, _) => {
                step.state = StepState::NotDone { reason: "The program was stopped before it.".to_owned() };
            }
            (state, Some(Fact::Settled { outcome })) if goes_on(state) => {
                step.state = StepState::Done { note: Some(outcome.clone()), request_id: None };
            }
            (state, Some(Fact::GivenBack { .. })) if goes_on(state) => {
                step.state = StepState::Done { note: None, request_id: None };
            }
            (state, Some(Fact::Removed { .. }))
                if goes_on(state) && (run.doing == Doing::Undo || step.kind == StepKind::RevokeGrant) =>
            {
                step.state = StepState::Done { note: None, request_id: None };
            }
            (StepState::ShowsSecret { .. }, Some(Fact::SecretSettled { outcome, .. })) if outcome == SHOWN => {
                step.state = StepState::Done { note: Some(outcome.clone()), request_id: None };
            }
            (StepState::ShowsSecret { .. }, _) => {
                let problem = Problem::new(Code::Unclear, "The program was stopped while it showed the secret.")
                    .exists("The secret may exist in Entra, and nobody said that they have it.")
                    .advice("Continue the run: it is removed before another one is made.");
                step.state = StepState::Failed { problem: Box::new(problem) };
            }
            (state, _) if goes_on(state) => {
                let problem = Problem::new(Code::Unclear, "The program was stopped while this step went on.")
                    .exists("It is not known whether it took effect.")
                    .advice(way_on);
                step.state = StepState::Failed { problem: Box::new(problem) };
            }
            _ => {}
        }
    }
    let is_done = |step: &RunStep| matches!(step.state, StepState::Done { .. } | StepState::AlreadySo);
    let all_done = run.steps.iter().all(is_done);
    let summary = match (run.doing, knows_origin) {
        (Doing::SetUp | Doing::Continue | Doing::Fix, true) => {
            "The program was stopped in the middle. Continue it to do the rest, or undo it."
        }
        (Doing::SetUp | Doing::Continue | Doing::Fix, false) => {
            "The program was stopped in the middle. Plan the same again to do the rest."
        }
        (Doing::Undo, _) => "The program was stopped while the run was being undone. Undo it again to do the rest.",
    };
    run.summary = summary.to_owned();
    if run.doing == Doing::Undo {
        undo::end_hand_over(run);
    }
    if all_done && document.run.doing == Doing::Undo && document.owed().is_empty() {
        document.run.state = RunState::Undone;
        (document.run.hand_over, document.run.consent) = (None, None);
        let summary = if gives_back {
            "Undone: what the run took away is granted again."
        } else {
            "Undone: what the run made is gone."
        };
        document.run.summary = summary.to_owned();
    }
}

fn goes_on(state: &StepState) -> bool {
    matches!(
        state,
        StepState::Working
            | StepState::CatchingUp { .. }
            | StepState::KeychainAsks
            | StepState::ShowsSecret { .. }
            | StepState::Throttled { .. }
    )
}
