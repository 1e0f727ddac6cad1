//! The people of the practice tenant whom one can sign in as.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use uuid::{Uuid, uuid};

use crate::ids;

/// Role template id of Global Administrator (graph-facts 8).
pub(crate) const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
/// Role template id of Privileged Role Administrator (graph-facts 8).
pub(crate) const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
/// Role template id of Application Administrator (graph-facts 8).
pub(crate) const APPLICATION_ADMINISTRATOR: Uuid = uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
/// Role template id of Cloud Application Administrator (graph-facts 8).
pub(crate) const CLOUD_APPLICATION_ADMINISTRATOR: Uuid = uuid!("158c047a-c907-4556-b7ef-446551a6b5f7");
/// Role template id of Application Developer (graph-facts 8, ROLES); nobody holds it in the seed.
pub(crate) const APPLICATION_DEVELOPER: Uuid = uuid!("cf1c38e5-3621-4004-a7cb-879624dced7c");

/// The company's domain; the TLD is reserved, so no mail can ever reach it.
pub(crate) const DOMAIN: &str = "brightwater.example";
/// Domains that the company has shown to be its own.
pub(crate) const VERIFIED_DOMAINS: [&str; 2] = [DOMAIN, "brightwater.onmicrosoft.example"];
/// The company's name.
pub(crate) const COMPANY: &str = "Brightwater Foods";

/// A built-in directory role that the tenant knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RoleTemplate {
    pub id: Uuid,
    pub name: &'static str,
    pub description: &'static str,
}

/// The directory roles of the tenant.
pub(crate) const ROLE_TEMPLATES: [RoleTemplate; 4] = [
    RoleTemplate {
        id: GLOBAL_ADMINISTRATOR,
        name: "Global Administrator",
        description: "Manages everything in the directory.",
    },
    RoleTemplate {
        id: PRIVILEGED_ROLE_ADMINISTRATOR,
        name: "Privileged Role Administrator",
        description: "Manages role assignments and consents to any application permission.",
    },
    RoleTemplate {
        id: APPLICATION_ADMINISTRATOR,
        name: "Application Administrator",
        description: "Manages app registrations and enterprise apps; may not grant Microsoft Graph app roles.",
    },
    RoleTemplate {
        id: CLOUD_APPLICATION_ADMINISTRATOR,
        name: "Cloud Application Administrator",
        description: "As Application Administrator, without application proxy.",
    },
];

/// Which person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PersonaKey {
    /// Holds Global Administrator.
    GlobalAdministrator,
    /// Holds Privileged Role Administrator.
    PrivilegedRoleAdministrator,
    /// Holds Application Administrator.
    ApplicationAdministrator,
    /// Holds Cloud Application Administrator.
    CloudApplicationAdministrator,
    /// Holds no active role, but may activate some (PIM).
    Eligible,
    /// Holds no role.
    User,
}

impl PersonaKey {
    /// All of them, most powerful first.
    pub const ALL: [Self; 6] = [
        Self::GlobalAdministrator,
        Self::PrivilegedRoleAdministrator,
        Self::ApplicationAdministrator,
        Self::CloudApplicationAdministrator,
        Self::Eligible,
        Self::User,
    ];

    /// The camelCase key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "globalAdministrator",
            Self::PrivilegedRoleAdministrator => "privilegedRoleAdministrator",
            Self::ApplicationAdministrator => "applicationAdministrator",
            Self::CloudApplicationAdministrator => "cloudApplicationAdministrator",
            Self::Eligible => "eligible",
            Self::User => "user",
        }
    }

    /// The user's object id, the same in every practice tenant.
    pub(crate) fn object_id(self) -> Uuid {
        ids::fixed(&format!("user/{}", self.as_str()))
    }

    /// Active directory roles, by template id.
    pub(crate) const fn active_roles(self) -> &'static [Uuid] {
        match self {
            Self::GlobalAdministrator => &[GLOBAL_ADMINISTRATOR],
            Self::PrivilegedRoleAdministrator => &[PRIVILEGED_ROLE_ADMINISTRATOR],
            Self::ApplicationAdministrator => &[APPLICATION_ADMINISTRATOR],
            Self::CloudApplicationAdministrator => &[CLOUD_APPLICATION_ADMINISTRATOR],
            Self::Eligible | Self::User => &[],
        }
    }

    /// Roles that the person may activate, by template id.
    pub(crate) const fn eligible_roles(self) -> &'static [Uuid] {
        match self {
            Self::Eligible => &[APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR],
            _ => &[],
        }
    }

    /// Given name, surname, job title.
    pub(crate) const fn person(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::GlobalAdministrator => ("Imogen", "Castellane", "Head of IT"),
            Self::PrivilegedRoleAdministrator => ("Tomasz", "Wieczorek", "Identity security lead"),
            Self::ApplicationAdministrator => ("Aaliyah", "Okonjo", "Application administrator"),
            Self::CloudApplicationAdministrator => ("Rasmus", "Lindqvist", "Cloud integration engineer"),
            Self::Eligible => ("Mei-Ling", "Fontaine", "Identity engineer"),
            Self::User => ("Dario", "Petrescu", "HR analyst"),
        }
    }
}

