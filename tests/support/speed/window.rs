//! From the start of the program to a page that can be used, and what it then holds in memory.

use std::path::Path;
use std::time::{Duration, Instant};

use practice_tenant::{Options, PracticeTenant};

use crate::machine::{Keyring, Machine, Theme};
use crate::page::{Page, has};
use crate::report::{Report, given};

/// The middle of so many starts.
const STARTS: usize = 5;

pub async fn measure(report: &mut Report) {
    let app = given("BENCH_APP");
    let tenant = PracticeTenant::start(Options::default()).await.expect("a practice tenant");
    let arguments = ["--practice-url".to_owned(), tenant.url()];
    let mut starts = Vec::new();
    let mut memory = (0.0, 0.0);
    for _ in 0..STARTS {
        let machine = Machine::start(Keyring::Unlocked, Theme::Light);
        let begun = Instant::now();
        let window = machine.open(&app, &arguments).await;
        let page = Page::new(window.driver().clone());
        page.sees("button", has("Sign in as")).await;
        starts.push(begun.elapsed());
        memory = memory_of(window.driver_process());
        window.close().await;
    }
    starts.sort();
    let middle = starts.get(STARTS / 2).copied().unwrap_or(Duration::MAX);
    report.add("startToUsableMs", "Start of the window to usable, median", middle.as_secs_f64() * 1e3, "ms");
    report.add("appResidentMb", "Resident memory of the app's own process", memory.0, "MB");
    report.add("allMemoryMb", "Memory of it and the web view's processes", memory.1, "MB");
}

/// Resident megabytes of the app, and its share of memory together with its web view's processes, which are the
/// descendants of the driver that started it.
fn memory_of(driver: u32) -> (f64, f64) {
    let mut own = 0.0;
    let mut all = 0.0;
    let mut todo = vec![driver];
    while let Some(parent) = todo.pop() {
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|text| text.parse::<u32>().ok()) {
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
