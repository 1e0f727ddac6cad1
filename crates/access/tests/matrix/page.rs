//! `docs/faults.md`: each test keeps its own part of it.

use std::fs::{self, File};
use std::path::PathBuf;

use crate::calls::{Fault, Point};
use crate::cell::Place;
use crate::scene::Story;

const HEAD: &str = "# Faults\n\n\
    Written by the tests that it tells of: `UPDATE_FAULTS=1 cargo nextest run -p inbound-access-job --test matrix`.\n\n\
    ## Every call, at every point, struck by every fault\n\n\
    A run is struck in the practice tenant, which holds objects of others from the start: a twin of the same name, an app \
    with a password and grants of its own. Then the program is started anew on the same folder, keychain and tenant: once \
    the run is continued, and once, struck anew, it is undone.\n\n\
    - **kill -9**: a real process, killed. The other faults are outages that begin at that point and last until the \
    program is started anew; with an answer that is not journalled the disk takes nothing any more besides.\n\
    - **same end**: continued, the tenant, the keychain and the list of what was made are those of an undisturbed run, \
    but for ids and times. **had ended**: the struck call was the last one, and the run had come to that end.\n\
    - **undone**: the tenant is byte for byte as before, but for the run's own objects in the recycle bin, and so is the \
    keychain. **nothing made**: it is so without undoing. An undoing that was struck is done again where it had not come to \
    its end by itself.\n\
    - At each of these moments no secret is lost: what is in Entra is in the keychain or named by the run.\n\n";
const LIST: &str = "## The sixty faults";
const NOT_RUN: &str = "not run";
/// Where a fault cannot begin.
const NONE: &str = "";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/faults.md")
}

/// Whether the page is to be written rather than compared.
fn writes() -> bool {
    std::env::var_os("UPDATE_FAULTS").is_some()
}

type Row = (Story, String, Point);

fn rows() -> Vec<Row> {
    let stories = Story::all().into_iter();
    let calls = stories.flat_map(|story| story.calls().into_iter().map(move |at| (story, at)));
    calls.flat_map(|(story, at)| at.kind.points().iter().map(move |point| (story, at.to_string(), *point))).collect()
}

fn first_columns((story, at, point): &Row) -> String {
    format!("| {} | {at} | {} |", story.words(), point.words())
}

/// The page's two parts: the table's cells, row by row, and the list.
struct Page {
    cells: Vec<Vec<String>>,
    list: String,
}

impl Page {
    fn read() -> Self {
        let text = fs::read_to_string(path()).unwrap_or_default();
        let (table, list) = text.split_once(LIST).unwrap_or((&text, ""));
        let cells_of = |row: &Row| {
            let first = first_columns(row);
            let line = table.lines().find_map(|line| line.strip_prefix(first.as_str()));
            let mut cells = line.into_iter().flat_map(|rest| rest.trim_end_matches('|').split('|'));
            let mut next = || cells.next().map_or_else(|| NOT_RUN.to_owned(), |cell| cell.trim().to_owned());
            let read = Fault::ALL.map(|fault| (fault.can_begin(row.2), next()));
            read.into_iter().map(|(can, cell)| if can { cell } else { NONE.to_owned() }).collect()
        };
        Self { cells: rows().iter().map(cells_of).collect(), list: list.trim().to_owned() }
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        let faults: Vec<&str> = Fault::ALL.iter().map(|fault| fault.words()).collect();
        text.push_str(&format!("| run | call | struck | {} |\n", faults.join(" | ")));
        text.push_str(&format!("|{}\n", "---|".repeat(3 + faults.len())));
        for (row, cells) in rows().iter().zip(&self.cells) {
            text.push_str(&format!("{} {} |\n", first_columns(row), cells.join(" | ")));
        }
        text.push_str(&format!("\n{LIST}\n\n{}\n", self.list));
        text
    }

    /// Changes the page, alone; or finds that there is nothing to change.
    fn keep(what: &str, change: impl FnOnce(&mut Self)) {
        // Left where it is: whoever waits for a removed file waits beside those who made it anew.
        let lock = File::create(concat!(env!("CARGO_TARGET_TMPDIR"), "/faults.lock")).unwrap();
        lock.lock().unwrap();
        let mut page = Self::read();
        let before = fs::read_to_string(path()).unwrap_or_default();
        change(&mut page);
        if writes() {
            fs::write(path(), page.text()).unwrap();
        }
        drop(lock);
        assert!(
            writes() || page.text() == before,
            "docs/faults.md is not what {what} found: UPDATE_FAULTS=1 writes it anew"
        );
    }
}

/// Keeps cells of the table.
pub fn keep_cells(cells: &[(Place, String)]) {
    Page::keep("the matrix", |page| {
        let rows = rows();
        for (place, words) in cells {
            let row = (place.story, place.at.to_string(), place.point);
            let index = rows.iter().position(|one| *one == row).unwrap();
            let column = Fault::ALL.iter().position(|fault| *fault == place.fault).unwrap();
            page.cells[index][column].clone_from(words);
        }
    });
}

/// Keeps the list of the sixty faults.
pub fn keep_list(list: &str) {
    Page::keep("the list of faults", |page| page.list = list.trim().to_owned());
}

#[test]
fn the_page_holds_a_result_for_every_cell() {
    let page = Page::read();
    let lacking = page.cells.iter().flatten().filter(|cell| *cell == NOT_RUN).count();
    assert_eq!(lacking, 0, "cells of docs/faults.md that were never run");
}
