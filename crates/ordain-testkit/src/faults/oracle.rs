//! Judges a database file by reading its tables, without the code that wrote them: only the fold of events and the
//! hash of an entry are shared, because they define what the log means.

use super::ask::Receipt;
use super::seed::ORG;
use crate::cluster::psql;
use crate::home::Home;
use ordain_app::audit;
use ordain_app::case::event::{Event, apply};
use ordain_app::case::{Case, TaskState};
use ordain_domain::audit::{Entry, GENESIS, Hash, entry_hash};
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_store::Store;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use uuid::Uuid;

/// What was found in a file.
#[derive(Debug, Default)]
pub struct Verdict {
    pub orders: usize,
    pub confirmed: usize,
    pub entries: usize,
    pub mails: usize,
    pub violations: Vec<String>,
}

type Reservation = (u32, String, String, i64, String);

/// Everything in the file, by order.
struct Tables {
    cases: BTreeMap<Uuid, (Case, Hash)>,
    log: BTreeMap<Uuid, Folded>,
    reservations: BTreeMap<Uuid, BTreeSet<Reservation>>,
    tasks: BTreeMap<Uuid, BTreeMap<Uuid, String>>,
    mails: BTreeMap<Uuid, Vec<Uuid>>,
    entries: usize,
}

/// An order's log, folded, and the mails it asked for.
#[derive(Default)]
struct Folded {
    case: Option<Case>,
    entries: i64,
    head: Hash,
    mails: Vec<Uuid>,
}

/// What the product's own verification says: it must see no damage where there is none.
fn verify(path: &Path) -> Vec<String> {
    let store = match Store::open_reader(path) {
        Ok(store) => store,
        Err(error) => return vec![format!("verify: {error}")],
    };
    match audit::verify(&store, ORG, false, None, &mut |_| {}) {
        Ok(report) => {
            report.first_problem.map(|problem| format!("verify: {problem:?}")).into_iter().collect()
        }
        Err(error) => vec![format!("verify: {error}")],
    }
}

/// Examines the file and what clients were told about it.
///
/// # Panics
/// If the file cannot be opened at all.
pub fn examine(path: &Path, acknowledged: &[Receipt]) -> Verdict {
    let db = Connection::open(path).expect("the database can be opened");
    let mut verdict = Verdict::default();
    sound(&db, &mut verdict.violations);
    match tables(&db, &mut verdict.violations) {
        Ok(tables) => judge(&db, &tables, acknowledged, &mut verdict),
        Err(error) => verdict.violations.push(format!("unreadable: {error}")),
    }
    verdict.violations.extend(verify(path));
    verdict
}

fn judge(db: &Connection, tables: &Tables, acknowledged: &[Receipt], verdict: &mut Verdict) {
    let found = &mut verdict.violations;
    for receipt in acknowledged {
        if tables.cases.get(&receipt.id).is_none_or(|(case, _)| case.version < receipt.version) {
            found
                .push(format!("lost: order {} version {} was acknowledged", receipt.number, receipt.version));
        }
    }
    for (id, (case, head)) in &tables.cases {
        order(*id, case, head, tables, found);
    }
    for id in tables.log.keys().filter(|id| !tables.cases.contains_key(id)) {
        found.push(format!("half: order {id} has a log but no row"));
    }
    for id in tables.reservations.keys().filter(|id| !tables.cases.contains_key(id)) {
        found.push(format!("orphan: reservation of {id} without an order"));
    }
    for id in tables.tasks.keys().chain(tables.mails.keys()).filter(|id| !tables.cases.contains_key(id)) {
        found.push(format!("orphan: task or mail of {id} without an order"));
    }
    if let Err(error) = sums(db, tables, found) {
        found.push(format!("unreadable: {error}"));
    }
    verdict.orders = tables.cases.len();
    verdict.confirmed =
        tables.cases.values().filter(|(case, _)| case.order.status == Status::Confirmed).count();
    verdict.entries = tables.entries;
    verdict.mails = tables.mails.values().map(Vec::len).sum();
}

/// The file as such.
fn sound(db: &Connection, found: &mut Vec<String>) {
    for check in ["integrity_check", "foreign_key_check"] {
        let mut lines = Vec::new();
        let done = db.pragma_query(None, check, |row| {
            lines.push(row.get::<_, String>(0)?);
            Ok(())
        });
        found.extend(done.err().map(|error| format!("{check}: {error}")));
        found.extend(lines.into_iter().filter(|line| line != "ok").map(|line| format!("{check}: {line}")));
    }
}

