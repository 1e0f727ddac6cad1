//! The note that goes with a request: what a privileged administrator needs to decide, to act and to sign.

use jiff::Timestamp;

use crate::consent::{ConsentPermission, ConsentState};
use crate::privilege;
use crate::requirements;
use crate::tenant::TenantFacts;
use crate::words;

/// The request as Markdown. Names are data: they cannot change how the note looks.
#[must_use]
pub fn note_markdown(state: &ConsentState, tenant: &TenantFacts) -> String {
    let request = &state.request;
    let principal = &request.principal;
    let name = text(&principal.name);
    let what = if principal.managed_identity { "managed identity" } else { "app" };
    let asked = request.asked.parse::<Timestamp>().map_or_else(|_| text(&request.asked), words::moment);
    let mut note = format!(
        "# Request for consent: {name}\n\n{} asks you, as a Privileged Role Administrator or a Global Administrator, to \
         let the {what} \"{name}\" use Microsoft Graph as listed here. This note holds no secret.\n\n",
        text(&request.asked_by)
    );
    let cloud = text(&tenant.cloud_name);
    note.push_str("| | |\n|---|---|\n");
    for (label, value) in [
        ("Asked by", text(&request.asked_by)),
        ("Asked on", asked),
        ("Tenant", format!("{}, {}", text(&request.tenant_name), code(&request.tenant_id))),
        ("Cloud", cloud),
        ("For", format!("the {what} \"{name}\"")),
        ("Client id", code(&principal.client_id)),
        ("Object id of its service principal", code(&principal.object_id)),
        ("Run that asks", code(&request.run_id)),
    ] {
        note.push_str(&format!("| {label} | {value} |\n"));
    }
    note.push_str("\n## What it would be able to do\n\n");
    for (at, permission) in request.permissions.iter().enumerate() {
        let granted = state.granted.get(at).and_then(Option::as_ref);
        note.push_str(&format!("{}. {}\n", at + 1, opens(permission, granted)));
    }
    note.push_str(&checks(state, what));
    note.push_str(&ways(state, what));
    note.push_str(SIGN_OFF);
    note
}

/// One permission: its title, its value, what it lets the client do and how Microsoft rates it.
fn opens(permission: &ConsentPermission, granted: Option<&String>) -> String {
    let info = requirements::describe(&permission.value, None);
    let risk = match privilege::level(&permission.value) {
        Some(level) => format!("Microsoft rates it {level} of 5, where 5 opens most."),
        None => "Microsoft does not rate it.".to_owned(),
    };
    // Ours say more of this job; Graph's title says nothing of what it opens.
    let explained =
        if info.title == permission.value { privilege::explain(&permission.value) } else { info.explanation };
    let since = granted.and_then(|at| at.parse().ok()).map(words::day);
    let since = since.map_or_else(String::new, |day| format!(" Granted already, on {day}."));
    format!(
        "**{}**: {} (app role {}). {} {risk}{since}",
        text(&permission.title),
        code(&permission.value),
        code(&permission.app_role_id),
        text(&explained)
    )
}

fn checks(state: &ConsentState, what: &str) -> String {
    let principal = &state.request.principal;
    let requests = if principal.managed_identity {
        "that it is the one that is meant, by the Azure resource it belongs to: other identities may bear the same name"
    } else {
        "that it requests these permissions and no others"
    };
    let wide = state.request.permissions.iter().any(|permission| permission.value == requirements::AUDIT_LOG);
    let less = if wide {
        "- Ask whether less would do: ProvisioningLog.Read.All reads provisioning logs only, AuditLog.Read.All opens audit \
         and sign-in logs besides.\n"
    } else {
        ""
    };
    format!(
        "\n## What to check first\n\n\
         - Ask {} by another way than this note whether they sent it.\n\
         - Look the {what} up by its ids, not by its name, and see {requests}.\n\
         - See that the tenant is the one that is meant.\n{less}",
        text(&state.request.asked_by)
    )
}

fn ways(state: &ConsentState, what: &str) -> String {
    let request = &state.request;
    let mut ways = format!(
        "\n## How to grant it\n\nAny one of these is enough.\n\n\
         1. **In your own Inbound Access**: sign in to this tenant, open the .json file that came with this note, look at \
         the plan and run it. It grants exactly these permissions to exactly this {what}, and leaves everything else as \
         it is.\n"
    );
    match &state.consent_url {
        Some(consent) => {
            ways.push_str(&format!(
                "2. **In the Entra admin center**: open {}, choose *Grant admin consent*, and compare the list with the \
                 one here before you accept.\n\
                 3. **On Entra's consent page**: open {} and sign in. The link works for nobody who may not grant.\n\n\
                 **Caution for 2 and 3**: Entra's consent *replaces*. Application permissions that the app holds but does \
                 not request any more are taken from it. Inbound Access only adds. Where the app has no reply address, the \
                 page of 3 may end with an error that says so: look at the app's permissions in the admin center to see \
                 what was granted.\n",
                link(&state.portal_url),
                link(consent)
            ));
        }
        None => {
            ways.push_str(
                "2. **In PowerShell**, with the Microsoft Graph module, since no portal page grants permissions to a managed \
                 identity:\n\n",
            );
            ways.push_str("   ```powershell\n   Connect-MgGraph -TenantId ");
            ways.push_str(&format!(
                "{} -Scopes Application.Read.All, AppRoleAssignment.ReadWrite.All\n   $graph = \
                 Get-MgServicePrincipal -Filter \"appId eq '00000003-0000-0000-c000-000000000000'\"\n",
                plain(&request.tenant_id)
            ));
            for permission in &request.permissions {
                ways.push_str(&format!(
                    "   New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id} -PrincipalId {id} -ResourceId \
                     $graph.Id -AppRoleId {}\n",
                    plain(&permission.app_role_id),
                    id = plain(&request.principal.object_id)
                ));
            }
            ways.push_str("   ```\n\n");
            ways.push_str(&format!(
                "3. **To look at what it holds**, before and after: {}.\n",
                link(&state.portal_url)
            ));
        }
    }
    ways.push_str(
        "\nWhoever asked sees in their Inbound Access when it was granted. If you refuse, tell them: nothing is granted \
         until somebody does it.\n",
    );
    ways
}

