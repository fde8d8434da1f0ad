//! Who is away, and who stands in for whom.
//!
//! A delegation gives the work of one person to another for a while, all of it or a part. Delegations may follow one
//! another but never in a circle, and at one moment a piece of work has one stand-in: both are seen to before one is
//! stored. Whoever stands in needs the rights of their own.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// All leave and delegations that are still of interest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Absences {
    pub delegations: Vec<Delegation>,
    pub leave: Vec<Leave>,
}

/// A span in which somebody is away, without its last instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    pub id: Uuid,
    pub login: String,
    pub from_ms: i64,
    pub until_ms: i64,
}

/// The work of `from` goes to `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    pub id: Uuid,
    pub from: String,
    pub to: String,
    pub from_ms: i64,
    pub until_ms: i64,
    pub scope: DelegationScope,
    /// Whether tasks that are open already go along.
    pub include_open: bool,
}

/// Which work goes to the stand-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelegationScope {
    All,
    /// Tasks of one flow, by its key.
    Flow(String),
    /// Orders up to an amount in the company's currency; one whose amount is not known yet is not among them.
    AmountUpTo(i64),
}

impl DelegationScope {
    fn covers(&self, amount_minor: Option<i64>, flow: &str) -> bool {
        match self {
            Self::All => true,
            Self::Flow(key) => key == flow,
            Self::AmountUpTo(most) => amount_minor.is_some_and(|amount| amount <= *most),
        }
    }

    /// Whether some work is in both.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Flow(one), Self::Flow(other)) => one == other,
            _ => true,
        }
    }
}

impl Delegation {
    fn meets(&self, other: &Self) -> bool {
        self.from_ms < other.until_ms && other.from_ms < self.until_ms && self.scope.meets(&other.scope)
    }

    /// What of this goes on with the next one.
    fn narrowed(&self, next: &Self) -> Self {
        let scope = match (&self.scope, &next.scope) {
            // Amounts meet whatever they are, so that only a flow narrows.
            (DelegationScope::Flow(_), _) => self.scope.clone(),
            _ => next.scope.clone(),
        };
        let (from_ms, until_ms) = (self.from_ms.max(next.from_ms), self.until_ms.min(next.until_ms));
        Self { scope, from_ms, until_ms, ..next.clone() }
    }
}

impl Absences {
    pub fn is_empty(&self) -> bool {
        self.leave.is_empty() && self.delegations.is_empty()
    }

    /// Whether somebody is on leave at an instant.
    pub fn is_absent(&self, login: &str, at_ms: i64) -> bool {
        self.leave_of(login).any(|leave| (leave.from_ms..leave.until_ms).contains(&at_ms))
    }

