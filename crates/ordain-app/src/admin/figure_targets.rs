//! What the company's figures are measured by: part of its rules, replaced as a whole.

use super::AdminDone;
use super::company::{part_unchanged, replace_part};
use super::reading::Reading;
use crate::case::decide::By;
use crate::gate::{Batch, GateError};
use ordain_domain::master::{CompanyRules, FigureTargets};

/// About half a year of working time.
const MINUTES_MAX: i64 = 60_000;

pub(super) fn put(
    item: &FigureTargets,
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let (rules, before) = part_unchanged(batch, org, expected, |rules| rules.targets.clone())?;
    let mut reading = Reading::default();
    check(item, &mut reading);
    reading.refuse()?;
    let after = CompanyRules { targets: item.clone(), ..rules };
    replace_part(batch, org, by, ("put_figure_targets", "figures"), (&before, item), &after)
}

fn check(item: &FigureTargets, reading: &mut Reading) {
    let bounds = [
        ("cycle_minutes", Some(item.cycle_minutes), 1..=MINUTES_MAX),
        ("cycle_minutes_before", item.cycle_minutes_before, 1..=MINUTES_MAX),
        ("complaints_permille_before", item.complaints_permille_before, 0..=1_000),
        ("complaints_less_percent", Some(item.complaints_less_percent), 0..=100),
        ("unreceived_minutes", Some(item.unreceived_minutes), 0..=MINUTES_MAX),
        ("stall_minutes", Some(item.stall_minutes), 0..=MINUTES_MAX),
    ];
    for (path, found, allowed) in bounds {
        reading.within(found, &allowed, path);
    }
}
