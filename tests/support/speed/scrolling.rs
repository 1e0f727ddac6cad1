//! Frames while the list of who has access is scrolled, with a row for each of a hundred thousand service principals.
//!
//! On a display without a graphics card, which draws slower than any desk: what counts is that it does not grow with the
//! length of the list.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::machine::{Keyring, Machine, Theme};
use crate::page::scrolling::Scrolled;
use crate::page::{Page, has};
use crate::report::{Report, given};
use crate::served::Served;

const SEED: &str = "large:100000";
/// What the service principals of a large tenant hold, so that each has a row.
const HELD: [&str; 6] = [
    "SynchronizationData-User.Upload",
    "User.Read.All",
    "AuditLog.Read.All",
    "Group.Read.All",
    "Mail.Send",
    "Directory.ReadWrite.All",
];
/// How long it is scrolled.
const SCROLLED_MS: u64 = 3_000;
/// As far as a quick hand on the wheel comes in that time, in CSS pixels.
const BY_WHEEL: u64 = 9_000;
/// Bound of reading the tenant.
const LONGEST: Duration = Duration::from_secs(240);

pub async fn measure(report: &mut Report) {
    let served = Served::start(&["--seed", SEED]);
    let machine = Machine::start(Keyring::Unlocked, Theme::Light);
    let app = given("BENCH_APP");
    let window = machine.open(Path::new(&app), &["--practice-url".to_owned(), served.url()]).await;
    let page = Page::new(window.driver().clone());
    let rows = read_the_list(&page).await;
    let wheel = page.scroll_the_list(Some(BY_WHEEL), SCROLLED_MS).await;
    let bar = page.scroll_the_list(None, SCROLLED_MS).await;
    window.close().await;

    report.add("scrollRows", "Rows of the list that is scrolled", rows, "");
    let keys = |frames, median, p95, longest| [frames, median, p95, longest];
    tell(
        report,
        &wheel,
        keys("wheelFrames", "wheelMedianMs", "wheelP95Ms", "wheelLongestMs"),
        [
            "Frames in 3 s by the wheel",
            "Time between two frames by the wheel, median",
            "Time between two frames by the wheel, 95 of 100",
            "Time between two frames by the wheel, longest",
        ],
    );
    tell(
        report,
        &bar,
        keys("barFrames", "barMedianMs", "barP95Ms", "barLongestMs"),
        [
            "Frames in 3 s by the bar, from top to end",
            "Time between two frames by the bar, median",
            "Time between two frames by the bar, 95 of 100",
            "Time between two frames by the bar, longest",
        ],
    );
    let lines = wheel.most_lines.max(bar.most_lines);
    report.add("scrollLines", "Most lines of the list that existed at once", lines as f64, "");
    report.add("scrollElements", "Elements on the page at the end of the list", bar.elements as f64, "");
    report.remark("Scrolling was measured on a virtual display, which is drawn by the processor alone.");
}

fn tell(report: &mut Report, seen: &Scrolled, keys: [&'static str; 4], words: [&'static str; 4]) {
    let [frames, median, p95, longest] = keys;
    let [of_frames, of_median, of_p95, of_longest] = words;
    report.add(frames, of_frames, seen.intervals_ms.len() as f64, "");
    report.add(median, of_median, seen.quantile_ms(0.5), "ms");
    report.add(p95, of_p95, seen.quantile_ms(0.95), "ms");
    report.add(longest, of_longest, seen.quantile_ms(1.0), "ms");
}

/// Signs in and has everyone listed; how many rows there are.
async fn read_the_list(page: &Page) -> f64 {
    page.press("button", has("Sign in as")).await;
    page.sees("heading", has("Connected to")).await;
    page.press("link", "Who has access").await;
    page.look_for_holders_of(&HELD).await;
    let begun = Instant::now();
    while !page.is_read().await {
        assert!(begun.elapsed() < LONGEST, "the tenant is read within {} s", LONGEST.as_secs());
    }
    let grid = page.sees("grid", "Who holds what").await;
    let lines = grid.attr("aria-rowcount").await.expect("a grid").expect("tells its lines");
    lines.parse::<f64>().expect("a number") - 1.0
}
