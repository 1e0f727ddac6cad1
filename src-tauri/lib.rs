//! The desktop shell: window, typed commands, events.

mod again;
mod args;
pub mod clipboard;
mod commands;
pub mod desk;
mod dialogs;
mod links;
mod picture;
mod reveal;
pub mod shell;
mod start;
pub mod view;
mod window;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::time::Instant;

use inbound_connection::{Connector, Folders, Keychain, Place, hardening, logs};
use tauri::{Manager, RunEvent};

use clipboard::{Clipboard, SystemBoard};
use desk::Desk;
use start::Start;

/// Runs the app until its window is closed. `arguments` are those after the program's name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let (mut out, mut problems) = (std::io::stdout(), std::io::stderr());
    // There may be nobody to read what is printed.
    match start::read(arguments.iter().cloned()) {
        Ok(Start::Window { practice_url }) => match open(practice_url) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                again::start(error.as_ref(), &arguments);
                let _ = writeln!(problems, "Inbound Access cannot start: {error}");
                ExitCode::FAILURE
            }
        },
        Ok(Start::Help) => {
            let _ = writeln!(out, "{}", start::USAGE);
            ExitCode::SUCCESS
        }
        Ok(Start::Version) => {
            let _ = writeln!(out, "inbound-access {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(problems, "Inbound Access: {error}.\n\n{}", start::USAGE);
            ExitCode::from(2)
        }
    }
}

fn open(practice_url: Option<String>) -> Result<(), Box<dyn std::error::Error>> {
    let began = window::Began(Instant::now());
    #[cfg(target_os = "linux")]
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().all(|name| std::env::var_os(name).is_none_or(|value| value.is_empty())) {
        return Err("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".into());
    }
    let folders = Folders::of_the_system()?;
    if let Err(error) = logs::begin(&folders, "window") {
        let _ = writeln!(std::io::stderr(), "Inbound Access goes on without a log: {error}");
    }
    hardening::guard_process();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), platform = std::env::consts::OS, "the app starts");

    let place = practice_url.map_or(Place::EmbeddedPractice, Place::PracticeUrl);
    let connector = Connector::new(folders, Keychain::native(), env!("CARGO_PKG_VERSION")).at(place);
    let desk = tauri::async_runtime::block_on(async { Desk::start(connector, Clipboard::start(SystemBoard::open)) });

    let home = shell::chosen_home();
    let context = shell::context(home.as_deref());
    let builder = shell::with_commands(tauri::Builder::default().manage(began), desk);
    let app = shell::with_desktop(builder, &context, home.as_deref()).build(context)?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            // Managed state is never dropped (tauri#8631): what must end is ended here.
            tauri::async_runtime::block_on(app.state::<Desk>().close());
            tracing::info!("the app ends");
        }
    });
    Ok(())
}
