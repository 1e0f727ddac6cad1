//! Roles that may be activated, and the tenant's policies, as the practice tenant plays them.

use std::time::Duration;

use inbound_access_job::preflight::{Able, Ask, Preflight, Reading};
use inbound_access_job::problem::Code;
use inbound_access_job::run::RunState;
use inbound_entra::auth::Reason;
use practice_tenant::{AppPolicy, PersonaKey, Pim, PimMfa};

use crate::support::{Bench, app_request, asking, run};

const NAME: &str = "HR feed";

fn able(preflight: &Preflight) -> Vec<Able> {
    preflight.abilities.iter().map(|ability| ability.standing.able).collect()
}

fn role_of(preflight: &Preflight, name: &str) -> String {
    preflight.eligible.roles.iter().find(|role| role.name == name).expect(name).role_id.clone()
}

#[tokio::test]
async fn the_eligible_persona_activates_both_roles_and_does_the_whole_job() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(Ask::Eligible).await;
    assert_eq!(seen.eligible.reading, Reading::Read, "{:?}", seen.eligible);
    let names: Vec<&str> = seen.eligible.roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["Application Administrator", "Privileged Role Administrator"]);
    assert_eq!(able(&seen)[..2], [Able::ActivateFirst, Able::ActivateFirst]);
    assert_eq!(
        seen.summary,
        "You can do the whole job once you have activated Application Administrator and Privileged Role Administrator."
    );
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let standing = plan.view().steps[1].standing.clone().unwrap();
    assert_eq!((standing.able, standing.activate.len()), (Able::ActivateFirst, 1));
    let offer = plan.view().consent_offer.clone().unwrap();
    assert!(offer.explanation.starts_with("Instead of activating"), "{}", offer.explanation);

    let registrar = role_of(&seen, "Application Administrator");
    let half = job.activate_role(&registrar, "Set up the HR feed", 4).await.unwrap();
    assert_eq!(half.roles, ["Application Administrator"]);
    assert_eq!(able(&half), [Able::Can, Able::ActivateFirst, Able::Can]);
    assert_eq!(half.eligible.roles.len(), 1, "what is active is not offered");
    let granter = role_of(&seen, "Privileged Role Administrator");
    let whole = job.activate_role(&granter, "Set up the HR feed", 1).await.unwrap();
    assert_eq!(whole.summary, "You can do the whole job.");
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    assert!(plan.view().warnings.is_empty(), "{:#?}", plan.view().warnings);
    assert_eq!(run(&job, plan).await.state, RunState::Done);
}

#[tokio::test]
async fn nobody_is_asked_for_what_was_not_asked_for() {
    let bench = Bench::start().await;
    let (job, person) = bench.job_by_own_client(PersonaKey::GlobalAdministrator).await;
    let seen = job.preflight(Ask::Nothing).await;
    let needs = |scope: &str| Reading::NeedsScope { scope: scope.to_owned() };
    assert_eq!(seen.eligible.reading, needs("RoleEligibilitySchedule.Read.Directory"));
    assert_eq!(
        (&seen.secrets.reading, &seen.registration.reading),
        (&needs("Policy.Read.All"), &needs("Policy.Read.All"))
    );
    assert!(seen.secrets.sentence.contains("takes the scope Policy.Read.All"), "{}", seen.secrets.sentence);
    assert_eq!(able(&seen), [Able::Can; 3], "and the rest is known all the same");
    assert!(person.asked().is_empty());

    let policy = job.preflight(Ask::Policy).await;
    assert_eq!((&policy.secrets.reading, &policy.registration.reading), (&Reading::Read, &Reading::Read));
    assert_eq!(policy.eligible.reading, needs("RoleEligibilitySchedule.Read.Directory"));
    assert_eq!(person.asked(), [Reason::Scopes(vec!["Policy.Read.All".to_owned()])], "once, for both");
    assert!(policy.scopes.contains(&"Policy.Read.All".to_owned()), "{:?}", policy.scopes);
    assert_eq!(job.preflight(Ask::Nothing).await.secrets.reading, Reading::Read, "what it carries is read by itself");

    let eligible = job.preflight(Ask::Eligible).await;
    assert_eq!(eligible.eligible.reading, Reading::Read);
    assert_eq!(person.asked().len(), 2);
}

#[tokio::test]
async fn half_the_roles_are_enough_to_ask() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(Ask::Eligible).await;
    job.activate_role(&role_of(&seen, "Application Administrator"), "HR feed", 1).await.unwrap();
    let plan = job.plan(asking(app_request(&bench, NAME))).await.unwrap();
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert!(ended.consent.is_some());
}

#[tokio::test]
async fn a_role_that_takes_its_time_is_awaited_and_nothing_is_red() {
    let bench = Bench::start().await;
    bench.tenant.dials().set_pim(Pim { activation_delay: Duration::from_secs(120), ..Pim::default() });
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(Ask::Eligible).await;
    let role = role_of(&seen, "Application Administrator");
    let soon = job.activate_role(&role, "HR feed", 1).await.unwrap();
    assert!(soon.roles.is_empty());
    assert!(soon.summary.contains("Application Administrator was activated"), "{}", soon.summary);
    let standing = &soon.abilities[0].standing;
    assert_eq!((standing.able, standing.activate.len()), (Able::ActivateFirst, 0), "{}", standing.reason);
    assert!(standing.reason.contains("in a moment"), "{}", standing.reason);
    // Pressed twice: Entra says that it is there, and that is as wanted.
    assert_eq!(job.activate_role(&role, "HR feed", 1).await.unwrap().summary, soon.summary);
    bench.tenant.clock().advance(Duration::from_secs(180));
    let later = job.preflight(Ask::Nothing).await;
    assert_eq!(able(&later)[0], Able::Can, "{}", later.summary);
    assert!(!later.summary.contains("was activated"), "{}", later.summary);
}

