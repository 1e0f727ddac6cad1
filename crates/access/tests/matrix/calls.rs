//! The mutating calls, the points on their way, and the faults.

use std::fmt;

use inbound_access_job::plan::StepKind;
use practice_tenant::{Fault as Dial, RetryAfter};
use serde::{Deserialize, Serialize};

use crate::support::others::busy;

/// A mutating call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    Register,
    Request,
    ServicePrincipal,
    Grant,
    AddPassword,
    RemovePassword,
    Revoke,
    DeleteServicePrincipal,
    DeleteApp,
    /// No call: the keychain is to keep the secret.
    Keep,
}

impl Kind {
    /// In the fault script's words: method and path.
    pub fn pattern(self) -> (&'static str, &'static str) {
        match self {
            Self::Register => ("PATCH", "/v1.0/applications({key}"),
            Self::Request => ("PATCH", "/v1.0/applications/{id}"),
            Self::ServicePrincipal => ("POST", "/v1.0/servicePrincipals"),
            Self::Grant => ("POST", "/v1.0/servicePrincipals/{id}/appRoleAssignedTo"),
            Self::AddPassword => ("POST", "/v1.0/applications/{id}/addPassword"),
            Self::RemovePassword => ("POST", "/v1.0/applications/{id}/removePassword"),
            Self::Revoke => ("DELETE", "/v1.0/servicePrincipals/{id}/appRoleAssignedTo/{grant}"),
            Self::DeleteServicePrincipal => ("DELETE", "/v1.0/servicePrincipals/{id}"),
            Self::DeleteApp => ("DELETE", "/v1.0/applications/{id}"),
            Self::Keep => ("", ""),
        }
    }

    /// Of which steps it is a part.
    pub fn steps(self) -> &'static [StepKind] {
        match self {
            Self::Register => &[StepKind::RegisterApp],
            Self::Request => &[StepKind::RequestPermissions, StepKind::WithdrawPermissions],
            Self::ServicePrincipal => &[StepKind::CreateServicePrincipal],
            Self::Grant => &[StepKind::Grant],
            Self::AddPassword => &[StepKind::CreateSecret],
            Self::RemovePassword => &[StepKind::CreateSecret, StepKind::RemoveSecret],
            Self::Revoke => &[StepKind::RevokeGrant],
            Self::DeleteServicePrincipal => &[StepKind::DeleteServicePrincipal],
            Self::DeleteApp => &[StepKind::DeleteApp],
            Self::Keep => &[StepKind::CreateSecret],
        }
    }

    /// Where it can be struck.
    pub fn points(self) -> &'static [Point] {
        match self {
            Self::Keep => &[Point::BeforeSend, Point::Answered],
            _ => &Point::ALL,
        }
    }
}

/// The `nth` call of a kind in an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Call {
    pub kind: Kind,
    pub nth: u32,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self.kind {
            Kind::Register => "register the app",
            Kind::Request => "change the requested permissions",
            Kind::ServicePrincipal => "make the service principal",
            Kind::Grant => "grant",
            Kind::AddPassword => "addPassword",
            Kind::RemovePassword => "removePassword",
            Kind::Revoke => "revoke",
            Kind::DeleteServicePrincipal => "delete the service principal",
            Kind::DeleteApp => "delete the app",
            Kind::Keep => "keep the secret in the keychain",
        };
        match self.nth {
            1 => f.write_str(words),
            nth => write!(f, "{words}, no. {nth}"),
        }
    }
}

/// How far the call is when the fault begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Point {
    /// The tenant has not heard of it.
    BeforeSend,
    /// The tenant has carried it out; the answer does not arrive.
    Unanswered,
    /// The answer is there; nothing of it is on disk.
    Answered,
    /// The answer is on disk.
    Journalled,
}

impl Point {
    pub const ALL: [Self; 4] = [Self::BeforeSend, Self::Unanswered, Self::Answered, Self::Journalled];

    pub fn words(self) -> &'static str {
        match self {
            Self::BeforeSend => "before it is sent",
            Self::Unanswered => "sent, not answered",
            Self::Answered => "answered, not journalled",
            Self::Journalled => "journalled",
        }
    }
}

/// What happens. All but the first are outages: from that point on until the program is started anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    Kill,
    Reset,
    Failing,
    TimeOut,
    /// Half of the struck call's answer arrives, then resets.
    Cut,
}

impl Fault {
    pub const ALL: [Self; 5] = [Self::Kill, Self::Reset, Self::Failing, Self::TimeOut, Self::Cut];

    pub fn words(self) -> &'static str {
        match self {
            Self::Kill => "kill -9",
            Self::Reset => "reset",
            Self::Failing => "500",
            Self::TimeOut => "time-out",
            Self::Cut => "answer cut",
        }
    }

    /// Whether it can begin at that point: an answer is cut on its way only.
    pub fn can_begin(self, at: Point) -> bool {
        self != Self::Cut || at == Point::Unanswered
    }

    /// What befalls calls in the outage; none of them is carried out.
    pub fn in_outage(self) -> Dial {
        match self {
            Self::Failing => status(false),
            Self::TimeOut => Dial::Delay { milliseconds: ENDLESS },
            Self::Kill | Self::Reset | Self::Cut => Dial::ResetBefore,
        }
    }

    /// What befalls the call that is carried out and not answered.
    pub fn of_the_answer(self) -> Dial {
        match self {
            Self::Reset => Dial::ResetAfter,
            Self::Failing => status(true),
            Self::Cut => Dial::CutBody,
            Self::Kill | Self::TimeOut => Dial::LateAnswer { milliseconds: ENDLESS },
        }
    }
}

/// Longer than any client waits, in milliseconds.
const ENDLESS: u64 = 600_000;

fn status(applied: bool) -> Dial {
    busy(500, applied, None, RetryAfter::Seconds)
}
