//! Activating a role of one's own (Privileged Identity Management).

use inbound_entra::graph::{Call, GraphError, Refusal};
use inbound_entra::ids::ObjectId;
use uuid::Uuid;

use crate::desired::checked;
use crate::job::JobParts;
use crate::operator::Operator;
use crate::operator::facts::OperatorFacts;
use crate::preflight::EligibleRole;
use crate::problem::trouble;
use crate::problem::{Code, FieldProblem, Problem};

/// Longest justification, in characters.
const LONGEST_JUSTIFICATION: usize = 500;
/// No tenant lets a role be active for longer.
const MOST_HOURS: u8 = 24;

/// A checked wish to activate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Activation {
    pub principal: ObjectId,
    pub role: Uuid,
    pub eligible: EligibleRole,
    pub justification: String,
    pub hours: u8,
}

/// Checks every field before anything is sent. Only a role that was read as eligible can be meant.
pub(crate) fn check(
    facts: &OperatorFacts,
    role_id: &str,
    justification: &str,
    hours: u32,
) -> Result<Activation, Problem> {
    let Operator::Person(person) = &facts.operator else {
        return Err(Problem::new(Code::WrongKind, "An app has no roles to activate.")
            .exists("Nothing was changed.")
            .advice("Sign in as a person who may activate a role."));
    };
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: String| faults.push(FieldProblem { field: field.to_owned(), message });
    let role: Option<Uuid> = role_id.trim().parse().ok();
    let eligible = role.and_then(|role| facts.eligible.iter().find(|own| own.role_id == role.to_string()));
    if eligible.is_none() {
        fault(
            "roleId",
            format!(
                "\"{}\" is none of the roles that you may activate. Look at the preflight for those.",
                checked::excerpt(role_id)
            ),
        );
    }
    let justification = justification.trim();
    let length = justification.chars().count();
    if length == 0 {
        fault("justification", "Say why you activate the role; whoever reviews activations reads it.".to_owned());
    } else if length > LONGEST_JUSTIFICATION {
        fault(
            "justification",
            format!(
                "The justification has {length} characters; at most {LONGEST_JUSTIFICATION} are allowed. Shorten it."
            ),
        );
    } else if let Some(message) = checked::control_character("The justification", justification, &[]) {
        fault("justification", message);
    }
    let whole = u8::try_from(hours).ok().filter(|hours| (1..=MOST_HOURS).contains(hours));
    if whole.is_none() {
        fault("hours", format!("A role can be activated for 1 to {MOST_HOURS} hours."));
    }
    match (role, eligible, whole) {
        (Some(role), Some(eligible), Some(hours)) if faults.is_empty() => Ok(Activation {
            principal: person.object_id,
            role,
            eligible: eligible.clone(),
            justification: justification.to_owned(),
            hours,
        }),
        _ => Err(checked::invalid(faults)),
    }
}

/// Sends it. A role that is active already is as wanted.
pub(crate) async fn activate(parts: &JobParts, wish: &Activation) -> Result<(), Problem> {
    let Activation { principal, role, eligible, justification, hours } = wish;
    let sent = parts.directory.activate_role(&Call::default(), *principal, *role, justification, *hours).await;
    match sent {
        Ok(_) => Ok(()),
        Err(GraphError::Refused(refusal)) if says(&refusal, "RoleAssignmentExists") => Ok(()),
        Err(error) => Err(refused(&error, eligible)),
    }
}

fn says(refusal: &Refusal, code: &str) -> bool {
    std::iter::once(&refusal.code).chain(&refusal.detail_codes).any(|own| own.eq_ignore_ascii_case(code))
}

