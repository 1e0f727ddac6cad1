//! Doing the rest of a run that did not come to its end, and leaving one as it is.

use crate::fix;
use crate::job::Job;
use crate::plan::work::{Origin, Plan};
use crate::problem::{Code, Problem};
use crate::run::{Doing, RunState, RunView};

/// Plans what is left of the run, from what the tenant holds now.
///
/// A run that the operator has begun to undo is not continued, however far that came: part of what it made is gone, so
/// that the rest of its set-up would be most of it anew, under an id whose record says that it was taken back. Undoing
/// goes on; who wants the access after all plans it as a new run, which finds what is still there.
pub(crate) async fn plan(job: &Job, run_id: &str) -> Result<Plan, Problem> {
    let run = unfinished(job, run_id)?;
    if run.doing == Doing::Undo {
        return Err(Problem::new(
            Code::WrongKind,
            "This run is being undone: what is left to do is to take back the rest.",
        )
        .exists("Nothing was changed.")
        .advice("Undo it again. To have the access after all, set it up anew: what is still there is found."));
    }
    let mut plan = match job.parts.runs.origin(&run.id)? {
        Some(Origin::SetUp { request, unique_name }) => job.plan_under(request, unique_name).await?,
        Some(Origin::Consent { request }) => job.plan_consent(&request).await?,
        Some(Origin::Fix { fix }) => fix::plan(job, fix, Some(&run.id)).await?,
        None => {
            return Err(Problem::new(
                Code::WrongKind,
                "This run was kept by an earlier version, which did not write down what was asked for.",
            )
            .exists("Nothing was changed.")
            .advice("Plan the same again: what exists is found, and only the rest is done."));
        }
    };
    plan.view.doing = Doing::Continue;
    plan.view.run_id = Some(run.id);
    Ok(plan)
}

/// Notes that the operator leaves the run as it is.
pub(crate) async fn leave(job: &Job, run_id: &str) -> Result<RunView, Problem> {
    let run = unfinished(job, run_id)?;
    let now = job.parts.clock.now().to_string();
    job.parts.runs.amend(&run.id, |run| run.left = Some(now)).await
}

/// The run, if it is of this tenant, over, and did not come to its end.
fn unfinished(job: &Job, run_id: &str) -> Result<RunView, Problem> {
    let run = of_this_tenant(job, run_id)?;
    match run.state {
        RunState::Done => Err(Problem::new(Code::WrongKind, "The run came to its end: nothing is left to do.")
            .exists("Nothing was changed.")
            .advice("Verify the principal to see whether all is still as it was left.")),
        RunState::Undone => Err(Problem::new(Code::WrongKind, "The run was undone: what it made is gone.")
            .exists("Nothing was changed.")
            .advice("Set the principal up anew.")),
        RunState::Running | RunState::Failed | RunState::Cancelled | RunState::Interrupted => Ok(run),
    }
}

/// The run, if it is of this tenant and over.
pub(crate) fn of_this_tenant(job: &Job, run_id: &str) -> Result<RunView, Problem> {
    let run = job.parts.runs.get(run_id)?;
    let tenant = &job.parts.tenant;
    if run.tenant_id != tenant.id.to_string() || run.cloud != tenant.cloud_name {
        return Err(Problem::new(
            Code::WrongKind,
            format!(
                "The run {} is of the tenant \"{}\" ({}) in {}.",
                run.id, run.tenant_name, run.tenant_id, run.cloud
            ),
        )
        .exists("Nothing was changed.")
        .advice("Sign in to that tenant first."));
    }
    if run.state == RunState::Running {
        return Err(Problem::new(Code::Busy, "The run is still going on.").exists("Nothing was changed."));
    }
    Ok(run)
}
