//! The task that owns the state.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::Plan;
use inbound_access_job::consent::ConsentRequest;
use inbound_access_job::problem::{Code, Problem};
use inbound_connection::view::{ConnectionView, SessionNews};
use inbound_connection::{Connector, Entry, Session};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::idle::{Idle, LockedSession};
use super::order::{Begun, Order, Reply, RunKey, TellPage, Waiting};
use super::shelf::Shelf;
use crate::reveal::{self, Shown};

/// A page that plans again and again must not fill the memory.
const PLANS_KEPT: usize = 16;
/// Opened requests for consent, likewise.
const REQUESTS_KEPT: usize = 16;

pub(super) struct Clerk {
    connector: Arc<Connector>,
    orders: mpsc::UnboundedSender<Order>,
    session: Option<Arc<Session>>,
    locked: Option<LockedSession>,
    idle: Idle,
    connecting: Option<Connecting>,
    attempts: u64,
    plans: VecDeque<Box<Plan>>,
    requests: VecDeque<(Uuid, Box<ConsentRequest>)>,
    shelf: Shelf,
    runs: BTreeMap<RunKey, Running>,
    started: RunKey,
    /// New secrets that wait to be taken, by run.
    waiting: BTreeMap<String, Waiting>,
    shown: Shown,
    page: Option<TellPage>,
    /// The page was told of a wish to close and has not answered.
    asked: bool,
    closing: Option<Reply<()>>,
}

struct Connecting {
    attempt: u64,
    cancel: CancellationToken,
    /// To bring back who was locked, and nobody else.
    unlocks: bool,
    reply: Reply<Result<ConnectionView, Problem>>,
}

struct Running {
    name: Option<String>,
    cancel: CancellationToken,
}

impl Clerk {
    pub(super) fn new(connector: Arc<Connector>, orders: mpsc::UnboundedSender<Order>) -> Self {
        let idle = Idle::new(connector.clock(), orders.clone());
        Self {
            connector,
            orders,
            session: None,
            locked: None,
            idle,
            connecting: None,
            attempts: 0,
            plans: VecDeque::new(),
            requests: VecDeque::new(),
            shelf: Shelf::default(),
            runs: BTreeMap::new(),
            started: 0,
            waiting: BTreeMap::new(),
            shown: Shown::default(),
            page: None,
            asked: false,
            closing: None,
        }
    }

    pub(super) async fn work(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        while let Some(order) = orders.recv().await {
            self.carry_out(order);
        }
    }

