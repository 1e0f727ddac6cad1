//! Signs in to the practice tenant through the same path as to a real one; only the browser is a stand-in.

use std::sync::Arc;

use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::trouble;
use inbound_entra::auth::{AuthError, BrowserSignIn, SignedIn, sign_in_with_browser};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use practice_tenant::PersonaKey;
use tokio_util::sync::CancellationToken;

use crate::practice::PUBLIC_CLIENT;
use crate::practice::browser::PersonaBrowser;

/// What the job needs of Graph, by its delegated permissions (graph-facts 8), and what signing in itself needs.
const SCOPES: &[&str] = &[
    "User.Read",
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "openid",
    "profile",
    "offline_access",
];

/// Signs in as `persona`.
pub(crate) async fn as_persona(
    cloud: &Cloud,
    persona: PersonaKey,
    clock: Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<SignedIn, Problem> {
    let (browser, mut failures) = PersonaBrowser::new(persona, authority_of(cloud)?);
    let request = BrowserSignIn {
        cloud: cloud.clone(),
        tenant: "organizations".into(),
        client_id: PUBLIC_CLIENT,
        scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
        login_hint: None,
    };
    // Its own token, so that a page that cannot be finished closes the listener at once.
    let giving_up = cancel.child_token();
    let signing_in = sign_in_with_browser(&request, &browser, clock, giving_up.clone());
    tokio::pin!(signing_in);
    let outcome = tokio::select! {
        outcome = &mut signing_in => outcome,
        Some(failure) = failures.recv() => {
            giving_up.cancel();
            let _ = signing_in.await;
            return Err(Problem::new(
                Code::SignInFailed,
                format!("The practice tenant's sign-in page could not be finished: {failure}"),
            )
            .exists("Nothing was changed.")
            .advice("Connect again; if it stays so, reset the practice tenant."));
        }
    };
    outcome.map_err(|error| told(&error, cloud))
}

fn authority_of(cloud: &Cloud) -> Result<String, Problem> {
    let none = || Problem::new(Code::Internal, "A persona can sign in to the practice tenant only.");
    cloud.trust.fingerprint().ok_or_else(none)
}

fn told(error: &AuthError, cloud: &Cloud) -> Problem {
    let problem = trouble::sign_in(error);
    match problem.code {
        Code::Unreachable => problem.advice(format!(
            "Check that the practice tenant at {} is running; start it with `practice serve`.",
            cloud.login
        )),
        _ => problem,
    }
}
