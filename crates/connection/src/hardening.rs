//! What a process that holds secrets does first (security P27).

use std::io::Write;

/// Forbids core dumps, and lets a fault of our own tell where it happened but not with what: a panic's payload can
/// hold anything. Call it once, before anything else.
pub fn guard_process() {
    forbid_core_dumps();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(panic_at = place.as_str(), "a fault of our own");
        // Without a stderr the log must do.
        let _ = writeln!(
            std::io::stderr().lock(),
            "Inbound Access stopped because of a fault of its own, at {place}. What it made is kept in its runs."
        );
    }));
}

#[cfg(unix)]
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Refused only where the limit is lower already.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

#[cfg(not(unix))]
fn forbid_core_dumps() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn no_core_is_dumped() {
        super::guard_process();
        let limits = std::fs::read_to_string("/proc/self/limits").expect("limits");
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
        assert_eq!(line.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{line}");
    }
}
