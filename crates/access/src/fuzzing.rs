//! Doors for `fuzz/`: what is read from a face and from a file, led through the functions that the job reads it with.
//! Behind the feature `fuzzing`, which no face switches on.

use inbound_entra::ids::{AppRoleId, ObjectId};
use inbound_entra::model::{AppRole, GraphResource};
use jiff::Timestamp;
use uuid::Uuid;

use crate::desired::{SetupRequest, checked};
use crate::problem::Problem;
use crate::requirements::UPLOAD;
use crate::run::journal::RunStore;
use crate::undo::owed::Whom;

/// Checks `request` as planning does, in a tenant whose Microsoft Graph has one permission.
///
/// # Errors
/// When a field cannot be used.
pub fn check(request: SetupRequest) -> Result<(), Problem> {
    let role = AppRole {
        id: AppRoleId(Uuid::nil()),
        value: Some(UPLOAD.to_owned()),
        display_name: None,
        allowed_member_types: vec!["Application".to_owned()],
        is_enabled: true,
    };
    let graph = GraphResource { id: ObjectId(Uuid::nil()), app_roles: vec![role] };
    checked::check(request, &graph, Timestamp::UNIX_EPOCH).map(drop)
}

/// Reads out of the journal what continuing, undoing and verifying look for in it.
pub fn read_out(store: &RunStore, id: &str) {
    let _ = (store.origin(id), store.secrets_asked_for(id), store.lists(id), store.was_seen(id));
    let _ = store.owed(id).map(|owed| (Whom::of(&owed), owed.spread(), owed.looks(Timestamp::UNIX_EPOCH)));
}
