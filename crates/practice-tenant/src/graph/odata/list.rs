//! Lists and single objects: filter, search, order, pages, `$select` and contexts (graph-facts 4).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::graph::call::Call;
use crate::graph::error::Refusal;
use crate::graph::odata::query::Options;
use crate::graph::odata::schema::Kind;
use crate::message::Answer;

/// The size of a page unless `$top` says otherwise.
const PAGE: usize = 100;
/// The most that `$top` may ask for.
const LARGEST_PAGE: usize = 999;

/// Where the next page begins. Opaque to clients.
#[derive(Serialize, Deserialize)]
struct Mark {
    /// How many rows came before.
    #[serde(rename = "n")]
    offset: usize,
    /// The id of the last of them, so that rows which come or go in between do no harm.
    #[serde(rename = "i")]
    last: String,
    /// The page that this mark leads to is an empty one.
    #[serde(rename = "e", default)]
    empty: bool,
}

/// What a list is made of.
pub(crate) struct Rows<'a, R> {
    pub kind: &'static Kind,
    /// For the context, e.g. `applications`.
    pub set: &'a str,
    pub rows: Vec<R>,
}

/// A row and the properties that queries look at.
pub(crate) trait Row {
    fn properties(&self) -> &Map<String, Value>;
    /// All that the row shows.
    fn show(&self) -> Map<String, Value>;
}

impl Row for Map<String, Value> {
    fn properties(&self) -> &Map<String, Value> {
        self
    }

    fn show(&self) -> Map<String, Value> {
        self.clone()
    }
}

fn look<'a>(kind: &Kind, properties: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    properties.get(name).or_else(|| (kind.defaults)().get(name))
}

/// Checks the options and leaves the rows that satisfy `$filter` and `$search`.
pub(crate) fn select_rows<R: Row>(call: &Call<'_>, kind: &'static Kind, rows: Vec<R>) -> Result<Vec<R>, Refusal> {
    let options = &call.options;
    if options.expand {
        return Err(Refusal::unsupported("$expand is not supported for this resource."));
    }
    if let Some(filter) = &options.filter {
        kind.check_filter(filter, options.is_advanced())?;
    }
    if let Some(terms) = &options.search {
        if !options.eventual {
            return Err(Refusal::unsupported(
                "Request with $search query parameter only works through MSGraph with a special request header: \
                 'ConsistencyLevel: eventual'",
            ));
        }
        let searchable = |name: &str| ["displayName", "description"].contains(&name);
        if let Some(clause) = terms.iter().flat_map(|term| &term.any_of).find(|clause| !searchable(&clause.property)) {
            return Err(Refusal::unsupported(format!("Property '{}' is not searchable.", clause.property)));
        }
    }
    let mut rows = rows;
    if let Some(filter) = &options.filter {
        rows.retain(|row| filter.holds(&|name| look(kind, row.properties(), name)));
    }
    if let Some(terms) = &options.search {
        rows.retain(|row| {
            terms.iter().all(|term| {
                term.any_of.iter().any(|clause| {
                    look(kind, row.properties(), &clause.property)
                        .and_then(Value::as_str)
                        .is_some_and(|value| clause.matches(value))
                })
            })
        });
    }
    Ok(rows)
}

