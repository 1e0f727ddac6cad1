//! Faults that many tests ask the tenant for.

use practice_tenant::{Fault, FaultRule, FaultScript};
use serde_json::Value;

use super::Bench;

/// Graph refuses for want of rights.
pub fn denied() -> Fault {
    Fault::Status {
        status: 403,
        applied: false,
        code: Some("Authorization_RequestDenied".to_owned()),
        message: Some("Insufficient privileges to complete the operation.".to_owned()),
        details: vec![],
        retry_after: None,
        retry_style: Default::default(),
    }
}

impl Bench {
    /// Every GET of `path` goes wrong.
    pub fn fault_on_get(&self, path: &str, fault: Fault) {
        self.faults_on("GET", vec![(path, fault)]);
    }

    /// Every GET of these is refused for want of rights.
    pub fn deny_reading(&self, paths: &[&str]) {
        self.faults_on("GET", paths.iter().map(|path| (*path, denied())).collect());
    }

    /// Every token request from now on is answered so.
    pub fn token_answers(&self, status: u16, body: Value) {
        self.faults_on("POST", vec![("/{tenant}/oauth2/v2.0/token", Fault::Answer { status, body, applied: false })]);
    }

    fn faults_on(&self, method: &str, faults: Vec<(&str, Fault)>) {
        let rule = |(path, fault): (&str, Fault)| FaultRule {
            method: Some(method.to_owned()),
            path: path.to_owned(),
            nth: 1,
            times: 1000,
            fault,
        };
        self.tenant.dials().set_faults(FaultScript { faults: faults.into_iter().map(rule).collect() });
    }
}
