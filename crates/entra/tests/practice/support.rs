//! A practice tenant, a browser that signs in as a persona, and clocks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use inbound_entra::auth::{
    AppSecretCredential, Asker, AuthError, BrowserError, DeviceCode, Reason, SignInRequest, SignedIn, Way, sign_in,
};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::{Cloud, Trust};
use inbound_entra::graph::{Call, Graph, Wait};
use inbound_entra::ids::{AppId, TenantId};
use jiff::Timestamp;
use practice_tenant::{
    DeviceAnswer, Exchange, Fault, FaultRule, FaultScript, Options, PersonaKey, PracticeTenant, RetryAfter, StandIn,
    VirtualClock,
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// The tenant's own clock; waiting moves it.
#[derive(Debug, Clone)]
pub struct TenantClock(pub VirtualClock);

#[async_trait]
impl Clock for TenantClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }
}

/// A clock on which a wait never ends.
#[derive(Debug, Clone)]
pub struct Stopped(pub VirtualClock);

#[async_trait]
impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

/// Signs in as a persona, as a browser would, on its own.
pub struct PersonaAsker {
    /// Who sits before it; may change between two askings.
    pub persona: Mutex<PersonaKey>,
    pub authority: String,
    pub opened: Mutex<Vec<(Reason, Url)>>,
    pub shown: Mutex<Vec<(Reason, DeviceCode)>>,
    pub over: Mutex<usize>,
    /// What cancels the next asking.
    pub cancel: Mutex<CancellationToken>,
    /// Nobody answers.
    pub idle: Mutex<bool>,
    /// How long the operator takes.
    pub takes: Duration,
    /// What they say to a code; they sign in where nothing else is said.
    pub device_answer: Mutex<Option<DeviceAnswer>>,
}

impl PersonaAsker {
    pub fn whys(&self) -> Vec<Reason> {
        self.opened.lock().unwrap().iter().map(|(why, _)| why.clone()).collect()
    }

    pub fn last_url(&self) -> Url {
        self.opened.lock().unwrap().last().unwrap().1.clone()
    }
}

#[async_trait]
impl Asker for PersonaAsker {
    async fn open_page(&self, why: &Reason, url: &Url) -> Result<(), BrowserError> {
        self.opened.lock().unwrap().push((why.clone(), url.clone()));
        if *self.idle.lock().unwrap() {
            return Ok(());
        }
        let (url, persona, authority) = (url.to_string(), *self.persona.lock().unwrap(), self.authority.clone());
        let takes = self.takes;
        tokio::spawn(async move {
            tokio::time::sleep(takes).await;
            // Whether it went well is for the app to hear.
            let _ = StandIn::new(&authority).sign_in(&url, persona).await;
        });
        Ok(())
    }

    async fn show_code(&self, why: &Reason, code: &DeviceCode) {
        self.shown.lock().unwrap().push((why.clone(), code.clone()));
        if *self.idle.lock().unwrap() {
            return;
        }
        let answer = self.device_answer.lock().unwrap().unwrap_or(DeviceAnswer::Approve(*self.persona.lock().unwrap()));
        // Whether it went well is for the app to hear.
        let _ = StandIn::new(&self.authority)
            .answer_device_code(code.verification_uri.as_str(), &code.user_code, answer)
            .await;
    }

    fn answered(&self) {
        *self.over.lock().unwrap() += 1;
    }

    fn cancel(&self) -> CancellationToken {
        self.cancel.lock().unwrap().clone()
    }
}

pub struct Practice {
    pub tenant: PracticeTenant,
    pub cloud: Cloud,
}

