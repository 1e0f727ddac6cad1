//! A run's file holds anything: it is listed or reported, never both, and left as it is.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use inbound_access_job::{RunStore, fuzzing};
use libfuzzer_sys::fuzz_target;

const ID: &str = "5f0c1b9e-6f3a-4a53-9a4e-1f0d7a0c2b11";

struct Place {
    store: RunStore,
    file: PathBuf,
    // Removed when the process ends well; a crash leaves it to the system's own cleaning.
    _folder: tempfile::TempDir,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    // In memory where there is such a folder: each input is a file.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
    let store = RunStore::open(folder.path().join("runs")).expect("a store");
    let file = folder.path().join("runs").join(format!("{ID}.json"));
    Place { store, file, _folder: folder }
});

fuzz_target!(|bytes: &[u8]| {
    let Place { store, file, .. } = &*PLACE;
    fs::write(file, bytes).expect("written");
    let (listed, unreadable) = (store.list().expect("a folder"), store.unreadable().expect("a folder"));
    assert_eq!(listed.len() + unreadable.len(), 1, "listed, or reported");
    let got = store.get(ID);
    assert_eq!(got.is_ok(), listed.len() == 1);
    if let Some(run) = listed.first() {
        assert_eq!(run.id, ID, "the run of this file, whatever it says of itself");
        serde_json::to_string(run).expect("shown");
    }
    for problem in &unreadable {
        assert!(problem.message.chars().count() < 1_000);
    }
    fuzzing::read_out(store, ID);
    assert_eq!(fs::read(file).expect("still there"), bytes, "left as it is");
});
