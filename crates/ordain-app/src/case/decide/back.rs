//! Back to an earlier step, straight back again, and taking one's own decision back.

use super::{MS_PER_MINUTE, Story};
use crate::case::event::Event;
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, first_visit, run_of};
use crate::case::{Case, Task, TaskState};
use ordain_domain::order::Status;
use ordain_domain::promise::Promise;
use ordain_flow::access::covers;
use ordain_flow::doc::{Node, PersonSettings, TaskAction, Withdraw};
use ordain_flow::run::{
    CloseReason, Decision, Detour, Event as FlowEvent, Flow, Input, Run, StepRefusal, WayBack,
};
use std::sync::Arc;
use uuid::Uuid;

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
        self.must_offer(&task, TaskAction::Return)?;
        let reason = Some(reason.trim()).filter(|reason| !reason.is_empty()).map(str::to_owned);
        let rule = self.settings(task.visit, &task.node).map(|settings| settings.comment).unwrap_or_default();
        if reason.is_none() && rule.asks(true) {
            return Err(Refusal::ReasonRequired);
        }
        self.emit_decided(number, &task, Decision::Return, reason);
        self.close_tasks(task.visit, None);
        self.tell_of_decision(&task, Decision::Return);
        let way = if direct { WayBack::Direct } else { WayBack::StepByStep };
        let backing = self.look_again();
        self.advance(&Input::ReturnTo { visit: task.visit, to: Arc::from(to), way }, backing)
    }

    /// Approves a visit. On a way straight back, the steps that guard what was changed meanwhile look again first.
    pub(super) fn approve_visit(&mut self, task: &Task, backing: Promise) -> Result<(), Refusal> {
        let visit = task.visit;
        let detour = self.detour_at(task).cloned();
        let Some(detour) = detour else {
            return self.advance(&Input::Decide { visit, decision: Decision::Approve }, backing);
        };
        let mut again = self.guarding(run_of(visit), &detour);
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

    /// The promised way straight back that leads over a task.
    fn detour_at(&self, task: &Task) -> Option<&Detour> {
        let (_, run) = self.case.run_with(task.visit)?;
        run.detours.iter().rev().find(|detour| *detour.at == *task.node)
    }

    /// A run with the flow that it keeps.
    fn run_and_flow(&self, number: u32) -> Option<(&Run, &Flow)> {
        let (pin, run) = self.case.run_at(number)?;
        Some((run, self.world.house.flow(pin)?))
    }

    /// Steps of a run that a person has approved, with their settings.
    fn approved(&self, number: u32) -> impl Iterator<Item = (&Node, &PersonSettings)> {
        let nodes = self
            .run_and_flow(number)
            .into_iter()
            .flat_map(|(run, flow)| flow.nodes().filter(|node| run.has_approved(&node.id)));
        nodes.filter_map(|node| Some((node, node.person()?)))
    }

    /// Whether what a step of a run guards covers a path of the order.
    pub(super) fn covered(&self, number: u32, guards: &[String], path: &str) -> bool {
        guards.iter().any(|guard| covers(&self.case.place_of(number, guard), path))
    }

    /// Steps that have approved and guard something that was written since.
    fn guarding(&self, number: u32, detour: &Detour) -> Vec<Arc<str>> {
        let returning = self.settings(first_visit(number), &detour.from);
        let returned = self.last_decided(number, &detour.from, Decision::Return);
        let returned = returned.map_or(first_visit(number), |(visit, _)| visit);
        let stale = |settings: &PersonSettings, node: &str| {
            let Some((visit, since)) = self.last_decided(number, node, Decision::Approve) else {
                return false;
            };
            let guards = match returning {
                Some(returning) => returning.guards_of(node, settings),
                None => settings.guards(),
            };
            // Of one instant, what was approved before the return is older than what was written since.
            let after = |at: i64| at > since || (at == since && visit < returned);
            let mut written = self.case.written_ms.iter().filter(|(_, at)| after(**at));
            written.any(|(path, _)| self.covered(number, &guards, path))
        };
        let between = |node: &Node| *node.id != *detour.at && *node.id != *detour.from;
        let approved = self.approved(number).filter(|(node, _)| between(node));
        let found = approved.filter(|(node, settings)| stale(settings, &node.id));
        found.map(|(node, _)| Arc::from(node.id.as_str())).collect()
    }

    /// Steps of a run that have approved and guard something that was written from an instant on, in a run inside of
    /// it.
    pub(super) fn overtaken(&self, number: u32, from_ms: i64) -> Vec<Arc<str>> {
        let stale = |settings: &PersonSettings, node: &str| {
            let since = self.last_decided(number, node, Decision::Approve).map_or(from_ms, |(_, at)| at);
            let guards = settings.guards();
            let mut written = self.case.written_ms.iter().filter(|(_, at)| **at >= from_ms && **at >= since);
            written.any(|(path, _)| self.covered(number, &guards, path))
        };
        let found = self.approved(number).filter(|(node, settings)| stale(settings, &node.id));
        found.map(|(node, _)| Arc::from(node.id.as_str())).collect()
    }

    /// The step of the same run that has approved already and guards one of these paths against the step of a task. On
    /// a way straight back nothing is guarded so: those who guard it are asked again.
    pub(super) fn guarded_by(&self, task: &Task, paths: &[String]) -> Option<(String, String)> {
        if self.detour_at(task).is_some() {
            return None;
        }
        let number = run_of(task.visit);
        let writer = self.settings(task.visit, &task.node)?;
        let mut others = self.approved(number).filter(|(other, _)| other.id != task.node);
        others.find_map(|(other, settings)| {
            let guards = writer.guards_of(&other.id, settings);
            let path = paths.iter().find(|path| self.covered(number, &guards, path))?;
            Some((other.id.clone(), path.clone()))
        })
    }

    /// The stay of a run in which a step was last decided so, and when.
    fn last_decided(&self, number: u32, node: &str, wanted: Decision) -> Option<(u32, i64)> {
        let here = |task: &&Task| task.node == node && run_of(task.visit) == number;
        let mut of = self.case.tasks.values().rev().filter(here);
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
        self.must_offer(&task, TaskAction::Withdraw)?;
        let rule =
            self.settings(task.visit, &task.node).map(|settings| settings.withdraw).unwrap_or_default();
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
