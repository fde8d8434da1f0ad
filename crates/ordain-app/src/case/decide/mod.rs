//! Decisions about one order: a command and the world in, events out.
//!
//! Every door ends here, and everything that could confirm an order goes through [`Story::advance`].

mod advance;
mod answer;
mod assign;
mod attach;
mod back;
mod call;
mod change;
mod converse;
mod deadline;
mod edit;
mod examine;
mod exception;
mod family;
mod fields;
mod fire;
mod floor;
mod fulfil;
mod hand_over;
mod heard;
mod intervene;
mod invoice;
mod issue;
mod loss;
mod migrate;
mod notify;
mod promise;
mod recall;
mod resources;
mod review;
mod ship;
mod side_run;
mod signer;
mod submit;
mod wait;
mod work;

pub(crate) use answer::ANSWER_CODE;
pub use answer::ProofGiven;
pub use attach::{lacks_file, signs};
pub(super) use back::{is_too_late, is_with_sender, opened_after};
pub use change::ChangeAsked;
pub(in crate::case) use change::rebase;
pub use deadline::NOBODY_TOLD;
pub use examine::examine;
pub(super) use exception::settles;
pub use family::PartOf;
pub(super) use family::is_mergeable;
pub use family::{MERGED, SplitLine};
pub(crate) use family::{OTHER_IDS, place_of};
pub(crate) use fields::missing_fields;
pub use fulfil::Fulfil;
pub(super) use fulfil::{is_complained_of, is_paid_for, ships};
pub(super) use hand_over::is_urged_lately;
pub use intervene::Intervention;
pub use migrate::MoveChoice;
pub use promise::{PromiseStep, Settlement};
pub(super) use recall::is_past_recall;
pub use recall::unseen;
pub use review::may_decide;
pub(super) use review::{awaits_signers, forbids_batch, owned_open};
pub use ship::{ShipLine, release_obstacles};
pub(crate) use wait::answer_recorder;
pub(super) use wait::owes_receipt;

