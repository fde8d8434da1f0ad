//! The flow document: a tree of blocks that people design, publish and read. Its JSON form is a contract;
//! a field it does not know is refused rather than ignored, so that a misspelt setting never goes unnoticed.

mod custom;
mod customer;
mod deadline;
mod node;
mod notice;
mod party;
mod person;
mod reading;
mod result;
mod salvage;
mod sources;
mod start;
mod walk;

use crate::rule::{Condition, FactSchema};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub use custom::{CustomField, CustomType};
pub use customer::{Channel, ContactFrom, CustomerSettings, IdentityRule, OnLapse, Proof, Tolerance};
pub use deadline::{Clock, DayTime, DeadlineDo, DeadlineFrom, DeadlineRule, DeadlineSettings, RULES_MAX};
pub use node::{
    Assignment, ButtonSettings, CALL_SECONDS_MAX, CheckRule, ConnectorSettings, DelayFor, DelaySettings,
    HookSettings, Join, LaneReject, OnError, OnFail, StockAction, SubflowPer, SubflowSettings, WaitSettings,
};
pub use notice::{NoticeOn, NoticeRule};
pub use party::{FormulaCase, NotifyTo, Party, Source};
pub use person::{
    AttachmentRule, BatchSettings, CHOOSING, CommentRule, Exclude, FieldAccess, OnReject, PersonSettings,
    Range, Reading, RejectWhen, Repeats, Resume, ReturnSettings, ReturnTargets, SameAsInitiator, Signature,
    TaskAction, TaskSettings, Vote, WhenEmpty, Withdraw,
};
pub(crate) use reading::{DateText, DecimalText, TimeText};
pub use reading::{Misread, Part, read};
pub use salvage::salvage;
pub use start::{Recall, SUMMARY_MAX, StartSettings};
pub use walk::{Place, walk};

/// A whole flow. `steps` is the main sequence, from the start to the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowDoc {
    pub key: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Purpose::is_confirmation")]
    pub purpose: Purpose,
    /// A version of it comes into force only when somebody agrees who has neither written it nor asked for it (关键).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
    #[serde(default, skip_serializing_if = "Scope::is_everything")]
    pub scope: Scope,
    /// Who takes over where a step has nobody left.
    #[serde(default = "process_admin_role")]
    pub process_admin: Vec<Party>,
    /// Fields that not everybody may see, by their path.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sensitive: BTreeMap<String, Sensitive>,
    /// Custom fields that the flow's rules read, each with its type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<CustomField>,
    pub steps: Vec<Node>,
}

impl FlowDoc {
    /// What the rules of this flow may name.
    pub fn schema<'a>(&self, base: &'a FactSchema) -> Cow<'a, FactSchema> {
        result::schema_with(base, self)
    }

    /// How orders enter it.
    pub fn start(&self) -> Option<&StartSettings> {
        match &self.steps.first()?.kind {
            NodeKind::Start(settings) => Some(settings),
            _ => None,
        }
    }

    /// The declared custom field at a path of an order: `extra.colour`, `lines[0].extra.colour`.
    pub fn custom(&self, path: &str) -> Option<&CustomField> {
        let (line, rest) = match path.strip_prefix("lines") {
            Some(rest) => (true, rest.split_once('.')?.1),
            None => (false, path),
        };
        let name = rest.strip_prefix("extra.")?;
        self.fields.iter().find(|custom| custom.line == line && custom.field == name)
    }
}

/// Who sees a sensitive field. What a step says of it goes before, for the people of that step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sensitive {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visible_to: Vec<Party>,
    /// Nobody else sees anything of it; otherwise its beginning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// What a flow is for. Only a confirmation can confirm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Leads an order to its confirmation, or elsewhere.
    #[default]
    Confirmation,
    /// Runs inside another flow, where a step of that one says so.
    Subflow,
    /// Begins when an order is confirmed: the work that follows from it.
    Fulfilment,
}

impl Purpose {
    pub fn is_confirmation(&self) -> bool {
        *self == Self::Confirmation
    }
}

fn process_admin_role() -> Vec<Party> {
    vec![Party::Role("process_admin".to_owned())]
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub zh: String,
    #[serde(default)]
    pub en: String,
}

impl Text {
    pub fn is_blank(&self) -> bool {
        self.zh.trim().is_empty() && self.en.trim().is_empty()
    }
}

