//! OData text: literals quoted first, then percent-encoded (security P54).

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Unreserved characters only; braces stay, so that a plan's placeholders remain readable: no real id has them.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'{').remove(b'}');

/// What may stand in a query value besides: none of it ends a value or begins a fragment.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'(')
    .remove(b')')
    .remove(b',')
    .remove(b':')
    .remove(b'/');

/// A string literal of OData: in single quotes, with those inside doubled.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A phrase for `$search`: in double quotes, with `"` and `\` escaped by a backslash.
pub(super) fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One encoded path segment.
pub(super) fn segment(id: impl Display) -> String {
    utf8_percent_encode(&id.to_string(), SEGMENT).to_string()
}

/// A string key as in `applications(uniqueName='x')`: its quotes stand, the text between is encoded.
pub(super) fn key(text: &str) -> String {
    format!("'{}'", segment(text.replace('\'', "''")))
}

/// `?name=value&…` with encoded values; nothing when there are none.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.extend(utf8_percent_encode(value, VALUE));
    }
    text
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn parsed(query: &str) -> Url {
        Url::parse("https://graph.example").and_then(|origin| origin.join(&format!("/v1.0/x{query}"))).expect("a URL")
    }

    #[test]
    fn names_with_every_awkward_character_arrive_as_they_are() {
        let names =
            ["O'Brien & Söhne", "100% #1 + ½", "emoji 👩‍🔧 'quoted'", "\u{202e}rtl\u{200f} שלום", "a/b\\c?d=e", "''"];
        for name in names {
            let url = parsed(&query(&[("$filter", &format!("displayName eq {}", literal(name))), ("$top", "2")]));
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            assert_eq!(pairs.len(), 2, "{name}");
            assert_eq!(pairs[0].1, format!("displayName eq '{}'", name.replace('\'', "''")), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_literal_survives_quoting_encoding_and_the_url_parser(name in "\\PC{0,40}|['%&#+\"\\\\/?\u{202e}👍]{0,20}") {
            let url = parsed(&query(&[("$filter", &literal(&name))]));
            let value = url.query_pairs().next().map(|(_, value)| value.into_owned());
            let inner = value.as_deref().and_then(|v| v.strip_prefix('\'')).and_then(|v| v.strip_suffix('\''));
            prop_assert_eq!(inner.map(|v| v.replace("''", "'")), Some(name));
            prop_assert_eq!(url.fragment(), None);
        }

        #[test]
        fn a_key_stays_one_segment_and_survives(name in "\\PC{1,40}|['%&#+\"\\\\/?.]{1,20}") {
            let path = format!("/v1.0/applications(uniqueName={})", key(&name));
            let url = Url::parse("https://graph.example").and_then(|origin| origin.join(&path)).expect("a URL");
            prop_assert_eq!(url.query(), None);
            let segments: Vec<_> = url.path_segments().expect("a path").collect();
            prop_assert_eq!(segments.len(), 2);
            let decoded = percent_decode_str(segments[1]).decode_utf8().expect("UTF-8").into_owned();
            let inner = decoded.strip_prefix("applications(uniqueName='").and_then(|rest| rest.strip_suffix("')"));
            prop_assert_eq!(inner.map(|v| v.replace("''", "'")), Some(name));
        }

        #[test]
        fn a_phrase_never_ends_early(text in "[\"\\\\a ]{0,20}") {
            let phrase = phrase(&text);
            let mut escaped = false;
            let ends: Vec<_> = phrase.char_indices().skip(1).filter(|(_, c)| {
                let end = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                end
            }).map(|(at, _)| at).collect();
            prop_assert_eq!(ends, vec![phrase.len() - 1]);
        }
    }
}
