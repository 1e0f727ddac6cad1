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
    assert!(matches!(worker.run(BOUND, BOUND, work).await, Err(Lost::BoundPassed)));
    assert_eq!(begun.elapsed(), BOUND);
    go.send(()).unwrap();
    assert!(reports.recv().unwrap());
}

#[tokio::test]
async fn a_caller_who_stops_waiting_does_not_hold_up_the_next_one() {
    let worker = Worker::default();
    let (work, go, reports) = blocked();
    {
        let mut call = std::pin::pin!(worker.run(BOUND, BOUND, work));
        tokio::select! {
            biased;
            _ = &mut call => panic!("blocked work came back"),
            () = std::future::ready(()) => {}
        }
    }
    assert!(matches!(worker.run(BOUND, BOUND, |_| 7).await, Ok(7)));
    go.send(()).unwrap();
    assert!(reports.recv().unwrap());
}

#[tokio::test(start_paused = true)]
async fn hanging_threads_are_limited_and_their_places_come_free_again() {
    let worker = Worker::default();
    let mut hanging = Vec::new();
    for _ in 0..MOST_THREADS {
        let (work, go, reports) = blocked();
        assert!(matches!(worker.run(BOUND, BOUND, work).await, Err(Lost::BoundPassed)));
        hanging.push((go, reports));
    }
    assert!(matches!(worker.run(BOUND, BOUND, |_| ()).await, Err(Lost::Crowded)));
    for (go, reports) in hanging {
        go.send(()).unwrap();
        reports.recv().unwrap();
    }
    tokio::time::resume();
    // A thread ends a moment after its work.
    while let Err(lost) = worker.run(BOUND, BOUND, |_| ()).await {
        assert!(matches!(lost, Lost::Crowded));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn work_that_panics_is_reported_and_the_next_work_runs() {
    let worker = Worker::default();
    assert!(matches!(worker.run::<()>(BOUND, BOUND, |_| panic!("a store's bug")).await, Err(Lost::Died)));
    assert!(matches!(worker.run(BOUND, BOUND, |_| 7).await, Ok(7)));
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_does_not_come_is_given_up_before_anything_is_begun() {
    let worker = Worker::default();
    let (work, go, reports) = blocked();
    let mut first = std::pin::pin!(worker.run(BOUND, BOUND * 10, work));
    tokio::select! {
        biased;
        _ = &mut first => panic!("blocked work came back"),
        () = std::future::ready(()) => {}
    }
    let begun = tokio::time::Instant::now();
    let second = worker.run::<()>(BOUND, BOUND, |_| panic!("it must not begin"));
    assert!(matches!(second.await, Err(Lost::Crowded)));
    assert_eq!(begun.elapsed(), BOUND);
    go.send(()).unwrap();
    assert!(!reports.recv().unwrap(), "the first is still waited for");
}

#[tokio::test]
async fn whoever_waits_for_a_turn_gets_it_in_order() {
    let worker = Worker::default();
    let done = std::sync::Arc::new(Mutex::new(Vec::new()));
    let calls = (0..50).map(|number| {
        let done = Arc::clone(&done);
        worker.run(BOUND, BOUND, move |_| done.lock().unwrap().push(number))
    });
    let mut calls: Vec<_> = calls.map(Box::pin).collect();
    for call in &mut calls {
        call.await.unwrap();
    }
    assert_eq!(*done.lock().unwrap(), (0..50).collect::<Vec<_>>());
}
