//! How the operator is asked to prove who they are. The face implements it.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::person::{Attending, Attention};

/// Why the operator is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// To connect.
    Connect,
    /// The tenant asks for a fresh proof of identity before it goes on (a claims challenge).
    Challenge,
    /// The session has ended.
    Ended,
    /// Further permissions of the sign-in are needed: which, by value.
    Scopes(Vec<String>),
}

/// Asks the operator: at the first sign-in, and again whenever the session needs them.
#[async_trait]
pub trait Asker: Send + Sync {
    /// Opens `url`, which holds a `state` and must not be logged. The answer may come before this returns.
    async fn open_page(&self, why: &Reason, url: &Url) -> Result<(), BrowserError>;

    /// Shows a code that is to be typed elsewhere.
    async fn show_code(&self, why: &Reason, code: &DeviceCode);

    /// It is over: answered, cancelled, or nobody came. Told once for each page or code.
    fn answered(&self);

    /// Cancels the asking that is about to begin when it is triggered: a fresh one each time.
    fn cancel(&self) -> CancellationToken;
}

/// A code that the operator types in a browser, here or on another device (graph-facts 11). Whoever types it gives this
/// app their session, so it is for the operator's eyes only.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCode {
    /// To be typed.
    pub user_code: String,
    /// Where.
    pub verification_uri: Url,
    /// For how long it is good.
    pub expires_in: Duration,
    /// The service's own words, which hold the code too.
    pub message: String,
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.verification_uri.host_str().unwrap_or_default();
        f.debug_struct("DeviceCode").field("at", &host).field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// The browser could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the web browser could not be opened: {reason}")]
pub struct BrowserError {
    /// The system's reason; must not hold the address.
    pub reason: String,
}

/// One asking under way; however it ends, the face is told.
pub(super) struct Asking<'a> {
    asker: &'a dyn Asker,
    attention: &'a Attention,
    attending: Option<Attending>,
}

impl<'a> Asking<'a> {
    pub(super) fn begin(asker: &'a dyn Asker, attention: &'a Attention) -> Self {
        Self { asker, attention, attending: Some(attention.begin()) }
    }

    /// Waits for the network in between: that is not the operator's time.
    pub(super) async fn meanwhile<T>(&mut self, exchange: impl Future<Output = T>) -> T {
        self.attending = None;
        let outcome = exchange.await;
        self.attending = Some(self.attention.begin());
        outcome
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.attending = None;
        self.asker.answered();
    }
}