/// The answer of a list.
pub(crate) fn list<R: Row>(call: &Call<'_>, rows: Rows<'_, R>) -> Result<Answer, Refusal> {
    let Rows { kind, set, rows } = rows;
    let options = &call.options;
    if let Some(names) = &options.select {
        kind.check_select(names)?;
    }
    let size = page_size(options)?;
    let mut rows = select_rows(call, kind, rows)?;
    sort(call, kind, &mut rows)?;

    let mark = options.skip_token.as_deref().map(read_mark).transpose()?;
    let total = rows.len();
    let begin = mark.as_ref().map_or(0, |mark| {
        let found = rows.iter().position(|row| id_of(row.properties()) == mark.last);
        found.map_or(mark.offset, |at| at + 1).min(total)
    });
    let is_first = mark.is_none();
    let is_empty = mark.as_ref().is_some_and(|mark| mark.empty);
    let end = if is_empty { begin } else { (begin + size).min(total) };
    let page = rows.get(begin..end).unwrap_or_default();

    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context(&format!("{set}{}", selected(call))).into());
    // Without the header `$count=true` is silently ignored; the count is on the first page only.
    if options.is_advanced() && is_first {
        body.insert("@odata.count".into(), total.into());
    }
    if end < total {
        let last = rows.get(end.wrapping_sub(1)).map(|row| id_of(row.properties()).to_owned()).unwrap_or_default();
        let empty = call.tenant.dials.empty_pages() && !is_empty;
        body.insert("@odata.nextLink".into(), next_link(call, &Mark { offset: end, last, empty })?.into());
    }
    let value: Vec<Value> = page.iter().map(|row| Value::Object(narrow(call, row.show()))).collect();
    body.insert("value".into(), value.into());
    Ok(Answer::json(200, Value::Object(body)))
}

/// Whether a list can be answered without counting, sorting or searching it.
pub(crate) fn is_plain(options: &Options) -> bool {
    !options.expand && options.search.is_none() && options.order.is_empty() && !(options.count && options.eventual)
}

/// Where a page of a long list begins: it is read where it lies, in the order of ids.
pub(crate) struct Begin {
    mark: Option<Mark>,
    size: usize,
}

impl Begin {
    /// The id after which the page begins.
    pub fn after(&self) -> Option<&str> {
        self.mark.as_ref().map(|mark| mark.last.as_str()).filter(|last| !last.is_empty())
    }
}

/// Checks the options of such a list; they are [plain](is_plain).
pub(crate) fn begin(call: &Call<'_>, kind: &'static Kind) -> Result<Begin, Refusal> {
    let options = &call.options;
    if let Some(names) = &options.select {
        kind.check_select(names)?;
    }
    if let Some(filter) = &options.filter {
        kind.check_filter(filter, options.is_advanced())?;
    }
    Ok(Begin { mark: options.skip_token.as_deref().map(read_mark).transpose()?, size: page_size(options)? })
}

/// The answer of such a list; `rows` begin where the page does. If it is `vast`, some pages are short and some empty.
pub(crate) fn page<T>(
    call: &Call<'_>,
    set: &str,
    begin: &Begin,
    vast: bool,
    mut rows: impl Iterator<Item = T>,
    id: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Map<String, Value>,
) -> Result<Answer, Refusal> {
    let is_empty = begin.mark.as_ref().is_some_and(|mark| mark.empty);
    let offset = begin.mark.as_ref().map_or(0, |mark| mark.offset);
    let number = offset / begin.size;
    let short = vast && number % 7 == 3;
    let size = if is_empty { 0 } else { (if short { begin.size / 2 } else { begin.size }).max(1) };
    let page: Vec<T> = rows.by_ref().take(size).collect();
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context(&format!("{set}{}", selected(call))).into());
    if rows.next().is_some() {
        let last = page.last().map_or_else(|| begin.after().unwrap_or_default().to_owned(), id);
        let empty = !is_empty && (call.tenant.dials.empty_pages() || (vast && number % 11 == 5));
        let mark = Mark { offset: offset.saturating_add(page.len()), last, empty };
        body.insert("@odata.nextLink".into(), next_link(call, &mark)?.into());
    }
    let value: Vec<Value> = page.iter().map(|row| Value::Object(narrow(call, show(row)))).collect();
    body.insert("value".into(), value.into());
    Ok(Answer::json(200, Value::Object(body)))
}

fn page_size(options: &Options) -> Result<usize, Refusal> {
    match options.top {
        None => Ok(PAGE),
        Some(top) if (1..=LARGEST_PAGE).contains(&top) => Ok(top),
        Some(top) => {
            let message =
                format!("Invalid page size specified: '{top}'. Must be between 1 and {LARGEST_PAGE} inclusive.");
            Err(Refusal::unsupported(message))
        }
    }
}

