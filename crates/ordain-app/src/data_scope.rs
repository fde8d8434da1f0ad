//! Data scopes: which orders the people of a role reach. Whatever its scope, a role reaches what its people took in, what
//! they were asked to do, and what they were told of.

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

/// The orders that a caller reaches with a right: none where it is every order.
pub fn reach(caller: &Caller, right: Permission, house: &House) -> Option<OrderReach> {
    let scopes: BTreeSet<&DataScope> = caller.scopes(right).collect();
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
            reach.parties.extend(user.parties().iter().map(party_key));
            reach.roles.clone_from(&user.roles);
            reach.departments.extend(user.department.clone());
            reach.taken_by_nobody = user.completes_what_nobody_took();
            add(&mut reach, user);
            Some(user)
        }
    };
    for scope in scopes {
        match scope {
            DataScope::All | DataScope::Own => {}
            DataScope::Team => people(&mut reach, house, |other| is_below(house, other, user)),
            DataScope::Department => people(&mut reach, house, |other| shares_department(other, user)),
            DataScope::Customers(codes) => reach.customers.extend(codes.iter().cloned()),
            DataScope::Warehouses(codes) => reach.warehouses.extend(codes.iter().cloned()),
        }
    }
    Some(reach)
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

fn add(reach: &mut OrderReach, user: &User) {
    reach.takers.push(user.id.to_string());
    reach.owners.push(user.login.clone());
    reach.people.push(user.id.into_bytes());
}

/// Whoever has left is among them: what they took in is still there.
fn people(reach: &mut OrderReach, house: &House, mut meant: impl FnMut(&User) -> bool) {
    house.people.users.values().filter(|user| meant(user)).for_each(|user| add(reach, user));
}

fn is_below(house: &House, other: &User, user: Option<&User>) -> bool {
    let above = || house.organisation.managers_above(other, &house.people, LEVELS);
    user.is_some_and(|user| above().contains(&user.login.as_str()))
}

fn shares_department(other: &User, user: Option<&User>) -> bool {
    let own = user.and_then(|user| user.department.as_deref());
    own.is_some() && other.department.as_deref() == own
}
