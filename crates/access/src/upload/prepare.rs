//! Checking a trial upload, before anything is sent.

use std::str::FromStr;

use inbound_entra::graph::{Call, request::provisioning as request};
use inbound_entra::ids::{AppId, ObjectId};
use inbound_entra::model::{Application, SynchronizationJob};
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use secrecy::SecretString;
use uuid::Uuid;

use crate::job::JobParts;
use crate::problem::{Code, FieldProblem, Problem, trouble};
use crate::secrets;
use crate::upload::{Upload, UploadPreview, UploadRequest, UploadUser, payload};
use crate::words;

const PRACTICE: &str = "practice";
/// Longer ones no directory takes.
const LONGEST_NAME: usize = 64;
const LONGEST_USER_NAME: usize = 113;
/// Job ids have some eighty characters.
const LONGEST_JOB: usize = 200;

pub(super) async fn prepare(parts: &JobParts, request: UploadRequest) -> Result<Upload, Problem> {
    let (client, app) = check(&request)?;
    let UploadRequest { job_id: job, user, .. } = request;
    let call = Call::default();
    let (principal, jobs, client_app) = futures::join!(
        Box::pin(parts.directory.service_principal(&call, app)),
        Box::pin(parts.provisioning.jobs_of(&call, app)),
        Box::pin(client_app(parts, client)),
    );
    let principal = principal
        .map_err(|error| trouble::graph(&error, "read the provisioning app"))?
        .ok_or_else(|| gone("This tenant has no such provisioning app."))?;
    let jobs = jobs.map_err(|error| trouble::graph(&error, "read the provisioning app's jobs"))?;
    let found = jobs.iter().find(|one| one.id == job).ok_or_else(|| gone("The provisioning app has no such job."))?;
    let client_app = client_app?;
    secret(parts, &client_app).await?;

    let body = payload::of(&user, &bulk_id());
    let shown = request::bulk_upload(app, &job, body.clone());
    let address = format!("{}{}", parts.tenant.graph.origin().ascii_serialization(), shown.path);
    let sentence = format!(
        "{} sends 1 user to the job of {}, with a token of its own.",
        words::visible(&client_app.display_name),
        words::visible(&principal.display_name)
    );
    let view = UploadPreview {
        id: Uuid::new_v4().to_string(),
        sentence,
        address: format!("{} {address}", shown.method),
        headers: shown.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect(),
        payload: serde_json::to_string_pretty(&body).unwrap_or_default(),
        warnings: warnings(parts, found, &user),
    };
    Ok(Upload { view, client, client_name: client_app.display_name, app, job, user })
}

/// Names the one operation; the same each time, so that what is shown is what is sent.
pub(super) fn bulk_id() -> String {
    "1".to_owned()
}

fn check(request: &UploadRequest) -> Result<(AppId, ObjectId), Problem> {
    let mut fields = Vec::new();
    let mut wrong = |field: &str, message: String| {
        fields.push(FieldProblem { field: field.to_owned(), message });
    };
    let client = AppId::from_str(&request.client_id);
    if client.is_err() {
        wrong("clientId", "The client id is no GUID.".to_owned());
    }
    let app = ObjectId::from_str(&request.app_object_id);
    if app.is_err() {
        wrong("appObjectId", "The provisioning app's object id is no GUID.".to_owned());
    }
    if request.job_id.is_empty() || request.job_id.len() > LONGEST_JOB || request.job_id.chars().any(char::is_control) {
        wrong("jobId", "Choose one of the app's provisioning jobs.".to_owned());
    }
    let user = &request.user;
    for (field, name, value) in [
        ("externalId", "The employee id (externalId)", &user.external_id),
        ("givenName", "The first name", &user.given_name),
        ("familyName", "The last name", &user.family_name),
    ] {
        if let Some(message) = unusable(name, value, LONGEST_NAME) {
            wrong(field, message);
        }
    }
    if let Some(message) = unusable("The user name", &user.user_name, LONGEST_USER_NAME) {
        wrong("userName", message);
    } else if !is_address(&user.user_name) {
        wrong("userName", "The user name looks like an e-mail address: name@domain, without spaces.".to_owned());
    }
    match (client, app) {
        (Ok(client), Ok(app)) if fields.is_empty() => Ok((client, app)),
        _ => {
            let first = fields.first().map_or_else(String::new, |field| field.message.clone());
            Err(Problem { fields, ..Problem::new(Code::InvalidInput, first).exists("Nothing was sent.") })
        }
    }
}

