//! What each step does, but for the secret. The order is always: journal, request, journal; after an unclear answer look
//! and decide, never send blind again (promise P36).

use inbound_entra::graph::{Call, GraphError, Refusal, request};
use inbound_entra::ids::{AppId, AppRoleId, ObjectId};
use inbound_entra::model::{AppRoleAssignment, Application, ServicePrincipal};

use crate::desired::checked::AppTarget;
use crate::observe::observed::{ObservedApp, ObservedPrincipal};
use crate::patience::{Ended, GOOD_READS, LIMIT, Patience};
use crate::plan::StepKind;
use crate::plan::planning;
use crate::plan::preview;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::StepState;
use crate::run::execute::{Did, Run};
use crate::run::fact::{Aim, Fact, Made};
use crate::run::others::Thing;

impl Run {
    pub(crate) fn app(&self) -> Result<&ObservedApp, Problem> {
        match &self.set_up()?.observed.principal {
            ObservedPrincipal::App(app) => Ok(app),
            ObservedPrincipal::Identity(_) | ObservedPrincipal::Asked(_) => {
                Err(Problem::new(Code::Internal, "The plan changes no registration."))
            }
        }
    }

    pub(crate) fn application_ids(&self) -> Result<(ObjectId, AppId), Problem> {
        self.known().application.ok_or_else(|| Problem::new(Code::Internal, "The app registration is not known yet."))
    }

