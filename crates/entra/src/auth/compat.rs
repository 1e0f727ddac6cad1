//! The sign-in as faces without an [`Asker`] know it: one page, and nobody is asked again.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::SignedIn;
use super::asker::{Asker, BrowserError, DeviceCode, Reason};
use super::error::AuthError;
use super::sign_in::{PATIENCE, SignInRequest, Way, sign_in_within};
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::ids::AppId;

/// Whatever shows a page to the operator.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Opens `url`, which holds a `state` and must not be logged. Returns once the page is under way.
    async fn open(&self, url: &Url) -> Result<(), BrowserError>;
}

/// A sign-in to ask for; without a `login_hint` the operator chooses an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserSignIn {
    /// Where.
    pub cloud: Cloud,
    /// `organizations`, a tenant's id or one of its domains.
    pub tenant: String,
    /// A public client with the redirect `http://localhost`.
    pub client_id: AppId,
    /// What to ask for.
    pub scopes: Vec<String>,
    /// The account to suggest.
    pub login_hint: Option<String>,
}

struct OncePage<'a>(&'a dyn Browser);

#[async_trait]
impl Asker for OncePage<'_> {
    async fn open_page(&self, _: &Reason, url: &Url) -> Result<(), BrowserError> {
        self.0.open(url).await
    }

    async fn show_code(&self, _: &Reason, _: &DeviceCode) {}

    fn answered(&self) {}

    fn cancel(&self) -> CancellationToken {
        CancellationToken::new()
    }
}

/// Signs in through `browser`; the session fails with [`AuthError::NeedsInteraction`] where it would have to ask again.
///
/// # Errors
/// As [`AuthError`] says.
pub async fn sign_in_with_browser(
    request: &BrowserSignIn,
    browser: &dyn Browser,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    let BrowserSignIn { cloud, tenant, client_id, scopes, login_hint } = request.clone();
    let select_account = login_hint.is_none();
    let request = SignInRequest { cloud, tenant, client_id, scopes, login_hint, select_account };
    sign_in_within(PATIENCE, &request, Way::Browser, &OncePage(browser), None, clock, cancel).await
}
