//! What the operator should know before grants go: who loses what, for how long tokens keep it, and whether it is their
//! own.

use inbound_entra::model::{GraphResource, ServicePrincipal};

use crate::fix::revoke::Loss;
use crate::operator::Operator;
use crate::plan::Warning;
use crate::requirements;
use crate::words;

/// Of so many holders each is told by itself.
const FEW: usize = 5;

/// The warnings, the gravest first.
pub(crate) fn of(lost: &[Loss<'_>], graph: &GraphResource, operator: &Operator) -> Vec<Warning> {
    if lost.is_empty() {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let own: Vec<&Loss<'_>> = lost.iter().filter(|loss| is_own(operator, loss.holder.principal.as_ref())).collect();
    if let Some(first) = own.first() {
        let values: Vec<&str> = own.iter().map(|loss| loss.value.as_str()).collect();
        let message = format!(
            "{} is the app that you are signed in with. Without {} it cannot do its own work any more, and it may not be \
             able to give that back to itself: have another administrator at hand.",
            first.holder.name(),
            words::list(&values)
        );
        warnings.push(Warning { message: words::sentence_case(&message), steps: steps(own.iter().copied()) });
    }
    warnings.extend(who_loses(lost, graph));
    warnings.push(Warning { message: tokens(lost), steps: steps(lost.iter()) });
    warnings
}

fn steps<'a>(lost: impl Iterator<Item = &'a Loss<'a>>) -> Vec<u32> {
    lost.map(|loss| loss.step).collect()
}

/// A person's own sign-in rests on delegated permissions, which are not these; an app's rests on its grants.
fn is_own(operator: &Operator, principal: Option<&ServicePrincipal>) -> bool {
    let (Operator::App(app), Some(principal)) = (operator, principal) else { return false };
    app.name.eq_ignore_ascii_case(&principal.app_id.to_string()) || app.name == principal.display_name
}

fn act(loss: &Loss<'_>, graph: &GraphResource) -> String {
    if !loss.on_graph {
        return format!("use the app role {}", loss.value);
    }
    format!("{} ({})", requirements::as_act(&requirements::describe(&loss.value, Some(graph))), loss.value)
}

fn who_loses(lost: &[Loss<'_>], graph: &GraphResource) -> Vec<Warning> {
    let mut holders: Vec<(&Loss<'_>, Vec<&Loss<'_>>)> = Vec::new();
    for loss in lost {
        match holders.iter_mut().find(|(first, _)| first.holder.id == loss.holder.id) {
            Some((_, all)) => all.push(loss),
            None => holders.push((loss, vec![loss])),
        }
    }
    if holders.len() <= FEW {
        let told = holders.iter().map(|(first, all)| {
            let acts: Vec<String> = all.iter().map(|loss| act(loss, graph)).collect();
            let message = format!("{} can then no longer {}.", first.holder.name(), words::list(&acts));
            Warning { message: words::sentence_case(&message), steps: steps(all.iter().copied()) }
        });
        return told.collect();
    }
    let mut values: Vec<(&Loss<'_>, Vec<&Loss<'_>>)> = Vec::new();
    for loss in lost {
        match values.iter_mut().find(|(first, _)| (&first.value, first.on_graph) == (&loss.value, loss.on_graph)) {
            Some((_, all)) => all.push(loss),
            None => values.push((loss, vec![loss])),
        }
    }
    let told = values.into_iter().map(|(first, all)| {
        let who = match all.len() {
            1 => first.holder.name(),
            n => format!("{n} apps and identities"),
        };
        let message = words::sentence_case(&format!("{who} can then no longer {}.", act(first, graph)));
        Warning { message, steps: steps(all.iter().copied()) }
    });
    told.collect()
}

/// Roles are frozen into a token when it is issued (graph-facts 5, 6).
fn tokens(lost: &[Loss<'_>]) -> String {
    let identities = lost.iter().any(|loss| loss.holder.is_identity());
    let apps = lost.iter().any(|loss| !loss.holder.is_identity());
    let long = match (apps, identities) {
        (true, true) => "for an app up to about an hour, for a managed identity up to 24 hours",
        (false, true) => "for a managed identity up to 24 hours",
        (_, false) => "up to about an hour",
    };
    format!("Tokens that were issued before keep the permission until they expire: {long}.")
}
