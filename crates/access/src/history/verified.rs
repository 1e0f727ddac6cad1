//! A principal as it was: what it held, its credentials, who owned it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shelf::{Head, Shelf, damaged, line};
use super::{Change, ChangeKind, Changes};
use crate::verification::{CredentialKind, VerdictKind, Verification, beside};
use crate::words;

/// Of one principal.
const MOST: usize = 50;
/// Of one tenant.
const MOST_IN_ALL: usize = 2_000;

/// A verification that is to be kept.
pub(super) struct Record {
    head: Head,
    facts: Facts,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    name: String,
    enabled: Option<bool>,
    /// False where the registration is kept in another tenant: nobody here sees its credentials and owners.
    #[serde(default = "seen")]
    registration_seen: bool,
    /// Values by the assignment's id: every application permission of Microsoft Graph.
    grants: BTreeMap<String, String>,
    /// By key id.
    credentials: BTreeMap<String, Credential>,
    /// Names by object id.
    owners: BTreeMap<String, String>,
    federated: BTreeSet<String>,
    verdict: VerdictKind,
    sentence: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential {
    kind: CredentialKind,
    description: String,
    expires: Option<String>,
}

impl Record {
    /// None of one that could not read all that is compared. What is kept in another tenant never can be read, and which
    /// secrets lie here is not compared.
    pub(super) fn of(found: &Verification, operator: &str) -> Option<Self> {
        let keychain = beside::unread_keychain(&found.credentials);
        let is_elsewhere = |line: &String| line == beside::REGISTERED_ELSEWHERE;
        let is_no_matter = |line: &String| is_elsewhere(line) || keychain.as_ref() == Some(line);
        if found.verdict.kind == VerdictKind::CantTell || !found.unreadable.iter().all(is_no_matter) {
            return None;
        }
        let required = found.permissions.iter().filter_map(|row| Some((row.granted.as_ref()?, &row.value)));
        let surplus = found.surplus.iter().map(|row| (&row.grant, &row.value));
        let facts = Facts {
            name: found.principal.name.clone(),
            enabled: found.principal.enabled,
            registration_seen: !found.unreadable.iter().any(is_elsewhere),
            grants: required.chain(surplus).map(|(grant, value)| (grant.id.clone(), value.clone())).collect(),
            credentials: found
                .credentials
                .iter()
                .map(|row| {
                    let (kind, description, expires) = (row.kind, row.description.clone(), row.expires.clone());
                    (row.key_id.clone(), Credential { kind, description, expires })
                })
                .collect(),
            owners: found.owners.iter().map(|owner| (owner.id.clone(), owner.name.clone())).collect(),
            federated: found.federated.iter().map(|row| row.name.clone()).collect(),
            verdict: found.verdict.kind,
            sentence: found.verdict.sentence.clone(),
        };
        let head = Head::new(found.principal.client_id.clone(), &found.checked_at, operator, Vec::new(), 1);
        Some(Self { head, facts })
    }