impl fmt::Display for PersonaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no persona.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the persona `{given}` is unknown: give one of globalAdministrator, privilegedRoleAdministrator, \
     applicationAdministrator, cloudApplicationAdministrator, eligible, user"
)]
pub struct UnknownPersona {
    given: String,
}

impl FromStr for PersonaKey {
    type Err = UnknownPersona;

    /// Accepts camelCase and kebab-case.
    fn from_str(text: &str) -> Result<Self, UnknownPersona> {
        let plain: String = text.trim().chars().filter(|character| *character != '-').collect();
        Self::ALL
            .into_iter()
            .find(|key| key.as_str().eq_ignore_ascii_case(&plain))
            .ok_or_else(|| UnknownPersona { given: text.to_owned() })
    }
}

/// A person of the practice tenant, as shown to who chooses one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Persona {
    /// Which.
    pub key: PersonaKey,
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub user_principal_name: String,
    /// Roles in words, e.g. `Global Administrator`.
    pub roles: String,
    /// What this person can do of the job, in a sentence.
    pub explanation: String,
}

impl From<PersonaKey> for Persona {
    fn from(key: PersonaKey) -> Self {
        let (given, surname, _) = key.person();
        let (roles, explanation) = match key {
            PersonaKey::GlobalAdministrator => ("Global Administrator", "Can do the whole job."),
            PersonaKey::PrivilegedRoleAdministrator => (
                "Privileged Role Administrator",
                "Can grant permissions to what exists, a managed identity for example; cannot register apps.",
            ),
            PersonaKey::ApplicationAdministrator => (
                "Application Administrator",
                "Can register an app and make its secret; cannot grant Microsoft Graph permissions.",
            ),
            PersonaKey::CloudApplicationAdministrator => (
                "Cloud Application Administrator",
                "Can register an app and make its secret; cannot grant Microsoft Graph permissions.",
            ),
            PersonaKey::Eligible => (
                "None active; eligible for Application Administrator and Privileged Role Administrator",
                "Can read; could do the whole job after activating both roles.",
            ),
            PersonaKey::User => ("None", "Can read; can change nothing."),
        };
        Self {
            key,
            name: format!("{given} {surname}"),
            user_principal_name: user_principal_name(key),
            roles: roles.to_owned(),
            explanation: explanation.to_owned(),
        }
    }
}

pub(crate) fn user_principal_name(key: PersonaKey) -> String {
    let (given, surname, _) = key.person();
    format!("{}.{}@{DOMAIN}", given.to_ascii_lowercase(), surname.to_ascii_lowercase())
}

/// Whom one can be on the practice tenant, most powerful first.
#[must_use]
pub fn personas() -> Vec<Persona> {
    PersonaKey::ALL.into_iter().map(Persona::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_both_spellings_and_written_in_camel_case() {
        for key in PersonaKey::ALL {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        assert_eq!("cloud-application-administrator".parse(), Ok(PersonaKey::CloudApplicationAdministrator));
        assert!("root".parse::<PersonaKey>().is_err());
    }

    #[test]
    fn six_people_with_names_and_addresses_of_their_own() {
        let people = personas();
        let addresses: std::collections::BTreeSet<_> = people.iter().map(|it| &it.user_principal_name).collect();
        assert_eq!(addresses.len(), 6);
        assert!(addresses.iter().all(|it| it.ends_with(".example")));
    }
}