    // Whoever asked may be gone by the time of the answer, which is then dropped.
    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Session(reply) => {
                let _ = reply.send(self.session.clone());
            }
            Order::Locked(reply) => {
                let _ = reply.send(self.locked.as_ref().map(|locked| locked.view.clone()));
            }
            Order::Connect { entry, reply } => self.connect(entry, reply),
            Order::Touch => self.touch(),
            Order::Idle { watch } => self.idle(watch),
            Order::LockAfter(after) => self.idle.lock_after(after),
            Order::Lock(reply) => {
                let _ = reply.send(self.lock(0));
            }
            Order::Unlock(reply) => self.unlock(reply),
            Order::KeepRequest { id, request } => {
                self.requests.push_back((id, request));
                if self.requests.len() > REQUESTS_KEPT {
                    self.requests.pop_front();
                }
            }
            Order::Request { id, reply } => {
                let found = self.requests.iter().find(|(own, _)| *own == id).map(|(_, request)| (**request).clone());
                let _ = reply.send(found);
            }
            Order::PlanView { plan, reply } => {
                let id = plan.to_string();
                let found = self.plans.iter().find(|plan| plan.view().id == id).map(|plan| plan.view().clone());
                let _ = reply.send(found);
            }
            Order::KeepPaper { id, paper, session } => {
                // What an earlier session brought late is not the next one's to save, or to send.
                if self.is_now(&session) {
                    self.shelf.keep(id, paper);
                }
            }
            Order::Paper { id, reply } => {
                let _ = reply.send(self.shelf.get(&id));
            }
            Order::TakePaper { id, reply } => {
                let _ = reply.send(self.shelf.take(&id));
            }
            Order::BeginReading { name, cancel } => self.shelf.begin(name, cancel),
            Order::StopReading { name, reply } => {
                self.shelf.stop(&name);
                let _ = reply.send(());
            }
            Order::Connected { attempt, outcome } => self.connected(attempt, *outcome),
            Order::Disconnect(reply) => {
                let _ = reply.send(self.sign_out());
            }
            Order::MayReset(reply) => {
                let _ = reply.send(self.may_reset());
            }
            Order::KeepPlan { plan, session } => self.keep(plan, &session),
            Order::StartRun { plan, reply } => {
                let _ = reply.send(self.begin(plan));
            }
            Order::RunNamed { key, run } => {
                if let Some(running) = self.runs.get_mut(&key) {
                    running.name = Some(run);
                }
            }
            Order::RunEnded { key } => {
                self.runs.remove(&key);
                self.idle.begin();
                // What the operator was asked about is over.
                self.asked = false;
                self.farewell();
            }
            Order::CancelRun { run, reply } => {
                let _ = reply.send(self.cancel(&run));
            }
            Order::Ours(reply) => {
                let _ = reply.send(self.runs.values().filter_map(|running| running.name.clone()).collect());
            }
            Order::OfferSecret { run, waiting } => {
                // Who closes the window does not take it any more: its run hears that at once.
                if self.closing.is_none() {
                    self.waiting.insert(run, waiting);
                }
            }
            Order::SecretGone { run } => {
                self.waiting.remove(&run);
                self.shown.hide();
            }
            Order::NewSecret { run, reply } => {
                let _ = reply.send(self.waiting.get(&run).map(|waiting| waiting.secret.clone()));
            }
            Order::SettleSecret { run, taken, heard } => {
                if let Some(waiting) = self.waiting.remove(&run) {
                    self.shown.hide();
                    let _ = waiting.settle.send((taken, heard));
                }
            }
            Order::Show { picture, run, reply } => {
                // The operator may have said that they have it while it was being drawn.
                let may_be_seen = run.is_none_or(|run| self.waiting.contains_key(&run));
                let revealed = may_be_seen.then(|| self.shown.show(*picture, Instant::now()));
                let _ = reply.send(revealed);
                self.remind();
            }
            Order::Hide(reply) => {
                self.shown.hide();
                let _ = reply.send(());
            }
            Order::Expire => self.shown.expire(Instant::now()),
            Order::Picture { token, reply } => {
                let _ = reply.send(self.shown.picture(&token, Instant::now()));
            }
            Order::WatchClosing { page, reply } => {
                self.page = Some(page);
                self.asked = false;
                let _ = reply.send(());
            }
            Order::MayClose(reply) => self.may_close(reply),
            Order::KeepOpen(reply) => {
                self.asked = false;
                let _ = reply.send(());
            }
            Order::Close(reply) => {
                self.stop_connecting();
                self.shown.hide();
                self.runs.values().for_each(|running| running.cancel.cancel());
                self.waiting.clear();
                self.closing = Some(reply);
                self.farewell();
            }
        }
    }

    fn connect(&mut self, entry: Entry, reply: Reply<Result<ConnectionView, Problem>>) {
        if let Err(busy) = self.no_run() {
            let _ = reply.send(Err(busy));
            return;
        }
        self.stop_connecting();
        // Who is signed in stays so until somebody else has come in.
        self.begin_connecting(entry, false, reply);
    }

    fn begin_connecting(&mut self, entry: Entry, unlocks: bool, reply: Reply<Result<ConnectionView, Problem>>) {
        self.attempts += 1;
        let (attempt, cancel) = (self.attempts, CancellationToken::new());
        self.connecting = Some(Connecting { attempt, cancel: cancel.clone(), unlocks, reply });
        let (connector, orders) = (Arc::clone(&self.connector), self.orders.clone());
        tokio::spawn(async move {
            let signing_in = tokio::spawn(async move { Box::pin(connector.enter(entry, &cancel)).await });
            let outcome = Box::new(super::whole(signing_in).await);
            let _ = orders.send(Order::Connected { attempt, outcome });
        });
    }

    fn connected(&mut self, attempt: u64, outcome: Result<Session, Problem>) {
        // An attempt that was cancelled meanwhile brings nobody in.
        let Some(connecting) = self.connecting.take_if(|connecting| connecting.attempt == attempt) else { return };
        let outcome = match (outcome, &self.locked) {
            (Ok(session), Some(locked)) if connecting.unlocks => locked.is_of(session),
            (outcome, _) => outcome,
        };
        // A run may have begun while the operator was at the sign-in page: it keeps its session.
        let outcome = outcome.and_then(|session| {
            self.no_run().inspect_err(|_| session.forget())?;
            Ok(session)
        });
        let view = outcome.map(|session| {
            let view = session.view.clone();
            if !connecting.unlocks {
                self.clear();
            }
            self.session = Some(Arc::new(session));
            self.locked = None;
            self.idle.begin();
            view
        });
        let _ = connecting.reply.send(view);
    }

    fn touch(&mut self) {
        // A computer that slept has nobody who was there.
        match self.idle.touched() {
            Some(minutes) if self.session.is_some() => drop(self.lock(minutes)),
            _ => {}
        }
    }

    fn idle(&mut self, watch: u64) {
        let Some(minutes) = self.idle.is_over(watch) else { return };
        // A run that goes on is work: it is not cut short, and its end counts as a touch.
        if self.lock(minutes).is_err() {
            self.idle.begin();
        }
    }

    /// Drops the session's tokens and keeps who it was; plans stay, as the same person comes back.
    fn lock(&mut self, after_minutes: u32) -> Result<(), Problem> {
        self.no_run()?;
        let Some(session) = self.session.take() else {
            return Err(Problem::new(Code::NotSignedIn, "Nobody is signed in.").exists("Nothing was locked."));
        };
        session.forget();
        self.shown.hide();
        self.idle.end();
        let locked = LockedSession::of(&session, after_minutes);
        tracing::info!(after_minutes, "the session was locked");
        self.connector.front_desk().tell(SessionNews::Locked { session: locked.view.clone() });
        self.locked = Some(locked);
        Ok(())
    }

    fn unlock(&mut self, reply: Reply<Result<ConnectionView, Problem>>) {
        self.stop_connecting();
        let Some(entry) = self.locked.as_ref().and_then(|locked| locked.entry.clone()) else {
            let none = Problem::new(Code::NotSignedIn, "No session is locked.").advice("Connect to a tenant first.");
            let _ = reply.send(Err(none));
            return;
        };
        self.begin_connecting(entry, true, reply);
    }

    fn stop_connecting(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            connecting.cancel.cancel();
            let cancelled = Problem::new(Code::Cancelled, "Signing in was cancelled.").exists("Nothing was changed.");
            let _ = connecting.reply.send(Err(cancelled));
        }
    }

    fn no_run(&self) -> Result<(), Problem> {
        if self.runs.is_empty() {
            return Ok(());
        }
        Err(Problem::new(Code::Busy, "A run is going on in this tenant.")
            .exists("It goes on; you are still signed in.")
            .advice("Wait until it ends, or cancel it first."))
    }

    fn sign_out(&mut self) -> Result<(), Problem> {
        self.no_run()?;
        self.stop_connecting();
        self.clear();
        Ok(())
    }

    /// Forgets who was signed in, and what belonged to their session.
    fn clear(&mut self) {
        if let Some(session) = self.session.take() {
            session.forget();
        }
        self.locked = None;
        self.idle.end();
        self.plans.clear();
        self.requests.clear();
        self.shelf.clear();
        self.shown.hide();
    }

    fn may_reset(&self) -> Result<(), Problem> {
        if self.connector.is_served_elsewhere() {
            return Err(Problem::new(Code::Refused, "This practice tenant was started by another program.")
                .exists("Nothing was changed.")
                .advice("Stop `inbound-access-cli practice serve` and start it again: that gives a fresh one."));
        }
        self.no_run()
    }

    fn keep(&mut self, plan: Box<Plan>, session: &Arc<Session>) {
        // A plan made for a tenant that was left meanwhile must never run in another.
        if !self.is_now(session) {
            return;
        }
        self.plans.push_back(plan);
        if self.plans.len() > PLANS_KEPT {
            self.plans.pop_front();
        }
    }

    fn is_now(&self, session: &Arc<Session>) -> bool {
        self.session.as_ref().is_some_and(|now| Arc::ptr_eq(now, session))
    }

    fn begin(&mut self, id: Uuid) -> Result<Begun, Problem> {
        let id = id.to_string();
        let found = self.plans.iter().position(|plan| plan.view().id == id).and_then(|place| self.plans.remove(place));
        self.idle.begin();
        let (Some(plan), Some(session), None) = (found, &self.session, &self.closing) else {
            return Err(Problem::new(Code::Stale, "This plan is not known any more, or was run already.")
                .exists("Nothing was changed by this attempt.")
                .advice("Look at the plan again, then run it."));
        };
        self.started += 1;
        let cancel = CancellationToken::new();
        self.runs.insert(self.started, Running { name: None, cancel: cancel.clone() });
        Ok(Begun { key: self.started, plan, session: Arc::clone(session), cancel })
    }

    fn cancel(&mut self, run: &str) -> Result<(), Problem> {
        let running = self.runs.values().find(|running| running.name.as_deref() == Some(run));
        let running = running.ok_or_else(|| {
            Problem::new(Code::NotFound, "No such run is going on.").advice("Activity shows how it ended.")
        })?;
        running.cancel.cancel();
        Ok(())
    }

    fn remind(&self) {
        let orders = self.orders.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(reveal::SECONDS.into())).await;
            let _ = orders.send(Order::Expire);
        });
    }

    /// While a run goes on the page asks the operator first. Who wants to close again before they have answered may: a
    /// page that hangs must not hold the window.
    fn may_close(&mut self, reply: Reply<bool>) {
        let page = self.page.as_ref().filter(|_| !self.runs.is_empty() && !self.asked);
        // The answer first: the window's own thread waits for it, and the page is told on that thread.
        let _ = reply.send(page.is_none());
        if let Some(page) = page {
            page();
            self.asked = true;
        }
    }

    fn farewell(&mut self) {
        if self.runs.is_empty()
            && let Some(reply) = self.closing.take()
        {
            let _ = reply.send(());
        }
    }
}
