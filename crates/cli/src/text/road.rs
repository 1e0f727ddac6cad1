//! The provisioning jobs that users enter the tenant by.

use inbound_access_job::problem::Code;
use inbound_access_job::road::{Direction, JobHealth, LastRun, ProvisioningJob, Quarantine, Road};

use super::safe::{moment, shown};

/// The sentence, each job, and what may be uploaded.
pub(crate) fn whole(road: &Road) -> String {
    let mut text = format!("{}\n", shown(&road.sentence));
    for job in &road.jobs {
        text.push_str(&format!("\n{}", one(job)));
    }
    if !road.without_job.is_empty() {
        let names: Vec<String> = road.without_job.iter().map(|name| shown(name)).collect();
        text.push_str(&format!("\nApps without a job: {}\n", names.join(", ")));
    }
    if let Some(problem) = &road.unreadable {
        let how = if problem.code == Code::NotSignedIn { " (--ask asks for it)" } else { "" };
        text.push_str(&format!("\nNot read: {}{how}\n", shown(&problem.message)));
        if let Some(advice) = &problem.advice {
            text.push_str(&format!("  {}\n", shown(advice)));
        }
    }
    let limits = &road.limits;
    text.push_str(&format!(
        "\nLimits: {} users in a call, {} calls in 5 seconds, {} calls in 24 hours ({})\n",
        limits.users_per_call,
        limits.calls_per_5_seconds,
        limits.calls_per_day,
        shown(&limits.licence)
    ));
    text.push_str(&format!("Checked {}\n", moment(&road.checked_at)));
    text
}

fn one(job: &ProvisioningJob) -> String {
    let mut text = format!("{}: {}\n  {}\n", shown(&job.app_name), health(job.health), shown(&job.sentence));
    if let Some(advice) = &job.advice {
        text.push_str(&format!("  {}\n", shown(advice)));
    }
    let notifies = match job.notifies {
        Some(true) => "an address is set",
        Some(false) => "no address is set",
        None => "not known",
    };
    let lines = [
        ("Users go to", Some(direction(job.direction).to_owned())),
        ("Runs", job.schedule.as_ref().map(|schedule| shown(schedule))),
        ("Last run", job.last_run.as_ref().map(last_run)),
        ("Quarantine", job.quarantine.as_ref().map(quarantine)),
        ("Notifications", Some(notifies.to_owned())),
        ("Job id", Some(shown(&job.id))),
        ("App", Some(format!("client id {}, object id {}", shown(&job.app_client_id), shown(&job.app_object_id)))),
        ("Send users to", Some(shown(&job.upload_address))),
        ("Page", Some(shown(&job.portal_url))),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            text.push_str(&format!("    {name:<15}{value}\n"));
        }
    }
    text
}

fn health(health: JobHealth) -> &'static str {
    match health {
        JobHealth::Running => "takes users",
        JobHealth::NotStarted => "not started",
        JobHealth::Paused => "stopped",
        JobHealth::Quarantined => "IN QUARANTINE",
        JobHealth::Unknown => "not known",
    }
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::ToEntra => "Microsoft Entra ID",
        Direction::ToActiveDirectory => "Active Directory on premises",
        Direction::Unknown => "not known",
    }
}

fn last_run(run: &LastRun) -> String {
    let at = run.ended.as_ref().or(run.begun.as_ref()).map_or_else(String::new, |at| format!("{}, ", moment(at)));
    let why = run.error.as_ref().map_or_else(String::new, |error| format!(": {}", shown(error)));
    format!("{at}{}{why}", shown(&run.outcome))
}

fn quarantine(it: &Quarantine) -> String {
    let mut text = shown(&it.reason);
    if let Some(code) = &it.code {
        text.push_str(&format!(" ({})", shown(code)));
    }
    for (name, at) in [("since", &it.since), ("Entra tries again", &it.next_try)] {
        if let Some(at) = at {
            text.push_str(&format!(", {name} {}", moment(at)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use inbound_access_job::problem::Problem;
    use inbound_access_job::road::Limits;

    use super::*;

    fn job() -> ProvisioningJob {
        ProvisioningJob {
            id: "API2AAD.1.2".into(),
            app_name: "Staff \u{1b}[2J".into(),
            app_object_id: "o-1".into(),
            app_client_id: "c-1".into(),
            direction: Direction::ToEntra,
            health: JobHealth::Running,
            sentence: "Running; it ran last on 12 November.".into(),
            advice: None,
            schedule: Some("every 40 minutes".into()),
            last_run: Some(LastRun {
                begun: None,
                ended: Some("2026-11-12T10:42:00Z".into()),
                outcome: "failed".into(),
                error: Some("a mapping\nis wrong".into()),
            }),
            quarantine: None,
            notifies: None,
            upload_address:
                "https://graph.example/v1.0/servicePrincipals/o-1/synchronization/jobs/API2AAD.1.2/bulkUpload".into(),
            portal_url: "https://entra.example/o-1".into(),
        }
    }

    #[test]
    fn every_job_is_told_with_what_keeps_it_and_names_cannot_move_the_cursor() {
        let held = ProvisioningJob {
            app_name: "Contractors".into(),
            health: JobHealth::Quarantined,
            sentence: "In quarantine: no address is set.".into(),
            advice: Some("Set one, then start it.".into()),
            last_run: None,
            notifies: Some(false),
            quarantine: Some(Quarantine {
                reason: "No address is set.".into(),
                code: Some("NotificationEmailNotSet".into()),
                since: Some("2026-11-09T10:42:00Z".into()),
                next_try: Some("2026-11-13T10:42:00Z".into()),
            }),
            ..job()
        };
        insta::assert_snapshot!(whole(&Road {
            checked_at: "2026-11-12T10:45:00Z".into(),
            sentence: "1 of 2 provisioning jobs takes users now.".into(),
            jobs: vec![held, job()],
            without_job: vec!["Empty \u{202e}app".into()],
            unreadable: Some(
                Problem::new(Code::NotSignedIn, "The provisioning jobs of one app were not read.")
                    .advice("Ask for it, and allow it in the browser."),
            ),
            limits: Limits {
                licence: "Microsoft Entra ID P1".into(),
                users_per_call: 50,
                calls_per_5_seconds: 40,
                calls_per_day: 2_000,
            },
        }));
    }
}
