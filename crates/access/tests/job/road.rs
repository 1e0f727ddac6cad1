//! The provisioning apps of a tenant and how their jobs stand.

use inbound_access_job::problem::Code;
use inbound_access_job::road::{Direction, JobHealth, ProvisioningJob, Road};
use practice_tenant::PersonaKey;

use crate::support::Bench;

async fn road(persona: PersonaKey) -> (Bench, Road) {
    let bench = Bench::start().await;
    let (job, _) = bench.job_and_person(persona).await;
    let road = job.road(true).await.expect("the road");
    (bench, road)
}

fn of<'a>(road: &'a Road, app: &str) -> &'a ProvisioningJob {
    road.jobs.iter().find(|job| job.app_name == app).expect("the app's job")
}

#[tokio::test]
async fn every_job_is_told_with_its_state_and_those_that_need_somebody_come_first() {
    let (bench, road) = road(PersonaKey::GlobalAdministrator).await;
    assert_eq!(road.sentence, "1 of 3 provisioning jobs takes users now.");
    let order: Vec<JobHealth> = road.jobs.iter().map(|job| job.health).collect();
    assert_eq!(order, [JobHealth::Quarantined, JobHealth::Paused, JobHealth::Running]);

    let staff = of(&road, "Staff from HR to Microsoft Entra ID");
    assert_eq!((staff.direction, staff.schedule.as_deref()), (Direction::ToEntra, Some("every 40 minutes")));
    assert_eq!(staff.last_run.as_ref().unwrap().outcome, "succeeded");
    assert!(staff.advice.is_none() && staff.sentence.starts_with("Running; it ran last on "), "{}", staff.sentence);
    let graph = bench.cloud.graph.origin().ascii_serialization();
    assert_eq!(
        staff.upload_address,
        format!("{graph}/v1.0/servicePrincipals/{}/synchronization/jobs/{}/bulkUpload", staff.app_object_id, staff.id)
    );

    let contractors = of(&road, "Contractors from HR to Microsoft Entra ID");
    assert_eq!(contractors.notifies, Some(false));
    let quarantine = contractors.quarantine.as_ref().unwrap();
    assert_eq!(quarantine.code.as_deref(), Some("NotificationEmailNotSet"));
    assert!(quarantine.since.is_some() && contractors.sentence.starts_with("In quarantine: "));
    assert!(contractors.advice.as_ref().unwrap().contains("e-mail address for notifications"));

    let on_premises = of(&road, "Staff from HR to Active Directory");
    assert_eq!((on_premises.direction, on_premises.health), (Direction::ToActiveDirectory, JobHealth::Paused));
    assert_eq!((&on_premises.schedule, &on_premises.last_run), (&None, &None));
    assert_eq!(
        (road.limits.users_per_call, road.limits.calls_per_5_seconds, road.limits.calls_per_day),
        (50, 40, 2_000)
    );
}

#[tokio::test]
async fn it_takes_three_round_trips_however_many_apps_there_are() {
    let bench = Bench::start().await;
    let (job, _) = bench.job_and_person(PersonaKey::GlobalAdministrator).await;
    job.road(true).await.expect("the scope is there now");
    bench.tenant.recorder().clear();
    job.road(false).await.expect("the road");
    let asked: Vec<String> = bench.tenant.recorder().exchanges().iter().map(|one| one.path.clone()).collect();
    let of = |part: &str| asked.iter().filter(|path| path.contains(part)).count();
    // One template look-up, then the apps of both templates, then the jobs of all three apps; the plans beside.
    assert_eq!(
        (of("/applicationTemplates"), of("/synchronization/jobs"), of("/organization")),
        (1, 3, 1),
        "{asked:#?}"
    );
    assert_eq!(asked.len(), 7, "{asked:#?}");
}

#[tokio::test]
async fn nobody_is_asked_to_sign_in_for_it_unless_they_want_to() {
    let bench = Bench::start().await;
    let (job, person) = bench.job_by_own_client(PersonaKey::GlobalAdministrator).await;
    let asked = person.asked().len();
    let road = job.road(false).await.expect("the road");
    let problem = road.unreadable.expect("why not");
    assert_eq!(problem.code, Code::NotSignedIn);
    assert!(problem.message.contains("Synchronization.Read.All"), "{}", problem.message);
    assert!(road.jobs.is_empty() && road.sentence.contains("could not be read"), "{}", road.sentence);
    assert_eq!(person.asked().len(), asked);
}

#[tokio::test]
async fn who_may_not_read_jobs_is_told_who_may() {
    let (_bench, road) = road(PersonaKey::User).await;
    let problem = road.unreadable.expect("why not");
    assert_eq!(problem.code, Code::Forbidden);
    assert!(problem.advice.unwrap().contains("Application Administrator"));
}
