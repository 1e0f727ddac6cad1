//! Evidence as a table for spreadsheets: RFC 4180 with a byte order mark, by which Excel knows UTF-8, and guarded, so that no
//! name from the tenant is reckoned as a formula. Each row says by itself where, when, by whom and by which version.

use csv::{Terminator, WriterBuilder};

use crate::audit::Audit;
use crate::evidence::document::{APP, VERSION};
use crate::evidence::{telling, unwritable};
use crate::problem::Problem;
use crate::road::LogCheck;
use crate::run::{RunStep, RunView};
use crate::verification::{TokenCheck, Verification};

/// What a cell may not begin with: spreadsheets take it for a formula, the wide forms among them.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];
/// With which it may not begin either: some are dropped before the rest is read.
const BLANKS: [char; 3] = ['\t', '\r', '\n'];
/// Where another cell begins for Excel in much of Europe, whose lists are parted by semicolons; it then takes no notice of
/// the quotes in which the whole stands.
const ENDS: [char; 4] = [';', '\t', '\r', '\n'];
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Rows under a head.
fn table<'a, const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [std::borrow::Cow<'a, str>; N]>,
) -> Result<Vec<u8>, Problem> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(MARK.to_vec());
    writer.write_record(head).map_err(|error| unwritable(&error))?;
    for row in rows {
        for cell in &row {
            writer.write_field(guarded(cell)).map_err(|error| unwritable(&error))?;
        }
        writer.write_record(None::<&[u8]>).map_err(|error| unwritable(&error))?;
    }
    writer.into_inner().map_err(|error| unwritable(&error.error()))
}

/// Text that a spreadsheet shows as text: an apostrophe goes before what it would reckon with.
fn guarded(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len() + 1);
    if cell.starts_with(BLANKS) {
        out.push('\'');
    }
    let mut begins = true;
    for c in cell.chars() {
        if begins && SIGNS.contains(&c) {
            out.push('\'');
        }
        out.push(c);
        // A quote may open the cell, and what stands in it counts.
        begins = ENDS.contains(&c) || (begins && c == '"');
    }
    out
}

/// By which this is written.
fn version() -> String {
    format!("{APP} {VERSION}")
}

/// By which Microsoft's support finds what was refused.
fn request_id(problem: &Problem) -> &str {
    problem.trace.as_ref().and_then(|trace| trace.request_id.as_deref()).unwrap_or_default()
}

/// One row for each permission, credential, finding and check.
pub(super) fn of_verification(found: &Verification, operator: &str) -> Result<Vec<u8>, Problem> {
    let (card, version) = (&found.principal, version());
    let mut rows = Vec::new();
    let mut row = |what: &str, item: &str, state: &str, since: &str, until: &str, id: &str, note: &str| {
        let cells = [
            found.tenant_name.as_str(),
            &found.tenant_id,
            &card.name,
            &card.client_id,
            card.object_id.as_deref().unwrap_or_default(),
            &found.checked_at,
            operator,
            telling::verdict(found.verdict.kind),
            what,
            item,
            state,
            since,
            until,
            id,
            note,
            &version,
        ];
        rows.push(cells.map(|cell| cell.to_owned().into()));
    };
    row("verdict", "", telling::verdict(found.verdict.kind), "", "", &found.id, &found.verdict.sentence);
    for one in &found.permissions {
        let (id, at) = one.granted.as_ref().map_or(("", None), |grant| (grant.id.as_str(), grant.at.as_deref()));
        let note = one.note.as_deref().unwrap_or_default();
        row("permission", &one.value, telling::permission(one.state), at.unwrap_or_default(), "", id, note);
    }
    for one in &found.surplus {
        let note = format!("Risk {}. {}", telling::risk(one.risk), one.explanation);
        let at = one.grant.at.as_deref().unwrap_or_default();
        row("permission beyond those required", &one.value, "granted", at, "", &one.grant.id, &note);
    }
    for one in &found.credentials {
        let until = one.expires.as_deref().unwrap_or_default();
        let left = telling::days_left(one.days_left);
        row(telling::credential(one), &one.description, &left, "", until, &one.key_id, telling::in_keychain(one));
    }
    for one in &found.findings {
        row(
            "finding",
            &one.sentence,
            telling::weight(one.weight),
            "",
            "",
            "",
            one.advice.as_deref().unwrap_or_default(),
        );
    }
    for one in &found.owners {
        row("owner", &one.name, "", "", "", &one.id, one.sign_in_name.as_deref().unwrap_or_default());
    }
    for one in &found.federated {
        let subject = one.subject.as_deref().unwrap_or_default();
        row("federated credential", &one.name, "", "", "", one.issuer.as_deref().unwrap_or_default(), subject);
    }
    let (state, at, note) = telling::token(&found.token);
    let id = if let TokenCheck::Refused { problem } = &found.token { request_id(problem) } else { "" };
    row("token", "", state, at.unwrap_or_default(), "", id, &note);
    let (state, at, note) = telling::log(&found.log);
    let id = if let LogCheck::Refused { problem, .. } = &found.log { request_id(problem) } else { "" };
    row("provisioning log", "", state, at.unwrap_or_default(), "", id, &note);
    for one in &found.unreadable {
        row("not readable", "", "", "", "", "", one);
    }
    if let Some(changes) = &found.changes {
        for one in &changes.lines {
            row("change", "", telling::change(one), &changes.since, "", "", &one.sentence);
        }
        if changes.more > 0 {
            row("change", "", "more", &changes.since, "", "", &format!("{} more are not listed.", changes.more));
        }
    }
    let head = [
        "Tenant",
        "Tenant id",
        "Client",
        "Client id",
        "Object id",
        "Checked at",
        "Checked by",
        "Verdict",
        "What",
        "Item",
        "State",
        "Since",
        "Until",
        "Id",
        "Note",
        "Written by",
    ];
    table(head, rows)
}

