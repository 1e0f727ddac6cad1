//! From a choice to a signed-in tenant.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::problem::{Code, Problem};
use inbound_entra::clock::{Clock, SystemClock};
use inbound_entra::cloud::{Cloud, clouds};
use inbound_entra::http::network;
use inbound_entra::ids::AppId;
use inbound_keychain::Keychain;
use practice_tenant::personas;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::asking::{FrontDesk, Opener};
use crate::clients::microsoft_clients;
use crate::entry::{Entry, Place};
use crate::folders::Folders;
use crate::opener::SystemOpener;
use crate::practice::embedded::{self, Embedded, Visitor};
use crate::practice::presence::{Door, Presence};
use crate::practice::seat;
use crate::runs::Shelf;
use crate::session::{self, Session};
use crate::settings::{self, SettingsFile, hosts_of};
use crate::sign_in::app::AppSignIn;
use crate::sign_in::{Entered, app, client_test, person, persona};
use crate::view::{
    AppInfo, ClientSetting, ClientTest, CloudView, NetworkView, PersonaView, Remembered, Settings, SignInRequest,
};

/// Connects a face to a tenant. Keeps the embedded practice tenant running as long as it lives.
pub struct Connector {
    folders: Folders,
    keychain: Keychain,
    version: String,
    visitor: Visitor,
    clock: Arc<dyn Clock>,
    place: Place,
    settings: SettingsFile,
    desk: FrontDesk,
    embedded: Mutex<Option<Embedded>>,
    door: Door,
}

impl Connector {
    /// For a window, which stays until it is closed. The practice tenant is the one inside the app.
    #[must_use]
    pub fn new(folders: Folders, keychain: Keychain, version: impl Into<String>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self {
            settings: SettingsFile::open(&folders, false),
            desk: FrontDesk::new(Arc::new(SystemOpener), Arc::clone(&clock)),
            folders,
            keychain,
            version: version.into(),
            visitor: Visitor { who: "the window of Inbound Access".into(), lasting: true },
            clock,
            place: Place::EmbeddedPractice,
            embedded: Mutex::new(None),
            door: Door::default(),
        }
    }

