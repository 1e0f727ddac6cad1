//! The system's clipboard: a secret on it is marked as one and goes again if nobody copied anything since
//! (security P25).

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use inbound_access_job::problem::{Code, Problem};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// How long a secret stays.
pub const SECONDS: u32 = 30;
/// A clipboard's owner may be another program, which need not answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is asked of a clipboard.
pub trait Board {
    /// Puts a secret there, marked so that histories and clouds leave it alone where the system knows such a mark.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    fn put_secret(&mut self, text: &str) -> Result<(), BoardError>;
    /// Puts text there.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    fn put_text(&mut self, text: &str) -> Result<(), BoardError>;
    /// The text there now; none when it holds something else or nothing.
    fn text(&mut self) -> Option<String>;
    /// Empties it.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    fn clear(&mut self) -> Result<(), BoardError>;
}

/// The clipboard cannot be used; the system's words.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct BoardError(pub String);

impl From<BoardError> for Problem {
    fn from(error: BoardError) -> Self {
        Self::new(Code::Internal, format!("The clipboard cannot be used: {error}."))
            .exists("Nothing was copied.")
            .advice("Another program may be using it. Try again in a moment.")
    }
}

/// Remembers of a secret on the board only enough to know it again.
struct Keeper<B> {
    board: B,
    ours: Option<Ours>,
}

struct Ours {
    hash: [u8; 32],
    until: Instant,
}

impl<B: Board> Keeper<B> {
    fn new(board: B) -> Self {
        Self { board, ours: None }
    }

    fn put_secret(&mut self, secret: &SecretString, now: Instant) -> Result<(), BoardError> {
        self.board.put_secret(secret.expose_secret())?;
        let until = now + Duration::from_secs(SECONDS.into());
        self.ours = Some(Ours { hash: Sha256::digest(secret.expose_secret()).into(), until });
        Ok(())
    }

    fn put_text(&mut self, text: &str) -> Result<(), BoardError> {
        self.board.put_text(text)?;
        self.ours = None;
        Ok(())
    }

    fn clear_if_ours(&mut self) -> Result<(), BoardError> {
        let Some(ours) = self.ours.take() else { return Ok(()) };
        let there = self.board.text().map(Zeroizing::new);
        if there.is_some_and(|text| <[u8; 32]>::from(Sha256::digest(text.as_bytes())) == ours.hash) {
            self.board.clear()?;
        }
        Ok(())
    }

    /// How long until a secret's time is over; none when there is none.
    fn left(&self, now: Instant) -> Option<Duration> {
        self.ours.as_ref().map(|ours| ours.until.saturating_duration_since(now))
    }
}

type Reply = oneshot::Sender<Result<(), BoardError>>;

enum Ask {
    Secret(SecretString, Reply),
    Text(String, Reply),
    Clear(Reply),
}

/// The way to the clipboard's own thread: its calls may wait for other programs.
#[derive(Clone)]
pub struct Clipboard {
    asks: mpsc::Sender<Ask>,
}

impl Clipboard {
    /// Starts the thread; `open` is called in it when the clipboard is first needed, and again after it failed.
    pub fn start<B: Board>(open: impl Fn() -> Result<B, BoardError> + Send + 'static) -> Self {
        let (asks, asked) = mpsc::channel();
        // A thread that cannot be started shows as a clipboard that does not answer.
        let _ = thread::Builder::new().name("clipboard".into()).spawn(move || work(&open, &asked));
        Self { asks }
    }

    /// Puts a secret there and takes it away again after [`SECONDS`].
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    pub async fn put_secret(&self, secret: SecretString) -> Result<(), BoardError> {
        self.ask(|reply| Ask::Secret(secret, reply)).await
    }

