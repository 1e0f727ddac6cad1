//! Stands in for the system browser on the practice tenant: opens the sign-in page and fills it in as a persona.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use inbound_entra::auth::{Asker, BrowserError, DeviceCode, Reason};
use practice_tenant::{FollowError, PersonaKey, follow_sign_in};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

/// The page is on this computer and nobody reads it, so it is done in a moment or never.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signs in as one persona. Dropping it closes its pages.
pub(crate) struct PersonaBrowser {
    persona: PersonaKey,
    authority_sha256: String,
    patience: Duration,
    pages: Mutex<JoinSet<()>>,
    /// Nobody sits before a page to press a button, so one that cannot be finished ends the step.
    step: Mutex<CancellationToken>,
    failure: std::sync::Arc<Mutex<Option<FollowError>>>,
}

impl PersonaBrowser {
    /// A browser of `persona` that trusts the authority with this fingerprint.
    pub(crate) fn new(persona: PersonaKey, authority_sha256: String) -> Self {
        Self {
            persona,
            authority_sha256,
            patience: PATIENCE,
            pages: Mutex::default(),
            step: Mutex::default(),
            failure: std::sync::Arc::default(),
        }
    }

    /// Why the last page could not be finished, once.
    pub(crate) fn failure(&self) -> Option<FollowError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[async_trait]
impl Asker for PersonaBrowser {
    async fn open_page(&self, _why: &Reason, url: &Url) -> Result<(), BrowserError> {
        let (url, persona, sha256) = (url.to_string(), self.persona, self.authority_sha256.clone());
        let (patience, step, failure) = (self.patience, self.cancel(), std::sync::Arc::clone(&self.failure));
        // As a real browser, it goes its own way once it is open: the answer comes in at the loopback listener.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).spawn(async move {
            let followed = tokio::time::timeout(patience, follow_sign_in(&url, persona, &sha256)).await;
            let late = || FollowError::Unreachable(format!("no answer within {} seconds", patience.as_secs()));
            if let Err(error) = followed.unwrap_or_else(|_| Err(late())) {
                *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                step.cancel();
            }
        });
        Ok(())
    }

    async fn show_code(&self, _why: &Reason, _code: &DeviceCode) {
        // A persona signs in by the page only.
        self.cancel().cancel();
    }

    fn answered(&self) {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = CancellationToken::new();
    }

    fn cancel(&self) -> CancellationToken {
        self.step.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::*;

    /// A browser that waits for a page that never comes, with the other end of its connection.
    async fn waiting(patience: Duration) -> (PersonaBrowser, tokio::net::TcpStream) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let browser = PersonaBrowser { patience, ..PersonaBrowser::new(PersonaKey::User, "0".repeat(64)) };
        let url = format!("https://127.0.0.1:{port}/").parse().expect("a url");
        browser.open_page(&Reason::Connect, &url).await.expect("open");
        let (stream, _) = listener.accept().await.expect("it came");
        (browser, stream)
    }

    #[tokio::test]
    async fn closing_the_browser_ends_its_page() {
        let (browser, mut stream) = waiting(PATIENCE).await;
        drop(browser);
        let mut said = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut said)).await;
        assert!(ended.is_ok(), "the connection was left open");
    }

    #[tokio::test]
    async fn a_page_that_never_comes_ends_the_step_and_is_told() {
        let (browser, _stream) = waiting(Duration::from_millis(50)).await;
        browser.cancel().cancelled().await;
        let failure = browser.failure().expect("told");
        assert!(matches!(&failure, FollowError::Unreachable(why) if why.contains("no answer within")), "{failure}");
        browser.answered();
        assert!(!browser.cancel().is_cancelled(), "the next step begins anew");
    }
}
