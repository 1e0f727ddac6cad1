//! The verification table.

use inbound_access_job::principal::{PrincipalCard, PrincipalKind};
use inbound_access_job::road::LogCheck;
use inbound_access_job::verification::{
    CredentialKind, CredentialRow, Finding, FindingWeight, GrantInfo, InToken, PermissionRow, PermissionState,
    TokenCheck, Verification,
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
    text.push_str(&format!("Provisioning log: {}\n", log(&found.log)));
    text.push_str(&beside(found));
    text.push_str(&to_do(&found.findings));
    if !found.unreadable.is_empty() {
        text.push_str("\nCould not be read:\n");
        for sentence in &found.unreadable {
            text.push_str(&format!("  {}\n", shown(sentence)));
        }
    }
    text.push('\n');
    text.push_str(&format!("Checked {} in {} ({})\n", found.checked_at, shown(&found.tenant_name), found.tenant_id));
    text
}

/// Owners, federated credentials and whether assignment is required.
fn beside(found: &Verification) -> String {
    let mut text = String::new();
    if !found.owners.is_empty() {
        let owners: Vec<String> = found
            .owners
            .iter()
            .map(|owner| match &owner.sign_in_name {
                Some(name) => format!("{} ({})", shown(&owner.name), shown(name)),
                None => format!("{} (object id {})", shown(&owner.name), owner.id),
            })
            .collect();
        text.push_str(&format!("Owned by {}\n", owners.join(", ")));
    }
    for one in &found.federated {
        let of = |text: &Option<String>| text.as_deref().map_or_else(|| "unknown".to_owned(), shown);
        text.push_str(&format!(
            "Trusts {}: issuer {}, subject {}\n",
            shown(&one.name),
            of(&one.issuer),
            of(&one.subject)
        ));
    }
    match found.assignment_required {
        Some(true) => text.push_str("Assignment required: yes\n"),
        Some(false) => text.push_str("Assignment required: no\n"),
        None => {}
    }
    text
}

/// What to do, numbered, most urgent first.
fn to_do(findings: &[Finding]) -> String {
    let mut text = String::new();
    for (at, finding) in findings.iter().enumerate() {
        if at == 0 {
            text.push_str("\nWhat to do:\n");
        }
        let weight = match finding.weight {
            FindingWeight::Blocks => "BLOCKS",
            FindingWeight::Warns => "warns",
            FindingWeight::Notes => "notes",
        };
        text.push_str(&format!("  {}. {weight}: {}\n", at + 1, shown(&finding.sentence)));
        if let Some(advice) = &finding.advice {
            text.push_str(&format!("     {}\n", shown(advice)));
        }
        if let Some(label) = &finding.fix_label {
            text.push_str(&format!("     Can be done from here: {}\n", shown(label)));
        }
    }
    text
}

fn log(check: &LogCheck) -> String {
    match check {
        LogCheck::NotTried { reason } => format!("not read. {}", shown(reason)),
        LogCheck::Read { newest: Some(newest), .. } => format!("read, newest entry {}", moment(newest)),
        LogCheck::Read { newest: None, .. } => "read, and empty".to_owned(),
        LogCheck::Refused { problem, not_yet: true } => format!("refused, which may pass. {}", shown(&problem.message)),
        LogCheck::Refused { problem, not_yet: false } => format!("REFUSED. {}", shown(&problem.message)),
    }
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
        (PermissionState::Wrong, _) => "WRONG ONE".to_owned(),
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
    use inbound_access_job::fix::{Fix, GrantRef};
    use inbound_access_job::problem::{Code, Problem};
    use inbound_access_job::verification::{FederatedRow, OwnerRow, SurplusRow, Verdict, VerdictKind};

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
            id: "v-1".into(),
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
            log: LogCheck::NotTried { reason: "There is no token.".into() },
            findings: vec![
                Finding {
                    weight: FindingWeight::Blocks,
                    sentence: "It cannot read the logs: AuditLog.Read.All is not granted.".into(),
                    advice: Some("A Global Administrator can grant it from here.".into()),
                    fix: Some(Fix::Grant { principal: "o-1".into(), permissions: vec!["AuditLog.Read.All".into()] }),
                    fix_label: Some("Grant 1 permission".into()),
                },
                Finding {
                    weight: FindingWeight::Warns,
                    sentence: "It holds Directory.ReadWrite.All.".into(),
                    advice: None,
                    fix: Some(Fix::Revoke { grants: vec![GrantRef { id: "g".into(), principal: "o-1".into() }] }),
                    fix_label: Some("Remove 1 permission".into()),
                },
                Finding {
                    weight: FindingWeight::Notes,
                    sentence: "Someone\u{1b}[2J owns it.".into(),
                    advice: Some("Ask them.".into()),
                    fix: None,
                    fix_label: None,
                },
            ],
            owners: vec![
                OwnerRow { id: "u-1".into(), name: "Ada".into(), sign_in_name: Some("ada@contoso.example".into()) },
                OwnerRow { id: "sp-1".into(), name: "Deployer".into(), sign_in_name: None },
            ],
            federated: vec![FederatedRow {
                name: "pipeline".into(),
                issuer: Some("https://token.example".into()),
                subject: None,
            }],
            assignment_required: Some(true),
            unreadable: vec!["You may not read its weather.".into()],
            changes: None,
        }
    }

    #[test]
    fn the_log_check_tells_what_passes_from_what_stays() {
        let problem = || Box::new(Problem::new(Code::Forbidden, "The log was refused."));
        let said = [
            log(&LogCheck::Read { at: "2026-11-12T10:42:00Z".into(), newest: Some("2026-11-12T10:31:00Z".into()) }),
            log(&LogCheck::Read { at: "2026-11-12T10:42:00Z".into(), newest: None }),
            log(&LogCheck::Refused { problem: problem(), not_yet: true }),
            log(&LogCheck::Refused { problem: problem(), not_yet: false }),
        ];
        assert_eq!(
            said,
            [
                "read, newest entry 2026-11-12 10:31:00 UTC",
                "read, and empty",
                "refused, which may pass. The log was refused.",
                "REFUSED. The log was refused.",
            ]
        );
    }

    #[test]
    fn nothing_to_do_says_nothing_of_it() {
        assert_eq!(to_do(&[]), "");
    }

    #[test]
    fn the_table_names_what_is_missing() {
        insta::assert_snapshot!(whole(&not_ready()));
    }
}
