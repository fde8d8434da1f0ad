//! Laws of the engine over random flows of every step type, inputs and facts: a run never gets stuck, folding its events
//! gives the run, the same input gives the same events, nothing is confirmed past an open finding or a review, joins
//! fire once, loops are bounded, and what somebody has decided stays decided.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;
mod ledger;
mod shapes;

use common::*;
use ledger::{Ledger, keeps_decisions};
use ordain_flow::run::{Answer, RunStatus, Spared, VisitKind, WayBack};
use ordain_flow::{
    Decision, Event, Facts, Flow, Input, Node, NodeKind, Outcome, Run, StepRefusal, check, step, waiting,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use shapes::{CHECKS, document, shapes};
use std::collections::BTreeSet;
use std::sync::Arc;

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
    let turn = (0u8..70, any::<usize>(), prop::collection::vec(finding, 0..3), 0u32..5_000)
        .prop_map(|(action, pick, open, amount)| Turn { action, pick, open, amount });
    prop::collection::vec(turn, 0..60)
}

impl Turn {
    fn facts(&self) -> Facts {
        let open: Vec<_> = self.open.iter().map(|(check, sender)| finding(CHECKS[*check], *sender)).collect();
        with(facts(&self.amount.to_string(), false), &open)
    }

    fn node(&self, flow: &Flow) -> Arc<str> {
        let nodes: Vec<_> = flow.nodes().collect();
        nodes[(self.pick / 7) % nodes.len()].id.as_str().into()
    }

    /// A step where somebody has decided.
    fn passed(&self, run: &Run) -> Option<Arc<str>> {
        let closed: Vec<_> = run.visits.iter().rev().filter(|known| known.closed.is_some()).collect();
        closed.get((self.pick / 5) % closed.len().max(1)).map(|known| known.node.clone())
    }

    fn input(&self, flow: &Flow, run: &Run) -> Input {
        let open: Vec<_> = run.open_visits().collect();
        let picked = open.get(self.pick % open.len().max(1));
        let visit = picked.map_or((self.pick % 50) as u32, |picked| picked.visit);
        let way = if self.pick.is_multiple_of(2) { WayBack::Direct } else { WayBack::StepByStep };
        let to = self.node(flow);
        match self.action {
            0 | 1 => Input::Recheck,
            2..=4 => Input::Resubmit,
            5 if self.pick.is_multiple_of(3) => Input::Decide { visit, decision: Decision::Return },
            6 if self.pick.is_multiple_of(2) => Input::Decide { visit, decision: Decision::Reject },
            7 if self.pick.is_multiple_of(8) => Input::Cancel,
            8 if self.pick.is_multiple_of(8) => Input::Start,
            9 => Input::Decide {
                visit: (self.pick as u32) % run.next_visit.max(1),
                decision: Decision::Approve,
            },
            10..=17 => Input::ReturnTo { visit, to: self.passed(run).unwrap_or(to), way },
            18..=23 => {
                let returned = run.detours.get(self.pick % run.detours.len().max(1));
                let at = returned.and_then(|detour| open.iter().find(|open| open.node == detour.at));
                let again = self.passed(run).into_iter().collect();
                Input::ApproveReturned { visit: at.map_or(visit, |at| at.visit), again }
            }
            24..=26 => Input::Withdraw { visit: (self.pick as u32) % run.next_visit.max(1) },
            37 => Input::PassByRule { visit, spared: Spared::Nobody },
            27 => Input::JumpTo { to },
            28 => Input::Skip { visit },
            29 => Input::RunAgain { visit },
            30 if self.pick.is_multiple_of(8) => Input::EndRun { outcome: Outcome::Rejected },
            31 => Input::EndRun { outcome: Outcome::Confirmed },
            32 | 33 => Input::Revive,
            34 => Input::TimeUp { visit },
            35 => Input::Failed { visit },
            36 => Input::Answer { visit, answer: Answer::Lapsed },
            _ => onward(visit, picked.map_or(VisitKind::Task, |picked| picked.kind), self.pick),
        }
    }
}

