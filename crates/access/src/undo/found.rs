//! The journal beside the tenant: what of the run is there, what is gone, what is not its own after all.

use inbound_entra::model::{AppRoleAssignment, Application};

use crate::desired::SetupRequest;
use crate::plan::KeptObject;
use crate::plan::work::Origin;
use crate::run::fact::{Aim, Made};
use crate::undo::owed::{Asked, Owed};
use crate::undo::picture::Picture;

/// Something of the run that is there.
#[derive(Debug, Clone)]
pub(crate) struct Present {
    /// The step that made it.
    pub step: u32,
    pub made: Made,
    /// The journal does not list it yet: its answer was lost.
    pub adopted: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub present: Vec<Present>,
    pub gone: Vec<Made>,
    pub kept: Vec<KeptObject>,
}

/// Whether another run says that it made the object with this id.
pub(crate) type OfAnother<'a> = &'a dyn Fn(&str) -> bool;

/// Sorts what the run made, or may have made. Before it is `spread`, what Entra said to be made is believed to be there
/// though it is not seen yet.
pub(crate) fn sort(owed: &Owed, picture: &Picture, spread: bool, of_another: OfAnother<'_>) -> Found {
    let mut found = Found::default();
    for told in &owed.made {
        let Some(made) = still_there(&told.made, picture) else {
            if spread || told.asked.is_some() {
                found.gone.push(told.made.clone());
            } else {
                found.present.push(Present { step: told.step, made: told.made.clone(), adopted: false });
            }
            continue;
        };
        match told.asked.and_then(|asked| doubtful(&made, picture, asked, of_another)) {
            Some(reason) => found.kept.push(kept(&made, reason.to_owned())),
            None => found.present.push(Present { step: told.step, made, adopted: false }),
        }
    }
    for doubt in &owed.doubts {
        let Some(made) = brought_about(&doubt.aim, picture, owed) else { continue };
        match doubtful(&made, picture, doubt.asked, of_another) {
            Some(reason) => found.kept.push(kept(&made, reason.to_owned())),
            None => found.present.push(Present { step: doubt.step, made, adopted: true }),
        }
    }
    for (step, trace) in &owed.secrets {
        let Some(application) = picture.application.as_ref().map(|it| &it.application) else { continue };
        // An undoing that was broken off may have listed it.
        let is_known = |key| owed.ever.iter().any(|made| made.secret() == Some(key));
        let of_trace = application.password_credentials.iter().filter(|one| match &trace.key_id {
            Some(key) => one.key_id.to_string() == *key,
            None => one.display_name.as_ref() == Some(&trace.description) && !is_known(one.key_id),
        });
        found.present.extend(of_trace.map(|one| Present {
            step: *step,
            made: Made::Secret {
                application: application.id,
                client: application.app_id,
                key: one.key_id,
                description: trace.description.clone(),
                name: application.display_name.clone(),
            },
            adopted: true,
        }));
    }
    found
}

/// Whether every thing that the journal tells of is seen.
pub(crate) fn is_whole(owed: &Owed, picture: &Picture) -> bool {
    owed.made.iter().all(|told| still_there(&told.made, picture).is_some()) && is_clear(owed, picture)
}

/// Whether every thing is seen of which no answer told.
pub(crate) fn is_clear(owed: &Owed, picture: &Picture) -> bool {
    let untold = owed.made.iter().filter(|told| told.asked.is_some());
    untold.into_iter().all(|told| still_there(&told.made, picture).is_some())
        && owed.doubts.iter().all(|doubt| brought_about(&doubt.aim, picture, owed).is_some())
        && owed.secrets.iter().all(|(_, trace)| {
            let secrets = picture.application.iter().flat_map(|it| &it.application.password_credentials);
            secrets.into_iter().any(|one| one.display_name.as_ref() == Some(&trace.description))
        })
}

/// The same, as far as it is there.
fn still_there(made: &Made, picture: &Picture) -> Option<Made> {
    let application = picture.application.as_ref().map(|it| &it.application);
    let is_there = match made {
        Made::Application { application: id, client, .. } => {
            application.is_some_and(|it| (it.id, it.app_id) == (*id, *client))
        }
        Made::Requested { application: id, roles } => {
            let left: Vec<_> = roles.iter().filter(|role| picture.requests(**role)).copied().collect();
            let is_there = application.is_some_and(|it| it.id == *id) && !left.is_empty();
            return is_there.then_some(Made::Requested { application: *id, roles: left });
        }
        Made::ServicePrincipal { principal, client, .. } => {
            picture.principal.as_ref().is_some_and(|it| (it.id, it.app_id) == (*principal, *client))
        }
        Made::SignIn { principal, .. } => {
            picture.principal.as_ref().is_some_and(|it| it.id == *principal && it.account_enabled != Some(false))
        }
        Made::Grant { id, principal, resource, role, .. } => picture.grants.iter().any(|grant| {
            grant.id == *id
                && (grant.principal_id, grant.resource_id, grant.app_role_id) == (*principal, *resource, *role)
        }),
        Made::Secret { key, .. } => {
            application.is_some_and(|it| it.password_credentials.iter().any(|one| one.key_id == *key))
        }
    };
    is_there.then(|| made.clone())
}

