//! The job as the faces use it.

use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};

use inbound_entra::clock::Clock;
use inbound_entra::graph::Call;
use inbound_entra::ids::{AppId, KeyId};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::consent::{self, ConsentRequest, ConsentState, OpenedConsent};
use crate::desired::checked::{self, DesiredPermission};
use crate::desired::{PermissionSet, SetupRequest};
use crate::directory::{ApiClient, Census, Directory, Provisioning};
use crate::history::HistoryStore;
use crate::observe;
use crate::observe::observed::{Observed, ObservedPrincipal};
use crate::operator::Operator;
use crate::operator::facts::OperatorFacts;
use crate::plan::planning::{self, Purpose, Setting};
use crate::plan::work::{Origin, Plan};
use crate::preflight::{Ability, Ask, Preflight, activate, reads, report};
use crate::principal::find::{self, IdentityRef};
use crate::principal::{NameCheck, PrincipalCard, SearchResult};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements;
use crate::run::RunView;
use crate::run::continuing;
use crate::run::execute::{Listener, Run};
use crate::run::journal::RunStore;
use crate::secrets;
use crate::secrets::{SecretStore, ShowOnce, TokenSource};
use crate::tenant::TenantFacts;
use crate::undo;
use crate::verification::Verification;
use crate::verification::verify;
use crate::words;

/// Tells which scopes the sign-in carries now, by value.
pub type ScopesHeld = Arc<dyn Fn() -> Vec<String> + Send + Sync>;

/// What the job works with.
pub struct JobParts {
    /// The signed-in tenant's directory.
    pub directory: Arc<dyn Directory>,
    /// This computer's keychain.
    pub secrets: Arc<dyn SecretStore>,
    /// Tokens as an API client gets them.
    pub tokens: Arc<dyn TokenSource>,
    /// The tenant's provisioning jobs.
    pub provisioning: Arc<dyn Provisioning>,
    /// Everyone in the tenant, in bulk.
    pub census: Arc<dyn Census>,
    /// What an API client can do, with its own token.
    pub api: Arc<dyn ApiClient>,
    /// Verifications and audits as they were.
    pub history: HistoryStore,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where runs are kept.
    pub runs: RunStore,
    /// Which tenant.
    pub tenant: TenantFacts,
    /// Who is signed in.
    pub operator: Operator,
    /// With which scopes.
    pub scopes: ScopesHeld,
}

impl std::fmt::Debug for JobParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JobParts")
            .field("tenant", &self.tenant)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}

/// Observe, compare with desired, plan, run, verify: for one tenant and one operator. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Job {
    pub(crate) parts: Arc<JobParts>,
    /// The one place where they are kept.
    facts: Arc<RwLock<OperatorFacts>>,
}

impl Job {
    /// The job in a tenant.
    #[must_use]
    pub fn new(parts: JobParts) -> Self {
        let facts = Arc::new(RwLock::new(OperatorFacts::new(parts.operator.clone())));
        Self { parts: Arc::new(parts), facts }
    }

    /// Reads what this operator may do, side by side, and keeps it for the plans made later. Only for what `ask` names
    /// the operator may be asked to sign in again. What cannot be read is told as such and hides nothing else.
    pub async fn preflight(&self, ask: Ask) -> Preflight {
        let reads = Box::pin(reads::read(&self.parts, &self.parts.operator, ask)).await;
        let now = self.parts.clock.now();
        let facts = self.learn(|facts| {
            // Roles first: what is active is not offered to be activated.
            if let Some(Ok(roles)) = &reads.roles {
                facts.learn_roles(roles.clone(), now);
            }
            if let Ok(eligible) = &reads.eligible {
                facts.learn_eligible(eligible, &self.parts.tenant.portal);
            }
            if let Ok(policy) = &reads.secrets {
                facts.learn_secret_rules(policy, now);
            }
            if let Ok(policy) = &reads.registration {
                facts.learn_registration(policy);
            }
        });
        report::of(&self.parts, &facts, &reads, now)
    }

    /// For each part of the job, whether this operator can do it, as far as is known now.
    #[must_use]
    pub fn abilities(&self) -> Vec<Ability> {
        self.facts().abilities()
    }

