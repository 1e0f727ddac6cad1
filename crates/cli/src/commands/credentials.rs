//! `credentials`.

use inbound_access_job::problem::Problem;

use crate::args::Looking;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// Lists what ends, and when.
pub(crate) async fn run(args: Looking) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.json, &cancel).await?;
    let found = connected.session.job.credentials(cancel).await?;
    Output::new(args.json).result(&found, text::credentials::whole)?;
    Ok(Exit::Fine)
}
