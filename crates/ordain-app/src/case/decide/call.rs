//! Calls of other systems: what is sent is written down with the visit that waits, and goes out behind the commit; the
//! answer comes back as a command and fills the fields that the flow says.

use super::Story;
use super::fields::{plain, written};
use crate::case::ExceptionKind;
use crate::case::call::{Call, CallEnd, Hook, Pressed};
use crate::case::connector::{found, put, values_of};
use crate::case::event::Event;
use crate::case::facts;
use crate::case::refusal::Refusal;
use crate::case::side_run::run_of;
use ordain_domain::order::Event as OrderEvent;
use ordain_flow::access::{full, path_of};
use ordain_flow::doc::{HookSettings, Node};
use ordain_flow::rule::Operand;
use ordain_flow::run::{Flow, Input, VisitKind};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

impl Story<'_> {
    pub(super) fn begin_call(&mut self, flow: &Flow, visit: u32, node: &str) {
        let Some(settings) = flow.node(node).and_then(Node::call) else { return };
        let call = Call {
            node: node.to_owned(),
            connector: settings.connector.clone(),
            operation: settings.operation.clone(),
            body: self.body(flow, run_of(visit), &settings.request),
            end: None,
        };
        self.emit(Event::CallMade { visit, call: Box::new(call) });
    }

    /// Tells other systems of a step.
    pub(super) fn call_hooks(&mut self, flow: &Flow, visit: u32, node: &str, hooks: &[HookSettings]) {
        for settings in hooks {
            self.tell_system(flow, (visit, node), settings, None);
        }
    }

    fn tell_system(
        &mut self,
        flow: &Flow,
        (visit, node): (u32, &str),
        settings: &HookSettings,
        button: Option<Pressed>,
    ) {
        let hook = Hook {
            visit,
            node: node.to_owned(),
            connector: settings.connector.clone(),
            operation: settings.operation.clone(),
            body: self.body(flow, run_of(visit), &settings.request),
            button,
        };
        let id = self.ids.mint();
        self.emit(Event::HookCalled { id, hook: Box::new(hook) });
    }

    /// Tells another system by a button of the actor's own task. While it is being told it is not told again.
    pub(super) fn press(&mut self, id: Uuid, button: &str) -> Result<(), Refusal> {
        self.must_not_be_on_hold()?;
        let (_, task) = self.own_task(id)?;
        let house = self.world.house.clone();
        let flow = self.case.run_with(task.visit).and_then(|(pin, _)| house.flow(pin));
        let settings = flow.and_then(|flow| flow.node(&task.node)?.person()?.button(button));
        let (Some(flow), Some(settings)) = (flow, settings) else {
            return Err(Refusal::UnknownButton(button.to_owned()));
        };
        if self.case.is_pressed(id, button) {
            return Err(Refusal::StillTold);
        }
        let pressed = Pressed { task: id, id: settings.id.clone(), name: settings.name.clone() };
        self.tell_system(flow, (task.visit, &task.node), &settings.call, Some(pressed));
        Ok(())
    }

    /// A system that was to be told has heard it; one that could not be told becomes somebody's work.
    pub(super) fn hook_ended(&mut self, id: Uuid, failed: Option<&str>) -> Result<(), Refusal> {
        let hook = self.case.hooks.get(&id).ok_or(Refusal::NothingDue)?.clone();
        self.emit(Event::HookEnded { id, failed: failed.map(str::to_owned) });
        if let Some(why) = failed {
            let evidence = [
                ("connector", hook.connector),
                ("operation", hook.operation),
                ("sent", hook.body.to_string().chars().take(SHOWN_MAX).collect()),
                ("why", why.to_owned()),
            ];
            self.raise(ExceptionKind::HookFailed, Some((hook.visit, &hook.node)), &evidence);
        }
        Ok(())
    }

    /// What is sent, field by field. Decimals travel as text, as everywhere.
    fn body(&self, flow: &Flow, run: u32, request: &BTreeMap<String, String>) -> Value {
        let order = &self.case.order;
        let record = serde_json::to_value(&order.content).unwrap_or_default();
        let facts = facts::in_run(&self.case, run, flow, self.around());
        let fact = |field: &str| {
            let value = facts.fields.get(flow.schema().order_index(field)?)?;
            Operand::of(value).as_ref().map(plain)
        };
        let mut body = Value::Object(Map::new());
        for (name, field) in request {
            let custom = self.case.place_of(run, &full(&path_of(field)));
            let value = match field.as_str() {
                "number" => Some(json!(order.number)),
                "id" => Some(json!(order.id)),
                field => found(&record, field).cloned().or_else(|| fact(field)),
            };
            let value = value.or_else(|| found(&record, &custom).cloned());
            put(&mut body, name, value.unwrap_or_default());
        }
        body
    }

    /// A call has been answered, or has failed for good. While the order is on hold that is written down, and taken up
    /// with its release.
    pub(super) fn call_ended(&mut self, visit: u32, answer: &Result<Value, String>) -> Result<(), Refusal> {
        let call = self.case.open_call(visit).ok_or(Refusal::NothingDue)?.clone();
        let end = match answer {
            Ok(answer) => match self.values(visit, &call, answer) {
                Ok(values) => CallEnd::Answered { values },
                Err(field) => CallEnd::Failed { why: format!("answer_unfit: {field}") },
            },
            Err(why) => CallEnd::Failed { why: why.clone() },
        };
        self.emit(Event::CallEnded { visit, end });
        if self.case.order.on_hold { Ok(()) } else { self.take_answer(visit) }
    }

    /// What an answer brings, by the places in the order that it goes to.
    fn values(&self, visit: u32, call: &Call, answer: &Value) -> Result<BTreeMap<String, Value>, String> {
        let run = run_of(visit);
        let flow = self.case.run_at(run).and_then(|(pin, _)| self.world.house.flow(pin));
        let settings = flow.and_then(|flow| flow.node(&call.node)).and_then(Node::call);
        let (Some(flow), Some(settings)) = (flow, settings) else { return Err(call.node.clone()) };
        let values = self.placed(run, values_of(settings, flow.doc(), answer)?);
        match written(&self.case.order.content, &values) {
            Ok(_) => Ok(values),
            Err(wrong) => Err(wrong.join(", ")),
        }
    }

    fn take_answer(&mut self, visit: u32) -> Result<(), Refusal> {
        let end = self.case.calls.get(&visit).and_then(|call| call.end.clone());
        let input = match end.ok_or(Refusal::NothingDue)? {
            CallEnd::Answered { values } => {
                self.fill(values)?;
                Input::Done { visit }
            }
            CallEnd::Failed { .. } => Input::Failed { visit },
        };
        let backing = self.look_again();
        self.advance(&input, backing)
    }

    /// Takes up what came while the order was on hold.
    pub(super) fn take_answers(&mut self) -> Result<(), Refusal> {
        let ended = |visit: u32| self.case.calls.get(&visit).is_some_and(|call| call.end.is_some());
        let open = self.case.runs().flat_map(|(_, run)| run.open_visits());
        let ended = open.filter(|open| open.kind == VisitKind::Call && ended(open.visit));
        for visit in ended.map(|open| open.visit).collect::<Vec<_>>() {
            // What one answer led to may have closed the stay that waited for the next.
            if self.case.waits_at(visit) {
                self.take_answer(visit)?;
            }
        }
        Ok(())
    }

    /// What is known of the call that led to an exception.
    pub(super) fn call_evidence(&self, run: u32, node: &str) -> Vec<(&'static str, String)> {
        let mut calls = self.case.calls.iter().rev();
        let call =
            calls.find(|(visit, call)| call.node == node && run_of(**visit) == run).map(|(_, call)| call);
        let Some(call) = call else { return Vec::new() };
        let why = match &call.end {
            Some(CallEnd::Failed { why }) => why.clone(),
            _ => "no_answer".to_owned(),
        };
        vec![
            ("connector", call.connector.clone()),
            ("operation", call.operation.clone()),
            ("sent", call.body.to_string().chars().take(SHOWN_MAX).collect()),
            ("why", why),
        ]
    }

    /// Writes values at places of the order, for the flow.
    pub(super) fn fill(&mut self, values: BTreeMap<String, Value>) -> Result<(), Refusal> {
        if values.is_empty() {
            return Ok(());
        }
        let content = written(&self.case.order.content, &values).map_err(Refusal::FieldsUnreadable)?;
        let paths = values.into_keys().collect();
        let content = Box::new(self.worked_out(content));
        self.order(OrderEvent::FieldsWritten { content, paths });
        Ok(())
    }
}

/// How much of what was sent an exception shows, in characters.
const SHOWN_MAX: usize = 2_000;
