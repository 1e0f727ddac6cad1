//! Finding the provisioning apps of a tenant and reading their jobs.

use std::time::Duration;

use futures::future::join_all;
use inbound_entra::auth::AuthError;
use inbound_entra::graph::{Call, GraphError, Interaction};
use inbound_entra::model::{Organization, ProvisioningApp, SynchronizationJob};

use crate::job::JobParts;
use crate::preflight::licence;
use crate::problem::{Code, Problem, trouble};
use crate::road::{JobHealth, Limits, ProvisioningJob, Road, job};
use crate::words;

/// The gallery's API-driven apps, by name: Microsoft publishes no ids for them (graph-facts 1, 9).
const GALLERY: [&str; 2] =
    ["API-driven provisioning to Microsoft Entra ID", "API-driven provisioning to on-premises Active Directory"];
/// Nobody waits for it longer than that, unless they are asked to sign in.
const DEADLINE: Duration = Duration::from_secs(60);
/// Of a call, of five seconds, and of a day with P1 or P2, the stricter of what Microsoft says (graph-facts 9).
const USERS_PER_CALL: u32 = 50;
const CALLS_PER_5_SECONDS: u32 = 40;
const CALLS_PER_DAY: u32 = 2_000;

/// An app with its jobs, or why they were not read.
type Read = (ProvisioningApp, Result<Vec<SynchronizationJob>, GraphError>);

pub(super) async fn read(parts: &JobParts, ask: bool) -> Result<Road, Problem> {
    let quiet = Call { deadline: DEADLINE, interaction: Interaction::Never, ..Call::default() };
    let asking = if ask { Call::default() } else { quiet.clone() };
    let (apps, organization) =
        futures::join!(Box::pin(apps(parts, &quiet)), Box::pin(parts.directory.organization(&quiet)));
    let apps = apps.map_err(|error| trouble::graph(&error, "find the provisioning apps"))?;
    let read = jobs(parts, &quiet, &asking, apps).await;
    Ok(told(parts, read, organization.as_ref()))
}

async fn apps(parts: &JobParts, call: &Call) -> Result<Vec<ProvisioningApp>, GraphError> {
    let templates = parts.provisioning.templates(call, &GALLERY).await?;
    let of = |template: &str| {
        let template = template.to_owned();
        async move { parts.provisioning.apps_of(call, &template).await }
    };
    let found = join_all(templates.iter().map(|template| of(&template.id))).await;
    let mut apps: Vec<ProvisioningApp> =
        found.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    apps.sort_by(|a, b| a.display_name.cmp(&b.display_name).then_with(|| a.id.cmp(&b.id)));
    apps.dedup_by_key(|app| app.id);
    Ok(apps)
}

/// The jobs of the first app alone, as the operator may be asked for the scope; the others' side by side.
async fn jobs(parts: &JobParts, quiet: &Call, asking: &Call, apps: Vec<ProvisioningApp>) -> Vec<Read> {
    let mut apps = apps.into_iter();
    let Some(first) = apps.next() else { return Vec::new() };
    let of_first = parts.provisioning.jobs_of(asking, first.id).await;
    let rest = join_all(apps.map(|app| async move {
        let jobs = parts.provisioning.jobs_of(quiet, app.id).await;
        (app, jobs)
    }))
    .await;
    std::iter::once((first, of_first)).chain(rest).collect()
}

fn told(parts: &JobParts, read: Vec<Read>, organization: Result<&Organization, &GraphError>) -> Road {
    let mut jobs: Vec<ProvisioningJob> = Vec::new();
    let (mut without_job, mut unreadable) = (Vec::new(), None);
    let any_app = !read.is_empty();
    for (app, found) in read {
        match found {
            Ok(found) if found.is_empty() => without_job.push(app.display_name),
            Ok(found) => jobs.extend(found.iter().map(|one| job::told(&parts.tenant, &app, one))),
            Err(error) => {
                unreadable.get_or_insert_with(|| why_not(&error));
            }
        }
    }
    jobs.sort_by_key(|job| (rank(job.health), job.app_name.clone(), job.id.clone()));
    Road {
        checked_at: parts.clock.now().to_string(),
        sentence: sentence(any_app, &jobs, unreadable.is_some()),
        jobs,
        without_job,
        unreadable,
        limits: limits(organization),
    }
}

/// What needs somebody comes first.
const fn rank(health: JobHealth) -> u8 {
    match health {
        JobHealth::Quarantined => 0,
        JobHealth::Paused => 1,
        JobHealth::NotStarted => 2,
        JobHealth::Unknown => 3,
        JobHealth::Running => 4,
    }
}

fn sentence(any_app: bool, jobs: &[ProvisioningJob], is_partly_read: bool) -> String {
    let running = jobs.iter().filter(|job| job.health == JobHealth::Running).count();
    match (any_app, jobs.len(), running) {
        (false, ..) => {
            "This tenant has no API-driven provisioning app yet, so there is nowhere to send users to.".to_owned()
        }
        (true, 0, _) if is_partly_read => "The provisioning jobs could not be read.".to_owned(),
        (true, 0, _) => {
            "The provisioning apps of this tenant have no job yet: switch provisioning on in one.".to_owned()
        }
        (true, all, running) if is_partly_read => {
            let take = if running == 1 { "takes" } else { "take" };
            format!("Not every provisioning job could be read. Of {all} that could, {running} {take} users now.")
        }
        (true, 1, 1) => "The one provisioning job takes users now.".to_owned(),
        (true, 1, _) => "The one provisioning job does not take users now.".to_owned(),
        (true, all, 0) => format!("None of the {all} provisioning jobs takes users now."),
        (true, all, running) if all == running => format!("All {all} provisioning jobs take users now."),
        (true, all, 1) => format!("1 of {all} provisioning jobs takes users now."),
        (true, all, running) => format!("{running} of {all} provisioning jobs take users now."),
    }
}

fn why_not(error: &GraphError) -> Problem {
    match error {
        GraphError::SignIn(AuthError::NeedsInteraction { scopes }) if !scopes.is_empty() => Problem::new(
            Code::NotSignedIn,
            format!("The provisioning jobs were not read: the sign-in does not carry {} yet.", words::list(scopes)),
        )
        .exists("Everything else on this page was read.")
        .advice("Ask for it, and allow it in the browser."),
        GraphError::Refused(refusal) if refusal.is_forbidden() => {
            Problem::new(Code::Forbidden, "You may not read the provisioning jobs of this tenant.")
                .exists("Everything else on this page was read.")
                .advice("An Application Administrator, a Cloud Application Administrator or a Global Reader may.")
                .trace(trouble::refusal_trace(refusal))
        }
        _ => trouble::graph(error, "read the provisioning jobs"),
    }
}

fn limits(organization: Result<&Organization, &GraphError>) -> Limits {
    let plan = organization.ok().and_then(licence::premium_plan);
    let licence = match plan {
        Some(name) => format!("{name}; with Microsoft Entra ID Governance 6,000 calls in 24 hours"),
        None => "the stricter limit, as the licence is not known; with Microsoft Entra ID Governance 6,000 calls in 24 hours"
            .to_owned(),
    };
    Limits {
        licence,
        users_per_call: USERS_PER_CALL,
        calls_per_5_seconds: CALLS_PER_5_SECONDS,
        calls_per_day: CALLS_PER_DAY,
    }
}
