//! A command line, a word a line, to both programs. What is refused is said; what is shown of a name moves no cursor.
#![no_main]
#![allow(dead_code, reason = "the programs read what this does not")]

use std::ffi::OsString;

use clap::Parser;
use libfuzzer_sys::fuzz_target;

// The terminal face is a program and no library: its own files, as they are.
#[path = "../../crates/cli/src/args/mod.rs"]
mod args;
#[path = "../../crates/cli/src/text/safe.rs"]
mod safe;
// The window's.
#[path = "../../src-tauri/start.rs"]
mod start;

fuzz_target!(|bytes: &[u8]| {
    let words: Vec<OsString> = bytes.split(|byte| *byte == b'\n').map(word).collect();
    match args::Cli::try_parse_from(std::iter::once("cli".into()).chain(words.iter().cloned())) {
        Ok(cli) => {
            let _ = (cli.json(), format!("{cli:?}"));
        }
        Err(error) => assert!(!error.render().to_string().is_empty()),
    }
    if let Err(error) = start::read(words.iter().cloned()) {
        assert!(!error.to_string().is_empty());
    }
    let text = String::from_utf8_lossy(bytes);
    let shown = safe::shown(&text);
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
    let _ = safe::moment(&text);
});

#[cfg(unix)]
fn word(bytes: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn word(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
