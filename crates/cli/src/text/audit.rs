//! Who holds what.

use inbound_access_job::audit::{Audit, AuditedPermission};
use inbound_access_job::history::{ChangeKind, Changes};

use super::safe::{moment, shown};
use super::table::table;

/// The sentence, what changed, and the rows.
pub(crate) fn whole(found: &Audit) -> String {
    let summary = &found.summary;
    let mut text = format!("{}\n", shown(&summary.sentence));
    for permission in &summary.permissions {
        text.push_str(&format!("  {}\n", explained(permission)));
    }
    if let Some(changes) = &summary.changes {
        text.push_str(&format!("\n{}", since(changes)));
    }
    if !found.rows.is_empty() {
        let rows: Vec<_> = found
            .rows
            .iter()
            .map(|row| {
                let at = row.granted_at.as_deref().map_or_else(|| "-".to_owned(), moment);
                [shown(&row.name), shown(&row.principal_type), shown(&row.permission), at, row.principal_id.clone()]
            })
            .collect();
        text.push_str(&format!("\n{}", table(["name", "type", "permission", "granted", "object id"], &rows)));
    }
    text.push_str(&format!(
        "\nChecked {} in {} ({}) by {}: {} grants of Microsoft Graph in {} pages\n",
        moment(&summary.checked_at),
        shown(&summary.tenant_name),
        summary.tenant_id,
        shown(&summary.operator),
        summary.grants_read,
        summary.pages
    ));
    text
}

fn explained(permission: &AuditedPermission) -> String {
    let risk = permission.risk.map_or_else(String::new, |risk| format!(" (risk {risk} of 5)"));
    let absent = if permission.offered { "" } else { " Not offered here." };
    format!("{}{risk}: {}{absent}", shown(&permission.value), shown(&permission.explanation))
}

/// What is different from the last time.
pub(crate) fn since(changes: &Changes) -> String {
    let when = format!("{}, when {} looked", moment(&changes.since), shown(&changes.operator));
    if changes.lines.is_empty() {
        return format!("Nothing has changed since {when}.\n");
    }
    let mut text = format!("Changed since {when}:\n");
    for line in &changes.lines {
        let sign = match line.kind {
            ChangeKind::Added => "+",
            ChangeKind::Removed => "-",
            ChangeKind::Changed => "*",
        };
        text.push_str(&format!("  {sign} {}\n", shown(&line.sentence)));
    }
    if changes.more > 0 {
        text.push_str(&format!("  and {} more\n", changes.more));
    }
    text
}

#[cfg(test)]
mod tests {
    use inbound_access_job::audit::{AuditSummary, HolderRow};
    use inbound_access_job::history::Change;

    use super::*;

    fn found(lines: Vec<Change>, more: u32) -> Audit {
        Audit {
            summary: AuditSummary {
                id: "a-1".into(),
                tenant_name: "Contoso".into(),
                tenant_id: "t-1".into(),
                checked_at: "2026-11-12T10:42:00Z".into(),
                operator: "dana@contoso.example".into(),
                sentence: "1 app or identity holds AuditLog.Read.All.".into(),
                permissions: vec![AuditedPermission {
                    value: "AuditLog.Read.All".into(),
                    title: "Read provisioning logs".into(),
                    risk: Some(2),
                    explanation: "Shows what became of each upload.".into(),
                    offered: true,
                }],
                holders: 1,
                grants: 1,
                grants_read: 1_998,
                pages: 3,
                changes: Some(Changes {
                    since: "2026-11-11T09:00:00Z".into(),
                    operator: "ali@contoso.example".into(),
                    lines,
                    more,
                }),
            },
            rows: vec![HolderRow {
                grant_id: "g-1".into(),
                principal_id: "o-1".into(),
                name: "HR \u{1b}[2Jfeed".into(),
                principal_type: "ServicePrincipal".into(),
                permission: "AuditLog.Read.All".into(),
                resource: "Microsoft Graph".into(),
                granted_at: None,
            }],
        }
    }

    #[test]
    fn it_reads_as_agreed_and_names_cannot_move_the_cursor() {
        let line = |kind, sentence: &str| Change { kind, sentence: sentence.into(), principal_id: None };
        let lines = vec![
            line(ChangeKind::Added, "\"HR feed\" holds AuditLog.Read.All now."),
            line(ChangeKind::Removed, "\"Old\" does not hold AuditLog.Read.All any more."),
        ];
        insta::assert_snapshot!(format!("{}\n{}", whole(&found(lines, 7)), whole(&found(Vec::new(), 0))));
    }
}
