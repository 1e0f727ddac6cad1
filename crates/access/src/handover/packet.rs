//! What the developer of an API client needs, gathered from the tenant and from this keychain.

use inbound_entra::graph::Call;
use inbound_entra::model::PasswordCredential;

use crate::handover::{DeveloperPacket, PacketFact, clients};
use crate::job::{Job, JobParts};
use crate::observe;
use crate::principal::find::{self, Found};
use crate::principal::{PrincipalCard, PrincipalKind};
use crate::problem::{Code, Problem};
use crate::requirements::{self, AUDIT_LOG, UPLOAD, UPLOAD_OWNED};
use crate::road::{Direction, JobHealth, Limits, ProvisioningJob, Road};
use crate::run::SecretPlace;
use crate::secrets;
use crate::tenant::TenantFacts;
use crate::words;

/// The most secrets that are looked up: more than two are rare, and each may take the keychain its time.
const MOST_LOOKED_UP: usize = 4;

/// An API client with everything that its texts need.
pub(super) struct Client<'a> {
    pub tenant: &'a TenantFacts,
    pub card: &'a PrincipalCard,
    pub job: Option<&'a ProvisioningJob>,
    pub credential: &'a Credential,
}

/// How the client proves who it is.
pub(super) enum Credential {
    /// By a secret that lies in this keychain.
    Kept(Box<SecretPlace>),
    /// By a secret that does not lie here; its description in Entra.
    Elsewhere(String),
    /// It has no secret that is still good.
    None,
    /// A managed identity: by Azure.
    Azure,
}

impl Client<'_> {
    pub(super) fn is_identity(&self) -> bool {
        matches!(self.credential, Credential::Azure)
    }

    /// Where users go; with braces where that is not known.
    pub(super) fn upload_address(&self) -> String {
        match self.job {
            Some(job) => job.upload_address.clone(),
            None => format!(
                "{}/v1.0/servicePrincipals/{{object id of the provisioning app}}/synchronization/jobs/{{job id}}/bulkUpload",
                self.tenant.graph.origin().ascii_serialization()
            ),
        }
    }

    /// The newest entries of the provisioning log, of this job where it is known.
    pub(super) fn log_address(&self) -> String {
        let graph = self.tenant.graph.origin().ascii_serialization();
        let filter = self.job.map_or_else(String::new, |job| {
            let filter = format!("jobid eq '{}'", job.id.replace('\'', "''"));
            format!("$filter={}&", percent(&filter))
        });
        format!("{graph}/v1.0/auditLogs/provisioning?{filter}$top=50")
    }

    /// In a sentence: where the credential is, and what to do with it.
    pub(super) fn credential_words(&self) -> String {
        match self.credential {
            Credential::Kept(place) => format!(
                "The client secret \"{}\" is not in this file. It lies in the {} of the administrator's computer: service {}, \
                 account {}. Put it into the variable CLIENT_SECRET.",
                place.description, place.keychain, place.service, place.account
            ),
            Credential::Elsewhere(description) => format!(
                "The client secret \"{description}\" is not in this file, nor in the administrator's keychain: ask whoever \
                 made it. Put it into the variable CLIENT_SECRET."
            ),
            Credential::None => {
                "The client has no secret that is still good: have one made, then put it into the variable CLIENT_SECRET."
                    .to_owned()
            }
            Credential::Azure => {
                "There is no secret: Azure gives the token to what runs as this managed identity. It keeps a token for up to \
                 24 hours, so a permission granted since may take that long to be in it."
                    .to_owned()
            }
        }
    }
}

/// Everything but what is no unreserved character, percent-encoded.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

