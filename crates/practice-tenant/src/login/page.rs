//! The pages that a browser sees: plain HTML that works without script.

use crate::directory::state::User;
use crate::login::consent::{Reach, Wish};
use crate::message::html_escape;
use crate::persona::{COMPANY, Persona, PersonaKey};

const STYLE: &str = "\
:root{color-scheme:light}*{box-sizing:border-box}\
body{font:15px/1.5 'Segoe UI',system-ui,-apple-system,sans-serif;margin:0;min-height:100vh;padding:3rem 1rem;\
background:linear-gradient(160deg,#e9f1f8,#f6f3ee 60%);color:#242424}\
main{max-width:29rem;margin:0 auto;background:#fff;border-radius:8px;padding:2rem 2rem 1.6rem;\
box-shadow:0 2px 12px #0002}\
.brand{margin:0 0 1.2rem;font-weight:600;color:#115ea3;display:flex;align-items:center;gap:.5rem}\
.brand span{font-size:.75rem;font-weight:400;color:#616161;border:1px solid #d1d1d1;border-radius:99px;padding:0 .6rem}\
h1{font-size:1.45rem;line-height:1.25;font-weight:600;margin:0 0 .8rem}p{margin:.5rem 0}\
form{margin:.5rem 0}button{width:100%;text-align:left;padding:.65rem .9rem;border:1px solid #d1d1d1;border-radius:4px;\
background:#fff;color:inherit;font:inherit;cursor:pointer;display:flex;gap:.8rem;align-items:center}\
button:hover{background:#f5f9fd;border-color:#0f6cbd}button:focus-visible,input:focus-visible{outline:2px solid #0f6cbd;\
outline-offset:1px}button.go{background:#0f6cbd;border-color:#0f6cbd;color:#fff;justify-content:center;font-weight:600}\
button.go:hover{background:#115ea3}button.plain{justify-content:center}\
.face{flex:none;width:2.2rem;height:2.2rem;border-radius:50%;background:#cfe4fa;color:#0c3b5e;font-weight:600;\
font-size:.85rem;display:grid;place-items:center}small{display:block;color:#616161}\
input[type=text]{width:100%;font:1.25rem ui-monospace,monospace;letter-spacing:.15em;text-transform:uppercase;\
padding:.5rem .7rem;border:1px solid #8a8a8a;border-radius:4px}label{display:block;margin:.4rem 0}\
ul{padding:0;margin:.8rem 0;list-style:none}li{padding:.5rem 0;border-top:1px solid #eee}\
.note{background:#fff9e5;border:1px solid #f2dc9a;border-radius:4px;padding:.55rem .8rem;font-size:.9rem}\
.bad{background:#fdf3f4;border:1px solid #eeacb2;border-radius:4px;padding:.55rem .8rem}\
.detail{overflow-wrap:anywhere}";

fn frame(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\
         <title>{title}</title><style>{STYLE}</style></head><body><main><p class=\"brand\">{COMPANY} \
         <span>practice tenant</span></p>{body}</main></body></html>",
        title = html_escape(title),
    )
}

/// A form with hidden fields and one button, whose inside is `shown` as it stands.
fn form(action: &str, fields: &[(&str, &str)], class: &str, shown: &str) -> String {
    let inputs: String = fields.iter().map(|(name, value)| hidden(name, value)).collect();
    let action = html_escape(action);
    format!(
        "<form method=\"post\" action=\"{action}\">{inputs}<button type=\"submit\" class=\"{class}\">{shown}</button></form>"
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", html_escape(value))
}

/// What a person is asked to sign in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    SignIn,
    Device,
    AdminConsent,
}

/// Lists the people whom one can sign in as; `hint` comes first.
pub(crate) fn choose(
    what: What,
    client: &str,
    action: &str,
    request: &str,
    users: &[User],
    hint: Option<&str>,
) -> String {
    let mut users: Vec<&User> = users.iter().filter(|user| user.account_enabled).collect();
    users.sort_by_key(|user| hint.is_none_or(|hint| !user.user_principal_name.eq_ignore_ascii_case(hint)));
    let people: String = users
        .iter()
        .map(|user| {
            let roles = user.persona.parse::<PersonaKey>().map(|key| Persona::from(key).roles).unwrap_or_default();
            let initials: String =
                [&user.given_name, &user.surname].into_iter().filter_map(|name| name.chars().next()).collect();
            let shown = format!(
                "<span class=\"face\" aria-hidden=\"true\">{}</span><span>{}<small>{}<br>Roles: {}</small></span>",
                html_escape(&initials),
                html_escape(&user.display_name),
                html_escape(&user.user_principal_name),
                html_escape(&roles)
            );
            form(action, &[("request", request), ("persona", &user.persona)], "person", &shown)
        })
        .collect();
    let client = html_escape(client);
    let (title, words, cancel) = match what {
        What::SignIn => ("Pick an account", format!("to continue to <strong>{client}</strong>."), "Cancel"),
        What::Device => (
            "Pick an account",
            format!(
                "You are signing in to <strong>{client}</strong> on another device. Go on only if you got the code \
                 from an app that you trust."
            ),
            "Decline",
        ),
        What::AdminConsent => (
            "Pick an administrator",
            format!("<strong>{client}</strong> asks for the consent of an administrator."),
            "Cancel",
        ),
    };
    let cancel = form(action, &[("request", request), ("cancel", "1")], "plain", cancel);
    let body = format!(
        "<h1>{title}</h1><p>{words}</p>{people}{cancel}<p class=\"note\">Nobody here is real and no password is \
         asked.</p>"
    );
    frame("Sign in to the practice tenant", &body)
}

