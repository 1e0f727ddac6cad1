//! What the operator may do.

use inbound_access_job::preflight::{Able, Preflight, Reading, Standing};

use super::safe::{moment, shown};

/// Whole.
pub(crate) fn whole(found: &Preflight) -> String {
    let listed = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let mut text = format!("{}\n", shown(&found.summary));
    for ability in &found.abilities {
        text.push_str(&format!("  {}: {}\n", shown(&ability.what), able(ability.standing.able)));
        text.push_str(&format!("    {}\n", shown(&ability.standing.reason)));
        text.push_str(&activation(&ability.standing));
    }
    let eligible = match &found.eligible.reading {
        Reading::Read if found.eligible.roles.is_empty() => "none".to_owned(),
        Reading::Read => {
            let roles = found.eligible.roles.iter().map(|role| match &role.until {
                Some(until) => format!("{} (until {})", role.name, moment(until)),
                None => role.name.clone(),
            });
            roles.collect::<Vec<_>>().join(", ")
        }
        other => unread(other),
    };
    let secrets = match &found.secrets.reading {
        Reading::Read => found.secrets.sentence.clone(),
        other => unread(other),
    };
    let registration = match &found.registration.reading {
        Reading::Read if found.registration.everyone => "Every user may register apps.".to_owned(),
        Reading::Read => "Only users with a role may register apps.".to_owned(),
        other => unread(other),
    };
    for (name, value) in [
        ("Roles", listed(&found.roles)),
        ("To activate", eligible),
        ("Permissions", listed(&found.scopes)),
        ("Secrets", secrets),
        ("Registering", registration),
        ("Licence", found.licence.sentence.clone()),
    ] {
        text.push_str(&format!("{name:<13}{}\n", shown(&value)));
    }
    text
}

fn activation(standing: &Standing) -> String {
    let line = |role: &inbound_access_job::preflight::EligibleRole| {
        format!("    activate {}: inbound-access-cli activate \"{0}\", or {}\n", shown(&role.name), role.portal_url)
    };
    standing.activate.iter().map(line).collect()
}

fn able(able: Able) -> &'static str {
    match able {
        Able::Can => "you can",
        Able::ActivateFirst => "activate a role first",
        Able::NeedsOther => "needs another person",
        Able::Unknown => "not known, may still work",
    }
}

fn unread(reading: &Reading) -> String {
    match reading {
        Reading::Read => String::new(),
        Reading::NeedsScope { scope } => format!("not read: needs {scope} (--ask asks for it)"),
        Reading::NotReadable { why } => format!("not readable: {why}"),
    }
}
