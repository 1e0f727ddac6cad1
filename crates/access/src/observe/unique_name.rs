//! How a second run knows the first one's app (docs/decisions/0005).

use sha2::{Digest, Sha256};

/// The alternate key of the app that Inbound Access makes under `name`: `inbound-access-` and the first 32 hexadecimal
/// digits of the SHA-256 of the trimmed name in UTF-8. The same name always gives the same key, in every tenant and on
/// every computer, so that making the app twice makes it once. A further app of the same name has `-2`, `-3`… behind.
pub(crate) fn unique_name(name: &str, number: u32) -> String {
    let digest = Sha256::digest(name.trim().as_bytes());
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    if number > 1 { format!("inbound-access-{hex}-{number}") } else { format!("inbound-access-{hex}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unique_names_are_fixed_for_ever() {
        // Changing the scheme would make every app anew: this value may never change.
        assert_eq!(unique_name("HR feed", 1), "inbound-access-87e4f26b857d3177167bcdcb17b77749");
        assert_eq!(unique_name(" HR feed ", 1), unique_name("HR feed", 1));
        assert_eq!(unique_name("HR feed", 2), "inbound-access-87e4f26b857d3177167bcdcb17b77749-2");
        assert_ne!(unique_name("HR feed", 1), unique_name("hr feed", 1));
    }

    proptest! {
        #[test]
        fn any_name_gives_letters_digits_and_hyphens(name in ".{0,120}", number in 1..60_u32) {
            let key = unique_name(&name, number);
            prop_assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
            prop_assert!(key.len() <= 50);
        }
    }
}
