//! `revoke`.

use inbound_access_job::fix::Fix;
use inbound_access_job::problem::Problem;

use super::fixing::{fix, must_be_there};
use super::setup::cancelled_before;
use crate::args::Revoke;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;

/// Takes permissions back, once the operator has seen who loses what and said yes.
pub(crate) async fn run(args: Revoke) -> Result<Exit, Problem> {
    must_be_there(args.consent)?;
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let grants = tokio::select! {
        grants = connected.session.job.grants_held(&args.principal, &args.permissions) => grants?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let question = match grants.len() {
        1 => "Take this permission back?".to_owned(),
        n => format!("Take these {n} permissions back?"),
    };
    fix(&connected.session, Fix::Revoke { grants }, args.consent, &question, args.telling, &cancel).await
}
