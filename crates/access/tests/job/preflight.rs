//! What an operator is told before anything is begun.

use inbound_access_job::preflight::{Able, Ask, Preflight, Reading};
use inbound_access_job::run::RunState;
use practice_tenant::{Fault, PersonaKey};

use crate::support::{Bench, app_request, run};

fn able(preflight: &Preflight) -> Vec<Able> {
    preflight.abilities.iter().map(|ability| ability.standing.able).collect()
}

fn refused(status: u16, code: &str) -> Fault {
    Fault::Status {
        status,
        applied: false,
        code: Some(code.to_owned()),
        message: None,
        details: vec![],
        retry_after: None,
        retry_style: Default::default(),
    }
}

#[tokio::test]
async fn each_persona_is_told_its_part() {
    let bench = Bench::start().await;
    let administrator = bench.admin().await.preflight(Ask::Nothing).await;
    assert_eq!(able(&administrator), [Able::Can; 3]);
    assert_eq!(administrator.summary, "You can do the whole job.");
    assert_eq!(administrator.roles, ["Global Administrator"]);
    assert!(administrator.checked.parse::<jiff::Timestamp>().unwrap() <= bench.clock.0.now());

    let first = bench.job(PersonaKey::ApplicationAdministrator).await.preflight(Ask::Nothing).await;
    assert_eq!(able(&first), [Able::Can, Able::NeedsOther, Able::Can]);
    assert!(first.summary.contains("granting the permissions takes a Privileged Role"), "{}", first.summary);

    let user = bench.job(PersonaKey::User).await.preflight(Ask::Nothing).await;
    assert!(user.roles.is_empty());
    assert_eq!(user.abilities[1].standing.able, Able::Unknown);
    assert!(bench.mutations().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_hides_nothing_else() {
    let bench = Bench::start().await;
    let usual = bench.admin().await.preflight(Ask::Nothing).await;
    assert_eq!(usual.registration.reading, Reading::Read);
    for (path, part) in [
        ("/v1.0/organization", "licence"),
        ("/v1.0/policies/authorizationPolicy", "registration"),
        ("/v1.0/policies/defaultAppManagementPolicy", "secrets"),
        ("/v1.0/me/transitiveMemberOf", "roles"),
    ] {
        let job = bench.admin().await;
        bench.fault_on_get(path, refused(403, "Authorization_RequestDenied"));
        let seen = job.preflight(Ask::Nothing).await;
        bench.no_faults();
        let told = |why: &str| why.contains("Entra refused to read");
        let unreadable = |reading: &Reading| matches!(reading, Reading::NotReadable { why } if told(why));
        let expected = Preflight { checked: seen.checked.clone(), ..usual.clone() };
        let expected = match part {
            "licence" => {
                assert!(seen.licence.found.is_none() && told(&seen.licence.sentence), "{:?}", seen.licence);
                Preflight { licence: seen.licence.clone(), ..expected }
            }
            "registration" => {
                assert!(unreadable(&seen.registration.reading), "{:?}", seen.registration);
                Preflight { registration: seen.registration.clone(), ..expected }
            }
            "secrets" => {
                assert!(unreadable(&seen.secrets.reading), "{:?}", seen.secrets);
                Preflight { secrets: seen.secrets.clone(), ..expected }
            }
            _ => {
                assert!(told(&seen.summary) && seen.summary.contains("as they were last read"), "{}", seen.summary);
                Preflight { summary: seen.summary.clone(), ..expected }
            }
        };
        assert_eq!(seen, expected, "{part}");
    }
}

#[tokio::test]
async fn an_app_is_judged_by_the_app_roles_of_its_token() {
    let bench = Bench::start().await;
    let job = bench.job_as_automation().await;
    let seen = job.preflight(Ask::Eligible).await;
    assert_eq!(able(&seen), [Able::Can; 3], "{:#?}", seen.abilities);
    assert_eq!(seen.summary, "This app can do the whole job.");
    assert!(seen.roles.contains(&"AppRoleAssignment.ReadWrite.All".to_owned()), "{:?}", seen.roles);
    assert!(matches!(&seen.eligible.reading, Reading::NotReadable { why } if why.contains("An app has no roles")));
    let asked: Vec<String> = bench.tenant.recorder().exchanges().into_iter().map(|one| one.path).collect();
    assert!(asked.iter().all(|path| !path.contains("/me")), "{asked:?}");
    let plan = job.plan(app_request(&bench, "HR feed")).await.unwrap();
    assert!(plan.view().warnings.is_empty() && plan.view().consent_offer.is_none());
    assert_eq!(run(&job, plan).await.state, RunState::Done);
}

#[tokio::test]
async fn what_was_read_is_used_by_the_next_plan() {
    let bench = Bench::start().await;
    bench.tenant.dials().set_users_may_register(true);
    let job = bench.job(PersonaKey::User).await;
    let before = job.plan(app_request(&bench, "HR feed")).await.unwrap();
    assert_eq!(before.view().steps[1].standing.as_ref().unwrap().able, Able::Unknown);
    let seen = job.preflight(Ask::Nothing).await;
    assert!(seen.registration.everyone, "{:?}", seen.registration);
    assert_eq!(able(&seen)[0], Able::Can);
    assert_eq!(job.abilities(), seen.abilities);
    let after = job.plan(app_request(&bench, "HR feed")).await.unwrap();
    assert_eq!(after.view().steps[1].standing.as_ref().unwrap().able, Able::Can);
    assert_eq!(after.view().warnings.len(), 1, "{:#?}", after.view().warnings);
}

#[tokio::test]
async fn what_can_be_asked_for_is_named() {
    assert_eq!("".parse::<Ask>().unwrap(), Ask::Nothing);
    assert_eq!("eligible".parse::<Ask>().unwrap(), Ask::Eligible);
    assert_eq!("policy".parse::<Ask>().unwrap(), Ask::Policy);
    assert_eq!("everything\u{7}".parse::<Ask>().unwrap_err().fields[0].field, "ask");
}
