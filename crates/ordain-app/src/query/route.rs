//! The way of an order through its flow: what is done, where it stands, and what is to come.
//!
//! Derived from the case alone, so that an answer needs no look at the log: steps of machines leave no visit, but
//! where the run stands says which of them it has passed, and a lane without a visit is told by its condition.

use crate::case::facts::{self, Around};
use crate::case::side_run::{MAIN, run_of};
use crate::case::world::House;
use crate::case::{Case, Task, TaskState};
use ordain_flow::doc::{Lane, Node, NodeKind, Outcome};
use ordain_flow::rule::{Facts, RowExplained, compile};
use ordain_flow::run::{Answer, Closed, Decision, Flow, Run, RunStatus, Spared, Visit};

/// Where one step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Waiting,
    Open,
    Done,
    Skipped,
    Closed,
}

impl StepState {
    pub fn name(self) -> &'static str {
        match self {
            StepState::Waiting => "waiting",
            StepState::Open => "open",
            StepState::Done => "done",
            StepState::Skipped => "skipped",
            StepState::Closed => "closed",
        }
    }
}

/// One step of the way.
#[derive(Clone, Debug)]
pub struct RouteStep<'a> {
    pub node: &'a Node,
    pub state: StepState,
    pub task: Option<&'a Task>,
    /// Nobody was asked, or is expected to be.
    pub by_rule: bool,
    /// Why nobody was asked, where it was not that nothing was open.
    pub spared: Option<Spared>,
    /// The lane of a condition it stands in, and the rows that decided about the lane.
    pub lane: Option<&'a Lane>,
    pub because: Vec<RowExplained>,
}

/// How far a sequence of steps is.
#[derive(Clone, Copy, PartialEq)]
enum Reach {
    Reached,
    Ahead,
    Skipped,
}

struct Walk<'a> {
    case: &'a Case,
    flow: &'a Flow,
    run: Option<&'a Run>,
    facts: Facts,
    found: Vec<RouteStep<'a>>,
}

/// The lane a step stands in, and why the lane was taken or not.
type Within<'a> = Option<(&'a Lane, Vec<RowExplained>)>;

/// Whether a lane's condition holds, and its rows; none for a lane without one.
type Explained = Option<(bool, Vec<RowExplained>)>;

/// Every step of the flow in reading order. Blocks themselves are left out: their lanes tell of them.
pub fn route<'a>(case: &'a Case, flow: &'a Flow, house: &House) -> Vec<RouteStep<'a>> {
    // What was passed without a visit was passed with the last change.
    let facts = facts::of(case, flow, Around { house, at_ms: case.order.updated_ms });
    let mut walk = Walk { case, flow, run: case.run.as_ref(), facts, found: Vec::new() };
    walk.sequence(&flow.doc().steps, Reach::Reached, &None);
    walk.found
}

impl<'a> Walk<'a> {
    fn sequence(&mut self, steps: &'a [Node], mut reach: Reach, within: &Within<'a>) -> Reach {
        for node in steps {
            reach = self.step(node, reach, within);
        }
        reach
    }

    fn step(&mut self, node: &'a Node, reach: Reach, within: &Within<'a>) -> Reach {
        match &node.kind {
            NodeKind::Parallel { lanes, .. } | NodeKind::Inclusive { lanes, .. } => {
                let after: Vec<Reach> =
                    lanes.iter().map(|lane| self.sequence(&lane.steps, reach, within)).collect();
                after.into_iter().find(|after| *after != reach).unwrap_or(reach)
            }
            NodeKind::Exclusive { lanes } => self.branch(lanes, reach),
            _ => self.aside(node, reach, within),
        }
    }

    /// A step, and behind it the lane into which it led if it went wrong.
    fn aside(&mut self, node: &'a Node, reach: Reach, within: &Within<'a>) -> Reach {
        let after = self.plain(node, reach, within);
        let Some(lane) = node.side_lane() else { return after };
        let is_taken = reach == Reach::Reached && lane.steps.iter().any(|node| self.visit(node).is_some());
        let inside = if is_taken { Reach::Reached } else { Reach::Skipped };
        let came = self.sequence(&lane.steps, inside, &Some((lane, Vec::new())));
        if is_taken { came } else { after }
    }

    fn branch(&mut self, lanes: &'a [Lane], reach: Reach) -> Reach {
        let rows = |lane: &Lane| {
            let rule = lane.when.as_ref().and_then(|when| compile(when, self.flow.schema()).ok());
            rule.map(|rule| (rule.eval(&self.facts), rule.explain(&self.facts)))
        };
        let explained: Vec<(&Lane, Explained)> = lanes.iter().map(|lane| (lane, rows(lane))).collect();
        let visited = lanes.iter().find(|lane| lane.steps.iter().any(|node| self.visit(node).is_some()));
        let taken = visited
            .or_else(|| {
                explained
                    .iter()
                    .find(|(_, rows)| rows.as_ref().is_some_and(|(holds, _)| *holds))
                    .map(|(lane, _)| *lane)
            })
            .or_else(|| lanes.iter().find(|lane| lane.otherwise));
        let mut after = reach;
        for (lane, rows) in explained {
            let is_taken = taken.is_some_and(|taken| taken.id == lane.id);
            let within = Some((lane, rows.map(|(_, rows)| rows).unwrap_or_default()));
            let inside = if is_taken { reach } else { Reach::Skipped };
            let came = self.sequence(&lane.steps, inside, &within);
            if is_taken {
                after = came;
            }
        }
        after
    }