/// The answer of `…/$count`.
pub(crate) fn count<R: Row>(call: &Call<'_>, kind: &'static Kind, rows: Vec<R>) -> Result<Answer, Refusal> {
    if !call.options.eventual {
        return Err(Refusal::bad_request("$count is not currently supported."));
    }
    // The segment is the count, so the option `$count=true` is not asked for on top of it.
    let options = Options { count: true, ..call.options.clone() };
    let advanced = Call { options, keys: call.keys.clone(), ..*call };
    Ok(Answer::text(200, select_rows(&advanced, kind, rows)?.len().to_string()))
}

/// The answer of a single object.
pub(crate) fn single(call: &Call<'_>, kind: &Kind, set: &str, shown: Map<String, Value>) -> Result<Answer, Refusal> {
    if let Some(names) = &call.options.select {
        kind.check_select(names)?;
    }
    if call.options.expand {
        return Err(Refusal::unsupported("$expand is not supported for this resource."));
    }
    Ok(entity(call, 200, &format!("{set}{}", selected(call)), narrow(call, shown)))
}

/// An object with its context.
pub(crate) fn entity(call: &Call<'_>, status: u16, set: &str, shown: Map<String, Value>) -> Answer {
    let mut body = Map::new();
    body.insert("@odata.context".into(), call.context(&format!("{set}/$entity")).into());
    body.extend(shown);
    Answer::json(status, Value::Object(body))
}

fn selected(call: &Call<'_>) -> String {
    call.options.select.as_ref().map(|names| format!("({})", names.join(","))).unwrap_or_default()
}

fn narrow(call: &Call<'_>, shown: Map<String, Value>) -> Map<String, Value> {
    match &call.options.select {
        Some(names) if !names.iter().any(|name| name == "*") => shown
            .into_iter()
            .filter(|(name, _)| name.starts_with('@') || names.iter().any(|wanted| wanted == name))
            .collect(),
        _ => shown,
    }
}

fn id_of(properties: &Map<String, Value>) -> &str {
    properties.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn sort<R: Row>(call: &Call<'_>, kind: &Kind, rows: &mut [R]) -> Result<(), Refusal> {
    let options = &call.options;
    if options.order.is_empty() {
        return Ok(());
    }
    // Sorting is an advanced query, alone as well as with a filter (graph-facts 4).
    if !options.is_advanced() {
        return Err(Refusal::unsupported("Sorting not supported for current query."));
    }
    for (name, _) in &options.order {
        if !kind.sorted.contains(&name.as_str()) {
            return Err(Refusal::unsupported(format!("Sorting by '{name}' is not supported.")));
        }
    }
    let key = |row: &R, name: &str| {
        look(kind, row.properties(), name).and_then(Value::as_str).map(str::to_lowercase).unwrap_or_default()
    };
    rows.sort_by(|left, right| {
        let by_property = options.order.iter().map(|(name, descending)| {
            let ordering = key(left, name).cmp(&key(right, name));
            if *descending { ordering.reverse() } else { ordering }
        });
        let by_id = || id_of(left.properties()).cmp(id_of(right.properties()));
        by_property.into_iter().find(|ordering| ordering.is_ne()).unwrap_or_else(by_id)
    });
    Ok(())
}

fn read_mark(token: &str) -> Result<Mark, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(|| {
        Refusal::new(
            400,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired and can no longer be included in your request.",
        )
    })
}

fn next_link(call: &Call<'_>, mark: &Mark) -> Result<String, Refusal> {
    let json = serde_json::to_vec(mark).map_err(|error| Refusal::server(error.to_string()))?;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&call.options.given)
        .append_pair("$skiptoken", &URL_SAFE_NO_PAD.encode(json))
        .finish();
    Ok(format!("{}{}?{query}", call.incoming.origin, call.incoming.path))
}

/// `@odata.type` of a kind.
pub(crate) fn typed(kind: &Kind, mut shown: Map<String, Value>) -> Map<String, Value> {
    shown.insert("@odata.type".into(), json!(format!("#microsoft.graph.{}", kind.name)));
    shown
}
