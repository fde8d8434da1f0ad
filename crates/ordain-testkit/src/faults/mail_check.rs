//! What arrived at the mail server against what the database says should have.

use super::Outcome;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use uuid::Uuid;

/// The outbox as the run left it.
struct Outbox {
    /// Id of the mail of each confirmed order.
    wanted: BTreeSet<String>,
    unsent: i64,
}

/// Each arrived mail is one that a confirmed order caused, each of those arrived, and copies have their reasons.
pub(super) fn judge(db: &Path, arrived: &[String], allowed: u64, outcome: &mut Outcome) {
    let outbox = match read(db) {
        Ok(outbox) => outbox,
        Err(error) => return outcome.violations.push(format!("unreadable: {error}")),
    };
    let mut copies: BTreeMap<String, u64> = BTreeMap::new();
    for mail in arrived {
        *copies.entry(message_id(mail)).or_default() += 1;
    }
    let found = &mut outcome.violations;
    for lost in outbox.wanted.iter().filter(|id| !copies.contains_key(*id)) {
        found.push(format!("lost: mail {lost} never arrived"));
    }
    for extra in copies.keys().filter(|id| !outbox.wanted.contains(*id)) {
        found.push(format!("unasked: mail {extra} belongs to no confirmed order"));
    }
    if outbox.unsent > 0 {
        found.push(format!("lost: {} mails are not marked as sent", outbox.unsent));
    }
    let extra = arrived.len() as u64 - copies.len() as u64;
    if extra > allowed {
        found.push(format!("copies: {extra} copies with {allowed} deaths and receiver faults"));
    }
    outcome.figure("mails", arrived.len());
    outcome.figure("distinct ids", copies.len());
    outcome.figure("copies", extra);
    outcome.figure("deaths and receiver faults", allowed);
}

fn read(db: &Path) -> rusqlite::Result<Outbox> {
    let db = Connection::open(db)?;
    let sql = "SELECT b.id FROM outbox b JOIN orders o ON o.org_id = b.org_id AND o.id = b.order_id
        WHERE b.channel = 'mail' AND o.status = 'confirmed'";
    let mut statement = db.prepare(sql)?;
    let ids = statement.query_map((), |row| Ok(Uuid::from_bytes(row.get(0)?).hyphenated().to_string()))?;
    let sql = "SELECT coalesce(sum(state <> 'sent'), 0) FROM outbox";
    let unsent: i64 = db.query_row(sql, (), |row| row.get(0))?;
    let wanted = ids.collect::<Result<_, _>>()?;
    Ok(Outbox { wanted, unsent })
}

/// The part of the Message-ID before the `@`.
fn message_id(mail: &str) -> String {
    let head = mail.lines().take_while(|line| !line.is_empty());
    let line = head
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("message-id"));
    let id = line.map_or("", |(_, id)| id.trim()).trim_start_matches('<');
    id.split('@').next().unwrap_or_default().to_owned()
}