/// Which orders enter the flow; an empty list means all. Of several flows that take an order the one of the highest
/// priority does, of equal ones one that asks for something before one that takes everything, then the first by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order_types: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customer_levels: Vec<String>,
    /// Provinces, as they begin the delivery address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Amounts with tax, both ends included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DecimalText>")]
    pub amount_from: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DecimalText>")]
    pub amount_to: Option<Decimal>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: i32,
}

fn is_zero(priority: &i32) -> bool {
    *priority == 0
}

impl Scope {
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// One step. Its id is stable for ever: history, differences and migration refer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub id: String,
    pub name: Text,
    /// What it is about, for whoever works on it or reads the procedure.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub description: Text,
    /// What customers are told instead of its name.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub customer_name: Text,
    /// Words by which its tasks are found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "OnError::is_raise")]
    pub on_error: OnError,
    pub stage: Stage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    pub kind: NodeKind,
}

impl Node {
    /// The lanes of a branching block, the one lane of a step that may go wrong, none for a plain step.
    pub fn lanes(&self) -> &[Lane] {
        match &self.kind {
            NodeKind::Parallel { lanes, .. }
            | NodeKind::Exclusive { lanes }
            | NodeKind::Inclusive { lanes, .. } => lanes,
            NodeKind::WaitEvent(wait) => wait.on_timeout.as_slice(),
            NodeKind::ConnectorCall(call) => call.on_failure.as_slice(),
            NodeKind::Subflow(subflow) => subflow.on_failure.as_slice(),
            NodeKind::Delay(delay) => delay.on_failure.as_slice(),
            NodeKind::AutoCheck { on_branch, .. } => on_branch.as_slice(),
            _ => &[],
        }
    }

    /// Several of its lanes can be under way together.
    pub fn runs_lanes_at_once(&self) -> bool {
        matches!(self.kind, NodeKind::Parallel { .. } | NodeKind::Inclusive { .. })
    }

    pub fn lanes_mut(&mut self) -> &mut [Lane] {
        match &mut self.kind {
            NodeKind::Parallel { lanes, .. }
            | NodeKind::Exclusive { lanes }
            | NodeKind::Inclusive { lanes, .. } => lanes,
            NodeKind::WaitEvent(wait) => wait.on_timeout.as_mut_slice(),
            NodeKind::ConnectorCall(call) => call.on_failure.as_mut_slice(),
            NodeKind::Subflow(subflow) => subflow.on_failure.as_mut_slice(),
            NodeKind::Delay(delay) => delay.on_failure.as_mut_slice(),
            NodeKind::AutoCheck { on_branch, .. } => on_branch.as_mut_slice(),
            _ => &mut [],
        }
    }

    /// The condition of the step itself: when a person is not asked, or when it goes back.
    pub fn own_condition(&self) -> Option<&Condition> {
        match &self.kind {
            NodeKind::GoTo { when, .. } => when.as_ref(),
            _ => self.person()?.skip_when.as_ref(),
        }
    }

    pub fn person_mut(&mut self) -> Option<&mut PersonSettings> {
        match &mut self.kind {
            NodeKind::Review(settings) => Some(settings),
            NodeKind::Task(task) => Some(&mut task.person),
            _ => None,
        }
    }

    /// What a step that asks a person says about who, how and until when.
    pub fn person(&self) -> Option<&PersonSettings> {
        match &self.kind {
            NodeKind::Review(settings) => Some(settings),
            NodeKind::Task(task) => Some(&task.person),
            _ => None,
        }
    }

    /// The one lane of a step that may go wrong.
    pub fn side_lane(&self) -> Option<&Lane> {
        match &self.kind {
            NodeKind::Parallel { .. } | NodeKind::Exclusive { .. } | NodeKind::Inclusive { .. } => None,
            _ => self.lanes().first(),
        }
    }

    /// Whether whoever works at the step answers for the findings of a check; where nobody is named, for all.
    pub fn answers_for(&self, check: &str) -> bool {
        match &self.kind {
            NodeKind::AutoCheck { checks, .. } => {
                checks.iter().any(|rule| rule.on_fail == OnFail::Exception && rule.check == check)
            }
            _ => self.person().is_none_or(|person| person.owns.iter().any(|own| own == check)),
        }
    }

    /// What a step that calls another system says about the call.
    pub fn call(&self) -> Option<&ConnectorSettings> {
        match &self.kind {
            NodeKind::ConnectorCall(settings) => Some(settings),
            _ => None,
        }
    }

