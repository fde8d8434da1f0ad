//! What each type of step does when the run comes to it, and what moves the run on from there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod story;

use common::*;
use ordain_flow::rule::Operand;
use ordain_flow::run::{Answer, Closed, ExceptionCause, Spared, VisitKind, WaitEnd, WaitingFor};
use ordain_flow::{Decision, Event, Input, Outcome, StepRefusal, waiting};
use serde_json::json;
use story::*;

fn customer(settings: serde_json::Value) -> serde_json::Value {
    let mut kind = json!({"type": "customer_confirmation", "template": "accept"});
    kind.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    node("customer", kind)
}

fn call(lane: serde_json::Value) -> serde_json::Value {
    node(
        "call",
        json!({"type": "connector_call", "connector": "erp", "operation": "post", "on_failure": lane}),
    )
}

#[test]
fn a_task_is_done_and_never_refused() {
    let mut story = started(vec![with_settings("work", json!({"type": "task"}))]);
    let visit = story.visit("work");
    let reject = Input::Decide { visit, decision: Decision::Reject };
    assert_eq!(story.refused(reject), StepRefusal::NothingToReject { visit });
    story.approve("work");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn the_customer_accepts_or_declines() {
    let mut story = started(vec![customer(json!({}))]);
    assert!(matches!(waiting(&story.flow, &story.run)[0].kind, WaitingFor::Customer(_)));
    let visit = story.visit("customer");
    let decide = Input::Decide { visit, decision: Decision::Approve };
    assert_eq!(story.refused(decide), StepRefusal::WrongKind { visit, kind: VisitKind::Customer });
    assert_eq!(story.refused(Input::Skip { visit }), StepRefusal::CustomerMustAnswer { visit });
    story.answer("customer", Answer::Accepted);
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
    let mut story = started(vec![customer(json!({}))]);
    story.answer("customer", Answer::Declined);
    assert_eq!(story.outcome(), Some(Outcome::Rejected));
}

#[test]
fn silence_is_consent_only_where_the_flow_says_so_outright() {
    let lapsed = |settings| {
        let mut story = started(vec![customer(settings)]);
        story.answer("customer", Answer::Lapsed);
        story
    };
    let story = lapsed(json!({}));
    assert_eq!(story.at(), ["customer"], "an exception is raised and the wait goes on");
    let visit = story.visit("customer");
    let again = story.refused(Input::Answer { visit, answer: Answer::Lapsed });
    assert_eq!(again, StepRefusal::AlreadyLapsed { visit });
    assert_eq!(lapsed(json!({"on_lapse": "accept"})).at(), ["customer"]);
    let consent = lapsed(json!({"on_lapse": "accept", "silence_is_consent": true}));
    assert_eq!(consent.outcome(), Some(Outcome::Confirmed));
    assert_eq!(lapsed(json!({"on_lapse": "expire"})).outcome(), Some(Outcome::Expired));
}

#[test]
fn a_delay_waits_for_its_time_and_becomes_an_exception_when_it_takes_too_long() {
    let steps = || vec![node("pause", json!({"type": "delay", "for": {"minutes": {"minutes": 5}}}))];
    let mut story = started(steps());
    let visit = story.visit("pause");
    assert_eq!(story.run.visit(visit).unwrap().since_ms, 1_000);
    assert!(matches!(story.refused(Input::Arrived { visit }), StepRefusal::WrongKind { .. }));
    story.take(Input::TimeUp { visit });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
    let over = StepRefusal::AlreadyEnded { outcome: Outcome::Confirmed };
    assert_eq!(story.refused(Input::TimeUp { visit }), over);
    let mut story = started(steps());
    story.take(Input::Failed { visit: story.visit("pause") });
    let cause = ExceptionCause::DelayTooLong;
    assert_eq!(waiting(&story.flow, &story.run)[0].kind, WaitingFor::Exception(cause));
    story.take(Input::Skip { visit: story.visit("pause") });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn an_event_arrives_or_its_time_runs_out() {
    let wait = || {
        let late = lane("late", vec![review("chase")]);
        vec![node(
            "paid",
            json!({"type": "wait_event", "event": "payment", "timeout_minutes": 9, "on_timeout": late}),
        )]
    };
    let mut story = started(wait());
    story.take(Input::Arrived { visit: story.visit("paid") });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
    let mut story = started(wait());
    let visit = story.visit("paid");
    story.take(Input::TimeUp { visit });
    assert_eq!(story.at(), ["chase"]);
    assert_eq!(story.run.visit(visit).unwrap().closed, Some(Closed::Waited(WaitEnd::TimedOut)));
    let late = story.refused(Input::Arrived { visit });
    assert_eq!(late, StepRefusal::WaitOver { visit, how: WaitEnd::TimedOut });
    story.approve("chase");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn a_failed_call_takes_its_lane_or_asks_a_person_who_runs_it_again_or_goes_on() {
    let mut story = started(vec![call(lane("failed", vec![review("by_hand")]))]);
    story.take(Input::Failed { visit: story.visit("call") });
    assert_eq!(story.at(), ["by_hand"]);
    let mut story = started(vec![call(json!(null))]);
    let first = story.visit("call");
    assert_eq!(story.refused(Input::RunAgain { visit: first }), StepRefusal::NotFailed { visit: first });
    story.take(Input::Failed { visit: first });
    let exception = story.visit("call");
    assert_ne!(exception, first, "the person's task is a stay of its own");
    story.take(Input::RunAgain { visit: exception });
    assert!(matches!(waiting(&story.flow, &story.run)[0].kind, WaitingFor::Call(_)));
    story.take(Input::Failed { visit: story.visit("call") });
    story.approve("call");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn data_is_set_from_constants_and_fields_and_what_follows_sees_it() {
    let assign = json!([
        {"field": "grade", "value": {"text": "large"}},
        {"field": "amount", "value": {"number": "60000"}},
        {"field": "from", "value": {"field": "customer"}},
        {"field": "nothing", "value": {"field": "customer_level"}},
    ]);
    let set = json!({"type": "update_data", "assign": assign, "stock": "reserve", "tags": ["seen"]});
    let fork = json!({"type": "exclusive", "lanes": [
        when("large", "amount >= 50000", vec![review("manager")]), otherwise(vec![])
    ]});
    let mut story = started(vec![review("first"), node("set", set), node("fork", fork)]);
    let events = story.approve("first");
    let said = events.iter().find_map(|event| match event {
        Event::DataSet { assign, stock, tags, .. } => Some((assign.clone(), *stock, tags.clone())),
        _ => None,
    });
    let (assign, stock, tags) = said.unwrap();
    let values: Vec<_> = assign.iter().map(|set| set.value.clone()).collect();
    let text = |text: &str| Some(Operand::Text(text.to_owned()));
    assert_eq!(values[0], text("large"));
    assert_eq!(values[2..], [text("C001"), None]);
    assert_eq!((stock.is_some(), tags.len()), (true, 1));
    assert_eq!(story.at(), ["manager"]);
}

#[test]
fn copies_notices_and_detached_inner_runs_keep_nobody_waiting() {
    let inner = |detached: bool| json!({"type": "subflow", "flow": "inner", "detached": detached});
    let mut story = started(vec![
        review("first"),
        node("copy", json!({"type": "cc", "to": ["owner"]})),
        node("inner", inner(true)),
    ]);
    let events = story.approve("first");
    assert!(events.iter().any(|event| matches!(event, Event::CopyRequested { .. })));
    assert!(events.iter().any(|event| matches!(event, Event::SubflowDetached { .. })));
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
    let mut story = started(vec![node("inner", inner(false))]);
    assert!(matches!(waiting(&story.flow, &story.run)[0].kind, WaitingFor::Subflow(_)));
    story.take(Input::Failed { visit: story.visit("inner") });
    story.take(Input::RunAgain { visit: story.visit("inner") });
    story.take(Input::Done { visit: story.visit("inner") });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

/// Whose rule would let the order pass has not seen what was changed inside.
#[test]
fn who_looks_again_after_an_inner_run_is_asked_whatever_the_rule_says() {
    let mut story = started(vec![
        with_settings("look", json!({"type": "review", "auto_when_clear": true})),
        node("inner", json!({"type": "subflow", "flow": "inner"})),
    ]);
    assert_eq!(story.at(), ["inner"], "nothing was open");
    let events = story.take(Input::DoneAnew { visit: story.visit("inner"), again: vec!["look".into()] });
    assert!(events.iter().any(|event| matches!(event, Event::TaskOpened { asked: true, .. })));
    assert_eq!(story.at(), ["look"]);
    story.approve("look");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed), "what was done inside stands");
}

#[test]
fn a_loop_ends_after_its_rounds_with_a_person() {
    let mut story = started(vec![review("first"), going_back("again", "first", 2)]);
    for _ in 0..2 {
        story.approve("first");
        assert_eq!(story.at(), ["first"]);
    }
    story.approve("first");
    let cause = ExceptionCause::TooManyRounds;
    assert_eq!(waiting(&story.flow, &story.run)[0].kind, WaitingFor::Exception(cause));
    story.take(Input::RunAgain { visit: story.visit("again") });
    assert_eq!(story.at(), ["first"], "once more by hand");
    story.approve("first");
    story.approve("again");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn a_rule_skips_a_step_and_says_why_but_never_past_a_finding_the_step_owns() {
    let settings = json!({"skip_when": {"cel": "amount < 500"}, "owns": ["credit"]});
    let steps = || vec![review("first"), with_settings("small", settings.clone())];
    let mut story = started(steps());
    let events = story.approve("first");
    let because = events.iter().find_map(|event| match event {
        Event::PassedByRule { because, .. } => because.first().cloned(),
        _ => None,
    });
    assert_eq!(&*because.unwrap().text, "amount < 500");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
    let mut story = started(steps());
    story.open("credit");
    story.approve("first");
    assert_eq!(story.at(), ["small"]);
}

#[test]
fn a_rule_of_the_house_passes_a_task_only_where_nothing_depends_on_a_person() {
    let guarded = started(vec![with_settings("r", json!({"guarded": true, "backup": {"role": "b"}}))]);
    let visit = guarded.visit("r");
    assert_eq!(
        guarded.refused(Input::PassByRule { visit, spared: Spared::Repeats }),
        StepRefusal::Guarded { node: "r".into() }
    );
    let mut story = started(vec![with_settings("r", json!({"owns": ["credit"]}))]);
    let visit = story.visit("r");
    story.open("credit");
    assert_eq!(
        story.refused(Input::PassByRule { visit, spared: Spared::Repeats }),
        StepRefusal::FindingsOpen { node: "r".into() }
    );
    story.facts = facts("100", false);
    story.take(Input::PassByRule { visit, spared: Spared::Repeats });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

fn forked(kind: &str, text: &str) -> Vec<serde_json::Value> {
    let lanes = json!([when("near", text, vec![review("near_review")]), otherwise(vec![review("rest")])]);
    vec![node("fork", json!({"type": kind, "lanes": lanes}))]
}

const ASKS: &str = r#"if_empty(region == "east", "exception")"#;

#[test]
fn a_way_that_hangs_on_an_empty_field_is_asked_about_until_the_field_is_filled() {
    for kind in ["exclusive", "inclusive"] {
        let mut story = started(forked(kind, ASKS));
        let cause = WaitingFor::Exception(ExceptionCause::FieldEmpty);
        assert_eq!(waiting(&story.flow, &story.run)[0].kind, cause, "{kind}");
        assert_eq!(story.flow.lacks("fork", &story.facts), ["region".into()]);
        assert_eq!(story.take(Input::Recheck), vec![], "still empty");
        story.facts.fields[8] = text("east");
        assert!(story.flow.lacks("fork", &story.facts).is_empty());
        story.take(Input::Recheck);
        assert_eq!(story.at(), ["near_review"], "{kind}");
        story.approve("near_review");
        assert_eq!(story.outcome(), Some(Outcome::Confirmed));
        // Whoever waves it through sends it the way of all else, never past the lanes.
        for by_hand in [true, false] {
            let mut story = started(forked(kind, ASKS));
            let visit = story.visit("fork");
            story.take(match by_hand {
                true => Input::Skip { visit },
                false => Input::Decide { visit, decision: Decision::Approve },
            });
            assert_eq!(story.at(), ["rest"], "{kind}");
        }
        let mut story = started(forked(kind, ASKS));
        story.take(Input::RunAgain { visit: story.visit("fork") });
        assert_eq!(story.at(), ["fork"], "nothing has changed");
    }
}

#[test]
fn an_empty_field_is_asked_about_only_where_it_decides() {
    for (text, at) in [
        (r#"amount > 1000 && if_empty(region == "east", "exception")"#, "rest"),
        (r#"if_empty(region == "east", "exception") || amount < 1000"#, "near_review"),
        (r#"amount < 1000 && if_empty(region == "east", "exception")"#, "fork"),
        (r#"amount > 1000 || if_empty(region == "east", "exception")"#, "fork"),
        (r#"if_empty(customer_level in ["A", "B"], "exception")"#, "fork"),
        (r#"if_empty(requested_date > date("2026-01-01"), "exception")"#, "fork"),
        (r#"if_empty(customer == customer_level, "exception")"#, "fork"),
        (r#"if_empty(customer == "C001", "exception")"#, "near_review"),
    ] {
        assert_eq!(started(forked("exclusive", text)).at(), [at], "{text}");
    }
    let back = |text: &str| {
        let mut back = going_back("back", "first", 1);
        back["kind"]["when"] = json!({"cel": text});
        let mut story = started(vec![review("first"), back, review("last")]);
        story.approve("first");
        story
    };
    let mut story = back(ASKS);
    assert_eq!(story.at(), ["back"]);
    story.take(Input::Skip { visit: story.visit("back") });
    assert_eq!(story.at(), ["last"]);
    // Nobody is skipped because of what is not known.
    let skipped = with_settings("r", json!({"skip_when": {"cel": ASKS}}));
    assert_eq!(started(vec![skipped]).at(), ["r"]);
}
