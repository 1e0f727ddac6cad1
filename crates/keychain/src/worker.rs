//! One thread for all keychain calls, and bounds on waiting for one's turn and for the answer.
//!
//! A keychain call can block for ever (a frozen service, a prompt that nobody sees), and nothing can interrupt it. So the
//! thread that runs it is given up when the bound passes, and the next call gets a new one. What a given-up thread still
//! does is limited by [`Abandoned`]; it ends as soon as its call returns.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, SendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

/// Given-up threads that may hang at once before further calls are refused: each holds memory and a D-Bus connection.
const MOST_THREADS: usize = 8;

type Task = Box<dyn FnOnce() + Send>;

/// Told to the work on the thread: whether anybody still waits for it.
#[derive(Clone, Default)]
pub(crate) struct Abandoned(Arc<AtomicBool>);

impl Abandoned {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Why no result came.
#[derive(Debug)]
pub(crate) enum Lost {
    /// The bound passed; the work may still end later.
    BoundPassed,
    /// One's turn did not come in time, or too many earlier calls still hang: the work was not begun.
    Crowded,
    /// The system gave no thread.
    NoThread(std::io::Error),
    /// The work panicked.
    Died,
}

#[derive(Default)]
pub(crate) struct Worker {
    lane: Mutex<Lane>,
    /// One call at a time; the others wait here, in order, and not in the thread's queue, so that the bound on an answer
    /// covers one call only.
    turn: tokio::sync::Mutex<()>,
    /// Every thread holds a clone: the count tells how many live.
    alive: Arc<()>,
}

#[derive(Default)]
struct Lane {
    /// Counts the threads, so that a late caller does not close the lane of a newer one.
    number: u64,
    sender: Option<mpsc::Sender<Task>>,
}

impl Worker {
    /// Waits at most `queue` for its turn, then runs `work` on the thread and waits for it at most `bound`. When the
    /// bound passes, or the caller stops waiting (its future is dropped), the work is told through [`Abandoned`] and the
    /// thread is replaced.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        queue: Duration,
        bound: Duration,
        work: impl FnOnce(&Abandoned) -> T + Send + 'static,
    ) -> Result<T, Lost> {
        let _turn = tokio::time::timeout(queue, self.turn.lock()).await.map_err(|_| Lost::Crowded)?;
        let abandoned = Abandoned::default();
        let (answer, wait) = oneshot::channel();
        let told = abandoned.clone();
        let task: Task = Box::new(move || {
            // Nobody waits any more when the answer cannot be sent; dropping it wipes a secret inside.
            drop(answer.send(work(&told)));
        });
        let number = self.hand_over(task)?;
        let mut watch = Watch { worker: self, number, abandoned, finished: false };
        let outcome = tokio::time::timeout(bound, wait).await;
        match outcome {
            Ok(Ok(value)) => {
                watch.finished = true;
                Ok(value)
            }
            Ok(Err(_)) => Err(Lost::Died),
            Err(_) => Err(Lost::BoundPassed),
        }
    }

    fn hand_over(&self, mut task: Task) -> Result<u64, Lost> {
        let mut lane = self.lane.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = &lane.sender {
            match sender.send(task) {
                Ok(()) => return Ok(lane.number),
                Err(SendError(back)) => task = back,
            }
        }
        if Arc::strong_count(&self.alive) > MOST_THREADS {
            return Err(Lost::Crowded);
        }
        let (sender, tasks) = mpsc::channel::<Task>();
        let alive = Arc::clone(&self.alive);
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let _alive = alive;
                for task in tasks {
                    task();
                }
            })
            .map_err(Lost::NoThread)?;
        // The receiver lives in the thread that just started, so this reaches it.
        drop(sender.send(task));
        lane.number += 1;
        lane.sender = Some(sender);
        Ok(lane.number)
    }

    fn give_up(&self, number: u64) {
        let mut lane = self.lane.lock().unwrap_or_else(PoisonError::into_inner);
        if lane.number == number {
            lane.sender = None;
        }
    }
}

/// Gives the thread up unless the work finished; also when the caller's future is dropped.
struct Watch<'a> {
    worker: &'a Worker,
    number: u64,
    abandoned: Abandoned,
    finished: bool,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.abandoned.set();
            self.worker.give_up(self.number);
        }
    }
}

#[cfg(test)]
#[path = "worker_tests.rs"]
mod tests;
