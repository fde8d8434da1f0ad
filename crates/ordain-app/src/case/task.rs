//! The work of people: tasks, how they came about, through whose hands they went, and how several people decide a
//! step together.

use super::refusal::Refusal;
use ordain_domain::actor::Actor;
use ordain_flow::doc::{Party, RejectWhen, Vote};
use ordain_flow::run::{CloseReason, Decision};
use ordain_flow::vote::Answers;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TaskState {
    Open,
    Done {
        by: Actor,
        decision: Decision,
        at_ms: i64,
        reason: Option<String>,
        /// In whose place, where it was not the decider's own work.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_behalf: Option<Party>,
    },
    /// Nobody needs to decide it any more.
    Closed {
        at_ms: i64,
        /// Whose act made it needless, and which; without a reason, others had decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<Actor>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<CloseReason>,
    },
}

/// Work that one party holds. A step that several people decide has a task for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: Uuid,
    /// The stay in the step that asked for it.
    #[serde(default)]
    pub visit: u32,
    pub node: String,
    /// Who holds it: exactly one party at any time.
    pub holder: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<Uuid>,
    pub opened_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_ms: Option<i64>,
    /// Whose working time the deadline counts: whoever got it first.
    #[serde(default)]
    pub timed_by: Party,
    /// For how long its clock has stood still.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub paused_minutes: u32,
    /// Somebody asked for it beside what the flow says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<Added>,
    /// The holder works on it for somebody else, who decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entrusted_by: Option<Uuid>,
    /// It stands still for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// Working minutes for which it was on hold before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_minutes: u32,
    /// Every change of the holder, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hand_overs: Vec<HandOver>,
    /// When it was urged, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urged_ms: Vec<i64>,
    /// Who has opened it, with the fields that they have seen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seen: BTreeMap<Uuid, BTreeSet<String>>,
    /// When whoever holds it now first opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_ms: Option<i64>,
    /// When whoever holds it now took it on: claimed it, or decided it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_ms: Option<i64>,
    /// Points of the checklist that are done.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ticked: BTreeSet<u32>,
    #[serde(flatten)]
    pub state: TaskState,
}

fn is_zero(minutes: &u32) -> bool {
    *minutes == 0
}

impl Task {
    pub fn is_open(&self) -> bool {
        self.state == TaskState::Open
    }

    pub fn decision(&self) -> Option<Decision> {
        match self.state {
            TaskState::Done { decision, .. } => Some(decision),
            TaskState::Open | TaskState::Closed { .. } => None,
        }
    }

    /// Who decided it, where a person did.
    pub fn decider(&self) -> Option<Uuid> {
        match &self.state {
            TaskState::Done { by, .. } => by.person(),
            TaskState::Open | TaskState::Closed { .. } => None,
        }
    }

    /// The hands through which it went, the first first. Somebody who was away when it came was handed nothing.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        let mut passages = Vec::with_capacity(self.hand_overs.len() + 1);
        let (mut sent_ms, mut why) = (self.opened_ms, None);
        for over in &self.hand_overs {
            let HandOver { received_ms, taken_ms, .. } = *over;
            let ended_ms = Some(over.at_ms);
            if over.at_ms > sent_ms || received_ms.is_some() {
                passages.push(Passage { to: &over.from, why, sent_ms, received_ms, taken_ms, ended_ms });
            }
            (sent_ms, why) = (over.at_ms, Some(over.why));
        }
        let ended_ms = match self.state {
            TaskState::Open => None,
            TaskState::Done { at_ms, .. } | TaskState::Closed { at_ms, .. } => Some(at_ms),
        };
        let (received_ms, taken_ms) = (self.received_ms, self.taken_ms);
        passages.push(Passage { to: &self.holder, why, sent_ms, received_ms, taken_ms, ended_ms });
        passages
    }

    /// When whoever holds it got it.
    pub fn sent_ms(&self) -> i64 {
        self.hand_overs.last().map_or(self.opened_ms, |over| over.at_ms)
    }

    /// Refuses a task that is over, saying how it ended.
    ///
    /// # Errors
    /// Who decided it and when.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        match &self.state {
            TaskState::Open => Ok(()),
            TaskState::Done { by, decision, at_ms, .. } => {
                let (by, decision) = (Some(by.name().to_owned()), Some(*decision));
                Err(Refusal::TaskClosed { by, decision, reason: None, at_ms: *at_ms })
            }
            TaskState::Closed { at_ms, by, reason } => {
                let known = by.as_ref().filter(|by| !matches!(by, Actor::System { .. }));
                let by = known.map(|by| by.name().to_owned());
                Err(Refusal::TaskClosed { by, decision: None, reason: *reason, at_ms: *at_ms })
            }
        }
    }

    /// It was closed because the others had decided, and counts again if they have not.
    pub fn was_not_needed(&self) -> bool {
        let removed = self.added.as_ref().is_some_and(|added| added.removed);
        matches!(self.state, TaskState::Closed { .. }) && !removed
    }

    /// Whether its answer is one of the seats that the step's vote counts.
    pub(super) fn has_seat(&self) -> bool {
        self.added.as_ref().is_none_or(|added| added.counts)
    }
}

