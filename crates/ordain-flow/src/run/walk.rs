//! Walking the tree: entering steps one after the other until somebody has to be asked or the end is
//! reached. The walk works on its own copy of the run, through `apply`, so that its events are the whole
//! truth about what it did.

use super::event::{CloseReason, Event, LaneRefused};
use super::flow::{Flow, MAIN, Step};
use super::state::{Closed, Completion, Decision, Run, apply};
use super::step::{MAX_ADVANCES, StepRefusal};
use crate::doc::{CheckRule, NodeKind, OnFail, PersonSettings};
use crate::rule::Facts;
use std::sync::Arc;

pub(super) struct Walk<'a> {
    pub flow: &'a Flow,
    pub facts: &'a Facts,
    pub now_ms: i64,
    pub run: Run,
    pub events: Vec<Event>,
    advances: usize,
    /// A person or the facts have cleared the doorstep that is entered next.
    cleared: bool,
}

/// What entering a step or a lane came to.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Came {
    /// Through; the next step can be entered.
    Through,
    /// To a halt: somebody is asked, or the run is over.
    Halted,
}

impl<'a> Walk<'a> {
    pub fn new(flow: &'a Flow, run: &Run, facts: &'a Facts, now_ms: i64) -> Self {
        let events = Vec::with_capacity(24);
        Self { flow, facts, now_ms, run: run.clone(), events, advances: 0, cleared: false }
    }

    pub fn emit(&mut self, event: Event) {
        apply(&mut self.run, &event);
        self.events.push(event);
    }

    pub fn index(&self, node: &Arc<str>) -> Result<usize, StepRefusal> {
        self.flow.index(node).ok_or_else(|| StepRefusal::UnknownNode { node: node.clone() })
    }

    pub fn close_all(&mut self, reason: CloseReason) {
        let open: Vec<_> = self.run.open_visits().map(|open| (open.visit, open.node.clone())).collect();
        for (visit, node) in open {
            self.emit(Event::TaskClosed { visit, node, reason });
        }
    }

    pub fn is_clear(&self, settings: &PersonSettings) -> bool {
        let owned = |check: &str| settings.owns.iter().any(|own| own == check);
        !self.facts.findings.iter().any(|finding| finding.open && owned(&finding.check))
    }

    /// Enters the steps of one sequence from a position on.
    pub fn follow(&mut self, sequence: usize, from: usize) -> Result<Came, StepRefusal> {
        let flow = self.flow;
        let steps = flow.sequence(sequence).map(|found| found.steps.as_slice()).unwrap_or_default();
        for index in steps.iter().skip(from) {
            if let Some(step) = flow.step_at(*index)
                && self.enter(step)? == Came::Halted
            {
                return Ok(Came::Halted);
            }
        }
        Ok(Came::Through)
    }

    pub fn anything_open(&self) -> bool {
        self.facts.findings.iter().any(|finding| finding.open)
    }

    /// Goes on behind a step that is done, and out of every block that is done with it. From the doorstep it goes on with
    /// the step that stands there.
    pub fn leave(&mut self, node: &Arc<str>) -> Result<(), StepRefusal> {
        let flow = self.flow;
        let mut at = self.index(node)?;
        if let Some(step) = flow.step_at(at).filter(|step| step.doorstep) {
            self.cleared = true;
            return self.follow(step.sequence, step.position).map(|_| ());
        }
        while let Some(step) = flow.step_at(at) {
            if self.follow(step.sequence, step.position + 1)? == Came::Halted {
                return Ok(());
            }
            match flow.sequence(step.sequence).and_then(|sequence| sequence.block) {
                Some(block) if self.is_busy(block) => return Ok(()),
                Some(block) => at = block,
                None => return Err(StepRefusal::PathBroken { node: node.clone() }),
            }
        }
        Ok(())
    }

    /// A block is done when nobody inside it is asked any more.
    fn is_busy(&self, block: usize) -> bool {
        let end = self.flow.step_at(block).map_or(block, |step| step.end);
        self.run
            .open_visits()
            .any(|open| self.flow.index(&open.node).is_some_and(|index| index > block && index < end))
    }

    fn enter(&mut self, step: &'a Step) -> Result<Came, StepRefusal> {
        self.advances += 1;
        if self.advances > MAX_ADVANCES {
            return Err(StepRefusal::TooManyAdvances { max: MAX_ADVANCES });
        }
        if step.doorstep && !std::mem::take(&mut self.cleared) {
            if let Some((position, because_of)) = self.reopened(step) {
                return self.go_back(position, because_of);
            }
            // Something that no review owns stands in the way: a person decides, never an error.
            if self.anything_open() {
                let (visit, node) = (self.run.next_visit, step.id.clone());
                self.emit(Event::Entered { visit, node: node.clone() });
                self.emit(Event::TaskOpened { visit, node, at_ms: self.now_ms });
                return Ok(Came::Halted);
            }
        }
        let visit = self.run.next_visit;
        self.emit(Event::Entered { visit, node: step.id.clone() });
        match &step.node.kind {
            NodeKind::Start {} => Ok(Came::Through),
            NodeKind::AutoCheck { checks, reserve_stock } => {
                Ok(self.check(visit, step, checks, *reserve_stock, self.now_ms))
            }
            NodeKind::Review(settings) => Ok(self.review(visit, step, settings)),
            NodeKind::Parallel { .. } => {
                let mut came = Came::Through;
                for lane in &step.lanes {
                    if self.follow(lane.sequence, 0)? == Came::Halted {
                        came = Came::Halted;
                    }
                }
                Ok(came)
            }
            NodeKind::Exclusive { .. } => self.branch(step),
            NodeKind::Notify { .. } => {
                let template = step.template.clone();
                self.emit(Event::NoticeRequested { visit, node: step.id.clone(), template });
                Ok(Came::Through)
            }
            NodeKind::End { outcome } => {
                self.emit(Event::Ended { visit: Some(visit), outcome: *outcome });
                Ok(Came::Halted)
            }
            _ => Err(StepRefusal::PathBroken { node: step.id.clone() }),
        }
    }