/// What a request without an answer would have made, if it is there.
fn brought_about(aim: &Aim, picture: &Picture, owed: &Owed) -> Option<Made> {
    let application = picture.application.as_ref().map(|it| &it.application);
    match aim {
        Aim::Register { unique_name } => {
            let is_it = |it: &&Application| it.unique_name.as_deref() == Some(unique_name);
            let found = application.filter(is_it)?;
            let name = match &owed.origin {
                Some(Origin::SetUp { request: SetupRequest::AppRegistration { name, .. }, .. }) => name.clone(),
                _ => found.display_name.clone(),
            };
            Some(Made::Application {
                application: found.id,
                client: found.app_id,
                unique_name: unique_name.clone(),
                name: name.trim().to_owned(),
            })
        }
        Aim::Request { application: id, roles } => {
            let made = Made::Requested { application: *id, roles: roles.clone() };
            still_there(&made, picture)
        }
        Aim::ServicePrincipal { client } => {
            let found = picture.principal.as_ref().filter(|it| it.app_id == *client)?;
            let name = application.map_or_else(|| found.display_name.clone(), |it| it.display_name.clone());
            Some(Made::ServicePrincipal { principal: found.id, client: *client, name })
        }
        Aim::Grant { principal, resource, role, value } => {
            let is_it = |grant: &&AppRoleAssignment| {
                (grant.principal_id, grant.resource_id, grant.app_role_id) == (*principal, *resource, *role)
            };
            let found = picture.grants.iter().find(is_it)?;
            Some(Made::Grant {
                id: found.id.clone(),
                principal: *principal,
                resource: *resource,
                role: *role,
                value: value.clone(),
            })
        }
        Aim::SignIn { principal } => {
            let found = picture.principal.as_ref().filter(|it| it.id == *principal)?;
            let (client, name) = (found.app_id, found.display_name.clone());
            still_there(&Made::SignIn { principal: *principal, client, name }, picture)
        }
        Aim::Remove { .. } | Aim::Take { .. } => None,
    }
}

/// Why something that no answer told of is not taken for this run's.
fn doubtful(made: &Made, picture: &Picture, asked: Asked, of_another: OfAnother<'_>) -> Option<&'static str> {
    if made.objects(0).iter().any(|object| of_another(&object.id)) {
        return Some("Entra's answer was lost when this run asked for it, and another run says that it made it.");
    }
    let of_this_run = match made {
        Made::Application { .. } => {
            asked.covers(picture.application.as_ref().and_then(|it| it.application.created_date_time))
        }
        Made::ServicePrincipal { principal, .. } => {
            let found = picture.principal.as_ref().filter(|it| it.id == *principal);
            let created = found.and_then(|it| it.created_date_time);
            // Graph does not always date them: then it is as its registration.
            let dated =
                created.or_else(|| picture.application.as_ref().and_then(|it| it.application.created_date_time));
            asked.covers(dated)
        }
        Made::Grant { id, .. } => {
            asked.covers(picture.grants.iter().find(|it| it.id == *id).and_then(|it| it.created_date_time))
        }
        // Not dated: it was not there when this run looked a moment before it asked.
        Made::Requested { .. } | Made::Secret { .. } | Made::SignIn { .. } => true,
    };
    (!of_this_run).then_some(
        "Entra's answer was lost when this run asked for it, and the time at which it was made does not fit.",
    )
}

/// In a face's terms.
pub(crate) fn kept(made: &Made, reason: String) -> KeptObject {
    let listed = made.objects(0).into_iter().next();
    let (what, id_name, id) = match (listed, made) {
        (Some(object), _) => (object.what, object.id_name, object.id),
        (None, Made::Requested { application, .. }) => {
            ("Requested permissions".to_owned(), "object id".to_owned(), application.to_string())
        }
        (None, Made::SignIn { principal, name, .. }) => {
            (format!("Sign-in of \"{name}\""), "object id".to_owned(), principal.to_string())
        }
        (None, other) => (String::new(), String::new(), other.key()),
    };
    KeptObject { what, id_name, id, reason }
}