fn tables(db: &Connection, found: &mut Vec<String>) -> rusqlite::Result<Tables> {
    let mut tables = Tables {
        cases: BTreeMap::new(),
        log: BTreeMap::new(),
        reservations: BTreeMap::new(),
        tasks: BTreeMap::new(),
        mails: BTreeMap::new(),
        entries: 0,
    };
    let mut statement = db.prepare("SELECT id, head, body FROM orders")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(0)?);
        match serde_json::from_str(&row.get::<_, String>(2)?) {
            Ok(case) => drop(tables.cases.insert(id, (case, row.get(1)?))),
            Err(error) => found.push(format!("half: order {id} cannot be read: {error}")),
        }
    }
    read_log(db, &mut tables, found)?;
    let mut statement =
        db.prepare("SELECT order_id, line, product, warehouse, qty_milli, kind FROM reservation")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let held = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?);
        tables.reservations.entry(Uuid::from_bytes(row.get(0)?)).or_default().insert(held);
    }
    let mut statement = db.prepare("SELECT order_id, id, state FROM task")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let of = tables.tasks.entry(Uuid::from_bytes(row.get(0)?)).or_default();
        of.insert(Uuid::from_bytes(row.get(1)?), row.get(2)?);
    }
    let mut statement = db.prepare("SELECT order_id, id FROM outbox WHERE channel = 'mail' ORDER BY seq")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let id = Uuid::from_bytes(row.get(1)?);
        tables.mails.entry(Uuid::from_bytes(row.get(0)?)).or_default().push(id);
    }
    Ok(tables)
}

/// Walks the log in its order: numbers without a gap, chains without a break; folds each order on the way.
fn read_log(db: &Connection, tables: &mut Tables, found: &mut Vec<String>) -> rusqlite::Result<()> {
    let sql = "SELECT org_id, seq, subject, subject_seq, at_ms, actor, command, reason, events, hash, prev, order_id
        FROM log ORDER BY org_id, seq";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query(())?;
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let texts: [String; 4] = [row.get(2)?, row.get(5)?, row.get(6)?, row.get(8)?];
        let reason: Option<String> = row.get(7)?;
        let (org, seq, at_ms): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(4)?);
        let before = last.insert(org, seq).unwrap_or(0);
        if seq != before + 1 {
            found.push(format!("log: entry {seq} follows {before}"));
        }
        tables.entries += 1;
        let Some(id) = row.get::<_, Option<[u8; 16]>>(11)?.map(Uuid::from_bytes) else { continue };
        let folded = tables.log.entry(id).or_default();
        let entry = Entry {
            org,
            seq,
            subject: &texts[0],
            subject_seq: row.get(3)?,
            at_ms,
            actor: &texts[1],
            command: &texts[2],
            reason: reason.as_deref(),
            events: &texts[3],
        };
        let prev: Hash = row.get(10)?;
        let hash: Hash = row.get(9)?;
        let expected = if folded.entries == 0 { GENESIS } else { folded.head };
        if prev != expected || hash != entry_hash(&prev, &entry) || entry.subject_seq != folded.entries + 1 {
            found.push(format!("log: the chain of {id} breaks at entry {seq}"));
        }
        folded.head = hash;
        folded.entries += 1;
        fold(folded, &texts[3], at_ms, found);
    }
    Ok(())
}

fn fold(folded: &mut Folded, events: &str, at_ms: i64, found: &mut Vec<String>) {
    let events: Vec<Event> = match serde_json::from_str(events) {
        Ok(events) => events,
        Err(error) => return found.push(format!("log: events cannot be read: {error}")),
    };
    for event in &events {
        match event {
            Event::Order(OrderEvent::NoticeQueued { id, channel, .. }) if channel == "mail" => {
                folded.mails.push(*id);
            }
            // A customer without an address: nothing was put into the outbox.
            Event::Order(OrderEvent::NoticeFailed { id, why }) if why == "no_address" => {
                folded.mails.retain(|mail| mail != id);
            }
            _ => {}
        }
        apply(&mut folded.case, event, at_ms);
    }
    if let Some(case) = &mut folded.case {
        case.version = folded.entries;
    }
}

/// One order: row, log, reservations, tasks and mails say the same.
fn order(id: Uuid, case: &Case, head: &Hash, tables: &Tables, found: &mut Vec<String>) {
    let number = &case.order.number;
    let Some(folded) = tables.log.get(&id) else {
        return found.push(format!("half: order {number} has no log"));
    };
    if folded.head != *head {
        found.push(format!("half: the head of order {number} is not its last entry"));
    }
    if folded.case.as_ref() != Some(case) {
        found.push(format!("half: order {number} is not the fold of its log"));
    }
    let kind = if case.order.status.is_firm() { "hard" } else { "soft" };
    let held: BTreeSet<Reservation> = case
        .order
        .stock_taken()
        .iter()
        .map(|held| {
            (held.line, held.product.clone(), held.warehouse.clone(), held.qty_milli, kind.to_owned())
        })
        .collect();
    if tables.reservations.get(&id).cloned().unwrap_or_default() != held {
        found.push(format!("half: the reservations of order {number} differ from what it holds"));
    }
    let name = |state: &TaskState| match state {
        TaskState::Open => "open",
        TaskState::Done { .. } => "done",
        TaskState::Closed { .. } => "closed",
    };
    let wanted: BTreeMap<Uuid, String> =
        case.tasks.values().map(|task| (task.id, name(&task.state).to_owned())).collect();
    if tables.tasks.get(&id).cloned().unwrap_or_default() != wanted {
        found.push(format!("half: the tasks of order {number} differ"));
    }
    mails(case, folded, tables.mails.get(&id).map_or(&[][..], Vec::as_slice), found);
}

