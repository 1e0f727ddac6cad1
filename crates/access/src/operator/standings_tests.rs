//! What each persona, each app and each state of the tenant may do.

use inbound_entra::ids::ObjectId;
use inbound_entra::model::{DirectoryRole, RoleEligibility};
use jiff::Timestamp;
use serde_json::json;
use url::Url;

use super::*;
use crate::operator::facts::SecretRules;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn role(id: Uuid) -> DirectoryRole {
    DirectoryRole { role_template_id: id, display_name: None }
}

fn person(roles: &[Uuid]) -> OperatorFacts {
    OperatorFacts::new(Operator::Person(PersonOperator {
        name: "a@contoso.example".to_owned(),
        object_id: ObjectId(Uuid::from_u128(5)),
        roles: roles.iter().copied().map(role).collect(),
    }))
}

fn app(roles: &[&str]) -> OperatorFacts {
    OperatorFacts::new(Operator::App(AppOperator {
        name: "Automation".to_owned(),
        roles: roles.iter().map(|value| (*value).to_owned()).collect(),
    }))
}

fn eligible(roles: &[(Uuid, &str)]) -> OperatorFacts {
    let mut facts = person(&[]);
    let read: Vec<RoleEligibility> = roles
        .iter()
        .map(|(id, scope)| {
            serde_json::from_value(json!({ "roleDefinitionId": id, "directoryScopeId": scope })).unwrap()
        })
        .collect();
    facts.learn_eligible(&read, &Url::parse("https://entra.microsoft.com/").unwrap());
    facts
}

fn able(facts: &OperatorFacts) -> Vec<Able> {
    facts.abilities().into_iter().map(|ability| ability.standing.able).collect()
}

#[test]
fn each_persona_can_do_its_part_and_no_other() {
    for (roles, expected) in [
        (vec![GLOBAL_ADMINISTRATOR], [Able::Can, Able::Can, Able::Can]),
        (vec![APPLICATION_ADMINISTRATOR], [Able::Can, Able::NeedsOther, Able::Can]),
        (vec![CLOUD_APPLICATION_ADMINISTRATOR], [Able::Can, Able::NeedsOther, Able::Can]),
        (vec![PRIVILEGED_ROLE_ADMINISTRATOR], [Able::Unknown, Able::Can, Able::Can]),
        (vec![APPLICATION_DEVELOPER], [Able::Can, Able::NeedsOther, Able::Can]),
        (vec![APPLICATION_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR], [Able::Can; 3]),
        (vec![], [Able::Unknown; 3]),
        (vec![Uuid::from_u128(7)], [Able::Unknown; 3]),
    ] {
        assert_eq!(able(&person(&roles)), expected, "{roles:?}");
    }
}

#[test]
fn an_application_administrator_is_told_who_can_grant() {
    let standing = person(&[APPLICATION_ADMINISTRATOR]).can_grant();
    assert!(standing.reason.contains("You are Application Administrator"), "{}", standing.reason);
    assert_eq!(standing.roles, ["Privileged Role Administrator", "Global Administrator"]);
}

#[test]
fn the_eligible_persona_activates_first_and_is_told_what() {
    let facts = eligible(&[(APPLICATION_ADMINISTRATOR, "/"), (PRIVILEGED_ROLE_ADMINISTRATOR, "/")]);
    assert_eq!(able(&facts), [Able::ActivateFirst, Able::ActivateFirst, Able::Unknown]);
    let standing = facts.can_grant();
    assert_eq!(standing.reason, "You may activate Privileged Role Administrator. Do that first.");
    assert_eq!(standing.activate.len(), 1);
    assert!(standing.activate[0].portal_url.starts_with("https://entra.microsoft.com/#view/"));
    let both = eligible(&[(GLOBAL_ADMINISTRATOR, "/"), (PRIVILEGED_ROLE_ADMINISTRATOR, "/")]).can_grant();
    assert_eq!(
        both.reason, "You may activate Privileged Role Administrator or Global Administrator. Do that first.",
        "the least powerful comes first"
    );
}

#[test]
fn a_role_for_a_part_of_the_tenant_helps_nobody() {
    let facts = eligible(&[(PRIVILEGED_ROLE_ADMINISTRATOR, "/administrativeUnits/7")]);
    assert!(facts.eligible.is_empty());
    assert_eq!(facts.can_grant().able, Able::Unknown);
}

