//! How customers are asked for their yes: whom, by which way, and when not once more.

use super::DecimalText;
use super::{AttachmentRule, Party};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerSettings {
    /// What the customer is sent.
    pub template: String,
    #[serde(default, skip_serializing_if = "ContactFrom::is_main")]
    pub contact: ContactFrom,
    /// The ways to the customer, in the order in which they are tried; mail alone where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Which proof of who answers is asked for; the rule of the highest amount that the order reaches counts, and
    /// where none does, words of how the answer came are enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identity: Vec<IdentityRule>,
    /// How far an order may depart from what its customer has accepted before without being accepted anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Tolerance>,
    /// Working minutes for the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_before_minutes: Option<u32>,
    #[serde(default, skip_serializing_if = "OnLapse::is_exception")]
    pub on_lapse: OnLapse,
    /// Silence as consent must be allowed outright: it is a legal statement.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silence_is_consent: bool,
    /// Who may record an answer the customer gave by other means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder: Option<Party>,
    /// Whether an answer that is recorded has to be proved by a file.
    #[serde(default, skip_serializing_if = "AttachmentRule::is_optional")]
    pub attachment: AttachmentRule,
}

impl CustomerSettings {
    /// The proof that an answer to an order of this amount needs. Where the amount is not known the strictest one.
    pub fn proof(&self, amount: Option<Decimal>) -> Option<Proof> {
        let reached = |rule: &&IdentityRule| match (rule.from_amount, amount) {
            (Some(from), Some(amount)) => from <= amount,
            _ => true,
        };
        self.identity.iter().filter(reached).max_by_key(|rule| rule.from_amount).map(|rule| rule.proof)
    }
}

/// From an amount with tax on, an answer needs a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityRule {
    /// Every order, if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<DecimalText>")]
    pub from_amount: Option<Decimal>,
    pub proof: Proof,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A code for one use, sent to the contact by another channel than the question.
    Code,
    /// A signed paper that lies with the company.
    Signature,
}

impl Proof {
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Signature => "signature",
        }
    }
}

/// What happens when the customer does not answer in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnLapse {
    /// Sales is reminded and an exception raised; the wait goes on.
    #[default]
    Exception,
    /// The order expires.
    Expire,
    /// Taken as accepted; needs `silence_is_consent`.
    Accept,
}

impl OnLapse {
    pub fn is_exception(&self) -> bool {
        *self == Self::Exception
    }
}

/// Which person at the customer is written to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactFrom {
    /// The first contact of the customer who can be reached by the channel.
    #[default]
    Main,
    /// Whoever receives the goods, by telephone; by mail the main contact, as orders name no address for that.
    Order,
    /// The first contact of this role.
    Role(String),
}

impl ContactFrom {
    pub fn is_main(&self) -> bool {
        *self == Self::Main
    }
}

/// A way by which messages leave. What carries others than mail is a setting of the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Mail,
    Sms,
    Im,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Mail, Self::Sms, Self::Im];

    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Im => "im",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// What is left out may not depart at all. Lower prices and earlier dates are no departure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// By how many 1/1,000 a price may rise.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub price_permille: u16,
    /// By how many 1/1,000 a quantity may be more or less.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quantity_permille: u16,
    /// By how many calendar days a promised day may be later.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delivery_days: u16,
}

fn is_zero(value: &u16) -> bool {
    *value == 0
}
