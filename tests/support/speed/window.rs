//! From the start of the program to a page that can be used, and what it then holds in memory.

use std::path::Path;
use std::time::Duration;

use practice_tenant::{Options, PracticeTenant};

use crate::machine::{Keyring, Machine, Theme};
use crate::page::{Page, has};
use crate::report::{Report, best_and_median, given};

/// The best and the median of so many starts.
const STARTS: usize = 5;
/// In which the kernel tells when a process began: 100 a second on every system that the app is built for.
const TICK: Duration = Duration::from_millis(10);

pub async fn measure(report: &mut Report) {
    let app = given("BENCH_APP");
    let tenant = PracticeTenant::start(Options::default()).await.expect("a practice tenant");
    let arguments = ["--practice-url".to_owned(), tenant.url()];
    let mut starts = Vec::new();
    let mut memory = (0.0, 0.0);
    for _ in 0..STARTS {
        let machine = Machine::start(Keyring::Unlocked, Theme::Light);
        let window = machine.open(&app, &arguments).await;
        let page = Page::new(window.driver().clone());
        page.sees("button", has("Sign in as")).await;
        let process = children(window.driver_process()).first().copied().expect("the driver has started the app");
        starts.push(age(process));
        memory = memory_of(window.driver_process());
        window.close().await;
    }
    let (best, median) = best_and_median(starts);
    report.add("startToUsableBestMs", "Start of the app to usable, best", best.as_secs_f64() * 1e3, "ms");
    report.add("startToUsableMs", "Start of the app to usable, median", median.as_secs_f64() * 1e3, "ms");
    report.add("appResidentMb", "Resident memory of the app's own process", memory.0, "MB");
    report.add("allMemoryMb", "Memory of it and the web view's processes", memory.1, "MB");
}

/// How long a process has been running. The clock of the test would count the driver's own start too.
fn age(process: u32) -> Duration {
    // What begins now tells what time it is on the kernel's clock of beginnings.
    let now = std::thread::spawn(|| beginning("/proc/thread-self/stat")).join().expect("no panic");
    let ticks = now.saturating_sub(beginning(&format!("/proc/{process}/stat")));
    TICK * u32::try_from(ticks).expect("it began a moment ago")
}

/// When a process or thread began, in ticks.
fn beginning(stat: &str) -> u64 {
    let line = std::fs::read_to_string(stat).expect("it runs");
    // The name stands in brackets and may hold anything; of what follows it, this is field 22 of the whole line.
    let (_, fields) = line.rsplit_once(')').expect("a name in brackets");
    fields.split_whitespace().nth(19).and_then(|field| field.parse().ok()).expect("a number")
}

fn children(parent: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    children.split_whitespace().filter_map(|text| text.parse().ok()).collect()
}

/// Resident megabytes of the app, and its share of memory together with its web view's processes, which are the
/// descendants of the driver that started it.
fn memory_of(driver: u32) -> (f64, f64) {
    let mut own = 0.0;
    let mut all = 0.0;
    let mut todo = vec![driver];
    while let Some(parent) = todo.pop() {
        for child in children(parent) {
            let rollup = std::fs::read_to_string(format!("/proc/{child}/smaps_rollup")).unwrap_or_default();
            if parent == driver {
                own += megabytes(&rollup, "Rss:");
            }
            all += megabytes(&rollup, "Pss:");
            todo.push(child);
        }
    }
    assert!(own > 0.0, "the app's memory can be read below {}", Path::new("/proc").display());
    (own, all)
}

fn megabytes(rollup: &str, field: &str) -> f64 {
    rollup
        .lines()
        .find_map(|line| line.strip_prefix(field)?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok())
        .map_or(0.0, |kilobytes| kilobytes / 1024.0)
}
