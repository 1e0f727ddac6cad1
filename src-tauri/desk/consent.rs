//! Handing over consent: the request that goes to another administrator, and the one that came from one.

use std::path::{Path, PathBuf};

use inbound_access_job::consent::{self, ConsentState, OpenedConsent};
use inbound_access_job::plan::PlanView;
use inbound_access_job::problem::{Code, Problem};
use uuid::Uuid;

use super::Desk;
use super::order::Order;
use crate::links;

/// As what a request for consent is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFormat {
    /// To be read by a person.
    Markdown,
    /// To be opened in another Inbound Access.
    Json,
}

impl RequestFormat {
    /// The ending of its files, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }
}

impl Desk {
    /// What a run asks of another administrator.
    ///
    /// # Errors
    /// With `notFound` when there is no such run or it asks nothing.
    pub async fn consent_of(&self, run: String) -> Result<ConsentState, Problem> {
        self.with_job_blocking(move |job| job.consent_of(&run)).await
    }

    /// The request as the content of a file.
    ///
    /// # Errors
    /// As [`Desk::consent_of`].
    pub async fn consent_file(&self, run: String, format: RequestFormat) -> Result<(String, Vec<u8>), Problem> {
        self.with_job_blocking(move |job| {
            let state = job.consent_of(&run)?;
            let name = consent::file_name(&state.request);
            let content = match format {
                RequestFormat::Markdown => job.consent_note(&state).into_bytes(),
                RequestFormat::Json => consent::to_file(&state.request),
            };
            Ok((format!("{name}.{}", format.ending()), content))
        })
        .await
    }

    /// Copies Entra's consent page for the run's app.
    ///
    /// # Errors
    /// As [`Desk::consent_of`], with `wrongKind` for a managed identity, and when the clipboard cannot be used.
    pub async fn copy_consent_link(&self, run: String) -> Result<(), Problem> {
        let link = self.consent_link(run).await?;
        self.copy_text(link).await
    }

    /// Opens Entra's consent page for the run's app in the system's browser.
    ///
    /// # Errors
    /// As [`Desk::copy_consent_link`], and when no browser can be opened.
    pub async fn open_consent_link(&self, run: String) -> Result<(), Problem> {
        let login = self.session().await?.login.clone();
        let link = self.consent_link(run).await?;
        links::open(links::of_origin(&link, &login)?).await
    }

    async fn consent_link(&self, run: String) -> Result<String, Problem> {
        self.consent_of(run).await?.consent_url.ok_or_else(|| {
            Problem::new(Code::WrongKind, "Entra has no consent page for a managed identity.")
                .advice("Save the request and have it finished in Inbound Access.")
        })
    }

    /// Reads a request for consent and looks whether it can be finished in the tenant that one is signed in to.
    ///
    /// # Errors
    /// With `localFile` or `invalidInput` for the file, and that the tenant cannot be read.
    pub async fn open_consent(&self, path: PathBuf) -> Result<OpenedConsent, Problem> {
        let request = tokio::task::spawn_blocking(move || read(&path)).await.map_err(|_| super::fault())??;
        let kept = request.clone();
        let opened = self.with_job(move |job| async move { job.open_consent(&request).await }).await?;
        let id = opened.id.parse().map_err(|_| super::fault())?;
        self.send(Order::KeepRequest { id, request: Box::new(kept) });
        Ok(opened)
    }

    /// Plans to finish a request that was opened, and keeps the plan for [`Desk::run_plan`].
    ///
    /// # Errors
    /// With `stale` when the request is not known (any more), and the job's own problems.
    pub async fn plan_consent(&self, id: Uuid) -> Result<PlanView, Problem> {
        let request = self.ask(|reply| Order::Request { id, reply }).await?.ok_or_else(|| {
            Problem::new(Code::Stale, "This request is not known any more.")
                .exists("Nothing was changed.")
                .advice("Open its file again.")
        })?;
        self.planned(|job| async move { job.plan_consent(&request).await }).await
    }
}

fn read(path: &Path) -> Result<consent::ConsentRequest, Problem> {
    let told = |error: &std::io::Error| {
        Problem::new(Code::LocalFile, format!("{} could not be read: {error}.", path.display()))
            .exists("Nothing was changed.")
            .advice("Check that the file is there and that you may read it.")
    };
    let file = std::fs::File::open(path).map_err(|error| told(&error))?;
    // One byte more than is accepted, so that a larger one is known for what it is.
    let mut content = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, consent::LARGEST_FILE + 1), &mut content)
        .map_err(|error| told(&error))?;
    consent::from_file(&content)
}
