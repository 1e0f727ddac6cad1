//! `activate`.

use inbound_access_job::preflight::Ask;
use inbound_access_job::problem::{Code, Problem};

use crate::args::Activate;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;
use crate::text::safe::shown;

/// Activates a role, and tells what the operator may do now.
pub(crate) async fn run(args: Activate) -> Result<Exit, Problem> {
    let connected = connect(&args.place, args.json, &on_ctrl_c()).await?;
    let job = &connected.session.job;
    let wanted = args.role.trim();
    let eligible = job.preflight(Ask::Eligible).await.eligible.roles;
    let role = eligible
        .iter()
        .find(|role| role.role_id.eq_ignore_ascii_case(wanted) || role.name.eq_ignore_ascii_case(wanted))
        .ok_or_else(|| {
            let names: Vec<String> = eligible.iter().map(|role| shown(&role.name)).collect();
            let advice = match names.as_slice() {
                [] => "No role is there to be activated by you.".to_owned(),
                names => format!("You may activate: {}.", names.join(", ")),
            };
            Problem::new(Code::NotFound, format!("\"{}\" is no role that you may activate.", shown(wanted)))
                .exists("Nothing was changed.")
                .advice(advice)
        })?;
    let found = job.activate_role(&role.role_id, &args.justification, u32::from(args.hours)).await?;
    Output::new(args.json).result(&found, text::preflight::whole)?;
    Ok(Exit::Fine)
}
