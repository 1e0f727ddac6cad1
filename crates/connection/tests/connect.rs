//! Signing in to a practice tenant over TLS, and what a face learns first.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::preflight::Able;
use inbound_access_job::problem::Code;
use inbound_access_job::run::RunState;
use inbound_connection::view::ClientSetting;
use inbound_connection::{BrowserError, Connector, Entry, Folders, Keychain, Opener, PersonaKey, Place, Session};
use inbound_entra::clock::SystemClock;
use inbound_keychain::Bounds;
use inbound_keychain::testing::FakeStore;
use practice_tenant::{DialSettings, Fault, FaultRule, FaultScript, Options, PracticeTenant, StandIn};
use tokio_util::sync::CancellationToken;

fn connector(home: &tempfile::TempDir) -> Connector {
    Connector::new(Folders::under(home.path()).expect("folders"), Keychain::native(), "1.2.3")
}

fn connector_at(home: &tempfile::TempDir, tenant: &PracticeTenant) -> Connector {
    connector(home).at(at(tenant))
}

const BOSS: Entry = Entry::Persona(PersonaKey::GlobalAdministrator);

fn home() -> tempfile::TempDir {
    tempfile::tempdir().expect("a home")
}

fn at(tenant: &PracticeTenant) -> Place {
    Place::PracticeUrl(tenant.url())
}

#[tokio::test]
async fn each_persona_learns_who_they_are_and_what_they_can_do() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let home = home();
    let connector = connector_at(&home, &tenant);
    let people = connector.app_info().await.personas;
    assert_eq!(people.len(), 6);
    for person in people {
        let key: PersonaKey = person.key.parse().expect("known");
        let session = connector.enter(Entry::Persona(key), &CancellationToken::new()).await.expect("connected");
        let view = session.view;
        assert_eq!((view.account_name, view.account), (person.name, person.user_principal_name), "{key}");
        assert!(view.practice && view.cloud == "Practice");
        assert_eq!(view.tenant_id, tenant.tenant_id().to_string());
        assert!(view.tenant_domain.is_some_and(|domain| domain.ends_with(".example")));
        let able: Vec<Able> = view.abilities.iter().map(|ability| ability.standing.able).take(2).collect();
        let wanted = match key {
            PersonaKey::GlobalAdministrator => [Able::Can, Able::Can],
            PersonaKey::PrivilegedRoleAdministrator => [Able::Unknown, Able::Can],
            PersonaKey::ApplicationAdministrator | PersonaKey::CloudApplicationAdministrator => {
                [Able::Can, Able::NeedsOther]
            }
            PersonaKey::Eligible | PersonaKey::User => [Able::Unknown, Able::Unknown],
        };
        assert_eq!(able, wanted, "{key}");
        assert_eq!(view.roles.is_empty(), matches!(key, PersonaKey::Eligible | PersonaKey::User), "{key}");
        let default = view.permission_sets.first().expect("a set");
        assert!(default.key == "howTo" && default.available);
    }
}

#[tokio::test]
async fn connecting_takes_few_round_trips() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let home = home();
    let session = connector_at(&home, &tenant).enter(BOSS, &CancellationToken::new()).await.expect("connected");
    let graph: Vec<String> = tenant
        .recorder()
        .exchanges()
        .into_iter()
        .filter(|exchange| exchange.path.starts_with("/v1.0/"))
        .map(|exchange| exchange.path)
        .collect();
    assert_eq!(graph.len(), 4, "{graph:?}");
    session.job.permission_sets().await.expect("known");
    let after = tenant.recorder().exchanges().into_iter().filter(|exchange| exchange.path.starts_with("/v1.0/"));
    assert_eq!(after.count(), 4, "the roles that Graph offers are not read twice");
}

