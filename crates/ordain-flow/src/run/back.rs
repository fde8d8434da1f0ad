//! Going back: to an earlier step because a person sent the order there, because a step of the flow did, or because
//! something opened again before the end; and the ways straight back to whoever returned the order.

use super::event::{CloseReason, Event, WayBack};
use super::flow::{At, CompiledLane, MAIN, Part, Step, every_lane_is_taken};
use super::refusal::StepRefusal;
use super::state::{Decision, Detour, ExceptionCause};
use super::walk::{Came, Walk};
use crate::doc::{NodeKind, PersonSettings, Resume, ReturnTargets};
use std::sync::Arc;

/// How two steps lie to each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lies {
    /// The other comes first, or is a block around it, on a sequence that holds both or their blocks.
    Earlier(Part),
    Later,
    /// In another lane of a block whose lanes run at once.
    Beside,
    /// In another lane of a block of which one lane is taken.
    Apart,
}

impl<'a> Walk<'a> {
    /// How a step lies seen from another.
    pub(super) fn lies(&self, other: &Step, from: &Step) -> Lies {
        let flow = self.flow;
        let (there, here) = (flow.path(other), flow.path(from));
        let around = there.len() < here.len();
        for (there, here) in there.into_iter().zip(here) {
            if there.sequence != here.sequence {
                let block = flow.block_of(here.sequence);
                return if block.is_some_and(Step::is_parallel) { Lies::Beside } else { Lies::Apart };
            }
            let is_around = around && there.id == other.id && there.id == here.id;
            if there.position < here.position || is_around {
                return Lies::Earlier(Part::Sequence(here.sequence));
            }
            if there.position > here.position {
                return Lies::Later;
            }
        }
        Lies::Later
    }

