//! Signs a person in to a real cloud: in the browser, by a code, or as whoever a tool knows.

use std::sync::Arc;

use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::trouble;
use inbound_entra::auth::{self, SignedIn, Tool, Way};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use tokio_util::sync::CancellationToken;

use super::{Entered, FIRST_SCOPES, Who};
use crate::asking::FrontDesk;
use crate::settings;
use crate::view::{SignInRequest, SignInWay};

/// The tenant of an account that its organisation decides.
const ANY_ORGANISATION: &str = "organizations";

/// A request whose entries can be used.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub cloud: Cloud,
    /// By id or domain; none lets the account decide.
    pub tenant: Option<String>,
    pub request: SignInRequest,
}

/// Checks the entries that need no network.
pub(crate) fn check(cloud: Cloud, request: SignInRequest) -> Result<Checked, Problem> {
    let tenant = request.tenant.as_deref().map(str::trim).filter(|tenant| !tenant.is_empty()).map(str::to_owned);
    if let Some(message) = tenant.as_deref().and_then(settings::tenant_fault) {
        return Err(settings::refused(vec![settings::fault("tenant", message)]));
    }
    if matches!(request.way, SignInWay::Browser | SignInWay::DeviceCode) {
        settings::client_id(&request)?;
    }
    Ok(Checked { cloud, tenant, request })
}

/// Signs in.
pub(crate) async fn sign_in(
    checked: &Checked,
    desk: &FrontDesk,
    clock: Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<Entered, Problem> {
    let Checked { cloud, tenant, request } = checked;
    let told = |error: auth::AuthError| trouble::sign_in(&error);
    let (signed_in, client_id) = match request.way {
        SignInWay::Browser | SignInWay::DeviceCode => {
            let client_id = settings::client_id(request)?;
            let asked = auth::SignInRequest {
                cloud: cloud.clone(),
                tenant: tenant.clone().unwrap_or_else(|| ANY_ORGANISATION.to_owned()),
                client_id,
                scopes: FIRST_SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
                login_hint: request.account.clone(),
                select_account: request.account.is_none(),
            };
            let way = if request.way == SignInWay::Browser { Way::Browser } else { Way::DeviceCode };
            let signed_in =
                auth::sign_in(&asked, way, desk.asker(cancel), clock, cancel.clone()).await.map_err(told)?;
            (signed_in, Some(client_id))
        }
        SignInWay::AzureCli | SignInWay::AzureDeveloperCli => {
            let tool = if request.way == SignInWay::AzureCli { Tool::AzureCli } else { Tool::AzureDeveloperCli };
            let _asking = desk.tool(tool.name(), cancel);
            let tenant = tenant.as_deref();
            let signed_in = auth::sign_in_with_tool(cloud, tenant, tool, clock, cancel.clone()).await.map_err(told)?;
            (signed_in, None)
        }
    };
    let SignedIn { credential, account, scopes, session } = signed_in;
    if let Some(expected) = &request.account
        && request.way != SignInWay::Browser
        && !account.user_name.eq_ignore_ascii_case(expected)
    {
        return Err(Problem::new(
            Code::SignInFailed,
            format!("{} signed in, where {expected} was expected.", account.user_name),
        )
        .exists("Nothing was changed, and nobody is signed in.")
        .advice("Sign in as the account that was expected, or choose to use another account."));
    }
    let who = Who::Person { account, way: Some(request.way), client_id };
    Ok(Entered { cloud: cloud.clone(), credential, who, scopes, handle: session })
}
