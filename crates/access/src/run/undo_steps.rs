//! What each step of undoing does. The order is as ever: journal, request, journal; after an unclear answer look and decide.

use crate::problem::{Code, Problem};
use crate::run::execute::{Did, Run};

impl Run {
    pub(crate) async fn revoke_grant(&self, _number: u32) -> Result<Did, Problem> {
        Err(Problem::new(Code::Internal, "Not built yet."))
    }

    pub(crate) async fn remove_secret(&self, _number: u32) -> Result<Did, Problem> {
        Err(Problem::new(Code::Internal, "Not built yet."))
    }

    pub(crate) async fn withdraw_permissions(&self, _number: u32) -> Result<Did, Problem> {
        Err(Problem::new(Code::Internal, "Not built yet."))
    }

    pub(crate) async fn delete_service_principal(&self, _number: u32) -> Result<Did, Problem> {
        Err(Problem::new(Code::Internal, "Not built yet."))
    }

    pub(crate) async fn delete_app(&self, _number: u32) -> Result<Did, Problem> {
        Err(Problem::new(Code::Internal, "Not built yet."))
    }
}
