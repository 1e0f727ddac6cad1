//! Executes a plan: steps as a graph of needs, side by side where they can, with news and a journal.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use inbound_entra::graph::{Call, WaitReason};
use inbound_entra::ids::{AppId, ObjectId};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::consent::ask::{self, Asking};
use crate::desired::checked::DesiredPermission;
use crate::fix;
use crate::job::JobParts;
use crate::observe::observed::ObservedPrincipal;
use crate::operator::standings::LatelyActivated;
use crate::plan::work::{Plan, SetUp, Work};
use crate::plan::{StepEffect, StepKind, StepView};
use crate::problem::{Code, Problem};
use crate::run::adopt;
use crate::run::fact::{Fact, Made};
use crate::run::journal::{Journal, Resumed};
use crate::run::outcome;
use crate::run::secret_showing;
use crate::run::{Doing, RunEvent, RunState, RunStep, RunView, SecretPlace, ShownSecret, StepState, Ways};
use crate::secrets::{self, ShowOnce};
use crate::undo;
use crate::words;

/// So many steps go on at once. A fix may have hundreds that do not need each other.
const AT_ONCE: usize = 8;

/// Who hears of a run.
pub type Listener = Arc<dyn Fn(RunEvent) + Send + Sync>;

/// What steps tell each other.
#[derive(Debug, Default, Clone)]
pub(crate) struct Known {
    pub application: Option<(ObjectId, AppId)>,
    /// This run has made it, so it cannot hold anything of earlier runs.
    pub registered_now: bool,
    /// This run has asked for it, so that replicas may not know it yet.
    pub app_is_new: bool,
    pub service_principal: Option<ObjectId>,
    /// This run has made it, so that replicas may not know it yet.
    pub principal_made_now: bool,
    /// The operator may not look at what was deleted, so it is not asked for again.
    pub deleted_unseen: bool,
    pub secret: Option<SecretPlace>,
    /// Its value, as long as this run has to prove that it works.
    pub value: Option<SecretString>,
    /// It was shown once to the operator, who said that they have it.
    pub shown: Option<ShownSecret>,
}

/// What a step that is done has to say.
#[derive(Debug, Default)]
pub(crate) struct Did {
    pub note: Option<String>,
    pub request_id: Option<String>,
}

/// A run that goes on.
pub(crate) struct Run {
    pub parts: Arc<JobParts>,
    pub plan: Plan,
    pub cancel: CancellationToken,
    pub journal: Journal,
    view: Arc<Mutex<RunView>>,
    known: Mutex<Known>,
    listener: Listener,
    /// Shows secrets that the keychain does not keep; none where the face has no way to.
    pub shows: Option<Arc<dyn ShowOnce>>,
    /// Steps of earlier attempts of which it is not known what became of them.
    unsettled: Vec<(StepKind, Option<String>)>,
    /// How many secrets earlier attempts asked for.
    pub secrets_asked: u32,
    /// Roles that the operator activated a moment ago may not be seen everywhere yet.
    pub activated: LatelyActivated,
}

impl Run {
    /// Whether an earlier attempt of this run did such a step, with this term, without hearing what became of it.
    pub(crate) fn is_in_doubt(&self, kind: StepKind, term: Option<&str>) -> bool {
        self.unsettled.iter().any(|(own, of)| *own == kind && of.as_deref() == term)
    }

