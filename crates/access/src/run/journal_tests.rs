//! What survives a crash, a damaged disk and a newer version.

use super::*;
use crate::desired::SetupRequest;
use crate::plan::StepKind;
use crate::principal::{PrincipalCard, PrincipalKind};
use crate::problem::Code;
use crate::run::{Doing, HandOver, RunStep, StepState, Ways};

fn run(id: u128, started: &str) -> RunView {
    RunView {
        id: Uuid::from_u128(id).to_string(),
        started: started.to_owned(),
        ended: None,
        state: RunState::Running,
        tenant_name: "Contoso".to_owned(),
        tenant_id: Uuid::from_u128(9).to_string(),
        cloud: "Practice".to_owned(),
        operator: "admin@contoso.example".to_owned(),
        subject: "the app \"HR feed\"".to_owned(),
        steps: vec![step(1, StepState::Working), step(2, StepState::Waiting)],
        made: Vec::new(),
        hand_over: None,
        consent: None,
        finishes: None,
        summary: String::new(),
        doing: Doing::SetUp,
        earlier: Vec::new(),
        left: None,
        ways: Ways::default(),
        debts: Vec::new(),
    }
}

fn step(number: u32, state: StepState) -> RunStep {
    RunStep { number, kind: StepKind::RegisterApp, title: "Register the app".to_owned(), term: None, state }
}

fn store() -> (tempfile::TempDir, RunStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = RunStore::open(folder.path().join("runs")).unwrap();
    (folder, store)
}

fn intended(description: &str) -> Fact {
    Fact::SecretIntended { client_id: "c1".to_owned(), description: description.to_owned() }
}

#[tokio::test]
async fn a_run_reads_as_running_while_its_process_lives_and_as_interrupted_afterwards() {
    let (_folder, store) = store();
    let run = run(1, "2026-11-24T10:00:00Z");
    let journal = store.begin(&run, "app 1", None).unwrap();
    journal.save(&run).await.unwrap();
    assert_eq!(store.get(&run.id).unwrap().state, RunState::Running);
    drop(journal);
    let read = store.get(&run.id).unwrap();
    assert_eq!(read.state, RunState::Interrupted);
    assert!(matches!(&read.steps[0].state, StepState::Failed { problem } if problem.code == Code::Unclear));
    assert!(matches!(read.steps[1].state, StepState::NotDone { .. }));
}

fn hand_over() -> HandOver {
    let principal = PrincipalCard {
        name: "HR feed".to_owned(),
        kind: PrincipalKind::AppRegistration,
        object_id: None,
        client_id: "c1".to_owned(),
        application_object_id: None,
        enabled: Some(true),
        created: None,
        azure: None,
        portal_url: String::new(),
    };
    HandOver {
        principal,
        tenant_id: String::new(),
        token_url: String::new(),
        scope: String::new(),
        secret: None,
        shown: None,
        permissions: Vec::new(),
    }
}

#[tokio::test]
async fn a_run_that_was_stopped_names_the_way_on_that_it_has_and_hands_nothing_over_that_is_gone() {
    let done = StepState::Done { note: None, request_id: None };
    let request = SetupRequest::ManagedIdentity { object_id: "i1".to_owned(), permissions: vec![], ask_consent: false };
    let origin = Origin::SetUp { request, unique_name: None };
    for (doing, origin, way_on, is_handed_over) in [
        (Doing::SetUp, Some(&origin), "Continue the run:", true),
        (Doing::SetUp, None, "Plan the same again:", true),
        (Doing::Undo, Some(&origin), "Undo the run again:", false),
    ] {
        let (_folder, store) = store();
        let steps = vec![step(1, done.clone()), step(2, StepState::Working)];
        let run = RunView { doing, steps, hand_over: Some(hand_over()), ..run(1, "2026-11-24T10:00:00Z") };
        store.begin(&run, "app 1", origin.cloned()).unwrap().save(&run).await.unwrap();
        let read = store.get(&run.id).unwrap();
        let StepState::Failed { problem } = &read.steps[1].state else { panic!("{read:#?}") };
        let advice = problem.advice.as_deref().unwrap();
        assert!(advice.starts_with(way_on), "{advice}");
        assert_eq!(read.hand_over.is_some(), is_handed_over, "{doing:?}");
    }
}

