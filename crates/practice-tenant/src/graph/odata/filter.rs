//! `$filter`: read into a tree, and evaluated against properties.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use crate::clock::instant;
use crate::graph::error::Refusal;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A function on texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    StartsWith,
    EndsWith,
    Contains,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    Text(String),
    Flag(bool),
    Null,
    /// Unquoted: a GUID, a date or a number.
    Bare(String),
}

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expr {
    Or(Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Compare(String, Operator, Literal),
    In(String, Vec<Literal>),
    Call(Function, String, String),
    /// `property/any(variable:inner)`.
    Any(String, String, Box<Expr>),
}

/// Deeper nesting is refused rather than risking the stack.
const DEEPEST: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Open,
    Close,
    Comma,
    Colon,
}

fn syntax(what: impl fmt::Display) -> Refusal {
    Refusal::unreadable(format!("Invalid filter clause: {what}"))
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut out = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(&next) = characters.peek() {
        match next {
            ' ' | '\t' | '\r' | '\n' => {
                characters.next();
            }
            '(' | ')' | ',' => {
                characters.next();
                out.push(match next {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                });
            }
            '\'' => {
                characters.next();
                let mut value = String::new();
                loop {
                    match characters.next() {
                        Some('\'') if characters.peek() == Some(&'\'') => {
                            characters.next();
                            value.push('\'');
                        }
                        Some('\'') => break,
                        Some(other) => value.push(other),
                        None => return Err(syntax("There is an unterminated string literal.")),
                    }
                }
                out.push(Token::Text(value));
            }
            _ => {
                let mut word = String::new();
                while let Some(&more) = characters.peek() {
                    // A colon separates a lambda's variable, but also stands within dates.
                    let is_lambda = more == ':' && !word.starts_with(|first: char| first.is_ascii_digit());
                    if more.is_whitespace() || matches!(more, '(' | ')' | ',' | '\'') || is_lambda {
                        break;
                    }
                    word.push(more);
                    characters.next();
                }
                if word.is_empty() {
                    characters.next();
                    out.push(Token::Colon);
                } else {
                    out.push(Token::Word(word));
                }
            }
        }
    }
    Ok(out)
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
}

/// Reads a `$filter`.
pub(crate) fn parse(text: &str) -> Result<Expr, Refusal> {
    let mut parser = Parser { tokens: tokens(text)?.into_iter().peekable() };
    let expr = parser.or(0)?;
    match parser.tokens.next() {
        None => Ok(expr),
        Some(token) => Err(syntax(format!("Syntax error: unexpected {token:?} in '{text}'."))),
    }
}

impl Parser {
    fn keyword(&mut self, wanted: &str) -> bool {
        self.tokens.next_if(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(wanted))).is_some()
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Refusal> {
        match self.tokens.next() {
            Some(token) if token == *wanted => Ok(()),
            found => Err(syntax(format!("Syntax error: expected {wanted:?}, found {found:?}."))),
        }
    }

