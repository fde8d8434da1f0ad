//! Builder and text are two views of one tree: going there and back changes nothing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use common::*;
use ordain_flow::rule::{Deviation, Formula, Lines, OnEmpty, Operand, Operator, Row};
use ordain_flow::{Condition, Facts, TextRefusal, Value, compile, from_cel, to_cel};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn number_operand() -> impl Strategy<Value = Operand> {
    let scaled = (any::<i64>(), 0u32..8).prop_map(|(n, scale)| Decimal::new(n, scale));
    let large = any::<i64>().prop_map(|n| Decimal::from(n) * Decimal::from(1_000));
    prop_oneof![scaled, large].prop_map(Operand::Number)
}

fn text_operand() -> impl Strategy<Value = Operand> {
    prop_oneof![any::<String>(), "[a-z华东\"'\\\\\n]{0,8}".prop_map(|s| s)]
        .prop_filter("the fence allows 4 KiB", |text| text.len() < 100)
        .prop_map(Operand::Text)
}

fn date_operand() -> impl Strategy<Value = Operand> {
    (1990i16..2100, 1i8..13, 1i8..29).prop_map(|(y, m, d)| Operand::Date(jiff::civil::date(y, m, d)))
}

fn list(of: impl Strategy<Value = Operand>) -> impl Strategy<Value = Operand> {
    prop::collection::vec(of, 0..4).prop_map(Operand::List)
}

fn comparison() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Eq,
        Operator::Ne,
        Operator::Gt,
        Operator::Ge,
        Operator::Lt,
        Operator::Le,
    ])
}

fn membership() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![Operator::In, Operator::NotIn])
}

fn textual() -> impl Strategy<Value = Operator> {
    prop::sample::select(vec![
        Operator::Eq,
        Operator::Ne,
        Operator::Contains,
        Operator::NotContains,
        Operator::StartsWith,
        Operator::Like,
        Operator::NotLike,
    ])
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i32>(), 0u32..4).prop_map(|(n, scale)| Decimal::new(i64::from(n), scale))
}

fn formula(field: &'static str) -> impl Strategy<Value = Operand> {
    (decimal(), decimal())
        .prop_map(|(times, plus)| Operand::Formula(Formula { field: field.to_owned(), times, plus }))
}

fn deviation(from: &'static str) -> impl Strategy<Value = Operand> {
    decimal().prop_map(|percent| Operand::Deviation(Deviation { from: from.to_owned(), percent }))
}

/// One value, a list of them, or a saved one.
fn words() -> impl Strategy<Value = Operand> {
    prop_oneof![text_operand(), list(text_operand()), saved()]
}

fn saved() -> impl Strategy<Value = Operand> {
    ".{0,8}".prop_map(Operand::Set)
}

/// Rows that only fields of the order have.
fn of_order() -> impl Strategy<Value = (&'static str, Operator, Option<Operand>)> {
    let tagged = prop::sample::select(vec![Operator::Includes, Operator::NotIncludes]);
    let under = prop::sample::select(vec![Operator::Under, Operator::NotUnder]);
    let working = prop::sample::select(vec![Operator::IsWorkingDay, Operator::NotWorkingDay]);
    let days = decimal().prop_map(Operand::Number);
    prop_oneof![
        (comparison(), date_operand()).prop_map(|(op, date)| ("requested_date", op, Some(date))),
        days.prop_map(|days| ("requested_date", Operator::WithinWorkingDays, Some(days))),
        working.prop_map(|op| ("requested_date", op, None)),
        (tagged, words()).prop_map(|(op, tags)| ("tags", op, Some(tags))),
        (under, words()).prop_map(|(op, people)| ("salesperson", op, Some(people))),
        (textual().prop_filter("a person is no text", |op| op.is_comparison()), text_operand())
            .prop_map(|(op, login)| ("salesperson", op, Some(login))),
    ]
}

