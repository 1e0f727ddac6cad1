//! What a face that knows only a name needs before it can name a fix: which grants, which secret.

use inbound_entra::graph::Call;
use inbound_keychain::KeychainError;
use jiff::Timestamp;

use crate::desired::checked::invalid_field;
use crate::fix::{GrantRef, holders};
use crate::job::Job;
use crate::principal::find;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements::{Need, need_of};
use crate::secrets;

impl Job {
    /// The grants on Microsoft Graph of the principal that `text` names: those of these permissions, or, where none is
    /// named, those that serve this job.
    ///
    /// # Errors
    /// `notFound` for the principal or where it holds none of these, `ambiguous`, or that the tenant cannot be read.
    pub async fn grants_held(&self, text: &str, permissions: &[String]) -> Result<Vec<GrantRef>, Problem> {
        let (graph, found) = futures::join!(self.graph(), Box::pin(find::find_principal(&self.parts, text)));
        let (graph, found) = (graph?, found?);
        let Some(principal) = found.principal else {
            return Err(Problem::new(
                Code::NotFound,
                "The app registration has no service principal, so it holds nothing.",
            )
            .exists("Nothing was changed."));
        };
        let held = self.parts.directory.grants_of(&Call::default(), principal.id).await;
        let held = held.map_err(|error| trouble::graph(&error, "read what is granted"))?;
        let mut held: Vec<_> = held
            .into_iter()
            .filter(|grant| grant.resource_id == graph.id)
            .map(|grant| (holders::value_of(&graph, &grant), grant.id))
            .collect();
        // Graph lists them in no order that can be relied on.
        held.sort_by_key(|(value, id)| (rank(value), value.clone(), id.clone()));
        if let Some(lacks) = permissions.iter().find(|value| !held.iter().any(|(own, _)| own == value.trim())) {
            let message = format!("\"{}\" does not hold {}.", principal.display_name, lacks.trim());
            return Err(invalid_field("permissions", message));
        }
        let is_meant = |value: &str| match permissions {
            [] => need_of(value) != Need::Other,
            named => named.iter().any(|own| own.trim() == value),
        };
        let grants: Vec<GrantRef> = held
            .into_iter()
            .filter(|(value, _)| is_meant(value))
            .map(|(_, id)| GrantRef { id, principal: principal.id.to_string() })
            .collect();
        if grants.is_empty() {
            let message = format!("\"{}\" holds no permission of this job.", principal.display_name);
            return Err(Problem::new(Code::NotFound, message)
                .exists("Nothing was changed.")
                .advice("Name the permission to take back, if it is another."));
        }
        Ok(grants)
    }

    /// The secret of the app with this client id that a new one would follow, by `keyId`: the one of this keychain that
    /// lasts longest, or else the only one that is still valid.
    ///
    /// # Errors
    /// `notFound` for the app, or that the tenant cannot be read.
    pub async fn secret_in_use(&self, client_id: &str) -> Result<Option<String>, Problem> {
        let client = client_id.trim().parse().map_err(|_| {
            invalid_field("clientId", format!("The client id must be a GUID; \"{client_id}\" is none."))
        })?;
        let found = super::registration::read(self, client).await?;
        let now = self.parts.clock.now();
        let mut valid: Vec<_> = found
            .application
            .password_credentials
            .into_iter()
            .filter(|one| one.end_date_time.is_none_or(|end| end > now))
            .collect();
        valid.sort_by_key(|one| std::cmp::Reverse(one.end_date_time.unwrap_or(Timestamp::MAX)));
        for one in &valid {
            let item = secrets::item(&self.parts, &client.to_string(), &one.key_id.to_string());
            match self.parts.secrets.read(&item).await.map(drop) {
                Ok(()) => return Ok(Some(one.key_id.to_string())),
                Err(KeychainError::NotFound) => {}
                Err(error) => tracing::info!(%error, "the keychain could not be looked into"),
            }
        }
        Ok(match valid.as_slice() {
            [only] => Some(only.key_id.to_string()),
            _ => None,
        })
    }
}

/// Uploading first, as everywhere.
fn rank(value: &str) -> u8 {
    match need_of(value) {
        Need::Upload => 0,
        Need::ReadLogs => 1,
        Need::Other => 2,
    }
}
