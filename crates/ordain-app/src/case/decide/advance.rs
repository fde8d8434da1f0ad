//! Carrying out what the flow engine asks for. Everything that could confirm an order goes through here.

use super::{Story, Unasked};
use crate::case::ExceptionKind;
use crate::case::event::Event;
use crate::case::facts;
use crate::case::refusal::Refusal;
use ordain_domain::order::confirm::{RunEvidence, confirm};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_domain::stock::Allocation;
use ordain_flow::doc::Outcome;
use ordain_flow::run::{Event as FlowEvent, ExceptionCause, Flow, Input, VisitKind, step};

/// Steps that may pass one after the other without anybody being asked.
const UNASKED_MAX: usize = 200;

impl Story<'_> {
    /// Gives the run an input and carries out what the flow engine asks for, until somebody is asked.
    pub(super) fn advance(&mut self, input: &Input, backing: Vec<Allocation>) -> Result<(), Refusal> {
        self.take(input, Some(backing))?;
        for _ in 0..UNASKED_MAX {
            let Some(unasked) = self.unasked.pop() else { return Ok(()) };
            self.pass_unasked(unasked)?;
        }
        Err(Refusal::NoFlow)
    }

    fn pass_unasked(&mut self, unasked: Unasked) -> Result<(), Refusal> {
        let Unasked { visit, node, otherwise } = unasked;
        let open = |run: &ordain_flow::run::Run| run.open_visits().any(|open| open.visit == visit);
        if !self.case.run.as_ref().is_some_and(open) {
            return Ok(());
        }
        match self.take(&Input::PassByRule { visit }, None) {
            // Something in it is open, so somebody has to look after all.
            Err(Refusal::Flow(_)) => {
                let settings = self.settings(&node).cloned();
                let admin = self.process_admin();
                for party in if otherwise.is_empty() { vec![admin] } else { otherwise } {
                    self.open_task(visit, &node, settings.as_ref(), party, None);
                }
                Ok(())
            }
            other => other,
        }
    }

    fn take(&mut self, input: &Input, mut backing: Option<Vec<Allocation>>) -> Result<(), Refusal> {
        let pin = self.case.flow.clone().ok_or(Refusal::NoFlow)?;
        let flow = self.world.house.flow(&pin).ok_or(Refusal::NoFlow)?.clone();
        let run = self.case.run.clone().unwrap_or_default();
        let facts = facts::of(&self.case.order);
        let events = step(&flow, &run, input, &facts, self.by.at_ms).map_err(Refusal::Flow)?;
        for event in events {
            self.emit(Event::Flow(event.clone()));
            self.carry_out(&flow, event, &mut backing)?;
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        flow: &Flow,
        event: FlowEvent,
        backing: &mut Option<Vec<Allocation>>,
    ) -> Result<(), Refusal> {
        match event {
            FlowEvent::ReturnedForCompletion { .. } if self.case.order.is_changing() => {
                self.refuse_change()?
            }
            FlowEvent::ReturnedForCompletion { .. } => self.become_incomplete(),
            FlowEvent::ChecksPassed { reserve_stock, .. } => {
                if self.case.order.status != Status::InReview && !self.case.order.is_changing() {
                    self.order(OrderEvent::Submitted);
                }
                if reserve_stock {
                    let backing = backing.take().unwrap_or_else(|| self.check());
                    self.hold_resources(backing);
                }
            }
            FlowEvent::TaskOpened { visit, node, kind: VisitKind::Exception(cause), .. } => {
                self.assign_exception(visit, &node, cause);
            }
            FlowEvent::TaskOpened { visit, node, .. } => self.assign(flow, visit, &node),
            FlowEvent::TaskClosed { visit, .. } | FlowEvent::PassedByRule { visit, .. } => {
                self.close_tasks(visit);
            }
            FlowEvent::NoticeRequested { node, .. } => self.request_notice(flow, &node),
            FlowEvent::CopyRequested { node, .. } => self.copy(flow, &node),
            FlowEvent::WaitBegan { node, kind: VisitKind::Customer, .. } => self.ask_customer(flow, &node),
            // Nobody runs the inner flows yet: the process admin does what they were to do, or moves the order on.
            FlowEvent::WaitBegan { visit, node, kind: VisitKind::Subflow, .. } => {
                self.raise(ExceptionKind::FlowFault, Some((visit, &node)), &[]);
            }
            FlowEvent::LapseNoted { visit, node } => {
                self.raise(ExceptionKind::CustomerSilent, Some((visit, &node)), &[]);
                self.tell_owners("customer_silent");
            }
            FlowEvent::DataSet { assign, stock, tags, .. } => self.set_data(&assign, stock, &tags)?,
            FlowEvent::Ended { outcome, .. } => self.end(outcome)?,
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
        };
        self.open_task(visit, node, None, self.process_admin(), None);
        self.raise(kind, Some((visit, node)), &[]);
    }

    fn become_incomplete(&mut self) {
        self.release_resources();
        let returned = matches!(self.case.order.status, Status::InReview | Status::AwaitingCustomer);
        self.order(if returned { OrderEvent::Returned } else { OrderEvent::Incomplete });
    }

    fn end(&mut self, outcome: Outcome) -> Result<(), Refusal> {
        if outcome == Outcome::Confirmed {
            let evidence = RunEvidence {
                reached_confirming_end: true,
                pending_tasks: self.case.open_tasks().count(),
                reviewed_revision: self.case.reviewed_revision,
            };
            let confirmation = confirm(&self.case.order, evidence).map_err(Refusal::Gate)?;
            self.order(OrderEvent::Confirmed(confirmation));
            self.apply_change();
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
            _ => OrderEvent::Cancelled,
        });
        Ok(())
    }
}