/// What a stay of this kind waits for.
fn onward(visit: u32, kind: VisitKind, pick: usize) -> Input {
    match kind {
        VisitKind::Task | VisitKind::Exception(_) => Input::Decide { visit, decision: Decision::Approve },
        VisitKind::Customer if pick.is_multiple_of(9) => Input::Answer { visit, answer: Answer::Declined },
        VisitKind::Customer => Input::Answer { visit, answer: Answer::Accepted },
        VisitKind::Delay => Input::TimeUp { visit },
        VisitKind::Event if pick.is_multiple_of(3) => Input::TimeUp { visit },
        VisitKind::Event => Input::Arrived { visit },
        VisitKind::Call | VisitKind::Subflow if pick.is_multiple_of(3) => Input::Failed { visit },
        VisitKind::Call | VisitKind::Subflow | VisitKind::Checks => Input::Done { visit },
    }
}

fn is_stuck(flow: &Flow, run: &Run) -> bool {
    !matches!(run.status, RunStatus::Ended { .. } | RunStatus::New) && waiting(flow, run).is_empty()
}

/// The reviews every run must pass, and those it has passed since its last return.
fn reviews_every_run_passes(steps: &[Node], into: &mut Vec<String>) {
    for node in steps {
        match &node.kind {
            NodeKind::Review(_) | NodeKind::Task(_) => into.push(node.id.clone()),
            NodeKind::Parallel { lanes, join, on_reject } if join.is_all() && on_reject.is_end() => {
                lanes.iter().for_each(|lane| reviews_every_run_passes(&lane.steps, into));
            }
            _ => {}
        }
    }
}

fn passed_since_last_return(log: &[Event]) -> BTreeSet<String> {
    let round = |event: &Event| {
        matches!(event, Event::Revived)
            || matches!(
                event,
                Event::ReturnedForCompletion {
                    by: ordain_flow::run::Completion::Person | ordain_flow::run::Completion::Sender,
                    ..
                }
            )
    };
    let from = log.iter().rposition(round).map_or(0, |at| at + 1);
    let passed = |event: &Event| match event {
        Event::PassedByRule { node, .. } | Event::Decided { node, decision: Decision::Approve, .. } => {
            Some(node.to_string())
        }
        _ => None,
    };
    log[from..].iter().filter_map(passed).collect()
}

fn by_admin(input: &Input) -> bool {
    matches!(input, Input::JumpTo { .. } | Input::Skip { .. })
}

/// One flow, played through its turns, with every law asked after each.
fn play(flow: &Flow, turns: &[Turn]) -> Result<(Run, Vec<Event>), TestCaseError> {
    let (mut run, mut log, mut ledger) = (Run::new(), Vec::new(), Ledger::default());
    let mut bypassed = false;
    for (at, turn) in turns.iter().enumerate() {
        let input = if at == 0 { Input::Start } else { turn.input(flow, &run) };
        let facts = turn.facts();
        let before = run.clone();
        let taken = step(flow, &run, &input, &facts, at as i64);
        prop_assert_eq!(&taken, &step(flow, &run, &input, &facts, at as i64), "same input, same events");
        match taken {
            Ok(events) => {
                bypassed |= by_admin(&input);
                for event in &events {
                    ledger.enter(flow, event, &input)?;
                    if let Event::Ended { outcome: Outcome::Confirmed, .. } = event {
                        let open = facts.findings.iter().any(|finding| finding.open);
                        prop_assert!(!open, "confirmed with something open by {:?}", input);
                    }
                }
                follow(&mut run, &events);
                keeps_decisions(&before, &run, &events)?;
                log.extend(events);
            }
            Err(StepRefusal::TooManyAdvances { .. } | StepRefusal::PathBroken { .. }) => {
                prop_assert!(false, "a compiled flow leads on: {:?} {:?}", input, run)
            }
            Err(_) => {}
        }
        prop_assert!(!is_stuck(flow, &run), "{:?} {:?}", input, run);
        prop_assert_eq!(run.blocks.len(), if ledger.ended { 0 } else { ledger.blocks.len() });
    }
    if run.outcome() == Some(Outcome::Confirmed) && !bypassed && !log.iter().any(is_side_door) {
        let (mut required, passed) = (Vec::new(), passed_since_last_return(&log));
        reviews_every_run_passes(&flow.doc().steps, &mut required);
        prop_assert!(required.iter().all(|id| passed.contains(id)), "{:?} of {:?}", passed, required);
    }
    Ok((run, log))
}

