//! Stands in for the system browser on the practice tenant: opens the sign-in page and fills it in as a persona.

use async_trait::async_trait;
use inbound_entra::auth::{Browser, BrowserError};
use practice_tenant::{FollowError, PersonaKey, follow_sign_in};
use tokio::sync::mpsc;
use url::Url;

/// Signs in as one persona.
pub(crate) struct PersonaBrowser {
    persona: PersonaKey,
    authority_sha256: String,
    failures: mpsc::UnboundedSender<FollowError>,
}

impl PersonaBrowser {
    /// A browser, and where to hear that it could not finish: nobody sits before it to press a button.
    pub(crate) fn new(persona: PersonaKey, authority_sha256: String) -> (Self, mpsc::UnboundedReceiver<FollowError>) {
        let (failures, heard) = mpsc::unbounded_channel();
        (Self { persona, authority_sha256, failures }, heard)
    }
}

#[async_trait]
impl Browser for PersonaBrowser {
    async fn open(&self, url: &Url) -> Result<(), BrowserError> {
        let (url, persona, sha256) = (url.to_string(), self.persona, self.authority_sha256.clone());
        let failures = self.failures.clone();
        // As a real browser, it goes its own way once it is open: the answer comes in at the loopback listener.
        tokio::spawn(async move {
            if let Err(error) = follow_sign_in(&url, persona, &sha256).await {
                // Nobody listens any more when signing in ended meanwhile.
                let _ = failures.send(error);
            }
        });
        Ok(())
    }
}
