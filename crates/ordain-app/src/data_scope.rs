//! Data scopes: which orders the people of a role reach. Whatever its scope, a role reaches what its people took in, the
//! orders of customers that they own, what lies with them or was settled by them, and what they were told of.

use crate::case::people::User;
use crate::case::world::House;
use crate::gate::party_key;
use crate::rights::{Caller, CallerKind, Permission};
use ordain_store::{Id, OrderReach, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Superiors of a person who are looked for.
const LEVELS: u8 = 16;

/// Rights that look at all orders, or at the company: a role with less than all orders in reach cannot have them.
pub const OVER_ALL: &[Permission] = &[
    // Whoever grants rights looks at what others see.
    Permission::WriteUsers,
    Permission::Intervene,
    Permission::ReadReports,
    Permission::ReadFlows,
    Permission::PublishFlows,
    Permission::ApproveFlows,
    Permission::ReadAudit,
    Permission::VerifyAudit,
    Permission::AnswerFeedback,
    Permission::ReadSelfChecks,
    Permission::RunSelfChecks,
    Permission::ReadIntake,
];

/// Which orders beside one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "codes", rename_all = "snake_case")]
pub enum DataScope {
    #[default]
    All,
    /// None; those of customers who are one's own are.
    Own,
    /// Those of anybody who has one for a superior.
    Team,
    /// Those of anybody in one's department.
    Department,
    Customers(BTreeSet<String>),
    /// Those for which goods are held there, or were taken from there.
    Warehouses(BTreeSet<String>),
}

impl DataScope {
    /// The names of all kinds.
    pub const KINDS: [&str; 6] = ["all", "own", "team", "department", "customers", "warehouses"];

    /// The scope of a kind; `codes` where the kind names some.
    pub fn of(kind: &str, codes: BTreeSet<String>) -> Option<DataScope> {
        Some(match kind {
            "all" => DataScope::All,
            "own" => DataScope::Own,
            "team" => DataScope::Team,
            "department" => DataScope::Department,
            "customers" => DataScope::Customers(codes),
            "warehouses" => DataScope::Warehouses(codes),
            _ => return None,
        })
    }

    pub fn kind(&self) -> &'static str {
        match self {
            DataScope::All => "all",
            DataScope::Own => "own",
            DataScope::Team => "team",
            DataScope::Department => "department",
            DataScope::Customers(_) => "customers",
            DataScope::Warehouses(_) => "warehouses",
        }
    }

    /// What the scope names: codes of customers or warehouses.
    pub fn codes(&self) -> Option<&BTreeSet<String>> {
        match self {
            DataScope::Customers(codes) | DataScope::Warehouses(codes) => Some(codes),
            _ => None,
        }
    }
}

/// The orders that a caller reaches with a right at an instant: none where it is every order. Whatever is done with an
/// order is answered with the order, so that one has to reach it for reading, too; where both are narrowed, what both
/// scopes say counts. Whoever has no right to read orders is not narrowed by it.
pub fn reach(caller: &Caller, right: Permission, house: &House, at_ms: i64) -> Option<OrderReach> {
    let scopes = scopes(caller, right);
    if scopes.contains(&DataScope::All) {
        return None;
    }
    let mut reach = OrderReach::default();
    let user = match &caller.kind {
        CallerKind::Token { id, .. } => {
            reach.token = Some(id.to_string());
            None
        }
        CallerKind::Person(user) => {
            reach.told = Some(user.id.into_bytes());
            reach.sent_back_to_nobody = user.completes_what_nobody_took();
            own(&mut reach, user);
            asked(&mut reach, user);
            givers(house, user, at_ms).for_each(|giver| asked(&mut reach, giver));
            Some(user)
        }
    };
    for scope in scopes {
        match scope {
            DataScope::All | DataScope::Own => {}
            DataScope::Team => people(&mut reach, house, |other| is_below(house, other, user)),
            DataScope::Department => {
                reach.taken_by_nobody |= user.is_some_and(User::completes_what_nobody_took);
                people(&mut reach, house, |other| shares_department(other, user));
            }
            DataScope::Customers(codes) => reach.customers.extend(codes.iter().cloned()),
            DataScope::Warehouses(codes) => reach.warehouses.extend(codes.iter().cloned()),
        }
    }
    Some(reach)
}

/// The scopes in which a caller may do something with orders that they may read.
pub fn scopes(caller: &Caller, right: Permission) -> BTreeSet<&DataScope> {
    let (acts, reads): (BTreeSet<_>, BTreeSet<_>) =
        (caller.scopes(right).collect(), caller.scopes(Permission::ReadOrders).collect());
    match (acts.contains(&DataScope::All), reads.contains(&DataScope::All)) {
        (_, true) => acts,
        (_, false) if reads.is_empty() => acts,
        (true, false) => reads,
        (false, false) => acts.intersection(&reads).copied().collect(),
    }
}

