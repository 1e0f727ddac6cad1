//! Measures what an administrator waits for; `scripts/bench` builds what it measures and gives the paths.
//!
//! The set-up runs against `practice serve --latency 80`, so that round trips count and not this machine; it is then
//! made once more on a tenant that counts its requests. Reading a whole tenant runs against `practice serve --seed
//! large:100000`, beside a bare download of the same pages. The window is the release build's.
#![cfg_attr(not(target_os = "linux"), allow(unused))]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a measurement that fails shall say so and stop"
)]

#[cfg(target_os = "linux")]
#[path = "../../e2e/machine/mod.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod machine;
#[cfg(target_os = "linux")]
#[path = "../../e2e/page/mod.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod page;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod scrolling;
#[cfg(target_os = "linux")]
mod served;
#[cfg(target_os = "linux")]
mod set_up;
#[cfg(target_os = "linux")]
mod whole_tenant;
#[cfg(target_os = "linux")]
mod window;

#[cfg(target_os = "linux")]
fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut report = report::Report::default();
        set_up::measure(&mut report).await;
        whole_tenant::measure(&mut report).await;
        window::measure(&mut report).await;
        scrolling::measure(&mut report).await;
        report.sizes();
        report.print_and_keep();
    });
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("skipped: speed: the window is measured on Linux only");
}
