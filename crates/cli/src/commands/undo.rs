//! `undo`.

use std::io::{BufRead, IsTerminal};

use inbound_access_job::plan::{PlanView, StepEffect};
use inbound_access_job::problem::{Code, Problem};
use tokio_util::sync::CancellationToken;

use super::runs::id_of;
use super::setup::{cancelled_before, carry_out};
use crate::args::Undo;
use crate::cancel::on_ctrl_c;
use crate::connect::connect;
use crate::exit::Exit;
use crate::output::{ask, remark};
use crate::text;

/// Takes back what a run made, once the operator has seen what that is and said yes.
pub(crate) async fn run(args: Undo) -> Result<Exit, Problem> {
    must_be_asked_or_told(args.plan, args.yes, "remove things", "would be removed")?;
    let cancel = on_ctrl_c();
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let job = &connected.session.job;
    let run = id_of(job, &args.run)?;
    let plan = tokio::select! {
        plan = job.plan_undo(&run) => plan?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    // Where everything stays there is nothing to run: what stays may be taken back later.
    let all_stays = plan.view().changes == 0 && !plan.view().kept.is_empty();
    if !args.plan
        && !args.yes
        && plan.view().changes > 0
        && !confirmed(&text::plan::whole(plan.view()), &question(plan.view()), &cancel).await
    {
        return Err(cancelled_before());
    }
    let (exit, _) = carry_out(&connected.session, plan, args.plan || all_stays, args.telling, &cancel).await?;
    Ok(exit)
}

/// Whoever is to be asked must be there.
///
/// # Errors
/// `invalidInput` where nobody is.
pub(super) fn must_be_asked_or_told(plan: bool, yes: bool, act: &str, what: &str) -> Result<(), Problem> {
    if plan || yes || (std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Ok(());
    }
    Err(Problem::new(Code::InvalidInput, format!("Nobody is at a terminal to be asked whether to {act}."))
        .exists("Nothing was changed.")
        .advice(format!("See with --plan what {what}, then give --yes.")))
}

fn question(plan: &PlanView) -> String {
    let only_removes =
        plan.steps.iter().all(|step| matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillRemove));
    match (only_removes, plan.changes) {
        (true, 1) => "Remove this? [y/N] ".to_owned(),
        (true, n) => format!("Remove these {n} things? [y/N] "),
        // What was taken away is given back, or a sign-in blocked again.
        (false, 1) => "Make this change? [y/N] ".to_owned(),
        (false, n) => format!("Make these {n} changes? [y/N] "),
    }
}

/// Shows what will be done and asks.
pub(super) async fn confirmed(shown: &str, question: &str, cancel: &CancellationToken) -> bool {
    remark(shown.trim_end());
    ask(question);
    // A thread of its own: reading cannot be broken off, and must not hold the program when it ends.
    let (answer, heard) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let _ = answer.send(read.is_ok() && is_yes(&line));
    });
    tokio::select! {
        said = heard => said.unwrap_or(false),
        () = cancel.cancelled() => false,
    }
}

fn is_yes(line: &str) -> bool {
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_yes_is_a_yes() {
        for yes in ["y\n", "Yes\r\n", " YES "] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["", "\n", "n\n", "yo\n", "y y\n", "\u{ff59}\n"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }
}
