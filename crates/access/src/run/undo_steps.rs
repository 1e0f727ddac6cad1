//! What each step of undoing does. The order is as ever: journal, request, journal; after an unclear answer look and decide.
//! Each thing is read again right before it is taken away, and left alone if it is no longer what was planned for.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use inbound_entra::graph::{Call, GraphError, request};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::{AppRoleAssignment, DeletedObject, ServicePrincipal};
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::patience::{GOOD_READS, Patience};
use crate::plan::work::Work;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::StepState;
use crate::run::execute::{Did, Run};
use crate::run::fact::{Aim, Fact, Made};
use crate::run::steps::{cancelled, conflict, replicating, unclear};
use crate::secrets;
use crate::undo::owed::WAITS;
use crate::undo::picture::{self, Picture};
use crate::undo::{Undoing, keep, without};
use crate::words;

/// So long a deleted app or service principal can be restored (graph-facts 7).
const RESTORABLE: Duration = Duration::from_secs(30 * 86_400);

/// What one look at a thing has shown.
enum Seen<T> {
    There(T),
    /// Not on this replica.
    Absent,
}

/// What became of a request to take something away.
enum Sent {
    /// Entra did it.
    Done { request_id: Option<String> },
    /// Not known, or not yet: look again.
    Again(GraphError),
}

impl Run {
    fn undoing(&self) -> Result<&Undoing, Problem> {
        match &self.plan.work {
            Work::Undo(undoing) => Ok(undoing),
            Work::SetUp(_) | Work::Fix(_) => Err(Problem::new(Code::Internal, "This plan takes nothing back.")),
        }
    }

    fn taken_back(&self, number: u32) -> Result<&Made, Problem> {
        self.plan.object(number).ok_or_else(|| no_such_step(number))
    }

    pub(crate) async fn revoke_grant(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::Grant { id, principal, resource, role, value } = made else { return Err(no_such_step(number)) };
        let act = format!("take back {value}");
        let still = format!("{value} is still granted.");
        let directory = &self.parts.directory;
        let look = |call: Call| {
            async move {
                match directory.grants_of(&call, *principal).await {
                    Ok(grants) => {
                        Ok(grants.into_iter().find(|grant| grant.id == *id).map_or(Seen::Absent, Seen::There))
                    }
                    Err(error) if replicating(&error) => Ok(Seen::Absent),
                    Err(error) => Err(error),
                }
            }
            .boxed()
        };
        let is_it = |grant: &AppRoleAssignment| {
            (grant.principal_id, grant.resource_id, grant.app_role_id) == (*principal, *resource, *role)
        };
        let mut away = Away::new(self, number, &act, &still);
        loop {
            self.not_cancelled()?;
            if let Seen::There(grant) = away.look(&look).await? {
                if !is_it(&grant) {
                    return Err(stale(&format!("The grant of {value}"), "It is not of this permission any more."));
                }
                self.intend(number, &request::revoke(resource, id), self.aim_at(made)).await?;
                let sent = directory.revoke(&self.call(number), *resource, id).await;
                match self.sent(sent.map(|answer| answer.request_id), &act, &still, WHO_REVOKES)? {
                    Sent::Done { request_id } => {
                        return Ok(self.is_taken_back(number, made, None, request_id, None).await);
                    }
                    Sent::Again(error) => away.doubt(error, &look).await?,
                }
            }
            if away.is_sure() {
                return Ok(self.is_taken_back(number, made, None, None, away.note()).await);
            }
            away.wait().await?;
        }
    }

    pub(crate) async fn remove_secret(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::Secret { application, client, key, description, .. } = made else {
            return Err(no_such_step(number));
        };
        let act = format!("remove the client secret \"{description}\"");
        let still = "The secret is still in Entra and as it was.".to_owned();
        let directory = &self.parts.directory;
        let look = |call: Call| {
            async move {
                let found = directory.application(&call, *application).await?;
                let has = found.is_some_and(|it| it.password_credentials.iter().any(|one| one.key_id == *key));
                Ok(if has { Seen::There(()) } else { Seen::Absent })
            }
            .boxed()
        };
        let mut away = Away::new(self, number, &act, &still);
        let mut request_id = None;
        // A plan that found it gone asks for nothing.
        while self.sends(number) {
            self.not_cancelled()?;
            if let Seen::There(()) = away.look(&look).await? {
                self.intend(number, &request::remove_password(application, key), self.aim_at(made)).await?;
                let sent = directory.remove_password(&self.call(number), *application, *key).await;
                // A secret that is not there is refused in words alone: the next look tells.
                let refused = sent.as_ref().err().and_then(GraphError::refusal).is_some_and(|one| one.status == 400);
                match sent {
                    Err(error) if refused => away.doubt(error, &look).await?,
                    sent => match self.sent(sent.map(|answer| answer.request_id), &act, &still, WHO_CHANGES)? {
                        Sent::Done { request_id: id } => {
                            request_id = id;
                            break;
                        }
                        Sent::Again(error) => away.doubt(error, &look).await?,
                    },
                }
            }
            if away.is_sure() {
                break;
            }
            away.wait().await?;
        }
        let outcome = "removed from Entra".to_owned();
        let settled = Fact::SecretSettled { description: description.clone(), outcome };
        if let Err(problem) = self.note(number, settled).await {
            tracing::warn!(step = number, "{}", problem.message);
        }
        self.forget_here(number, &client.to_string(), &key.to_string()).await?;
        Ok(self.is_taken_back(number, made, None, request_id, away.note()).await)
    }