    pub(crate) fn patience(&self) -> Patience<'_> {
        Patience::new(self.parts.clock.as_ref(), self.cancel.clone(), LIMIT)
    }

    /// Waits before another try, seen by the operator.
    pub(crate) async fn catch_up(
        &self,
        number: u32,
        patience: &mut Patience<'_>,
        error: Option<&GraphError>,
        act: &str,
    ) -> Result<(), Problem> {
        let waited =
            patience.wait(|attempt, seconds| self.set(number, StepState::CatchingUp { attempt, seconds })).await;
        match waited {
            Ok(()) => {
                self.set(number, StepState::Working);
                Ok(())
            }
            Err(Ended::Cancelled) => {
                Err(cancelled("Cancelled while waiting for Entra; nothing was changed by this step."))
            }
            Err(Ended::Deadline) => Err(match error {
                Some(error) if unclear(error) || forbidden(error) => trouble::graph(error, act),
                Some(error) if conflict(error) => trouble::conflict(error, act),
                _ => trouble::still_replicating(error, act),
            }),
        }
    }

    pub(crate) async fn intend(
        &self,
        number: u32,
        request: &request::Request,
        aim: Option<Aim>,
    ) -> Result<(), Problem> {
        self.note(number, Fact::Intended { request: preview::line(request), aim })
            .await
            .map_err(|problem| problem.exists("Nothing was sent to the tenant by this step."))
    }

    /// The outcome is known; that it cannot be recorded does not undo it.
    pub(crate) async fn settled(&self, number: u32, outcome: String) {
        if let Err(problem) = self.note(number, Fact::Settled { outcome }).await {
            tracing::warn!(step = number, "{}", problem.message);
        }
    }

    /// Nothing mutating is sent any more once the operator has cancelled.
    pub(crate) fn not_cancelled(&self) -> Result<(), Problem> {
        if self.cancel.is_cancelled() {
            return Err(cancelled("Cancelled before anything was sent by this step."));
        }
        Ok(())
    }

    pub(crate) async fn prove_keychain(&self, number: u32) -> Result<Did, Problem> {
        let secrets = &self.parts.secrets;
        let proven = match secrets.prove().await {
            // Most often it waits for an answer to a prompt that lies behind another window.
            Err(error) if trouble::keychain_unknown(&error) => {
                self.set(number, StepState::KeychainAsks);
                let proven = self.cancel.run_until_cancelled(secrets.prove_when_asked()).await;
                proven.ok_or_else(|| cancelled("Cancelled; nothing was created in the tenant."))?
            }
            other => other,
        };
        proven.map_err(|error| {
            self.or_shown(trouble::keychain(&error))
                .exists("Nothing was created in the tenant: the secret would have no place to lie.")
        })?;
        Ok(Did { note: Some(format!("the {} works", self.parts.secrets.place())), request_id: None })
    }

    pub(crate) async fn register_app(&self, number: u32) -> Result<Did, Problem> {
        let app = self.app()?;
        let act = format!("register the app \"{}\"", app.wanted.name);
        let registration = match self.registered_meanwhile(number, app, &act).await? {
            Some(application) => {
                let request_id = self.extend_requests(number, application.id, "request the permissions").await?;
                // It may be what an earlier attempt of this run asked for.
                let whose = if self.is_in_doubt(StepKind::RegisterApp, None) { Whose::Doubtful } else { Whose::Found };
                Registration { application, request_id, whose }
            }
            None => self.upsert(number, app, &act).await?,
        };
        let Registration { application, request_id, whose } = registration;
        is_the_one(&application, app).map_err(|problem| problem.exists("What was registered is not known."))?;
        self.learn(|known| {
            known.application = Some((application.id, application.app_id));
            known.registered_now = whose == Whose::Made;
            known.app_is_new = whose != Whose::Found;
        });
        // After a lost answer it is this run's all the same, unless another run lists it.
        let ours = match whose {
            Whose::Made => true,
            Whose::Doubtful => !self.parts.runs.lists(&application.id.to_string()),
            Whose::Found => false,
        };
        let found = if ours {
            let made = Made::Application {
                application: application.id,
                client: application.app_id,
                unique_name: app.unique_name.clone(),
                name: app.wanted.name.clone(),
            };
            self.made(number, made, whose == Whose::Made).await;
            ""
        } else {
            ", was there already"
        };
        self.settled(number, format!("object id {}, client id {}{found}", application.id, application.app_id)).await;
        Ok(Did { note: Some(format!("client id {}{found}", application.app_id)), request_id })
    }

    /// The registration, if someone has made it since the plan: an upsert would replace what it requests
    /// (docs/decisions/0008).
    async fn registered_meanwhile(
        &self,
        number: u32,
        app: &ObservedApp,
        act: &str,
    ) -> Result<Option<Application>, Problem> {
        self.not_cancelled()?;
        let call = self.call(number);
        let found = self.parts.directory.application_by_unique_name(&call, &app.unique_name).await;
        let found = found.map_err(|error| trouble::graph(&error, act))?;
        if let Some(found) = &found {
            is_the_one(found, app).map_err(|problem| problem.exists("Nothing was changed by this step."))?;
        }
        let in_doubt = self.is_in_doubt(StepKind::RegisterApp, None);
        if found.is_some() && app.wanted.target == AppTarget::Another && !in_doubt {
            return Err(taken_meanwhile(app).exists("It was left as it is, and nothing was made."));
        }
        Ok(found)
    }

    async fn upsert(&self, number: u32, app: &ObservedApp, act: &str) -> Result<Registration, Problem> {
        let new = planning::new_application(app, &self.set_up()?.effective);
        let mut patience = self.patience();
        // An earlier request went unanswered, so what is found may be its work.
        let mut doubt = self.is_in_doubt(StepKind::RegisterApp, None);
        loop {
            self.not_cancelled()?;
            let aim = Aim::Register { unique_name: app.unique_name.clone() };
            self.intend(number, &request::upsert_application(&app.unique_name, &new), Some(aim)).await?;
            let call = self.call(number);
            match self.parts.directory.upsert_application(&call, &app.unique_name, &new).await {
                Ok(answer) => {
                    doubt |= answer.after_doubt;
                    if let Some(application) = answer.value {
                        return Ok(Registration { application, request_id: answer.request_id, whose: Whose::Made });
                    }
                    // 204: the registration is there already, as after an answer that was lost; it carries no body.
                    if !doubt && app.wanted.target == AppTarget::Another {
                        return Err(taken_meanwhile(app)
                            .exists("It requests these permissions now; nothing was granted and no secret was made."));
                    }
                    let application = self.registered(number, &mut patience, act).await?;
                    let whose = if doubt { Whose::Doubtful } else { Whose::Found };
                    return Ok(Registration { application, request_id: answer.request_id, whose });
                }
                Err(error) if unclear(&error) => {
                    doubt = true;
                    if let Some(application) = self.look_for_registration(&app.unique_name).await {
                        return Ok(Registration { application, request_id: None, whose: Whose::Doubtful });
                    }
                    if self.cancel.is_cancelled() {
                        return Err(trouble::graph(&error, act).exists(
                            "An app registration of this name may exist now. It holds no permission and no secret.",
                        ));
                    }
                    // Not there: the same alternate key cannot make a second one.
                    self.catch_up(number, &mut patience, Some(&error), act).await?;
                }
                Err(error) if replicating(&error) || conflict(&error) => {
                    // Someone may be registering it at this very moment: to upsert once more would replace what theirs
                    // requests.
                    if let Some(application) = self.registered_meanwhile(number, app, act).await? {
                        let request_id =
                            self.extend_requests(number, application.id, "request the permissions").await?;
                        let whose = if doubt { Whose::Doubtful } else { Whose::Found };
                        return Ok(Registration { application, request_id, whose });
                    }
                    self.catch_up(number, &mut patience, Some(&error), act).await?;
                }
                Err(error) if self.may_await_role(number, &error) => {
                    self.await_role(number, &mut patience, &error, act).await?;
                }
                Err(error) => return Err(trouble::graph(&error, act)),
            }
        }
    }

    async fn registered(&self, number: u32, patience: &mut Patience<'_>, act: &str) -> Result<Application, Problem> {
        let unique_name = &self.app()?.unique_name;
        loop {
            let call = self.call(number);
            match self.parts.directory.application_by_unique_name(&call, unique_name).await {
                Ok(Some(application)) => return Ok(application),
                Ok(None) => self.catch_up(number, patience, None, act).await?,
                Err(GraphError::Cancelled) => {
                    return match self.look_for_registration(unique_name).await {
                        Some(application) => Ok(application),
                        None => {
                            Err(cancelled("Cancelled; the app registration exists, but its ids could not be read."))
                        }
                    };
                }
                Err(error) => {
                    return Err(
                        trouble::graph(&error, act).exists("The app registration exists; its ids were not read.")
                    );
                }
            }
        }
    }

    /// A last look, also after the operator cancelled.
    async fn look_for_registration(&self, unique_name: &str) -> Option<Application> {
        let directory = &self.parts.directory;
        self.look(|call| async move { directory.application_by_unique_name(&call, unique_name).await }).await
    }

    /// Reads until something is found or several reads agree that it is not there.
    pub(crate) async fn look<T, F, R>(&self, read: F) -> Option<T>
    where
        F: Fn(Call) -> R,
        R: Future<Output = Result<Option<T>, GraphError>>,
    {
        let mut patience = Patience::new(self.parts.clock.as_ref(), tokio_util::sync::CancellationToken::new(), LIMIT);
        let mut absent = 0;
        loop {
            match read(Run::last_call()).await {
                Ok(Some(found)) => return Some(found),
                Ok(None) => absent += 1,
                Err(error) => {
                    tracing::info!(%error, "a look after an unclear answer failed");
                    absent += 1;
                }
            }
            if absent >= GOOD_READS || patience.wait(|_, _| {}).await.is_err() {
                return None;
            }
        }
    }

    pub(crate) async fn request_permissions(&self, number: u32) -> Result<Did, Problem> {
        let (id, _) = self.application_ids()?;
        let request_id = self.extend_requests(number, id, "request the permissions").await?;
        Ok(Did { note: Some("requested".to_owned()), request_id })
    }

    /// Adds what is missing to what the registration requests; gives the id of the request that did it.
    async fn extend_requests(&self, number: u32, id: ObjectId, act: &str) -> Result<Option<String>, Problem> {
        let mut patience = self.patience();
        // What a request was to add whose answer was lost, and how: no later failure may claim that nothing was changed.
        let mut asked = Vec::new();
        let mut lost: Option<GraphError> = None;
        loop {
            self.not_cancelled().map_err(|problem| or_requested(problem, lost.as_ref()))?;
            let call = self.call(number);
            let application = self.parts.directory.application(&call, id).await.map_err(|error| match &lost {
                Some(lost) => trouble::graph(lost, act),
                None => trouble::graph(&error, "read the app registration"),
            })?;
            let Some(application) = application else {
                let waited = self.await_replicas(number, &mut patience, Thing::App(id), None, act).await;
                waited.map_err(|problem| or_requested(problem, lost.as_ref()))?;
                continue;
            };
            // Read just now, so that what others added since the plan is kept.
            let (merged, missing) =
                planning::merged_requests(&application.required_resource_access, &self.set_up()?.effective);
            if missing.is_empty() {
                if !asked.is_empty() {
                    self.made(number, Made::Requested { application: id, roles: asked }, false).await;
                    self.settled(number, "requested".to_owned()).await;
                }
                return Ok(None);
            }
            let roles = planning::added_roles(&application.required_resource_access, &self.set_up()?.effective);
            let aim = Aim::Request { application: id, roles: roles.clone() };
            self.intend(number, &request::patch_requested(id, &merged), Some(aim)).await?;
            match self.parts.directory.patch_requested(&call, id, &merged).await {
                Ok(answer) => {
                    self.made(number, Made::Requested { application: id, roles }, true).await;
                    self.settled(number, "requested".to_owned()).await;
                    return Ok(answer.request_id);
                }
                Err(error) if unclear(&error) || conflict(&error) => {
                    if unclear(&error) {
                        asked = roles;
                        lost = Some(error.clone());
                    }
                    let waited = self.catch_up(number, &mut patience, Some(&error), act).await;
                    waited.map_err(|problem| or_requested(problem, lost.as_ref()))?;
                }
                Err(error) if replicating(&error) => {
                    self.await_replicas(number, &mut patience, Thing::App(id), Some(&error), act).await?;
                }
                Err(error) if self.may_await_role(number, &error) => {
                    self.await_role(number, &mut patience, &error, act).await?;
                }
                Err(error) => return Err(trouble::graph(&error, act)),
            }
        }
    }

    pub(crate) async fn create_service_principal(&self, number: u32) -> Result<Did, Problem> {
        let (application, app_id) = self.application_ids()?;
        let act = "make the service principal";
        let mut patience = self.patience();
        let mut asked_before = self.is_in_doubt(StepKind::CreateServicePrincipal, None);
        let (principal, request_id, whose) = loop {
            self.not_cancelled()?;
            self.intend(
                number,
                &request::create_service_principal(app_id),
                Some(Aim::ServicePrincipal { client: app_id }),
            )
            .await?;
            match self.parts.directory.create_service_principal(&self.call(number), app_id).await {
                Ok(answer) if answer.value.app_id == app_id => {
                    break (answer.value, answer.request_id, Whose::Made);
                }
                Ok(_) => match self.look_for_principal(app_id).await {
                    Some(principal) => break (principal, None, Whose::Doubtful),
                    None => {
                        return Err(Problem::new(
                            Code::UnreadableAnswer,
                            "Entra answered with another service principal than was asked for.",
                        )
                        .exists("What was made is not known.")
                        .advice("Plan again: the tenant is read afresh."));
                    }
                },
                Err(error) if unclear(&error) || conflict(&error) => {
                    asked_before |= unclear(&error);
                    if let Some(principal) = self.look_for_principal(app_id).await {
                        break (principal, None, if asked_before { Whose::Doubtful } else { Whose::Found });
                    }
                    if self.cancel.is_cancelled() {
                        return Err(
                            trouble::graph(&error, act).exists("A service principal of this app may exist now.")
                        );
                    }
                    // It is not there: a second request cannot make a second one, since Entra allows one per app.
                    let waited = self.catch_up(number, &mut patience, Some(&error), act).await;
                    waited.map_err(|problem| match problem.code {
                        Code::Refused if conflict(&error) => problem.advice(
                            "Wait a few minutes and plan again. If it stays so, the app's service principal was \
                             deleted less than 30 days ago: restore it in Entra, then plan again.",
                        ),
                        _ => problem,
                    })?;
                }
                Err(error) if replicating(&error) => {
                    self.await_replicas(number, &mut patience, Thing::App(application), Some(&error), act).await?;
                }
                Err(error) if self.may_await_role(number, &error) => {
                    self.await_role(number, &mut patience, &error, act).await?;
                }
                Err(error) => {
                    // In words that we do not know it may say that there is one already.
                    let found = match bad_request(&error) {
                        true => self.parts.directory.service_principal_by_app_id(&self.call(number), app_id).await,
                        false => Ok(None),
                    };
                    match found {
                        Ok(Some(principal)) if asked_before => break (principal, None, Whose::Doubtful),
                        Ok(Some(principal)) => break (principal, None, Whose::Found),
                        Ok(None) | Err(_) => return Err(trouble::graph(&error, act)),
                    }
                }
            }
        };
        self.learn(|known| {
            known.service_principal = Some(principal.id);
            known.principal_made_now = true;
        });
        let found = if whose == Whose::Found {
            ", was there already"
        } else {
            let name = self.app()?.name().to_owned();
            let made = Made::ServicePrincipal { principal: principal.id, client: app_id, name };
            self.made(number, made, whose == Whose::Made).await;
            ""
        };
        self.settled(number, format!("object id {}{found}", principal.id)).await;
        Ok(Did { note: Some(format!("object id {}{found}", principal.id)), request_id })
    }

    async fn look_for_principal(&self, app_id: AppId) -> Option<ServicePrincipal> {
        let directory = &self.parts.directory;
        self.look(|call| async move { directory.service_principal_by_app_id(&call, app_id).await }).await
    }

    pub(crate) async fn grant(&self, number: u32) -> Result<Did, Problem> {
        let set_up = self.set_up()?;
        let permission = set_up
            .grants
            .iter()
            .find_map(|(step, permission)| (*step == number).then_some(permission))
            .ok_or_else(|| Problem::new(Code::Internal, format!("Step {number} grants nothing.")))?;
        let principal = self
            .known()
            .service_principal
            .ok_or_else(|| Problem::new(Code::Internal, "The service principal is not known yet."))?;
        let right = Right {
            principal,
            resource: set_up.observed.graph.id,
            role: permission.role,
            value: permission.info.value.clone(),
        };
        let granted = self.grant_right(number, &right).await?;
        let Some((grant, whose)) = granted.grant else {
            return Ok(Did { note: Some("was granted already".to_owned()), request_id: None });
        };
        if whose != Whose::Found {
            let Right { principal, resource, role, value } = right;
            let made = Made::Grant { id: grant.id.clone(), principal, resource, role, value };
            self.made(number, made, whose == Whose::Made).await;
        }
        self.settled(number, format!("grant id {}", grant.id)).await;
        let note = (whose == Whose::Found).then(|| "was granted already".to_owned());
        Ok(Did { note, request_id: granted.request_id })
    }

    /// Asks Entra for one grant until it is there.
    pub(super) async fn grant_right(&self, number: u32, right: &Right) -> Result<Granted, Problem> {
        let Right { principal, resource, role, value } = right;
        let (principal, resource, role) = (*principal, *resource, *role);
        let act = format!("grant {value}");
        let ours = |grant: &AppRoleAssignment| {
            grant.app_role_id == role && grant.principal_id == principal && grant.resource_id == resource
        };
        let directory = &self.parts.directory;
        let look = || {
            self.look(|call| async move {
                directory.grants_of(&call, principal).await.map(|grants| grants.into_iter().find(ours))
            })
        };
        let mut patience = self.patience();
        let mut asked_before = self.is_in_doubt(StepKind::Grant, Some(value));
        let (grant, request_id, whose) = loop {
            self.not_cancelled()?;
            let aim = Aim::Grant { principal, resource, role, value: value.clone() };
            self.intend(number, &request::grant(resource, principal, role), Some(aim)).await?;
            match directory.grant(&self.call(number), resource, principal, role).await {
                Ok(answer) if ours(&answer.value) => break (answer.value, answer.request_id, Whose::Made),
                Ok(_) => match look().await {
                    Some(grant) => break (grant, None, Whose::Doubtful),
                    None => {
                        return Err(Problem::new(
                            Code::UnreadableAnswer,
                            "Entra answered with another grant than was asked for.",
                        )
                        .exists("What was granted is not known.")
                        .advice("Plan again: the tenant is read afresh."));
                    }
                },
                Err(error) if duplicate(&error) || conflict(&error) => match look().await {
                    Some(grant) => break (grant, None, if asked_before { Whose::Doubtful } else { Whose::Found }),
                    None if conflict(&error) => self.catch_up(number, &mut patience, Some(&error), &act).await?,
                    // Entra says that it is there; the list will follow.
                    None => return Ok(Granted { grant: None, request_id: None }),
                },
                Err(error) if unclear(&error) => {
                    asked_before = true;
                    if let Some(grant) = look().await {
                        break (grant, None, Whose::Doubtful);
                    }
                    if self.cancel.is_cancelled() {
                        return Err(trouble::graph(&error, &act).exists(format!("{value} may be granted now.")));
                    }
                    // Not there: Entra refuses a second grant of the same role, so asking again cannot double it.
                    self.catch_up(number, &mut patience, Some(&error), &act).await?;
                }
                Err(error) if replicating(&error) => {
                    self.await_replicas(number, &mut patience, Thing::Principal(principal), Some(&error), &act).await?;
                }
                Err(error) if self.may_await_role(number, &error) => {
                    self.await_role(number, &mut patience, &error, &act).await?;
                }
                Err(error) => {
                    // In words that we do not know it may say that it is granted already.
                    if bad_request(&error)
                        && let Ok(grants) = directory.grants_of(&self.call(number), principal).await
                        && let Some(grant) = grants.into_iter().find(ours)
                    {
                        break (grant, None, if asked_before { Whose::Doubtful } else { Whose::Found });
                    }
                    let problem = trouble::graph(&error, &act);
                    return Err(if forbidden(&error) && self.role_allows(number) {
                        trouble::refused_in_spite_of_role(&error, &act).exists(format!("{value} is not granted."))
                    } else if problem.code == Code::Forbidden {
                        problem.exists(format!("{value} is not granted.")).advice(self.who_else_grants())
                    } else {
                        problem
                    });
                }
            }
        };
        Ok(Granted { grant: Some((grant, whose)), request_id })
    }
}

