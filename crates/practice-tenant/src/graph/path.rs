//! Paths of Graph: words and keys, `applications/{id}` as well as `applications(uniqueName='x')`.

use percent_encoding::percent_decode_str;

/// Names one object of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// `/{id}` or `('id')`.
    Plain(String),
    /// `(name='value')`; the name in lower case.
    Named(String, String),
}

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Word(String),
    Key(Key),
}

/// Reads a path after the version. `None` when a key is not well formed.
pub(crate) fn parse(path: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let segment = percent_decode_str(segment).decode_utf8().ok()?;
        match segment.split_once('(') {
            Some((word, rest)) if !word.is_empty() => {
                let inside = rest.strip_suffix(')')?;
                pieces.push(Piece::Word(word.to_owned()));
                if !inside.is_empty() {
                    pieces.push(Piece::Key(key(inside)?));
                }
            }
            _ => pieces.push(Piece::Word(segment.into_owned())),
        }
    }
    Some(pieces)
}

fn key(text: &str) -> Option<Key> {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    let named = text.split_once('=').map(|(name, value)| (name.trim(), value)).filter(|(name, _)| is_name(name));
    match named {
        Some((name, value)) => Some(Key::Named(name.to_ascii_lowercase(), literal(value.trim())?)),
        None => Some(Key::Plain(literal(text.trim())?)),
    }
}

/// A quoted text, in which quotes are doubled, or a bare GUID or number.
fn literal(text: &str) -> Option<String> {
    let Some(rest) = text.strip_prefix('\'') else {
        return (!text.contains('\'')).then(|| text.to_owned());
    };
    let inner = rest.strip_suffix('\'')?;
    let plain = inner.replace("''", "");
    (!plain.contains('\'')).then(|| inner.replace("''", "'"))
}

/// Matches a template such as `/applications/{id}/addPassword`; the keys in order.
pub(crate) fn matches(template: &str, pieces: &[Piece]) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    let mut pieces = pieces.iter();
    for wanted in template.split('/').filter(|segment| !segment.is_empty()) {
        match (wanted.starts_with('{'), pieces.next()?) {
            (true, Piece::Word(word)) => keys.push(Key::Plain(word.clone())),
            (true, Piece::Key(key)) => keys.push(key.clone()),
            (false, Piece::Word(word)) if word.eq_ignore_ascii_case(wanted) => {}
            (false, _) => return None,
        }
    }
    pieces.next().is_none().then_some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_naming_an_object_are_read() {
        let named = parse("/applications(uniqueName='o%27%27brien%20%26%2Fson')").unwrap();
        assert_eq!(
            matches("/applications/{id}", &named),
            Some(vec![Key::Named("uniquename".into(), "o'brien &/son".into())])
        );
        let plain = parse("/Applications/abc/addPassword").unwrap();
        assert_eq!(matches("/applications/{id}/addPassword", &plain), Some(vec![Key::Plain("abc".into())]));
        assert_eq!(parse("/applications('abc')"), parse("/applications(abc)"));
    }

    #[test]
    fn broken_keys_are_no_paths() {
        assert_eq!(parse("/applications(uniqueName='a"), None);
        assert_eq!(parse("/applications(uniqueName='a'b')"), None);
        assert_eq!(parse("/applications(%ff)"), None);
    }
}
