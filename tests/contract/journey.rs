//! The whole job on both of its paths, as the faces do it, on a practice tenant that takes its time to replicate.

use std::sync::Arc;
use std::time::Duration;

use inbound_access_job::Job;
use inbound_access_job::desired::{AppChoice, SecretGoes, SetupRequest};
use inbound_access_job::preflight::Ask;
use inbound_access_job::run::{RunState, RunView};
use inbound_access_job::verification::VerdictKind;
use inbound_connection::{Connector, Entry, Folders, Keychain, Place};
use inbound_keychain::Bounds;
use inbound_keychain::testing::FakeStore;
use practice_tenant::{Exchange, Options, PersonaKey, PracticeTenant};
use tokio_util::sync::CancellationToken;

/// What a full run cannot do without: these are the how-to's own steps.
pub const MUST_BE_SEEN: &[&str] = &[
    "PATCH /applications(uniqueName='{uniqueName}')",
    "POST /servicePrincipals",
    "POST /applications/{application-id}/addPassword",
    "POST /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo",
    "GET /servicePrincipals",
    "POST /applications/{application-id}/removePassword",
    "DELETE /servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo/{appRoleAssignment-id}",
    "DELETE /servicePrincipals/{servicePrincipal-id}",
    "DELETE /applications/{application-id}",
    "GET /applications/{application-id}/owners",
    "GET /me",
    "GET /organization",
];

/// The how-to's two permissions.
const PERMISSIONS: [&str; 2] = ["SynchronizationData-User.Upload", "AuditLog.Read.All"];
/// Long enough that reads after writes meet the answers of graph-facts 3 and 6.
const REPLICATION: Duration = Duration::from_millis(1200);

/// Everything that was asked and answered.
pub async fn both_paths() -> Vec<Exchange> {
    let tenant = PracticeTenant::start(Options::default()).await.expect("a practice tenant");
    tenant.dials().set_replication(REPLICATION);
    let home = tempfile::tempdir().expect("a folder");
    let connect = async |persona| {
        let folders = Folders::under(home.path()).expect("folders of the app's own");
        let keychain = Keychain::with_store(FakeStore::new().factory(), Bounds::default());
        let connector = Connector::new(folders, keychain, "0.0.0").at(Place::PracticeUrl(tenant.url()));
        connector.enter(Entry::Persona(persona), &CancellationToken::new()).await.expect("signed in").job
    };

    let job = connect(PersonaKey::GlobalAdministrator).await;
    job.check_name("HR feed").await.expect("the name is looked up");
    let made = run(&job, app("HR feed")).await;
    assert_eq!(made.state, RunState::Done, "{}", made.summary);
    let client_id = made.hand_over.expect("a hand-over").principal.client_id;
    let first = (job.clone(), made.id);
    let verdict = job.verify(&client_id, &permissions(), true).await.expect("verified").verdict;
    assert!(matches!(verdict.kind, VerdictKind::Ready | VerdictKind::ReadyBut), "{verdict:?}");
    let again = job.plan(app("HR feed")).await.expect("a plan");
    assert_eq!(again.view().changes, 0, "the same again changes nothing: {:?}", again.view().steps);

    let found = job.search_identities("CSV2SCIM").await.expect("identities");
    let identity = found.rows.iter().filter_map(|card| card.object_id.clone()).next().expect("the how-to's identity");
    let request =
        SetupRequest::ManagedIdentity { object_id: identity.clone(), permissions: permissions(), ask_consent: false };
    let made = run(&job, request).await;
    assert_eq!(made.state, RunState::Done, "{}", made.summary);
    job.verify(&identity, &permissions(), false).await.expect("verified");
    job.search_principals("o'").await.expect("principals with a quote in their name are looked for");
    job.search_principals(&client_id).await.expect("principals by id");

    // Who may activate roles looks, and activates one.
    let job = connect(PersonaKey::Eligible).await;
    job.preflight(Ask::Policy).await;
    let found = job.preflight(Ask::Eligible).await;
    let role = found.eligible.roles.first().expect("a role to activate");
    job.activate_role(&role.role_id, "Set up the HR feed", 2).await.expect("activated");

    // Who may register but not grant leaves the grants to another, who finishes exactly them.
    let job = connect(PersonaKey::ApplicationAdministrator).await;
    let asks = run(&job, asking(app("Benefits feed"))).await;
    let request = asks.consent.expect("a request").request;
    let other = connect(PersonaKey::PrivilegedRoleAdministrator).await;
    let plan = other.plan_consent(&request).await.expect("a plan");
    let granted = other.run(plan, CancellationToken::new(), Arc::new(|_| {})).await.expect("a run");
    assert_eq!(granted.state, RunState::Done, "{}", granted.summary);
    job.check_consent(&asks.id).await.expect("looked");

    // Or meets the refusals.
    let refused = run(&job, app("Payroll feed")).await;
    assert_eq!(refused.state, RunState::Failed, "{}", refused.summary);

    // And what a run made is taken back: an app of its own, and what it gave to an app that was there.
    let (job, id) = first;
    undo(&job, &id).await;
    let there = job.find_principal("Badge printer").await.expect("an app without a service principal").client_id;
    let extended = run(&job, of_existing(app("Badge printer"), there)).await;
    assert_eq!(extended.state, RunState::Done, "{}", extended.summary);
    undo(&job, &extended.id).await;
    tenant.recorder().exchanges()
}

async fn undo(job: &Job, id: &str) {
    let plan = job.plan_undo(id).await.expect("a plan");
    let ended = job.run(plan, CancellationToken::new(), Arc::new(|_| {})).await.expect("a run");
    assert_eq!(ended.state, RunState::Undone, "{}", ended.summary);
}

async fn run(job: &Job, request: SetupRequest) -> RunView {
    let plan = job.plan(request).await.expect("a plan");
    job.run(plan, CancellationToken::new(), Arc::new(|_| {})).await.expect("a run")
}

fn app(name: &str) -> SetupRequest {
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(180 * 24);
    SetupRequest::AppRegistration {
        name: name.to_owned(),
        app: AppChoice::ByName,
        note: Some("Owned by HR".to_owned()),
        secret_description: None,
        secret_expires: ends.strftime("%F").to_string(),
        permissions: permissions(),
        ask_consent: false,
        secret_goes: SecretGoes::IntoKeychain,
    }
}

fn of_existing(mut request: SetupRequest, client: String) -> SetupRequest {
    if let SetupRequest::AppRegistration { app, .. } = &mut request {
        *app = AppChoice::Existing { client_id: client };
    }
    request
}

fn asking(request: SetupRequest) -> SetupRequest {
    match request {
        SetupRequest::AppRegistration { name, app, note, secret_description, secret_expires, permissions, .. } => {
            let ask_consent = true;
            SetupRequest::AppRegistration {
                name,
                app,
                note,
                secret_description,
                secret_expires,
                permissions,
                ask_consent,
                secret_goes: SecretGoes::IntoKeychain,
            }
        }
        identity @ SetupRequest::ManagedIdentity { .. } => identity,
    }
}

fn permissions() -> Vec<String> {
    PERMISSIONS.map(str::to_owned).to_vec()
}
