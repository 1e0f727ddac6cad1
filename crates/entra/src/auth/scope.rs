//! Delegated scopes: what includes what, and what is still to be asked for (graph-facts 8).

use crate::cloud::Cloud;

/// What signing in and silent refreshing need besides the caller's scopes.
pub(super) const OWN: [&str; 3] = ["openid", "profile", "offline_access"];

/// What is accepted in place of another, beside reading and writing for reading (graph-facts 8).
const WIDER: &[(&str, &str)] =
    &[("Directory.Read.All", "Application.Read.All"), ("Directory.ReadWrite.All", "Application.Read.All")];

/// Whether one of `held` is `wanted` or includes it.
pub(super) fn covers(held: &[String], wanted: &str) -> bool {
    held.iter().any(|held| includes(short(held), short(wanted)))
}

fn includes(held: &str, wanted: &str) -> bool {
    let is = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    is(held, wanted)
        || held.contains(".ReadWrite") && is(&held.replacen(".ReadWrite", ".Read", 1), wanted)
        || WIDER.iter().any(|(wider, narrower)| is(held, wider) && is(wanted, narrower))
}

/// Those of `wanted` that `held` does not cover.
pub(super) fn missing(held: &[String], wanted: &[String]) -> Vec<String> {
    wanted.iter().filter(|wanted| !covers(held, wanted)).cloned().collect()
}

/// Whether it stands for all that was consented to before: it goes with no other scope (graph-facts 11), and Microsoft's
/// own clients can often be asked for nothing else.
pub(super) fn is_default(asked: &[String]) -> bool {
    asked.iter().any(|scope| short(scope) == ".default")
}

/// `asked`, and what it lacks of `wanted`.
pub(super) fn union(asked: &[String], wanted: &[String]) -> Vec<String> {
    let mut all = asked.to_vec();
    if is_default(asked) {
        return all;
    }
    for scope in wanted {
        if !covers(&all, scope) {
            all.push(scope.clone());
        }
    }
    all
}

/// `Application.Read.All` of `https://graph.microsoft.com/Application.Read.All`.
pub(super) fn short(scope: &str) -> &str {
    scope.rsplit('/').next().unwrap_or(scope)
}

/// As the token endpoint wants to see them: with what signing in needs; by Graph's own name where its host must tell
/// clouds apart that share a login host (graph-facts 12).
pub(super) fn to_send(cloud: &Cloud, scopes: &[String]) -> Vec<String> {
    let by_itself = cloud.key == "practice" || cloud.graph.host_str() == Some("graph.microsoft.com");
    let graph = cloud.graph.origin().ascii_serialization();
    let full = |scope: &String| {
        if scope.contains("://") || OWN.contains(&scope.as_str()) || (by_itself && scope != ".default") {
            scope.clone()
        } else {
            format!("{graph}/{scope}")
        }
    };
    let own = OWN.iter().filter(|own| !scopes.iter().any(|scope| scope == *own)).map(|own| (*own).to_owned());
    scopes.iter().map(full).chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|scope| (*scope).to_owned()).collect()
    }

    #[test]
    fn writing_includes_reading_and_nothing_includes_writing() {
        let held = all(&["User.Read", "https://graph.microsoft.com/Application.ReadWrite.All"]);
        for wanted in ["user.read", "Application.Read.All", "Application.ReadWrite.All"] {
            assert!(covers(&held, wanted), "{wanted}");
        }
        for wanted in ["AppRoleAssignment.ReadWrite.All", "Directory.Read.All", "Application.ReadWrite.OwnedBy"] {
            assert!(!covers(&held, wanted), "{wanted}");
        }
        assert!(!covers(&all(&["Application.Read.All"]), "Application.ReadWrite.All"));
        assert!(covers(&all(&["Directory.Read.All"]), "Application.Read.All"));
        let schedule = all(&["RoleEligibilitySchedule.ReadWrite.Directory"]);
        assert!(covers(&schedule, "RoleEligibilitySchedule.Read.Directory"));
    }

    #[test]
    fn only_what_is_missing_is_asked_for_in_addition() {
        let asked = all(&["User.Read", "Application.Read.All"]);
        let wanted = all(&["AppRoleAssignment.ReadWrite.All", "Application.Read.All"]);
        assert_eq!(missing(&asked, &wanted), ["AppRoleAssignment.ReadWrite.All"]);
        assert_eq!(union(&asked, &wanted), ["User.Read", "Application.Read.All", "AppRoleAssignment.ReadWrite.All"]);
        let writing = all(&["Application.ReadWrite.All"]);
        assert_eq!(union(&writing, &all(&["Application.Read.All"])), writing);
    }

    #[test]
    fn scopes_go_by_graphs_name_where_the_host_must_tell() {
        let scopes = all(&["User.Read", "openid"]);
        let bare = ["User.Read", "openid", "profile", "offline_access"];
        assert_eq!(to_send(&Cloud::global(), &scopes), bare);
        let of_l5 = ["https://dod-graph.microsoft.us/User.Read", "openid", "profile", "offline_access"];
        assert_eq!(to_send(&Cloud::us_gov_l5(), &scopes), of_l5);
        let default = all(&[".default"]);
        assert_eq!(to_send(&Cloud::global(), &default)[0], "https://graph.microsoft.com/.default");
        assert_eq!(union(&default, &scopes), default, "it goes with no other scope");
    }
}
