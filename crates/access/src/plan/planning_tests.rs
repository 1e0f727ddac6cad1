//! Plans as the operator sees them, in snapshots.

use inbound_entra::ids::{AppId, KeyId, ObjectId, TenantId};
use inbound_entra::model::{
    AppRole, AppRoleAssignment, DirectoryRole, PasswordCredential, ServicePrincipal, ServicePrincipalType,
};
use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use super::*;
use crate::desired::SecretGoes;
use crate::desired::checked::{AppTarget, DesiredApp};
use crate::observe::observed::{Asked, Orphan, SecretsSeen, ShownBefore};
use crate::operator::facts::SecretRules;
use crate::operator::{AppOperator, Operator, PersonOperator};
use crate::preflight::Able;
use crate::requirements::UPLOAD;

const APPLICATION_ADMINISTRATOR: &str = "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3";
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn graph() -> GraphResource {
    let role = |n: u128, value: &str| AppRole {
        id: AppRoleId(id(n)),
        value: Some(value.to_owned()),
        display_name: None,
        allowed_member_types: vec!["Application".to_owned()],
        is_enabled: true,
    };
    GraphResource {
        id: ObjectId(id(0x100)),
        app_roles: vec![
            role(0x201, UPLOAD),
            role(0x202, AUDIT_LOG),
            role(0x203, PROVISIONING_LOG),
            role(0x204, "Directory.ReadWrite.All"),
        ],
    }
}

fn permissions(values: &[&str]) -> Vec<DesiredPermission> {
    let graph = graph();
    values
        .iter()
        .map(|value| DesiredPermission {
            role: graph.application_permission(value).unwrap().id,
            info: requirements::describe(value, Some(&graph)),
        })
        .collect()
}

fn set_up(plan: &Plan) -> &SetUp {
    let Work::SetUp(set_up) = &plan.work else { panic!("it sets up: {plan:?}") };
    set_up
}

fn wanted() -> DesiredApp {
    DesiredApp {
        target: AppTarget::ByName,
        name: "HR feed".to_owned(),
        note: Some("Owner: HR IT".to_owned()),
        secret_description: None,
        unique_name: None,
        secret_end: at("2027-05-24T23:59:59Z"),
        secret_goes: SecretGoes::IntoKeychain,
    }
}

fn observed_app() -> ObservedApp {
    ObservedApp {
        wanted: wanted(),
        unique_name: crate::observe::unique_name::unique_name("HR feed", 1),
        application: None,
        service_principal: None,
        secrets: SecretsSeen::default(),
    }
}

fn orphan(key: u128, description: &str) -> Orphan {
    Orphan { key: KeyId(id(key)), description: description.to_owned(), may_be_known: false }
}

fn application(n: u128) -> Application {
    Application {
        id: ObjectId(id(n)),
        app_id: AppId(id(n + 1)),
        display_name: "HR feed".to_owned(),
        unique_name: None,
        created_date_time: Some(at("2026-11-01T08:00:00Z")),
        notes: None,
        required_resource_access: Vec::new(),
        password_credentials: Vec::new(),
        key_credentials: Vec::new(),
    }
}

fn service_principal(kind: ServicePrincipalType) -> ServicePrincipal {
    ServicePrincipal {
        id: ObjectId(id(0x500)),
        app_id: AppId(id(0x401)),
        display_name: "CSV2SCIMBulkUpload".to_owned(),
        service_principal_type: kind,
        account_enabled: Some(true),
        alternative_names: Vec::new(),
        created_date_time: None,
        app_role_assignment_required: None,
    }
}

fn grant(role: u128) -> AppRoleAssignment {
    AppRoleAssignment {
        id: format!("grant-{role:x}"),
        app_role_id: AppRoleId(id(role)),
        principal_id: ObjectId(id(0x500)),
        resource_id: ObjectId(id(0x100)),
        principal_display_name: None,
        principal_type: None,
        resource_display_name: None,
        created_date_time: Some(at("2026-11-12T10:40:00Z")),
    }
}

