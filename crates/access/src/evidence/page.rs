//! Evidence as one page to be read and printed: no script, nothing from elsewhere, every name escaped and in plain sight.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::evidence::document::{APP, Document, VERSION};
use crate::evidence::report::{Report, Table, Weight};
use crate::evidence::telling;
use crate::words::visible;

/// Typography for screen and A4 alike.
const STYLE: &str = include_str!("page.css");
/// The page may use nothing but its own style, whatever is in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The whole page.
pub(super) fn render(frame: &Document<'_>, report: &Report) -> Vec<u8> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title { (visible(&report.title)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kind { "Evidence" }
                    h1 { (visible(&report.title)) }
                    p.verdict.(class(report.weight)) { (visible(&report.verdict)) }
                    @if let Some(advice) = &report.advice { p { (visible(advice)) } }
                }
                main {
                    (facts(frame, report))
                    @for one in report.tables.iter().filter(|one| !one.rows.is_empty()) { (table(one)) }
                    (requests(frame))
                }
                footer {
                    p {
                        (APP) " " (VERSION) " · written " (telling::moment(&frame.exported_at))
                        @if let Some(by) = frame.exported_by { " by " (visible(by)) }
                        " · no secrets are in this file"
                    }
                }
            }
        }
    };
    page.into_string().into_bytes()
}

const fn class(weight: Weight) -> &'static str {
    match weight {
        Weight::Good => "good",
        Weight::Open => "open",
        Weight::Bad => "bad",
    }
}

fn facts(frame: &Document<'_>, report: &Report) -> Markup {
    let (when, who) = if frame.kind == "run" { ("Begun", "Run by") } else { ("Read", "Read by") };
    let own = [
        (when, telling::moment(frame.taken_at)),
        (who, frame.operator.to_owned()),
        ("Tenant", format!("{}, {}", frame.tenant.name, frame.tenant.id)),
        ("Cloud", frame.cloud.to_owned()),
    ];
    html! {
        table.facts {
            tbody {
                @for (label, value) in own.iter().chain(&report.facts) {
                    tr { th scope="row" { (label) } td { (visible(value)) } }
                }
            }
        }
    }
}

fn table(one: &Table) -> Markup {
    html! {
        section {
            h2 { (one.heading) }
            table {
                thead { tr { @for cell in &one.head { th scope="col" { (cell) } } } }
                tbody {
                    @for row in &one.rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                td.id[one.ids.contains(&at)] { (visible(cell)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn requests(frame: &Document<'_>) -> Markup {
    html! {
        @if !frame.requests.is_empty() {
            section {
                h2 { "Requests that Microsoft's support can look up" }
                table {
                    thead { tr {
                        th scope="col" { "About" } th scope="col" { "Status" } th scope="col" { "Request id" }
                        th scope="col" { "Client request id" } th scope="col" { "Answered" }
                    } }
                    tbody {
                        @for one in &frame.requests {
                            tr {
                                td { (visible(&one.about)) }
                                td { @if let Some(status) = one.status { (status) } }
                                td.id { (visible(one.request_id.as_deref().unwrap_or_default())) }
                                td.id { (visible(one.client_request_id.as_deref().unwrap_or_default())) }
                                td { (visible(one.date.as_deref().unwrap_or_default())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
