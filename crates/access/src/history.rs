//! Verifications and audits as they were, without secrets, so that the next one can say what is different.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::run::journal::RunStore;

/// Where they are kept: one folder for each tenant, beside its runs.
#[derive(Debug, Clone)]
pub struct HistoryStore {
    folder: PathBuf,
}

impl HistoryStore {
    /// The folder that goes with these runs.
    #[must_use]
    pub fn beside(runs: &RunStore) -> Self {
        Self { folder: runs.folder().join("history") }
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
