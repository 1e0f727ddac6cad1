//! The one owner of all that lasts longer than a command: who is signed in, plans, runs under way, the secret that is
//! shown. Commands reach it over a channel; a single task, the clerk, owns the state, so there are no locks.

mod clerk;
pub mod consent;
mod idle;
mod order;
mod papers;
pub mod reading;
mod runs;
mod shelf;
mod showing;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::desired::SetupRequest;
use inbound_access_job::fix::Fix;
use inbound_access_job::plan::PlanView;
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::run::{RunEvent, RunView};
use inbound_access_job::{Job, Plan};
use inbound_connection::view::{AppInfo, ClientSetting, ClientTest, ConnectionView, SessionNews, Settings};
use inbound_connection::{Connector, Entry, Session};
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::clipboard::{self, Clipboard};
use crate::picture;
use crate::view::{Copied, Reset, Revealed};
use clerk::Clerk;
use order::{Order, Reply};

/// Runs get so long to write down where they stopped when the window closes.
const FAREWELL: Duration = Duration::from_secs(5);

/// The way to the owner of state; cheap to clone.
#[derive(Clone)]
pub struct Desk {
    orders: mpsc::UnboundedSender<Order>,
    connector: Arc<Connector>,
    clipboard: Clipboard,
}

impl Desk {
    /// Starts the owner of state. To be called in the asynchronous runtime.
    #[must_use]
    pub fn start(connector: Connector, clipboard: Clipboard) -> Self {
        let connector = Arc::new(connector);
        let (orders, taken) = mpsc::unbounded_channel();
        tokio::spawn(Clerk::new(Arc::clone(&connector), orders.clone()).work(taken));
        Self { orders, connector, clipboard }
    }

    /// What the window needs first.
    ///
    /// # Errors
    /// Only when the owner of state is gone.
    pub async fn app_info(&self) -> Result<AppInfo, Problem> {
        let connection = self.ask(Order::Session).await?.map(|session| session.view.clone());
        let locked = self.ask(Order::Locked).await?;
        Ok(AppInfo { connection, locked, ..self.connector.app_info().await })
    }

    /// Signs in; an attempt under way before is cancelled. Who was signed in is signed out once somebody else has come in.
    ///
    /// # Errors
    /// With the connection's own problems, and with `busy` while a run goes on.
    pub async fn connect(&self, entry: Entry) -> Result<ConnectionView, Problem> {
        self.connector.check(&entry).await?;
        self.send(Order::LockAfter(self.connector.lock_after().await));
        self.ask(|reply| Order::Connect { entry, reply }).await?
    }

    /// Signs in again as whoever was locked.
    ///
    /// # Errors
    /// With the connection's own problems, with `signInFailed` when somebody else signs in, and with `notSignedIn` when
    /// nothing is locked. It stays locked then.
    pub async fn unlock(&self) -> Result<ConnectionView, Problem> {
        self.ask(Order::Unlock).await?
    }

    /// Drops the session's tokens and covers the window until the same person signs in again.
    ///
    /// # Errors
    /// With `busy` while a run goes on, `notSignedIn` when nobody is.
    pub async fn lock(&self) -> Result<(), Problem> {
        self.ask(Order::Lock).await?
    }

    /// The operator is there.
    pub fn touch(&self) {
        self.send(Order::Touch);
    }

    /// From now on `news` hears of what goes on around the session.
    pub fn watch_session(&self, news: impl Fn(SessionNews) + Send + Sync + 'static) {
        self.connector.front_desk().listen(Arc::new(news));
    }

    /// Ends the sign-in that the operator is asked for now.
    pub fn cancel_sign_in(&self) {
        self.connector.front_desk().cancel();
    }

    /// Copies the link of the sign-in that waits.
    ///
    /// # Errors
    /// With `notFound` when none waits, and when the clipboard cannot be used.
    pub async fn copy_sign_in_link(&self) -> Result<(), Problem> {
        let link = self.connector.front_desk().link()?;
        self.copy_text(link.to_string()).await
    }

    /// Opens the page of the sign-in that waits once more.
    ///
    /// # Errors
    /// With `notFound` when none waits, and when no browser can be opened.
    pub async fn open_sign_in_page(&self) -> Result<(), Problem> {
        self.connector.front_desk().open_again().await
    }

    /// Keeps settings.
    ///
    /// # Errors
    /// With `invalidInput` and every unusable entry, or `localFile`; then the old ones stand.
    pub async fn save_settings(&self, settings: Settings) -> Result<Settings, Problem> {
        let saved = self.connector.save_settings(settings).await?;
        self.send(Order::LockAfter(self.connector.lock_after().await));
        Ok(saved)
    }

