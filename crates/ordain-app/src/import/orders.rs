//! Orders from a file. Each gets its id from the file's hash and its first row, so that the same row of the same
//! file is the same order for ever; an order of the same customer and customer PO is recognised as well.

use super::content::{Draft, draft};
use super::{DOOR, ImportFile, ImportOptions, ImportRefusal, ImportReport, RowReport, RowStatus, Table};
use super::{keep_file, read};
use crate::admin::{AdminCommand, AdminDone, KeptIntake, Preview, patiently};
use crate::app::App;
use crate::case::decide::{By, OrderCommand, Place};
use crate::gate::{Command, Done, Envelope, GateError, IdempotencyKey};
use crate::problem::Fault;
use ordain_connect::mapping::{Kind, OrderSheet, orders};
use ordain_domain::actor::Actor;
use ordain_domain::finding::{Finding, Severity};
use ordain_domain::order::content::LINES_MAX;
use ordain_domain::order::{Content, Status};
use ordain_store::Hash;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use uuid::Uuid;

/// Orders under way at the same time: enough to fill commits.
const WINDOW: usize = 256;
/// Lines looked at in one preview, so that other commands get their turn.
const PREVIEWED_LINES: usize = 1_000;

/// One import under way.
struct Import<'a> {
    app: &'a App,
    org: i64,
    actor: Actor,
    file: &'a ImportFile,
    table: Table,
    options: ImportOptions,
    /// When this file was first seen.
    seen_ms: i64,
}

/// What became of one order of the file.
struct Outcome {
    status: RowStatus,
    number: Option<String>,
    findings: Vec<Finding>,
}

/// Takes every order of a file.
///
/// # Errors
/// If the file cannot be read or the Gate not be reached. What was taken before that stays, and is recognised when
/// the file is handed in again.
pub async fn import_orders(
    app: &App,
    org: i64,
    actor: Actor,
    file: &ImportFile,
    options: ImportOptions,
) -> Result<ImportReport, ImportRefusal> {
    let table = match read(file, Kind::Orders).await {
        Ok(table) => table,
        Err(refusal) => {
            if !options.dry_run {
                keep_file(app, org, actor, file, &refusal).await?;
            }
            return Err(refusal);
        }
    };
    let sheet = orders(&table.sheet, &table.mapping);
    let drafts: Vec<Draft> = sheet.orders.iter().map(|order| draft(order, &table.mapping)).collect();
    let mut import = Import { app, org, actor, file, table, options, seen_ms: 0 };
    let (drafts, too_long): (Vec<Draft>, Vec<Draft>) =
        drafts.into_iter().partition(|draft| draft.content.lines.len() <= LINES_MAX);
    let again = import.remember(&sheet, &too_long).await?;
    let outcomes = import.take(&drafts, again).await?;
    let report = import.table.report(Kind::Orders, &file.name, options.dry_run);
    Ok(tell(report, &sheet, &drafts, &too_long, outcomes))
}