/// Leaves what belongs to orders that are reached.
///
/// # Errors
/// What the store says.
pub fn retain<T>(
    (store, org): (&Store, i64),
    reach: Option<&OrderReach>,
    items: &mut Vec<T>,
    order: impl Fn(&T) -> Uuid,
) -> Result<(), StoreError> {
    let Some(reach) = reach else { return Ok(()) };
    let ids: Vec<Id> = items.iter().map(|item| order(item).into_bytes()).collect();
    let reached = store.orders_within(org, &ids, reach)?;
    items.retain(|item| reached.contains(&order(item).into_bytes()));
    Ok(())
}

fn own(reach: &mut OrderReach, user: &User) {
    reach.takers.push(user.id.to_string());
    reach.owners.push(user.login.clone());
    reach.people.push(user.id.into_bytes());
}

/// What lies with somebody, and what they or theirs may take.
fn asked(reach: &mut OrderReach, user: &User) {
    reach.people.push(user.id.into_bytes());
    reach.parties.extend(user.parties().iter().map(party_key));
    reach.roles.extend(user.roles.iter().cloned());
    reach.departments.extend(user.department.clone());
}

/// Those for whom somebody stands in, whatever part of their work was given.
fn givers<'a>(house: &'a House, user: &'a User, at_ms: i64) -> impl Iterator<Item = &'a User> {
    let given = house.absences.given_to(&user.login, at_ms);
    given.into_iter().filter_map(|login| house.people.by_login(login))
}

/// Whoever has left is among them: what they took in is still there.
fn people(reach: &mut OrderReach, house: &House, mut meant: impl FnMut(&User) -> bool) {
    house.people.users.values().filter(|user| meant(user)).for_each(|user| own(reach, user));
}

fn is_below(house: &House, other: &User, user: Option<&User>) -> bool {
    let above = || house.organisation.managers_above(other, &house.people, LEVELS);
    user.is_some_and(|user| above().contains(&user.login.as_str()))
}

fn shares_department(other: &User, user: Option<&User>) -> bool {
    let own = user.and_then(|user| user.department.as_deref());
    own.is_some() && other.department.as_deref() == own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own_roles::{OwnRole, OwnRoles};
    use ordain_flow::doc::Text;

    /// Somebody with the roles, as they are found among the roles of the company and those that are shipped.
    fn caller(roles: &[&str], own: &[(&str, &[Permission], DataScope)]) -> Caller {
        let role = |(code, rights, scope): &(&str, &[Permission], DataScope)| OwnRole {
            code: (*code).to_owned(),
            name: Text::default(),
            rights: rights.iter().copied().collect(),
            scope: scope.clone(),
        };
        let own = OwnRoles { items: own.iter().map(role).collect() };
        let user = User {
            id: Uuid::nil(),
            login: "li".into(),
            name: "Li".into(),
            department: None,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            email: None,
            lang: "zh-CN".into(),
            disabled: false,
            password_once: false,
        };
        Caller::person(1, user, &own)
    }

    #[test]
    fn s059_one_acts_on_what_a_role_with_the_right_and_one_that_reads_both_reach() {
        use DataScope::{All, Department, Own, Team};
        use Permission::{CommentOrders, ReadOrders, ReadTasks, WriteOrders};
        let both: &[Permission] = &[ReadOrders, WriteOrders];
        let of = |roles: &[&str], own: &[(&str, &[Permission], DataScope)], right| {
            let caller = caller(roles, own);
            scopes(&caller, right).into_iter().cloned().collect::<Vec<_>>()
        };
        let agent: (&str, &[Permission], DataScope) = ("agent", both, Team);
        let just = std::slice::from_ref;
        assert_eq!(of(&["agent"], just(&agent), WriteOrders), [Team]);
        assert_eq!(of(&["agent", "auditor"], just(&agent), WriteOrders), [Team], "an auditor reads all");
        assert!(of(&["agent", "auditor"], just(&agent), ReadOrders).contains(&All));
        // Comments on everything are answered with the order, and so is every task.
        let speaker: (&str, &[Permission], DataScope) = ("speaker", &[CommentOrders], All);
        assert_eq!(of(&["agent", "speaker"], &[agent.clone(), speaker], CommentOrders), [Team]);
        assert_eq!(of(&["agent", "admin"], just(&agent), ReadTasks), [Team]);
        // Whoever reads no orders is asked by the operation itself.
        assert_eq!(of(&["admin"], &[], ReadTasks), [All]);
        // What two roles narrow in different ways is narrowed by both.
        let clerk: (&str, &[Permission], DataScope) = ("clerk", &[WriteOrders], Department);
        let reader: (&str, &[Permission], DataScope) = ("reader", &[ReadOrders], Own);
        assert_eq!(of(&["clerk", "reader"], &[clerk, reader], WriteOrders), [Own; 0]);
    }
}
