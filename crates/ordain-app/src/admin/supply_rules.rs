//! What the company does where goods are short, late, or counted long ago: part of its rules, replaced as a whole.

use super::AdminDone;
use super::company::{STALE_HOURS_MAX, part_unchanged, replace_part};
use super::reading::Reading;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::master::CompanyRules;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A week of days and nights.
const RESERVATION_MINUTES_MAX: i64 = 10_080;
/// Working minutes of more than a quarter.
const ANSWER_MINUTES_MAX: i64 = 43_200;
/// Most levels of customers, and the longest name of one.
const LEVELS_MAX: usize = 50;
const LEVEL_LENGTH: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplyRules {
    pub stock_stale_hours: Option<i64>,
    pub shortage_asks_purchasing: bool,
    #[serde(default)]
    pub shortage_plans_work: bool,
    pub promise_from_supply: bool,
    #[serde(default)]
    pub reservation_minutes: Option<i64>,
    #[serde(default)]
    pub shortage_answer_minutes: Option<i64>,
    #[serde(default)]
    pub priority_levels: Vec<String>,
}

impl From<&CompanyRules> for SupplyRules {
    fn from(rules: &CompanyRules) -> Self {
        Self {
            stock_stale_hours: rules.stock_stale_hours,
            shortage_asks_purchasing: rules.shortage_asks_purchasing,
            shortage_plans_work: rules.shortage_plans_work,
            promise_from_supply: rules.promise_from_supply,
            reservation_minutes: rules.reservation_minutes,
            shortage_answer_minutes: rules.shortage_answer_minutes,
            priority_levels: rules.priority_levels.clone(),
        }
    }
}

impl SupplyRules {
    fn over(self, rules: CompanyRules) -> CompanyRules {
        CompanyRules {
            stock_stale_hours: self.stock_stale_hours,
            shortage_asks_purchasing: self.shortage_asks_purchasing,
            shortage_plans_work: self.shortage_plans_work,
            promise_from_supply: self.promise_from_supply,
            reservation_minutes: self.reservation_minutes,
            shortage_answer_minutes: self.shortage_answer_minutes,
            priority_levels: self.priority_levels,
            ..rules
        }
    }
}

pub(super) fn put(
    item: &SupplyRules,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let (rules, before) = part_unchanged(batch, org, expected, |rules| SupplyRules::from(rules))?;
    let mut reading = Reading::default();
    check(item, &mut reading);
    reading.refuse()?;
    let after = item.clone().over(rules);
    replace_part(batch, org, by, ("put_supply_rules", "supply"), (&before, item), &after)
}

fn check(item: &SupplyRules, reading: &mut Reading) {
    let times = [
        ("stock_stale_hours", item.stock_stale_hours, 0..=STALE_HOURS_MAX),
        ("reservation_minutes", item.reservation_minutes, 1..=RESERVATION_MINUTES_MAX),
        ("shortage_answer_minutes", item.shortage_answer_minutes, 1..=ANSWER_MINUTES_MAX),
    ];
    for (path, found, allowed) in times {
        reading.within(found, &allowed, path);
    }
    if item.priority_levels.len() > LEVELS_MAX {
        reading.fault(Fault::new("out_of_range", "priority_levels").with("max", LEVELS_MAX.to_string()));
    }
    let mut seen = BTreeSet::new();
    for (index, level) in item.priority_levels.iter().enumerate() {
        let path = format!("priority_levels[{index}]");
        if level.trim().is_empty() || level.chars().count() > LEVEL_LENGTH {
            reading.fault(Fault::new("invalid_value", path.clone()).with("found", level));
        }
        reading.once(&mut seen, level.clone(), path);
    }
}
