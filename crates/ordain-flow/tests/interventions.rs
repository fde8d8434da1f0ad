//! What a process admin can do to a run, and that none of it confirms an order past an open finding.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod story;

use common::*;
use ordain_flow::run::{CloseReason, Closed, ExceptionCause, WaitingFor, WayBack};
use ordain_flow::{Decision, Event, Input, Outcome, StepRefusal, waiting};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use story::*;

fn jump(to: &str) -> Input {
    Input::JumpTo { to: to.into() }
}

fn tell() -> Json {
    node("tell", json!({"type": "notify", "template": "t", "to": ["customer"]}))
}

fn forked() -> Vec<Json> {
    let lanes = vec![lane("x", vec![review("x1"), review("x2")]), lane("y", vec![review("y1")])];
    vec![review("a"), parallel(lanes, json!("all"), "end"), review("z"), tell()]
}

fn waits_for_findings(story: &Story) -> bool {
    let [wait] = &waiting(&story.flow, &story.run)[..] else { return false };
    wait.kind == WaitingFor::Exception(ExceptionCause::FindingsOpen)
}

#[test]
fn a_run_is_moved_to_any_step_of_the_main_sequence() {
    let mut story = started(forked());
    story.approve("a");
    story.take(jump("z"));
    assert_eq!(story.at(), ["z"]);
    let closed = story.run.visit(story.visit("x1")).unwrap().closed;
    assert_eq!(closed, Some(Closed::Without(CloseReason::Jumped)));
    story.take(jump("a"));
    assert_eq!(story.at(), ["a"]);
    story.approve("a");
    assert_eq!(story.at(), ["x1", "y1"]);
}

#[test]
fn a_run_is_moved_into_a_lane_only_where_the_other_lanes_are_under_way() {
    let mut story = started(forked());
    assert_eq!(story.refused(jump("x2")), StepRefusal::LanesMissing { node: "x2".into() });
    story.approve("a");
    story.take(jump("x2"));
    let mut at = story.at();
    at.sort();
    assert_eq!(at, ["x2", "y1"]);
    assert_eq!(story.refused(jump("end")), StepRefusal::TargetIsEnd { node: "end".into() });
    let fork = json!({"type": "exclusive", "lanes": [
        when("large", "amount >= 50000", vec![review("manager")]), otherwise(vec![])
    ]});
    let mut story = started(vec![review("a"), node("fork", fork), review("z")]);
    story.take(jump("manager"));
    story.approve("manager");
    assert_eq!(story.at(), ["z"]);
}

