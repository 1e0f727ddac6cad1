//! What an audit found, in a sentence.

use crate::audit::AuditedPermission;
use crate::words;

/// `held`: how many hold each of `permissions`; `holders`: how many hold one or more of them; `all_apps`: none of them is
/// a user or a group.
pub(super) fn sentence(permissions: &[AuditedPermission], held: &[u32], holders: u32, all_apps: bool) -> String {
    let many = |holders| many(holders, all_apps);
    let (offered, absent): (Vec<_>, Vec<_>) =
        permissions.iter().zip(held).partition(|(permission, held)| permission.offered || **held > 0);
    let names = |list: &[(&AuditedPermission, &u32)]| -> Vec<String> {
        list.iter().map(|(permission, _)| permission.value.clone()).collect()
    };
    let mut text = match offered.as_slice() {
        _ if holders == 0 => format!("Nobody holds {}.", words::any_of(&names(&offered))),
        [(only, _)] => format!("{} {}.", many(holders), only.value),
        several => {
            let each: Vec<String> = several
                .iter()
                .map(|(permission, held)| {
                    let who = if **held == 0 { "nobody".to_owned() } else { grouped(**held) };
                    format!("{who} {}", permission.value)
                })
                .collect();
            format!("{} one or more of these permissions: {}.", many(holders), words::list(&each))
        }
    };
    if !absent.is_empty() {
        text.push_str(&format!(" This tenant's Microsoft Graph does not offer {}.", words::any_of(&names(&absent))));
    }
    text
}

/// `7 apps and identities hold`.
fn many(holders: u32, all_apps: bool) -> String {
    match (holders, all_apps) {
        (1, true) => "1 app or identity holds".to_owned(),
        (1, false) => "1 user or group holds".to_owned(),
        (_, true) => format!("{} apps and identities hold", grouped(holders)),
        (_, false) => format!("{} apps, identities, users and groups hold", grouped(holders)),
    }
}

/// `100,000`.
pub(crate) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    digits
        .char_indices()
        .flat_map(|(at, digit)| {
            let comma = (at > 0 && (digits.len() - at).is_multiple_of(3)).then_some(',');
            comma.into_iter().chain([digit])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permission(value: &str, offered: bool) -> AuditedPermission {
        AuditedPermission {
            value: value.to_owned(),
            title: String::new(),
            risk: None,
            explanation: String::new(),
            offered,
        }
    }

    #[test]
    fn it_tells_how_many_hold_what() {
        let all = [permission("A.Read", true), permission("B.Read", true), permission("C.Read", false)];
        for (given, held, holders, expected) in [
            (&all[..1], &[1][..], 1, "1 app or identity holds A.Read."),
            (&all[..1], &[100_000][..], 100_000, "100,000 apps and identities hold A.Read."),
            (
                &all[..2],
                &[1234, 0][..],
                1234,
                "1,234 apps and identities hold one or more of these permissions: 1,234 A.Read and nobody B.Read.",
            ),
            (
                &all[..],
                &[0, 0, 0][..],
                0,
                "Nobody holds A.Read or B.Read. This tenant's Microsoft Graph does not offer C.Read.",
            ),
            (&all[2..], &[2][..], 2, "2 apps and identities hold C.Read."),
        ] {
            assert_eq!(sentence(given, held, holders, true), expected);
        }
        let with_people = sentence(&all[..1], &[2], 2, false);
        assert_eq!(with_people, "2 apps, identities, users and groups hold A.Read.");
    }
}
