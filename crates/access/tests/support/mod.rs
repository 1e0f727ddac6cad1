//! The job against the real practice tenant over TLS: a tenant, a clock that never really waits, a keychain in memory.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod deadly;
pub mod faulty;
pub mod foreign;
pub mod keychain;
pub mod others;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::directory::Directory;
use inbound_access_job::history::HistoryStore;
use inbound_access_job::problem::Problem;
use inbound_access_job::run::{RunEvent, RunState, RunView, StepState};
use inbound_access_job::secrets::{AppTokens, SecretStore};
use inbound_access_job::{AppOperator, Job, JobParts, Listener, Operator, PersonOperator, Plan, RunStore, TenantFacts};
use inbound_entra::auth::{
    AppSecretCredential, Asker, BrowserError, DeviceCode, Reason, SessionHandle, SignInRequest, Way, sign_in,
    token_roles,
};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use inbound_entra::graph::{Call, Graph};
use inbound_entra::ids::{AppId, TenantId};
use jiff::Timestamp;
use practice_tenant::{
    DialSettings, Exchange, Fault, FaultRule, FaultScript, Options, PersonaKey, PracticeTenant, StandIn, VirtualClock,
};
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use self::keychain::MemoryKeychain;

pub const UPLOAD: &str = "SynchronizationData-User.Upload";
pub const AUDIT_LOG: &str = "AuditLog.Read.All";
/// What every access token holds: the start of its second part. (Its first part alone, `eyJ`, may stand in an id by chance.)
pub const A_TOKEN: &str = ".eyJ";

/// Sleeping moves the tenant's clock and returns at once.
#[derive(Debug)]
pub struct TestClock(pub VirtualClock);

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
        tokio::task::yield_now().await;
    }
}

/// A persona before a browser, who answers whatever is asked.
pub struct Persona {
    key: PersonaKey,
    authority: String,
    asked: Mutex<Vec<Reason>>,
    session: Mutex<Option<SessionHandle>>,
}

impl Persona {
    /// Why they were asked, since the sign-in.
    pub fn asked(&self) -> Vec<Reason> {
        self.asked.lock().unwrap().clone()
    }

    /// They sign out: every token is dropped.
    pub fn sign_out(&self) {
        self.session.lock().unwrap().as_ref().unwrap().forget();
    }
}

#[async_trait]
impl Asker for Persona {
    async fn open_page(&self, why: &Reason, url: &Url) -> Result<(), BrowserError> {
        if *why != Reason::Connect {
            self.asked.lock().unwrap().push(why.clone());
        }
        let (url, key, authority) = (url.to_string(), self.key, self.authority.clone());
        // As a real browser, it goes its own way while the app waits.
        tokio::spawn(
            async move { StandIn::new(&authority).sign_in(&url, key).await.expect("the page can be followed") },
        );
        Ok(())
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {
        panic!("no code was asked for");
    }

    fn answered(&self) {}

    fn cancel(&self) -> CancellationToken {
        CancellationToken::new()
    }
}

/// The scopes that every sign-in begins with.
const FIRST_SCOPES: [&str; 2] = ["User.Read", "Application.Read.All"];

/// A practice tenant with everything around it.
pub struct Bench {
    pub tenant: PracticeTenant,
    pub cloud: Cloud,
    pub clock: Arc<TestClock>,
    pub keychain: Arc<MemoryKeychain>,
    pub runs: RunStore,
    pub folder: tempfile::TempDir,
}

/// Another administrator's computer.
pub struct Elsewhere {
    pub runs: RunStore,
    pub keychain: Arc<MemoryKeychain>,
    _folder: tempfile::TempDir,
}

impl Elsewhere {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runs = RunStore::open(folder.path().join("runs")).unwrap();
        Self { runs, keychain: Arc::new(MemoryKeychain::default()), _folder: folder }
    }
}

/// What it takes to sign in to a practice tenant, of this process or of another.
pub struct Seat {
    pub cloud: Cloud,
    pub tenant: TenantId,
    pub client: Uuid,
    /// Hex SHA-256 of the tenant's authority.
    pub authority: String,
}

