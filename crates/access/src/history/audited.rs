//! Who held what, so that the next audit of the same permissions tells who came and who went.
//!
//! The last audit is never in memory as a whole: its rows are read one by one beside those of the new one.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::shelf::{Head, Record, Shelf, damaged, line};
use super::{Change, ChangeKind, Changes, MOST_LINES};
use crate::audit::{AuditSummary, HolderRow};
use crate::words;

/// Of the same permissions.
const MOST: usize = 3;
/// Of one tenant: a hundred thousand rows take some fifteen megabytes.
const MOST_IN_ALL: usize = 10;

/// Grant id, principal id, name, place of the permission.
type Row<S> = (S, S, S, usize);

/// What the record begins with.
pub(super) fn head(summary: &AuditSummary, rows: usize) -> Head {
    let mut permissions: Vec<String> = summary.permissions.iter().map(|one| one.value.clone()).collect();
    permissions.sort();
    Head::new(permissions.join(" "), &summary.checked_at, &summary.operator, permissions, rows)
}

/// Compares with the last one, then keeps this one.
pub(super) fn note(folder: &Path, head: &Head, rows: &[HolderRow]) -> Option<Changes> {
    let shelf = Shelf { folder, kind: "audited", subject: &head.subject, most: MOST, most_in_all: MOST_IN_ALL };
    let changes = shelf.last(|record| since(record, rows));
    let at = head.at.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let place = |value: &str| head.permissions.iter().position(|one| one == value).unwrap_or_default();
    shelf.put(head, at, |file| {
        rows.iter().try_for_each(|row| {
            let row: Row<&str> = (&row.grant_id, &row.principal_id, &row.name, place(&row.permission));
            line(file, &row)
        })
    });
    changes
}

/// What is different from `record`: who came, who went, who was granted anew.
fn since(mut record: Record, rows: &[HolderRow]) -> io::Result<Changes> {
    let permissions = record.head.permissions.clone();
    // For each permission its rows by holder, and whether the record has them.
    let mut now: Vec<HashMap<&str, (&HolderRow, bool)>> = vec![HashMap::new(); permissions.len()];
    let place_of = |row: &HolderRow| permissions.iter().position(|one| *one == row.permission);
    for row in rows {
        if let Some(held) = place_of(row).and_then(|place| now.get_mut(place)) {
            held.insert(&row.principal_id, (row, false));
        }
    }
    let (mut removed, mut anew, mut added) = (Few::default(), Few::default(), Few::default());
    while let Some((grant, principal, name, place)) = record.next::<Row<String>>()? {
        let (Some(permission), Some(held)) = (permissions.get(place), now.get_mut(place)) else {
            return Err(damaged("names no permission"));
        };
        match held.get_mut(principal.as_str()) {
            Some((row, seen)) => {
                *seen = true;
                if row.grant_id != grant {
                    let what = format!("lost {permission} and was granted it again.");
                    anew.add(ChangeKind::Changed, &row.name, &what, &principal);
                }
            }
            None => {
                removed.add(ChangeKind::Removed, &name, &format!("does not hold {permission} any more."), &principal);
            }
        }
    }
    for row in rows {
        let held = place_of(row).and_then(|place| now.get(place)?.get(row.principal_id.as_str()));
        if held.is_some_and(|(_, seen)| !seen) {
            added.add(ChangeKind::Added, &row.name, &format!("holds {} now.", row.permission), &row.principal_id);
        }
    }
    let beyond = added.beyond.saturating_add(removed.beyond).saturating_add(anew.beyond);
    let lines = added.lines.into_iter().chain(removed.lines).chain(anew.lines).collect();
    Ok(Changes::of(&record.head, lines, beyond))
}

/// The first lines of a kind, and how many more there are.
#[derive(Default)]
struct Few {
    lines: Vec<Change>,
    beyond: u32,
}

