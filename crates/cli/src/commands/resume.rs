//! `resume` and `leave`.

use inbound_access_job::problem::Problem;

use super::runs::id_of;
use super::setup::{cancelled_before, carry_out};
use crate::args::{Resume, RunOf};
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// Does the rest of a run, or shows what that is.
pub(crate) async fn run(args: Resume) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let job = &connected.session.job;
    let run = id_of(job, &args.run)?;
    let plan = tokio::select! {
        plan = job.plan_continue(&run) => plan?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let (exit, _) = carry_out(&connected.session, plan, args.plan, args.telling, &cancel).await?;
    Ok(exit)
}

/// Leaves a run as it is.
pub(crate) async fn leave(args: RunOf) -> Result<Exit, Problem> {
    let connected = connect(&args.place, args.json, &on_ctrl_c()).await?;
    let job = &connected.session.job;
    let run = id_of(job, &args.run)?;
    Output::new(args.json).result(&job.leave(&run).await?, text::run::whole)?;
    Ok(Exit::Fine)
}
