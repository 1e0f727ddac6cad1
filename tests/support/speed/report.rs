//! The table for a person and the file for a program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

/// What was measured, in the order in which it is shown.
#[derive(Default)]
pub struct Report {
    rows: Vec<(&'static str, &'static str, String, Value)>,
    remarks: Vec<&'static str>,
}

/// A path that `scripts/bench` gives.
pub fn given(name: &str) -> PathBuf {
    std::env::var_os(name).map_or_else(|| panic!("{name} is not set: run scripts/bench"), PathBuf::from)
}

/// The best and the middle of several times: what is possible, and what is usual on this machine.
pub fn best_and_median(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    (times[0], times[times.len() / 2])
}

impl Report {
    /// Adds a number: its key in the file, its words, its unit.
    pub fn add(&mut self, key: &'static str, words: &'static str, value: f64, unit: &str) {
        let shown = if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") };
        let rounded = (value * 100.0).round() / 100.0;
        self.rows.push((key, words, format!("{shown} {unit}").trim().to_owned(), json!(rounded)));
    }

    /// Adds what a reader of the numbers must know.
    pub fn remark(&mut self, words: &'static str) {
        self.remarks.push(words);
    }

    /// The files that are shipped.
    pub fn sizes(&mut self) {
        for (key, words, variable) in
            [("releaseBinaryMb", "Release binary", "BENCH_APP"), ("debMb", "Debian package", "BENCH_DEB")]
        {
            let bytes = std::fs::metadata(given(variable)).expect("scripts/bench has built it").len();
            self.add(key, words, bytes as f64 / 1e6, "MB");
        }
    }

    /// Shows it and keeps it in `target/bench.json`.
    pub fn print_and_keep(&self) {
        let widest = self.rows.iter().map(|(_, words, ..)| words.len()).max().unwrap_or_default();
        println!();
        for (_, words, shown, _) in &self.rows {
            println!("  {words:widest$}  {shown:>12}");
        }
        for words in &self.remarks {
            println!("\n  {words}");
        }
        let mut file: Map<String, Value> =
            self.rows.iter().map(|(key, .., value)| ((*key).to_owned(), value.clone())).collect();
        file.insert("remarks".to_owned(), json!(self.remarks));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench.json");
        let text = serde_json::to_string_pretty(&file).expect("numbers and words are JSON");
        std::fs::write(&path, text + "\n").expect("target can be written to");
        println!("\nKept in {}", path.display());
    }
}