    pub fn leave_of<'a>(&'a self, login: &'a str) -> impl Iterator<Item = &'a Leave> + 'a {
        self.leave.iter().filter(move |leave| leave.login == login)
    }

    /// The delegation by which a piece of work of `login` lies with somebody else: the last one where a stand-in has a
    /// stand-in, of those who can stand in. Nothing if the work stays.
    pub fn stand_in(
        &self,
        login: &str,
        at_ms: i64,
        amount_minor: Option<i64>,
        flows: &[&str],
        can: impl Fn(&str) -> bool,
    ) -> Option<&Delegation> {
        let (mut seen, mut at, mut found) = (BTreeSet::from([login]), login, None);
        while let Some(next) = self.delegations.iter().find(|delegation| {
            delegation.from == at
                && (delegation.from_ms..delegation.until_ms).contains(&at_ms)
                && flows.iter().any(|flow| delegation.scope.covers(amount_minor, flow))
        }) {
            if !seen.insert(&next.to) {
                break;
            }
            at = &next.to;
            found = Some(next).filter(|next| can(&next.to)).or(found);
        }
        found
    }

    /// Whether somebody has given away what they hold already, and not only what is to come.
    pub fn gives_open(&self, login: &str, at_ms: i64, amount_minor: Option<i64>, flows: &[&str]) -> bool {
        self.delegations.iter().any(|delegation| {
            delegation.from == login
                && delegation.include_open
                && (delegation.from_ms..delegation.until_ms).contains(&at_ms)
                && flows.iter().any(|flow| delegation.scope.covers(amount_minor, flow))
        })
    }

    /// The delegations that give away what somebody holds when they begin.
    pub fn given_open_of<'a>(&'a self, login: &'a str) -> impl Iterator<Item = &'a Delegation> + 'a {
        self.delegations.iter().filter(move |known| known.from == login && known.include_open)
    }

    /// Those whose work lies with somebody at an instant, in whole or in part, also by way of others.
    pub fn given_to<'a>(&'a self, login: &'a str, at_ms: i64) -> Vec<&'a str> {
        let mut givers: Vec<&str> = Vec::new();
        let in_force = |delegation: &&Delegation| (delegation.from_ms..delegation.until_ms).contains(&at_ms);
        let (mut at, mut next) = (login, 0);
        loop {
            for delegation in self.delegations.iter().filter(in_force).filter(|known| known.to == at) {
                if delegation.from != login && !givers.contains(&delegation.from.as_str()) {
                    givers.push(&delegation.from);
                }
            }
            let Some(giver) = givers.get(next) else { return givers };
            (at, next) = (giver, next + 1);
        }
    }

    /// A delegation that gives some of the same work to somebody at the same time.
    pub fn overlapping(&self, new: &Delegation) -> Option<&Delegation> {
        self.delegations.iter().find(|known| known.from == new.from && known.meets(new))
    }

    /// The circle that a new delegation would close, from its giver back to them. Links that share no moment or no
    /// work close none.
    pub fn circle(&self, new: &Delegation) -> Option<Vec<String>> {
        let mut pending = vec![(vec![new.from.clone()], new.clone())];
        while let Some((mut chain, common)) = pending.pop() {
            let closed = chain.contains(&common.to);
            chain.push(common.to.clone());
            if closed {
                return Some(chain);
            }
            let onward = self.delegations.iter().filter(|next| next.from == common.to && next.meets(&common));
            pending.extend(onward.map(|next| (chain.clone(), common.narrowed(next))));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn delegation(n: u128, from: &str, to: &str, (from_ms, until_ms): (i64, i64)) -> Delegation {
        let (from, to, id) = (from.to_owned(), to.to_owned(), Uuid::from_u128(n));
        Delegation { id, from, to, from_ms, until_ms, scope: DelegationScope::All, include_open: false }
    }

    fn scoped(scope: DelegationScope, delegation: Delegation) -> Delegation {
        Delegation { scope, ..delegation }
    }

    fn absences(delegations: Vec<Delegation>) -> Absences {
        Absences { delegations, leave: Vec::new() }
    }

    #[test]
    fn s062_work_lies_with_the_stand_in_of_the_stand_in_while_both_are_away() {
        let all = absences(vec![delegation(1, "a", "b", (0, 100)), delegation(2, "b", "c", (50, 80))]);
        let who =
            |at_ms| all.stand_in("a", at_ms, None, &["standard"], |_| true).map(|found| found.to.as_str());
        assert_eq!(
            [who(0), who(49), who(50), who(80), who(100)],
            [Some("b"), Some("b"), Some("c"), Some("b"), None]
        );
    }

    #[test]
    fn s062_a_stand_in_who_has_left_is_passed_over_for_the_one_before() {
        let all = absences(vec![delegation(1, "a", "b", (0, 9)), delegation(2, "b", "c", (0, 9))]);
        let who = |gone: &str| {
            all.stand_in("a", 5, None, &["x"], |login| login != gone).map(|found| found.to.as_str())
        };
        assert_eq!((who("c"), who("b"), who("")), (Some("b"), Some("c"), Some("c")));
    }

    #[test]
    fn s062_whoever_stands_in_for_a_stand_in_has_the_work_of_both() {
        let links = [(1, "a", "b", (0, 100)), (2, "b", "c", (50, 80)), (3, "c", "a", (60, 70))];
        let all = absences(links.map(|(n, from, to, span)| delegation(n, from, to, span)).to_vec());
        assert_eq!(all.given_to("b", 0), ["a"]);
        assert_eq!(all.given_to("c", 49), [""; 0]);
        assert_eq!(all.given_to("c", 50), ["b", "a"]);
        assert_eq!(all.given_to("c", 65), ["b", "a"], "a circle ends");
        assert_eq!(all.given_to("c", 80), [""; 0]);
    }

    #[test]
    fn a_part_of_the_work_goes_only_with_its_flow_or_amount() {
        let flow = scoped(DelegationScope::Flow("export".into()), delegation(1, "a", "b", (0, 9)));
        let amount = scoped(DelegationScope::AmountUpTo(1_000), delegation(2, "c", "d", (0, 9)));
        let all = absences(vec![flow, amount]);
        let who = |login, amount, flow| {
            all.stand_in(login, 5, amount, &[flow], |_| true).map(|found| found.to.as_str())
        };
        assert_eq!((who("a", None, "export"), who("a", None, "standard")), (Some("b"), None));
        assert_eq!(
            (who("c", Some(1_000), "x"), who("c", Some(1_001), "x"), who("c", None, "x")),
            (Some("d"), None, None)
        );
    }

    #[test]
    fn leave_is_over_at_its_end() {
        let leave = Leave { id: Uuid::nil(), login: "a".into(), from_ms: 10, until_ms: 20 };
        let all = Absences { leave: vec![leave], ..Absences::default() };
        assert_eq!([9, 10, 19, 20].map(|at_ms| all.is_absent("a", at_ms)), [false, true, true, false]);
        assert!(!all.is_absent("b", 15));
    }

    #[test]
    fn a_circle_is_named_and_only_one_that_shares_a_moment_and_work() {
        let all = absences(vec![delegation(1, "a", "b", (0, 50)), delegation(2, "b", "c", (40, 90))]);
        let closing = |span, scope| all.circle(&scoped(scope, delegation(9, "c", "a", span)));
        let chain = ["c", "a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(closing((0, 100), DelegationScope::All), Some(chain));
        assert_eq!(closing((60, 100), DelegationScope::All), None, "a is back by then");
        let apart = absences(vec![delegation(1, "a", "b", (5, 50)), delegation(2, "b", "c", (20, 90))]);
        let new = delegation(9, "c", "a", (0, 10));
        assert_eq!(apart.circle(&new), None, "each meets the next, but never all at once");
        let exports = || DelegationScope::Flow("export".into());
        let mut narrow = all.clone();
        narrow.delegations[0].scope = exports();
        narrow.delegations[1].scope = DelegationScope::AmountUpTo(5);
        assert!(narrow.circle(&scoped(exports(), delegation(9, "c", "a", (0, 100)))).is_some());
        let home = scoped(DelegationScope::Flow("home".into()), delegation(9, "c", "a", (0, 100)));
        assert_eq!(narrow.circle(&home), None);
        assert!(absences(vec![]).circle(&delegation(9, "a", "a", (0, 1))).is_some(), "to oneself");
    }

    #[test]
    fn the_same_work_goes_to_one_stand_in_at_a_time() {
        let all = absences(vec![scoped(DelegationScope::Flow("x".into()), delegation(1, "a", "b", (0, 50)))]);
        let refused = |span, scope| all.overlapping(&scoped(scope, delegation(9, "a", "c", span))).is_some();
        assert!(refused((49, 60), DelegationScope::All) && refused((0, 1), DelegationScope::AmountUpTo(1)));
        assert!(!refused((50, 60), DelegationScope::All));
        assert!(!refused((0, 50), DelegationScope::Flow("y".into())));
    }

    fn any_delegation() -> impl Strategy<Value = Delegation> {
        let login = || prop::sample::select(vec!["a", "b", "c", "d", "e"]);
        let scope = prop_oneof![
            3 => Just(DelegationScope::All),
            1 => Just(DelegationScope::Flow("x".to_owned())),
            1 => Just(DelegationScope::Flow("y".to_owned())),
            1 => (0i64..20).prop_map(DelegationScope::AmountUpTo),
        ];
        (any::<u64>(), login(), login(), 0i64..30, 1i64..20, scope).prop_map(
            |(id, from, to, at, length, scope)| {
                scoped(scope, delegation(u128::from(id), from, to, (at, at + length)))
            },
        )
    }

    proptest! {
        /// Whatever was taken in, no work ever comes back to whoever gave it away.
        #[test]
        fn what_is_not_refused_leads_nobody_in_a_circle(
            asked in prop::collection::vec(any_delegation(), 0..25), at_ms in 0i64..50, amount in 0i64..25,
        ) {
            let mut all = Absences::default();
            for new in asked {
                if all.overlapping(&new).is_none() && all.circle(&new).is_none() {
                    all.delegations.push(new);
                }
            }
            for login in ["a", "b", "c", "d", "e"] {
                let found = all.stand_in(login, at_ms, Some(amount), &["x"], |_| true);
                prop_assert!(found.is_none_or(|found| found.to != login));
                if let Some(found) = found {
                    let further = all.stand_in(&found.to, at_ms, Some(amount), &["x"], |_| true);
                    prop_assert!(further.is_none(), "the last link");
                }
            }
        }
    }
}