fn refused(error: &GraphError, role: &EligibleRole) -> Problem {
    let act = format!("activate {}", role.name);
    let problem = trouble::graph(error, &act);
    match error {
        GraphError::Refused(refusal) if says(refusal, "RoleAssignmentRequestPolicyValidationFailed") => Problem {
            code: Code::PolicyRefused,
            message: format!(
                "This tenant's rules for {} do not let it be activated so: they may ask for fewer hours, a fresh \
                 sign-in with MFA, a ticket or an approval.",
                role.name
            ),
            ..problem
        }
        .advice(format!(
            "Entra names the rule in the details. Try fewer hours, or activate it in the portal, which asks for what is \
             needed: {}",
            role.portal_url
        )),
        GraphError::Refused(refusal) if says(refusal, "RoleAssignmentRequestAcrsValidationFailed") => Problem {
            code: Code::PolicyRefused,
            message: format!(
                "This tenant asks for a stronger proof of identity to activate {} (an authentication context).",
                role.name
            ),
            ..problem
        }
        .advice(format!("Activate it in the portal, which asks for that proof, then look again: {}", role.portal_url)),
        GraphError::Refused(refusal) if refusal.is_forbidden() => problem.advice(format!(
            "Activate it in the portal, which asks for what is needed: {}",
            role.portal_url
        )),
        GraphError::Unclear { .. } => problem
            .exists(format!("{} may be active now.", role.name))
            .advice("Look again in a minute; activating it twice does no harm."),
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use inbound_entra::model::RoleEligibility;
    use serde_json::json;
    use url::Url;

    use super::*;
    use crate::operator::{AppOperator, PersonOperator};

    const ROLE: Uuid = Uuid::from_u128(0x9b89_5d92);

    fn facts() -> OperatorFacts {
        let person = PersonOperator {
            name: "a@contoso.example".to_owned(),
            object_id: ObjectId(Uuid::from_u128(5)),
            roles: Vec::new(),
        };
        let mut facts = OperatorFacts::new(Operator::Person(person));
        let read: RoleEligibility = serde_json::from_value(json!({ "roleDefinitionId": ROLE })).unwrap();
        facts.learn_eligible(&[read], &Url::parse("https://entra.microsoft.com").unwrap());
        facts
    }

    #[test]
    fn every_field_is_checked_before_anything_is_sent() {
        let facts = facts();
        let role = ROLE.to_string();
        let checked = check(&facts, &role, "  Set up the HR feed ", 4).unwrap();
        assert_eq!((checked.justification.as_str(), checked.hours, checked.role), ("Set up the HR feed", 4, ROLE));
        let long = "x".repeat(501);
        for (role_id, justification, hours, fields) in [
            ("", "", 0, vec!["roleId", "justification", "hours"]),
            ("62e90394-69f5-4237-9190-012177145e10", "ok", 1, vec!["roleId"]),
            (role.as_str(), "a\u{1b}[2J", 25, vec!["justification", "hours"]),
            (role.as_str(), long.as_str(), 24, vec!["justification"]),
            (role.as_str(), "ok", 281, vec!["hours"]),
        ] {
            let problem = check(&facts, role_id, justification, hours).unwrap_err();
            let found: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
            assert_eq!((problem.code, found), (Code::InvalidInput, fields));
        }
        let app = OperatorFacts::new(Operator::App(AppOperator { name: "A".to_owned(), roles: Vec::new() }));
        assert_eq!(check(&app, &role, "ok", 1).unwrap_err().code, Code::WrongKind);
    }

    #[test]
    fn rules_of_the_tenant_are_told_with_the_way_round() {
        let refusal = Refusal {
            status: 400,
            code: "RoleAssignmentRequestPolicyValidationFailed".to_owned(),
            message: "The following policy rules failed: [\"MfaRule\"]".to_owned(),
            ..Refusal::default()
        };
        let role = facts().eligible.remove(0);
        let problem = refused(&refusal.into(), &role);
        assert_eq!(problem.code, Code::PolicyRefused);
        assert!(problem.advice.unwrap().contains("https://entra.microsoft.com/#view/"));
        assert!(problem.trace.unwrap().service_message.unwrap().contains("MfaRule"));
    }
}
