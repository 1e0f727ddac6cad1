//! Undoing a run that took grants away: what it took away, and nothing else, is granted again, under new ids.

use inbound_entra::graph::request;
use inbound_entra::ids::ObjectId;
use inbound_entra::model::AppRoleAssignment;
use jiff::Timestamp;
use uuid::Uuid;

use crate::fix::holders::{self, Holder};
use crate::job::Job;
use crate::plan::preview;
use crate::plan::work::{Plan, Work};
use crate::plan::{KeptObject, PlanView, StepEffect, StepKind, StepView, Warning};
use crate::preflight::Able;
use crate::problem::Problem;
use crate::requirements;
use crate::run::fact::Made;
use crate::run::{Doing, RunState, RunView, StepState};
use crate::undo::Undoing;
use crate::undo::found::kept;
use crate::undo::owed::{Owed, Taken};
use crate::words;

/// Plans it. Changes nothing.
pub(super) async fn plan(job: &Job, owed: Owed) -> Result<Plan, Problem> {
    let taken: Vec<&Taken> = owed.taken.iter().filter(|taken| principal_of(&taken.made).is_some()).collect();
    let now = job.parts.clock.now();
    let young = owed.spread().is_some_and(|spread: Timestamp| spread > now);
    // Just after the run a slow replica may still show what it took away.
    let is_settled = |holder: &Holder| {
        let shown = taken.iter().filter(|taken| is_there(&taken.made, holder));
        !young || (holder.principal.is_some() && shown.count() == 0)
    };
    let principals = taken.iter().filter_map(|taken| principal_of(&taken.made));
    let (graph, holders) = futures::join!(job.graph(), holders::read(job, principals, is_settled));
    let (graph, holders) = (graph?, holders?);
    let many = holders.len() > 1;
    let standing = job.facts().can_grant();
    let (mut steps, mut gives, mut stays) = (Vec::new(), Vec::new(), Vec::<KeptObject>::new());
    for one in &taken {
        let Made::Grant { principal, resource, role, value, .. } = &one.made else { continue };
        let Some(holder) = holders.iter().find(|holder| holder.id == *principal) else { continue };
        let act = if *resource == graph.id {
            requirements::as_act(&requirements::describe(value, Some(&graph)))
        } else {
            format!("use the app role {value}")
        };
        let who = if many { holder.name() } else { "it".to_owned() };
        let mut step = StepView {
            number: u32::try_from(steps.len()).unwrap_or(u32::MAX).saturating_add(1),
            kind: StepKind::Grant,
            title: format!("Let {who} {act} again"),
            term: Some(value.clone()),
            effect: StepEffect::AlreadySo,
            note: many.then(|| format!("object id {principal}")),
            standing: None,
            needs: Vec::new(),
            requests: Vec::new(),
        };
        // What Entra said to be gone and is still shown is only not seen to be gone yet.
        if is_there(&one.made, holder) && !(one.certain && young) {
            step.note = Some("is granted still: it was not taken back".to_owned());
            steps.push(step);
            continue;
        }
        if holder.principal.is_none() {
            stays.push(kept(&one.made, "Its holder is not in the tenant any more.".to_owned()));
            continue;
        }
        if let Some(again) = holder.grants.iter().find(|grant| is_same(&one.made, grant) && !is_it(&one.made, grant)) {
            let made = one.made.under(&again.id);
            stays.push(kept(&made, "Somebody has granted it again, and that is left as it is.".to_owned()));
            continue;
        }
        if !one.certain {
            let doubt = "the answer was lost when it was taken back: perhaps somebody else did that";
            step.note = Some(step.note.map_or(doubt.to_owned(), |note| format!("{note}; {doubt}")));
        }
        step.effect = StepEffect::WillGrant;
        step.standing = Some(standing.clone());
        step.requests = vec![preview::of(&request::grant(resource, principal, role), &job.parts.tenant.graph)];
        gives.push((step.number, one.made.clone()));
        steps.push(step);
    }
    let changing: Vec<u32> = gives.iter().map(|(number, _)| *number).collect();
    let mut warnings = Vec::new();
    if standing.able != Able::Can && !changing.is_empty() {
        warnings
            .push(Warning { message: format!("{}: {}", words::steps(&changing), standing.reason), steps: changing });
    }
    let view = PlanView {
        id: Uuid::new_v4().to_string(),
        tenant_name: job.parts.tenant.name.clone(),
        tenant_id: job.parts.tenant.id.to_string(),
        subject: owed.run.subject.clone(),
        changes: u32::try_from(gives.len()).unwrap_or(u32::MAX),
        steps,
        warnings,
        narrower: None,
        consent_offer: None,
        doing: Doing::Undo,
        run_id: Some(owed.run.id.clone()),
        kept: stays.clone(),
    };
    let key = holders::key(job, &holders).await;
    let undoing = Undoing { key, steps: gives, gives_back: true, kept: stays, ..Undoing::default() };
    Ok(Plan { view, work: Work::Undo(Box::new(undoing)) })
}

fn principal_of(made: &Made) -> Option<ObjectId> {
    match made {
        Made::Grant { principal, .. } => Some(*principal),
        _ => None,
    }
}

fn is_it(made: &Made, grant: &AppRoleAssignment) -> bool {
    matches!(made, Made::Grant { id, .. } if *id == grant.id)
}

fn is_there(made: &Made, holder: &Holder) -> bool {
    holder.grants.iter().any(|grant| is_it(made, grant))
}

/// Of the same permission to the same holder, under whatever id.
fn is_same(made: &Made, grant: &AppRoleAssignment) -> bool {
    matches!(made, Made::Grant { principal, resource, role, .. }
        if (*principal, *resource, *role) == (grant.principal_id, grant.resource_id, grant.app_role_id))
}

/// Sets the run's state and summary from the steps of giving back.
pub(crate) fn conclude(view: &mut RunView, undoing: &Undoing) {
    let number = |wanted: fn(&StepState) -> bool| view.steps.iter().filter(|step| wanted(&step.state)).count();
    let done = number(|state| matches!(state, StepState::Done { .. }));
    let failed: Vec<u32> = view
        .steps
        .iter()
        .filter(|step| matches!(step.state, StepState::Failed { .. }))
        .map(|step| step.number)
        .collect();
    let given = match done {
        0 => "nothing was granted again".to_owned(),
        1 => "one permission is granted again, under a new id".to_owned(),
        n => format!("{n} permissions are granted again, under new ids"),
    };
    if !failed.is_empty() {
        let which = words::steps(&failed).to_lowercase();
        view.state = RunState::Failed;
        view.summary = format!("The run is not undone: {which} failed; {given}. Undo it again to grant the rest.");
        return;
    }
    if number(|state| matches!(state, StepState::NotDone { .. })) > 0 {
        view.state = RunState::Cancelled;
        view.summary = format!("Cancelled; the run is not undone: {given}. Undo it again to grant the rest.");
        return;
    }
    view.state = RunState::Undone;
    let left = match undoing.kept.as_slice() {
        [] => String::new(),
        [only] => format!(" One grant is left out. {}", only.reason),
        several => {
            let mut reasons: Vec<&str> = several.iter().map(|kept| kept.reason.as_str()).collect();
            reasons.dedup();
            format!(" {} grants are left out. {}", several.len(), reasons.join(" "))
        }
    };
    view.summary = format!("Undone: {given}.{left}");
}