impl Import<'_> {
    /// Notes the file, with what of it cannot be read; says whether it was known.
    async fn remember(&mut self, sheet: &OrderSheet, too_long: &[Draft]) -> Result<bool, GateError> {
        let hash = self.table.hash;
        if self.options.dry_run {
            let key = format!("import:{}", hex::encode(hash));
            let seen = self.app.store.setting(self.org, &key)?.and_then(|row| row.value.parse().ok());
            self.seen_ms = seen.unwrap_or_default();
            return Ok(seen.is_some());
        }
        let kept = |row: u32, code: &str| KeptIntake {
            door: DOOR.to_owned(),
            hash,
            size: self.table.size,
            code: code.to_owned(),
            detail: json!({ "file": self.file.name, "row": row }).to_string(),
            head: Vec::new(),
        };
        let unreadable = sheet.problems.iter().map(|problem| kept(problem.row, problem.code));
        let too_long = too_long.iter().map(|draft| kept(draft.first_row(), "too_many_lines"));
        let mut unreadable: Vec<KeptIntake> = unreadable.chain(too_long).collect();
        if let Some(first) = unreadable.first_mut() {
            // One item holds the file's beginning for all of them.
            first.head = self.file.bytes.iter().copied().take(64 * 1_024).collect();
        }
        let command = AdminCommand::RememberImport { hash, name: self.file.name.clone(), unreadable };
        match self.app.admin(self.org, self.actor.clone(), command).await? {
            AdminDone::Remembered { at_ms, again } => {
                self.seen_ms = at_ms;
                Ok(again)
            }
            other => Err(GateError::Bug(format!("remembering a file answered {other:?}"))),
        }
    }

    async fn take(&self, drafts: &[Draft], again: bool) -> Result<Vec<Outcome>, GateError> {
        let ids: Vec<Uuid> =
            drafts.iter().map(|draft| order_id(self.seen_ms, &self.table.hash, draft.first_row())).collect();
        let own: BTreeSet<Uuid> = ids.iter().copied().collect();
        let mut outcomes: BTreeMap<usize, Outcome> = BTreeMap::new();
        if again {
            for (index, id) in ids.iter().enumerate() {
                if let Some(row) = self.app.store.order_by_id(self.org, id.into_bytes())? {
                    outcomes.insert(index, Outcome::repeated(row.number));
                }
            }
        }
        let mut placing: VecDeque<(usize, Answer)> = VecDeque::new();
        let open: Vec<usize> = (0..drafts.len()).filter(|index| !outcomes.contains_key(index)).collect();
        for chunk in chunks(&open, drafts) {
            let previews = self.preview(chunk, drafts).await?;
            for (index, preview) in chunk.iter().copied().zip(previews) {
                let (Some(draft), Some(id)) = (drafts.get(index), ids.get(index).copied()) else { continue };
                // Two orders of one file under one PO are both meant: the checks have a word for that.
                let twin = preview.twin.filter(|(id, _)| !own.contains(id));
                if let Some((_, number)) = twin {
                    outcomes.insert(index, Outcome::repeated(number));
                } else if self.options.dry_run {
                    outcomes.insert(index, Outcome::foreseen(preview.checked.findings, draft));
                } else {
                    if placing.len() >= WINDOW {
                        self.settle(placing.pop_front(), &ids, &mut outcomes).await?;
                    }
                    let envelope = self.envelope(id, draft, preview.content);
                    placing.push_back((index, patiently(self.app, &envelope).await?));
                }
            }
        }
        while !placing.is_empty() {
            self.settle(placing.pop_front(), &ids, &mut outcomes).await?;
        }
        Ok(outcomes.into_values().collect())
    }

    async fn preview(&self, chunk: &[usize], drafts: &[Draft]) -> Result<Vec<Preview>, GateError> {
        let drafts: Vec<&Draft> = chunk.iter().filter_map(|index| drafts.get(*index)).collect();
        let orders = drafts.iter().map(|draft| draft.content.clone()).collect();
        let command = AdminCommand::PreviewOrders { orders, fill: self.options.fill_defaults };
        let done = self.app.admin(self.org, self.actor.clone(), command).await?;
        let AdminDone::Previewed(mut previews) = done else {
            return Err(GateError::Bug(format!("a preview answered {done:?}")));
        };
        for (preview, draft) in previews.iter_mut().zip(drafts) {
            for line in &draft.unreadable_prices {
                if let Some(line) = preview.content.lines.get_mut(*line) {
                    line.unit_price = None;
                }
            }
        }
        Ok(previews)
    }

    fn envelope(&self, id: Uuid, draft: &Draft, content: Content) -> Envelope {
        let hash = hex::encode(self.table.hash);
        let source = json!({
            "kind": "file",
            "name": self.file.name,
            "hash": hash,
            "rows": draft.rows,
            "encoding": self.table.sheet.encoding,
        });
        let place = Place {
            channel: "excel".to_owned(),
            source: Some(source),
            content,
            submit: true,
            reasons: BTreeMap::new(),
            entered_later: None,
        };
        let command = OrderCommand::Place(Box::new(place));
        let key = format!("{hash}:{}", draft.first_row());
        let key = IdempotencyKey {
            caller: DOOR.to_owned(),
            fingerprint: Sha256::digest(key.as_bytes()).into(),
            key,
            // Two imports of one file at the same time: the second learns the number.
            render: Arc::new(|done| match done {
                Done::Order(case) => (201, case.order.number.clone()),
                _ => (500, String::new()),
            }),
        };
        let by = By { actor: self.actor.clone(), at_ms: self.app.clock.now_ms(), id };
        let command = Command::Order { id: None, expected: None, command };
        Envelope { org: self.org, by, key: Some(key), command }
    }

    async fn settle(
        &self,
        placed: Option<(usize, Answer)>,
        ids: &[Uuid],
        outcomes: &mut BTreeMap<usize, Outcome>,
    ) -> Result<(), GateError> {
        let Some((index, answer)) = placed else { return Ok(()) };
        let gone = |_| GateError::Unavailable("the committer has stopped".to_owned());
        let outcome = match answer.await.map_err(gone)? {
            Ok(Done::Order(case)) => Outcome {
                status: match case.order.status {
                    Status::Incomplete => RowStatus::Incomplete,
                    _ => RowStatus::Created,
                },
                number: Some(case.order.number.clone()),
                findings: case.order.checked.findings.clone(),
            },
            Ok(Done::Replayed { body, .. }) => Outcome::repeated(body),
            Ok(other) => return Err(GateError::Bug(format!("placing an order answered {other:?}"))),
            Err(error) => {
                // Its id is taken: another import of the same file was faster.
                let id = ids.get(index).map(|id| id.into_bytes()).unwrap_or_default();
                let row = self.app.store.order_by_id(self.org, id)?;
                Outcome::repeated(row.ok_or(error)?.number)
            }
        };
        outcomes.insert(index, outcome);
        Ok(())
    }
}

