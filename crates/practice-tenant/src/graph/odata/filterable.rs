//! Which filters Graph evaluates: the operators of each property, and the constants that they take (graph-facts 4).

use crate::clock::instant;
use crate::graph::error::Refusal;
use crate::graph::odata::filter::{Expr, Function, Literal, Operator};
use crate::graph::odata::schema::{Kind, Property, Shape};

/// What a filter may do with a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    Eq,
    /// As all negations only in advanced queries.
    Ne,
    Not,
    Ge,
    Le,
    In,
    StartsWith,
    /// `eq null`.
    Null,
}

pub(crate) const NONE: &[Test] = &[];
pub(crate) const EQUAL: &[Test] = &[Test::Eq];
pub(crate) const UNEQUAL: &[Test] = &[Test::Eq, Test::Ne, Test::Not];
pub(crate) const EXACT: &[Test] = &[Test::Eq, Test::Ne, Test::Not, Test::In];
/// Of alternate keys.
pub(crate) const KEY: &[Test] = &[Test::Eq, Test::Ne, Test::Not, Test::In, Test::StartsWith];
/// Of what an assignment's holder is called.
pub(crate) const BEGINNING: &[Test] = &[Test::Eq, Test::StartsWith];
pub(crate) const RANGE: &[Test] = &[Test::Eq, Test::Ne, Test::Not, Test::Ge, Test::Le];
pub(crate) const DATES: &[Test] = &[Test::Eq, Test::Ne, Test::Not, Test::Ge, Test::Le, Test::In, Test::Null];
pub(crate) const NAME: &[Test] =
    &[Test::Eq, Test::Ne, Test::Not, Test::Ge, Test::Le, Test::In, Test::StartsWith, Test::Null];
/// Of descriptions.
pub(crate) const WORDS: &[Test] = &[Test::Eq, Test::Ne, Test::Not, Test::Ge, Test::Le, Test::StartsWith];
pub(crate) const DOMAIN: &[Test] = &[Test::Eq, Test::Ne, Test::Ge, Test::Le, Test::StartsWith];
/// Of the members of a collection, by `any`.
pub(crate) const MEMBERS: &[Test] = &[Test::Eq, Test::Not, Test::Ge, Test::Le, Test::StartsWith];

impl Operator {
    /// `gt` and `lt` are listed for no property.
    const fn test(self) -> Option<Test> {
        match self {
            Self::Eq => Some(Test::Eq),
            Self::Ne => Some(Test::Ne),
            Self::Ge => Some(Test::Ge),
            Self::Le => Some(Test::Le),
            Self::Gt | Self::Lt => None,
        }
    }
}

impl Shape {
    /// The type's name in OData.
    const fn edm(self) -> &'static str {
        match self {
            Self::Flag => "Edm.Boolean",
            Self::Guid => "Edm.Guid",
            Self::Date => "Edm.DateTimeOffset",
            Self::Text | Self::Texts => "Edm.String",
            Self::Object | Self::Objects => "Edm.ComplexType",
        }
    }

    /// Whether a property of this form can be compared with the constant: texts are quoted, the rest is not.
    fn takes(self, literal: &Literal) -> bool {
        match (self, literal) {
            (_, Literal::Null) | (Self::Text | Self::Texts, Literal::Text(_)) | (Self::Flag, Literal::Flag(_)) => true,
            (Self::Guid, Literal::Bare(text)) => text.len() == 36 && text.parse::<uuid::Uuid>().is_ok(),
            (Self::Date, Literal::Bare(text)) => instant(text).is_some(),
            _ => false,
        }
    }
}

impl Property {
    fn check_literal(&self, literal: &Literal) -> Result<(), Refusal> {
        if self.shape.takes(literal) {
            return Ok(());
        }
        Err(Refusal::unreadable(format!(
            "Invalid filter clause: A binary operator with incompatible types was detected. The property '{}' is of \
             type '{}' and cannot be compared with {literal}.",
            self.name,
            self.shape.edm()
        )))
    }

    const fn is_collection(&self) -> bool {
        matches!(self.shape, Shape::Texts | Shape::Objects)
    }
}

impl Kind {
    /// Whether Graph evaluates this filter; `ne` and `not` only in advanced queries.
    pub fn check_filter(&self, expr: &Expr, advanced: bool) -> Result<(), Refusal> {
        match expr {
            Expr::Or(left, right) | Expr::And(left, right) => {
                self.check_filter(left, advanced)?;
                self.check_filter(right, advanced)
            }
            Expr::Not(inner) => {
                self.check_filter(inner, advanced)?;
                inner.subjects().into_iter().try_for_each(|name| self.allow(name, Some(Test::Not), advanced))
            }
            Expr::Compare(name, operator, literal) => {
                let property = self.need(name)?;
                if property.is_collection() {
                    return Err(self.unsupported(name));
                }
                property.check_literal(literal)?;
                if *literal == Literal::Null {
                    self.allow(name, Some(Test::Null), advanced)?;
                }
                self.allow(name, operator.test(), advanced)
            }
            Expr::In(name, literals) => {
                let property = self.need(name)?;
                literals.iter().try_for_each(|literal| property.check_literal(literal))?;
                if literals.contains(&Literal::Null) {
                    return Err(self.unsupported(name));
                }
                self.allow(name, Some(Test::In), advanced)
            }
            Expr::Call(function, name, _) => {
                if self.need(name)?.shape != Shape::Text {
                    return Err(self.unsupported(name));
                }
                self.allow(name, function.test(), advanced)
            }
            Expr::Any(name, variable, inner) => self.check_any(name, variable, inner, advanced),
        }
    }

    /// `property/any(variable:inner)`, where `inner` asks one thing about the member itself.
    fn check_any(&self, name: &str, variable: &str, inner: &Expr, advanced: bool) -> Result<(), Refusal> {
        let property = self.need(name)?;
        let test = match inner {
            Expr::Compare(subject, operator, literal) if subject == variable && *literal != Literal::Null => {
                property.check_literal(literal)?;
                // Members are negated by `not` around the whole.
                operator.test().filter(|test| *test != Test::Ne)
            }
            Expr::Call(function, subject, _) if subject == variable => function.test(),
            _ => None,
        };
        if property.shape == Shape::Texts { self.allow(name, test, advanced) } else { Err(self.unsupported(name)) }
    }

    /// Whether the property can be tested so.
    fn allow(&self, name: &str, test: Option<Test>, advanced: bool) -> Result<(), Refusal> {
        let property = self.need(name)?;
        match test {
            Some(Test::Ne | Test::Not) if !advanced => Err(self.unsupported(name)),
            Some(test) if property.tests.contains(&test) => Ok(()),
            _ => Err(self.unsupported(name)),
        }
    }

    fn unsupported(&self, name: &str) -> Refusal {
        Refusal::unsupported(format!(
            "Unsupported or invalid query filter clause specified for property '{name}' of resource '{}'.",
            self.title()
        ))
    }
}

impl Function {
    /// `endsWith` is for mail addresses only, `contains` for no directory object.
    const fn test(self) -> Option<Test> {
        match self {
            Self::StartsWith => Some(Test::StartsWith),
            Self::EndsWith | Self::Contains => None,
        }
    }
}