    fn failing(&self, checks: &[CheckRule]) -> Vec<Arc<str>> {
        let returns = |rule: &&CheckRule| {
            rule.on_fail == OnFail::Return
                && self.facts.findings.iter().any(|f| f.open && f.sender && *f.check == *rule.check)
        };
        checks.iter().filter(returns).map(|rule| rule.check.as_str().into()).collect()
    }

    fn check(
        &mut self,
        visit: u32,
        step: &Step,
        checks: &[CheckRule],
        reserve_stock: bool,
        at_ms: i64,
    ) -> Came {
        let (node, failing) = (step.id.clone(), self.failing(checks));
        if failing.is_empty() {
            self.emit(Event::ChecksPassed { visit, node, reserve_stock });
            return Came::Through;
        }
        self.emit(Event::ReturnedForCompletion { visit, node, by: Completion::Checks(failing), at_ms });
        Came::Halted
    }

    /// The run waits at an automatic check and something has changed. While the same checks fail,
    /// nothing happens; the wait keeps its beginning when others do.
    pub fn check_again(&mut self, visit: u32, node: &Arc<str>, since_ms: i64) -> Result<(), StepRefusal> {
        let flow = self.flow;
        let Some(step) = flow.step_at(self.index(node)?) else {
            return Err(StepRefusal::UnknownNode { node: node.clone() });
        };
        let NodeKind::AutoCheck { checks, reserve_stock } = &step.node.kind else {
            return Err(StepRefusal::UnknownNode { node: node.clone() });
        };
        let before = self.run.status.clone();
        if self.check(visit, step, checks, *reserve_stock, since_ms) == Came::Through {
            return self.leave(node);
        }
        if self.run.status == before {
            self.events.clear();
        }
        Ok(())
    }

    fn review(&mut self, visit: u32, step: &Step, settings: &PersonSettings) -> Came {
        let node = step.id.clone();
        if settings.auto_when_clear && self.is_clear(settings) {
            self.emit(Event::PassedByRule { visit, node });
            return Came::Through;
        }
        self.emit(Event::TaskOpened { visit, node, at_ms: self.now_ms });
        Came::Halted
    }

    fn branch(&mut self, step: &Step) -> Result<Came, StepRefusal> {
        let mut refused = Vec::new();
        for lane in step.lanes.iter().filter(|lane| !lane.otherwise) {
            let Some(rule) = &lane.rule else { continue };
            let because = rule.explain(self.facts);
            if rule.eval(self.facts) {
                let (node, lane_id) = (step.id.clone(), lane.id.clone());
                self.emit(Event::LaneTaken { node, lane: lane_id, because, refused });
                return self.follow(lane.sequence, 0);
            }
            refused.push(LaneRefused { lane: lane.id.clone(), because });
        }
        let Some(lane) = step.lanes.iter().find(|lane| lane.otherwise) else {
            return Err(StepRefusal::PathBroken { node: step.id.clone() });
        };
        let (node, lane_id) = (step.id.clone(), lane.id.clone());
        self.emit(Event::LaneTaken { node, lane: lane_id, because: Vec::new(), refused });
        self.follow(lane.sequence, 0)
    }

    /// A review every run passes that nobody was asked in, and that now owns an open finding: between
    /// its passing and the end the facts have changed. Gives the step of the main sequence it is in.
    fn reopened(&self, end: &Step) -> Option<(usize, Arc<str>)> {
        if !self.anything_open() {
            return None;
        }
        let approved = |id: &str| {
            self.run.visits.iter().any(|visit| {
                visit.visit >= self.run.round_from
                    && &*visit.node == id
                    && visit.closed == Some(Closed::Decided(Decision::Approve))
            })
        };
        // In reading order, so what every run passes and stands before this end has been passed.
        let mut before = self.flow.steps().iter().take_while(|step| step.id != end.id);
        let stale = before.find(|step| match &step.node.kind {
            NodeKind::Review(settings) => {
                settings.auto_when_clear && !step.optional && !self.is_clear(settings) && !approved(&step.id)
            }
            _ => false,
        })?;
        let mut top = stale;
        while top.sequence != MAIN {
            let block = self.flow.sequence(top.sequence)?.block?;
            top = self.flow.step_at(block)?;
        }
        Some((top.position, stale.id.clone()))
    }

    fn go_back(&mut self, position: usize, because_of: Arc<str>) -> Result<Came, StepRefusal> {
        let flow = self.flow;
        let target = flow.sequence(MAIN).and_then(|main| main.steps.get(position).copied());
        if let Some(target) = target.and_then(|index| flow.step_at(index)) {
            self.emit(Event::WentBack { to: target.id.clone(), because_of });
        }
        self.follow(MAIN, position)
    }
}
