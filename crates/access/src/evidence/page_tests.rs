use proptest::prelude::*;

use super::*;
use crate::evidence::Exported;
use crate::evidence::report;
use crate::run::RunView;

fn run_named(name: &str) -> RunView {
    serde_json::from_value(serde_json::json!({
        "id": "1a2b3c4d-0000-0000-0000-000000000000",
        "started": "2026-11-12T10:40:00Z",
        "ended": "2026-11-12T10:41:00Z",
        "state": "done",
        "tenantName": name,
        "tenantId": "t-1",
        "cloud": "Global",
        "operator": name,
        "subject": name,
        "steps": [{
            "number": 1, "kind": "registerApp", "title": name, "term": name,
            "state": { "kind": "done", "note": name, "requestId": name },
        }],
        "made": [{ "step": 1, "what": name, "idName": "object id", "id": name }],
        "handOver": null,
        "summary": name,
    }))
    .expect("a run")
}

fn page(name: &str) -> String {
    let run = run_named(name);
    let exported = Exported { at: jiff::Timestamp::UNIX_EPOCH, by: Some(name) };
    let bytes = render(&Document::of_run(&run, exported), &report::of_run(&run));
    String::from_utf8(bytes).expect("UTF-8")
}

/// What stands between `<` and `>` outside of the style, in order.
fn tags(page: &str) -> Vec<String> {
    let (before, rest) = page.split_once("<style>").expect("a style");
    let (_, after) = rest.split_once("</style>").expect("its end");
    let pieces = before.split('<').skip(1).chain(after.split('<').skip(1));
    pieces.map(|piece| piece.split_once('>').map_or(piece, |(tag, _)| tag).to_owned()).collect()
}

#[test]
fn a_page_needs_nothing_else_and_prints() {
    let page = page("HR feed");
    for wanted in [
        "<!DOCTYPE html>",
        "@page { size: A4",
        "display: table-header-group",
        "break-inside: avoid",
        "default-src 'none'",
        "no secrets are in this file",
        VERSION,
        "12 Nov 2026, 10:40 UTC",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    for unwanted in ["<script", "http:", "https:", "url(", "@import", "<link", "<img", " on"] {
        let found = tags(&page).join(" ").contains(unwanted) || STYLE.contains(unwanted);
        assert!(!found, "{unwanted}");
    }
    insta::assert_snapshot!(page);
}

proptest! {
    #[test]
    fn no_name_changes_the_page(name in "(?s)[<>&\"'/a-z=!\\-\u{0}\u{202E}\r\n]{0,40}") {
        prop_assert_eq!(tags(&page(&name)), tags(&page("plain")));
        let page = page(&name);
        let hides = page.contains(['\u{0}', '\u{202E}']);
        prop_assert!(!hides);
    }
}
