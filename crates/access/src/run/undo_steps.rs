//! What each step of undoing takes away, and how that is looked at and asked for; see `removal` for the order of it.

use async_trait::async_trait;
use inbound_entra::graph::{Call, GraphError, request};
use inbound_entra::ids::{AppRoleId, KeyId, ObjectId};
use inbound_entra::model::{AppRoleAssignment, RequiredResourceAccess};
use inbound_keychain::KeychainError;

use crate::directory::Directory;
use crate::plan::work::Work;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::StepState;
use crate::run::execute::{Did, Run};
use crate::run::fact::{Fact, Made};
use crate::run::removal::{Gone, Removal, Taking};
use crate::run::steps::{cancelled, replicating};
use crate::secrets;
use crate::undo::picture::{self, Picture};
use crate::undo::{Undoing, keep, without};
use crate::words;

const WHO_CHANGES: &str = "An Application Administrator, a Global Administrator or the owner of the app can do this.";
const WHO_REVOKES: &str = "A Privileged Role Administrator or a Global Administrator can do this.";

impl Run {
    /// # Errors
    /// `internal` for a plan that sets something up.
    pub(super) fn undoing(&self) -> Result<&Undoing, Problem> {
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
        let (principal, resource, role) = (*principal, *resource, *role);
        let removal = GrantRemoval { directory: self.parts.directory.as_ref(), id, principal, resource, role, value };
        let (act, still) = (format!("take back {value}"), format!("{value} is still granted."));
        let taking = Taking { number, made, act: &act, still: &still, who: WHO_REVOKES, bin: None };
        let gone = self.take_away(taking, &removal).await?;
        Ok(self.is_taken_back(number, made, gone).await)
    }

    pub(crate) async fn remove_secret(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::Secret { application, client, key, description, .. } = made else {
            return Err(no_such_step(number));
        };
        let removal = SecretRemoval { directory: self.parts.directory.as_ref(), application: *application, key: *key };
        let act = format!("remove the client secret \"{description}\"");
        let still = "The secret is still in Entra and as it was.";
        let taking = Taking { number, made, act: &act, still, who: WHO_CHANGES, bin: None };
        // A plan that found it gone asks for nothing.
        let gone = if self.sends(number) { self.take_away(taking, &removal).await? } else { Gone::default() };
        let outcome = "removed from Entra".to_owned();
        let settled = Fact::SecretSettled { description: description.clone(), outcome };
        if let Err(problem) = self.note(number, settled).await {
            tracing::warn!(step = number, "{}", problem.message);
        }
        self.forget_here(number, &client.to_string(), &key.to_string()).await?;
        Ok(self.is_taken_back(number, made, gone).await)
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
        let removal = RequestedRemoval { directory: self.parts.directory.as_ref(), application: *application, roles };
        let act = "take the permissions out of what the app registration requests";
        let still = "What it requests is as it was.";
        let taking = Taking { number, made, act, still, who: WHO_CHANGES, bin: None };
        let gone = self.take_away(taking, &removal).await?;
        Ok(self.is_taken_back(number, made, gone).await)
    }

    pub(crate) async fn delete_service_principal(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::ServicePrincipal { principal, name, .. } = made else { return Err(no_such_step(number)) };
        let removal = PrincipalRemoval { run: self, undoing: self.undoing()?, principal: *principal, name };
        let act = format!("delete the service principal of \"{name}\"");
        let still = "The service principal is still there.";
        let taking = Taking { number, made, act: &act, still, who: WHO_CHANGES, bin: Some(*principal) };
        let gone = self.take_away(taking, &removal).await?;
        Ok(self.is_taken_back(number, made, gone).await)
    }

    pub(crate) async fn delete_app(&self, number: u32) -> Result<Did, Problem> {
        let made = self.taken_back(number)?;
        let Made::Application { application, name, .. } = made else { return Err(no_such_step(number)) };
        let undoing = self.undoing()?;
        let removal = AppRemoval { run: self, undoing, application: *application, name };
        let act = format!("delete the app registration \"{name}\"");
        let still = "The app registration is still there.";
        let taking = Taking { number, made, act: &act, still, who: WHO_CHANGES, bin: Some(*application) };
        let gone = self.take_away(taking, &removal).await?;
        for one in &undoing.along {
            self.removed(number, one, gone.until).await;
        }
        Ok(self.is_taken_back(number, made, gone).await)
    }

    async fn is_taken_back(&self, number: u32, made: &Made, gone: Gone) -> Did {
        let Gone { until, request_id, note } = gone;
        self.removed(number, made, until).await;
        let restorable = until.map(|until| format!("can be restored until {}", words::day(until)));
        let note = match (note, restorable) {
            (Some(note), Some(restorable)) => Some(format!("{note}; {restorable}")),
            (note, restorable) => note.or(restorable),
        };
        self.settled(number, note.clone().unwrap_or_else(|| "gone".to_owned())).await;
        Did { note, request_id }
    }
}

struct GrantRemoval<'a> {
    directory: &'a dyn Directory,
    id: &'a str,
    principal: ObjectId,
    resource: ObjectId,
    role: AppRoleId,
    value: &'a str,
}

