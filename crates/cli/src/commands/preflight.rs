//! `preflight`.

use inbound_access_job::preflight::{Able, Ask, Preflight};
use inbound_access_job::problem::Problem;

use super::setup::cancelled_before;
use crate::args::PreflightArgs;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// Looks what the operator may do, and tells.
pub(crate) async fn run(args: PreflightArgs) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.json, &cancel).await?;
    let job = &connected.session.job;
    let look = async {
        if args.ask {
            job.preflight(Ask::Eligible).await;
            return job.preflight(Ask::Policy).await;
        }
        job.preflight(Ask::Nothing).await
    };
    let found = tokio::select! {
        found = look => found,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    Output::new(args.json).result(&found, text::preflight::whole)?;
    Ok(exit(&found))
}

/// Fine when the whole job can be done, as far as it is known.
pub(super) fn exit(found: &Preflight) -> Exit {
    let can_all = found.abilities.iter().all(|ability| ability.standing.able == Able::Can);
    if can_all { Exit::Fine } else { Exit::NotAsWanted }
}
