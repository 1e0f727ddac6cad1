//! The secrets that are looked for, in every shape in which a program may write them down.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A token is looked for by pieces of this length: a log may cut it anywhere.
const PIECE: usize = 40;
/// What JavaScript's encodeURIComponent leaves as it is.
const LEFT_BY_SCRIPTS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// Searching begins with the first bytes of a shape.
const START: usize = 4;

/// Bytes to look for, each with what they would be.
pub struct Needles {
    shapes: Vec<(String, Vec<u8>)>,
    by_start: HashMap<[u8; START], Vec<usize>>,
}

impl Needles {
    /// Of secrets, each with its name.
    pub fn of(secrets: &[(String, String)]) -> Self {
        let mut shapes = Vec::new();
        for (name, secret) in secrets {
            assert!(secret.len() >= 16, "{name} is too short to be told from chance");
            for piece in pieces(secret) {
                shapes.extend(shapes_of(piece).into_iter().map(|(shape, bytes)| (format!("{name}, {shape}"), bytes)));
            }
        }
        let mut by_start: HashMap<[u8; START], Vec<usize>> = HashMap::new();
        for (index, (_, bytes)) in shapes.iter().enumerate() {
            let start = bytes.first_chunk().expect("no shape is shorter than its secret");
            by_start.entry(*start).or_default().push(index);
        }
        Self { shapes, by_start }
    }

    /// What of it is in these bytes.
    pub fn found_in(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for (at, start) in bytes.windows(START).enumerate() {
            let Some(candidates) = start.first_chunk().and_then(|start: &[u8; START]| self.by_start.get(start)) else {
                continue;
            };
            let rest = bytes.get(at..).unwrap_or_default();
            let here = candidates.iter().filter_map(|index| self.shapes.get(*index));
            found.extend(here.filter(|(_, shape)| rest.starts_with(shape)).map(|(what, _)| what.as_str()));
        }
        found
    }

    /// The shapes that are text, for the page's own search.
    pub fn texts(&self) -> Vec<&str> {
        self.shapes
            .iter()
            .filter_map(|(_, bytes)| std::str::from_utf8(bytes).ok())
            .filter(|it| !it.contains('\0'))
            .collect()
    }
}

/// A short secret as a whole; of a long one its middle and its end, which no other token shares.
fn pieces(secret: &str) -> Vec<&str> {
    if secret.len() <= 2 * PIECE {
        return vec![secret];
    }
    let middle = secret.len() / 2;
    let at = |from: usize| secret.get(from..from + PIECE).expect("tokens are ASCII");
    vec![at(middle), at(secret.len() - PIECE)]
}

fn shapes_of(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let hex = secret.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let escaped = secret.chars().fold(String::new(), |mut all, sign| {
        let _ = write!(all, "\\u{:04x}", u32::from(sign));
        all
    });
    let quoted = serde_json::to_string(secret).expect("text is JSON");
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut shapes = vec![
        ("as it is", secret.as_bytes().to_vec()),
        ("backwards", secret.bytes().rev().collect()),
        ("in hex", hex.clone().into_bytes()),
        ("in capital hex", hex.to_uppercase().into_bytes()),
        ("escaped in JSON", escaped.into_bytes()),
        ("in a JSON string", quoted.trim_matches('"').as_bytes().to_vec()),
        ("in a form", form.into_bytes()),
        ("in an address, by a script", utf8_percent_encode(secret, LEFT_BY_SCRIPTS).to_string().into_bytes()),
        ("in markup", in_markup(secret).into_bytes()),
        ("in an address", utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string().into_bytes()),
        ("as UTF-16, little end first", secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("as UTF-16, big end first", secret.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    for (name, engine) in [("in base64", &STANDARD_NO_PAD), ("in base64 for addresses", &URL_SAFE_NO_PAD)] {
        // Within a longer text it may begin at any of three places of a group; what depends on its neighbours is cut off.
        for offset in 0..3 {
            let mut padded = vec![0; offset];
            padded.extend_from_slice(secret.as_bytes());
            let text = engine.encode(&padded);
            let from = if offset == 0 { 0 } else { offset + 1 };
            let to = padded.len() / 3 * 4;
            shapes.push((name, text.get(from..to).expect("a secret has more than a group").as_bytes().to_vec()));
        }
    }
    shapes.sort();
    shapes.dedup_by(|one, other| one.1 == other.1);
    shapes
}

fn in_markup(secret: &str) -> String {
    secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_secret_is_found_in_every_shape_and_nothing_else_is() {
    let secret = "Ab8~x.Kq-_7Zr%20\"+/<&9pLm";
    let needles = Needles::of(&[("the secret".to_owned(), secret.to_owned())]);
    for (shape, bytes) in shapes_of(secret) {
        let around = [b"before ".as_slice(), &bytes, b" after"].concat();
        assert!(!needles.found_in(&around).is_empty(), "{shape}");
        let most = bytes.get(..bytes.len() - 1).expect("longer");
        assert!(needles.found_in(most).is_empty(), "a part is not the whole: {shape}");
    }
    for lead in ["", "x", "xy"] {
        let text = STANDARD_NO_PAD.encode(format!("{lead}{secret} and more"));
        assert!(!needles.found_in(text.as_bytes()).is_empty(), "in base64 behind {lead:?}");
    }
    let token = format!("{}{}", "h".repeat(300), "t".repeat(300));
    let needles = Needles::of(&[("a token".to_owned(), token.clone())]);
    assert!(!needles.found_in(token.get(250..).expect("longer").as_bytes()).is_empty(), "also where it is cut");
}