fn row(in_line: bool) -> impl Strategy<Value = Condition> {
    let names = |order: &[&'static str], line: &[&'static str]| {
        prop::sample::select(if in_line { line.to_vec() } else { order.to_vec() })
    };
    let (numbers, texts) = (["amount", "line_count"], ["region", "customer"]);
    let sensible = prop_oneof![
        (names(&numbers, &["amount", "quantity"]), comparison(), number_operand()),
        (names(&numbers, &["amount"]), membership(), list(number_operand())),
        (
            names(&numbers, &["amount"]),
            comparison(),
            Just(Operand::Field(if in_line { "quantity" } else { "revision" }.to_owned()))
        ),
        (names(&numbers, &["amount"]), comparison(), formula(if in_line { "quantity" } else { "revision" })),
        (
            names(&numbers, &["amount"]),
            Just(Operator::Deviates),
            deviation(if in_line { "quantity" } else { "revision" })
        ),
        (names(&texts, &["product"]), textual(), text_operand()),
        (names(&texts, &["product"]), membership(), prop_oneof![list(text_operand()), saved()]),
        (
            names(&["special_terms"], &["short"]),
            prop::sample::select(vec![Operator::Eq, Operator::Ne]),
            any::<bool>().prop_map(Operand::Bool),
        ),
    ];
    let sensible = sensible.prop_map(|(field, op, value)| (field, op, Some(value)));
    let valued = if in_line { sensible.boxed() } else { prop_oneof![5 => sensible, 2 => of_order()].boxed() };
    let said = any::<bool>().prop_map(OnEmpty::Holds);
    let said =
        if in_line { said.boxed() } else { prop_oneof![2 => said, 1 => Just(OnEmpty::Exception)].boxed() };
    let valued = (valued, prop::option::of(said)).prop_map(|((field, operator, value), when_empty)| Row {
        field: field.to_owned(),
        operator,
        value,
        when_empty,
    });
    let empty = (names(&["region", "amount"], &["product"]), any::<bool>()).prop_map(|(field, is)| Row {
        field: field.to_owned(),
        operator: if is { Operator::IsEmpty } else { Operator::NotEmpty },
        value: None,
        when_empty: None,
    });
    prop_oneof![6 => valued, 1 => empty].prop_map(Condition::Row)
}

fn groups(leaf: BoxedStrategy<Condition>) -> BoxedStrategy<Condition> {
    let group = |inner: BoxedStrategy<Condition>| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..3).prop_map(Condition::All),
            prop::collection::vec(inner, 1..3).prop_map(Condition::Any),
        ]
    };
    let one = group(leaf.clone()).boxed();
    let inner = prop_oneof![3 => leaf.clone(), 1 => one.clone()].boxed();
    prop_oneof![1 => leaf, 1 => one, 2 => group(inner)].boxed()
}

fn lines() -> impl Strategy<Value = Condition> {
    let matching = || prop_oneof![3 => row(true).boxed(), 1 => groups(row(true).boxed())].prop_map(Box::new);
    let value = || (any::<i32>(), 0u32..4).prop_map(|(n, scale)| Decimal::new(i64::from(n), scale));
    prop_oneof![
        matching().prop_map(|matching| Lines::Any { matching }),
        matching().prop_map(|matching| Lines::All { matching }),
        matching().prop_map(|matching| Lines::None { matching }),
        (prop::option::of(matching()), comparison(), value())
            .prop_map(|(matching, op, value)| Lines::Count { matching, op, value }),
        (prop::option::of(matching()), comparison(), value()).prop_map(|(matching, op, value)| {
            Lines::Sum { field: "quantity".to_owned(), matching, op, value }
        }),
        (prop::option::of(matching()), comparison(), value()).prop_map(|(matching, op, value)| {
            Lines::Distinct { field: "product".to_owned(), matching, op, value }
        }),
    ]
    .prop_map(Condition::Lines)
}

fn conditions() -> impl Strategy<Value = Condition> {
    groups(prop_oneof![4 => row(false), 1 => lines()].boxed())
}

