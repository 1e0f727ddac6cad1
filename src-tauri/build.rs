//! Declares the commands, so that Tauri refuses every one that is not listed here and allowed in
//! `capabilities/main.json`; `tests/house.rs` keeps the two lists and the handler equal.

use std::error::Error;
use std::path::Path;

use tauri_build::{AppManifest, Attributes, WindowsAttributes};

const COMMANDS: &[&str] = &[
    "app_info",
    "connect_practice",
    "disconnect",
    "sign_in",
    "cancel_sign_in",
    "copy_sign_in_link",
    "open_sign_in_page",
    "watch_session",
    "touch",
    "lock_session",
    "unlock",
    "preflight",
    "activate_role",
    "save_settings",
    "test_client",
    "forget_tenant",
    "reset_practice",
    "check_app_name",
    "search_identities",
    "search_principals",
    "plan_setup",
    "run_plan",
    "cancel_run",
    "list_runs",
    "plan_continue",
    "plan_undo",
    "leave_run",
    "save_consent_request",
    "copy_consent_link",
    "open_consent_link",
    "check_consent",
    "open_consent_request",
    "plan_consent",
    "verify",
    "plan_fix",
    "road",
    "prepare_upload",
    "start_upload",
    "stop_upload",
    "audit",
    "stop_audit",
    "holder_details",
    "credentials",
    "save_evidence",
    "developer_packet",
    "plan_scripts",
    "run_scripts",
    "save_snippet",
    "copy_secret",
    "reveal_secret",
    "reveal_new_secret",
    "copy_new_secret",
    "settle_new_secret",
    "hide_secret",
    "copy_text",
    "open_link",
    "window_ready",
    "watch_closing",
    "keep_open",
    "close_window",
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
    let mut attributes = Attributes::new()
        .app_manifest(AppManifest::new().commands(COMMANDS))
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    // Of the target, not of the computer that builds.
    let targets = |name: &str, value: &str| std::env::var(name).is_ok_and(|is| is == value);
    if targets("CARGO_CFG_TARGET_OS", "windows") && targets("CARGO_CFG_TARGET_ENV", "msvc") {
        attributes = attributes.windows_attributes(WindowsAttributes::new_without_app_manifest());
        link_manifest()?;
    }
    tauri_build::try_build(attributes)?;
    Ok(())
}

/// Tauri puts its manifest into the app alone, but its feature `common-controls-v6` makes every program that links it
/// need one: without it tests and benches end with STATUS_ENTRYPOINT_NOT_FOUND before they begin (tauri#13419).
fn link_manifest() -> Result<(), Box<dyn Error>> {
    let project = std::env::var("CARGO_MANIFEST_DIR")?;
    let manifest = Path::new(&project).join("src-tauri").join("windows.manifest");
    println!("cargo:rerun-if-changed=src-tauri/windows.manifest");
    println!("cargo:rustc-link-arg=/MANIFEST:EMBED");
    println!("cargo:rustc-link-arg=/MANIFESTINPUT:{}", manifest.display());
    Ok(())
}
