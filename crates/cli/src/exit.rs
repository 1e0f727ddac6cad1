//! Exit codes, as `--help` lists them.

use inbound_access_job::problem::{Code, Problem};
use inbound_access_job::run::{RunState, RunView, StepState};
use inbound_access_job::verification::{Verdict, VerdictKind};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// As wanted.
    Fine = 0,
    /// Something is not as wanted.
    NotAsWanted = 1,
    /// The command line must be changed.
    BadInput = 2,
    /// Nobody is signed in, or the tenant cannot be reached.
    NoSignIn = 3,
    /// The keychain cannot be used.
    Keychain = 4,
    /// The operator cancelled: 128 + SIGINT.
    Cancelled = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Problem> for Exit {
    fn from(problem: &Problem) -> Self {
        match problem.code {
            Code::InvalidInput | Code::Ambiguous | Code::WrongKind => Self::BadInput,
            Code::NotSignedIn | Code::SignInFailed | Code::Unreachable => Self::NoSignIn,
            Code::KeychainAbsent
            | Code::KeychainLocked
            | Code::KeychainDeclined
            | Code::SecretNotFound
            | Code::KeychainFailed => Self::Keychain,
            Code::Cancelled => Self::Cancelled,
            Code::NotFound
            | Code::Disabled
            | Code::Forbidden
            | Code::PolicyRefused
            | Code::Refused
            | Code::StillReplicating
            | Code::Throttled
            | Code::UnreadableAnswer
            | Code::Unclear
            | Code::Stale
            | Code::Busy
            | Code::LocalFile
            | Code::Internal => Self::NotAsWanted,
        }
    }
}

impl From<&Verdict> for Exit {
    fn from(verdict: &Verdict) -> Self {
        match verdict.kind {
            VerdictKind::Ready | VerdictKind::ReadyBut => Self::Fine,
            VerdictKind::NotYet | VerdictKind::NotReady | VerdictKind::CantTell => Self::NotAsWanted,
        }
    }
}

/// Why a run did not end well: the first step that failed.
pub(crate) fn failure(run: &RunView) -> Option<&Problem> {
    run.steps.iter().find_map(|step| match &step.state {
        StepState::Failed { problem } => Some(problem.as_ref()),
        _ => None,
    })
}

/// How a run ended. A step that was cut off by the operator counts as cancelled, whatever became of it.
pub(crate) fn of_run(run: &RunView, cancelled: bool) -> Exit {
    match run.state {
        RunState::Failed if cancelled && failure(run).is_none_or(|problem| problem.code == Code::Unclear) => {
            Exit::Cancelled
        }
        RunState::Done | RunState::Undone => Exit::Fine,
        RunState::Cancelled => Exit::Cancelled,
        RunState::Failed | RunState::Running | RunState::Interrupted => {
            // A failed run is never bad input: the input was checked before it began.
            match failure(run).map(Exit::from) {
                None | Some(Exit::BadInput | Exit::Fine) => Exit::NotAsWanted,
                Some(exit) => exit,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_failure_has_the_code_that_help_names() {
        let cases = [
            (Code::InvalidInput, 2),
            (Code::Ambiguous, 2),
            (Code::WrongKind, 2),
            (Code::SignInFailed, 3),
            (Code::Unreachable, 3),
            (Code::KeychainAbsent, 4),
            (Code::KeychainLocked, 4),
            (Code::Cancelled, 130),
            (Code::Forbidden, 1),
            (Code::NotFound, 1),
        ];
        for (code, number) in cases {
            assert_eq!(Exit::from(&Problem::new(code, "x")) as u8, number, "{code:?}");
        }
    }

    #[test]
    fn only_a_ready_verdict_is_fine() {
        let exit = |kind| Exit::from(&Verdict { kind, sentence: String::new(), advice: None });
        assert_eq!(exit(VerdictKind::Ready), Exit::Fine);
        assert_eq!(exit(VerdictKind::ReadyBut), Exit::Fine);
        for kind in [VerdictKind::NotYet, VerdictKind::NotReady, VerdictKind::CantTell] {
            assert_eq!(exit(kind), Exit::NotAsWanted, "{kind:?}");
        }
    }
}
