use std::sync::mpsc;
use std::time::Duration;

use super::*;

const BOUND: Duration = Duration::from_secs(5);

/// Work that blocks until told to go on, and then reports whether it had been given up.
fn blocked() -> (impl FnOnce(&Abandoned) + Send + 'static, mpsc::Sender<()>, mpsc::Receiver<bool>) {
    let (go, wait) = mpsc::channel::<()>();
    let (report, reports) = mpsc::channel();
    let work = move |abandoned: &Abandoned| {
        wait.recv().ok();
        report.send(abandoned.is_set()).unwrap();
    };
    (work, go, reports)
}

#[tokio::test(start_paused = true)]
async fn work_past_its_bound_is_given_up_exactly_then_and_told_so() {
    let worker = Worker::default();
    let (work, go, reports) = blocked();
    let begun = tokio::time::Instant::now();
    assert!(matches!(worker.run(BOUND, work).await, Err(Lost::BoundPassed)));
    assert_eq!(begun.elapsed(), BOUND);
    go.send(()).unwrap();
    assert!(reports.recv().unwrap());
}

#[tokio::test]
async fn a_caller_who_stops_waiting_does_not_hold_up_the_next_one() {
    let worker = Worker::default();
    let (work, go, reports) = blocked();
    {
        let mut call = std::pin::pin!(worker.run(BOUND, work));
        tokio::select! {
            biased;
            _ = &mut call => panic!("blocked work came back"),
            () = std::future::ready(()) => {}
        }
    }
    assert!(matches!(worker.run(BOUND, |_| 7).await, Ok(7)));
    go.send(()).unwrap();
    assert!(reports.recv().unwrap());
}

#[tokio::test(start_paused = true)]
async fn hanging_threads_are_limited_and_their_places_come_free_again() {
    let worker = Worker::default();
    let mut hanging = Vec::new();
    for _ in 0..MOST_THREADS {
        let (work, go, reports) = blocked();
        assert!(matches!(worker.run(BOUND, work).await, Err(Lost::BoundPassed)));
        hanging.push((go, reports));
    }
    assert!(matches!(worker.run(BOUND, |_| ()).await, Err(Lost::Crowded)));
    for (go, reports) in hanging {
        go.send(()).unwrap();
        reports.recv().unwrap();
    }
    tokio::time::resume();
    // A thread ends a moment after its work.
    while let Err(lost) = worker.run(BOUND, |_| ()).await {
        assert!(matches!(lost, Lost::Crowded));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn work_that_panics_is_reported_and_the_next_work_runs() {
    let worker = Worker::default();
    assert!(matches!(worker.run::<()>(BOUND, |_| panic!("a store's bug")).await, Err(Lost::Died)));
    assert!(matches!(worker.run(BOUND, |_| 7).await, Ok(7)));
}
