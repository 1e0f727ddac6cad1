//! The owner of state against the real practice tenant and a keychain in memory.

mod papers;
mod showing;

use std::sync::mpsc as events;

use async_trait::async_trait;
use inbound_access_job::desired::{AppChoice, SecretGoes};
use inbound_access_job::run::{RunState, StepState};
use inbound_connection::{BrowserError, Clock, Folders, Keychain, Opener, PersonaKey, Place};
use inbound_keychain::Bounds;
use inbound_keychain::testing::FakeStore;

use super::*;
use crate::clipboard::{Board, BoardError};

struct NoBoard;

impl Board for NoBoard {
    fn put_secret(&mut self, _: &str) -> Result<(), BoardError> {
        Err(BoardError("none here".into()))
    }
    fn put_text(&mut self, _: &str) -> Result<(), BoardError> {
        Err(BoardError("none here".into()))
    }
    fn text(&mut self) -> Option<String> {
        None
    }
    fn clear(&mut self) -> Result<(), BoardError> {
        Ok(())
    }
}

/// A clipboard that the test can read.
#[derive(Clone, Default)]
struct Pocket(Arc<std::sync::Mutex<Option<String>>>);

impl Board for Pocket {
    fn put_secret(&mut self, text: &str) -> Result<(), BoardError> {
        *self.0.lock().expect("unpoisoned") = Some(text.to_owned());
        Ok(())
    }
    fn put_text(&mut self, text: &str) -> Result<(), BoardError> {
        self.put_secret(text)
    }
    fn text(&mut self) -> Option<String> {
        self.0.lock().expect("unpoisoned").clone()
    }
    fn clear(&mut self) -> Result<(), BoardError> {
        *self.0.lock().expect("unpoisoned") = None;
        Ok(())
    }
}

struct Room {
    desk: Desk,
    _home: tempfile::TempDir,
}

fn room_at(place: Place) -> Room {
    room_with(|connector| connector.at(place))
}

fn room_with(change: impl FnOnce(Connector) -> Connector) -> Room {
    room_of(change, Clipboard::start(|| Ok(NoBoard)))
}

fn room_with_board(pocket: &Pocket) -> Room {
    let board = pocket.clone();
    room_of(|connector| connector.at(Place::EmbeddedPractice), Clipboard::start(move || Ok(board.clone())))
}

fn room_of(change: impl FnOnce(Connector) -> Connector, clipboard: Clipboard) -> Room {
    let home = tempfile::tempdir().expect("a folder");
    let folders = Folders::under(home.path()).expect("folders");
    let keychain = Keychain::with_store(FakeStore::new().factory(), Bounds::default());
    let connector = change(Connector::new(folders, keychain, "0.0.0"));
    Room { desk: Desk::start(connector, clipboard), _home: home }
}

fn room() -> Room {
    room_at(Place::EmbeddedPractice)
}

async fn signed_in() -> Room {
    let room = room();
    room.desk.connect(Entry::Persona(PersonaKey::GlobalAdministrator)).await.expect("signed in");
    room
}

fn request(name: &str) -> SetupRequest {
    let month = jiff::ZonedDateTime::now().checked_add(jiff::Span::new().months(2)).expect("a date");
    SetupRequest::AppRegistration {
        name: name.into(),
        app: AppChoice::ByName,
        note: None,
        secret_description: None,
        secret_expires: month.date().to_string(),
        permissions: vec!["AuditLog.Read.All".into(), "SynchronizationData-User.Upload".into()],
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    }
}

async fn planned(desk: &Desk, name: &str) -> Uuid {
    desk.plan(request(name)).await.expect("a plan").id.parse().expect("an id")
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Problem>) -> Code {
    outcome.expect_err("a problem").code
}

#[tokio::test]
async fn nothing_of_the_job_is_done_for_nobody() {
    let Room { desk, _home } = room();
    assert_eq!(desk.app_info().await.expect("facts").connection, None);
    let search = desk.with_job(|job| async move { job.search_principals("HR").await }).await;
    assert_eq!(code(search), Code::NotSignedIn);
    assert_eq!(code(desk.plan(request("HR feed")).await), Code::NotSignedIn);
}

#[tokio::test]
async fn who_is_signed_in_is_told_until_they_leave() {
    let Room { desk, _home } = signed_in().await;
    let connection = desk.app_info().await.expect("facts").connection.expect("somebody");
    assert!(connection.practice);
    desk.disconnect().await.expect("signed out");
    assert_eq!(desk.app_info().await.expect("facts").connection, None);
}

#[tokio::test]
async fn a_second_attempt_to_sign_in_ends_the_first() {
    let Room { desk, _home } = room();
    let (first, second) = tokio::join!(
        desk.connect(Entry::Persona(PersonaKey::User)),
        desk.connect(Entry::Persona(PersonaKey::GlobalAdministrator))
    );
    assert_eq!(code(first), Code::Cancelled);
    let account = second.expect("signed in").account;
    assert_eq!(desk.app_info().await.expect("facts").connection.expect("somebody").account, account);
}

