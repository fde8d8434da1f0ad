//! What management looks at: how long orders take, how many are lost and why, where work waits.
//!
//! Each order counts as one row of facts, a pure function of the order and the house. The rows follow the log a moment
//! later, outside of every order's commit; every figure is counted from the same rows that its list shows.

mod digest;
mod fact;
mod follow;
mod parts;
mod passage;
mod report;
mod review;
mod speed;

pub use digest::{Board, DIGESTS, DIGESTS_TOLD, Digest, Digests, Every, Told, send_digests};
pub use fact::{fact, hand_overs};
pub use follow::follow;
pub(crate) use follow::keep;
pub use parts::cycle_parts;
pub use passage::{Handed, handed};
pub use report::{
    CycleSpan, DayFigures, Figures, LostReason, LostStep, Report, lost_reasons, lost_steps, report,
};
pub use review::{Action, Finding, Review, keep_reviews, review_key, review_months};
pub use speed::{Speed, speeds};
