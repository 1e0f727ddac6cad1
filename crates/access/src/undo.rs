//! Taking back what a run made, and nothing else: what is in its journal, is there under the same id, and was changed by
//! nobody else (promise P38).

pub(crate) mod again;
mod draft;
mod found;
pub(crate) mod keep;
pub(crate) mod owed;
pub(crate) mod picture;
mod told;

use inbound_entra::graph::Call;
use inbound_entra::ids::AppRoleId;
use inbound_entra::model::GraphResource;
use inbound_keychain::KeychainError;
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) use self::draft::without;
pub(crate) use self::told::{conclude, end_hand_over};

use crate::desired::SetupRequest;
use crate::fix::Fix;
use crate::job::Job;
use crate::observe;
use crate::operator::Operator;
use crate::plan::work::{Origin, Plan, Work};
use crate::plan::{KeptObject, PlanView, StepEffect, Warning};
use crate::problem::{Code, Problem};
use crate::run::fact::Made;
use crate::run::{Doing, RunState, RunView, continuing};
use crate::secrets;
use crate::undo::draft::Draft;
use crate::undo::found::{Found, Present, kept};
use crate::undo::keep::Ours;
use crate::undo::owed::{Owed, Whom};
use crate::undo::picture::Picture;

/// What the steps of undoing need to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Undoing {
    /// Names the principal for the lock that keeps two runs apart, as the run's own plan did.
    pub key: String,
    /// What each step takes back, or gives back.
    pub steps: Vec<(u32, Made)>,
    /// The run took something away: its steps give that back.
    pub gives_back: bool,
    /// What goes along with the app registration.
    pub along: Vec<Made>,
    /// What no answer told of and was found, with the step that made it: the run lists it from now on.
    pub adopted: Vec<(u32, Made)>,
    /// What was found to be gone already.
    pub gone: Vec<Made>,
    /// What stays.
    pub kept: Vec<KeptObject>,
    /// Before this moment replicas may not know all that the run made.
    pub spread: Option<Timestamp>,
    /// Where to look again, and what is then this run's own.
    pub whom: Whom,
    pub ours: Ours,
}

/// Why a secret that the run removed stays so.
const LOST: &str = "It was removed by this run and cannot come back: Entra never shows a secret's value again.";

/// Plans the undoing of a run. Changes nothing.
pub(crate) async fn plan(job: &Job, run_id: &str) -> Result<Plan, Problem> {
    let run = continuing::of_this_tenant(job, run_id)?;
    if run.state == RunState::Undone {
        return Err(Problem::new(Code::WrongKind, "The run was undone already.")
            .exists("Nothing was changed.")
            .advice("Set the principal up anew, if you need it."));
    }
    let owed = job.parts.runs.owed(&run.id)?;
    if owed.is_empty() {
        return Err(nothing(&run, &owed));
    }
    if matches!(owed.origin, Some(Origin::Fix { fix: Fix::Revoke { .. } })) {
        return Box::pin(again::plan(job, owed)).await;
    }
    let graph = observe::graph_resource(&job.parts, &Call::default()).await?;
    let now = job.parts.clock.now();
    let whom = Whom::of(&owed);
    let is_spread = || owed.spread().is_none_or(|spread| spread <= job.parts.clock.now());
    // What Entra said to be made is looked for again by its step, in sight of the operator; only what it did not tell of
    // must be found here.
    let enough = |seen: &Picture, looks: u32| {
        found::is_whole(&owed, seen) || (looks >= owed.looks(now) && (is_spread() || found::is_clear(&owed, seen)))
    };
    let picture = Box::pin(picture::settled(&job.parts, &whom, enough)).await?;
    let found = found::sort(&owed, &picture, is_spread(), &|id| job.parts.runs.lists_elsewhere(id, &owed.run.id));
    let ours = ours(job, &owed, &found, &graph);
    Ok(Box::pin(draft(job, owed, found, whom, ours, &picture, &graph)).await)
}

/// The run made nothing, or does not know what.
fn nothing(run: &RunView, owed: &Owed) -> Problem {
    let problem = if !owed.taken.is_empty() {
        Problem::new(
            Code::WrongKind,
            "What this run removed cannot come back: Entra never shows a secret's value again.",
        )
        .advice("Make a new secret, if the app needs one.")
    } else if run.made.iter().any(|made| made.removed.is_none()) {
        Problem::new(
            Code::WrongKind,
            "This run was kept by an earlier version, which did not write down enough to take back exactly what it made.",
        )
        .advice("What it made is listed with its ids: remove it in Entra.")
    } else {
        Problem::new(Code::WrongKind, "This run made nothing that is still there.")
            .advice("There is nothing to take back.")
    };
    problem.exists("Nothing was changed.")
}