#[tokio::test]
async fn leaving_ends_an_attempt_to_sign_in() {
    let Room { desk, _home } = room();
    let (attempt, left) = tokio::join!(desk.connect(Entry::Persona(PersonaKey::User)), desk.disconnect());
    assert_eq!(code(attempt), Code::Cancelled);
    left.expect("left");
    assert_eq!(desk.app_info().await.expect("facts").connection, None);
}

#[tokio::test]
async fn a_panic_in_the_job_is_an_answer_and_not_an_end() {
    let Room { desk, _home } = signed_in().await;
    let fault = desk.with_job(|_| async { if true { panic!("canary") } else { Ok(()) } }).await;
    let problem = fault.expect_err("a problem");
    assert_eq!(problem.code, Code::Internal);
    assert!(!format!("{problem:?}").contains("canary"));
    assert!(desk.app_info().await.expect("still there").connection.is_some());
}

#[tokio::test]
async fn a_plan_runs_once_and_says_how_it_goes() {
    let Room { desk, _home } = signed_in().await;
    let plan = planned(&desk, "HR feed").await;
    let (send, heard) = events::channel();
    let run = desk.run_plan(plan, move |event| drop(send.send(event))).await.expect("a run");
    assert_eq!(run.state, RunState::Done, "{run:#?}");
    let heard: Vec<RunEvent> = heard.try_iter().collect();
    assert!(matches!(heard.first(), Some(RunEvent::Started { .. })));
    assert!(matches!(heard.last(), Some(RunEvent::Ended { run: last }) if **last == run));
    assert_eq!(code(desk.run_plan(plan, drop).await), Code::Stale);
    assert_eq!(desk.plan(request("HR feed")).await.expect("a plan").changes, 0);
}

#[tokio::test]
async fn a_plan_of_an_earlier_session_never_runs() {
    let Room { desk, _home } = signed_in().await;
    let plan = planned(&desk, "HR feed").await;
    desk.connect(Entry::Persona(PersonaKey::GlobalAdministrator)).await.expect("signed in again");
    assert_eq!(code(desk.run_plan(plan, drop).await), Code::Stale);
}

#[tokio::test]
async fn only_so_many_plans_are_kept() {
    let Room { desk, _home } = signed_in().await;
    let oldest = planned(&desk, "HR feed").await;
    for _ in 0..16 {
        planned(&desk, "HR feed").await;
    }
    assert_eq!(code(desk.run_plan(oldest, drop).await), Code::Stale);
}

#[tokio::test(flavor = "multi_thread")]
async fn f57_while_a_run_goes_on_nobody_leaves_and_cancel_finds_it() {
    let Room { desk, _home } = signed_in().await;
    let plan = planned(&desk, "HR feed").await;
    let (send, mut started) = mpsc::unbounded_channel();
    let (go, held) = events::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let runner = desk.clone();
    let run = tokio::task::spawn(async move {
        let news = move |event| {
            if let RunEvent::Started { run } = event {
                let _ = send.send(run.id.clone());
                // The run stands still here until the test has looked.
                let _ = tokio::task::block_in_place(|| held.lock().expect("unpoisoned").recv());
            }
        };
        runner.run_plan(plan, news).await
    });
    let id = started.recv().await.expect("it began");
    assert_eq!(code(desk.disconnect().await), Code::Busy);
    assert_eq!(code(desk.reset_practice().await), Code::Busy);
    assert_eq!(code(desk.connect(Entry::Persona(PersonaKey::User)).await), Code::Busy);
    assert_eq!(code(desk.cancel_run("another".into()).await), Code::NotFound);
    desk.cancel_run(id.clone()).await.expect("cancelled");
    drop(go);
    let ended = run.await.expect("no panic").expect("a run");
    assert_eq!((ended.id.as_str(), ended.state), (id.as_str(), RunState::Cancelled));
    assert_eq!(code(desk.cancel_run(id).await), Code::NotFound);
    desk.disconnect().await.expect("now they may leave");
}

#[tokio::test]
async fn a_run_outlives_the_page_that_asked_for_it() {
    let Room { desk, _home } = signed_in().await;
    let plan = planned(&desk, "HR feed").await;
    let (send, mut heard) = mpsc::unbounded_channel();
    let runner = desk.clone();
    let page = tokio::spawn(async move { runner.run_plan(plan, move |event| drop(send.send(event))).await });
    assert!(matches!(heard.recv().await, Some(RunEvent::Started { .. })));
    page.abort();
    let mut last = None;
    while let Some(event) = heard.recv().await {
        last = Some(event);
    }
    assert!(matches!(last, Some(RunEvent::Ended { run }) if run.state == RunState::Done));
    let runs = desk.with_job_blocking(|job| job.runs().list()).await.expect("runs");
    assert_eq!(runs.iter().map(|run| run.state).collect::<Vec<_>>(), [RunState::Done]);
}

