//! A preflight as a face shows it.

use jiff::Timestamp;

use crate::job::JobParts;
use crate::operator::Operator;
use crate::operator::facts::{OperatorFacts, SecretRules};
use crate::operator::standings::{Registration, WHO_GRANTS};
use crate::preflight::reads::{Fact, Reads, reading};
use crate::preflight::{Able, EligibleRoles, Preflight, Reading, RegistrationPolicy, SecretPolicy, Standing, licence};
use crate::words;

/// What is known now, and what was read to know it.
pub(crate) fn of(parts: &JobParts, facts: &OperatorFacts, reads: &Reads, now: Timestamp) -> Preflight {
    Preflight {
        checked: now.to_string(),
        summary: summary(facts, reads),
        roles: facts.operator.role_names(),
        eligible: EligibleRoles { reading: reading(&reads.eligible), roles: facts.eligible.clone() },
        scopes: (parts.scopes)(),
        secrets: secret_policy(facts.secrets, &reads.secrets),
        registration: RegistrationPolicy {
            reading: reading(&reads.registration),
            everyone: facts.everyone_may_register == Some(true),
        },
        licence: licence::of(&reads.organization),
        abilities: facts.abilities(),
    }
}

/// What this operator can do of the job, and what is awaited or was not read of that.
fn summary(facts: &OperatorFacts, reads: &Reads) -> String {
    let (register, grant) = (facts.can_register(Registration::New), facts.can_grant());
    let mut sentences = vec![job(&facts.operator, &register, &grant)];
    for one in &facts.activated {
        sentences.push(format!("{} was activated and is active in a moment.", one.name));
    }
    if let Some(Err(reading)) = &reads.roles {
        let why = match reading {
            Reading::NotReadable { why } => format!(": {why}"),
            Reading::Read | Reading::NeedsScope { .. } => ".".to_owned(),
        };
        sentences.push(format!("Your roles are told as they were last read; they could not be read now{why}"));
    }
    sentences.join(" ")
}

fn job(operator: &Operator, register: &Standing, grant: &Standing) -> String {
    let you = match operator {
        Operator::Person(_) => "You",
        Operator::App(_) => "This app",
    };
    if (register.able, grant.able) == (Able::Can, Able::Can) {
        return format!("{you} can do the whole job.");
    }
    if (register.able, grant.able) == (Able::Unknown, Able::Unknown) {
        return format!(
            "Nothing that is known of {} allows any part of the job; it may still work.",
            you.to_lowercase()
        );
    }
    if (register.able, grant.able) == (Able::ActivateFirst, Able::ActivateFirst)
        && let (Some(first), Some(second)) = (register.activate.first(), grant.activate.first())
    {
        let mut names = vec![first.name.as_str()];
        if second.name != first.name {
            names.push(&second.name);
        }
        return format!("{you} can do the whole job once you have activated {}.", words::list(&names));
    }
    let registering = clause(you, register, "register apps and make their secrets", "An Application Administrator");
    let granting = match grant.able {
        Able::NeedsOther => format!("granting the permissions takes {WHO_GRANTS}"),
        _ => clause("you", grant, "grant the permissions", ""),
    };
    format!("{registering}; {granting}.")
}

fn clause(you: &str, standing: &Standing, act: &str, other: &str) -> String {
    match (standing.able, standing.activate.first()) {
        (Able::Can, _) => format!("{you} can {act}"),
        (Able::ActivateFirst, Some(role)) => format!("{you} can {act} once you have activated {}", role.name),
        (Able::ActivateFirst, None) => format!("{you} can {act} in a moment"),
        (Able::NeedsOther, _) => format!("{other} has to {act}"),
        (Able::Unknown, _) => format!("{you} may be able to {act}, but no known role says so"),
    }
}

