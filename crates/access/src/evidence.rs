//! Evidence: what was found or done, as a file for an auditor. Who, when, which tenant, versions, request ids; no secrets.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::audit::Audit;
use crate::job::Job;
use crate::problem::{Code, Problem};
use crate::verification::Verification;

/// As what evidence is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EvidenceFormat {
    /// For programs; by the published schema.
    Json,
    /// For spreadsheets; guarded against formulas.
    Csv,
    /// To be read and printed: one page that needs nothing else.
    Html,
}

impl EvidenceFormat {
    /// The ending of its files, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
        }
    }
}

/// Evidence of what: each by the handle that the face was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum EvidenceSubject {
    /// A verification.
    Verification {
        /// Its id.
        id: String,
    },
    /// An audit.
    Audit {
        /// Its id.
        id: String,
    },
    /// A run.
    Run {
        /// Its id.
        id: String,
    },
}

/// A file's proposed name and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// With the ending.
    pub name: String,
    /// UTF-8.
    pub content: Vec<u8>,
}

impl Job {
    /// Evidence of a verification.
    ///
    /// # Errors
    /// None at present; a face must not rely on it.
    pub fn evidence_of_verification(
        &self,
        verification: &Verification,
        format: EvidenceFormat,
    ) -> Result<EvidenceFile, Problem> {
        let _ = (verification, format);
        Err(Problem::new(Code::Internal, "This is not built yet."))
    }

    /// Evidence of an audit.
    ///
    /// # Errors
    /// As [`Job::evidence_of_verification`].
    pub fn evidence_of_audit(&self, audit: &Audit, format: EvidenceFormat) -> Result<EvidenceFile, Problem> {
        let _ = (audit, format);
        Err(Problem::new(Code::Internal, "This is not built yet."))
    }

    /// Evidence of a run of this computer.
    ///
    /// # Errors
    /// `notFound` when there is no such run.
    pub fn evidence_of_run(&self, run_id: &str, format: EvidenceFormat) -> Result<EvidenceFile, Problem> {
        let _ = (run_id, format);
        Err(Problem::new(Code::Internal, "This is not built yet."))
    }
}
