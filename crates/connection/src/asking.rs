//! Asks the operator to prove who they are, and tells the face of it: at the first sign-in, and whenever the session
//! needs them again. The link of the page stays here: it holds a `state`, so the face may have it copied and opened
//! again, and never gets it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use inbound_access_job::problem::{Code, Problem};
use inbound_entra::auth::{Asker, BrowserError, DeviceCode, Reason};
use inbound_entra::clock::Clock;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::view::{AskedFor, Asking, SessionNews};

/// Who hears of what goes on around the session.
pub type News = Arc<dyn Fn(SessionNews) + Send + Sync>;

/// Opens addresses in the system's browser.
#[async_trait]
pub trait Opener: Send + Sync {
    /// Opens `url`; returns once that is under way.
    ///
    /// # Errors
    /// With the system's reason, without the address.
    async fn open(&self, url: &Url) -> Result<(), BrowserError>;
}

/// The one place where the operator is asked. Cheap to clone.
#[derive(Clone)]
pub struct FrontDesk {
    inner: Arc<Inner>,
}

struct Inner {
    opener: Arc<dyn Opener>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    news: Option<News>,
    asked: Option<Asked>,
}

/// What the operator is asked now.
struct Asked {
    news: SessionNews,
    link: Option<Url>,
    cancel: CancellationToken,
}

impl FrontDesk {
    /// A desk that nobody listens to yet.
    #[must_use]
    pub fn new(opener: Arc<dyn Opener>, clock: Arc<dyn Clock>) -> Self {
        Self { inner: Arc::new(Inner { opener, clock, state: Mutex::default() }) }
    }

    /// From now on `news` hears of everything, of what is asked now to begin with. Whoever listened before no longer does.
    pub fn listen(&self, news: News) {
        let mut state = self.state();
        if let Some(asked) = &state.asked {
            news(asked.news.clone());
        }
        state.news = Some(news);
    }

    /// Tells the face.
    pub fn tell(&self, news: SessionNews) {
        let listener = self.state().news.clone();
        if let Some(listener) = listener {
            listener(news);
        }
    }

    /// Ends what is asked now, as if the operator had declined; nothing when nothing is.
    pub fn cancel(&self) {
        if let Some(asked) = &self.state().asked {
            asked.cancel.cancel();
        }
    }

    /// The link of what is asked now.
    ///
    /// # Errors
    /// `notFound` when nothing is asked that has one.
    pub fn link(&self) -> Result<Url, Problem> {
        let link = self.state().asked.as_ref().and_then(|asked| asked.link.clone());
        link.ok_or_else(|| {
            Problem::new(Code::NotFound, "No sign-in waits for you any more.").advice("Start the sign-in again.")
        })
    }

    /// Opens the page of what is asked now once more.
    ///
    /// # Errors
    /// `notFound`, or that no browser can be opened.
    pub async fn open_again(&self) -> Result<(), Problem> {
        let link = self.link()?;
        self.inner.opener.open(&link).await.map_err(|BrowserError { reason }| {
            Problem::new(Code::Internal, format!("The web browser could not be opened: {reason}."))
                .exists("The sign-in still waits.")
                .advice("Copy the link and open it in a browser yourself.")
        })
    }

    /// Says that a tool is asked, until what is returned goes away.
    pub(crate) fn tool(&self, name: &str, cancel: &CancellationToken) -> Answering {
        let how = Asking::Tool { name: name.to_owned() };
        self.ask(&Reason::Connect, how, None, cancel.clone());
        Answering(self.clone())
    }

    /// For a sign-in and all that its session asks later. `connect` cancels the first sign-in as a whole.
    pub(crate) fn asker(&self, connect: &CancellationToken) -> Arc<dyn Asker> {
        Arc::new(FaceAsker { desk: self.clone(), step: Mutex::new(connect.child_token()) })
    }

    fn ask(&self, why: &Reason, how: Asking, link: Option<Url>, cancel: CancellationToken) {
        let news = SessionNews::Asking { why: asked_for(why), how };
        self.state().asked = Some(Asked { news: news.clone(), link, cancel });
        self.tell(news);
    }

    fn answered(&self) {
        // Taken before anyone is told: whoever asks then finds nothing.
        let was_asked = self.state().asked.take().is_some();
        if was_asked {
            self.tell(SessionNews::Answered);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for FrontDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FrontDesk")
    }
}

/// While it lives, something is asked.
pub(crate) struct Answering(FrontDesk);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.answered();
    }
}

fn asked_for(why: &Reason) -> AskedFor {
    match why {
        Reason::Connect => AskedFor::Connect,
        Reason::Challenge => AskedFor::Challenge,
        Reason::Ended => AskedFor::Ended,
        Reason::Scopes(scopes) => AskedFor::Scopes { scopes: scopes.clone() },
    }
}

/// Asks on behalf of one session.
struct FaceAsker {
    desk: FrontDesk,
    step: Mutex<CancellationToken>,
}