/// An app role that a principal is to hold.
#[derive(Debug, Clone)]
pub(super) struct Right {
    pub(super) principal: ObjectId,
    pub(super) resource: ObjectId,
    pub(super) role: AppRoleId,
    /// The permission's.
    pub(super) value: String,
}

/// What became of asking for a grant.
pub(super) struct Granted {
    /// None where Entra says that it is there and does not show it yet.
    pub(super) grant: Option<(AppRoleAssignment, Whose)>,
    pub(super) request_id: Option<String>,
}

/// The registration, and how it came to be.
struct Registration {
    application: Application,
    request_id: Option<String>,
    whose: Whose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Entra answered that it was made.
    Made,
    /// Found after an answer of this run was lost.
    Doubtful,
    /// It was there before this run asked.
    Found,
}

/// After an answer that was lost a cancellation may not claim that nothing was changed.
fn or_requested(problem: Problem, lost: Option<&GraphError>) -> Problem {
    if lost.is_none() || problem.code != Code::Cancelled {
        return problem;
    }
    cancelled("Cancelled; the app registration may request the permissions now. That grants nothing by itself.")
}

/// An answer about another app than the one asked for must not be built upon.
fn is_the_one(application: &Application, app: &ObservedApp) -> Result<(), Problem> {
    if application.unique_name.as_deref().is_none_or(|name| name == app.unique_name) {
        return Ok(());
    }
    Err(Problem::new(Code::UnreadableAnswer, "Entra answered with another app than was asked for.")
        .advice("Plan again: the tenant is read afresh."))
}

