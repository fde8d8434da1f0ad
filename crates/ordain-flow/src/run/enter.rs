//! Entering one step: what each type of step does the moment the run reaches it.

use super::event::{Assigned, Event, LaneTried};
use super::flow::{At, Slots, Step};
use super::refusal::StepRefusal;
use super::state::{Completion, ExceptionCause, Spared, VisitKind};
use super::walk::{Came, Walk};
use crate::doc::{Assignment, CheckRule, NodeKind, OnFail, Outcome, PersonSettings, StockAction};
use crate::rule::Operand;
use std::sync::Arc;

/// How often a step may send the run back by itself, if it does not say.
pub const DEFAULT_ROUNDS: u32 = 3;

impl<'a> Walk<'a> {
    pub(super) fn enter(&mut self, step: &'a Step, asked: bool) -> Result<Came, StepRefusal> {
        self.count_advance()?;
        if (step.doorstep || step.confirms()) && self.unchecked {
            let visit = self.arrive(step);
            return Ok(self.wait(visit, step, VisitKind::Checks));
        }
        if (step.doorstep || step.confirms()) && self.anything_open() {
            return Ok(match self.reopened(step) {
                Some((to, because_of)) => {
                    self.emit(Event::WentBack { to: to.id.clone(), because_of });
                    Came::To(At::step(to))
                }
                // Something that no step owns stands in the way: a person decides, never an error.
                None => self.raise(step, ExceptionCause::FindingsOpen),
            });
        }
        if (step.doorstep || step.confirms())
            && let Some(evaded) = self.evaded(step)
        {
            self.emit(Event::WentBack { to: evaded.id.clone(), because_of: evaded.id.clone() });
            return Ok(Came::To(At::step(evaded).asked()));
        }
        let visit = self.arrive(step);
        if !asked && self.stands(step) {
            return Ok(self.say(Event::Kept { visit, node: step.id.clone(), at_ms: self.now_ms }));
        }
        Ok(match &step.node.kind {
            NodeKind::Start(_) => Came::Through,
            NodeKind::AutoCheck { checks, reserve_stock, .. } => {
                self.check(visit, step, checks, *reserve_stock, self.now_ms)
            }
            NodeKind::Review(settings) => {
                self.person(visit, step, settings, asked || self.again.contains(&step.id))
            }
            NodeKind::Task(task) => {
                self.person(visit, step, &task.person, asked || self.again.contains(&step.id))
            }
            NodeKind::CustomerConfirmation(_) => self.wait(visit, step, VisitKind::Customer),
            NodeKind::Cc { .. } => self.say(Event::CopyRequested { visit, node: step.id.clone() }),
            NodeKind::Notify { .. } => {
                let (node, template) = (step.id.clone(), step.template.clone());
                self.say(Event::NoticeRequested { visit, node, template })
            }
            NodeKind::Parallel { .. } => self.fork(step),
            NodeKind::Exclusive { .. } => self.branch(visit, step)?,
            NodeKind::Inclusive { .. } => self.choose(visit, step)?,
            NodeKind::Delay(_) => self.wait(visit, step, VisitKind::Delay),
            NodeKind::WaitEvent(_) => self.wait(visit, step, VisitKind::Event),
            NodeKind::UpdateData { assign, stock, tags } => {
                self.set(visit, step, (assign, &step.assign), *stock, tags)
            }
            NodeKind::ConnectorCall(_) => self.wait(visit, step, VisitKind::Call),
            NodeKind::Subflow(subflow) if subflow.detached => {
                self.say(Event::SubflowDetached { visit, node: step.id.clone() })
            }
            NodeKind::Subflow(_) => self.wait(visit, step, VisitKind::Subflow),
            NodeKind::GoTo { target, max_rounds, .. } => {
                self.go_to(visit, step, target, max_rounds.unwrap_or(DEFAULT_ROUNDS))?
            }
            NodeKind::End { outcome, .. } => self.end(visit, *outcome),
        })
    }

    fn say(&mut self, event: Event) -> Came {
        self.emit(event);
        Came::Through
    }