impl Practice {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let tenant = PracticeTenant::start(options).await.unwrap();
        let cloud = Cloud::practice(&tenant.url()).unwrap();
        Self { tenant, cloud }
    }

    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(TenantClock(self.tenant.clock().clone()))
    }

    pub fn asker(&self, persona: PersonaKey) -> Arc<PersonaAsker> {
        self.asker_who_takes(persona, Duration::ZERO)
    }

    pub fn asker_who_takes(&self, persona: PersonaKey, takes: Duration) -> Arc<PersonaAsker> {
        Arc::new(PersonaAsker {
            persona: Mutex::new(persona),
            authority: self.tenant.authority_sha256().to_owned(),
            opened: Mutex::default(),
            shown: Mutex::default(),
            over: Mutex::default(),
            cancel: Mutex::default(),
            idle: Mutex::new(false),
            takes,
            device_answer: Mutex::default(),
        })
    }

    /// Signs in for all that most tests do.
    pub fn request(&self) -> SignInRequest {
        self.request_for(&["User.Read", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"])
    }

    pub fn request_for(&self, scopes: &[&str]) -> SignInRequest {
        SignInRequest {
            cloud: self.cloud.clone(),
            tenant: "organizations".to_owned(),
            client_id: AppId(self.tenant.public_client_id()),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            login_hint: None,
            select_account: true,
        }
    }

    /// By the operator's own client, to which nobody has consented yet.
    pub fn request_by_own_client(&self, scopes: &[&str]) -> SignInRequest {
        let client_id = AppId(self.tenant.operator_client_id());
        let tenant = self.tenant.tenant_id().to_string();
        SignInRequest { client_id, tenant, ..self.request_for(scopes) }
    }

    pub async fn try_sign_in(&self, persona: PersonaKey) -> Result<SignedIn, AuthError> {
        self.sign_in_by(self.asker(persona)).await
    }

    pub async fn sign_in_by(&self, asker: Arc<dyn Asker>) -> Result<SignedIn, AuthError> {
        self.sign_in_as(&self.request(), Way::Browser, asker).await
    }

    pub async fn sign_in_as(
        &self,
        request: &SignInRequest,
        way: Way,
        asker: Arc<dyn Asker>,
    ) -> Result<SignedIn, AuthError> {
        sign_in(request, way, asker, self.clock(), CancellationToken::new()).await
    }

    pub async fn sign_in(&self, persona: PersonaKey) -> SignedIn {
        self.try_sign_in(persona).await.unwrap()
    }

    /// Signed in as the global administrator, with nothing recorded yet.
    pub async fn graph(&self) -> Graph {
        self.graph_as(PersonaKey::GlobalAdministrator).await
    }

    pub async fn graph_as(&self, persona: PersonaKey) -> Graph {
        let signed_in = self.sign_in(persona).await;
        self.tenant.recorder().clear();
        self.graph_with(signed_in.credential, self.clock())
    }

    pub fn graph_with(&self, credential: Arc<dyn TokenCredential>, clock: Arc<dyn Clock>) -> Graph {
        Graph::new(self.cloud.clone(), credential, clock).unwrap()
    }

    pub fn automation(&self, secret: Option<&str>) -> AppSecretCredential {
        let automation = self.tenant.automation();
        let secret = secret.map_or(automation.client_secret, Into::into);
        let (tenant, id) = (TenantId(self.tenant.tenant_id()), AppId(automation.client_id));
        AppSecretCredential::new(self.cloud.clone(), tenant, id, secret).with_clock(self.clock())
    }

    pub fn faults(&self, rules: &[(&str, &str, u32, Fault)]) {
        let faults = rules
            .iter()
            .map(|(method, path, times, fault)| FaultRule {
                method: Some((*method).to_owned()),
                path: (*path).to_owned(),
                nth: 1,
                times: *times,
                fault: fault.clone(),
            })
            .collect();
        self.tenant.dials().set_faults(FaultScript { faults });
    }

    /// One fault after the other, each for one call.
    pub fn faults_in_turn(&self, method: &str, path: &str, faults: &[Fault]) {
        let rule = |(at, fault): (usize, &Fault)| FaultRule {
            method: Some(method.to_owned()),
            path: path.to_owned(),
            nth: u32::try_from(at).unwrap() + 1,
            times: 1,
            fault: fault.clone(),
        };
        let faults = faults.iter().enumerate().map(rule).collect();
        self.tenant.dials().set_faults(FaultScript { faults });
    }

    /// What was asked of Graph, or of the login endpoints, with this method.
    pub fn asked(&self, method: &str, part: &str) -> Vec<Exchange> {
        let all = self.tenant.recorder().exchanges();
        all.into_iter().filter(|it| it.method == method && it.path.contains(part)).collect()
    }
}

/// The cloud with another fingerprint.
pub fn mistrusting(cloud: &Cloud) -> Cloud {
    let Trust::Authority { mut sha256 } = cloud.trust else { panic!("pinned") };
    sha256[31] ^= 1;
    Cloud { trust: Trust::Authority { sha256 }, ..cloud.clone() }
}

pub fn status(status: u16, applied: bool, retry_after: Option<u32>) -> Fault {
    let retry_style = RetryAfter::Seconds;
    Fault::Status { status, applied, code: None, message: None, details: Vec::new(), retry_after, retry_style }
}

/// A call that remembers its waits.
pub fn listening() -> (Call, Arc<Mutex<Vec<Wait>>>) {
    let waits: Arc<Mutex<Vec<Wait>>> = Arc::default();
    let heard = Arc::clone(&waits);
    (Call { on_wait: Arc::new(move |wait| heard.lock().unwrap().push(wait)), ..Call::default() }, waits)
}