use super::attachment::{About, NewFile};
use super::event::{Event, change};
use super::refusal::Refusal;
use super::world::World;
use super::{Case, HandOverWhy, SignerAt, Task};
use crate::clock::Ids;
use examine::{Own, examine_beside};
use ordain_domain::actor::Actor;
use ordain_domain::check::Outcome;
use ordain_domain::order::exchange::Share;
use ordain_domain::order::{Content, EnteredLater, Event as OrderEvent, QuestionTo};
use ordain_domain::promise::Promise;
use ordain_flow::doc::Party;
use ordain_flow::migrate::Class;
use ordain_flow::run::{Decision, Spared};
use side_run::Errand;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use uuid::Uuid;

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What can be asked of an order.
#[derive(Clone, Debug)]
pub enum OrderCommand {
    Place(Box<Place>),
    Edit {
        content: Box<Content>,
        submit: bool,
        reasons: BTreeMap<String, String>,
    },
    Submit {
        reasons: BTreeMap<String, String>,
    },
    Cancel {
        reason: String,
        /// One of the company's reasons, by code.
        code: Option<String>,
    },
    /// Takes back what was handed in, to be handed in anew.
    Recall {
        reason: String,
    },
    Hold {
        reason: String,
    },
    Resume,
    Comment {
        text: String,
    },
    Ask {
        finding: Option<String>,
        to: QuestionTo,
        text: String,
        due_ms: Option<i64>,
    },
    CloseQuestion {
        id: u32,
        outcome: QuestionOutcome,
    },
    Claim {
        task: Uuid,
    },
    /// Opens one's own task, and says which of the fields it shows first were seen.
    See {
        task: Uuid,
        fields: Vec<String>,
    },
    Decide {
        task: Uuid,
        decision: Decision,
        reason: Option<String>,
        accept: BTreeMap<String, String>,
    },
    /// As `Decide`, with a drawn signature under it.
    DecideSigned {
        task: Uuid,
        decision: Decision,
        reason: Option<String>,
        accept: BTreeMap<String, String>,
        drawn: NewFile,
    },
    /// Adds a file.
    Attach {
        file: NewFile,
        about: About,
    },
    /// Gives one's own task to a colleague.
    Transfer {
        task: Uuid,
        to: String,
        reason: String,
    },
    /// Has a colleague work on one's own task, to decide it afterwards.
    Delegate {
        task: Uuid,
        to: String,
        reason: String,
    },
    /// Ends the work on a delegated task.
    GiveBack {
        task: Uuid,
        note: String,
    },
    /// Lets one's own task stand still for so many working minutes.
    HoldTask {
        task: Uuid,
        minutes: u32,
        reason: String,
    },
    ResumeTask {
        task: Uuid,
    },
    /// Puts people in copy, by login.
    SendCopy {
        task: Uuid,
        to: Vec<String>,
        note: String,
    },
    AddSigner {
        task: Uuid,
        login: String,
        at: SignerAt,
        counts: bool,
    },
    RemoveSigner {
        task: Uuid,
    },
    Urge {
        task: Uuid,
    },
    /// Presses a button of the step's own.
    Press {
        task: Uuid,
        button: String,
    },
    /// Gives anybody's task to somebody else.
    Reassign {
        task: Uuid,
        to: Party,
        why: HandOverWhy,
        reason: String,
    },
    /// As one of many: only where the step allows that, and nothing is open that would need a reason of its own.
    DecideInBatch {
        task: Uuid,
        decision: Decision,
        reason: Option<String>,
    },
    /// Sends the order back from one's own task to an earlier step.
    ReturnTo {
        task: Uuid,
        to: String,
        direct: bool,
        reason: String,
    },
    /// Takes one's own decision back.
    Withdraw {
        task: Uuid,
    },
    /// Writes the fields that one's own task may write, and no others.
    WriteFields {
        task: Uuid,
        values: BTreeMap<String, serde_json::Value>,
    },
    /// Ticks a point of one's own task's checklist.
    Tick {
        task: Uuid,
        point: u32,
    },
    /// Chooses who is to do steps to come, by step.
    ChoosePeople {
        people: BTreeMap<String, Vec<String>>,
    },
    /// The customer's answer, recorded by somebody who has it in another form.
    RecordAnswer {
        accepted: bool,
        evidence: String,
        proof: Option<ProofGiven>,
    },
    /// Sends the customer a code for one use, by which they show that it is they who answer.
    SendCode,
    /// Somebody named another code than the one in this message.
    RefuseCode {
        sent: Uuid,
    },
    /// Sends a notice to the customer by hand, once more or for the first time; without an address, to the contact.
    SendNotice {
        template: String,
        to: Option<String>,
    },
    /// Records what happened after the confirmation.
    Fulfil(Box<Fulfil>),
    /// What was promised moves.
    Promise(PromiseStep),
    /// Somebody settles the broken promises of a line.
    SettlePromise {
        line: u32,
        by: Settlement,
    },
    /// The share of an order whose goods another one takes, which is named by its number.
    GiveForExchange {
        with: String,
        share: Box<Share>,
    },
    /// Something that a flow may wait for has happened.
    Signal {
        event: String,
        /// What it is known by, where several could be meant.
        key: Option<String>,
    },
    Intervene {
        act: Intervention,
        reason: String,
    },
    /// Reports a problem; its type says who handles it first, and until when.
    ReportIssue {
        issue: String,
        text: String,
    },
    ExplainLoss {
        reason: String,
    },
    TakeException {
        id: Uuid,
    },
    CloseException {
        id: Uuid,
        reason: String,
    },
    /// The world moved: stock came in, master data was completed.
    Recheck,
    Fire {
        kind: super::timers::TimerKind,
        key: String,
    },
    /// What became of a message in the outbox.
    NoticeDelivered {
        id: Uuid,
        failed: Option<String>,
    },
    /// A call of another system was answered, or has failed for good: why.
    CallEnded {
        visit: u32,
        answer: Result<serde_json::Value, String>,
    },
    /// Moves the running order to another version of its flow.
    MigrateRun {
        version: i64,
        /// Where it goes on, by the step it stands in, where that step is gone.
        mapping: BTreeMap<String, String>,
        /// The classes that may be moved.
        classes: Vec<Class>,
        choice: MoveChoice,
        reason: Option<String>,
    },
    /// It could not be moved to a version, by this code of a problem: somebody has to see to it.
    MigrationFailed {
        version: i64,
        why: String,
    },
    /// Back to the version before, as long as nobody has acted.
    UndoMigration,
    RequestChange(Box<ChangeAsked>),
    /// Puts a change that was asked for under review.
    TakeChange {
        id: Uuid,
    },
    /// Takes up a part of a change; the rest of it is refused.
    TakePart {
        id: Uuid,
        /// The lines of which it is taken up, by id.
        lines: BTreeSet<u32>,
        /// Whether what it wants outside of lines is taken up too.
        head: bool,
        reason: String,
    },
    /// Puts lines, or parts of them, into an order of their own.
    Split {
        lines: Vec<SplitLine>,
        reason: String,
    },
    /// Takes the lines of another order over, which ends with that.
    Merge {
        from: Uuid,
        reason: String,
    },
    /// A new order that was split off another one.
    PlacePart {
        place: Box<Place>,
        of: Box<PartOf>,
    },
    /// Refuses a change that nobody has taken up.
    RejectChange {
        id: Uuid,
        reason: String,
    },
    WithdrawChange {
        id: Uuid,
        reason: String,
        /// Also one that somebody else has asked for.
        any: bool,
    },
    /// Says that one has read what one was put in copy of.
    Acknowledge,
    /// Begins or ceases to be told of changes.
    Watch {
        on: bool,
    },
}

