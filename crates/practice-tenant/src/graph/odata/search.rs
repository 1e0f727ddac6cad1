//! `$search`: quoted clauses of `property:words`, matched by the beginnings of words.

use crate::graph::error::Refusal;

/// One clause; clauses within `any_of` are alternatives, all terms must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub any_of: Vec<Clause>,
}

/// `"property:words"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub property: String,
    pub text: String,
}

fn syntax() -> Refusal {
    Refusal::unreadable(
        "Syntax error in $search: clauses are written in double quotes, \"property:value\", and joined by AND or OR.",
    )
}

/// Reads a `$search`. OR binds tighter than AND here as in Graph, where parentheses are not allowed.
pub(crate) fn parse(text: &str) -> Result<Vec<Term>, Refusal> {
    let mut terms: Vec<Term> = Vec::new();
    let mut rest = text.trim();
    let mut joined_by_or = false;
    loop {
        let (clause, after) = clause(rest)?;
        match terms.last_mut() {
            Some(term) if joined_by_or => term.any_of.push(clause),
            _ => terms.push(Term { any_of: vec![clause] }),
        }
        rest = after.trim_start();
        if rest.is_empty() {
            return Ok(terms);
        }
        (joined_by_or, rest) = if let Some(rest) = rest.strip_prefix("OR ") {
            (true, rest.trim_start())
        } else if let Some(rest) = rest.strip_prefix("AND ") {
            (false, rest.trim_start())
        } else {
            (false, rest)
        };
    }
}

/// A clause and what follows it. Quotes and backslashes within are escaped by a backslash.
fn clause(text: &str) -> Result<(Clause, &str), Refusal> {
    let inner = text.strip_prefix('"').ok_or_else(syntax)?;
    let mut value = String::new();
    let mut escaped = false;
    for (at, character) in inner.char_indices() {
        match character {
            _ if escaped => {
                value.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => {
                let (property, words) = value.split_once(':').ok_or_else(syntax)?;
                if words.is_empty() {
                    return Err(syntax());
                }
                let clause = Clause { property: property.trim().to_owned(), text: words.to_owned() };
                return Ok((clause, inner.get(at + 1..).unwrap_or_default()));
            }
            _ => value.push(character),
        }
    }
    Err(syntax())
}

impl Clause {
    /// Whether every word of the clause begins a word of `value`. Words end at blanks, signs and changes of case
    /// or to digits, and the whole between blanks is a word too.
    pub fn matches(&self, value: &str) -> bool {
        let wanted: Vec<String> = plain_words(&self.text);
        if wanted.is_empty() {
            return value.contains(self.text.trim());
        }
        let have = index_words(value);
        wanted.iter().all(|word| have.iter().any(|it| it.starts_with(word.as_str())))
    }
}

fn plain_words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn index_words(text: &str) -> Vec<String> {
    let mut out = plain_words(text);
    let mut word = String::new();
    let mut previous: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        let turns = previous.is_some_and(|previous| {
            (previous.is_lowercase() && character.is_uppercase())
                // The last capital of an acronym begins the next word: SCIM|Bulk.
                || (previous.is_uppercase() && character.is_uppercase() && next_is_lower)
                || previous.is_numeric() != character.is_numeric()
        });
        if (turns || !character.is_alphanumeric()) && !word.is_empty() {
            out.push(std::mem::take(&mut word).to_lowercase());
        }
        if character.is_alphanumeric() {
            word.push(character);
        }
        previous = Some(character);
    }
    if !word.is_empty() {
        out.push(word.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, value: &str) -> bool {
        parse(search).unwrap().iter().all(|term| term.any_of.iter().any(|clause| clause.matches(value)))
    }

    #[test]
    fn words_are_found_by_their_beginnings() {
        assert!(finds("\"displayName:bulk\"", "CSV2SCIMBulkUpload"));
        assert!(finds("\"displayName:csv2\"", "CSV2SCIMBulkUpload"));
        assert!(finds("\"displayName:upload csv\"", "CSV2SCIMBulkUpload"));
        assert!(finds("\"displayName:brien\"", "O'Brien's HR sync"));
        assert!(!finds("\"displayName:pload\"", "CSV2SCIMBulkUpload"));
        assert!(finds("\"displayName:🚀\"", "HR 🚀 feed"));
    }

    #[test]
    fn clauses_are_joined() {
        assert!(finds("\"displayName:hr\" AND \"displayName:feed\"", "HR feed"));
        assert!(!finds("\"displayName:hr\" AND \"displayName:lab\"", "HR feed"));
        assert!(finds("\"displayName:lab\" OR \"displayName:feed\"", "HR feed"));
    }

    #[test]
    fn what_is_not_quoted_or_names_no_property_is_refused() {
        for wrong in ["displayName:x", "\"displayName\"", "\"displayName:x", "\"displayName:\"", ""] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
