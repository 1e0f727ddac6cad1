//! Ids that are the same in every practice tenant, and secrets that are not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Microsoft Graph's client id, the same in every tenant.
pub(crate) const GRAPH_APP_ID: Uuid = Uuid::from_u128(0x0000_0003_0000_0000_c000_0000_0000_0000);
/// The directory that owns Microsoft's own applications.
pub(crate) const MICROSOFT_TENANT: Uuid = Uuid::from_u128(0xf8cd_ef31_a31e_4b4a_93e4_5f57_1e91_255a);
/// The practice tenant's own id.
pub(crate) const TENANT: Uuid = Uuid::from_u128(0x5b1d_7e0c_93a4_4f62_8d17_2c60_b9e4_a1f3);

/// The id that every practice tenant gives to the seeded thing called `name`.
pub(crate) fn fixed(name: &str) -> Uuid {
    let digest = Sha256::digest(format!("practice-tenant/{name}"));
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// A directory-style opaque id made from what it names.
pub(crate) fn opaque(parts: &[&str]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(parts.join("\n")))
}

/// Lower-case hex SHA-256.
pub(crate) fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random text of `length` characters out of `alphabet` (ASCII).
pub(crate) fn random_text(length: usize, alphabet: &str) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut rng = rand::rng();
    (0..length).filter_map(|_| alphabet.get(rng.random_range(0..alphabet.len())).copied()).collect()
}

/// 32 random bytes, base64url.
pub(crate) fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
