//! The fault script: the nth call of a kind goes wrong in a chosen way.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::throttle::RetryAfter;

/// What goes wrong, and when. Read from JSON by `practice serve --faults FILE`:
/// `{"faults":[{"method":"POST","path":"/v1.0/servicePrincipals/{id}/appRoleAssignedTo","nth":1,"fault":{"kind":"resetAfter"}}]}`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultScript {
    /// The first rule that fits a call decides.
    #[serde(default)]
    pub faults: Vec<FaultRule>,
}

/// One fault and the calls that it befalls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    /// The method, in capitals; any when absent.
    #[serde(default)]
    pub method: Option<String>,
    /// The path from the host on, query excluded. `{anything}` stands for any text without `/`. Steps of a `$batch` are
    /// calls of their own; as they share its connection, what would cut or flood it is a 504 there.
    pub path: String,
    /// The first call of this kind that it befalls, counted from 1 since the script was set.
    #[serde(default = "one")]
    pub nth: u32,
    /// How many calls in a row it befalls.
    #[serde(default = "one")]
    pub times: u32,
    /// What happens.
    pub fault: Fault,
}

const fn one() -> u32 {
    1
}

const fn three_hundred() -> u32 {
    300
}

const fn unauthorized() -> u16 {
    401
}

const fn temporary_redirect() -> u16 {
    307
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Fault {
    /// The connection is reset; nothing was done.
    ResetBefore,
    /// It is done, then the connection is reset: the answer is lost.
    ResetAfter,
    /// It is done; half of the answer's body arrives, then the connection is reset.
    CutBody,
    /// An error status.
    Status {
        /// E.g. 503.
        status: u16,
        /// Whether the call was done all the same.
        #[serde(default)]
        applied: bool,
        /// Graph's error code, or OAuth's `error` at the login; one that fits the status when absent.
        #[serde(default)]
        code: Option<String>,
        /// The error's message.
        #[serde(default)]
        message: Option<String>,
        /// Codes for Graph's `error.details`.
        #[serde(default)]
        details: Vec<String>,
        /// Seconds to name in `Retry-After`.
        #[serde(default)]
        retry_after: Option<u32>,
        /// How to write them.
        #[serde(default)]
        retry_style: RetryAfter,
    },
    /// It is done, and answered with a body other than the right one.
    Answer {
        /// The status, e.g. 200.
        status: u16,
        /// The JSON body.
        body: Value,
        /// Whether the call was done.
        #[serde(default)]
        applied: bool,
    },
    /// 200 with a page in HTML, as a captive portal sends; nothing was done.
    Html,
    /// 200 with an endless body; nothing was done.
    Huge {
        /// Its size.
        #[serde(default = "three_hundred")]
        megabytes: u32,
    },
    /// A redirect; nothing was done.
    Redirect {
        /// `Location`.
        to: String,
        /// 301, 302, 303, 307 or 308.
        #[serde(default = "temporary_redirect")]
        status: u16,
    },
    /// Graph challenges the token (graph-facts 11), whether or not its client understands that; nothing was done. It
    /// befalls this one call: unlike that of [`Dials::challenge`](crate::Dials::challenge) the challenge does not stand.
    ClaimsChallenge {
        /// 401, or 403, which Graph's documentation knows as well.
        #[serde(default = "unauthorized")]
        status: u16,
    },
    /// The answer comes late, by real time; it is done only then.
    Delay {
        /// How late.
        milliseconds: u64,
    },
    /// It is done and recorded at once, but the answer comes late, by real time.
    LateAnswer {
        /// How late.
        milliseconds: u64,
    },
}

impl Fault {
    /// Its name in scripts and records.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ResetBefore => "resetBefore",
            Self::ResetAfter => "resetAfter",
            Self::CutBody => "cutBody",
            Self::Status { .. } => "status",
            Self::Answer { .. } => "answer",
            Self::Html => "html",
            Self::Huge { .. } => "huge",
            Self::Redirect { .. } => "redirect",
            Self::ClaimsChallenge { .. } => "claimsChallenge",
            Self::Delay { .. } => "delay",
            Self::LateAnswer { .. } => "lateAnswer",
        }
    }

    /// Whether the call's effect takes place.
    pub(crate) const fn applies(&self) -> bool {
        match self {
            Self::ResetAfter | Self::CutBody | Self::Delay { .. } | Self::LateAnswer { .. } => true,
            Self::Status { applied, .. } | Self::Answer { applied, .. } => *applied,
            Self::ResetBefore
            | Self::Html
            | Self::Huge { .. }
            | Self::Redirect { .. }
            | Self::ClaimsChallenge { .. } => false,
        }
    }
}

