//! Whom or what a run waits for. An answer for screens and timers, derived and never stored.

use super::flow::{Flow, Step};
use super::state::{Completion, ExceptionCause, Run, RunStatus, Visit, VisitKind};
use super::walk::is_on_doorstep;
use crate::doc::{
    ConnectorSettings, CustomerSettings, DelaySettings, NodeKind, PersonSettings, SubflowSettings,
    WaitSettings,
};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub struct Waiting<'a> {
    pub visit: u32,
    pub node: Arc<str>,
    pub since_ms: i64,
    pub kind: WaitingFor<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum WaitingFor<'a> {
    /// A person, for a decision or a piece of work.
    Person(&'a PersonSettings),
    Completion(&'a Completion),
    Customer(&'a CustomerSettings),
    Delay(&'a DelaySettings),
    Event(&'a WaitSettings),
    Call(&'a ConnectorSettings),
    Subflow(&'a SubflowSettings),
    /// That the checks are made again, before its end.
    Checks,
    /// A person has to see to something that no step can.
    Exception(ExceptionCause),
}

/// Everything the run waits for, oldest first; nothing for a run that is not started or has ended.
pub fn waiting<'a>(flow: &'a Flow, run: &'a Run) -> Vec<Waiting<'a>> {
    if let RunStatus::WaitingForCompletion { visit, node, by, since_ms } = &run.status {
        let kind = WaitingFor::Completion(by);
        return vec![Waiting { visit: *visit, node: node.clone(), since_ms: *since_ms, kind }];
    }
    run.open_visits()
        .filter_map(|open| {
            let kind = asked(open, flow.find(&open.node)?)?;
            Some(Waiting { visit: open.visit, node: open.node.clone(), since_ms: open.since_ms, kind })
        })
        .collect()
}

fn asked<'a>(open: &Visit, step: &'a Step) -> Option<WaitingFor<'a>> {
    if is_on_doorstep(open, step) {
        return Some(WaitingFor::Exception(ExceptionCause::FindingsOpen));
    }
    if let VisitKind::Exception(cause) = open.kind {
        return Some(WaitingFor::Exception(cause));
    }
    if open.kind == VisitKind::Checks {
        return Some(WaitingFor::Checks);
    }
    match &step.node.kind {
        NodeKind::CustomerConfirmation(settings) => Some(WaitingFor::Customer(settings)),
        NodeKind::Delay(settings) => Some(WaitingFor::Delay(settings)),
        NodeKind::WaitEvent(settings) => Some(WaitingFor::Event(settings)),
        NodeKind::ConnectorCall(settings) => Some(WaitingFor::Call(settings)),
        NodeKind::Subflow(settings) => Some(WaitingFor::Subflow(settings)),
        _ => step.node.person().map(WaitingFor::Person),
    }
}
