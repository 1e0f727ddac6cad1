//! The command line is sound, and its help reads as agreed.

use clap::{CommandFactory, Parser};
use inbound_connection::PersonaKey;

use super::place::PERSONAS;
use super::*;

#[test]
fn the_surface_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_persona_of_the_practice_tenant_can_be_chosen() {
    let offered: Vec<PersonaKey> = PERSONAS.iter().map(|key| key.parse().expect("known")).collect();
    let there: Vec<PersonaKey> = practice_tenant::personas().into_iter().map(|persona| persona.key).collect();
    assert_eq!(offered, there);
}

/// Every page of help, as an operator reads it at 100 columns.
#[test]
fn help_reads_as_agreed() {
    fn pages(command: &mut clap::Command, out: &mut String) {
        let name = command.get_bin_name().unwrap_or("inbound-access-cli").to_owned();
        out.push_str(&format!("$ {name} --help\n{}\n", command.render_help()));
        for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
            pages(inner, out);
        }
    }
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut text = String::new();
    pages(&mut command, &mut text);
    insta::assert_snapshot!(text);
}

fn parse(line: &str) -> Result<Cli, clap::error::ErrorKind> {
    Cli::try_parse_from(line.split_whitespace()).map_err(|error| error.kind())
}

#[test]
fn what_contradicts_itself_is_refused() {
    use clap::error::ErrorKind::{ArgumentConflict, InvalidValue, MissingRequiredArgument, ValueValidation};
    let cases = [
        ("cli setup service-principal --name a --practice --cloud china", ArgumentConflict),
        ("cli setup service-principal --name a --practice-url https://x --persona user --tenant a.b", ArgumentConflict),
        ("cli setup service-principal --name a --practice --plan --ask-consent x.json", ArgumentConflict),
        ("cli whoami --cloud mars", InvalidValue),
        ("cli whoami --sign-in password", InvalidValue),
        ("cli activate --practice Reader", MissingRequiredArgument),
        ("cli consent grant --practice", MissingRequiredArgument),
        ("cli setup service-principal --practice", MissingRequiredArgument),
        ("cli setup service-principal --name a --practice --practice-url https://x", ArgumentConflict),
        ("cli setup service-principal --name a --practice --use 1 --another", ArgumentConflict),
        (
            "cli setup service-principal --name a --practice --secret-months 3 --secret-expires 2027-01-01",
            ArgumentConflict,
        ),
        ("cli setup service-principal --name a --practice --secret-months 0", ValueValidation),
        ("cli setup service-principal --name a --practice --secret-months 25", ValueValidation),
        ("cli setup service-principal --name a --practice --secret-expires tomorrow", ValueValidation),
        ("cli setup managed-identity --practice", MissingRequiredArgument),
        ("cli setup managed-identity --practice --name a --object-id b", ArgumentConflict),
        ("cli verify --practice", MissingRequiredArgument),
        ("cli verify a --practice --persona boss", InvalidValue),
        ("cli runs --evidence x.json", MissingRequiredArgument),
        ("cli practice serve --seed vast", ValueValidation),
        ("cli undo --practice", MissingRequiredArgument),
        ("cli undo 1 --practice --plan --yes", ArgumentConflict),
        ("cli revoke --practice", MissingRequiredArgument),
        ("cli revoke a --practice --plan --yes", ArgumentConflict),
        ("cli rotate a --practice --months 3 --expires 2027-01-01", ArgumentConflict),
        ("cli rotate a --practice --months 25", ValueValidation),
        ("cli upload a --practice --employee-id 7 --given-name A --family-name B", MissingRequiredArgument),
        (
            "cli upload a --employee-id 7 --user-name a@b.example --given-name A --family-name B --plan --yes",
            ArgumentConflict,
        ),
    ];
    for (line, kind) in cases {
        assert_eq!(parse(line).err(), Some(kind), "{line}");
    }
}