impl Seat {
    /// The job as `persona` does it, and the person, to see what they were asked.
    pub async fn job(
        &self,
        persona: PersonaKey,
        wrap: impl FnOnce(Graph) -> Arc<dyn Directory>,
        runs: RunStore,
        keychain: Arc<dyn SecretStore>,
        clock: Arc<TestClock>,
    ) -> (Job, Arc<Persona>) {
        let clock: Arc<dyn Clock> = clock;
        let request = SignInRequest {
            cloud: self.cloud.clone(),
            tenant: self.tenant.to_string(),
            client_id: AppId(self.client),
            scopes: FIRST_SCOPES.map(str::to_owned).to_vec(),
            login_hint: None,
            select_account: true,
        };
        let authority = self.authority.clone();
        let person = Arc::new(Persona { key: persona, authority, asked: Mutex::default(), session: Mutex::default() });
        let asker: Arc<dyn Asker> = person.clone();
        let signed_in = sign_in(&request, Way::Browser, asker, Arc::clone(&clock), CancellationToken::new())
            .await
            .expect("sign-in works");
        let session = signed_in.session.expect("a person's session");
        *person.session.lock().unwrap() = Some(session.clone());
        let graph = Graph::new(self.cloud.clone(), signed_in.credential, Arc::clone(&clock)).unwrap();
        let call = Call::default();
        let (organization, roles) = (graph.organization(&call).await.unwrap(), graph.my_roles(&call).await.unwrap());
        let me = graph.me(&call).await.unwrap();
        let job = Job::new(JobParts {
            provisioning: Arc::new(graph.clone()),
            census: Arc::new(graph.clone()),
            api: Arc::new(graph.clone()),
            history: HistoryStore::beside(&runs),
            directory: wrap(graph),
            secrets: keychain,
            tokens: Arc::new(AppTokens { cloud: self.cloud.clone(), tenant: self.tenant }),
            clock,
            runs,
            tenant: TenantFacts {
                id: self.tenant,
                name: organization.display_name.unwrap_or_default(),
                cloud_key: self.cloud.key.clone(),
                cloud_name: self.cloud.name.clone(),
                login: self.cloud.login.clone(),
                graph: self.cloud.graph.clone(),
                portal: self.cloud.portal.clone(),
            },
            operator: Operator::Person(PersonOperator { name: signed_in.account.user_name, object_id: me.id, roles }),
            scopes: Arc::new(move || session.scopes_held()),
        });
        (job, person)
    }
}

impl Bench {
    pub async fn start() -> Self {
        Self::with(DialSettings::default()).await
    }

    pub async fn with(dials: DialSettings) -> Self {
        Self::of(PracticeTenant::start(Options { dials, ..Options::default() }).await.expect("the tenant starts"))
    }

    /// Around a tenant that was started otherwise.
    pub fn of(tenant: PracticeTenant) -> Self {
        let cloud = Cloud::practice(&tenant.url()).expect("its url names a cloud");
        let clock = Arc::new(TestClock(tenant.clock().clone()));
        let folder = tempfile::tempdir().unwrap();
        let runs = RunStore::open(folder.path().join("runs")).unwrap();
        Self { tenant, cloud, clock, keychain: Arc::new(MemoryKeychain::default()), runs, folder }
    }

    /// Where runs are kept.
    pub fn runs_folder(&self) -> std::path::PathBuf {
        self.folder.path().join("runs")
    }

    /// The job as `persona` does it, signed in through the real sign-in.
    pub async fn job(&self, persona: PersonaKey) -> Job {
        self.job_through(persona, |graph| Arc::new(graph)).await
    }

    /// The same on another computer: with a folder of runs and a keychain of its own.
    pub async fn job_elsewhere(&self, persona: PersonaKey, elsewhere: &Elsewhere) -> Job {
        let wrap = |graph| -> Arc<dyn Directory> { Arc::new(graph) };
        let client = self.tenant.public_client_id();
        self.job_with(persona, client, wrap, elsewhere.runs.clone(), elsewhere.keychain.clone()).await.0
    }

