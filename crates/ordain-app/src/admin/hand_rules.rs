//! What may be done to orders by hand: part of the company's rules, replaced as a whole.

use super::AdminDone;
use super::company::{part_unchanged, replace_part};
use super::reading::{MONEY_MAX, Reading};
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use ordain_domain::decimal::money_text;
use ordain_domain::master::CompanyRules;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandRules {
    /// From which amount with tax on a second person has to agree, in the company's currency.
    #[serde(default)]
    pub second_person_from: Option<String>,
}

impl From<&CompanyRules> for HandRules {
    fn from(rules: &CompanyRules) -> Self {
        let text = |minor| money_text(minor, rules.currency);
        Self { second_person_from: rules.second_person_from_minor.map(text) }
    }
}

pub(super) fn put(
    item: &HandRules,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let (rules, before) = part_unchanged(batch, org, expected, |rules| HandRules::from(rules))?;
    let mut reading = Reading::default();
    let scale = (rules.currency.exponent(), MONEY_MAX);
    let from = item.second_person_from.as_deref();
    let second_person_from_minor = reading.number(from, None, scale, "second_person_from".to_owned());
    reading.refuse()?;
    let after = CompanyRules { second_person_from_minor, ..rules };
    replace_part(batch, org, by, ("put_hand_rules", "by_hand"), (&before, &HandRules::from(&after)), &after)
}
