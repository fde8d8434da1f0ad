//! What a step is and does, in one plain sentence.

use super::{Names, Speaker};
use crate::doc::{DelayFor, FlowDoc, Node, NodeKind, Outcome, PersonSettings, Vote, walk};

impl Speaker<'_> {
    /// The names given, and those of the document's own steps beside them.
    pub fn naming_steps(&self, doc: &FlowDoc) -> Names {
        let mut names = self.names.clone();
        for place in walk(doc) {
            names.insert(format!("step.{}", place.node.id), self.text(&place.node.name));
        }
        names
    }

    /// The word for a type of step.
    pub fn type_word(&self, node: &Node) -> String {
        self.word(&format!("type.{}", type_key(&node.kind)))
    }

    /// The step in one sentence: who, until when, what it checks, how it joins.
    pub fn sentence(&self, node: &Node) -> String {
        let with = |key: &str, with: &[(&str, &str)]| self.say(&format!("card.{key}"), with);
        match &node.kind {
            NodeKind::Start(_) => with("start", &[]),
            NodeKind::AutoCheck { checks, reserve_stock, .. } => {
                let checks = self.checks(&checks.iter().map(|rule| rule.check.clone()).collect::<Vec<_>>());
                let reserve = if *reserve_stock { with("reserve", &[]) } else { String::new() };
                self.parts([with("auto_check", &[("checks", &checks)]), reserve])
            }
            NodeKind::Review(person) => self.person(person),
            NodeKind::Task(task) => self.person(&task.person),
            NodeKind::CustomerConfirmation(customer) => {
                let until = customer.deadline_minutes.map(|minutes| self.duration(minutes.into()));
                let lapse = self.on_lapse(customer.on_lapse);
                self.parts([
                    with("customer", &[]),
                    until.unwrap_or_default(),
                    with("lapse", &[("lapse", &lapse)]),
                ])
            }
            NodeKind::Cc { to, .. } => with("cc", &[("to", &self.notify_to(to))]),
            NodeKind::Notify { template, to, .. } => {
                with("notify", &[("to", &self.notify_to(to)), ("template", &self.name("template", template))])
            }
            NodeKind::Parallel { lanes, join, .. } => {
                with("parallel", &[("n", &lanes.len().to_string()), ("join", &self.join(*join))])
            }
            NodeKind::Exclusive { .. } => with("exclusive", &[]),
            NodeKind::Inclusive { join, .. } => with("inclusive", &[("join", &self.join(*join))]),
            NodeKind::Delay(delay) => with("delay", &[("duration", &self.delay(&delay.wait))]),
            NodeKind::WaitEvent(wait) => {
                let duration = self.duration(wait.timeout_minutes.into());
                with("wait_event", &[("event", &self.name("awaited", &wait.event)), ("duration", &duration)])
            }
            NodeKind::UpdateData { .. } => self.update(node),
            NodeKind::ConnectorCall(call) => {
                let connector = self.name("connector", &call.connector);
                with("connector_call", &[("connector", &connector), ("operation", &call.operation)])
            }
            NodeKind::Subflow(subflow) => with("subflow", &[("flow", &self.name("flow", &subflow.flow))]),
            NodeKind::GoTo { target, when, max_rounds } => {
                let back = with("go_to", &[("step", &self.name("step", target))]);
                let when = when.as_ref().map(|when| self.when(when)).unwrap_or_default();
                let rounds = max_rounds.map(|n| with("rounds", &[("n", &n.to_string())])).unwrap_or_default();
                self.parts([when, back, rounds])
            }
            NodeKind::End { outcome, .. } => with("end", &[("outcome", &self.outcome(*outcome))]),
        }
    }

    fn person(&self, person: &PersonSettings) -> String {
        let who = match person.vote {
            Vote::Any => self.sources(&person.assignee),
            vote => {
                self.say("card.vote", &[("who", &self.sources(&person.assignee)), ("vote", &self.vote(vote))])
            }
        };
        let backup =
            person.backup.as_ref().map(|backup| self.say("card.backup", &[("name", &self.party(backup))]));
        let auto = if person.auto_when_clear { self.word("card.auto_when_clear") } else { String::new() };
        self.parts([who, self.deadline(person), backup.unwrap_or_default(), auto])
    }

    fn update(&self, node: &Node) -> String {
        let NodeKind::UpdateData { assign, stock, tags } = &node.kind else { return String::new() };
        let fields = self.list(assign.iter().map(|set| self.field(&set.field, false)));
        let set =
            if assign.is_empty() { String::new() } else { self.say("card.set", &[("fields", &fields)]) };
        let stock = stock.map(|action| self.stock(action)).unwrap_or_default();
        let tags = if tags.is_empty() {
            String::new()
        } else {
            self.say("card.tags", &[("tags", &self.list(tags.iter().cloned()))])
        };
        self.parts([set, stock, tags])
    }

    pub(super) fn delay(&self, wait: &DelayFor) -> String {
        match wait {
            DelayFor::Minutes { minutes, clock } => self.clocked((*minutes).into(), *clock),
            DelayFor::Field { field, offset_minutes } => {
                self.say("card.until", &[("date", &self.date(field, *offset_minutes))])
            }
            DelayFor::At { date, time } => {
                let time = String::from(*time);
                let date = date.map(|date| format!("{date} {time}")).unwrap_or(time);
                self.say("card.until", &[("date", &date)])
            }
        }
    }

    pub(crate) fn outcome(&self, outcome: Outcome) -> String {
        self.word(match outcome {
            Outcome::Confirmed => "outcome.confirmed",
            Outcome::Rejected => "outcome.rejected",
            Outcome::Cancelled => "outcome.cancelled",
            Outcome::Expired => "outcome.expired",
            Outcome::Completed => "outcome.completed",
        })
    }
}

/// The type of a step as documents write it.
pub fn type_key(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Start(_) => "start",
        NodeKind::AutoCheck { .. } => "auto_check",
        NodeKind::Review(_) => "review",
        NodeKind::Task(_) => "task",
        NodeKind::CustomerConfirmation(_) => "customer_confirmation",
        NodeKind::Cc { .. } => "cc",
        NodeKind::Notify { .. } => "notify",
        NodeKind::Parallel { .. } => "parallel",
        NodeKind::Exclusive { .. } => "exclusive",
        NodeKind::Inclusive { .. } => "inclusive",
        NodeKind::Delay(_) => "delay",
        NodeKind::WaitEvent(_) => "wait_event",
        NodeKind::UpdateData { .. } => "update_data",
        NodeKind::ConnectorCall(_) => "connector_call",
        NodeKind::Subflow(_) => "subflow",
        NodeKind::GoTo { .. } => "go_to",
        NodeKind::End { .. } => "end",
    }
}