fn some_facts() -> Vec<Facts> {
    let mut empty = facts("0", false);
    empty.fields.fill(Value::Null);
    vec![facts("50000", true), facts("-3.5", false), empty, Facts::default()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_written_as_text_is_read_back_as_the_same_tree(condition in conditions()) {
        let text = to_cel(&condition);
        prop_assume!(text.len() <= ordain_flow::text::MAX_BYTES && condition.rows().len() <= 20);
        let normal = condition.clone().normal();
        let back = from_cel(&text, &schema());
        prop_assert_eq!(back.as_ref(), Ok(&normal), "{}", text);
        prop_assert_eq!(from_cel(&to_cel(&normal), &schema()), Ok(normal.clone()));
        let normal_text = to_cel(&normal);
        prop_assert_eq!(to_cel(&from_cel(&normal_text, &schema()).unwrap()), normal_text);
    }

    #[test]
    fn a_tree_its_normal_form_and_its_stored_form_say_the_same(condition in conditions()) {
        let stored = serde_json::to_string(&condition).unwrap();
        let back: Condition = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&back, &condition);
        let rule = compile(&condition, &schema()).unwrap();
        let normal = compile(&condition.normal(), &schema()).unwrap();
        for facts in some_facts() {
            prop_assert_eq!(rule.eval(&facts), normal.eval(&facts));
        }
    }
}

fn holds(text: &str, facts: &Facts) -> bool {
    let condition = from_cel(text, &schema()).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"));
    compile(&condition, &schema()).unwrap().eval(facts)
}

#[test]
fn rules_say_what_their_words_say() {
    let facts = facts("50000.10", true);
    for (text, expected) in [
        ("amount >= 50000.10", true),
        ("amount > 50000.1", false),
        ("50000 < amount", true),
        ("0.1 <= amount && amount <= 50000.100", true),
        ("amount == 0x1f", false),
        ("special_terms", true),
        ("!special_terms", false),
        ("special_terms != true", false),
        ("currency in [\"USD\", \"CNY\"]", true),
        ("!(currency in ['CNY'])", false),
        ("customer.startsWith(\"C0\") && customer.contains(\"01\")", true),
        ("!customer.contains(\"9\")", true),
        ("region == \"x\"", false),
        ("region != \"x\"", false),
        ("if_empty(region != \"x\", true)", true),
        ("region == null", true),
        ("customer_level != null", false),
        ("line_count > revision", true),
        ("requested_date < date(\"2030-01-01\")", false),
        ("lines.exists(l, l.short)", true),
        ("lines.all(l, l.quantity >= 3)", true),
        ("!lines.exists(x, x.product == 'SKU-9')", true),
        ("size(lines) == 2", true),
        ("lines.filter(l, l.short).size() >= 2", false),
        ("sum(lines.map(l, l.amount)) == 205.5", true),
        ("10 > sum(lines.map(l, !l.short, l.quantity))", false),
        ("amount > -1 && amount > - 2.5", true),
        ("customer.like(\"C*1\") && !customer.like(\"C0\")", true),
        ("currency.like('?NY') && !(channel.like('web*'))", true),
        ("lines.all(l, l.product.like(\"SKU-?\"))", true),
        ("region.like(\"*\")", false),
        ("size(lines.map(l, l.product).distinct()) == 2", true),
        ("2 > lines.map(l, l.short, l.product).distinct().size()", true),
        ("size(lines.map(l, l.product.like('X*'), l.product).distinct()) >= 1", false),
        ("amount == 1 || amount == 2 && special_terms", false),
    ] {
        assert_eq!(holds(text, &facts), expected, "{text}");
    }
}

#[test]
fn money_is_exact_where_a_float_would_not_be() {
    assert!(!holds("amount == 0.1000000000000000055511151231", &facts("0.1", false)));
    assert!(holds(
        "amount == 0.1000000000000000055511151231",
        &facts("0.1000000000000000055511151231", false)
    ));
    assert!(holds("amount < 9007199254740993", &facts("9007199254740992", false)));
    assert!(holds(
        "amount == 79228162514264337593543950335.0",
        &facts("79228162514264337593543950335", false)
    ));
}