/// A further app was wanted, but its place is taken.
fn taken_meanwhile(app: &ObservedApp) -> Problem {
    Problem::new(
        Code::Stale,
        format!("Another app called \"{}\" was registered since this plan was made.", app.wanted.name),
    )
    .advice("Plan again: the tenant is read afresh, and yours is made beside it.")
}

/// The operator cancelled; `exists` becomes the step's reason.
pub(crate) fn cancelled(exists: &str) -> Problem {
    Problem::new(Code::Cancelled, "Cancelled.").exists(exists)
}

pub(crate) fn unclear(error: &GraphError) -> bool {
    matches!(error, GraphError::Unclear { .. })
}

pub(crate) fn replicating(error: &GraphError) -> bool {
    error.refusal().is_some_and(Refusal::is_replicating)
}

pub(crate) fn conflict(error: &GraphError) -> bool {
    error.refusal().is_some_and(Refusal::is_conflict)
}

pub(crate) fn forbidden(error: &GraphError) -> bool {
    error.refusal().is_some_and(Refusal::is_forbidden)
}

fn bad_request(error: &GraphError) -> bool {
    error.refusal().is_some_and(Refusal::is_bad_request)
}

fn duplicate(error: &GraphError) -> bool {
    error.refusal().is_some_and(Refusal::is_duplicate_grant)
}