    /// Compares with the last one, then keeps this one.
    pub(super) fn note(&self, folder: &Path) -> Option<Changes> {
        let shelf =
            Shelf { folder, kind: "verified", subject: &self.head.subject, most: MOST, most_in_all: MOST_IN_ALL };
        let now = moment(&self.head.at);
        let changes = shelf.last(|mut record| {
            let before: Facts = record.next()?.ok_or_else(|| damaged("is empty"))?;
            Ok(Changes::of(&record.head, self.facts.since(&before, moment(&record.head.at), now), 0))
        });
        shelf.put(&self.head, now.unwrap_or(Timestamp::UNIX_EPOCH), |file| line(file, &self.facts));
        changes
    }
}

/// Of records that do not tell: only those were kept.
const fn seen() -> bool {
    true
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

impl Facts {
    /// What is different from `before`, in sentences.
    fn since(&self, before: &Self, then: Option<Timestamp>, now: Option<Timestamp>) -> Vec<Change> {
        let mut lines = self.grants_since(before);
        if before.registration_seen && self.registration_seen {
            lines.extend(self.registration_since(before, then, now));
        }
        match (before.enabled, self.enabled) {
            (Some(true), Some(false)) => lines.push(changed("Its sign-in was blocked.".to_owned())),
            (Some(false), Some(true)) => lines.push(changed("Its sign-in is allowed again.".to_owned())),
            _ => {}
        }
        if before.name != self.name {
            let (before, after) = (words::visible(&before.name), words::visible(&self.name));
            lines.push(changed(format!("It was renamed from \"{before}\" to \"{after}\".")));
        }
        if before.verdict != self.verdict {
            lines.push(changed(format!("The verdict was: {}", words::visible(&before.sentence))));
        }
        lines
    }

    fn registration_since(&self, before: &Self, then: Option<Timestamp>, now: Option<Timestamp>) -> Vec<Change> {
        let mut lines = self.credentials_since(before, then, now);
        lines.extend(difference(
            &before.owners,
            &self.owners,
            |name| format!("{} became an owner.", words::visible(name)),
            |name| format!("{} is no owner any more.", words::visible(name)),
        ));
        let federated = |facts: &Self| facts.federated.iter().map(|name| (name.clone(), name.clone())).collect();
        lines.extend(difference(
            &federated(before),
            &federated(self),
            |name| format!("The federated credential \"{}\" was added.", words::visible(name)),
            |name| format!("The federated credential \"{}\" was removed.", words::visible(name)),
        ));
        lines
    }

    fn grants_since(&self, before: &Self) -> Vec<Change> {
        let values = |facts: &Self| -> BTreeSet<String> { facts.grants.values().cloned().collect() };
        let (then, now) = (values(before), values(self));
        let mut lines: Vec<Change> =
            now.difference(&then).map(|value| added(format!("{} was granted.", words::visible(value)))).collect();
        lines.extend(then.difference(&now).map(|value| removed(format!("{} was taken away.", words::visible(value)))));
        let anew = self.grants.iter().filter(|(id, value)| then.contains(*value) && !before.grants.contains_key(*id));
        lines.extend(
            anew.map(|(_, value)| changed(format!("{} was taken away and granted again.", words::visible(value)))),
        );
        lines
    }

    fn credentials_since(&self, before: &Self, then: Option<Timestamp>, now: Option<Timestamp>) -> Vec<Change> {
        let mut lines = difference(
            &before.credentials,
            &self.credentials,
            |one| match one.expires.as_deref().and_then(moment) {
                Some(end) => format!("{} was added; it ends on {}.", one.named(), words::day(end)),
                None => format!("{} was added.", one.named()),
            },
            |one| format!("{} was removed.", one.named()),
        );
        let ended = self.credentials.values().filter_map(|one| {
            let end = one.expires.as_deref().and_then(moment)?;
            (then? < end && end <= now?).then(|| changed(format!("{} ended on {}.", one.named(), words::day(end))))
        });
        lines.extend(ended);
        lines
    }
}

impl Credential {
    fn named(&self) -> String {
        let kind = match self.kind {
            CredentialKind::Secret => "secret",
            CredentialKind::Certificate => "certificate",
        };
        if self.description.trim().is_empty() {
            return format!("A {kind} without a description");
        }
        format!("The {kind} \"{}\"", words::visible(&self.description))
    }
}

/// What is new and what is gone.
fn difference<T>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    new: impl Fn(&T) -> String,
    gone: impl Fn(&T) -> String,
) -> Vec<Change> {
    let added_ones = after.iter().filter(|(id, _)| !before.contains_key(*id)).map(|(_, one)| added(new(one)));
    let removed_ones = before.iter().filter(|(id, _)| !after.contains_key(*id)).map(|(_, one)| removed(gone(one)));
    added_ones.chain(removed_ones).collect()
}

fn added(sentence: String) -> Change {
    Change::new(ChangeKind::Added, sentence)
}

fn removed(sentence: String) -> Change {
    Change::new(ChangeKind::Removed, sentence)
}

fn changed(sentence: String) -> Change {
    Change::new(ChangeKind::Changed, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let credential = |description: &str, expires: &str| Credential {
            kind: CredentialKind::Secret,
            description: description.to_owned(),
            expires: Some(expires.to_owned()),
        };
        Facts {
            name: "HR feed".to_owned(),
            enabled: Some(true),
            registration_seen: true,
            grants: [("g-1", "A.Read"), ("g-2", "B.Read")].map(|(id, value)| (id.into(), value.into())).into(),
            credentials: [
                ("k-1".to_owned(), credential("server", "2026-11-20T00:00:00Z")),
                ("k-2".to_owned(), credential("old server", "2026-01-01T00:00:00Z")),
            ]
            .into(),
            owners: [("o-1".to_owned(), "Dana Holt".to_owned())].into(),
            federated: ["pipeline".to_owned()].into(),
            verdict: VerdictKind::Ready,
            sentence: "Ready. It can upload users.".to_owned(),
        }
    }

    fn head(at: &str) -> Head {
        Head::new("client".to_owned(), at, "dana@contoso.example", Vec::new(), 1)
    }

    fn note(folder: &Path, at: &str, facts: Facts) -> Option<Changes> {
        Record { head: head(at), facts }.note(folder)
    }

    fn sentences(changes: &Changes) -> Vec<&str> {
        changes.lines.iter().map(|line| line.sentence.as_str()).collect()
    }

    #[test]
    fn each_difference_is_a_sentence_and_none_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(note(folder.path(), "2026-11-01T00:00:00Z", facts()), None, "there is nothing before the first");
        let mut after = facts();
        after.name = "HR feed 2".to_owned();
        after.enabled = Some(false);
        after.grants =
            [("g-3", "A.Read"), ("g-4", "C\u{202e}.Read")].map(|(id, value)| (id.into(), value.into())).into();
        let credential = Credential { kind: CredentialKind::Certificate, description: String::new(), expires: None };
        after.credentials.insert("k-3".to_owned(), credential);
        after.credentials.remove("k-2");
        after.owners = [("o-2".to_owned(), "Ali Reza".to_owned())].into();
        after.federated = BTreeSet::new();
        after.verdict = VerdictKind::NotReady;
        let changes = note(folder.path(), "2026-11-25T00:00:00Z", after.clone()).expect("there was one");
        assert_eq!(
            (changes.since.as_str(), changes.operator.as_str(), changes.more),
            ("2026-11-01T00:00:00Z", "dana@contoso.example", 0)
        );
        assert_eq!(
            sentences(&changes),
            [
                "C<U+202E>.Read was granted.",
                "B.Read was taken away.",
                "A.Read was taken away and granted again.",
                "A certificate without a description was added.",
                "The secret \"old server\" was removed.",
                "The secret \"server\" ended on 20 Nov 2026.",
                "Ali Reza became an owner.",
                "Dana Holt is no owner any more.",
                "The federated credential \"pipeline\" was removed.",
                "Its sign-in was blocked.",
                "It was renamed from \"HR feed\" to \"HR feed 2\".",
                "The verdict was: Ready. It can upload users.",
            ]
        );
        let again = note(folder.path(), "2026-11-25T00:00:00Z", after).expect("there was one");
        assert_eq!((sentences(&again), again.since.as_str()), (Vec::new(), "2026-11-25T00:00:00Z"));
    }

