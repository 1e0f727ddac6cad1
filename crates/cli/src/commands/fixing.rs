//! What `revoke`, `rotate` and `enable` share: the plan is shown, the operator says yes, and it is run.

use inbound_access_job::fix::Fix;
use inbound_access_job::problem::Problem;
use inbound_connection::Session;
use tokio_util::sync::CancellationToken;

use super::setup::{cancelled_before, carry_out};
use super::undo::{confirmed, must_be_asked_or_told};
use crate::args::{Asking, Telling};
use crate::exit::Exit;
use crate::text;

/// Whoever is to be asked must be there.
///
/// # Errors
/// `invalidInput` where nobody is.
pub(super) fn must_be_there(asking: Asking) -> Result<(), Problem> {
    must_be_asked_or_told(asking.plan, asking.yes, "make changes", "would be changed")
}

/// Plans the fix, asks, runs it and tells.
pub(super) async fn fix(
    session: &Session,
    fix: Fix,
    asking: Asking,
    question: &str,
    telling: Telling,
    cancel: &CancellationToken,
) -> Result<Exit, Problem> {
    let plan = tokio::select! {
        plan = session.job.plan_fix(fix) => plan?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let asks = !asking.plan && !asking.yes && plan.view().changes > 0;
    if asks && !confirmed(&text::plan::whole(plan.view()), &format!("{question} [y/N] "), cancel).await {
        return Err(cancelled_before());
    }
    let (exit, _) = carry_out(session, plan, asking.plan, telling, cancel).await?;
    Ok(exit)
}
