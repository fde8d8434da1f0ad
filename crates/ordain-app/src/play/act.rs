//! What can be done in a play, and the commands of the engine that it means.

use super::{Cause, Play};
use crate::case::attachment::{About, Bytes, NewFile};
use crate::case::decide::{OrderCommand, ProofGiven, answer_recorder, may_decide};
use crate::case::facts::{self, Around};
use crate::case::people::User;
use crate::case::side_run::run_of;
use crate::case::{Case, Event, Refusal, Task};
use jiff::Timestamp;
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_flow::doc::{Node, NodeKind, Party, Proof};
use ordain_flow::run::{Decision, Visit, VisitKind};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What one act may need beside itself: each is asked for once, and no act needs all of them.
const PROPS_MAX: usize = 6;
/// People who are told of one step.
const PERSONAS_MAX: usize = 12;

/// One act of a play. Tasks and waits are named by their numbers, people by their login.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    Approve {
        task: u32,
        #[serde(rename = "as")]
        login: String,
        #[serde(default)]
        reason: String,
        /// Fields that are written before, by path.
        #[serde(default)]
        values: BTreeMap<String, Value>,
    },
    Reject {
        task: u32,
        #[serde(rename = "as")]
        login: String,
        #[serde(default)]
        reason: String,
    },
    /// To the sender, or to an earlier step.
    Return {
        task: u32,
        #[serde(rename = "as")]
        login: String,
        #[serde(default)]
        reason: String,
        #[serde(default)]
        to: Option<String>,
    },
    /// The sender hands it in once more.
    Submit,
    /// Somebody records that the customer accepts.
    Accept {
        #[serde(rename = "as")]
        login: String,
    },
    Decline {
        #[serde(rename = "as")]
        login: String,
    },
    /// The other system answers with the sample that is recorded for it.
    Answer { visit: u32 },
    /// The other system does not answer.
    Fail { visit: u32 },
    /// What is waited for happens.
    Arrive { visit: u32 },
    /// Time passes, and timers fire.
    Wait { until: Timestamp },
}

/// A decision on a task, by somebody.
struct Deciding<'a> {
    task: Uuid,
    number: u32,
    by: &'a Actor,
    reason: &'a str,
    decision: Decision,
}

/// What somebody brings along who decides on the page of the task.
#[derive(Default)]
struct Props {
    accept: BTreeMap<String, String>,
    signs: bool,
}

impl Play {
    pub(super) fn act(&mut self, at: usize, act: &Act) -> Result<(), Refusal> {
        let before = self.case.clone();
        let done = self.carry_out(act);
        if done.is_err() {
            self.put(before);
        }
        let (by, events) = done?;
        self.note(by, Cause::Act(at), events);
        Ok(())
    }

    fn carry_out(&mut self, act: &Act) -> Result<(Actor, Vec<Event>), Refusal> {
        let (by, command) = match act {
            Act::Approve { task, login, reason, values } => {
                return self.decide_as(login, *task, (Decision::Approve, reason), values);
            }
            Act::Reject { task, login, reason } => {
                return self.decide_as(login, *task, (Decision::Reject, reason), &BTreeMap::new());
            }
            Act::Return { task, login, reason, to: None } => {
                return self.decide_as(login, *task, (Decision::Return, reason), &BTreeMap::new());
            }
            Act::Return { task, login, reason, to: Some(to) } => {
                let (task, reason) = (self.task(*task)?, reason.clone());
                let command = OrderCommand::ReturnTo { task, to: to.clone(), direct: false, reason };
                (self.person(login)?, command)
            }
            Act::Submit => {
                (self.case.order.receiver.clone(), OrderCommand::Submit { reasons: BTreeMap::new() })
            }
            Act::Accept { login } => return self.answer_as(login, true),
            Act::Decline { login } => return self.answer_as(login, false),
            Act::Answer { visit } => {
                let (visit, answer) = (*visit, Ok(self.sample(*visit)?));
                (Actor::system("connector"), OrderCommand::CallEnded { visit, answer })
            }
            Act::Fail { visit } => {
                let (visit, answer) = (*visit, Err("no_answer".to_owned()));
                (Actor::system("connector"), OrderCommand::CallEnded { visit, answer })
            }
            Act::Arrive { visit } => (Actor::system("event"), self.arrival(*visit)?),
            // Time is the clock's, not somebody's.
            Act::Wait { .. } => return Err(Refusal::NothingDue),
        };
        let events = self.decide(&by, &command)?;
        Ok((by, events))
    }

    fn person(&self, login: &str) -> Result<Actor, Refusal> {
        let user = self.world.house.people.by_login(login).filter(|user| !user.disabled);
        let user = user.ok_or_else(|| Refusal::UnknownPerson(login.to_owned()))?;
        Ok(Actor::Person { id: user.id, name: user.name.clone() })
    }

