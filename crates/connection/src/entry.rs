//! How somebody comes in.

use practice_tenant::PersonaKey;

use crate::view::SignInRequest;

/// Where the practice tenant is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The practice tenant inside the app.
    EmbeddedPractice,
    /// A practice tenant that runs elsewhere: the `url` that `practice serve` printed, as it is. It plays the real clouds
    /// too, by their host names.
    PracticeUrl(String),
}

/// Who comes in, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A persona of the practice tenant.
    Persona(PersonaKey),
    /// A person, in a real cloud or one that is played.
    Person(SignInRequest),
}
