//! What the page sends with a command, taken apart by one reader that refuses what no command asks for (security P59).

use std::fmt;

use inbound_access_job::problem::{Code, FieldProblem, Problem};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tauri::Runtime;
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};

/// Nothing that the page may send is longer than this, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
const MOST_ITEMS: usize = 256;
const DEEPEST: usize = 8;

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
    let InvokeBody::Json(value) = body else {
        return Err(unusable(command, "it is not JSON"));
    };
    if !value.is_object() {
        return Err(unusable(command, "it is no object"));
    }
    bounded(value, "", 0)?;
    // By reference: texts of a refused call are not copied first.
    T::deserialize(value).map_err(|error| unusable(command, &error.to_string()))
}

fn unusable(command: &str, why: &str) -> Problem {
    let why: String = why.chars().take(300).collect();
    Problem::new(Code::InvalidInput, format!("What the page sent with “{command}” cannot be used: {why}."))
        .exists("Nothing was changed by it.")
}

fn bounded(value: &Value, path: &str, depth: usize) -> Result<(), Problem> {
    let refused = |message: String| {
        let mut problem = Problem::new(Code::InvalidInput, message.clone()).exists("Nothing was changed by it.");
        problem.fields.push(FieldProblem { field: path.to_owned(), message });
        problem
    };
    if depth > DEEPEST {
        return Err(refused(format!("“{path}” is nested too deeply.")));
    }
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            Err(refused(format!("“{path}” is too long: it has {} bytes, at most {LONGEST_TEXT} are read.", text.len())))
        }
        Value::Array(items) if items.len() > MOST_ITEMS => {
            Err(refused(format!("“{path}” has {} entries, at most {MOST_ITEMS} are read.", items.len())))
        }
        Value::Array(items) => items.iter().try_for_each(|item| bounded(item, path, depth + 1)),
        Value::Object(fields) if fields.len() > MOST_ITEMS => {
            Err(refused(format!("“{path}” has {} fields, at most {MOST_ITEMS} are read.", fields.len())))
        }
        Value::Object(fields) => fields.iter().try_for_each(|(name, field)| {
            let name: String = name.chars().take(60).collect();
            let path = if path.is_empty() { name } else { format!("{path}.{name}") };
            bounded(field, &path, depth + 1)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// A text of at most `MOST` characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Text<const MOST: usize>(String);

impl<const MOST: usize> Text<MOST> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<const MOST: usize> fmt::Debug for Text<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de, const MOST: usize> Deserialize<'de> for Text<MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().count() > MOST {
            return Err(D::Error::custom(format!("a text is too long: at most {MOST} characters are read")));
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
