//! Laws of the engine over random flows, inputs and facts: a run never gets stuck, folding its events gives
//! the run, the same input gives the same events, and nothing is confirmed past a review.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use common::*;
use ordain_flow::run::RunStatus;
use ordain_flow::{
    Decision, Event, Facts, Flow, FlowDoc, Input, Node, NodeKind, Outcome, Run, StepRefusal, check, step,
    waiting,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::cell::Cell;

/// A shape of steps; ids are given when it becomes a document.
#[derive(Clone, Debug)]
enum Shape {
    Review { owns: usize, auto: bool },
    Notify,
    Parallel(Vec<Vec<Shape>>),
    Exclusive(Vec<Vec<Shape>>, bool),
}

const CHECKS: [&str; 4] = ["required", "price", "credit", "stock"];

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let leaf = prop_oneof![
        4 => (0..CHECKS.len(), any::<bool>()).prop_map(|(owns, auto)| Shape::Review { owns, auto }),
        1 => Just(Shape::Notify),
    ];
    let step = leaf.prop_recursive(3, 24, 4, |inner| {
        let lanes = prop::collection::vec(prop::collection::vec(inner, 0..3), 2..4);
        prop_oneof![
            lanes.clone().prop_map(Shape::Parallel),
            (lanes, any::<bool>()).prop_map(|(lanes, rejects)| Shape::Exclusive(lanes, rejects)),
        ]
    });
    prop::collection::vec(step, 0..5)
}

fn document(shapes: &[Shape]) -> FlowDoc {
    let count = Cell::new(0);
    let rules = json!(CHECKS.map(|check| json!({"check": check, "on_fail": "return"})));
    let mut steps = vec![start(), node("check", json!({"type": "auto_check", "checks": rules}))];
    steps.extend(build(shapes, &count, false));
    steps.push(end());
    flow_of(Json::Array(steps))
}

fn build(shapes: &[Shape], count: &Cell<usize>, in_parallel: bool) -> Vec<Json> {
    shapes.iter().map(|shape| build_one(shape, count, in_parallel)).collect()
}

fn build_one(shape: &Shape, count: &Cell<usize>, in_parallel: bool) -> Json {
    count.set(count.get() + 1);
    let id = format!("n{}", count.get());
    let lane = |at: usize, steps: Vec<Json>| json!({"id": format!("l{at}"), "name": {"zh": "支", "en": "lane"}, "steps": steps});
    match shape {
        Shape::Review { owns, auto } => {
            let mut made = review(&id);
            made["kind"]["owns"] = json!([CHECKS[*owns]]);
            made["kind"]["auto_when_clear"] = json!(auto);
            made
        }
        Shape::Notify => node(&id, json!({"type": "notify", "template": "t", "to": ["customer"]})),
        Shape::Parallel(lanes) => {
            let lanes: Vec<_> =
                lanes.iter().enumerate().map(|(at, steps)| lane(at, build(steps, count, true))).collect();
            node(&id, json!({"type": "parallel", "lanes": lanes}))
        }
        Shape::Exclusive(lanes, rejects) => {
            let mut made: Vec<_> = lanes
                .iter()
                .enumerate()
                .map(|(at, steps)| lane(at, build(steps, count, in_parallel)))
                .collect();
            let last = made.len() - 1;
            for (at, lane) in made.iter_mut().enumerate() {
                match at == last {
                    true => lane["otherwise"] = json!(true),
                    false => lane["when"] = json!({"cel": format!("amount >= {}", 1000 * (at + 1))}),
                }
            }
            if *rejects && !in_parallel {
                let rejected = node(&format!("{id}_end"), json!({"type": "end", "outcome": "rejected"}));
                made[0]["steps"].as_array_mut().unwrap().push(rejected);
            }
            node(&id, json!({"type": "exclusive", "lanes": made}))
        }
    }
}

/// What the world does next: which input, which task, and which findings are open then.
#[derive(Clone, Debug)]
struct Turn {
    action: u8,
    pick: usize,
    open: Vec<(usize, bool)>,
    amount: u32,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let finding = (0..CHECKS.len(), any::<bool>());
    let turn = (0u8..12, any::<usize>(), prop::collection::vec(finding, 0..3), 0u32..5_000)
        .prop_map(|(action, pick, open, amount)| Turn { action, pick, open, amount });
    prop::collection::vec(turn, 0..40)
}

impl Turn {
    fn facts(&self) -> Facts {
        let open: Vec<_> = self.open.iter().map(|(check, sender)| finding(CHECKS[*check], *sender)).collect();
        with(facts(&self.amount.to_string(), false), &open)
    }