fn unusable(name: &str, value: &str, longest: usize) -> Option<String> {
    if value.trim().is_empty() {
        return Some(format!("{name} is missing."));
    }
    if value.trim() != value {
        return Some(format!("{name} begins or ends with a space."));
    }
    if value.chars().count() > longest {
        return Some(format!("{name} is longer than {longest} characters."));
    }
    if value.chars().any(char::is_control) {
        return Some(format!("{name} holds a character that cannot be seen."));
    }
    None
}

fn is_address(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    !name.is_empty() && domain.contains('.') && !domain.contains('@') && !text.chars().any(char::is_whitespace)
}

fn gone(message: &str) -> Problem {
    Problem::new(Code::NotFound, message)
        .exists("Nothing was sent.")
        .advice("Someone may have removed it meanwhile. Verify again.")
}

async fn client_app(parts: &JobParts, client: AppId) -> Result<Application, Problem> {
    parts
        .directory
        .application_by_app_id(&Call::default(), client)
        .await
        .map_err(|error| trouble::graph(&error, "read the API client's app registration"))?
        .ok_or_else(|| gone("This tenant has no app registration with this client id."))
}

/// The secret with which the client signs in: of those that lie in this keychain the one that lasts longest.
pub(super) async fn secret(parts: &JobParts, app: &Application) -> Result<SecretString, Problem> {
    let client = app.app_id.to_string();
    let now = parts.clock.now();
    let mut known: Vec<_> = app.password_credentials.iter().collect();
    known.retain(|one| one.end_date_time.is_none_or(|end| end > now));
    known.sort_by_key(|one| std::cmp::Reverse(one.end_date_time.unwrap_or(Timestamp::MAX)));
    for one in known {
        match parts.secrets.read(&secrets::item(parts, &client, &one.key_id.to_string())).await {
            Ok(secret) => return Ok(secret),
            Err(KeychainError::NotFound) => {}
            Err(error) => return Err(trouble::keychain(&error)),
        }
    }
    Err(Problem::new(Code::SecretNotFound, "No valid secret of this app lies in this computer's keychain.")
        .exists("Nothing was sent.")
        .advice("Renew its secret from here, or try the upload with the ready-to-run text of the hand-over."))
}

/// The same for a client whose registration is read first.
pub(super) async fn secret_of(parts: &JobParts, client: AppId) -> Result<SecretString, Problem> {
    secret(parts, &client_app(parts, client).await?).await
}

fn warnings(parts: &JobParts, job: &SynchronizationJob, user: &UploadUser) -> Vec<String> {
    let mut warnings = vec![if parts.tenant.cloud_key == PRACTICE {
        "This is the practice tenant: the user is made in it, and nobody real is touched.".to_owned()
    } else {
        format!(
            "This is no rehearsal: the job creates a real user in {}, or changes the one that has this employee id. It \
             cannot be undone from here.",
            words::visible(&parts.tenant.name)
        )
    }];
    if !user.active {
        warnings
            .push("The user is sent as not active: an account that the job matches with it is disabled.".to_owned());
    }
    let code = job.status.as_ref().map_or("", |status| status.code.as_str());
    match code.to_ascii_lowercase().as_str() {
        "quarantine" => warnings.push(
            "The job is in quarantine: it takes the upload, but nothing happens before it is mended and started."
                .to_owned(),
        ),
        "paused" | "notrun" | "notconfigured" => warnings.push(
            "The job does not run: it takes the upload, but nothing happens before somebody starts it.".to_owned(),
        ),
        _ => {}
    }
    warnings
}
