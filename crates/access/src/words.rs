//! Small turns of phrase that several screens share.

use jiff::Timestamp;

/// `24 May 2027`, UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// The same of a date.
pub(crate) fn civil_day(day: jiff::civil::Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// `24 May 2027, 10:42 UTC`.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// `10:42 UTC`.
pub(crate) fn clock_time(at: Timestamp) -> String {
    at.strftime("%H:%M UTC").to_string()
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<S: AsRef<str>>(items: &[S]) -> String {
    joined(items, "and")
}

/// `a`, `a or b`, `a, b or c`.
pub(crate) fn any_of<S: AsRef<str>>(items: &[S]) -> String {
    joined(items, "or")
}

fn joined<S: AsRef<str>>(items: &[S], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            format!("{} {word} {}", first.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), last.as_ref())
        }
    }
}

/// `Step 3` or `Steps 3 and 4`.
pub(crate) fn steps(numbers: &[u32]) -> String {
    let word = if numbers.len() == 1 { "Step" } else { "Steps" };
    format!("{word} {}", list(&numbers.iter().map(u32::to_string).collect::<Vec<_>>()))
}

/// The same with a capital at the front.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// Text from the tenant or a file, with what would turn a line round, break it or hide in it written out:
/// `<U+202E>` (security P56).
pub(crate) fn visible(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, character| {
        if hides(character) {
            out.push_str(&format!("<U+{:04X}>", u32::from(character)));
        } else {
            out.push(character);
        }
        out
    })
}

/// Marks such as U+200F and joiners such as U+200D stay: they belong to names in many scripts.
fn hides(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}
