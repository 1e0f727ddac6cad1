//! `rotate`.

use inbound_access_job::Job;
use inbound_access_job::fix::Fix;
use inbound_access_job::problem::{Code, Problem};
use jiff::{Timestamp, tz::TimeZone};

use super::fixing::{fix, must_be_there};
use super::setup::cancelled_before;
use super::setup_service_principal::months_ahead;
use crate::args::Rotate;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;

/// Makes a new secret, keeps it and proves it; removes the old one only where that is wanted, and last.
pub(crate) async fn run(args: Rotate) -> Result<Exit, Problem> {
    must_be_there(args.consent)?;
    let cancel = on_ctrl_c();
    let last_day = match args.expires {
        Some(day) => day,
        None => months_ahead(Timestamp::now().to_zoned_datetime(TimeZone::UTC).date(), args.months)?,
    };
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let (client_id, replaces) = tokio::select! {
        found = app(&connected.session.job, &args) => found?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let wish = Fix::RotateSecret { client_id, replaces, expires: last_day.to_string(), remove_old: args.remove_old };
    let question = match args.remove_old {
        true => "Make the new secret and remove the old one?",
        false => "Make the new secret?",
    };
    fix(&connected.session, wish, args.consent, question, args.telling, &cancel).await
}

/// Whose secret, and which one it follows.
async fn app(job: &Job, args: &Rotate) -> Result<(String, Option<String>), Problem> {
    let card = job.find_principal(&args.principal).await?;
    let replaces = match &args.replaces {
        Some(key) => Some(key.clone()),
        None => job.secret_in_use(&card.client_id).await?,
    };
    if args.remove_old && replaces.is_none() {
        return Err(Problem::new(
            Code::InvalidInput,
            format!("It is not clear which secret of \"{}\" is to be removed.", card.name),
        )
        .exists("Nothing was changed.")
        .advice("Name it with --replaces KEY_ID. `verify --json` lists the app's secrets with their key ids."));
    }
    Ok((card.client_id, replaces))
}
