//! What a preflight reads, side by side. What cannot be read is told and hides nothing else.

use std::time::Duration;

use inbound_entra::auth::AuthError;
use inbound_entra::graph::{Call, GraphError, Interaction, Refusal};
use inbound_entra::model::{AppManagementPolicy, AuthorizationPolicy, DirectoryRole, Organization, RoleEligibility};

use crate::job::JobParts;
use crate::operator::Operator;
use crate::preflight::{Ask, Reading};
use crate::problem::trouble;

/// The scope that reads which roles may be activated (graph-facts 8).
const READ_ELIGIBLE: &str = "RoleEligibilitySchedule.Read.Directory";
/// The scope that reads policies (graph-facts 2, 8).
const READ_POLICIES: &str = "Policy.Read.All";
/// Nobody waits for a preflight longer than that.
const DEADLINE: Duration = Duration::from_secs(30);

/// A fact, or why it was not read.
pub(crate) type Fact<T> = Result<T, Reading>;

/// What was read.
pub(crate) struct Reads {
    /// None for an app, which has none.
    pub roles: Option<Fact<Vec<DirectoryRole>>>,
    pub eligible: Fact<Vec<RoleEligibility>>,
    pub secrets: Fact<AppManagementPolicy>,
    pub registration: Fact<AuthorizationPolicy>,
    pub organization: Fact<Organization>,
}

/// As a face shows it.
pub(crate) fn reading<T>(fact: &Fact<T>) -> Reading {
    fact.as_ref().map_or_else(Clone::clone, |_| Reading::Read)
}

/// Reads everything. Only for what `ask` names the operator may be asked to sign in again.
pub(crate) async fn read(parts: &JobParts, operator: &Operator, ask: Ask) -> Reads {
    let quiet = Call { deadline: DEADLINE, interaction: Interaction::Never, ..Call::default() };
    let for_ask = |part: Ask| if ask == part { Call::default() } else { quiet.clone() };
    let directory = &parts.directory;
    let person = matches!(operator, Operator::Person(_));

    let roles = async {
        if !person {
            return None;
        }
        let read = directory.my_roles(&quiet).await;
        Some(read.map_err(|error| why_not(&error, "User.Read", "read your roles")))
    };
    let eligible = async {
        if !person {
            return Err(Reading::NotReadable { why: "An app has no roles to activate.".to_owned() });
        }
        let read = directory.my_eligible_roles(&for_ask(Ask::Eligible)).await;
        read.map_err(|error| why_not(&error, READ_ELIGIBLE, "read which roles you may activate"))
    };
    // One scope reads both, so the second is asked for once the operator has answered for the first.
    let policies = async {
        let secrets = directory.app_management_policy(&for_ask(Ask::Policy)).await;
        let registration = directory.authorization_policy(&quiet).await;
        (
            secrets.map_err(|error| why_not(&error, READ_POLICIES, "read the policy for credentials of apps")),
            registration.map_err(|error| why_not(&error, READ_POLICIES, "read what users may do without a role")),
        )
    };
    let organization = async {
        let read = directory.organization(&quiet).await;
        read.map_err(|error| why_not(&error, "User.Read", "read which plans the tenant has"))
    };
    let (roles, eligible, (secrets, registration), organization) =
        futures::join!(Box::pin(roles), Box::pin(eligible), Box::pin(policies), Box::pin(organization));
    Reads { roles, eligible, secrets, registration, organization }
}

/// Why something was not read.
fn why_not(error: &GraphError, scope: &str, act: &str) -> Reading {
    match error {
        GraphError::SignIn(AuthError::NeedsInteraction { scopes }) if !scopes.is_empty() => {
            Reading::NeedsScope { scope: scope.to_owned() }
        }
        // Asked, and not answered: it can be asked for again.
        GraphError::Cancelled | GraphError::SignIn(AuthError::Cancelled | AuthError::TimedOut) => {
            Reading::NeedsScope { scope: scope.to_owned() }
        }
        GraphError::SignIn(error) => Reading::NotReadable { why: trouble::sign_in(error).message },
        GraphError::Refused(refusal) => Reading::NotReadable { why: refused(refusal, scope, act) },
        _ => Reading::NotReadable { why: trouble::graph(error, act).message },
    }
}

fn refused(refusal: &Refusal, scope: &str, act: &str) -> String {
    let says = |code: &str| refusal.code == code || refusal.detail_codes.iter().any(|own| own == code);
    if says("AadPremiumLicenseRequired") || says("Authentication_RequestFromNonPremiumTenantOrB2CTenant") {
        return "This tenant does not offer it: it takes Entra ID P2 or Governance.".to_owned();
    }
    if refusal.is_forbidden() {
        return format!("Entra refused to {act}: you lack a role for it, or the sign-in the scope {scope}.");
    }
    match refusal.status {
        400 | 404 | 501 => format!("This tenant does not offer it (HTTP {}).", refusal.status),
        status => format!("Entra refused to {act} (HTTP {status})."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, code: &str) -> GraphError {
        Refusal { status, code: code.to_owned(), ..Refusal::default() }.into()
    }

    fn why(error: &GraphError) -> Reading {
        why_not(error, READ_ELIGIBLE, "read which roles you may activate")
    }

    #[test]
    fn what_can_be_asked_for_is_told_from_what_cannot() {
        let scope = Reading::NeedsScope { scope: READ_ELIGIBLE.to_owned() };
        let needs = AuthError::NeedsInteraction { scopes: vec![READ_ELIGIBLE.to_owned()] };
        assert_eq!(why(&GraphError::SignIn(needs)), scope);
        assert_eq!(why(&GraphError::SignIn(AuthError::Cancelled)), scope);
        for (error, words) in [
            (GraphError::SignIn(AuthError::NeedsInteraction { scopes: Vec::new() }), "session has ended"),
            (refusal(400, "AadPremiumLicenseRequired"), "P2 or Governance"),
            (refusal(403, "Authorization_RequestDenied"), READ_ELIGIBLE),
            (refusal(404, "Request_ResourceNotFound"), "does not offer it"),
            (refusal(409, "Odd"), "HTTP 409"),
        ] {
            let Reading::NotReadable { why } = why(&error) else { panic!("{error}") };
            assert!(why.contains(words), "{why}");
        }
    }
}