    fn input(&self, run: &Run) -> Input {
        let open: Vec<_> = run.open_visits().map(|visit| visit.visit).collect();
        let visit = match open.get(self.pick % open.len().max(1)) {
            Some(visit) if self.action < 11 => *visit,
            _ => (self.pick % 50) as u32,
        };
        match self.action {
            0 => Input::Recheck,
            1 => Input::Resubmit,
            2 => Input::Decide { visit, decision: Decision::Return },
            3 if self.pick.is_multiple_of(4) => Input::Decide { visit, decision: Decision::Reject },
            4 if self.pick.is_multiple_of(8) => Input::Cancel,
            5 if self.pick.is_multiple_of(4) => Input::Start,
            _ => Input::Decide { visit, decision: Decision::Approve },
        }
    }
}

fn is_stuck(flow: &Flow, run: &Run) -> bool {
    !matches!(run.status, RunStatus::Ended { .. } | RunStatus::New) && waiting(flow, run).is_empty()
}

/// The reviews every run must pass, and those it has passed since its last return.
fn reviews_every_run_passes(steps: &[Node], into: &mut Vec<String>) {
    for node in steps {
        match &node.kind {
            NodeKind::Review(_) => into.push(node.id.clone()),
            NodeKind::Parallel { lanes, .. } => {
                lanes.iter().for_each(|lane| reviews_every_run_passes(&lane.steps, into));
            }
            _ => {}
        }
    }
}

fn passed_since_last_return(events: &[Event]) -> Vec<String> {
    let mut passed = Vec::new();
    for event in events {
        match event {
            Event::PassedByRule { node, .. } => passed.push(node.to_string()),
            Event::Decided { node, decision: Decision::Approve, .. } => passed.push(node.to_string()),
            Event::ReturnedForCompletion { .. } => passed.clear(),
            _ => {}
        }
    }
    passed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn runs_obey_the_laws(shapes in shapes(), first in turns(), turns in turns()) {
        let doc = document(&shapes);
        let flow = Flow::compile(doc, &schema()).unwrap();
        let mut run = Run::new();
        let mut log = Vec::new();
        let begin = Turn { action: 0, pick: 0, open: first.first().map(|t| t.open.clone()).unwrap_or_default(), amount: 10 };
        let events = step(&flow, &run, &Input::Start, &begin.facts(), 0).unwrap();
        follow(&mut run, &events);
        log.extend(events);
        for (at, turn) in turns.iter().enumerate() {
            let (input, facts) = (turn.input(&run), turn.facts());
            let now_ms = at as i64;
            let answer = step(&flow, &run, &input, &facts, now_ms);
            prop_assert_eq!(&step(&flow, &run, &input, &facts, now_ms), &answer, "same input, same events");
            match answer {
                Ok(events) => {
                    follow(&mut run, &events);
                    log.extend(events);
                }
                Err(StepRefusal::TooManyAdvances { .. } | StepRefusal::UnknownNode { .. } | StepRefusal::PathBroken { .. }) => {
                    prop_assert!(false, "a compiled flow leads on: {:?}", input);
                }
                Err(_) => {}
            }
            prop_assert!(!is_stuck(&flow, &run), "{:?} {:?}", input, run);
        }
        let stored: Vec<Event> = serde_json::from_str(&serde_json::to_string(&log).unwrap()).unwrap();
        let mut folded = Run::new();
        follow(&mut folded, &stored);
        prop_assert_eq!(&folded, &run, "fold of events = run");
        let numbers: Vec<_> = log.iter().filter_map(|e| match e { Event::Entered { visit, .. } => Some(*visit), _ => None }).collect();
        prop_assert_eq!(numbers, (0..run.next_visit).collect::<Vec<_>>(), "visits are numbered without gaps");
        if run.outcome() == Some(Outcome::Confirmed) {
            let (mut required, passed) = (Vec::new(), passed_since_last_return(&log));
            reviews_every_run_passes(&flow.doc().steps, &mut required);
            prop_assert!(required.iter().all(|id| passed.contains(id)), "{:?} of {:?}", passed, required);
        }
    }

    #[test]
    fn a_patient_company_always_reaches_an_end(shapes in shapes(), findings in prop::collection::vec((0..CHECKS.len(), Just(false)), 0..4)) {
        let flow = Flow::compile(document(&shapes), &schema()).unwrap();
        let turn = Turn { action: 0, pick: 0, open: findings, amount: 1500 };
        let mut run = Run::new();
        let events = step(&flow, &run, &Input::Start, &turn.facts(), 0).unwrap();
        follow(&mut run, &events);
        for _ in 0..400 {
            let Some(visit) = run.open_visits().next().map(|open| open.visit) else { break };
            let input = Input::Decide { visit, decision: Decision::Approve };
            let events = step(&flow, &run, &input, &turn.facts(), 0).unwrap();
            follow(&mut run, &events);
        }
        prop_assert!(run.outcome().is_some(), "{:?}", run);
    }

    #[test]
    fn any_generated_document_can_be_checked(shapes in shapes()) {
        let doc = document(&shapes);
        let report = check(&doc, &schema(), None);
        prop_assert!(report.problems.iter().all(|p| matches!(p.code, "F-017" | "F-020" | "F-024")), "{:?}", report);
    }
}
