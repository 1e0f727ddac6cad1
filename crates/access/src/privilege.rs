//! How much a permission opens: Microsoft's rating, and a sentence of our own.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Rated application permissions: value, tab, level. Its head names the source.
const RATINGS: &str = include_str!("../data/graph-privilege.tsv");

static LEVELS: LazyLock<HashMap<&'static str, u8>> = LazyLock::new(|| {
    RATINGS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(value, level)| Some((value, level.trim().parse().ok()?)))
        .collect()
});

/// Microsoft's rating of an application permission, 1 (low) to 5 (high); none where it is not rated.
#[must_use]
pub fn level(value: &str) -> Option<u8> {
    LEVELS.get(value).copied()
}

/// What holding it allows, in a sentence.
#[must_use]
pub fn explain(value: &str) -> String {
    let known = match value {
        "RoleManagement.ReadWrite.Directory" => "It can make anyone, itself included, a Global Administrator.",
        "AppRoleAssignment.ReadWrite.All" => "It can give itself and any other app every permission of every API.",
        "Application.ReadWrite.All" => "It can add a secret to any app and then act as that app.",
        "Directory.ReadWrite.All" => "It can change almost every object of the directory.",
        "Directory.Read.All" => "It can read every object of the directory.",
        "DelegatedPermissionGrant.ReadWrite.All" => "It can let any app act for any user.",
        "Synchronization.ReadWrite.All" => "It can change and restart every provisioning job.",
        "Mail.Read" => "It can read every mailbox.",
        "Mail.ReadWrite" => "It can read and change every mailbox.",
        "Mail.Send" => "It can send mail as anyone.",
        "Sites.FullControl.All" => "It can do everything in every SharePoint site.",
        "User-PasswordProfile.ReadWrite.All" => "It can set new passwords for users.",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut parts = value.split('.');
    let (Some(thing), Some(operation)) = (parts.next(), parts.next()) else {
        return format!("It allows whatever {value} stands for.");
    };
    let scope: Vec<&str> = parts.collect();
    let (all, range) = match scope.as_slice() {
        ["All"] | [] => ("all ", String::new()),
        ["OwnedBy"] => ("", " that it owns".to_owned()),
        ["Selected"] | ["WhereInstalled"] => ("", " that it was given".to_owned()),
        other => ("all ", format!(" ({})", other.iter().map(|part| spaced(part)).collect::<Vec<_>>().join(", "))),
    };
    let thing = spaced(thing);
    match operation {
        "Read" => format!("It can read {all}{thing} data{range}."),
        "ReadBasic" => format!("It can read the basics of {all}{thing} data{range}."),
        "ReadWrite" | "Write" => format!("It can read and change {all}{thing} data{range}."),
        "FullControl" | "Manage" => format!("It can do everything with {all}{thing} data{range}."),
        "Create" => format!("It can make new {thing} objects{range}."),
        "Delete" => format!("It can delete {thing} objects{range}."),
        "Send" => format!("It can send {thing}{range}."),
        "Upload" => format!("It can upload {thing} data{range}."),
        other => format!("It can {} {all}{thing} data{range}.", spaced(other)),
    }
}

/// `SynchronizationData-User` as `synchronization data user`; an abbreviation keeps its capitals.
fn spaced(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (i, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = i.checked_sub(1).and_then(|before| chars.get(before));
        let next_is_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        let starts = c.is_uppercase() && before.is_some_and(|b| !b.is_uppercase() || next_is_lower);
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.push(*c);
    }
    words.push(word);
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| if word.chars().skip(1).any(char::is_uppercase) { word } else { word.to_lowercase() })
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ratings_are_those_of_the_contract() {
        let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contract/graph-permissions-all.tsv");
        let Ok(text) = std::fs::read_to_string(contract) else {
            eprintln!("skipped: ratings_are_those_of_the_contract: ../shared/contract is absent");
            return;
        };
        let mut rated = 0;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            if fields.get(1) == Some(&"role") {
                let expected = fields.get(3).and_then(|level| level.parse().ok());
                assert_eq!(level(fields[0]), expected, "{}", fields[0]);
                rated += usize::from(expected.is_some());
            }
        }
        assert_eq!(rated, LEVELS.len());
        assert!(rated > 500, "{rated}");
    }

    #[test]
    fn sentences_say_what_can_be_done() {
        for (value, sentence) in [
            ("Directory.ReadWrite.All", "It can change almost every object of the directory."),
            ("User.Read.All", "It can read all user data."),
            ("AuditLog.Read.All", "It can read all audit log data."),
            ("Application.ReadWrite.OwnedBy", "It can read and change application data that it owns."),
            ("CloudPC.ReadWrite.All", "It can read and change all cloud PC data."),
            ("Policy.ReadWrite.ConditionalAccess", "It can read and change all policy data (conditional access)."),
            ("Oddity", "It allows whatever Oddity stands for."),
        ] {
            assert_eq!(explain(value), sentence);
        }
    }

    proptest! {
        #[test]
        fn any_value_gets_one_sentence(value in ".{0,80}") {
            let sentence = explain(&value);
            prop_assert!(sentence.starts_with("It ") && sentence.ends_with('.'));
        }
    }
}
