//! A script for a shell, by `az rest`.

use super::{joined, preamble, words_of};
use crate::handover::quote::{Language, comment, literal};
use crate::handover::script::{Call, Kind, Piece, Script};

pub(super) fn text(script: &Script) -> String {
    let mut text = String::from("#!/bin/sh\n# For the Azure CLI.\n");
    for line in preamble(script) {
        text.push_str(&format!("# {line}\n"));
    }
    text.push_str("set -eu\n");
    let cloud = match script.cloud_key.as_str() {
        "usGovL4" | "usGovL5" => "az cloud set --name AzureUSGovernment\n",
        "china" => "az cloud set --name AzureChinaCloud\n",
        _ => "",
    };
    text.push_str(cloud);
    text.push_str(&format!("az login --tenant {} --allow-no-subscriptions\n", quoted(&script.tenant_id)));
    for step in &script.steps {
        text.push_str(&format!("\n# {}. {}\n", step.number, comment(&step.title)));
        for note in &step.notes {
            text.push_str(&format!("# {}\n", comment(note)));
        }
        for call in &step.calls {
            text.push_str(&commands(script, call));
        }
    }
    text
}

fn commands(script: &Script, call: &Call) -> String {
    let mut command = format!(
        "az rest --method {} --resource {} --url {}",
        call.method.to_lowercase(),
        quoted(&script.graph),
        together(&call.url)
    );
    let body = script.body(call);
    let mut headers: Vec<String> =
        call.headers.iter().map(|(name, value)| quoted(&format!("{name}={value}"))).collect();
    if body.is_some() {
        headers.push(quoted("Content-Type=application/json"));
    }
    if !headers.is_empty() {
        command.push_str(&format!(" --headers {}", headers.join(" ")));
    }
    if let Some(body) = body {
        command.push_str(&format!(" --body {}", together(&body)));
    }
    let mut kept: Vec<(String, &str)> =
        call.captures.iter().map(|capture| (variable(&capture.variable), capture.property)).collect();
    if call.kind == Kind::MakeSecret {
        kept.insert(0, ("CLIENT_SECRET".to_owned(), "secretText"));
    }
    match (kept.as_slice(), call.kind) {
        ([], Kind::Look) => format!("{command}\n"),
        ([], _) => format!("{command} --output none\n"),
        ([(name, property)], _) => format!("{name}=$({command} --query {property} --output tsv)\n"),
        // Looking twice changes nothing.
        (several, Kind::Look) => several
            .iter()
            .map(|(name, property)| format!("{name}=$({command} --query {property} --output tsv)\n"))
            .collect(),
        // What was changed must not be changed again for a second property of its answer.
        (several, _) => {
            let list = several.iter().map(|(_, property)| *property).collect::<Vec<_>>().join(", ");
            let mut text = format!("ANSWER=$({command} --query '[{list}]' --output tsv)\n");
            for (at, (name, _)) in several.iter().enumerate() {
                text.push_str(&format!("{name}=$(printf '%s\\n' \"$ANSWER\" | sed -n {}p)\n", at + 1));
            }
            text
        }
    }
}

/// An argument: literals and variables stand side by side.
fn together(pieces: &[Piece]) -> String {
    joined(pieces, quoted, |name| format!("\"${}\"", variable(name)), "")
}

fn quoted(text: &str) -> String {
    literal(text, Language::Shell)
}

/// `client id of step 2` as `CLIENT_ID_OF_STEP_2`.
fn variable(name: &str) -> String {
    words_of(name).join("_").to_uppercase()
}