    fn sends(&self, number: u32) -> bool {
        self.plan.view.steps.iter().any(|step| step.number == number && !step.requests.is_empty())
    }

    /// Takes the value out of this computer's keychain, which may first ask the operator.
    async fn forget_here(&self, number: u32, client_id: &str, key_id: &str) -> Result<(), Problem> {
        let item = secrets::item(&self.parts, client_id, key_id);
        let store = &self.parts.secrets;
        let mut deleted = store.delete(&item).await;
        if deleted.as_ref().is_err_and(trouble::keychain_unknown) {
            self.set(number, StepState::KeychainAsks);
            let asked = self.cancel.run_until_cancelled(store.prove_when_asked()).await;
            let asked = asked.ok_or_else(|| {
                cancelled("Cancelled; the secret is gone from Entra, and its value may still lie in the keychain.")
            })?;
            deleted = match asked {
                Ok(()) => store.delete(&item).await,
                Err(error) => Err(error),
            };
            self.set(number, StepState::Working);
        }
        match deleted {
            Ok(()) | Err(KeychainError::NotFound) => Ok(()),
            Err(error) => Err(trouble::keychain(&error).exists(format!(
                "The secret is gone from Entra; its value, which opens nothing any more, still lies in the {}.",
                store.place()
            ))),
        }
    }

    pub(crate) async fn withdraw_permissions(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::Requested { application, roles } = made else { return Err(no_such_step(number)) };
        let act = "take the permissions out of what the app registration requests".to_owned();
        let still = "What it requests is as it was.".to_owned();
        let directory = &self.parts.directory;
        let look = |call: Call| {
            async move {
                let found = directory.application(&call, *application).await?;
                Ok(match found.map(|it| it.required_resource_access) {
                    Some(requested) if without(&requested, roles) != requested => Seen::There(requested),
                    _ => Seen::Absent,
                })
            }
            .boxed()
        };
        let mut away = Away::new(self, number, &act, &still);
        loop {
            self.not_cancelled()?;
            if let Seen::There(requested) = away.look(&look).await? {
                // Read just now, so that what others added since the plan is kept.
                let left = without(&requested, roles);
                self.intend(number, &request::patch_requested(application, &left), aim(&made.key())).await?;
                let sent = directory.patch_requested(&self.call(number), *application, &left).await;
                match self.sent(sent.map(|answer| answer.request_id), &act, &still, WHO_CHANGES)? {
                    Sent::Done { request_id } => {
                        return Ok(self.is_taken_back(number, made, None, request_id, None).await);
                    }
                    Sent::Again(error) => away.doubt(error, &look).await?,
                }
            }
            if away.is_sure() {
                return Ok(self.is_taken_back(number, made, None, None, away.note()).await);
            }
            away.wait().await?;
        }
    }

    pub(crate) async fn delete_service_principal(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::ServicePrincipal { principal, name, .. } = made else { return Err(no_such_step(number)) };
        let undoing = self.undoing()?;
        let act = format!("delete the service principal of \"{name}\"");
        let still = "The service principal is still there.".to_owned();
        let directory = &self.parts.directory;
        let look = |call: Call| {
            async move {
                Ok(match self.picture(&call).await? {
                    Some(seen) if seen.principal.as_ref().is_some_and(|it: &ServicePrincipal| it.id == *principal) => {
                        Seen::There(seen)
                    }
                    _ => Seen::Absent,
                })
            }
            .boxed()
        };
        let mut away = Away::new(self, number, &act, &still);
        loop {
            self.not_cancelled()?;
            if let Seen::There(seen) = away.look(&look).await? {
                let reasons = keep::principal(&seen, &undoing.ours);
                if !reasons.is_empty() {
                    return Err(stale(&format!("The service principal of \"{name}\""), &reasons.join(" ")));
                }
                self.intend(number, &request::delete_service_principal(principal), aim(&principal.to_string())).await?;
                let sent = directory.delete_service_principal(&self.call(number), *principal).await;
                match self.sent(sent.map(|answer| answer.request_id), &act, &still, WHO_CHANGES)? {
                    Sent::Done { request_id } => {
                        let until = restorable(self.parts.clock.now());
                        return Ok(self.is_taken_back(number, made, until, request_id, None).await);
                    }
                    Sent::Again(error) => away.doubt(error, &look).await?,
                }
            }
            let deleted = directory.deleted_object(&Self::last_call(), *principal).await;
            if let Some(at) = deleted_at(deleted, *principal) {
                return Ok(self.is_taken_back(number, made, restorable(at), None, away.note()).await);
            }
            if away.is_sure() {
                return Ok(self.is_taken_back(number, made, None, None, away.note()).await);
            }
            away.wait().await?;
        }
    }