async fn draft(
    job: &Job,
    owed: Owed,
    found: Found,
    whom: Whom,
    ours: Ours,
    picture: &Picture,
    graph: &GraphResource,
) -> Plan {
    let parts = &job.parts;
    let is_principal = |one: &Present| matches!(one.made, Made::ServicePrincipal { .. });
    let mut draft = Draft {
        has_principal: picture.principal.is_some() || found.present.iter().any(is_principal),
        graph,
        host: &parts.tenant.graph,
        keychain: parts.secrets.place(),
        picture,
        steps: Vec::new(),
        takes: Vec::new(),
    };
    let Found { present, mut gone, mut kept } = found;
    let has = |wanted: fn(&Made) -> bool| present.iter().map(|one| &one.made).find(|made| wanted(made));
    let application = has(|made| matches!(made, Made::Application { .. }));
    let principal = has(|made| matches!(made, Made::ServicePrincipal { .. }));

    let mut lingering = Vec::new();
    for made in gone.iter().filter(|made| made.secret().is_some()) {
        if may_be_kept_here(job, made).await {
            lingering.push(made.clone());
        }
    }
    gone.retain(|made| !lingering.contains(made));
    for made in present.iter().map(|one| &one.made).filter(|made| made.secret().is_some()) {
        draft.remove_secret(made, true);
    }
    for made in &lingering {
        draft.remove_secret(made, false);
    }
    for made in present.iter().map(|one| &one.made) {
        draft.revoke(made);
        draft.block(made);
    }
    for made in &gone {
        kept.extend(granted_again(made, picture, &ours));
    }

    let mut along = Vec::new();
    let mut stays = false;
    match application {
        Some(made) => {
            let reasons = keep::application(picture, &ours);
            if reasons.is_empty() {
                draft.delete(made);
                along.extend(principal.cloned());
            } else {
                stays = true;
                kept.push(found::kept(made, reasons.join(" ")));
                let needed = |made| found::kept(made, "The app registration stays, and needs it.".to_owned());
                kept.extend(principal.map(needed));
            }
        }
        None => {
            for one in &present {
                withdraw(&mut draft, &mut kept, one, picture, &ours);
            }
            if let Some(made) = principal {
                let reasons = keep::principal(picture, &ours);
                if reasons.is_empty() {
                    draft.delete(made);
                } else {
                    kept.push(found::kept(made, reasons.join(" ")));
                }
            }
        }
    }
    for made in &gone {
        draft.gone(made);
    }
    kept.extend(unnoted(&owed));
    let lost = owed.taken.iter().filter(|taken| taken.made.secret().is_some());
    let lost: Vec<KeptObject> = lost.map(|taken| found::kept(&taken.made, LOST.to_owned())).collect();

    let owns = job.operator_id().is_some_and(|id| picture.owners.iter().any(|owner| owner.id == id));
    let mut warnings = draft.tell(&job.facts(), owns);
    if stays && !draft.takes.is_empty() {
        let steps = draft.takes.iter().map(|(number, _)| *number).collect();
        let message = "Somebody else seems to use this app: with these steps it loses what this run gave it.";
        warnings.push(Warning { message: message.to_owned(), steps });
    }
    if !lost.is_empty() && !draft.takes.is_empty() {
        let steps = draft.takes.iter().map(|(number, _)| *number).collect();
        let message = "The app loses the secret that this run made, and the one before it cannot come back.";
        warnings.push(Warning { message: message.to_owned(), steps });
        kept.extend(lost);
    }
    let Draft { steps, takes, .. } = draft;
    let changes = steps.iter().filter(|step| step.effect != StepEffect::AlreadySo).count();
    let view = PlanView {
        id: Uuid::new_v4().to_string(),
        tenant_name: parts.tenant.name.clone(),
        tenant_id: parts.tenant.id.to_string(),
        subject: owed.run.subject.clone(),
        steps,
        changes: u32::try_from(changes).unwrap_or(u32::MAX),
        warnings,
        narrower: None,
        consent_offer: None,
        doing: Doing::Undo,
        run_id: Some(owed.run.id.clone()),
        kept: kept.clone(),
    };
    let adopted = present.iter().filter(|one| one.adopted).map(|one| (one.step, one.made.clone())).collect();
    let key = key(&owed, &whom, picture);
    let spread = owed.spread();
    let undoing = Undoing { gives_back: false, key, steps: takes, along, adopted, gone, kept, spread, whom, ours };
    Plan { view, work: Work::Undo(Box::new(undoing)) }
}

