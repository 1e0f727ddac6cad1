//! Serves the practice tenant that lies in the app's data folder, or joins the process that does.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::problem::{Code, Problem};
use inbound_entra::clock::Clock;
use practice_tenant::{DialSettings, Options, PracticeTenant};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::presence::{Alone, Door, Presence};
use super::seat::{self, Claim, Notice, Seat};

const STATE: &str = "tenant.json";
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(30);
const KNOCK: Duration = Duration::from_secs(2);

/// Who wants in.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// In words, for others that find it serving.
    pub who: String,
    /// Whether it stays until somebody closes it.
    pub lasting: bool,
}

/// The embedded practice tenant as this process has it.
pub(crate) enum Embedded {
    /// Served here.
    Serving {
        /// The server; it stops when dropped.
        tenant: Box<PracticeTenant>,
        /// Dropped after the tenant, so that the next one finds its last state.
        _seat: Seat,
    },
    /// Served by another process.
    Joined(Notice),
}

impl Embedded {
    /// Enters the practice tenant in `folder`. Waits while a process that ends by itself serves it: leaning on that
    /// one would break off in the middle.
    pub(crate) async fn enter(
        folder: &Path,
        visitor: &Visitor,
        clock: &Arc<dyn Clock>,
        cancel: &CancellationToken,
    ) -> Result<Self, Problem> {
        let until = clock.now() + PATIENCE;
        loop {
            let holder = match seat::claim(folder).map_err(|error| unusable(folder, &error))? {
                Claim::Ours(seat) => return Self::serve(folder, seat, visitor).await,
                Claim::Taken(Some(notice)) if notice.lasting && answers(&notice.url).await => {
                    return Ok(Self::Joined(notice));
                }
                Claim::Taken(holder) => holder,
            };
            if clock.now() >= until {
                return Err(held(holder.as_ref()));
            }
            pause(clock, cancel).await?;
        }
    }

    async fn serve(folder: &Path, seat: Seat, visitor: &Visitor) -> Result<Self, Problem> {
        let options = Options {
            state_file: Some(folder.join(STATE)),
            // What passes holds secrets; nobody reads it here.
            dials: DialSettings { recording: false, ..DialSettings::default() },
            ..Options::default()
        };
        let tenant = PracticeTenant::start(options).await.map_err(|error| {
            Problem::new(Code::Internal, format!("The practice tenant cannot start: {error}"))
                .exists("Nothing was changed.")
                .advice(format!("If its state is damaged, move {} away and try again.", folder.join(STATE).display()))
        })?;
        let notice =
            Notice { url: tenant.url(), pid: std::process::id(), who: visitor.who.clone(), lasting: visitor.lasting };
        seat.announce(&notice).map_err(|error| unusable(folder, &error))?;
        Ok(Self::Serving { tenant: Box::new(tenant), _seat: seat })
    }

    /// What `Cloud::practice` takes.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Serving { tenant, .. } => tenant.url(),
            Self::Joined(notice) => notice.url.clone(),
        }
    }

    /// Whether one can still get in.
    pub(crate) async fn stands(&self) -> bool {
        match self {
            Self::Serving { .. } => true,
            Self::Joined(notice) => answers(&notice.url).await,
        }
    }

    /// Back to the seed. Only the process that serves can do it.
    pub(crate) fn reset(&self) -> Result<(), Problem> {
        self.own()?.reset();
        Ok(())
    }

    /// The tenant's id, for the process that serves.
    pub(crate) fn tenant_id(&self) -> Result<String, Problem> {
        Ok(self.own()?.tenant_id().to_string())
    }

    fn own(&self) -> Result<&PracticeTenant, Problem> {
        match self {
            Self::Serving { tenant, .. } => Ok(tenant),
            Self::Joined(notice) => Err(Problem::new(
                Code::Busy,
                format!("The practice tenant is in use by {} (process {}).", notice.who, notice.pid),
            )
            .exists("It was not reset.")
            .advice(format!("Reset it there, or close {} and try again.", notice.who))),
        }
    }
}

/// Whether anything answers at the url's port. Whether it is the tenant meant is proven by its certificate later.
async fn answers(url: &str) -> bool {
    let Some(port) = Url::parse(url).ok().and_then(|url| url.port()) else { return false };
    matches!(tokio::time::timeout(KNOCK, TcpStream::connect(("127.0.0.1", port))).await, Ok(Ok(_)))
}

fn held(holder: Option<&Notice>) -> Problem {
    let who = holder.map_or_else(
        || "another process of Inbound Access that does not answer".to_owned(),
        |notice| format!("{} (process {})", notice.who, notice.pid),
    );
    Problem::new(Code::Busy, format!("The practice tenant is held by {who}."))
        .exists("Nothing was changed.")
        .advice("Wait until it is done or end it, and try again.")
}

