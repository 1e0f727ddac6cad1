//! New secrets that wait to be taken, and runs that are continued or left.

use super::*;

fn shown_once(name: &str) -> SetupRequest {
    let mut request = request(name);
    if let SetupRequest::AppRegistration { secret_goes, .. } = &mut request {
        *secret_goes = SecretGoes::ShownOnce;
    }
    request
}

/// A run whose new secret waits to be taken now.
struct Showing {
    id: String,
    run: tokio::task::JoinHandle<Result<RunView, Problem>>,
}

impl Showing {
    async fn begin(desk: &Desk, name: &str) -> Self {
        let plan = desk.plan(shown_once(name)).await.expect("a plan").id.parse().expect("an id");
        let (send, mut shows) = mpsc::unbounded_channel();
        let runner = desk.clone();
        let news = move |event| {
            if let RunEvent::Step { run_id, state: StepState::ShowsSecret { .. }, .. } = event {
                let _ = send.send(run_id);
            }
        };
        let run = tokio::spawn(async move { runner.run_plan(plan, news).await });
        Self { id: shows.recv().await.expect("a secret is shown"), run }
    }

    async fn end(self) -> RunView {
        self.run.await.expect("no panic").expect("a run")
    }
}

/// How many secrets the app has in Entra.
async fn secrets_of(desk: &Desk, name: &'static str) -> usize {
    let verified = desk.with_job(move |job| async move { job.verify(name, &[], false).await }).await;
    verified.expect("it is there").credentials.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn p24_p31_a_new_secret_is_looked_at_copied_and_taken_and_then_gone() {
    let pocket = Pocket::default();
    let room = room_with_board(&pocket);
    let desk = &room.desk;
    desk.connect(Entry::Persona(PersonaKey::GlobalAdministrator)).await.expect("signed in");
    let showing = Showing::begin(desk, "HR feed").await;
    let id = showing.id.clone();
    assert_eq!(code(desk.copy_new_secret("another".into()).await), Code::NotFound);
    assert_eq!(code(desk.reveal_new_secret("another".into(), false).await), Code::NotFound);
    assert_eq!(code(desk.settle_new_secret("another".into(), true).await), Code::NotFound);

    let shown = desk.reveal_new_secret(id.clone(), false).await.expect("a picture");
    let token = shown.image_url.rsplit('/').next().expect("a token").to_owned();
    assert!(desk.picture(token.clone()).await.is_some());
    desk.copy_new_secret(id.clone()).await.expect("copied");
    assert!(pocket.0.lock().expect("unpoisoned").as_ref().is_some_and(|value| value.len() >= 30));
    assert_eq!(desk.runs().await.expect("runs").ours, [id.as_str()]);
    assert_eq!(code(desk.disconnect().await), Code::Busy, "nobody leaves while it waits");

    desk.settle_new_secret(id.clone(), true).await.expect("taken");
    assert!(desk.picture(token).await.is_none(), "the picture goes with it");
    let late = desk.show(SecretString::from("canary"), false, Some(id.clone())).await.expect("drawn");
    assert!(late.is_none(), "and one that was drawn meanwhile is not put up");
    let run = showing.end().await;
    assert_eq!(run.state, RunState::Done, "{run:#?}");
    let hand_over = run.hand_over.expect("a hand-over");
    assert!(hand_over.secret.is_none() && hand_over.shown.is_some());
    assert_eq!(code(desk.copy_new_secret(id.clone()).await), Code::NotFound);
    assert_eq!(code(desk.settle_new_secret(id, false).await), Code::NotFound);
    assert_eq!(secrets_of(desk, "HR feed").await, 1);
    assert!(desk.runs().await.expect("runs").ours.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn p31_a_new_secret_that_is_refused_is_removed_and_the_run_continued() {
    let Room { desk, _home } = signed_in().await;
    let showing = Showing::begin(&desk, "HR feed").await;
    let id = showing.id.clone();
    assert_eq!(code(desk.plan_continue(id.clone()).await), Code::Busy, "it goes on");
    assert_eq!(code(desk.plan_undo(id.clone()).await), Code::Busy, "it goes on");
    assert_eq!(code(desk.leave_run(id.clone()).await), Code::Busy, "it goes on");
    desk.settle_new_secret(id.clone(), false).await.expect("refused");
    assert_eq!(showing.end().await.state, RunState::Cancelled);
    assert_eq!(secrets_of(&desk, "HR feed").await, 0);

    let plan = desk.plan_continue(id.clone()).await.expect("a plan");
    assert_eq!((plan.run_id.as_deref(), plan.changes), (Some(id.as_str()), 1));
    let runner = desk.clone();
    let (send, mut shows) = mpsc::unbounded_channel();
    let run = tokio::spawn(async move {
        let news = move |event| {
            if let RunEvent::Step { state: StepState::ShowsSecret { .. }, .. } = event {
                let _ = send.send(());
            }
        };
        runner.run_plan(plan.id.parse().expect("an id"), news).await
    });
    shows.recv().await.expect("another one is shown");
    desk.settle_new_secret(id.clone(), true).await.expect("taken");
    let run = run.await.expect("no panic").expect("a run");
    assert_eq!((run.id, run.state, run.earlier.len()), (id, RunState::Done, 1));
    assert_eq!(secrets_of(&desk, "HR feed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn p31_closing_the_window_removes_a_new_secret_that_was_not_taken() {
    let Room { desk, _home } = signed_in().await;
    let showing = Showing::begin(&desk, "HR feed").await;
    let id = showing.id.clone();
    desk.close().await;
    let run = tokio::time::timeout(Duration::from_secs(1), showing.end()).await.expect("it had ended already");
    assert_eq!(run.state, RunState::Cancelled, "{run:#?}");
    assert!(run.debts.is_empty(), "{run:#?}");
    assert_eq!(code(desk.copy_new_secret(id).await), Code::NotFound);
    assert_eq!(secrets_of(&desk, "HR feed").await, 0);
}

#[tokio::test]
async fn p31_ten_minutes_after_it_was_shown_a_new_secret_is_removed_and_the_lock_does_not_come_before() {
    let (Room { desk, _home }, clock, mut told) = timed().await;
    let settings = desk.app_info().await.expect("facts").settings;
    desk.save_settings(Settings { lock_after_minutes: 5, ..settings }).await.expect("saved");
    let showing = Showing::begin(&desk, "HR feed").await;
    let id = showing.id.clone();
    clock.on(9);
    desk.copy_new_secret(id.clone()).await.expect_err("no clipboard here, but the secret is");
    assert!(desk.app_info().await.expect("facts").connection.is_some(), "nothing was locked");
    assert_eq!(desk.runs().await.expect("runs").ours, [id.as_str()]);
    clock.on(1);
    let run = showing.end().await;
    assert_eq!(run.state, RunState::Cancelled, "{run:#?}");
    assert_eq!(code(desk.settle_new_secret(id, true).await), Code::NotFound, "too late");
    assert!(told.try_recv().is_err());
    assert_eq!(secrets_of(&desk, "HR feed").await, 0);
}

#[tokio::test]
async fn a_run_that_was_cancelled_is_left_and_told_so() {
    let Room { desk, _home } = signed_in().await;
    let showing = Showing::begin(&desk, "HR feed").await;
    let id = showing.id.clone();
    desk.cancel_run(id.clone()).await.expect("cancelled");
    let run = showing.end().await;
    assert!(run.ways.can_leave, "{run:#?}");
    assert_eq!(secrets_of(&desk, "HR feed").await, 0);
    let left = desk.leave_run(id.clone()).await.expect("left");
    assert!(left.left.is_some() && !left.ways.can_leave && left.ways.can_continue, "{left:#?}");
    assert_eq!(desk.runs().await.expect("runs").runs[0].left, left.left);
    for unknown in ["", "7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11", "../../etc/passwd"] {
        assert_eq!(code(desk.leave_run(unknown.into()).await), Code::NotFound);
        assert_eq!(code(desk.plan_continue(unknown.into()).await), Code::NotFound);
    }
}