    /// The same, where the program dies; with what tells of it.
    pub async fn job_elsewhere_through(
        &self,
        elsewhere: &Elsewhere,
        wrap: impl FnOnce(Graph) -> (Arc<dyn Directory>, Arc<Notify>),
    ) -> (Job, Arc<Notify>) {
        let mut told = None;
        let wrap = |graph| {
            let (directory, reached) = wrap(graph);
            told = Some(reached);
            directory
        };
        let (client, person) = (self.tenant.public_client_id(), PersonaKey::PrivilegedRoleAdministrator);
        let job = self.job_with(person, client, wrap, elsewhere.runs.clone(), elsewhere.keychain.clone()).await.0;
        (job, told.unwrap())
    }

    /// An administrator's job with a store of its own on this folder of runs, as another process on this computer has.
    pub async fn job_over(&self, runs: std::path::PathBuf) -> Job {
        let wrap = |graph| -> Arc<dyn Directory> { Arc::new(graph) };
        let (client, runs) = (self.tenant.public_client_id(), RunStore::open(runs).unwrap());
        self.job_with(PersonaKey::GlobalAdministrator, client, wrap, runs, self.keychain.clone()).await.0
    }

    /// The same, with something between the job and the directory.
    pub async fn job_through(&self, persona: PersonaKey, wrap: impl FnOnce(Graph) -> Arc<dyn Directory>) -> Job {
        let client = self.tenant.public_client_id();
        self.job_with(persona, client, wrap, self.runs.clone(), self.keychain.clone()).await.0
    }

    /// The same through the operator's own client, to which nobody has consented yet; with the person, to see what they
    /// were asked.
    pub async fn job_by_own_client(&self, persona: PersonaKey) -> (Job, Arc<Persona>) {
        let wrap = |graph| -> Arc<dyn Directory> { Arc::new(graph) };
        let client = self.tenant.operator_client_id();
        self.job_with(persona, client, wrap, self.runs.clone(), self.keychain.clone()).await
    }

    /// The job as `persona` does it, with the person, to see what they were asked and to sign them out.
    pub async fn job_and_person(&self, persona: PersonaKey) -> (Job, Arc<Persona>) {
        let wrap = |graph| -> Arc<dyn Directory> { Arc::new(graph) };
        let client = self.tenant.public_client_id();
        self.job_with(persona, client, wrap, self.runs.clone(), self.keychain.clone()).await
    }

    async fn job_with(
        &self,
        persona: PersonaKey,
        client: Uuid,
        wrap: impl FnOnce(Graph) -> Arc<dyn Directory>,
        runs: RunStore,
        keychain: Arc<MemoryKeychain>,
    ) -> (Job, Arc<Persona>) {
        let seat = Seat { client, ..self.seat() };
        let made = seat.job(persona, wrap, runs, keychain, self.clock.clone()).await;
        self.tenant.recorder().clear();
        made
    }

    /// Where somebody signs in to this tenant.
    pub fn seat(&self) -> Seat {
        Seat {
            cloud: self.cloud.clone(),
            tenant: TenantId(self.tenant.tenant_id()),
            client: self.tenant.public_client_id(),
            authority: self.tenant.authority_sha256().to_owned(),
        }
    }

    pub async fn admin(&self) -> Job {
        self.job(PersonaKey::GlobalAdministrator).await
    }

    /// Graph requests that change something, in the order in which they arrived.
    pub fn mutations(&self) -> Vec<Exchange> {
        self.tenant
            .recorder()
            .exchanges()
            .into_iter()
            .filter(|exchange| exchange.method != "GET" && exchange.path.starts_with("/v1.0"))
            .collect()
    }

