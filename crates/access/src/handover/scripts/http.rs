//! A script as HTTP requests, in the form that the REST Client of Visual Studio Code reads.

use super::preamble;
use crate::handover::quote::comment;
use crate::handover::script::{Call, Piece, Script};

pub(super) fn text(script: &Script) -> String {
    let mut text = String::new();
    for line in preamble(script) {
        text.push_str(&format!("# {line}\n"));
    }
    text.push_str("@token = {{$processEnv GRAPH_TOKEN}}\n");
    let names = Names::of(script);
    let mut at = 0;
    for step in &script.steps {
        let title = format!("{}. {}", step.number, comment(&step.title));
        if step.calls.is_empty() {
            text.push_str(&format!("\n# {title}\n{}", notes(&step.notes)));
        }
        for (place, call) in step.calls.iter().enumerate() {
            let (title, notes) = if place == 0 {
                (title.as_str(), notes(&step.notes))
            } else {
                ("The same, to read its ids", String::new())
            };
            text.push_str(&format!("\n### {title}\n{notes}# @name request{at}\n"));
            text.push_str(&request(script, call, &names));
            at += 1;
        }
    }
    text
}

fn notes(notes: &[String]) -> String {
    notes.iter().map(|note| format!("# {}\n", comment(note))).collect()
}

fn request(script: &Script, call: &Call, names: &Names) -> String {
    let mut text = format!("{} {}\nAuthorization: Bearer {{{{token}}}}\n", call.method, names.put(&call.url));
    for (name, value) in &call.headers {
        text.push_str(&format!("{name}: {value}\n"));
    }
    match script.body(call) {
        Some(body) => text + &format!("Content-Type: application/json\n\n{}\n", names.put(&body)),
        None => text,
    }
}

/// Which answer holds which variable.
struct Names(Vec<(String, String)>);

impl Names {
    fn of(script: &Script) -> Self {
        let calls = script.steps.iter().flat_map(|step| &step.calls).enumerate();
        let named = calls.flat_map(|(at, call)| {
            call.captures.iter().map(move |capture| {
                (capture.variable.clone(), format!("{{{{request{at}.response.body.$.{}}}}}", capture.property))
            })
        });
        Self(named.collect())
    }

    /// Two braces would name a variable; they only ever stand together within a text of JSON, where one can be written
    /// otherwise.
    fn put(&self, pieces: &[Piece]) -> String {
        let put = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.replace("{{", "{\\u007b"),
            Piece::Variable(name) => {
                self.0.iter().find(|(known, _)| known == name).map(|(_, place)| place.clone()).unwrap_or_default()
            }
        });
        put.collect()
    }
}