fn requested(roles: &[u128]) -> Vec<RequiredResourceAccess> {
    vec![RequiredResourceAccess {
        resource_app_id: MICROSOFT_GRAPH,
        resource_access: roles
            .iter()
            .map(|role| ResourceAccess { id: AppRoleId(id(*role)), kind: "Role".to_owned() })
            .collect(),
    }]
}

fn person(roles: &[&str]) -> OperatorFacts {
    OperatorFacts::new(Operator::Person(PersonOperator {
        name: "admin@contoso.example".to_owned(),
        object_id: ObjectId(id(0x900)),
        roles: roles
            .iter()
            .map(|role| DirectoryRole { role_template_id: role.parse().unwrap(), display_name: None })
            .collect(),
    }))
}

fn make(principal: ObservedPrincipal, grants: Vec<AppRoleAssignment>, values: &[&str], roles: &[&str]) -> Plan {
    make_for(&person(roles), Purpose::SetUp { ask_consent: false }, principal, grants, values)
}

fn make_for(
    facts: &OperatorFacts,
    purpose: Purpose,
    principal: ObservedPrincipal,
    grants: Vec<AppRoleAssignment>,
    values: &[&str],
) -> Plan {
    let tenant = TenantFacts {
        id: TenantId(id(0x900)),
        name: "Contoso".to_owned(),
        cloud_key: "practice".to_owned(),
        cloud_name: "Practice".to_owned(),
        login: Url::parse("https://localhost:7443").unwrap(),
        graph: Url::parse("https://localhost:7443").unwrap(),
        portal: Url::parse("https://localhost:7443").unwrap(),
    };
    let asked = [AskedBefore {
        at: at("2026-11-12T10:40:00Z"),
        principal: id(0x500).to_string(),
        role: id(0x202).to_string(),
        value: AUDIT_LOG.to_owned(),
    }];
    let setting = Setting {
        tenant: &tenant,
        facts,
        keychain: "Secret Service keyring",
        plan_id: "plan".to_owned(),
        now: at("2026-11-24T09:00:00Z"),
        asked: &asked,
    };
    plan(permissions(values), purpose, Observed { graph: graph(), principal, grants }, &setting)
}

fn new_app() -> ObservedPrincipal {
    ObservedPrincipal::App(Box::new(observed_app()))
}

fn standings(plan: &Plan) -> Vec<Option<Able>> {
    plan.view().steps.iter().map(|step| step.standing.as_ref().map(|standing| standing.able)).collect()
}

#[test]
fn a_new_app_is_registered_granted_and_gets_its_secret_last() {
    let plan =
        make(ObservedPrincipal::App(Box::new(observed_app())), vec![], &[UPLOAD, AUDIT_LOG], &[GLOBAL_ADMINISTRATOR]);
    insta::assert_json_snapshot!(plan.view());
}

#[test]
fn an_application_administrator_is_told_which_steps_need_whom() {
    let plan = make(
        ObservedPrincipal::App(Box::new(observed_app())),
        vec![],
        &[UPLOAD, AUDIT_LOG],
        &[APPLICATION_ADMINISTRATOR],
    );
    insta::assert_json_snapshot!(plan.view().warnings);
}

#[test]
fn an_app_that_has_everything_needs_no_change() {
    let kept = PasswordCredential {
        key_id: KeyId(id(0x700)),
        display_name: Some("HR feed until May 2027 (run 1a2b3c4d)".to_owned()),
        start_date_time: None,
        end_date_time: Some(at("2027-05-24T23:59:59Z")),
        hint: None,
    };
    let app = ObservedApp {
        application: Some(Application { required_resource_access: requested(&[0x201, 0x202]), ..application(0x400) }),
        service_principal: Some(service_principal(ServicePrincipalType::Application)),
        secrets: SecretsSeen { kept: Some(kept), ..SecretsSeen::default() },
        ..observed_app()
    };
    let plan = make(ObservedPrincipal::App(Box::new(app)), vec![grant(0x201), grant(0x202)], &[UPLOAD, AUDIT_LOG], &[]);
    assert_eq!(plan.view().changes, 0);
    assert!(plan.view().warnings.is_empty(), "{:?}", plan.view().warnings);
    insta::assert_json_snapshot!(plan.view());
}