    pub(crate) async fn delete_app(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::Application { application, name, .. } = made else { return Err(no_such_step(number)) };
        let undoing = self.undoing()?;
        let act = format!("delete the app registration \"{name}\"");
        let still = "The app registration is still there.".to_owned();
        let directory = &self.parts.directory;
        let look = |call: Call| {
            async move {
                Ok(match self.picture(&call).await? {
                    Some(seen) if seen.application.as_ref().is_some_and(|it| it.application.id == *application) => {
                        Seen::There(seen)
                    }
                    _ => Seen::Absent,
                })
            }
            .boxed()
        };
        let mut away = Away::new(self, number, &act, &still);
        loop {
            self.not_cancelled()?;
            if let Seen::There(seen) = away.look(&look).await? {
                let reasons = keep::application(&seen, &undoing.ours);
                if !reasons.is_empty() {
                    return Err(stale(&format!("The app registration \"{name}\""), &reasons.join(" ")));
                }
                self.intend(number, &request::delete_application(application), aim(&application.to_string())).await?;
                let sent = directory.delete_application(&self.call(number), *application).await;
                match self.sent(sent.map(|answer| answer.request_id), &act, &still, WHO_CHANGES)? {
                    Sent::Done { request_id } => {
                        return Ok(self
                            .app_gone(number, made, restorable(self.parts.clock.now()), request_id, None)
                            .await);
                    }
                    Sent::Again(error) => away.doubt(error, &look).await?,
                }
            }
            // What lies in the recycle bin is deleted for sure; on a slow replica it may still seem to be there.
            let deleted = directory.deleted_object(&Self::last_call(), *application).await;
            if let Some(at) = deleted_at(deleted, *application) {
                return Ok(self.app_gone(number, made, restorable(at), None, away.note()).await);
            }
            if away.is_sure() {
                return Ok(self.app_gone(number, made, None, None, away.note()).await);
            }
            away.wait().await?;
        }
    }