    /// Begins a run: locks the principal and puts the first page of the journal on disk.
    ///
    /// # Errors
    /// `busy`, `localFile` when the journal cannot be written, or `invalidInput` when a secret is to be shown and nothing
    /// here can; then nothing was changed.
    pub(crate) async fn begin(
        parts: Arc<JobParts>,
        plan: Plan,
        cancel: CancellationToken,
        listener: Listener,
        shows: Option<Arc<dyn ShowOnce>>,
    ) -> Result<Self, Problem> {
        if shows.is_none() && plan.shows_a_secret() {
            return Err(secret_showing::no_way_to_show());
        }
        let view = first_view(&parts, &plan);
        let key = format!("{}/{}/{}", parts.tenant.cloud_key, parts.tenant.id, plan.key());
        let mut adopted = Vec::new();
        let (journal, view, unsettled, secrets_asked) = match &plan.view.run_id {
            None => (parts.runs.begin(&view, &key, plan.origin())?, view, Vec::new(), 0),
            Some(_) => {
                let Resumed { journal, mut run, unsettled, secrets_asked } = parts.runs.resume(&view, &key)?;
                adopted = match &plan.work {
                    Work::SetUp(set_up) => adopt::of(&parts, &plan.view, set_up, &unsettled),
                    Work::Undo(undoing) => undoing.adopted.clone(),
                    Work::Fix(fixing) => adopt::of_fix(&plan.view, fixing, &unsettled),
                };
                run.made.extend(adopted.iter().flat_map(|(step, made)| made.objects(*step)));
                (journal, run, unsettled, secrets_asked)
            }
        };
        journal.save(&view).await.map_err(|problem| problem.exists("Nothing was changed."))?;
        for (step, object) in adopted {
            let fact = Fact::Made { object, certain: false };
            let noted = journal.note(&view, parts.clock.now(), step, fact).await;
            noted.map_err(|problem| problem.exists("Nothing was changed."))?;
        }
        let known = match &plan.work {
            Work::SetUp(set_up) => known_before(&parts, set_up),
            Work::Undo(_) | Work::Fix(_) => Known::default(),
        };
        let (view, known) = (Arc::new(Mutex::new(view)), Mutex::new(known));
        let run = Self {
            parts,
            plan,
            cancel,
            journal,
            view,
            known,
            listener,
            shows,
            unsettled,
            secrets_asked,
            activated: LatelyActivated::default(),
        };
        match &run.plan.work {
            Work::Undo(undoing) => {
                for made in &undoing.gone {
                    run.removed(0, made, None).await;
                }
            }
            Work::Fix(_) => {}
            Work::SetUp(set_up) => run.settle_where_no_secret_is_made(set_up).await,
        }
        Ok(run)
    }

    /// The step that makes a secret looks after those of earlier attempts; where there is one already, nobody else does.
    async fn settle_where_no_secret_is_made(&self, set_up: &SetUp) {
        let is_it = |step: &&StepView| step.kind == StepKind::CreateSecret && step.effect == StepEffect::AlreadySo;
        if let (Some(step), ObservedPrincipal::App(app)) =
            (self.plan.view.steps.iter().find(is_it), &set_up.observed.principal)
            && let Some(application) = &app.application
        {
            self.settle_earlier(step.number, application, app.secrets.kept.as_ref()).await;
        }
    }

    /// The same run of an operator who has activated roles.
    pub(crate) fn after(mut self, activated: LatelyActivated) -> Self {
        self.activated = activated;
        self
    }

    /// What the steps of setting up need to know.
    ///
    /// # Errors
    /// `internal` for a plan that undoes or takes something away.
    pub(crate) fn set_up(&self) -> Result<&SetUp, Problem> {
        match &self.plan.work {
            Work::SetUp(set_up) => Ok(set_up),
            Work::Undo(_) | Work::Fix(_) => Err(Problem::new(Code::Internal, "This plan sets nothing up.")),
        }
    }

    /// Runs to the end.
    pub(crate) async fn go(self) -> RunView {
        (self.listener)(RunEvent::Started { run: Box::new(self.view()) });
        let mut going = FuturesUnordered::new();
        loop {
            if !self.cancel.is_cancelled() {
                for number in self.ready().into_iter().take(AT_ONCE.saturating_sub(going.len())) {
                    if self.plan.asks(number) {
                        self.set(number, self.ask_consent(number));
                    } else {
                        self.set(number, StepState::Working);
                    }
                    going.push(self.step(number));
                }
            }
            let Some((number, result)) = going.next().await else { break };
            let state = match result {
                // Its state was set at once: asking sends nothing.
                Ok(_) if self.plan.asks(number) => continue,
                Ok(did) => StepState::Done { note: did.note, request_id: did.request_id },
                Err(problem) if problem.code == Code::Cancelled => StepState::NotDone {
                    reason: problem.exists.unwrap_or_else(|| "Cancelled before it was done.".to_owned()),
                },
                Err(problem) => StepState::Failed { problem: Box::new(problem) },
            };
            self.set(number, state);
            self.give_up_after(number);
        }
        drop(going);
        self.end().await
    }

