//! What every command that looks into a tenant begins with.

use std::path::Path;
use std::sync::Arc;

use inbound_access_job::problem::{Code, FieldProblem, Problem};
use inbound_connection::view::{SignInRequest, SignInWay};
use inbound_connection::{AppProof, AppSignIn, Connector, Entry, Folders, Keychain, Session};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use crate::args::{Way, Where, cloud_key};
use crate::asked;

/// The variables that secrets come in: arguments are seen by every program of this computer.
const SECRET: &str = "INBOUND_ACCESS_CLIENT_SECRET";
const PASSWORD: &str = "INBOUND_ACCESS_CERTIFICATE_PASSWORD";
const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
/// No certificate comes near it.
const LARGEST_CERTIFICATE: u64 = 1024 * 1024;

/// A connector for one command.
pub(crate) fn connector() -> Result<Connector, Problem> {
    let folders = Folders::of_the_system()?;
    Ok(Connector::new(folders, Keychain::native(), env!("CARGO_PKG_VERSION")).for_a_command())
}

/// A signed-in session. The connector serves the embedded practice tenant, so it must outlive the session's use.
pub(crate) struct Connected {
    pub session: Session,
    _connector: Arc<Connector>,
}

/// Signs in where the command line says. What the operator is asked meanwhile, and later, is told on stderr.
pub(crate) async fn connect(place: &Where, json: bool, cancel: &CancellationToken) -> Result<Connected, Problem> {
    let connector = Arc::new(connector()?.at(place.place()));
    asked::tell(connector.front_desk(), json);
    let session = match (place.persona(), place.sign_in.unwrap_or(Way::Browser)) {
        (Some(persona), _) => connector.enter(Entry::Persona(persona), cancel).await?,
        (None, Way::AppSecret | Way::AppCertificate | Way::WorkloadIdentity) => {
            connector.enter_as_app(app(place)?, cancel).await?
        }
        (None, way) => connector.enter(Entry::Person(person(place, way, &connector).await), cancel).await?,
    };
    Ok(Connected { session, _connector: connector })
}

async fn person(place: &Where, way: Way, connector: &Connector) -> SignInRequest {
    let cloud = cloud_key(place.cloud.as_deref().unwrap_or_default()).to_owned();
    let client_id = match &place.client_id {
        Some(given) => Some(given.clone()),
        None => connector.client_kept_for(&cloud, place.tenant.as_deref()).await,
    };
    SignInRequest {
        cloud,
        tenant: place.tenant.clone(),
        way: match way {
            Way::DeviceCode => SignInWay::DeviceCode,
            Way::AzureCli => SignInWay::AzureCli,
            Way::AzureDeveloperCli => SignInWay::AzureDeveloperCli,
            _ => SignInWay::Browser,
        },
        client_id,
        account: place.account.clone(),
    }
}

fn app(place: &Where) -> Result<AppSignIn, Problem> {
    let proof = match place.sign_in {
        Some(Way::AppCertificate) => {
            let path = place.certificate.as_deref().ok_or_else(|| {
                missing("certificate", "Give the certificate with its private key: --certificate FILE.")
            })?;
            AppProof::Certificate { content: certificate(path)?, password: secret_in(PASSWORD) }
        }
        Some(Way::WorkloadIdentity) => {
            let given = place.federated_token_file.clone().or_else(|| std::env::var_os(TOKEN_FILE).map(Into::into));
            AppProof::FederatedToken(given.ok_or_else(|| {
                missing("federatedTokenFile", "Give the file with the token: --federated-token-file FILE.")
            })?)
        }
        _ => AppProof::Secret(secret_in(SECRET).ok_or_else(|| {
            missing("clientSecret", &format!("Put the app's client secret into the variable {SECRET}."))
        })?),
    };
    let need = |value: &Option<String>, field: &str, words: &str| value.clone().ok_or_else(|| missing(field, words));
    Ok(AppSignIn {
        cloud: cloud_key(place.cloud.as_deref().unwrap_or_default()).to_owned(),
        tenant: need(&place.tenant, "tenant", "Give the tenant that the app signs in to: --tenant ID.")?,
        client_id: need(&place.client_id, "clientId", "Give the app that signs in: --client-id CLIENT_ID.")?,
        proof,
    })
}

fn secret_in(variable: &str) -> Option<SecretString> {
    std::env::var(variable).ok().filter(|value| !value.is_empty()).map(SecretString::from)
}

fn certificate(path: &Path) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let told = |why: String| {
        Problem::new(Code::LocalFile, format!("The certificate {} could not be read: {why}.", path.display()))
            .exists("Nothing was changed.")
            .advice("Check that the file is there and that you may read it.")
    };
    let size = std::fs::metadata(path).map_err(|error| told(error.to_string()))?.len();
    if size > LARGEST_CERTIFICATE {
        return Err(told("it is larger than any certificate".to_owned()));
    }
    std::fs::read(path).map(Zeroizing::new).map_err(|error| told(error.to_string()))
}

fn missing(field: &str, words: &str) -> Problem {
    let mut problem = Problem::new(Code::InvalidInput, words).exists("Nothing was changed.");
    problem.fields.push(FieldProblem { field: field.into(), message: words.into() });
    problem
}

/// The permissions asked for, or those of the default set.
pub(crate) fn permissions(asked: &[String], session: &Session) -> Vec<String> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let default = session.view.permission_sets.first();
    default.into_iter().flat_map(|set| &set.permissions).map(|permission| permission.value.clone()).collect()
}
