//! The pages of the tenant as a browser's stand-in reads them: forms with double-quoted attributes.

use std::collections::HashMap;

/// A form of a page: where it goes and what it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Whether it sends this.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|(given, held)| given == name && held == value)
    }

    /// Whether it has a field of this name.
    pub fn names(&self, name: &str) -> bool {
        self.fields.iter().any(|(given, _)| given == name)
    }

    /// The same with a field filled in.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(given, _)| given != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// The form by which `response_mode=form_post` sends the answer on.
pub(super) fn answer_form(page: &str) -> Option<Form> {
    forms(page).into_iter().find(|form| form.names("code") || form.names("error"))
}

/// The forms of a page of ours.
pub(super) fn forms(page: &str) -> Vec<Form> {
    page.split("<form ")
        .skip(1)
        .filter_map(|rest| {
            let (tag, inside) = rest.split_once('>')?;
            let inside = inside.split("</form>").next().unwrap_or_default();
            let fields = inside
                .split("<input ")
                .skip(1)
                .filter_map(|rest| {
                    let mut attributes = attributes(rest.split('>').next()?);
                    Some((attributes.remove("name")?, attributes.remove("value")?))
                })
                .collect();
            Some(Form { action: attributes(tag).remove("action")?, fields })
        })
        .collect()
}

fn attributes(tag: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    let mut rest = tag;
    while let Some((name, after)) = rest.split_once("=\"") {
        let Some((value, next)) = after.split_once('"') else { break };
        // Before the name may stand attributes without a value.
        let name = name.split_ascii_whitespace().next_back().unwrap_or_default();
        out.insert(name.to_owned(), unescape(value));
        rest = next;
    }
    out
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// What a reader of the page sees, roughly.
pub(super) fn plain_text(page: &str) -> String {
    let body = page.rsplit_once("<body>").map_or(page, |(_, body)| body);
    let text: String =
        body.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join(" ");
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_with_their_escapes() {
        let page = crate::login::page_for_test("http://localhost:1/?a=1&b=2", "c\"'<>&amp;d");
        let form = answer_form(&page).unwrap();
        assert_eq!(form.action, "http://localhost:1/?a=1&b=2");
        assert_eq!(form.fields, [("code".to_owned(), "c\"'<>&amp;d".to_owned())]);
    }
}
