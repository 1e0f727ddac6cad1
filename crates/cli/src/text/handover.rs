//! What the API developer needs, and the texts that there are.

use inbound_access_job::handover::{DeveloperPacket, Snippet};

use super::safe::shown;
use super::table::table;

/// The facts, what is missing, and the texts by name.
pub(crate) fn packet(packet: &DeveloperPacket) -> String {
    let mut text = format!("For whoever writes the API client {}\n", shown(&packet.name));
    if let Some(lacks) = &packet.lacks {
        text.push_str(&format!("  Still missing: {}\n", shown(lacks)));
    }
    text.push('\n');
    let rows: Vec<[String; 2]> = packet.facts.iter().map(|fact| [shown(&fact.label), shown(&fact.value)]).collect();
    text.push_str(&table(["what", "value"], &rows));
    for fact in &packet.facts {
        if let Some(note) = &fact.note {
            text.push_str(&format!("  {}: {}\n", shown(&fact.label), shown(note)));
        }
    }
    text.push_str(&format!("\n{}", snippets(&packet.snippets)));
    text.push_str("\nPrint one with --snippet KEY. Hand the secret over another way than these facts.\n");
    text
}

/// The texts by key.
pub(crate) fn snippets(texts: &[Snippet]) -> String {
    if texts.is_empty() {
        return "No texts: nothing was changed in the tenant.\n".to_owned();
    }
    let row = |text: &Snippet| [shown(&text.key), shown(&text.title), shown(&text.explanation)];
    table(["key", "text", "what it is"], &texts.iter().map(row).collect::<Vec<_>>())
}
