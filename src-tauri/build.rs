//! Declares the commands, so that Tauri refuses every one that is not listed here and allowed in
//! `capabilities/main.json`; `tests/house.rs` keeps the two lists and the handler equal.

use std::error::Error;
use std::path::Path;

use tauri_build::{AppManifest, Attributes};

const COMMANDS: &[&str] = &[
    "app_info",
    "connect_practice",
    "disconnect",
    "reset_practice",
    "check_app_name",
    "search_identities",
    "search_principals",
    "plan_setup",
    "run_plan",
    "cancel_run",
    "list_runs",
    "verify",
    "copy_secret",
    "reveal_secret",
    "hide_secret",
    "copy_text",
    "open_link",
    "window_ready",
    "report_fault",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=src-tauri/build.rs");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    // The page is embedded when the crate is compiled; cargo would not notice a new one by itself.
    println!("cargo:rerun-if-changed=ui/dist");
    let embeds_the_page = std::env::var_os("CARGO_FEATURE_CUSTOM_PROTOCOL").is_some();
    if embeds_the_page && !Path::new("ui/dist/index.html").exists() {
        return Err("ui/dist/index.html is missing: build the page first (cd ui && npm ci && npm run build)".into());
    }
    let attributes = Attributes::new()
        .app_manifest(AppManifest::new().commands(COMMANDS))
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    tauri_build::try_build(attributes)?;
    Ok(())
}
