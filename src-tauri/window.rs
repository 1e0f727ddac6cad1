//! The one window: shown when there is something to see, and never anywhere but on the app's own page.

use std::time::{Duration, Instant};

use tauri::webview::NewWindowResponse;
use tauri::{
    App, AppHandle, Manager, Runtime, Theme, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent, window::Color,
};

use crate::desk::Desk;

/// Its label, which the capability names too.
pub const MAIN: &str = "main";

/// A page that cannot start does not leave the user with nothing at all.
const SHOWN_AT_LAST: Duration = Duration::from_secs(6);

/// Fluent's dark page ground: no white flash on a dark desktop.
const DARK_GROUND: Color = Color(0x1f, 0x1f, 0x1f, 0xff);

/// When the process began.
pub struct Began(pub Instant);

/// Opens the window, unseen until the page says that it has painted.
///
/// # Errors
/// When the system refuses a window.
pub fn open<R: Runtime>(app: &App<R>) -> tauri::Result<()> {
    let windows = &app.config().app.windows;
    let config = windows.iter().find(|config| config.label == MAIN).ok_or(tauri::Error::WindowNotFound)?;
    let dev = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    let window = WebviewWindowBuilder::from_config(app.handle(), config)?
        .on_navigation(move |url| {
            let own = is_own(url, dev.as_ref());
            if !own {
                tracing::warn!(reason = url.scheme(), "the page was kept from going elsewhere");
            }
            own
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    let desk = app.state::<Desk>().inner().clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && !tauri::async_runtime::block_on(desk.may_close())
        {
            api.prevent_close();
        }
    });
    if matches!(window.theme(), Ok(Theme::Dark)) {
        window.set_background_color(Some(DARK_GROUND))?;
    }
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_AT_LAST).await;
        if matches!(window.is_visible(), Ok(false)) {
            tracing::warn!("the page did not paint in time; the window is shown all the same");
            show(&window);
        }
    });
    Ok(())
}

/// Shows the window and gives it the keyboard.
pub fn show<R: Runtime>(window: &WebviewWindow<R>) {
    if let (Ok(false), Some(began)) = (window.is_visible(), window.try_state::<Began>()) {
        let elapsed_ms = u64::try_from(began.0.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(elapsed_ms, "the window is shown");
    }
    if let Err(error) = window.show().and_then(|()| window.set_focus()) {
        tracing::warn!(error = %error, "the window could not be shown");
    }
}

/// Closes the window without asking.
pub fn close<R: Runtime>(window: &WebviewWindow<R>) {
    if let Err(error) = window.destroy() {
        tracing::warn!(error = %error, "the window could not be closed");
    }
}

/// Brings the window to the front: the app was started a second time.
pub fn bring_forward<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        if let Err(error) = window.unminimize() {
            tracing::warn!(error = %error, "the window could not be brought back");
        }
        show(&window);
        tracing::info!("a second start brought the window forward");
    }
}

/// Whether `url` is the app's own page (security P61).
fn is_own(url: &Url, dev: Option<&Url>) -> bool {
    if dev.is_some_and(|dev| url.origin() == dev.origin()) {
        return true;
    }
    // Windows serves the page as http://tauri.localhost, the others as tauri://localhost.
    matches!((url.scheme(), url.host_str()), ("tauri", Some("localhost")) | ("http", Some("tauri.localhost")))
        && url.port().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str, dev: Option<&str>) -> bool {
        let url = |text: &str| Url::parse(text).expect("an address");
        is_own(&url(text), dev.map(url).as_ref())
    }

    #[test]
    fn the_page_stays_on_the_app() {
        for text in ["tauri://localhost", "tauri://localhost/index.html#/verify", "http://tauri.localhost/"] {
            assert!(own(text, None), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_gone_to() {
        for text in [
            "https://example.org/",
            "http://tauri.localhost.example.org/",
            "http://tauri.localhost:8080/",
            "tauri://elsewhere/",
            "reveal://localhost/token",
            "http://reveal.localhost/token",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "http://127.0.0.1:5173/",
        ] {
            assert!(!own(text, None), "{text}");
        }
    }

    #[test]
    fn the_dev_server_counts_only_where_there_is_one() {
        let dev = Some("http://127.0.0.1:5173");
        assert!(own("http://127.0.0.1:5173/src/main.tsx", dev));
        assert!(!own("http://127.0.0.1:5174/", dev));
    }
}
