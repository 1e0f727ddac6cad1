//! What mends a finding or changes what was found: planned, shown and run as a set-up is.

pub(crate) mod checked;
mod choose;
mod grant;
pub(crate) mod holders;
mod losses;
mod principal;
mod registration;
mod revoke;
pub(crate) mod rotate;
mod secret;
mod sheet;
mod sign_in;
pub(crate) mod told;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use self::checked::Checked;
use crate::job::Job;
use crate::plan::work::{Origin, Plan};
use crate::problem::Problem;
use crate::run::Doing;

/// One thing to be done about what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Fix {
    /// Grants permissions of Microsoft Graph to a principal, and nothing else.
    Grant {
        /// The service principal's object id.
        principal: String,
        /// By value.
        permissions: Vec<String>,
    },
    /// Takes grants away, of one principal or of many.
    Revoke {
        /// Which.
        grants: Vec<GrantRef>,
    },
    /// Makes the service principal of an app registration of this tenant.
    MakePrincipal {
        /// Client id.
        client_id: String,
    },
    /// Lets a service principal sign in whose sign-in is blocked.
    EnableSignIn {
        /// The service principal's object id.
        principal: String,
    },
    /// Makes a new client secret, stores it, and proves by a token that it works. The old one keeps working unless it is
    /// to be removed then.
    RotateSecret {
        /// Client id.
        client_id: String,
        /// The secret that the new one follows, by `keyId`; none where there was none.
        replaces: Option<String>,
        /// Last day of the new one, `YYYY-MM-DD`.
        expires: String,
        /// Whether the old one is removed as soon as the new one has proved to work.
        remove_old: bool,
    },
    /// Removes a client secret from Entra and, where it lies there, from this keychain.
    RemoveSecret {
        /// Client id.
        client_id: String,
        /// Which.
        key_id: String,
    },
}

/// Names a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantRef {
    /// The assignment's id.
    pub id: String,
    /// Object id of who holds it.
    pub principal: String,
}

impl Job {
    /// Looks at the tenant and says what would be done. Changes nothing.
    ///
    /// # Errors
    /// `invalidInput` for an unusable field, `notFound` for what is not there, or that the tenant cannot be read.
    pub async fn plan_fix(&self, fix: Fix) -> Result<Plan, Problem> {
        Box::pin(plan(self, fix, None)).await
    }
}

/// Plans a fix; what is left of it, where `run` was broken off.
pub(crate) async fn plan(job: &Job, fix: Fix, run: Option<&str>) -> Result<Plan, Problem> {
    let mut plan = match checked::check(&fix, job.parts.clock.now())? {
        Checked::Grant { principal, permissions } => Box::pin(grant::plan(job, principal, &permissions)).await?,
        Checked::Revoke { grants } => Box::pin(revoke::plan(job, fix.clone(), &grants)).await?,
        Checked::MakePrincipal { client } => Box::pin(principal::plan(job, client)).await?,
        Checked::EnableSignIn { principal } => Box::pin(sign_in::plan(job, fix.clone(), principal)).await?,
        Checked::Rotate(wish) => Box::pin(rotate::plan(job, wish, run)).await?,
        Checked::RemoveSecret { client, key } => {
            Box::pin(secret::plan(job, fix.clone(), client, key, run.is_some())).await?
        }
    }
    .of(Origin::Fix { fix });
    plan.view.doing = Doing::Fix;
    Ok(plan)
}
