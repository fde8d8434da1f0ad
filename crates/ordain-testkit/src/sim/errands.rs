//! What people ask for beside the plain course of an order: returns, withdrawals, fields, answers of customers, and what
//! the process admin does by hand.

use super::aside::INSIDE;
use super::rng::Rng;
use super::shapes::{EVENTS, POINTS};
use super::staff::STAFF;
use ordain_app::case::attachment::{About, Bytes, NewFile};
use ordain_app::case::decide::{Intervention, OrderCommand, ProofGiven, lacks_file, signs};
use ordain_app::case::side_run::{MAIN, run_of};
use ordain_app::case::world::House;
use ordain_app::case::{Case, Task, TaskState};
use ordain_flow::doc::{FieldAccess, Node, NodeKind, Outcome, PersonSettings};
use ordain_flow::run::{Decision, VisitKind};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Who is to send a command.
#[derive(Clone, Debug)]
pub enum Who {
    /// Somebody who may decide the task, most of the time.
    Holder(Box<Task>),
    Person(Uuid),
    Login(&'static str),
}

struct Errand<'a> {
    rng: &'a mut Rng,
    case: &'a Case,
    house: &'a House,
    /// Of the main run.
    nodes: Vec<&'a Node>,
}

/// A command on a known order, and who is to send it.
pub fn command(rng: &mut Rng, case: &Case, house: &House) -> (OrderCommand, Who) {
    let flow = case.flow.as_ref().and_then(|pin| house.flow(pin));
    let nodes = flow.map(|flow| flow.nodes().collect()).unwrap_or_default();
    let mut errand = Errand { rng, case, house, nodes };
    if errand.rng.chance(60)
        && let Some(needed) = errand.needed()
    {
        return needed;
    }
    match errand.rng.below(28) {
        27 => errand.acknowledge(),
        24 | 25 => errand.see(),
        26 => (OrderCommand::Recall { reason: errand.why() }, Who::Login("sales1")),
        20..=23 | 0..=2 => errand.return_to(),
        3 | 4 => errand.withdraw(),
        5 | 6 => errand.write(),
        7 => errand.choose(),
        8 => errand.answer(),
        9 | 10 => errand.exception(),
        11 => errand.batch(),
        12 => (
            OrderCommand::Signal { event: errand.rng.word(&EVENTS).to_owned(), key: None },
            Who::Login("ops1"),
        ),
        13 => errand.tick(),
        _ => errand.by_hand(),
    }
}

impl<'a> Errand<'a> {
    fn why(&mut self) -> String {
        if self.rng.chance(6) { "  ".to_owned() } else { "as agreed".to_owned() }
    }

