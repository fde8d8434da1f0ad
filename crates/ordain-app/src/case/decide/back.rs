//! Back to an earlier step, straight back again, and taking one's own decision back.

use super::Story;
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, run_of};
use crate::case::{Case, Task, TaskState};
use ordain_domain::order::Status;
use ordain_domain::promise::Promise;
use ordain_flow::access::covers;
use ordain_flow::doc::{PersonSettings, TaskAction, Withdraw};
use ordain_flow::run::{CloseReason, Decision, Detour, Event as FlowEvent, Input, Run, StepRefusal, WayBack};
use std::sync::Arc;
use uuid::Uuid;

const MS_PER_MINUTE: i64 = 60_000;

impl Story<'_> {
    /// Sends the order from the actor's task to an earlier step of a person.
    pub(super) fn return_to(
        &mut self,
        id: Uuid,
        to: &str,
        direct: bool,
        reason: &str,
    ) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (number, task) = self.task_to_decide(id)?;
        self.must_offer(&task.node, TaskAction::Return)?;
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned);
        let rule = self.settings(&task.node).map(|settings| settings.comment).unwrap_or_default();
        if reason.is_none() && rule.asks(true) {
            return Err(Refusal::ReasonRequired);
        }
        let by = self.by.actor.clone();
        self.emit(Event::TaskDecided { task: number, decision: Decision::Return, by, reason });
        self.close_tasks(task.visit);
        self.tell_of_decision(&task, Decision::Return);
        let way = if direct { WayBack::Direct } else { WayBack::StepByStep };
        let backing = self.look_again();
        self.advance(&Input::ReturnTo { visit: task.visit, to: Arc::from(to), way }, backing)
    }

    /// Approves a visit. On a way straight back, the steps that guard what was changed meanwhile look again first.
    pub(super) fn approve_visit(&mut self, task: &Task, backing: Promise) -> Result<(), Refusal> {
        let visit = task.visit;
        let detour = self.detour_at(&task.node).cloned();
        let Some(detour) = detour else {
            return self.advance(&Input::Decide { visit, decision: Decision::Approve }, backing);
        };
        let mut again = self.guarding(&detour);
        loop {
            let input = Input::ApproveReturned { visit, again: again.clone() };
            match self.advance(&input, backing.clone()) {
                // Not between here and there: it is asked in its own turn, or keeps its decision.
                Err(Refusal::Flow(StepRefusal::NeverPassed { node })) if again.contains(&node) => {
                    again.retain(|known| *known != node);
                }
                done => return done,
            }
        }
    }

    fn detour_at(&self, node: &str) -> Option<&Detour> {
        self.case.run.as_ref()?.detours.iter().rev().find(|detour| &*detour.at == node)
    }

    /// Steps that have approved and guard something that was written since.
    fn guarding(&self, detour: &Detour) -> Vec<Arc<str>> {
        let (Some(flow), Some(run)) = (self.flow(), &self.case.run) else { return Vec::new() };
        let returning = self.settings(&detour.from);
        let returned = self.last_decided(&detour.from, Decision::Return).map_or(0, |(visit, _)| visit);
        let stale = |settings: &PersonSettings, node: &str| {
            let Some((visit, since)) = self.last_decided(node, Decision::Approve) else { return false };
            let guards = guards(settings, returning, node);
            // Of one instant, what was approved before the return is older than what was written since.
            let after = |at: i64| at > since || (at == since && visit < returned);
            let mut written = self.case.written_ms.iter().filter(|(_, at)| after(**at));
            written.any(|(path, _)| guards.iter().any(|guard| covers(guard, path)))
        };
        let mut found = Vec::new();
        for node in flow.nodes().filter(|node| *node.id != *detour.at && *node.id != *detour.from) {
            let approved = run.has_approved(&node.id);
            if node.person().is_some_and(|settings| approved && stale(settings, &node.id)) {
                found.push(Arc::from(node.id.as_str()));
            }
        }
        found
    }

    /// The step that has approved already and guards one of these paths. On a way straight back nothing is guarded
    /// so: those who guard it are asked again.
    pub(super) fn guarded_by(&self, node: &str, paths: &[String]) -> Option<(String, String)> {
        if self.detour_at(node).is_some() {
            return None;
        }
        let (flow, run): (_, &Run) = (self.flow()?, self.case.run.as_ref()?);
        let approved = flow.nodes().filter(|other| other.id != node && run.has_approved(&other.id));
        let mut guards =
            approved.filter_map(|other| Some((other.id.clone(), guards(other.person()?, None, ""))));
        guards.find_map(|(other, guards)| {
            let path = paths.iter().find(|path| guards.iter().any(|guard| covers(guard, path)))?;
            Some((other, path.clone()))
        })
    }

    /// The stay in which a step was last decided so, and when.
    fn last_decided(&self, node: &str, wanted: Decision) -> Option<(u32, i64)> {
        let mut of = self.case.tasks.values().rev().filter(|task| task.node == node);
        of.find_map(|task| match task.state {
            TaskState::Done { at_ms, decision, .. } if decision == wanted => Some((task.visit, at_ms)),
            _ => None,
        })
    }

    /// Takes the actor's own decision back, while nobody has built on it.
    pub(super) fn withdraw(&mut self, id: Uuid) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (number, task) = self.case.task(id).ok_or(Refusal::TaskNotFound)?;
        let task = task.clone();
        if task.decider().is_none() || task.decider() != self.by.actor.person() {
            return Err(Refusal::NotYourTask);
        }
        if is_with_sender(&self.case, task.visit) {
            return Err(Refusal::WrongStatus(self.case.order.status));
        }
        self.must_offer(&task.node, TaskAction::Withdraw)?;
        let rule = self.settings(&task.node).map(|settings| settings.withdraw).unwrap_or_default();
        let TaskState::Done { at_ms, .. } = task.state else { return Err(Refusal::TaskNotFound) };
        if is_too_late(rule, at_ms, self.by.at_ms) {
            return Err(Refusal::NotOffered(TaskAction::Withdraw));
        }
        let stay = self.case.run_with(task.visit).and_then(|(_, run)| run.visit(task.visit));
        let decided = stay.is_some_and(|visit| visit.closed.is_some());
        if decided {
            let since = self.events.len();
            self.advance(&Input::Withdraw { visit: task.visit }, Promise::default())?;
            self.must_be_unopened(&task, rule, since)?;
            // Without this answer those may be needed again who were not any more.
            let others = self.case.tasks_of(task.visit).filter(|(_, other)| other.was_not_needed());
            let others: Vec<u32> = others.map(|(number, _)| number).collect();
            for task in others {
                self.emit(Event::TaskReopened { task });
            }
        }
        self.emit(Event::TaskReopened { task: number });
        self.hold_again();
        Ok(())
    }

    /// Whoever has opened what came of a decision may be working on it already.
    fn must_be_unopened(&self, task: &Task, rule: Withdraw, since: usize) -> Result<(), Refusal> {
        let after = self.events.iter().skip(since).filter_map(|event| match event {
            Event::Flow(event) | Event::SideFlow { event, .. } => Some(event),
            _ => None,
        });
        match opened_after(&self.case, task, rule, after) {
            None => Ok(()),
            Some(by) => {
                let known = self.world.house.people.users.get(&by);
                Err(Refusal::OpenedFurtherOn { by: known.map(|user| user.name.clone()).unwrap_or_default() })
            }
        }
    }
}