    /// The same, as short names.
    pub fn mutation_names(&self) -> Vec<&'static str> {
        self.mutations().iter().map(kind_of).collect()
    }

    /// One fault for the nth call of a kind.
    pub fn fault(&self, kind: &str, nth: u32, times: u32, fault: Fault) {
        let (method, path) = pattern_of(kind);
        let rule = FaultRule { method: Some(method.to_owned()), path: path.to_owned(), nth, times, fault };
        self.tenant.dials().set_faults(FaultScript { faults: vec![rule] });
    }

    pub fn no_faults(&self) {
        self.tenant.dials().set_faults(FaultScript::default());
    }

    /// Lets every replica catch up.
    pub fn settle(&self) {
        self.tenant.clock().advance(Duration::from_secs(60));
    }

    /// App registrations of this name, as the directory holds them.
    pub fn applications(&self, name: &str) -> Vec<Value> {
        entities(&self.tenant.snapshot(), "applications", name)
    }

    /// Client ids of every app and principal, as the directory holds them.
    pub fn client_ids(&self) -> Vec<String> {
        let snapshot = self.tenant.snapshot();
        let mut ids: Vec<String> = ["applications", "servicePrincipals"]
            .iter()
            .flat_map(|list| snapshot[*list].as_object().unwrap().values())
            .map(|row| row["appId"].as_str().or_else(|| row["app_id"].as_str()).unwrap().to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// Service principals of this name.
    pub fn principals(&self, name: &str) -> Vec<Value> {
        entities(&self.tenant.snapshot(), "servicePrincipals", name)
    }
}

/// `what` happens to a call, e.g. `addPassword`.
pub fn pattern_of(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "register" => ("PATCH", "/v1.0/applications({key}"),
        "request" => ("PATCH", "/v1.0/applications/{id}"),
        "servicePrincipal" => ("POST", "/v1.0/servicePrincipals"),
        "grant" => ("POST", "/v1.0/servicePrincipals/{id}/appRoleAssignedTo"),
        "addPassword" => ("POST", "/v1.0/applications/{id}/addPassword"),
        "removePassword" => ("POST", "/v1.0/applications/{id}/removePassword"),
        "withdraw" => ("PATCH", "/v1.0/applications/{id}"),
        "revoke" => ("DELETE", "/v1.0/servicePrincipals/{id}/appRoleAssignedTo/{id}"),
        "deleteApp" => ("DELETE", "/v1.0/applications/{id}"),
        "signIn" => ("PATCH", "/v1.0/servicePrincipals/{id}"),
        "deleteServicePrincipal" => ("DELETE", "/v1.0/servicePrincipals/{id}"),
        other => panic!("no such kind of call: {other}"),
    }
}

pub fn kind_of(exchange: &Exchange) -> &'static str {
    match (exchange.method.as_str(), exchange.path.as_str()) {
        ("PATCH", path) if path.contains("uniqueName") => "register",
        ("PATCH", path) if path.contains("/servicePrincipals/") => "signIn",
        ("PATCH", _) => "request",
        ("DELETE", path) if path.contains("/appRoleAssignedTo/") => "revoke",
        ("DELETE", path) if path.contains("/applications/") => "deleteApp",
        ("DELETE", path) if path.contains("/servicePrincipals/") => "deleteServicePrincipal",
        ("POST", path) if path.ends_with("/addPassword") => "addPassword",
        ("POST", path) if path.ends_with("/removePassword") => "removePassword",
        ("POST", path) if path.ends_with("/appRoleAssignedTo") => "grant",
        ("POST", path) if path.ends_with("/servicePrincipals") => "servicePrincipal",
        _ => "other",
    }
}

/// The one run that this computer knows of.
pub fn only(bench: &Bench) -> RunView {
    let mut runs = bench.runs.list().unwrap();
    assert_eq!(runs.len(), 1, "{runs:#?}");
    runs.remove(0)
}

/// What stands in the tenant: apps, service principals and grants as they are, those in the recycle bin left out.
pub fn standing(bench: &Bench) -> Value {
    let mut snapshot = bench.tenant.snapshot();
    let lists = ["applications", "servicePrincipals", "assignments"];
    let mut standing = serde_json::Map::new();
    for list in lists {
        let mut rows = snapshot[list].take();
        rows.as_object_mut().unwrap().retain(|_, row| row["deleted"].is_null());
        standing.insert(list.to_owned(), rows);
    }
    Value::Object(standing)
}