#[test]
fn what_an_existing_app_requests_is_extended_and_an_orphaned_secret_removed() {
    let other = AppId(id(0x800));
    let mut existing = requested(&[0x201]);
    existing.insert(
        0,
        RequiredResourceAccess {
            resource_app_id: other,
            resource_access: vec![ResourceAccess { id: AppRoleId(id(0x801)), kind: "Scope".to_owned() }],
        },
    );
    let app = ObservedApp {
        application: Some(Application { required_resource_access: existing, ..application(0x400) }),
        service_principal: Some(service_principal(ServicePrincipalType::Application)),
        secrets: SecretsSeen { orphans: vec![orphan(0x701, "HR feed (run 99)")], ..SecretsSeen::default() },
        ..observed_app()
    };
    let plan =
        make(ObservedPrincipal::App(Box::new(app)), vec![grant(0x201)], &[UPLOAD, AUDIT_LOG], &[GLOBAL_ADMINISTRATOR]);
    insta::assert_json_snapshot!(plan.view());
}

#[test]
fn a_managed_identity_gets_its_grants_and_nothing_else() {
    let identity = service_principal(ServicePrincipalType::ManagedIdentity);
    let plan =
        make(ObservedPrincipal::Identity(identity), vec![grant(0x201)], &[UPLOAD, AUDIT_LOG], &[GLOBAL_ADMINISTRATOR]);
    insta::assert_json_snapshot!(plan.view());
}

#[test]
fn the_narrower_log_permission_counts_as_reading_the_logs() {
    let identity = service_principal(ServicePrincipalType::ManagedIdentity);
    let held = vec![grant(0x201), grant(0x203)];
    let plan = make(ObservedPrincipal::Identity(identity.clone()), held, &[UPLOAD, AUDIT_LOG], &[]);
    assert_eq!(plan.view().changes, 0);
    let note = plan.view().steps[1].note.clone().unwrap();
    assert!(note.starts_with("ProvisioningLog.Read.All, which is narrower"), "{note}");
    assert_eq!(set_up(&plan).serving, [UPLOAD, PROVISIONING_LOG]);

    // Asked for by name, the narrower one is meant even where the wider one is held.
    let held = vec![grant(0x201), grant(0x202)];
    let plan = make(ObservedPrincipal::Identity(identity), held, &[UPLOAD, PROVISIONING_LOG], &[]);
    assert_eq!(plan.view().changes, 1);
}

#[test]
fn the_narrower_permission_is_offered_where_the_wider_would_be_granted() {
    let identity = || ObservedPrincipal::Identity(service_principal(ServicePrincipalType::ManagedIdentity));
    let offer = |grants, values: &[&str]| make(identity(), grants, values, &[]).view().narrower.clone();
    assert_eq!(offer(vec![], &[UPLOAD, AUDIT_LOG]).unwrap().permission, PROVISIONING_LOG);
    assert_eq!(offer(vec![grant(0x202)], &[UPLOAD, AUDIT_LOG]), None);
    assert_eq!(offer(vec![], &[UPLOAD, PROVISIONING_LOG]), None);
}

#[test]
fn an_unreadable_keychain_and_a_wide_permission_are_told() {
    let app = ObservedApp {
        secrets: SecretsSeen { unknown: Some("The keyring is locked.".to_owned()), ..SecretsSeen::default() },
        ..observed_app()
    };
    let plan =
        make(ObservedPrincipal::App(Box::new(app)), vec![], &["Directory.ReadWrite.All"], &[GLOBAL_ADMINISTRATOR]);
    insta::assert_json_snapshot!(plan.view().warnings);
}