    /// Steps not begun whose needs are all met.
    fn ready(&self) -> Vec<u32> {
        let view = self.lock_view();
        let met = |needs: &[u32]| {
            view.steps
                .iter()
                .filter(|step| needs.contains(&step.number))
                .all(|step| matches!(step.state, StepState::Done { .. } | StepState::AlreadySo))
        };
        let waiting =
            |number: u32| view.steps.iter().any(|step| step.number == number && step.state == StepState::Waiting);
        self.plan
            .view
            .steps
            .iter()
            .filter(|step| waiting(step.number) && met(&step.needs))
            .map(|step| step.number)
            .collect()
    }

    /// What needs a step that was not done is not begun.
    fn give_up_after(&self, number: u32) {
        if self.step_is(number, |state| matches!(state, StepState::Done { .. })) {
            return;
        }
        let dependents: Vec<u32> =
            self.plan.view.steps.iter().filter(|step| step.needs.contains(&number)).map(|step| step.number).collect();
        for dependent in dependents {
            if self.step_is(dependent, |state| *state == StepState::Waiting) {
                self.set(
                    dependent,
                    StepState::NotDone { reason: format!("It needs step {number}, which was not done.") },
                );
                self.give_up_after(dependent);
            }
        }
    }

    fn step_is(&self, number: u32, wanted: impl Fn(&StepState) -> bool) -> bool {
        self.lock_view().steps.iter().any(|step| step.number == number && wanted(&step.state))
    }

    async fn step(&self, number: u32) -> (u32, Result<Did, Problem>) {
        let kind = self.plan.view.steps.iter().find(|step| step.number == number).map(|step| step.kind);
        // Boxed: the steps' futures are large, and few.
        let result = match kind {
            Some(StepKind::ProveKeychain) => Box::pin(self.prove_keychain(number)).await,
            Some(StepKind::RegisterApp) => Box::pin(self.register_app(number)).await,
            Some(StepKind::RequestPermissions) => Box::pin(self.request_permissions(number)).await,
            Some(StepKind::CreateServicePrincipal) => Box::pin(self.create_service_principal(number)).await,
            // On disk before the operator can hand it over.
            Some(StepKind::Grant) if self.plan.asks(number) => {
                self.journal.save(&self.view()).await.map(|()| Did::default())
            }
            Some(StepKind::Grant) if self.plan.object(number).is_some() => Box::pin(self.grant_again(number)).await,
            Some(StepKind::Grant) => Box::pin(self.grant(number)).await,
            Some(StepKind::CreateSecret) => Box::pin(self.create_secret(number)).await,
            Some(StepKind::RevokeGrant) => Box::pin(self.revoke_grant(number)).await,
            Some(StepKind::RemoveSecret) => Box::pin(self.remove_secret(number)).await,
            Some(StepKind::WithdrawPermissions) => Box::pin(self.withdraw_permissions(number)).await,
            Some(StepKind::DeleteServicePrincipal) => Box::pin(self.delete_service_principal(number)).await,
            Some(StepKind::DeleteApp) => Box::pin(self.delete_app(number)).await,
            Some(StepKind::EnableSignIn) => Box::pin(self.enable_sign_in(number)).await,
            Some(StepKind::BlockSignIn) => Box::pin(self.block_sign_in(number)).await,
            Some(StepKind::ProveSecret) => Box::pin(self.prove_secret(number)).await,
            None => Err(Problem::new(Code::Internal, format!("The plan has no step {number}."))),
        };
        (number, result)
    }

    /// Leaves the grants to another administrator: the run keeps the request for all of them. Nothing is sent.
    fn ask_consent(&self, number: u32) -> StepState {
        let known = self.known();
        let set_up = match self.set_up() {
            Ok(set_up) => set_up,
            Err(problem) => return StepState::Failed { problem: Box::new(problem) },
        };
        let (name, client_id, managed_identity) = match &set_up.observed.principal {
            ObservedPrincipal::App(app) => (app.name(), known.application.map(|(_, client_id)| client_id), false),
            ObservedPrincipal::Identity(identity) => (identity.display_name.as_str(), Some(identity.app_id), true),
            ObservedPrincipal::Asked(_) => ("", None, false),
        };
        let (Some(client_id), Some(object_id)) = (client_id, known.service_principal) else {
            let problem = Problem::new(Code::Internal, format!("Step {number} does not know for whom to ask."));
            return StepState::Failed { problem: Box::new(problem) };
        };
        let asked = set_up.grants.iter().filter(|(step, _)| self.plan.asks(*step));
        let permissions: Vec<DesiredPermission> = asked.map(|(_, permission)| permission.clone()).collect();
        let mut view = self.lock_view();
        let asking = Asking {
            run_id: view.id.clone(),
            at: self.parts.clock.now(),
            name,
            client_id: client_id.to_string(),
            object_id: object_id.to_string(),
            managed_identity,
        };
        view.consent.get_or_insert_with(|| ask::state(&self.parts, asking, &permissions));
        StepState::ConsentAsked
    }

