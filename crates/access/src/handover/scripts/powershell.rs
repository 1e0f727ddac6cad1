//! A script for PowerShell, by `Invoke-MgGraphRequest`.

use super::{joined, preamble, words_of};
use crate::handover::quote::{Language, comment, literal};
use crate::handover::script::{Call, Kind, Piece, Script};

pub(super) fn text(script: &Script) -> String {
    let mut text = String::from("#requires -Modules Microsoft.Graph.Authentication\n");
    for line in preamble(script) {
        text.push_str(&format!("# {line}\n"));
    }
    let environment = match script.cloud_key.as_str() {
        "usGovL4" => " -Environment USGov",
        "usGovL5" => " -Environment USGovDoD",
        "china" => " -Environment China",
        _ => "",
    };
    text.push_str(&format!(
        "$ErrorActionPreference = 'Stop'\nConnect-MgGraph -NoWelcome -TenantId {}{environment} -Scopes {}\n",
        quoted(&script.tenant_id),
        scopes(script)
    ));
    for step in &script.steps {
        text.push_str(&format!("\n# {}. {}\n", step.number, comment(&step.title)));
        for note in &step.notes {
            text.push_str(&format!("# {}\n", comment(note)));
        }
        for call in &step.calls {
            text.push_str(&command(script, call));
        }
    }
    text
}

fn command(script: &Script, call: &Call) -> String {
    let mut command = format!("Invoke-MgGraphRequest -Method {} -Uri {}", call.method, together(&call.url));
    if !call.headers.is_empty() {
        let headers = call.headers.iter().map(|(name, value)| format!("{} = {}", quoted(name), quoted(value)));
        command.push_str(&format!(" -Headers @{{ {} }}", headers.collect::<Vec<_>>().join("; ")));
    }
    if let Some(body) = script.body(call) {
        command.push_str(&format!(" -ContentType 'application/json' -Body {}", together(&in_ascii(body))));
    }
    let mut kept: Vec<String> = call
        .captures
        .iter()
        .map(|capture| format!("{} = $answer.{}\n", variable(&capture.variable), capture.property))
        .collect();
    if call.kind == Kind::MakeSecret {
        kept.push("$clientSecret = $answer.secretText\n".to_owned());
    }
    match (kept.is_empty(), call.kind) {
        (false, _) => format!("$answer = {command}\n{}", kept.concat()),
        (true, Kind::Look) => format!("{command}\n"),
        (true, _) => format!("{command} | Out-Null\n"),
    }
}

/// The delegated permissions of the sign-in, no more than the calls need (graph-facts 8).
fn scopes(script: &Script) -> String {
    let calls = || script.steps.iter().flat_map(|step| &step.calls);
    let grants = calls().any(|call| call.kind == Kind::Grant || is_revocation(call));
    let writes = calls().any(|call| !matches!(call.kind, Kind::Grant | Kind::Look) && !is_revocation(call));
    let mut scopes = Vec::new();
    if writes {
        scopes.push("'Application.ReadWrite.All'");
    }
    if grants {
        scopes.extend(["'AppRoleAssignment.ReadWrite.All'", "'Application.Read.All'"]);
    }
    scopes.join(", ")
}

fn is_revocation(call: &Call) -> bool {
    let has = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains("/appRoleAssignedTo"));
    call.kind == Kind::Remove && call.url.iter().any(has)
}

/// The same JSON without other letters than those of ASCII. Windows PowerShell 5.1 reads a file by the old code page, in
/// which a part of a letter may be an apostrophe that ends the literal.
fn in_ascii(pieces: Vec<Piece>) -> Vec<Piece> {
    let escaped = |text: &str| {
        text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
            if c.is_ascii() {
                out.push(c);
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            out
        })
    };
    let piece = |piece: Piece| match piece {
        Piece::Text(text) => Piece::Text(escaped(&text)),
        Piece::Variable(name) => Piece::Variable(name),
    };
    pieces.into_iter().map(piece).collect()
}

/// An argument: a literal, or literals and variables in brackets.
fn together(pieces: &[Piece]) -> String {
    let text = joined(pieces, quoted, variable, " + ");
    if matches!(pieces, [Piece::Text(_)]) { text } else { format!("({text})") }
}

fn quoted(text: &str) -> String {
    literal(text, Language::PowerShell)
}

/// `client id of step 2` as `$clientIdOfStep2`.
fn variable(name: &str) -> String {
    let words = words_of(name);
    let mut variable = String::from("$");
    for (at, word) in words.iter().enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if at > 0 => variable.extend(first.to_uppercase().chain(letters)),
            Some(first) => variable.extend(first.to_lowercase().chain(letters)),
            None => {}
        }
    }
    variable
}