/// Objects of a snapshot's list, whatever its shape, that bear `name`.
fn entities(snapshot: &Value, list: &str, name: &str) -> Vec<Value> {
    let rows: Vec<Value> = match snapshot.get(list) {
        Some(Value::Array(rows)) => rows.clone(),
        Some(Value::Object(rows)) => rows.values().cloned().collect(),
        _ => panic!("the snapshot has no {list}: {:?}", snapshot.as_object().map(|o| o.keys().collect::<Vec<_>>())),
    };
    let name_of = |row: &Value| {
        row.get("displayName")
            .or_else(|| row.get("properties").and_then(|properties| properties.get("displayName")))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    rows.into_iter().filter(|row| name_of(row).as_deref() == Some(name)).collect()
}

/// Set up an app as the how-to does, with a secret for half a year.
pub fn app_request(bench: &Bench, name: &str) -> SetupRequest {
    let day = bench.clock.now().checked_add(Duration::from_secs(180 * 86_400)).unwrap();
    SetupRequest::AppRegistration {
        name: name.to_owned(),
        app: AppChoice::ByName,
        note: Some("Owner: HR IT".to_owned()),
        secret_description: None,
        secret_expires: day.strftime("%Y-%m-%d").to_string(),
        permissions: vec![UPLOAD.to_owned(), AUDIT_LOG.to_owned()],
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    }
}

/// The same, for a further app though the name is taken.
pub fn another(request: SetupRequest) -> SetupRequest {
    match request {
        SetupRequest::AppRegistration { name, note, secret_description, secret_expires, permissions, .. } => {
            let app = AppChoice::Another;
            SetupRequest::AppRegistration {
                name,
                app,
                note,
                secret_description,
                secret_expires,
                permissions,
                ask_consent: false,
                secret_goes: SecretGoes::IntoKeychain,
            }
        }
        identity => identity,
    }
}

pub fn identity_request(object_id: &str) -> SetupRequest {
    SetupRequest::ManagedIdentity {
        object_id: object_id.to_owned(),
        permissions: vec![UPLOAD.to_owned(), AUDIT_LOG.to_owned()],
        ask_consent: false,
    }
}

/// What a run said while it went on.
#[derive(Default, Clone)]
pub struct News(pub Arc<Mutex<Vec<RunEvent>>>);

impl News {
    pub fn listener(&self) -> Listener {
        let heard = Arc::clone(&self.0);
        Arc::new(move |event| heard.lock().unwrap().push(event))
    }

    /// States that a step went through.
    pub fn of_step(&self, wanted: u32) -> Vec<StepState> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter_map(|event| match event {
                RunEvent::Step { number, state, .. } if *number == wanted => Some(state.clone()),
                _ => None,
            })
            .collect()
    }

    pub fn caught_up(&self) -> bool {
        self.0
            .lock()
            .unwrap()
            .iter()
            .any(|event| matches!(event, RunEvent::Step { state: StepState::CatchingUp { .. }, .. }))
    }
}

pub async fn run(job: &Job, plan: Plan) -> RunView {
    job.run(plan, CancellationToken::new(), News::default().listener()).await.expect("the run begins")
}

/// Plan and run in one; every step must be done.
pub async fn set_up(job: &Job, request: SetupRequest) -> RunView {
    let plan = job.plan(request).await.expect("there is a plan");
    let run = run(job, plan).await;
    assert_eq!(run.state, RunState::Done, "{run:#?}");
    run
}

