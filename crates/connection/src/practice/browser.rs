//! Stands in for the system browser on the practice tenant: opens the sign-in page and fills it in as a persona.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use inbound_entra::auth::{Browser, BrowserError};
use practice_tenant::{FollowError, PersonaKey, follow_sign_in};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;

/// The page is on this computer and nobody reads it, so it is done in a moment or never.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signs in as one persona. Dropping it closes its pages.
pub(crate) struct PersonaBrowser {
    persona: PersonaKey,
    authority_sha256: String,
    failures: mpsc::UnboundedSender<FollowError>,
    patience: Duration,
    pages: Mutex<JoinSet<()>>,
}

impl PersonaBrowser {
    /// A browser, and where to hear that it could not finish: nobody sits before it to press a button.
    pub(crate) fn new(persona: PersonaKey, authority_sha256: String) -> (Self, mpsc::UnboundedReceiver<FollowError>) {
        let (failures, heard) = mpsc::unbounded_channel();
        (Self { persona, authority_sha256, failures, patience: PATIENCE, pages: Mutex::default() }, heard)
    }
}

#[async_trait]
impl Browser for PersonaBrowser {
    async fn open(&self, url: &Url) -> Result<(), BrowserError> {
        let (url, persona, sha256) = (url.to_string(), self.persona, self.authority_sha256.clone());
        let (failures, patience) = (self.failures.clone(), self.patience);
        // As a real browser, it goes its own way once it is open: the answer comes in at the loopback listener.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).spawn(async move {
            let followed = tokio::time::timeout(patience, follow_sign_in(&url, persona, &sha256)).await;
            let late = || FollowError::Unreachable(format!("no answer within {} seconds", patience.as_secs()));
            if let Err(error) = followed.unwrap_or_else(|_| Err(late())) {
                // Nobody listens any more when signing in ended meanwhile.
                let _ = failures.send(error);
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    /// A browser that waits for a page that never comes, with the other end of its connection.
    async fn waiting(
        patience: Duration,
    ) -> (PersonaBrowser, mpsc::UnboundedReceiver<FollowError>, tokio::net::TcpStream) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (browser, failures) = PersonaBrowser::new(PersonaKey::User, "0".repeat(64));
        let browser = PersonaBrowser { patience, ..browser };
        browser.open(&format!("https://127.0.0.1:{port}/").parse().expect("a url")).await.expect("open");
        let (stream, _) = listener.accept().await.expect("it came");
        (browser, failures, stream)
    }

    #[tokio::test]
    async fn closing_the_browser_ends_its_page() {
        let (browser, mut failures, mut stream) = waiting(PATIENCE).await;
        drop(browser);
        let mut said = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut said)).await;
        assert!(ended.is_ok(), "the connection was left open");
        assert!(failures.recv().await.is_none(), "and nobody speaks any more");
    }

    #[tokio::test]
    async fn a_page_that_never_comes_is_told() {
        let (_browser, mut failures, _stream) = waiting(Duration::from_millis(50)).await;
        let failure = failures.recv().await.expect("told");
        assert!(matches!(&failure, FollowError::Unreachable(why) if why.contains("no answer within")), "{failure}");
    }
}
