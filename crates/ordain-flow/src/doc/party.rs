//! Who: the parties a task or a duty can belong to, and where a step looks for them.

use crate::rule::Condition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody a task or a duty can belong to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Department(String),
    Role(String),
    User(String),
}

impl Default for Party {
    fn default() -> Self {
        Self::Department(String::new())
    }
}

impl Party {
    pub fn key(&self) -> &str {
        match self {
            Self::Department(key) | Self::Role(key) | Self::User(key) => key,
        }
    }

    pub fn is_blank(&self) -> bool {
        self.key().trim().is_empty()
    }
}

/// Where a step looks for its people. Several sources together mean all whom any of them names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Department(String),
    Role(String),
    User(String),
    /// The head of a department.
    HeadOf(String),
    /// The initiator's superiors up to this level, nearest first.
    ManagerChain(u8),
    /// The salesperson of the customer.
    AccountOwner,
    /// The keepers of the warehouses that the lines draw on.
    LineWarehouse,
    /// Who answers for the product lines in the order.
    ProductLine,
    Initiator,
    InitiatorManager,
    /// Whom the initiator chose, among these.
    ChosenByInitiator(Party),
    /// Whom the person before chose, among these.
    ChosenByPrevious(Party),
    /// The login in a custom field of the order.
    Field(String),
    /// Whoever decided an earlier step.
    SameAs(String),
    /// Who is on duty on a roster.
    Roster(String),
    /// The first case whose condition holds.
    Formula(Vec<FormulaCase>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormulaCase {
    /// Without one the case always holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    pub then: Party,
}

impl Source {
    /// The party named outright, where it is one.
    pub fn party(&self) -> Option<Party> {
        match self {
            Self::Department(key) => Some(Party::Department(key.clone())),
            Self::Role(key) => Some(Party::Role(key.clone())),
            Self::User(key) => Some(Party::User(key.clone())),
            _ => None,
        }
    }

    /// Every party the source can come to; none where only an order says who it is.
    pub fn candidates(&self) -> Option<Vec<Party>> {
        match self {
            Self::ChosenByInitiator(party) | Self::ChosenByPrevious(party) => Some(vec![party.clone()]),
            Self::Formula(cases) => Some(cases.iter().map(|case| case.then.clone()).collect()),
            other => other.party().map(|party| vec![party]),
        }
    }

    /// A source that names nobody because its key was left empty.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Department(key)
            | Self::Role(key)
            | Self::User(key)
            | Self::HeadOf(key)
            | Self::Field(key)
            | Self::SameAs(key)
            | Self::Roster(key) => key.trim().is_empty(),
            Self::ChosenByInitiator(party) | Self::ChosenByPrevious(party) => party.is_blank(),
            Self::ManagerChain(levels) => *levels == 0,
            Self::Formula(cases) => cases.is_empty(),
            Self::AccountOwner
            | Self::LineWarehouse
            | Self::ProductLine
            | Self::Initiator
            | Self::InitiatorManager => false,
        }
    }
}

impl From<Party> for Source {
    fn from(party: Party) -> Self {
        match party {
            Party::Department(key) => Self::Department(key),
            Party::Role(key) => Self::Role(key),
            Party::User(key) => Self::User(key),
        }
    }
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotifyTo {
    Customer,
    /// Who received the order, else sales.
    Owner,
    /// People of the house, found as those who are asked are found. Whom somebody chooses is known for tasks alone.
    #[serde(untagged)]
    People(Source),
}

impl NotifyTo {
    /// Where people of the house are looked for.
    pub fn source(&self) -> Option<&Source> {
        match self {
            Self::Customer | Self::Owner => None,
            Self::People(source) => Some(source),
        }
    }

    pub fn source_mut(&mut self) -> Option<&mut Source> {
        match self {
            Self::Customer | Self::Owner => None,
            Self::People(source) => Some(source),
        }
    }
}