#[test]
fn what_does_not_fit_the_tree_is_refused_by_name() {
    for (text, expected) in [
        ("amount + 1 > 2", "call `_+_`"),
        ("amount - 1 > 2", "call `_-_`"),
        ("amount > 1 ? true : false", "`?`"),
        ("{\"a\": 1} == amount", "`{`"),
        ("amount > 1 // note", "`/`"),
        ("region == r\"x\"", "`r`"),
        ("region == \"\"\"x\"\"\"", "triple quote"),
        ("region == \"x", "unclosed quote"),
        ("amount > 1e3", "number `1e3`"),
        ("amount > 7u", "constant"),
        ("amount > (revision + 1) * 2", "call `_*_`"),
        ("amount > revision / 2", "`/`"),
        ("deviation(amount, revision) > 5", "call `deviation`"),
        ("lines.exists(l, result(\"x\") == \"approve\")", "instead of a field"),
        ("true", "constant"),
        ("1 == 1", "a comparison without `field`"),
        ("region.matches(\"x\")", "call `matches`"),
        ("order.amount > 1", "selection of `amount`"),
        ("timestamp(\"2026-01-01T00:00:00Z\") > requested_date", "call `timestamp`"),
        ("size(lines.distinct()) > 1", "call `size`"),
        ("sum(lines.map(l, l.amount).distinct()) > 1", "call `sum`"),
        ("size(lines.map(l, l.short, l.short, l.product).distinct()) > 1", "call `map`"),
        ("lines.exists(l, amount > 1)", "order field within lines `amount`"),
        ("lines.exists(l, lines.exists(m, m.short))", "lines `within lines`"),
        ("lines.exists_one(l, l.short)", "call `exists_one`"),
        ("!(amount > 1)", "negation of"),
        ("!(special_terms && amount > 1)", "call `_&&_`"),
        ("if_empty(if_empty(amount > 1, true), false)", "this row in `if_empty`"),
        ("requested_date > date(\"2026-02-30\")", "date `2026-02-30`"),
        ("region > null", "order of `null`"),
        ("amount > 99999999999999999999", "cannot be read at line 1"),
        ("amount >", "cannot be read"),
        ("", "cannot be read"),
    ] {
        let refusal = from_cel(text, &schema()).unwrap_err().to_string();
        assert!(refusal.contains(expected), "{text}: {refusal}");
    }
}

#[test]
fn names_types_and_sizes_are_checked() {
    let codes = |text: &str| match from_cel(text, &schema()) {
        Err(TextRefusal::Rule { problems }) => {
            problems.iter().map(|problem| problem.code).collect::<Vec<_>>()
        }
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(codes("nothing > 1 && l_short"), ["F-011", "F-011"]);
    assert_eq!(codes("amount > \"x\""), ["F-015"]);
    assert_eq!(codes("region > \"x\""), ["F-015"]);
    assert_eq!(codes("amount.contains(\"x\")"), ["F-015"]);
    assert_eq!(codes("order_type == \"typo\""), ["F-015"]);
    assert_eq!(codes("amount == region"), ["F-015"]);
    assert_eq!(codes("amount.like(\"1*\")"), ["F-015"]);
    assert_eq!(codes("region.like(customer)"), ["F-015"]);
    assert_eq!(codes(&format!("region.like(\"{}\")", "*".repeat(101))), ["F-019"]);
    assert_eq!(codes("size(lines.map(l, l.region).distinct()) > 1"), ["F-011"]);
    assert_eq!(codes("sum(lines.map(l, l.product)) > 1"), ["F-015"]);
    assert_eq!(codes("lines.exists(l, l.region == \"x\")"), ["F-011"]);
    assert_eq!(codes(&vec!["amount > 1"; 21].join(" && ")), ["F-019"]);
    let nested = "amount > 1 || (amount > 2 && (amount > 3 || (amount > 4 && amount > 5)))";
    assert_eq!(codes(nested), ["F-019"]);
    let long = format!("line_count in [{}]", ["1"; 501].join(","));
    assert_eq!(codes(&long), ["F-019"]);
}

#[test]
fn a_condition_stored_with_a_float_or_a_misspelt_key_is_refused() {
    for bad in [
        r#"{"row":{"field":"amount","op":"ge","value":{"number":5}}}"#,
        r#"{"row":{"field":"amount","op":"ge","value":{"number":"5e3"}}}"#,
        r#"{"row":{"field":"amount","op":"ge","valu":{"number":"5"}}}"#,
        r#"{"row":{"field":"amount","op":"about","value":{"number":"5"}}}"#,
    ] {
        assert!(serde_json::from_str::<Condition>(bad).is_err(), "{bad}");
    }
}
