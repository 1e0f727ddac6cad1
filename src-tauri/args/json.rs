//! The part of reading a command's arguments that knows nothing of the window, so that it can be fuzzed without one
//! (`fuzz/fuzz_targets/ipc.rs`).

use std::fmt;

use inbound_access_job::problem::{Code, FieldProblem, Problem};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Nothing that the page may send is longer than this, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
const MOST_ITEMS: usize = 256;
const DEEPEST: usize = 8;

pub(super) fn read<T: DeserializeOwned>(command: &str, value: &Value) -> Result<T, Problem> {
    if !value.is_object() {
        return Err(unusable(command, "it is no object"));
    }
    bounded(value, "", 0)?;
    // By reference: texts of a refused call are not copied first.
    T::deserialize(value).map_err(|error| unusable(command, &error.to_string()))
}

pub(super) fn unusable(command: &str, why: &str) -> Problem {
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
