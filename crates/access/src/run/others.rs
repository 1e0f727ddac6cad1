//! What other administrators, and Entra by itself, do while a run goes on. What was made a moment ago is waited for until
//! every replica knows it; what someone deletes meanwhile is not. A role that was activated a moment ago is waited for
//! too; a role that is lacking is not.

use std::time::Duration;

use inbound_entra::graph::{Call, GraphError, Interaction, Refusal};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::ServicePrincipalType;

use crate::observe::observed::ObservedPrincipal;
use crate::patience::{GOOD_READS, Patience};
use crate::plan::StepKind;
use crate::preflight::Able;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::StepState;
use crate::run::execute::Run;
use crate::words;

/// From this try on it is asked whether a new object was deleted: before, it most likely only spreads.
const DOUBTS_FROM: u32 = 3;

/// How long after its activation a role is waited for. It may take longer, but then the operator had better look.
const ROLE_SPREADS: Duration = Duration::from_secs(5 * 60);

/// What a step works on, and someone else may delete meanwhile.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Thing {
    /// The app registration, by its object id.
    App(ObjectId),
    /// The service principal.
    Principal(ObjectId),
}

impl Run {
    /// Waits before another try at what a replica does not know, seen by the operator.
    ///
    /// # Errors
    /// `stale` or `notFound` when it is not there any more, `stillReplicating` at the deadline, `cancelled`.
    pub(crate) async fn await_replicas(
        &self,
        number: u32,
        patience: &mut Patience<'_>,
        thing: Thing,
        error: Option<&GraphError>,
        act: &str,
    ) -> Result<(), Problem> {
        let known = self.known();
        let is_new = match thing {
            Thing::App(_) => known.app_is_new,
            Thing::Principal(_) => known.principal_made_now,
        };
        if !is_new || patience.tries() >= DOUBTS_FROM {
            self.not_deleted(thing, error).await?;
        }
        // What was there before this run does not wait for replicas: it may have been deleted for good.
        if !is_new && self.is_gone(number, thing).await {
            return Err(self.gone(thing, error));
        }
        self.catch_up(number, patience, error, act).await
    }

    /// # Errors
    /// `stale` when the thing lies among the deleted ones.
    pub(crate) async fn not_deleted(&self, thing: Thing, error: Option<&GraphError>) -> Result<(), Problem> {
        let deleted = match thing {
            Thing::App(id) => self.is_deleted(id).await.then_some(thing),
            Thing::Principal(id) => match (self.is_deleted(id).await, self.known().application) {
                // A principal goes with its app, and then the app is what must be restored first.
                (true, Some((app, _))) if self.is_deleted(app).await => Some(Thing::App(app)),
                (true, _) => Some(thing),
                (false, _) => None,
            },
        };
        deleted.map_or(Ok(()), |thing| Err(self.deleted(thing, error)))
    }

    /// Whether someone has deleted it, as far as this operator may look.
    async fn is_deleted(&self, id: ObjectId) -> bool {
        if self.known().deleted_unseen {
            return false;
        }
        // Nobody is asked to sign in for it: it is only a question of how long to wait.
        let call = Call { cancel: self.cancel.clone(), interaction: Interaction::Never, ..Run::last_call() };
        match self.parts.directory.deleted_object(&call, id).await {
            Ok(deleted) => deleted.is_some(),
            Err(error) => {
                let is_barred =
                    matches!(error, GraphError::SignIn(_)) || error.refusal().is_some_and(Refusal::is_forbidden);
                self.learn(|known| known.deleted_unseen |= is_barred);
                tracing::info!(%error, "the deleted objects could not be read");
                false
            }
        }
    }

    fn deleted(&self, thing: Thing, error: Option<&GraphError>) -> Problem {
        let what = self.named(thing);
        let (place, restore) = match thing {
            Thing::App(_) => (
                "It lies among the deleted apps, from where it can be restored for 30 days.",
                "Restore it in Entra under App registrations, Deleted applications, with its service principal, and \
                 continue; or plan again to have another one made.",
            ),
            Thing::Principal(_) => (
                "It can be restored for 30 days.",
                "Restore it in Entra and continue: until then, or until it is deleted for good, no other can be made.",
            ),
        };
        let problem = Problem::new(Code::Stale, format!("{what} was deleted while this run went on."))
            .exists(format!("Nothing was changed by this step. {place}"))
            .advice(format!("Another administrator did that, perhaps on purpose: ask first. {restore}"));
        traced(problem, error)
    }

