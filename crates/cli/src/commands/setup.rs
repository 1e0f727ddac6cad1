//! What both set-ups share: plan, run, tell.

use std::path::Path;

use inbound_access_job::Plan;
use inbound_access_job::desired::SetupRequest;
use inbound_access_job::plan::PlanView;
use inbound_access_job::problem::Problem;
use inbound_access_job::run::RunView;
use inbound_connection::Session;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::consent;
use crate::args::Telling;
use crate::exit::{self, Exit};
use crate::output::{Output, remark};
use crate::{progress, text};

/// What `setup … --json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    plan: &'a PlanView,
    /// None when nothing was to be done, or the plan alone was asked for.
    run: Option<&'a RunView>,
    /// How many changes were planned.
    changes: u32,
}

/// Plans, runs unless only the plan is wanted, and tells. What is left to another administrator is saved in `ask`.
pub(crate) async fn set_up(
    session: &Session,
    request: SetupRequest,
    plan_only: bool,
    ask: Option<&Path>,
    telling: Telling,
    cancel: &CancellationToken,
) -> Result<Exit, Problem> {
    let plan = tokio::select! {
        plan = session.job.plan(request) => plan?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let (exit, run) = carry_out(session, plan, plan_only, telling, cancel).await?;
    if let Some((path, state)) = ask.zip(run.and_then(|run| run.consent)) {
        consent::save(session, &state, path)?;
        remark(&format!("The request for consent was saved as {}.", path.display()));
    }
    Ok(exit)
}

/// Runs a plan unless only the plan is wanted, and tells.
pub(crate) async fn carry_out(
    session: &Session,
    plan: Plan,
    plan_only: bool,
    telling: Telling,
    cancel: &CancellationToken,
) -> Result<(Exit, Option<RunView>), Problem> {
    let output = Output::new(telling.json);
    let view = plan.view().clone();
    let tell = |run: Option<&RunView>, words: &dyn Fn() -> String| {
        output.result(&Outcome { plan: &view, run, changes: view.changes }, |_| words())
    };
    if plan_only {
        tell(None, &|| text::plan::whole(&view))?;
        return Ok((Exit::Fine, None));
    }
    // A run that is continued is brought to its end even where its last change has taken effect already.
    if !text::plan::does_something(&view) && view.run_id.is_none() {
        tell(None, &|| text::plan::nothing_to_do(&view))?;
        return Ok((Exit::Fine, None));
    }
    if !telling.json {
        let remarks = text::plan::remarks(&view);
        if !remarks.is_empty() {
            remark(remarks.trim_end());
        }
    }
    let run = session.job.run(plan, cancel.clone(), progress::listener(telling)).await?;
    tell(Some(&run), &|| text::run::whole(&run))?;
    if let Some(problem) = exit::failure(&run) {
        // Without a stderr the exit code must do.
        let _ = output.problem(problem);
    }
    Ok((exit::of_run(&run, cancel.is_cancelled()), Some(run)))
}

/// Cancelled while nothing was made yet.
pub(crate) fn cancelled_before() -> Problem {
    Problem::new(inbound_access_job::problem::Code::Cancelled, "Cancelled.").exists("Nothing was changed.")
}
