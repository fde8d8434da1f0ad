//! Returns to earlier steps with both ways back, and decisions taken back.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod story;

use WayBack::{Direct, StepByStep};
use common::*;
use ordain_flow::run::{CloseReason, Closed, WayBack};
use ordain_flow::{Decision, Event, Input, Outcome, StepRefusal};
use serde_json::{Value as Json, json};
use story::*;

fn row() -> Story {
    let mut story = started(["a", "b", "c", "d"].map(review).to_vec());
    for id in ["a", "b", "c"] {
        story.approve(id);
    }
    story
}

fn two_lanes() -> Vec<Json> {
    vec![lane("x", vec![review("x1"), review("x2")]), lane("y", vec![review("y1"), review("y2")])]
}

/// A step, two lanes of two steps each, and a step behind them.
fn forked(join: Json) -> Story {
    let mut story = started(vec![review("a"), parallel(two_lanes(), join, "end"), review("z")]);
    story.approve("a");
    story
}

#[test]
fn step_by_step_everything_between_decides_again() {
    let mut story = row();
    story.take(story.back("d", "b", StepByStep));
    assert_eq!(story.run.returns, 0, "the sender was not asked");
    for id in ["b", "c", "d"] {
        assert_eq!(story.at(), [id]);
        story.approve(id);
    }
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn straight_back_keeps_the_decisions_between() {
    let mut story = row();
    let kept = story.visit("c");
    story.take(story.back("d", "b", Direct));
    assert_eq!(story.at(), ["b"]);
    story.approve("b");
    assert_eq!(story.at(), ["d"]);
    assert_eq!(story.visit("c"), kept);
    assert_eq!(story.run.visit(kept).unwrap().closed, Some(Closed::Decided(Decision::Approve)));
    story.approve("d");
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn steps_whose_fields_changed_look_again_on_the_way_straight_back() {
    let mut story = row();
    story.take(story.back("d", "a", Direct));
    let visit = story.visit("a");
    let again = |nodes: &[&str]| {
        let again = nodes.iter().map(|node| (*node).into()).collect();
        Input::ApproveReturned { visit, again }
    };
    assert_eq!(story.refused(again(&["d"])), StepRefusal::NeverPassed { node: "d".into() });
    story.take(again(&["c", "b"]));
    for id in ["b", "c", "d"] {
        assert_eq!(story.at(), [id], "in their order, and then back");
        story.approve(id);
    }
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn a_step_that_somebody_sent_the_order_to_is_asked_although_nothing_is_open() {
    let auto = with_settings("auto", json!({"auto_when_clear": true, "owns": ["credit"]}));
    let mut story =
        started_with(vec![auto, review("b")], with(facts("100", false), &[finding("credit", false)]));
    story.approve("auto");
    story.facts = facts("100", false);
    story.take(story.back("b", "auto", Direct));
    assert_eq!(story.at(), ["auto"]);
    assert_eq!(story.take(Input::Recheck), vec![]);
    story.approve("auto");
    assert_eq!(story.at(), ["b"]);
}

#[test]
fn nobody_returns_an_order_to_where_it_has_not_been() {
    let mut story = row();
    let refused = |story: &Story, to: &str| story.refused(story.back("d", to, Direct));
    assert_eq!(refused(&story, "d"), StepRefusal::NotEarlier { node: "d".into() });
    assert_eq!(refused(&story, "start"), StepRefusal::TargetNotOffered { node: "start".into() });
    assert_eq!(refused(&story, "gone"), StepRefusal::UnknownNode { node: "gone".into() });
    story.take(Input::Decide { visit: story.visit("d"), decision: Decision::Return });
    story.take(Input::Resubmit);
    story.approve("a");
    assert_eq!(story.refused(story.back("b", "c", Direct)), StepRefusal::NotEarlier { node: "c".into() });
    let settings = |settings| started(vec![review("a"), with_settings("b", json!({"returns": settings}))]);
    let mut only_sender = settings(json!({"targets": "initiator"}));
    only_sender.approve("a");
    let not_offered = StepRefusal::TargetNotOffered { node: "a".into() };
    assert_eq!(only_sender.refused(only_sender.back("b", "a", Direct)), not_offered);
    let mut one_way = settings(json!({"resume": "step_by_step"}));
    one_way.approve("a");
    let refusal = one_way.refused(one_way.back("b", "a", Direct));
    assert_eq!(refusal, StepRefusal::WayNotOffered { visit: one_way.visit("b"), way: Direct });
}

#[test]
fn a_return_never_crosses_into_another_lane_and_closes_those_it_leaves() {
    let mut story = forked(json!("all"));
    story.approve("x1");
    story.approve("y1");
    assert_eq!(story.refused(story.back("x2", "y1", Direct)), StepRefusal::InOtherLane { node: "y1".into() });
    story.take(story.back("x2", "x1", StepByStep));
    assert_eq!(story.at(), ["y2", "x1"], "within a lane the other one goes on");
    story.approve("x1");
    story.take(story.back("x2", "a", StepByStep));
    assert_eq!(story.at(), ["a"]);
    let closed = story.run.visit(story.visit("y2")).unwrap().closed;
    assert_eq!(closed, Some(Closed::Without(CloseReason::Returned)));
    story.approve("a");
    assert_eq!(story.at(), ["x1", "y1"], "the block starts afresh");
}

#[test]
fn straight_back_into_a_lane_asks_the_other_lanes_again_where_they_were() {
    for join in [json!("all"), json!({"at_least": 2})] {
        let mut story = forked(join);
        story.approve("x1");
        story.take(story.back("x2", "a", Direct));
        assert_eq!(story.at(), ["a"]);
        story.approve("a");
        let mut at = story.at();
        at.sort();
        assert_eq!(at, ["x2", "y1"]);
        for id in ["x2", "y1", "y2"] {
            story.approve(id);
        }
        assert_eq!(story.at(), ["z"]);
    }
}

#[test]
fn a_finished_lane_can_be_gone_back_into_alone() {
    for join in [json!("all"), json!({"at_least": 2})] {
        let mut story = forked(join);
        for id in ["x1", "x2", "y1", "y2"] {
            story.approve(id);
        }
        story.take(story.back("z", "y1", StepByStep));
        for id in ["y1", "y2", "z"] {
            assert_eq!(story.at(), [id]);
            story.approve(id);
        }
        assert_eq!(story.outcome(), Some(Outcome::Confirmed));
    }
}

#[test]
fn ways_straight_back_can_be_nested() {
    let mut story = row();
    story.take(story.back("d", "c", Direct));
    story.take(story.back("c", "a", Direct));
    for id in ["a", "c", "d"] {
        assert_eq!(story.at(), [id]);
        story.approve(id);
    }
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn a_rejection_can_be_a_return() {
    let mut story = started(vec![review("a"), with_settings("b", json!({"on_reject": {"return_to": "a"}}))]);
    story.approve("a");
    story.reject("b");
    assert_eq!(story.at(), ["a"]);
    assert_eq!(story.outcome(), None);
}

#[test]
fn an_approval_is_taken_back_until_somebody_further_on_acts() {
    let mut story = row();
    let (c, d) = (story.visit("c"), story.visit("d"));
    let b = story.visit("b");
    assert_eq!(
        story.refused(Input::Withdraw { visit: b }),
        StepRefusal::ActedFurtherOn { visit: b, by_visit: c }
    );
    assert_eq!(story.refused(Input::Withdraw { visit: d }), StepRefusal::NotDecided { visit: d });
    let events = story.take(Input::Withdraw { visit: c });
    assert!(events.iter().any(|event| matches!(event, Event::Withdrawn { visit, .. } if *visit == c)));
    assert_eq!(story.at(), ["c"]);
    assert_eq!(story.run.visit(d).unwrap().closed, Some(Closed::Without(CloseReason::Withdrawn)));
    story.approve("c");
    story.approve("d");
    let over = StepRefusal::AlreadyEnded { outcome: Outcome::Confirmed };
    assert_eq!(story.refused(Input::Withdraw { visit: d }), over);
    let mut never = started(vec![with_settings("a", json!({"withdraw": "never"})), review("b")]);
    never.approve("a");
    let visit = never.visit("a");
    assert_eq!(never.refused(Input::Withdraw { visit }), StepRefusal::NotWithdrawable { visit });
}

#[test]
fn lanes_beside_do_not_keep_anybody_from_taking_an_approval_back() {
    for join in [json!("all"), json!({"at_least": 2})] {
        let mut story = forked(join);
        for id in ["x1", "y1", "y2", "x2"] {
            story.approve(id);
        }
        assert_eq!(story.at(), ["z"]);
        story.take(Input::Withdraw { visit: story.visit("y2") });
        assert_eq!(story.at(), ["y2"]);
        story.approve("y2");
        assert_eq!(story.at(), ["z"]);
    }
    let mut story = forked(json!({"at_least": 2}));
    for id in ["x1", "x2"] {
        story.approve(id);
    }
    story.take(Input::Withdraw { visit: story.visit("x2") });
    let mut at = story.at();
    at.sort();
    assert_eq!(at, ["x2", "y1"], "its lane counts as open again");
    for id in ["y1", "y2"] {
        story.approve(id);
    }
    assert_eq!(story.at(), ["x2"]);
}

#[test]
fn a_block_that_has_closed_its_other_lanes_stays_left() {
    let mut story = forked(json!("any"));
    story.approve("x1");
    story.approve("x2");
    assert_eq!(story.at(), ["z"]);
    let visit = story.visit("x2");
    assert_eq!(story.refused(Input::Withdraw { visit }), StepRefusal::JoinFired { node: "block".into() });
}

#[test]
fn after_a_return_to_the_sender_no_earlier_decision_can_be_taken_back() {
    let mut story = row();
    let visit = story.visit("c");
    story.take(Input::Decide { visit: story.visit("d"), decision: Decision::Return });
    assert_eq!(story.refused(Input::Withdraw { visit }), StepRefusal::RoundOver { visit });
}
