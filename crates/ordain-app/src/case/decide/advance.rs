//! Carrying out what the flow engine asks for. Everything that could confirm an order goes through here.

use super::side_run::Errand;
use super::{Story, Unasked};
use crate::case::event::Event;
use crate::case::facts::{self, Around};
use crate::case::refusal::Refusal;
use crate::case::side_run::{MAIN, run_of};
use crate::case::{CAUSE_KIND, ExceptionKind, Task};
use ordain_domain::finding::Finding;
use ordain_domain::order::confirm::{RunEvidence, confirm};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::promise::Promise;
use ordain_flow::doc::{EndNotice, Node, NodeKind, NoticeOn, Outcome};
use ordain_flow::run::{
    DEFAULT_ROUNDS, Decision, Event as FlowEvent, ExceptionCause, Flow, Input, VisitKind, step,
};

/// Steps that may pass one after the other without anybody being asked.
const UNASKED_MAX: usize = 200;

impl Story<'_> {
    /// Gives the run an input and carries out what the flow engine asks for, until somebody is asked.
    pub(super) fn advance(&mut self, input: &Input, backing: Promise) -> Result<(), Refusal> {
        self.take(input, Some(backing))?;
        self.go_on()
    }

    /// Lets pass what asks nobody, and does what one run asks of another.
    pub(super) fn go_on(&mut self) -> Result<(), Refusal> {
        for _ in 0..UNASKED_MAX {
            if let Some(unasked) = self.unasked.pop() {
                self.pass_unasked(unasked)?;
            } else if let Some(errand) = self.errands.pop_front() {
                self.run_errand(errand)?;
            } else {
                return Ok(());
            }
        }
        Err(Refusal::NoFlow)
    }

    fn pass_unasked(&mut self, unasked: Unasked) -> Result<(), Refusal> {
        let Unasked { visit, node, why, otherwise } = unasked;
        if !self.case.waits_at(visit) {
            return Ok(());
        }
        match self.take(&Input::PassByRule { visit, spared: why }, None) {
            // Something in it is open, so somebody has to look after all.
            Err(Refusal::Flow(_)) => {
                let settings = self.settings(visit, &node).cloned().unwrap_or_default();
                let parties = if otherwise.is_empty() { vec![self.process_admin()] } else { otherwise };
                self.open_seats(visit, &node, &settings, parties);
                Ok(())
            }
            other => other,
        }
    }

    pub(super) fn take(&mut self, input: &Input, backing: Option<Promise>) -> Result<(), Refusal> {
        self.take_in(input.visit().map_or(MAIN, run_of), input, backing)
    }

    /// Beside what the facts of the order are seen.
    pub(super) fn around(&self) -> Around<'_> {
        Around { house: &self.world.house, at_ms: self.by.at_ms }
    }

    /// Gives an input to one of the runs.
    pub(super) fn take_in(
        &mut self,
        number: u32,
        input: &Input,
        mut backing: Option<Promise>,
    ) -> Result<(), Refusal> {
        let (pin, _) = self.case.run_at(number).ok_or(Refusal::NoFlow)?;
        let flow = self.world.house.flow(pin).ok_or(Refusal::NoFlow)?.clone();
        if number == MAIN && *input != Input::Cancel && self.case.order.reservation_expired_ms.is_some() {
            backing = Some(self.look_again());
        }
        let (_, run) = self.case.run_at(number).ok_or(Refusal::NoFlow)?;
        let facts = facts::in_run(&self.case, number, &flow, self.around());
        let events = step(&flow, run, input, &facts, self.by.at_ms).map_err(Refusal::Flow)?;
        for event in events {
            let again = self.case.has_told(&event) || self.begins_again(&flow, &event);
            if number == MAIN {
                self.emit(Event::Flow(event.clone()));
                self.carry_out_main(&event, &mut backing)?;
            } else {
                self.emit(Event::SideFlow { number, event: event.clone() });
                self.carry_out_side(number, &event);
            }
            if !again {
                self.carry_out(&flow, event)?;
            }
        }
        Ok(())
    }

    /// A flow that nobody waits for is to be begun while it is still under way.
    fn begins_again(&self, flow: &Flow, event: &FlowEvent) -> bool {
        let FlowEvent::SubflowDetached { node, .. } = event else { return false };
        match flow.node(node).map(|node| &node.kind) {
            Some(NodeKind::Subflow(subflow)) => self.case.is_under_way(event, subflow),
            _ => false,
        }
    }

    /// What only the run that leads to the confirmation can ask for: the order's status follows from it.
    fn carry_out_main(&mut self, event: &FlowEvent, backing: &mut Option<Promise>) -> Result<(), Refusal> {
        match event {
            FlowEvent::ReturnedForCompletion { .. } if self.case.order.is_changing() => {
                self.refuse_change()?
            }
            FlowEvent::ReturnedForCompletion { .. } => self.become_incomplete(),
            FlowEvent::ChecksPassed { reserve_stock, .. } => {
                if self.case.order.status != Status::InReview && !self.case.order.is_changing() {
                    self.order(OrderEvent::Submitted);
                }
                if *reserve_stock {
                    let backing = backing.take().unwrap_or_else(|| self.check());
                    self.hold_resources(backing);
                }
            }
            FlowEvent::Ended { outcome, .. } => self.end(*outcome)?,
            _ => {}
        }
        Ok(())
    }

    fn carry_out(&mut self, flow: &Flow, event: FlowEvent) -> Result<(), Refusal> {
        match event {
            FlowEvent::TaskOpened { visit, node, kind: VisitKind::Exception(cause), .. } => {
                self.assign_exception(visit, &node, cause);
            }
            FlowEvent::TaskOpened { visit, node, .. } => {
                self.assign(flow, visit, &node);
                let hooks = flow.node(&node).and_then(Node::person).map(|person| &person.call_on_enter);
                self.call_hooks(flow, visit, &node, hooks.map(Vec::as_slice).unwrap_or_default());
            }
            FlowEvent::Decided { visit, node, decision: Decision::Approve } => {
                let hooks = flow.node(&node).and_then(Node::person).map(|person| &person.call_on_leave);
                self.call_hooks(flow, visit, &node, hooks.map(Vec::as_slice).unwrap_or_default());
            }
            FlowEvent::TaskClosed { visit, .. } | FlowEvent::PassedByRule { visit, .. } => {
                let reason = match event {
                    FlowEvent::TaskClosed { reason, .. } => Some(reason),
                    _ => None,
                };
                let open: Vec<Task> = self
                    .case
                    .tasks_of(visit)
                    .filter(|(_, task)| task.is_open())
                    .map(|(_, task)| task.clone())
                    .collect();
                self.close_tasks(visit, reason);
                for task in open {
                    self.tell_of_task(NoticeOn::Cancelled, &task);
                }
                self.stop_side_runs(Some(visit))?;
            }
            FlowEvent::Ended { visit, .. } => self.tell_of_end(visit),
            FlowEvent::NoticeRequested { visit, node, .. } => self.request_notice(flow, visit, &node),
            FlowEvent::CopyRequested { visit, node } => self.copy(flow, visit, &node),
            FlowEvent::WaitBegan { visit, node, kind: VisitKind::Customer, .. } => {
                self.reach_customer(flow, visit, &node);
            }
            FlowEvent::WaitBegan { visit, kind: VisitKind::Event, .. } => {
                self.errands.push_back(Errand::Hear { visit });
            }
            FlowEvent::WaitBegan { visit, kind: VisitKind::Checks, .. } => {
                self.errands.push_back(Errand::CheckAgain { visit });
            }
            FlowEvent::WaitBegan { visit, node, kind: VisitKind::Call, .. } => {
                self.begin_call(flow, visit, &node);
            }
            FlowEvent::WaitBegan { visit, node, kind: VisitKind::Subflow, .. }
            | FlowEvent::SubflowDetached { visit, node } => {
                self.errands.push_back(Errand::Start { visit, node: node.to_string() });
            }
            FlowEvent::LapseNoted { visit, node } => {
                self.raise(ExceptionKind::CustomerSilent, Some((visit, &node)), &[]);
                self.tell_owners("customer_silent");
            }
            FlowEvent::DataSet { visit, assign, stock, tags, .. } => {
                self.set_data(run_of(visit), &assign, stock, &tags)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn assign_exception(&mut self, visit: u32, node: &str, cause: ExceptionCause) {
        let kind = match cause {
            ExceptionCause::FindingsOpen => ExceptionKind::Unowned,
            ExceptionCause::CallFailed => ExceptionKind::ConnectorFailed,
            ExceptionCause::SubflowFailed | ExceptionCause::TooManyRounds => ExceptionKind::FlowFault,
            ExceptionCause::DelayTooLong => ExceptionKind::WaitTooLong,
            ExceptionCause::ChecksFailed => ExceptionKind::ChecksFailed,
            ExceptionCause::FieldEmpty => ExceptionKind::FieldEmpty,
        };
        self.open_task(visit, node, None, self.process_admin(), None);
        let evidence = match cause {
            ExceptionCause::CallFailed => self.call_evidence(run_of(visit), node),
            ExceptionCause::FieldEmpty => vec![("fields", self.lacking(visit, node).join(", "))],
            ExceptionCause::FindingsOpen | ExceptionCause::ChecksFailed => self.open_evidence(),
            ExceptionCause::TooManyRounds | ExceptionCause::SubflowFailed => self.fault_evidence(visit, node),
            ExceptionCause::DelayTooLong => Vec::new(),
        };
        self.raise(kind, Some((visit, node)), &evidence);
    }

    /// What is open, by its ids.
    fn open_evidence(&self) -> Vec<(&'static str, String)> {
        let open: Vec<String> = self.case.order.open_findings().map(Finding::id).collect();
        vec![(CAUSE_KIND, "named".to_owned()), ("findings", open.join(", "))]
    }

    /// How often a step has sent the run back, or which flow inside went wrong.
    fn fault_evidence(&self, visit: u32, node: &str) -> Vec<(&'static str, String)> {
        match self.node(visit, node).map(|node| &node.kind) {
            Some(NodeKind::GoTo { max_rounds, .. }) => {
                let rounds = max_rounds.unwrap_or(DEFAULT_ROUNDS).to_string();
                vec![(CAUSE_KIND, "rounds".to_owned()), ("n", rounds)]
            }
            Some(NodeKind::Subflow(subflow)) => {
                vec![(CAUSE_KIND, "subflow".to_owned()), ("flow", subflow.flow.clone())]
            }
            _ => Vec::new(),
        }
    }

    /// The empty fields on which it hangs where the run goes on.
    fn lacking(&self, visit: u32, node: &str) -> Vec<String> {
        let run = run_of(visit);
        let flow = self.case.run_at(run).and_then(|(pin, _)| self.world.house.flow(pin));
        let around = Around { house: &self.world.house, at_ms: self.by.at_ms };
        let named = flow.map(|flow| flow.lacks(node, &facts::in_run(&self.case, run, flow, around)));
        named.unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    fn become_incomplete(&mut self) {
        self.release_resources();
        let returned = matches!(self.case.order.status, Status::InReview | Status::AwaitingCustomer);
        self.order(if returned { OrderEvent::Returned } else { OrderEvent::Incomplete });
    }

    /// Tells what the end that was reached says is told.
    fn tell_of_end(&mut self, visit: Option<u32>) {
        let Some(visit) = visit else { return };
        let entered = self.events.iter().rev().find_map(|event| match event {
            Event::Flow(event) | Event::SideFlow { event, .. } => match event {
                FlowEvent::Entered { visit: at, node } if *at == visit => Some(node.clone()),
                _ => None,
            },
            _ => None,
        });
        let Some(id) = entered else { return };
        let node = self.node(visit, &id);
        let Some(NodeKind::End { notices, .. }) = node.map(|node| &node.kind) else { return };
        for EndNotice { template, to } in notices.clone() {
            self.notify_all(&template, &to, (visit, &id));
        }
    }

    fn end(&mut self, outcome: Outcome) -> Result<(), Refusal> {
        if outcome == Outcome::Confirmed {
            if !self.case.order.unbacked_lines().is_empty() {
                // The flow reserves nothing, or a step on the way gave the goods back; nothing else could have taken them
                // since this command began.
                let backing = self.check();
                self.hold_resources(backing);
            }
            let evidence = RunEvidence {
                reached_confirming_end: true,
                // Work of other runs is not what the confirmation waits for, or its step would.
                pending_tasks: self.case.open_tasks().filter(|(_, task)| run_of(task.visit) == MAIN).count(),
                reviewed_revision: self.case.reviewed_revision,
            };
            let confirmation = confirm(&self.case.order, evidence).map_err(Refusal::Gate)?;
            self.order(OrderEvent::Confirmed(confirmation));
            self.apply_change();
            self.hold_credit();
            self.errands.push_back(Errand::Fulfil);
            return Ok(());
        }
        if self.case.order.is_changing() {
            return self.refuse_change();
        }
        self.release_resources();
        let status = self.case.order.status;
        self.order(match outcome {
            Outcome::Rejected => OrderEvent::Rejected,
            // Only what a customer was asked about runs out; anything else is given up.
            Outcome::Expired if status == Status::AwaitingCustomer => OrderEvent::Expired,
            _ => OrderEvent::Cancelled { code: self.cancel_code.clone() },
        });
        self.stop_side_runs(None)
    }
}