    fn wait(&mut self, visit: u32, step: &Step, kind: VisitKind) -> Came {
        self.emit(Event::WaitBegan { visit, node: step.id.clone(), kind, at_ms: self.now_ms });
        Came::Halted
    }

    fn end(&mut self, visit: u32, outcome: Outcome) -> Came {
        self.emit(Event::Ended { visit: Some(visit), outcome });
        Came::Halted
    }

    /// Opens a stay at the step that a person has to see to.
    pub(super) fn raise(&mut self, step: &Step, cause: ExceptionCause) -> Came {
        let visit = self.arrive(step);
        self.open(visit, step, VisitKind::Exception(cause), false)
    }

    pub(super) fn open(&mut self, visit: u32, step: &Step, kind: VisitKind, asked: bool) -> Came {
        self.emit(Event::TaskOpened { visit, node: step.id.clone(), at_ms: self.now_ms, kind, asked });
        Came::Halted
    }

    fn person(&mut self, visit: u32, step: &Step, settings: &PersonSettings, asked: bool) -> Came {
        // A finding that the step answers for is never skipped with it.
        if !asked && self.is_clear(settings) {
            let node = step.id.clone();
            if settings.auto_when_clear {
                return self.say(Event::PassedByRule { visit, node, because: Vec::new(), spared: None });
            }
            if let Some(rule) = step.rule.as_ref().filter(|rule| rule.eval(&self.facts)) {
                let because = rule.explain(&self.facts);
                return self.say(Event::PassedByRule { visit, node, because, spared: Some(Spared::Rule) });
            }
        }
        if !settings.on_enter.is_empty() {
            self.set(visit, step, (&settings.on_enter, &step.assign), None, &[]);
        }
        self.open(visit, step, VisitKind::Task, asked)
    }

    /// What the step puts into fields when it is approved.
    pub(super) fn set_on_leaving(&mut self, visit: u32, step: &Step) {
        let Some(person) = step.node.person().filter(|person| !person.on_leave.is_empty()) else { return };
        let slots = step.assign.get(person.on_enter.len()..).unwrap_or_default();
        self.set(visit, step, (&person.on_leave, slots), None, &[]);
    }