/// Who has opened a task that ends with the withdrawal of a decision, beside whoever takes it back; nobody where the
/// step sets a time for that.
pub(in crate::case) fn opened_after<'e>(
    case: &Case,
    task: &Task,
    rule: Withdraw,
    withdrawal: impl Iterator<Item = &'e FlowEvent>,
) -> Option<Uuid> {
    let ended = withdrawal.filter_map(|event| match event {
        FlowEvent::TaskClosed { visit, reason: CloseReason::Withdrawn, .. } => Some(*visit),
        _ => None,
    });
    let mut later = ended.flat_map(|visit| case.tasks_of(visit)).map(|(_, task)| task);
    let opened = |other: &Task| {
        let mut by = other.seen.keys().copied().chain(other.claimed_by);
        by.find(|by| Some(*by) != task.decider())
    };
    later.find_map(opened).filter(|_| rule == Withdraw::UntilNext)
}

/// Whether the order has gone back to its sender, and so out of the hands of those who review it.
pub(in crate::case) fn is_with_sender(case: &Case, visit: u32) -> bool {
    run_of(visit) == MAIN && case.order.status == Status::Incomplete && !case.order.is_changing()
}

/// Whether the time in which a decision may be taken back is over.
pub(in crate::case) fn is_too_late(rule: Withdraw, decided_ms: i64, at_ms: i64) -> bool {
    match rule {
        Withdraw::UntilNext => false,
        Withdraw::Never => true,
        Withdraw::Minutes(minutes) => at_ms > decided_ms + i64::from(minutes) * MS_PER_MINUTE,
    }
}

/// What a step guards: as the returning step says, else what it may edit and what it is shown first.
pub(super) fn guards(
    settings: &PersonSettings,
    returning: Option<&PersonSettings>,
    node: &str,
) -> Vec<String> {
    if let Some(named) = returning.and_then(|settings| settings.returns.guards.get(node)) {
        return named.clone();
    }
    let edits = settings.fields.iter().filter(|(_, access)| **access == ordain_flow::doc::FieldAccess::Edit);
    edits.map(|(path, _)| path.clone()).chain(settings.looks_at.iter().cloned()).collect()
}