#[tokio::test]
async fn what_a_further_attempt_changes_was_not_seen_with_the_one_before() {
    let (_folder, store) = store();
    let run = RunView { state: RunState::Done, ..run(1, "2026-11-24T10:00:00Z") };
    store.begin(&run, "app 1", None).unwrap().save(&run).await.unwrap();
    store.mark_seen(&run.id);
    assert!(store.was_seen(&run.id));
    let undo = RunView { doing: Doing::Undo, ..run.clone() };
    drop(store.resume(&undo, "app 1").unwrap());
    assert!(!store.was_seen(&run.id));
}

#[tokio::test]
async fn one_run_per_principal_at_a_time() {
    let (_folder, store) = store();
    let first = store.begin(&run(1, "2026-11-24T10:00:00Z"), "app 1", None).unwrap();
    let second = store.begin(&run(2, "2026-11-24T10:00:01Z"), "app 1", None).unwrap_err();
    assert_eq!(second.code, Code::Busy);
    assert!(second.message.contains("the app \"HR feed\""));
    assert!(store.begin(&run(3, "2026-11-24T10:00:01Z"), "app 2", None).is_ok());
    drop(first);
    assert!(store.begin(&run(4, "2026-11-24T10:00:02Z"), "app 1", None).is_ok());
}

#[tokio::test]
async fn newest_runs_come_first() {
    let (_folder, store) = store();
    for (id, started) in [(1, "2026-11-24T10:00:00Z"), (2, "2026-11-25T10:00:00Z"), (3, "2026-11-23T10:00:00Z")] {
        let run = run(id, started);
        store.begin(&run, &format!("app {id}"), None).unwrap().save(&run).await.unwrap();
    }
    let days: Vec<String> = store.list().unwrap().into_iter().map(|run| run.started).collect();
    assert_eq!(days, ["2026-11-25T10:00:00Z", "2026-11-24T10:00:00Z", "2026-11-23T10:00:00Z"]);
}

