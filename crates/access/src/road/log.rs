//! Reading the provisioning log once, as the API client.

use std::time::Duration;

use inbound_entra::graph::{Call, GraphError, Interaction};
use secrecy::SecretString;

use crate::job::JobParts;
use crate::problem::{Code, Problem, trouble};
use crate::road::LogCheck;

/// Nobody waits for it longer than that; the log takes five requests in ten seconds (graph-facts 9).
const DEADLINE: Duration = Duration::from_secs(30);

/// Reads the provisioning log once, with an API client's own token that holds a permission for it. While what was granted is
/// `young`, a refusal for want of rights may pass.
pub(crate) async fn log_check(parts: &JobParts, token: &SecretString, young: bool) -> LogCheck {
    let call = Call { deadline: DEADLINE, interaction: Interaction::Never, ..Call::default() };
    match parts.api.read_log(&call, token, None, None).await {
        Ok(page) => {
            let newest = page.rows.iter().filter_map(|entry| entry.activity_date_time).max();
            LogCheck::Read { at: parts.clock.now().to_string(), newest: newest.map(|at| at.to_string()) }
        }
        Err(error) => {
            let problem = Box::new(told(&error));
            LogCheck::Refused { not_yet: young && problem.code == Code::Forbidden, problem }
        }
    }
}

/// Why the log cannot be read, to somebody who looks at the API client and not at their own rights.
pub(crate) fn told(error: &GraphError) -> Problem {
    let Some(refusal) = error.refusal() else { return trouble::graph(error, "read the provisioning log as this app") };
    let has = |code: &str| refusal.code == code || refusal.detail_codes.iter().any(|own| own == code);
    let problem = if has("Authentication_RequestFromNonPremiumTenantOrB2CTenant") {
        Problem::new(Code::Refused, "This tenant has no provisioning log: it takes Entra ID P1, P2 or Governance.")
            .advice("Buy or assign one of these licences.")
    } else if refusal.is_forbidden() {
        Problem::new(Code::Forbidden, "Entra does not let this app read the provisioning log.").advice(
            "Grant it AuditLog.Read.All or ProvisioningLog.Read.All. What was granted in the last minutes may not be in its \
             token yet.",
        )
    } else {
        return trouble::graph(error, "read the provisioning log as this app");
    };
    problem.exists("Nothing was changed.").trace(trouble::refusal_trace(refusal))
}
