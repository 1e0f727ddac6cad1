//! Taking back what a run made, and nothing else: what is in its journal, is there under the same id, and was changed by
//! nobody else (promise P38).

use crate::job::Job;
use crate::plan::work::Plan;
use crate::problem::{Code, Problem};
use crate::run::RunView;
use crate::run::fact::Made;

/// What the steps of undoing need to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undoing {
    /// Names the principal for the lock that keeps two runs apart, as the run's own plan did.
    pub key: String,
    /// What each step takes back.
    pub steps: Vec<(u32, Made)>,
}

/// Plans the undoing of a run. Changes nothing.
pub(crate) async fn plan(_job: &Job, _run_id: &str) -> Result<Plan, Problem> {
    Err(Problem::new(Code::Internal, "Not built yet."))
}

/// Sets the run's state and summary from the steps of undoing.
pub(crate) fn conclude(_view: &mut RunView, _undoing: &Undoing) {}
