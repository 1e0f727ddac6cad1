//! `runs`.

use inbound_access_job::Job;
use inbound_access_job::evidence::{self, Exported};
use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::run::RunView;
use inbound_connection::Folders;
use jiff::Timestamp;

use super::evidence_file;
use crate::args::Runs;
use crate::exit::Exit;
use crate::output::{Output, remark};
use crate::text;
use crate::text::safe::shown;

/// Lists the runs of every tenant, newest first, or shows one. Needs no sign-in: they are kept here.
pub(crate) fn run(args: &Runs) -> Result<Exit, Problem> {
    let output = Output::new(args.json);
    let evidence = evidence_file::asked(args.evidence.as_deref())?;
    let mut runs = kept()?;
    runs.retain(|run| !args.practice || run.cloud == "Practice");
    let Some(wanted) = &args.run else {
        output.result(&runs, |runs| text::run::list(runs))?;
        return Ok(Exit::Fine);
    };
    let found = pick(&runs, wanted.trim())?;
    output.result(found, text::run::whole)?;
    if let Some((path, format)) = evidence {
        let exported = Exported { at: Timestamp::now(), by: None };
        evidence_file::write(path, &evidence::of_run(found, format, exported)?)?;
    }
    Ok(Exit::Fine)
}

fn kept() -> Result<Vec<RunView>, Problem> {
    let mut runs = Vec::new();
    for store in Folders::of_the_system()?.run_stores()? {
        runs.extend(store.list()?);
        for problem in store.unreadable()? {
            remark(&format!("warning: {}", shown(&problem.message)));
        }
    }
    runs.sort_by(|a, b| b.started.cmp(&a.started));
    Ok(runs)
}

/// The id of the signed-in tenant's run that is meant.
pub(super) fn id_of(job: &Job, wanted: &str) -> Result<String, Problem> {
    Ok(pick(&job.runs().list()?, wanted.trim())?.id.clone())
}

/// The run with this id, or the only one whose id begins so.
fn pick<'a>(runs: &'a [RunView], wanted: &str) -> Result<&'a RunView, Problem> {
    let unchanged = |problem: Problem| problem.advice("`inbound-access-cli runs` lists them.");
    if let Some(run) = runs.iter().find(|run| run.id == wanted) {
        return Ok(run);
    }
    let mut beginning = runs.iter().filter(|run| !wanted.is_empty() && run.id.starts_with(wanted));
    match (beginning.next(), beginning.next()) {
        (Some(run), None) => Ok(run),
        (None, _) => {
            Err(unchanged(Problem::new(Code::NotFound, format!("No run \"{wanted}\" is kept on this computer."))))
        }
        (Some(_), Some(_)) => {
            Err(unchanged(Problem::new(Code::Ambiguous, format!("Several runs begin with \"{wanted}\"."))))
        }
    }
}
