//! Microsoft Graph v1.0, one file a resource. Each file lists its routes with the rule of who may call them.

mod application_templates;
mod applications;
mod assignments;
pub(crate) mod authorise;
mod batch;
mod body;
pub(crate) mod bulk_upload;
pub(crate) mod call;
mod cost;
mod deleted_items;
mod directory_objects;
pub(crate) mod error;
mod federated;
mod keys;
mod me;
mod odata;
mod organization;
mod owners;
mod passwords;
mod path;
mod permission_grants;
mod policies;
mod provisioning_log;
mod roles;
mod router;
mod rules;
mod service_principals;
mod synchronization;

pub(crate) use odata::schema::object;
pub(crate) use router::{answer, owns, refused_by_script, too_large};
