//! A practice tenant, a browser that signs in as a persona, and clocks.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::TokenCredential;
use inbound_entra::auth::{
    AppSecretCredential, AuthError, Browser, BrowserError, BrowserSignIn, SignedIn, sign_in_with_browser,
};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::{Cloud, Trust};
use inbound_entra::graph::{Call, Graph, Wait};
use inbound_entra::ids::{AppId, TenantId};
use jiff::Timestamp;
use practice_tenant::{
    Exchange, Fault, FaultRule, FaultScript, Options, PersonaKey, PracticeTenant, RetryAfter, VirtualClock,
    follow_sign_in,
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
pub struct PersonaBrowser {
    pub persona: PersonaKey,
    pub authority: String,
    pub opened: Mutex<Vec<Url>>,
}

#[async_trait]
impl Browser for PersonaBrowser {
    async fn open(&self, url: &Url) -> Result<(), BrowserError> {
        self.opened.lock().unwrap().push(url.clone());
        let (url, persona, authority) = (url.to_string(), self.persona, self.authority.clone());
        tokio::spawn(async move { follow_sign_in(&url, persona, &authority).await.unwrap() });
        Ok(())
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

    pub fn browser(&self, persona: PersonaKey) -> PersonaBrowser {
        let authority = self.tenant.authority_sha256().to_owned();
        PersonaBrowser { persona, authority, opened: Mutex::default() }
    }

    pub fn request(&self) -> BrowserSignIn {
        let scopes = ["User.Read", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"];
        BrowserSignIn {
            cloud: self.cloud.clone(),
            tenant: "organizations".to_owned(),
            client_id: AppId(self.tenant.public_client_id()),
            scopes: scopes.map(str::to_owned).to_vec(),
            login_hint: None,
        }
    }

    pub async fn try_sign_in(&self, persona: PersonaKey) -> Result<SignedIn, AuthError> {
        self.sign_in_by(&self.browser(persona)).await
    }

    pub async fn sign_in_by(&self, browser: &dyn Browser) -> Result<SignedIn, AuthError> {
        sign_in_with_browser(&self.request(), browser, self.clock(), CancellationToken::new()).await
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
