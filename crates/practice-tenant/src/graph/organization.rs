//! The tenant as Graph shows it.

use http::Method;
use serde_json::{Map, Value, json};
use uuid::{Uuid, uuid};

use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::list::{self, Rows};
use crate::graph::odata::schema::{ORGANIZATION, SUBSCRIBED_SKU, object};
use crate::graph::router::Route;
use crate::graph::rules::{READ_ORGANIZATION, READ_SUBSCRIPTIONS};
use crate::ids::{self, TENANT};
use crate::message::Answer;
use crate::persona::{COMPANY, DOMAIN};

pub(crate) const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/organization", &READ_ORGANIZATION, list_all),
    Route::new(Method::GET, "/organization/{id}", &READ_ORGANIZATION, get),
    Route::new(Method::GET, "/subscribedSkus", &READ_SUBSCRIPTIONS, subscriptions),
];

/// Service plans of Entra ID P2 and P1, and of the basic service that every tenant has: ids and services.
const PLANS: [(Uuid, &str, &str); 3] = [
    (uuid!("eec0eb4f-6444-4f95-aba0-50c24d67f998"), "AADPremiumService", "AAD_PREMIUM_P2"),
    (uuid!("41781fb2-bc02-4b7c-bd55-b576c07bb09d"), "AADPremiumService", "AAD_PREMIUM"),
    (uuid!("113feb6c-3fe4-4440-bddc-54d774bf0318"), "exchange", "EXCHANGE_S_FOUNDATION"),
];

/// The plans that the tenant has.
fn plans(call: &Call<'_>) -> impl Iterator<Item = (Uuid, &'static str, &'static str)> {
    let without = call.tenant.dials.without_premium();
    PLANS.into_iter().filter(move |(_, service, _)| !without || *service != "AADPremiumService")
}

fn organization(call: &Call<'_>) -> Map<String, Value> {
    let assigned: Vec<Value> = plans(call)
        .map(|(id, service, _)| {
            json!({
                "assignedDateTime": "2021-03-01T08:00:00Z",
                "capabilityStatus": "Enabled",
                "service": service,
                "servicePlanId": id,
            })
        })
        .collect();
    object(json!({
        "id": TENANT,
        "deletedDateTime": null,
        "assignedPlans": assigned,
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
    list::list(call, Rows { kind: &ORGANIZATION, set: "organization", rows: vec![organization(call)] })
}

fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = call.id(0)?;
    if id != TENANT {
        return Err(Refusal::not_found(id));
    }
    list::single(call, &ORGANIZATION, "organization", organization(call))
}

/// The one product that the company has bought: Entra ID P2, unless the dial takes it away.
fn subscriptions(call: &Call<'_>) -> Result<Answer, Refusal> {
    let sku = uuid!("84a661c4-e949-4bd2-a560-ed7766fcaf2b");
    let plans: Vec<Value> = plans(call)
        .map(|(id, _, name)| {
            json!({ "appliesTo": "User", "provisioningStatus": "Success", "servicePlanId": id, "servicePlanName": name })
        })
        .collect();
    let bought = object(json!({
        "id": format!("{TENANT}_{sku}"),
        "accountId": TENANT,
        "accountName": COMPANY,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": 48,
        "prepaidUnits": { "enabled": 60, "lockedOut": 0, "suspended": 0, "warning": 0 },
        "servicePlans": plans,
        "skuId": sku,
        "skuPartNumber": "AAD_PREMIUM_P2",
        "subscriptionIds": [ids::fixed("subscription/premium-p2")],
    }));
    let rows = if call.tenant.dials.without_premium() { Vec::new() } else { vec![bought] };
    list::list(call, Rows { kind: &SUBSCRIBED_SKU, set: "subscribedSkus", rows })
}
