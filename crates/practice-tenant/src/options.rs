//! How a practice tenant is started.

use std::path::PathBuf;
use std::str::FromStr;

use crate::clock::VirtualClock;
use crate::clouds::HomeCloud;
use crate::dials::DialSettings;
use crate::persona::PersonaKey;

/// How to start a practice tenant. The default: any free port, seed `small`, state in memory, no delays.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The loopback port; a free one when absent.
    pub port: Option<u16>,
    /// What a new tenant holds. A state file that exists wins over it.
    pub seed: Seed,
    /// Where to keep the state over restarts; in memory only when absent.
    pub state_file: Option<PathBuf>,
    /// Answer authorize requests as this persona without showing a page.
    pub auto_approve: Option<PersonaKey>,
    /// Where the dials stand at start.
    pub dials: DialSettings,
    /// The tenant's time.
    pub clock: VirtualClock,
    /// The cloud that the tenant lives in; it matters under the clouds' real host names only.
    pub home_cloud: HomeCloud,
    /// A token issuer besides the tenant's own whose tokens federated credentials of this tenant may name.
    pub federated_issuer: Option<FederatedIssuer>,
}

/// An issuer of workload tokens. The tenant fetches no keys from anywhere, so its key is given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FederatedIssuer {
    /// The `iss` of its tokens, and the `issuer` of the federated credential.
    pub issuer: String,
    /// The RSA public key that checks its tokens (RS256), PEM.
    pub public_key_pem: String,
}

/// What a new tenant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seed {
    /// A believable small company (DESIGN section 5).
    #[default]
    Small,
    /// The small company grown to this many service principals.
    Large(u32),
}

/// The text names no seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the seed `{given}` is unknown: give `small` or `large:N` with N from 1 to 1000000, e.g. `large:20000`")]
pub struct UnknownSeed {
    given: String,
}

impl FromStr for Seed {
    type Err = UnknownSeed;

    fn from_str(text: &str) -> Result<Self, UnknownSeed> {
        let unknown = || UnknownSeed { given: text.to_owned() };
        if text == "small" {
            return Ok(Self::Small);
        }
        let count = text.strip_prefix("large:").ok_or_else(unknown)?;
        match count.parse::<u32>() {
            Ok(count) if (1..=1_000_000).contains(&count) => Ok(Self::Large(count)),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_read_from_text() {
        assert_eq!("small".parse(), Ok(Seed::Small));
        assert_eq!("large:100000".parse(), Ok(Seed::Large(100_000)));
        for wrong in ["", "large", "large:", "large:0", "large:-1", "large:9999999", "Small "] {
            assert!(wrong.parse::<Seed>().is_err(), "{wrong}");
        }
    }
}
