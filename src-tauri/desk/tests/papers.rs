//! What was shown and can be saved, and long reads that can be stopped.

use inbound_access_job::audit::AuditNews;
use inbound_access_job::evidence::{EvidenceFormat, EvidenceSubject};
use inbound_access_job::fix::{Fix, GrantRef};
use inbound_access_job::upload::{UploadRequest, UploadState, UploadUser};

use super::*;
use crate::desk::papers::Paper;
use crate::desk::reading::AUDIT;

async fn refused<T>(outcome: impl Future<Output = Result<T, Problem>>) -> Code {
    outcome.await.err().expect("refused").code
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fixed_is_planned_run_and_taken_back_over_the_desk() {
    let room = signed_in().await;
    let desk = &room.desk;
    let seen = desk.verify("Reporting robot".to_owned(), Vec::new(), false).await.expect("it is there");
    let principal = seen.principal.object_id.clone().expect("a service principal");
    let surplus = seen.surplus.first().expect("more than it needs").clone();
    let grants = vec![GrantRef { id: surplus.grant.id, principal }];
    let plan = desk.plan_fix(Fix::Revoke { grants }).await.expect("a plan");
    assert_eq!(plan.changes, 1, "{plan:#?}");
    let run = desk.run_plan(plan.id.parse().expect("an id"), |_| {}).await.expect("a run");
    assert_eq!(run.state, RunState::Done, "{run:#?}");
    let undo = desk.plan_undo(run.id).await.expect("a plan");
    let undone = desk.run_plan(undo.id.parse().expect("an id"), |_| {}).await.expect("a run");
    assert_eq!(undone.state, RunState::Undone, "{undone:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_is_streamed_kept_for_its_evidence_and_gone_when_one_signs_out() {
    let room = signed_in().await;
    let desk = &room.desk;
    let (send, heard) = events::channel();
    let summary = desk.audit(Vec::new(), move |news| drop(send.send(news))).await.expect("an audit");
    let rows: usize =
        heard.try_iter().map(|news| if let AuditNews::Rows { rows } = news { rows.len() } else { 0 }).sum();
    assert_eq!(u32::try_from(rows).expect("few"), summary.grants);
    let of = || EvidenceSubject::Audit { id: summary.id.clone() };
    let file = desk.evidence(of(), EvidenceFormat::Csv).await.expect("evidence");
    assert!(file.name.ends_with(".csv") && !file.content.is_empty(), "{}", file.name);
    desk.disconnect().await.expect("signed out");
    desk.connect(Entry::Persona(PersonaKey::User)).await.expect("signed in");
    assert_eq!(refused(desk.evidence(of(), EvidenceFormat::Csv)).await, Code::Stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_session_brings_late_is_not_the_next_ones_to_save() {
    let room = signed_in().await;
    let desk = &room.desk;
    let seen = desk.verify("Reporting robot".to_owned(), Vec::new(), false).await.expect("it is there");
    let of = || EvidenceSubject::Verification { id: seen.id.clone() };
    desk.evidence(of(), EvidenceFormat::Json).await.expect("evidence");
    let before = desk.session().await.expect("signed in");
    desk.disconnect().await.expect("signed out");
    desk.connect(Entry::Persona(PersonaKey::User)).await.expect("signed in");
    desk.keep(&before, seen.id.clone(), Paper::Verification(Arc::new(seen.clone())));
    assert_eq!(refused(desk.evidence(of(), EvidenceFormat::Json)).await, Code::Stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_shown_cannot_be_saved() {
    let room = signed_in().await;
    let desk = &room.desk;
    let unknown = || "7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11".to_owned();
    let of = EvidenceSubject::Verification { id: unknown() };
    assert_eq!(refused(desk.evidence(of, EvidenceFormat::Html)).await, Code::Stale);
    let run = EvidenceSubject::Run { id: unknown() };
    assert_eq!(refused(desk.evidence(run, EvidenceFormat::Html)).await, Code::NotFound);
    assert_eq!(refused(desk.snippet(unknown())).await, Code::Stale);
    assert_eq!(refused(desk.plan_scripts(Uuid::new_v4())).await, Code::Stale);
    assert_eq!(refused(desk.upload(Uuid::new_v4(), |_| {})).await, Code::Stale);
    desk.stop_reading(AUDIT.to_owned()).await.expect("nothing happens");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_sent_once_however_often_it_is_asked_for() {
    let room = signed_in().await;
    let desk = &room.desk;
    let plan = desk.plan(request("HR feed")).await.expect("a plan").id.parse().expect("an id");
    let run = desk.run_plan(plan, |_| {}).await.expect("a run");
    let client_id = run.hand_over.expect("a hand-over").secret.expect("a secret").client_id;
    let road = desk.with_job(|job| async move { job.road(true).await }).await.expect("the road");
    let job = road.jobs.last().expect("a job that runs").clone();
    let user = UploadUser {
        external_id: "90001".to_owned(),
        user_name: "ines.okafor@brightwater.example".to_owned(),
        given_name: "Ines".to_owned(),
        family_name: "Okafor".to_owned(),
        active: true,
    };
    let wish = UploadRequest { client_id, app_object_id: job.app_object_id, job_id: job.id, user };
    let shown = desk.prepare_upload(wish).await.expect("it can be sent");
    let id: Uuid = shown.id.parse().expect("an id");
    let (following, stopper) = (desk.clone(), desk.clone());
    let (send, mut waits) = mpsc::unbounded_channel();
    let sent = tokio::spawn(async move {
        let news = move |view: inbound_access_job::upload::UploadView| {
            if view.state == UploadState::Waiting {
                let _ = send.send(());
            }
        };
        following.upload(id, news).await
    });
    waits.recv().await.expect("it was accepted");
    assert_eq!(refused(desk.upload(id, |_| {})).await, Code::Stale);
    stopper.stop_reading(id.to_string()).await.expect("stopped");
    let ended = sent.await.expect("no panic").expect("told");
    assert_eq!(ended.state, UploadState::Stopped, "{ended:#?}");
}