    fn or(&mut self, depth: usize) -> Result<Expr, Refusal> {
        if depth > DEEPEST {
            return Err(syntax("It is nested too deeply."));
        }
        let mut left = self.and(depth)?;
        while self.keyword("or") {
            left = Expr::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Expr, Refusal> {
        let mut left = self.not(depth)?;
        while self.keyword("and") {
            left = Expr::And(Box::new(left), Box::new(self.not(depth)?));
        }
        Ok(left)
    }

    fn not(&mut self, depth: usize) -> Result<Expr, Refusal> {
        if depth > DEEPEST {
            return Err(syntax("It is nested too deeply."));
        }
        if self.keyword("not") {
            return Ok(Expr::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.tokens.next_if_eq(&Token::Open).is_some() {
            let inner = self.or(depth + 1)?;
            self.expect(&Token::Close)?;
            return Ok(inner);
        }
        self.test(depth)
    }

    fn word(&mut self) -> Result<String, Refusal> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            found => Err(syntax(format!("Syntax error: expected a property, found {found:?}."))),
        }
    }

    fn test(&mut self, depth: usize) -> Result<Expr, Refusal> {
        let name = self.word()?;
        if self.tokens.next_if_eq(&Token::Open).is_some() {
            return match name.rsplit_once('/') {
                Some((property, quantifier)) if quantifier.eq_ignore_ascii_case("any") => {
                    self.any(property.to_owned(), depth)
                }
                _ => self.function(&name),
            };
        }
        let operator = self.word()?;
        if operator.eq_ignore_ascii_case("in") {
            return self.members(name);
        }
        let operator = match operator.to_ascii_lowercase().as_str() {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "gt" => Operator::Gt,
            "ge" => Operator::Ge,
            "lt" => Operator::Lt,
            "le" => Operator::Le,
            _ => return Err(syntax(format!("'{operator}' is no operator."))),
        };
        Ok(Expr::Compare(name, operator, self.literal()?))
    }

    fn function(&mut self, name: &str) -> Result<Expr, Refusal> {
        let function = match name.to_ascii_lowercase().as_str() {
            "startswith" => Function::StartsWith,
            "endswith" => Function::EndsWith,
            "contains" => Function::Contains,
            _ => return Err(syntax(format!("An unknown function with name '{name}' was found."))),
        };
        let property = self.word()?;
        self.expect(&Token::Comma)?;
        let text = match self.tokens.next() {
            Some(Token::Text(text)) => text,
            found => return Err(syntax(format!("{name} takes a quoted text, found {found:?}."))),
        };
        self.expect(&Token::Close)?;
        // `startswith(a,'b') eq true` says the same as without.
        if self.keyword("eq") && !self.keyword("true") {
            return Err(syntax(format!("{name} can only be compared with true.")));
        }
        Ok(Expr::Call(function, property, text))
    }

    fn any(&mut self, property: String, depth: usize) -> Result<Expr, Refusal> {
        let variable = self.word()?;
        self.expect(&Token::Colon)?;
        let inner = self.or(depth + 1)?;
        self.expect(&Token::Close)?;
        Ok(Expr::Any(property, variable, Box::new(inner)))
    }

    fn members(&mut self, property: String) -> Result<Expr, Refusal> {
        self.expect(&Token::Open)?;
        let mut values = vec![self.literal()?];
        while self.tokens.next_if_eq(&Token::Comma).is_some() {
            values.push(self.literal()?);
        }
        self.expect(&Token::Close)?;
        Ok(Expr::In(property, values))
    }

    fn literal(&mut self) -> Result<Literal, Refusal> {
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(Literal::Text(text)),
            Some(Token::Word(word)) => Ok(match word.as_str() {
                "true" => Literal::Flag(true),
                "false" => Literal::Flag(false),
                "null" => Literal::Null,
                _ => Literal::Bare(word),
            }),
            found => Err(syntax(format!("Syntax error: expected a value, found {found:?}."))),
        }
    }
}

impl Expr {
    /// Whether the properties that `look` finds satisfy the filter. The directory ignores case (graph-facts 5).
    pub fn holds<'a>(&self, look: &dyn Fn(&str) -> Option<&'a Value>) -> bool {
        match self {
            Self::Or(left, right) => left.holds(look) || right.holds(look),
            Self::And(left, right) => left.holds(look) && right.holds(look),
            Self::Not(inner) => !inner.holds(look),
            Self::Compare(property, operator, literal) => compare(look(property), *operator, literal),
            Self::In(property, values) => values.iter().any(|it| compare(look(property), Operator::Eq, it)),
            Self::Call(function, property, text) => {
                look(property).and_then(Value::as_str).is_some_and(|value| applies(*function, value, text))
            }
            Self::Any(property, variable, inner) => {
                let prefix = format!("{variable}/");
                look(property).and_then(Value::as_array).into_iter().flatten().any(|element| {
                    inner.holds(&|name| match name.strip_prefix(&prefix) {
                        Some(field) => element.get(field),
                        None if name == variable => Some(element),
                        None => None,
                    })
                })
            }
        }
    }
}