/// Permissions that this run added to what a registration of others requests. What somebody else has granted stays
/// requested.
fn withdraw(draft: &mut Draft<'_>, kept: &mut Vec<KeptObject>, one: &Present, picture: &Picture, ours: &Ours) {
    let Made::Requested { application, roles } = &one.made else { return };
    let is_granted = |role: &&AppRoleId| ours.foreign_grants(&picture.grants).any(|grant| grant.app_role_id == **role);
    let (needed, free): (Vec<&AppRoleId>, Vec<&AppRoleId>) = roles.iter().partition(is_granted);
    let part = |roles: Vec<&AppRoleId>| Made::Requested {
        application: *application,
        roles: roles.into_iter().copied().collect(),
    };
    if !free.is_empty() {
        draft.withdraw(&part(free));
    }
    if !needed.is_empty() {
        kept.push(found::kept(&part(needed), "Somebody else has granted what is requested there.".to_owned()));
    }
}

/// A grant of this run that is gone, and that somebody has made again since.
fn granted_again(made: &Made, picture: &Picture, ours: &Ours) -> Option<KeptObject> {
    let Made::Grant { principal, resource, role, .. } = made else { return None };
    let again = ours
        .foreign_grants(&picture.grants)
        .find(|grant| (grant.principal_id, grant.resource_id, grant.app_role_id) == (*principal, *resource, *role))?;
    let made = made.under(&again.id);
    Some(kept(&made, "The grant of this run was taken back, and somebody has granted it again.".to_owned()))
}

/// What the run lists without knowing it well enough: an earlier version made it.
fn unnoted(owed: &Owed) -> Vec<KeptObject> {
    let noted = |id: &str| owed.ever.iter().any(|made| made.objects(0).iter().any(|object| object.id == id));
    let listed = owed.run.made.iter().filter(|made| made.removed.is_none() && !noted(&made.id));
    let kept = |made: &crate::run::MadeObject| KeptObject {
        what: made.what.clone(),
        id_name: made.id_name.clone(),
        id: made.id.clone(),
        reason: "An earlier version made it, and did not write down enough to take it back.".to_owned(),
    };
    listed.map(kept).collect()
}

/// Whether the keychain may hold the secret's value: only one that works and lacks the item says no.
async fn may_be_kept_here(job: &Job, made: &Made) -> bool {
    let Made::Secret { client, key, .. } = made else { return false };
    let item = secrets::item(&job.parts, &client.to_string(), &key.to_string());
    !matches!(job.parts.secrets.read(&item).await.map(drop), Err(KeychainError::NotFound))
}

fn ours(job: &Job, owed: &Owed, found: &Found, graph: &GraphResource) -> Ours {
    let mut ours = Ours { descriptions: owed.descriptions.clone(), ..Ours::default() };
    let present = found.present.iter().map(|one| &one.made);
    for made in owed.ever.iter().chain(present) {
        match made {
            Made::Application { name, .. } => ours.name.clone_from(name),
            Made::ServicePrincipal { principal, .. } => ours.principals.push(*principal),
            Made::Grant { id, .. } => ours.grants.push(id.clone()),
            Made::Secret { key, .. } => ours.keys.push(*key),
            Made::Requested { .. } | Made::SignIn { .. } => {}
        }
    }
    if let Some(Origin::SetUp { request: SetupRequest::AppRegistration { permissions, .. }, .. }) = &owed.origin {
        let role = |value: &String| graph.application_permission(value.trim()).map(|role| role.id);
        ours.roles = permissions.iter().map(role).collect();
    }
    let attempts = owed.run.earlier.iter().filter(|attempt| attempt.doing != Doing::Undo);
    ours.operators = attempts.map(|attempt| attempt.operator.clone()).collect();
    if owed.run.doing != Doing::Undo {
        ours.operators.push(owed.run.operator.clone());
    }
    let own_name = job.parts.operator.name();
    ours.operator = job.operator_id().filter(|_| ours.operators.iter().any(|name| name == own_name));
    ours
}

/// The same as the run's own plan had.
fn key(owed: &Owed, whom: &Whom, picture: &Picture) -> String {
    let named = whom.unique_name.clone();
    let found = picture.application.as_ref().map(|it| &it.application);
    let of_app = || found.map(|it| it.unique_name.clone().unwrap_or_else(|| it.app_id.to_string()));
    let of_client = || whom.client.map(|id| id.to_string());
    let of_principal = || whom.principal.map(|id| id.to_string());
    named.or_else(of_app).or_else(of_client).or_else(of_principal).unwrap_or_else(|| owed.run.id.clone())
}

impl Job {
    /// Object id of a person who is signed in.
    fn operator_id(&self) -> Option<inbound_entra::ids::ObjectId> {
        match &self.parts.operator {
            Operator::Person(person) => Some(person.object_id),
            Operator::App(_) => None,
        }
    }
}
