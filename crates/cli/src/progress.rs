//! Progress of a run on stderr: living lines on a terminal, one line per change elsewhere.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use inbound_access_job::Listener;
use inbound_access_job::run::{RunEvent, RunStep, RunView, StepState};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::args::Telling;
use crate::output::remark;
use crate::text;
use crate::text::safe::shown;

/// A listener that tells as much as was asked for. With `--json`, stderr is kept for the one line of an error unless
/// somebody looks on.
pub(crate) fn listener(telling: Telling) -> Listener {
    if telling.no_progress {
        return Arc::new(|_| {});
    }
    if std::io::stderr().is_terminal() {
        let board = Mutex::new(Board::default());
        return Arc::new(move |event| board.lock().unwrap_or_else(PoisonError::into_inner).hear(event));
    }
    if telling.json {
        return Arc::new(|_| {});
    }
    let titles = Mutex::new(HashMap::new());
    Arc::new(move |event| {
        for line in lines(&mut titles.lock().unwrap_or_else(PoisonError::into_inner), &event) {
            remark(&line);
        }
    })
}

/// What one event says, where lines cannot be changed any more. Starting and waiting are left out.
fn lines(titles: &mut HashMap<u32, String>, event: &RunEvent) -> Vec<String> {
    match event {
        RunEvent::Started { run } => {
            titles.extend(run.steps.iter().map(|step| (step.number, title(run, step))));
            vec![format!("run {}: {}", run.id, shown(&run.subject))]
        }
        RunEvent::Step { state: StepState::Waiting | StepState::Working | StepState::AlreadySo, .. }
        | RunEvent::Ended { .. } => Vec::new(),
        RunEvent::Step { number, state, .. } => {
            let title = titles.get(number).cloned().unwrap_or_else(|| format!("step {number}"));
            vec![format!("{title}: {}", text::run::state(state))]
        }
    }
}

fn title(run: &RunView, step: &RunStep) -> String {
    format!("[{}/{}] {}", step.number, run.steps.len(), shown(&step.title))
}

#[derive(Default)]
struct Board {
    bars: MultiProgress,
    lines: HashMap<u32, (ProgressBar, String)>,
}

impl Board {
    fn hear(&mut self, event: RunEvent) {
        match event {
            RunEvent::Started { run } => {
                for step in &run.steps {
                    let bar = self.bars.add(ProgressBar::new_spinner().with_style(style("{spinner} {msg}")));
                    let title = title(&run, step);
                    self.lines.insert(step.number, (bar, title));
                    self.show(step.number, &step.state);
                }
            }
            RunEvent::Step { number, state, .. } => self.show(number, &state),
            RunEvent::Ended { .. } => {
                for (bar, _) in self.lines.values() {
                    bar.abandon();
                }
            }
        }
    }

    fn show(&self, number: u32, state: &StepState) {
        let Some((bar, title)) = self.lines.get(&number) else { return };
        let words = format!("{title}: {}", text::run::state(state));
        let settled = |sign: &str| {
            bar.set_style(style(&format!("{sign} {{msg}}")));
            bar.abandon_with_message(words.clone());
        };
        match state {
            StepState::Waiting => bar.set_message(words),
            StepState::Working
            | StepState::CatchingUp { .. }
            | StepState::KeychainAsks
            | StepState::ShowsSecret { .. }
            | StepState::Throttled { .. } => {
                bar.enable_steady_tick(Duration::from_millis(100));
                bar.set_message(words);
            }
            StepState::AlreadySo | StepState::Done { .. } => settled("✓"),
            StepState::ConsentAsked => settled("…"),
            StepState::Failed { .. } => settled("✗"),
            StepState::NotDone { .. } => settled("-"),
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use inbound_access_job::plan::StepKind;
    use inbound_access_job::run::RunState;

    fn run() -> RunView {
        RunView {
            id: "r-1".into(),
            started: "2026-11-12T10:40:00Z".into(),
            ended: None,
            state: RunState::Running,
            tenant_name: "Contoso".into(),
            tenant_id: "t".into(),
            cloud: "Practice".into(),
            operator: "admin@contoso.example".into(),
            subject: "the app \"HR feed\"".into(),
            steps: vec![RunStep {
                number: 1,
                kind: StepKind::RegisterApp,
                title: "Register the app \"HR\u{1b}[2J\"".into(),
                term: None,
                state: StepState::Waiting,
            }],
            made: Vec::new(),
            hand_over: None,
            consent: None,
            finishes: None,
            summary: String::new(),
            doing: inbound_access_job::run::Doing::SetUp,
            earlier: Vec::new(),
            left: None,
            ways: inbound_access_job::run::Ways::default(),
            debts: Vec::new(),
        }
    }

    #[test]
    fn without_a_terminal_each_change_is_one_line_that_cannot_move_the_cursor() {
        let mut titles = HashMap::new();
        let step = |state| RunEvent::Step { run_id: "r-1".into(), number: 1, state };
        let events = [
            RunEvent::Started { run: Box::new(run()) },
            step(StepState::Working),
            step(StepState::CatchingUp { attempt: 3, seconds: 12 }),
            step(StepState::Done { note: Some("client id 7d1c".into()), request_id: None }),
            RunEvent::Ended { run: Box::new(run()) },
        ];
        let said: Vec<String> = events.iter().flat_map(|event| lines(&mut titles, event)).collect();
        assert_eq!(
            said,
            [
                "run r-1: the app \"HR feed\"",
                "[1/1] Register the app \"HR<U+001B>[2J\": waiting for Entra to catch up (try 3, 12 s)",
                "[1/1] Register the app \"HR<U+001B>[2J\": done (client id 7d1c)",
            ]
        );
    }
}