    fn task(&mut self) -> Option<&'a Task> {
        let open: Vec<&Task> = self.case.open_tasks().map(|(_, task)| task).collect();
        let any: Vec<&Task> = self.case.tasks.values().collect();
        let from = if open.is_empty() || self.rng.chance(8) { any } else { open };
        self.rng.pick(&from).copied()
    }

    fn holder(task: Option<&Task>) -> (Uuid, Who) {
        task.map_or((Uuid::nil(), Who::Login("sales1")), |task| {
            (task.id, Who::Holder(Box::new(task.clone())))
        })
    }

    fn node(&self, visit: u32, id: &str) -> Option<&'a Node> {
        self.case.node_at(self.house, visit, id)
    }

    /// A step to go to: mostly one of this flow.
    fn some_step(&mut self) -> String {
        if self.rng.chance(5) {
            return "nowhere".to_owned();
        }
        self.rng.pick(&self.nodes).map_or_else(|| "check".to_owned(), |node| node.id.clone())
    }

    /// What an open task or a wait cannot go on without.
    fn needed(&mut self) -> Option<(OrderCommand, Who)> {
        let run = self.case.run.as_ref()?;
        if let Some(again) = self.answer_again().filter(|_| self.rng.chance(5)) {
            return Some(again);
        }
        if let Some(open) = run.open_visits().find(|open| !open.kind.is_task()) {
            match open.kind {
                VisitKind::Customer if self.rng.chance(50) => return Some(self.answer()),
                VisitKind::Call if self.rng.chance(60) => return Some(self.call_ended(open.visit)),
                VisitKind::Event if self.rng.chance(50) => {
                    let Some(NodeKind::WaitEvent(wait)) =
                        self.node(open.visit, &open.node).map(|node| &node.kind)
                    else {
                        return None;
                    };
                    return Some((
                        OrderCommand::Signal {
                            event: wait.event.clone(),
                            key: wait.matches.as_ref().map(|_| self.case.order.number.clone()),
                        },
                        Who::Login("ops1"),
                    ));
                }
                _ => {}
            }
        }
        // On a way straight back something is changed and then approved, so that others have to look again.
        let detour = run.detours.last().filter(|_| self.rng.chance(90)).map(|detour| detour.at.clone());
        let back = detour.and_then(|at| self.case.open_tasks().find(|(_, task)| *task.node == *at));
        if let Some((_, task)) = back {
            if self.case.written_ms.contains_key("ship_to.address") && self.rng.chance(50) {
                let (decision, reason) = (Decision::Approve, Some("as agreed".to_owned()));
                let decide =
                    OrderCommand::Decide { task: task.id, decision, reason, accept: BTreeMap::new() };
                return Some((decide, Who::Holder(Box::new(task.clone()))));
            }
            let address = self.rng.word(&["Ningbo", "Suzhou", "Wuxi", "Jiaxing"]);
            return Some(self.write_of(task, "ship_to.address", json!(address)));
        }
        let task = self.task()?;
        let node = self.node(task.visit, &task.node)?;
        if let Some(proof) = node.person().and_then(|settings| self.proof(settings, task)) {
            return Some(proof);
        }
        let points = matches!(&node.kind, NodeKind::Task(work) if task.ticked.len() < work.checklist.len());
        let empty = !self.case.order.content.extra.contains_key("note");
        if points {
            return Some(self.tick_of(task));
        }
        let required = node.person().is_some_and(|settings| !settings.requires.is_empty());
        (empty && required).then(|| self.write_of(task, "extra.note", json!("seen")))
    }

    /// The file or the signature that a step asks for, now and then one that it does not.
    fn proof(&mut self, settings: &PersonSettings, task: &Task) -> Option<(OrderCommand, Who)> {
        let file = NewFile {
            name: "proof.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            content: Bytes(self.why().into_bytes().into()),
        };
        let who = Who::Holder(Box::new(task.clone()));
        if lacks_file(settings, self.case, task) || self.rng.chance(2) {
            return Some((OrderCommand::Attach { file, about: About::Task(task.id) }, who));
        }
        if !signs(settings) && !self.rng.chance(2) {
            return None;
        }
        let decision = if self.rng.chance(90) { Decision::Approve } else { Decision::Reject };
        let findings = &self.case.order.checked.findings;
        let acceptable = findings.iter().filter(|finding| finding.code.acceptable());
        let accept = acceptable.map(|finding| (finding.id(), "as agreed".to_owned())).collect();
        let reason = Some("as agreed".to_owned());
        Some((OrderCommand::DecideSigned { task: task.id, decision, reason, accept, drawn: file }, who))
    }

    /// Another system answers, answers something else, or does not answer; the last of that, or of another call.
    fn call_ended(&mut self, visit: u32) -> (OrderCommand, Who) {
        let visit = if self.rng.chance(10) { visit.saturating_sub(1) } else { visit };
        let answer = match self.rng.below(6) {
            0 => Err("timeout: 10 s".to_owned()),
            1 => Ok(json!({"id": {"no": "text"}})),
            _ => Ok(json!({"id": 4_711})),
        };
        (OrderCommand::CallEnded { visit, answer }, Who::Login("ops1"))
    }

    /// Whoever has answered tries to answer once more, in another seat of the same step.
    fn answer_again(&self) -> Option<(OrderCommand, Who)> {
        let heard = |open: &Task| {
            let mut beside = self.case.tasks.values().filter(|task| task.visit == open.visit);
            beside.find_map(Task::decider)
        };
        let (task, by) = self.case.open_tasks().find_map(|(_, open)| Some((open.id, heard(open)?)))?;
        let (decision, reason) = (Decision::Approve, Some("once more".to_owned()));
        Some((OrderCommand::Decide { task, decision, reason, accept: BTreeMap::new() }, Who::Person(by)))
    }

    fn tick(&mut self) -> (OrderCommand, Who) {
        match self.task() {
            Some(task) => self.tick_of(task),
            None => (OrderCommand::Tick { task: Uuid::nil(), point: 0 }, Who::Login("ops1")),
        }
    }

    fn tick_of(&mut self, task: &Task) -> (OrderCommand, Who) {
        let next = (0..POINTS as u32).find(|point| !task.ticked.contains(point));
        let point = next.filter(|_| self.rng.chance(95)).unwrap_or(7);
        (OrderCommand::Tick { task: task.id, point }, Who::Holder(Box::new(task.clone())))
    }

    fn write(&mut self) -> (OrderCommand, Who) {
        let open = |task: &&Task| {
            let settings = self.node(task.visit, &task.node).and_then(Node::person);
            settings.is_some_and(|settings| settings.fields.values().any(|f| *f == FieldAccess::Edit))
        };
        let fitting: Vec<&Task> = self.case.open_tasks().map(|(_, task)| task).filter(open).collect();
        let Some(task) = self.rng.pick(&fitting).copied().or_else(|| self.task()) else {
            return self.batch();
        };
        let (path, value) = match self.rng.below(9) {
            0 | 1 => ("ship_to.address", json!(self.rng.word(&["Ningbo", "Suzhou"]))),
            2 => ("extra.note", json!(self.rng.word(&["a", "b"]))),
            3 => ("extra.note", Value::Null),
            4 | 5 => ("lines[0].quantity", json!(self.rng.word(&["2", "7", "60"]))),
            6 => ("lines[9].quantity", json!("2")),
            7 => ("lines[0].quantity", json!({"no": "number"})),
            _ => ("customer", json!("C002")),
        };
        self.write_of(task, path, value)
    }

    fn write_of(&mut self, task: &Task, path: &str, value: Value) -> (OrderCommand, Who) {
        let values = BTreeMap::from([(path.to_owned(), value)]);
        (OrderCommand::WriteFields { task: task.id, values }, Who::Holder(Box::new(task.clone())))
    }

    fn return_to(&mut self) -> (OrderCommand, Who) {
        let from = self.task();
        let (task, who) = Self::holder(from);
        let most = self.rng.chance(85);
        // Every run has ways back of its own.
        let run = from.map_or(MAIN, |task| run_of(task.visit));
        let passed = self.case.tasks.values().filter(|task| run_of(task.visit) == run);
        let passed = passed.filter(|task| task.decision() == Some(Decision::Approve));
        let passed: Vec<&Task> = passed.collect();
        // Far back, mostly, so that others lie between.
        let far = passed.first().filter(|_| self.rng.chance(60)).copied();
        let to = far.or_else(|| self.rng.pick(&passed).copied()).filter(|_| most);
        let to = to.map(|task| task.node.clone());
        let to = to.unwrap_or_else(|| self.some_step());
        let (direct, reason) = (self.rng.chance(75), self.why());
        (OrderCommand::ReturnTo { task, to, direct, reason }, who)
    }

    fn withdraw(&mut self) -> (OrderCommand, Who) {
        let mut done = self.case.tasks.values().rev().filter(|task| task.decider().is_some());
        let last = done.next();
        let other = done.next().filter(|_| self.rng.chance(40));
        let Some(task) = other.or(last) else {
            return (OrderCommand::Withdraw { task: Uuid::nil() }, Who::Login("sales1"));
        };
        let by = match &task.state {
            TaskState::Done { by, .. } if self.rng.chance(92) => by.person(),
            _ => None,
        };
        (OrderCommand::Withdraw { task: task.id }, by.map_or(Who::Login("audit1"), Who::Person))
    }

    fn acknowledge(&mut self) -> (OrderCommand, Who) {
        let asked = self.case.receipts.iter().find(|receipt| receipt.given_ms.is_none());
        (OrderCommand::Acknowledge, asked.map_or(Who::Login("sales1"), |asked| Who::Person(asked.user)))
    }

    fn see(&mut self) -> (OrderCommand, Who) {
        let task = self.task();
        let shown = task.and_then(|task| self.node(task.visit, &task.node)).and_then(Node::person);
        let fields = shown.map(|settings| settings.looks_at.clone()).unwrap_or_default();
        let (task, who) = Self::holder(task);
        (OrderCommand::See { task, fields }, who)
    }

    fn batch(&mut self) -> (OrderCommand, Who) {
        let (task, who) = Self::holder(self.task());
        let decision = if self.rng.chance(85) { Decision::Approve } else { Decision::Reject };
        let reason = self.rng.chance(80).then(|| self.why());
        (OrderCommand::DecideInBatch { task, decision, reason }, who)
    }

    fn choose(&mut self) -> (OrderCommand, Who) {
        let inside = self.house.flows_in_force().filter(|flow| flow.doc().key == INSIDE);
        let all = self.nodes.iter().copied().chain(inside.flat_map(|flow| flow.nodes()));
        let asks: Vec<&Node> = all.filter(|node| node.person().is_some()).collect();
        let node = self.rng.pick(&asks).filter(|_| self.rng.chance(90)).map(|node| node.id.clone());
        let login = if self.rng.chance(5) { "nobody" } else { STAFF[self.rng.below(12)].0 };
        let people = BTreeMap::from([(node.unwrap_or_else(|| "tell".to_owned()), vec![login.to_owned()])]);
        (OrderCommand::ChoosePeople { people }, Who::Login("sales1"))
    }

    fn answer(&mut self) -> (OrderCommand, Who) {
        if self.rng.chance(15) {
            let content = Bytes(self.why().into_bytes().into());
            let (name, media_type) = ("reply.txt".to_owned(), "text/plain".to_owned());
            let file = NewFile { name, media_type, content };
            let who = self.rng.word(&["sales1", "cs1"]);
            return (OrderCommand::Attach { file, about: About::Answer }, Who::Login(who));
        }
        let (accepted, evidence) = (self.rng.chance(80), self.why());
        let who = self.rng.word(&["sales1", "sales2", "cs1", "cs2", "audit1"]);
        let proof = match self.rng.below(12) {
            0 => return (OrderCommand::SendCode, Who::Login(who)),
            1 => return (OrderCommand::RefuseCode { sent: Uuid::nil() }, Who::Login(who)),
            2 => Some(ProofGiven::Code(Uuid::nil())),
            3..=7 => Some(ProofGiven::Signature),
            _ => None,
        };
        (OrderCommand::RecordAnswer { accepted, evidence, proof }, Who::Login(who))
    }

    fn exception(&mut self) -> (OrderCommand, Who) {
        if self.rng.chance(25) {
            let issue = self.rng.word(&["goods_missing", "price_dispute", "wrong_data", "no_such_type"]);
            let (issue, text) = (issue.to_owned(), self.why());
            return (OrderCommand::ReportIssue { issue, text }, Who::Login("sales1"));
        }
        let all: Vec<Uuid> = self.case.exceptions.iter().map(|exception| exception.id).collect();
        let open = self.case.open_exceptions().next().map(|exception| exception.id);
        let id = open.filter(|_| self.rng.chance(70)).or_else(|| self.rng.pick(&all).copied());
        let id = id.unwrap_or_default();
        let act = match self.rng.chance(60) {
            true => OrderCommand::TakeException { id },
            false => OrderCommand::CloseException { id, reason: self.why() },
        };
        (act, Who::Login(self.rng.word(&["ops1", "ops1", "ops1", "wh1", "audit1"])))
    }

    fn by_hand(&mut self) -> (OrderCommand, Who) {
        let open = self.case.runs().flat_map(|(_, run)| run.open_visits());
        let waiting: Vec<(String, u32)> = open.map(|open| (open.node.to_string(), open.visit)).collect();
        let picked = self.rng.pick(&waiting).cloned();
        let (node, visit) = match picked {
            Some((node, visit)) => (node, Some(visit)),
            None => (self.some_step(), None),
        };
        let over = self.case.run.as_ref().is_some_and(|run| run.outcome().is_some());
        let asked = self.case.open_exceptions().find(|exception| exception.asked.is_some());
        let asked = asked.map(|exception| exception.id);
        if let Some(exception) = asked.filter(|_| self.rng.chance(60)) {
            let who = self.rng.word(&["ops1", "ops2"]);
            let act = Intervention::Agree { exception };
            return (OrderCommand::Intervene { act, reason: self.why() }, Who::Login(who));
        }
        let act = match self.rng.below(10) {
            _ if over && self.rng.chance(50) => Intervention::Revive,
            0 | 1 => Intervention::Jump { to: self.some_step() },
            2 | 3 => Intervention::Skip { node, visit },
            4 => Intervention::RunAgain { node, visit },
            5 if self.rng.chance(30) => {
                let all = [Outcome::Rejected, Outcome::Cancelled, Outcome::Confirmed];
                Intervention::End { outcome: *self.rng.pick(&all).unwrap_or(&Outcome::Cancelled) }
            }
            6 | 7 => {
                let known = self.rng.pick(&self.case.order.checked.findings);
                let none = || "nothing:nowhere".to_owned();
                Intervention::Override { finding: known.map_or_else(none, |finding| finding.id()) }
            }
            8 => Intervention::TakeOver,
            _ if self.case.order.on_hold || self.rng.chance(20) => Intervention::PutBack,
            _ => Intervention::Revive,
        };
        (OrderCommand::Intervene { act, reason: self.why() }, Who::Login("ops1"))
    }
}
