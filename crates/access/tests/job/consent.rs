//! Two administrators finish one job: the first may not grant and asks, the second grants exactly that.

use inbound_access_job::consent::{ConsentPermission, ConsentRequest, from_file, note_markdown, to_file};
use inbound_access_job::desired::{SecretGoes, SetupRequest};
use inbound_access_job::plan::{StepEffect, StepKind};
use inbound_access_job::preflight::Able;
use inbound_access_job::problem::Code;
use inbound_access_job::run::{RunState, RunView, StepState};
use inbound_access_job::verification::VerdictKind;
use inbound_access_job::{Job, TenantFacts};
use inbound_entra::ids::TenantId;
use practice_tenant::{Fault, FaultRule, FaultScript, PersonaKey};
use uuid::Uuid;

use crate::support::{
    AUDIT_LOG, Bench, Elsewhere, UPLOAD, app_request, asking, failure, identity_request, only_added, passwords, run,
    set_up,
};

const NAME: &str = "HR feed";

/// What the first administrator hands over, through a file.
fn handed_over(run: &RunView) -> ConsentRequest {
    let state = run.consent.as_ref().expect("consent was asked for");
    from_file(&to_file(&state.request)).expect("the file can be read")
}

async fn asked(bench: &Bench, job: &Job) -> (RunView, ConsentRequest) {
    let ended = set_up(job, asking(app_request(bench, NAME))).await;
    bench.settle();
    let request = handed_over(&ended);
    (ended, request)
}

fn states(run: &RunView, kind: StepKind) -> Vec<StepState> {
    run.steps.iter().filter(|step| step.kind == kind).map(|step| step.state.clone()).collect()
}

#[tokio::test]
async fn the_first_makes_all_but_the_grants_and_the_second_grants_exactly_those() {
    let bench = Bench::start().await;
    let before = bench.tenant.snapshot();
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let plain = first.plan(app_request(&bench, NAME)).await.unwrap();
    let offer = plain.view().consent_offer.clone().expect("it is offered");
    assert_eq!(offer.steps, [4, 5]);

    let plan = first.plan(asking(app_request(&bench, NAME))).await.unwrap();
    assert!(plan.view().warnings.is_empty(), "{:#?}", plan.view().warnings);
    let left: Vec<u32> = plan
        .view()
        .steps
        .iter()
        .filter(|step| step.effect == StepEffect::WillAskConsent)
        .map(|step| step.number)
        .collect();
    assert_eq!(left, [4, 5]);
    let ended = run(&first, plan).await;
    assert_eq!(ended.state, RunState::Done, "{ended:#?}");
    assert_eq!(bench.mutation_names(), ["register", "servicePrincipal", "addPassword"]);
    assert_eq!(states(&ended, StepKind::Grant), [StepState::ConsentAsked, StepState::ConsentAsked]);
    assert_eq!(bench.keychain.accounts().len(), 1, "the secret does not wait for the grants");
    assert!(ended.summary.contains("cannot upload users and read provisioning logs yet"), "{}", ended.summary);
    let hand_over = ended.hand_over.as_ref().unwrap();
    assert!(hand_over.permissions.is_empty() && hand_over.secret.is_some());
    let state = ended.consent.clone().unwrap();
    assert_eq!(state.granted, [None, None]);
    let url = format!("/{}/adminconsent?client_id={}", ended.tenant_id, hand_over.principal.client_id);
    assert!(state.consent_url.as_ref().unwrap().ends_with(&url), "{:?}", state.consent_url);
    assert_eq!(first.runs().get(&ended.id).unwrap(), ended, "it is kept");
    bench.settle();
    let verdict = first.verify(NAME, &[], false).await.unwrap().verdict;
    assert_eq!(verdict.kind, VerdictKind::NotYet);
    assert!(verdict.sentence.contains("another administrator was asked"), "{}", verdict.sentence);
    only_added(&before, &bench.tenant.snapshot(), [1, 1, 0]);

    let there = Elsewhere::new();
    let second = bench.job_elsewhere(PersonaKey::PrivilegedRoleAdministrator, &there).await;
    let request = handed_over(&ended);
    let opened = second.open_consent(&request).await.unwrap();
    assert_eq!((opened.obstacle, opened.standing.able), (None, Able::Can));
    assert_eq!(opened.request, request);
    let between = bench.tenant.snapshot();
    let plan = second.plan_consent(&request).await.unwrap();
    assert_eq!((plan.view().changes, plan.view().steps.len()), (2, 2));
    assert!(plan.view().consent_offer.is_none() && plan.view().narrower.is_none());
    assert_eq!(plan.view().subject, format!("the app \"{NAME}\""));
    let finished = run(&second, plan).await;
    assert_eq!(finished.state, RunState::Done, "{finished:#?}");
    assert_eq!(bench.mutation_names(), ["grant", "grant"]);
    only_added(&between, &bench.tenant.snapshot(), [0, 0, 2]);
    assert_eq!(finished.finishes.as_deref(), Some(ended.id.as_str()));
    assert!(finished.summary.contains(&ended.id), "{}", finished.summary);
    assert_eq!(there.runs.get(&finished.id).unwrap().finishes, finished.finishes);
    assert!(there.keychain.accounts().is_empty(), "no secret came along");
    assert_eq!(second.plan_consent(&request).await.unwrap().view().changes, 0, "twice changes nothing");
    bench.settle();
    assert_eq!(second.plan_consent(&request).await.unwrap().view().changes, 0);

    let seen = first.check_consent(&ended.id).await.unwrap();
    let day = bench.clock.0.now().strftime("%-d %b %Y").to_string();
    for state in states(&seen, StepKind::Grant) {
        let StepState::Done { note, .. } = state else { panic!("{state:?}") };
        assert_eq!(note.unwrap(), format!("granted by another administrator, {day}"));
    }
    assert_eq!(seen.state, RunState::Done);
    assert_eq!(seen.hand_over.as_ref().unwrap().permissions, [UPLOAD, AUDIT_LOG]);
    assert!(seen.summary.contains("can now upload users and read provisioning logs"), "{}", seen.summary);
    let state = seen.consent.clone().unwrap();
    assert!(state.granted.iter().all(Option::is_some) && state.checked.is_some());
    assert_eq!(first.runs().get(&ended.id).unwrap(), seen, "and that is kept");
    assert_eq!(first.plan(asking(app_request(&bench, NAME))).await.unwrap().view().changes, 0);
    assert_eq!(first.plan(app_request(&bench, NAME)).await.unwrap().view().changes, 0);
    let verdict = first.verify(NAME, &[], true).await.unwrap().verdict;
    assert_eq!(verdict.kind, VerdictKind::Ready, "{verdict:?}");
}

