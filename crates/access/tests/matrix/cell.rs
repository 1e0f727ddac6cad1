//! One cell: a run is struck, the program starts anew, and the run is continued, and another time undone.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use inbound_access_job::run::{RunState, RunView};

use crate::calls::{Call, Fault, Kind, Point};
use crate::child;
use crate::scene::{Scene, Story};
use crate::stage::{Errand, Stage};
use crate::support::run;
use crate::traces;

/// Where a cell lies in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub story: Story,
    pub at: Call,
    pub point: Point,
    pub fault: Fault,
}

/// What an undisturbed run of a scene comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undisturbed {
    state: String,
    listed: Vec<String>,
}

impl Undisturbed {
    pub async fn of(scene: Scene) -> Self {
        let stage = Stage::set(scene).await;
        let ended = set_up(&stage).await;
        Self::now(&stage, &ended)
    }

    pub fn now(stage: &Stage, run: &RunView) -> Self {
        Self { state: traces::end_state(stage), listed: traces::listed(run) }
    }

    /// Whether a run came to the same end.
    pub fn is_reached(&self, stage: &Stage, run: &RunView) {
        assert!(run.debts.is_empty() && !run.ways.can_continue, "{run:#?}");
        let is = Self::now(stage, run);
        assert_eq!(is.listed, self.listed);
        assert!(is.state == self.state, "{}\nis not the end of an undisturbed run:\n{}", is.state, self.state);
        traces::no_secret_is_lost(stage, run);
        traces::no_secret_is_written(stage);
    }
}

async fn set_up(stage: &Stage) -> RunView {
    let job = stage.job().await;
    let plan = stage.plan(&job, &Errand::SetUp).await;
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    ended
}

/// Why a cell does not hold.
#[derive(Debug)]
pub struct Lost(pub String);

/// What became of a cell, in the table's words.
pub async fn befall(test: &str, place: Place, wanted: &Undisturbed) -> Result<String, Lost> {
    let undone = caught("undo", Box::pin(is_undone(test, place))).await?;
    if place.story.is_undone {
        return Ok(undone.to_owned());
    }
    let continued = caught("continue", Box::pin(is_continued(test, place, wanted))).await?;
    Ok(format!("{continued}; {undone}"))
}

async fn caught<T>(way: &str, cell: impl Future<Output = T>) -> Result<T, Lost> {
    AssertUnwindSafe(cell).catch_unwind().await.map_err(|panic| Lost(format!("{way}: {}", words_of(&*panic))))
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

async fn is_continued(test: &str, place: Place, wanted: &Undisturbed) -> &'static str {
    let stage = struck(test, place).await;
    let found = stage.only();
    let words = if found.state == RunState::Done {
        "had ended"
    } else {
        assert!(found.ways.can_continue && found.ways.can_leave, "{found:#?}");
        let job = stage.job().await;
        let plan = stage.plan(&job, &Errand::Continue(found.id.clone())).await;
        let ended = run(&job, plan).await;
        assert_eq!(ended.state, RunState::Done, "{ended:#?}");
        "same end"
    };
    let ended = stage.only();
    assert_eq!(ended.id, found.id);
    wanted.is_reached(&stage, &ended);
    words
}

async fn is_undone(test: &str, place: Place) -> &'static str {
    let stage = struck(test, place).await;
    let found = stage.only();
    if found.state == RunState::Undone {
        is_gone(&stage);
        // It had come to that end by itself, which hangs on how far calls beside the struck one had come.
        return "undone";
    }
    if !found.ways.can_undo {
        assert!(found.made.is_empty() && found.debts.is_empty(), "{found:#?}");
        traces::is_as_before(&stage);
        return "nothing made";
    }
    undo(&stage, &found.id).await;
    "undone"
}

/// Undoes the run, of which then nothing is left.
pub async fn undo(stage: &Stage, id: &str) {
    let job = stage.job().await;
    let plan = stage.plan(&job, &Errand::Undo(id.to_owned())).await;
    assert!(plan.view().kept.is_empty(), "{:#?}", plan.view().kept);
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Undone, "{ended:#?}");
    is_gone(stage);
}

pub fn is_gone(stage: &Stage) {
    let run = stage.only();
    assert!(run.debts.is_empty() && !run.ways.can_continue && !run.ways.can_undo, "{run:#?}");
    assert!(run.made.iter().all(|made| made.removed.is_some()), "{run:#?}");
    traces::is_as_before(stage);
    traces::no_secret_is_written(stage);
}

/// The stage after the fault, with what must then hold.
async fn struck(test: &str, Place { story, at, point, fault }: Place) -> Stage {
    let stage = Stage::set(story.scene).await;
    let errand = if story.is_undone { Errand::Undo(set_up(&stage).await.id) } else { Errand::SetUp };
    let expected: &[RunState] = if fault == Fault::Kill {
        child::kill_at(test, &stage, &errand, at, point).await;
        // Undone when nothing was left to do.
        &[RunState::Interrupted, RunState::Undone]
    } else {
        let (_, began) = stage.outage(&errand, at, point, fault).await;
        assert!(began, "the fault did not strike");
        match point {
            // Without a disk nothing could be said of how it ended.
            Point::Answered => &[RunState::Interrupted, RunState::Undone],
            // The struck call may have been the last one.
            Point::Journalled => &[RunState::Failed, RunState::Done, RunState::Undone],
            // An answer without a body cannot be cut.
            Point::Unanswered if fault == Fault::Cut => &[RunState::Failed, RunState::Done, RunState::Undone],
            Point::BeforeSend if at.kind == Kind::Keep => &[RunState::Done],
            Point::BeforeSend | Point::Unanswered => &[RunState::Failed],
        }
    };
    // What takes too long is told only once it is over.
    let dial = match point {
        Point::Unanswered => Some(fault.of_the_answer()),
        Point::BeforeSend if !matches!(fault, Fault::Kill | Fault::TimeOut) => Some(fault.in_outage()),
        Point::BeforeSend | Point::Answered | Point::Journalled => None,
    };
    if let Some(name) = dial.filter(|_| at.kind != Kind::Keep).map(|dial| dial.kind()) {
        assert!(stage.bench.mutations().iter().any(|it| it.fault == Some(name)), "the tenant has not heard of it");
    }
    let found = stage.only();
    assert!(expected.contains(&found.state), "{found:#?}");
    traces::no_secret_is_lost(&stage, &found);
    traces::no_secret_is_written(&stage);
    stage
}