    /// Whether several reads in a row agree that it is not there; a read that fails proves nothing.
    async fn is_gone(&self, number: u32, thing: Thing) -> bool {
        let directory = &self.parts.directory;
        let mut patience = self.patience();
        for read in 1..=GOOD_READS {
            let is_absent = match thing {
                Thing::App(id) => matches!(directory.application(&Run::last_call(), id).await, Ok(None)),
                Thing::Principal(id) => matches!(directory.service_principal(&Run::last_call(), id).await, Ok(None)),
            };
            if !is_absent {
                return false;
            }
            let seen = |attempt, seconds| self.set(number, StepState::CatchingUp { attempt, seconds });
            if read < GOOD_READS && patience.wait(seen).await.is_err() {
                return false;
            }
        }
        true
    }

    /// It was deleted since the plan.
    fn gone(&self, thing: Thing, error: Option<&GraphError>) -> Problem {
        let what = self.named(thing);
        let problem = Problem::new(Code::NotFound, format!("{what} is not in the tenant any more."))
            .exists("Nothing was changed by this step.")
            .advice("Someone has deleted it since the plan was made. Plan again.");
        traced(problem, error)
    }

    /// At the front of a sentence.
    fn named(&self, thing: Thing) -> String {
        let subject = &self.plan.view.subject;
        let is_identity = match self.set_up().map(|set_up| &set_up.observed.principal) {
            Ok(ObservedPrincipal::Identity(_)) => true,
            Ok(ObservedPrincipal::Asked(asked)) => {
                asked.principal.service_principal_type == ServicePrincipalType::ManagedIdentity
            }
            _ => false,
        };
        match thing {
            Thing::Principal(_) if !is_identity => format!("The service principal of {subject}"),
            Thing::App(_) | Thing::Principal(_) => words::sentence_case(subject),
        }
    }

    /// Whether Entra may have refused only because a role that was activated a moment ago is not seen yet.
    pub(crate) fn may_await_role(&self, number: u32, error: &GraphError) -> bool {
        if !error.refusal().is_some_and(Refusal::is_forbidden) {
            return false;
        }
        let at = match self.kind(number) {
            Some(StepKind::Grant | StepKind::RevokeGrant) => self.activated.to_grant,
            _ => self.activated.to_register,
        };
        at.is_some_and(|at| {
            Duration::try_from(self.parts.clock.now().duration_since(at)).unwrap_or_default() < ROLE_SPREADS
        })
    }

    /// Waits before another try with a new token, in which the role may stand.
    ///
    /// # Errors
    /// The refusal, at the deadline; `cancelled`.
    pub(crate) async fn await_role(
        &self,
        number: u32,
        patience: &mut Patience<'_>,
        error: &GraphError,
        act: &str,
    ) -> Result<(), Problem> {
        self.catch_up(number, patience, Some(error), act).await?;
        let call = Call { cancel: self.cancel.clone(), ..Run::last_call() };
        self.parts.directory.renew_token(&call).await;
        Ok(())
    }

    /// Whether a role of the operator allows this step, as far as the plan knows.
    pub(crate) fn role_allows(&self, number: u32) -> bool {
        let steps = &self.plan.view.steps;
        let standing = steps.iter().find(|step| step.number == number).and_then(|step| step.standing.as_ref());
        standing.is_some_and(|standing| standing.able == Able::Can)
    }

    fn kind(&self, number: u32) -> Option<StepKind> {
        self.plan.view.steps.iter().find(|step| step.number == number).map(|step| step.kind)
    }
}

fn traced(problem: Problem, error: Option<&GraphError>) -> Problem {
    match error {
        Some(error) => problem.trace(trouble::trace(error)),
        None => problem,
    }
}
