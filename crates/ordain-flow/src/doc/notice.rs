//! What people are told of a step's tasks on the way.

use super::party::NotifyTo;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happens to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeOn {
    Arrive,
    /// It is due soon.
    Soon,
    Late,
    /// The step was decided.
    Done,
    Returned,
    /// Nobody is to decide it any more.
    Cancelled,
}

impl NoticeOn {
    pub const ALL: [Self; 6] =
        [Self::Arrive, Self::Soon, Self::Late, Self::Done, Self::Returned, Self::Cancelled];

    pub fn name(self) -> &'static str {
        match self {
            Self::Arrive => "arrive",
            Self::Soon => "soon",
            Self::Late => "late",
            Self::Done => "done",
            Self::Returned => "returned",
            Self::Cancelled => "cancelled",
        }
    }

    /// What is sent where the step does not say.
    pub fn template(self) -> &'static str {
        match self {
            Self::Arrive => "task_arrived",
            Self::Soon => "task_due_soon",
            Self::Late => "task_overdue",
            Self::Done => "task_done",
            Self::Returned => "task_returned",
            Self::Cancelled => "task_cancelled",
        }
    }

    /// Told although the step says nothing of it.
    pub fn is_usual(self) -> bool {
        matches!(self, Self::Soon | Self::Late)
    }
}

/// Who is told what. Whoever holds the task is told of what concerns the task, whoever answers for the order of what
/// was decided.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeRule {
    /// Nobody is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// What is sent, where that is not the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Who is told beside them; customers are told by steps of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<NotifyTo>,
}
