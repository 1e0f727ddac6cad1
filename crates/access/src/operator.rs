//! Who is signed in: a person with directory roles, or an app with app roles (automation).

pub(crate) mod facts;
pub(crate) mod standings;

use inbound_entra::ids::ObjectId;
use inbound_entra::model::DirectoryRole;

use crate::operator::facts::OperatorFacts;
use crate::preflight::Ability;

/// Who is signed in, as known at the sign-in.
#[derive(Debug, Clone, PartialEq)]
pub enum Operator {
    /// A person; their directory roles decide what they may do.
    Person(PersonOperator),
    /// An app that signs in as itself; the app roles that it holds on Microsoft Graph decide.
    App(AppOperator),
}

/// A person who is signed in.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonOperator {
    /// Sign-in name.
    pub name: String,
    /// Their own object id, for which roles are activated.
    pub object_id: ObjectId,
    /// The directory roles that are active.
    pub roles: Vec<DirectoryRole>,
}

/// An app that is signed in as itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppOperator {
    /// Its name, or its client id where the name is not known.
    pub name: String,
    /// The app roles that its token holds, by value.
    pub roles: Vec<String>,
}

impl Operator {
    /// The sign-in name of a person, the name of an app.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::App(app) => &app.name,
        }
    }

    /// For each part of the job, whether this operator can do it, by what is known at the sign-in.
    #[must_use]
    pub fn abilities(&self) -> Vec<Ability> {
        OperatorFacts::new(self.clone()).abilities()
    }

    /// The active roles by name, in alphabetical order.
    pub(crate) fn role_names(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Person(person) => person
                .roles
                .iter()
                .map(|role| role.display_name.clone().unwrap_or_else(|| standings::name_of(role.role_template_id)))
                .collect(),
            Self::App(app) => app.roles.clone(),
        };
        names.sort();
        names
    }
}
