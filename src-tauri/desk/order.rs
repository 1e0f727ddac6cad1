//! What the clerk is asked and told.

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::Plan;
use inbound_access_job::consent::ConsentRequest;
use inbound_access_job::plan::PlanView;
use inbound_access_job::problem::Problem;
use inbound_access_job::secrets::Taken;
use inbound_connection::view::{ConnectionView, Locked};
use inbound_connection::{Entry, Session};
use secrecy::SecretString;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::papers::Paper;
use crate::picture::Picture;
use crate::view::Revealed;

pub(super) type Reply<T> = oneshot::Sender<T>;

/// Tells the page that somebody wants to close the window.
pub(super) type TellPage = Box<dyn Fn() + Send>;

/// Tells runs apart before they have a name.
pub(super) type RunKey = u64;

pub(super) enum Order {
    Session(Reply<Option<Arc<Session>>>),
    /// Whether the session is locked, and which.
    Locked(Reply<Option<Locked>>),
    Connect {
        entry: Entry,
        reply: Reply<Result<ConnectionView, Problem>>,
    },
    Connected {
        attempt: u64,
        outcome: Box<Result<Session, Problem>>,
    },
    /// The operator is there.
    Touch,
    /// Nobody may have been there for too long.
    Idle {
        watch: u64,
    },
    /// After so long without a touch the session is locked from now on; none: never.
    LockAfter(Option<Duration>),
    Lock(Reply<Result<(), Problem>>),
    /// Signs in again as whoever was locked.
    Unlock(Reply<Result<ConnectionView, Problem>>),
    Disconnect(Reply<Result<(), Problem>>),
    MayReset(Reply<Result<(), Problem>>),
    KeepPlan {
        plan: Box<Plan>,
        session: Arc<Session>,
    },
    /// Keeps a request for consent that was opened, until it is planned.
    KeepRequest {
        id: Uuid,
        request: Box<ConsentRequest>,
    },
    Request {
        id: Uuid,
        reply: Reply<Option<ConsentRequest>>,
    },
    /// A kept plan as it was shown.
    PlanView {
        plan: Uuid,
        reply: Reply<Option<PlanView>>,
    },
    /// Keeps what a session was shown, under its id.
    KeepPaper {
        id: String,
        paper: Paper,
        session: Arc<Session>,
    },
    Paper {
        id: String,
        reply: Reply<Option<Paper>>,
    },
    /// The same, and it is kept no longer.
    TakePaper {
        id: String,
        reply: Reply<Option<Paper>>,
    },
    /// A long read begins; one of the same name is stopped.
    BeginReading {
        name: String,
        cancel: CancellationToken,
    },
    StopReading {
        name: String,
        reply: Reply<()>,
    },
    StartRun {
        plan: Uuid,
        reply: Reply<Result<Begun, Problem>>,
    },
    RunNamed {
        key: RunKey,
        run: String,
    },
    RunEnded {
        key: RunKey,
    },
    CancelRun {
        run: String,
        reply: Reply<Result<(), Problem>>,
    },
    /// The ids of the runs that go on.
    Ours(Reply<Vec<String>>),
    /// A new secret of a run waits to be taken.
    OfferSecret {
        run: String,
        waiting: Waiting,
    },
    /// It waits no longer, whether it was taken or not.
    SecretGone {
        run: String,
    },
    /// The secret of this run that waits to be taken.
    NewSecret {
        run: String,
        reply: Reply<Option<SecretString>>,
    },
    /// The operator has said whether they have it. Answered once the run has heard it; not at all when nothing waits.
    SettleSecret {
        run: String,
        taken: Taken,
        heard: Reply<()>,
    },
    /// Shows a picture; where it is of the new secret of a run, only as long as that waits to be taken.
    Show {
        picture: Box<Picture>,
        run: Option<String>,
        reply: Reply<Option<Revealed>>,
    },
    Hide(Reply<()>),
    /// A shown secret's time may be over.
    Expire,
    Picture {
        token: String,
        reply: Reply<Option<Zeroizing<Vec<u8>>>>,
    },
    WatchClosing {
        page: TellPage,
        reply: Reply<()>,
    },
    MayClose(Reply<bool>),
    KeepOpen(Reply<()>),
    Close(Reply<()>),
}

/// A secret that waits to be taken: it and the way back to its run.
pub(super) struct Waiting {
    pub(super) secret: SecretString,
    pub(super) settle: oneshot::Sender<(Taken, Reply<()>)>,
}

/// A run that may begin.
pub(super) struct Begun {
    pub(super) key: RunKey,
    pub(super) plan: Box<Plan>,
    pub(super) session: Arc<Session>,
    pub(super) cancel: CancellationToken,
}