#[tokio::test]
async fn a_managed_identity_is_asked_for_without_touching_the_tenant() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::CloudApplicationAdministrator).await;
    let row = first.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let request = asking(identity_request(row.object_id.as_deref().unwrap()));
    let before = bench.tenant.snapshot();
    let ended = set_up(&first, request).await;
    assert!(bench.mutations().is_empty());
    assert_eq!(before, bench.tenant.snapshot());
    let state = ended.consent.clone().unwrap();
    assert!(state.request.principal.managed_identity && state.consent_url.is_none());
    let second_place = Elsewhere::new();
    let second = bench.job_elsewhere(PersonaKey::GlobalAdministrator, &second_place).await;
    let plan = second.plan_consent(&handed_over(&ended)).await.unwrap();
    assert!(plan.view().subject.starts_with("the managed identity"), "{}", plan.view().subject);
    assert_eq!(run(&second, plan).await.state, RunState::Done);
    only_added(&before, &bench.tenant.snapshot(), [0, 0, 2]);
    bench.settle();
    let seen = first.check_consent(&ended.id).await.unwrap();
    assert_eq!(seen.hand_over.unwrap().permissions, [UPLOAD, AUDIT_LOG]);
}

#[tokio::test]
async fn the_note_names_who_what_and_how_and_no_secret() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (ended, request) = asked(&bench, &first).await;
    let tenant = TenantFacts {
        id: TenantId(bench.tenant.tenant_id()),
        name: ended.tenant_name.clone(),
        cloud_key: bench.cloud.key.clone(),
        cloud_name: bench.cloud.name.clone(),
        login: bench.cloud.login.clone(),
        graph: bench.cloud.graph.clone(),
        portal: bench.cloud.portal.clone(),
    };
    let note = note_markdown(ended.consent.as_ref().unwrap(), &tenant);
    for word in [
        request.asked_by.as_str(),
        &request.tenant_name,
        &request.tenant_id,
        &request.principal.client_id,
        &request.principal.object_id,
        UPLOAD,
        AUDIT_LOG,
        "Microsoft rates it 3 of 5",
        "replaces",
        "Decision",
    ] {
        assert!(note.contains(word), "{word} is not in {note}");
    }
    let secret = ended.hand_over.unwrap().secret.unwrap();
    let value = first.read_secret(&secret.client_id, &secret.key_id).await.unwrap();
    let file = String::from_utf8(to_file(&request)).unwrap();
    let value = secrecy::ExposeSecret::expose_secret(&value);
    assert!(!note.contains(value) && !file.contains(value) && !file.contains(&secret.key_id));
}