pub(super) async fn gather(job: &Job, principal: &str, job_id: Option<&str>) -> Result<DeveloperPacket, Problem> {
    let parts = &job.parts;
    let found = Box::pin(find::find_principal(parts, principal)).await?;
    let card =
        found.card(parts).ok_or_else(|| Problem::new(Code::NotFound, "This tenant has no such app or identity."))?;
    let (credential, ungranted, road) =
        futures::join!(credential(parts, &found, &card), ungranted(parts, &found), Box::pin(job.road(false)));
    let (chosen, mut lacks) = choose(&road, job_id)?;
    if matches!(credential, Credential::None) {
        lacks.insert(0, "The client has no secret that is still good. Make one.".to_owned());
    }
    lacks.splice(0..0, ungranted);
    let client = Client { tenant: &parts.tenant, card: &card, job: chosen, credential: &credential };
    let road = road.as_ref().ok();
    Ok(DeveloperPacket {
        name: card.name.clone(),
        facts: facts(&client, road),
        snippets: clients::snippets(&client),
        lacks: (!lacks.is_empty()).then(|| lacks.join(" ")),
    })
}

/// The job that is meant, or else the first that takes users; and what is lacking about jobs.
fn choose<'a>(
    road: &'a Result<Road, Problem>,
    job_id: Option<&str>,
) -> Result<(Option<&'a ProvisioningJob>, Vec<String>), Problem> {
    let road = match road {
        Ok(road) => road,
        Err(problem) => {
            let why = format!(
                "The provisioning jobs could not be read, so the upload address is missing: {}",
                problem.message
            );
            return Ok((None, vec![why]));
        }
    };
    if let Some(wanted) = job_id {
        let found = road.jobs.iter().find(|job| job.id == wanted.trim());
        let found = found.ok_or_else(|| {
            let known: Vec<&str> = road.jobs.iter().map(|job| job.id.as_str()).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Problem::new(Code::NotFound, "This tenant has no such provisioning job.")
                .exists("Nothing was changed.")
                .advice(format!("The jobs are: {known}."))
        })?;
        return Ok((Some(found), unhealthy(found)));
    }
    let found = road.jobs.iter().find(|job| job.health == JobHealth::Running).or_else(|| road.jobs.first());
    let lacks = match found {
        Some(found) => unhealthy(found),
        None => vec![road.unreadable.as_ref().map_or_else(
            || {
                "There is no provisioning job yet, so there is no address to send users to: make an API-driven provisioning \
                 app first."
                    .to_owned()
            },
            |problem| format!("The upload address is missing: {}", problem.message),
        )],
    };
    Ok((found, lacks))
}

fn unhealthy(job: &ProvisioningJob) -> Vec<String> {
    match job.health {
        JobHealth::Running => Vec::new(),
        _ => vec![format!("The provisioning job of \"{}\" does not take users now: {}", job.app_name, job.sentence)],
    }
}

/// Where the newest good secret is.
async fn credential(parts: &JobParts, found: &Found, card: &PrincipalCard) -> Credential {
    if matches!(card.kind, PrincipalKind::SystemAssigned | PrincipalKind::UserAssigned) {
        return Credential::Azure;
    }
    let Some(application) = &found.application else { return Credential::None };
    let now = parts.clock.now();
    let is_good = |one: &&PasswordCredential| one.end_date_time.is_none_or(|end| end > now);
    let mut good: Vec<&PasswordCredential> = application.password_credentials.iter().filter(is_good).collect();
    good.sort_by_key(|one| std::cmp::Reverse(one.end_date_time));
    for one in good.iter().take(MOST_LOOKED_UP) {
        let (client, key) = (application.app_id.to_string(), one.key_id.to_string());
        if parts.secrets.read(&secrets::item(parts, &client, &key)).await.is_ok() {
            let expires = one.end_date_time.map(|end| end.to_string()).unwrap_or_default();
            let description = one.display_name.clone().unwrap_or_default();
            return Credential::Kept(Box::new(secrets::place(parts, &client, &key, description, expires)));
        }
    }
    match good.first() {
        Some(one) => Credential::Elsewhere(one.display_name.clone().unwrap_or_else(|| one.key_id.to_string())),
        None => Credential::None,
    }
}

