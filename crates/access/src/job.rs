//! The job as the faces use it.

use std::str::FromStr;
use std::sync::Arc;

use inbound_entra::clock::Clock;
use inbound_entra::graph::Call;
use inbound_entra::ids::{AppId, KeyId};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::desired::checked;
use crate::desired::{PermissionSet, SetupRequest};
use crate::directory::Directory;
use crate::observe;
use crate::operator::Operator;
use crate::plan::planning::{self, Plan, Setting};
use crate::principal::find::{self, IdentityRef};
use crate::principal::{NameCheck, PrincipalCard, SearchResult};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements;
use crate::run::RunView;
use crate::run::execute::{Listener, Run};
use crate::run::journal::RunStore;
use crate::secrets;
use crate::secrets::{SecretStore, TokenSource};
use crate::tenant::TenantFacts;
use crate::verification::Verification;
use crate::verification::verify;
use crate::words;

/// What the job works with.
pub struct JobParts {
    /// The signed-in tenant's directory.
    pub directory: Arc<dyn Directory>,
    /// This computer's keychain.
    pub secrets: Arc<dyn SecretStore>,
    /// Tokens as an API client gets them.
    pub tokens: Arc<dyn TokenSource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where runs are kept.
    pub runs: RunStore,
    /// Which tenant.
    pub tenant: TenantFacts,
    /// Who is signed in.
    pub operator: Operator,
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
    parts: Arc<JobParts>,
}

impl Job {
    /// The job in a tenant.
    #[must_use]
    pub fn new(parts: JobParts) -> Self {
        Self { parts: Arc::new(parts) }
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
        let graph = self.graph().await?;
        let desired = checked::check(request, &graph, self.parts.clock.now())?;
        let observed = Box::pin(observe::observe_settled(&self.parts, graph, &desired)).await?;
        let setting = Setting {
            tenant: &self.parts.tenant,
            operator: &self.parts.operator,
            keychain: self.parts.secrets.place(),
            plan_id: Uuid::new_v4().to_string(),
        };
        Ok(planning::plan(desired, observed, &setting))
    }

    /// Executes the plan. News go to `listener`; the answer says how it ended, with what exists.
    ///
    /// # Errors
    /// `busy` when a run for the same principal goes on, `localFile` when the journal cannot be written. In both cases
    /// nothing was changed. Whatever happens later is told in the run.
    pub async fn run(&self, plan: Plan, cancel: CancellationToken, listener: Listener) -> Result<RunView, Problem> {
        let run = Run::begin(Arc::clone(&self.parts), plan, cancel, listener).await?;
        Ok(Box::pin(run.go()).await)
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

    async fn graph(&self) -> Result<inbound_entra::model::GraphResource, Problem> {
        observe::graph_resource(&self.parts, &Call::default()).await
    }
}
