//! Long reads that tell of themselves and can be stopped: audits, the list of credentials, an upload that is followed.

use std::sync::Arc;

use inbound_access_job::audit::{AuditNews, AuditSummary};
use inbound_access_job::credentials::CredentialList;
use inbound_access_job::problem::Problem;
use inbound_access_job::upload::{UploadPreview, UploadRequest, UploadView};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Desk;
use super::order::Order;
use super::papers::{Paper, stale};

/// The name of the one audit that goes on: a new one ends it.
pub const AUDIT: &str = "audit";
const CREDENTIALS: &str = "credentials";

impl Desk {
    /// Reads who holds permissions; a read that goes on is stopped first.
    ///
    /// # Errors
    /// As [`Desk::with_job`], and `cancelled`.
    pub async fn audit<N>(&self, permissions: Vec<String>, news: N) -> Result<AuditSummary, Problem>
    where
        N: Fn(AuditNews) + Send + Sync + 'static,
    {
        let session = self.session().await?;
        let cancel = self.begin_reading(AUDIT.to_owned());
        let audit =
            self.with_job(move |job| async move { job.audit(&permissions, cancel, Arc::new(news)).await }).await?;
        let summary = audit.summary.clone();
        self.keep(&session, summary.id.clone(), Paper::Audit(Arc::new(audit)));
        Ok(summary)
    }

    /// The credentials of every app that holds a permission of the job.
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn credentials(&self) -> Result<CredentialList, Problem> {
        let cancel = self.begin_reading(CREDENTIALS.to_owned());
        self.with_job(move |job| async move { job.credentials(cancel).await }).await
    }

    /// Checks what is to be uploaded and keeps it for [`Desk::upload`]. Sends nothing.
    ///
    /// # Errors
    /// As [`Desk::with_job`].
    pub async fn prepare_upload(&self, request: UploadRequest) -> Result<UploadPreview, Problem> {
        let session = self.session().await?;
        let upload = self.with_job(move |job| async move { job.prepare_upload(request).await }).await?;
        let view = upload.view().clone();
        self.keep(&session, view.id.clone(), Paper::Upload(Box::new(upload)));
        Ok(view)
    }

    /// Sends what was prepared, once, and follows the log.
    ///
    /// # Errors
    /// With `stale` when it is not known (any more) or was sent already, and as [`Desk::with_job`].
    pub async fn upload<N>(&self, id: Uuid, news: N) -> Result<UploadView, Problem>
    where
        N: Fn(UploadView) + Send + Sync + 'static,
    {
        let id = id.to_string();
        // First: an upload that was shown in one tenant must never be sent in another.
        let job = self.session().await?.job.clone();
        let paper = self.ask(|reply| Order::TakePaper { id: id.clone(), reply }).await?;
        let Some(Paper::Upload(upload)) = paper else {
            return Err(stale("This upload", "Look at it again before you send it."));
        };
        let cancel = self.begin_reading(id);
        self.caught(move |_| async move { job.upload(*upload, cancel, Arc::new(news)).await }).await
    }

    /// Stops a read by its name; nothing happens when it is over.
    ///
    /// # Errors
    /// Only when the owner of state is gone.
    pub async fn stop_reading(&self, name: String) -> Result<(), Problem> {
        self.ask(|reply| Order::StopReading { name, reply }).await
    }

    fn begin_reading(&self, name: String) -> CancellationToken {
        let cancel = CancellationToken::new();
        self.send(Order::BeginReading { name, cancel: cancel.clone() });
        cancel
    }
}
