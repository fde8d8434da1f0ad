//! Blocks of several lanes: which lanes begin, when the block is left, and what a rejection inside one does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod story;

use common::*;
use ordain_flow::run::{CloseReason, Closed};
use ordain_flow::{Event, Outcome};
use serde_json::{Value as Json, json};
use story::*;

fn three() -> Vec<Json> {
    ["a", "b", "c"].map(|id| lane(&format!("lane_{id}"), vec![review(id)])).to_vec()
}

fn block(join: Json, on_reject: &str) -> Story {
    started(vec![parallel(three(), join, on_reject), review("after")])
}

fn joins(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Joined { .. })).count()
}

#[test]
fn the_first_lane_is_enough_where_any_is_and_the_others_are_closed() {
    let mut story = block(json!("any"), "end");
    assert_eq!(story.at(), ["a", "b", "c"]);
    let events = story.approve("b");
    assert_eq!(joins(&events), 1);
    assert_eq!(story.at(), ["after"]);
    let closed = story.run.visit(story.visit("a")).unwrap().closed;
    assert_eq!(closed, Some(Closed::Without(CloseReason::LaneNotNeeded)));
    assert!(story.run.blocks.is_empty());
}

#[test]
fn so_many_lanes_are_enough_or_all_that_were_taken() {
    let mut story = block(json!({"at_least": 2}), "end");
    assert_eq!(joins(&story.approve("c")), 0);
    assert_eq!(story.at(), ["a", "b"]);
    assert_eq!(joins(&story.approve("a")), 1);
    assert_eq!(story.at(), ["after"]);
    let lanes = json!([
        when("large", "amount >= 1000", vec![review("a")]),
        when("special", "special_terms", vec![review("b")]),
        otherwise(vec![review("c")])
    ]);
    let chosen = json!({"type": "inclusive", "lanes": lanes, "join": {"at_least": 2}});
    let steps = || vec![node("chosen", chosen.clone()), review("after")];
    let mut story = started_with(steps(), facts("2000", false));
    assert_eq!(story.at(), ["a"]);
    story.approve("a");
    assert_eq!(story.at(), ["after"], "fewer lanes than needed were taken");
}

#[test]
fn every_lane_whose_condition_holds_runs_else_the_otherwise_lane() {
    let lanes = json!([
        when("large", "amount >= 1000", vec![review("a")]),
        when("special", "special_terms", vec![review("b")]),
        otherwise(vec![review("c")])
    ]);
    let steps = || vec![node("chosen", json!({"type": "inclusive", "lanes": lanes})), review("after")];
    for (amount, special, at) in
        [("2000", true, vec!["a", "b"]), ("10", true, vec!["b"]), ("10", false, vec!["c"])]
    {
        let mut story = started_with(steps(), facts(amount, special));
        assert_eq!(story.at(), at);
        for id in at {
            assert_eq!(story.run.blocks.len(), 1);
            story.approve(id);
        }
        assert_eq!(story.at(), ["after"]);
    }
}

#[test]
fn a_rejection_in_a_lane_ends_the_order_or_waits_for_the_others_or_is_only_recorded() {
    let mut story = block(json!("all"), "end");
    story.reject("a");
    assert_eq!(story.outcome(), Some(Outcome::Rejected));
    let mut story = block(json!("all"), "after_all");
    story.reject("a");
    assert_eq!(story.at(), ["b", "c"]);
    story.approve("b");
    story.approve("c");
    assert_eq!(story.outcome(), Some(Outcome::Rejected));
    let mut story = block(json!("all"), "record");
    story.reject("a");
    story.approve("b");
    story.approve("c");
    assert_eq!(story.at(), ["after"]);
    let mut story = block(json!("any"), "record");
    story.reject("a");
    assert_eq!(story.at(), ["b", "c"], "a rejection is not the lane that was hoped for");
    story.approve("c");
    assert_eq!(story.at(), ["after"]);
}

#[test]
fn a_plain_parallel_block_says_nothing_of_its_lanes() {
    let mut story = block(json!("all"), "end");
    let mut events = story.approve("a");
    events.extend(story.approve("c"));
    events.extend(story.approve("b"));
    assert_eq!(story.at(), ["after"]);
    assert!(story.run.blocks.is_empty());
    let of_block = |event: &&Event| {
        matches!(event, Event::Forked { .. } | Event::LaneEnded { .. } | Event::Joined { .. })
    };
    assert_eq!(events.iter().filter(of_block).count(), 0);
}

#[test]
fn a_block_that_is_entered_again_counts_afresh() {
    let mut story =
        started(vec![parallel(three(), json!({"at_least": 2}), "end"), going_back("again", "block", 1)]);
    story.approve("a");
    story.approve("b");
    assert_eq!(story.at(), ["a", "b", "c"]);
    story.approve("c");
    assert_eq!(story.at(), ["a", "b"]);
    story.approve("a");
    assert_eq!(story.at(), ["again"]);
}

#[test]
fn a_loop_out_of_a_lane_closes_the_others() {
    let lanes =
        vec![lane("x", vec![review("a"), going_back("again", "first", 1)]), lane("y", vec![review("b")])];
    let mut story = started(vec![review("first"), parallel(lanes, json!("all"), "end")]);
    story.approve("first");
    story.approve("a");
    assert_eq!(story.at(), ["first"]);
    let closed = story.run.visit(story.visit("b")).unwrap().closed;
    assert_eq!(closed, Some(Closed::Without(CloseReason::LoopedBack)));
    story.approve("first");
    assert_eq!(story.at(), ["a", "b"]);
}

#[test]
fn rejections_that_are_only_recorded_agree_to_nothing() {
    for (join, rejected) in [(json!({"at_least": 2}), ["a", "b"]), (json!({"at_least": 3}), ["c", "a"])] {
        let mut story = block(join, "record");
        for id in rejected {
            story.reject(id);
        }
        let last = story.at().first().unwrap().to_string();
        story.approve(&last);
        assert_eq!(story.outcome(), Some(Outcome::Rejected), "one of those that were asked has agreed");
    }
    let mut story = block(json!("any"), "record");
    for id in ["a", "b", "c"] {
        assert_eq!(story.outcome(), None);
        story.reject(id);
    }
    assert_eq!(story.outcome(), Some(Outcome::Rejected));
    let mut story = block(json!("all"), "record");
    for id in ["a", "b", "c"] {
        story.reject(id);
    }
    assert_eq!(story.at(), ["after"], "where nobody's word is needed the run goes on");
}
