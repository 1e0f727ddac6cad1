//! The sixty faults of the list that this project tests against, and the tests that are their cases.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::page;

/// Each fault, from F01 on.
const FAULTS: [&str; 60] = [
    "the program is killed before a call is sent",
    "killed after a call was sent, before its answer",
    "killed after the answer, before it is journalled",
    "killed once the answer is journalled",
    "the connection is reset before the request is read",
    "the connection is reset after the request was carried out: the answer is lost",
    "the answer is cut in mid-body",
    "the answer takes two minutes",
    "500, not carried out",
    "500, carried out all the same",
    "502, 503 and 504, with and without Retry-After",
    "429 with Retry-After as seconds, as date, long, and without, several in a row",
    "401, the token has expired",
    "401 with a claims challenge",
    "403, the role is missing",
    "403 that turns to 200 once an activated role has spread",
    "404 right after something was made",
    "404 and 200 in turn, from one replica and another",
    "409 on a change",
    "400, the grant exists already",
    "400, a policy of the tenant refuses",
    "200 with a page in HTML",
    "200 with JSON that lacks what was asked for, or holds something else",
    "201 for another object than was asked for",
    "there is no keychain",
    "the keychain has no default collection",
    "the keychain is locked and the prompt is dismissed",
    "the keychain is locked and nobody answers the prompt",
    "the keychain's daemon is frozen",
    "the daemon is killed between writing and reading back",
    "the daemon is started anew under a session that is held",
    "the keychain's disk is full",
    "the keychain is read-only",
    "the keychain gives other bytes than were written",
    "an item that is no text",
    "two items that fit",
    "the operator deletes the item",
    "a write takes effect after it was given up",
    "there is no browser",
    "the operator closes the sign-in page",
    "the wrong account, a guest or a consumer account signs in",
    "consent is declined",
    "others call at the sign-in's address, or with a wrong state",
    "the sign-in's port is taken",
    "the code was redeemed already",
    "the sign-in is revoked in the middle of a run",
    "the clock is wrong by a day, or jumps",
    "the computer sleeps in the middle of a run",
    "no network, or a captive portal",
    "the proxy asks for a password, or is dead",
    "TLS is intercepted, with and without the authority installed",
    "the program is started twice",
    "the disk of the journal is full",
    "the home folder is read-only",
    "loopback has IPv6 only, or IPv4 only",
    "another administrator deletes the app, the secret or the grant in the middle of a run",
    "the operator signs out in the middle of a run",
    "a list goes on at another host",
    "the token request is redirected",
    "an answer without end",
];

fn house() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !path.is_symlink() {
            if !matches!(name, "target" | "node_modules" | "dist" | "gen") && !name.starts_with('.') {
                sources(&path, found);
            }
        } else if [".rs", ".ts", ".tsx"].iter().any(|end| name.ends_with(end)) {
            found.push(path);
        }
    }
}

/// The number and the name of the case that begins in a piece of source, as in `f07_an_answer_is_cut`.
fn case(text: &str) -> Option<(usize, String)> {
    let name: String = text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    let (number, _) = name.strip_prefix('f')?.split_once('_')?;
    (number.len() == 2).then_some(())?;
    Some((number.parse().ok()?, name))
}

/// Every case in the project's sources: functions, and names of the page's tests.
fn cases() -> BTreeMap<usize, Vec<String>> {
    let mut cases: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut files = Vec::new();
    for room in ["crates", "src-tauri", "tests", "ui"] {
        sources(&house().join(room), &mut files);
    }
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let is_rust = file.extension().is_some_and(|end| end == "rs");
        let begin: &[&str] = if is_rust { &["fn ", "\n    "] } else { &["\"", "'", "`"] };
        for (number, name) in begin.iter().flat_map(|begin| text.split(begin).skip(1)).filter_map(case) {
            let file = file.strip_prefix(house()).unwrap().display();
            let told = format!("`{name}` ({file})");
            let told_of = cases.entry(number).or_default();
            if !told_of.contains(&told) {
                told_of.push(told);
            }
        }
    }
    cases.values_mut().for_each(|cases| cases.sort());
    cases
}

#[test]
fn every_fault_of_the_list_is_a_named_case() {
    let cases = cases();
    let lacking: Vec<String> =
        (1..=FAULTS.len()).filter(|n| !cases.contains_key(n)).map(|n| format!("F{n:02}")).collect();
    println!("{} of {} faults are named cases", FAULTS.len() - lacking.len(), FAULTS.len());
    let mut list = "Each is a scripted fault of `security.md` section 4, and a test, or several, of that number.\n\n\
        | | fault | tests |\n|---|---|---|\n"
        .to_owned();
    for (number, fault) in (1..).zip(FAULTS) {
        let tests = cases.get(&number).map_or_else(|| "none".to_owned(), |cases| cases.join("<br>"));
        list.push_str(&format!("| F{number:02} | {fault} | {tests} |\n"));
    }
    page::keep_list(&list);
    assert!(lacking.is_empty(), "no test is the case of {}", lacking.join(", "));
}