    /// Activates a role that was read as one that may be activated, then looks again. It may take some minutes to be
    /// seen, which the answer tells.
    ///
    /// # Errors
    /// `invalidInput` with every unusable field; or that Entra refused.
    pub async fn activate_role(&self, role_id: &str, justification: &str, hours: u32) -> Result<Preflight, Problem> {
        let wish = activate::check(&self.facts(), role_id, justification, hours)?;
        Box::pin(activate::activate(&self.parts, &wish)).await?;
        let now = self.parts.clock.now();
        self.learn(|facts| facts.learn_activation(wish.role, wish.eligible.name.clone(), now));
        Ok(self.preflight(Ask::Nothing).await)
    }

    /// The permission sets as this tenant offers them, the default first.
    ///
    /// # Errors
    /// When the tenant's Microsoft Graph cannot be read.
    pub async fn permission_sets(&self) -> Result<Vec<PermissionSet>, Problem> {
        Ok(requirements::permission_sets(&self.graph().await?))
    }

    /// What is known of an app's name while it is typed.
    ///
    /// # Errors
    /// When the tenant cannot be read. An unusable name is no error: it is told in the answer.
    pub async fn check_name(&self, name: &str) -> Result<NameCheck, Problem> {
        Box::pin(find::check_name(&self.parts, name)).await
    }

    /// Managed identities by part of the name, by object id, client id or Azure resource id.
    ///
    /// # Errors
    /// When the tenant cannot be read.
    pub async fn search_identities(&self, text: &str) -> Result<SearchResult, Problem> {
        Box::pin(find::search_identities(&self.parts, text)).await
    }

    /// Apps and identities by part of the name, or by any id.
    ///
    /// # Errors
    /// When the tenant cannot be read.
    pub async fn search_principals(&self, text: &str) -> Result<SearchResult, Problem> {
        Box::pin(find::search_principals(&self.parts, text)).await
    }

    /// The one managed identity that is meant.
    ///
    /// # Errors
    /// `notFound`, `ambiguous` (each is listed), `wrongKind`, `disabled`, `invalidInput`, or that the tenant cannot be
    /// read.
    pub async fn find_identity(&self, reference: IdentityRef) -> Result<PrincipalCard, Problem> {
        let parts = Arc::clone(&self.parts);
        Box::pin(async move { find::find_identity(&parts, &reference).await }).await
    }

    /// The one app or identity that is meant: by name, client id, object id or Azure resource id.
    ///
    /// # Errors
    /// `notFound`, `ambiguous` (each is listed), or that the tenant cannot be read.
    pub async fn find_principal(&self, text: &str) -> Result<PrincipalCard, Problem> {
        let found = Box::pin(find::find_principal(&self.parts, text)).await?;
        found.card(&self.parts).ok_or_else(|| Problem::new(Code::NotFound, "This tenant has no such app or identity."))
    }

    /// Checks the request, looks at the tenant, and says what would be done. Changes nothing.
    ///
    /// # Errors
    /// `invalidInput` with every unusable field; `notFound`, `wrongKind` or `disabled` for the principal; or that the
    /// tenant cannot be read.
    pub async fn plan(&self, request: SetupRequest) -> Result<Plan, Problem> {
        self.plan_under(request, None).await
    }

    /// The same for a run that goes on, which has chosen the alternate key of its registration already.
    pub(crate) async fn plan_under(&self, request: SetupRequest, unique_name: Option<String>) -> Result<Plan, Problem> {
        let graph = self.graph().await?;
        let mut desired = checked::check(request.clone(), &graph, self.parts.clock.now())?;
        desired.choose(unique_name);
        let observed = Box::pin(observe::observe_settled(&self.parts, graph, &desired)).await?;
        let unique_name = match &observed.principal {
            ObservedPrincipal::App(app) => Some(app.unique_name.clone()),
            ObservedPrincipal::Identity(_) | ObservedPrincipal::Asked(_) => None,
        };
        let purpose = Purpose::SetUp { ask_consent: desired.ask_consent };
        let plan = self.planned(desired.permissions, purpose, observed);
        Ok(plan.of(Origin::SetUp { request, unique_name }))
    }

