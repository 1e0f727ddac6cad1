//! The offer to leave grants to another administrator.

use crate::operator::facts::OperatorFacts;
use crate::operator::standings::WHO_GRANTS;
use crate::plan::{ConsentOffer, StepEffect, StepView};
use crate::preflight::Able;
use crate::words;

/// Made where there are grants that this operator may not make, or not now.
pub(crate) fn of(steps: &[StepView], facts: &OperatorFacts) -> Option<ConsentOffer> {
    let left: Vec<u32> =
        steps.iter().filter(|step| step.effect == StepEffect::WillGrant).map(|step| step.number).collect();
    if left.is_empty() {
        return None;
    }
    let named = words::steps(&left);
    let (takes, them) = if left.len() == 1 { ("takes", "it") } else { ("take", "them") };
    let explanation = match facts.can_grant().able {
        Able::Can => return None,
        Able::NeedsOther => {
            format!("{named} {takes} {WHO_GRANTS}. You can ask one, who then finishes exactly {them}.")
        }
        Able::ActivateFirst => {
            format!("Instead of activating a role you can leave {} to {WHO_GRANTS}.", named.to_lowercase())
        }
        Able::Unknown => format!(
            "It may work with a role that is not known here. If Entra refuses, or if you would rather ask first, you can \
             leave {} to {WHO_GRANTS}.",
            named.to_lowercase()
        ),
    };
    Some(ConsentOffer { steps: left, explanation })
}
