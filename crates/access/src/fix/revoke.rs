//! Taking grants away, of one principal or of hundreds: a step each, none needing another.

use inbound_entra::graph::request;
use inbound_entra::ids::ObjectId;
use inbound_entra::model::{AppRoleAssignment, GraphResource};

use crate::fix::Fix;
use crate::fix::holders::{self, Holder};
use crate::fix::losses;
use crate::fix::sheet::Sheet;
use crate::job::Job;
use crate::plan::work::{Fixing, Plan, Work};
use crate::plan::{StepEffect, StepKind, StepView};
use crate::problem::Problem;
use crate::requirements;
use crate::run::fact::Made;

/// A grant that is there and is to go.
pub(crate) struct Loss<'a> {
    pub step: u32,
    pub holder: &'a Holder,
    pub value: String,
    /// On Microsoft Graph.
    pub on_graph: bool,
}

pub(crate) async fn plan(job: &Job, fix: Fix, wanted: &[(String, ObjectId)]) -> Result<Plan, Problem> {
    let of = |holder: &Holder| {
        let id = holder.id;
        wanted.iter().filter(move |(_, principal)| *principal == id).map(|(grant, _)| grant.clone())
    };
    let whole = |holder: &Holder| of(holder).all(|grant| holder.grants.iter().any(|one| one.id == grant));
    let principals = wanted.iter().map(|(_, principal)| *principal);
    let (graph, holders) = futures::join!(job.graph(), holders::read(job, principals, whole));
    let (graph, holders) = (graph?, holders?);
    let mut sheet = Sheet::default();
    let (mut takes, mut lost) = (Vec::new(), Vec::new());
    for holder in &holders {
        for grant in of(holder) {
            match holder.grants.iter().find(|one| one.id == grant) {
                Some(found) => {
                    let value = holders::value_of(&graph, found);
                    let step = take(&sheet, holder, found, &value, &graph, holders.len() > 1);
                    let number = sheet.sends(job, step, &[request::revoke(found.resource_id, &found.id)]);
                    takes.push((number, made(found, &value)));
                    lost.push(Loss { step: number, holder, value, on_graph: found.resource_id == graph.id });
                }
                None => {
                    let title = format!("Take a grant back from {}", holder.name());
                    let note = Some(format!("the grant {grant} is gone already"));
                    let step = StepView { note, ..sheet.step(StepKind::RevokeGrant, title) };
                    sheet.push(step);
                }
            }
        }
    }
    let facts = job.facts();
    let mut warnings = losses::of(&lost, &graph, &facts.operator);
    warnings.extend(sheet.stand(&facts.can_grant(), |_| true));
    let subject = holders::subject(&holders);
    let key = holders::key(job, &holders).await;
    let view = sheet.view(job, subject, warnings);
    Ok(Plan { view, work: Work::Fix(Box::new(Fixing { key, fix, steps: takes })) })
}

fn take(
    sheet: &Sheet,
    holder: &Holder,
    grant: &AppRoleAssignment,
    value: &str,
    graph: &GraphResource,
    many: bool,
) -> StepView {
    let what = if grant.resource_id == graph.id {
        format!("the permission to {}", requirements::as_act(&requirements::describe(value, Some(graph))))
    } else {
        let api = grant.resource_display_name.clone().unwrap_or_else(|| grant.resource_id.to_string());
        format!("an app role of \"{api}\"")
    };
    let from = if many { format!(" from {}", holder.name()) } else { String::new() };
    StepView {
        term: Some(value.to_owned()),
        effect: StepEffect::WillRemove,
        // Names are not unique.
        note: many.then(|| format!("object id {}", holder.id)),
        ..sheet.step(StepKind::RevokeGrant, format!("Take back {what}{from}"))
    }
}

fn made(grant: &AppRoleAssignment, value: &str) -> Made {
    Made::Grant {
        id: grant.id.clone(),
        principal: grant.principal_id,
        resource: grant.resource_id,
        role: grant.app_role_id,
        value: value.to_owned(),
    }
}