#[test]
fn a_role_that_is_active_is_not_offered_again_and_one_that_is_not_seen_yet_is_awaited() {
    let mut facts = eligible(&[(APPLICATION_ADMINISTRATOR, "/"), (PRIVILEGED_ROLE_ADMINISTRATOR, "/")]);
    let began = at("2026-11-12T10:40:00Z");
    facts.learn_activation(APPLICATION_ADMINISTRATOR, "Application Administrator".to_owned(), began);
    facts.learn_roles(Vec::new(), began);
    let standing = facts.can_register(Registration::New);
    assert_eq!(standing.able, Able::ActivateFirst);
    assert!(standing.reason.contains("10:40") && standing.reason.contains("in a moment"), "{}", standing.reason);
    assert!(standing.activate.is_empty(), "it is not offered again");

    let mut unseen = facts.clone();
    unseen.learn_roles(Vec::new(), at("2026-11-12T10:56:00Z"));
    assert_eq!(unseen.can_register(Registration::New).activate.len(), 1, "after a quarter of an hour it is");

    facts.learn_roles(vec![role(APPLICATION_ADMINISTRATOR)], at("2026-11-12T10:41:00Z"));
    assert_eq!(able(&facts), [Able::Can, Able::ActivateFirst, Able::Can]);
    let names: Vec<&str> = facts.eligible.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["Privileged Role Administrator"]);
    assert!(facts.activated.is_empty());
}

#[test]
fn where_everyone_may_register_they_may_but_only_what_they_own() {
    let mut facts = person(&[]);
    facts.everyone_may_register = Some(true);
    assert_eq!(facts.can_register(Registration::New).able, Able::Can);
    let existing = facts.can_register(Registration::Existing);
    assert_eq!(existing.able, Able::Unknown);
    assert!(existing.reason.contains("if you own it"), "{}", existing.reason);
    assert_eq!(facts.can_grant().able, Able::Unknown);

    facts.everyone_may_register = Some(false);
    let standing = facts.can_register(Registration::New);
    assert_eq!(standing.able, Able::Unknown, "a custom role is seen by nobody");
    assert!(standing.reason.contains("custom role"), "{}", standing.reason);

    let mut granter = person(&[PRIVILEGED_ROLE_ADMINISTRATOR]);
    granter.everyone_may_register = Some(false);
    assert_eq!(granter.can_register(Registration::New).able, Able::NeedsOther);
    granter.everyone_may_register = Some(true);
    assert_eq!(able(&granter), [Able::Can; 3]);
}

#[test]
fn an_app_can_do_what_its_app_roles_say() {
    for (roles, expected) in [
        (vec![REGISTER_ALL, GRANT_ALL], [Able::Can, Able::Can, Able::Can]),
        (vec![REGISTER_ALL], [Able::Can, Able::Unknown, Able::Can]),
        (vec![REGISTER_OWN], [Able::Can, Able::Unknown, Able::Unknown]),
        (vec![GRANT_ALL], [Able::Unknown, Able::NeedsOther, Able::Unknown]),
        (vec![GRANT_ALL, "Application.Read.All"], [Able::Unknown, Able::Can, Able::Can]),
        (vec![], [Able::Unknown, Able::Unknown, Able::Unknown]),
    ] {
        assert_eq!(able(&app(&roles)), expected, "{roles:?}");
    }
    assert_eq!(app(&[REGISTER_OWN]).can_register(Registration::Existing).able, Able::Unknown);
    assert_eq!(app(&["b", "a"]).operator.role_names(), ["a", "b"]);
}

#[test]
fn rules_for_secrets_are_those_in_force() {
    let mut facts = person(&[]);
    let policy =
        serde_json::from_value(json!({ "isEnabled": true, "applicationRestrictions": { "passwordCredentials": [
        { "restrictionType": "passwordLifetime", "state": "enabled", "maxLifetime": "P90D" } ] } }));
    facts.learn_secret_rules(&policy.unwrap(), at("2026-11-12T10:40:00Z"));
    assert_eq!(facts.secrets, Some(SecretRules { forbidden: false, longest_days: Some(90) }));
}