    /// The calls that the step makes and does not wait for.
    pub fn hooks(&self) -> impl Iterator<Item = &HookSettings> {
        self.person().into_iter().flat_map(|person| {
            let pressed = person.buttons.iter().map(|button| &button.call);
            person.call_on_enter.iter().chain(&person.call_on_leave).chain(pressed)
        })
    }

    /// Every value that the step itself puts into a field, in the order in which it does.
    pub fn assignments(&self) -> Vec<&Assignment> {
        match (&self.kind, self.person()) {
            (NodeKind::UpdateData { assign, .. }, _) => assign.iter().collect(),
            (_, Some(person)) => person.on_enter.iter().chain(&person.on_leave).collect(),
            _ => Vec::new(),
        }
    }

    /// The ways to the customer that the step names.
    pub fn channels(&self) -> &[Channel] {
        match &self.kind {
            NodeKind::CustomerConfirmation(customer) => &customer.channels,
            NodeKind::Notify { channels, .. } => channels,
            _ => &[],
        }
    }

    /// Points that are ticked before the step is done.
    pub fn checklist(&self) -> &[Text] {
        match &self.kind {
            NodeKind::Task(task) => &task.checklist,
            _ => &[],
        }
    }
}

/// The stage of the five-stage bar that a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Receive,
    Check,
    Review,
    Customer,
    Execute,
}

/// What a step does, with its settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum NodeKind {
    Start(StartSettings),
    AutoCheck {
        checks: Vec<CheckRule>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reserve_stock: bool,
        /// After how many working minutes without a decision reserved goods are let go, where it is not the company's to
        /// say; 0: they are kept until the order is decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold_minutes: Option<u32>,
        /// Runs before the rest where a check says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_branch: Option<Lane>,
    },
    /// A person decides.
    Review(Box<PersonSettings>),
    /// A person does something (办理); there is nothing to refuse.
    Task(Box<TaskSettings>),
    /// The customer accepts or declines what is about to be confirmed.
    CustomerConfirmation(CustomerSettings),
    /// Somebody is told, and nobody waits.
    Cc {
        to: Vec<NotifyTo>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        needs_receipt: bool,
    },
    Notify {
        template: String,
        to: Vec<NotifyTo>,
        /// Working minutes after which an undelivered notice raises an alarm.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_after_minutes: Option<u32>,
        /// The ways to the customer, in the order in which they are tried; mail alone where none is named.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<Channel>,
    },
    /// Every lane runs; the block is left as its join says.
    Parallel {
        lanes: Vec<Lane>,
        #[serde(default, skip_serializing_if = "Join::is_all")]
        join: Join,
        #[serde(default, skip_serializing_if = "LaneReject::is_end")]
        on_reject: LaneReject,
    },
    /// The first lane whose condition holds runs, else the otherwise lane.
    Exclusive {
        lanes: Vec<Lane>,
    },
    /// Every lane whose condition holds runs, else the otherwise lane.
    Inclusive {
        lanes: Vec<Lane>,
        #[serde(default, skip_serializing_if = "Join::is_all")]
        join: Join,
        #[serde(default, skip_serializing_if = "LaneReject::is_end")]
        on_reject: LaneReject,
    },
    Delay(DelaySettings),
    WaitEvent(WaitSettings),
    /// Sets fields and moves stock in the commit that reaches the step.
    UpdateData {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        assign: Vec<Assignment>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stock: Option<StockAction>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
    ConnectorCall(ConnectorSettings),
    Subflow(SubflowSettings),
    /// Back to an earlier step of the same or an enclosing lane, a bounded number of times.
    GoTo {
        target: String,
        /// Without one the run always goes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        when: Option<Condition>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_rounds: Option<u32>,
    },
    End {
        outcome: Outcome,
        /// Who is told that the order has come to this end.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notices: Vec<EndNotice>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Confirmed,
    Rejected,
    Cancelled,
    /// The customer did not answer in time.
    Expired,
    /// A flow that confirms nothing has done its work.
    Completed,
}

/// What is told at an end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndNotice {
    pub template: String,
    pub to: Vec<NotifyTo>,
}

/// One column of a branching block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lane {
    pub id: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub otherwise: bool,
    #[serde(default)]
    pub steps: Vec<Node>,
}

/// The published JSON Schema of the flow document.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(FlowDoc).to_value()
}
