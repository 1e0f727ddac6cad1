//! Looking whether another administrator has granted what a run asked for.

use inbound_entra::graph::{Call, Interaction};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::AppRoleAssignment;
use jiff::Timestamp;

use crate::consent::{ConsentState, open};
use crate::desired::PermissionInfo;
use crate::job::JobParts;
use crate::observe;
use crate::observe::observed;
use crate::patience::SPREADS;
use crate::plan::StepKind;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::requirements;
use crate::run::{RunState, RunView, StepState};
use crate::words;

/// Asks the tenant, and keeps in the run's record what it says.
pub(crate) async fn check(parts: &JobParts, run_id: &str) -> Result<RunView, Problem> {
    let run = parts.runs.get(run_id)?;
    let request = &of(&run, parts)?.request;
    let id: ObjectId = request.principal.object_id.parse().map_err(|_| {
        Problem::new(Code::LocalFile, "The run's record names no principal.").exists("It was left as it is.")
    })?;
    // A page looks now and then by itself: nobody is asked to sign in for that.
    let call = Call { interaction: Interaction::Never, ..Call::default() };
    let (principal, grants, graph) = futures::join!(
        open::principal(parts, &call, id),
        parts.directory.grants_of(&call, id),
        observe::graph_resource(parts, &call)
    );
    let graph = graph?;
    let principal = principal.map_err(|error| trouble::graph(&error, "look for the principal"))?;
    if principal.is_none() {
        return Err(Problem::new(
            Code::NotFound,
            format!(
                "{} is not in the tenant any more, so nothing can be granted to it.",
                words::sentence_case(&run.subject)
            ),
        )
        .exists("The run's record was left as it is.")
        .advice("Someone has deleted it since the run. Set access up again if it is still wanted."));
    }
    let grants = grants.map_err(|error| trouble::graph(&error, "read what is granted"))?;
    let grants = observed::on_graph(grants, graph.id);
    let now = parts.clock.now();
    let ours = |grant: &AppRoleAssignment| parts.runs.lists(&grant.id);
    parts.runs.amend(&run.id, |run| tell(run, &grants, now, &ours)).await
}

/// The request of a run of this tenant that is over.
pub(crate) fn of<'a>(run: &'a RunView, parts: &JobParts) -> Result<&'a ConsentState, Problem> {
    let refused = |message: String| Problem::new(Code::WrongKind, message).exists("Nothing was changed.");
    let Some(state) = &run.consent else {
        return Err(refused(format!("The run {} left nothing to another administrator.", run.id)));
    };
    let tenant = &parts.tenant;
    if run.tenant_id != tenant.id.to_string()
        || state.request.tenant_id != run.tenant_id
        || state.request.cloud != tenant.cloud_key
    {
        return Err(refused(format!(
            "The run {} is of the tenant \"{}\" ({}).",
            run.id, run.tenant_name, run.tenant_id
        ))
        .advice("Sign in to that tenant to see whether it was granted."));
    }
    if run.state == RunState::Running {
        return Err(Problem::new(Code::Busy, "The run is still going on.").exists("Nothing was changed."));
    }
    Ok(state)
}

/// Brings the run up to date with what is granted now.
fn tell(run: &mut RunView, grants: &[AppRoleAssignment], now: Timestamp, ours: &dyn Fn(&AppRoleAssignment) -> bool) {
    let Some(state) = &mut run.consent else { return };
    let was_complete = is_complete(state);
    state.checked = Some(now.to_string());
    for (permission, granted) in state.request.permissions.iter().zip(&mut state.granted) {
        let Some(grant) = grants.iter().find(|grant| grant.app_role_id.to_string() == permission.app_role_id) else {
            // Seen a moment ago: a replica that lags proves nothing.
            if !granted.as_ref().is_some_and(|at| is_fresh(at, now)) {
                *granted = None;
            }
            continue;
        };
        let at = grant.created_date_time.unwrap_or(now);
        *granted = Some(at.to_string());
        let by = if ours(grant) { "granted" } else { "granted by another administrator" };
        for step in &mut run.steps {
            let is_it = step.kind == StepKind::Grant && step.term.as_ref() == Some(&permission.value);
            if is_it && step.state == StepState::ConsentAsked {
                let note = Some(format!("{by}, {}", words::day(at)));
                step.state = StepState::Done { note, request_id: None };
            }
        }
    }
    if !was_complete && is_complete(state) && run.state == RunState::Done {
        complete(run, grants, ours);
    }
}

fn is_complete(state: &ConsentState) -> bool {
    state.granted.iter().all(Option::is_some)
}

fn is_fresh(at: &str, now: Timestamp) -> bool {
    let at: Option<Timestamp> = at.parse().ok();
    at.and_then(|at| at.checked_add(SPREADS).ok()).is_some_and(|until| until > now)
}

/// Everything that was asked for is granted: the record says what is now true, and the hand-over is whole.
fn complete(run: &mut RunView, grants: &[AppRoleAssignment], ours: &dyn Fn(&AppRoleAssignment) -> bool) {
    let Some(state) = &run.consent else { return };
    let permissions = &state.request.permissions;
    let asked: Vec<String> = permissions.iter().map(|permission| permission.value.clone()).collect();
    if let Some(hand_over) = &mut run.hand_over {
        hand_over
            .permissions
            .extend(asked.iter().filter(|value| !hand_over.permissions.contains(value)).cloned().collect::<Vec<_>>());
        // As the plan had them.
        let place = |value: &String| run.steps.iter().position(|step| step.term.as_ref() == Some(value));
        hand_over.permissions.sort_by_key(place);
    }
    let by_us = permissions.iter().all(|permission| {
        grants.iter().any(|grant| grant.app_role_id.to_string() == permission.app_role_id && ours(grant))
    });
    let last = state.granted.iter().flatten().filter_map(|at| at.parse::<Timestamp>().ok()).max();
    let day = last.map_or_else(String::new, |at| format!(" on {}", words::day(at)));
    let by = if by_us { "" } else { " by another administrator" };
    let held = run.hand_over.as_ref().map_or(&asked, |hand_over| &hand_over.permissions);
    let acts = requirements::acts(held.iter().map(|value| {
        let known = permissions.iter().find(|permission| permission.value == *value);
        let info = requirements::describe(value, None);
        let title = known.map_or(info.title.clone(), |permission| permission.title.clone());
        PermissionInfo { title, ..info }
    }));
    let were = if asked.len() == 1 { "was" } else { "were" };
    let secret =
        run.hand_over.as_ref().and_then(|hand_over| hand_over.secret.as_ref()).map_or_else(String::new, |secret| {
            let until = secret.expires.parse().map_or_else(|_| secret.expires.clone(), words::day);
            format!(" Its secret lies in the {} until {until}.", secret.keychain)
        });
    run.summary = format!(
        "{} can now {acts}: {} {were} granted{by}{day}.{secret}",
        words::sentence_case(&run.subject),
        words::list(&asked)
    );
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
