//! Who may do which part of the job (graph-facts 8).

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::{Uuid, uuid};

const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
const APPLICATION_ADMINISTRATOR: Uuid = uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
const CLOUD_APPLICATION_ADMINISTRATOR: Uuid = uuid!("158c047a-c907-4556-b7ef-446551a6b5f7");

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Sign-in name.
    pub name: String,
    /// Template ids of the directory roles held actively.
    pub role_template_ids: Vec<Uuid>,
}

/// Whether the signed-in person can do a part of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ability {
    /// The part, e.g. `Register an app and make its secret`.
    pub what: String,
    /// Whether.
    pub able: Able,
    /// Why, or who could.
    pub reason: String,
}

/// Yes, no, or it may still work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Able {
    /// A role that is held allows it.
    Yes,
    /// None of the roles held allows it.
    No,
    /// No role that is known allows it, but a custom one may.
    Unknown,
}

impl Operator {
    fn holds(&self, role: Uuid) -> bool {
        self.role_template_ids.contains(&role)
    }

    /// The name of the role that decides, where it is one we know.
    pub(crate) fn known_role(&self) -> Option<&'static str> {
        [
            (GLOBAL_ADMINISTRATOR, "Global Administrator"),
            (PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator"),
            (APPLICATION_ADMINISTRATOR, "Application Administrator"),
            (CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator"),
        ]
        .into_iter()
        .find_map(|(role, name)| self.holds(role).then_some(name))
    }

    /// Granting Microsoft Graph's application permissions: Privileged Role or Global Administrator. Application
    /// administrators may grant any permission but these.
    pub(crate) fn can_grant(&self) -> (Able, String) {
        if self.holds(GLOBAL_ADMINISTRATOR) || self.holds(PRIVILEGED_ROLE_ADMINISTRATOR) {
            return (Able::Yes, format!("You are {}.", self.known_role().unwrap_or("an administrator")));
        }
        match self.known_role() {
            Some(role) => (
                Able::No,
                format!(
                    "You are {role}. Granting Microsoft Graph permissions needs a Privileged Role Administrator or a \
                     Global Administrator."
                ),
            ),
            None => (
                Able::Unknown,
                "None of your roles is known to allow this; with a custom role it may still work. A Privileged Role \
                 Administrator or a Global Administrator can."
                    .to_owned(),
            ),
        }
    }

    /// Registering apps and making their secrets.
    pub(crate) fn can_register(&self) -> (Able, String) {
        let role = [
            (GLOBAL_ADMINISTRATOR, "Global Administrator"),
            (APPLICATION_ADMINISTRATOR, "Application Administrator"),
            (CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator"),
        ]
        .into_iter()
        .find_map(|(role, name)| self.holds(role).then_some(name));
        match role {
            Some(name) => (Able::Yes, format!("You are {name}.")),
            None => (
                Able::Unknown,
                "None of your roles is known to allow this; it works where the tenant lets every user register apps. \
                 An Application Administrator or a Global Administrator can."
                    .to_owned(),
            ),
        }
    }

    /// For each part of the job, whether this person can do it.
    #[must_use]
    pub fn abilities(&self) -> Vec<Ability> {
        let (register, register_reason) = self.can_register();
        let (grant, grant_reason) = self.can_grant();
        let (look, look_reason) = match self.known_role() {
            Some(role) => (Able::Yes, format!("You are {role}.")),
            None => (Able::Unknown, "Most tenants let every member read apps; yours may not.".to_owned()),
        };
        vec![
            Ability { what: "Register an app and make its secret".to_owned(), able: register, reason: register_reason },
            Ability {
                what: "Grant the permissions to an app or a managed identity".to_owned(),
                able: grant,
                reason: grant_reason,
            },
            Ability { what: "Look at a principal and verify it".to_owned(), able: look, reason: look_reason },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn able(roles: &[Uuid]) -> Vec<Able> {
        let operator = Operator { name: "a@contoso.example".to_owned(), role_template_ids: roles.to_vec() };
        operator.abilities().into_iter().map(|ability| ability.able).collect()
    }

    #[test]
    fn each_role_can_do_its_part_and_no_other() {
        assert_eq!(able(&[GLOBAL_ADMINISTRATOR]), [Able::Yes, Able::Yes, Able::Yes]);
        assert_eq!(able(&[APPLICATION_ADMINISTRATOR]), [Able::Yes, Able::No, Able::Yes]);
        assert_eq!(able(&[CLOUD_APPLICATION_ADMINISTRATOR]), [Able::Yes, Able::No, Able::Yes]);
        assert_eq!(able(&[PRIVILEGED_ROLE_ADMINISTRATOR]), [Able::Unknown, Able::Yes, Able::Yes]);
        assert_eq!(able(&[APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]), [Able::Yes; 3]);
        assert_eq!(able(&[]), [Able::Unknown; 3]);
        assert_eq!(able(&[Uuid::from_u128(7)]), [Able::Unknown; 3]);
    }

    #[test]
    fn an_application_administrator_is_told_who_can_grant() {
        let operator = Operator { name: String::new(), role_template_ids: vec![APPLICATION_ADMINISTRATOR] };
        let reason = &operator.abilities()[1].reason;
        assert!(reason.contains("You are Application Administrator"), "{reason}");
        assert!(reason.contains("Privileged Role Administrator"), "{reason}");
    }
}
