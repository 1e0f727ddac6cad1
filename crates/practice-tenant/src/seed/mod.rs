//! What a new tenant holds. Ids are fixed; dates that matter are relative to the clock.

mod build;
mod large;
pub(crate) mod permissions;
pub(crate) mod provisioning;
pub(crate) mod small;

use jiff::Timestamp;

pub(crate) use build::{principal_of, properties};

use crate::directory::state::Directory;
use crate::options::Seed;

/// The directory of a new tenant.
pub(crate) fn directory(seed: Seed, now: Timestamp) -> Directory {
    let mut directory = small::directory(now);
    if let Seed::Large(count) = seed {
        large::grow(&mut directory, count, now);
    }
    directory
}
