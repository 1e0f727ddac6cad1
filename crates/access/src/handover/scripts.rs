//! A script in the languages of administrators: PowerShell, Azure CLI, HTTP, Terraform.

mod az;
mod http;
mod powershell;
mod terraform;

use crate::evidence::slug;
use crate::handover::Snippet;
use crate::handover::quote::comment;
use crate::handover::script::{Kind, Piece, Script};

/// All of them; none where there is nothing to do. Terraform only where something is made.
pub(super) fn of(script: &Script) -> Vec<Snippet> {
    let mut calls = script.steps.iter().flat_map(|step| &step.calls);
    if calls.all(|call| call.kind == Kind::Look) {
        return Vec::new();
    }
    let terraform = terraform::text(script);
    let removes = script.steps.iter().flat_map(|step| &step.calls).any(|call| call.kind == Kind::Remove);
    let without_terraform = if terraform.is_none() {
        " There is no Terraform text: Terraform tells what is to be, and this takes away or changes what is."
    } else {
        ""
    };
    let left_out = if removes { " What is taken away is left out: it must not be in your configuration." } else { "" };
    let snippet = |key: &str, title: &str, ending: &str, explanation: String, text: String| Snippet {
        id: String::new(),
        key: key.to_owned(),
        title: title.to_owned(),
        explanation,
        text,
        file_name: file_name(script, ending),
    };
    let mut all = vec![
        snippet(
            "powershell",
            "PowerShell",
            "ps1",
            format!(
                "For PowerShell with the module Microsoft.Graph.Authentication. A new secret is in $clientSecret and is not \
                 printed.{without_terraform}"
            ),
            powershell::text(script),
        ),
        snippet(
            "azRest",
            "Azure CLI",
            "sh",
            "For a shell with the Azure CLI, by az rest. A new secret is in CLIENT_SECRET and is not printed.".to_owned(),
            az::text(script),
        ),
        snippet(
            "http",
            "HTTP",
            "http",
            "For the REST Client of Visual Studio Code. Put an access token into the variable GRAPH_TOKEN. The answer to a \
             request for a secret shows it on screen."
                .to_owned(),
            http::text(script),
        ),
    ];
    all.extend(terraform.map(|text| {
        let explanation = format!(
            "For Terraform with the provider azuread. Terraform keeps a new secret in its state: keep that as closely as the \
             secret.{left_out}"
        );
        snippet("terraform", "Terraform", "tf", explanation, text)
    }));
    all
}

/// The lines that every text begins with.
fn preamble(script: &Script) -> Vec<String> {
    let what =
        if script.is_of_run { "What a run of Inbound Access did for" } else { "What Inbound Access would do for" };
    let mut lines = vec![
        format!("{what} {}", comment(&script.subject)),
        format!("Tenant: {}, {}", comment(&script.tenant_name), comment(&script.tenant_id)),
    ];
    if script.is_of_run {
        lines.push("The ids in the comments are those of that tenant; the commands make and use their own.".to_owned());
    }
    lines
}

/// A variable's name from its words, in the way of a language.
fn words_of(variable: &str) -> Vec<String> {
    let plain: String = variable.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

/// Pieces as one literal, or as literals and variables put together.
fn joined(
    pieces: &[Piece],
    literal: impl Fn(&str) -> String,
    variable: impl Fn(&str) -> String,
    between: &str,
) -> String {
    let parts: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => literal(text),
            Piece::Variable(name) => variable(name),
        })
        .collect();
    parts.join(between)
}

fn file_name(script: &Script, ending: &str) -> String {
    let own = slug(&script.subject);
    if own.is_empty() { format!("inbound-access.{ending}") } else { format!("inbound-access-{own}.{ending}") }
}