#[tokio::test]
async fn a_file_that_was_altered_or_is_for_elsewhere_is_refused_in_words_and_grants_nothing() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (_, request) = asked(&bench, &first).await;
    let second = bench.job(PersonaKey::GlobalAdministrator).await;
    let other = second.find_principal("HR feed (live)").await.unwrap();
    let retired = second.find_principal("Retired HR interface").await.unwrap();
    let identity = second.search_identities("logic-scheduler").await.unwrap().rows[0].clone();
    let altered = |change: &dyn Fn(&mut ConsentRequest)| {
        let mut request = request.clone();
        change(&mut request);
        from_file(&to_file(&request)).expect("its shape is right")
    };
    let nowhere = Uuid::from_u128(77).to_string();
    for (code, words, request) in [
        (Code::WrongKind, "another cloud", altered(&|it| it.cloud = "china".to_owned())),
        (Code::WrongKind, "you are signed in to", altered(&|it| it.tenant_id = nowhere.clone())),
        (Code::NotFound, &nowhere, altered(&|it| it.principal.object_id = nowhere.clone())),
        (
            Code::WrongKind,
            "belongs to the client id",
            altered(&|it| it.principal.object_id = other.object_id.clone().unwrap()),
        ),
        (Code::WrongKind, "belongs to the client id", altered(&|it| it.principal.client_id = other.client_id.clone())),
        (Code::WrongKind, "no managed identity", altered(&|it| it.principal.managed_identity = true)),
        (
            Code::WrongKind,
            "is a managed identity",
            altered(&|it| {
                it.principal.object_id = identity.object_id.clone().unwrap();
                it.principal.client_id = identity.client_id.clone();
            }),
        ),
        (
            Code::Disabled,
            "is blocked",
            altered(&|it| {
                it.principal.object_id = retired.object_id.clone().unwrap();
                it.principal.client_id = retired.client_id.clone();
            }),
        ),
        // The words of a harmless one with the id of another, and the other way round.
        (Code::WrongKind, "has the id", altered(&|it| it.permissions[0].value = "Directory.ReadWrite.All".to_owned())),
        (Code::WrongKind, "has the id", altered(&|it| it.permissions[0].app_role_id = nowhere.clone())),
        (Code::WrongKind, "offers no", altered(&|it| it.permissions[0].value = "Everything.Do.All".to_owned())),
    ] {
        let obstacle = second.open_consent(&request).await.unwrap().obstacle.expect(words);
        assert!(obstacle.contains(words), "{obstacle}");
        let problem = second.plan_consent(&request).await.unwrap_err();
        assert_eq!(problem.code, code, "{problem:?}");
    }
    assert_eq!(bench.mutations().len(), 0);
}

#[tokio::test]
async fn a_permission_that_was_added_to_the_file_is_pointed_out() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (_, mut request) = asked(&bench, &first).await;
    let second = bench.job(PersonaKey::GlobalAdministrator).await;
    let honest = second.plan_consent(&request).await.unwrap();
    assert!(honest.view().warnings.is_empty(), "{:#?}", honest.view().warnings);
    request.permissions.push(ConsentPermission {
        value: "Application.Read.All".to_owned(),
        title: "Upload users".to_owned(),
        // Its real id (graph-facts 1).
        app_role_id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30".to_owned(),
    });
    let plan = second.plan_consent(&request).await.unwrap();
    let warning = &plan.view().warnings[0];
    assert_eq!(warning.steps, [3]);
    assert!(warning.message.contains("does not request Application.Read.All"), "{}", warning.message);
}