#[test]
fn a_secret_that_an_interrupted_run_left_is_removed_though_another_one_is_kept() {
    let found = application(0x400);
    let kept = PasswordCredential {
        key_id: KeyId(id(0x601)),
        display_name: Some("HR feed until May 2027 (run 1)".to_owned()),
        start_date_time: None,
        end_date_time: Some(at("2027-05-24T23:59:59Z")),
        hint: None,
    };
    let orphans = vec![orphan(0x602, "HR feed until May 2027 (run 0)")];
    let secrets = SecretsSeen { kept: Some(kept), orphans, ..SecretsSeen::default() };
    let app = ObservedApp { application: Some(found), secrets, ..observed_app() };
    let plan = make(ObservedPrincipal::App(Box::new(app)), vec![], &[UPLOAD], &[GLOBAL_ADMINISTRATOR]);
    let step = plan.view().steps.last().unwrap();
    assert_eq!((step.kind, step.effect), (StepKind::CreateSecret, StepEffect::WillChange));
    assert_eq!(step.requests.len(), 1, "{step:#?}");
    assert!(step.requests[0].url.ends_with("/removePassword"), "{step:#?}");
}

#[test]
fn a_secret_that_was_shown_once_serves_where_one_is_to_be_shown_and_stays_beside_one_in_the_keychain() {
    let credential = PasswordCredential {
        key_id: KeyId(id(0x601)),
        display_name: Some("HR feed (run 1)".to_owned()),
        start_date_time: None,
        end_date_time: Some(at("2027-05-24T23:59:59Z")),
        hint: None,
    };
    let shown = ShownBefore { credential, at: at("2026-11-20T10:00:00Z") };
    let known = |key| Orphan { may_be_known: true, ..orphan(key, "HR feed (run 0)") };
    let planned = |secret_goes, orphans: Vec<Orphan>| {
        let secrets = SecretsSeen { shown: Some(shown.clone()), orphans, ..SecretsSeen::default() };
        let wanted = DesiredApp { secret_goes, ..wanted() };
        let app = ObservedApp { wanted, application: Some(application(0x400)), secrets, ..observed_app() };
        let plan = make(ObservedPrincipal::App(Box::new(app)), vec![], &[UPLOAD], &[GLOBAL_ADMINISTRATOR]);
        let step = plan.view().steps.last().unwrap().clone();
        let proves = plan.view().steps.iter().any(|step| step.kind == StepKind::ProveKeychain);
        (step.title, step.effect, step.note.unwrap(), step.requests.len(), proves)
    };
    let told = "\"HR feed (run 1)\", which was shown once on 20 Nov 2026,";
    let again = planned(SecretGoes::ShownOnce, Vec::new());
    let note = format!("{told} is valid until 24 May 2027; to have another one made, remove it in Entra first");
    assert_eq!(again, ("Show a client secret once".to_owned(), StepEffect::AlreadySo, note, 0, false));

    let kept = planned(SecretGoes::IntoKeychain, Vec::new());
    assert_eq!((kept.1, kept.2, kept.3, kept.4), (StepEffect::WillCreate, format!("{told} stays"), 1, true));

    let tidied = planned(SecretGoes::ShownOnce, vec![known(0x701)]);
    assert_eq!(tidied.0, "Remove a secret that an interrupted run showed and that nobody said to have");
    assert_eq!(tidied.2, format!("{told} is valid until 24 May 2027 and stays"));
    assert_eq!((tidied.1, tidied.3, tidied.4), (StepEffect::WillChange, 1, false));
}