    /// Puts text there that may stay.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    pub async fn put_text(&self, text: String) -> Result<(), BoardError> {
        self.ask(|reply| Ask::Text(text, reply)).await
    }

    /// Takes away a secret of ours, if one is still there; another text is left alone.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    pub async fn clear_if_ours(&self) -> Result<(), BoardError> {
        self.ask(Ask::Clear).await
    }

    async fn ask(&self, ask: impl FnOnce(Reply) -> Ask) -> Result<(), BoardError> {
        let (reply, answer) = oneshot::channel();
        let silent = || BoardError("it does not answer".into());
        self.asks.send(ask(reply)).map_err(|_| silent())?;
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(silent()),
        }
    }
}

fn work<B: Board>(open: &impl Fn() -> Result<B, BoardError>, asked: &mpsc::Receiver<Ask>) {
    let mut opened: Option<Keeper<B>> = None;
    loop {
        let left = opened.as_ref().and_then(|keeper| keeper.left(Instant::now()));
        let ask = match left {
            Some(left) => asked.recv_timeout(left),
            None => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match (ask, opened.as_mut()) {
            (Ok(ask), Some(keeper)) => serve(keeper, ask),
            (Ok(ask), None) => match open() {
                Ok(board) => serve(opened.insert(Keeper::new(board)), ask),
                Err(error) => refuse(ask, error),
            },
            (Err(RecvTimeoutError::Timeout), Some(keeper)) => {
                if let Err(error) = keeper.clear_if_ours() {
                    tracing::warn!(error = %error, "a secret could not be taken off the clipboard");
                }
            }
            (Err(_), _) => return,
        }
    }
}

fn serve<B: Board>(keeper: &mut Keeper<B>, ask: Ask) {
    // Whoever asked may have stopped waiting.
    match ask {
        Ask::Secret(secret, reply) => {
            let _ = reply.send(keeper.put_secret(&secret, Instant::now()));
        }
        Ask::Text(text, reply) => {
            let _ = reply.send(keeper.put_text(&text));
        }
        Ask::Clear(reply) => {
            let _ = reply.send(keeper.clear_if_ours());
        }
    }
}

fn refuse(ask: Ask, error: BoardError) {
    match ask {
        Ask::Secret(_, reply) | Ask::Text(_, reply) => {
            let _ = reply.send(Err(error));
        }
        // Nothing of ours can be on a clipboard that never opened.
        Ask::Clear(reply) => {
            let _ = reply.send(Ok(()));
        }
    }
}

/// The computer's own clipboard.
pub struct SystemBoard(arboard::Clipboard);

impl SystemBoard {
    /// Opens it.
    ///
    /// # Errors
    /// When there is none, e.g. without a display.
    pub fn open() -> Result<Self, BoardError> {
        arboard::Clipboard::new().map(Self).map_err(words)
    }
}

fn words(error: impl std::fmt::Display) -> BoardError {
    BoardError(error.to_string())
}

impl Board for SystemBoard {
    fn put_secret(&mut self, text: &str) -> Result<(), BoardError> {
        #[cfg(target_os = "macos")]
        use arboard::SetExtApple as _;
        #[cfg(target_os = "linux")]
        use arboard::SetExtLinux as _;
        #[cfg(windows)]
        use arboard::SetExtWindows as _;

        let set = self.0.set().exclude_from_history();
        #[cfg(windows)]
        let set = set.exclude_from_cloud();
        set.text(text).map_err(words)
    }

    fn put_text(&mut self, text: &str) -> Result<(), BoardError> {
        self.0.set_text(text).map_err(words)
    }

    fn text(&mut self) -> Option<String> {
        self.0.get_text().ok()
    }

    fn clear(&mut self) -> Result<(), BoardError> {
        self.0.clear().map_err(words)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A clipboard that others write to as well.
    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Content>>);

    #[derive(Default, Debug, PartialEq, Clone)]
    struct Content {
        text: Option<String>,
        secret: bool,
    }

    impl Shared {
        fn set(&self, text: Option<&str>, secret: bool) {
            *self.0.lock().unwrap() = Content { text: text.map(str::to_owned), secret };
        }
        fn now(&self) -> Content {
            self.0.lock().unwrap().clone()
        }
    }

    impl Board for Shared {
        fn put_secret(&mut self, text: &str) -> Result<(), BoardError> {
            self.set(Some(text), true);
            Ok(())
        }
        fn put_text(&mut self, text: &str) -> Result<(), BoardError> {
            self.set(Some(text), false);
            Ok(())
        }
        fn text(&mut self) -> Option<String> {
            self.now().text
        }
        fn clear(&mut self) -> Result<(), BoardError> {
            self.set(None, false);
            Ok(())
        }
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn a_secret_is_marked_and_goes() {
        let board = Shared::default();
        let mut keeper = Keeper::new(board.clone());
        keeper.put_secret(&secret("canary"), Instant::now()).expect("copied");
        assert_eq!(board.now(), Content { text: Some("canary".into()), secret: true });
        keeper.clear_if_ours().expect("cleared");
        assert_eq!(board.now().text, None);
    }

    #[test]
    fn what_someone_else_copied_meanwhile_stays() {
        let board = Shared::default();
        let mut keeper = Keeper::new(board.clone());
        keeper.put_secret(&secret("canary"), Instant::now()).expect("copied");
        board.set(Some("a shopping list"), false);
        keeper.clear_if_ours().expect("looked");
        assert_eq!(board.now().text.as_deref(), Some("a shopping list"));
    }

    #[test]
    fn a_second_copy_gets_its_whole_time() {
        let mut keeper = Keeper::new(Shared::default());
        let start = Instant::now();
        assert_eq!(keeper.left(start), None, "nothing to take away");
        keeper.put_secret(&secret("canary"), start).expect("copied");
        let later = start + Duration::from_secs(29);
        assert_eq!(keeper.left(later), Some(Duration::from_secs(1)));
        keeper.put_secret(&secret("canary"), later).expect("copied again");
        assert_eq!(keeper.left(later), Some(Duration::from_secs(30)));
        assert_eq!(keeper.left(later + Duration::from_secs(31)), Some(Duration::ZERO));
    }

    #[test]
    fn an_id_copied_after_a_secret_stays() {
        let board = Shared::default();
        let mut keeper = Keeper::new(board.clone());
        keeper.put_secret(&secret("canary"), Instant::now()).expect("copied");
        keeper.put_text("7d1c").expect("copied");
        assert_eq!(keeper.left(Instant::now()), None);
        keeper.clear_if_ours().expect("looked");
        assert_eq!(board.now(), Content { text: Some("7d1c".into()), secret: false });
    }

    #[tokio::test]
    async fn the_end_of_the_app_takes_a_secret_along() {
        let board = Shared::default();
        let inner = board.clone();
        let clipboard = Clipboard::start(move || Ok(inner.clone()));
        clipboard.put_secret(secret("canary")).await.expect("copied");
        assert_eq!(board.now(), Content { text: Some("canary".into()), secret: true });
        clipboard.clear_if_ours().await.expect("cleared");
        assert_eq!(board.now().text, None);
    }

    #[tokio::test]
    async fn a_clipboard_that_cannot_be_opened_is_tried_again_at_the_next_copy() {
        let board = Shared::default();
        let shut = Arc::new(Mutex::new(true));
        let (inner, state) = (board.clone(), Arc::clone(&shut));
        let clipboard = Clipboard::start(move || {
            if *state.lock().unwrap() { Err(BoardError("no display".into())) } else { Ok(inner.clone()) }
        });
        let error = clipboard.put_text("7d1c".into()).await.expect_err("no clipboard");
        let problem = Problem::from(error);
        assert!(problem.message.contains("no display"), "{}", problem.message);
        let words = problem.advice.unwrap_or_default();
        assert!(!words.contains("secret"), "an id is no secret: {words}");
        *shut.lock().unwrap() = false;
        clipboard.put_text("7d1c".into()).await.expect("copied");
        assert_eq!(board.now().text.as_deref(), Some("7d1c"));
    }
}
