//! What can happen to a case, and the one function that changes it.

use super::agreed::{Agreed, Departure};
use super::answer::CodeSent;
use super::attachment::{Attachment, of_attachment};
use super::call::{Call, CallEnd, Hook};
use super::loss::Loss;
use super::timers::TimerKind;
use super::told;
use super::work;
use super::{
    Ballot, Case, Exception, ExceptionClosed, FlowPin, HandOver, Held, Migration, Notice, Returned, Seat,
    SideRun, Task,
};
use ordain_domain::actor::Actor;
use ordain_domain::order::{self, ChangeState, Event as OrderEvent};
use ordain_flow::doc::Party;
use ordain_flow::run::{self, CloseReason, Decision, Event as FlowEvent, Run};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One thing that happened, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Order(OrderEvent),
    Flow(FlowEvent),
    /// A run began beside the main one.
    SideRunBegan {
        side_run: Box<SideRun>,
    },
    /// What happened in a run beside the main one.
    SideFlow {
        number: u32,
        event: FlowEvent,
    },
    /// The run of a flow began, or began anew, on a revision of the order.
    Pinned {
        #[serde(flatten)]
        pin: FlowPin,
        revision: u32,
    },
    TaskAssigned {
        visit: u32,
        task: Box<Task>,
    },
    TaskClaimed {
        task: u32,
        by: Uuid,
    },
    TaskDecided {
        task: u32,
        decision: Decision,
        by: Actor,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// In whose place, where the decision was not the decider's own work.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf: Option<Party>,
    },
    TaskClosed {
        task: u32,
        /// The signer was taken away again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        removed: bool,
        /// Whose act made it needless, and which; without a reason, others had decided. Older entries name nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Actor>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<CloseReason>,
    },
    /// A decision was taken back; the task is open again.
    TaskReopened {
        task: u32,
    },
    TaskHandedOver {
        task: u32,
        hand_over: HandOver,
    },
    TaskUrged {
        task: u32,
        by: Actor,
    },
    /// The holder lets it stand still.
    TaskHeld {
        task: u32,
        held: Held,
    },
    /// It goes on, after so many working minutes.
    TaskResumed {
        task: u32,
        minutes: u32,
    },
    /// Its holder put people in copy.
    CopySent {
        task: u32,
        to: BTreeSet<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// The deadline moved with the date or the calendar it hangs on, or with a pause.
    TaskRescheduled {
        task: u32,
        due_ms: Option<i64>,
        remind_ms: Option<i64>,
        paused_minutes: u32,
    },
    /// Somebody has opened the task and seen these of its fields.
    TaskSeen {
        task: u32,
        by: Uuid,
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        fields: BTreeSet<String>,
    },
    /// A point of the task's checklist is done.
    PointTicked {
        task: u32,
        point: u32,
    },
    ExceptionRaised {
        exception: Box<Exception>,
    },
    ExceptionTaken {
        id: Uuid,
        by: Uuid,
    },
    /// Nobody settled it in time; it belongs to somebody else now.
    ExceptionEscalated {
        id: Uuid,
        to: Party,
        due_ms: i64,
    },
    ExceptionClosed {
        id: Uuid,
        closed: ExceptionClosed,
    },
    /// Several people decide the visit together.
    BallotOpened {
        visit: u32,
        ballot: Ballot,
    },
    /// Somebody will be asked later.
    /// A wait for the customer or an event has stood still for so many working minutes, because the order was on hold.
    WaitStood {
        visit: u32,
        minutes: u32,
    },
    SeatQueued {
        visit: u32,
        seat: Seat,
    },
    /// One of those in the queue was asked.
    SeatCalled {
        visit: u32,
        at: usize,
    },
    /// The number of seats that count has changed, because a signer was added or taken away.
    SeatsCounted {
        visit: u32,
        seats: u32,
    },
    /// Somebody chose who is to do a step to come.
    PeopleChosen {
        node: String,
        logins: Vec<String>,
    },
    /// A customer notice with the time at which it counts as late.
    NoticeExpected {
        id: Uuid,
        late_ms: i64,
    },
    /// A step calls another system; the call goes out behind the commit.
    CallMade {
        visit: u32,
        call: Box<Call>,
    },
    CallEnded {
        visit: u32,
        end: CallEnd,
    },
    /// Another system is told of a step; nobody waits for its answer.
    HookCalled {
        id: Uuid,
        hook: Box<Hook>,
    },
    /// It was told, or could not be.
    HookEnded {
        id: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failed: Option<String>,
    },
    /// The customer has accepted as much before, but for what the step allows.
    CustomerSpared {
        visit: u32,
        node: String,
        /// The revision that was accepted.
        revision: u32,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        departures: Vec<Departure>,
    },
    /// The customer was sent a code by which they show that it is they who answer.
    CodeSent {
        code: Box<CodeSent>,
    },
    /// Another code was named than the one in this message.
    CodeWrong {
        id: Uuid,
    },
    ReturnedToSender(Returned),
    /// The run goes on in another version of its flow. `mapping` says where, by the steps that are gone.
    Migrated {
        from: FlowPin,
        #[serde(flatten)]
        pin: FlowPin,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        mapping: BTreeMap<String, String>,
    },
    /// Everything about the run is as it was before it was moved.
    MigrationUndone,
    /// These people were put in copy by a step and are to say that they have read it.
    ReceiptsAsked {
        node: String,
        users: BTreeSet<Uuid>,
    },
    /// Somebody has read what they were put in copy of.
    ReceiptGiven {
        user: Uuid,
    },
    /// A file was added; its bytes are kept beside, in the same commit.
    Attached {
        attachment: Box<Attachment>,
    },
    /// Somebody said why the order was lost.
    LossExplained {
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposed: Option<String>,
        by: Actor,
    },
    /// Somebody began, or ceased, to watch the order.
    Watched {
        user: Uuid,
        on: bool,
    },
}

