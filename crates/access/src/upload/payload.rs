//! The SCIM bulk request of one user (graph-facts 9).

use serde_json::{Value, json};

use crate::upload::UploadUser;

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// What is sent. `bulk_id` names the operation within it.
pub(super) fn of(user: &UploadUser, bulk_id: &str) -> Value {
    json!({
        "schemas": [BULK],
        "Operations": [{
            "method": "POST",
            "bulkId": bulk_id,
            "path": "/Users",
            "data": {
                "schemas": [USER],
                "externalId": user.external_id,
                "userName": user.user_name,
                "name": { "givenName": user.given_name, "familyName": user.family_name },
                "displayName": format!("{} {}", user.given_name, user.family_name),
                "active": user.active,
            },
        }],
        "failOnErrors": null,
    })
}
