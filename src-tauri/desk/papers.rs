//! What was shown and can be saved: verifications, audits, text for the API developer. The page names it; what is written is
//! what Rust holds.

use std::path::PathBuf;
use std::sync::Arc;

use inbound_access_job::audit::Audit;
use inbound_access_job::evidence::{EvidenceFile, EvidenceFormat, EvidenceSubject};
use inbound_access_job::handover::{DeveloperPacket, Snippet};
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::upload::Upload;
use inbound_access_job::verification::Verification;
use uuid::Uuid;

use super::Desk;
use super::order::Order;

/// Something that was shown.
#[derive(Clone)]
pub(super) enum Paper {
    Verification(Arc<Verification>),
    Audit(Arc<Audit>),
    Upload(Box<Upload>),
    Snippet(Box<Snippet>),
}

impl Desk {
    /// Desired beside observed, kept for its evidence.
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn verify(
        &self,
        principal: String,
        permissions: Vec<String>,
        token: bool,
    ) -> Result<Verification, Problem> {
        let found = self.with_job(move |job| async move { job.verify(&principal, &permissions, token).await }).await?;
        self.keep(found.id.clone(), Paper::Verification(Arc::new(found.clone())));
        Ok(found)
    }

    /// Evidence of something that was shown, or of a run.
    ///
    /// # Errors
    /// With `stale` when it is not known (any more), `notFound` for a run, and the job's own problems.
    pub async fn evidence(&self, subject: EvidenceSubject, format: EvidenceFormat) -> Result<EvidenceFile, Problem> {
        match subject {
            EvidenceSubject::Run { id } => self.with_job_blocking(move |job| job.evidence_of_run(&id, format)).await,
            EvidenceSubject::Verification { id } => match self.paper(id).await? {
                Some(Paper::Verification(found)) => {
                    self.with_job_blocking(move |job| job.evidence_of_verification(&found, format)).await
                }
                _ => Err(stale("This verification", "Verify again.")),
            },
            EvidenceSubject::Audit { id } => match self.paper(id).await? {
                Some(Paper::Audit(found)) => {
                    self.with_job_blocking(move |job| job.evidence_of_audit(&found, format)).await
                }
                _ => Err(stale("This list", "Read it again.")),
            },
        }
    }

    /// What the developer of an API client needs; its texts can be saved.
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn developer_packet(
        &self,
        principal: String,
        job_id: Option<String>,
    ) -> Result<DeveloperPacket, Problem> {
        let packet =
            self.with_job(move |job| async move { job.developer_packet(&principal, job_id.as_deref()).await }).await?;
        Ok(DeveloperPacket { snippets: self.keep_all(packet.snippets), ..packet })
    }

    /// A plan as text that does the same elsewhere.
    ///
    /// # Errors
    /// With `stale` when the plan is not known (any more).
    pub async fn plan_scripts(&self, plan: Uuid) -> Result<Vec<Snippet>, Problem> {
        let view = self
            .ask(|reply| Order::PlanView { plan, reply })
            .await?
            .ok_or_else(|| stale("This plan", "Make the plan again."))?;
        let snippets = self.with_job_blocking(move |job| Ok(job.scripts_of_plan(&view))).await?;
        Ok(self.keep_all(snippets))
    }

    /// What a run did, in the same forms.
    ///
    /// # Errors
    /// With `notFound` when there is no such run.
    pub async fn run_scripts(&self, run: String) -> Result<Vec<Snippet>, Problem> {
        let snippets = self.with_job_blocking(move |job| job.scripts_of_run(&run)).await?;
        Ok(self.keep_all(snippets))
    }

    /// Text that was shown.
    ///
    /// # Errors
    /// With `stale` when it is not known (any more).
    pub async fn snippet(&self, id: String) -> Result<Snippet, Problem> {
        match self.paper(id).await? {
            Some(Paper::Snippet(snippet)) => Ok(*snippet),
            _ => Err(stale("This text", "Open it again.")),
        }
    }

    /// The same texts under the ids by which they can be saved.
    fn keep_all(&self, snippets: Vec<Snippet>) -> Vec<Snippet> {
        let keep = |mut snippet: Snippet| {
            snippet.id = Uuid::new_v4().to_string();
            self.keep(snippet.id.clone(), Paper::Snippet(Box::new(snippet.clone())));
            snippet
        };
        snippets.into_iter().map(keep).collect()
    }

    pub(super) fn keep(&self, id: String, paper: Paper) {
        self.send(Order::KeepPaper { id, paper });
    }

    pub(super) async fn paper(&self, id: String) -> Result<Option<Paper>, Problem> {
        self.ask(|reply| Order::Paper { id, reply }).await
    }
}

pub(super) fn stale(what: &str, advice: &str) -> Problem {
    Problem::new(Code::Stale, format!("{what} is not known any more.")).exists("Nothing was changed.").advice(advice)
}

/// The ending of a file's name, for the dialog's filter.
#[must_use]
pub fn known_ending(name: &str) -> &'static str {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["sh", "ps1", "py", "cs", "json", "http", "tf", "md"].into_iter().find(|one| *one == ending).unwrap_or("txt")
}

/// Writes a file where the operator chose.
///
/// # Errors
/// With `localFile`.
pub async fn write(path: PathBuf, content: Vec<u8>) -> Result<(), Problem> {
    super::whole(tokio::task::spawn_blocking(move || {
        std::fs::write(&path, content).map_err(|error| {
            Problem::new(Code::LocalFile, format!("{} could not be written: {error}.", path.display()))
                .exists("What was to be saved is still shown.")
                .advice("Choose another folder, or check that the disk has room.")
        })
    }))
    .await
}