/// Exactly the mails that the log asked for, and one confirmation per confirmed revision.
fn mails(case: &Case, folded: &Folded, outbox: &[Uuid], found: &mut Vec<String>) {
    let number = &case.order.number;
    if outbox != folded.mails {
        let (there, wanted) = (outbox.len(), folded.mails.len());
        found.push(format!(
            "mail: order {number} has {there} mails in the outbox, its log asked for {wanted}"
        ));
    }
    let confirmed = usize::from(case.order.status == Status::Confirmed);
    let notices = case.notices.iter().filter(|notice| notice.channel == "mail").count();
    if notices != confirmed {
        found.push(format!("mail: order {number} is {:?} with {notices} mails", case.order.status));
    }
}

/// Sums over all orders: stock, exposure, counts and numbers.
fn sums(db: &Connection, tables: &Tables, found: &mut Vec<String>) -> rusqlite::Result<()> {
    found.extend(shelves(db)?.iter().flat_map(faults_of_shelf));
    let count: i64 = db.query_row("SELECT coalesce(sum(n), 0) FROM order_count", (), |row| row.get(0))?;
    if usize::try_from(count) != Ok(tables.cases.len()) {
        found.push(format!("half: {} orders are counted as {count}", tables.cases.len()));
    }
    let exposure: i64 =
        db.query_row("SELECT coalesce(sum(exposure_minor), 0) FROM exposure", (), |row| row.get(0))?;
    let held = tables.cases.values().filter_map(|(case, _)| case.order.credit_taken());
    if exposure != held.map(|held| held.minor).sum::<i64>() {
        found.push("half: the exposure differs from what the orders hold".to_owned());
    }
    let mut pos: BTreeMap<&String, usize> = BTreeMap::new();
    for po in tables.cases.values().filter_map(|(case, _)| case.order.content.customer_po.as_ref()) {
        *pos.entry(po).or_default() += 1;
    }
    // The bars give every ask a purchase order number of its own.
    found.extend(
        pos.iter().filter(|(_, n)| **n > 1).map(|(po, n)| format!("twice: {po} was placed {n} times")),
    );
    let numbers: BTreeSet<&String> = tables.cases.values().map(|(case, _)| &case.order.number).collect();
    if numbers.len() != tables.cases.len() {
        found.push("half: two orders share a number".to_owned());
    }
    Ok(())
}

/// What every shelf has that may be promised, what of it is counted as reserved, and what orders hold of it.
const SHELVES: &str =
    "SELECT s.product || '/' || s.warehouse, s.on_hand_milli - s.frozen_milli - s.safety_milli,
        s.reserved_milli, coalesce(r.held, 0)
    FROM stock s LEFT JOIN (
        SELECT org_id, product, warehouse, sum(qty_milli) AS held FROM reservation GROUP BY 1, 2, 3) r
        ON r.org_id = s.org_id AND r.product = s.product AND r.warehouse = s.warehouse";

type Shelf = (String, i64, i64, i64);

fn shelves(db: &Connection) -> rusqlite::Result<Vec<Shelf>> {
    let mut statement = db.prepare(SHELVES)?;
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    rows.collect()
}

/// The same of a server, through its own client.
fn shelves_of_server(url: &str) -> Result<Vec<Shelf>, String> {
    let said = psql(url, SHELVES)?;
    let shelf = |line: &str| {
        let [place, usable, reserved, held]: [&str; 4] =
            line.split('|').collect::<Vec<_>>().try_into().ok()?;
        Some((place.to_owned(), usable.parse().ok()?, reserved.parse().ok()?, held.parse().ok()?))
    };
    said.lines().map(|line| shelf(line).ok_or_else(|| format!("unreadable: {line}"))).collect()
}

/// On hand = free + reserved, with nothing below zero and every reserved piece somebody's: as of one moment.
///
/// # Errors
/// If the tables cannot be read.
pub fn stock_faults(home: &Home) -> Result<Vec<String>, String> {
    let shelves = match home {
        Home::File(path) => {
            Connection::open(path).and_then(|db| shelves(&db)).map_err(|error| error.to_string())
        }
        Home::Server(url) => shelves_of_server(url),
    };
    shelves.map(|shelves| shelves.iter().flat_map(faults_of_shelf).collect())
}

fn faults_of_shelf((place, usable, reserved, held): &Shelf) -> Vec<String> {
    let mut found = Vec::new();
    if reserved > usable || held > usable {
        found.push(format!("oversold: {place} has {usable}, reserved {reserved}, held {held}"));
    }
    if reserved != held {
        found.push(format!("orphan: {place} counts {reserved} as reserved, orders hold {held}"));
    }
    found
}
