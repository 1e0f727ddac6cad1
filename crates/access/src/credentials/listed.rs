//! Reads the holders, their registrations, and which of their secrets lie here.

use std::collections::BTreeSet;

use inbound_entra::graph::Call;
use inbound_entra::model::Application;
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::audit::details::{self, Stands, days_between};
use crate::audit::reading;
use crate::credentials::{AppCredential, CredentialList};
use crate::job::JobParts;
use crate::problem::{Code, Problem};
use crate::secrets;
use crate::verification::{CredentialKind, CredentialRow};

/// What ends within so many days ends soon.
const SOON: i32 = 30;
/// Secrets of apps that no run here knows are looked for in the keychain too, but only so many: each takes a moment and,
/// on some computers, a prompt.
const MOST_LOOKED_UP: usize = 25;

/// See [`Job::credentials`](crate::Job::credentials).
pub(super) async fn list(parts: &JobParts, cancel: CancellationToken) -> Result<CredentialList, Problem> {
    let checked_at = parts.clock.now();
    let holders = reading::holders(parts, &cancel).await?;
    let call = Call { cancel: cancel.clone(), ..Call::default() };
    let read = details::read(parts, &call, &holders).await?;
    let mut rows = Vec::new();
    let mut elsewhere = BTreeSet::new();
    for id in holders {
        // One that is gone holds nothing any more.
        let Some(found) = read.principals.get(&id) else { continue };
        match details::stands(found, parts) {
            Stands::Elsewhere => {
                elsewhere.insert(found.principal.display_name.clone());
            }
            Stands::WithAzure => {}
            Stands::Here => {
                let Some(application) = read.applications.get(&found.principal.app_id) else { continue };
                let of_app = credentials(application, checked_at).into_iter().map(|credential| AppCredential {
                    app_name: application.display_name.clone(),
                    client_id: application.app_id.to_string(),
                    principal_id: id.to_string(),
                    credential,
                });
                rows.extend(of_app);
            }
        }
    }
    // Those that never end come last.
    rows.sort_by(|a, b| rank(a).cmp(&rank(b)));
    look_up(parts, &mut rows, &cancel).await?;
    let elsewhere: Vec<String> = elsewhere.into_iter().collect();
    Ok(CredentialList {
        checked_at: checked_at.to_string(),
        sentence: sentence(&rows, elsewhere.len()),
        rows,
        elsewhere,
    })
}

fn rank(row: &AppCredential) -> (i32, &str, &str, &str) {
    let days = row.credential.days_left.unwrap_or(i32::MAX);
    (days, &row.app_name, &row.client_id, &row.credential.key_id)
}

fn credentials(application: &Application, now: Timestamp) -> Vec<CredentialRow> {
    let row = |kind, key_id: String, description: &Option<String>, end: Option<Timestamp>| CredentialRow {
        kind,
        description: description.clone().unwrap_or_default(),
        key_id,
        expires: end.map(|end| end.to_string()),
        days_left: end.map(|end| days_between(now, end)),
        in_keychain: None,
    };
    let secrets = application
        .password_credentials
        .iter()
        .map(|one| row(CredentialKind::Secret, one.key_id.to_string(), &one.display_name, one.end_date_time));
    let certificates = application
        .key_credentials
        .iter()
        .map(|one| row(CredentialKind::Certificate, one.key_id.to_string(), &one.display_name, one.end_date_time));
    secrets.chain(certificates).collect()
}

/// Looks which secrets lie in this computer's keychain: of the apps that runs here asked for secrets of, all; of others,
/// the first few. Stays unknown for the rest, and for all once the keychain as a whole does not answer.
async fn look_up(parts: &JobParts, rows: &mut [AppCredential], cancel: &CancellationToken) -> Result<(), Problem> {
    let known = parts.runs.apps_with_secrets();
    let mut others = 0;
    for row in rows.iter_mut().filter(|row| row.credential.kind == CredentialKind::Secret) {
        if !known.contains(&row.client_id) {
            others += 1;
            if others > MOST_LOOKED_UP {
                continue;
            }
        }
        let item = secrets::item(parts, &row.client_id, &row.credential.key_id);
        let read = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Problem::new(Code::Cancelled, "Cancelled.").exists("Nothing was changed.")),
            read = parts.secrets.read(&item) => read.map(drop),
        };
        row.credential.in_keychain = match read {
            Ok(()) => Some(true),
            Err(KeychainError::NotFound) => Some(false),
            Err(_) => break,
        };
    }
    Ok(())
}

fn sentence(rows: &[AppCredential], elsewhere: usize) -> String {
    let kept = match elsewhere {
        0 => String::new(),
        1 => " One more app keeps its own in another tenant.".to_owned(),
        more => format!(" {more} more apps keep theirs in another tenant."),
    };
    if rows.is_empty() {
        return format!(
            "No app of this tenant that may upload users or read the logs has a secret or certificate.{kept}"
        );
    }
    let among = |of: &dyn Fn(i32) -> bool| rows.iter().filter(|row| row.credential.days_left.is_some_and(of)).count();
    let (ended, soon) = (among(&|days| days < 0), among(&|days| (0..SOON).contains(&days)));
    let verb = |count: usize, one: &str, many: &str| match count {
        0 => format!("none {one}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    let whole = if rows.len() == 1 { "1 credential".to_owned() } else { format!("{} credentials", rows.len()) };
    format!(
        "{whole}: {}, {} within {SOON} days.{kept}",
        verb(ended, "has ended", "have ended"),
        verb(soon, "ends", "end")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(days_left: Option<i32>) -> AppCredential {
        AppCredential {
            app_name: "HR feed".to_owned(),
            client_id: "c".to_owned(),
            principal_id: "p".to_owned(),
            credential: CredentialRow {
                kind: CredentialKind::Secret,
                description: String::new(),
                key_id: "k".to_owned(),
                expires: None,
                days_left,
                in_keychain: None,
            },
        }
    }

    #[test]
    fn it_tells_what_has_ended_and_what_ends_soon() {
        for (days, elsewhere, expected) in [
            (&[][..], 0, "No app of this tenant that may upload users or read the logs has a secret or certificate."),
            (&[Some(40)], 0, "1 credential: none has ended, none ends within 30 days."),
            (
                &[Some(-3), Some(0), Some(29), Some(30), None],
                2,
                "5 credentials: 1 has ended, 2 end within 30 days. 2 more apps keep theirs in another tenant.",
            ),
        ] {
            let rows: Vec<AppCredential> = days.iter().copied().map(row).collect();
            assert_eq!(sentence(&rows, elsewhere), expected);
        }
    }
}
