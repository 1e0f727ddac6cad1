//! Who is signed in, and where.

use inbound_connection::view::SignInWay;

use super::safe::shown;
use crate::commands::whoami::Who;

/// Whole.
pub(crate) fn whole(who: &Who<'_>) -> String {
    let view = who.view;
    let listed = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let mut lines = vec![
        ("Tenant", format!("{} ({})", view.tenant_name, view.tenant_id)),
        ("Domain", view.tenant_domain.clone().unwrap_or_else(|| "not told".into())),
        ("Cloud", if view.practice { format!("{} (practice tenant)", view.cloud) } else { view.cloud.clone() }),
        ("Signed in", format!("{} ({})", view.account_name, view.account)),
    ];
    if let Some(way) = view.way {
        lines.push(("By", way_words(way).into()));
    }
    if let Some(client) = &view.client_id {
        lines.push(("With client", client.clone()));
    }
    lines.push(("Roles", listed(&view.roles)));
    lines.push(("Permissions", listed(&who.scopes)));
    if let Some(minutes) = view.clock_off_minutes {
        lines.push(("Clock", format!("this computer's clock is off by about {} minutes", minutes.abs())));
    }
    lines.into_iter().map(|(name, value)| format!("{name:<12}{}\n", shown(&value))).collect()
}

fn way_words(way: SignInWay) -> &'static str {
    match way {
        SignInWay::Browser => "browser",
        SignInWay::DeviceCode => "device code",
        SignInWay::AzureCli => "Azure CLI",
        SignInWay::AzureDeveloperCli => "Azure Developer CLI",
    }
}
