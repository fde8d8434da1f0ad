//! What management looks at: how long orders take, how many are lost and why, where work waits.
//!
//! Each order counts as one row of facts, a pure function of the order and the house. The rows follow the log a moment
//! later, outside of every order's commit; every figure is counted from the same rows that its list shows.

mod fact;
mod follow;
mod report;
mod speed;

pub use fact::{LOST_REASONS, fact};
pub use follow::follow;
pub(crate) use follow::keep;
pub use report::{DayFigures, Figures, LostReason, LostStep, Report, lost_reasons, lost_steps, report};
pub use speed::{Speed, speeds};
