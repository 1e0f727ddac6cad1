//! `setup managed-identity`.

use inbound_access_job::IdentityRef;
use inbound_access_job::desired::SetupRequest;
use inbound_access_job::problem::{Code, Problem};

use super::setup::{cancelled_before, set_up};
use crate::args::{IdentityArgs, ManagedIdentity};
use crate::cancel::on_ctrl_c;
use crate::connect::{connect, permissions};
use crate::exit::Exit;

/// Finds the identity, never by a first hit, and grants what is missing.
pub(crate) async fn run(args: ManagedIdentity) -> Result<Exit, Problem> {
    let cancel = on_ctrl_c();
    let wanted = identity(args.identity)?;
    let connected = connect(&args.place, args.telling.json, &cancel).await?;
    let session = &connected.session;
    let card = tokio::select! {
        card = session.job.find_identity(wanted) => card?,
        () = cancel.cancelled() => return Err(cancelled_before()),
    };
    let object_id = card.object_id.ok_or_else(|| {
        Problem::new(Code::NotFound, format!("The identity \"{}\" has no object id in this tenant.", card.name))
            .exists("Nothing was changed.")
    })?;
    let request = SetupRequest::ManagedIdentity {
        object_id,
        permissions: permissions(&args.permissions, session),
        ask_consent: args.ask_consent.is_some(),
    };
    set_up(session, request, args.plan, args.ask_consent.as_deref(), args.telling, &cancel).await
}

fn identity(args: IdentityArgs) -> Result<IdentityRef, Problem> {
    match (args.object_id, args.resource_id, args.name) {
        (Some(id), _, _) => Ok(IdentityRef::ObjectId(id)),
        (_, Some(id), _) => Ok(IdentityRef::ResourceId(id)),
        (_, _, Some(name)) => Ok(IdentityRef::Name(name)),
        // The command line's own rules leave this out.
        (None, None, None) => Err(Problem::new(Code::InvalidInput, "No identity is named.")),
    }
}