/// An end in a lane, which not every review stands before.
fn is_side_door(event: &Event) -> bool {
    matches!(event, Event::Entered { node, .. } if node.ends_with("_end"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn runs_obey_the_laws(shapes in shapes(), turns in turns()) {
        let flow = Flow::compile(document(&shapes), &schema()).unwrap();
        let (run, log) = play(&flow, &turns)?;
        let stored: Vec<Event> = serde_json::from_str(&serde_json::to_string(&log).unwrap()).unwrap();
        let mut folded = Run::new();
        follow(&mut folded, &stored);
        prop_assert_eq!(&folded, &run, "fold of events = run");
        let back: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
        prop_assert_eq!(&back, &run, "a run survives storage");
        let numbers: Vec<_> = log.iter().filter_map(|e| match e { Event::Entered { visit, .. } => Some(*visit), _ => None }).collect();
        prop_assert_eq!(numbers, (0..run.next_visit).collect::<Vec<_>>(), "visits are numbered without gaps");
    }
}

proptest! {
    #[test]
    fn a_patient_company_always_reaches_an_end(shapes in shapes(), findings in prop::collection::vec((0..CHECKS.len(), Just(false)), 0..4)) {
        let flow = Flow::compile(document(&shapes), &schema()).unwrap();
        let turn = Turn { action: 0, pick: 1, open: findings, amount: 1500 };
        let (open, clear) = (turn.facts(), facts("1500", false));
        let mut run = Run::new();
        let events = step(&flow, &run, &Input::Start, &open, 0).unwrap();
        follow(&mut run, &events);
        for _ in 0..600 {
            let Some(visit) = run.open_visits().next() else { break };
            let input = onward(visit.visit, visit.kind, 1);
            let events = match step(&flow, &run, &input, &open, 0) {
                Err(StepRefusal::FindingsOpen { .. }) => step(&flow, &run, &input, &clear, 0).unwrap(),
                taken => taken.unwrap(),
            };
            follow(&mut run, &events);
        }
        prop_assert!(run.outcome().is_some(), "{:?}", run);
    }

    #[test]
    fn any_generated_document_can_be_checked(shapes in shapes()) {
        let doc = document(&shapes);
        let report = check(&doc, &schema(), None);
        let expected = ["F-003", "F-012", "F-013", "F-017", "F-020", "F-024", "F-040", "F-095", "F-133"];
        prop_assert!(report.problems.iter().all(|p| expected.contains(&p.code)), "{:?}", report);
    }
}

/// The word under which a variant is stored.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::Object(map) => match map.get("reason") {
            Some(reason) => reason.as_str().unwrap().to_owned(),
            None => map.keys().next().unwrap().clone(),
        },
        other => other.as_str().unwrap().to_owned(),
    }
}

const EVENTS: &str = "abandoned answered asked_again came_back checks_passed copy_requested data_set decided ended \
    entered forked joined jumped lane_ended lane_taken lapse_noted looped_back notice_requested passed_by_rule \
    returned_for_completion returned_to revived subflow_detached task_closed task_opened wait_began wait_ended \
    went_back withdrawn";

const REFUSALS: &str = "acted_further_on already_answered already_decided already_ended already_started \
    customer_must_answer findings_open guarded in_other_lane lanes_missing never_by_hand never_passed not_decided \
    not_earlier not_ended not_failed not_returned not_revivable not_waiting_for_completion not_withdrawable \
    nothing_to_reject round_over target_is_end target_not_offered task_closed unknown_visit wait_over wrong_kind";

#[test]
fn the_laws_are_asked_of_everything_that_can_happen() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut seen, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..1_500 {
        let (shapes, turns) = ((shapes(), turns()).new_tree(&mut runner).unwrap()).current();
        let flow = Flow::compile(document(&shapes), &schema()).unwrap();
        let mut run = Run::new();
        for (at, turn) in turns.iter().enumerate() {
            let input = if at == 0 { Input::Start } else { turn.input(&flow, &run) };
            match step(&flow, &run, &input, &turn.facts(), 0) {
                Ok(events) => {
                    seen.extend(events.iter().map(word));
                    follow(&mut run, &events);
                }
                Err(refusal) => {
                    refused.insert(word(&refusal));
                }
            }
        }
    }
    assert_eq!(seen, EVENTS.split_whitespace().map(str::to_owned).collect());
    let missing: Vec<_> = REFUSALS.split_whitespace().filter(|refusal| !refused.contains(*refusal)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}