    /// The whole app as it is now; none while some replica does not know it.
    async fn picture(&self, call: &Call) -> Result<Option<Picture>, GraphError> {
        let whom = match self.undoing() {
            Ok(undoing) => &undoing.whom,
            Err(_) => return Ok(None),
        };
        match picture::read(&self.parts, call, whom).await {
            Ok(seen) => Ok(Some(seen)),
            Err(error) if replicating(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn app_gone(
        &self,
        number: u32,
        made: &Made,
        until: Option<Timestamp>,
        request_id: Option<String>,
        note: Option<String>,
    ) -> Did {
        let along = self.undoing().map(|undoing| undoing.along.clone()).unwrap_or_default();
        for one in &along {
            self.removed(number, one, until).await;
        }
        self.is_taken_back(number, made, until, request_id, note).await
    }

    async fn is_taken_back(
        &self,
        number: u32,
        made: &Made,
        until: Option<Timestamp>,
        request_id: Option<String>,
        note: Option<String>,
    ) -> Did {
        self.removed(number, made, until).await;
        let restorable = until.map(|until| format!("can be restored until {}", words::day(until)));
        let note = match (note, restorable) {
            (Some(note), Some(restorable)) => Some(format!("{note}; {restorable}")),
            (note, restorable) => note.or(restorable),
        };
        self.settled(number, note.clone().unwrap_or_else(|| "gone".to_owned())).await;
        Did { note, request_id }
    }

    /// Sorts what Entra said to a request to take something away.
    fn sent(
        &self,
        sent: Result<Option<String>, GraphError>,
        act: &str,
        still: &str,
        who: &str,
    ) -> Result<Sent, Problem> {
        match sent {
            Ok(request_id) => Ok(Sent::Done { request_id }),
            Err(error) if unclear(&error) || replicating(&error) || conflict(&error) => Ok(Sent::Again(error)),
            Err(error) => {
                let problem = trouble::graph(&error, act);
                Err(match problem.code {
                    Code::Forbidden => problem.exists(still).advice(format!(
                        "{who} Ask one of them, or activate the role; then {}: it goes on where it stopped.",
                        self.again()
                    )),
                    Code::Cancelled => cancelled(still),
                    _ => problem.exists(still),
                })
            }
        }
    }
}

const WHO_CHANGES: &str = "An Application Administrator, a Global Administrator or the owner of the app can do this.";
const WHO_REVOKES: &str = "A Privileged Role Administrator or a Global Administrator can do this.";

/// Waits until something is gone, with several reads that agree.
struct Away<'a> {
    run: &'a Run,
    number: u32,
    act: &'a str,
    still: &'a str,
    patience: Patience<'a>,
    absent: u32,
    error: Option<GraphError>,
}

/// Looks whether the thing is still there. Boxed: a borrowing async closure is not known to be `Send`.
trait Look<'f, T>: Fn(Call) -> BoxFuture<'f, Result<Seen<T>, GraphError>> + Sync {}

impl<'f, T, F: Fn(Call) -> BoxFuture<'f, Result<Seen<T>, GraphError>> + Sync> Look<'f, T> for F {}

impl<'a> Away<'a> {
    fn new(run: &'a Run, number: u32, act: &'a str, still: &'a str) -> Self {
        let patience = Patience::new(run.parts.clock.as_ref(), run.cancel.clone(), WAITS);
        Self { run, number, act, still, patience, absent: 0, error: None }
    }

    async fn look<'f, T>(&mut self, read: &impl Look<'f, T>) -> Result<Seen<T>, Problem> {
        let seen = read(self.run.call(self.number)).await.map_err(|error| match error {
            GraphError::Cancelled => cancelled(self.still),
            error => trouble::graph(&error, self.act).exists(self.still),
        })?;
        self.absent = match seen {
            Seen::There(_) => 0,
            Seen::Absent => self.absent + 1,
        };
        Ok(seen)
    }

    /// A request was sent and it is not known what became of it. Once the operator has cancelled, this is the last look.
    async fn doubt<'f, T>(&mut self, error: GraphError, read: &impl Look<'f, T>) -> Result<(), Problem> {
        if !self.run.cancel.is_cancelled() {
            self.error = Some(error);
            return Ok(());
        }
        let mut patience = Patience::new(self.run.parts.clock.as_ref(), CancellationToken::new(), WAITS);
        self.absent = 0;
        while !self.is_sure() {
            match read(Run::last_call()).await {
                Ok(Seen::Absent) => self.absent += 1,
                Ok(Seen::There(_)) | Err(_) => {
                    return Err(trouble::graph(&error, self.act).exists("It may be gone, or go in a moment."));
                }
            }
            if !self.is_sure() && patience.wait(|_, _| {}).await.is_err() {
                return Err(trouble::graph(&error, self.act).exists("It may be gone, or go in a moment."));
            }
        }
        Ok(())
    }

    /// Several looks in a row agree that it is not there, and none of them can have come too early to see it.
    fn is_sure(&self) -> bool {
        let spread = self.run.undoing().ok().and_then(|undoing| undoing.spread);
        self.absent >= GOOD_READS && spread.is_none_or(|spread| spread <= self.run.parts.clock.now())
    }

    /// What the operator is told of a thing that was gone when it was looked for.
    fn note(&self) -> Option<String> {
        (self.error.is_none() && self.absent > 0).then(|| "was gone already".to_owned())
    }

    async fn wait(&mut self) -> Result<(), Problem> {
        self.run.catch_up(self.number, &mut self.patience, self.error.as_ref(), self.act).await
    }
}

fn aim(id: &str) -> Option<Aim> {
    Some(Aim::Remove { id: id.to_owned() })
}

fn restorable(deleted: Timestamp) -> Option<Timestamp> {
    deleted.checked_add(RESTORABLE).ok()
}

/// When it was deleted, if the recycle bin says so. Who may not look there is told nothing.
fn deleted_at(read: Result<Option<DeletedObject>, GraphError>, id: ObjectId) -> Option<Timestamp> {
    match read {
        Ok(found) => found.filter(|it| it.id == id)?.deleted_date_time,
        Err(error) => {
            tracing::info!(%error, "the deleted items could not be read");
            None
        }
    }
}

fn stale(what: &str, why: &str) -> Problem {
    Problem::new(Code::Stale, format!("{what} was changed since this plan was made. {why}"))
        .exists("It was left as it is; what was taken back before is gone.")
        .advice("Plan the undoing again: it says what stays and why.")
}

fn no_such_step(number: u32) -> Problem {
    Problem::new(Code::Internal, format!("Step {number} takes nothing back."))
}
