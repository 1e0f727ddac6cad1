//! `practice reset`.

use inbound_access_job::problem::Problem;

use crate::connect::connector;
use crate::exit::Exit;
use crate::output::Output;

/// Puts the embedded practice tenant back to its seed.
pub(crate) async fn run(json: bool) -> Result<Exit, Problem> {
    connector()?.reset_practice().await?;
    Output::new(json)
        .result(&serde_json::json!({ "reset": true }), |_| "The practice tenant is as it began.\n".into())?;
    Ok(Exit::Fine)
}
