//! `jobs`.

use inbound_access_job::problem::Problem;
use inbound_access_job::road::{JobHealth, Road};

use super::setup::cancelled_before;
use crate::args::JobsArgs;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// Lists the jobs behind the permission, and tells whether one takes users.
pub(crate) async fn run(args: JobsArgs) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.json, &cancel).await?;
    let found = tokio::select! {
        found = connected.session.job.road(args.ask) => found?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    Output::new(args.json).result(&found, text::road::whole)?;
    Ok(exit(&found))
}

/// Fine when users that are sent now arrive somewhere.
fn exit(road: &Road) -> Exit {
    let takes_users = road.jobs.iter().any(|job| job.health == JobHealth::Running);
    if takes_users { Exit::Fine } else { Exit::NotAsWanted }
}
