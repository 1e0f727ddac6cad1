//! The query options of a request.

use crate::graph::error::Refusal;
use crate::graph::odata::filter::{self, Expr};
use crate::graph::odata::search::{self, Term};
use crate::message::Incoming;

/// Query options, parsed. Whether the resource supports them is another question.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Options {
    pub filter: Option<Expr>,
    pub search: Option<Vec<Term>>,
    pub select: Option<Vec<String>>,
    /// Property and whether descending.
    pub order: Vec<(String, bool)>,
    pub expand: bool,
    /// The names that `$expand` gives.
    pub expanded: Vec<String>,
    pub top: Option<usize>,
    /// `$count=true` was given.
    pub count: bool,
    pub skip_token: Option<String>,
    /// `ConsistencyLevel: eventual` was sent.
    pub eventual: bool,
    /// The options as given but for paging: they go on in `@odata.nextLink`.
    pub given: Vec<(String, String)>,
}

impl Options {
    /// Advanced queries need the header and `$count=true` (graph-facts 4).
    pub fn is_advanced(&self) -> bool {
        self.eventual && self.count
    }

    pub fn parse(incoming: &Incoming) -> Result<Self, Refusal> {
        let mut options = Self {
            eventual: incoming
                .header("consistencylevel")
                .is_some_and(|level| level.trim().eq_ignore_ascii_case("eventual")),
            ..Self::default()
        };
        for (name, value) in url::form_urlencoded::parse(incoming.query.as_deref().unwrap_or_default().as_bytes()) {
            let value = value.into_owned();
            let plain = name.trim_start_matches('$').to_ascii_lowercase();
            match plain.as_str() {
                "filter" => options.filter = Some(filter::parse(&value)?),
                "search" => options.search = Some(search::parse(&value)?),
                "select" => options.select = Some(names(&value)),
                "orderby" => options.order = order(&value)?,
                "expand" => {
                    options.expand = true;
                    options.expanded = names(value.split('(').next().unwrap_or_default());
                }
                "top" => {
                    options.top = Some(value.parse().map_err(|_| {
                        Refusal::bad_request(format!("Invalid value '{value}' for $top: a whole number is expected."))
                    })?);
                }
                "count" => options.count = value.eq_ignore_ascii_case("true"),
                "skiptoken" => {
                    options.skip_token = Some(value);
                    continue;
                }
                "skip" => return Err(Refusal::unsupported("'$skip' is not supported: follow @odata.nextLink.")),
                "format" => {}
                _ if name.starts_with('$') => {
                    return Err(Refusal::unreadable(format!("Unrecognized query parameter '{name}'.")));
                }
                _ => continue,
            }
            options.given.push((name.into_owned(), value));
        }
        Ok(options)
    }
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn order(list: &str) -> Result<Vec<(String, bool)>, Refusal> {
    let mut out = Vec::new();
    for item in names(list) {
        let mut words = item.split_ascii_whitespace();
        let property = words.next().unwrap_or_default().to_owned();
        let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(Refusal::unreadable(format!("Syntax error in $orderby: '{other}'."))),
        };
        out.push((property, descending));
    }
    Ok(out)
}
