//! What every command that looks into a tenant begins with.

use inbound_access_job::problem::Problem;
use inbound_connection::{Connector, Folders, Keychain, Session};
use tokio_util::sync::CancellationToken;

use crate::args::Where;

/// A connector for one command.
pub(crate) fn connector() -> Result<Connector, Problem> {
    let folders = Folders::of_the_system()?;
    Ok(Connector::new(folders, Keychain::native(), env!("CARGO_PKG_VERSION")).for_a_command())
}

/// A signed-in session. The connector serves the embedded practice tenant, so it must outlive the session's use.
pub(crate) struct Connected {
    pub session: Session,
    _connector: Connector,
}

/// Signs in where the command line says.
pub(crate) async fn connect(place: &Where, cancel: &CancellationToken) -> Result<Connected, Problem> {
    let connector = connector()?;
    let session = connector.connect(&place.place(), place.persona, cancel).await?;
    Ok(Connected { session, _connector: connector })
}

/// The permissions asked for, or those of the default set.
pub(crate) fn permissions(asked: &[String], session: &Session) -> Vec<String> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let default = session.view.permission_sets.first();
    default.into_iter().flat_map(|set| &set.permissions).map(|permission| permission.value.clone()).collect()
}
