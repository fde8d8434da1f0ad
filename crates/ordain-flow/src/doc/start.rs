//! How orders enter a flow, and how long their sender can take them back.

use super::party::Party;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most fields of a summary.
pub const SUMMARY_MAX: usize = 5;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSettings {
    /// Of the people of the house only these hand orders in; without an entry everybody who has the right does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starters: Vec<Party>,
    /// Checks that an order has to pass before it can be handed in; until then it stays with its sender.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_pass: Vec<String>,
    #[serde(default, skip_serializing_if = "Recall::is_usual")]
    pub recall: Recall,
    /// What tasks are headed with: words, and facts of the order in braces.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Facts of the order shown in lists of tasks; at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub summary: Vec<String>,
}

/// How long a sender can take back what was handed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recall {
    /// Until somebody has opened, taken or decided one of its tasks.
    #[default]
    UntilOpened,
    UntilDecided,
    /// As long as it is reviewed, with a reason.
    AnyTime,
    Never,
}

impl Recall {
    pub fn is_usual(&self) -> bool {
        *self == Self::UntilOpened
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::UntilOpened => "until_opened",
            Self::UntilDecided => "until_decided",
            Self::AnyTime => "any_time",
            Self::Never => "never",
        }
    }
}

impl StartSettings {
    /// The parts of the title in turn: words, and whether they name a fact.
    pub fn title_parts(&self) -> Vec<(&str, bool)> {
        let (mut parts, mut rest) = (Vec::new(), self.title.as_str());
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            parts.extend([(before, false), (name, true)]);
            rest = behind;
        }
        parts.push((rest, false));
        parts
    }
}