/// Folds one event into a case. The first event of a case is its receipt; anything before it has nothing to change.
pub fn apply(case: &mut Option<Case>, event: &Event, at_ms: i64) {
    match (event, case) {
        (Event::Order(OrderEvent::Received(received)), case) => *case = Some(begin(received, at_ms)),
        (_, Some(case)) => change(case, event, at_ms),
        (_, None) => {}
    }
}

/// The case right after its order was received.
pub fn begin(received: &order::event::Received, at_ms: i64) -> Case {
    Case {
        order: received.order(at_ms),
        version: 0,
        flow: None,
        run: None,
        side_runs: Vec::new(),
        reviewed_revision: 0,
        tasks: BTreeMap::new(),
        ballots: BTreeMap::new(),
        calls: BTreeMap::new(),
        hooks: BTreeMap::new(),
        exceptions: Vec::new(),
        written_ms: BTreeMap::new(),
        reserved_ms: None,
        held_ms: None,
        stood: BTreeMap::new(),
        chosen: BTreeMap::new(),
        notices: Vec::new(),
        agreed: None,
        codes: Vec::new(),
        receipts: Vec::new(),
        attachments: Vec::new(),
        loss: None,
        watchers: BTreeSet::new(),
        confirmed_in: None,
        returned: None,
        unsubmitted: false,
        incomplete_since_ms: None,
        gap_reminded_ms: None,
        migration: None,
        news: 0,
        told: BTreeMap::new(),
        reminded: BTreeMap::new(),
    }
}

/// Changes a case that exists.
pub fn change(case: &mut Case, event: &Event, at_ms: i64) {
    match event {
        Event::Order(event) => {
            case.news = case.news.saturating_add(u32::from(told::is_news(&case.order, event)));
            order::apply(&mut case.order, event, at_ms);
            follow(case, event, at_ms);
        }
        Event::Flow(event) => {
            case.note_told(event);
            if let Some(run) = &mut case.run {
                run::apply(run, event);
            }
        }
        Event::SideRunBegan { side_run } => case.side_runs.push((**side_run).clone()),
        Event::SideFlow { number, event } => {
            case.note_told(event);
            let at = usize::try_from(*number).unwrap_or(usize::MAX).checked_sub(1);
            if let Some(side) = at.and_then(|at| case.side_runs.get_mut(at)) {
                run::apply(&mut side.run, event);
            }
        }
        Event::WaitStood { visit, minutes } => {
            *case.stood.entry(*visit).or_default() += minutes;
        }
        Event::Pinned { pin, revision } => {
            case.flow = Some(pin.clone());
            case.run.get_or_insert_with(Run::default);
            case.reviewed_revision = *revision;
            case.returned = None;
            case.unsubmitted = false;
        }
        Event::TaskAssigned { .. }
        | Event::TaskClaimed { .. }
        | Event::TaskDecided { .. }
        | Event::TaskClosed { .. }
        | Event::TaskReopened { .. }
        | Event::TaskHandedOver { .. }
        | Event::TaskUrged { .. }
        | Event::TaskHeld { .. }
        | Event::TaskResumed { .. }
        | Event::CopySent { .. }
        | Event::TaskRescheduled { .. }
        | Event::TaskSeen { .. }
        | Event::PointTicked { .. } => work::of_task(case, event, at_ms),
        Event::ExceptionRaised { .. }
        | Event::ExceptionTaken { .. }
        | Event::ExceptionEscalated { .. }
        | Event::ExceptionClosed { .. } => work::of_exception(case, event),
        Event::BallotOpened { .. }
        | Event::SeatQueued { .. }
        | Event::SeatCalled { .. }
        | Event::SeatsCounted { .. } => work::of_ballot(case, event),
        Event::PeopleChosen { node, logins } => {
            case.chosen.insert(node.clone(), logins.clone());
        }
        Event::NoticeExpected { id, late_ms } => edit(case, *id, |notice| notice.late_ms = Some(*late_ms)),
        Event::ReceiptsAsked { .. } | Event::ReceiptGiven { .. } => work::of_receipts(case, event, at_ms),
        Event::Attached { .. } => of_attachment(case, event),
        Event::LossExplained { reason, proposed, by } => {
            let (reason, proposed, by) = (reason.clone(), proposed.clone(), by.clone());
            case.loss = Some(Box::new(Loss { reason, proposed, by, at_ms }));
        }
        Event::Watched { user, on } => watch(case, *user, *on),
        Event::CallMade { .. } | Event::CallEnded { .. } => super::call::of_call(case, event),
        Event::HookCalled { .. } | Event::HookEnded { .. } => super::call::of_hook(case, event),
        Event::CodeSent { .. } | Event::CodeWrong { .. } => super::answer::of_codes(case, event),
        Event::CustomerSpared { .. } => {}
        Event::ReturnedToSender(returned) => case.returned = Some(returned.clone()),
        Event::Migrated { from, pin, .. } => migrate(case, from, pin, at_ms),
        Event::MigrationUndone => undo_migration(case),
    }
}

