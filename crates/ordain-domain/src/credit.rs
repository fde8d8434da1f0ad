//! Customers that owe together: companies of one owner share a limit, whatever each of them may owe by itself, and in
//! whatever currency it orders.

use crate::decimal::Currency;
use crate::master::Customer;
use crate::rate::{NoRate, Rates};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// All groups by code. A customer is in one of them at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CreditGroups(pub BTreeMap<String, CreditGroup>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditGroup {
    pub name: String,
    /// That of the limit.
    pub currency: Currency,
    pub limit_minor: i64,
    /// Last day of the limit; after it nothing is given on credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_until: Option<Date>,
    /// Codes of the customers.
    pub members: BTreeSet<String>,
}

/// The group of a customer, with what all of it owe, each in its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCredit {
    pub code: String,
    pub group: CreditGroup,
    pub owed: Vec<Owed>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    pub customer: String,
    pub currency: Currency,
    pub minor: i64,
}

impl From<&Customer> for Owed {
    fn from(customer: &Customer) -> Self {
        let (code, minor) = (customer.code.clone(), customer.exposure_minor);
        Self { customer: code, currency: customer.currency, minor }
    }
}

impl CreditGroups {
    pub fn of(&self, customer: &str) -> Option<(&String, &CreditGroup)> {
        self.0.iter().find(|(_, group)| group.members.contains(customer))
    }

    /// Everybody who owes together with a customer; nobody but itself if it is in no group.
    pub fn together(&self, customer: &str) -> BTreeSet<String> {
        let own = || BTreeSet::from([customer.to_owned()]);
        self.of(customer).map_or_else(own, |(_, group)| group.members.clone())
    }
}

impl CreditGroup {
    pub fn limit_on(&self, day: Date) -> i64 {
        if self.limit_until.is_some_and(|until| until < day) { 0 } else { self.limit_minor }
    }
}

impl GroupCredit {
    /// What all owe together, in minor units of the group's currency; each customer is converted by itself.
    ///
    /// # Errors
    /// A currency that has no rate on that day.
    pub fn exposure(&self, rates: &Rates, home: Currency, day: Date) -> Result<i64, NoRate> {
        let mut sum = 0_i64;
        for owed in &self.owed {
            let minor = rates.convert(owed.minor, (owed.currency, self.group.currency), home, day)?;
            sum = sum.saturating_add(minor);
        }
        Ok(sum)
    }
}