#[tokio::test]
async fn names_and_titles_of_a_file_are_not_believed() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (_, mut request) = asked(&bench, &first).await;
    let honest = request.clone();
    request.permissions[0].title = "Read nothing at all".to_owned();
    request.principal.name = "Harmless".to_owned();
    request.tenant_name = "Elsewhere".to_owned();
    let second = bench.job(PersonaKey::GlobalAdministrator).await;
    let opened = second.open_consent(&request).await.unwrap();
    assert_eq!(opened.request, honest);
    let plan = second.plan_consent(&request).await.unwrap();
    assert_eq!(
        (plan.view().subject.as_str(), plan.view().steps[0].title.as_str()),
        ("the app \"HR feed\"", "Let it upload users")
    );
}

#[tokio::test]
async fn who_may_not_grant_is_told_when_the_file_is_opened() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (_, request) = asked(&bench, &first).await;
    let opened = first.open_consent(&request).await.unwrap();
    assert_eq!((opened.obstacle, opened.standing.able), (None, Able::NeedsOther));
    let plan = first.plan_consent(&request).await.unwrap();
    assert!(!plan.view().warnings.is_empty());
    let ended = run(&first, plan).await;
    assert_eq!(failure(&ended).code, Code::Forbidden);
    assert!(ended.made.is_empty());
}

#[tokio::test]
async fn a_permission_that_was_granted_in_the_middle_is_left_as_it_is() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (ended, request) = asked(&bench, &first).await;
    let second_place = Elsewhere::new();
    let second = bench.job_elsewhere(PersonaKey::PrivilegedRoleAdministrator, &second_place).await;
    let both = second.plan_consent(&request).await.unwrap();
    // Another one is quicker with the first of them.
    let third_place = Elsewhere::new();
    let third = bench.job_elsewhere(PersonaKey::GlobalAdministrator, &third_place).await;
    let mut one = request.clone();
    one.permissions.truncate(1);
    run(&third, third.plan_consent(&one).await.unwrap()).await;
    bench.settle();
    let half = first.check_consent(&ended.id).await.unwrap();
    assert!(matches!(states(&half, StepKind::Grant)[..], [StepState::Done { .. }, StepState::ConsentAsked]));
    assert!(half.hand_over.as_ref().unwrap().permissions.is_empty(), "not before all of it is there");

    let finished = run(&second, both).await;
    assert_eq!(finished.state, RunState::Done, "{finished:#?}");
    let made: Vec<&str> = finished.made.iter().map(|made| made.what.as_str()).collect();
    assert_eq!(made, ["Grant of AuditLog.Read.All"], "what another granted is not claimed");
    bench.settle();
    assert_eq!(second.plan_consent(&request).await.unwrap().view().changes, 0);
    let seen = first.check_consent(&ended.id).await.unwrap();
    assert_eq!(seen.hand_over.unwrap().permissions, [UPLOAD, AUDIT_LOG]);
}

#[tokio::test]
async fn a_principal_that_was_deleted_meanwhile_is_told_to_both() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (ended, request) = asked(&bench, &first).await;
    let second_place = Elsewhere::new();
    let second = bench.job_elsewhere(PersonaKey::PrivilegedRoleAdministrator, &second_place).await;
    let stale = second.plan_consent(&request).await.unwrap();
    let gone = Fault::Status {
        status: 404,
        applied: false,
        code: Some("Request_ResourceNotFound".to_owned()),
        message: Some("Resource does not exist.".to_owned()),
        details: vec![],
        retry_after: None,
        retry_style: Default::default(),
    };
    let rule = |path: &str| FaultRule { method: None, path: path.to_owned(), nth: 1, times: 1000, fault: gone.clone() };
    let paths = ["", "/appRoleAssignedTo", "/appRoleAssignments"];
    let faults = paths.iter().map(|tail| rule(&format!("/v1.0/servicePrincipals/{{id}}{tail}"))).collect();
    bench.tenant.dials().set_faults(FaultScript { faults });

    let problem = first.check_consent(&ended.id).await.unwrap_err();
    assert_eq!(problem.code, Code::NotFound, "{problem:?}");
    assert_eq!(first.runs().get(&ended.id).unwrap(), ended, "its record stays");
    let obstacle = second.open_consent(&request).await.unwrap().obstacle.unwrap();
    assert!(obstacle.contains("was deleted since"), "{obstacle}");
    let before = bench.clock.0.now();
    let failed = run(&second, stale).await;
    assert_eq!(failure(&failed).code, Code::NotFound, "{failed:#?}");
    assert!(bench.clock.0.now().duration_since(before).as_secs() < 60, "it was not waited for in vain");
}

