//! The real window, held by WebKit's own driver.

use std::net::TcpListener;
use std::path::Path;

use thirtyfour::{Capabilities, WebDriver};

use super::processes::{Process, Surroundings};
use super::until;

/// A window of the app and the driver that started it.
#[derive(Debug)]
pub struct Window {
    driver: WebDriver,
    process: Process,
}

impl Window {
    /// Starts `app` with `arguments` and waits until its page can be asked.
    pub async fn open(surroundings: &Surroundings, app: &Path, arguments: &[String]) -> Self {
        let (process, address) = start_driver(surroundings).await;
        let mut capabilities = Capabilities::new();
        capabilities
            .set("webkitgtk:browserOptions", serde_json::json!({ "binary": app, "args": arguments }))
            .expect("it is JSON already");
        let driver = WebDriver::new(address, capabilities)
            .await
            .unwrap_or_else(|error| panic!("the app's window does not answer: {error}\n{}", app_log(surroundings)));
        Self { driver, process }
    }

    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// The id of the driver's process, whose descendants are the app's.
    #[allow(dead_code, reason = "tests/support/speed measures their memory")]
    pub fn driver_process(&self) -> u32 {
        self.process.id()
    }

    /// Closes the window as the end of a session does.
    pub async fn close(self) {
        let Self { driver, process } = self;
        // A window that has crashed cannot be closed; its test has failed already.
        if let Err(error) = driver.quit().await {
            eprintln!("the window was gone before it was closed: {error}");
        }
        drop(process);
    }
}

async fn start_driver(surroundings: &Surroundings) -> (Process, String) {
    // The driver takes no port 0: a port that was free a moment ago is asked for again when another took it.
    loop {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let mut command = surroundings.command("WebKitWebDriver");
        command.args(["--host=127.0.0.1", &format!("--port={port}")]).stdout(std::process::Stdio::null());
        let mut process = Process::start("driver", command, surroundings.logs());
        let address = format!("http://127.0.0.1:{port}");
        let stands = until("WebKitWebDriver listens or gives up", async || {
            if !process.runs() {
                return Some(false);
            }
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok().then_some(true)
        })
        .await;
        if stands {
            return (process, address);
        }
    }
}

fn app_log(surroundings: &Surroundings) -> String {
    std::fs::read_to_string(surroundings.logs().join("driver.log")).unwrap_or_default()
}
