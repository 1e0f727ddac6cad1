//! Text from the tenant is data: it must not move the cursor, colour the terminal or turn a line round (security P56).

use jiff::Timestamp;

/// The text as it is, except that control characters, line breaks among them, and characters that override the
/// direction of what follows are written out, e.g. `<U+001B>`.
pub(crate) fn shown(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        if overrides(character) {
            out.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            out.push(character);
        }
        out
    })
}

/// Marks such as U+200F stay, as they belong to names in right-to-left scripts and end with the word.
fn overrides(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// An RFC 3339 time to the second, in UTC as logs and Entra's own records have it; other text as it is.
pub(crate) fn moment(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => shown(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_exact_and_tricks_are_written_out() {
        for name in ["O'Brien & Sons #1 +50%", "人事 🧑‍💼 feed", "\u{200F}שכר", "ÅÄÖ"] {
            assert_eq!(shown(name), name);
        }
        assert_eq!(moment("2026-11-12T10:40:00.123456789Z"), "2026-11-12 10:40:00 UTC");
        assert_eq!(moment("soon\u{7}"), "soon<U+0007>");
        assert_eq!(shown("a\u{1b}[2Jb"), "a<U+001B>[2Jb");
        assert_eq!(shown("feed\u{202E}txt.exe\n"), "feed<U+202E>txt.exe<U+000A>");
    }
}