    #[test]
    fn what_nobody_here_sees_is_not_said_to_be_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        note(folder.path(), "2026-11-01T00:00:00Z", facts());
        let mut unseen = facts();
        unseen.registration_seen = false;
        unseen.credentials = BTreeMap::new();
        unseen.owners = BTreeMap::new();
        unseen.federated = BTreeSet::new();
        unseen.grants.remove("g-2");
        let changes = note(folder.path(), "2026-11-02T00:00:00Z", unseen).expect("there was one");
        assert_eq!(sentences(&changes), ["B.Read was taken away."]);
    }

    #[test]
    fn a_damaged_record_is_passed_over_and_only_so_many_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = || {
            let mut all: Vec<_> = std::fs::read_dir(folder.path())
                .expect("listed")
                .map(|entry| entry.expect("an entry").path())
                .collect();
            all.sort();
            all
        };
        for day in 1..=28 {
            for hour in ["00", "12"] {
                note(folder.path(), &format!("2026-10-{day:02}T{hour}:00:00Z"), facts());
            }
        }
        assert_eq!(files().len(), MOST);
        let last = files().pop().expect("the last one");
        for (content, what) in [
            ("", "empty"),
            ("{\"format\":1", "cut off"),
            ("{\"format\":1,\"subject\":\"client\",\"at\":\"x\",\"operator\":\"y\",\"lines\":1}\n", "without its line"),
            ("{\"format\":9,\"subject\":\"client\",\"at\":\"x\",\"operator\":\"y\",\"lines\":0}\n", "newer"),
            ("{\"format\":1,\"subject\":\"other\",\"at\":\"x\",\"operator\":\"y\",\"lines\":0}\n", "another's"),
        ] {
            std::fs::write(&last, content).expect("written");
            let changes = note(folder.path(), "2026-11-01T00:00:00Z", facts()).expect("the one before is whole");
            assert_eq!(changes.since, "2026-10-28T00:00:00Z", "{what}");
            let newest = files().pop().expect("the new one");
            assert!(newest > last, "it is later than the damaged one");
            std::fs::remove_file(newest).expect("removed");
        }
    }

    #[test]
    fn what_cannot_be_kept_fails_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("history");
        std::fs::write(&file, "no folder").expect("written");
        assert_eq!(note(&file, "2026-11-01T00:00:00Z", facts()), None);
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "no folder");
    }
}
