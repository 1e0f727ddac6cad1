//! Observed beside desired gives the plan. A pure function: no clock, no network, no keychain.

use inbound_entra::graph::request::{self, NewApplication};
use inbound_entra::ids::{AppRoleId, MICROSOFT_GRAPH};
use inbound_entra::model::{Application, GraphResource, PasswordCredential, RequiredResourceAccess, ResourceAccess};

use jiff::Timestamp;

use crate::consent::ask::AskedBefore;
use crate::desired::checked::DesiredPermission;
use crate::observe::observed::{Observed, ObservedApp, ObservedPrincipal, Orphan, ShownBefore, is_requested};
use crate::operator::facts::OperatorFacts;
use crate::operator::standings::WHO_GRANTS;
use crate::plan::preview::{self, placeholder};
use crate::plan::work::{Plan, SetUp, Work};
use crate::plan::{NarrowerOffer, PlanView, RequestPreview, StepEffect, StepKind, StepView};
use crate::plan::{offer, standing, warnings};
use crate::principal::cards;
use crate::requirements::{self, AUDIT_LOG, PROVISIONING_LOG};
use crate::run::Doing;
use crate::tenant::TenantFacts;
use crate::words;

/// Where, when and by whom the plan would run.
pub(crate) struct Setting<'a> {
    pub tenant: &'a TenantFacts,
    pub facts: &'a OperatorFacts,
    pub keychain: &'static str,
    pub plan_id: String,
    pub now: Timestamp,
    /// What earlier runs left to another administrator and is not known to be granted.
    pub asked: &'a [AskedBefore],
}

/// What is wanted of the grants.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Purpose {
    /// To set access up.
    SetUp {
        /// And to leave the grants to another administrator.
        ask_consent: bool,
    },
    /// To grant exactly what this run of another administrator asks for.
    Consent { finishes: String },
    /// To grant exactly what is named.
    Exactly,
}

/// The steps that turn `observed` into one that holds `permissions`.
pub(crate) fn plan(
    permissions: Vec<DesiredPermission>,
    purpose: Purpose,
    observed: Observed,
    setting: &Setting<'_>,
) -> Plan {
    let mut draft = Draft { steps: Vec::new(), setting };
    let ask = purpose == Purpose::SetUp { ask_consent: true };
    let exact = matches!(purpose, Purpose::Consent { .. } | Purpose::Exactly);
    let found = |role: AppRoleId| observed.grants.iter().find(|grant| grant.app_role_id == role);
    let served = |permission: &DesiredPermission| {
        if let Some(grant) = found(permission.role) {
            return Some((permission.info.value.clone(), grant));
        }
        if exact {
            return None;
        }
        requirements::serves_instead(&permission.info.value).iter().find_map(|other| {
            let role = observed.graph.application_permission(other)?;
            Some(((*other).to_owned(), found(role.id)?))
        })
    };
    let effective: Vec<DesiredPermission> = permissions
        .iter()
        .filter(|wanted| served(wanted).is_none_or(|(value, _)| value == wanted.info.value))
        .cloned()
        .collect();

    let subject;
    let mut before_grants: Vec<u32> = Vec::new();
    let mut principal_id = String::new();
    match &observed.principal {
        ObservedPrincipal::Identity(identity) => {
            subject = cards::subject(identity);
            principal_id.push_str(&identity.id.to_string());
        }
        ObservedPrincipal::Asked(asked) => {
            subject = cards::subject(&asked.principal);
            principal_id.push_str(&asked.principal.id.to_string());
        }
        ObservedPrincipal::App(app) => {
            let name = app.name();
            subject = format!("the app \"{name}\"");
            draft.app_steps(app, name, &effective, &mut before_grants, &mut principal_id);
        }
    }

    let mut grants = Vec::new();
    let mut serving = Vec::new();
    for permission in permissions {
        let step = StepView {
            title: format!("Let it {}", requirements::as_act(&permission.info)),
            term: Some(permission.info.value.clone()),
            ..draft.step(StepKind::Grant)
        };
        match served(&permission) {
            Some((value, grant)) => {
                let since = grant.created_date_time.map_or_else(String::new, |at| format!(" {}", words::day(at)));
                let note = if value == permission.info.value {
                    format!("granted{since}")
                } else {
                    format!("{value}, which is narrower and does the same here, was granted{since}")
                };
                serving.push(value);
                draft.already(step, note);
            }
            None if ask => {
                let before = setting.asked.iter().find(|one| one.is_for(&principal_id, permission.role));
                let again = before.map_or_else(String::new, |one| format!("; asked on {} already", words::day(one.at)));
                let number = draft.push(StepView {
                    effect: StepEffect::WillAskConsent,
                    note: Some(format!("{WHO_GRANTS} is asked{again}")),
                    needs: before_grants.clone(),
                    ..step
                });
                serving.push(permission.info.value.clone());
                grants.push((number, permission));
            }
            None => {
                let request = request::grant(observed.graph.id, &principal_id, permission.role);
                let number = draft.push(StepView {
                    effect: StepEffect::WillGrant,
                    needs: before_grants.clone(),
                    requests: vec![draft.preview(&request)],
                    ..step
                });
                serving.push(permission.info.value.clone());
                grants.push((number, permission));
            }
        }
    }
    if let ObservedPrincipal::App(app) = &observed.principal {
        draft.secret_step(app);
    }

    standing::tell(&mut draft.steps, &observed, setting.facts);
    let changes =
        draft.steps.iter().filter(|step| !matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillCheck)).count();
    let mut warnings = warnings::of(&draft.steps, &grants, &observed, setting);
    if let (Purpose::Consent { .. }, ObservedPrincipal::Asked(asked)) = (&purpose, &observed.principal) {
        warnings.extend(warnings::unrequested(asked, &grants));
    }
    let view = PlanView {
        id: setting.plan_id.clone(),
        tenant_name: setting.tenant.name.clone(),
        tenant_id: setting.tenant.id.to_string(),
        subject,
        changes: u32::try_from(changes).unwrap_or(u32::MAX),
        warnings,
        narrower: narrower(&grants, &observed.graph).filter(|_| !exact),
        consent_offer: offer::of(&draft.steps, setting.facts).filter(|_| !exact),
        doing: Doing::SetUp,
        run_id: None,
        kept: Vec::new(),
        steps: draft.steps,
    };
    let finishes = match purpose {
        Purpose::SetUp { .. } | Purpose::Exactly => None,
        Purpose::Consent { finishes } => Some(finishes),
    };
    let set_up = SetUp { observed, grants, effective, serving, finishes, origin: None, rotation: None };
    Plan { view, work: Work::SetUp(Box::new(set_up)) }
}

