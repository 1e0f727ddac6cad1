//! The operator's own browser: Debian's Chromium, without a screen, held by its driver.

use std::net::TcpListener;
use std::process::Stdio;

use thirtyfour::{By, Capabilities, WebDriver};

use super::processes::{Process, Surroundings};
use super::until;

/// A browser and the driver that started it.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    _process: Process,
}

impl Browser {
    /// Starts one that finds the sign-in services' hosts at `port` of this computer: so the real clouds' pages are the
    /// practice tenant's. Its certificates are not the browser's concern here.
    pub(super) async fn start(surroundings: &Surroundings, port: u16) -> Self {
        let (process, address) = start_driver(surroundings).await;
        // Chromium itself asks for pages of its maker's: they are found nowhere.
        let played = ["login.microsoftonline.com", "login.microsoftonline.us"];
        let played: String = played.iter().map(|host| format!("MAP {host}:443 127.0.0.1:{port}, ")).collect();
        let hosts = format!("{played}MAP *:443 ~NOTFOUND");
        let mut capabilities = Capabilities::new();
        let options = serde_json::json!({
            "binary": "/usr/bin/chromium",
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
                "--no-first-run", "--disable-background-networking", format!("--host-resolver-rules={hosts}"),
            ],
        });
        capabilities.set("browserName", "chrome").expect("it is JSON already");
        capabilities.set("acceptInsecureCerts", true).expect("it is JSON already");
        capabilities.set("goog:chromeOptions", options).expect("it is JSON already");
        let driver = WebDriver::new(address, capabilities).await.unwrap_or_else(|error| {
            panic!("Chromium does not start ({error}); ./scripts/test installs it (chromium, chromium-driver)")
        });
        Self { driver, _process: process }
    }

    /// Goes to a page.
    pub async fn goes_to(&self, url: &str) {
        self.driver.goto(url).await.expect("the browser goes there");
    }

    /// Presses the one button with these words.
    pub async fn presses(&self, words: &str) {
        until(&format!("the browser shows a button {words:?}"), async || {
            let buttons = self.driver.find_all(By::Css("button")).await.ok()?;
            for button in buttons {
                if button.text().await.ok()?.contains(words) {
                    button.click().await.ok()?;
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Types into the one text field.
    pub async fn types(&self, text: &str) {
        let field = until("the browser shows a text field", async || {
            self.driver.find(By::Css("input[type=text], input:not([type])")).await.ok()
        })
        .await;
        field.send_keys(text).await.expect("the field takes text");
    }

    /// Waits until these words stand on its page.
    pub async fn reads(&self, words: &str) {
        until(&format!("the browser reads {words:?}"), async || {
            let body = self.driver.find(By::Tag("body")).await.ok()?;
            body.text().await.ok()?.contains(words).then_some(())
        })
        .await;
    }

    /// Where it is.
    pub async fn address(&self) -> String {
        self.driver.current_url().await.expect("it is somewhere").to_string()
    }

    /// Ends it.
    pub async fn close(self) {
        if let Err(error) = self.driver.quit().await {
            eprintln!("the browser was gone before it was closed: {error}");
        }
    }
}

async fn start_driver(surroundings: &Surroundings) -> (Process, String) {
    loop {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let mut command = surroundings.command("chromedriver");
        command.args([&format!("--port={port}")]).stdout(Stdio::null());
        let mut process = Process::start("chromedriver", command, surroundings.logs());
        let stands = until("chromedriver listens or gives up", async || {
            if !process.runs() {
                return Some(false);
            }
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok().then_some(true)
        })
        .await;
        if stands {
            return (process, format!("http://127.0.0.1:{port}"));
        }
    }
}