type Answer = tokio::sync::oneshot::Receiver<Result<Done, GateError>>;

impl Outcome {
    fn repeated(number: String) -> Self {
        Self { status: RowStatus::Repeated, number: Some(number), findings: Vec::new() }
    }

    fn foreseen(findings: Vec<Finding>, draft: &Draft) -> Self {
        let blocked = !draft.unreadable_prices.is_empty()
            || findings.iter().any(|finding| finding.code.severity() == Severity::Blocker);
        let status = if blocked { RowStatus::Incomplete } else { RowStatus::Created };
        Self { status, number: None, findings }
    }
}

/// Consecutive orders with about as many lines as one preview takes.
fn chunks<'a>(open: &'a [usize], drafts: &[Draft]) -> Vec<&'a [usize]> {
    let lines = |index: &usize| drafts.get(*index).map_or(0, |draft| draft.content.lines.len().max(1));
    let mut chunks = Vec::new();
    let mut rest = open;
    while !rest.is_empty() {
        let mut sum = 0;
        let fits = rest.iter().take_while(|index| {
            sum += lines(index);
            sum <= PREVIEWED_LINES
        });
        let (chunk, after) = rest.split_at(fits.count().max(1));
        chunks.push(chunk);
        rest = after;
    }
    chunks
}

/// A UUIDv7 of the time when the file was first seen, ordered by row. The last 16 bits are left to the ids of the
/// order's own parts.
fn order_id(seen_ms: i64, hash: &Hash, row: u32) -> Uuid {
    let file = hash.iter().take(5).fold(0u64, |bits, byte| (bits << 8) | u64::from(*byte));
    let row = u64::from(row) & 0x3_FFFF;
    let high = ((seen_ms.unsigned_abs() & 0xFFFF_FFFF_FFFF) << 16) | 0x7000 | (row >> 6);
    let low = (0b10 << 62) | ((row & 0x3F) << 56) | (file << 16);
    Uuid::from_u64_pair(high, low)
}

/// Spreads what became of the orders over the rows of the file.
fn tell(
    mut report: ImportReport,
    sheet: &OrderSheet,
    drafts: &[Draft],
    too_long: &[Draft],
    outcomes: Vec<Outcome>,
) -> ImportReport {
    report.unmapped.clone_from(&sheet.unmapped);
    for (draft, outcome) in drafts.iter().zip(outcomes) {
        match outcome.status {
            RowStatus::Repeated => report.repeated += 1,
            RowStatus::Incomplete => report.incomplete += 1,
            _ => report.created += 1,
        }
        report.rows.extend(super::rows::of_order(draft, outcome.status, outcome.number, &outcome.findings));
    }
    let unreadable = |row: u32, fault: Fault| RowReport {
        row,
        order: None,
        status: RowStatus::Unreadable,
        findings: vec![fault],
    };
    let problems = sheet.problems.iter();
    report.rows.extend(problems.map(|problem| unreadable(problem.row, Fault::new(problem.code, ""))));
    let rows = too_long.iter().flat_map(|draft| &draft.rows);
    let fault = Fault::new("too_many_lines", "lines").with("most", LINES_MAX.to_string());
    report.rows.extend(rows.map(|row| unreadable(*row, fault.clone())));
    report.rows.sort_by_key(|row| row.row);
    report.applied = report.created + report.incomplete > 0;
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_files_have_ids_of_their_own_in_the_order_of_rows() {
        let at = |file: u8, row| order_id(1_795_399_200_000, &[file; 32], row);
        let ids: Vec<Uuid> = (1..=200_000).map(|row| at(7, row)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert_ne!(at(7, 2), at(8, 2));
        assert_eq!((at(7, 2).get_version_num(), at(7, 2).get_variant()), (7, uuid::Variant::RFC4122));
        assert_eq!(at(7, 2).as_u128() & 0xFFFF, 0);
    }
}