#[tokio::test]
async fn a_page_that_cannot_be_finished_is_told_at_once() {
    let faults = FaultScript {
        faults: vec![FaultRule {
            method: None,
            path: "/{tenant}/oauth2/v2.0/authorize".into(),
            nth: 1,
            times: 9,
            fault: Fault::Html,
        }],
    };
    let options = Options { dials: DialSettings { faults, ..DialSettings::default() }, ..Options::default() };
    let tenant = PracticeTenant::start(options).await.expect("a tenant");
    let home = home();
    let connector = connector_at(&home, &tenant);
    let cancel = CancellationToken::new();
    let connecting = connector.enter(BOSS, &cancel);
    let outcome = tokio::time::timeout(Duration::from_secs(60), connecting).await.expect("not the page's five minutes");
    let problem = outcome.err().expect("it failed");
    assert_eq!(problem.code, Code::SignInFailed);
    assert!(problem.message.contains("page"), "{}", problem.message);
}

#[tokio::test]
async fn signing_in_can_be_cancelled() {
    let dials = DialSettings { latency: Duration::from_secs(3600), ..DialSettings::default() };
    let tenant = PracticeTenant::start(Options { dials, ..Options::default() }).await.expect("a tenant");
    let home = home();
    let connector = connector_at(&home, &tenant);
    let cancel = CancellationToken::new();
    let connecting = connector.enter(BOSS, &cancel);
    let (outcome, ()) = tokio::join!(connecting, async { cancel.cancel() });
    assert_eq!(outcome.err().map(|problem| problem.code), Some(Code::Cancelled));
}

#[tokio::test]
async fn another_authority_is_not_trusted() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let other = PracticeTenant::start(Options::default()).await.expect("another");
    let (_, fingerprint) = other.url().split_once('#').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a url");
    let place = Place::PracticeUrl(format!("{}/#{fingerprint}", tenant.origin()));
    let home = home();
    let outcome = connector(&home).at(place).enter(BOSS, &CancellationToken::new()).await;
    assert!(matches!(outcome.err().map(|problem| problem.code), Some(Code::Unreachable | Code::SignInFailed)));
    let asked: Vec<_> = tenant.recorder().exchanges().into_iter().map(|exchange| exchange.path).collect();
    assert!(asked.is_empty(), "nothing was sent to it: {asked:?}");
}

#[tokio::test]
async fn the_embedded_tenant_is_entered_again_without_being_started_anew() {
    let home = home();
    let connector = connector(&home);
    let mut tenants = Vec::new();
    for persona in [PersonaKey::GlobalAdministrator, PersonaKey::User] {
        let session = connector.enter(Entry::Persona(persona), &CancellationToken::new()).await.expect("connected");
        tenants.push(session.job.runs().list().map(|runs| runs.len()));
    }
    assert_eq!(tenants, [Ok(0), Ok(0)]);
    connector.reset_practice().await.expect("reset");
    assert_eq!(connector.app_info().await.connection, None);
}

async fn administrator(connector: &Connector) -> Session {
    connector.enter(BOSS, &CancellationToken::new()).await.expect("connected")
}

/// What the process that serves in `home` says of its address.
fn noticed(home: &tempfile::TempDir) -> String {
    let text = std::fs::read(home.path().join("data/practice/serving.json")).expect("a notice");
    let notice: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    notice["url"].as_str().expect("a url").to_owned()
}

#[tokio::test]
async fn the_practice_tenant_is_not_reset_under_a_session_of_another_process() {
    let home = home();
    // Locks belong to open files, so two connectors are as two processes.
    let window = connector(&home);
    let own = administrator(&window).await;
    let by_url = Place::PracticeUrl(format!(" {}", noticed(&home)));
    for place in [Place::EmbeddedPractice, by_url] {
        let command = connector(&home).for_a_command().at(place.clone());
        let session = administrator(&command).await;
        let problem = window.reset_practice().await.expect_err("the command is in");
        assert_eq!(problem.code, Code::Busy, "{place:?}");
        assert_eq!(problem.exists.as_deref(), Some("It was not reset."));
        drop(session);
        assert_eq!(window.reset_practice().await, Ok(None), "its own session does not count");
    }
    drop(own);
    let folders = Folders::under(home.path()).expect("folders");
    let shelves: Vec<_> = std::fs::read_dir(folders.data.join("runs")).expect("runs").flatten().collect();
    assert_eq!(shelves.len(), 1, "by its own url it is the same tenant with the same runs: {shelves:?}");
}

