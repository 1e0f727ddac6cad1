//! What the steps of a fix do that setting up and undoing have not: granting again, letting sign in and blocking again,
//! proving a new secret. The order is as ever: journal, request, journal; after an unclear answer look and decide.

use inbound_entra::auth::token_roles;
use inbound_entra::graph::{GraphError, request};
use inbound_entra::ids::ObjectId;
use secrecy::{ExposeSecret, SecretString};

use crate::plan::work::{Rotation, Work};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::execute::{Did, Run};
use crate::run::fact::{Aim, Fact, Made};
use crate::run::steps::{Right, Whose, cancelled, conflict, forbidden, replicating, unclear};
use crate::secrets;

/// What exists when an answer was lost.
const MAY_BE_CHANGED: &str = "It is not known whether the request took effect.";

impl Run {
    /// How a step is begun again after it failed.
    pub(super) fn again(&self) -> &'static str {
        match &self.plan.work {
            Work::Undo(_) => "undo the run again",
            Work::SetUp(_) | Work::Fix(_) => "continue the run",
        }
    }

    /// Who can grant where this operator cannot.
    pub(super) fn who_else_grants(&self) -> String {
        let who = "A Privileged Role Administrator or a Global Administrator can grant it:";
        match &self.plan.work {
            Work::SetUp(_) if self.plan.fix().is_none() => format!(
                "{who} plan again and leave the grants to one of them. What exists is found again and left as it is."
            ),
            _ => format!("{who} ask one of them, or activate the role; then {}.", self.again()),
        }
    }

    /// What a request that takes `made` away is noted with: whole, where it is not this run's own, so that it can be given
    /// back.
    pub(super) fn aim_at(&self, made: &Made) -> Option<Aim> {
        Some(match &self.plan.work {
            Work::Undo(_) => Aim::Remove { id: made.key() },
            Work::SetUp(_) | Work::Fix(_) => Aim::Take { object: made.clone() },
        })
    }

    /// The new secret follows another.
    pub(super) fn rotation(&self) -> Option<&Rotation> {
        match &self.plan.work {
            Work::SetUp(set_up) => set_up.rotation.as_ref(),
            Work::Undo(_) | Work::Fix(_) => None,
        }
    }

    /// Gives back a grant that the run took away, unless somebody has.
    pub(super) async fn grant_again(&self, number: u32) -> Result<Did, Problem> {
        let Some(made @ Made::Grant { principal, resource, role, value, .. }) = self.plan.object(number) else {
            return Err(Problem::new(Code::Internal, format!("Step {number} grants nothing.")));
        };
        self.not_cancelled()?;
        let right = Right { principal: *principal, resource: *resource, role: *role, value: value.clone() };
        // Listed first: what is there is not asked for (promise P36).
        let held = self.parts.directory.grants_of(&self.call(number), *principal).await;
        let held = held.map_err(|error| trouble::graph(&error, "read what is granted"))?;
        let is_it = |id: ObjectId, of: ObjectId, what| (id, of, what) == (*principal, *resource, *role);
        // Under its old id it is only not seen to be gone yet: the plan leaves out what was not taken.
        let there = held
            .into_iter()
            .find(|one| one.id != made.key() && is_it(one.principal_id, one.resource_id, one.app_role_id));
        let (id, note, request_id) = match there {
            Some(grant) => (grant.id, Some("was granted already".to_owned()), None),
            None => {
                let granted = self.grant_right(number, &right).await?;
                match granted.grant {
                    Some((grant, Whose::Found)) => (grant.id, Some("was granted already".to_owned()), None),
                    Some((grant, _)) => {
                        let note = format!("grant id {}", grant.id);
                        (grant.id, Some(note), granted.request_id)
                    }
                    None => (String::new(), Some("was granted already".to_owned()), None),
                }
            }
        };
        let given = Fact::GivenBack { taken: made.key(), id: id.clone() };
        if let Err(problem) = self.note(number, given).await {
            tracing::warn!(step = number, "{}", problem.message);
        }
        Ok(Did { note, request_id })
    }

    pub(super) async fn enable_sign_in(&self, number: u32) -> Result<Did, Problem> {
        let made = self.sign_in_of(number)?;
        let (did, whose) = self.set_sign_in(number, made, true).await?;
        if whose != Whose::Found {
            self.made(number, made.clone(), whose == Whose::Made).await;
        }
        self.settled(number, "may sign in".to_owned()).await;
        Ok(did)
    }

    pub(super) async fn block_sign_in(&self, number: u32) -> Result<Did, Problem> {
        let made = self.sign_in_of(number)?;
        let (did, _) = self.set_sign_in(number, made, false).await?;
        self.removed(number, made, None).await;
        self.settled(number, "blocked again".to_owned()).await;
        Ok(did)
    }

    fn sign_in_of(&self, number: u32) -> Result<&Made, Problem> {
        match self.plan.object(number) {
            Some(made @ Made::SignIn { .. }) => Ok(made),
            _ => Err(Problem::new(Code::Internal, format!("Step {number} changes no sign-in."))),
        }
    }

    /// Brings the switch to `enabled`, looking before each request.
    async fn set_sign_in(&self, number: u32, made: &Made, enabled: bool) -> Result<(Did, Whose), Problem> {
        let Made::SignIn { principal, name, .. } = made else {
            return Err(Problem::new(Code::Internal, "This is no sign-in."));
        };
        let (act, note, still) = if enabled {
            (format!("let \"{name}\" sign in"), "could sign in already", "Its sign-in is as it was.")
        } else {
            (format!("block the sign-in of \"{name}\""), "was blocked already", "It can still sign in.")
        };
        let directory = &self.parts.directory;
        let mut patience = self.patience();
        let mut asked: Option<GraphError> = None;
        loop {
            self.not_cancelled().map_err(|problem| match &asked {
                Some(_) => problem.exists(MAY_BE_CHANGED),
                None => problem,
            })?;
            let found = directory.service_principal(&self.call(number), *principal).await;
            let found = found.map_err(|error| match &asked {
                Some(lost) => trouble::graph(lost, &act).exists(MAY_BE_CHANGED),
                None => trouble::graph(&error, &act).exists(still),
            })?;
            let Some(found) = found else {
                self.catch_up(number, &mut patience, None, &act).await.map_err(|problem| match problem.code {
                    Code::StillReplicating => Problem::new(
                        Code::NotFound,
                        format!("The service principal of \"{name}\" is not in the tenant any more."),
                    )
                    .exists("Nothing was changed by this step.")
                    .advice("It was deleted since this plan was made."),
                    _ => problem,
                })?;
                continue;
            };
            if (found.account_enabled != Some(false)) == enabled {
                let (whose, note) = match &asked {
                    Some(_) => (Whose::Doubtful, None),
                    None => (Whose::Found, Some(note.to_owned())),
                };
                return Ok((Did { note, request_id: None }, whose));
            }
            let aim = enabled.then_some(Aim::SignIn { principal: *principal });
            self.intend(number, &request::set_sign_in(principal, enabled), aim).await?;
            match directory.set_sign_in(&self.call(number), *principal, enabled).await {
                Ok(answer) => return Ok((Did { note: None, request_id: answer.request_id }, Whose::Made)),
                // The same request twice ends in the same state, and each is preceded by a look.
                Err(error) if unclear(&error) || replicating(&error) || conflict(&error) => {
                    let waited = self.catch_up(number, &mut patience, Some(&error), &act).await;
                    if unclear(&error) {
                        asked = Some(error);
                    }
                    waited.map_err(|problem| problem.exists(if asked.is_some() { MAY_BE_CHANGED } else { still }))?;
                }
                Err(error) if self.may_await_role(number, &error) => {
                    self.await_role(number, &mut patience, &error, &act).await?;
                }
                Err(error) => {
                    let problem = trouble::graph(&error, &act).exists(still);
                    return Err(if forbidden(&error) {
                        problem.advice(format!(
                            "An Application Administrator, a Global Administrator or the owner of the app can do this. \
                             Ask one of them, or activate the role; then {}.",
                            self.again()
                        ))
                    } else {
                        problem
                    });
                }
            }
        }
    }

    /// Signs in with the new secret, as the API client will.
    pub(super) async fn prove_secret(&self, number: u32) -> Result<Did, Problem> {
        let (_, client) = self.application_ids()?;
        let secret = self.new_secret().await?;
        let mut patience = self.patience();
        loop {
            self.not_cancelled()?;
            let token = self.cancel.run_until_cancelled(self.parts.tokens.app_token(client, &secret)).await;
            let token = token.ok_or_else(|| cancelled("Cancelled before the new secret was proved to work."))?;
            let error = match token {
                Ok(token) => {
                    self.learn(|known| known.value = None);
                    let roles = token_roles(token.expose_secret());
                    self.settled(number, "a token was issued".to_owned()).await;
                    let note = match roles.as_slice() {
                        [] => "a token was issued; it holds no permission".to_owned(),
                        roles => format!("a token was issued; it holds {}", crate::words::list(roles)),
                    };
                    return Ok(Did { note: Some(note), request_id: None });
                }
                Err(error) => error,
            };
            // A secret that was made a moment ago may not be known everywhere (graph-facts 2).
            let waited = match error.not_yet() {
                true => self.catch_up(number, &mut patience, None, "sign in with the new secret").await,
                false => Err(trouble::sign_in(&error)),
            };
            waited.map_err(|problem| match problem.code {
                Code::Cancelled => cancelled("Cancelled before the new secret was proved to work."),
                _ => trouble::sign_in(&error)
                    .exists("The new secret exists, and did not prove to work. Nothing was removed.")
                    .advice(format!("The API client keeps its old secret. Later, {}.", self.again())),
            })?;
        }
    }

    /// The value of the secret that this run made: from its making, or from the keychain.
    async fn new_secret(&self) -> Result<SecretString, Problem> {
        let known = self.known();
        if let Some(value) = known.value {
            return Ok(value);
        }
        let Some(place) = known.secret else {
            return Err(Problem::new(
                Code::SecretNotFound,
                "The new secret was shown once and is kept nowhere here, so that it cannot be tried from here.",
            )
            .exists("Nothing was removed.")
            .advice("Try it with the API client. If it works, remove the old one; or leave this run as it is."));
        };
        let item = secrets::item(&self.parts, &place.client_id, &place.key_id);
        let read = self.parts.secrets.read(&item).await;
        read.map_err(|error| trouble::keychain(&error).exists("The new secret was not tried. Nothing was removed."))
    }
}
