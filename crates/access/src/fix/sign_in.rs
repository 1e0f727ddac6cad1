//! Letting a service principal sign in whose sign-in is blocked.

use inbound_entra::graph::{Call, request};
use inbound_entra::ids::ObjectId;
use inbound_entra::model::ServicePrincipalType;

use crate::consent::open;
use crate::fix::Fix;
use crate::fix::grant::no_such_principal;
use crate::fix::holders;
use crate::fix::sheet::Sheet;
use crate::job::Job;
use crate::operator::standings::Registration;
use crate::plan::work::{Fixing, Plan, Work};
use crate::plan::{StepEffect, StepKind, StepView, Warning};
use crate::principal::cards;
use crate::problem::trouble;
use crate::problem::{Code, Problem};
use crate::run::fact::Made;

pub(crate) async fn plan(job: &Job, fix: Fix, id: ObjectId) -> Result<Plan, Problem> {
    let found = open::principal(&job.parts, &Call::default(), id).await;
    let found = found.map_err(|error| trouble::graph(&error, "look for the service principal"))?;
    let found = found.ok_or_else(|| no_such_principal(id))?;
    let subject = cards::subject(&found);
    let name = found.display_name.clone();
    let is_blocked = found.account_enabled == Some(false);
    if is_blocked && found.service_principal_type == ServicePrincipalType::ManagedIdentity {
        return Err(Problem::new(
            Code::WrongKind,
            format!("\"{name}\" is a managed identity: Entra does not let its service principal be changed."),
        )
        .exists("Nothing was changed.")
        .advice(
            "Its sign-in follows its Azure resource. Look at the resource in the Azure portal, under Identity; at worst \
             remove the identity there and make it anew, and grant again.",
        ));
    }
    let mut sheet = Sheet::default();
    let step = sheet.step(StepKind::EnableSignIn, format!("Let \"{name}\" sign in"));
    let mut warnings = Vec::new();
    let number = if is_blocked {
        let step = StepView { effect: StepEffect::WillChange, ..step };
        let number = sheet.sends(job, step, &[request::set_sign_in(id, true)]);
        let message = "Somebody blocked it, perhaps on purpose: ask first. It can then use everything that is granted to it \
                       at once.";
        warnings.push(Warning { message: message.to_owned(), steps: vec![number] });
        number
    } else {
        sheet.push(StepView { note: Some("it can sign in already".to_owned()), ..step })
    };
    warnings.extend(sheet.stand(&job.facts().can_register(Registration::Existing), |_| true));
    let key = holders::key_of(&job.parts, &found).await;
    let steps = vec![(number, Made::SignIn { principal: id, client: found.app_id, name })];
    let view = sheet.view(job, subject, warnings);
    Ok(Plan { view, work: Work::Fix(Box::new(Fixing { key, fix, steps })) })
}
