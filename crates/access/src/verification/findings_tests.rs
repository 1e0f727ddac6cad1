//! Findings that the practice tenant does not bring about by itself.

use inbound_entra::model::GraphResource;

use super::*;
use crate::desired::checked;
use crate::principal::{PrincipalCard, PrincipalKind};
use crate::problem::{Code, Problem};
use crate::verification::TokenCheck;

const NOW: &str = "2026-08-31T10:00:00Z";

/// What is found of an app that has all it needs, but for these credentials and this answer of the log.
fn found(credentials: &[CredentialRow], log: &LogCheck) -> (VerdictKind, Vec<Finding>) {
    let card = PrincipalCard {
        name: "HR feed".into(),
        kind: PrincipalKind::AppRegistration,
        object_id: Some("o-1".into()),
        client_id: "c-1".into(),
        application_object_id: Some("a-1".into()),
        enabled: Some(true),
        created: None,
        azure: None,
        portal_url: "https://localhost/".into(),
    };
    let graph = GraphResource { id: uuid_of(1), app_roles: Vec::new() };
    let token = TokenCheck::NotChecked { reason: "Nobody asked.".into() };
    let evidence = Evidence {
        card: &card,
        identity: false,
        registration_read: true,
        rows: &[],
        credentials,
        surplus: &[],
        token: &token,
        token_key: None,
        log,
        not_yet: false,
        unreadable: None,
        unseen: false,
        only_owned: false,
        owners: None,
        federated: Some(&[]),
        assignment_required: None,
        asked: &[],
        graph: &graph,
        now: NOW.parse().unwrap(),
    };
    let verdict = verdict::judge(&evidence).kind;
    (verdict, find(&evidence, verdict))
}

fn uuid_of(number: u128) -> inbound_entra::ids::ObjectId {
    inbound_entra::ids::ObjectId(uuid::Uuid::from_u128(number))
}

fn credential(kind: CredentialKind, days_left: i32) -> CredentialRow {
    let (description, key_id) = ("HR feed 2026".to_owned(), format!("k{days_left}"));
    CredentialRow { kind, description, key_id, expires: None, days_left: Some(days_left), in_keychain: None }
}

fn unread() -> LogCheck {
    LogCheck::NotTried { reason: "There is no token.".into() }
}

#[test]
fn a_log_that_stays_closed_warns_and_one_that_may_open_is_noted() {
    let refused = |not_yet: bool| LogCheck::Refused {
        problem: Box::new(Problem::new(Code::Forbidden, "The log was refused.").advice("Buy a licence.")),
        not_yet,
    };
    let lasting = [credential(CredentialKind::Secret, 100)];
    let (verdict, all) = found(&lasting, &refused(false));
    assert_eq!((verdict, all.len()), (VerdictKind::ReadyBut, 1));
    assert_eq!((all[0].weight, all[0].advice.as_deref()), (FindingWeight::Warns, Some("Buy a licence.")));
    let (verdict, all) = found(&lasting, &refused(true));
    assert_eq!((verdict, all.len()), (VerdictKind::NotYet, 1));
    assert_eq!(all[0].weight, FindingWeight::Notes);
    assert!(all[0].advice.as_ref().unwrap().starts_with("Nothing is wrong"));
}

#[test]
fn a_certificate_is_not_renewed_from_here_and_an_ended_one_not_removed() {
    let (verdict, all) =
        found(&[credential(CredentialKind::Certificate, 3), credential(CredentialKind::Certificate, -3)], &unread());
    assert_eq!(verdict, VerdictKind::ReadyBut);
    let said: Vec<(&str, bool)> = all.iter().map(|one| (one.sentence.as_str(), one.fix.is_some())).collect();
    assert_eq!(
        said,
        [("Its certificate ends in 3 days.", false), ("Its certificate \"HR feed 2026\" has ended.", false)]
    );
}

#[test]
fn an_ended_secret_beside_a_good_one_is_only_in_the_way() {
    let (verdict, all) =
        found(&[credential(CredentialKind::Secret, 100), credential(CredentialKind::Secret, -1)], &unread());
    assert_eq!((verdict, all.len()), (VerdictKind::Ready, 1));
    let fix = Fix::RemoveSecret { client_id: "c-1".into(), key_id: "k-1".into() };
    assert_eq!((all[0].weight, all[0].fix.as_ref()), (FindingWeight::Notes, Some(&fix)));
}

#[test]
fn the_last_day_of_a_new_secret_can_be_asked_for() {
    let now: Timestamp = NOW.parse().unwrap();
    assert_eq!(last_day(now), "2027-02-28", "a shorter month ends sooner");
    assert!(checked::secret_end(&last_day(now), now).is_ok());
}