#[async_trait]
impl Asker for FaceAsker {
    async fn open_page(&self, why: &Reason, url: &Url) -> Result<(), BrowserError> {
        let cancel = self.cancel();
        let ask = |not_opened| {
            self.desk.ask(why, Asking::Browser { not_opened }, Some(url.clone()), cancel.clone());
        };
        ask(None);
        // A browser that does not open ends nothing: the link can be copied, and the wait goes on. The answer may have
        // come meanwhile all the same.
        if let Err(BrowserError { reason }) = self.desk.inner.opener.open(url).await {
            tracing::warn!(reason, "the web browser could not be opened");
            if self.desk.link().is_ok_and(|asked| asked == *url) {
                ask(Some(reason));
            }
        }
        Ok(())
    }

    async fn show_code(&self, why: &Reason, code: &DeviceCode) {
        let now = self.desk.inner.clock.now();
        let expires = now.checked_add(code.expires_in).unwrap_or(jiff::Timestamp::MAX);
        let how = Asking::DeviceCode {
            user_code: code.user_code.clone(),
            url: code.verification_uri.to_string(),
            expires: expires.to_string(),
        };
        self.desk.ask(why, how, Some(code.verification_uri.clone()), self.cancel());
    }

    fn answered(&self) {
        // The next step gets a token of its own.
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = CancellationToken::new();
        self.desk.answered();
    }

    fn cancel(&self) -> CancellationToken {
        self.step.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use inbound_entra::clock::SystemClock;

    use super::*;

    /// Opens nothing, for a reason.
    struct Shut(Option<&'static str>);

    #[async_trait]
    impl Opener for Shut {
        async fn open(&self, _: &Url) -> Result<(), BrowserError> {
            self.0.map_or(Ok(()), |why| Err(BrowserError { reason: why.to_owned() }))
        }
    }

    fn desk(why: Option<&'static str>) -> (FrontDesk, Arc<Mutex<Vec<SessionNews>>>) {
        let desk = FrontDesk::new(Arc::new(Shut(why)), Arc::new(SystemClock));
        let heard: Arc<Mutex<Vec<SessionNews>>> = Arc::default();
        let into = Arc::clone(&heard);
        desk.listen(Arc::new(move |news| into.lock().expect("unpoisoned").push(news)));
        (desk, heard)
    }

    fn url() -> Url {
        "https://login.microsoftonline.com/x?state=secret-state".parse().expect("a url")
    }

    #[tokio::test]
    async fn p11_a_browser_that_does_not_open_is_told_and_the_link_can_be_copied() {
        let (desk, heard) = desk(Some("xdg-open was not found"));
        let asker = desk.asker(&CancellationToken::new());
        asker.open_page(&Reason::Connect, &url()).await.expect("the wait goes on");
        assert_eq!(desk.link().expect("a link"), url());
        asker.answered();
        assert!(desk.link().is_err(), "nothing waits any more");
        let heard = heard.lock().expect("unpoisoned").clone();
        let browser = |not_opened: Option<&str>| SessionNews::Asking {
            why: AskedFor::Connect,
            how: Asking::Browser { not_opened: not_opened.map(str::to_owned) },
        };
        assert_eq!(heard, [browser(None), browser(Some("xdg-open was not found")), SessionNews::Answered]);
        assert!(!format!("{heard:?}").contains("secret-state"), "p10: the page never gets the link");
    }

    #[tokio::test]
    async fn cancelling_ends_the_step_under_way_and_not_the_next_one() {
        let (desk, _heard) = desk(None);
        let connect = CancellationToken::new();
        let asker = desk.asker(&connect);
        desk.cancel();
        assert!(!asker.cancel().is_cancelled(), "nothing was asked");
        asker.open_page(&Reason::Connect, &url()).await.expect("open");
        let step = asker.cancel();
        desk.cancel();
        assert!(step.is_cancelled());
        asker.answered();
        assert!(!asker.cancel().is_cancelled());
        connect.cancel();
        assert!(!asker.cancel().is_cancelled(), "later steps do not end with the attempt to connect");
    }

    #[tokio::test]
    async fn a_page_that_comes_late_hears_what_is_asked() {
        let (desk, _heard) = desk(None);
        let asker = desk.asker(&CancellationToken::new());
        let code = DeviceCode {
            user_code: "ABCD-1234".into(),
            verification_uri: url(),
            expires_in: std::time::Duration::from_secs(900),
            message: String::new(),
        };
        asker.show_code(&Reason::Ended, &code).await;
        let late: Arc<Mutex<Vec<SessionNews>>> = Arc::default();
        let into = Arc::clone(&late);
        desk.listen(Arc::new(move |news| into.lock().expect("unpoisoned").push(news)));
        let heard = late.lock().expect("unpoisoned").clone();
        let [SessionNews::Asking { why: AskedFor::Ended, how: Asking::DeviceCode { user_code, .. } }] =
            heard.as_slice()
        else {
            panic!("{heard:?}")
        };
        assert_eq!(user_code, "ABCD-1234");
    }

    #[test]
    fn a_tool_is_asked_until_it_answers() {
        let (desk, heard) = desk(None);
        drop(desk.tool("Azure CLI", &CancellationToken::new()));
        let heard = heard.lock().expect("unpoisoned").clone();
        assert!(matches!(heard.as_slice(), [SessionNews::Asking { .. }, SessionNews::Answered]), "{heard:?}");
    }
}
