//! Namesakes are told apart, and nothing is found by "first hit".

use inbound_access_job::IdentityRef;
use inbound_access_job::principal::PrincipalKind;
use inbound_access_job::problem::Code;
use practice_tenant::{Fault, PersonaKey};

use crate::support::{Bench, app_request, set_up};

const HOMONYM: &str = "CSV2SCIMBulkUpload";

#[tokio::test]
async fn namesakes_are_listed_with_object_id_and_azure_resource() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let found = job.search_identities("csv2scim").await.unwrap();
    assert_eq!(found.rows.len(), 2);
    assert!(!found.more);
    let kinds: Vec<PrincipalKind> = found.rows.iter().map(|row| row.kind).collect();
    assert!(kinds.contains(&PrincipalKind::SystemAssigned) && kinds.contains(&PrincipalKind::UserAssigned));

    let problem = job.find_identity(IdentityRef::Name(HOMONYM.to_owned())).await.unwrap_err();
    assert_eq!(problem.code, Code::Ambiguous);
    for row in &found.rows {
        assert!(problem.message.contains(row.object_id.as_deref().unwrap()), "{}", problem.message);
        assert!(problem.message.contains(&row.azure.as_ref().unwrap().id), "{}", problem.message);
    }

    let everything = job.find_principal(HOMONYM).await.unwrap_err();
    assert_eq!(everything.code, Code::Ambiguous);
    assert!(
        everything.message.starts_with("3 apps and identities"),
        "the app registration too: {}",
        everything.message
    );
}

#[tokio::test]
async fn an_identity_is_found_by_each_of_its_ids() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let rows = job.search_identities(HOMONYM).await.unwrap().rows;
    for row in rows {
        let object_id = row.object_id.clone().unwrap();
        let arm = row.azure.clone().unwrap().id;
        assert_eq!(job.find_identity(IdentityRef::ObjectId(object_id.to_uppercase())).await.unwrap(), row);
        assert_eq!(job.find_identity(IdentityRef::ResourceId(arm.clone())).await.unwrap(), row);
        for text in [&object_id, &row.client_id, &arm] {
            assert_eq!(job.find_principal(text).await.unwrap(), row);
        }
        assert_eq!(job.search_principals(&arm).await.unwrap().rows, [row]);
    }
    let legacy = job.search_identities("vm-legacy-hr").await.unwrap().rows[0].clone();
    assert_eq!(legacy.kind, PrincipalKind::SystemAssigned);
    assert_eq!(legacy.azure.unwrap().type_name.as_deref(), Some("Virtual machine"));
}

#[tokio::test]
async fn ids_that_are_none_and_names_that_are_apps_are_told() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let code = async |reference: IdentityRef| job.find_identity(reference).await.unwrap_err();
    let no_guid = code(IdentityRef::ObjectId("abc".to_owned())).await;
    assert_eq!((no_guid.code, no_guid.fields[0].field.as_str()), (Code::InvalidInput, "objectId"));
    let no_path = code(IdentityRef::ResourceId("abc".to_owned())).await;
    assert_eq!((no_path.code, no_path.fields[0].field.as_str()), (Code::InvalidInput, "resourceId"));
    let nowhere = code(IdentityRef::ResourceId("/subscriptions/1/resourceGroups/g/providers/A.B/c/d".to_owned())).await;
    assert_eq!(nowhere.code, Code::NotFound);
    assert_eq!(code(IdentityRef::Name("HR feed (live)".to_owned())).await.code, Code::WrongKind);
    assert_eq!(code(IdentityRef::Name("nobody".to_owned())).await.code, Code::NotFound);
    assert_eq!(job.find_principal("nobody").await.unwrap_err().code, Code::NotFound);
    assert_eq!(job.find_principal("  ").await.unwrap_err().code, Code::InvalidInput);
}

#[tokio::test]
async fn odd_names_are_found_and_shown_exactly() {
    let bench = Bench::start().await;
    let job = bench.job(PersonaKey::User).await;
    for name in [
        "O'Brien's HR sync",
        "100% HR & Payroll #1 + Partners",
        "HR 🚀 feed 👩🏽‍💻",
        "HR \u{202b}ייבוא עובדים\u{202c} feed\u{200f}",
        "HR%20feed%27s",
        "Größenänderung Ärzte",
    ] {
        assert_eq!(job.find_principal(name).await.unwrap().name, name);
        let found = job.search_principals(name).await.unwrap();
        assert_eq!(found.rows.first().map(|row| row.name.as_str()), Some(name));
        assert_eq!(job.check_name(name).await.unwrap().taken_by.len(), 1);
    }
}

#[tokio::test]
async fn a_taken_name_tells_whose_it_is() {
    let bench = Bench::start().await;
    let job = bench.admin().await;
    let taken = job.check_name("Workday connector").await.unwrap();
    assert_eq!(taken.taken_by.len(), 2);
    assert_eq!(taken.ours, None);
    assert!(taken.taken_by.iter().all(|card| card.created.is_some() && card.portal_url.contains(&card.client_id)));
    // Which of them is meant only the operator can say.
    let problem = job.plan(app_request(&bench, "Workday connector")).await.unwrap_err();
    assert_eq!(problem.code, Code::Ambiguous);
    assert!(taken.taken_by.iter().all(|card| problem.message.contains(&card.client_id)), "{}", problem.message);
    let bad = job.check_name("a\u{1}").await.unwrap();
    assert!(bad.problem.is_some() && bad.taken_by.is_empty());
    let free = job.check_name("Brand new").await.unwrap();
    assert_eq!((free.problem, free.taken_by.len(), free.ours), (None, 0, None));
    let ended = set_up(&job, app_request(&bench, "Brand new")).await;
    let ours = job.check_name("Brand new").await.unwrap();
    assert_eq!(ours.ours, Some(ended.hand_over.unwrap().principal.client_id));
}

#[tokio::test]
async fn answers_that_make_no_sense_are_told_as_such() {
    for (fault, words) in [
        (Fault::Html, "a web page answered in its place"),
        (Fault::CutBody, ""),
        (Fault::Huge { megabytes: 300 }, "larger than any real one"),
        (
            Fault::Answer { status: 200, body: serde_json::json!({"value": 7}), applied: false },
            "lacks what was asked for",
        ),
    ] {
        let bench = Bench::start().await;
        let job = bench.admin().await;
        bench.fault_on_get("/v1.0/servicePrincipals", fault.clone());
        let problem = job.search_identities("x").await.unwrap_err();
        assert!(matches!(problem.code, Code::UnreadableAnswer | Code::Unreachable), "{fault:?}: {problem:?}");
        assert!(problem.message.contains(words), "{fault:?}: {}", problem.message);
        assert!(problem.advice.is_some());
    }
}