struct Draft<'a> {
    steps: Vec<StepView>,
    setting: &'a Setting<'a>,
}

impl Draft<'_> {
    fn step(&self, kind: StepKind) -> StepView {
        StepView {
            number: u32::try_from(self.steps.len()).unwrap_or(u32::MAX).saturating_add(1),
            kind,
            title: String::new(),
            term: None,
            effect: StepEffect::AlreadySo,
            note: None,
            standing: None,
            needs: Vec::new(),
            requests: Vec::new(),
        }
    }

    fn push(&mut self, step: StepView) -> u32 {
        let number = step.number;
        self.steps.push(step);
        number
    }

    fn already(&mut self, step: StepView, note: String) {
        self.push(StepView { effect: StepEffect::AlreadySo, note: Some(note), ..step });
    }

    fn preview(&self, request: &request::Request) -> RequestPreview {
        preview::of(request, &self.setting.tenant.graph)
    }

    /// Everything of an app registration that comes before its grants.
    fn app_steps(
        &mut self,
        app: &ObservedApp,
        name: &str,
        effective: &[DesiredPermission],
        before_grants: &mut Vec<u32>,
        principal_id: &mut String,
    ) {
        let mut first: Vec<u32> = Vec::new();
        if app.secrets.kept.is_none() && !app.shows_once() {
            first.push(self.push(StepView {
                title: format!("Check that the {} keeps a secret", self.setting.keychain),
                effect: StepEffect::WillCheck,
                note: Some("writes, reads back and removes a trial item on this computer".to_owned()),
                ..self.step(StepKind::ProveKeychain)
            }));
        }
        let register = StepView { title: format!("Register the app \"{name}\""), ..self.step(StepKind::RegisterApp) };
        let client_id;
        match &app.application {
            Some(found) => {
                client_id = found.app_id.to_string();
                let note_kept = app.wanted.note.is_some() && app.wanted.note != found.notes;
                let note = if note_kept { "; its own note is left as it is" } else { "" };
                self.already(register, format!("client id {client_id}{note}"));
                self.request_step(found, effective, &first);
                *before_grants = first;
            }
            None => {
                let new = new_application(app, effective);
                let request = self.preview(&request::upsert_application(&app.unique_name, &new));
                let number = self.push(StepView {
                    effect: StepEffect::WillCreate,
                    note: Some("requests the permissions too".to_owned()),
                    needs: first,
                    requests: vec![request],
                    ..register
                });
                client_id = placeholder("client id", number);
                *before_grants = vec![number];
            }
        }
        let create =
            StepView { title: "Give it a service principal".to_owned(), ..self.step(StepKind::CreateServicePrincipal) };
        match &app.service_principal {
            Some(found) => {
                principal_id.push_str(&found.id.to_string());
                self.already(create, format!("object id {}", found.id));
            }
            None => {
                let request = self.preview(&request::create_service_principal(&client_id));
                let number = self.push(StepView {
                    effect: StepEffect::WillCreate,
                    needs: before_grants.clone(),
                    requests: vec![request],
                    ..create
                });
                principal_id.push_str(&placeholder("object id", number));
                *before_grants = vec![number];
            }
        }
    }

    /// What an existing registration requests is extended, never replaced.
    fn request_step(&mut self, found: &Application, effective: &[DesiredPermission], first: &[u32]) {
        let (merged, missing) = merged_requests(&found.required_resource_access, effective);
        let step = StepView {
            title: "Request the permissions in the app registration".to_owned(),
            ..self.step(StepKind::RequestPermissions)
        };
        if missing.is_empty() {
            self.already(step, "requested".to_owned());
            return;
        }
        let request = self.preview(&request::patch_requested(found.id, &merged));
        self.push(StepView {
            effect: StepEffect::WillChange,
            term: Some(missing.join(", ")),
            note: Some("added to what it requests; the rest stays".to_owned()),
            needs: first.to_vec(),
            requests: vec![request],
            ..step
        });
    }

    /// The secret comes last: when everything before it stands, it cannot be orphaned by their failure (P32).
    fn secret_step(&mut self, app: &ObservedApp) {
        let place = self.setting.keychain;
        let step = self.step(StepKind::CreateSecret);
        // What is left to another administrator may take days, and a secret that waits in the keychain does no harm.
        let before = |step: &&StepView| !matches!(step.effect, StepEffect::AlreadySo | StepEffect::WillAskConsent);
        let changing = self.steps.iter().filter(before).map(|step| step.number).collect();
        if app.has_secret() {
            self.secret_stays(app, step, changing);
            return;
        }
        let made_by = |kind: StepKind| self.steps.iter().find(|step| step.kind == kind).map_or(0, |step| step.number);
        let object_id = app
            .application
            .as_ref()
            .map_or_else(|| placeholder("object id", made_by(StepKind::RegisterApp)), |found| found.id.to_string());
        let end = app.wanted.secret_end;
        let description = mark(&secret_description(app), "{run id}", 1);
        let mut requests = self.removals(app, &object_id);
        requests.push(self.preview(&request::add_password(&object_id, &description, end)));
        let mut notes = Vec::new();
        if !app.secrets.orphans.is_empty() {
            notes.push(format!("first removes {}", left_over(&app.secrets.orphans)));
        }
        if app.shows_once() {
            notes.push("waits ten minutes for you to take it; if you do not, it is removed from Entra".to_owned());
        } else if let Some(shown) = &app.secrets.shown {
            notes.push(format!("{} stays", was_shown(shown)));
        }
        let goes = if app.shows_once() { "show it once".to_owned() } else { format!("keep it in the {place}") };
        self.push(StepView {
            title: format!("Make a client secret, until {}, and {goes}", words::day(end)),
            effect: StepEffect::WillCreate,
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            needs: changing,
            requests,
            ..step
        });
    }

    /// There is a secret already: at most what interrupted runs left is removed.
    fn secret_stays(&mut self, app: &ObservedApp, step: StepView, changing: Vec<u32>) {
        let until = |one: &PasswordCredential| {
            one.end_date_time.map_or_else(String::new, |end| format!(" until {}", words::day(end)))
        };
        let (title, note, way_out) = match (&app.secrets.kept, app.shown_before()) {
            (None, Some(before)) => (
                "Show a client secret once".to_owned(),
                format!("{} is valid{}", was_shown(before), until(&before.credential)),
                "; to have another one made, remove it in Entra first",
            ),
            (None, None) => return,
            (Some(kept), _) => (
                format!("Keep a client secret in the {}", self.setting.keychain),
                format!("\"{}\" is there{}", kept.display_name.clone().unwrap_or_default(), until(kept)),
                "",
            ),
        };
        match &app.application {
            Some(found) if !app.secrets.orphans.is_empty() => {
                let requests = self.removals(app, &found.id.to_string());
                self.push(StepView {
                    title: format!("Remove {}", left_over(&app.secrets.orphans)),
                    effect: StepEffect::WillChange,
                    note: Some(format!("{note} and stays")),
                    needs: changing,
                    requests,
                    ..step
                });
            }
            _ => self.already(StepView { title, ..step }, format!("{note}{way_out}")),
        }
    }

    fn removals(&self, app: &ObservedApp, object_id: &str) -> Vec<RequestPreview> {
        let orphans = app.secrets.orphans.iter();
        orphans.map(|orphan| self.preview(&request::remove_password(object_id, orphan.key))).collect()
    }
}

