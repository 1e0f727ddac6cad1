//! Names of evidence files: plain letters and digits, safe on every system, whatever the tenant calls things.

use crate::evidence::EvidenceFormat;

/// Longest part of a name that comes from the tenant.
const LONGEST: usize = 40;

/// `inbound-access-<kind>-<name>-<date>.<ending>`; `id` stands in for a name without plain letters and digits, as one in
/// Chinese. `taken_at` is RFC 3339.
pub(super) fn file_name(kind: &str, name: &str, id: &str, taken_at: &str, format: EvidenceFormat) -> String {
    let own = match slug(name) {
        own if own.is_empty() => slug(&id.chars().take(8).collect::<String>()),
        own => own,
    };
    let day: String = taken_at.chars().take(10).filter(|c| c.is_ascii_digit() || *c == '-').collect();
    let parts = ["inbound-access", kind, &own, &day];
    let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    format!("{name}.{}", format.ending())
}

/// The plain letters and digits of a name, joined by hyphens.
pub(crate) fn slug(name: &str) -> String {
    let plain: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut slug = String::new();
    for word in plain.split('-').filter(|word| !word.is_empty()) {
        if slug.len() + word.len() >= LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { plain.trim_matches('-').chars().take(LONGEST).collect() } else { slug }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_tell_what_of_whom_and_when() {
        let name = file_name("audit", "Brightwater & Sons GmbH", "t", "2026-11-12T10:42:00Z", EvidenceFormat::Csv);
        assert_eq!(name, "inbound-access-audit-brightwater-sons-gmbh-2026-11-12.csv");
        let name = file_name("run", "人事", "1a2b3c4d-0000", "2026-11-12T10:42:00Z", EvidenceFormat::Html);
        assert_eq!(name, "inbound-access-run-1a2b3c4d-2026-11-12.html");
    }

    proptest! {
        #[test]
        fn no_name_leaves_the_plain_alphabet(name in any::<String>(), id in any::<String>(), at in any::<String>()) {
            let file = file_name("run", &name, &id, &at, EvidenceFormat::Json);
            let stem = file.strip_suffix(".json").unwrap_or_default();
            prop_assert!(stem.starts_with("inbound-access-run"));
            prop_assert!(stem.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{file}");
            prop_assert!(file.len() < 100);
        }
    }
}
