//! The steps that take a run back, in order: secrets, grants, what is requested, the service principal or the app.

use inbound_entra::graph::request;
use inbound_entra::ids::{AppRoleId, MICROSOFT_GRAPH};
use inbound_entra::model::{GraphResource, RequiredResourceAccess};
use url::Url;

use crate::operator::facts::OperatorFacts;
use crate::operator::standings::Registration;
use crate::plan::preview;
use crate::plan::{StepEffect, StepKind, StepView, Warning};
use crate::preflight::{Able, Standing};
use crate::requirements;
use crate::run::fact::Made;
use crate::undo::picture::Picture;
use crate::words;

/// The plan as it grows.
pub(crate) struct Draft<'a> {
    pub graph: &'a GraphResource,
    /// Microsoft Graph's address.
    pub host: &'a Url,
    pub keychain: &'static str,
    pub picture: &'a Picture,
    /// The app has a service principal, which goes along with it.
    pub has_principal: bool,
    pub steps: Vec<StepView>,
    /// What each step takes back.
    pub takes: Vec<(u32, Made)>,
}

const GONE: &str = "is gone already";

impl Draft<'_> {
    fn step(&self, kind: StepKind, title: String) -> StepView {
        StepView {
            number: u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1),
            kind,
            title,
            term: None,
            effect: StepEffect::WillRemove,
            note: None,
            standing: None,
            needs: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The numbers of the steps so far that change something.
    fn before(&self) -> Vec<u32> {
        let changing = self.steps.iter().filter(|step| step.effect != StepEffect::AlreadySo);
        changing.map(|step| step.number).collect()
    }

    fn push(&mut self, step: StepView, requests: &[request::Request], made: &Made) {
        let requests = requests.iter().map(|one| preview::of(one, self.host)).collect();
        self.takes.push((step.number, made.clone()));
        self.steps.push(StepView { requests, ..step });
    }

    fn title(&self, made: &Made) -> (StepKind, String, Option<String>) {
        match made {
            Made::Secret { description, .. } => {
                let title =
                    format!("Remove the client secret \"{description}\" from Entra and from the {}", self.keychain);
                (StepKind::RemoveSecret, title, None)
            }
            Made::Grant { value, .. } => {
                let act = requirements::as_act(&requirements::describe(value, Some(self.graph)));
                (StepKind::RevokeGrant, format!("Take back the permission to {act}"), Some(value.clone()))
            }
            Made::Requested { roles, .. } => (
                StepKind::WithdrawPermissions,
                "Take the permissions out of what the app registration requests".to_owned(),
                Some(self.values(roles).join(", ")),
            ),
            Made::SignIn { name, .. } => {
                (StepKind::BlockSignIn, format!("Block the sign-in of \"{name}\" again"), None)
            }
            Made::ServicePrincipal { name, .. } => {
                (StepKind::DeleteServicePrincipal, format!("Delete the service principal of \"{name}\""), None)
            }
            Made::Application { name, .. } => {
                let and = if self.has_principal { " and its service principal" } else { "" };
                (StepKind::DeleteApp, format!("Delete the app registration \"{name}\"{and}"), None)
            }
        }
    }

    fn values(&self, roles: &[AppRoleId]) -> Vec<String> {
        let value = |role: &AppRoleId| {
            self.graph.role(*role).and_then(|role| role.value.clone()).unwrap_or_else(|| role.to_string())
        };
        roles.iter().map(value).collect()
    }

    /// Nothing is to be done.
    pub(crate) fn gone(&mut self, made: &Made) {
        let (kind, title, term) = self.title(made);
        let step = self.step(kind, title);
        self.steps.push(StepView { term, effect: StepEffect::AlreadySo, note: Some(GONE.to_owned()), ..step });
    }

    /// From Entra, where it is there, and from the keychain.
    pub(crate) fn remove_secret(&mut self, made: &Made, in_entra: bool) {
        let Made::Secret { application, key, .. } = made else { return };
        let (kind, title, _) = self.title(made);
        let requests = if in_entra { vec![request::remove_password(application, key)] } else { Vec::new() };
        let note = (!in_entra).then(|| format!("is gone from Entra; only the {} is left", self.keychain));
        let step = self.step(kind, title);
        self.push(StepView { note, ..step }, &requests, made);
    }

    pub(crate) fn revoke(&mut self, made: &Made) {
        let Made::Grant { id, resource, .. } = made else { return };
        let (kind, title, term) = self.title(made);
        let note = Some("tokens that were issued before keep it until they expire".to_owned());
        let step = self.step(kind, title);
        self.push(StepView { term, note, ..step }, &[request::revoke(resource, id)], made);
    }

    pub(crate) fn block(&mut self, made: &Made) {
        let Made::SignIn { principal, .. } = made else { return };
        let (kind, title, _) = self.title(made);
        let step = StepView { effect: StepEffect::WillChange, ..self.step(kind, title) };
        self.push(step, &[request::set_sign_in(principal, false)], made);
    }

    pub(crate) fn withdraw(&mut self, made: &Made) {
        let Made::Requested { application, roles } = made else { return };
        let (kind, title, term) = self.title(made);
        let found = self.picture.application.as_ref().map(|it| it.application.required_resource_access.as_slice());
        let left = without(found.unwrap_or_default(), roles);
        let step = StepView {
            term,
            note: Some("the rest of what it requests stays".to_owned()),
            needs: self.before(),
            ..self.step(kind, title)
        };
        self.push(step, &[request::patch_requested(application, &left)], made);
    }

    pub(crate) fn delete(&mut self, made: &Made) {
        let requests = match made {
            Made::ServicePrincipal { principal, .. } => vec![request::delete_service_principal(principal)],
            Made::Application { application, .. } => vec![request::delete_application(application)],
            Made::Grant { .. } | Made::Requested { .. } | Made::Secret { .. } | Made::SignIn { .. } => return,
        };
        let (kind, title, _) = self.title(made);
        let note = Some("can be restored in Entra for 30 days".to_owned());
        let step = StepView { note, needs: self.before(), ..self.step(kind, title) };
        self.push(step, &requests, made);
    }

    /// Whether the operator can do each step, and what they should know of that.
    pub(crate) fn tell(&mut self, facts: &OperatorFacts, owns: bool) -> Vec<Warning> {
        let granting = facts.can_grant();
        let mut changing = facts.can_register(Registration::Existing);
        if owns && changing.able != Able::Can {
            changing = Standing {
                able: Able::Can,
                reason: "You own this app registration.".to_owned(),
                activate: Vec::new(),
                roles: Vec::new(),
            };
        }
        let mut warnings = Vec::new();
        let (revoking, others): (Vec<u32>, Vec<u32>) =
            self.before().into_iter().partition(|number| self.is(*number, StepKind::RevokeGrant));
        // What lies on this computer alone needs no role.
        let others: Vec<u32> = others.into_iter().filter(|number| self.sends(*number)).collect();
        for step in &mut self.steps {
            if revoking.contains(&step.number) {
                step.standing = Some(granting.clone());
            } else if others.contains(&step.number) {
                step.standing = Some(changing.clone());
            }
        }
        for (steps, Standing { able, reason, .. }) in [(others, changing), (revoking, granting)] {
            if able != Able::Can && !steps.is_empty() {
                warnings.push(Warning { message: format!("{}: {reason}", words::steps(&steps)), steps });
            }
        }
        warnings
    }

    fn is(&self, number: u32, kind: StepKind) -> bool {
        self.steps.iter().any(|step| step.number == number && step.kind == kind)
    }

    fn sends(&self, number: u32) -> bool {
        self.steps.iter().any(|step| step.number == number && !step.requests.is_empty())
    }
}

/// `requested` without these application permissions of Microsoft Graph; everything else in its place.
pub(crate) fn without(requested: &[RequiredResourceAccess], roles: &[AppRoleId]) -> Vec<RequiredResourceAccess> {
    let mut left = requested.to_vec();
    for api in left.iter_mut().filter(|api| api.resource_app_id == MICROSOFT_GRAPH) {
        api.resource_access.retain(|access| !(access.kind.eq_ignore_ascii_case("Role") && roles.contains(&access.id)));
    }
    // An API of which nothing is requested any more is not listed.
    left.retain(|api| api.resource_app_id != MICROSOFT_GRAPH || !api.resource_access.is_empty());
    left
}