#[async_trait]
impl Removal for GrantRemoval<'_> {
    type Seen = AppRoleAssignment;

    async fn look(&self, call: Call) -> Result<Option<AppRoleAssignment>, GraphError> {
        match self.directory.grants_of(&call, self.principal).await {
            Ok(grants) => Ok(grants.into_iter().find(|grant| grant.id == self.id)),
            Err(error) if replicating(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn check(&self, grant: &AppRoleAssignment) -> Result<(), Problem> {
        let wanted = (self.principal, self.resource, self.role);
        if (grant.principal_id, grant.resource_id, grant.app_role_id) == wanted {
            return Ok(());
        }
        Err(stale(&format!("The grant of {}", self.value), "It is not of this permission any more."))
    }

    fn request(&self, _grant: &AppRoleAssignment) -> request::Request {
        request::revoke(self.resource, self.id)
    }

    async fn send(&self, call: Call, _grant: AppRoleAssignment) -> Result<Option<String>, GraphError> {
        Ok(self.directory.revoke(&call, self.resource, self.id).await?.request_id)
    }
}

struct SecretRemoval<'a> {
    directory: &'a dyn Directory,
    application: ObjectId,
    key: KeyId,
}

#[async_trait]
impl Removal for SecretRemoval<'_> {
    type Seen = ();

    async fn look(&self, call: Call) -> Result<Option<()>, GraphError> {
        let found = self.directory.application(&call, self.application).await?;
        let has = found.is_some_and(|it| it.password_credentials.iter().any(|one| one.key_id == self.key));
        Ok(has.then_some(()))
    }

    fn request(&self, _seen: &()) -> request::Request {
        request::remove_password(self.application, self.key)
    }

    async fn send(&self, call: Call, _seen: ()) -> Result<Option<String>, GraphError> {
        Ok(self.directory.remove_password(&call, self.application, self.key).await?.request_id)
    }

    /// A secret that is not there is refused in words alone.
    fn may_say_gone(&self, error: &GraphError) -> bool {
        error.refusal().is_some_and(|one| one.status == 400)
    }
}

struct RequestedRemoval<'a> {
    directory: &'a dyn Directory,
    application: ObjectId,
    roles: &'a [AppRoleId],
}

#[async_trait]
impl Removal for RequestedRemoval<'_> {
    /// What is requested beside it, read just now so that what others added since the plan is kept.
    type Seen = Vec<RequiredResourceAccess>;

    async fn look(&self, call: Call) -> Result<Option<Self::Seen>, GraphError> {
        let Some(found) = self.directory.application(&call, self.application).await? else { return Ok(None) };
        let left = without(&found.required_resource_access, self.roles);
        Ok((left != found.required_resource_access).then_some(left))
    }

    fn request(&self, left: &Self::Seen) -> request::Request {
        request::patch_requested(self.application, left)
    }

    async fn send(&self, call: Call, left: Self::Seen) -> Result<Option<String>, GraphError> {
        Ok(self.directory.patch_requested(&call, self.application, &left).await?.request_id)
    }
}

struct PrincipalRemoval<'a> {
    run: &'a Run,
    undoing: &'a Undoing,
    principal: ObjectId,
    name: &'a str,
}

#[async_trait]
impl Removal for PrincipalRemoval<'_> {
    type Seen = Picture;

    async fn look(&self, call: Call) -> Result<Option<Picture>, GraphError> {
        let seen = whole(self.run, self.undoing, &call).await?;
        Ok(seen.filter(|seen| seen.principal.as_ref().is_some_and(|it| it.id == self.principal)))
    }

    fn check(&self, seen: &Picture) -> Result<(), Problem> {
        unused(&keep::principal(seen, &self.undoing.ours), || format!("The service principal of \"{}\"", self.name))
    }

    fn request(&self, _seen: &Picture) -> request::Request {
        request::delete_service_principal(self.principal)
    }

    async fn send(&self, call: Call, _seen: Picture) -> Result<Option<String>, GraphError> {
        Ok(self.run.parts.directory.delete_service_principal(&call, self.principal).await?.request_id)
    }
}

struct AppRemoval<'a> {
    run: &'a Run,
    undoing: &'a Undoing,
    application: ObjectId,
    name: &'a str,
}

#[async_trait]
impl Removal for AppRemoval<'_> {
    type Seen = Picture;

    async fn look(&self, call: Call) -> Result<Option<Picture>, GraphError> {
        let seen = whole(self.run, self.undoing, &call).await?;
        Ok(seen.filter(|seen| seen.application.as_ref().is_some_and(|it| it.application.id == self.application)))
    }

    fn check(&self, seen: &Picture) -> Result<(), Problem> {
        unused(&keep::application(seen, &self.undoing.ours), || format!("The app registration \"{}\"", self.name))
    }

    fn request(&self, _seen: &Picture) -> request::Request {
        request::delete_application(self.application)
    }

    async fn send(&self, call: Call, _seen: Picture) -> Result<Option<String>, GraphError> {
        Ok(self.run.parts.directory.delete_application(&call, self.application).await?.request_id)
    }
}

/// The whole app as it is now; none while some replica does not know it.
async fn whole(run: &Run, undoing: &Undoing, call: &Call) -> Result<Option<Picture>, GraphError> {
    match picture::read(&run.parts, call, &undoing.whom).await {
        Ok(seen) => Ok(Some(seen)),
        Err(error) if replicating(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Nobody else has to do with it: there is no reason to keep it.
fn unused(reasons: &[String], what: impl Fn() -> String) -> Result<(), Problem> {
    if reasons.is_empty() { Ok(()) } else { Err(stale(&what(), &reasons.join(" "))) }
}

fn stale(what: &str, why: &str) -> Problem {
    Problem::new(Code::Stale, format!("{what} was changed since this plan was made. {why}"))
        .exists("It was left as it is; what was taken back before is gone.")
        .advice("Plan the undoing again: it says what stays and why.")
}

fn no_such_step(number: u32) -> Problem {
    Problem::new(Code::Internal, format!("Step {number} takes nothing back."))
}
