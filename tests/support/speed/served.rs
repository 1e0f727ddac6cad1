//! `practice serve` of the release build, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::report::given;

pub struct Served {
    process: Child,
    /// What it said when it was ready.
    pub ready: Value,
}

impl Served {
    pub fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(given("BENCH_CLI"))
            .args(["practice", "serve"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("scripts/bench has built it");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("piped above"))
            .read_line(&mut line)
            .expect("it says that it is ready");
        Self { process, ready: serde_json::from_str(&line).expect("one line of JSON") }
    }

    pub fn url(&self) -> String {
        self.text("/url")
    }

    /// A text of what it said, by its place.
    pub fn text(&self, pointer: &str) -> String {
        self.ready
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("it names no {pointer}"))
            .to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if self.process.kill().is_ok() && self.process.wait().is_err() {
            println!("practice serve could not be waited for");
        }
    }
}
