//! What only the window needs to know.

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