    /// Finds the practice tenant in `place`. One that runs elsewhere plays the real clouds, too.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.settings = SettingsFile::open(&self.folders, matches!(place, Place::PracticeUrl(_)));
        self.place = place;
        self
    }

    /// For a command, which ends by itself: others wait for it instead of leaning on it.
    #[must_use]
    pub fn for_a_command(mut self) -> Self {
        self.visitor = Visitor { who: "a command of inbound-access-cli".into(), lasting: false };
        self
    }

    /// Opens sign-in pages by other means, and counts time by another clock.
    #[must_use]
    pub fn with(mut self, opener: Arc<dyn Opener>, clock: Arc<dyn Clock>) -> Self {
        self.desk = FrontDesk::new(opener, Arc::clone(&clock));
        self.clock = clock;
        self
    }

    /// Where the operator is asked to sign in.
    #[must_use]
    pub fn front_desk(&self) -> &FrontDesk {
        &self.desk
    }

    /// The clock that everything here goes by.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Whether the practice tenant runs elsewhere.
    #[must_use]
    pub fn is_served_elsewhere(&self) -> bool {
        matches!(self.place, Place::PracticeUrl(_))
    }

    /// What a face needs before anyone is signed in; `connection` and `locked` are the face's to fill.
    pub async fn app_info(&self) -> AppInfo {
        let settings = self.settings.now().await;
        let found = network::as_found();
        AppInfo {
            version: self.version.clone(),
            platform: std::env::consts::OS.into(),
            keychain: self.keychain.place().into(),
            personas: personas()
                .into_iter()
                .map(|persona| PersonaView {
                    key: persona.key.to_string(),
                    name: persona.name,
                    user_principal_name: persona.user_principal_name,
                    roles: persona.roles,
                    explanation: persona.explanation,
                })
                .collect(),
            connection: None,
            locked: None,
            clouds: clouds().into_iter().map(|own| cloud_view(own, &settings)).collect(),
            microsoft_clients: microsoft_clients(),
            settings,
            settings_notice: self.settings.put_aside().map(str::to_owned),
            network: NetworkView { proxy: found.proxy, source: found.source, no_proxy: found.no_proxy },
            clouds_are_played: self.is_served_elsewhere(),
        }
    }

    /// After how long without a touch a session is locked; none: never.
    pub async fn lock_after(&self) -> Option<Duration> {
        let minutes = self.settings.now().await.lock_after_minutes;
        (minutes > 0).then(|| Duration::from_secs(u64::from(minutes) * 60))
    }

    /// Keeps what the operator edits of the settings.
    ///
    /// # Errors
    /// `invalidInput` with every unusable entry, `localFile`; then the old ones stand.
    pub async fn save_settings(&self, wanted: Settings) -> Result<Settings, Problem> {
        self.settings.save(wanted).await
    }

    /// Forgets a tenant that was signed in to.
    ///
    /// # Errors
    /// `localFile`.
    pub async fn forget_tenant(&self, cloud: &str, tenant_id: &str) -> Result<Settings, Problem> {
        self.settings.forget(cloud, tenant_id).await
    }

    /// Checks what can be checked of an entry without a network.
    ///
    /// # Errors
    /// `invalidInput` with every unusable field.
    pub async fn check(&self, entry: &Entry) -> Result<(), Problem> {
        match entry {
            Entry::Persona(_) => Ok(()),
            Entry::Person(request) => self.checked(request.clone()).await.map(drop),
        }
    }

    /// Signs in and reads what a face shows first.
    ///
    /// # Errors
    /// With `invalidInput`, `signInFailed`, `unreachable`, `cancelled` and the like; nothing is changed in the tenant.
    pub async fn enter(&self, entry: Entry, cancel: &CancellationToken) -> Result<Session, Problem> {
        let (entered, presence) = match &entry {
            Entry::Persona(persona) => {
                let (cloud, presence) = self.practice(cancel).await?;
                (persona::sign_in(&cloud, *persona, self.clock(), cancel).await?, presence)
            }
            Entry::Person(request) => {
                let checked = self.checked(request.clone()).await?;
                (person::sign_in(&checked, &self.desk, self.clock(), cancel).await?, None)
            }
        };
        let session = self.begin(entered, presence, Some(entry), cancel).await?;
        self.remember(&session).await;
        Ok(session)
    }

    /// Signs in as an app and reads what a face shows first.
    ///
    /// # Errors
    /// As [`Connector::enter`].
    pub async fn enter_as_app(&self, app: AppSignIn, cancel: &CancellationToken) -> Result<Session, Problem> {
        let cloud = self.cloud(&app.cloud).await?;
        let entered = app::sign_in(cloud, app, self.clock(), cancel).await?;
        self.begin(entered, None, None, cancel).await
    }

    /// Tries a public client of the operator's own by signing in with it.
    ///
    /// # Errors
    /// `invalidInput`, and when the network or the operator ends it; what is wrong with the client is no error.
    pub async fn test_client(&self, client: ClientSetting) -> Result<ClientTest, Problem> {
        let mut faults = Vec::new();
        let cloud = self.cloud(&client.cloud).await?;
        let tenant = client.tenant.trim().to_owned();
        if let Some(message) = (!tenant.is_empty()).then(|| settings::tenant_fault(&tenant)).flatten() {
            faults.push(settings::fault("tenant", message));
        }
        let id: Option<AppId> = client.client_id.trim().parse().ok();
        let Some(id) = id.filter(|_| faults.is_empty()) else {
            if id.is_none() {
                faults.push(settings::fault("clientId", settings::client_id_words(client.client_id.trim())));
            }
            return Err(settings::refused(faults));
        };
        let tenant = if tenant.is_empty() { "organizations".to_owned() } else { tenant };
        client_test::run(cloud, tenant, id, &self.desk, self.clock(), &CancellationToken::new()).await
    }

    /// The own client that is kept for a tenant of a cloud.
    pub async fn client_kept_for(&self, cloud: &str, tenant: Option<&str>) -> Option<String> {
        self.settings.now().await.client(cloud, tenant).map(|kept| kept.client_id.clone())
    }

    async fn checked(&self, request: SignInRequest) -> Result<person::Checked, Problem> {
        let cloud = self.cloud(&request.cloud).await?;
        person::check(cloud, request)
    }

    /// A real cloud as this computer reaches it, or as the practice tenant plays it.
    async fn cloud(&self, key: &str) -> Result<Cloud, Problem> {
        let cloud = self.settings.now().await.cloud(key)?;
        match &self.place {
            Place::EmbeddedPractice => Ok(cloud),
            Place::PracticeUrl(url) => Ok(cloud.played_by(&session::practice_cloud(url.trim())?)),
        }
    }

    /// The practice tenant, with the right to be in it where it is the one inside the app.
    async fn practice(&self, cancel: &CancellationToken) -> Result<(Cloud, Option<Arc<Presence>>), Problem> {
        match &self.place {
            Place::EmbeddedPractice => {
                let (url, presence) = self.come_in(cancel).await?;
                Ok((session::practice_cloud(&url)?, Some(presence)))
            }
            Place::PracticeUrl(url) => {
                let cloud = session::practice_cloud(url.trim())?;
                let presence = self.come_in_if_embedded(&cloud, cancel).await?;
                Ok((cloud, presence))
            }
        }
    }

    async fn begin(
        &self,
        entered: Entered,
        presence: Option<Arc<Presence>>,
        entry: Option<Entry>,
        cancel: &CancellationToken,
    ) -> Result<Session, Problem> {
        let shelf = if presence.is_some() { Shelf::Embedded } else { Shelf::Served };
        let session = session::begin(session::Parts {
            entered,
            entry,
            shelf,
            presence,
            folders: &self.folders,
            keychain: self.keychain.clone(),
            clock: self.clock(),
            cancel,
        })
        .await?;
        tracing::info!(cloud = session.view.cloud_key, tenant = session.view.tenant_id, "connected");
        Ok(session)
    }

    /// So that a returning operator sees this tenant first. A list that cannot be written is no reason to fail.
    async fn remember(&self, session: &Session) {
        let view = &session.view;
        let Some(way) = view.way else { return };
        let remembered = Remembered {
            cloud: view.cloud_key.clone(),
            tenant_id: view.tenant_id.clone(),
            tenant_name: view.tenant_name.clone(),
            account: view.account.clone(),
            way,
            client_id: view.client_id.clone(),
            last: self.clock.now().to_string(),
        };
        if let Err(problem) = self.settings.remember(remembered).await {
            tracing::warn!(error = %problem, "the tenant could not be remembered");
        }
    }

    /// Puts the embedded practice tenant back to its seed, and forgets the runs in it with their secrets. Sessions on
    /// it end: their objects are gone. Where secrets could not be removed from the keychain, their runs are kept, so that
    /// the next reset tries again, and the words that are returned name them.
    ///
    /// # Errors
    /// With `busy` when another process serves it, named in the message, or has a session on it, or a run goes on in it.
    pub async fn reset_practice(&self) -> Result<Option<String>, Problem> {
        let mut embedded = self.embedded.lock().await;
        let inside = self.inside(&mut embedded, &CancellationToken::new()).await?;
        let tenant_id = inside.tenant_id()?;
        // Taken before anybody's run is looked for: none begins elsewhere from here on.
        let _alone = embedded::close_door(&self.door, &self.practice_folder()?)?;
        if self.folders.practice_is_at_work(&tenant_id)? {
            return Err(Problem::new(Code::Busy, "A run is going on in the practice tenant.")
                .exists("It was not reset.")
                .advice("Wait until the run has ended, or cancel it, and try again."));
        }
        inside.reset()?;
        let left = self.folders.forget_practice_runs(&self.keychain, &tenant_id).await?;
        tracing::info!("practice tenant reset");
        Ok(left)
    }

    /// The embedded practice tenant's url, with the right to be in it. The one who resets holds `embedded` all the time.
    async fn come_in(&self, cancel: &CancellationToken) -> Result<(String, Arc<Presence>), Problem> {
        let mut embedded = self.embedded.lock().await;
        let url = self.inside(&mut embedded, cancel).await?.url();
        // Not before: who merely waits for the seat must not keep its holder from resetting.
        let presence = embedded::come_in(&self.door, &self.practice_folder()?, &self.clock, cancel).await?;
        Ok((url, presence))
    }

    /// The right to be in the embedded practice tenant, if `cloud` is that one, as the process that serves it notes. Each
    /// start makes its own authority, so one that is the same means the same tenant.
    async fn come_in_if_embedded(
        &self,
        cloud: &Cloud,
        cancel: &CancellationToken,
    ) -> Result<Option<Arc<Presence>>, Problem> {
        let folder = self.practice_folder()?;
        let noticed = seat::noticed(&folder).and_then(|notice| Cloud::practice(&notice.url).ok());
        if noticed.is_none_or(|noticed| noticed.trust != cloud.trust) {
            return Ok(None);
        }
        let _embedded = self.embedded.lock().await;
        embedded::come_in(&self.door, &folder, &self.clock, cancel).await.map(Some)
    }

    fn practice_folder(&self) -> Result<PathBuf, Problem> {
        Ok(self.folders.inside(&["practice"])?)
    }

    /// The embedded practice tenant, entered anew when it is not, or no longer, there.
    async fn inside<'a>(
        &self,
        embedded: &'a mut Option<Embedded>,
        cancel: &CancellationToken,
    ) -> Result<&'a Embedded, Problem> {
        let standing = match embedded.take() {
            Some(standing) if standing.stands().await => standing,
            _ => {
                let folder = self.practice_folder()?;
                Embedded::enter(&folder, &self.visitor, &self.clock, cancel).await?
            }
        };
        Ok(embedded.insert(standing))
    }
}

fn cloud_view(own: Cloud, settings: &Settings) -> CloudView {
    // Settings were checked when they were read.
    let cloud = settings.cloud(&own.key).unwrap_or_else(|_| own.clone());
    CloudView { edited: cloud != own, hosts: hosts_of(&cloud), key: own.key, name: own.name }
}