#[tokio::test]
async fn closing_waits_for_a_run_to_stop() {
    let Room { desk, _home } = signed_in().await;
    let plan = planned(&desk, "HR feed").await;
    let (send, mut started) = mpsc::unbounded_channel();
    let runner = desk.clone();
    let news = move |event| {
        if let RunEvent::Started { .. } = event {
            let _ = send.send(());
        }
    };
    let run = tokio::spawn(async move { runner.run_plan(plan, news).await });
    started.recv().await.expect("it began");
    desk.close().await;
    let ended = tokio::time::timeout(Duration::from_secs(1), run).await.expect("it had ended already");
    assert_ne!(ended.expect("no panic").expect("a run").state, RunState::Running);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_closes_at_once_unless_a_run_goes_on() {
    let Room { desk, _home } = signed_in().await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let page = move || {
        let _ = tell.send(());
    };
    desk.watch_closing(page).await.expect("listened to");
    assert!(desk.may_close().await, "nothing goes on");

    let plan = planned(&desk, "HR feed").await;
    let (send, mut started) = mpsc::unbounded_channel();
    let (go, held) = events::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let runner = desk.clone();
    let run = tokio::task::spawn(async move {
        let news = move |event| {
            if let RunEvent::Started { .. } = event {
                let _ = send.send(());
                // The run stands still here until the test has looked.
                let _ = tokio::task::block_in_place(|| held.lock().expect("unpoisoned").recv());
            }
        };
        runner.run_plan(plan, news).await
    });
    started.recv().await.expect("it began");
    assert!(!desk.may_close().await);
    told.recv().await.expect("the page asks the operator");
    desk.keep_open().await.expect("kept open");
    assert!(!desk.may_close().await, "asked anew");
    told.recv().await.expect("the page asks again");
    assert!(desk.may_close().await, "a page that does not answer does not hold the window");
    drop(go);
    run.await.expect("no panic").expect("a run");
    assert!(told.try_recv().is_err(), "asked twice and not more");
    assert!(desk.may_close().await, "the run is over");
}

#[tokio::test]
async fn a_shown_secret_goes_when_hidden_and_with_the_session() {
    fn token(shown: &Revealed) -> String {
        shown.image_url.rsplit('/').next().expect("a token").to_owned()
    }
    let Room { desk, _home } = room();
    let shown = desk.reveal(SecretString::from("canary"), false).await.expect("shown");
    assert!(desk.picture(token(&shown)).await.is_some());
    assert!(desk.picture("guess".into()).await.is_none());
    desk.hide().await.expect("hidden");
    assert!(desk.picture(token(&shown)).await.is_none());
    let shown = desk.reveal(SecretString::from("canary"), true).await.expect("shown");
    desk.disconnect().await.expect("left");
    assert!(desk.picture(token(&shown)).await.is_none());
}

#[tokio::test]
async fn a_practice_tenant_of_another_program_is_not_ours_to_reset() {
    let Room { desk, _home } = room_at(Place::PracticeUrl("https://localhost:1/#sha256=00".into()));
    assert_eq!(code(desk.reset_practice().await), Code::Refused);
}

#[tokio::test]
async fn a_reset_takes_back_what_was_made_and_signs_out() {
    let Room { desk, _home } = signed_in().await;
    let plan = planned(&desk, "HR feed").await;
    assert_eq!(desk.run_plan(plan, drop).await.expect("a run").state, RunState::Done);
    desk.reset_practice().await.expect("reset");
    assert_eq!(desk.app_info().await.expect("facts").connection, None);
    desk.connect(Entry::Persona(PersonaKey::GlobalAdministrator)).await.expect("signed in");
    assert!(desk.plan(request("HR feed")).await.expect("a plan").changes > 0);
}

/// A clock that is moved by hand.
#[derive(Debug)]
struct Hand(tokio::sync::watch::Sender<jiff::Timestamp>);

impl Hand {
    fn new() -> Arc<Self> {
        Arc::new(Self(tokio::sync::watch::Sender::new(jiff::Timestamp::now())))
    }

    fn on(&self, minutes: i64) {
        self.0.send_modify(|now| *now += jiff::SignedDuration::from_mins(minutes));
    }
}

#[async_trait]
impl Clock for Hand {
    fn now(&self) -> jiff::Timestamp {
        *self.0.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + jiff::SignedDuration::try_from(duration).expect("a short time");
        let mut time = self.0.subscribe();
        time.wait_for(|now| *now >= until).await.expect("the clock outlives who waits");
    }
}

struct NoBrowser;

#[async_trait]
impl Opener for NoBrowser {
    async fn open(&self, _: &tauri::Url) -> Result<(), BrowserError> {
        Err(BrowserError { reason: "none here".into() })
    }
}

/// A signed-in room whose time is moved by hand, and all news around its session.
async fn timed() -> (Room, Arc<Hand>, mpsc::UnboundedReceiver<SessionNews>) {
    let clock = Hand::new();
    let time: Arc<dyn Clock> = Arc::clone(&clock) as _;
    let room = room_with(|connector| connector.with(Arc::new(NoBrowser), time));
    let (tell, told) = mpsc::unbounded_channel();
    room.desk.watch_session(move |news| drop(tell.send(news)));
    room.desk.connect(Entry::Persona(PersonaKey::GlobalAdministrator)).await.expect("signed in");
    (room, clock, told)
}

#[tokio::test]
async fn p67_a_session_that_nobody_touches_is_locked_and_its_plans_wait() {
    let (Room { desk, _home }, clock, mut told) = timed().await;
    let plan = planned(&desk, "HR feed").await;
    clock.on(14);
    desk.touch();
    // The touch is heard before the time goes on.
    assert!(desk.app_info().await.expect("facts").connection.is_some());
    clock.on(14);
    assert!(desk.app_info().await.expect("facts").connection.is_some(), "a touch counts");
    clock.on(1);
    let Some(SessionNews::Locked { session }) = told.recv().await else { panic!("the page is told") };
    assert_eq!(session.after_minutes, 15);
    let facts = desk.app_info().await.expect("facts");
    assert_eq!((facts.connection, facts.locked.as_ref()), (None, Some(&session)));
    let search = desk.with_job(|job| async move { job.search_principals("HR").await }).await.expect_err("locked");
    assert_eq!(search.code, Code::NotSignedIn);
    assert!(search.message.contains("locked"), "{}", search.message);

    let again = desk.unlock().await.expect("the same person");
    assert_eq!(again.account, session.account);
    assert_eq!(desk.app_info().await.expect("facts").locked, None);
    assert_eq!(desk.run_plan(plan, drop).await.expect("a run").state, RunState::Done);
}

#[tokio::test]
async fn p67_a_computer_that_slept_is_locked_at_the_first_touch() {
    let (Room { desk, _home }, clock, mut told) = timed().await;
    clock.on(8 * 60);
    desk.touch();
    assert!(matches!(told.recv().await, Some(SessionNews::Locked { .. })));
    assert_eq!(desk.app_info().await.expect("facts").connection, None);
}

#[tokio::test]
async fn p14_who_locks_or_leaves_leaves_no_tokens() {
    let (Room { desk, _home }, _clock, _told) = timed().await;
    let session = desk.session().await.expect("somebody");
    desk.lock().await.expect("locked");
    let search = session.job.search_principals("HR").await;
    assert_eq!(code(search), Code::NotSignedIn, "what still holds the session has no token");
    desk.disconnect().await.expect("left");
    assert_eq!(code(desk.unlock().await), Code::NotSignedIn, "nothing is left to unlock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_not_cut_short_by_the_lock() {
    let (Room { desk, _home }, clock, mut told) = timed().await;
    let plan = planned(&desk, "HR feed").await;
    let (send, mut started) = mpsc::unbounded_channel();
    let (go, held) = events::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let runner = desk.clone();
    let run = tokio::task::spawn(async move {
        let news = move |event| {
            if let RunEvent::Started { .. } = event {
                let _ = send.send(());
                let _ = tokio::task::block_in_place(|| held.lock().expect("unpoisoned").recv());
            }
        };
        runner.run_plan(plan, news).await
    });
    started.recv().await.expect("it began");
    assert_eq!(code(desk.lock().await), Code::Busy);
    clock.on(60);
    assert!(desk.app_info().await.expect("facts").connection.is_some());
    drop(go);
    assert_eq!(run.await.expect("no panic").expect("a run").state, RunState::Done);
    assert!(told.try_recv().is_err(), "nothing was locked");
}

#[tokio::test]
async fn settings_are_checked_and_take_effect() {
    let (Room { desk, _home }, clock, mut told) = timed().await;
    let settings = desk.app_info().await.expect("facts").settings;
    let wrong = Settings { lock_after_minutes: 100_000, ..settings.clone() };
    assert_eq!(code(desk.save_settings(wrong).await), Code::InvalidInput);
    let saved = desk.save_settings(Settings { lock_after_minutes: 5, ..settings }).await.expect("saved");
    assert_eq!(saved.lock_after_minutes, 5);
    assert!(desk.app_info().await.expect("facts").connection.is_some(), "the order was carried out");
    clock.on(5);
    assert!(matches!(told.recv().await, Some(SessionNews::Locked { session }) if session.after_minutes == 5));
}
