//! The tenant as Graph shows it.

use http::Method;
use serde_json::{Map, Value, json};

use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::{ORGANIZATION, object};
use crate::graph::router::Route;
use crate::graph::rules::READ_ORGANIZATION;
use crate::ids::{self, TENANT};
use crate::message::Answer;
use crate::persona::{COMPANY, DOMAIN};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/organization", &READ_ORGANIZATION, list_all),
    Route::new(Method::GET, "/organization/{id}", &READ_ORGANIZATION, get),
];

fn organization() -> Map<String, Value> {
    object(json!({
        "id": TENANT,
        "deletedDateTime": null,
        "assignedPlans": [{
            "assignedDateTime": "2021-03-01T08:00:00Z",
            "capabilityStatus": "Enabled",
            "service": "AADPremiumService",
            "servicePlanId": ids::fixed("plan/premium-p2"),
        }],
        "countryLetterCode": "NL",
        "createdDateTime": "2021-03-01T08:00:00Z",
        "defaultUsageLocation": "NL",
        "displayName": COMPANY,
        "onPremisesSyncEnabled": null,
        "technicalNotificationMails": [format!("it@{DOMAIN}")],
        "tenantType": "AAD",
        "verifiedDomains": [
            { "capabilities": "Email, OfficeCommunicationsOnline", "isDefault": true, "isInitial": false,
              "name": DOMAIN, "type": "Managed" },
            { "capabilities": "None", "isDefault": false, "isInitial": true,
              "name": "brightwater.onmicrosoft.example", "type": "Managed" },
        ],
    }))
}

fn list_all(call: &Call<'_>) -> Result<Answer, Refusal> {
    list::list(call, Rows { kind: &ORGANIZATION, set: "organization", rows: vec![organization()] })
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.id(0)?;
    if id != TENANT {
        return Err(Refusal::not_found(id));
    }
    list::single(call, &ORGANIZATION, "organization", organization())
}