#[test]
fn a_long_name_leaves_room_for_the_month() {
    let long = "é".repeat(120);
    let app = ObservedApp { wanted: DesiredApp { name: long, ..wanted() }, ..observed_app() };
    let description = secret_description(&app);
    assert_eq!(description.chars().count(), 120);
    assert!(description.ends_with(" until May 2027"), "{description}");
}

#[test]
fn grants_that_are_left_to_another_send_nothing_and_hold_up_no_secret() {
    let ask = Purpose::SetUp { ask_consent: true };
    let plan = make_for(&person(&[APPLICATION_ADMINISTRATOR]), ask, new_app(), vec![], &[UPLOAD, AUDIT_LOG]);
    assert!(plan.view().warnings.is_empty(), "{:#?}", plan.view().warnings);
    assert_eq!(plan.view().consent_offer, None);
    assert!(plan.asks(4) && plan.asks(5) && !plan.asks(3) && !plan.asks(6));
    insta::assert_json_snapshot!(&plan.view().steps[2..]);
}

#[test]
fn what_was_asked_for_before_is_told_and_can_be_asked_for_again() {
    let ask = Purpose::SetUp { ask_consent: true };
    let identity = ObservedPrincipal::Identity(service_principal(ServicePrincipalType::ManagedIdentity));
    let plan = make_for(&person(&[]), ask, identity, vec![], &[UPLOAD, AUDIT_LOG]);
    let notes: Vec<&str> = plan.view().steps.iter().filter_map(|step| step.note.as_deref()).collect();
    assert_eq!(
        notes,
        [
            "a Privileged Role Administrator or a Global Administrator is asked",
            "a Privileged Role Administrator or a Global Administrator is asked; asked on 12 Nov 2026 already"
        ]
    );
    assert_eq!(plan.view().changes, 2);
}

#[test]
fn every_step_that_changes_the_tenant_says_whether_the_operator_can_do_it() {
    use Able::{Can, NeedsOther, Unknown};
    let set_up = || Purpose::SetUp { ask_consent: false };
    for (facts, expected) in [
        (person(&[GLOBAL_ADMINISTRATOR]), [None, Some(Can), Some(Can), Some(Can), Some(Can)]),
        (person(&[APPLICATION_ADMINISTRATOR]), [None, Some(Can), Some(Can), Some(NeedsOther), Some(Can)]),
        (person(&[]), [None, Some(Unknown), Some(Unknown), Some(Unknown), Some(Unknown)]),
        (
            OperatorFacts::new(Operator::App(AppOperator {
                name: "Automation".to_owned(),
                roles: vec!["Application.ReadWrite.All".to_owned(), "AppRoleAssignment.ReadWrite.All".to_owned()],
            })),
            [None, Some(Can), Some(Can), Some(Can), Some(Can)],
        ),
    ] {
        let plan = make_for(&facts, set_up(), new_app(), vec![], &[UPLOAD]);
        assert_eq!(standings(&plan), expected, "{:?}", facts.operator);
        let can_grant = expected[3] == Some(Can);
        assert_eq!(plan.view().consent_offer.is_none(), can_grant, "{:?}", facts.operator);
    }
    let everyone = OperatorFacts { everyone_may_register: Some(true), ..person(&[]) };
    let plan = make_for(&everyone, set_up(), new_app(), vec![], &[UPLOAD]);
    assert_eq!(standings(&plan), [None, Some(Can), Some(Can), Some(Unknown), Some(Can)]);
    let existing = ObservedApp { application: Some(application(0x400)), ..observed_app() };
    let plan = make_for(&everyone, set_up(), ObservedPrincipal::App(Box::new(existing)), vec![], &[UPLOAD]);
    assert_eq!(standings(&plan)[2], Some(Unknown), "an app that exists is changed by its owner only");
}

