//! One provisioning job in plain words.

use inbound_entra::model::{JobExecution, JobQuarantine, JobStatus, ProvisioningApp, SynchronizationJob};
use jiff::{Span, Timestamp};

use crate::road::{Direction, JobHealth, LastRun, ProvisioningJob, Quarantine};
use crate::tenant::TenantFacts;
use crate::words;

/// No schedule is written as the longest span that its writer knows (graph-facts 9); a real one is shorter than this.
const LONGEST_MINUTES: i64 = 60 * 24 * 366;
const FAILED: &str = "failed";
const HOW_TO_START: &str = "In the Entra admin center open the app, Provisioning, and choose Start provisioning.";

pub(super) fn told(tenant: &TenantFacts, app: &ProvisioningApp, job: &SynchronizationJob) -> ProvisioningJob {
    let status = job.status.clone().unwrap_or_default();
    let health = health(&status);
    let quarantine = status.quarantine.as_ref().map(quarantine);
    let last_run = status.last_execution.as_ref().and_then(last_run);
    let without_address = lacks_address(&status);
    let (sentence, advice) = verdict(health, &status, quarantine.as_ref(), last_run.as_ref(), without_address);
    ProvisioningJob {
        id: job.id.clone(),
        app_name: app.display_name.clone(),
        app_object_id: app.id.to_string(),
        app_client_id: app.app_id.to_string(),
        direction: direction(&job.id),
        health,
        sentence,
        advice,
        schedule: job.schedule.as_ref().and_then(|schedule| schedule.interval.as_deref()).and_then(every),
        last_run,
        quarantine,
        notifies: without_address.then_some(false),
        upload_address: address(tenant, app, &job.id),
        portal_url: portal(tenant, app),
    }
}

/// Where users are sent to (graph-facts 9).
fn address(tenant: &TenantFacts, app: &ProvisioningApp, job: &str) -> String {
    let graph = tenant.graph.origin().ascii_serialization();
    format!("{graph}/v1.0/servicePrincipals/{}/synchronization/jobs/{job}/bulkUpload", app.id)
}

fn portal(tenant: &TenantFacts, app: &ProvisioningApp) -> String {
    let portal = tenant.portal.origin().ascii_serialization();
    format!(
        "{portal}/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/ProvisioningOverview/objectId/{}/appId/{}",
        app.id, app.app_id
    )
}

/// By the id's first part (graph-facts 9).
fn direction(id: &str) -> Direction {
    match id.split('.').next() {
        Some(kind) if kind.eq_ignore_ascii_case("API2AAD") => Direction::ToEntra,
        Some(kind) if kind.eq_ignore_ascii_case("API2AD") => Direction::ToActiveDirectory,
        _ => Direction::Unknown,
    }
}

fn health(status: &JobStatus) -> JobHealth {
    match status.code.to_ascii_lowercase().as_str() {
        "active" => JobHealth::Running,
        "notconfigured" | "notrun" => JobHealth::NotStarted,
        "paused" => JobHealth::Paused,
        "quarantine" => JobHealth::Quarantined,
        _ => JobHealth::Unknown,
    }
}

/// A job that was started before an address for notifications was set goes into quarantine (graph-facts 9). The setting
/// itself is not among what Graph documents to be read, so its absence is known from there only.
fn lacks_address(status: &JobStatus) -> bool {
    let Some(error) = status.quarantine.as_ref().and_then(|it| it.error.as_ref()) else { return false };
    let says =
        |text: &Option<String>| text.as_ref().is_some_and(|text| text.to_ascii_lowercase().contains("notification"));
    says(&error.code) || says(&error.message)
}

fn verdict(
    health: JobHealth,
    status: &JobStatus,
    quarantine: Option<&Quarantine>,
    last: Option<&LastRun>,
    without_address: bool,
) -> (String, Option<String>) {
    let ran =
        last.and_then(|run| run.ended.as_ref().or(run.begun.as_ref())).and_then(|at| at.parse::<Timestamp>().ok());
    match health {
        JobHealth::Running => {
            let sentence = match (ran, last) {
                (Some(at), Some(run)) if run.error.is_some() || run.outcome == FAILED => {
                    format!("Running, but its last run on {} went wrong.", words::moment(at))
                }
                (Some(at), _) => format!("Running; it ran last on {}.", words::moment(at)),
                (None, _) => "Running; it has not run yet.".to_owned(),
            };
            (sentence, None)
        }
        JobHealth::NotStarted => (
            "Not started: users that are sent to it wait.".to_owned(),
            Some(format!("Set an e-mail address for notifications first, then start it. {HOW_TO_START}")),
        ),
        JobHealth::Paused => (
            "Stopped by an administrator: users that are sent to it wait.".to_owned(),
            Some(format!(
                "{HOW_TO_START} Do not choose Restart provisioning: that throws away what was sent meanwhile."
            )),
        ),
        JobHealth::Quarantined => {
            let reason = quarantine.map_or("Entra does not say why.", |it| it.reason.as_str());
            let advice = if without_address {
                format!(
                    "Set an e-mail address for notifications under Provisioning, then start it again. {HOW_TO_START}"
                )
            } else {
                "Open the app's provisioning log in the Entra admin center, mend what it names, then start it again."
                    .to_owned()
            };
            (format!("In quarantine: {}", lower_first(reason)), Some(advice))
        }
        JobHealth::Unknown if status.code.is_empty() => ("Entra does not tell how it stands.".to_owned(), None),
        JobHealth::Unknown => (format!("Entra says of it: {}.", words::visible(&status.code)), None),
    }
}

