//! What was shown and can be saved: verifications, audits, text for the API developer. The page names it; what is written is
//! what Rust holds.

use std::sync::Arc;

use inbound_access_job::audit::Audit;
use inbound_access_job::evidence::{EvidenceFile, EvidenceFormat, EvidenceSubject};
use inbound_access_job::handover::{DeveloperPacket, Snippet};
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::upload::Upload;
use inbound_access_job::verification::Verification;
use inbound_connection::Session;
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
        let session = self.session().await?;
        let found = self.with_job(move |job| async move { job.verify(&principal, &permissions, token).await }).await?;
        self.keep(&session, found.id.clone(), Paper::Verification(Arc::new(found.clone())));
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
        let session = self.session().await?;
        let packet =
            self.with_job(move |job| async move { job.developer_packet(&principal, job_id.as_deref()).await }).await?;
        Ok(DeveloperPacket { snippets: self.keep_all(&session, packet.snippets), ..packet })
    }

    /// A plan as text that does the same elsewhere.
    ///
    /// # Errors
    /// With `stale` when the plan is not known (any more).
    pub async fn plan_scripts(&self, plan: Uuid) -> Result<Vec<Snippet>, Problem> {
        let session = self.session().await?;
        let view = self
            .ask(|reply| Order::PlanView { plan, reply })
            .await?
            .ok_or_else(|| stale("This plan", "Make the plan again."))?;
        let snippets = self.with_job_blocking(move |job| Ok(job.scripts_of_plan(&view))).await?;
        Ok(self.keep_all(&session, snippets))
    }

    /// What a run did, in the same forms.
    ///
    /// # Errors
    /// With `notFound` when there is no such run.
    pub async fn run_scripts(&self, run: String) -> Result<Vec<Snippet>, Problem> {
        let session = self.session().await?;
        let snippets = self.with_job_blocking(move |job| job.scripts_of_run(&run)).await?;
        Ok(self.keep_all(&session, snippets))
    }

    /// Text that was shown.
    ///
    /// # Errors
    /// With `notSignedIn`, also while the session is locked, and `stale` when it is not known (any more).
    pub async fn snippet(&self, id: String) -> Result<Snippet, Problem> {
        self.session().await?;
        match self.paper(id).await? {
            Some(Paper::Snippet(snippet)) => Ok(*snippet),
            _ => Err(stale("This text", "Open it again.")),
        }
    }

    /// The same texts under the ids by which they can be saved.
    fn keep_all(&self, session: &Arc<Session>, snippets: Vec<Snippet>) -> Vec<Snippet> {
        let keep = |mut snippet: Snippet| {
            snippet.id = Uuid::new_v4().to_string();
            self.keep(session, snippet.id.clone(), Paper::Snippet(Box::new(snippet.clone())));
            snippet
        };
        snippets.into_iter().map(keep).collect()
    }

    /// Keeps what `session` was shown, unless it is over. The session is to be asked for before the work: what it brings
    /// late is then never taken for the next one's.
    pub(super) fn keep(&self, session: &Arc<Session>, id: String, paper: Paper) {
        self.send(Order::KeepPaper { id, paper, session: Arc::clone(session) });
    }

    pub(super) async fn paper(&self, id: String) -> Result<Option<Paper>, Problem> {
        self.ask(|reply| Order::Paper { id, reply }).await
    }
}

pub(super) fn stale(what: &str, advice: &str) -> Problem {
    Problem::new(Code::Stale, format!("{what} is not known any more.")).exists("Nothing was changed.").advice(advice)
}
