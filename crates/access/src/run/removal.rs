//! Taking one thing away, for each step of undoing the same. The order is as ever: journal, request, journal; after an
//! unclear answer look and decide. The thing is read again right before it is taken away, and left alone if it is no longer
//! what was planned for.

use std::time::Duration;

use async_trait::async_trait;
use inbound_entra::graph::{Call, GraphError, request};
use inbound_entra::ids::ObjectId;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::patience::{GOOD_READS, Patience};
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::execute::Run;
use crate::run::fact::Made;
use crate::run::steps::{cancelled, conflict, replicating, unclear};
use crate::undo::owed::WAITS;

/// So long a deleted app or service principal can be restored (graph-facts 7).
const RESTORABLE: Duration = Duration::from_secs(30 * 86_400);

/// What exists when nobody has answered.
const MAY_BE_GONE: &str = "It may be gone, or go in a moment.";

/// How one kind of thing is taken away.
#[async_trait]
pub(super) trait Removal: Sync {
    /// The thing, or what the request needs to know of it.
    type Seen: Send + Sync;

    /// One look; none where the replica that was asked does not show it.
    async fn look(&self, call: Call) -> Result<Option<Self::Seen>, GraphError>;

    /// # Errors
    /// `stale` when it is no longer what was planned for.
    fn check(&self, _seen: &Self::Seen) -> Result<(), Problem> {
        Ok(())
    }

    /// The request that takes it away, as the journal tells it.
    fn request(&self, seen: &Self::Seen) -> request::Request;

    /// Sends that request; gives the service's id of it.
    async fn send(&self, call: Call, seen: Self::Seen) -> Result<Option<String>, GraphError>;

    /// Whether this refusal may say, in words that we do not know, that it is gone: then the next look tells.
    fn may_say_gone(&self, _error: &GraphError) -> bool {
        false
    }
}

/// What a step takes away, and what is said of it.
pub(super) struct Taking<'a> {
    pub(super) number: u32,
    pub(super) made: &'a Made,
    /// What the step does, in words that follow "to".
    pub(super) act: &'a str,
    /// What exists as long as it was not done.
    pub(super) still: &'a str,
    /// Who can do it, if this operator cannot.
    pub(super) who: &'a str,
    /// Under which id it lies in Entra's recycle bin afterwards; none for what is gone for good at once.
    pub(super) bin: Option<ObjectId>,
}

/// It is gone.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// As long as this it can be restored.
    pub(super) until: Option<Timestamp>,
    pub(super) request_id: Option<String>,
    pub(super) note: Option<String>,
}

impl Run {
    /// Takes it away, or finds that it is gone.
    pub(super) async fn take_away<R: Removal>(&self, taking: Taking<'_>, removal: &R) -> Result<Gone, Problem> {
        let number = taking.number;
        let mut away = Away::new(self, &taking);
        loop {
            away.not_cancelled()?;
            if let Some(seen) = away.look(removal).await? {
                removal.check(&seen)?;
                self.intend(number, &removal.request(&seen), self.aim_at(taking.made)).await?;
                match removal.send(self.call(number), seen).await {
                    Ok(request_id) => {
                        let until = taking.bin.and_then(|_| restorable(self.parts.clock.now()));
                        return Ok(Gone { until, request_id, note: None });
                    }
                    Err(error) if is_open(&error) || removal.may_say_gone(&error) => {
                        away.doubt(error, removal).await?;
                    }
                    Err(error) if self.may_await_role(number, &error) => {
                        let waited = self.await_role(number, &mut away.patience, &error, taking.act).await;
                        waited.map_err(|problem| match problem.code {
                            Code::Cancelled => away.if_lost(problem),
                            _ => refused(&error, &taking, self.again()),
                        })?;
                        continue;
                    }
                    Err(error) => return Err(refused(&error, &taking, self.again())),
                }
            }
            // What lies in the recycle bin is deleted for sure; on a slow replica it may still seem to be there.
            if let Some(id) = taking.bin
                && let Some(at) = self.deleted_at(id).await
            {
                return Ok(Gone { until: restorable(at), request_id: None, note: away.note() });
            }
            if away.is_sure() {
                return Ok(Gone { note: away.note(), ..Gone::default() });
            }
            away.wait().await?;
        }
    }

