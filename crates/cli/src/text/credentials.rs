//! Secrets and certificates by the days that are left.

use inbound_access_job::credentials::{AppCredential, CredentialList};
use inbound_access_job::verification::CredentialKind;

use super::safe::{moment, shown};
use super::table::table;

/// The sentence, the rows, and who keeps theirs elsewhere.
pub(crate) fn whole(found: &CredentialList) -> String {
    let mut text = format!("{}\n", shown(&found.sentence));
    if !found.rows.is_empty() {
        let rows: Vec<_> = found.rows.iter().map(row).collect();
        let head = ["app", "credential", "description", "ends", "days left", "here", "client id", "key id"];
        text.push_str(&format!("\n{}", table(head, &rows)));
    }
    if !found.elsewhere.is_empty() {
        let names: Vec<String> = found.elsewhere.iter().map(|name| shown(name)).collect();
        text.push_str(&format!(
            "\nRegistered in another tenant, which keeps their credentials: {}\n",
            names.join(", ")
        ));
    }
    text.push_str(&format!("\nChecked {}\n", moment(&found.checked_at)));
    text
}

fn row(row: &AppCredential) -> [String; 8] {
    let credential = &row.credential;
    let kind = match credential.kind {
        CredentialKind::Secret => "secret",
        CredentialKind::Certificate => "certificate",
    };
    let days = match credential.days_left {
        Some(days) if days < 0 => "ENDED".to_owned(),
        Some(days) => days.to_string(),
        None => "-".to_owned(),
    };
    let here = match credential.in_keychain {
        Some(true) => "in the keychain",
        Some(false) => "no",
        None => "not looked up",
    };
    [
        shown(&row.app_name),
        kind.into(),
        shown(&credential.description),
        credential.expires.as_deref().map_or_else(|| "-".to_owned(), moment),
        days,
        here.into(),
        row.client_id.clone(),
        credential.key_id.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use inbound_access_job::verification::CredentialRow;

    use super::*;

    #[test]
    fn what_has_ended_is_said_in_words() {
        let of = |kind, days_left: i32, in_keychain| AppCredential {
            app_name: "HR feed".into(),
            client_id: "c-1".into(),
            principal_id: "o-1".into(),
            credential: CredentialRow {
                kind,
                description: "server".into(),
                key_id: "k-1".into(),
                expires: Some("2026-12-05T00:00:00Z".into()),
                days_left: Some(days_left),
                in_keychain,
            },
        };
        insta::assert_snapshot!(whole(&CredentialList {
            checked_at: "2026-11-12T10:42:00Z".into(),
            sentence: "2 credentials: 1 has ended, 1 ends within 30 days.".into(),
            rows: vec![of(CredentialKind::Secret, -3, Some(true)), of(CredentialKind::Certificate, 23, None)],
            elsewhere: vec!["Kelpie \u{202e}HR".into()],
        }));
    }
}
