//! From a choice to a signed-in tenant.

use std::path::PathBuf;
use std::sync::Arc;

use inbound_access_job::problem::{Code, Problem};
use inbound_entra::clock::{Clock, SystemClock};
use inbound_entra::cloud::Cloud;
use inbound_keychain::Keychain;
use practice_tenant::{PersonaKey, personas};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::folders::Folders;
use crate::practice::embedded::{self, Embedded, Visitor};
use crate::practice::presence::{Door, Presence};
use crate::practice::seat;
use crate::runs::Shelf;
use crate::session::{self, Session};
use crate::view::{AppInfo, NetworkView, PersonaView, Settings};

/// Where the job is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The practice tenant inside the app.
    EmbeddedPractice,
    /// A practice tenant that runs elsewhere: the `url` that `practice serve` printed, as it is.
    PracticeUrl(String),
}

/// Connects a face to a tenant. Keeps the embedded practice tenant running as long as it lives.
pub struct Connector {
    folders: Folders,
    keychain: Keychain,
    version: String,
    visitor: Visitor,
    clock: Arc<dyn Clock>,
    embedded: Mutex<Option<Embedded>>,
    door: Door,
}

impl Connector {
    /// For a window, which stays until it is closed.
    #[must_use]
    pub fn new(folders: Folders, keychain: Keychain, version: impl Into<String>) -> Self {
        Self {
            folders,
            keychain,
            version: version.into(),
            visitor: Visitor { who: "the window of Inbound Access".into(), lasting: true },
            clock: Arc::new(SystemClock),
            embedded: Mutex::new(None),
            door: Door::default(),
        }
    }

    /// For a command, which ends by itself: others wait for it instead of leaning on it.
    #[must_use]
    pub fn for_a_command(mut self) -> Self {
        self.visitor = Visitor { who: "a command of inbound-access-cli".into(), lasting: false };
        self
    }

    /// What a face needs before anyone is signed in; `connection` is the face's to fill.
    #[must_use]
    pub fn app_info(&self) -> AppInfo {
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
            clouds: Vec::new(),
            microsoft_clients: Vec::new(),
            settings: Settings {
                clouds: Vec::new(),
                clients: Vec::new(),
                remembered: Vec::new(),
                lock_after_minutes: 15,
            },
            network: NetworkView { proxy: None, source: None, no_proxy: None },
            clouds_are_played: false,
        }
    }

    /// Signs in as `persona` and reads what a face shows first.
    ///
    /// # Errors
    /// With `signInFailed`, `unreachable`, `cancelled` and the like; nothing is changed in the tenant.
    pub async fn connect(
        &self,
        place: &Place,
        persona: PersonaKey,
        cancel: &CancellationToken,
    ) -> Result<Session, Problem> {
        let (cloud, presence) = match place {
            Place::EmbeddedPractice => {
                let (url, presence) = self.enter(cancel).await?;
                (session::practice_cloud(&url)?, Some(presence))
            }
            Place::PracticeUrl(url) => {
                let cloud = session::practice_cloud(url.trim())?;
                let presence = self.enter_if_embedded(&cloud, cancel).await?;
                (cloud, presence)
            }
        };
        let session = session::begin(session::Parts {
            cloud,
            shelf: if presence.is_some() { Shelf::Embedded } else { Shelf::Served },
            presence,
            persona,
            folders: &self.folders,
            keychain: self.keychain.clone(),
            clock: Arc::clone(&self.clock),
            cancel,
        })
        .await?;
        tracing::info!(
            cloud = session.view.cloud.as_str(),
            tenant = session.view.tenant_id.as_str(),
            persona = %persona,
            "connected"
        );
        Ok(session)
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
    async fn enter(&self, cancel: &CancellationToken) -> Result<(String, Arc<Presence>), Problem> {
        let mut embedded = self.embedded.lock().await;
        let url = self.inside(&mut embedded, cancel).await?.url();
        // Not before: who merely waits for the seat must not keep its holder from resetting.
        let presence = embedded::come_in(&self.door, &self.practice_folder()?, &self.clock, cancel).await?;
        Ok((url, presence))
    }

    /// The right to be in the embedded practice tenant, if `cloud` is that one, as the process that serves it notes. Each
    /// start makes its own authority, so one that is the same means the same tenant.
    async fn enter_if_embedded(
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
