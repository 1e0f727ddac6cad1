//! A run: its end, what it made, and what the API developer needs.

use inbound_access_job::consent::ConsentState;
use inbound_access_job::run::{HandOver, RunState, RunView, StepState};

use super::safe::{moment, shown};
use super::table::table;

/// Whole.
pub(crate) fn whole(run: &RunView) -> String {
    let mut text = format!("{}\n", shown(&run.summary));
    for step in &run.steps {
        text.push_str(&format!("  {}  {}: {}\n", step.number, shown(&step.title), state(&step.state)));
    }
    if let Some(hand_over) = &run.hand_over {
        text.push_str(&for_the_developer(hand_over));
    } else if !run.made.is_empty() {
        text.push_str(&all_made(run));
    }
    if let Some(consent) = &run.consent {
        text.push_str(&asked_of_another(consent));
    }
    for debt in &run.debts {
        let key = debt.key_id.as_ref().map_or_else(String::new, |key| format!(" (key id {})", shown(key)));
        text.push_str(&format!(
            "A secret called \"{}\"{key} may exist in Entra, and nobody has its value. The next run for this app removes it.\n",
            shown(&debt.description)
        ));
    }
    if run.ways.can_continue {
        text.push_str(&format!("Do the rest with `inbound-access-cli resume {}`", run.id));
        text.push_str(&if run.ways.can_leave {
            format!(", or leave it as it is with `inbound-access-cli leave {}`.\n", run.id)
        } else {
            "; it was left as it is.\n".to_owned()
        });
    }
    if run.ways.can_undo {
        text.push_str(&format!("Take back what it made with `inbound-access-cli undo {}`.\n", run.id));
    }
    text.push_str(&format!("Run {} in {} ({})\n", run.id, shown(&run.tenant_name), shown(&run.tenant_id)));
    text
}

/// What the run made, and what of it is gone.
fn all_made(run: &RunView) -> String {
    let mut text = String::from(if run.made.iter().any(|made| made.removed.is_some()) {
        "What this run made, and what became of it:\n"
    } else {
        "What this run made and what exists now:\n"
    });
    for made in &run.made {
        let gone = match (&made.removed, &made.restorable_until) {
            (None, _) => String::new(),
            (Some(at), None) => format!(", removed {}", moment(at)),
            (Some(at), Some(until)) => format!(", removed {}, can be restored until {}", moment(at), moment(until)),
        };
        text.push_str(&format!("  {}: {} {}{gone}\n", shown(&made.what), shown(&made.id_name), shown(&made.id)));
    }
    text
}

/// What can be done with a run, as its commands are called.
fn ways(run: &RunView) -> String {
    let ways = [(run.ways.can_continue, "resume"), (run.ways.can_undo, "undo"), (run.ways.can_leave, "leave")];
    ways.into_iter().filter_map(|(can, name)| can.then_some(name)).collect::<Vec<_>>().join(", ")
}

/// One line each, newest first.
pub(crate) fn list(runs: &[RunView]) -> String {
    if runs.is_empty() {
        return "No runs are kept on this computer.\n".into();
    }
    let rows: Vec<_> = runs
        .iter()
        .map(|run| {
            [
                run.id.clone(),
                moment(&run.started),
                ended(run.state).to_owned(),
                ways(run),
                format!("{} ({})", shown(&run.tenant_name), shown(&run.cloud)),
                shown(&run.subject),
            ]
        })
        .collect();
    table(["run", "started", "state", "you can", "tenant", "for"], &rows)
}

fn for_the_developer(hand_over: &HandOver) -> String {
    let principal = &hand_over.principal;
    let mut lines = vec![
        ("Tenant id", hand_over.tenant_id.clone()),
        ("Client id", principal.client_id.clone()),
        ("Object id", principal.object_id.clone().unwrap_or_else(|| "none yet".into())),
        ("Token URL", hand_over.token_url.clone()),
        ("Scope", hand_over.scope.clone()),
        ("Permissions", hand_over.permissions.join(", ")),
    ];
    if let Some(secret) = &hand_over.secret {
        lines.push(("Secret", format!("in the {}, item \"{}\"", secret.keychain, secret.service)));
        lines.push(("", format!("account \"{}\"", secret.account)));
        lines.push(("", format!("\"{}\", ends {}", shown(&secret.description), moment(&secret.expires))));
    }
    if let Some(secret) = &hand_over.shown {
        lines.push(("Secret", "shown once, and kept nowhere on this computer".to_owned()));
        lines.push(("", format!("\"{}\", ends {}", shown(&secret.description), moment(&secret.expires))));
    }
    let mut text = String::from("For the API developer:\n");
    for (name, value) in lines {
        text.push_str(&format!("  {name:<12}{}\n", shown(&value)));
    }
    text
}

fn asked_of_another(consent: &ConsentState) -> String {
    let mut text = String::from("Asked of another administrator:\n");
    for (permission, granted) in consent.request.permissions.iter().zip(&consent.granted) {
        let state =
            granted.as_deref().map_or_else(|| "not granted yet".to_owned(), |at| format!("granted {}", moment(at)));
        text.push_str(&format!("  {}: {state}\n", shown(&permission.value)));
    }
    if consent.granted.iter().any(Option::is_none) {
        text.push_str("  They finish it with `inbound-access-cli consent grant FILE`, in Inbound Access, or at\n");
        text.push_str(&format!("  {}\n", shown(&consent.portal_url)));
    }
    text
}

/// Where a run stands.
pub(crate) fn ended(state: RunState) -> &'static str {
    match state {
        RunState::Running => "running",
        RunState::Done => "done",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
        RunState::Interrupted => "interrupted",
        RunState::Undone => "undone",
    }
}

/// Where a step stands, in words.
pub(crate) fn state(state: &StepState) -> String {
    match state {
        StepState::AlreadySo => "already so".into(),
        StepState::Waiting => "waiting".into(),
        StepState::Working => "working".into(),
        StepState::CatchingUp { attempt, seconds } => {
            format!("waiting for Entra to catch up (try {attempt}, {seconds} s)")
        }
        StepState::KeychainAsks => "waiting for you: the keychain may be asking something".into(),
        StepState::ShowsSecret { .. } => "waiting for you: the secret is shown once".into(),
        StepState::Throttled { seconds } => format!("Entra asked to wait {seconds} s"),
        StepState::Done { note: Some(note), .. } => format!("done ({})", shown(note)),
        StepState::Done { note: None, .. } => "done".into(),
        StepState::Failed { problem } => format!("failed: {}", shown(&problem.message)),
        StepState::ConsentAsked => "left to another administrator".into(),
        StepState::NotDone { reason } => format!("not done: {}", shown(reason)),
    }
}
