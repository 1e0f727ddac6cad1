//! The runs of this computer: listed, continued, undone, left.

use inbound_access_job::plan::PlanView;
use inbound_access_job::problem::Problem;
use inbound_access_job::run::RunView;

use super::Desk;
use super::order::Order;
use crate::view::RunsView;

impl Desk {
    /// The runs of this computer, newest first, and what of its journal cannot be read.
    ///
    /// # Errors
    /// As [`Desk::with_job`], with `localFile` when the folder of runs cannot be read.
    pub async fn runs(&self) -> Result<RunsView, Problem> {
        // First: a run that ends meanwhile is then listed as one that has ended, and cancelling it is told so.
        let ours = self.ask(Order::Ours).await?;
        self.with_job_blocking(|job| {
            let store = job.runs();
            Ok(RunsView { runs: store.list()?, unreadable: store.unreadable()?, ours })
        })
        .await
    }

    /// Plans the rest of a run that did not come to its end, and keeps the plan for [`Desk::run_plan`].
    ///
    /// # Errors
    /// As [`Desk::with_job`]; `busy` while the run goes on.
    pub async fn plan_continue(&self, run: String) -> Result<PlanView, Problem> {
        self.planned(|job| async move { job.plan_continue(&run).await }).await
    }

    /// Plans to take back what a run made, and keeps the plan for [`Desk::run_plan`].
    ///
    /// # Errors
    /// As [`Desk::plan_continue`].
    pub async fn plan_undo(&self, run: String) -> Result<PlanView, Problem> {
        self.planned(|job| async move { job.plan_undo(&run).await }).await
    }

    /// Leaves a run as it is: it is not asked about any more.
    ///
    /// # Errors
    /// As [`Desk::plan_continue`], with `localFile` when the record cannot be written.
    pub async fn leave_run(&self, run: String) -> Result<RunView, Problem> {
        self.with_job(|job| async move { job.leave(&run).await }).await
    }
}
