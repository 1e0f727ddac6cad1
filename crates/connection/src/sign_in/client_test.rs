//! Tries a public client of the operator's own: by signing in with it, since nothing else proves it (graph-facts 11).

use std::sync::Arc;

use inbound_access_job::problem::Problem;
use inbound_access_job::trouble;
use inbound_entra::auth::{self, AuthError, SignInRequest, Way};
use inbound_entra::clock::Clock;
use inbound_entra::cloud::Cloud;
use inbound_entra::ids::AppId;
use tokio_util::sync::CancellationToken;

use super::FIRST_SCOPES;
use crate::asking::FrontDesk;
use crate::view::{ClientFinding, ClientTest};

/// What the job asks for sooner or later, each where a step needs it (graph-facts 8).
const NEEDED: [&str; 4] =
    ["User.Read", "Application.Read.All", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"];
/// What preflight reads and activation needs, where the tenant has them.
const WISHED: [&str; 3] =
    ["RoleEligibilitySchedule.Read.Directory", "RoleAssignmentSchedule.ReadWrite.Directory", "Policy.Read.All"];
const PERMISSIONS: &str = "API permissions → Add a permission → Microsoft Graph → Delegated permissions";

/// Signs in with the client, looks at what came, and forgets it.
pub(crate) async fn run(
    cloud: Cloud,
    tenant: String,
    client_id: AppId,
    desk: &FrontDesk,
    clock: Arc<dyn Clock>,
    cancel: &CancellationToken,
) -> Result<ClientTest, Problem> {
    let request = SignInRequest {
        cloud,
        tenant,
        client_id,
        scopes: FIRST_SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
        login_hint: None,
        select_account: true,
    };
    if let Err(error) = auth::try_client(&request.cloud, &request.tenant, client_id, Arc::clone(&clock), cancel).await {
        return unusable(&error);
    }
    match auth::sign_in(&request, Way::Browser, desk.asker(cancel), clock, cancel.clone()).await {
        Ok(signed_in) => {
            let held = match &signed_in.session {
                Some(session) => {
                    // What was consented to before is given without a page.
                    let held = session.scopes_consented().await;
                    session.forget();
                    held
                }
                None => Vec::new(),
            };
            Ok(judged(&signed_in.account.user_name, &held))
        }
        Err(error) => unusable(&error),
    }
}

/// What is wrong with the client; an error where it is something else.
fn unusable(error: &AuthError) -> Result<ClientTest, Problem> {
    let finding = what_is_wrong(error).ok_or_else(|| trouble::sign_in(error))?;
    Ok(ClientTest { verdict: "This client cannot be used yet.".into(), usable: false, findings: vec![finding] })
}

fn judged(account: &str, held: &[String]) -> ClientTest {
    let good = |what: String| ClientFinding { good: true, what, mend: None };
    let mut findings = vec![
        good(format!("{account} signed in with it.")),
        good("It is a public client with the redirect URI http://localhost.".into()),
    ];
    let has = |scope: &str| held.iter().any(|own| own.eq_ignore_ascii_case(scope));
    let row = |scope: &str, needed: bool| {
        if has(scope) {
            return good(format!("{scope} is consented to."));
        }
        let what = if needed {
            format!("{scope} is not consented to: you will be asked for it at the step that needs it.")
        } else {
            format!("{scope} is not consented to: roles to activate or policies are not shown without it.")
        };
        let mend = Some(format!("{PERMISSIONS}: {scope}, then Grant admin consent."));
        ClientFinding { good: false, what, mend }
    };
    findings.extend(NEEDED.iter().map(|scope| row(scope, true)));
    findings.extend(WISHED.iter().map(|scope| row(scope, false)));
    let missing = findings.iter().filter(|it| !it.good).count();
    let verdict = match missing {
        0 => "This client can be used, and everything is consented to.".to_owned(),
        1 => "This client can be used. One permission is not consented to yet.".to_owned(),
        n => format!("This client can be used. {n} permissions are not consented to yet."),
    };
    ClientTest { verdict, usable: true, findings }
}

/// What is wrong with the client, where the refusal says that it is the client (graph-facts 11).
fn what_is_wrong(error: &AuthError) -> Option<ClientFinding> {
    let AuthError::Refused { codes, .. } = error else { return None };
    let (what, mend) = match codes.first()? {
        700_016 | 700_011 => (
            "This tenant has no app with this client id.",
            "Check the id on the app's Overview, and that it was registered in this tenant and cloud.",
        ),
        50_011 => (
            "Its redirect URI is missing.",
            "Authentication → Add a platform → Mobile and desktop applications → Custom redirect URI: http://localhost.",
        ),
        7_000_218 => (
            "It is not a public client.",
            "Authentication → Settings → Allow public client flows: Yes. The redirect URI must stand under Mobile and \
             desktop applications, not under Web.",
        ),
        7_000_112 => ("It is disabled.", "Enterprise applications → the app → Properties → Enabled for users: Yes."),
        50_105 => (
            "You are not assigned to it.",
            "Enterprise applications → the app → Users and groups: add yourself, or set Assignment required to No.",
        ),
        65_001 | 90_094 | 90_095 => (
            "Nobody has consented to its permissions, and you may not.",
            "API permissions → Grant admin consent, by a Privileged Role Administrator or a Global Administrator.",
        ),
        650_056 | 650_057 => (
            "It lists none of the permissions that were asked for.",
            "API permissions → Add a permission → Microsoft Graph → Delegated permissions: User.Read and \
             Application.Read.All at least.",
        ),
        50_194 => (
            "It is for one tenant only, and no tenant was given.",
            "Give the tenant's id or domain, here and when you sign in.",
        ),
        _ => return None,
    };
    Some(ClientFinding { good: false, what: what.into(), mend: Some(mend.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32) -> AuthError {
        AuthError::Refused {
            error: "invalid_client".into(),
            codes: vec![code],
            description: String::new(),
            correlation_id: None,
            trace_id: None,
        }
    }

    #[test]
    fn what_is_wrong_with_a_client_is_told_with_the_portals_words() {
        for code in [700_016, 50_011, 7_000_218, 7_000_112, 50_105, 65_001, 650_057, 50_194] {
            let finding = what_is_wrong(&refused(code)).expect("known");
            assert!(!finding.good && finding.mend.is_some(), "{code}");
        }
        assert!(what_is_wrong(&refused(53_003)).is_none(), "a policy is no fault of the client");
        assert!(what_is_wrong(&AuthError::Cancelled).is_none());
    }

    #[test]
    fn what_is_not_consented_to_is_counted() {
        let all: Vec<String> = NEEDED.iter().chain(&WISHED).map(|scope| (*scope).to_owned()).collect();
        assert!(judged("a@b.example", &all).findings.iter().all(|it| it.good));
        let some = judged("a@b.example", &all[..4]);
        assert!(some.usable && some.verdict.contains("3 permissions"), "{}", some.verdict);
    }
}
