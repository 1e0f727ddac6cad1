//! Making the service principal of an app registration of this tenant.

use inbound_entra::graph::request;
use inbound_entra::ids::AppId;

use crate::fix::registration;
use crate::fix::sheet::Sheet;
use crate::job::Job;
use crate::observe::observed::SecretsSeen;
use crate::operator::standings::Registration;
use crate::plan::work::{Plan, SetUp, Work};
use crate::plan::{StepEffect, StepKind, StepView};
use crate::problem::Problem;

pub(crate) async fn plan(job: &Job, client: AppId) -> Result<Plan, Problem> {
    let (graph, found) = futures::join!(job.graph(), registration::read(job, client));
    let (graph, found) = (graph?, found?);
    let subject = found.subject();
    let mut sheet = Sheet::default();
    let step = sheet.step(StepKind::CreateServicePrincipal, "Give it a service principal".to_owned());
    match &found.principal {
        Some(there) => {
            sheet.push(StepView { note: Some(format!("object id {}", there.id)), ..step });
        }
        None => {
            let step = StepView { effect: StepEffect::WillCreate, ..step };
            sheet.sends(job, step, &[request::create_service_principal(client)]);
        }
    }
    let warnings = sheet.stand(&job.facts().can_register(Registration::Existing), |_| true);
    let view = sheet.view(job, subject, warnings.into_iter().collect());
    let observed = found.observed(graph, Vec::new(), SecretsSeen::default(), job.parts.clock.now());
    let set_up = SetUp {
        observed,
        grants: Vec::new(),
        effective: Vec::new(),
        serving: Vec::new(),
        finishes: None,
        origin: None,
        rotation: None,
    };
    Ok(Plan { view, work: Work::SetUp(Box::new(set_up)) })
}
