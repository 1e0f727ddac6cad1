//! A run's record as it learns what another administrator granted.

use inbound_entra::ids::{AppRoleId, ObjectId};
use uuid::Uuid;

use super::*;
use crate::consent::ConsentPermission;
use crate::consent::file::tests::request;
use crate::run::RunStep;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn grant(role: u128, created: &str) -> AppRoleAssignment {
    AppRoleAssignment {
        id: format!("grant-{role}"),
        app_role_id: AppRoleId(Uuid::from_u128(role)),
        principal_id: ObjectId(Uuid::from_u128(4)),
        resource_id: ObjectId(Uuid::from_u128(9)),
        principal_display_name: None,
        principal_type: None,
        resource_display_name: None,
        created_date_time: Some(at(created)),
    }
}

fn run() -> RunView {
    let mut request = request();
    request.permissions.push(ConsentPermission {
        value: "AuditLog.Read.All".to_owned(),
        title: "Read provisioning logs".to_owned(),
        app_role_id: Uuid::from_u128(6).to_string(),
    });
    let step = |number, permission: &ConsentPermission| RunStep {
        number,
        kind: StepKind::Grant,
        title: String::new(),
        term: Some(permission.value.clone()),
        state: StepState::ConsentAsked,
    };
    RunView {
        id: request.run_id.clone(),
        started: request.asked.clone(),
        ended: Some(request.asked.clone()),
        state: RunState::Done,
        tenant_name: request.tenant_name.clone(),
        tenant_id: request.tenant_id.clone(),
        cloud: "US Government L4 (GCC High)".to_owned(),
        operator: request.asked_by.clone(),
        subject: "the app \"HR feed\"".to_owned(),
        steps: vec![step(4, &request.permissions[0]), step(5, &request.permissions[1])],
        made: Vec::new(),
        hand_over: None,
        consent: Some(ConsentState {
            granted: vec![None, None],
            checked: None,
            consent_url: None,
            portal_url: String::new(),
            request,
        }),
        finishes: None,
        summary: "It cannot upload users yet.".to_owned(),
        doing: crate::run::Doing::SetUp,
        earlier: Vec::new(),
        left: None,
        ways: crate::run::Ways::default(),
        debts: Vec::new(),
    }
}

fn notes(run: &RunView) -> Vec<Option<&str>> {
    run.steps
        .iter()
        .map(|step| match &step.state {
            StepState::Done { note, .. } => note.as_deref(),
            _ => None,
        })
        .collect()
}

#[test]
fn one_by_one_and_at_last_the_record_is_whole() {
    let mut run = run();
    let nobody = |_: &AppRoleAssignment| false;
    tell(&mut run, &[], at("2026-11-12T11:00:00Z"), &nobody);
    assert_eq!(notes(&run), [None, None]);
    let checked = run.consent.as_ref().unwrap().checked.clone();
    assert_eq!(checked.as_deref(), Some("2026-11-12T11:00:00Z"));

    let first = grant(5, "2026-11-12T11:30:00Z");
    tell(&mut run, std::slice::from_ref(&first), at("2026-11-12T12:00:00Z"), &nobody);
    assert_eq!(notes(&run), [Some("granted by another administrator, 12 Nov 2026"), None]);
    assert_eq!(run.summary, "It cannot upload users yet.");

    let second = grant(6, "2026-11-13T08:00:00Z");
    tell(&mut run, &[first, second], at("2026-11-13T09:00:00Z"), &nobody);
    assert_eq!(notes(&run)[1], Some("granted by another administrator, 13 Nov 2026"));
    assert_eq!(
        run.summary,
        "The app \"HR feed\" can now upload users and read provisioning logs: SynchronizationData-User.Upload and \
         AuditLog.Read.All were granted by another administrator on 13 Nov 2026."
    );
    assert_eq!(run.state, RunState::Done);
}

#[test]
fn what_was_seen_a_moment_ago_is_not_taken_back_by_a_replica_that_lags() {
    let mut run = run();
    let nobody = |_: &AppRoleAssignment| false;
    tell(&mut run, &[grant(5, "2026-11-12T11:30:00Z")], at("2026-11-12T11:30:05Z"), &nobody);
    tell(&mut run, &[], at("2026-11-12T11:31:00Z"), &nobody);
    assert!(run.consent.as_ref().unwrap().granted[0].is_some());
    tell(&mut run, &[], at("2026-11-12T11:45:00Z"), &nobody);
    assert!(run.consent.as_ref().unwrap().granted[0].is_none(), "someone has taken it away");
}

#[test]
fn what_a_run_of_this_computer_granted_is_not_ascribed_to_another() {
    let mut run = run();
    let grants = [grant(5, "2026-11-12T11:30:00Z"), grant(6, "2026-11-12T11:30:00Z")];
    tell(&mut run, &grants, at("2026-11-12T11:40:00Z"), &|_| true);
    assert_eq!(notes(&run), [Some("granted, 12 Nov 2026"); 2]);
    assert!(run.summary.ends_with("were granted on 12 Nov 2026."), "{}", run.summary);
}
