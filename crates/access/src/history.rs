//! Verifications and audits as they were, without secrets, so that the next one can say what is different.
//!
//! They lie in a folder of their own, one file each, read by nobody but their owner. What cannot be kept or read again is
//! told in the log and harms nothing: it only means that the next change is not seen.

mod audited;
mod shelf;
mod verified;

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::audit::{AuditSummary, HolderRow};
use crate::run::journal::RunStore;
use crate::verification::Verification;

/// More lines of changes help nobody; the rest is counted.
const MOST_LINES: usize = 50;

/// Where they are kept: one folder for each tenant, beside its runs.
#[derive(Debug, Clone)]
pub struct HistoryStore {
    folder: PathBuf,
}

impl HistoryStore {
    /// The folder that goes with these runs. It lies among them and is forgotten with them; a run is a file, so it is
    /// none.
    #[must_use]
    pub fn beside(runs: &RunStore) -> Self {
        Self { folder: runs.folder().join("history") }
    }

    /// Keeps a verification, and tells what is different from the last one of the same principal. One that could not
    /// read what is compared is neither kept nor compared: what it did not see would count as gone.
    pub(crate) async fn note_verification(&self, found: &Verification, operator: &str) -> Option<Changes> {
        let record = verified::Record::of(found, operator)?;
        let folder = self.folder.clone();
        tokio::task::spawn_blocking(move || record.note(&folder)).await.ok().flatten()
    }

    /// Keeps an audit, and tells what is different from the last one of the same permissions.
    pub(crate) async fn note_audit(
        &self,
        summary: &AuditSummary,
        rows: Vec<HolderRow>,
    ) -> (Vec<HolderRow>, Option<Changes>) {
        let rows = Arc::new(rows);
        let (folder, head, read) = (self.folder.clone(), audited::head(summary, rows.len()), Arc::clone(&rows));
        let noting = tokio::task::spawn_blocking(move || audited::note(&folder, &head, &read));
        let changes = noting.await.ok().flatten();
        (Arc::try_unwrap(rows).unwrap_or_else(|shared| (*shared).clone()), changes)
    }
}

/// What is different from the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// When that was, RFC 3339.
    pub since: String,
    /// Who looked then, by sign-in name.
    pub operator: String,
    /// What is different; empty when nothing is.
    pub lines: Vec<Change>,
    /// How many more there are than are listed.
    pub more: u32,
}

/// One thing that is different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// How.
    pub kind: ChangeKind,
    /// In a sentence: `AuditLog.Read.All was granted.`
    pub sentence: String,
    /// Object id of the principal that it is about, where it is an audit's.
    pub principal_id: Option<String>,
}

/// How something is different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It is different.
    Changed,
}

impl Changes {
    /// Of all that is different, as much as is listed.
    fn of(head: &shelf::Head, mut lines: Vec<Change>, beyond: u32) -> Self {
        let cut = u32::try_from(lines.len().saturating_sub(MOST_LINES)).unwrap_or(u32::MAX);
        lines.truncate(MOST_LINES);
        Self { since: head.at.clone(), operator: head.operator.clone(), lines, more: beyond.saturating_add(cut) }
    }
}

impl Change {
    fn new(kind: ChangeKind, sentence: String) -> Self {
        Self { kind, sentence, principal_id: None }
    }
}
