//! The exact request behind a step, as the client would send it.

use inbound_entra::graph::request::Request;
use url::Url;

use crate::plan::RequestPreview;

/// Stands for an id that an earlier step will bring: `{client id of step 1}`.
pub(crate) fn placeholder(id_name: &str, step: u32) -> String {
    format!("{{{id_name} of step {step}}}")
}

/// The request as it goes to Microsoft Graph at `graph`.
pub(crate) fn of(request: &Request, graph: &Url) -> RequestPreview {
    let mut headers: Vec<String> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if request.body.is_some() {
        headers.push("Content-Type: application/json".to_owned());
    }
    RequestPreview {
        method: request.method.to_string(),
        url: format!("{}{}", graph.origin().ascii_serialization(), readable(&request.path)),
        headers,
        body: request.body.as_ref().map(|body| format!("{body:#}")),
    }
}

/// Method and path, for the journal.
pub(crate) fn line(request: &Request) -> String {
    format!("{} {}", request.method, request.path)
}

/// Placeholders are encoded like any id; on screen they are to be read.
fn readable(path: &str) -> String {
    let path = path.replace("%7B", "{").replace("%7D", "}");
    let mut parts = path.split('{');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push('{');
        match part.split_once('}') {
            Some((inside, rest)) => {
                shown.push_str(&inside.replace("%20", " "));
                shown.push('}');
                shown.push_str(rest);
            }
            None => shown.push_str(part),
        }
    }
    shown
}