/// The problem of the step that failed.
pub fn failure(run: &RunView) -> Problem {
    run.steps
        .iter()
        .find_map(|step| match &step.state {
            StepState::Failed { problem } => Some((**problem).clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("no step failed: {run:#?}"))
}

/// Passwords of the only app of this name.
pub fn passwords(bench: &Bench, name: &str) -> Vec<Value> {
    let found = bench.applications(name);
    assert_eq!(found.len(), 1, "apps called {name}: {found:#?}");
    let app = &found[0];
    let properties = app.get("properties").unwrap_or(app);
    properties.get("passwordCredentials").and_then(Value::as_array).cloned().unwrap_or_default()
}

impl Bench {
    /// The job as the tenant's automation app does it, signed in with its secret.
    pub async fn job_as_automation(&self) -> Job {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let automation = self.tenant.automation();
        let id = TenantId(self.tenant.tenant_id());
        let secret = automation.client_secret;
        let credential =
            Arc::new(AppSecretCredential::new(self.cloud.clone(), id, AppId(automation.client_id), secret));
        let scope = self.cloud.graph_default_scope();
        let token = credential.get_token(&[&scope], None).await.expect("a token");
        let roles = token_roles(token.token.secret());
        self.tenant.recorder().clear();
        let graph = Arc::new(Graph::new(self.cloud.clone(), credential, Arc::clone(&clock)).unwrap());
        Job::new(JobParts {
            directory: graph.clone(),
            provisioning: graph.clone(),
            census: graph.clone(),
            api: graph,
            history: HistoryStore::beside(&self.runs),
            secrets: self.keychain.clone(),
            tokens: Arc::new(AppTokens { cloud: self.cloud.clone(), tenant: id }),
            clock,
            runs: self.runs.clone(),
            tenant: TenantFacts {
                id,
                name: "Brightwater Foods".to_owned(),
                cloud_key: self.cloud.key.clone(),
                cloud_name: self.cloud.name.clone(),
                login: self.cloud.login.clone(),
                graph: self.cloud.graph.clone(),
                portal: self.cloud.portal.clone(),
            },
            operator: Operator::App(AppOperator { name: automation.client_id.to_string(), roles }),
            scopes: Arc::new(Vec::new),
        })
    }

    /// Grants a permission of Graph to who bears this name, as another administrator would.
    pub async fn grant(&self, name: &str, value: &str) {
        let graph = self.automation();
        let call = Call::default();
        let resource = graph.graph_resource(&call).await.unwrap();
        let role = resource.application_permission(value).expect("it is offered").id;
        let principal = self.principals(name)[0]["id"].as_str().unwrap().parse().unwrap();
        graph.grant(&call, resource.id, principal, role).await.unwrap();
    }

    /// The tenant's automation app, signed in with its secret.
    fn automation(&self) -> Graph {
        let automation = self.tenant.automation();
        let (tenant, id) = (TenantId(self.tenant.tenant_id()), AppId(automation.client_id));
        let credential = AppSecretCredential::new(self.cloud.clone(), tenant, id, automation.client_secret);
        let clock: Arc<dyn Clock> = self.clock.clone();
        Graph::new(self.cloud.clone(), Arc::new(credential), clock).unwrap()
    }

    /// Takes a grant away, as another administrator would.
    pub async fn revoke(&self, assignment: &str) {
        let graph = self.automation();
        let call = Call::default();
        let resource = graph.graph_resource(&call).await.unwrap();
        graph.revoke(&call, resource.id, assignment).await.unwrap();
    }
}

/// The same request, with the grants left to another administrator.
pub fn asking(request: SetupRequest) -> SetupRequest {
    match request {
        SetupRequest::AppRegistration { name, app, note, secret_description, secret_expires, permissions, .. } => {
            SetupRequest::AppRegistration {
                name,
                app,
                note,
                secret_description,
                secret_expires,
                permissions,
                ask_consent: true,
                secret_goes: SecretGoes::IntoKeychain,
            }
        }
        SetupRequest::ManagedIdentity { object_id, permissions, .. } => {
            SetupRequest::ManagedIdentity { object_id, permissions, ask_consent: true }
        }
    }
}

/// Everything of `before` is in `after` as it was, and these many are new: applications, service principals, grants.
pub fn only_added(before: &Value, after: &Value, added: [usize; 3]) {
    for (list, added) in ["applications", "servicePrincipals", "assignments"].into_iter().zip(added) {
        let (before, after) = (before[list].as_object().unwrap(), after[list].as_object().unwrap());
        for (id, object) in before {
            assert_eq!(Some(object), after.get(id), "{list} {id}");
        }
        assert_eq!(after.len(), before.len() + added, "{list}");
    }
}
