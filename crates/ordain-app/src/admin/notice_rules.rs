//! How people of the house are told: part of the company's rules, replaced as a whole.

use super::AdminDone;
use super::company::{part_unchanged, replace_part};
use super::reading::Reading;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use crate::problem::Fault;
use ordain_domain::master::CompanyRules;
use serde::{Deserialize, Serialize};

/// Longest time within which notices become one: a day.
const MERGE_MAX: i64 = 1_440;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRules {
    /// Minutes within which several unread notices of one kind are shown as one; 0: each by itself.
    #[serde(default)]
    pub merge_minutes: i64,
}

impl From<&CompanyRules> for NoticeRules {
    fn from(rules: &CompanyRules) -> Self {
        Self { merge_minutes: rules.notice_merge_minutes }
    }
}

pub(super) fn put(
    item: &NoticeRules,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let (rules, before) = part_unchanged(batch, org, expected, |rules| NoticeRules::from(rules))?;
    let mut reading = Reading::default();
    if !(0..=MERGE_MAX).contains(&item.merge_minutes) {
        reading.fault(Fault::new("out_of_range", "merge_minutes").with("max", MERGE_MAX.to_string()));
    }
    reading.refuse()?;
    let after = CompanyRules { notice_merge_minutes: item.merge_minutes, ..rules };
    replace_part(
        batch,
        org,
        by,
        ("put_notice_rules", "notices"),
        (&before, &NoticeRules::from(&after)),
        &after,
    )
}
