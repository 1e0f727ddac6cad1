//! A process of a test's own: what environment variables and the trust store do can be seen in a fresh one only.

use std::path::Path;
use std::process::Command;

const ROLE: &str = "INBOUND_TEST_ROLE";
const RESULT: &str = "INBOUND_TEST_RESULT";
/// Whatever this computer is set to must not change what a test sees.
const UNSET: [&str; 11] = [
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "REQUEST_METHOD",
];

/// What this process was started to do, when it was started by [`run`].
pub fn role() -> Option<String> {
    std::env::var(ROLE).ok()
}

/// Whether an environment variable can stand in for the system's trust store, as it can on Linux alone. Says by name
/// that `test` is skipped where it cannot.
pub fn has_a_store_to_set(test: &str) -> bool {
    let can = cfg!(target_os = "linux");
    if !can {
        eprintln!("skipped: {test}: this system's trust store is not set by a variable");
    }
    can
}

/// Hands `result` back to the test that started this process.
pub fn tell(result: &str) {
    std::fs::write(std::env::var(RESULT).unwrap(), result).unwrap();
}

/// Runs the test `name` of this file of tests once more, in a process with these variables and `role`, in the folder
/// `home`. Gives what it [told](tell).
pub async fn run(name: &str, role: &str, variables: &[(&str, &str)], home: &Path) -> String {
    run_by(Command::new(std::env::current_exe().unwrap()), name, role, variables, home).await
}

/// As [`run`], cut off from every network; none where this computer does not let it be.
pub async fn run_without_network(name: &str, role: &str, home: &Path) -> Option<String> {
    let cut_off = ["--user", "--map-root-user", "--net"];
    let probe = Command::new("unshare").args(cut_off).arg("true").output();
    if !probe.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(cut_off).arg(std::env::current_exe().unwrap());
    Some(run_by(command, name, role, &[], home).await)
}

async fn run_by(mut command: Command, name: &str, role: &str, variables: &[(&str, &str)], home: &Path) -> String {
    let result = tempfile::NamedTempFile::new().unwrap();
    command.args([name, "--exact", "--nocapture", "--test-threads=1"]).current_dir(home);
    for unset in UNSET {
        command.env_remove(unset);
    }
    command.envs(variables.iter().copied()).env(ROLE, role).env(RESULT, result.path());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} as {role}: {said}");
    assert!(said.contains("1 passed"), "{name} is no test: {said}");
    std::fs::read_to_string(result.path()).unwrap()
}