/// In words, what interrupted runs left.
fn left_over(orphans: &[Orphan]) -> String {
    let may_be_known = orphans.iter().any(|orphan| orphan.may_be_known);
    match (orphans.len(), may_be_known) {
        (1, false) => "a secret that an interrupted run left and whose value nobody has".to_owned(),
        (1, true) => "a secret that an interrupted run showed and that nobody said to have".to_owned(),
        (n, false) => format!("{n} secrets that interrupted runs left and whose values nobody has"),
        (n, true) => format!("{n} secrets that interrupted runs made or showed and that nobody said to have"),
    }
}

fn was_shown(before: &ShownBefore) -> String {
    let description = before.credential.display_name.as_deref().unwrap_or_default();
    format!("\"{description}\", which was shown once on {},", words::day(before.at))
}

/// The new registration, with what it requests.
pub(crate) fn new_application(app: &ObservedApp, effective: &[DesiredPermission]) -> NewApplication {
    let (requested, _) = merged_requests(&[], effective);
    NewApplication::new(app.wanted.name.clone(), app.wanted.note.clone(), requested)
}

/// `existing` with the wanted permissions of Microsoft Graph added, and the values that were missing.
pub(crate) fn merged_requests(
    existing: &[RequiredResourceAccess],
    wanted: &[DesiredPermission],
) -> (Vec<RequiredResourceAccess>, Vec<String>) {
    let mut merged = existing.to_vec();
    let missing: Vec<&DesiredPermission> =
        wanted.iter().filter(|wanted| !is_requested(existing, wanted.role)).collect();
    if missing.is_empty() {
        return (merged, Vec::new());
    }
    let added = missing.iter().map(|wanted| ResourceAccess { id: wanted.role, kind: "Role".to_owned() });
    match merged.iter_mut().find(|api| api.resource_app_id == MICROSOFT_GRAPH) {
        Some(graph) => graph.resource_access.extend(added),
        None => {
            merged.push(RequiredResourceAccess { resource_app_id: MICROSOFT_GRAPH, resource_access: added.collect() });
        }
    }
    (merged, missing.iter().map(|wanted| wanted.info.value.clone()).collect())
}

