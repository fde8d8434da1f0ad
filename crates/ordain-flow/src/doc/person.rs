//! What a step that asks a person says: who, how they decide together, what they may do and see, and until when.

use super::DecimalText;
use super::deadline::{DeadlineFrom, DeadlineSettings};
use super::notice::{NoticeOn, NoticeRule};
use super::party::{NotifyTo, Party, Source};
use super::{Assignment, ButtonSettings, HookSettings, NodeKind, Text};
use crate::rule::Condition;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// For how long a task may be on hold where the step does not say: a working day.
const HOLD_MINUTES: u32 = 480;

/// Acts for which the holder chooses somebody.
pub const CHOOSING: [TaskAction; 3] = [TaskAction::Transfer, TaskAction::Delegate, TaskAction::AddSigner];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonSettings {
    /// One source or a list of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "one_or_many")]
    #[schemars(with = "OneOrMany")]
    pub assignee: Vec<Source>,
    /// Who steps in when the assignee is absent, gone or late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<Party>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub when_empty: WhenEmpty,
    #[serde(default, skip_serializing_if = "is_default")]
    pub same_as_initiator: SameAsInitiator,
    #[serde(default, skip_serializing_if = "is_default")]
    pub repeats: Repeats,
    /// Four eyes: people who may not decide here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<Exclude>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub vote: Vote,
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_reject: OnReject,
    #[serde(default, skip_serializing_if = "is_default")]
    pub reject_when: RejectWhen,
    #[serde(default, skip_serializing_if = "is_default")]
    pub returns: ReturnSettings,
    #[serde(default, skip_serializing_if = "is_default")]
    pub withdraw: Withdraw,
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: CommentRule,
    /// What an approval or a refusal is signed with.
    #[serde(default, skip_serializing_if = "is_default")]
    pub signature: Signature,
    /// Whether an approval needs a file.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attachment: AttachmentRule,
    #[serde(default, skip_serializing_if = "is_default")]
    pub batch: BatchSettings,
    /// Large orders are not approved before the fields shown first were seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// Access to fields of the order by their path; what is not listed can be read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldAccess>,
    /// Fields that must have a value before the step can be left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<String>,
    /// Buttons that are not offered here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<TaskAction>,
    /// Buttons under another name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<TaskAction, Text>,
    /// Buttons in the order in which they are shown; those not named follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<TaskAction>,
    /// What a button asks before it does anything.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub confirm: BTreeMap<TaskAction, Text>,
    /// Among whom the holder may choose when work is handed on, delegated, or a signer is added.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<TaskAction, Range>,
    /// Working minutes for which the holder may put the task on hold, all times together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_max_minutes: Option<u32>,
    /// Comments that can be picked instead of typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<Text>,
    /// Working minutes; the short form of `deadline` for a plain duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_before_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<DeadlineSettings>,
    /// Fields that are set when somebody is asked, and when the step is approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_enter: Vec<Assignment>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_leave: Vec<Assignment>,
    /// Other systems that are told when somebody is asked, and when the step is approved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call_on_enter: Vec<HookSettings>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call_on_leave: Vec<HookSettings>,
    /// Buttons of its own, by which the holder tells other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ButtonSettings>,
    /// What people are told on the way, where that is not the usual.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notices: BTreeMap<NoticeOn, NoticeRule>,
    /// What the person has to do, in words they can follow.
    #[serde(default)]
    pub sop: Text,
    /// The checks whose findings this step answers for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owns: Vec<String>,
    /// Nobody is asked while none of the owned findings is open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auto_when_clear: bool,
    /// Nobody is asked while this holds and none of the owned findings is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_when: Option<Condition>,
    /// The step must never be skipped or left without a stand-in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub guarded: bool,
    /// Fields shown first to the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks_at: Vec<String>,
}

impl PersonSettings {
    /// No source names anybody: a draft that F-001 speaks of.
    pub fn has_no_assignee(&self) -> bool {
        self.assignee.iter().all(Source::is_blank)
    }

    /// What is told when something happens to a task; nothing where nobody is told.
    pub fn notice(&self, on: NoticeOn) -> Option<(&str, &[NotifyTo])> {
        match self.notices.get(&on) {
            None => on.is_usual().then_some((on.template(), &[])),
            Some(rule) if rule.off => None,
            Some(rule) => Some((rule.template.as_deref().unwrap_or(on.template()), &rule.to)),
        }
    }

    pub fn button(&self, id: &str) -> Option<&ButtonSettings> {
        self.buttons.iter().find(|button| button.id == id)
    }

    /// Working minutes for which a task may be on hold, all times together.
    pub fn holds_for(&self) -> u32 {
        self.hold_max_minutes.unwrap_or(HOLD_MINUTES)
    }

    /// Whether the step says a time of its own, in either form; else the company's table does.
    pub fn has_deadline(&self) -> bool {
        match &self.deadline {
            Some(deadline) => deadline.from != DeadlineFrom::Sla,
            None => self.deadline_minutes.is_some_and(|minutes| minutes > 0),
        }
    }
}

/// A piece of work: as a review, with outputs and a checklist, and without a refusal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskSettings {
    #[serde(flatten)]
    pub person: PersonSettings,
    /// Points to be ticked before the task is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Text>,
    /// Custom fields that the task must leave filled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
}

impl From<PersonSettings> for NodeKind {
    fn from(settings: PersonSettings) -> Self {
        Self::Review(Box::new(settings))
    }
}

/// What happens where nobody matches. Silence is never an approval.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// The step's backup holds it where it has one, else the process admin, and an exception says why.
    #[default]
    ProcessAdmin,
    Backup,
    User(String),
    /// Only where the step is not guarded.
    Skip,
}

