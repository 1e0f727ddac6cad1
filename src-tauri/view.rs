//! What only the window needs to know.

use inbound_access_job::problem::Problem;
use inbound_access_job::run::RunView;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A secret was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Copied {
    /// The clipboard is cleared after so many seconds, unless something else was copied meanwhile.
    pub clears_in_seconds: u32,
}

/// A secret can be looked at: as a picture drawn by Rust, so that its characters never enter the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// Address of the picture; serves it only until it expires.
    pub image_url: String,
    /// The picture's width in CSS pixels.
    pub width: u32,
    /// The picture's height in CSS pixels.
    pub height: u32,
    /// It expires after so many seconds.
    pub seconds: u32,
}

/// The practice tenant is as it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reset {
    /// What could not be put back, in words, e.g. secrets that the keychain did not let go.
    pub left: Option<String>,
}

/// What the journal of this computer holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunsView {
    /// The runs that can be read, newest first.
    pub runs: Vec<RunView>,
    /// For each run's file that cannot be read: why, and what to do.
    pub unreadable: Vec<Problem>,
    /// Ids of the runs that go on in this process, and so can be cancelled from here.
    pub ours: Vec<String>,
}

/// A file was saved where the operator chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Where; none when the operator cancelled the dialog.
    pub path: Option<String>,
}
