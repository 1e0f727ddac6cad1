//! Who may do which part of the job (graph-facts 8).

use uuid::{Uuid, uuid};

use crate::preflight::{Ability, Able, EligibleRole, Standing};

const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
const APPLICATION_ADMINISTRATOR: Uuid = uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
const CLOUD_APPLICATION_ADMINISTRATOR: Uuid = uuid!("158c047a-c907-4556-b7ef-446551a6b5f7");

const GRANTERS: &[(Uuid, &str)] =
    &[(GLOBAL_ADMINISTRATOR, "Global Administrator"), (PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator")];
const REGISTRARS: &[(Uuid, &str)] = &[
    (GLOBAL_ADMINISTRATOR, "Global Administrator"),
    (APPLICATION_ADMINISTRATOR, "Application Administrator"),
    (CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator"),
];

/// Who is signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    /// Sign-in name.
    pub name: String,
    /// Template ids of the directory roles held actively.
    pub role_template_ids: Vec<Uuid>,
    /// Roles that may be activated, as far as they could be read.
    pub eligible: Vec<EligibleRole>,
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
    pub(crate) fn can_grant(&self) -> Standing {
        let (standing, role) = (self.standing_by(GRANTERS), self.known_role());
        match (standing.able, role) {
            (Able::Unknown, Some(role)) => Standing {
                able: Able::NeedsOther,
                reason: format!(
                    "You are {role}. Granting Microsoft Graph permissions needs a Privileged Role Administrator or a \
                     Global Administrator."
                ),
                ..standing
            },
            (Able::Unknown, None) => Standing {
                reason:
                    "None of your roles is known to allow this; with a custom role it may still work. A Privileged \
                         Role Administrator or a Global Administrator can."
                        .to_owned(),
                ..standing
            },
            _ => standing,
        }
    }

    /// Registering apps and making their secrets.
    pub(crate) fn can_register(&self) -> Standing {
        let standing = self.standing_by(REGISTRARS);
        if standing.able != Able::Unknown {
            return standing;
        }
        Standing {
            reason: "None of your roles is known to allow this; it works where the tenant lets every user register \
                     apps. An Application Administrator or a Global Administrator can."
                .to_owned(),
            ..standing
        }
    }

    /// By a role that is held, or one that may be activated; else unknown, without a reason.
    fn standing_by(&self, roles: &[(Uuid, &'static str)]) -> Standing {
        let names = || roles.iter().map(|(_, name)| (*name).to_owned()).collect();
        let blank = |able, reason| Standing { able, reason, activate: Vec::new(), roles: Vec::new() };
        if let Some((_, name)) = roles.iter().find(|(role, _)| self.holds(*role)) {
            return blank(Able::Can, format!("You are {name}."));
        }
        let allows = |own: &&EligibleRole| roles.iter().any(|(role, _)| own.role_id == role.to_string());
        let activate: Vec<EligibleRole> = self.eligible.iter().filter(allows).cloned().collect();
        match activate.first() {
            Some(first) => {
                let reason = format!("You may activate {}. Do that first.", first.name);
                Standing { activate, ..blank(Able::ActivateFirst, reason) }
            }
            None => Standing { roles: names(), ..blank(Able::Unknown, String::new()) },
        }
    }

    /// For each part of the job, whether this person can do it.
    #[must_use]
    pub fn abilities(&self) -> Vec<Ability> {
        let look = match self.known_role() {
            Some(role) => Standing {
                able: Able::Can,
                reason: format!("You are {role}."),
                activate: Vec::new(),
                roles: Vec::new(),
            },
            None => Standing {
                able: Able::Unknown,
                reason: "Most tenants let every member read apps; yours may not.".to_owned(),
                activate: Vec::new(),
                roles: Vec::new(),
            },
        };
        vec![
            Ability { what: "Register an app and make its secret".to_owned(), standing: self.can_register() },
            Ability {
                what: "Grant the permissions to an app or a managed identity".to_owned(),
                standing: self.can_grant(),
            },
            Ability { what: "Look at a principal and verify it".to_owned(), standing: look },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn able(roles: &[Uuid]) -> Vec<Able> {
        let operator =
            Operator { name: "a@contoso.example".to_owned(), role_template_ids: roles.to_vec(), eligible: Vec::new() };
        operator.abilities().into_iter().map(|ability| ability.standing.able).collect()
    }

    #[test]
    fn each_role_can_do_its_part_and_no_other() {
        assert_eq!(able(&[GLOBAL_ADMINISTRATOR]), [Able::Can, Able::Can, Able::Can]);
        assert_eq!(able(&[APPLICATION_ADMINISTRATOR]), [Able::Can, Able::NeedsOther, Able::Can]);
        assert_eq!(able(&[CLOUD_APPLICATION_ADMINISTRATOR]), [Able::Can, Able::NeedsOther, Able::Can]);
        assert_eq!(able(&[PRIVILEGED_ROLE_ADMINISTRATOR]), [Able::Unknown, Able::Can, Able::Can]);
        assert_eq!(able(&[APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR]), [Able::Can; 3]);
        assert_eq!(able(&[]), [Able::Unknown; 3]);
        assert_eq!(able(&[Uuid::from_u128(7)]), [Able::Unknown; 3]);
    }

    #[test]
    fn an_application_administrator_is_told_who_can_grant() {
        let operator =
            Operator { name: String::new(), role_template_ids: vec![APPLICATION_ADMINISTRATOR], ..Operator::default() };
        let reason = &operator.abilities()[1].standing.reason;
        assert!(reason.contains("You are Application Administrator"), "{reason}");
        assert!(reason.contains("Privileged Role Administrator"), "{reason}");
    }
}