/// What the client may not do yet, where that can be read.
async fn ungranted(parts: &JobParts, found: &Found) -> Option<String> {
    let call = Call::default();
    let graph = observe::graph_resource(parts, &call).await.ok()?;
    let grants = match &found.principal {
        Some(principal) => parts.directory.grants_of(&call, principal.id).await.ok()?,
        None => Vec::new(),
    };
    let holds = |value: &str| {
        let role = graph.application_permission(value);
        role.is_some_and(|role| grants.iter().any(|one| one.resource_id == graph.id && one.app_role_id == role.id))
    };
    let missing: Vec<&str> = [UPLOAD, AUDIT_LOG]
        .into_iter()
        .filter(|value| !holds(value) && !requirements::serves_instead(value).iter().any(|other| holds(other)))
        // With it a client may feed the provisioning apps that it owns.
        .filter(|value| *value != UPLOAD || !holds(UPLOAD_OWNED))
        .collect();
    (!missing.is_empty()).then(|| format!("It is not granted {} yet.", words::list(&missing)))
}

fn facts(client: &Client<'_>, road: Option<&Road>) -> Vec<PacketFact> {
    let fact = |label: &str, value: String, note: Option<String>| PacketFact { label: label.to_owned(), value, note };
    let (tenant, card) = (client.tenant, client.card);
    let mut facts = vec![
        fact("Tenant id", tenant.id.to_string(), None),
        fact("Client id", card.client_id.clone(), Some("By this the client says who it is.".to_owned())),
    ];
    match client.credential {
        Credential::Kept(place) => facts.push(fact(
            "Client secret",
            format!("{} / {}", place.service, place.account),
            Some(format!(
                "In the {} of this computer: service and account of the item of \"{}\". The secret itself stands nowhere here.",
                place.keychain, place.description
            )),
        )),
        Credential::Elsewhere(description) => facts.push(fact(
            "Client secret",
            description.clone(),
            Some("Its description in Entra. Its value is not in this computer's keychain.".to_owned()),
        )),
        Credential::None => {}
        Credential::Azure => facts.push(fact("Credential", "Azure".to_owned(), Some(client.credential_words()))),
    }
    if client.is_identity() {
        let resource = tenant.graph.origin().ascii_serialization();
        facts.push(fact("Resource", resource, Some("What Azure is asked a token for.".to_owned())));
    } else {
        facts.push(fact("Token address", tenant.token_url(), None));
    }
    facts.push(fact("Scope", tenant.scope(), None));
    if let Some(job) = client.job {
        let jobs = road.map_or(0, |road| road.jobs.len());
        let several = if jobs > 1 { format!(" One of {jobs} jobs of this tenant.") } else { String::new() };
        let where_to = match job.direction {
            Direction::ToEntra => "Users go to Microsoft Entra ID.",
            Direction::ToActiveDirectory => "Users go to Active Directory on premises.",
            Direction::Unknown => "Its id does not tell where users go.",
        };
        facts.push(fact("Upload address", job.upload_address.clone(), Some(format!("{where_to}{several}"))));
        facts.push(fact(
            "Provisioning app's object id",
            job.app_object_id.clone(),
            Some(format!(
                "Of \"{}\", which takes the users. CSV2SCIM calls it ServicePrincipalId. It is not the client's.",
                job.app_name
            )),
        ));
        facts.push(fact("Job id", job.id.clone(), None));
    }
    if let Some(object_id) = &card.object_id {
        facts.push(fact(
            "Object id of the client's service principal",
            object_id.clone(),
            Some("For administrators only: no client is told it.".to_owned()),
        ));
    }
    let limits = road.map(|road| &road.limits);
    facts.push(fact(
        "Limits",
        limits.map_or_else(|| "50 users in a call, 40 calls in 5 seconds".to_owned(), limits_words),
        limits.map(|limits| format!("By the licence: {}.", limits.licence)),
    ));
    if tenant.cloud_key == "china" {
        let note = "Microsoft does not name this cloud among those that have it; reading it may be refused.";
        facts.push(fact("Provisioning log", client.log_address(), Some(note.to_owned())));
    }
    facts
}

fn limits_words(limits: &Limits) -> String {
    format!(
        "{} users in a call, {} calls in 5 seconds, {} calls in 24 hours",
        limits.users_per_call, limits.calls_per_5_seconds, limits.calls_per_day
    )
}

#[cfg(test)]
#[path = "packet_tests.rs"]
mod tests;