/// A new order at the gate.
#[derive(Clone, Debug)]
pub struct Place {
    pub channel: String,
    pub source: Option<serde_json::Value>,
    pub content: Content,
    pub submit: bool,
    /// Reasons given in advance for warnings, by finding id.
    pub reasons: BTreeMap<String, String>,
    /// Of an order that was taken on paper before.
    pub entered_later: Option<EnteredLater>,
}

/// How a question ends.
#[derive(Clone, Debug)]
pub enum QuestionOutcome {
    Answer { text: String },
    Withdraw { reason: String },
}

/// The circumstances of a command.
#[derive(Clone, Debug)]
pub struct By {
    pub actor: Actor,
    pub at_ms: i64,
    /// All ids of the decision come from this one.
    pub id: Uuid,
}

/// A case and the events that led there.
#[derive(Debug)]
pub struct Decided {
    pub case: Case,
    pub events: Vec<Event>,
}

/// Decides a command. Same case, world, command and circumstances give the same events, byte for byte.
///
/// # Errors
/// The obstacle; nothing has changed then.
#[allow(clippy::too_many_lines, reason = "one arm for each command")]
pub fn decide(
    case: Option<&Case>,
    world: &World,
    command: &OrderCommand,
    by: &By,
) -> Result<Decided, Refusal> {
    if let OrderCommand::Place(place) = command {
        return submit::place(world, place, None, by);
    }
    if let OrderCommand::PlacePart { place, of } = command {
        return submit::place(world, place, Some(of), by);
    }
    let mut story = Story::resume(case.ok_or(Refusal::NotFound)?, world, by);
    match command {
        OrderCommand::Place(_) | OrderCommand::PlacePart { .. } => {}
        OrderCommand::Edit { content, submit, reasons } => story.edit(content, *submit, reasons)?,
        OrderCommand::Submit { reasons } => story.submit_again(reasons)?,
        OrderCommand::Cancel { reason, code } => story.cancel(reason, code.as_deref())?,
        OrderCommand::Recall { reason } => story.recall(reason)?,
        OrderCommand::Hold { reason } => story.hold(reason)?,
        OrderCommand::Resume => story.let_go_on()?,
        OrderCommand::Comment { text } => story.comment(text)?,
        OrderCommand::Ask { finding, to, text, due_ms } => {
            story.ask(finding.as_deref(), *to, text, *due_ms)?;
        }
        OrderCommand::CloseQuestion { id, outcome } => story.close_question(*id, outcome)?,
        OrderCommand::Claim { .. }
        | OrderCommand::See { .. }
        | OrderCommand::Decide { .. }
        | OrderCommand::DecideSigned { .. }
        | OrderCommand::Attach { .. }
        | OrderCommand::Transfer { .. }
        | OrderCommand::Delegate { .. }
        | OrderCommand::GiveBack { .. }
        | OrderCommand::HoldTask { .. }
        | OrderCommand::ResumeTask { .. }
        | OrderCommand::SendCopy { .. }
        | OrderCommand::AddSigner { .. }
        | OrderCommand::RemoveSigner { .. }
        | OrderCommand::Urge { .. }
        | OrderCommand::Press { .. }
        | OrderCommand::Reassign { .. }
        | OrderCommand::DecideInBatch { .. }
        | OrderCommand::ReturnTo { .. }
        | OrderCommand::Withdraw { .. }
        | OrderCommand::WriteFields { .. }
        | OrderCommand::Tick { .. } => story.work(command)?,
        OrderCommand::ChoosePeople { people } => story.choose_people(people)?,
        OrderCommand::RecordAnswer { accepted, evidence, proof } => {
            story.record_answer(*accepted, evidence, *proof)?;
        }
        OrderCommand::SendCode => story.send_code()?,
        OrderCommand::RefuseCode { sent } => story.refuse_code(*sent)?,
        OrderCommand::SendNotice { template, to } => story.send_notice(template, to.as_deref())?,
        OrderCommand::Fulfil(act) => story.fulfil(act)?,
        OrderCommand::Promise(step) => story.promise(step),
        OrderCommand::SettlePromise { line, by } => story.settle_promise(*line, *by)?,
        OrderCommand::GiveForExchange { with, share } => story.give_for_exchange(with, share),
        OrderCommand::Signal { event, key } => story.signal(event, key.as_deref())?,
        OrderCommand::Intervene { act, reason } => story.intervene(act, reason)?,
        OrderCommand::ReportIssue { issue, text } => story.report_issue(issue, text)?,
        OrderCommand::ExplainLoss { reason } => story.explain_loss(reason)?,
        OrderCommand::TakeException { id } => story.take_exception(*id)?,
        OrderCommand::CloseException { id, reason } => story.close_exception(*id, reason)?,
        OrderCommand::Recheck => story.recheck_and_advance()?,
        OrderCommand::Fire { kind, key } => story.fire(*kind, key)?,
        OrderCommand::CallEnded { visit, answer } => story.call_ended(*visit, answer)?,
        OrderCommand::MigrateRun { version, mapping, classes, choice, .. } => {
            story.migrate(*version, mapping, classes, *choice)?;
        }
        OrderCommand::MigrationFailed { version, why } => story.migration_failed(*version, why),
        OrderCommand::UndoMigration => story.undo_migration()?,
        OrderCommand::RequestChange(asked) => story.request_change(asked)?,
        OrderCommand::TakeChange { id } => story.take_change(*id)?,
        OrderCommand::TakePart { id, lines, head, reason } => story.take_part(*id, lines, *head, reason)?,
        OrderCommand::Split { lines, reason } => story.split(lines, reason)?,
        OrderCommand::Merge { from, reason } => story.merge(*from, reason)?,
        OrderCommand::RejectChange { id, reason } => story.reject_change(*id, reason)?,
        OrderCommand::WithdrawChange { id, reason, any } => story.withdraw_change(*id, reason, *any)?,
        OrderCommand::Acknowledge => story.give_receipt()?,
        OrderCommand::Watch { on } => story.watch(*on)?,
        OrderCommand::NoticeDelivered { id, failed } => story.notice_delivered(*id, failed.as_deref())?,
    }
    Ok(story.finish())
}

