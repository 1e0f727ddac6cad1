//! Claims challenges: Graph refuses a token and says what the next one must meet (graph-facts 11).

use ::http::HeaderMap;
use ::http::header::WWW_AUTHENTICATE;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

/// With or without padding: real ones come both ways.
const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const ENGINES: [GeneralPurpose; 2] =
    [GeneralPurpose::new(&alphabet::STANDARD, CONFIG), GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG)];

/// The claims, as JSON, of the answer's challenge: it may be one of several headers, and stand among other schemes.
pub(super) fn claims(headers: &HeaderMap) -> Option<String> {
    headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).find_map(of_header)
}

fn of_header(header: &str) -> Option<String> {
    schemes(header).iter().filter(|scheme| scheme.name.eq_ignore_ascii_case("bearer")).find_map(|scheme| {
        let value = |wanted: &str| {
            scheme
                .parameters
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.as_str())
        };
        if value("error") != Some("insufficient_claims") {
            return None;
        }
        let text = value("claims")?;
        let bytes = ENGINES.iter().find_map(|engine| engine.decode(text).ok())?;
        // An object, or nothing that could be asked for.
        serde_json::from_slice::<Map<String, Value>>(&bytes).ok()?;
        String::from_utf8(bytes).ok()
    })
}

/// `Bearer realm="", error="…"`.
#[derive(Debug, Default)]
struct Scheme {
    name: String,
    parameters: Vec<(String, String)>,
}

/// The schemes of a header, each with its parameters; commas part both (RFC 9110, 11.6.1).
fn schemes(header: &str) -> Vec<Scheme> {
    let mut out: Vec<Scheme> = Vec::new();
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let end = rest.find([' ', '\t', ',', '=']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            return out;
        }
        rest = after.trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            out.push(Scheme { name: word.to_owned(), parameters: Vec::new() });
            continue;
        };
        let (value, after) = parameter(value.trim_start());
        rest = after;
        if let Some(scheme) = out.last_mut() {
            scheme.parameters.push((word.to_owned(), value));
        }
    }
}

/// A value, quoted or bare, and what follows it.
fn parameter(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let (mut value, mut escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            _ => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JSON: &str = r#"{"access_token":{"nbf":{"essential":true, "value":"1604106651"}}}"#;
    /// The same in base64, with padding.
    const CLAIMS: &str = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwgInZhbHVlIjoiMTYwNDEwNjY1MSJ9fX0=";

    fn found(headers: &[&str]) -> Option<String> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(WWW_AUTHENTICATE, header.parse().expect("a header"));
        }
        claims(&map)
    }

    #[test]
    fn p15_a_challenge_is_found_wherever_it_stands() {
        let documented = format!(
            r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="{CLAIMS}""#
        );
        let other_order = format!(r#"Bearer claims="{CLAIMS}",error=insufficient_claims , realm="a \"b\", c""#);
        let among_others = format!(
            r#"Negotiate, PoP alg="RS256", bearer error="insufficient_claims", claims={}"#,
            CLAIMS.trim_end_matches('=')
        );
        for header in [&documented, &other_order, &among_others] {
            assert_eq!(found(&[header]).as_deref(), Some(JSON), "{header}");
        }
        assert_eq!(found(&["Negotiate", r#"Bearer realm="x""#, &documented]).as_deref(), Some(JSON));
    }

    #[test]
    fn anything_else_is_none() {
        let headers = [
            "Bearer".to_owned(),
            r#"Bearer error="invalid_token""#.to_owned(),
            r#"Bearer error="insufficient_claims""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="!!""#.to_owned(),
            r#"Bearer error="insufficient_claims", claims="W10=""#.to_owned(),
            format!(r#"Basic error="insufficient_claims", claims="{CLAIMS}""#),
            format!(r#"Bearer realm="error=insufficient_claims, claims={CLAIMS}""#),
        ];
        for header in headers {
            assert_eq!(found(&[&header]), None, "{header}");
        }
        assert_eq!(found(&[]), None);
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic(header in "[ -~\t]{0,120}") {
            let _ = of_header(&header);
        }
    }
}
