//! Evidence: what was found or done, as a file for an auditor. Who, when, which tenant, versions, request ids; no secrets.

mod document;
mod naming;
mod page;
mod report;
mod sheet;
mod telling;

use inbound_entra::clock::Clock;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::audit::Audit;
use crate::job::Job;
use crate::problem::{Code, Problem};
use crate::run::RunView;
use crate::verification::Verification;

pub(crate) use naming::slug;

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

/// When and by whom evidence is written down.
#[derive(Debug, Clone, Copy)]
pub struct Exported<'a> {
    /// When.
    pub at: Timestamp,
    /// Sign-in name of who did it; none where nobody is signed in.
    pub by: Option<&'a str>,
}

impl<'a> Exported<'a> {
    /// Now, by `clock`.
    #[must_use]
    pub fn now(clock: &dyn Clock, by: Option<&'a str>) -> Self {
        Self { at: clock.now(), by }
    }
}

/// Evidence of a run, wherever its record was read. Needs no sign-in.
///
/// # Errors
/// `internal` when the content cannot be put together.
pub fn of_run(run: &RunView, format: EvidenceFormat, exported: Exported<'_>) -> Result<EvidenceFile, Problem> {
    let whole = document::Document::of_run(run, exported);
    let name = naming::file_name("run", &run.subject, &run.id, &run.started, format);
    Ok(EvidenceFile {
        name,
        content: match format {
            EvidenceFormat::Json => whole.json()?,
            EvidenceFormat::Csv => sheet::of_run(run)?,
            EvidenceFormat::Html => page::render(&whole, &report::of_run(run)),
        },
    })
}

impl Job {
    /// Evidence of a verification that this job made: it says that who is signed in here has read it.
    ///
    /// # Errors
    /// `internal` when the content cannot be put together.
    pub fn evidence_of_verification(
        &self,
        verification: &Verification,
        format: EvidenceFormat,
    ) -> Result<EvidenceFile, Problem> {
        let (cloud, operator) = (&self.parts.tenant.cloud_name, self.parts.operator.name());
        let whole = document::Document::of_verification(verification, cloud, operator, self.exported());
        let card = &verification.principal;
        Ok(EvidenceFile {
            name: naming::file_name("verification", &card.name, &card.client_id, &verification.checked_at, format),
            content: match format {
                EvidenceFormat::Json => whole.json()?,
                EvidenceFormat::Csv => sheet::of_verification(verification, operator)?,
                EvidenceFormat::Html => page::render(&whole, &report::of_verification(verification)),
            },
        })
    }

    /// Evidence of an audit.
    ///
    /// # Errors
    /// As [`Job::evidence_of_verification`].
    pub fn evidence_of_audit(&self, audit: &Audit, format: EvidenceFormat) -> Result<EvidenceFile, Problem> {
        let whole = document::Document::of_audit(audit, &self.parts.tenant.cloud_name, self.exported());
        let summary = &audit.summary;
        Ok(EvidenceFile {
            name: naming::file_name("audit", &summary.tenant_name, &summary.tenant_id, &summary.checked_at, format),
            content: match format {
                EvidenceFormat::Json => whole.json()?,
                EvidenceFormat::Csv => sheet::of_audit(audit)?,
                EvidenceFormat::Html => page::render(&whole, &report::of_audit(audit)),
            },
        })
    }

    /// Evidence of a run of this computer.
    ///
    /// # Errors
    /// `notFound` when there is no such run.
    pub fn evidence_of_run(&self, run_id: &str, format: EvidenceFormat) -> Result<EvidenceFile, Problem> {
        of_run(&self.parts.runs.get(run_id)?, format, self.exported())
    }

    fn exported(&self) -> Exported<'_> {
        Exported::now(self.parts.clock.as_ref(), Some(self.parts.operator.name()))
    }
}

/// What cannot be written although nothing that a user does can bring it about.
fn unwritable(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(Code::Internal, format!("The evidence could not be put together: {error}."))
        .exists("Nothing was changed, and nothing was saved.")
}
