//! Evidence as JSON, by the published schema (`docs/evidence.schema.json`): a frame of who, when, where and by what, and
//! the verification, audit or run as the job found it.

use serde::Serialize;

use crate::audit::Audit;
use crate::evidence::{Exported, unwritable};
use crate::problem::{Problem, RequestTrace};
use crate::road::LogCheck;
use crate::run::{RunStep, RunView, StepState};
use crate::verification::{TokenCheck, Verification};

/// What every such file says of itself.
const DOCUMENT: &str = "inbound-access/evidence";
/// The schema's version. What is added later leaves it as it is; what changes or goes raises it.
const FORMAT: u32 = 1;
/// The product's name and version as evidence tells them.
pub(super) const APP: &str = "Inbound Access";
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The frame with its content.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'a> {
    document: &'static str,
    format: u32,
    pub kind: &'static str,
    app: App,
    /// When what it tells was read in the tenant or done there.
    pub taken_at: &'a str,
    pub exported_at: String,
    /// Who read or did it.
    pub operator: &'a str,
    pub exported_by: Option<&'a str>,
    pub tenant: Tenant<'a>,
    pub cloud: &'a str,
    /// What Microsoft's support can find in its own records.
    pub requests: Vec<RequestLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a Verification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<&'a Audit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a RunView>,
}

#[derive(Debug, Serialize)]
struct App {
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Tenant<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

/// A request by the ids under which it is known to the service and to us.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestLine {
    /// What it was about.
    pub about: String,
    /// HTTP status, where it is known.
    pub status: Option<u16>,
    /// The service's `request-id`.
    pub request_id: Option<String>,
    /// Our `client-request-id`.
    pub client_request_id: Option<String>,
    /// The service's time of the answer, as it told it.
    pub date: Option<String>,
}

impl<'a> Document<'a> {
    pub(super) fn of_verification(
        found: &'a Verification,
        cloud: &'a str,
        operator: &'a str,
        exported: Exported<'a>,
    ) -> Self {
        let tenant = Tenant { id: &found.tenant_id, name: &found.tenant_name };
        let mut requests = Vec::new();
        if let TokenCheck::Refused { problem } = &found.token {
            requests.extend(line("ask for a token", problem.trace.as_ref()));
        }
        if let LogCheck::Refused { problem, .. } = &found.log {
            requests.extend(line("read the provisioning log", problem.trace.as_ref()));
        }
        let frame = Self::frame("verification", &found.checked_at, operator, tenant, cloud, requests, exported);
        Self { verification: Some(found), ..frame }
    }

    pub(super) fn of_audit(found: &'a Audit, cloud: &'a str, exported: Exported<'a>) -> Self {
        let summary = &found.summary;
        let tenant = Tenant { id: &summary.tenant_id, name: &summary.tenant_name };
        let frame = Self::frame("audit", &summary.checked_at, &summary.operator, tenant, cloud, Vec::new(), exported);
        Self { audit: Some(found), ..frame }
    }

    pub(super) fn of_run(run: &'a RunView, exported: Exported<'a>) -> Self {
        let tenant = Tenant { id: &run.tenant_id, name: &run.tenant_name };
        let attempts = run.earlier.iter().map(|attempt| &attempt.steps).chain([&run.steps]);
        let requests = attempts.flatten().filter_map(of_step).collect();
        let frame = Self::frame("run", &run.started, &run.operator, tenant, &run.cloud, requests, exported);
        Self { run: Some(run), ..frame }
    }

    fn frame(
        kind: &'static str,
        taken_at: &'a str,
        operator: &'a str,
        tenant: Tenant<'a>,
        cloud: &'a str,
        requests: Vec<RequestLine>,
        exported: Exported<'a>,
    ) -> Self {
        Self {
            document: DOCUMENT,
            format: FORMAT,
            kind,
            app: App { name: APP, version: VERSION },
            taken_at,
            exported_at: exported.at.to_string(),
            operator,
            exported_by: exported.by,
            tenant,
            cloud,
            requests,
            verification: None,
            audit: None,
            run: None,
        }
    }

    /// Indented, with a line break at its end.
    pub(super) fn json(&self) -> Result<Vec<u8>, Problem> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| unwritable(&error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

fn of_step(step: &RunStep) -> Option<RequestLine> {
    match &step.state {
        StepState::Done { request_id: Some(id), .. } => Some(RequestLine {
            about: step.title.clone(),
            status: None,
            request_id: Some(id.clone()),
            client_request_id: None,
            date: None,
        }),
        StepState::Failed { problem } => line(&step.title, problem.trace.as_ref()),
        _ => None,
    }
}

fn line(about: &str, trace: Option<&RequestTrace>) -> Option<RequestLine> {
    let trace = trace?;
    Some(RequestLine {
        about: about.to_owned(),
        status: trace.status,
        request_id: trace.request_id.clone(),
        client_request_id: trace.client_request_id.clone(),
        date: trace.date.clone(),
    })
}
