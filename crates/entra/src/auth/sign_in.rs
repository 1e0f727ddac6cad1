//! Signing a person in: in the system browser, or by a code.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::SignedIn;
use super::asker::{Asker, Reason};
use super::claims::with_capability;
use super::error::AuthError;
use super::person::Attention;
use super::session::{Session, SessionHandle};
use super::step::{Place, Step};
use super::{device_code, scope, whereabouts};
use crate::clock::Clock;
use crate::cloud::Cloud;
use crate::ids::AppId;

/// How long an operator may take in the browser. By the computer's own time: nobody's virtual clock moves a person.
pub(super) const PATIENCE: Duration = Duration::from_secs(300);

/// A sign-in to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRequest {
    /// Where.
    pub cloud: Cloud,
    /// `organizations`, a tenant's id or one of its domains.
    pub tenant: String,
    /// A public client; in the browser one with the redirect `http://localhost`.
    pub client_id: AppId,
    /// What to ask for, by value, e.g. `User.Read`; `openid`, `profile` and `offline_access` are added.
    pub scopes: Vec<String>,
    /// The account to suggest.
    pub login_hint: Option<String>,
    /// Whether the operator is to choose an account, though one may be signed in to the browser already.
    pub select_account: bool,
}

/// How a person signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the system browser.
    Browser,
    /// By a code that is typed in a browser, here or on another device.
    DeviceCode,
}

/// Signs in and waits for the answer: five minutes in the browser, and as long as the code is good with a code. The
/// session that comes of it asks `asker` again, the same way, when it needs the operator.
///
/// # Errors
/// As [`AuthError`] says; nothing is kept, and the listener is closed in every case.
pub async fn sign_in(
    request: &SignInRequest,
    way: Way,
    asker: Arc<dyn Asker>,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    sign_in_within(PATIENCE, request, way, asker, clock, cancel).await
}

/// Whether the sign-in service of a tenant knows a public client, asked without anyone's signing in. An error page in the
/// browser would say it to the operator alone.
///
/// # Errors
/// As [`AuthError`] says: `Refused` with AADSTS700016 where it does not.
pub async fn try_client(
    cloud: &Cloud,
    tenant: &str,
    client_id: AppId,
    clock: Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<(), AuthError> {
    let trying = async {
        let place = Place::find(cloud, tenant, client_id, clock).await?;
        device_code::try_client(&place).await
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(AuthError::Cancelled),
        outcome = trying => outcome.map_err(|error| whereabouts::named_by(error, cloud)),
    }
}

/// As [`sign_in`], with the patience of a test.
pub(super) async fn sign_in_within(
    patience: Duration,
    request: &SignInRequest,
    way: Way,
    asker: Arc<dyn Asker>,
    clock: Arc<dyn Clock>,
    cancel: CancellationToken,
) -> Result<SignedIn, AuthError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(AuthError::Cancelled),
        outcome = Box::pin(connect(patience, request, way, asker, clock)) => outcome,
    }
}

async fn connect(
    patience: Duration,
    request: &SignInRequest,
    way: Way,
    asker: Arc<dyn Asker>,
    clock: Arc<dyn Clock>,
) -> Result<SignedIn, AuthError> {
    let place = Place::find(&request.cloud, &request.tenant, request.client_id, clock).await?;
    let attention = Attention::default();
    let step = Step {
        place: &place,
        asker: &*asker,
        attention: &attention,
        why: &Reason::Connect,
        scopes: &scope::to_send(&request.cloud, &request.scopes),
        claims: &with_capability(None)?,
        login_hint: request.login_hint.as_deref(),
        select_account: request.select_account,
        patience,
    };
    let (tokens, account) = step.ask(way).await?;
    tracing::info!(tenant = %account.tenant, cloud = request.cloud.key, "signed in");
    let session = Session::new(place, way, asker, attention, account.clone(), &request.scopes, tokens);
    let session = Arc::new(session);
    let handle = SessionHandle::of(&session);
    Ok(SignedIn { credential: session, scopes: handle.scopes_held(), account, session: Some(handle) })
}
