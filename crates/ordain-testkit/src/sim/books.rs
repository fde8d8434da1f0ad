//! Books on one order, kept from its events alone and never from the product's state: who was asked, who decided, what
//! the order said. Each entry is held against what must be true of it.

mod contents;

use super::course::{Course, Stay, settings};
use super::life::in_force;
use super::oracle::SIDE;
use super::proofs::Proofs;
use super::staff::Timetable;
use super::truth::gross;
use ordain_app::case::decide::{Intervention, OrderCommand};
use ordain_app::case::world::{House, weight};
use ordain_app::case::{
    Case, Event, Exception, ExceptionKind, FlowPin, HandOver, HandOverWhy, Seat, SideRun, Task,
};
use ordain_domain::actor::Actor;
use ordain_domain::order::{ChangeState, Content, Event as OrderEvent, Status};
use ordain_flow::doc::{
    Clock, DeadlineDo, DeadlineFrom, Exclude, FlowDoc, Outcome, Party, PersonSettings, Purpose,
};
use ordain_flow::run::{Decision, Event as FlowEvent, VisitKind};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is true while a command is carried out.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub house: &'a House,
    /// Everybody's hours, where they are known apart from the product.
    pub table: Option<&'a Timetable>,
    pub now_ms: i64,
    pub command: &'a OrderCommand,
    pub actor: &'a Actor,
}

/// One task as its events tell it.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub(super) task: Task,
    pub(super) open: bool,
    pub(super) decided: Option<(Option<Uuid>, Decision)>,
    /// Taken away again by whoever added it.
    pub(super) removed: bool,
}

/// A run beside the main one.
#[derive(Clone, Debug)]
struct Side {
    pin: FlowPin,
    parent: Option<u32>,
    course: Course,
}

#[derive(Clone, Debug, Default)]
pub struct Books {
    pub course: Course,
    /// Runs beside the main one, with what started them.
    side: Vec<Side>,
    pin: Option<FlowPin>,
    content: Option<Content>,
    /// Who entered what the order says: nobody's own work is theirs to approve.
    authors: BTreeSet<Uuid>,
    change_by: BTreeMap<Uuid, Option<Uuid>>,
    pub(super) sheets: Vec<Sheet>,
    pub(super) queued: BTreeMap<u32, Vec<Seat>>,
    pub(super) exceptions: BTreeMap<Uuid, bool>,
    /// Those that may be open although the order is confirmed: they concern its delivery.
    pub(super) lasting: BTreeSet<Uuid>,
    /// Exceptions about money to be paid back, which outlast the order, and those that ask for its revival.
    pub(super) refunds: BTreeSet<Uuid>,
    /// Who wants to do something to which somebody else has to agree, by exception.
    wanted_by: BTreeMap<Uuid, Option<Uuid>>,
    /// What the order came to before the command.
    came_to: Option<Decimal>,
    /// Stays that have asked for a flow to run inside.
    asked_inside: BTreeSet<u32>,
    proofs: Proofs,
    /// The outcome, once there is one.
    outcome: Option<Status>,
    /// What each change asks for, and what stands while one of a confirmed order is looked at.
    asked: BTreeMap<Uuid, Content>,
    stands: Option<(Uuid, Content)>,
}

impl Books {
    /// Takes the events of one command in and looks at where they have led.
    ///
    /// # Errors
    /// The first thing that must not be, in words.
    pub fn follow(&mut self, events: &[Event], case: &Case, scene: &Scene<'_>) -> Result<(), String> {
        self.acts_with_somebody(events, scene)?;
        for event in events {
            self.hear(event, scene)?;
        }
        self.came_to = weight(&case.order);
        self.agrees(case)
    }

    /// From an amount on nothing is done by hand to which nobody else has agreed; to pull an order to manual handling
    /// only stops it.
    fn acts_with_somebody(&self, events: &[Event], scene: &Scene<'_>) -> Result<(), String> {
        let alone = match scene.command {
            OrderCommand::Intervene { act, .. } => {
                !matches!(act, Intervention::TakeOver | Intervention::Agree { .. })
            }
            OrderCommand::Reassign { why, .. } => *why == HandOverWhy::Reassigned,
            _ => false,
        };
        let rules = &scene.house.rules;
        let from = rules.second_person_from_minor.map(|from| Decimal::new(from, rules.currency.exponent()));
        let large = from.is_some_and(|from| self.came_to.is_none_or(|amount| amount >= from));
        let asks = |event: &Event| matches!(event, Event::ExceptionRaised { exception } if exception.asked.is_some());
        match large && alone && !events.iter().any(asks) {
            true => Err("a large order was moved by one person alone".to_owned()),
            false => Ok(()),
        }
    }

