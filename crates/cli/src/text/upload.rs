//! A real upload: what would be sent, how it goes on, and what became of the user.

use std::collections::HashSet;

use inbound_access_job::upload::{LogEntry, LogOutcome, UploadPreview, UploadState, UploadView};

use super::safe::{moment, shown};

/// Of so many looks at the log one is told.
const EVERY: u32 = 6;

/// The warnings first, then the request as it goes.
pub(crate) fn preview(preview: &UploadPreview) -> String {
    let mut text = format!("{}\n", shown(&preview.sentence));
    for warning in &preview.warnings {
        text.push_str(&format!("warning: {}\n", shown(warning)));
    }
    text.push_str(&format!("\n  {}\n", shown(&preview.address)));
    for header in &preview.headers {
        text.push_str(&format!("  {}\n", shown(header)));
    }
    text.push('\n');
    for line in preview.payload.lines() {
        text.push_str(&format!("  {}\n", shown(line)));
    }
    text
}

/// What was told of an upload so far.
#[derive(Default)]
pub(crate) struct Told {
    sentence: String,
    entries: HashSet<String>,
}

impl Told {
    /// The lines that are new. How it ended is the result's to say.
    pub(crate) fn news(&mut self, view: &UploadView) -> Vec<String> {
        let mut lines = Vec::new();
        if matches!(view.state, UploadState::Sending | UploadState::Waiting) {
            if view.sentence != self.sentence {
                self.sentence.clone_from(&view.sentence);
                lines.push(shown(&view.sentence));
            } else if view.looks > 0 && view.looks.is_multiple_of(EVERY) {
                let next = view.next_look.as_deref().map_or_else(String::new, |at| format!(", next {}", moment(at)));
                lines.push(format!("looked at the log {} times{next}; Ctrl-C stops looking", view.looks));
            }
        }
        for entry in &view.entries {
            if self.entries.insert(entry.id.clone()) {
                lines.push(line(entry));
            }
        }
        lines
    }
}

/// How it ended, what the log says, and what to name to Microsoft's support.
pub(crate) fn whole(view: &UploadView) -> String {
    let mut text = format!("{}\n", shown(&view.sentence));
    for entry in &view.entries {
        text.push_str(&format!("  {}\n", line(entry)));
        let reason = match (&entry.reason, &entry.code) {
            (Some(reason), Some(code)) => Some(format!("{} ({})", shown(reason), shown(code))),
            (one, other) => one.as_ref().or(other.as_ref()).map(|text| shown(text)),
        };
        for part in [reason, entry.recommended.as_ref().map(|text| shown(text))].into_iter().flatten() {
            text.push_str(&format!("    {part}\n"));
        }
    }
    if let Some(at) = &view.accepted_at {
        let id = view.request_id.as_ref().map_or_else(String::new, |id| format!(", request-id {}", shown(id)));
        text.push_str(&format!("Accepted {}{id}\n", moment(at)));
    }
    text
}

fn line(entry: &LogEntry) -> String {
    format!("{}  {}: {}  {}", moment(&entry.at), shown(&entry.action), outcome(entry.outcome), shown(&entry.user))
}

fn outcome(outcome: LogOutcome) -> &'static str {
    match outcome {
        LogOutcome::Success => "success",
        LogOutcome::Failure => "FAILURE",
        LogOutcome::Skipped => "skipped",
        LogOutcome::Warning => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, outcome: LogOutcome) -> LogEntry {
        LogEntry {
            id: id.into(),
            at: "2026-11-12T10:47:00Z".into(),
            action: "Create".into(),
            outcome,
            user: "Ines \u{1b}[2J".into(),
            reason: None,
            code: None,
            recommended: None,
        }
    }

    fn view(state: UploadState, sentence: &str, looks: u32, entries: Vec<LogEntry>) -> UploadView {
        UploadView {
            id: "u-1".into(),
            state,
            sentence: sentence.into(),
            accepted_at: Some("2026-11-12T10:42:00Z".into()),
            request_id: Some("r-1".into()),
            looks,
            next_look: Some("2026-11-12T10:43:00Z".into()),
            entries,
            problem: None,
        }
    }

    #[test]
    fn the_request_is_shown_as_it_goes_below_its_warnings() {
        insta::assert_snapshot!(preview(&UploadPreview {
            id: "u-1".into(),
            sentence: "HR feed sends 1 user to the job of Staff, with a token of its own.".into(),
            address: "POST https://graph.example/v1.0/x/bulkUpload".into(),
            headers: vec!["Content-Type: application/scim+json".into()],
            payload: "{\n  \"userName\": \"a\u{202e}b\"\n}".into(),
            warnings: vec!["This is no rehearsal.".into(), "The job is in quarantine.".into()],
        }));
    }

    #[test]
    fn what_could_not_be_taken_is_told_with_its_reason() {
        let refused = LogEntry {
            reason: Some("The domain is not verified.".into()),
            code: Some("DomainInvalid".into()),
            recommended: Some("Send another userName.".into()),
            ..entry("e-1", LogOutcome::Failure)
        };
        insta::assert_snapshot!(whole(&view(UploadState::Done, "The user was not created.", 2, vec![refused])));
    }

    #[test]
    fn each_piece_of_news_is_said_once_and_a_long_wait_now_and_then() {
        let mut told = Told::default();
        let waiting = |looks| view(UploadState::Waiting, "Accepted.", looks, Vec::new());
        let last = view(UploadState::Done, "The user was created.", 13, vec![entry("e-1", LogOutcome::Success)]);
        let views = [
            view(UploadState::Sending, "Sending 1 user.", 0, Vec::new()),
            waiting(0),
            waiting(1),
            waiting(6),
            waiting(7),
            last.clone(),
            last,
        ];
        let said: Vec<String> = views.iter().flat_map(|view| told.news(view)).collect();
        assert_eq!(
            said,
            [
                "Sending 1 user.",
                "Accepted.",
                "looked at the log 6 times, next 2026-11-12 10:43:00 UTC; Ctrl-C stops looking",
                "2026-11-12 10:47:00 UTC  Create: success  Ines <U+001B>[2J",
            ]
        );
    }
}
