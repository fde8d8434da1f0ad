//! What the company's figures are measured by: part of its rules, replaced as a whole.

use super::AdminDone;
use super::change::Change;
use super::document::{expect, keep, row, stored, tag_of};
use super::reading::Reading;
use crate::case::decide::By;
use crate::gate::{Batch, COMPANY, GateError};
use crate::problem::Fault;
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
    batch.house(org)?;
    let rules: CompanyRules = stored(batch, org, COMPANY)?;
    expect(expected, &rules.targets)?;
    let mut reading = Reading::default();
    check(item, &mut reading);
    reading.refuse()?;
    let shown = |targets: &FigureTargets| serde_json::to_value(targets).unwrap_or_default();
    if let Some(change) = Change::between("setting", "figures", Some(&shown(&rules.targets)), &shown(item)) {
        let after = CompanyRules { targets: item.clone(), ..rules };
        let row = row(org, COMPANY, &after)?;
        batch.record_admin(org, "put_figure_targets", by, &[change], true)?;
        keep(batch, row);
    }
    Ok(AdminDone::Tagged { tag: tag_of(item) })
}

fn check(item: &FigureTargets, reading: &mut Reading) {
    let bounds = [
        ("cycle_minutes", Some(item.cycle_minutes), 1, MINUTES_MAX),
        ("cycle_minutes_before", item.cycle_minutes_before, 1, MINUTES_MAX),
        ("complaints_permille_before", item.complaints_permille_before, 0, 1_000),
        ("complaints_less_percent", Some(item.complaints_less_percent), 0, 100),
    ];
    for (path, found, min, max) in bounds {
        if let Some(found) = found.filter(|found| *found < min || *found > max) {
            let fault = Fault::new("out_of_range", path).with("found", found.to_string());
            reading.fault(fault.with("min", min.to_string()).with("max", max.to_string()));
        }
    }
}
