//! Settings of the steps that ask no person of the house.

use super::DateText;
use super::deadline::{Clock, DayTime};
use super::{Lane, Text};
use crate::rule::Operand;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRule {
    pub check: String,
    pub on_fail: OnFail,
    /// Tolerated difference between asked and agreed prices, in 1/1,000, instead of the company's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance_permille: Option<u16>,
}

/// What an open finding of a check does to the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnFail {
    /// The sender must complete the order, if only the sender can.
    Return,
    /// The run goes on; a review owns the finding.
    Continue,
    /// The run goes through the step's own lane first.
    Branch,
    /// The process admin looks at it first.
    Exception,
}

/// What becomes of a step that went wrong and has no lane for that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnError {
    /// Somebody sees to it.
    #[default]
    Raise,
    /// It stands in the record, and the run goes on.
    Ignore,
}

impl OnError {
    pub fn is_raise(&self) -> bool {
        *self == Self::Raise
    }
}

/// When a block of several lanes is left. What still runs in it then is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    #[default]
    All,
    Any,
    AtLeast(u32),
}

impl Join {
    pub fn is_all(&self) -> bool {
        *self == Self::All
    }
}

/// What a rejection inside one lane does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LaneReject {
    /// The order is rejected, everything else is closed.
    #[default]
    End,
    /// The other lanes are heard first; then the order is rejected.
    AfterAll,
    /// The lane is over and the rejection stands in the record.
    Record,
}

impl LaneReject {
    pub fn is_end(&self) -> bool {
        *self == Self::End
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelaySettings {
    #[serde(rename = "for")]
    pub wait: DelayFor,
    /// Calendar minutes after which the wait becomes an exception; 30 days if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_minutes: Option<u32>,
    /// Runs instead when the wait has taken too long; without it a person is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<Lane>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DelayFor {
    Minutes {
        minutes: u32,
        #[serde(default)]
        clock: Clock,
    },
    /// Until a date of the order, with an offset in working minutes. Moves with it.
    Field {
        field: String,
        #[serde(default)]
        offset_minutes: i32,
    },
    /// Until a time of day: of this date, or without one the next such time. A moment that is past is not waited for.
    At {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<DateText>")]
        date: Option<Date>,
        time: DayTime,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaitSettings {
    /// The name of the event. `payment_received` and `goods_arrived` come by themselves, when a payment for the order is
    /// booked and when all of its goods lie on the shelf; a payment that was booked before counts, for one step. Any other
    /// is told by `POST /orders/{id}/signals`.
    pub event: String,
    /// A fact of the order, a custom field of the flow, or `number` or `customer_po`: only an event whose key is its
    /// value is meant. In a run about one line it may be a fact of lines.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// Working minutes; how long the event is waited for.
    pub timeout_minutes: u32,
    /// Runs instead if the event does not come. Without it the flow cannot be published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_timeout: Option<Lane>,
}

/// A value for a field of the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// A custom field, or one of the fields that flows may set.
    pub field: String,
    pub value: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockAction {
    Reserve,
    Release,
}

/// For how long a call may be waited for at the most.
pub const CALL_SECONDS_MAX: u32 = 60;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectorSettings {
    pub connector: String,
    pub operation: String,
    /// Name in the call, field of the order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub request: BTreeMap<String, String>,
    /// Custom field, name in the answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub response: BTreeMap<String, String>,
    /// Ten if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Three if unset, at growing distances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// Runs instead when every try has failed; without it a person is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<Lane>,
}

/// A call that another system gets, for whose answer nobody waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HookSettings {
    pub connector: String,
    pub operation: String,
    /// Name in the call, field of the order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub request: BTreeMap<String, String>,
}

/// A button of the step's own, by which the holder of a task tells another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ButtonSettings {
    /// Identity within the step.
    pub id: String,
    pub name: Text,
    /// What it asks before it does anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Text>,
    pub call: HookSettings,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubflowSettings {
    /// Key of the flow that runs inside.
    pub flow: String,
    #[serde(default, skip_serializing_if = "SubflowPer::is_order")]
    pub per: SubflowPer,
    /// The outer run goes on at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub detached: bool,
    /// The inner run goes on although the outer one is cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outlives_parent: bool,
    /// What fields of the inner flow are for it: another field of the outer one, or a constant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub input: BTreeMap<String, Operand>,
    /// Where what the inner flow writes into a custom field goes, by that field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub output: BTreeMap<String, String>,
    /// What the inner run is about, for people.
    #[serde(default, skip_serializing_if = "Text::is_blank")]
    pub about: Text,
    /// Runs instead when an inner run did not complete; without it a person is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<Lane>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubflowPer {
    #[default]
    Order,
    Line,
    Warehouse,
}

impl SubflowPer {
    pub fn is_order(&self) -> bool {
        *self == Self::Order
    }
}