    /// A person sends the order back to an earlier step that a person has passed.
    pub(super) fn return_to(&mut self, visit: u32, to: &Arc<str>, way: WayBack) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        let (step, target) = (self.find(&open.node)?, self.find(to)?);
        let wrong = StepRefusal::WrongKind { visit, kind: open.kind };
        let settings = step.node.person().filter(|_| open.kind.is_task()).ok_or(wrong)?;
        let allowed = match &settings.returns.targets {
            ReturnTargets::AnyPassed => true,
            ReturnTargets::Initiator => false,
            ReturnTargets::Steps(steps) => steps.iter().any(|step| **step == **to),
        };
        if !allowed || target.node.person().is_none() {
            return Err(StepRefusal::TargetNotOffered { node: to.clone() });
        }
        let offered = match settings.returns.resume {
            Resume::Choose => way,
            Resume::StepByStep => WayBack::StepByStep,
            Resume::Direct => WayBack::Direct,
        };
        if offered != way {
            return Err(StepRefusal::WayNotOffered { visit, way });
        }
        let scope = self.earlier(target, step)?;
        if !self.run.has_approved(to) {
            return Err(StepRefusal::NeverPassed { node: to.clone() });
        }
        self.emit(Event::Decided { visit, node: open.node, decision: Decision::Return });
        self.send_back(visit, step, target, scope, way)
    }

    /// The part of the flow that is left when the run goes from a step back to an earlier one.
    fn earlier(&self, target: &Step, from: &Step) -> Result<Part, StepRefusal> {
        let node = target.id.clone();
        match self.lies(target, from) {
            Lies::Earlier(scope) => Ok(scope),
            Lies::Later => Err(StepRefusal::NotEarlier { node }),
            Lies::Beside => Err(StepRefusal::InOtherLane { node }),
            Lies::Apart => Err(StepRefusal::NeverPassed { node }),
        }
    }

    /// A rejection that the step turns into a return.
    pub(super) fn reject_to(&mut self, visit: u32, step: &Step, to: &str) -> Result<(), StepRefusal> {
        let target = self.find(&to.into())?;
        let scope = self.earlier(target, step)?;
        self.send_back(visit, step, target, scope, WayBack::StepByStep)
    }

    fn send_back(
        &mut self,
        visit: u32,
        step: &Step,
        target: &Step,
        scope: Part,
        way: WayBack,
    ) -> Result<(), StepRefusal> {
        let comes_back = way == WayBack::Direct;
        let reopen = self.close_inside(scope, CloseReason::Returned, comes_back);
        let reopen = if comes_back { reopen } else { Vec::new() };
        let (node, to) = (step.id.clone(), target.id.clone());
        self.emit(Event::ReturnedTo { visit, node, to, way, reopen });
        self.go_on(At::step(target).asked())
    }

    /// A step to which the order was returned decides, and names the steps that have to look again before the order
    /// comes back.
    pub(super) fn approve_returned(&mut self, visit: u32, again: &[Arc<str>]) -> Result<(), StepRefusal> {
        let open = self.open_visit(visit)?;
        let found = self.run.detours.iter().rev().find(|detour| detour.at == open.node).cloned();
        let mut detour = found.ok_or(StepRefusal::NotReturned { visit })?;
        let (here, back) = (self.find(&open.node)?, self.find(&detour.from)?);
        for node in again {
            let step = self.find(node)?;
            let (to_here, to_back) = (self.lies(step, here), self.lies(step, back));
            let after = self.flow.index(node) > self.flow.index(&open.node);
            let between = after && matches!(to_back, Lies::Earlier(_));
            // A lane beside stays as it is when one is left by a return: what it has approved may be stale as well.
            let beside = to_here == Lies::Beside || to_back == Lies::Beside;
            let asked = self.run.open_visits().any(|open| open.node == *node);
            let decided = step.node.person().is_some() && self.run.has_approved(node) && !asked;
            if !decided || !(between || beside) {
                return Err(StepRefusal::NeverPassed { node: node.clone() });
            }
            if !detour.again.contains(node) {
                detour.again.push(node.clone());
            }
        }
        let flow = self.flow;
        detour.again.sort_by_key(|node| flow.index(node));
        self.emit(Event::Decided { visit, node: open.node, decision: Decision::Approve });
        self.set_on_leaving(visit, here);
        self.go_back_along(detour)
    }

    /// The next step on the way straight back.
    pub(super) fn go_back_along(&mut self, detour: Detour) -> Result<(), StepRefusal> {
        if let [next, rest @ ..] = detour.again.as_slice() {
            let (from, node, rest) = (detour.from.clone(), next.clone(), rest.to_vec());
            let step = self.find(&node)?;
            self.emit(Event::AskedAgain { from, node, rest });
            return self.go_on(At::step(step).asked());
        }
        let step = self.find(&detour.from)?;
        for node in detour.reopen.iter().rev() {
            let step = self.find(node)?;
            self.pending.push(At::step(step).asked());
        }
        self.emit(Event::CameBack { to: detour.from });
        self.go_on(At::step(step).asked())
    }

    /// A step of the flow sends the run back, at most so often in one round.
    pub(super) fn go_to(
        &mut self,
        visit: u32,
        step: &'a Step,
        target: &str,
        max_rounds: u32,
    ) -> Result<Came, StepRefusal> {
        match step.rule.as_ref().map(|rule| rule.decide(&self.facts)) {
            Some(Some(false)) => return Ok(Came::Through),
            Some(None) => return Ok(self.ask_about(visit, step)),
            Some(Some(true)) | None => {}
        }
        if self.run.loops.get(&step.id).copied().unwrap_or_default() >= max_rounds {
            let kind = super::state::VisitKind::Exception(ExceptionCause::TooManyRounds);
            return Ok(self.open(visit, step, kind, false));
        }
        self.loop_back(visit, step, target).map(Came::To)
    }

    pub(super) fn loop_back(&mut self, visit: u32, step: &'a Step, to: &str) -> Result<At, StepRefusal> {
        let target = self.find(&to.into())?;
        let scope = self.earlier(target, step)?;
        let round = self.run.loops.get(&step.id).copied().unwrap_or_default().saturating_add(1);
        let (node, to) = (step.id.clone(), target.id.clone());
        self.emit(Event::LoopedBack { visit, node, to, round });
        self.close_inside(scope, CloseReason::LoopedBack, false);
        Ok(At::step(target))
    }

    /// A step every run passes that nobody was asked in, and that now owns an open finding: between
    /// its passing and the end the facts have changed. Gives the step of the main sequence it is in.
    pub(super) fn reopened(&self, end: &Step) -> Option<(&'a Step, Arc<str>)> {
        let flow = self.flow;
        // In reading order, so what every run passes and stands before this end has been passed.
        let mut before = flow.steps().iter().take_while(|step| step.id != end.id);
        let stale = before.find(|step| {
            let may_pass = |settings: &&PersonSettings| {
                settings.auto_when_clear || settings.skip_when.is_some() || !self.was_asked(&step.id)
            };
            let settings = step.node.person().filter(may_pass);
            settings.is_some_and(|settings| {
                !step.optional && !self.is_clear(settings) && !self.run.has_approved(&step.id)
            })
        })?;
        let top = flow.path(stale).into_iter().next().filter(|top| top.sequence == MAIN)?;
        Some((top, stale.id.clone()))
    }

    /// A step that must not be skipped, that the way would lead to as the facts are now, and that nobody has decided:
    /// the run was moved past it, or the facts have changed since its condition was looked at. The run goes straight to
    /// it: on the way there the facts might change back.
    pub(super) fn evaded(&self, end: &Step) -> Option<&'a Step> {
        let mut before = self.flow.steps().iter().take_while(|step| step.id != end.id);
        before.find(|step| {
            let settings = step.node.person().filter(|settings| settings.guarded);
            settings.is_some_and(|settings| {
                !self.passes_by_rule(step, settings)
                    && self.run.last_word(&step.id).is_none()
                    && self.leads_to(step)
            })
        })
    }

    fn passes_by_rule(&self, step: &Step, settings: &PersonSettings) -> bool {
        let skipped = step.rule.as_ref().is_some_and(|rule| rule.eval(&self.facts));
        self.is_clear(settings) && (settings.auto_when_clear || skipped)
    }

    /// Whether every block around a step would take the lane that leads to it.
    fn leads_to(&self, step: &Step) -> bool {
        let path = self.flow.path(step);
        let mut blocks = path.iter().zip(path.iter().skip(1));
        blocks.all(|(block, next)| self.takes(block, next.sequence))
    }

    fn takes(&self, block: &Step, sequence: usize) -> bool {
        // What cannot be said might be so.
        let holds = |lane: &CompiledLane| {
            lane.rule.as_ref().is_some_and(|rule| rule.decide(&self.facts) != Some(false))
        };
        let named = || block.lanes.iter().filter(|lane| !lane.otherwise);
        let is_this = |lane: &CompiledLane| lane.sequence == sequence;
        let otherwise = block.lanes.iter().any(|lane| lane.otherwise && is_this(lane));
        match &block.node.kind {
            NodeKind::Exclusive { .. } => named().find(|lane| holds(lane)).map_or(otherwise, is_this),
            NodeKind::Inclusive { .. } if otherwise => !named().any(holds),
            NodeKind::Inclusive { .. } => named().any(|lane| is_this(lane) && holds(lane)),
            _ => every_lane_is_taken(&block.node),
        }
    }

    fn was_asked(&self, node: &str) -> bool {
        self.run.this_round().any(|visit| &*visit.node == node)
    }
}
