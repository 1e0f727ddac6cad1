//! Properties of `$filter`: whatever is written is read back, and any text is found by its own quotation.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::filter::{Expr, Function, Literal, Operator, parse};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![Just("displayName".to_owned()), Just("appId".to_owned()), "[a-z][a-zA-Z]{0,8}/[a-z]{1,5}"]
        .prop_filter("a keyword", |name| !["not", "and", "or", "in", "eq"].contains(&name.as_str()))
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::Text),
        any::<bool>().prop_map(Literal::Flag),
        Just(Literal::Null),
        "[0-9]{1,6}|2026-0[1-9]-1[0-9]T10:20:30Z|[0-9a-f]{8}-[0-9a-f]{4}".prop_map(Literal::Bare),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    prop_oneof![
        Just(Operator::Eq),
        Just(Operator::Ne),
        Just(Operator::Gt),
        Just(Operator::Ge),
        Just(Operator::Lt),
        Just(Operator::Le)
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    let function = prop_oneof![Just(Function::StartsWith), Just(Function::EndsWith), Just(Function::Contains)];
    let leaf = prop_oneof![
        (name(), operator(), literal()).prop_map(|(name, operator, value)| Expr::Compare(name, operator, value)),
        (name(), prop::collection::vec(literal(), 1..4)).prop_map(|(name, values)| Expr::In(name, values)),
        (function, name(), any::<String>()).prop_map(|(function, name, text)| Expr::Call(function, name, text)),
        any::<String>().prop_map(|text| {
            let inner = Expr::Compare("x".into(), Operator::Eq, Literal::Text(text));
            Expr::Any("alternativeNames".into(), "x".into(), Box::new(inner))
        }),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| Expr::And(Box::new(left), Box::new(right))),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| Expr::Or(Box::new(left), Box::new(right))),
            inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(expr in expr()) {
        prop_assert_eq!(parse(&expr.to_string()).ok(), Some(expr));
    }

    #[test]
    fn no_text_makes_the_parser_fail_otherwise_than_by_a_refusal(text in ".{0,60}") {
        if let Err(refusal) = parse(&text) {
            prop_assert_eq!(refusal.status, 400);
        }
    }

    #[test]
    fn any_name_is_found_by_its_quotation(name in any::<String>()) {
        let value = Value::String(name.clone());
        let look = |property: &str| (property == "displayName").then_some(&value);
        let quoted = name.replace('\'', "''");
        let holds = |filter: String| parse(&filter).unwrap().holds(&look);
        let (equal, begins) = (format!("displayName eq '{quoted}'"), format!("startswith(displayName,'{quoted}')"));
        prop_assert!(holds(equal));
        prop_assert!(holds(begins));
        let differs = format!("displayName ne '{quoted}'");
        prop_assert!(!holds(differs));
    }
}

#[test]
fn and_binds_tighter_than_or_and_not_tighter_than_both() {
    let flag = json!(true);
    let look = |name: &str| (name == "yes").then_some(&flag);
    let holds = |text: &str| parse(text).unwrap().holds(&look);
    assert!(holds("yes eq true or no eq true and no eq true"));
    assert!(!holds("(yes eq true or no eq true) and no eq true"));
    assert!(holds("not no eq true and yes eq true"));
    assert!(holds("startswith(no,'x') eq true or yes eq true"));
}