    /// Plans what is left of a run that did not come to its end, from what the tenant holds now. Changes nothing.
    ///
    /// # Errors
    /// `notFound` when there is no such run, `busy` while it goes on, `wrongKind` when it is of another tenant or nothing
    /// is left to do; or that the tenant cannot be read.
    pub async fn plan_continue(&self, run_id: &str) -> Result<Plan, Problem> {
        Box::pin(continuing::plan(self, run_id)).await
    }

    /// Plans to take back what a run made. Changes nothing.
    ///
    /// # Errors
    /// `notFound` when there is no such run, `busy` while it goes on, `wrongKind` when it is of another tenant or made
    /// nothing that is still there; or that the tenant cannot be read.
    pub async fn plan_undo(&self, run_id: &str) -> Result<Plan, Problem> {
        Box::pin(undo::plan(self, run_id)).await
    }

    /// Notes that the operator leaves a run as it is: it is not asked about any more, and can still be continued or undone.
    ///
    /// # Errors
    /// As [`Job::plan_continue`], and `localFile` when the record cannot be written.
    pub async fn leave(&self, run_id: &str) -> Result<RunView, Problem> {
        continuing::leave(self, run_id).await
    }

    /// Looks a request for consent that was handed over up in this tenant. Changes nothing.
    ///
    /// # Errors
    /// That the tenant cannot be read. Why the request cannot be finished here is no error: it is told in the answer.
    pub async fn open_consent(&self, request: &ConsentRequest) -> Result<OpenedConsent, Problem> {
        let found = Box::pin(consent::open::find(&self.parts, request)).await?;
        let (request, obstacle) = match &found {
            Ok(found) => (consent::open::as_found(request, found, &self.parts), None),
            Err(obstacle) => {
                let advice = obstacle.advice.as_ref().map_or_else(String::new, |advice| format!(" {advice}"));
                (request.clone(), Some(format!("{}{advice}", obstacle.message)))
            }
        };
        Ok(OpenedConsent { id: Uuid::new_v4().to_string(), request, obstacle, standing: self.facts().can_grant() })
    }

    /// Plans exactly the grants that a request for consent names, and nothing else. Changes nothing.
    ///
    /// # Errors
    /// Why the request cannot be finished here, or that the tenant cannot be read.
    pub async fn plan_consent(&self, request: &ConsentRequest) -> Result<Plan, Problem> {
        let found = Box::pin(consent::open::find(&self.parts, request)).await?;
        let found = found.map_err(|obstacle| obstacle.exists("Nothing was changed."))?;
        let (permissions, observed) = Box::pin(consent::open::observe(&self.parts, found)).await?;
        let plan = self.planned(permissions, Purpose::Consent { finishes: request.run_id.clone() }, observed);
        Ok(plan.of(Origin::Consent { request: request.clone() }))
    }

    /// Looks whether another administrator has granted what a run asked for, and keeps it in the run's record.
    ///
    /// # Errors
    /// `notFound` when there is no such run or its principal is gone, `wrongKind` when it asked for nothing or is of
    /// another tenant, `busy` while it goes on; or that the tenant cannot be read or the record not be written.
    pub async fn check_consent(&self, run_id: &str) -> Result<RunView, Problem> {
        Box::pin(consent::check::check(&self.parts, run_id)).await
    }

    /// What a run left to another administrator.
    ///
    /// # Errors
    /// `notFound` when there is no such run, `wrongKind` when it left nothing to anybody or is of another tenant, `busy`
    /// while it goes on.
    pub fn consent_of(&self, run_id: &str) -> Result<ConsentState, Problem> {
        let run = self.parts.runs.get(run_id)?;
        consent::check::of(&run, &self.parts).cloned()
    }

    /// The note that asks another administrator, for a person to read.
    #[must_use]
    pub fn consent_note(&self, state: &ConsentState) -> String {
        consent::note_markdown(state, &self.parts.tenant)
    }

    pub(crate) fn planned(&self, permissions: Vec<DesiredPermission>, purpose: Purpose, observed: Observed) -> Plan {
        let facts = self.facts();
        let setting = Setting {
            tenant: &self.parts.tenant,
            facts: &facts,
            keychain: self.parts.secrets.place(),
            plan_id: Uuid::new_v4().to_string(),
            now: self.parts.clock.now(),
            asked: &consent::ask::open(&self.parts),
        };
        planning::plan(permissions, purpose, observed, &setting)
    }