    fn plain(&mut self, node: &'a Node, reach: Reach, within: &Within<'a>) -> Reach {
        let (state, by_rule, after) = match reach {
            Reach::Skipped => (StepState::Skipped, false, Reach::Skipped),
            Reach::Ahead => (self.ahead(), self.is_clear(node), Reach::Ahead),
            Reach::Reached => self.reached(node),
        };
        let visit = self.visit(node);
        let task = visit.and_then(|visit| self.case.tasks_of(visit.visit).map(|(_, task)| task).last());
        let spared = match visit.and_then(|visit| visit.closed) {
            Some(Closed::Spared(why)) => Some(why),
            _ => None,
        };
        let (lane, because) = match within {
            Some((lane, rows)) => (Some(*lane), rows.clone()),
            None => (None, Vec::new()),
        };
        self.found.push(RouteStep { node, state, task, by_rule, spared, lane, because });
        after
    }

    fn ahead(&self) -> StepState {
        match self.run.map(|run| &run.status) {
            Some(RunStatus::Ended { .. }) => StepState::Closed,
            _ => StepState::Waiting,
        }
    }

    fn reached(&self, node: &Node) -> (StepState, bool, Reach) {
        let through = (StepState::Done, false, Reach::Reached);
        let Some(run) = self.run else {
            return match node.kind {
                NodeKind::Start(_) => through,
                _ => (StepState::Waiting, false, Reach::Ahead),
            };
        };
        match &node.kind {
            NodeKind::Start(_) => through,
            NodeKind::AutoCheck { .. } => match &run.status {
                RunStatus::New => (StepState::Waiting, false, Reach::Ahead),
                RunStatus::WaitingForCompletion { .. } => (StepState::Open, false, Reach::Ahead),
                _ => through,
            },
            NodeKind::End { outcome, .. } => (self.end(run, *outcome), false, Reach::Ahead),
            kind => match (self.visit(node), node.person()) {
                (Some(visit), _) => visited(visit),
                (None, Some(settings)) if settings.auto_when_clear => (StepState::Done, true, Reach::Reached),
                (None, _) if waits(kind) => (self.ahead(), false, Reach::Ahead),
                (None, _) => through,
            },
        }
    }

    fn end(&self, run: &Run, outcome: Outcome) -> StepState {
        match run.outcome() {
            Some(reached) if reached == outcome => StepState::Done,
            Some(_) => StepState::Closed,
            None => StepState::Waiting,
        }
    }

    /// The last visit of the step since the order was last sent back.
    fn visit(&self, node: &Node) -> Option<&'a Visit> {
        let run = self.run?;
        run.visits.iter().rev().find(|visit| visit.visit >= run.round_from && *visit.node == *node.id)
    }

    /// Whether the step, were it reached now, would ask nobody.
    fn is_clear(&self, node: &Node) -> bool {
        let Some(review) = node.person() else { return false };
        let owned = |check: &str| review.owns.iter().any(|own| own == check);
        review.auto_when_clear && !self.facts.findings.iter().any(|f| f.open && owned(&f.check))
    }
}

fn visited(visit: &Visit) -> (StepState, bool, Reach) {
    match visit.closed {
        None => (StepState::Open, false, Reach::Ahead),
        Some(Closed::Decided(Decision::Approve) | Closed::Kept) => (StepState::Done, false, Reach::Reached),
        Some(Closed::Decided(_)) => (StepState::Done, false, Reach::Ahead),
        Some(Closed::PassedByRule | Closed::Spared(_)) => (StepState::Done, true, Reach::Reached),
        Some(Closed::Answered(Answer::Declined)) => (StepState::Done, false, Reach::Ahead),
        Some(Closed::Answered(_) | Closed::Waited(_)) => (StepState::Done, false, Reach::Reached),
        Some(Closed::Without(_)) => (StepState::Closed, false, Reach::Ahead),
    }
}

/// Steps at which a run stays until something comes from outside.
fn waits(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Review(_)
        | NodeKind::Task(_)
        | NodeKind::CustomerConfirmation(_)
        | NodeKind::Delay(_)
        | NodeKind::WaitEvent(_)
        | NodeKind::ConnectorCall(_) => true,
        NodeKind::Subflow(subflow) => !subflow.detached,
        _ => false,
    }
}

/// A review that has been passed, by a person or by rule.
#[derive(Clone, Debug)]
pub struct Reviewed<'a> {
    pub node: Option<&'a Node>,
    pub node_id: String,
    /// The person's task; none for a step passed by rule.
    pub by: Option<&'a ordain_domain::actor::Actor>,
    pub decision: Option<Decision>,
    pub at_ms: i64,
}

/// Who reviewed the order, steps passed by rule included, oldest first.
pub fn reviewers<'a>(case: &'a Case, flow: &'a Flow, house: &House) -> Vec<Reviewed<'a>> {
    let mut found: Vec<Reviewed<'a>> = Vec::new();
    for task in case.tasks.values().filter(|task| run_of(task.visit) == MAIN) {
        if let TaskState::Done { by, decision, at_ms, .. } = &task.state {
            found.push(Reviewed {
                node: flow.node(&task.node),
                node_id: task.node.clone(),
                by: Some(by),
                decision: Some(*decision),
                at_ms: *at_ms,
            });
        }
    }
    let submitted = case.order.submitted_ms.unwrap_or(case.order.created_ms);
    let passed = |step: &RouteStep<'_>| step.by_rule && step.state == StepState::Done;
    for step in route(case, flow, house).into_iter().filter(passed) {
        // A step that asked nobody was passed with what stood before it, or when its task was closed.
        let at_ms = match step.task.map(|task| &task.state) {
            Some(TaskState::Closed { at_ms, .. }) => *at_ms,
            _ => submitted,
        };
        let node_id = step.node.id.clone();
        found.push(Reviewed { node: Some(step.node), node_id, by: None, decision: None, at_ms });
    }
    found.sort_by_key(|reviewed| reviewed.at_ms);
    found
}