/// A task that stands still by its holder's hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub by: Actor,
    pub reason: String,
    pub since_ms: i64,
    pub until_ms: i64,
}

/// How a signer came to be asked beside what the flow says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    pub by: Uuid,
    /// Number of the task whose holder asked.
    pub to: u32,
    pub at: SignerAt,
    /// The answer counts in the vote; otherwise it is only heard, and only its refusal weighs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counts: bool,
    /// 1 for a signer added by one of the step's own people.
    pub depth: u8,
    /// Taken away again before they had answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// When an added signer is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignerAt {
    /// First; whoever asked waits for the answer.
    Before,
    Parallel,
    /// Once whoever asked has approved.
    After,
}

/// One change of the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    pub from: Party,
    pub to: Party,
    pub why: HandOverWhy,
    pub by: Actor,
    pub at_ms: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When whoever had it until then opened it, and took it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_ms: Option<i64>,
    /// From here on its time is counted by the hours of whoever has it now. Older entries kept those of the first holder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub timed_anew: bool,
}

impl HandOver {
    pub fn new(from: Party, to: Party, why: HandOverWhy, by: Actor, at_ms: i64) -> Self {
        let (received_ms, taken_ms) = (None, None);
        Self { from, to, why, by, at_ms, reason: None, received_ms, taken_ms, timed_anew: true }
    }
}

/// Work on its way to one party: sent, received when they opened it, and taken on when they claimed or decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage<'a> {
    pub to: &'a Party,
    /// Why it did not stay with whoever had it before; nothing for the first.
    pub why: Option<HandOverWhy>,
    pub sent_ms: i64,
    pub received_ms: Option<i64>,
    pub taken_ms: Option<i64>,
    /// When it went on to somebody else, was decided or was no longer needed.
    pub ended_ms: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOverWhy {
    /// The holder gave it to a colleague.
    Transferred,
    /// A colleague works on it; the holder still decides.
    Entrusted,
    /// The work is done, or was called back.
    GivenBack,
    /// The holder is away and has named a stand-in.
    Delegated,
    /// The holder is on leave without one.
    Absent,
    /// The holder was late.
    Overdue,
    Escalated,
    /// The holder has left.
    Left,
    /// The process admin decided so.
    Reassigned,
}

impl HandOverWhy {
    pub fn name(self) -> &'static str {
        match self {
            Self::Transferred => "transferred",
            Self::Entrusted => "entrusted",
            Self::GivenBack => "given_back",
            Self::Delegated => "delegated",
            Self::Absent => "absent",
            Self::Overdue => "overdue",
            Self::Escalated => "escalated",
            Self::Left => "left",
            Self::Reassigned => "reassigned",
        }
    }
}

/// How several people decide one visit. Fixed when the step opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    pub vote: Vote,
    pub reject_when: RejectWhen,
    /// Seats that count, those that are still to be opened included.
    pub seats: u32,
    /// Who is asked next, one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<Seat>,
}

/// Somebody who will be asked later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    pub party: Party,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<Added>,
}

impl Ballot {
    /// Places in the queue of those who are to be asked after a task.
    pub fn waiting_for(&self, task: u32) -> Vec<usize> {
        let after = |seat: &Seat| seat.added.as_ref().is_some_and(|added| added.to == task);
        self.queue.iter().enumerate().filter(|(_, seat)| after(seat)).map(|(at, _)| at).collect()
    }

    /// The answers that the tasks of the visit hold so far.
    pub fn answers<'a>(&self, tasks: impl Iterator<Item = &'a Task>) -> Answers {
        let mut answers = Answers { seats: self.seats, ..Answers::default() };
        let waiting = self.queue.iter().filter(|seat| seat.added.as_ref().is_some_and(|added| !added.counts));
        answers.unheard += u32::try_from(waiting.count()).unwrap_or(u32::MAX);
        for task in tasks {
            match (task.has_seat(), task.decision(), task.is_open()) {
                (true, Some(Decision::Approve), _) => answers.approved += 1,
                (true, Some(_), _) => answers.rejected += 1,
                (false, Some(Decision::Approve), _) => {}
                (false, Some(_), _) => answers.objections += 1,
                (false, None, true) => answers.unheard += 1,
                (_, None, _) => {}
            }
        }
        answers
    }
}