    pub(crate) fn facts(&self) -> OperatorFacts {
        self.facts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn learn(&self, change: impl FnOnce(&mut OperatorFacts)) -> OperatorFacts {
        let mut facts = self.facts.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut facts);
        facts.clone()
    }

    /// Executes the plan. News go to `listener`; the answer says how it ended, with what exists.
    ///
    /// # Errors
    /// `busy` when a run for the same principal goes on, `localFile` when the journal cannot be written, `invalidInput`
    /// when the plan shows a secret, which only [`Job::run_showing`] can. In each case nothing was changed. Whatever
    /// happens later is told in the run.
    pub async fn run(&self, plan: Plan, cancel: CancellationToken, listener: Listener) -> Result<RunView, Problem> {
        let run = Run::begin(Arc::clone(&self.parts), plan, cancel, listener, None).await?;
        Ok(Box::pin(run.after(self.facts().lately_activated()).go()).await)
    }

    /// The same where a secret that the keychain does not keep can be shown once.
    ///
    /// # Errors
    /// `busy` and `localFile` as [`Job::run`].
    pub async fn run_showing(
        &self,
        plan: Plan,
        cancel: CancellationToken,
        listener: Listener,
        shows: Arc<dyn ShowOnce>,
    ) -> Result<RunView, Problem> {
        let run = Run::begin(Arc::clone(&self.parts), plan, cancel, listener, Some(shows)).await?;
        Ok(Box::pin(run.after(self.facts().lately_activated()).go()).await)
    }

    /// Desired beside observed, with a verdict. `permissions` are the values required; none means what the how-to asks
    /// for. With `token`, a token is asked for as the API client would, if its secret lies in this keychain.
    ///
    /// # Errors
    /// `notFound` or `ambiguous` for the principal, `invalidInput` for a permission, or that the tenant cannot be read.
    pub async fn verify(&self, principal: &str, permissions: &[String], token: bool) -> Result<Verification, Problem> {
        Box::pin(verify::verify(&self.parts, principal, permissions, token)).await
    }

    /// A client secret that lies in this computer's keychain.
    ///
    /// # Errors
    /// `secretNotFound` and the other states of the keychain; `invalidInput` for ids that are no GUIDs.
    pub async fn read_secret(&self, client_id: &str, key_id: &str) -> Result<SecretString, Problem> {
        let field = |field: &str, error: &dyn std::fmt::Display| {
            checked::invalid_field(field, format!("{}.", words::sentence_case(&error.to_string())))
        };
        let client_id = AppId::from_str(client_id).map_err(|error| field("clientId", &error))?;
        let key_id = KeyId::from_str(key_id).map_err(|error| field("keyId", &error))?;
        let item = secrets::item(&self.parts, &client_id.to_string(), &key_id.to_string());
        self.parts.secrets.read(&item).await.map_err(|error| trouble::keychain(&error))
    }

    /// What was run before, in this and earlier processes.
    #[must_use]
    pub fn runs(&self) -> &RunStore {
        &self.parts.runs
    }

    pub(crate) async fn graph(&self) -> Result<inbound_entra::model::GraphResource, Problem> {
        observe::graph_resource(&self.parts, &Call::default()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The compiler is the judge: a face spawns what the job does, so it must be movable between threads as a whole. Where
    /// it is not, only the build of the face would tell.
    #[test]
    fn what_a_face_spawns_can_move_between_threads() {
        fn is_send(_: impl Future + Send + 'static) {}
        fn continues(job: Job, id: String) {
            is_send(async move { (job.plan_continue(&id).await, job.plan_undo(&id).await, job.leave(&id).await) });
        }
        fn plans(job: Job, request: SetupRequest, consent: ConsentRequest) {
            is_send(async move { (job.plan(request).await, job.plan_consent(&consent).await) });
        }
        fn runs(job: Job, plan: Plan, listener: Listener) {
            is_send(async move { job.run(plan, CancellationToken::new(), listener).await });
        }
        fn shows(job: Job, plan: Plan, listener: Listener, shows: Arc<dyn ShowOnce>) {
            is_send(async move { job.run_showing(plan, CancellationToken::new(), listener, shows).await });
        }
        let _: (fn(_, _), fn(_, _, _)) = (continues, plans);
        let _: (fn(_, _, _), fn(_, _, _, _)) = (runs, shows);
    }
}