    /// Forgets a tenant that was signed in to.
    ///
    /// # Errors
    /// With `localFile`.
    pub async fn forget_tenant(&self, cloud: &str, tenant_id: &str) -> Result<Settings, Problem> {
        self.connector.forget_tenant(cloud, tenant_id).await
    }

    /// Tries a public client of the operator's own.
    ///
    /// # Errors
    /// With `invalidInput`, and when the network or the operator ends it; what is wrong with the client is no error.
    pub async fn test_client(&self, client: ClientSetting) -> Result<ClientTest, Problem> {
        self.caught(move |desk| async move { desk.connector.test_client(client).await }).await
    }

    /// Signs out, and cancels an attempt to sign in.
    ///
    /// # Errors
    /// With `busy` while a run goes on.
    pub async fn disconnect(&self) -> Result<(), Problem> {
        self.ask(Order::Disconnect).await?
    }

    /// Puts the practice tenant back to its beginning; whoever is signed in there is signed out.
    ///
    /// # Errors
    /// With `busy` while a run goes on or another process serves the tenant.
    pub async fn reset_practice(&self) -> Result<Reset, Problem> {
        self.ask(Order::MayReset).await??;
        let left = self.caught(|desk| async move { desk.connector.reset_practice().await }).await?;
        // Only now: a reset that is refused leaves the operator where they were.
        self.disconnect().await?;
        Ok(Reset { left })
    }

