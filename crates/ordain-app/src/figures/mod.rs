//! What management looks at: how long orders take, how many are lost and why, where work waits.
//!
//! Each order counts as one row of facts, a pure function of the order and the house. The rows follow the log a moment
//! later, outside of every order's commit; every figure is counted from the same rows that its list shows.

mod digest;
mod fact;
mod follow;
mod happen;
mod parts;
mod passage;
mod quality;
mod report;
mod review;
mod sla;
mod speed;
mod tasks;

pub use digest::{Board, DIGESTS, DIGESTS_TOLD, Digest, Digests, Every, Told, send_digests};
pub use fact::{fact, hand_overs};
pub(crate) use follow::keep;
pub use follow::{KeptFacts, follow};
pub use happen::{catches, happenings};
pub use parts::cycle_parts;
pub use passage::{Handed, handed};
pub use quality::{Sent, Sort, returns_by_reason, returns_by_step, sorts, together};
pub use report::{
    CycleSpan, DayFigures, Figures, LostReason, LostStep, Report, lost_reasons, lost_steps, report,
};
pub use review::{Action, Finding, Review, keep_reviews, review_key, review_months};
pub use sla::{Breach, Breaches, Step, breaches, sum};
pub use speed::{Speed, speeds};
pub use tasks::{AGES, ages, task_facts};
