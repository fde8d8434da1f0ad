//! What rules ask beside the plain fields of an order: tags, people above, the calendar, other fields, and the run.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod story;

use common::*;
use jiff::civil::{Date, date};
use ordain_flow::rule::{Day, Member};
use ordain_flow::run::WayBack;
use ordain_flow::{Facts, Value, compile, from_cel};
use serde_json::json;
use story::*;

fn holds(text: &str, facts: &Facts) -> bool {
    let condition = from_cel(text, &schema()).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
    compile(&condition, &schema()).unwrap().eval(facts)
}

fn set(facts: &mut Facts, name: &str, value: Value) {
    let slot = schema().order_index(name).unwrap();
    facts.fields.resize(facts.fields.len().max(slot + 1), Value::Null);
    *facts.fields.get_mut(slot).unwrap() = value;
}

fn asked(cases: &[(&str, bool)], facts: &Facts) {
    for (text, expected) in cases {
        assert_eq!(holds(text, facts), *expected, "{text}");
    }
}

#[test]
fn tags_and_people_above_are_known_by_one_word_or_several() {
    let mut facts = facts("100", false);
    set(&mut facts, "tags", Value::Tags(["urgent".into(), "vip".into()].into()));
    let above = ["boss".into(), "chief".into()].into();
    set(&mut facts, "salesperson", Value::Member(Member { login: "sales1".into(), above }));
    asked(
        &[
            ("tags.includes(\"vip\")", true),
            ("tags.includes([\"new\", \"vip\"])", true),
            ("!tags.includes([\"new\", \"old\"])", true),
            ("salesperson == \"sales1\"", true),
            ("salesperson in [\"boss\", \"sales2\"]", false),
            ("salesperson.under(\"boss\")", true),
            ("salesperson.under([\"x\", \"sales1\"])", true),
            ("!salesperson.under(\"sales2\")", true),
        ],
        &facts,
    );
    set(&mut facts, "salesperson", Value::Null);
    asked(
        &[
            ("!salesperson.under(\"boss\")", false),
            ("if_empty(salesperson.under(\"boss\"), true)", true),
            ("salesperson == null", true),
        ],
        &facts,
    );
}

#[test]
fn days_are_counted_by_the_calendar_that_comes_with_the_facts() {
    let friday: Date = date(2026, 11, 27);
    let mut facts = facts("100", false);
    set(&mut facts, "requested_date", Value::Date(friday));
    let asks = ["workingDaysUntil(requested_date) <= 3", "requested_date.isWorkingDay()"];
    asked(&asks.map(|text| (text, false)), &facts);
    asked(&[("if_empty(requested_date.isWorkingDay(), true)", true)], &facts);
    facts.days.insert(friday, Day { works: true, working_days: 3 });
    asked(&asks.map(|text| (text, true)), &facts);
    asked(
        &[("workingDaysUntil(requested_date) <= 2", false), ("!requested_date.isWorkingDay()", false)],
        &facts,
    );
}

#[test]
fn a_number_is_held_against_another_one() {
    let facts = facts("105", false);
    asked(
        &[
            ("amount > line_count * 52", true),
            ("amount == line_count * 52.5", true),
            ("amount == line_count + 103", true),
            ("line_count * 50 + 5 == amount", true),
            ("amount < 2 * line_count - 1", false),
            ("deviation(amount, line_count) >= 5150", true),
            ("5151 <= deviation(amount, line_count)", false),
            ("lines.exists(l, deviation(l.amount, l.quantity) >= 2500)", true),
            ("lines.all(l, deviation(l.amount, l.quantity) >= 2500)", false),
        ],
        &facts,
    );
    let mut nothing = facts.clone();
    set(&mut nothing, "line_count", number("0"));
    asked(
        &[
            ("deviation(amount, line_count) >= 5", false),
            ("if_empty(deviation(amount, line_count) >= 5, true)", true),
        ],
        &nothing,
    );
}

#[test]
fn a_rule_knows_what_came_of_a_step_as_soon_as_it_is_decided() {
    let lanes = vec![
        when("no", "result(\"a\") == \"reject\"", vec![review("after_no")]),
        when("yes", "result(\"a\") == \"approve\" && result(\"b\") == null", vec![review("after_yes")]),
        otherwise(vec![]),
    ];
    let both = vec![lane("x", vec![review("a")]), lane("y", vec![review("c")])];
    let steps = || {
        vec![
            parallel(both.clone(), json!("all"), "record"),
            node("fork", json!({"type": "exclusive", "lanes": lanes})),
            review("b"),
        ]
    };
    let mut story = started(steps());
    story.approve("c");
    story.approve("a");
    assert_eq!(story.at(), ["after_yes"]);
    let mut story = started(steps());
    story.reject("a");
    story.approve("c");
    assert_eq!(story.at(), ["after_no"]);
}

#[test]
fn a_rule_knows_how_often_people_have_sent_the_order_back() {
    let lanes = vec![when("often", "returns >= 2", vec![review("boss")]), otherwise(vec![])];
    let steps = vec![
        review("a"),
        review("b"),
        node("fork", json!({"type": "exclusive", "lanes": lanes})),
        review("z"),
    ];
    let mut story = started(steps);
    for round in 0..3 {
        story.approve("a");
        if round < 2 {
            let back = story.back("b", "a", WayBack::StepByStep);
            story.take(back);
        }
    }
    story.approve("b");
    assert_eq!(story.at(), ["boss"]);
}

#[test]
fn a_result_that_no_step_can_have_is_named() {
    let problem = |text: &str| {
        let lanes = json!([when("x", text, vec![review("r")]), otherwise(vec![])]);
        let doc = flow_of(json!([
            start(),
            review("a"),
            node("f", json!({"type": "exclusive", "lanes": lanes})),
            end()
        ]));
        let report = ordain_flow::check::check(&doc, &schema(), None);
        report.problems.into_iter().find(|p| p.node.as_deref() == Some("f")).map(|p| p.code)
    };
    assert_eq!(problem("result(\"gone\") == \"approve\""), Some("F-011"));
    assert_eq!(problem("result(\"a\") == \"perhaps\""), Some("F-015"));
    assert_eq!(problem("if_empty(result(\"a\") == \"return\", false)"), None);
}
