//! `enable`.

use inbound_access_job::fix::Fix;
use inbound_access_job::problem::{Code, Problem};

use super::fixing::{fix, must_be_there};
use super::setup::cancelled_before;
use crate::args::Enable;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;

/// Lets an app sign in, once the operator has seen the warning and said yes.
pub(crate) async fn run(args: Enable) -> Result<Exit, Problem> {
    must_be_there(args.consent)?;
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let card = tokio::select! {
        card = connected.session.job.find_principal(&args.principal) => card?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let Some(principal) = card.object_id else {
        return Err(Problem::new(
            Code::NotFound,
            format!("The app registration \"{}\" has no service principal that could sign in.", card.name),
        )
        .exists("Nothing was changed.")
        .advice("Set access up for it: that makes one."));
    };
    let wish = Fix::EnableSignIn { principal };
    fix(&connected.session, wish, args.consent, "Let it sign in?", args.telling, &cancel).await
}