    async fn end(self) -> RunView {
        let now = self.parts.clock.now();
        let known = self.known();
        let mut view = self.view();
        for step in &mut view.steps {
            if step.state == StepState::Waiting {
                step.state = StepState::NotDone { reason: "The run was cancelled before it.".to_owned() };
            }
        }
        match &self.plan.work {
            Work::SetUp(set_up) => {
                outcome::conclude(&mut view, &self.plan, set_up, &known, &self.parts);
                fix::told::of_set_up(&mut view, &self.plan, set_up, &known);
            }
            Work::Fix(fixing) => fix::told::conclude(&mut view, fixing),
            Work::Undo(undoing) if undoing.gives_back => undo::again::conclude(&mut view, undoing),
            Work::Undo(undoing) => undo::conclude(&mut view, undoing),
        }
        view.ended = Some(now.to_string());
        if let Err(problem) = self.journal.save(&view).await {
            // What happened in the tenant stands; only its record is missing.
            tracing::warn!(run = view.id, "{}", problem.message);
            view.summary.push_str(" The record of this run could not be written to disk.");
        }
        let RunView { ways, debts, .. } = self.journal.view().await;
        (view.ways, view.debts) = (ways, debts);
        (self.listener)(RunEvent::Ended { run: Box::new(view.clone()) });
        view
    }

    fn lock_view(&self) -> MutexGuard<'_, RunView> {
        lock(&self.view)
    }

    /// The run as it stands.
    pub(crate) fn view(&self) -> RunView {
        self.lock_view().clone()
    }

    /// What earlier steps have learnt.
    pub(crate) fn known(&self) -> Known {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Learns something for later steps.
    pub(crate) fn learn(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Changes a step's state and tells the listener.
    pub(crate) fn set(&self, number: u32, state: StepState) {
        set(&self.view, &self.listener, number, state);
    }

    /// Lists an object that this run made, on screen and in the journal; `certain` when Entra said so.
    pub(crate) async fn made(&self, step: u32, object: Made, certain: bool) {
        self.lock_view().made.extend(object.objects(step));
        if let Err(problem) = self.note(step, Fact::Made { object, certain }).await {
            // It exists; only its record is missing, and the next save brings what is shown.
            tracing::warn!(step, "{}", problem.message);
        }
    }

    /// Strikes an object off the list, because it was removed again.
    pub(crate) async fn unmade(&self, step: u32, id: &str) {
        self.lock_view().made.retain(|made| made.id != id);
        if let Err(problem) = self.note(step, Fact::Removed { id: id.to_owned() }).await {
            tracing::warn!(step, "{}", problem.message);
        }
    }

    /// Something that the run made is gone: said on screen and in the journal. `until` says how long Entra lets it be
    /// restored.
    pub(crate) async fn removed(&self, step: u32, made: &Made, until: Option<Timestamp>) {
        let now = self.parts.clock.now().to_string();
        let ids: Vec<String> = made.objects(step).into_iter().map(|object| object.id).collect();
        for object in self.lock_view().made.iter_mut().filter(|object| ids.contains(&object.id)) {
            object.removed.get_or_insert_with(|| now.clone());
            object.restorable_until = until.map(|until| until.to_string());
        }
        if let Err(problem) = self.note(step, Fact::Removed { id: made.key() }).await {
            tracing::warn!(step, "{}", problem.message);
        }
    }

    /// The run's short mark, part of the descriptions of its secrets.
    pub(crate) fn short_id(&self) -> String {
        self.lock_view().id.chars().take(8).collect()
    }

    /// Writes `fact` ahead of what it tells.
    ///
    /// # Errors
    /// `localFile`: then nothing may be sent.
    pub(crate) async fn note(&self, step: u32, fact: Fact) -> Result<(), Problem> {
        let view = self.view();
        self.journal.note(&view, self.parts.clock.now(), step, fact).await
    }

    /// A call of this step: cancellable, and its waits are seen.
    pub(crate) fn call(&self, number: u32) -> Call {
        // The wait of the call before is over.
        if self.step_is(number, |state| matches!(state, StepState::Throttled { .. })) {
            self.set(number, StepState::Working);
        }
        let (view, listener) = (Arc::clone(&self.view), Arc::clone(&self.listener));
        Call {
            cancel: self.cancel.clone(),
            on_wait: Arc::new(move |wait| {
                if matches!(wait.reason, WaitReason::Throttled | WaitReason::ServiceBusy | WaitReason::Paced) {
                    set(&view, &listener, number, StepState::Throttled { seconds: wait.seconds });
                }
            }),
            ..Call::default()
        }
    }

    /// A call that goes on after the operator cancelled, to learn what exists or to clean up; short.
    pub(crate) fn last_call() -> Call {
        Call { deadline: std::time::Duration::from_secs(30), ..Call::default() }
    }
}

fn lock(view: &Mutex<RunView>) -> MutexGuard<'_, RunView> {
    view.lock().unwrap_or_else(PoisonError::into_inner)
}

