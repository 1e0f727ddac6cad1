//! Crash upon crash: whatever strikes a run, wherever, up to three times in a row, it comes to the same end or is undone
//! without a trace, and at no moment is a secret lost (promises P31, P33).

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use inbound_access_job::run::{Doing, RunState};
use proptest::prelude::*;

use crate::calls::{Call, Fault, Kind, Point};
use crate::cell::{self, Undisturbed};
use crate::scene::Scene;
use crate::stage::{Errand, Stage};
use crate::support::run;
use crate::traces;

/// What befalls one attempt.
#[derive(Debug, Clone)]
struct Strike {
    at: Call,
    point: Point,
    /// An outage; none is a death of the process.
    outage: Option<Fault>,
    keychain_refuses: bool,
    /// The attempt is to undo the run, where there is something to be undone.
    undoes: bool,
}

fn strikes() -> impl Strategy<Value = Strike> {
    let call = prop_oneof![
        Just((Kind::Register, 1)),
        Just((Kind::ServicePrincipal, 1)),
        (1..=2u32).prop_map(|nth| (Kind::Grant, nth)),
        Just((Kind::AddPassword, 1)),
        Just((Kind::Keep, 1)),
        Just((Kind::RemovePassword, 1)),
        (1..=2u32).prop_map(|nth| (Kind::Revoke, nth)),
        Just((Kind::DeleteApp, 1)),
    ];
    let outage = prop_oneof![Just(None), Just(Some(Fault::Reset)), Just(Some(Fault::Failing))];
    let point = proptest::sample::select(&Point::ALL[..]);
    (call, point, outage, prop::bool::weighted(0.3), prop::bool::weighted(0.25)).prop_map(
        |((kind, nth), point, outage, keychain_refuses, undoes)| Strike {
            at: Call { kind, nth },
            point,
            outage,
            keychain_refuses,
            undoes,
        },
    )
}

/// What the next attempt can be: none when nothing is left to do.
fn next(stage: &Stage, undoes: bool) -> Option<Errand> {
    let found = stage.only();
    if undoes && found.ways.can_undo {
        return Some(Errand::Undo(found.id));
    }
    if found.ways.can_continue {
        return Some(Errand::Continue(found.id));
    }
    (found.doing == Doing::Undo && found.ways.can_undo).then_some(Errand::Undo(found.id))
}

async fn befall(strikes: Vec<Strike>, ends_undone: bool, wanted: &Undisturbed) {
    let stage = Arc::new(Stage::set(Scene::NewApp).await);
    let mut errand = Some(Errand::SetUp);
    for Strike { at, point, outage, keychain_refuses, undoes } in strikes {
        if !matches!(errand, Some(Errand::SetUp)) {
            errand = next(&stage, undoes);
        }
        let Some(attempt) = errand.take() else { break };
        stage.refuses.store(keychain_refuses, Ordering::SeqCst);
        match outage {
            Some(fault) => drop(stage.outage(&attempt, at, point, fault).await),
            None => stage.death(&attempt, at, point).await,
        }
        let found = stage.only();
        assert_ne!(found.state, RunState::Running);
        traces::no_secret_is_lost(&stage, &found);
        traces::no_secret_is_written(&stage);
    }
    let found = stage.only();
    if found.state == RunState::Undone {
        cell::is_gone(&stage);
    } else if (ends_undone || found.doing == Doing::Undo) && found.ways.can_undo {
        cell::undo(&stage, &found.id).await;
    } else if ends_undone {
        assert!(found.made.is_empty() && found.debts.is_empty(), "{found:#?}");
        traces::is_as_before(&stage);
    } else {
        if found.state != RunState::Done {
            let job = stage.job().await;
            let plan = stage.plan(&job, &Errand::Continue(found.id)).await;
            let ended = run(&job, plan).await;
            assert_eq!(ended.state, RunState::Done, "{ended:#?}");
        }
        wanted.is_reached(&stage, &stage.only());
    }
}

/// Forty, or as many as `PROPTEST_CASES` says.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40)
}

static WANTED: OnceLock<Undisturbed> = OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn p33_wherever_a_run_is_struck_and_struck_again_nothing_is_lost_and_nothing_is_doubled(
        strikes in prop::collection::vec(strikes(), 1..=3),
        ends_undone: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            if WANTED.get().is_none() {
                let _ = WANTED.set(Undisturbed::of(Scene::NewApp).await);
            }
            befall(strikes, ends_undone, WANTED.get().unwrap()).await;
        });
    }
}
