//! Until when: where a deadline comes from, and what happens on the way to it and after.

use super::party::Party;
use super::{DecimalText, TimeText};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most rules of one deadline.
pub const RULES_MAX: usize = 8;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlineSettings {
    /// The company's table, unless something else is said.
    #[serde(default)]
    pub from: DeadlineFrom,
    /// At most eight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<DeadlineRule>,
    /// The clock runs on while the customer is waited for or the order is on hold.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keeps_running: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DeadlineFrom {
    /// As long as the company's table says for such a step and order, in working time. Without a row there is no
    /// deadline, and no rule fires.
    #[default]
    Sla,
    /// So long after the task opened.
    After {
        minutes: u32,
        #[serde(default)]
        clock: Clock,
    },
    /// A date of the order, with working minutes before (negative) or after its first working moment. Moves with it.
    Field {
        field: String,
        #[serde(default)]
        offset_minutes: i32,
    },
}

/// A time of day of the company, as `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "TimeText")]
pub struct DayTime(u16);

impl DayTime {
    /// Minutes since midnight.
    pub fn minute(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for DayTime {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts = text.split_once(':').filter(|(hour, minute)| digits(hour) && digits(minute));
        let read = parts.and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
        match read {
            Some((hour @ 0..=23, minute @ 0..=59)) => Ok(Self(hour * 60 + minute)),
            _ => Err("a time of day is written as HH:MM"),
        }
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> Self {
        format!("{:02}:{:02}", time.0 / 60, time.0 % 60)
    }
}

/// Which minutes count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    #[default]
    Working,
    Calendar,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Minutes of the deadline's clock relative to it: negative before, positive after.
    pub at_minutes: i32,
    #[serde(rename = "do")]
    pub action: DeadlineDo,
    /// Again every so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_minutes: Option<u32>,
    /// How often at the most, the first time counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat_max: Option<u32>,
}

/// How often a rule repeats where it does not say.
const REPEATS: u32 = 20;

impl DeadlineRule {
    /// How often it fires at the most.
    pub fn times(&self) -> u32 {
        self.repeat_max.unwrap_or(if self.repeat_minutes.is_some() { REPEATS } else { 1 })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum DeadlineDo {
    Remind,
    NotifyManager,
    ToBackup,
    /// Hands the task up this chain, one step each time the rule fires.
    Escalate(Vec<Party>),
    /// Back to the initiator.
    AutoReturn,
    /// Passed by the system, recorded as such, for orders up to this amount with tax.
    AutoPass {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<DecimalText>")]
        max_amount: Option<Decimal>,
    },
    RaiseException,
}