    /// Checks that are to have this consequence and have an open finding. Only what the sender can mend goes back.
    fn failing<'c>(&self, checks: &'c [CheckRule], then: OnFail) -> impl Iterator<Item = &'c CheckRule> {
        let open = move |check: &str| {
            let mut findings =
                self.facts.findings.iter().filter(|found| found.open && *found.check == *check);
            findings.any(|found| found.sender || then != OnFail::Return)
        };
        checks.iter().filter(move |rule| rule.on_fail == then && open(&rule.check))
    }

    /// Whether something that a check wants a person to see first is open.
    pub(super) fn checks_raise(&self, step: &Step) -> bool {
        match &step.node.kind {
            NodeKind::AutoCheck { checks, .. } => self.failing(checks, OnFail::Exception).next().is_some(),
            _ => false,
        }
    }

    /// Where the run goes on behind its checks: in their own lane first, where one of them says so.
    pub(super) fn behind_checks(&mut self, step: &Step) -> At {
        if let NodeKind::AutoCheck { checks, .. } = &step.node.kind
            && let Some(lane) = step.lanes.first()
            && self.failing(checks, OnFail::Branch).next().is_some()
        {
            let (node, lane_id) = (step.id.clone(), lane.id.clone());
            self.emit(Event::LaneTaken { node, lane: lane_id, because: Vec::new(), refused: Vec::new() });
            return At::start_of(lane.sequence);
        }
        At::behind(step)
    }

    fn check(
        &mut self,
        visit: u32,
        step: &Step,
        checks: &[CheckRule],
        reserve_stock: bool,
        at_ms: i64,
    ) -> Came {
        let failing = self.failing(checks, OnFail::Return).map(|rule| rule.check.as_str().into());
        let (node, failing) = (step.id.clone(), failing.collect::<Vec<Arc<str>>>());
        if failing.is_empty() {
            self.emit(Event::ChecksPassed { visit, node, reserve_stock });
            if self.checks_raise(step) {
                return self.raise(step, ExceptionCause::ChecksFailed);
            }
            return Came::To(self.behind_checks(step));
        }
        self.emit(Event::ReturnedForCompletion { visit, node, by: Completion::Checks(failing), at_ms });
        Came::Halted
    }

    /// The run waits at an automatic check and something has changed. While the same checks fail,
    /// nothing happens; the wait keeps its beginning when others do.
    pub(super) fn check_again(
        &mut self,
        visit: u32,
        node: &Arc<str>,
        since_ms: i64,
    ) -> Result<(), StepRefusal> {
        let step = self.find(node)?;
        let NodeKind::AutoCheck { checks, reserve_stock, .. } = &step.node.kind else {
            return Err(StepRefusal::UnknownNode { node: node.clone() });
        };
        let before = self.run.status.clone();
        if let Came::To(at) = self.check(visit, step, checks, *reserve_stock, since_ms) {
            return self.go_on(at);
        }
        if self.run.status == before {
            self.events.clear();
        }
        Ok(())
    }

    fn branch(&mut self, visit: u32, step: &Step) -> Result<Came, StepRefusal> {
        let mut refused = Vec::new();
        for lane in step.lanes.iter().filter(|lane| !lane.otherwise) {
            let Some(rule) = &lane.rule else { continue };
            let because = rule.explain(&self.facts);
            match rule.decide(&self.facts) {
                Some(true) => {
                    let (node, lane_id) = (step.id.clone(), lane.id.clone());
                    self.emit(Event::LaneTaken { node, lane: lane_id, because, refused });
                    return Ok(Came::To(At::start_of(lane.sequence)));
                }
                Some(false) => refused.push(LaneTried { lane: lane.id.clone(), because }),
                None => return Ok(self.ask_about(visit, step)),
            }
        }
        self.otherwise(step, refused).map(Came::To)
    }

    /// Which way to go hangs on a field that is empty: somebody fills it, or says where the run goes on.
    pub(super) fn ask_about(&mut self, visit: u32, step: &Step) -> Came {
        self.open(visit, step, VisitKind::Exception(ExceptionCause::FieldEmpty), false)
    }

    /// Into the lane for all that no other one takes.
    pub(super) fn otherwise(&mut self, step: &Step, refused: Vec<LaneTried>) -> Result<At, StepRefusal> {
        let Some(lane) = step.lanes.iter().find(|lane| lane.otherwise) else {
            return Err(StepRefusal::PathBroken { node: step.id.clone() });
        };
        let (node, taken, because) = (step.id.clone(), lane.id.clone(), Vec::new());
        self.emit(match step.counts_lanes() {
            true => Event::Forked { node, lanes: vec![LaneTried { lane: taken, because }], refused },
            false => Event::LaneTaken { node, lane: taken, because, refused },
        });
        Ok(At::start_of(lane.sequence))
    }

    fn set(
        &mut self,
        visit: u32,
        step: &Step,
        (assign, slots): (&[Assignment], &[Slots]),
        stock: Option<StockAction>,
        tags: &[String],
    ) -> Came {
        self.unchecked |= !assign.is_empty();
        let mut assigned = Vec::with_capacity(assign.len());
        for (set, slots) in assign.iter().zip(slots) {
            let value = match &set.value {
                Operand::Field(_) => {
                    let known = slots.value.and_then(|slot| self.facts.fields.get(slot));
                    known.cloned().unwrap_or_default()
                }
                constant => constant.value().unwrap_or_default(),
            };
            assigned.push(Assigned { field: set.field.as_str().into(), value: Operand::of(&value) });
            // What follows in the same commit already sees the new value.
            if let Some(slot) = slots.field {
                let fields = &mut self.facts.to_mut().fields;
                if let Some(field) = fields.get_mut(slot) {
                    *field = value;
                }
            }
        }
        let tags = tags.iter().map(|tag| tag.as_str().into()).collect();
        self.say(Event::DataSet { visit, node: step.id.clone(), assign: assigned, stock, tags })
    }
}