/// What the policy says of client secrets. What was read before is not forgotten when it cannot be read now.
fn secret_policy<T>(rules: Option<SecretRules>, fact: &Fact<T>) -> SecretPolicy {
    let sentence = match (rules, fact) {
        (Some(SecretRules { forbidden: true, .. }), _) => {
            "A policy of this tenant does not allow new client secrets.".to_owned()
        }
        (Some(SecretRules { longest_days: Some(days), .. }), _) => {
            format!("A policy of this tenant lets a client secret live {} at most.", in_days(days))
        }
        (Some(_), _) => "The tenant's default policy sets no limit to client secrets.".to_owned(),
        (None, Err(Reading::NotReadable { why })) => {
            format!("Whether the tenant limits client secrets cannot be told. {why}")
        }
        (None, Err(Reading::NeedsScope { scope })) => {
            format!("Whether the tenant limits client secrets was not read: that takes the scope {scope}.")
        }
        (None, _) => "Whether the tenant limits client secrets was not read.".to_owned(),
    };
    SecretPolicy {
        reading: reading(fact),
        forbidden: rules.is_some_and(|rules| rules.forbidden),
        longest_days: rules.and_then(|rules| rules.longest_days),
        sentence,
    }
}

/// `90 days`.
pub(crate) fn in_days(days: u32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use inbound_entra::ids::ObjectId;
    use uuid::Uuid;

    use super::*;
    use crate::operator::PersonOperator;
    use crate::preflight::EligibleRole;

    fn standing(able: Able, activate: &[&str]) -> Standing {
        let activate = activate
            .iter()
            .map(|name| EligibleRole {
                role_id: String::new(),
                name: (*name).to_owned(),
                until: None,
                portal_url: String::new(),
            })
            .collect();
        Standing { able, reason: String::new(), activate, roles: Vec::new() }
    }

    fn said(register: &Standing, grant: &Standing) -> String {
        let person = PersonOperator { name: String::new(), object_id: ObjectId(Uuid::nil()), roles: Vec::new() };
        job(&Operator::Person(person), register, grant)
    }

    #[test]
    fn the_job_in_one_sentence() {
        let (can, other, unknown) =
            (standing(Able::Can, &[]), standing(Able::NeedsOther, &[]), standing(Able::Unknown, &[]));
        let (first, second) = (standing(Able::ActivateFirst, &["A"]), standing(Able::ActivateFirst, &["B"]));
        let soon = standing(Able::ActivateFirst, &[]);
        for (register, grant, expected) in [
            (&can, &can, "You can do the whole job."),
            (
                &can,
                &other,
                "You can register apps and make their secrets; granting the permissions takes a Privileged Role \
                 Administrator or a Global Administrator.",
            ),
            (&first, &second, "You can do the whole job once you have activated A and B."),
            (&first, &first, "You can do the whole job once you have activated A."),
            (
                &can,
                &second,
                "You can register apps and make their secrets; you can grant the permissions once you have activated B.",
            ),
            (&soon, &can, "You can register apps and make their secrets in a moment; you can grant the permissions."),
            (
                &other,
                &can,
                "An Application Administrator has to register apps and make their secrets; you can grant the permissions.",
            ),
            (
                &unknown,
                &can,
                "You may be able to register apps and make their secrets, but no known role says so; you can grant the \
                 permissions.",
            ),
            (&unknown, &unknown, "Nothing that is known of you allows any part of the job; it may still work."),
        ] {
            assert_eq!(said(register, grant), expected);
        }
    }

    #[test]
    fn the_secret_policy_in_one_sentence() {
        let rules = |forbidden, longest_days| Some(SecretRules { forbidden, longest_days });
        let unread: Fact<()> = Err(Reading::NeedsScope { scope: "Policy.Read.All".to_owned() });
        for (rules, fact, words) in [
            (rules(true, None), Ok(()), "does not allow new client secrets"),
            (rules(false, Some(1)), Ok(()), "1 day at most"),
            (rules(false, None), Ok(()), "sets no limit"),
            (None, unread.clone(), "Policy.Read.All"),
            // As it was read before.
            (rules(false, Some(90)), unread, "90 days at most"),
        ] {
            let policy = secret_policy(rules, &fact);
            assert!(policy.sentence.contains(words), "{}", policy.sentence);
            assert_eq!(policy.longest_days, rules.and_then(|rules| rules.longest_days));
        }
    }
}