/// The roles among `wanted` that `existing` does not request yet.
pub(crate) fn added_roles(existing: &[RequiredResourceAccess], wanted: &[DesiredPermission]) -> Vec<AppRoleId> {
    wanted.iter().map(|wanted| wanted.role).filter(|role| !is_requested(existing, *role)).collect()
}

/// The secret's description without the run's mark: as given, or the app's name and the month in which it ends.
pub(crate) fn secret_description(app: &ObservedApp) -> String {
    app.wanted.secret_description.clone().unwrap_or_else(|| {
        let name = app.name();
        let until = app.wanted.secret_end.strftime(" until %b %Y").to_string();
        let room = crate::desired::checked::LONGEST_NAME.saturating_sub(until.chars().count());
        format!("{}{until}", name.chars().take(room).collect::<String>())
    })
}

/// The description as Entra gets it. The mark tells this run's secret from every other after a lost answer.
pub(crate) fn mark(description: &str, run: &str, attempt: u32) -> String {
    let again = if attempt > 1 { format!(", try {attempt}") } else { String::new() };
    format!("{description} (run {run}{again})")
}

/// Offered only where the wider permission would still be granted.
fn narrower(grants: &[(u32, DesiredPermission)], graph: &GraphResource) -> Option<NarrowerOffer> {
    let holds = |value: &str| grants.iter().any(|(_, permission)| permission.info.value == value);
    let offered =
        holds(AUDIT_LOG) && !holds(PROVISIONING_LOG) && graph.application_permission(PROVISIONING_LOG).is_some();
    offered.then(|| NarrowerOffer {
        instead_of: AUDIT_LOG.to_owned(),
        permission: PROVISIONING_LOG.to_owned(),
        explanation: "It reads provisioning logs only. AuditLog.Read.All opens audit and sign-in logs besides."
            .to_owned(),
    })
}

#[cfg(test)]
#[path = "planning_tests.rs"]
mod tests;
