//! Puts the app together: plugins, commands, the pictures' scheme, the window.

use std::path::Path;

use inbound_connection::folders::HOME_VARIABLE;
use sha2::{Digest, Sha256};
use tauri::plugin::TauriPlugin;
use tauri::utils::config::AppDirectoriesOverride;
use tauri::{Builder, Context, Manager, Runtime};
use tauri_plugin_window_state::StateFlags;

use crate::desk::Desk;
use crate::{commands, reveal, window};

/// The app's configuration, page and list of what the page may ask. `home` is the folder that the operator chose for
/// the app's files, if any.
#[must_use]
pub fn context<R: Runtime>(home: Option<&Path>) -> Context<R> {
    let mut context: Context<R> = tauri::generate_context!();
    if let Some(home) = home {
        // The window's own state and the web view's belong there too.
        context.config_mut().app.app_directories_override = Some(AppDirectoriesOverride::Root(home.join("window")));
    }
    context
}

/// Adds the commands and the pictures' scheme, which is all that the page can reach.
#[must_use]
pub fn with_commands<R: Runtime>(builder: Builder<R>, desk: Desk) -> Builder<R> {
    builder
        .manage(desk)
        .invoke_handler(tauri::generate_handler![
            commands::connect::app_info,
            commands::connect::connect_practice,
            commands::connect::disconnect,
            commands::session::sign_in,
            commands::session::cancel_sign_in,
            commands::session::copy_sign_in_link,
            commands::session::open_sign_in_page,
            commands::session::watch_session,
            commands::session::touch,
            commands::session::lock_session,
            commands::session::unlock,
            commands::session::preflight,
            commands::session::activate_role,
            commands::session::save_settings,
            commands::session::test_client,
            commands::session::forget_tenant,
            commands::connect::reset_practice,
            commands::job::check_app_name,
            commands::job::search_identities,
            commands::job::search_principals,
            commands::job::plan_setup,
            commands::job::run_plan,
            commands::runs::cancel_run,
            commands::runs::list_runs,
            commands::runs::plan_continue,
            commands::runs::plan_undo,
            commands::runs::leave_run,
            commands::consent::save_consent_request,
            commands::consent::copy_consent_link,
            commands::consent::open_consent_link,
            commands::consent::check_consent,
            commands::consent::open_consent_request,
            commands::consent::plan_consent,
            commands::job::verify,
            commands::job::plan_fix,
            commands::road::road,
            commands::road::prepare_upload,
            commands::road::start_upload,
            commands::road::stop_upload,
            commands::audit::audit,
            commands::audit::stop_audit,
            commands::audit::holder_details,
            commands::audit::credentials,
            commands::papers::save_evidence,
            commands::papers::developer_packet,
            commands::papers::plan_scripts,
            commands::papers::run_scripts,
            commands::papers::save_snippet,
            commands::secret::copy_secret,
            commands::secret::reveal_secret,
            commands::secret::reveal_new_secret,
            commands::secret::copy_new_secret,
            commands::secret::settle_new_secret,
            commands::secret::hide_secret,
            commands::window::copy_text,
            commands::window::open_link,
            commands::window::window_ready,
            commands::window::watch_closing,
            commands::window::keep_open,
            commands::window::close_window,
            commands::window::report_fault,
        ])
        .register_asynchronous_uri_scheme_protocol(reveal::SCHEME, |app, request, responder| {
            let token = reveal::token_asked(&request).filter(|_| app.webview_label() == window::MAIN);
            let desk = app.app_handle().state::<Desk>().inner().clone();
            tauri::async_runtime::spawn(async move {
                let picture = match token {
                    Some(token) => desk.picture(token).await,
                    None => None,
                };
                responder.respond(reveal::answer(picture));
            });
        })
}

/// Adds what only a real desktop has, for the same `home`.
pub fn with_desktop<R: Runtime>(builder: Builder<R>, context: &Context<R>, home: Option<&Path>) -> Builder<R> {
    let builder = match single_instance(context, home) {
        // First, so that a second process ends before it does anything.
        Some(plugin) => builder.plugin(plugin),
        None => builder,
    };
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                // Visible is the page's to say: restoring it would flash an empty window.
                .with_state_flags(StateFlags::all() & !(StateFlags::VISIBLE | StateFlags::DECORATIONS))
                .build(),
        )
        .setup(|app| Ok(window::open(app)?))
}

/// One instance for each home. Only Linux can tell homes apart by the lock's name; elsewhere a process with a home of
/// its own (a test, an app on a stick) goes without the lock.
fn single_instance<R: Runtime>(context: &Context<R>, home: Option<&Path>) -> Option<TauriPlugin<R>> {
    let lock = tauri_plugin_single_instance::Builder::new().callback(|app, _, _| window::bring_forward(app));
    match home {
        None => Some(lock.build()),
        Some(home) if cfg!(target_os = "linux") => {
            Some(lock.dbus_id(lock_name(&context.config().identifier, home)).build())
        }
        Some(_) => None,
    }
}

fn lock_name(identifier: &str, home: &Path) -> String {
    let hash = Sha256::digest(home.as_os_str().as_encoded_bytes());
    // A part of a bus name must not begin with a digit.
    let short: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{identifier}.home{short}")
}

/// The folder in `INBOUND_ACCESS_HOME`, made absolute.
#[must_use]
pub fn chosen_home() -> Option<std::path::PathBuf> {
    let home = std::env::var_os(HOME_VARIABLE).filter(|home| !home.is_empty())?;
    std::path::absolute(home).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_home_has_a_lock_of_its_own() {
        let one = lock_name("app.example", Path::new("/tmp/one"));
        assert_ne!(one, lock_name("app.example", Path::new("/tmp/two")));
        assert_eq!(one, lock_name("app.example", Path::new("/tmp/one")));
        let valid = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric()) && !part.starts_with(char::is_numeric);
        assert!(one.split('.').all(valid), "{one}");
    }
}
