//! The program dies at each mutating call of a fix or of its undoing: what was done is known, the rest is done, and all of
//! it is taken back.

use std::sync::Arc;

use inbound_access_job::Job;
use inbound_access_job::fix::Fix;
use inbound_access_job::plan::StepKind;
use inbound_access_job::run::{Doing, RunState};
use practice_tenant::PersonaKey;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::rotating::{NAME, keys, rotation, with_secret};
use super::{client_id, fix, grants_of, object_id, resume, rights, state, undo};
use crate::support::deadly::Side;
use crate::support::others::deadly;
use crate::support::{Bench, News, UPLOAD};

const SIDES: [Side; 2] = [Side::Before, Side::After];
const LIVE: &str = "HR feed (live)";

/// A job that dies at the nth call of a kind, and what tells of it.
async fn mortal(bench: &Bench, kind: &'static str, nth: u32, side: Side) -> (Job, Arc<Notify>) {
    let mut told = None;
    let wrap = |graph| {
        let (directory, reached) = deadly(graph, kind, nth, side);
        told = Some(reached);
        directory
    };
    let job = bench.job_through(PersonaKey::GlobalAdministrator, wrap).await;
    (job, told.unwrap())
}

/// Runs a plan until the program dies.
async fn until_death(job: &Job, plan: inbound_access_job::Plan, reached: Arc<Notify>) {
    let going = job.run(plan, CancellationToken::new(), News::default().listener());
    tokio::select! {
        ended = going => panic!("it ended before it was killed: {ended:#?}"),
        () = reached.notified() => {}
    }
}

/// The run that was cut short, by its id.
fn interrupted(bench: &Bench, doing: Doing) -> String {
    let run = bench.runs.list().unwrap().into_iter().find(|run| run.state == RunState::Interrupted);
    let run = run.expect("a run was cut short");
    assert_eq!(run.doing, doing, "{run:#?}");
    run.id
}

/// A fix by its wish, the call at which it dies, and its undoing's.
async fn wish(bench: &Bench, job: &Job, call: &str) -> Fix {
    match call {
        "revoke" => Fix::Revoke { grants: grants_of(job, &[LIVE, "Contractor import"]).await },
        "grant" => {
            Fix::Grant { principal: object_id(job, "Payroll upload").await, permissions: vec![UPLOAD.to_owned()] }
        }
        "signIn" => Fix::EnableSignIn { principal: object_id(job, "Retired HR interface").await },
        "servicePrincipal" => Fix::MakePrincipal { client_id: client_id(job, "Badge printer").await },
        other => panic!("{other} for {:?}", bench.cloud.name),
    }
}

const CALLS: [(&str, u32); 6] =
    [("revoke", 1), ("revoke", 2), ("revoke", 4), ("grant", 1), ("signIn", 1), ("servicePrincipal", 1)];

#[tokio::test]
async fn after_each_death_the_rest_is_done_and_all_of_it_is_taken_back() {
    for (call, nth) in CALLS {
        for side in SIDES {
            let what = format!("killed {side:?} {call} {nth}");
            // How it ends without a death.
            let wanted = {
                let bench = Bench::start().await;
                let job = bench.admin().await;
                fix(&job, wish(&bench, &job, call).await).await;
                rights(&bench).len()
            };
            let bench = Bench::start().await;
            let before = state(&bench);
            let (job, reached) = mortal(&bench, call, nth, side).await;
            let plan = job.plan_fix(wish(&bench, &job, call).await).await.unwrap();
            until_death(&job, plan, reached).await;
            bench.settle();
            let admin = bench.admin().await;
            let id = interrupted(&bench, Doing::Fix);
            let done = resume(&admin, &id).await;
            assert_eq!(rights(&bench).len(), wanted, "{what}");
            assert!(done.ways.can_undo, "{what}: {done:#?}");
            bench.settle();
            undo(&admin, &id).await;
            assert_eq!(state(&bench), before, "{what}");
        }
    }
}

