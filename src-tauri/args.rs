//! What the page sends with a command, taken apart by one reader that refuses what no command asks for (security P59).

mod json;

use inbound_access_job::problem::Problem;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};

pub use json::Text;

/// All arguments of a command as `T`, which denies unknown fields.
pub struct Args<T>(pub T);

/// For commands that take none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<'de, R: Runtime, T: DeserializeOwned> CommandArg<'de, R> for Args<T> {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        read(command.name, command.message.payload()).map(Self).map_err(InvokeError::from)
    }
}

fn read<T: DeserializeOwned>(command: &str, body: &InvokeBody) -> Result<T, Problem> {
    match body {
        InvokeBody::Json(value) => json::read(command, value),
        _ => Err(json::unusable(command, "it is not JSON")),
    }
}

#[cfg(test)]
mod tests {
    use inbound_access_job::problem::Code;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Example {
        plan_id: Text<8>,
    }

    fn refused(body: Value) -> Problem {
        read::<Example>("example", &InvokeBody::Json(body)).expect_err("refused")
    }

    #[test]
    fn what_is_asked_for_is_read() {
        let body = InvokeBody::Json(json!({ "planId": "p-1 ü 😀" }));
        assert_eq!(read::<Example>("example", &body).expect("read").plan_id.as_str(), "p-1 ü 😀");
    }

    #[test]
    fn everything_else_is_refused_in_words() {
        for (body, word) in [
            (json!({ "planId": "p", "admin": true }), "admin"),
            (json!({}), "planId"),
            (json!({ "planId": 7 }), "string"),
            (json!({ "planId": null }), "string"),
            (json!([]), "object"),
            (json!(null), "object"),
            (json!({ "planId": "123456789" }), "at most 8"),
            (json!({ "planId": "x".repeat(70_000) }), "planId"),
            (json!({ "planId": vec![1; 300] }), "300 entries"),
        ] {
            let problem = refused(body);
            assert_eq!(problem.code, Code::InvalidInput);
            assert!(problem.message.contains(word), "{}", problem.message);
            assert!(problem.message.len() < 500, "{}", problem.message.len());
        }
        let bytes = InvokeBody::Raw(vec![0, 159, 146, 150]);
        assert!(read::<Example>("example", &bytes).is_err());
    }

    #[test]
    fn deep_nesting_ends_early() {
        let mut value = json!(1);
        for _ in 0..64 {
            value = json!({ "planId": value });
        }
        assert!(refused(value).message.contains("deeply"));
    }

    #[test]
    fn a_huge_refused_value_is_not_repeated_in_the_message() {
        let problem = refused(json!({ "planId": { "x": "y".repeat(60_000) } }));
        assert!(problem.message.chars().count() < 500);
    }
}
