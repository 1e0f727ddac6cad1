//! Who may do which part of the job (graph-facts 8).

use jiff::Timestamp;
use uuid::{Uuid, uuid};

use crate::operator::facts::OperatorFacts;
use crate::operator::{AppOperator, Operator, PersonOperator};
use crate::preflight::{Ability, Able, EligibleRole, Standing};
use crate::words;

const GLOBAL_ADMINISTRATOR: Uuid = uuid!("62e90394-69f5-4237-9190-012177145e10");
const PRIVILEGED_ROLE_ADMINISTRATOR: Uuid = uuid!("e8611ab8-c189-46e8-94e1-60213ab1f814");
const APPLICATION_ADMINISTRATOR: Uuid = uuid!("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3");
const CLOUD_APPLICATION_ADMINISTRATOR: Uuid = uuid!("158c047a-c907-4556-b7ef-446551a6b5f7");
const APPLICATION_DEVELOPER: Uuid = uuid!("cf1c38e5-3621-4004-a7cb-879624dced7c");

/// A role by its template id, the same in every tenant, and its name.
type Role = (Uuid, &'static str);

/// The roles that decide anything here, the most powerful first.
const KNOWN: [Role; 5] = [
    (GLOBAL_ADMINISTRATOR, "Global Administrator"),
    (PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator"),
    (APPLICATION_ADMINISTRATOR, "Application Administrator"),
    (CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator"),
    (APPLICATION_DEVELOPER, "Application Developer"),
];
const GRANTERS: &[Role] =
    &[(PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator"), (GLOBAL_ADMINISTRATOR, "Global Administrator")];
const REGISTRARS: &[Role] = &[
    (APPLICATION_ADMINISTRATOR, "Application Administrator"),
    (CLOUD_APPLICATION_ADMINISTRATOR, "Cloud Application Administrator"),
    (GLOBAL_ADMINISTRATOR, "Global Administrator"),
];
/// They may register apps, but change only those that they own.
const OWN_REGISTRARS: &[Role] = &[(APPLICATION_DEVELOPER, "Application Developer")];

const REGISTER_ALL: &str = "Application.ReadWrite.All";
const REGISTER_OWN: &str = "Application.ReadWrite.OwnedBy";
const GRANT_ALL: &str = "AppRoleAssignment.ReadWrite.All";
/// One of these is needed beside it.
const READ_TO_GRANT: [&str; 4] =
    ["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/// Who can grant, in words.
pub(crate) const WHO_GRANTS: &str = "a Privileged Role Administrator or a Global Administrator";
/// Who can register, in words.
const WHO_REGISTERS: &str = "An Application Administrator or a Global Administrator can.";

/// Which registration is to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registration {
    /// One that the operator is about to make, and will own.
    New,
    /// One that is there already, whoever owns it.
    Existing,
}

/// When a role was last activated that may help to do a part of the job.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LatelyActivated {
    pub to_register: Option<Timestamp>,
    pub to_grant: Option<Timestamp>,
}

/// The name of a role that we know; its id in words for another.
pub(crate) fn name_of(role: Uuid) -> String {
    let known = KNOWN.iter().find(|(id, _)| *id == role);
    known.map_or_else(|| format!("Role {role}"), |(_, name)| (*name).to_owned())
}

impl PersonOperator {
    fn holds(&self, role: Uuid) -> bool {
        self.roles.iter().any(|held| held.role_template_id == role)
    }

    fn first_held(&self, roles: &[Role]) -> Option<&'static str> {
        roles.iter().find_map(|(role, name)| self.holds(*role).then_some(*name))
    }
}

impl AppOperator {
    fn first_held(&self, roles: &[&'static str]) -> Option<&'static str> {
        roles.iter().copied().find(|wanted| self.roles.iter().any(|held| held == wanted))
    }
}

impl OperatorFacts {
    /// The name of the directory role that decides, where it is one we know.
    pub(crate) fn known_role(&self) -> Option<&'static str> {
        match &self.operator {
            Operator::Person(person) => person.first_held(&KNOWN),
            Operator::App(_) => None,
        }
    }

    /// Granting Microsoft Graph's application permissions: Privileged Role or Global Administrator. Application
    /// administrators may grant any permission but these.
    pub(crate) fn can_grant(&self) -> Standing {
        let person = match &self.operator {
            Operator::Person(person) => person,
            Operator::App(app) => return app_can_grant(app),
        };
        if let Some(standing) = held(person, GRANTERS).or_else(|| self.to_activate(GRANTERS)) {
            return standing;
        }
        match self.known_role() {
            Some(role) => Standing {
                reason: format!("You are {role}. Granting Microsoft Graph permissions needs {WHO_GRANTS}."),
                ..by_others(Able::NeedsOther, GRANTERS)
            },
            None => Standing {
                reason:
                    "None of your roles is known to allow this; with a custom role it may still work. A Privileged \
                         Role Administrator or a Global Administrator can."
                        .to_owned(),
                ..by_others(Able::Unknown, GRANTERS)
            },
        }
    }

    /// Registering apps and making their secrets.
    pub(crate) fn can_register(&self, which: Registration) -> Standing {
        let person = match &self.operator {
            Operator::Person(person) => person,
            Operator::App(app) => return app_can_register(app, which),
        };
        let everyone = self.everyone_may_register == Some(true);
        if let Some(standing) = held(person, REGISTRARS) {
            return standing;
        }
        if which == Registration::New {
            if let Some(standing) = held(person, OWN_REGISTRARS) {
                return standing;
            }
            if everyone {
                return can("This tenant lets every user register apps, and you own what you register.".to_owned());
            }
        }
        if let Some(standing) = self.to_activate(REGISTRARS) {
            return standing;
        }
        if which == Registration::Existing {
            return Standing {
                reason: format!(
                    "None of your roles is known to allow this for an app that exists; it works if you own it. \
                     {WHO_REGISTERS}"
                ),
                ..by_others(Able::Unknown, REGISTRARS)
            };
        }
        match (self.everyone_may_register, self.known_role()) {
            (Some(false), Some(role)) => Standing {
                reason: format!(
                    "You are {role}, and this tenant lets only those register apps whose role allows it. \
                     {WHO_REGISTERS}"
                ),
                ..by_others(Able::NeedsOther, REGISTRARS)
            },
            (Some(false), None) => Standing {
                reason: format!(
                    "This tenant lets only those register apps whose role allows it, and none of yours is known to; \
                     with a custom role it may still work. {WHO_REGISTERS}"
                ),
                ..by_others(Able::Unknown, REGISTRARS)
            },
            _ => Standing {
                reason: format!(
                    "None of your roles is known to allow this; it works where the tenant lets every user register \
                     apps. {WHO_REGISTERS}"
                ),
                ..by_others(Able::Unknown, REGISTRARS)
            },
        }
    }

    /// Reading apps and what they hold.
    fn can_look(&self) -> Standing {
        match &self.operator {
            Operator::Person(_) => match self.known_role() {
                Some(role) => can(format!("You are {role}.")),
                None => Standing {
                    reason: "Most tenants let every member read apps; yours may not.".to_owned(),
                    ..by_others(Able::Unknown, &[])
                },
            },
            Operator::App(app) => match app.first_held(&READ_TO_GRANT) {
                Some(value) => can(format!("The app holds {value}.")),
                None => app_unknown("Application.Read.All", &[]),
            },
        }
    }

    /// A role that may be activated, or was a moment ago.
    fn to_activate(&self, roles: &[Role]) -> Option<Standing> {
        let blank = |reason| Standing { able: Able::ActivateFirst, reason, activate: Vec::new(), roles: Vec::new() };
        let activated = self.activated.iter().find(|one| roles.iter().any(|(role, _)| one.role == *role));
        if let Some(one) = activated {
            return Some(blank(format!(
                "{} was activated at {} and is active in a moment; it may take some minutes.",
                one.name,
                words::clock_time(one.at)
            )));
        }
        let activate: Vec<EligibleRole> = roles
            .iter()
            .filter_map(|(role, _)| self.eligible.iter().find(|own| own.role_id == role.to_string()))
            .cloned()
            .collect();
        let names: Vec<&str> = activate.iter().map(|role| role.name.as_str()).collect();
        let reason = format!("You may activate {}. Do that first.", words::any_of(&names));
        (!activate.is_empty()).then(|| Standing { activate, ..blank(reason) })
    }

    /// When roles that may help were last activated from here.
    pub(crate) fn lately_activated(&self) -> LatelyActivated {
        LatelyActivated { to_register: self.last_activation(REGISTRARS), to_grant: self.last_activation(GRANTERS) }
    }

    /// Of a role that is none of ours nobody knows what it allows.
    fn last_activation(&self, roles: &[Role]) -> Option<Timestamp> {
        let among = |roles: &[Role], role: Uuid| roles.iter().any(|(id, _)| *id == role);
        let helps = |role: Uuid| among(roles, role) || !among(&KNOWN, role);
        self.activations.iter().filter(|one| helps(one.role)).map(|one| one.at).max()
    }

    /// For each part of the job, whether this operator can do it.
    pub(crate) fn abilities(&self) -> Vec<Ability> {
        vec![
            Ability {
                what: "Register an app and make its secret".to_owned(),
                standing: self.can_register(Registration::New),
            },
            Ability {
                what: "Grant the permissions to an app or a managed identity".to_owned(),
                standing: self.can_grant(),
            },
            Ability { what: "Look at a principal and verify it".to_owned(), standing: self.can_look() },
        ]
    }
}

fn can(reason: String) -> Standing {
    Standing { able: Able::Can, reason, activate: Vec::new(), roles: Vec::new() }
}

/// Not by this operator, as far as is known; the reason is still to be given.
fn by_others(able: Able, roles: &[Role]) -> Standing {
    let roles = roles.iter().map(|(_, name)| (*name).to_owned()).collect();
    Standing { able, reason: String::new(), activate: Vec::new(), roles }
}

fn held(person: &PersonOperator, roles: &[Role]) -> Option<Standing> {
    person.first_held(roles).map(|name| can(format!("You are {name}.")))
}

fn app_can_grant(app: &AppOperator) -> Standing {
    match (app.first_held(&[GRANT_ALL]), app.first_held(&READ_TO_GRANT)) {
        (Some(grant), Some(_)) => can(format!("The app holds {grant}.")),
        (Some(grant), None) => Standing {
            reason: format!(
                "The app holds {grant}, but not Application.Read.All, without which Entra refuses. A Privileged Role \
                 Administrator can give it that."
            ),
            ..by_others(Able::NeedsOther, GRANTERS)
        },
        (None, _) => app_unknown(GRANT_ALL, GRANTERS),
    }
}

fn app_can_register(app: &AppOperator, which: Registration) -> Standing {
    match (app.first_held(&[REGISTER_ALL]), app.first_held(&[REGISTER_OWN]), which) {
        (Some(value), ..) => can(format!("The app holds {value}.")),
        (None, Some(value), Registration::New) => can(format!("The app holds {value}, and owns what it registers.")),
        (None, Some(value), Registration::Existing) => Standing {
            reason: format!("The app holds {value}, with which it can change only what it owns."),
            ..by_others(Able::Unknown, REGISTRARS)
        },
        (None, None, _) => app_unknown(REGISTER_ALL, REGISTRARS),
    }
}

/// A directory role that was given to an app is not in its token's roles.
fn app_unknown(value: &str, roles: &[Role]) -> Standing {
    Standing {
        reason: format!("The app does not hold {value}; with a directory role of its own it may still work."),
        ..by_others(Able::Unknown, roles)
    }
}

#[cfg(test)]
#[path = "standings_tests.rs"]
mod tests;