fn undo_migration(case: &mut Case) {
    if let Some(before) = case.migration.take() {
        case.flow = Some(before.from);
        case.run = Some(before.run);
        case.tasks = before.tasks;
        case.ballots = before.ballots;
    }
}

fn watch(case: &mut Case, user: Uuid, on: bool) {
    if on {
        case.watchers.insert(user)
    } else {
        case.watchers.remove(&user)
    };
}

/// The run goes on in another version; what it was is kept, so that it can be undone.
fn migrate(case: &mut Case, from: &FlowPin, to: &FlowPin, at_ms: i64) {
    let (run, tasks) = (case.run.clone().unwrap_or_default(), case.tasks.clone());
    let (version, ballots) = (case.version + 1, case.ballots.clone());
    case.migration = Some(Box::new(Migration { from: from.clone(), at_ms, version, run, tasks, ballots }));
    case.flow = Some(to.clone());
}

/// What the case keeps beside the order: its notices, reminders and how long the sender is waited for.
fn follow(case: &mut Case, event: &OrderEvent, at_ms: i64) {
    match event {
        OrderEvent::NoticeQueued { id, template, channel, to, change, then } => case.notices.push(Notice {
            id: *id,
            template: template.clone(),
            channel: channel.clone(),
            to: to.clone(),
            queued_ms: at_ms,
            late_ms: None,
            sent_ms: (channel == "in_app").then_some(at_ms),
            failed: None,
            late: false,
            change: *change,
            then: then.clone(),
        }),
        OrderEvent::CustomerAnswered { accepted: true, .. } => {
            case.agreed = Some(Box::new(Agreed::of(&case.order, at_ms)));
        }
        OrderEvent::NoticeSent { id } => edit(case, *id, |notice| notice.sent_ms = Some(at_ms)),
        OrderEvent::NoticeFailed { id, why } => edit(case, *id, |notice| notice.failed = Some(why.clone())),
        OrderEvent::NoticeLate { id } => edit(case, *id, |notice| notice.late = true),
        OrderEvent::Reminded { what, .. } => {
            *case.reminded.entry(what.clone()).or_default() += 1;
            if what.starts_with(TimerKind::Gap.name()) {
                case.gap_reminded_ms = Some(at_ms);
            }
        }
        OrderEvent::Incomplete | OrderEvent::Returned => {
            case.incomplete_since_ms = Some(at_ms);
            case.gap_reminded_ms = None;
        }
        OrderEvent::StockHeld { held, coming } => {
            case.reserved_ms = (!held.is_empty() || !coming.is_empty()).then_some(at_ms);
        }
        OrderEvent::StockReleased | OrderEvent::ReservationExpired | OrderEvent::Confirmed(_) => {
            case.reserved_ms = None;
        }
        OrderEvent::Submitted => case.incomplete_since_ms = None,
        OrderEvent::Edited { .. } => case.unsubmitted = true,
        OrderEvent::FieldsWritten { paths, .. } => {
            case.written_ms.extend(paths.iter().map(|path| (path.clone(), at_ms)));
        }
        OrderEvent::ChangeTaken { .. } if case.order.is_changing() => {
            case.confirmed_in.clone_from(&case.flow);
        }
        OrderEvent::ChangeClosed { outcome, .. } if !case.order.is_changing() => {
            let confirmed_in = case.confirmed_in.take();
            if let Some(pin) = confirmed_in.filter(|_| !matches!(outcome, ChangeState::Applied { .. })) {
                case.flow = Some(pin);
                case.reviewed_revision = case.order.revision;
            }
        }
        OrderEvent::Held => case.held_ms = Some(at_ms),
        OrderEvent::Resumed | OrderEvent::Rejected | OrderEvent::Cancelled { .. } | OrderEvent::Expired => {
            case.held_ms = None;
        }
        _ => {}
    }
}

fn edit(case: &mut Case, id: Uuid, change: impl FnOnce(&mut Notice)) {
    if let Some(notice) = case.notices.iter_mut().find(|notice| notice.id == id) {
        change(notice);
    }
}
