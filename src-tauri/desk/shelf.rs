//! What the clerk keeps for the page: what was shown, and the long reads that go on.

use std::collections::{BTreeMap, VecDeque};

use tokio_util::sync::CancellationToken;

use super::papers::Paper;

/// What was shown lately can be saved; a page that reads again and again must not fill the memory.
const PAPERS_KEPT: usize = 48;
/// An audit of a large tenant takes tens of megabytes.
const AUDITS_KEPT: usize = 2;

#[derive(Default)]
pub(super) struct Shelf {
    papers: VecDeque<(String, Paper)>,
    reads: BTreeMap<String, CancellationToken>,
}

impl Shelf {
    pub(super) fn keep(&mut self, id: String, paper: Paper) {
        self.papers.push_back((id, paper));
        let is_audit = |one: &(String, Paper)| matches!(one.1, Paper::Audit(_));
        if self.papers.iter().filter(|one| is_audit(one)).count() > AUDITS_KEPT
            && let Some(oldest) = self.papers.iter().position(is_audit)
        {
            self.papers.remove(oldest);
        }
        if self.papers.len() > PAPERS_KEPT {
            self.papers.pop_front();
        }
    }

    pub(super) fn get(&self, id: &str) -> Option<Paper> {
        self.papers.iter().find(|(own, _)| own == id).map(|(_, paper)| paper.clone())
    }

    pub(super) fn take(&mut self, id: &str) -> Option<Paper> {
        let place = self.papers.iter().position(|(own, _)| own == id)?;
        self.papers.remove(place).map(|(_, paper)| paper)
    }

    pub(super) fn begin(&mut self, name: String, cancel: CancellationToken) {
        if let Some(before) = self.reads.insert(name, cancel) {
            before.cancel();
        }
    }

    pub(super) fn stop(&mut self, name: &str) {
        if let Some(read) = self.reads.remove(name) {
            read.cancel();
        }
    }

    /// Whoever was signed in is not any more: what they saw is not the next one's to save.
    pub(super) fn clear(&mut self) {
        self.papers.clear();
        for read in std::mem::take(&mut self.reads).into_values() {
            read.cancel();
        }
    }
}
