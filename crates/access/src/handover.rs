//! The hand-over to the API developer: what a client needs, as facts and as text that is ready to run; and what a run did, so
//! that it can be reviewed or repeated elsewhere. Secrets are left out and named.

mod clients;
mod fill;
mod packet;
mod quote;
mod script;
mod scripts;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::job::Job;
use crate::plan::PlanView;
use crate::problem::Problem;

/// What the API developer needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeveloperPacket {
    /// For whom: the client's name.
    pub name: String,
    /// Tenant id, client id, scope, token address, upload address, the credential's place.
    pub facts: Vec<PacketFact>,
    /// Ready-to-run text.
    pub snippets: Vec<Snippet>,
    /// What is still missing, e.g. that there is no provisioning job yet; none when nothing.
    pub lacks: Option<String>,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PacketFact {
    /// What it is: `Tenant id`.
    pub label: String,
    /// The value to copy.
    pub value: String,
    /// A sentence, where one is needed.
    pub note: Option<String>,
}

/// Text that is ready to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snippet {
    /// Handle for saving it; empty where a face gives none.
    pub id: String,
    /// Short and stable: `curl`, `postman`, `powershell`, `python`, `csharp`, `csv2scim`, `webWizard`, `azRest`, `http`,
    /// `terraform`.
    pub key: String,
    /// Its name: `cURL`.
    pub title: String,
    /// What it does and what must be filled in, in a sentence or two.
    pub explanation: String,
    /// The text.
    pub text: String,
    /// A name to save it under.
    pub file_name: String,
}

impl Job {
    /// What the developer of an API client needs. `job_id` chooses among several provisioning jobs.
    ///
    /// # Errors
    /// `notFound` or `ambiguous` for the principal, `notFound` for the job, or that the tenant cannot be read.
    pub async fn developer_packet(&self, principal: &str, job_id: Option<&str>) -> Result<DeveloperPacket, Problem> {
        Box::pin(packet::gather(self, principal, job_id)).await
    }

    /// A plan as text that does the same elsewhere: PowerShell, `az rest`, HTTP, Terraform. Nothing where a plan changes
    /// nothing.
    #[must_use]
    pub fn scripts_of_plan(&self, plan: &PlanView) -> Vec<Snippet> {
        scripts::of(&script::of_plan(plan, &self.parts.tenant))
    }

    /// What a run did, in the same forms. What it made is named by the ids that it got; a repetition makes its own.
    ///
    /// # Errors
    /// `notFound` when there is no such run.
    pub fn scripts_of_run(&self, run_id: &str) -> Result<Vec<Snippet>, Problem> {
        let document = self.parts.runs.document(run_id)?;
        Ok(scripts::of(&script::of_run(&document, &self.parts.tenant)))
    }
}