const MS_PER_MINUTE: i64 = 60_000;

/// A decision being made: the case as it is so far, and what has happened.
struct Story<'w> {
    world: &'w World,
    by: &'w By,
    ids: Ids,
    case: Case,
    /// What the order held when the world was cut for it.
    own: Own,
    /// Since when its customer was waited for.
    asked_ms: Option<i64>,
    events: Vec<Event>,
    /// Visits that the flow lets pass because nobody is to be asked in them.
    unasked: Vec<Unasked>,
    /// Tasks that go on although the order was changed, until their step is reached again.
    carried: Vec<Task>,
    /// People whom the flow tells of a confirmation, to be told of the change instead.
    also_told: BTreeSet<Uuid>,
    /// What runs have asked of each other and is still to be done.
    errands: VecDeque<Errand>,
    /// Why the order is being cancelled.
    cancel_code: Option<String>,
    /// What was paid too much before.
    owed_back_minor: i64,
}

/// A visit that passes without anybody, and who is asked after all if something in it is open.
struct Unasked {
    visit: u32,
    node: String,
    why: Spared,
    otherwise: Vec<Party>,
}

impl<'w> Story<'w> {
    fn resume(case: &Case, world: &'w World, by: &'w By) -> Self {
        Self {
            world,
            by,
            ids: Ids::of(by.id),
            case: case.clone(),
            own: Own::of(case, world),
            asked_ms: case.asked_ms(),
            events: Vec::with_capacity(8),
            unasked: Vec::new(),
            carried: Vec::new(),
            also_told: BTreeSet::new(),
            errands: VecDeque::new(),
            cancel_code: None,
            owed_back_minor: exception::owed_back(&case.order),
        }
    }

    fn finish(mut self) -> Decided {
        self.close_requests();
        self.let_customer_go();
        self.stop_waiting_for_customer();
        self.watch_payments();
        self.clear_exceptions();
        self.case.version += 1;
        Decided { case: self.case, events: self.events }
    }

    fn emit(&mut self, event: Event) {
        change(&mut self.case, &event, self.by.at_ms);
        self.events.push(event);
    }

    fn order(&mut self, event: OrderEvent) {
        self.emit(Event::Order(event));
    }

    /// Checks the order against the world and records the result if it is a new one; returns what would
    /// back the lines.
    fn check(&mut self) -> Promise {
        self.own.set_aside(&self.case.order);
        let order = &self.case.order;
        let Outcome { checked, backing } =
            examine_beside(&order.content, Some(order), &self.own, self.world, self.by);
        if checked != self.case.order.checked {
            self.order(OrderEvent::Checked { checked: Box::new(checked) });
        }
        backing
    }
}