#[tokio::test]
async fn asking_twice_changes_nothing_and_either_request_can_be_finished() {
    let bench = Bench::start().await;
    let first = bench.job(PersonaKey::ApplicationAdministrator).await;
    let (once, _) = asked(&bench, &first).await;
    bench.tenant.recorder().clear();
    let plan = first.plan(asking(app_request(&bench, NAME))).await.unwrap();
    let notes: Vec<&str> = plan.view().steps.iter().filter_map(|step| step.note.as_deref()).collect();
    assert_eq!(notes.iter().filter(|note| note.contains("asked on")).count(), 2, "{notes:?}");
    let twice = run(&first, plan).await;
    assert!(bench.mutations().is_empty(), "{:?}", bench.mutation_names());
    assert_eq!(passwords(&bench, NAME).len(), 1);
    let second_place = Elsewhere::new();
    let second = bench.job_elsewhere(PersonaKey::GlobalAdministrator, &second_place).await;
    run(&second, second.plan_consent(&handed_over(&twice)).await.unwrap()).await;
    bench.settle();
    for id in [&once.id, &twice.id] {
        let seen = first.check_consent(id).await.unwrap();
        assert!(seen.consent.unwrap().granted.iter().all(Option::is_some));
    }
}

#[tokio::test]
async fn only_runs_of_this_tenant_that_asked_and_are_over_are_looked_at() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let plain = set_up(&job, app_request(&bench, NAME)).await;
    assert_eq!(job.check_consent(&plain.id).await.unwrap_err().code, Code::WrongKind);
    assert_eq!(job.check_consent(&Uuid::nil().to_string()).await.unwrap_err().code, Code::NotFound);
    assert_eq!(job.check_consent("../x").await.unwrap_err().code, Code::NotFound);

    let asked = set_up(&job, asking(app_request(&bench, "Payroll feed"))).await;
    let path = bench.folder.path().join("runs").join(format!("{}.json", asked.id));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(&asked.tenant_id, &Uuid::from_u128(7).to_string())).unwrap();
    let problem = job.check_consent(&asked.id).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongKind);
    assert!(problem.message.contains("is of the tenant"), "{}", problem.message);

    std::fs::write(&path, text.replacen("\"state\": \"done\"", "\"state\": \"running\"", 1)).unwrap();
    let lock = std::fs::File::create(bench.folder.path().join("runs").join(format!("{}.lock", asked.id))).unwrap();
    lock.lock().unwrap();
    assert_eq!(job.check_consent(&asked.id).await.unwrap_err().code, Code::Busy);
    lock.unlock().unwrap();
    std::fs::write(&path, &text).unwrap();
    assert!(job.check_consent(&asked.id).await.unwrap().consent.unwrap().checked.is_some());
}

#[tokio::test]
async fn a_run_that_was_kept_before_consent_could_be_asked_for_can_still_be_read() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let run = set_up(&job, app_request(&bench, NAME)).await;
    let path = bench.folder.path().join("runs").join(format!("{}.json", run.id));
    let mut document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for field in ["consent", "finishes"] {
        assert!(document["run"].as_object_mut().unwrap().remove(field).is_some());
    }
    std::fs::write(&path, document.to_string()).unwrap();
    assert_eq!(job.runs().get(&run.id).unwrap(), run);
}

#[tokio::test]
async fn more_permissions_than_a_file_holds_cannot_be_asked_for_at_once() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::ApplicationAdministrator).await;
    let SetupRequest::AppRegistration { name, app, note, secret_description, secret_expires, .. } =
        app_request(&bench, NAME)
    else {
        panic!("an app")
    };
    let permissions = vec![UPLOAD.to_owned(); 21];
    let request = SetupRequest::AppRegistration {
        name,
        app,
        note,
        secret_description,
        secret_expires,
        permissions,
        ask_consent: true,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let problem = job.plan(request).await.unwrap_err();
    assert!(problem.fields.iter().any(|field| field.message.contains("At most 20")), "{problem:?}");
}