#[tokio::test]
async fn after_each_death_what_was_done_is_taken_back_at_once() {
    for (call, nth) in CALLS {
        for side in SIDES {
            let what = format!("killed {side:?} {call} {nth}");
            let bench = Bench::start().await;
            let before = state(&bench);
            let (job, reached) = mortal(&bench, call, nth, side).await;
            let plan = job.plan_fix(wish(&bench, &job, call).await).await.unwrap();
            until_death(&job, plan, reached).await;
            bench.settle();
            let admin = bench.admin().await;
            let id = interrupted(&bench, Doing::Fix);
            match admin.plan_undo(&id).await {
                Ok(_) => {
                    undo(&admin, &id).await;
                }
                // Nothing was sent by then.
                Err(problem) => assert_eq!((side, nth), (Side::Before, 1), "{what}: {problem:#?}"),
            }
            assert_eq!(state(&bench), before, "{what}");
        }
    }
}

#[tokio::test]
async fn an_undoing_that_dies_is_undone_again_and_gives_nothing_twice() {
    let calls = [("revoke", "grant", 1), ("revoke", "grant", 3), ("grant", "revoke", 1), ("signIn", "signIn", 1)];
    for (call, dies_at, nth) in calls {
        for side in SIDES {
            let what = format!("undoing {call} killed {side:?} {dies_at} {nth}");
            let bench = Bench::start().await;
            let before = state(&bench);
            let admin = bench.admin().await;
            let done = fix(&admin, wish(&bench, &admin, call).await).await;
            bench.settle();
            let (job, reached) = mortal(&bench, dies_at, nth, side).await;
            let plan = job.plan_undo(&done.id).await.unwrap();
            until_death(&job, plan, reached).await;
            bench.settle();
            assert_eq!(interrupted(&bench, Doing::Undo), done.id, "{what}");
            let admin = bench.admin().await;
            undo(&admin, &done.id).await;
            assert_eq!(state(&bench), before, "{what}");
        }
    }
}

#[tokio::test]
async fn an_interrupted_rotation_goes_on_without_a_second_new_secret_and_is_taken_back() {
    for (call, remove_old) in [("addPassword", false), ("addPassword", true), ("removePassword", true)] {
        for side in SIDES {
            for undoes in [false, true] {
                let what = format!("killed {side:?} {call}, {remove_old}, undone {undoes}");
                let bench = Bench::start().await;
                let (client, old) = with_secret(&bench, &bench.admin().await).await;
                let (job, reached) = mortal(&bench, call, 1, side).await;
                let plan = job.plan_fix(rotation(&bench, &client, Some(&old), remove_old)).await.unwrap();
                until_death(&job, plan, reached).await;
                bench.settle();
                let admin = bench.admin().await;
                let id = interrupted(&bench, Doing::Fix);
                let old_is_gone = (call, side) == ("removePassword", Side::After);
                if undoes {
                    match admin.plan_undo(&id).await {
                        Ok(_) => drop(undo(&admin, &id).await),
                        Err(problem) => panic!("{what}: {problem:#?}"),
                    }
                    let left = if old_is_gone { Vec::new() } else { vec![old] };
                    assert_eq!(keys(&bench), left, "{what}");
                    // The value of the old one stays where it was: the run that made it looks after it.
                    assert!(bench.keychain.accounts().len() <= 1, "{what}");
                    continue;
                }
                let done = resume(&admin, &id).await;
                let now = keys(&bench);
                assert_eq!(now.len(), if remove_old { 1 } else { 2 }, "{what}: {done:#?}");
                assert_eq!(now.contains(&old), !remove_old, "{what}");
                assert_eq!(bench.keychain.accounts().len(), now.len(), "{what}");
                assert!(done.steps.iter().any(|step| step.kind == StepKind::ProveSecret), "{what}");
                assert!(!admin.verify(NAME, &[], true).await.unwrap().credentials.is_empty());
            }
        }
    }
}

#[tokio::test]
async fn a_removal_that_dies_is_brought_to_its_end() {
    for side in SIDES {
        let bench = Bench::start().await;
        let (client, key) = with_secret(&bench, &bench.admin().await).await;
        let (job, reached) = mortal(&bench, "removePassword", 1, side).await;
        let plan = job.plan_fix(Fix::RemoveSecret { client_id: client, key_id: key }).await.unwrap();
        until_death(&job, plan, reached).await;
        bench.settle();
        let id = interrupted(&bench, Doing::Fix);
        resume(&bench.admin().await, &id).await;
        assert!(keys(&bench).is_empty() && bench.keychain.accounts().is_empty(), "{side:?}");
    }
}