/// A fault script could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FaultScriptError {
    /// The file could not be opened.
    #[error("the fault script {path} could not be read: {source}")]
    File {
        /// Where.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is not a fault script.
    #[error("the fault script {path} is not as expected: {source}. See the documentation of `FaultScript`")]
    Shape {
        /// Where.
        path: String,
        /// Why, with line and column.
        source: serde_json::Error,
    },
}

impl FaultScript {
    /// Reads a script from a JSON file.
    ///
    /// # Errors
    /// The file is missing or is not a fault script.
    pub fn read(path: &Path) -> Result<Self, FaultScriptError> {
        let shown = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|source| FaultScriptError::File { path: shown.clone(), source })?;
        serde_json::from_str(&text).map_err(|source| FaultScriptError::Shape { path: shown, source })
    }
}

/// A script and how often each of its rules has been met.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<(FaultRule, u32)>,
}

impl Faults {
    pub fn new(script: FaultScript) -> Self {
        Self { rules: script.faults.into_iter().map(|rule| (rule, 0)).collect() }
    }

    /// Counts the call against every rule that it fits; the first that is due decides.
    pub fn befall(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut due = None;
        for (rule, met) in &mut self.rules {
            let fits = rule.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && fits_template(&rule.path, path);
            if !fits {
                continue;
            }
            *met = met.saturating_add(1);
            let is_due = *met >= rule.nth && *met < rule.nth.saturating_add(rule.times);
            if is_due && due.is_none() {
                due = Some(rule.fault.clone());
            }
        }
        due
    }
}

/// Whether `path` is of the form of `template`, where `{x}` stands for one or more characters other than `/`.
fn fits_template(template: &str, path: &str) -> bool {
    let Some((literal, rest)) = template.split_once('{') else {
        return template.eq_ignore_ascii_case(path);
    };
    let Some((_, template_rest)) = rest.split_once('}') else {
        return template.eq_ignore_ascii_case(path);
    };
    let Some((head, tail)) = path.split_at_checked(literal.len()) else {
        return false;
    };
    if !head.eq_ignore_ascii_case(literal) {
        return false;
    }
    tail.char_indices().take_while(|(_, character)| *character != '/').any(|(at, character)| {
        tail.get(at + character.len_utf8()..).is_some_and(|left| fits_template(template_rest, left))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_fit_one_segment_also_within_parentheses() {
        assert!(fits_template("/v1.0/applications/{id}", "/v1.0/applications/42"));
        assert!(!fits_template("/v1.0/applications/{id}", "/v1.0/applications/42/addPassword"));
        assert!(!fits_template("/v1.0/applications/{id}", "/v1.0/applications/"));
        assert!(fits_template("/v1.0/applications(uniqueName='{name}')", "/v1.0/applications(uniqueName='a%20b')"));
        assert!(fits_template("/{tenant}/oauth2/v2.0/token", "/organizations/oauth2/v2.0/token"));
    }

    #[test]
    fn the_nth_call_and_as_many_as_said_are_befallen() {
        let script: FaultScript = serde_json::from_str(
            r#"{"faults":[{"method":"GET","path":"/a/{x}","nth":2,"times":2,"fault":{"kind":"status","status":503}}]}"#,
        )
        .unwrap();
        let mut faults = Faults::new(script);
        let met: Vec<bool> = (0..5).map(|_| faults.befall("GET", "/a/1").is_some()).collect();
        assert_eq!(met, [false, true, true, false, false]);
        assert!(faults.befall("POST", "/a/1").is_none());
    }

    #[test]
    fn a_misspelt_script_is_refused() {
        let wrong = r#"{"faults":[{"path":"/a","fault":{"kind":"status","status":503,"aplied":true}}]}"#;
        assert!(serde_json::from_str::<FaultScript>(wrong).is_err());
    }
}
