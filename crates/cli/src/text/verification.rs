//! The verification table.

use inbound_access_job::principal::{PrincipalCard, PrincipalKind};
use inbound_access_job::verification::{
    CredentialKind, CredentialRow, GrantInfo, InToken, PermissionRow, PermissionState, TokenCheck, Verification,
};

use super::safe::{moment, shown};
use super::table::table;

/// The picture: verdict first, then row by row.
pub(crate) fn whole(found: &Verification) -> String {
    let mut text = format!("{}\n", who(&found.principal));
    text.push_str(&format!("{}\n", shown(&found.verdict.sentence)));
    if let Some(advice) = &found.verdict.advice {
        text.push_str(&format!("  {}\n", shown(advice)));
    }
    text.push('\n');
    let rows: Vec<_> = found.permissions.iter().map(permission).collect();
    text.push_str(&table(["permission", "value", "requested", "granted", "in a token"], &rows));
    for row in &found.permissions {
        if let Some(note) = &row.note {
            text.push_str(&format!("  {}: {}\n", row.value, shown(note)));
        }
    }
    if !found.credentials.is_empty() {
        let rows: Vec<_> = found.credentials.iter().map(credential).collect();
        text.push_str(&format!("\n{}", table(["credential", "description", "ends", "days left", "here"], &rows)));
    }
    if !found.surplus.is_empty() {
        let rows: Vec<_> = found
            .surplus
            .iter()
            .map(|row| {
                let risk = row.risk.map_or_else(|| "unrated".to_owned(), |risk| format!("{risk} of 5"));
                [shown(&row.value), risk, at(&row.grant), shown(&row.explanation)]
            })
            .collect();
        text.push_str(&format!("\n{}", table(["more than needed", "risk", "granted", "what it allows"], &rows)));
    }
    text.push_str(&format!("\nToken: {}\n", token(&found.token)));
    text.push_str(&format!("Checked {} in {} ({})\n", found.checked_at, shown(&found.tenant_name), found.tenant_id));
    text
}

/// A principal in a line: name, kind, state, ids.
pub(crate) fn who(card: &PrincipalCard) -> String {
    let mut parts = vec![shown(&card.name), kind(card.kind).to_owned()];
    match card.enabled {
        Some(true) => parts.push("enabled".into()),
        Some(false) => parts.push("disabled".into()),
        None => {}
    }
    parts.push(format!("client id {}", card.client_id));
    if let Some(object_id) = &card.object_id {
        parts.push(format!("object id {object_id}"));
    }
    if let Some(azure) = &card.azure {
        parts.push(shown(&azure.id));
    }
    parts.join(" · ")
}

fn kind(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::AppRegistration => "app registration",
        PrincipalKind::SystemAssigned => "system-assigned identity",
        PrincipalKind::UserAssigned => "user-assigned identity",
        PrincipalKind::Other => "service principal",
    }
}

fn permission(row: &PermissionRow) -> [String; 5] {
    let requested = match row.requested {
        Some(true) => "yes",
        Some(false) => "no",
        None => "-",
    };
    let granted = match (row.state, &row.granted) {
        (PermissionState::NotOffered, _) => "not offered here".to_owned(),
        (_, None) => "NOT GRANTED".to_owned(),
        (PermissionState::GrantedMayBeStale, Some(grant)) => format!("{}, tokens may lag", at(grant)),
        (_, Some(grant)) => at(grant),
    };
    let in_token = match row.in_token {
        InToken::Yes => "yes",
        InToken::No => "NO",
        InToken::NotChecked => "not checked",
    };
    [shown(&row.title), shown(&row.value), requested.into(), granted, in_token.into()]
}

fn at(grant: &GrantInfo) -> String {
    grant.at.as_ref().map_or_else(|| "yes".to_owned(), |at| format!("yes, {}", moment(at)))
}

fn credential(row: &CredentialRow) -> [String; 5] {
    let kind = match row.kind {
        CredentialKind::Secret => "secret",
        CredentialKind::Certificate => "certificate",
    };
    let here = match row.in_keychain {
        Some(true) => "in the keychain",
        Some(false) => "no",
        None => "not looked up",
    };
    let days = match row.days_left {
        Some(days) if days < 0 => "ENDED".to_owned(),
        Some(days) => days.to_string(),
        None => "-".to_owned(),
    };
    [
        kind.into(),
        shown(&row.description),
        row.expires.as_deref().map_or_else(|| "-".to_owned(), moment),
        days,
        here.into(),
    ]
}

fn token(check: &TokenCheck) -> String {
    match check {
        TokenCheck::NotChecked { reason } => format!("not checked. {}", shown(reason)),
        TokenCheck::Issued { at, roles } if roles.is_empty() => format!("issued {}, without any role", moment(at)),
        TokenCheck::Issued { at, roles } => {
            let roles: Vec<String> = roles.iter().map(|role| shown(role)).collect();
            format!("issued {} with {}", moment(at), roles.join(", "))
        }
        TokenCheck::Refused { problem } => format!("refused. {}", shown(&problem.message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbound_access_job::verification::{SurplusRow, Verdict, VerdictKind};

    fn not_ready() -> Verification {
        let row = |title: &str, value: &str, granted: Option<GrantInfo>| PermissionRow {
            title: title.into(),
            value: value.into(),
            requested: Some(true),
            state: if granted.is_some() { PermissionState::Granted } else { PermissionState::RequestedNotGranted },
            in_token: InToken::NotChecked,
            granted,
            note: None,
        };
        let grant = || GrantInfo { id: "g".into(), at: Some("2026-11-12T10:40:00Z".into()) };
        Verification {
            principal: PrincipalCard {
                name: "HR feed".into(),
                kind: PrincipalKind::AppRegistration,
                object_id: Some("o-1".into()),
                client_id: "c-1".into(),
                application_object_id: Some("a-1".into()),
                enabled: Some(true),
                created: None,
                azure: None,
                portal_url: "https://localhost/".into(),
            },
            tenant_name: "Contoso".into(),
            tenant_id: "t-1".into(),
            checked_at: "2026-11-12T10:42:00Z".into(),
            verdict: Verdict {
                kind: VerdictKind::NotReady,
                sentence: "Not ready. It cannot read the logs.".into(),
                advice: Some("Grant AuditLog.Read.All.".into()),
            },
            permissions: vec![
                row("Upload users", "SynchronizationData-User.Upload", Some(grant())),
                row("Read provisioning logs", "AuditLog.Read.All", None),
            ],
            credentials: vec![CredentialRow {
                kind: CredentialKind::Secret,
                description: "HR feed 2026".into(),
                key_id: "k".into(),
                expires: Some("2026-12-05T00:00:00Z".into()),
                days_left: Some(23),
                in_keychain: Some(true),
            }],
            surplus: vec![SurplusRow {
                value: "Directory.ReadWrite.All".into(),
                risk: Some(5),
                explanation: "It can change every object.".into(),
                grant: grant(),
            }],
            token: TokenCheck::NotChecked { reason: "Nobody asked.".into() },
        }
    }

    #[test]
    fn the_table_names_what_is_missing() {
        insta::assert_snapshot!(whole(&not_ready()));
    }
}
