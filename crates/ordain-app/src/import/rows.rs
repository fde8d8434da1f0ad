//! From findings with paths to findings with rows: whoever sent the file looks for a row number.

use super::content::Draft;
use super::{RowReport, RowStatus};
use crate::problem::Fault;
use ordain_domain::finding::Finding;
use std::collections::BTreeMap;

/// The number in `lines[3].quantity` or `items[3]`.
pub(super) fn index(path: &str, list: &str) -> Option<usize> {
    let rest = path.strip_prefix(list)?.strip_prefix('[')?;
    rest.get(..rest.find(']')?)?.parse().ok()
}

/// One report per row of an order: findings of a line stand in its row, those of the order in the first.
pub(super) fn of_order(
    draft: &Draft,
    status: RowStatus,
    number: Option<String>,
    findings: &[Finding],
) -> Vec<RowReport> {
    let mut by_row: BTreeMap<u32, Vec<Fault>> = draft.rows.iter().map(|row| (*row, Vec::new())).collect();
    for (row, fault) in &draft.faults {
        by_row.entry(*row).or_default().push(fault.clone());
    }
    for finding in findings {
        let line = index(&finding.path, "lines").and_then(|line| draft.rows.get(line)).copied();
        let fault = Fault {
            code: finding.code.name().to_owned(),
            path: finding.path.clone(),
            facts: finding.facts.clone(),
        };
        by_row.entry(line.unwrap_or_else(|| draft.first_row())).or_default().push(fault);
    }
    let report = |(row, findings)| RowReport { row, order: number.clone(), status, findings };
    by_row.into_iter().map(report).collect()
}
