//! Values as literals of the languages that texts are written in. What stands inside can never end the literal, start another
//! command or name a variable, whatever the tenant calls things.

use std::fmt::Write as _;

use crate::words;

/// A language that a value is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Shell,
    PowerShell,
    Python,
    CSharp,
    Terraform,
}

/// The literal, its quotes included.
pub(super) fn literal(text: &str, language: Language) -> String {
    match language {
        Language::Shell => shell(text),
        Language::PowerShell => powershell(text),
        Language::Python => python(text),
        Language::CSharp => csharp(text),
        Language::Terraform => terraform(text),
    }
}

/// Text for a comment that ends with its line.
pub(super) fn comment(text: &str) -> String {
    words::visible(text)
}

/// In apostrophes everything is itself but the apostrophe; no argument can hold a NUL.
fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

/// PowerShell takes four more characters for an apostrophe; each is doubled.
fn powershell(text: &str) -> String {
    let inside = text.chars().fold(String::new(), |mut out, c| {
        out.push(c);
        if matches!(c, '\'' | '\u{2018}'..='\u{201B}') {
            out.push(c);
        }
        out
    });
    format!("'{inside}'")
}

fn python(text: &str) -> String {
    escaped(text, |out, c| {
        let code = u32::from(c);
        let _ = if code > 0xFFFF { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
    })
}

/// In the regular form of a literal, by UTF-16 units.
fn csharp(text: &str) -> String {
    escaped(text, |out, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

/// Printable ASCII is itself; quotes, backslashes and everything else are written by `rest`.
fn escaped(text: &str, rest: impl Fn(&mut String, char)) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            ' '..='~' if c != '"' && c != '\\' => out.push(c),
            '"' | '\\' => out.extend(['\\', c]),
            c => rest(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// `${` and `%{` would be evaluated; doubled they are themselves.
fn terraform(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '$' | '%' if rest.peek() == Some(&'{') => out.extend([c, c]),
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