#[tokio::test]
async fn secrets_that_stay_in_the_keychain_are_named_and_tried_again_at_the_next_reset() {
    let home = home();
    let store = FakeStore::new();
    let bounds = Bounds { call: Duration::from_secs(1), ..Bounds::default() };
    let keychain = Keychain::with_store(store.factory(), bounds);
    let folders = Folders::under(home.path()).expect("folders");
    let connector = Connector::new(folders.clone(), keychain, "1.2.3");
    let session = administrator(&connector).await;
    let month = jiff::ZonedDateTime::now().checked_add(jiff::Span::new().months(2)).expect("a date");
    let request = SetupRequest::AppRegistration {
        name: "HR feed".into(),
        app: AppChoice::ByName,
        note: None,
        secret_description: None,
        secret_expires: month.date().to_string(),
        permissions: vec!["AuditLog.Read.All".into()],
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    };
    let plan = session.job.plan(request).await.expect("a plan");
    let run = session.job.run(plan, CancellationToken::new(), Arc::new(|_| {})).await.expect("a run");
    assert_eq!(run.state, RunState::Done, "{run:#?}");
    let (_, account) = store.names().pop().expect("its secret");
    drop(session);

    let gate = store.shut();
    let words = connector.reset_practice().await.expect("reset").expect("a secret stays");
    assert!(words.contains(&account) && words.contains("reset the practice tenant again"), "{words}");
    let kept =
        || folders.run_stores().expect("stores").iter().map(|runs| runs.list().expect("runs").len()).sum::<usize>();
    assert_eq!(kept(), 1, "its run is kept, as it tells of the secret");
    store.unshut();
    gate.open();
    assert_eq!(connector.reset_practice().await, Ok(None));
    assert_eq!((kept(), store.names().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_ones_own_is_tried_and_what_is_wrong_is_told_in_the_portals_words() {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a tenant");
    let home = home();
    let connector = connector_at(&home, &tenant).with(Arc::new(Boss(stand_in(&tenant))), Arc::new(SystemClock));
    let test = async |id: String| {
        let client = ClientSetting { cloud: "global".into(), tenant: tenant.tenant_id().to_string(), client_id: id };
        connector.test_client(client).await
    };
    let good = test(tenant.public_client_id().to_string()).await.expect("tried");
    assert!(good.usable && good.findings.iter().all(|finding| finding.good), "{good:#?}");
    assert!(connector.front_desk().link().is_err(), "nothing is asked any more");

    let unknown = test("7d1c2a0e-5b1f-4a63-9c1e-0f6a3c9d2b11".into()).await.expect("tried");
    assert!(!unknown.usable && unknown.findings[0].what.contains("no app with this client id"), "{unknown:#?}");
    assert_eq!(test("7d1c".into()).await.expect_err("no id").fields[0].field, "clientId");
}

/// A browser in which the Global Administrator sits.
struct Boss(StandIn);

#[async_trait::async_trait]
impl Opener for Boss {
    async fn open(&self, url: &url::Url) -> Result<(), BrowserError> {
        let (stand_in, url) = (self.0.clone(), url.to_string());
        tokio::spawn(async move { stand_in.sign_in(&url, PersonaKey::GlobalAdministrator).await.expect("signed in") });
        Ok(())
    }
}

fn stand_in(tenant: &PracticeTenant) -> StandIn {
    StandIn::new(tenant.authority_sha256()).at(tenant.address())
}