fn lower_first(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
}

fn quarantine(it: &JobQuarantine) -> Quarantine {
    let code = it.error.as_ref().and_then(|error| error.code.clone()).or_else(|| it.reason.clone());
    let own = it.error.as_ref().and_then(|error| error.message.clone()).filter(|text| !text.trim().is_empty());
    let reason = own.unwrap_or_else(|| by_code(it.reason.as_deref()).to_owned());
    Quarantine {
        reason: words::visible(reason.trim()),
        code,
        since: it.current_began.map(|at| at.to_string()),
        next_try: it.next_attempt.map(|at| at.to_string()),
    }
}

/// `quarantineReason` of Graph's metadata.
fn by_code(code: Option<&str>) -> &'static str {
    match code {
        Some(
            "EncounteredBaseEscrowThreshold"
            | "EncounteredTotalEscrowThreshold"
            | "EncounteredEscrowProportionThreshold",
        ) => "Too many users could not be brought in.",
        Some("EncounteredQuarantineException") => "A setting of the job is missing or wrong, so it cannot run.",
        Some("QuarantinedOnDemand") => "Someone at Microsoft put it there.",
        Some("TooManyDeletes") => "More users would have been deleted than the app's threshold allows.",
        Some("IngestionInterrupted") => "What was sent could not be taken in to the end.",
        _ => "Entra does not say why.",
    }
}

fn last_run(run: &JobExecution) -> Option<LastRun> {
    let (begun, ended) = (run.time_began?, run.time_ended);
    let outcome = match run.state.to_ascii_lowercase().as_str() {
        "succeeded" => "succeeded",
        "failed" => FAILED,
        "entrylevelerrors" => "some users failed",
        _ => "unknown",
    };
    let error = run.error.as_ref().and_then(|error| error.message.clone().or_else(|| error.code.clone()));
    Some(LastRun {
        begun: Some(begun.to_string()),
        ended: ended.map(|at| at.to_string()),
        outcome: outcome.to_owned(),
        error: error.map(|text| words::visible(&text)),
    })
}

/// `every 40 minutes`, of an ISO 8601 duration; none for what stands for "none".
fn every(interval: &str) -> Option<String> {
    let span: Span = interval.parse().ok()?;
    let minutes = i64::from(span.get_days()) * 24 * 60 + i64::from(span.get_hours()) * 60 + span.get_minutes();
    Some(match minutes {
        1 => "every minute".to_owned(),
        60 => "every hour".to_owned(),
        minutes if (2..LONGEST_MINUTES).contains(&minutes) && minutes % 60 == 0 => {
            format!("every {} hours", minutes / 60)
        }
        minutes if (2..LONGEST_MINUTES).contains(&minutes) => format!("every {minutes} minutes"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_schedule_is_told_in_words_and_the_longest_span_is_none() {
        for (interval, words) in [
            ("PT40M", Some("every 40 minutes")),
            ("PT1H", Some("every hour")),
            ("PT2H", Some("every 2 hours")),
            ("P1D", Some("every 24 hours")),
            ("P10675199DT2H48M5.4775807S", None),
            ("PT0S", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(every(interval).as_deref(), words, "{interval}");
        }
    }

    #[test]
    fn a_last_run_that_failed_without_a_word_is_no_good_run() {
        let begun = Some(Timestamp::UNIX_EPOCH);
        let run = JobExecution { time_began: begun, state: "Failed".to_owned(), ..JobExecution::default() };
        let last = last_run(&run).expect("a run");
        let (sentence, _) = verdict(JobHealth::Running, &JobStatus::default(), None, Some(&last), false);
        assert!(sentence.ends_with("went wrong."), "{sentence}");
    }

    #[test]
    fn where_users_go_is_told_by_the_id() {
        assert_eq!(direction("API2AAD.0.1"), Direction::ToEntra);
        assert_eq!(direction("api2ad.0.1"), Direction::ToActiveDirectory);
        assert_eq!(direction("Workday.0.1"), Direction::Unknown);
        assert_eq!(direction(""), Direction::Unknown);
    }

    proptest! {
        #[test]
        fn no_schedule_makes_it_panic(text in "\\PC{0,30}|P[0-9]{0,12}DT[0-9]{0,12}H[0-9]{0,19}M") {
            let _ = every(&text);
        }
    }
}
