//! Provisioning in the seed: the gallery's two apps, three jobs in three states, and what their log says of the past.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::clock::{days, earlier};
use crate::directory::provisioning::{LogEntry, ProvisioningJob};
use crate::ids::{self, TENANT};
use crate::persona::DOMAIN;
use crate::seed::build::Builder;

/// An API-driven provisioning app of the gallery.
pub(crate) struct Gallery {
    key: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    /// Of which its jobs are made.
    pub factory: &'static str,
}

impl Gallery {
    /// Its id. Microsoft publishes none: clients look it up by name (graph-facts 9).
    pub fn id(&self) -> Uuid {
        ids::fixed(&format!("template/{}", self.key))
    }
}

/// Both directions.
pub(crate) const GALLERY: [Gallery; 2] = [
    Gallery {
        key: "to-entra",
        name: "API-driven provisioning to Microsoft Entra ID",
        description: "Brings people from a system of record to Microsoft Entra ID through the provisioning API.",
        factory: "API2AAD",
    },
    Gallery {
        key: "to-active-directory",
        name: "API-driven provisioning to on-premises Active Directory",
        description: "Brings people from a system of record to Active Directory through the provisioning API.",
        factory: "API2AD",
    },
];

/// The gallery's app with this id.
pub(crate) fn gallery_template(id: &str) -> Option<&'static Gallery> {
    GALLERY.iter().find(|it| it.id().to_string() == id)
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// The provisioning apps, their jobs and their log.
pub(crate) fn add(builder: &mut Builder) {
    let [to_entra, to_active_directory] = &GALLERY;
    let now = builder.now;
    let staff = app(builder, "provisioning-staff", "Staff from HR to Microsoft Entra ID", to_entra);
    builder.directory.jobs.push(ProvisioningJob {
        every: Some(40),
        ran: Some(earlier(now, minutes(7))),
        notify: Some(format!("identity-alerts@{DOMAIN}")),
        ..job("provisioning-staff", staff, "Active", to_entra)
    });
    let contractors = app(builder, "provisioning-contractors", "Contractors from HR to Microsoft Entra ID", to_entra);
    builder.directory.jobs.push(ProvisioningJob {
        every: Some(40),
        ran: Some(earlier(now, minutes(5 * 60))),
        quarantined: Some(earlier(now, days(3))),
        ..job("provisioning-contractors", contractors, "Quarantine", to_entra)
    });
    let on_premises = app(builder, "provisioning-ad", "Staff from HR to Active Directory", to_active_directory);
    builder.directory.jobs.push(job("provisioning-ad", on_premises, "Paused", to_active_directory));
    add_log(builder, now);
}

fn app(builder: &mut Builder, key: &str, name: &str, gallery: &Gallery) -> Uuid {
    builder.application(key, name, 365, json!({ "applicationTemplateId": gallery.id() }));
    builder.principal(
        key,
        json!({ "applicationTemplateId": gallery.id(), "notes": gallery.name,
                "tags": ["WindowsAzureActiveDirectoryIntegratedApp",
                         "WindowsAzureActiveDirectoryCustomSingleSignOnApplication"] }),
    )
}

fn job(key: &str, app: Uuid, status: &str, gallery: &Gallery) -> ProvisioningJob {
    ProvisioningJob {
        id: format!("{}.{}.{}", gallery.factory, TENANT.simple(), ids::fixed(&format!("job/{key}"))),
        service_principal_id: app,
        status: status.to_owned(),
        template: gallery.factory.to_owned(),
        every: None,
        ran: None,
        notify: None,
        quarantined: None,
    }
}

/// What the log holds from before: job's number, minutes ago, source id, name, action, status, error.
type Past = (usize, u64, &'static str, &'static str, &'static str, &'static str, Option<[&'static str; 3]>);

const DAY: u64 = 24 * 60;

const PAST: &[Past] = &[
    (1, 9 * DAY, "C-2041", "Noor Haddad", "create", "success", None),
    (
        1,
        8 * DAY,
        "C-2042",
        "Piet Vermeulen",
        "create",
        "failure",
        Some([
            "AzureActiveDirectoryDomainInvalid",
            "The domain portion of the userPrincipalName property is invalid: 'piet.vermeulen@brightwater.invalid' does not \
         end in one of the verified domain names in your organization.",
            "Send a userName that ends in a verified domain, or change the attribute mapping.",
        ]),
    ),
    (
        1,
        4 * DAY,
        "C-2041",
        "Noor Haddad",
        "other",
        "skipped",
        Some(["RedundantExport", "The state of the user in both the source and target systems already match.", ""]),
    ),
    (0, 6 * DAY, "10017", "Saskia Brandt", "create", "success", None),
    (0, 6 * DAY, "10018", "Tadeusz Maj", "create", "success", None),
    (
        0,
        2 * DAY,
        "10019",
        "Oriol Puig",
        "create",
        "failure",
        Some([
            "MissingRequiredAttribute",
            "The required attribute userPrincipalName has no value: userName was not sent.",
            "Send userName with every user.",
        ]),
    ),
    (0, DAY, "10017", "Saskia Brandt", "update", "success", None),
    (0, 7 * 60, "10018", "Tadeusz Maj", "disable", "success", None),
    (
        0,
        3 * 60,
        "10017",
        "Saskia Brandt",
        "other",
        "skipped",
        Some(["RedundantExport", "The state of the user in both the source and target systems already match.", ""]),
    ),
];

fn add_log(builder: &mut Builder, now: Timestamp) {
    let jobs: Vec<String> = builder.directory.jobs.iter().map(|job| job.id.clone()).collect();
    for (number, ago, source, name, action, status, error) in PAST {
        let Some(job) = jobs.get(*number) else { continue };
        let key = format!("log/{number}/{ago}/{source}");
        builder.directory.provisioning.log.push(LogEntry {
            id: ids::fixed(&key),
            job: job.clone(),
            cycle: ids::fixed(&format!("cycle/{number}/{ago}")),
            at: earlier(now, minutes(*ago)),
            action: (*action).to_owned(),
            status: (*status).to_owned(),
            error: error.map(|[code, reason, advice]| (code.to_owned(), reason.to_owned(), advice.to_owned())),
            source: (*source).to_owned(),
            name: (*name).to_owned(),
            target: (*status != "failure").then(|| ids::fixed(&format!("provisioned/{source}"))),
            changed: Vec::new(),
        });
    }
    builder.directory.provisioning.log.sort_by_key(|entry| entry.at);
}
