//! The pages that a browser sees: plain HTML that works without script.

use crate::directory::state::User;
use crate::message::html_escape;
use crate::persona::{COMPANY, Persona, PersonaKey};

const STYLE: &str = "body{font:15px/1.5 'Segoe UI',system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;\
color:#242424;background:#fafafa}h1{font-size:1.4rem}form{margin:.5rem 0}button{width:100%;text-align:left;padding:.7rem 1rem;\
border:1px solid #d1d1d1;border-radius:4px;background:#fff;font:inherit;cursor:pointer}button:hover,button:focus{border-color:#0f6cbd}\
small{display:block;color:#616161}.note{background:#fff4ce;border:1px solid #fde300;border-radius:4px;padding:.6rem 1rem}";

fn frame(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body>{body}</body></html>",
        title = html_escape(title),
    )
}

/// Lists the people whom one can sign in as; `hint` comes first.
pub(crate) fn choose(client: &str, action: &str, request: &str, users: &[User], hint: Option<&str>) -> String {
    let mut users: Vec<&User> = users.iter().filter(|user| user.account_enabled).collect();
    users.sort_by_key(|user| hint.is_none_or(|hint| !user.user_principal_name.eq_ignore_ascii_case(hint)));
    let hidden = format!("<input type=\"hidden\" name=\"request\" value=\"{}\">", html_escape(request));
    let action = html_escape(action);
    let form = |fields: &str, shown: &str| {
        format!(
            "<form method=\"post\" action=\"{action}\">{hidden}{fields}<button type=\"submit\">{shown}</button></form>"
        )
    };
    let people: String = users
        .iter()
        .map(|user| {
            let roles = user.persona.parse::<PersonaKey>().map(|key| Persona::from(key).roles).unwrap_or_default();
            let field = format!("<input type=\"hidden\" name=\"persona\" value=\"{}\">", html_escape(&user.persona));
            let shown = format!(
                "{}<small>{}<br>Roles: {}</small>",
                html_escape(&user.display_name),
                html_escape(&user.user_principal_name),
                html_escape(&roles)
            );
            form(&field, &shown)
        })
        .collect();
    let cancel = form("<input type=\"hidden\" name=\"cancel\" value=\"1\">", "Cancel");
    let body = format!(
        "<h1>Sign in to {COMPANY}</h1><p class=\"note\">This is the practice tenant. Nobody here is real and no \
         password is asked.</p><p>Choose whom to be for <strong>{}</strong>:</p>{people}{cancel}",
        html_escape(client)
    );
    frame("Sign in to the practice tenant", &body)
}

/// Sends the answer on by a form (`response_mode=form_post`).
pub(crate) fn forward(redirect_uri: &str, fields: &[(&str, String)]) -> String {
    let inputs: String = fields
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", html_escape(value)))
        .collect();
    let body = format!(
        "<form method=\"post\" action=\"{}\">{inputs}<button type=\"submit\">Continue</button></form>\
         <script>document.forms[0].submit()</script>",
        html_escape(redirect_uri)
    );
    frame("Working…", &body)
}

/// A sign-in that cannot go on.
pub(crate) fn problem(description: &str) -> String {
    let body = format!("<h1>Sorry, but we’re having trouble signing you in.</h1><p>{}</p>", html_escape(description));
    frame("Sign in to the practice tenant", &body)
}