    pub(super) fn doc<'a>(&self, house: &'a House) -> Option<&'a FlowDoc> {
        self.pin.as_ref().and_then(|pin| house.flow(pin)).map(|flow| flow.doc())
    }

    /// The document by which a stay is judged.
    fn doc_at<'a>(&self, visit: u32, house: &'a House) -> Option<&'a FlowDoc> {
        match self.side_of(visit) {
            Some(side) => house.flow(&side.pin).map(|flow| flow.doc()),
            None => self.doc(house),
        }
    }

    fn side_of(&self, visit: u32) -> Option<&Side> {
        self.side.get(usize::try_from(visit / SIDE).ok()?.checked_sub(1)?)
    }

    pub(super) fn course_of(&self, visit: u32) -> &Course {
        self.side_of(visit).map_or(&self.course, |side| &side.course)
    }

    /// The stays that are waited for in runs beside the main one.
    pub(super) fn open_aside(&self) -> impl Iterator<Item = (u32, &Stay)> {
        self.side.iter().flat_map(|side| side.course.open())
    }

    /// Something beside the main run began: for a step that waits for it or has asked for it, or for a confirmed order.
    fn side_began(&mut self, side: &SideRun, scene: &Scene<'_>) -> Result<(), String> {
        let purpose = scene.house.flow(&side.pin).map(|flow| flow.doc().purpose);
        let fits = match side.parent {
            Some(visit) => purpose == Some(Purpose::Subflow) && self.asked_inside.contains(&visit),
            None => purpose == Some(Purpose::Fulfilment) && self.outcome == Some(Status::Confirmed),
        };
        if !fits {
            return Err(format!("{:?} began beside the order although nothing asked for it", side.pin));
        }
        self.side.push(Side { pin: side.pin.clone(), parent: side.parent, course: Course::default() });
        Ok(())
    }

    fn hear_side(&mut self, number: u32, event: &FlowEvent, scene: &Scene<'_>) -> Result<(), String> {
        let at = usize::try_from(number).unwrap_or_default().wrapping_sub(1);
        let Some(side) = self.side.get(at) else { return Err(format!("run {number} never began")) };
        let Some(doc) = scene.house.flow(&side.pin).map(|flow| flow.doc()) else {
            return Err("a run without a flow".to_owned());
        };
        match event {
            FlowEvent::Decided { visit, decision, .. } => self.recount(*visit, *decision, doc)?,
            FlowEvent::Ended { outcome: Outcome::Confirmed, .. } => {
                return Err(format!("run {number} beside the order confirms"));
            }
            FlowEvent::ReturnedForCompletion { .. } | FlowEvent::ChecksPassed { .. } => {
                return Err(format!("run {number} speaks for the order: {event:?}"));
            }
            _ => {}
        }
        match self.side.get_mut(at) {
            Some(side) => side.course.hear(event, doc, scene),
            None => Ok(()),
        }
    }

    /// A step goes on when all that ran inside it has come to its end.
    fn inside_is_over(&self, visit: u32) -> Result<(), String> {
        let mut inside = self.side.iter().filter(|side| side.parent == Some(visit));
        match inside.find(|side| !side.course.ended) {
            Some(side) => Err(format!("visit {visit} went on before {:?} had ended", side.pin)),
            None => Ok(()),
        }
    }

    fn hear(&mut self, event: &Event, scene: &Scene<'_>) -> Result<(), String> {
        match event {
            Event::Order(event) => self.hear_order(event, scene),
            Event::Flow(event) => {
                let Some(doc) = self.doc(scene.house) else { return Err("a run without a flow".to_owned()) };
                match event {
                    FlowEvent::Decided { visit, decision, .. } => self.recount(*visit, *decision, doc)?,
                    FlowEvent::WaitBegan { visit, kind: VisitKind::Subflow, .. }
                    | FlowEvent::SubflowDetached { visit, .. } => drop(self.asked_inside.insert(*visit)),
                    FlowEvent::WaitEnded { visit, .. } => self.inside_is_over(*visit)?,
                    _ => {}
                }
                self.course.hear(event, doc, scene)
            }
            Event::SideRunBegan { side_run } => self.side_began(side_run, scene),
            Event::SideFlow { number, event } => self.hear_side(*number, event, scene),
            Event::Pinned { pin, .. } => self.pinned(pin, scene.house),
            Event::Migrated { .. } | Event::MigrationUndone => {
                Err("moved to another version, which nobody asked for".to_owned())
            }
            Event::BallotOpened { .. } | Event::SeatQueued { .. } | Event::SeatCalled { .. } => {
                self.hear_seat(event)
            }
            Event::ExceptionRaised { exception } => self.raised(exception, scene),
            Event::ExceptionEscalated { to, due_ms, .. } => {
                staffed(to, scene.house, "exception given")?;
                later(*due_ms, scene.now_ms)
            }
            Event::ExceptionClosed { id, closed } => match self.exceptions.insert(*id, false) {
                Some(true)
                    if matches!(
                        scene.command,
                        OrderCommand::Intervene { act: Intervention::Agree { .. }, .. }
                    ) && self.wanted_by.get(id) == Some(&closed.by.person()) =>
                {
                    Err("somebody agreed to what they had asked for".to_owned())
                }
                Some(true) => Ok(()),
                _ => Err("an exception closed that was not open".to_owned()),
            },
            _ => self.hear_task(event, scene),
        }
    }

    fn pinned(&mut self, pin: &FlowPin, house: &House) -> Result<(), String> {
        let first = self.pin.take().or_else(|| in_force(house));
        self.pin = first.clone();
        if first.as_ref() == Some(pin) {
            Ok(())
        } else {
            Err(format!("changed its version from {first:?} to {pin:?}"))
        }
    }

    fn hear_seat(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::BallotOpened { visit, ballot } => {
                self.queued.entry(*visit).or_default().extend(ballot.queue.iter().cloned());
                Ok(())
            }
            Event::SeatQueued { visit, seat } => {
                self.queued.entry(*visit).or_default().push(seat.clone());
                Ok(())
            }
            Event::SeatCalled { visit, at } => {
                let queue = self.queued.entry(*visit).or_default();
                if *at >= queue.len() {
                    return Err(format!("called seat {at} of {}", queue.len()));
                }
                queue.remove(*at);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn hear_task(&mut self, event: &Event, scene: &Scene<'_>) -> Result<(), String> {
        match event {
            Event::TaskAssigned { visit, task } => self.assigned(*visit, task, scene),
            Event::TaskDecided { task, decision, by, .. } => self.decided(*task, *decision, by, scene),
            Event::Attached { attachment } => {
                self.proofs.hear(attachment);
                Ok(())
            }
            Event::TaskHeld { task, held } => {
                self.open_sheet(*task, "held")?;
                later(held.until_ms, scene.now_ms)
            }
            Event::TaskClosed { task, .. } => {
                let removed = matches!(scene.command, OrderCommand::RemoveSigner { .. });
                let sheet = self.open_sheet(*task, "closed")?;
                (sheet.open, sheet.removed) = (false, removed && sheet.task.added.is_some());
                Ok(())
            }
            Event::TaskReopened { task } => {
                let sheet = self.sheets.get_mut(*task as usize).ok_or("reopened a task that never was")?;
                match sheet.decided {
                    Some((by, _)) if by != scene.actor.person() => {
                        return Err(format!("task {task} was taken back by somebody who had not decided it"));
                    }
                    // Its answer had not been needed, and is again.
                    None if sheet.open || sheet.removed => {
                        return Err(format!("task {task} opened again although nobody had closed it"));
                    }
                    _ => {}
                }
                (sheet.open, sheet.decided) = (true, None);
                Ok(())
            }
            Event::TaskHandedOver { task, hand_over } => {
                staffed(&hand_over.to, scene.house, "handed")?;
                self.given_rightly(*task, hand_over, scene)?;
                let sheet = self.open_sheet(*task, "handed over")?;
                if sheet.task.holder != hand_over.from {
                    return Err(format!("task {task} had two holders"));
                }
                sheet.task.holder = hand_over.to.clone();
                if hand_over.timed_anew {
                    sheet.task.timed_by = hand_over.to.clone();
                }
                let owner = sheet.task.entrusted_by.take();
                match hand_over.why {
                    HandOverWhy::Entrusted => sheet.task.entrusted_by = scene.actor.person(),
                    HandOverWhy::GivenBack => {
                        let user = owner.and_then(|id| scene.house.people.users.get(&id));
                        let back = user.map(|user| Party::User(user.login.clone()));
                        if back.as_ref() != Some(&hand_over.to) {
                            return Err(format!(
                                "task {task} came back to somebody else: {:?}",
                                hand_over.to
                            ));
                        }
                    }
                    _ => {}
                }
                Ok(())
            }
            Event::TaskRescheduled { task, due_ms, .. } => {
                let sheet = self.open_sheet(*task, "rescheduled")?;
                sheet.task.due_ms = *due_ms;
                let task = sheet.task.clone();
                self.due_in_time(&task, scene)
            }
            _ => Ok(()),
        }
    }

    fn open_sheet(&mut self, number: u32, act: &str) -> Result<&mut Sheet, String> {
        let sheet = self.sheets.get_mut(number as usize).filter(|sheet| sheet.open);
        sheet.ok_or_else(|| format!("closed task {number} was {act}"))
    }

    fn assigned(&mut self, visit: u32, task: &Task, scene: &Scene<'_>) -> Result<(), String> {
        if task.visit != visit || !self.course_of(visit).stays.get(&visit).is_some_and(|stay| stay.open) {
            return Err(format!("a task was opened for visit {visit}, which is not open"));
        }
        staffed(&task.holder, scene.house, "asked")?;
        // Who has a task that a change does not concern keeps it with its time, which was judged when it was first opened.
        let same = |known: &Task| {
            (&known.node, &known.timed_by, known.opened_ms, known.due_ms)
                == (&task.node, &task.timed_by, task.opened_ms, task.due_ms)
        };
        if !self.sheets.iter().any(|sheet| same(&sheet.task)) {
            self.due_in_time(task, scene)?;
        }
        self.sheets.push(Sheet { task: task.clone(), open: true, decided: None, removed: false });
        Ok(())
    }

    /// A deadline never lies outside of the working time of whoever got the task, unless its clock runs through.
    fn due_in_time(&self, task: &Task, scene: &Scene<'_>) -> Result<(), String> {
        let (Some(table), Some(due_ms)) = (scene.table, task.due_ms) else { return Ok(()) };
        let settings = self.doc_at(task.visit, scene.house).and_then(|doc| settings(doc, &task.node));
        let from = settings.and_then(|settings| settings.deadline.as_ref()).map(|deadline| &deadline.from);
        let calendar = matches!(from, Some(DeadlineFrom::After { clock: Clock::Calendar, .. }));
        if calendar || table.may_be_due(&task.timed_by, due_ms) {
            return Ok(());
        }
        Err(format!("deadline of {:?} at {due_ms} is not working time", task.timed_by))
    }

    fn decided(
        &mut self,
        number: u32,
        decision: Decision,
        by: &Actor,
        scene: &Scene<'_>,
    ) -> Result<(), String> {
        let task = self.open_sheet(number, "decided")?.task.clone();
        let settings = self.doc_at(task.visit, scene.house).and_then(|doc| settings(doc, &task.node));
        if by.person().is_some() && task.entrusted_by.is_some() {
            return Err(format!("task {number} was decided while it was delegated"));
        }
        self.proofs.decided((number, task.visit), decision, settings)?;
        match by.person() {
            Some(person) => self.decided_rightly(&task, person, settings, scene)?,
            None => self.timed_out(&task, decision, settings)?,
        }
        let sheet = self.open_sheet(number, "decided")?;
        (sheet.open, sheet.decided) = (false, Some((by.person(), decision)));
        Ok(())
    }

    fn decided_rightly(
        &self,
        task: &Task,
        person: Uuid,
        settings: Option<&PersonSettings>,
        scene: &Scene<'_>,
    ) -> Result<(), String> {
        let Some(user) = scene.house.people.users.get(&person).filter(|user| !user.disabled) else {
            return Err("decided by somebody who has left".to_owned());
        };
        if self.is_kept_out(person, settings) {
            return Err(format!("four eyes: {} decided {}", user.login, task.node));
        }
        if self.has_decided(person, |sheet| sheet.task.visit == task.visit) {
            return Err(format!("{} was heard twice in visit {}", user.login, task.visit));
        }
        let backup = settings.and_then(|settings| settings.backup.as_ref());
        let delegations = &scene.house.absences.delegations;
        let given = delegations
            .iter()
            .any(|given| given.to == user.login && (given.from_ms..given.until_ms).contains(&scene.now_ms));
        let may =
            user.belongs_to(&task.holder) || given || backup.is_some_and(|party| user.belongs_to(party));
        if may { Ok(()) } else { Err(format!("{} decided what {:?} holds", user.login, task.holder)) }
    }

    /// Whether four eyes are to keep somebody from deciding.
    fn is_kept_out(&self, person: Uuid, settings: Option<&PersonSettings>) -> bool {
        settings.into_iter().flat_map(|settings| &settings.exclude).any(|rule| match rule {
            Exclude::Initiator => self.authors.contains(&person),
            Exclude::DecidersOf(node) => self.has_decided(person, |sheet| sheet.task.node == *node),
        })
    }

    /// Work goes to nobody who may not do it. The process admin takes what nobody else does, and an exception says so.
    fn given_rightly(&mut self, number: u32, given: &HandOver, scene: &Scene<'_>) -> Result<(), String> {
        let task = self.open_sheet(number, "handed over")?.task.clone();
        let settings = self.doc_at(task.visit, scene.house).and_then(|doc| settings(doc, &task.node));
        let members = scene.house.people.members(&given.to);
        let stuck = members.iter().all(|user| self.is_kept_out(user.id, settings));
        let last = matches!(given.why, HandOverWhy::Left | HandOverWhy::GivenBack);
        if stuck && !last {
            return Err(format!("task {number} was given to {:?}, who may not decide it", given.to));
        }
        Ok(())
    }

    fn has_decided(&self, person: Uuid, of: impl Fn(&Sheet) -> bool) -> bool {
        self.sheets.iter().any(|sheet| sheet.decided.is_some_and(|(by, _)| by == Some(person)) && of(sheet))
    }

    /// Silence passes only what may be passed, and only up to its cap.
    fn timed_out(
        &self,
        task: &Task,
        decision: Decision,
        settings: Option<&PersonSettings>,
    ) -> Result<(), String> {
        if decision != Decision::Approve {
            return Ok(());
        }
        let rules = settings.and_then(|settings| settings.deadline.as_ref()).map(|deadline| &deadline.rules);
        let cap = rules.into_iter().flatten().filter_map(|rule| match &rule.action {
            DeadlineDo::AutoPass { max_amount } => max_amount.as_ref(),
            _ => None,
        });
        // In hundredths, as the companies here count in yuan.
        let cap = cap.filter_map(|cap| super::truth::scaled(&cap.to_string(), 2)).max();
        let amount = self.content.as_ref().and_then(gross);
        let guarded = settings.is_none_or(|settings| settings.guarded);
        if guarded || amount.is_none() || amount > cap {
            return Err(format!("{} passed by the clock: {amount:?} of at most {cap:?}", task.node));
        }
        Ok(())
    }

    fn raised(&mut self, exception: &Exception, scene: &Scene<'_>) -> Result<(), String> {
        staffed(&exception.owner, scene.house, "exception given")?;
        later(exception.due_ms, scene.now_ms)?;
        let lasts = [
            ExceptionKind::IssueReported,
            ExceptionKind::ChangeWaits,
            ExceptionKind::PromiseBroken,
            ExceptionKind::Overpaid,
            ExceptionKind::SecondPerson,
        ];
        let beside = match exception.visit {
            Some(at) => at >= SIDE,
            // Work that nobody waits for outlives the review.
            None => exception.kind == ExceptionKind::FlowFault,
        };
        if lasts.contains(&exception.kind) || beside {
            self.lasting.insert(exception.id);
        }
        if exception.kind == ExceptionKind::Overpaid
            || exception.asked.as_deref() == Some(&Intervention::Revive)
        {
            self.refunds.insert(exception.id);
        }
        if exception.asked.is_some() {
            let by = exception.reported_by.as_ref().and_then(Actor::person);
            self.wanted_by.insert(exception.id, by);
        }
        match self.exceptions.insert(exception.id, true) {
            None => Ok(()),
            Some(_) => Err("an exception was raised twice".to_owned()),
        }
    }

    /// The product's state says what the books say.
    fn agrees(&self, case: &Case) -> Result<(), String> {
        if self.content.as_ref() != Some(&case.order.content) {
            return Err("the order says something else than was written".to_owned());
        }
        let open = self.sheets.iter().enumerate().filter(|(_, sheet)| sheet.open);
        let open: Vec<(u32, &Party)> = open.map(|(at, sheet)| (at as u32, &sheet.task.holder)).collect();
        let theirs: Vec<(u32, &Party)> = case.open_tasks().map(|(at, task)| (at, &task.holder)).collect();
        if open != theirs {
            return Err(format!("open tasks {theirs:?}, but the events say {open:?}"));
        }
        Ok(())
    }
}

fn staffed(party: &Party, house: &House, act: &str) -> Result<(), String> {
    let admin = *party == Party::Role("process_admin".to_owned());
    if admin || house.people.users.values().any(|user| user.belongs_to(party)) {
        return Ok(());
    }
    Err(format!("{act} to {party:?}, where nobody is"))
}

fn later(due_ms: i64, now_ms: i64) -> Result<(), String> {
    if due_ms > now_ms { Ok(()) } else { Err(format!("an exception due at {due_ms}, now {now_ms}")) }
}
