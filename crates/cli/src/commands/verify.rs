//! `verify`.

use inbound_access_job::problem::Problem;

use super::evidence_file;
use super::setup::cancelled_before;
use crate::args::Verify;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// Looks and tells.
pub(crate) async fn run(args: Verify) -> Result<Exit, Problem> {
    let evidence = evidence_file::asked(args.evidence.as_deref())?;
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let found = tokio::select! {
        found = connected.session.job.verify(&args.principal, &args.permissions, args.token) => found?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    Output::new(args.telling.json).result(&found, text::verification::whole)?;
    if let Some((path, format)) = evidence {
        evidence_file::write(path, &connected.session.job.evidence_of_verification(&found, format)?)?;
    }
    Ok(Exit::from(&found.verdict))
}