    /// Does a part of the job as whoever is signed in.
    ///
    /// # Errors
    /// With `notSignedIn`, the job's own problems, and `internal` when it panicked.
    pub async fn with_job<T, F, W>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(Job) -> W + Send + 'static,
        W: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let session = self.session().await?;
        self.caught(move |_| work(session.job.clone())).await
    }

    /// The same for a part that waits for files.
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn with_job_blocking<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(Job) -> Result<T, Problem> + Send + 'static,
    {
        let session = self.session().await?;
        whole(tokio::task::spawn_blocking(move || work(session.job.clone()))).await
    }

    /// Plans, and keeps the plan for [`Desk::run_plan`].
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn plan(&self, request: SetupRequest) -> Result<PlanView, Problem> {
        self.planned(|job| async move { job.plan(request).await }).await
    }

    /// Plans what mends a finding, and keeps the plan for [`Desk::run_plan`].
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn plan_fix(&self, fix: Fix) -> Result<PlanView, Problem> {
        self.planned(|job| async move { job.plan_fix(fix).await }).await
    }

    /// Plans in any way, and keeps the plan.
    async fn planned<F, W>(&self, work: F) -> Result<PlanView, Problem>
    where
        F: FnOnce(Job) -> W + Send + 'static,
        W: Future<Output = Result<Plan, Problem>> + Send + 'static,
    {
        let session = self.session().await?;
        self.caught(move |desk| async move {
            let plan = work(session.job.clone()).await?;
            let view = plan.view().clone();
            desk.send(Order::KeepPlan { plan: Box::new(plan), session });
            Ok(view)
        })
        .await
    }

    /// Runs a plan to its end. The run does not depend on whoever waits here: a page that reloads does not stop it.
    ///
    /// # Errors
    /// With `stale` when the plan is not known (any more), and the job's own problems.
    pub async fn run_plan<N>(&self, plan: Uuid, news: N) -> Result<RunView, Problem>
    where
        N: Fn(RunEvent) + Send + Sync + 'static,
    {
        let begun = self.ask(|reply| Order::StartRun { plan, reply }).await??;
        let desk = self.clone();
        let key = begun.key;
        let orders = self.orders.clone();
        let tell = Arc::new(move |event: RunEvent| {
            if let RunEvent::Started { run } = &event {
                // Before the page hears of the run, so that its Cancel finds it.
                let _ = orders.send(Order::RunNamed { key, run: run.id.clone() });
            }
            news(event);
        });
        let shows = Arc::new(showing::Counter::new(self.orders.clone()));
        let run =
            tokio::spawn(async move { begun.session.job.run_showing(*begun.plan, begun.cancel, tell, shows).await });
        let settled = tokio::spawn(async move {
            let ended = whole(run).await;
            desk.send(Order::RunEnded { key });
            ended
        });
        whole(settled).await
    }

    /// Cancels a run; it ends when the request under way is answered.
    ///
    /// # Errors
    /// With `notFound` when no such run goes on.
    pub async fn cancel_run(&self, run: String) -> Result<(), Problem> {
        self.ask(|reply| Order::CancelRun { run, reply }).await?
    }

    /// Puts a secret on the clipboard for some seconds.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    pub async fn copy_secret(&self, secret: SecretString) -> Result<Copied, Problem> {
        self.put_on_clipboard(secret).await.map_err(|problem| {
            problem.advice("Try again. If it stays so, use Reveal, or read the secret in the keychain itself.")
        })
    }

    async fn put_on_clipboard(&self, secret: SecretString) -> Result<Copied, Problem> {
        self.clipboard.put_secret(secret).await?;
        Ok(Copied { clears_in_seconds: clipboard::SECONDS })
    }

    /// Puts text that is no secret on the clipboard.
    ///
    /// # Errors
    /// When the clipboard cannot be used.
    pub async fn copy_text(&self, text: String) -> Result<(), Problem> {
        Ok(self.clipboard.put_text(text).await?)
    }

    /// Shows a secret as a picture for some seconds.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub async fn reveal(&self, secret: SecretString, dark: bool) -> Result<Revealed, Problem> {
        let shown = self.show(secret, dark, None).await.and_then(|shown| shown.ok_or_else(fault));
        shown.map_err(|problem| {
            problem.exists("It is in the keychain as before.").advice("Use Copy, or read it in the keychain itself.")
        })
    }

    /// Shows a picture of `secret`; none where it is the new one of `run` and waits no longer once it is drawn.
    async fn show(&self, secret: SecretString, dark: bool, run: Option<String>) -> Result<Option<Revealed>, Problem> {
        let draw = move || {
            picture::draw(&secret, dark)
                .map_err(|error| Problem::new(Code::Internal, format!("The secret cannot be shown: {error}.")))
        };
        let picture = whole(tokio::task::spawn_blocking(draw)).await?;
        self.ask(|reply| Order::Show { picture: Box::new(picture), run, reply }).await
    }

    /// Ends what is shown.
    ///
    /// # Errors
    /// Only when the owner of state is gone.
    pub async fn hide(&self) -> Result<(), Problem> {
        self.ask(Order::Hide).await
    }

    /// The picture under a token, while it may be looked at.
    pub async fn picture(&self, token: String) -> Option<Zeroizing<Vec<u8>>> {
        self.ask(|reply| Order::Picture { token, reply }).await.ok().flatten()
    }

    /// From now on `page` is told when somebody wants to close the window while a run goes on.
    ///
    /// # Errors
    /// Only when the owner of state is gone.
    pub async fn watch_closing(&self, page: impl Fn() + Send + 'static) -> Result<(), Problem> {
        self.ask(|reply| Order::WatchClosing { page: Box::new(page), reply }).await
    }

    /// Whether the window may close now. If not, the page has been told.
    pub async fn may_close(&self) -> bool {
        // Without an owner of state nothing goes on that closing could cut short.
        self.ask(Order::MayClose).await.unwrap_or(true)
    }

    /// The operator was asked and keeps the window open.
    ///
    /// # Errors
    /// Only when the owner of state is gone.
    pub async fn keep_open(&self) -> Result<(), Problem> {
        self.ask(Order::KeepOpen).await
    }

    /// Before the process ends: cancels what goes on and waits a little for it, hides and takes back secrets.
    pub async fn close(&self) {
        let runs = self.ask(Order::Close);
        if tokio::time::timeout(FAREWELL, runs).await.is_err() {
            tracing::warn!("a run had not stopped when the app ended");
        }
        if let Err(error) = self.clipboard.clear_if_ours().await {
            tracing::warn!(error = %error, "a secret could not be taken off the clipboard");
        }
    }

    async fn session(&self) -> Result<Arc<Session>, Problem> {
        if let Some(session) = self.ask(Order::Session).await? {
            return Ok(session);
        }
        Err(match self.ask(Order::Locked).await? {
            Some(locked) => Problem::new(Code::NotSignedIn, "The session is locked.")
                .exists("Nothing was changed.")
                .advice(format!("Unlock it as {}.", locked.account)),
            None => Problem::new(Code::NotSignedIn, "Nobody is signed in.").advice("Connect to a tenant first."),
        })
    }

    async fn caught<T, F, W>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(Self) -> W + Send + 'static,
        W: Future<Output = Result<T, Problem>> + Send + 'static,
    {
        let desk = self.clone();
        whole(tokio::spawn(async move { Box::pin(work(desk)).await })).await
    }

    async fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        self.send(order(reply));
        answer.await.map_err(|_| fault())
    }

    fn send(&self, order: Order) {
        // Fails only when the clerk is gone; whoever waits for an answer notices.
        let _ = self.orders.send(order);
    }
}

/// What a task brought; a panic in it becomes a problem, and the window lives on.
pub(crate) async fn whole<T>(task: tokio::task::JoinHandle<Result<T, Problem>>) -> Result<T, Problem> {
    task.await.unwrap_or_else(|_| Err(fault()))
}

fn fault() -> Problem {
    Problem::new(Code::Internal, "Inbound Access made a mistake of its own.")
        .exists("If a change was being made, Activity shows how far it came.")
        .advice("Try again. If it happens again, report it with the log file of today.")
}

#[cfg(test)]
mod tests;
