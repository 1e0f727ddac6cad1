//! `practice reset`.

use inbound_access_job::problem::Problem;

use crate::connect::connector;
use crate::exit::Exit;
use crate::output::Output;
use crate::text::safe::shown;

/// Puts the embedded practice tenant back to its seed.
pub(crate) async fn run(json: bool) -> Result<Exit, Problem> {
    let left = connector()?.reset_practice().await?;
    Output::new(json).result(&serde_json::json!({ "reset": true, "left": left }), |_| {
        let left = left.as_ref().map_or_else(String::new, |left| format!("{}\n", shown(left)));
        format!("The practice tenant is as it began.\n{left}")
    })?;
    Ok(Exit::Fine)
}