    /// When it was deleted, if the recycle bin says so. Who may not look there is told nothing.
    async fn deleted_at(&self, id: ObjectId) -> Option<Timestamp> {
        match self.parts.directory.deleted_object(&Self::last_call(), id).await {
            Ok(found) => found.filter(|it| it.id == id)?.deleted_date_time,
            Err(error) => {
                tracing::info!(%error, "the deleted items could not be read");
                None
            }
        }
    }
}

/// It is not known what became of the request, or Entra cannot do it yet.
fn is_open(error: &GraphError) -> bool {
    unclear(error) || replicating(error) || conflict(error)
}

fn refused(error: &GraphError, taking: &Taking<'_>, again: &str) -> Problem {
    let problem = trouble::graph(error, taking.act);
    match problem.code {
        Code::Forbidden => problem.exists(taking.still).advice(format!(
            "{} Ask one of them, or activate the role; then {again}: it goes on where it stopped.",
            taking.who
        )),
        Code::Cancelled => cancelled(taking.still),
        _ => problem.exists(taking.still),
    }
}

fn restorable(deleted: Timestamp) -> Option<Timestamp> {
    deleted.checked_add(RESTORABLE).ok()
}

/// Waits until something is gone, with several looks that agree.
struct Away<'a> {
    run: &'a Run,
    taking: &'a Taking<'a>,
    patience: Patience<'a>,
    /// How many looks in a row did not show it.
    absent: u32,
    error: Option<GraphError>,
    /// An answer was lost: nothing that is said later may claim that it is still there.
    lost: bool,
}

impl<'a> Away<'a> {
    fn new(run: &'a Run, taking: &'a Taking<'a>) -> Self {
        let patience = Patience::new(run.parts.clock.as_ref(), run.cancel.clone(), WAITS);
        Self { run, taking, patience, absent: 0, error: None, lost: false }
    }

    fn not_cancelled(&self) -> Result<(), Problem> {
        self.run.not_cancelled().map_err(|problem| self.if_lost(problem))
    }

    async fn look<R: Removal>(&mut self, removal: &R) -> Result<Option<R::Seen>, Problem> {
        let Taking { number, act, still, .. } = *self.taking;
        let seen = removal.look(self.run.call(number)).await.map_err(|error| {
            self.if_lost(match error {
                GraphError::Cancelled => cancelled(still),
                error => trouble::graph(&error, act).exists(still),
            })
        })?;
        self.absent = if seen.is_some() { 0 } else { self.absent + 1 };
        Ok(seen)
    }

    /// A request was sent and it is not known what became of it. Once the operator has cancelled, this is the last look.
    async fn doubt<R: Removal>(&mut self, error: GraphError, removal: &R) -> Result<(), Problem> {
        if self.run.cancel.is_cancelled() {
            let mut patience = Patience::new(self.run.parts.clock.as_ref(), CancellationToken::new(), WAITS);
            self.absent = 0;
            while !self.is_sure() {
                let is_absent = matches!(removal.look(Run::last_call()).await, Ok(None));
                self.absent += u32::from(is_absent);
                if !is_absent || (!self.is_sure() && patience.wait(|_, _| {}).await.is_err()) {
                    return Err(trouble::graph(&error, self.taking.act).exists(MAY_BE_GONE));
                }
            }
        }
        self.lost |= unclear(&error);
        self.error = Some(error);
        Ok(())
    }

    /// Several looks in a row agree that it is not there, and none of them can have come too early to see it.
    fn is_sure(&self) -> bool {
        let spread = self.run.undoing().ok().and_then(|undoing| undoing.spread);
        self.absent >= GOOD_READS && spread.is_none_or(|spread| spread <= self.run.parts.clock.now())
    }

    /// What the operator is told of a thing that was gone when it was looked for.
    fn note(&self) -> Option<String> {
        (self.error.is_none() && self.absent > 0).then(|| "was gone already".to_owned())
    }

    async fn wait(&mut self) -> Result<(), Problem> {
        let Taking { number, act, .. } = *self.taking;
        let waited = self.run.catch_up(number, &mut self.patience, self.error.as_ref(), act).await;
        waited.map_err(|problem| match problem.code {
            Code::Cancelled => self.if_lost(problem),
            _ => problem,
        })
    }

    fn if_lost(&self, problem: Problem) -> Problem {
        if self.lost { problem.exists(MAY_BE_GONE) } else { problem }
    }
}
