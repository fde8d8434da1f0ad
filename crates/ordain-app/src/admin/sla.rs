//! The table of deadlines: replaced as a whole, after everything in it that cannot be has been named. Open tasks that go
//! by it are due anew.

use super::AdminDone;
use super::document::{replace, unchanged};
use super::known::Known;
use super::reading::{Reading, shortened};
use crate::case::decide::By;
use crate::gate::{Batch, GateError, SLA};
use crate::problem::Fault;
use ordain_flow::doc::Stage;
use ordain_flow::sla::{Sla, SlaRow};
use ordain_store::Keys;
use serde::Deserialize;
use std::collections::BTreeSet;

const ROWS_MAX: usize = 200;
/// Longest deadline, in working minutes: about three months of working days.
const MINUTES_MAX: i64 = 28_800;

/// A row as it is put; what is empty is not asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlaItem {
    pub stage: Option<String>,
    pub department: Option<String>,
    pub order_type: Option<String>,
    pub customer_level: Option<String>,
    pub minutes: i64,
    pub remind_before_minutes: Option<i64>,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, SLA.to_owned()));
    keys.directories.insert(org);
}

pub(super) fn put(
    items: &[SlaItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: Sla = unchanged(batch, org, SLA, expected)?;
    let (mut reading, mut seen, mut read) = (Reading::default(), BTreeSet::new(), Vec::new());
    if items.len() > ROWS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", ROWS_MAX.to_string()));
    }
    let known = Known::of(batch, org);
    for (index, item) in items.iter().enumerate().take(ROWS_MAX) {
        let row = row(item, &format!("items[{index}]"), &known, &mut reading);
        let asked = (row.stage, row.department.clone(), row.order_type.clone(), row.customer_level.clone());
        reading.once(&mut seen, asked, format!("items[{index}]"));
        read.push(row);
    }
    reading.refuse()?;
    replace(batch, org, by, "put_sla", SLA, (&before, &Sla { items: read }))
}

fn row(item: &SlaItem, at: &str, known: &Known<'_>, reading: &mut Reading) -> SlaRow {
    let mut given = |text: &Option<String>, name: &str| {
        let text = reading.text(text.as_deref(), None, format!("{at}.{name}"));
        Some(text).filter(|text| !text.is_empty())
    };
    let (stage, department) = (given(&item.stage, "stage"), given(&item.department, "department"));
    let (order_type, customer_level) =
        (given(&item.order_type, "order_type"), given(&item.customer_level, "customer_level"));
    if let Some(code) = &department {
        known.check_department(code, format!("{at}.department"), reading);
    }
    let minutes = reading.minutes(item.minutes, MINUTES_MAX, format!("{at}.minutes"));
    let before = item
        .remind_before_minutes
        .map(|before| reading.minutes(before, i64::from(minutes), format!("{at}.remind_before_minutes")));
    let stage = stage.and_then(|name| self::stage(&name, format!("{at}.stage"), reading));
    SlaRow { stage, department, order_type, customer_level, minutes, remind_before_minutes: before }
}

fn stage(name: &str, path: String, reading: &mut Reading) -> Option<Stage> {
    let stage = serde_json::from_value(serde_json::Value::String(name.to_owned())).ok();
    if stage.is_none() {
        reading.fault(Fault::new("unknown_stage", path).with("found", shortened(name)));
    }
    stage
}