/// Asks a person, or an administrator, to consent.
pub(crate) fn consent(client: &str, action: &str, request: &str, user: &User, wishes: &[Wish], reach: Reach) -> String {
    let list: String = wishes
        .iter()
        .map(|wish| {
            let how = if wish.is_role { "as the app itself, with nobody signed in" } else { "for who is signed in" };
            format!("<li>{}<small>{}, {how}</small></li>", html_escape(&wish.words), html_escape(&wish.value))
        })
        .collect();
    let (client, who) = (html_escape(client), html_escape(&user.user_principal_name));
    let answer =
        |value: &str, class: &str, shown: &str| form(action, &[("request", request), ("consent", value)], class, shown);
    let body = if reach == Reach::None {
        format!(
            "<p>{who}</p><h1>Need admin approval</h1><p><strong>{client}</strong> needs permission to access resources \
             in your organisation that only an admin can grant. Ask an admin to grant permission to this app before \
             you can use it.</p><ul>{list}</ul><p class=\"detail\"><small>AADSTS90094: The grant requires admin \
             permission.</small></p>{}",
            answer("unable", "plain", "Return to the application without granting consent")
        )
    } else {
        let (title, note) = match reach {
            Reach::Organisation => (
                "Permissions requested: review for your organisation",
                "If you accept, this app gets these permissions for everyone in your organisation.",
            ),
            Reach::Own | Reach::None => {
                ("Permissions requested", "If you accept, this app gets these permissions for you.")
            }
        };
        format!(
            "<p>{who}</p><h1>{title}</h1><p><strong>{client}</strong> asks for:</p><ul>{list}</ul><p>{note}</p>{}{}",
            answer("accept", "go", "Accept"),
            answer("cancel", "plain", "Cancel")
        )
    };
    frame("Permissions requested", &body)
}

/// Asks for a device's code.
pub(crate) fn device_code(action: &str, code: &str, wrong: Option<&str>) -> String {
    let wrong =
        wrong.map(|text| format!("<p class=\"bad\" role=\"alert\">{}</p>", html_escape(text))).unwrap_or_default();
    let body = format!(
        "<h1>Enter code to allow access</h1><p>Once you enter the code displayed on your app or device, it will have \
         access to your account. Do not enter codes from sources that you do not trust.</p>{wrong}<form method=\"post\" \
         action=\"{}\"><label for=\"otc\">Code</label><input type=\"text\" id=\"otc\" name=\"otc\" maxlength=\"16\" \
         autocomplete=\"off\" autofocus required value=\"{}\"><p><button type=\"submit\" class=\"go\">Next</button></p>\
         </form>",
        html_escape(action),
        html_escape(code)
    );
    frame("Sign in to your account", &body)
}

/// A device code was answered.
pub(crate) fn device_done(approved: bool) -> String {
    let body = if approved {
        "<h1>You have signed in on your device</h1><p>You may now close this window.</p>"
    } else {
        "<h1>You have declined the sign-in</h1><p>Nothing was signed in. You may now close this window.</p>"
    };
    frame("Device sign-in", body)
}

/// Sends the answer on by a form (`response_mode=form_post`).
pub(crate) fn forward(redirect_uri: &str, fields: &[(&str, String)]) -> String {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let form = form(redirect_uri, &fields, "go", "Continue");
    frame("Working…", &format!("<p>Going back to the app…</p>{form}<script>document.forms[0].submit()</script>"))
}

/// The person has signed out.
pub(crate) fn signed_out() -> String {
    frame("Sign out", "<h1>You signed out of your account</h1><p>It’s a good idea to close all browser windows.</p>")
}

/// A sign-in that cannot go on.
pub(crate) fn problem(description: &str) -> String {
    let body = format!(
        "<h1>Sorry, but we’re having trouble signing you in.</h1><p class=\"bad detail\">{}</p>",
        html_escape(description)
    );
    frame("Sign in to the practice tenant", &body)
}