    fn task(&self, number: u32) -> Result<Uuid, Refusal> {
        self.case.tasks.get(&number).map(|task| task.id).ok_or(Refusal::TaskNotFound)
    }

    fn decide_as(
        &mut self,
        login: &str,
        number: u32,
        (decision, reason): (Decision, &str),
        values: &BTreeMap<String, Value>,
    ) -> Result<(Actor, Vec<Event>), Refusal> {
        let (by, task) = (self.person(login)?, self.task(number)?);
        let mut events = Vec::new();
        if !values.is_empty() {
            events.extend(self.decide(&by, &OrderCommand::WriteFields { task, values: values.clone() })?);
        }
        let deciding = Deciding { task, number, by: &by, reason, decision };
        let mut props = Props::default();
        for _ in 0..PROPS_MAX {
            match self.decide(&by, &deciding.command(&props)) {
                Ok(more) => {
                    events.extend(more);
                    return Ok((by, events));
                }
                Err(refusal) => events.extend(self.provide(&deciding, &mut props, refusal)?),
            }
        }
        Err(Refusal::ReasonRequired)
    }

    /// What a person does on the page of a task beside the decision: looks, ticks, signs, adds a file, gives reasons.
    fn provide(
        &mut self,
        of: &Deciding<'_>,
        props: &mut Props,
        refusal: Refusal,
    ) -> Result<Vec<Event>, Refusal> {
        let task = of.task;
        match refusal {
            Refusal::FindingsNeedReason(ids) if !of.reason.trim().is_empty() && props.accept.is_empty() => {
                props.accept = ids.into_iter().map(|id| (id, of.reason.to_owned())).collect();
                Ok(Vec::new())
            }
            Refusal::SignatureMissing if !props.signs => {
                props.signs = true;
                Ok(Vec::new())
            }
            Refusal::FieldsUnseen(fields) => self.decide(of.by, &OrderCommand::See { task, fields }),
            Refusal::PointsOpen(points) => {
                let mut events = Vec::new();
                for point in points {
                    events.extend(self.decide(of.by, &OrderCommand::Tick { task, point })?);
                }
                Ok(events)
            }
            Refusal::AttachmentMissing if self.case.tasks.contains_key(&of.number) => {
                let command = OrderCommand::Attach { file: paper(), about: About::Task(task) };
                self.decide(of.by, &command)
            }
            other => Err(other),
        }
    }

    /// Records the customer's answer, with whatever proof the step asks for.
    fn answer_as(&mut self, login: &str, accepted: bool) -> Result<(Actor, Vec<Event>), Refusal> {
        let by = self.person(login)?;
        let (mut events, mut proof) = (Vec::new(), None);
        for _ in 0..PROPS_MAX {
            let evidence = by.name().to_owned();
            match self.decide(&by, &OrderCommand::RecordAnswer { accepted, evidence, proof }) {
                Ok(more) => {
                    events.extend(more);
                    return Ok((by, events));
                }
                Err(Refusal::ProofNeeded(Proof::Signature)) if proof.is_none() => {
                    proof = Some(ProofGiven::Signature);
                }
                Err(Refusal::ProofNeeded(Proof::Code)) if proof.is_none() => {
                    events.extend(self.decide(&by, &OrderCommand::SendCode)?);
                    proof = self.case.codes.last().map(|code| ProofGiven::Code(code.id));
                }
                Err(Refusal::AttachmentMissing) => {
                    let command = OrderCommand::Attach { file: paper(), about: About::Answer };
                    events.extend(self.decide(&by, &command)?);
                }
                Err(other) => return Err(other),
            }
        }
        Err(Refusal::CustomerNotAsked)
    }

    /// What the other system has answered when its connector was set up; without that, nothing but that it is done.
    fn sample(&self, visit: u32) -> Result<Value, Refusal> {
        let call = self.case.open_call(visit).ok_or(Refusal::NothingDue)?;
        let connectors = &self.world.house.connectors.0;
        let operation =
            connectors.get(&call.connector).and_then(|known| known.operations.get(&call.operation));
        Ok(operation.and_then(|known| known.sample.clone()).unwrap_or(Value::Null))
    }

