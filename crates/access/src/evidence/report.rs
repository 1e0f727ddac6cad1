//! What a page of evidence says, before it is drawn: a verdict, and tables.

use crate::audit::Audit;
use crate::evidence::telling;
use crate::history::Changes;
use crate::run::{RunState, RunStep, RunView};
use crate::verification::{VerdictKind, Verification};

/// A page's content.
pub(super) struct Report {
    pub title: String,
    /// What it comes to, in a sentence.
    pub verdict: String,
    pub advice: Option<String>,
    pub weight: Weight,
    /// Beside those of the frame.
    pub facts: Vec<(&'static str, String)>,
    /// Those without rows are left out.
    pub tables: Vec<Table>,
}

/// How the verdict is marked.
#[derive(Clone, Copy)]
pub(super) enum Weight {
    Good,
    Open,
    Bad,
}

/// Rows under a heading.
pub(super) struct Table {
    pub heading: &'static str,
    pub head: Vec<&'static str>,
    /// Columns that hold ids, from 0.
    pub ids: Vec<usize>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new<const N: usize>(
        heading: &'static str,
        head: [&'static str; N],
        ids: &[usize],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        Self { heading, head: head.to_vec(), ids: ids.to_vec(), rows: rows.into_iter().map(Vec::from).collect() }
    }
}

pub(super) fn of_verification(found: &Verification) -> Report {
    let card = &found.principal;
    let mut facts = vec![
        ("For", format!("{} ({})", card.name, telling::kind(card.kind))),
        ("Client id", card.client_id.clone()),
        ("Object id of its service principal", card.object_id.clone().unwrap_or_else(|| "none yet".to_owned())),
        ("Sign-in", telling::sign_in(card).to_owned()),
    ];
    if let Some(azure) = &card.azure {
        facts.push(("Azure resource", azure.id.clone()));
    }
    if let Some(required) = found.assignment_required {
        let words = if required { "required before anyone can use it" } else { "not required" };
        facts.push(("Assignment", words.to_owned()));
    }
    let told = |(state, at, note): (&'static str, Option<&str>, String)| {
        let at = at.map_or_else(String::new, |at| format!(" {}", telling::moment(at)));
        format!("{state}{at}. {note}")
    };
    facts.push(("Token asked for just then", told(telling::token(&found.token))));
    facts.push(("Provisioning log read with it", told(telling::log(&found.log))));
    Report {
        title: format!("Verification of {}", card.name),
        verdict: found.verdict.sentence.clone(),
        advice: found.verdict.advice.clone(),
        weight: match found.verdict.kind {
            VerdictKind::Ready => Weight::Good,
            VerdictKind::ReadyBut | VerdictKind::NotYet | VerdictKind::CantTell => Weight::Open,
            VerdictKind::NotReady => Weight::Bad,
        },
        facts,
        tables: tables_of(found),
    }
}

fn tables_of(found: &Verification) -> Vec<Table> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let since = |at: &Option<String>| at.as_deref().map_or_else(String::new, telling::moment);
    vec![
        Table::new(
            "What was found",
            ["Finding", "How urgent", "What can be done"],
            &[],
            found
                .findings
                .iter()
                .map(|one| [one.sentence.clone(), telling::weight(one.weight).to_owned(), text(&one.advice)]),
        ),
        Table::new(
            "Permissions required",
            ["Permission", "State", "Requested", "In a token", "Granted", "Grant id"],
            &[5],
            found.permissions.iter().map(|row| {
                let note = row.note.as_ref().map_or_else(String::new, |note| format!(". {note}"));
                [
                    format!("{} ({})", row.title, row.value),
                    format!("{}{note}", telling::permission(row.state)),
                    telling::requested(row).to_owned(),
                    telling::in_token(row).to_owned(),
                    row.granted.as_ref().map_or_else(String::new, |grant| since(&grant.at)),
                    row.granted.as_ref().map_or_else(String::new, |grant| grant.id.clone()),
                ]
            }),
        ),
        Table::new(
            "Permissions beyond those required",
            ["Permission", "Risk", "What it allows", "Granted", "Grant id"],
            &[4],
            found.surplus.iter().map(|row| {
                [
                    row.value.clone(),
                    telling::risk(row.risk),
                    row.explanation.clone(),
                    since(&row.grant.at),
                    row.grant.id.clone(),
                ]
            }),
        ),
        Table::new(
            "Secrets and certificates",
            ["What", "Description", "Ends", "Left", "Where its value is", "Key id"],
            &[5],
            found.credentials.iter().map(|row| {
                [
                    telling::credential(row).to_owned(),
                    row.description.clone(),
                    since(&row.expires),
                    telling::days_left(row.days_left),
                    telling::in_keychain(row).to_owned(),
                    row.key_id.clone(),
                ]
            }),
        ),
        Table::new(
            "Owners of the app registration",
            ["Name", "Sign-in name", "Object id"],
            &[2],
            found.owners.iter().map(|row| [row.name.clone(), text(&row.sign_in_name), row.id.clone()]),
        ),
        Table::new(
            "Identities elsewhere that it trusts",
            ["Name", "Issuer", "Subject"],
            &[],
            found.federated.iter().map(|row| [row.name.clone(), text(&row.issuer), text(&row.subject)]),
        ),
        Table::new("What could not be read", ["What"], &[], found.unreadable.iter().map(|line| [line.clone()])),
        changes(found.changes.as_ref()),
    ]
}

pub(super) fn of_audit(found: &Audit) -> Report {
    let summary = &found.summary;
    let facts = vec![
        ("Holders", summary.holders.to_string()),
        ("Grants of the permissions looked for", summary.grants.to_string()),
        ("Grants of Microsoft Graph read", format!("{} in {} pages", summary.grants_read, summary.pages)),
    ];
    let permissions = summary.permissions.iter().map(|one| {
        let offered = if one.offered { "yes" } else { "no" };
        [format!("{} ({})", one.title, one.value), telling::risk(one.risk), one.explanation.clone(), offered.to_owned()]
    });
    let rows = found.rows.iter().map(|row| {
        [
            row.name.clone(),
            telling::holder(row).to_owned(),
            row.permission.clone(),
            row.granted_at.as_deref().map_or_else(String::new, telling::moment),
            row.principal_id.clone(),
            row.grant_id.clone(),
        ]
    });
    Report {
        title: format!("Who has access in {}", summary.tenant_name),
        verdict: summary.sentence.clone(),
        advice: None,
        weight: Weight::Open,
        facts,
        tables: vec![
            Table::new(
                "Permissions looked for",
                ["Permission", "Risk", "What it allows", "Offered here"],
                &[],
                permissions,
            ),
            changes(summary.changes.as_ref()),
            Table::new("Holders", ["Name", "What", "Permission", "Granted", "Object id", "Grant id"], &[4, 5], rows),
        ],
    }
}

pub(super) fn of_run(run: &RunView) -> Report {
    let step = |attempt: String, step: &RunStep| {
        let (state, note, request_id) = telling::step(&step.state);
        let term = step.term.as_ref().map_or_else(String::new, |term| format!(" ({term})"));
        [
            attempt,
            step.number.to_string(),
            format!("{}{term}", step.title),
            format!("{state}. {note}").trim_end_matches(['.', ' ']).to_owned(),
            request_id.unwrap_or_default().to_owned(),
        ]
    };
    let mut steps = Vec::new();
    let mut attempts = Vec::new();
    let mut attempt =
        |number: usize, doing, started: &str, ended: &Option<String>, state, operator: &str, text: &str| {
            attempts.push([
                number.to_string(),
                telling::doing(doing).to_owned(),
                telling::moment(started),
                ended.as_deref().map_or_else(String::new, telling::moment),
                telling::run(state).to_owned(),
                operator.to_owned(),
                text.to_owned(),
            ]);
        };
    for (number, one) in (1..).zip(&run.earlier) {
        attempt(number, one.doing, &one.started, &one.ended, one.state, &one.operator, &one.summary);
        steps.extend(one.steps.iter().map(|each| step(number.to_string(), each)));
    }
    let number = run.earlier.len() + 1;
    attempt(number, run.doing, &run.started, &run.ended, run.state, &run.operator, &run.summary);
    steps.extend(run.steps.iter().map(|each| step(number.to_string(), each)));
    let made = run.made.iter().map(|one| {
        let now = one.removed.as_ref().map_or_else(
            || "it is there, as far as this run knows".to_owned(),
            |at| format!("taken back {}", telling::moment(at)),
        );
        [one.what.clone(), now, one.id_name.clone(), one.id.clone()]
    });
    Report {
        title: format!("Run for {}", run.subject),
        verdict: run.summary.clone(),
        advice: None,
        weight: match run.state {
            RunState::Done | RunState::Undone => Weight::Good,
            RunState::Running | RunState::Cancelled | RunState::Interrupted => Weight::Open,
            RunState::Failed => Weight::Bad,
        },
        facts: vec![
            ("For", run.subject.clone()),
            ("State", telling::run(run.state).to_owned()),
            ("Run id", run.id.clone()),
        ],
        tables: vec![
            Table::new("Attempts", ["No.", "To", "Began", "Ended", "State", "By", "What was then true"], &[], attempts),
            Table::new("Steps", ["Attempt", "Step", "What", "State", "Request id"], &[4], steps),
            Table::new("What it made", ["What", "Now", "Id", ""], &[3], made),
        ],
    }
}

fn changes(changes: Option<&Changes>) -> Table {
    let lines = changes.into_iter().flat_map(|changes| {
        let more = (changes.more > 0).then(|| ["more".to_owned(), format!("{} more are not listed.", changes.more)]);
        let since = format!("Compared with {}, read by {}.", telling::moment(&changes.since), changes.operator);
        let lines = changes.lines.iter().map(|line| [telling::change(line).to_owned(), line.sentence.clone()]);
        [["since".to_owned(), since]].into_iter().chain(lines).chain(more).collect::<Vec<_>>()
    });
    Table::new("What is different from the last time", ["How", "What"], &[], lines)
}
