//! How several people decide one step: given their answers so far, whether the step is decided, and how.
//!
//! The number of seats is fixed when the step opens. Somebody added later either counts as a further seat or is only
//! heard; a refusal of somebody who is only heard is still a refusal.

use crate::doc::{RejectWhen, Vote};
use serde::{Deserialize, Serialize};

/// The answers to one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Seats that count, answered or not.
    pub seats: u32,
    pub approved: u32,
    pub rejected: u32,
    /// People who are only heard and have not answered yet.
    pub unheard: u32,
    /// Refusals of people who are only heard.
    pub objections: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Approved,
    Rejected,
}

/// Approvals that decide a step with so many seats.
pub fn needed(vote: Vote, seats: u32) -> u32 {
    let seats = seats.max(1);
    match vote {
        Vote::Any | Vote::Claim | Vote::RoundRobin | Vote::LeastLoaded => 1,
        Vote::All | Vote::Sequential => seats,
        Vote::Percent(share) => {
            let share = u64::from(share.clamp(1, 100));
            u32::try_from((u64::from(seats) * share).div_ceil(100)).unwrap_or(seats)
        }
        Vote::Count(count) => count.clamp(1, seats),
    }
}

/// What the answers come to, or nothing while more are needed.
pub fn tally(vote: Vote, reject_when: RejectWhen, answers: Answers) -> Option<Verdict> {
    let needed = needed(vote, answers.seats);
    let open = answers.seats.saturating_sub(answers.approved + answers.rejected);
    let won = answers.approved >= needed;
    // Where one answer is all that is asked, a refusal is that answer.
    let first_counts = needed == 1 && !matches!(vote, Vote::Percent(_) | Vote::Count(_));
    let out_of_reach = answers.approved + open < needed || (first_counts && answers.rejected > 0);
    // Who is only heard and refuses outweighs every approval.
    let lost = answers.objections > 0 || (!won && out_of_reach);
    let everybody = answers.unheard == 0 && (open == 0 || first_counts);
    match reject_when {
        RejectWhen::AllHeard if !everybody => None,
        _ if lost => Some(Verdict::Rejected),
        _ => (won && answers.unheard == 0).then_some(Verdict::Approved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(seats: u32, approved: u32, rejected: u32) -> Answers {
        Answers { seats, approved, rejected, ..Answers::default() }
    }

    fn now(vote: Vote, answers: Answers) -> Option<Verdict> {
        tally(vote, RejectWhen::Decided, answers)
    }

    #[test]
    fn a_ratio_vote_does_not_end_with_the_first_refusal() {
        let vote = Vote::Percent(60);
        assert_eq!(now(vote, of(5, 0, 1)), None);
        assert_eq!(now(vote, of(5, 2, 2)), None);
        assert_eq!(now(vote, of(5, 3, 2)), Some(Verdict::Approved));
        assert_eq!(
            now(vote, of(5, 1, 3)),
            Some(Verdict::Rejected),
            "three of five cannot be reached any more"
        );
    }

    #[test]
    fn all_ends_with_the_first_refusal_unless_everybody_is_to_be_heard() {
        assert_eq!(now(Vote::All, of(3, 1, 1)), Some(Verdict::Rejected));
        assert_eq!(tally(Vote::All, RejectWhen::AllHeard, of(3, 1, 1)), None);
        assert_eq!(tally(Vote::All, RejectWhen::AllHeard, of(3, 2, 1)), Some(Verdict::Rejected));
        assert_eq!(now(Vote::All, of(3, 3, 0)), Some(Verdict::Approved));
    }

    #[test]
    fn the_first_answer_counts_where_any_one_may_decide() {
        assert_eq!(now(Vote::Any, of(4, 1, 0)), Some(Verdict::Approved));
        assert_eq!(now(Vote::Any, of(4, 0, 1)), Some(Verdict::Rejected));
    }

    #[test]
    fn nobody_is_passed_over_who_was_added_to_be_heard() {
        let pending = Answers { unheard: 1, ..of(1, 1, 0) };
        assert_eq!(now(Vote::Any, pending), None);
        assert_eq!(now(Vote::Any, Answers { objections: 1, ..of(1, 1, 0) }), Some(Verdict::Rejected));
    }

    proptest! {
        #[test]
        fn a_verdict_is_final_and_comes_with_the_last_answer(
            vote in prop_oneof![
                Just(Vote::Any), Just(Vote::All), Just(Vote::Sequential),
                (1u8..=100).prop_map(Vote::Percent), (1u32..9).prop_map(Vote::Count),
            ],
            all_heard: bool,
            answers in prop::collection::vec(any::<bool>(), 1..9),
        ) {
            let reject_when = if all_heard { RejectWhen::AllHeard } else { RejectWhen::Decided };
            let seats = u32::try_from(answers.len()).unwrap();
            let (mut approved, mut rejected, mut verdict) = (0, 0, None);
            for answer in answers {
                if answer { approved += 1 } else { rejected += 1 }
                let after = tally(vote, reject_when, of(seats, approved, rejected));
                if vote != Vote::Any {
                    prop_assert!(verdict.is_none() || verdict == after, "a verdict changed");
                }
                verdict = verdict.or(after);
            }
            prop_assert!(verdict.is_some(), "everybody answered and nothing is decided");
            let won = approved >= needed(vote, seats);
            if vote != Vote::Any {
                prop_assert_eq!(verdict, Some(if won { Verdict::Approved } else { Verdict::Rejected }));
            }
        }
    }
}