    /// The event that a stay waits for, with the key by which it is known.
    fn arrival(&self, visit: u32) -> Result<OrderCommand, Refusal> {
        let (case, house) = (&self.case, &self.world.house);
        let stay = case.run_with(visit).and_then(|(pin, run)| Some((house.flow(pin)?, run.visit(visit)?)));
        let (flow, stay) = stay.filter(|(_, stay)| stay.closed.is_none()).ok_or(Refusal::NothingDue)?;
        let Some(NodeKind::WaitEvent(wait)) = flow.node(&stay.node).map(|node| &node.kind) else {
            return Err(Refusal::NothingDue);
        };
        let known_by = |field: &String| match field.as_str() {
            "number" => Some(case.order.number.clone()),
            "customer_po" => case.order.content.customer_po.clone(),
            _ => {
                let facts = facts::in_run(case, run_of(visit), flow, Around { house, at_ms: self.now_ms });
                let value = flow.schema().order_index(field).and_then(|slot| facts.fields.get(slot).cloned());
                let of_line = || {
                    let slot = flow.schema().line_index(field)?;
                    facts.lines.first()?.get(slot).cloned()
                };
                value.or_else(of_line).map(|value| value.to_string())
            }
        };
        let key = wait.matches.as_ref().and_then(known_by);
        Ok(OrderCommand::Signal { event: wait.event.clone(), key })
    }
}

impl Deciding<'_> {
    fn command(&self, props: &Props) -> OrderCommand {
        let Self { task, decision, .. } = *self;
        let (reason, accept) = (Some(self.reason.to_owned()), props.accept.clone());
        if props.signs {
            OrderCommand::DecideSigned { task, decision, reason, accept, drawn: paper() }
        } else {
            OrderCommand::Decide { task, decision, reason, accept }
        }
    }
}

/// A file that stands for whatever somebody would add or draw.
fn paper() -> NewFile {
    NewFile { name: "-".to_owned(), media_type: "image/png".to_owned(), content: Bytes(Arc::from([])) }
}

/// Somebody whom a step could be played as.
#[derive(Clone, Debug)]
pub struct Persona<'a> {
    pub user: &'a User,
    /// `holder`, `backup`, or `stand_in` for somebody who is away.
    pub place: &'static str,
    /// What keeps them from deciding it, although it is theirs.
    pub obstacle: Option<Refusal>,
}

/// Whose a task is now: those who may decide it first.
pub fn personas<'a>(play: &'a Play, task: &Task) -> Vec<Persona<'a>> {
    let house = &play.world.house;
    let backup = play.case.node_at(house, task.visit, &task.node).and_then(Node::person);
    let backup = backup.and_then(|settings| settings.backup.as_ref());
    let persona = |user: &'a User| {
        let obstacle = match may_decide(user, task, &play.case, house, play.now_ms) {
            Err(Refusal::NotYourTask) => return None,
            other => other.err(),
        };
        let place = if user.belongs_to(&task.holder) {
            "holder"
        } else if backup.is_some_and(|backup| user.belongs_to(backup)) {
            "backup"
        } else {
            "stand_in"
        };
        Some(Persona { user, place, obstacle })
    };
    let mut found: Vec<Persona<'_>> = house.people.users.values().filter_map(persona).collect();
    let rank = |place: &str| ["holder", "stand_in", "backup"].iter().position(|known| *known == place);
    found.sort_by_key(|found| (found.obstacle.is_some(), rank(found.place), found.user.login.clone()));
    found.truncate(PERSONAS_MAX);
    found
}

/// Where the order waits for something that is nobody's task.
#[derive(Clone, Debug)]
pub struct Wait {
    /// `sender`, `customer`, `call`, `event`, `delay` or `subflow`.
    pub kind: &'static str,
    pub visit: u32,
    pub node: String,
    /// Who can say what became of it.
    pub party: Option<Party>,
}

pub fn waits(play: &Play) -> Vec<Wait> {
    let (case, house) = (&play.case, &play.world.house);
    let wait = |visit: &Visit| {
        let kind = match visit.kind {
            VisitKind::Customer => "customer",
            VisitKind::Call => "call",
            VisitKind::Event => "event",
            VisitKind::Delay => "delay",
            VisitKind::Subflow => "subflow",
            VisitKind::Task | VisitKind::Exception(_) | VisitKind::Checks => return None,
        };
        let party = (kind == "customer").then(|| answer_recorder(case, house)).flatten();
        Some(Wait { kind, visit: visit.visit, node: visit.node.to_string(), party })
    };
    let open = case.runs().flat_map(|(_, run)| run.open_visits()).filter_map(wait);
    open.chain(sender(case)).collect()
}

/// The sender is waited for: what is missing, or what was sent back.
fn sender(case: &Case) -> Option<Wait> {
    let waits = matches!(case.order.status, Status::Draft | Status::Incomplete);
    let node = case.returned.as_ref().map(|returned| returned.node.clone()).unwrap_or_default();
    waits.then_some(Wait { kind: "sender", visit: 0, node, party: None })
}