fn set(view: &Mutex<RunView>, listener: &Listener, number: u32, state: StepState) {
    let run_id = {
        let mut view = lock(view);
        if let Some(step) = view.steps.iter_mut().find(|step| step.number == number) {
            step.state = state.clone();
        }
        view.id.clone()
    };
    listener(RunEvent::Step { run_id, number, state });
}

fn known_before(parts: &JobParts, set_up: &SetUp) -> Known {
    match &set_up.observed.principal {
        ObservedPrincipal::Identity(principal) => Known { service_principal: Some(principal.id), ..Known::default() },
        ObservedPrincipal::Asked(asked) => Known { service_principal: Some(asked.principal.id), ..Known::default() },
        ObservedPrincipal::App(app) => Known {
            application: app.application.as_ref().map(|found| (found.id, found.app_id)),
            service_principal: app.service_principal.as_ref().map(|found| found.id),
            secret: secrets::kept_secret(parts, app),
            shown: secrets::shown_secret(app),
            ..Known::default()
        },
    }
}

fn first_view(parts: &JobParts, plan: &Plan) -> RunView {
    RunView {
        id: plan.view.run_id.clone().unwrap_or_else(|| Uuid::new_v4().to_string()),
        started: parts.clock.now().to_string(),
        ended: None,
        state: RunState::Running,
        tenant_name: parts.tenant.name.clone(),
        tenant_id: parts.tenant.id.to_string(),
        cloud: parts.tenant.cloud_name.clone(),
        operator: parts.operator.name().to_owned(),
        subject: plan.view.subject.clone(),
        steps: plan
            .view
            .steps
            .iter()
            .map(|step| RunStep {
                number: step.number,
                kind: step.kind,
                title: step.title.clone(),
                term: step.term.clone(),
                state: if step.effect == StepEffect::AlreadySo { StepState::AlreadySo } else { StepState::Waiting },
            })
            .collect(),
        made: Vec::new(),
        hand_over: None,
        consent: None,
        finishes: plan.finishes(),
        doing: plan.view.doing,
        earlier: Vec::new(),
        left: None,
        ways: Ways::default(),
        debts: Vec::new(),
        summary: match plan.view.doing {
            Doing::Undo if matches!(&plan.work, Work::Undo(undoing) if undoing.gives_back) => {
                "What the run took away is being granted again.".to_owned()
            }
            Doing::Fix | Doing::Continue if plan.fix().is_some() => format!("Changing {}.", plan.view.subject),
            Doing::SetUp | Doing::Continue => format!("{} is being set up.", words::sentence_case(&plan.view.subject)),
            Doing::Undo => "What the run made is being taken back.".to_owned(),
            Doing::Fix => format!("Changing {}.", plan.view.subject),
        },
    }
}
