//! Signs in to the practice tenant through the same path as to a real one; only the browser is a stand-in.

use std::sync::Arc;

use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::trouble;
use inbound_entra::auth::{self, Asker, AuthError, SignInRequest, SignedIn, Way};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use practice_tenant::PersonaKey;
use tokio_util::sync::CancellationToken;

use super::{Entered, FIRST_SCOPES, Who};
use crate::practice::PUBLIC_CLIENT;
use crate::practice::browser::PersonaBrowser;

/// Signs in as `persona`.
pub(crate) async fn sign_in(
    cloud: &Cloud,
    persona: PersonaKey,
    clock: Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<Entered, Problem> {
    let browser = Arc::new(PersonaBrowser::new(persona, authority_of(cloud)?));
    let request = SignInRequest {
        cloud: cloud.clone(),
        tenant: "organizations".into(),
        client_id: PUBLIC_CLIENT,
        scopes: FIRST_SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
        login_hint: None,
        select_account: false,
    };
    let asker: Arc<dyn Asker> = Arc::clone(&browser) as _;
    match auth::sign_in(&request, Way::Browser, asker, clock, cancel.clone()).await {
        Ok(SignedIn { credential, account, scopes, session }) => {
            let who = Who::Person { account, way: None, client_id: None };
            Ok(Entered { cloud: cloud.clone(), credential, who, scopes, handle: session })
        }
        Err(error) => match browser.failure().filter(|_| error == AuthError::Cancelled) {
            Some(failure) => Err(Problem::new(
                Code::SignInFailed,
                format!("The practice tenant's sign-in page could not be finished: {failure}"),
            )
            .exists("Nothing was changed.")
            .advice("Connect again; if it stays so, reset the practice tenant.")),
            None => Err(told(&error, cloud)),
        },
    }
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
