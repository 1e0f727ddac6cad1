//! Whether the tenant's plans cover inbound provisioning: Entra ID P1, P2 or Governance (graph-facts 1).

use inbound_entra::model::{AssignedPlan, Organization};
use uuid::{Uuid, uuid};

use crate::preflight::reads::Fact;
use crate::preflight::{Licence, Reading};

const P1: Uuid = uuid!("41781fb2-bc02-4b7c-bd55-b576c07bb09d");
const P2: Uuid = uuid!("eec0eb4f-6444-4f95-aba0-50c24d67f998");
/// The service that P1 and P2 are plans of.
const PREMIUM: &str = "AADPremiumService";

/// What the plans tell. That there is none they cannot tell: Governance is sold under several.
pub(crate) fn of(organization: &Fact<Organization>) -> Licence {
    let organization = match organization {
        Ok(organization) => organization,
        Err(reading) => {
            let sentence = match reading {
                Reading::NotReadable { why } => format!("Whether the tenant has the licence cannot be told. {why}"),
                Reading::Read | Reading::NeedsScope { .. } => {
                    "Whether the tenant has the licence was not read.".to_owned()
                }
            };
            return Licence { found: None, sentence };
        }
    };
    let plans = &organization.assigned_plans;
    let has = |id: Uuid| plans.iter().any(|plan| plan.service_plan_id == Some(id) && is_usable(plan));
    for (id, name) in [(P2, "Entra ID P2"), (P1, "Entra ID P1")] {
        if has(id) {
            let sentence = format!("The tenant has {name}, which inbound provisioning needs.");
            return Licence { found: Some(true), sentence };
        }
    }
    let rest = "Inbound provisioning needs Entra ID P1, P2 or Governance";
    let premium = plans.iter().any(|plan| plan.service.as_deref() == Some(PREMIUM) && is_usable(plan));
    let sentence = if premium {
        format!("The tenant has a premium plan of Entra ID that is not known here. {rest}.")
    } else {
        format!("Neither Entra ID P1 nor P2 is among the tenant's plans. {rest}; whether it has that cannot be told.")
    };
    Licence { found: None, sentence }
}

/// The premium plan that is in force, by name.
pub(crate) fn premium_plan(organization: &Organization) -> Option<&'static str> {
    let has =
        |id: Uuid| organization.assigned_plans.iter().any(|plan| plan.service_plan_id == Some(id) && is_usable(plan));
    [(P2, "Entra ID P2"), (P1, "Entra ID P1")].into_iter().find_map(|(id, name)| has(id).then_some(name))
}

/// In force, or in the days of grace after its end.
fn is_usable(plan: &AssignedPlan) -> bool {
    let status = plan.capability_status.as_deref().unwrap_or_default();
    ["Enabled", "Warning"].iter().any(|usable| status.eq_ignore_ascii_case(usable))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn licence(plans: &Value) -> Licence {
        let read = json!({ "id": Uuid::from_u128(1), "assignedPlans": plans });
        of(&Ok(serde_json::from_value(read).unwrap()))
    }

    fn plan(id: Uuid, status: &str) -> Value {
        json!({ "servicePlanId": id, "capabilityStatus": status, "service": PREMIUM })
    }

    #[test]
    fn a_plan_in_force_is_found_and_its_absence_proves_nothing() {
        assert_eq!(licence(&json!([plan(P1, "Deleted"), plan(P2, "Enabled")])).found, Some(true));
        assert!(licence(&json!([plan(P1, "warning")])).sentence.contains("Entra ID P1"));
        for plans in [json!([]), json!(null), json!([plan(P2, "Suspended")]), json!([{ "service": "exchange" }])] {
            let licence = licence(&plans);
            assert_eq!(licence.found, None);
            assert!(licence.sentence.contains("cannot be told"), "{}", licence.sentence);
        }
        let other = licence(&json!([plan(Uuid::from_u128(7), "Enabled")]));
        assert_eq!(other.found, None);
        assert!(other.sentence.contains("not known here"), "{}", other.sentence);
        let unread = of(&Err(Reading::NotReadable { why: "graph.microsoft.com could not be reached.".to_owned() }));
        assert!(unread.found.is_none() && unread.sentence.ends_with("reached."));
    }
}