/// Waits as long as another process resets the tenant, and comes in.
pub(crate) async fn come_in(
    door: &Door,
    folder: &Path,
    clock: &Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<Arc<Presence>, Problem> {
    let until = clock.now() + PATIENCE;
    loop {
        if let Some(presence) = door.enter(folder).map_err(|error| unusable(folder, &error))? {
            return Ok(presence);
        }
        if clock.now() >= until {
            return Err(Problem::new(
                Code::Busy,
                "Another process of Inbound Access is resetting the practice tenant.",
            )
            .exists("Nothing was changed.")
            .advice("Wait until it is done or end it, and try again."));
        }
        pause(clock, cancel).await?;
    }
}

/// Keeps everyone of another process out, for a reset.
pub(crate) fn close_door(door: &Door, folder: &Path) -> Result<Alone, Problem> {
    door.alone(folder).map_err(|error| unusable(folder, &error))?.ok_or_else(|| {
        Problem::new(Code::Busy, "Another process of Inbound Access is connected to the practice tenant.")
            .exists("It was not reset.")
            .advice("Wait until that process is done or end it, and try again.")
    })
}

async fn pause(clock: &Arc<dyn Clock>, cancel: &CancellationToken) -> Result<(), Problem> {
    tokio::select! {
        () = cancel.cancelled() => {
            Err(Problem::new(Code::Cancelled, "Connecting to the practice tenant was cancelled.")
                .exists("Nothing was changed."))
        }
        () = clock.sleep(LOOK_AGAIN) => Ok(()),
    }
}

fn unusable(folder: &Path, error: &std::io::Error) -> Problem {
    Problem::new(Code::LocalFile, format!("The practice tenant's folder {} cannot be used: {error}", folder.display()))
        .exists("Nothing was changed.")
        .advice("Make the folder writable for you, and try again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbound_entra::clock::SystemClock;

    fn visitor(who: &str, lasting: bool) -> Visitor {
        Visitor { who: who.into(), lasting }
    }

    async fn enter(folder: &Path, visitor: &Visitor) -> Result<Embedded, Problem> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Embedded::enter(folder, visitor, &clock, &CancellationToken::new()).await
    }

    #[tokio::test]
    async fn a_later_one_joins_a_window_and_may_not_reset_what_it_serves() {
        let folder = tempfile::tempdir().expect("a folder");
        let window = enter(folder.path(), &visitor("the window", true)).await.expect("served");
        let cli = enter(folder.path(), &visitor("the cli", false)).await.expect("joined");
        assert_eq!(cli.url(), window.url());
        let problem = cli.reset().expect_err("the window serves");
        assert_eq!(problem.code, Code::Busy);
        assert!(problem.message.contains("the window"), "{}", problem.message);
        window.reset().expect("the one that serves may");
        drop(window);
        assert!(!cli.stands().await, "the server is gone");
        assert!(matches!(enter(folder.path(), &visitor("the cli", false)).await, Ok(Embedded::Serving { .. })));
    }

    #[tokio::test]
    async fn a_later_one_waits_for_a_command_that_ends_by_itself() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = enter(folder.path(), &visitor("a command", false)).await.expect("served");
        let path = folder.path().to_path_buf();
        let second = tokio::spawn(async move { enter(&path, &visitor("the window", true)).await });
        drop(first);
        let second = second.await.expect("no panic").expect("served after the first");
        assert!(matches!(second, Embedded::Serving { .. }));
    }

    #[tokio::test]
    async fn waiting_can_be_cancelled() {
        let folder = tempfile::tempdir().expect("a folder");
        let _first = enter(folder.path(), &visitor("a command", false)).await.expect("served");
        let cancel = CancellationToken::new();
        cancel.cancel();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let outcome = Embedded::enter(folder.path(), &visitor("another", false), &clock, &cancel).await;
        assert_eq!(outcome.err().map(|problem| problem.code), Some(Code::Cancelled));
    }

    #[tokio::test]
    async fn a_process_that_holds_the_lock_without_a_word_is_named_after_a_while() {
        let folder = tempfile::tempdir().expect("a folder");
        let Claim::Ours(_seat) = seat::claim(folder.path()).expect("claimed") else { panic!("free") };
        let clock: Arc<dyn Clock> = Arc::new(Hasty::default());
        let outcome =
            Embedded::enter(folder.path(), &visitor("another", true), &clock, &CancellationToken::new()).await;
        let problem = outcome.err().expect("it is held");
        assert_eq!(problem.code, Code::Busy);
        assert!(problem.message.contains("does not answer"), "{}", problem.message);
    }

    /// Sleeps by moving its own hands.
    #[derive(Debug, Default)]
    struct Hasty(std::sync::atomic::AtomicU64);

    #[async_trait::async_trait]
    impl Clock for Hasty {
        fn now(&self) -> jiff::Timestamp {
            let slept = self.0.load(std::sync::atomic::Ordering::SeqCst);
            jiff::Timestamp::UNIX_EPOCH + Duration::from_millis(slept)
        }

        async fn sleep(&self, duration: Duration) {
            let slept = u64::try_from(duration.as_millis()).expect("short");
            self.0.fetch_add(slept, std::sync::atomic::Ordering::SeqCst);
        }
    }
}
