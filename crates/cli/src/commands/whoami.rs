//! `whoami`.

use inbound_access_job::problem::Problem;
use inbound_connection::view::ConnectionView;
use serde::Serialize;

use crate::args::Looking;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::Output;
use crate::text;

/// What `--json` prints.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Who<'a> {
    #[serde(flatten)]
    pub view: &'a ConnectionView,
    /// Scopes that the sign-in carries; app roles for an app.
    pub scopes: Vec<String>,
}

/// Tells who is signed in, and where.
pub(crate) async fn run(args: Looking) -> Result<Exit, Problem> {
    let connected = connect(&args.place, args.json, &on_ctrl_c()).await?;
    let who = Who { view: &connected.session.view, scopes: connected.session.scopes() };
    Output::new(args.json).result(&who, text::connection::whole)?;
    Ok(Exit::Fine)
}