#[tokio::test]
async fn damaged_and_newer_files_are_reported_and_left_as_they_are() {
    let (_folder, store) = store();
    let good = run(1, "2026-11-24T10:00:00Z");
    store.begin(&good, "app 1", None).unwrap().save(&good).await.unwrap();
    let cut = store.folder.join(format!("{}.json", Uuid::from_u128(2)));
    let newer = store.folder.join(format!("{}.json", Uuid::from_u128(3)));
    let empty = store.folder.join(format!("{}.json", Uuid::from_u128(4)));
    let whole = fs::read(store.folder.join(format!("{}.json", good.id))).unwrap();
    fs::write(&cut, &whole[..whole.len() / 2]).unwrap();
    fs::write(&newer, br#"{"format":99,"anything":true}"#).unwrap();
    fs::write(&empty, b"").unwrap();

    assert_eq!(store.list().unwrap().len(), 1);
    let reported: Vec<String> = store.unreadable().unwrap().into_iter().map(|problem| problem.message).collect();
    assert_eq!(reported.len(), 3, "{reported:?}");
    assert!(reported[0].contains("is damaged"));
    assert!(reported[1].contains("newer version"));
    assert!(store.get(&Uuid::from_u128(3).to_string()).unwrap_err().message.contains("newer version"));
    assert_eq!(fs::read(&newer).unwrap(), br#"{"format":99,"anything":true}"#);
    assert_eq!(fs::read(&cut).unwrap().len(), whole.len() / 2);
}

#[tokio::test]
async fn a_file_that_says_it_is_of_another_run_is_reported_and_leads_nowhere() {
    let (folder, store) = store();
    let good = run(1, "2026-11-24T10:00:00Z");
    store.begin(&good, "app 1", None).unwrap().save(&good).await.unwrap();
    let whole = fs::read_to_string(store.folder.join(format!("{}.json", good.id))).unwrap();
    for says in ["../outside", "/etc/passwd", &good.id, ""] {
        let copy = Uuid::from_u128(2).to_string();
        fs::write(store.folder.join(format!("{copy}.json")), whole.replace(&good.id, says)).unwrap();
        assert_eq!(store.list().unwrap().len(), 1, "{says}");
        let reported = store.unreadable().unwrap();
        assert!(reported[0].message.contains("another run than its name says"), "{says}: {reported:?}");
        assert_eq!(store.get(&copy).unwrap_err().code, Code::LocalFile, "{says}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing was made outside of the folder of runs");
}

#[test]
fn the_seeds_of_fuzzing_are_runs_that_can_be_read_and_one_that_is_newer() {
    let (_folder, store) = store();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/journal");
    let id = "5f0c1b9e-6f3a-4a53-9a4e-1f0d7a0c2b11";
    for (seed, state) in
        [("interrupted", Some(RunState::Interrupted)), ("first_format", Some(RunState::Failed)), ("newer", None)]
    {
        fs::copy(seeds.join(format!("{seed}.json")), store.folder.join(format!("{id}.json"))).unwrap();
        assert_eq!(store.get(id).ok().map(|run| run.state), state, "{seed}");
    }
}

#[tokio::test]
async fn an_id_that_is_no_guid_reaches_no_file() {
    let (folder, store) = store();
    fs::write(folder.path().join("outside.json"), b"{}").unwrap();
    for id in ["../outside", "", "x", "/etc/passwd"] {
        assert_eq!(store.get(id).unwrap_err().code, Code::NotFound);
    }
}

#[tokio::test]
async fn a_secret_is_unsettled_until_it_was_stored_or_removed() {
    let (_folder, store) = store();
    let run = run(1, "2026-11-24T10:00:00Z");
    let journal = store.begin(&run, "app 1", None).unwrap();
    let at = Timestamp::UNIX_EPOCH;
    journal.note(&run, at, 2, intended("first")).await.unwrap();
    journal.note(&run, at, 2, intended("second")).await.unwrap();
    let settled = Fact::SecretSettled { description: "first".to_owned(), outcome: "removed".to_owned() };
    journal.note(&run, at, 2, settled).await.unwrap();
    assert!(store.secrets_asked_for("c1").is_empty(), "a run that goes on is nobody else's business");
    drop(journal);
    let traces = store.secrets_asked_for("c1");
    let open: Vec<&str> =
        traces.iter().filter(|trace| trace.is_open()).map(|trace| trace.description.as_str()).collect();
    assert_eq!(open, ["second"]);
    assert!(traces.iter().all(|trace| !trace.was_kept()));
    assert!(store.secrets_asked_for("c2").is_empty());
}

#[tokio::test]
async fn a_stopped_run_tells_what_its_journal_knows() {
    let (_folder, store) = store();
    let mut run = run(1, "2026-11-24T10:00:00Z");
    run.steps = vec![step(1, StepState::Working), step(2, StepState::Working), step(3, StepState::Waiting)];
    let journal = store.begin(&run, "app 1", None).unwrap();
    let at = Timestamp::UNIX_EPOCH;
    let settled = Fact::Settled { outcome: "object id 7".to_owned() };
    journal.note(&run, at, 1, Fact::Intended { request: "POST /x".to_owned(), aim: None }).await.unwrap();
    journal.note(&run, at, 1, settled).await.unwrap();
    journal.note(&run, at, 2, Fact::Intended { request: "POST /y".to_owned(), aim: None }).await.unwrap();
    drop(journal);
    let read = store.get(&run.id).unwrap();
    assert_eq!(read.state, RunState::Interrupted);
    assert_eq!(read.steps[0].state, StepState::Done { note: Some("object id 7".to_owned()), request_id: None });
    assert!(matches!(&read.steps[1].state, StepState::Failed { problem } if problem.code == Code::Unclear));
    assert!(matches!(&read.steps[2].state, StepState::NotDone { .. }));
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, store) = store();
    let run = run(1, "2026-11-24T10:00:00Z");
    let journal = store.begin(&run, "app 1", None).unwrap();
    journal.save(&run).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&store.folder), 0o700);
    for entry in fs::read_dir(&*store.folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}