/// Case-insensitive equality without building strings.
pub(crate) fn same_text(left: &str, right: &str) -> bool {
    lower(left).eq(lower(right))
}

fn lower(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

fn begins_with(text: &str, start: &str) -> bool {
    let mut characters = lower(text);
    lower(start).all(|wanted| characters.next() == Some(wanted))
}

fn applies(function: Function, value: &str, text: &str) -> bool {
    match function {
        Function::StartsWith => begins_with(value, text),
        Function::EndsWith => value.to_lowercase().ends_with(&text.to_lowercase()),
        Function::Contains => value.to_lowercase().contains(&text.to_lowercase()),
    }
}

fn compare(value: Option<&Value>, operator: Operator, literal: &Literal) -> bool {
    let value = value.unwrap_or(&Value::Null);
    let equal = match (value, literal) {
        (Value::Null, Literal::Null) => true,
        (Value::Bool(value), Literal::Flag(flag)) => value == flag,
        (Value::String(value), Literal::Text(text) | Literal::Bare(text)) => {
            dates(value, literal).map_or_else(|| same_text(value, text), |(value, wanted)| value == wanted)
        }
        (Value::Number(value), Literal::Bare(text)) => value.to_string() == *text,
        _ => false,
    };
    match operator {
        Operator::Eq => equal,
        Operator::Ne => !equal,
        Operator::Ge | Operator::Le if equal => true,
        _ => {
            let (Value::String(value), Literal::Text(text) | Literal::Bare(text)) = (value, literal) else {
                return false;
            };
            let ordering = match dates(value, literal) {
                Some((value, wanted)) => value.cmp(&wanted),
                None => value.to_lowercase().cmp(&text.to_lowercase()),
            };
            match operator {
                Operator::Gt | Operator::Ge => ordering.is_gt(),
                _ => ordering.is_lt(),
            }
        }
    }
}

/// Both as instants, where both are dates: those are written in several ways.
fn dates(value: &str, literal: &Literal) -> Option<(Timestamp, Timestamp)> {
    match literal {
        Literal::Bare(text) => Some((instant(value)?, instant(text)?)),
        _ => None,
    }
}

impl Expr {
    /// The properties that it asks about.
    pub fn subjects(&self) -> Vec<&str> {
        match self {
            Self::Compare(name, ..) | Self::In(name, _) | Self::Call(_, name, _) | Self::Any(name, ..) => vec![name],
            Self::Not(inner) => inner.subjects(),
            Self::Or(left, right) | Self::And(left, right) => {
                left.subjects().into_iter().chain(right.subjects()).collect()
            }
        }
    }
}

impl Literal {
    /// The id that it writes.
    pub fn guid(&self) -> Option<uuid::Uuid> {
        match self {
            Self::Text(text) | Self::Bare(text) => text.parse().ok(),
            Self::Flag(_) | Self::Null => None,
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Flag(flag) => flag.fmt(f),
            Self::Null => f.write_str("null"),
            Self::Bare(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(left, right) => write!(f, "({left} or {right})"),
            Self::And(left, right) => write!(f, "({left} and {right})"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Compare(property, operator, literal) => {
                let operator = match operator {
                    Operator::Eq => "eq",
                    Operator::Ne => "ne",
                    Operator::Gt => "gt",
                    Operator::Ge => "ge",
                    Operator::Lt => "lt",
                    Operator::Le => "le",
                };
                write!(f, "{property} {operator} {literal}")
            }
            Self::In(property, values) => {
                let values: Vec<String> = values.iter().map(Literal::to_string).collect();
                write!(f, "{property} in ({})", values.join(", "))
            }
            Self::Call(function, property, text) => {
                let function = match function {
                    Function::StartsWith => "startswith",
                    Function::EndsWith => "endswith",
                    Function::Contains => "contains",
                };
                write!(f, "{function}({property}, '{}')", text.replace('\'', "''"))
            }
            Self::Any(property, variable, inner) => write!(f, "{property}/any({variable}:{inner})"),
        }
    }
}