/// Where a single person is asked, and that is who entered the order. Whom a department or a role may send is said by
/// `exclude`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SameAsInitiator {
    /// The initiator's superior decides instead, where one is known.
    #[default]
    ToManager,
    Allow,
    Skip,
}

/// Somebody who has approved an earlier step of the same run is found here again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    #[default]
    Ask,
    /// Passed by rule if those who approved the step right before would be enough here.
    PassConsecutive,
    /// Passed by rule if those who approved any earlier step would be enough here.
    PassOnce,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exclude {
    /// Who entered what the order says: took it in, edited it, or asked for a change of it that was taken up.
    Initiator,
    DecidersOf(String),
}

/// How several people decide together. Their number is fixed when the task opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// The first answer counts (或签).
    #[default]
    Any,
    /// Everyone (会签).
    All,
    /// This share of them, in percent, rounded up.
    Percent(u8),
    /// So many of them.
    Count(u32),
    /// Everyone, one after the other, in the order of the sources.
    Sequential,
    /// Whoever takes it from the pool.
    Claim,
    /// The next in turn.
    RoundRobin,
    /// Whoever has the fewest open tasks.
    LeastLoaded,
}

impl Vote {
    /// Whether each of several people has to speak for themselves; otherwise the first answer is all of them.
    pub fn counts_voices(self) -> bool {
        matches!(self, Self::All | Self::Percent(_) | Self::Count(_) | Self::Sequential)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReject {
    /// The order is rejected.
    #[default]
    End,
    /// Back to an earlier step.
    ReturnTo(String),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectWhen {
    /// The vote is over as soon as it cannot be won any more; of `all`, with the first refusal.
    #[default]
    Decided,
    /// Everybody is heard first.
    AllHeard,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnSettings {
    #[serde(default, skip_serializing_if = "is_default")]
    pub targets: ReturnTargets,
    #[serde(default, skip_serializing_if = "is_default")]
    pub resume: Resume,
    /// Steps that decide again if one of their guarded fields changed, whatever the way back, and what they guard
    /// against what this step writes. Without an entry a step guards the fields it may edit and those it is shown first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub guards: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnTargets {
    /// Any step of a person that the run has passed, and the initiator.
    #[default]
    AnyPassed,
    Initiator,
    Steps(Vec<String>),
}

/// The way back after a return.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Resume {
    /// Whoever returns the order says.
    #[default]
    Choose,
    /// Through every step again.
    StepByStep,
    /// Straight back to the step that returned it.
    Direct,
}

impl CommentRule {
    /// Whether a decision, refusing or not, has to be commented.
    pub fn asks(self, refusing: bool) -> bool {
        match self {
            Self::Optional => false,
            Self::OnRefusal => refusing,
            Self::Always => true,
        }
    }
}

/// How long a decision can be taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Withdraw {
    /// Until somebody further on has opened the task that came of it, or acted.
    #[default]
    UntilNext,
    Never,
    /// For so many minutes, and not after somebody further on has acted.
    Minutes(u32),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentRule {
    Optional,
    #[default]
    OnRefusal,
    Always,
}

/// What an approval or a refusal is signed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    #[default]
    None,
    /// Drawn by hand.
    Drawn,
}

/// Whether a file has to be there before a step can be left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentRule {
    #[default]
    Optional,
    /// At least one, added during this stay in the step.
    Required,
}

impl AttachmentRule {
    pub fn is_optional(&self) -> bool {
        *self == Self::Optional
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchSettings {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub forbidden: bool,
    /// Orders above this amount with tax are decided one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DecimalText>")]
    pub max_amount: Option<Decimal>,
}

/// For which orders somebody has to have looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// Amounts with tax from this one on.
    #[schemars(with = "DecimalText")]
    pub from_amount: Decimal,
}

/// What one may do with a field, the most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldAccess {
    Edit,
    Read,
    Mask,
    Hide,
}

/// Among whom somebody may be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    Anyone,
    /// That of whoever chooses.
    SameDepartment,
    Department(String),
    Role(String),
}

impl Range {
    /// The party that it names outright.
    pub fn party(&self) -> Option<Party> {
        match self {
            Self::Anyone | Self::SameDepartment => None,
            Self::Department(code) => Some(Party::Department(code.clone())),
            Self::Role(role) => Some(Party::Role(role.clone())),
        }
    }
}

/// What can be done with a task beside its decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskAction {
    Approve,
    Reject,
    Return,
    Claim,
    Transfer,
    Delegate,
    AddSigner,
    RemoveSigner,
    Withdraw,
    Urge,
    Cc,
    Hold,
    Print,
}

impl TaskAction {
    /// As documents and answers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Return => "return",
            Self::Claim => "claim",
            Self::Transfer => "transfer",
            Self::Delegate => "delegate",
            Self::AddSigner => "add_signer",
            Self::RemoveSigner => "remove_signer",
            Self::Withdraw => "withdraw",
            Self::Urge => "urge",
            Self::Cc => "cc",
            Self::Hold => "hold",
            Self::Print => "print",
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// As documents may write it: one source alone, or a list.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Source>),
    One(Source),
}

/// One source is written alone, as people write it.
mod one_or_many {
    use super::{Deserialize, Deserializer, OneOrMany, Serialize, Serializer, Source};

    pub fn serialize<S: Serializer>(sources: &[Source], serializer: S) -> Result<S::Ok, S::Error> {
        match sources {
            [one] => one.serialize(serializer),
            many => many.serialize(serializer),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Source>, D::Error> {
        Ok(match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(source) => vec![source],
            OneOrMany::Many(sources) => sources,
        })
    }
}