/// One row for each grant.
pub(super) fn of_audit(found: &Audit) -> Result<Vec<u8>, Problem> {
    let (summary, version) = (&found.summary, version());
    let head = [
        "Tenant",
        "Tenant id",
        "Read at",
        "Read by",
        "Holder",
        "Holder type",
        "Holder object id",
        "Permission",
        "API",
        "Granted at",
        "Grant id",
        "Written by",
    ];
    let rows = found.rows.iter().map(|row| {
        [
            &summary.tenant_name,
            &summary.tenant_id,
            &summary.checked_at,
            &summary.operator,
            &row.name,
            telling::holder(row),
            &row.principal_id,
            &row.permission,
            &row.resource,
            row.granted_at.as_deref().unwrap_or_default(),
            &row.grant_id,
            &version,
        ]
        .map(|cell: &str| cell.into())
    });
    table(head, rows)
}

/// One row for each step of each attempt, then one for each thing that was made.
pub(super) fn of_run(run: &RunView) -> Result<Vec<u8>, Problem> {
    let (mut rows, version) = (Vec::new(), version());
    let mut row = |own: [&str; 11]| {
        let frame = [run.tenant_name.as_str(), &run.tenant_id, &run.id, &run.subject];
        let mut cells = frame.into_iter().chain(own).chain([version.as_str()]);
        rows.push(std::array::from_fn::<_, 16, _>(|_| cells.next().unwrap_or_default().to_owned().into()));
    };
    let mut step = |attempt: usize, doing: &str, started: &str, operator: &str, step: &RunStep| {
        let (state, note, request_id) = telling::step(&step.state);
        let (attempt, number) = (attempt.to_string(), step.number.to_string());
        let term = step.term.as_deref().unwrap_or_default();
        let id = request_id.unwrap_or_default();
        row(["step", &attempt, doing, started, operator, &number, &step.title, term, state, &note, id]);
    };
    for (attempt, one) in (1..).zip(&run.earlier) {
        for each in &one.steps {
            step(attempt, telling::doing(one.doing), &one.started, &one.operator, each);
        }
    }
    for each in &run.steps {
        step(run.earlier.len() + 1, telling::doing(run.doing), &run.started, &run.operator, each);
    }
    for made in &run.made {
        let note = made.removed.as_ref().map_or_else(String::new, |at| format!("taken back {at}"));
        let state = if made.removed.is_some() { "made and taken back" } else { "made" };
        let (number, id) = (made.step.to_string(), format!("{} {}", made.id_name, made.id));
        row(["object", "", "", "", "", &number, &made.what, &id, state, &note, ""]);
    }
    let head = [
        "Tenant",
        "Tenant id",
        "Run",
        "For",
        "What",
        "Attempt",
        "Doing",
        "Started",
        "Operator",
        "Step",
        "Title",
        "Term or id",
        "State",
        "Note",
        "Request id",
        "Written by",
    ];
    table(head, rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let text = bytes.strip_prefix(MARK).expect("a mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_table_is_rfc_4180_with_a_mark() {
        let bytes = table(["a", "b"], [["1,2".into(), "say \"x\"\r\ny".into()]]).expect("written");
        assert_eq!(bytes, b"\xEF\xBB\xBFa,b\r\n\"1,2\",\"say \"\"x\"\"\r\ny\"\r\n");
    }

    #[test]
    fn what_a_list_of_semicolons_would_part_is_no_formula_either() {
        for (cell, expected) in [
            ("x;=1+1;y", "x;'=1+1;y"),
            ("x;\"=1&\";y", "x;\"'=1&\";y"),
            ("x\r\n=1+1", "x\r\n'=1+1"),
            ("\t=1", "'\t'=1"),
            ("=1", "'=1"),
            ("a = b; -c", "a = b; -c"),
            ("2026-11-12T10:42:00Z", "2026-11-12T10:42:00Z"),
        ] {
            assert_eq!(guarded(cell), expected);
        }
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_none_is_lost(
            cells in prop::collection::vec(("[=+@\t\r\n\u{FF1D}-]?.{0,12}", "(?s)[=;\"'\n-]{0,3}.{0,12}"), 0..5)
        ) {
            let rows: Vec<[std::borrow::Cow<'_, str>; 2]> =
                cells.iter().map(|(a, b)| [a.as_str().into(), b.as_str().into()]).collect();
            let found = read(&table(["a", "b"], rows).expect("written"));
            prop_assert_eq!(found.len(), cells.len() + 1);
            for (row, (a, b)) in found.iter().skip(1).zip(&cells) {
                for (cell, was) in row.iter().zip([a, b]) {
                    prop_assert!(!cell.starts_with(BLANKS), "{:?}", cell);
                    let mut parts = cell.split(ENDS).map(|part| part.trim_start_matches('"'));
                    prop_assert!(!parts.any(|part| part.starts_with(SIGNS)), "{:?}", cell);
                    prop_assert_eq!(cell.replace('\'', ""), was.replace('\'', ""), "nothing but apostrophes is added");
                }
            }
        }
    }
}