#[tokio::test]
async fn what_the_tenants_rules_ask_for_is_told_with_the_way_round() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::Eligible).await;
    let seen = job.preflight(Ask::Eligible).await;
    let role = role_of(&seen, "Privileged Role Administrator");
    let long = job.activate_role(&role, "HR feed", 24).await.unwrap_err();
    assert_eq!(long.code, Code::PolicyRefused, "{long:?}");
    assert!(long.trace.unwrap().service_message.unwrap().contains("ExpirationRule"));
    bench.tenant.dials().set_pim(Pim { mfa: PimMfa::Context, ..Pim::default() });
    let stronger = job.activate_role(&role, "HR feed", 1).await.unwrap_err();
    assert_eq!(stronger.code, Code::PolicyRefused, "{stronger:?}");
    assert!(stronger.message.contains("authentication context"), "{}", stronger.message);
    assert!(stronger.advice.unwrap().contains("/#view/Microsoft_Azure_PIMCommon"));
    let unasked = job.activate_role("62e90394-69f5-4237-9190-012177145e10", "HR feed", 1).await.unwrap_err();
    assert_eq!(unasked.fields[0].field, "roleId", "only what was read as eligible can be meant");
    assert_eq!(job.preflight(Ask::Nothing).await.roles, Vec::<String>::new());
}

#[tokio::test]
async fn a_tenant_without_premium_offers_no_activation_and_hides_nothing_else() {
    let bench = Bench::start().await;
    bench.tenant.dials().set_without_premium(true);
    let seen = bench.job(PersonaKey::ApplicationAdministrator).await.preflight(Ask::Eligible).await;
    assert!(
        matches!(&seen.eligible.reading, Reading::NotReadable { why } if why.contains("P2 or Governance")),
        "{:?}",
        seen.eligible
    );
    assert_eq!(seen.licence.found, None);
    assert!(seen.licence.sentence.contains("cannot be told"), "{}", seen.licence.sentence);
    assert_eq!(seen.secrets.reading, Reading::Read);
    assert_eq!(able(&seen), [Able::Can, Able::NeedsOther, Able::Can]);
    let usual = Bench::start().await.admin().await.preflight(Ask::Nothing).await;
    assert_eq!(usual.licence.found, Some(true), "{}", usual.licence.sentence);
    assert!(usual.eligible.roles.is_empty());
}

#[tokio::test]
async fn the_policy_is_read_and_the_plan_warns_before_the_run() {
    for (policy, words, warning) in [
        (
            AppPolicy { forbid_secrets: true, ..AppPolicy::default() },
            "does not allow new client secrets",
            "a managed identity, which needs no secret",
        ),
        (
            AppPolicy { longest_secret: Some(Duration::from_secs(30 * 86_400)), ..AppPolicy::default() },
            "30 days at most",
            "The latest day that passes is",
        ),
    ] {
        let bench = Bench::start().await;
        bench.tenant.dials().set_policy(policy);
        let job = bench.admin().await;
        assert!(job.plan(app_request(&bench, NAME)).await.unwrap().view().warnings.is_empty());
        let seen = job.preflight(Ask::Policy).await;
        assert_eq!(seen.secrets.reading, Reading::Read);
        assert!(seen.secrets.sentence.contains(words), "{}", seen.secrets.sentence);
        let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
        let messages: Vec<&str> = plan.view().warnings.iter().map(|warning| warning.message.as_str()).collect();
        assert!(messages.len() == 1 && messages[0].contains(warning), "{messages:?}");
    }
}

#[tokio::test]
async fn the_latest_day_that_is_told_does_pass() {
    let bench = Bench::start().await;
    let longest = Some(Duration::from_secs(30 * 86_400));
    bench.tenant.dials().set_policy(AppPolicy { longest_secret: longest, ..AppPolicy::default() });
    let job = bench.admin().await;
    job.preflight(Ask::Policy).await;
    let plan = job.plan(app_request(&bench, NAME)).await.unwrap();
    let message = &plan.view().warnings[0].message;
    let told = message.split("The latest day that passes is ").nth(1).unwrap().trim_end_matches('.');
    let day = jiff::civil::Date::strptime("%d %b %Y", told).unwrap();
    let until = |day: jiff::civil::Date| match app_request(&bench, NAME) {
        inbound_access_job::desired::SetupRequest::AppRegistration { name, app, note, permissions, .. } => {
            inbound_access_job::desired::SetupRequest::AppRegistration {
                name,
                app,
                note,
                secret_description: None,
                secret_expires: day.to_string(),
                permissions,
                ask_consent: false,
                secret_goes: inbound_access_job::desired::SecretGoes::IntoKeychain,
            }
        }
        other => other,
    };
    let later = job.plan(until(day.tomorrow().unwrap())).await.unwrap();
    assert_eq!(later.view().warnings.len(), 1, "a day more is warned of");
    let plan = job.plan(until(day)).await.unwrap();
    assert!(plan.view().warnings.is_empty(), "{:#?}", plan.view().warnings);
    let ended = run(&job, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
}
