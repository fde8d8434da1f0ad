//! To whom figures are mailed, and how often; and letting one mail of each period leave.

use super::AdminDone;
use super::document::{keep, replace, row, stored, unchanged};
use super::people::is_address;
use super::reading::{Reading, shortened};
use crate::case::decide::By;
use crate::figures::{Board, DIGESTS, DIGESTS_TOLD, Digest, Digests, Every, Told};
use crate::gate::{Batch, FigureMail, GateError, figure_mail_row};
use crate::problem::Fault;
use jiff::civil::Date;
use ordain_store::Keys;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const DIGESTS_MAX: usize = 50;
const RECIPIENTS_MAX: usize = 50;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DigestItem {
    pub code: String,
    /// `day`, `week` or `month`.
    pub every: String,
    /// `all`, `overview`, `lost` or `speed`.
    pub board: String,
    pub to: Vec<String>,
    /// `zh-CN` or `en`.
    pub lang: String,
}

pub(super) fn keys(org: i64, keys: &mut Keys) {
    keys.settings.insert((org, DIGESTS.to_owned()));
    keys.settings.insert((org, DIGESTS_TOLD.to_owned()));
}

pub(super) fn put(
    items: &[DigestItem],
    expected: Option<i64>,
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let before: Digests = unchanged(batch, org, DIGESTS, expected)?;
    let (mut reading, mut seen, mut read) = (Reading::default(), BTreeSet::new(), Vec::new());
    if items.len() > DIGESTS_MAX {
        reading.fault(Fault::new("too_many_items", "items").with("most", DIGESTS_MAX.to_string()));
    }
    for (index, item) in items.iter().enumerate().take(DIGESTS_MAX) {
        let digest = digest(item, index, &mut reading);
        reading.once(&mut seen, item.code.trim().to_owned(), format!("items[{index}].code"));
        read.extend(digest);
    }
    reading.refuse()?;
    let after = Digests { items: read };
    replace(batch, org, by, "put_digests", DIGESTS, (&before, &after))
}

fn digest(item: &DigestItem, index: usize, reading: &mut Reading) -> Option<Digest> {
    let at = |name: &str| format!("items[{index}].{name}");
    let mut unknown = |name: &str, found: &str| {
        reading.fault(Fault::new("unknown_value", at(name)).with("found", shortened(found)));
    };
    let every = Every::ALL.into_iter().find(|every| every.name() == item.every);
    if every.is_none() {
        unknown("every", &item.every);
    }
    let board = Board::ALL.into_iter().find(|board| board.name() == item.board);
    if board.is_none() {
        unknown("board", &item.board);
    }
    if !["zh-CN", "en"].contains(&item.lang.as_str()) {
        unknown("lang", &item.lang);
    }
    for (n, address) in item.to.iter().enumerate().filter(|(_, address)| !is_address(address)) {
        let fault = Fault::new("invalid_email", format!("items[{index}].to[{n}]"));
        reading.fault(fault.with("found", shortened(address)));
    }
    if item.to.is_empty() {
        reading.fault(Fault::new("missing_field", at("to")));
    }
    if item.to.len() > RECIPIENTS_MAX {
        reading.fault(Fault::new("too_many_items", at("to")).with("most", RECIPIENTS_MAX.to_string()));
    }
    let code = reading.code(&item.code, at("code"));
    Some(Digest { code, every: every?, board: board?, to: item.to.clone(), lang: item.lang.clone() })
}

/// Queues the mails of a period, unless they were or the digest is gone.
pub(super) fn send(
    (code, from, data): (&str, Date, &Value),
    batch: &mut Batch<'_>,
    org: i64,
    by: &By,
) -> Result<AdminDone, GateError> {
    let digests: Digests = stored(batch, org, DIGESTS)?;
    let mut told: Told = stored(batch, org, DIGESTS_TOLD)?;
    let known = digests.items.into_iter().find(|digest| digest.code == code);
    let again = told.get(code).is_some_and(|last| *last >= from);
    let Some(digest) = known.filter(|_| !again) else { return Ok(AdminDone::Nothing) };
    for to in &digest.to {
        let mail = FigureMail {
            to: to.clone(),
            template: "digest".to_owned(),
            lang: digest.lang.clone(),
            data: data.clone(),
        };
        let what = format!("{code} {from} {to}");
        let mail = figure_mail_row(org, &what, &mail, by)?;
        batch.changes().outbox.push(mail);
    }
    let event = json!([{ "put": "digest_sent", "key": code, "from": from.to_string(), "to": digest.to }]);
    batch.record_admin(org, "send_digest", by, &event, false)?;
    told.insert(code.to_owned(), from);
    keep(batch, row(org, DIGESTS_TOLD, &told)?);
    Ok(AdminDone::Nothing)
}
