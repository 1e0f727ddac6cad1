//! Small turns of phrase that several screens share.

use jiff::Timestamp;

/// `24 May 2027`, UTC.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%-d %b %Y").to_string()
}

/// `24 May 2027, 10:42 UTC`.
pub(crate) fn moment(at: Timestamp) -> String {
    at.strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            format!("{} and {}", first.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), last.as_ref())
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