#[test]
fn a_guarded_step_is_neither_skipped_nor_jumped_over() {
    let guarded = with_settings("g", json!({"guarded": true, "backup": {"role": "b"}}));
    let mut story = started(vec![review("a"), guarded, review("z")]);
    let refusal = StepRefusal::Guarded { node: "g".into() };
    assert_eq!(story.refused(jump("z")), refusal);
    story.approve("a");
    assert_eq!(story.refused(Input::Skip { visit: story.visit("g") }), refusal);
    story.approve("g");
    story.take(jump("a"));
    story.take(jump("z"));
    story.take(Input::Skip { visit: story.visit("z") });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn no_intervention_confirms_past_an_open_finding() {
    let mut story = started(forked());
    story.open("quantity");
    story.take(jump("tell"));
    assert!(waits_for_findings(&story));
    let visit = story.visit("tell");
    let refusal = StepRefusal::FindingsOpen { node: "tell".into() };
    for input in [
        Input::Skip { visit },
        Input::RunAgain { visit },
        Input::Decide { visit, decision: Decision::Approve },
    ] {
        assert_eq!(story.refused(input), refusal);
    }
    let by_hand = StepRefusal::NeverByHand { outcome: Outcome::Confirmed };
    assert_eq!(story.refused(Input::EndRun { outcome: Outcome::Confirmed }), by_hand);
    story.facts = facts("100", false);
    story.take(Input::Decide { visit, decision: Decision::Approve });
    assert_eq!(story.outcome(), Some(Outcome::Confirmed));
}

#[test]
fn every_way_to_the_end_leads_over_the_doorstep() {
    let owner = || with_settings("owner", json!({"owns": ["credit"]}));
    let mut skipped = started(vec![owner(), tell()]);
    skipped.open("credit");
    skipped.take(Input::Skip { visit: skipped.visit("owner") });
    assert!(waits_for_findings(&skipped), "the skipped step was asked: a person has to see to it");
    let mut jumped = started(vec![review("a"), owner(), review("z"), tell()]);
    jumped.open("credit");
    jumped.take(jump("z"));
    jumped.approve("z");
    assert_eq!(jumped.at(), ["owner"], "whoever was jumped over is asked after all");
    let mut returned = started(vec![review("a"), review("z"), tell()]);
    returned.approve("a");
    returned.take(returned.back("z", "a", WayBack::Direct));
    returned.approve("a");
    returned.open("quantity");
    returned.approve("z");
    assert!(waits_for_findings(&returned));
    let any = parallel(vec![lane("x", vec![review("x")]), lane("y", vec![review("y")])], json!("any"), "end");
    let mut joined = started(vec![any, tell()]);
    joined.open("quantity");
    joined.approve("y");
    assert!(waits_for_findings(&joined));
}

#[test]
fn a_run_is_ended_and_begun_anew_by_hand_unless_it_is_confirmed() {
    let mut story = started(forked());
    story.approve("a");
    assert_eq!(story.refused(Input::Revive), StepRefusal::NotEnded);
    let approved = story.visit("a");
    story.take(Input::EndRun { outcome: Outcome::Rejected });
    assert_eq!((story.outcome(), story.at().len()), (Some(Outcome::Rejected), 0));
    let events = story.take(Input::Revive);
    assert_eq!(events[0], Event::Revived);
    assert_eq!(story.at(), ["a"]);
    assert!(story.visit("a") > approved);
    story.approve("a");
    for id in ["x1", "x2", "y1", "z"] {
        story.approve(id);
    }
    let refusal = StepRefusal::NotRevivable { outcome: Outcome::Confirmed };
    assert_eq!(story.refused(Input::Revive), refusal);
}

#[test]
fn a_way_straight_back_that_is_cut_off_leaves_no_block_open() {
    let lanes = vec![lane("x", vec![review("x1"), review("x2")]), lane("y", vec![review("y1")])];
    let chosen = json!({"type": "inclusive", "lanes": [
        when("large", "amount >= 50", vec![review("q")]), otherwise(vec![])
    ]});
    let mut story = started(vec![parallel(lanes, json!("all"), "end"), node("chosen", chosen), review("z")]);
    for id in ["x1", "x2", "y1"] {
        story.approve(id);
    }
    story.take(story.back("q", "x1", WayBack::Direct));
    assert_eq!(story.run.blocks.len(), 1, "kept for the way back");
    story.take(jump("x2"));
    assert!(story.run.blocks.is_empty() && story.run.detours.is_empty());
    story.approve("x2");
    assert_eq!(story.at(), ["q"]);
    story.approve("q");
    assert_eq!(story.at(), ["z"]);
}

#[test]
fn of_several_targets_of_a_migration_the_outer_and_earlier_one_is_gone_to() {
    let replace =
        |targets: &[&str]| Input::Replace { targets: targets.iter().map(|to| Arc::from(*to)).collect() };
    for (targets, at) in
        [(&["x1"][..], &["x1", "y1"][..]), (&["x1", "y1"], &["x1", "y1"]), (&["tell", "z", "a"], &["a"])]
    {
        let mut story = started(forked());
        story.approve("a");
        story.take(replace(targets));
        let mut open = story.at();
        open.sort();
        assert_eq!(open, at, "{targets:?}");
    }
    for alone in [&["z"][..], &["x2"], &["x1", "z"], &["tell"]] {
        let mut story = started(forked());
        story.approve("a");
        let said = story.refused(replace(alone));
        assert!(matches!(said, StepRefusal::LanesMissing { .. }), "{alone:?} leaves somebody out: {said:?}");
    }
}