#[test]
fn leaving_grants_to_another_is_offered_to_whom_it_helps() {
    let offered = |facts: &OperatorFacts| {
        let identity = ObservedPrincipal::Identity(service_principal(ServicePrincipalType::ManagedIdentity));
        let set_up = Purpose::SetUp { ask_consent: false };
        make_for(facts, set_up, identity, vec![grant(0x201)], &[UPLOAD, AUDIT_LOG]).view().consent_offer.clone()
    };
    assert_eq!(offered(&person(&[GLOBAL_ADMINISTRATOR])), None);
    let offer = offered(&person(&[APPLICATION_ADMINISTRATOR])).unwrap();
    assert_eq!(offer.steps, [2]);
    assert!(offer.explanation.starts_with("Step 2 takes a Privileged Role"), "{}", offer.explanation);
    let gently = offered(&person(&[])).unwrap();
    assert!(gently.explanation.starts_with("It may work"), "{}", gently.explanation);
}

#[test]
fn the_tenants_rules_for_secrets_are_told_before_the_run() {
    let warned = |forbidden, longest_days| {
        let rules = SecretRules { forbidden, longest_days };
        let facts = OperatorFacts { secrets: Some(rules), ..person(&[GLOBAL_ADMINISTRATOR]) };
        let set_up = Purpose::SetUp { ask_consent: false };
        let plan = make_for(&facts, set_up, new_app(), vec![], &[UPLOAD]);
        plan.view().warnings.iter().map(|warning| warning.message.clone()).collect::<Vec<_>>()
    };
    assert!(warned(true, None)[0].contains("does not allow new client secrets"));
    // Until the end of 24 May 2027, from 24 Nov 2026: 181 days and 15 hours.
    assert_eq!(warned(false, Some(182)), Vec::<String>::new());
    let short = warned(false, Some(181));
    assert!(short[0].ends_with("The latest day that passes is 23 May 2027."), "{short:?}");
    assert!(warned(false, Some(90))[0].contains("at most; Entra will most likely refuse one until 24 May 2027"));
    assert!(warned(false, Some(1))[0].contains("none lasts a whole day"), "{:?}", warned(false, Some(1)));
    assert!(warned(false, Some(2))[0].ends_with("25 Nov 2026."), "{:?}", warned(false, Some(2)));
    assert!(warned(false, None).is_empty());
}

#[test]
fn a_request_of_another_is_finished_exactly_and_nothing_else_is_touched() {
    let asked = |grants| {
        let asked = Asked {
            principal: service_principal(ServicePrincipalType::Application),
            application: Some(Application { required_resource_access: requested(&[0x201]), ..application(0x400) }),
        };
        let purpose = Purpose::Consent { finishes: "run 7".to_owned() };
        let principal = ObservedPrincipal::Asked(Box::new(asked));
        make_for(&person(&[GLOBAL_ADMINISTRATOR]), purpose, principal, grants, &[UPLOAD, AUDIT_LOG])
    };
    // The narrower one is held, but the wider one was asked for.
    let plan = asked(vec![grant(0x201), grant(0x203)]);
    let effects: Vec<(StepKind, StepEffect)> = plan.view().steps.iter().map(|step| (step.kind, step.effect)).collect();
    assert_eq!(effects, [(StepKind::Grant, StepEffect::AlreadySo), (StepKind::Grant, StepEffect::WillGrant)]);
    assert_eq!((plan.view().narrower.clone(), plan.finishes().as_deref()), (None, Some("run 7")));
    assert_eq!(plan.view().subject, "the app \"CSV2SCIMBulkUpload\"");
    assert_eq!(plan.key(), id(0x401).to_string(), "as the asker's own run of the same app");
    // The registration requests the first only.
    let warnings = &plan.view().warnings;
    assert_eq!((warnings.len(), &warnings[0].steps), (1, &vec![2]), "{warnings:#?}");
    assert!(warnings[0].message.contains("does not request AuditLog.Read.All"), "{warnings:#?}");
    assert_eq!(asked(vec![grant(0x201), grant(0x202)]).view().changes, 0);
}
