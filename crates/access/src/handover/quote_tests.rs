use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;

/// Names that have broken quoting before, and what a generator makes up.
fn odd() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let made = prop::collection::vec("(?s)[$`'\"\\\\\u{2018}\u{2019}\u{201C}{}%;&|<>#!\r\n\t a-z人🧑]{0,20}", 200);
    let made = made.new_tree(&mut runner).expect("values").current();
    let known = [
        "",
        "'",
        "''",
        "O'Brien & Sons",
        "$(rm -rf ~)",
        "`whoami`",
        "${HOME}",
        "%{ if true }",
        "$${x}",
        "a\\",
        "\\'",
        "line\nbreak\r\n",
        "\"; exit 1 #",
        "-n",
        "!!",
        "人事 🧑‍💼",
        "\u{2019}; Remove-Item x; \u{2018}",
        "<<client_id>>",
        "$",
        "%",
    ];
    known.into_iter().map(str::to_owned).chain(made).collect()
}

#[test]
fn a_shell_reads_every_value_as_it_is() {
    let values = odd();
    let words: Vec<String> = values.iter().map(|value| literal(value, Language::Shell)).collect();
    let script = format!("printf '%s\\0' {}", words.join(" "));
    let output = match Command::new("sh").args(["-c", &script]).output() {
        Ok(output) => output,
        Err(error) => return eprintln!("skipped: a_shell_reads_every_value_as_it_is: no sh: {error}"),
    };
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(said.split_terminator('\0').collect::<Vec<_>>(), values);
}

#[test]
fn python_reads_every_value_as_it_is() {
    let values = odd();
    let words: Vec<String> = values.iter().map(|value| literal(value, Language::Python)).collect();
    let script = format!("import json\nprint(json.dumps([{}]))", words.join(", "));
    let output = match Command::new("python3").args(["-c", &script]).output() {
        Ok(output) => output,
        Err(error) => return eprintln!("skipped: python_reads_every_value_as_it_is: no python3: {error}"),
    };
    let said: Vec<String> = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(said, values);
}

#[test]
fn terraform_reads_every_value_as_it_is() {
    for value in odd() {
        let text = format!("a = {}", literal(&value, Language::Terraform));
        let body: hcl::Body = hcl::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let attribute = body.attributes().next().expect("an attribute");
        let read = match &attribute.expr {
            hcl::Expression::String(text) => text.clone(),
            // A literal with a doubled sign is a template without anything to evaluate.
            hcl::Expression::TemplateExpr(template) => {
                let template = hcl::Template::from_expr(template).expect("a template");
                let mut read = String::new();
                for element in template.elements() {
                    match element {
                        hcl::template::Element::Literal(text) => read.push_str(text),
                        other => panic!("{text} is evaluated: {other:?}"),
                    }
                }
                read
            }
            other => panic!("{text} is no text: {other:?}"),
        };
        assert_eq!(read, value, "{text}");
    }
}

/// A literal of PowerShell, read by its rules: two apostrophes of any kind stand for the second; one ends it.
fn read_powershell(text: &str) -> Option<String> {
    let is_quote = |c: &char| matches!(c, '\'' | '\u{2018}'..='\u{201B}');
    let mut rest = text.strip_prefix('\'')?.chars().peekable();
    let mut read = String::new();
    while let Some(c) = rest.next() {
        match (is_quote(&c), rest.peek().is_some_and(is_quote)) {
            (true, true) => read.extend(rest.next()),
            (true, false) => return rest.next().is_none().then_some(read),
            (false, _) => read.push(c),
        }
    }
    None
}

/// A literal of C#, read by its rules.
fn read_csharp(text: &str) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut units = Vec::new();
    let mut rest = inside.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => return None,
            '\\' => match rest.next()? {
                'u' => units.push(u16::from_str_radix(&rest.by_ref().take(4).collect::<String>(), 16).ok()?),
                c @ ('"' | '\\') => units.push(u16::try_from(u32::from(c)).ok()?),
                _ => return None,
            },
            ' '..='~' => units.push(u16::try_from(u32::from(c)).ok()?),
            _ => return None,
        }
    }
    String::from_utf16(&units).ok()
}

proptest! {
    #[test]
    fn powershell_and_csharp_read_every_value_as_it_is(value in "(?s).{0,30}|[\u{2018}-\u{201B}'\"\\\\$`\n]{0,20}") {
        prop_assert_eq!(read_powershell(&literal(&value, Language::PowerShell)), Some(value.clone()));
        prop_assert_eq!(read_csharp(&literal(&value, Language::CSharp)), Some(value));
    }

    #[test]
    fn a_comment_is_one_line(value in any::<String>()) {
        let told = comment(&value);
        prop_assert!(!told.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}']), "{:?}", told);
    }
}
