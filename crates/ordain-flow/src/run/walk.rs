//! Walking the tree: entering steps one after the other until somebody has to be asked or the end is reached. The walk
//! works on its own copy of the run, through `apply`, so that its events are the whole truth about what it did. Lanes
//! that still have to be followed wait in a list, so that a deep document costs memory, not stack.

use super::apply::apply;
use super::event::Event;
use super::flow::{At, Flow, Step};
use super::refusal::StepRefusal;
use super::state::{Run, RunStatus, Visit, VisitKind};
use super::step::MAX_ADVANCES;
use crate::doc::{NodeKind, PersonSettings};
use crate::rule::Facts;
use std::borrow::Cow;
use std::sync::Arc;

pub(super) struct Walk<'a> {
    pub flow: &'a Flow,
    /// As given, with what the rules ask of the run as it is now, until a step of the flow sets a field.
    pub facts: Cow<'a, Facts>,
    pub now_ms: i64,
    pub run: Run,
    pub events: Vec<Event>,
    /// Places that are still to be followed in this call, the next one last.
    pub pending: Vec<At>,
    /// Steps that ask whatever their rules say: what they have looked at was changed where they could not see it.
    pub again: Vec<Arc<str>>,
    /// A step has set a field: what is known to be open is of the order as it was before.
    pub unchecked: bool,
    advances: usize,
}

/// What entering a step came to.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Came {
    /// Through; the next step can be entered.
    Through,
    /// To a halt: somebody is asked, other lanes go on, or the run is over.
    Halted,
    /// Elsewhere.
    To(At),
}

impl<'a> Walk<'a> {
    pub fn new(flow: &'a Flow, run: &Run, facts: &'a Facts, now_ms: i64) -> Self {
        let events = Vec::with_capacity(24);
        let facts = Cow::Borrowed(facts);
        let run = run.clone();
        let (pending, again) = (Vec::new(), Vec::new());
        let mut walk =
            Self { flow, facts, now_ms, run, events, pending, again, unchecked: false, advances: 0 };
        walk.tell_of_run();
        walk
    }

    pub fn emit(&mut self, event: Event) {
        apply(&mut self.run, &event);
        self.events.push(event);
        self.tell_of_run();
    }

    fn tell_of_run(&mut self) {
        if self.flow.asks_run() {
            self.flow.tell_of_run(self.facts.to_mut(), &self.run);
        }
    }

    pub fn find(&self, node: &Arc<str>) -> Result<&'a Step, StepRefusal> {
        let flow = self.flow;
        flow.find(node).ok_or_else(|| StepRefusal::UnknownNode { node: node.clone() })
    }

    /// The stay, if it still waits.
    pub fn open_visit(&self, visit: u32) -> Result<Visit, StepRefusal> {
        let known = self.run.visit(visit).ok_or(StepRefusal::UnknownVisit { visit })?;
        match known.closed {
            None => Ok(known.clone()),
            Some(closed) => Err(StepRefusal::of_closed(visit, closed)),
        }
    }

    pub fn is_clear(&self, settings: &PersonSettings) -> bool {
        let owned = |check: &str| settings.owns.iter().any(|own| own == check);
        !self.facts.findings.iter().any(|finding| finding.open && owned(&finding.check))
    }

    pub fn anything_open(&self) -> bool {
        self.facts.findings.iter().any(|finding| finding.open)
    }

    pub fn is_over(&self) -> bool {
        matches!(self.run.status, RunStatus::Ended { .. })
    }

    /// Goes as far as the way leads from here, and from every place that is pending.
    pub fn go_on(&mut self, at: At) -> Result<(), StepRefusal> {
        self.pending.push(at);
        while let Some(at) = self.pending.pop() {
            self.follow(at)?;
            if self.is_over() {
                self.pending.clear();
            }
        }
        Ok(())
    }

    fn follow(&mut self, mut at: At) -> Result<(), StepRefusal> {
        let flow = self.flow;
        loop {
            let next = match flow.step_in(at) {
                Some(step) => match self.enter(step, at.asked)? {
                    Came::Through => Some(at.next()),
                    Came::Halted => None,
                    Came::To(next) => Some(next),
                },
                None => self.end_of(at.sequence)?,
            };
            match next {
                Some(next) => at = next,
                None => return Ok(()),
            }
        }
    }

    /// Goes on behind a step that is done: straight back where a way back is promised, else with the next step.
    pub fn leave(&mut self, done: &Visit) -> Result<(), StepRefusal> {
        let step = self.find(&done.node)?;
        if is_on_doorstep(done, step) {
            return self.go_on(At::step(step));
        }
        // A choice that somebody waves through is the one for all else, and not past the block.
        if step.chooses() && matches!(done.kind, VisitKind::Exception(_)) {
            let at = self.otherwise(step, Vec::new())?;
            return self.go_on(at);
        }
        match self.run.detours.iter().rev().find(|detour| detour.at == done.node).cloned() {
            Some(detour) => self.go_back_along(detour),
            None => {
                let at = self.behind_checks(step);
                self.go_on(at)
            }
        }
    }

    /// Numbers a stay and says that it was reached.
    pub fn arrive(&mut self, step: &Step) -> u32 {
        let visit = self.run.next_visit;
        self.emit(Event::Entered { visit, node: step.id.clone() });
        visit
    }

    pub fn count_advance(&mut self) -> Result<(), StepRefusal> {
        self.advances += 1;
        if self.advances > MAX_ADVANCES {
            return Err(StepRefusal::TooManyAdvances { max: MAX_ADVANCES });
        }
        Ok(())
    }
}

/// A stay before the end because something is open, at a step that itself asks nobody.
pub(super) fn is_on_doorstep(visit: &Visit, step: &Step) -> bool {
    use super::state::ExceptionCause;
    match visit.kind {
        VisitKind::Exception(cause) => cause == ExceptionCause::FindingsOpen,
        VisitKind::Task => !matches!(step.node.kind, NodeKind::Review(_) | NodeKind::Task(_)),
        _ => false,
    }
}