const SIGN_OFF: &str = "\n## Decision\n\n\
    Decision (granted / refused / in part): ______________________________\n\n\
    Why: ______________________________\n\n\
    Name: ______________________________\n\n\
    Date: ______________________________\n";

/// Text that came from outside, so that it is only text: what Markdown or HTML would act on is escaped, and what would
/// turn a line round is written out.
fn text(given: &str) -> String {
    let given = words::visible(given.trim());
    let mut out = String::with_capacity(given.len());
    let mut before: Vec<char> = Vec::new();
    for c in given.chars() {
        // `www.` becomes a link by itself.
        let www = c == '.' && before.ends_with(&['w', 'w', 'w']);
        if www || "\\`*_[]<>|&~:#$!".contains(c) {
            out.push('\\');
        }
        out.push(c);
        before.push(c.to_ascii_lowercase());
    }
    out
}

/// An id or a value, to be copied.
fn code(given: &str) -> String {
    if is_plain(given) { format!("`{given}`") } else { text(given) }
}

/// An id inside a command; nothing else may stand there.
fn plain(given: &str) -> &str {
    if is_plain(given) { given } else { "" }
}

fn is_plain(given: &str) -> bool {
    !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// An address of ours: a scheme, hosts and ids, in which nothing needs an escape.
fn link(url: &str) -> String {
    let fine = url.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'`'));
    if fine { format!("<{url}>") } else { text(url) }
}

#[cfg(test)]
mod tests {
    use inbound_entra::ids::TenantId;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::consent::file::tests::request;

    fn tenant() -> TenantFacts {
        let url = |host: &str| format!("https://{host}/").parse().unwrap();
        TenantFacts {
            id: TenantId(Uuid::from_u128(2)),
            name: "Brightwater Foods".to_owned(),
            cloud_key: "usGovL4".to_owned(),
            cloud_name: "US Government L4 (GCC High)".to_owned(),
            login: url("login.microsoftonline.us"),
            graph: url("graph.microsoft.us"),
            portal: url("entra.microsoft.us"),
        }
    }

    fn state() -> ConsentState {
        let mut request = request();
        request.permissions.push(ConsentPermission {
            value: "Directory.ReadWrite.All".to_owned(),
            title: "Read and write directory data".to_owned(),
            app_role_id: Uuid::from_u128(6).to_string(),
        });
        ConsentState {
            consent_url: Some(format!(
                "https://login.microsoftonline.us/{}/adminconsent?client_id={}",
                request.tenant_id, request.principal.client_id
            )),
            portal_url: "https://entra.microsoft.us/#view/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Permissions"
                .to_owned(),
            granted: vec![None, None],
            checked: None,
            request,
        }
    }

    #[test]
    fn a_note_for_an_app() {
        insta::assert_snapshot!(note_markdown(&state(), &tenant()));
    }

    #[test]
    fn a_note_for_a_managed_identity() {
        let mut state = state();
        state.request.principal.managed_identity = true;
        state.consent_url = None;
        insta::assert_snapshot!(note_markdown(&state, &tenant()));
    }

    #[test]
    fn names_cannot_change_how_the_note_looks() {
        for (name, shown) in [
            ("a|b", "a\\|b"),
            ("[click](https://evil.example)", "\\[click\\](https\\://evil.example)"),
            ("<img src=x>", "\\<img src=x\\>"),
            ("a\nDecision: granted", "a\\<U+000A\\>Decision\\: granted"),
            ("feed\u{202E}txt", "feed\\<U+202E\\>txt"),
            ("WWW.evil.example", "WWW\\.evil.example"),
            ("`x` &amp; **y**", "\\`x\\` \\&amp; \\*\\*y\\*\\*"),
            ("O'Brien (人事) 50%", "O'Brien (人事) 50%"),
        ] {
            assert_eq!(text(name), shown);
        }
        assert_eq!(code("a`b"), "a\\`b");
        assert_eq!(plain("x; rm -rf"), "");
    }

    proptest! {
        #[test]
        fn a_name_stays_on_its_line_whatever_it_holds(name in ".{0,80}") {
            let before = note_markdown(&state(), &tenant()).lines().count();
            let mut state = state();
            state.request.principal.name.clone_from(&name);
            state.request.asked_by.clone_from(&name);
            state.request.tenant_name.clone_from(&name);
            let note = note_markdown(&state, &tenant());
            prop_assert_eq!(note.lines().count(), before);
            prop_assert!(!text(&name).chars().any(char::is_control));
        }
    }
}