impl Few {
    fn add(&mut self, kind: ChangeKind, name: &str, what: &str, principal: &str) {
        if self.lines.len() == MOST_LINES {
            self.beyond = self.beyond.saturating_add(1);
            return;
        }
        let name = if name.trim().is_empty() { principal.to_owned() } else { format!("\"{}\"", words::visible(name)) };
        let sentence = format!("{name} {}", words::visible(what));
        self.lines.push(Change { kind, sentence, principal_id: Some(principal.to_owned()) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(grant: &str, principal: &str, permission: &str) -> HolderRow {
        HolderRow {
            grant_id: grant.to_owned(),
            principal_id: principal.to_owned(),
            name: format!("app {principal}"),
            principal_type: "ServicePrincipal".to_owned(),
            permission: permission.to_owned(),
            resource: "Microsoft Graph".to_owned(),
            granted_at: None,
        }
    }

    fn head_of(permissions: &[&str], at: &str, rows: usize) -> Head {
        let permissions: Vec<String> = permissions.iter().map(|one| (*one).to_owned()).collect();
        Head::new(permissions.join(" "), at, "dana", permissions, rows)
    }

    fn keep(folder: &Path, permissions: &[&str], at: &str, rows: &[HolderRow]) -> Option<Changes> {
        note(folder, &head_of(permissions, at, rows.len()), rows)
    }

    #[test]
    fn who_came_who_went_and_who_was_granted_anew_is_told_for_each_permission() {
        let folder = tempfile::tempdir().expect("a folder");
        let both = ["A.Read", "B.Read"];
        let before = [row("g-1", "1", "A.Read"), row("g-2", "1", "B.Read"), row("g-3", "2", "A.Read")];
        assert_eq!(keep(folder.path(), &both, "2026-11-01T00:00:00Z", &before), None);
        let after = [row("g-1", "1", "A.Read"), row("g-4", "2", "A.Read"), row("g-5", "3", "B.Read")];
        assert_eq!(keep(folder.path(), &["A.Read"], "2026-11-02T00:00:00Z", &after[..2]), None, "another question");
        let changes = keep(folder.path(), &both, "2026-11-03T00:00:00Z", &after).expect("there was one");
        let lines: Vec<(ChangeKind, &str, Option<&str>)> =
            changes.lines.iter().map(|one| (one.kind, one.sentence.as_str(), one.principal_id.as_deref())).collect();
        assert_eq!(
            lines,
            [
                (ChangeKind::Added, "\"app 3\" holds B.Read now.", Some("3")),
                (ChangeKind::Removed, "\"app 1\" does not hold B.Read any more.", Some("1")),
                (ChangeKind::Changed, "\"app 2\" lost A.Read and was granted it again.", Some("2")),
            ]
        );
        assert_eq!((changes.since.as_str(), changes.more), ("2026-11-01T00:00:00Z", 0));
        let none = keep(folder.path(), &both, "2026-11-04T00:00:00Z", &after).expect("there was one");
        assert!(none.lines.is_empty() && none.more == 0 && none.since == "2026-11-03T00:00:00Z");
    }

    #[test]
    fn of_many_changes_fifty_are_listed_and_the_rest_is_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let rows = |from: u32| -> Vec<HolderRow> {
            (from..from + 1_000).map(|n| row(&format!("g-{n}"), &n.to_string(), "A.Read")).collect()
        };
        keep(folder.path(), &["A.Read"], "2026-11-01T00:00:00Z", &rows(0));
        let changes = keep(folder.path(), &["A.Read"], "2026-11-02T00:00:00Z", &rows(400)).expect("there was one");
        assert_eq!((changes.lines.len(), changes.more), (50, 750));
    }

    #[test]
    fn one_that_is_cut_off_is_passed_over_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = [row("g-1", "1", "A.Read"), row("g-2", "2", "A.Read")];
        keep(folder.path(), &["A.Read"], "2026-11-01T00:00:00Z", &all[..1]);
        keep(folder.path(), &["A.Read"], "2026-11-02T00:00:00Z", &all);
        let mut files: Vec<_> =
            std::fs::read_dir(folder.path()).expect("listed").map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        let last = files.pop().expect("the last one");
        let text = std::fs::read_to_string(&last).expect("text");
        let whole: Vec<&str> = text.lines().collect();
        std::fs::write(&last, whole[..2].join("\n")).expect("written");
        let changes = keep(folder.path(), &["A.Read"], "2026-11-03T00:00:00Z", &all).expect("the one before is whole");
        assert_eq!((changes.since.as_str(), changes.lines.len()), ("2026-11-01T00:00:00Z", 1));
    }
}
