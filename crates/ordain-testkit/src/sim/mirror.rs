//! What must be true of the database after every batch, worked out from the answers, the log and the truth about the
//! company, and compared with every table.

use super::cut::{Holds, taken};
use super::oracle::{Entry, Story};
use super::site::ORG;
use super::truth::{Around, Truth, gross};
use ordain_app::app::App;
use ordain_app::case::people::Directory;
use ordain_app::case::{Case, Event, event, timers};
use ordain_app::gate::covered;
use ordain_domain::audit::{self, GENESIS, Hash};
use ordain_domain::finding::Code;
use ordain_domain::order::{Event as OrderEvent, Status};
use ordain_store::{LogRow, OrderRow};
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is remembered of an order without asking the database.
pub struct Seen {
    pub case: Case,
    pub log: Vec<Entry>,
    head: Hash,
}

#[derive(Default)]
pub struct Mirror {
    pub truth: Truth,
    pub orders: BTreeMap<Uuid, Seen>,
    held: BTreeMap<(String, String), i64>,
    owed: BTreeMap<String, i64>,
    numbers: BTreeMap<String, i64>,
    /// Live orders by customer and purchase order number, oldest first.
    twins: BTreeMap<(String, String), BTreeSet<Uuid>>,
    seq: i64,
    org_head: (i64, Hash),
    pub log_hash: Vec<u8>,
    pub confirmed: u64,
    pub large_confirmed: u64,
}

macro_rules! hold {
    ($name:literal, $left:expr, $right:expr) => {
        let (left, right) = (&$left, &$right);
        if left != right {
            return Err(format!("{}: {left:?} is not {right:?}", $name));
        }
    };
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn twin_key(case: &Case) -> Option<(String, String)> {
    case.order.content.customer.clone().zip(case.order.content.customer_po.clone())
}

/// Whether the departments look at it: a first time, or beside the revision that stands.
fn looked_at(case: &Case) -> bool {
    case.order.status == Status::InReview || case.order.standing.is_some()
}

fn short_products(case: &Case) -> BTreeSet<String> {
    let short = case.order.checked.findings.iter().filter(|finding| finding.code == Code::StockShort);
    let short = short.filter(|_| looked_at(case));
    // A promise for which nothing was found yet waits for goods too, whoever has confirmed it.
    let bare = case.order.broken.iter().filter(|broken| broken.instead.is_empty());
    let bare = bare.map(|broken| broken.product.clone());
    short.filter_map(|finding| finding.facts.get("product").cloned()).chain(bare).collect()
}

fn unmatched_codes(case: &Case) -> BTreeSet<String> {
    if looked_at(case) {
        let over = case.order.open_findings().any(|finding| finding.code == Code::CreditExceeded);
        let customer = case.order.content.customer.iter().filter(|_| over);
        return customer.map(|code| format!("credit {code}")).collect();
    }
    let unknown = case.order.checked.findings.iter().filter_map(|finding| {
        let kind = match finding.code {
            Code::UnknownCustomer => "customer",
            Code::UnknownProduct => "product",
            _ => return None,
        };
        Some(format!("{kind} {}", finding.facts.get("asked")?))
    });
    unknown.filter(|_| matches!(case.order.status, Status::Draft | Status::Incomplete)).collect()
}

impl Mirror {
    pub fn of(truth: Truth) -> Self {
        Self { truth, ..Self::default() }
    }

    /// Takes in the log since the last time: gapless, chained, one subject after the other.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn read_log(&mut self, app: &App) -> Result<Vec<LogRow>, String> {
        let mut rows = Vec::new();
        loop {
            let page = app.store.log_range(ORG, self.seq + rows.len() as i64, 1_000).map_err(text)?;
            let full = page.len() == 1_000;
            rows.extend(page);
            if !full {
                break;
            }
        }
        for row in &rows {
            self.seq += 1;
            hold!("log_is_gapless", row.seq, self.seq);
            hold!("log_entry_has_its_hash", row.hash, audit::entry_hash(&row.prev, &covered(row)));
            self.log_hash.extend_from_slice(&row.hash);
            if row.order_id.is_none() {
                hold!(
                    "company_log_is_chained",
                    (row.subject_seq, row.prev),
                    (self.org_head.0 + 1, self.org_head.1)
                );
                self.org_head = (row.subject_seq, row.hash);
            }
        }
        Ok(rows)
    }

    /// Takes in one order as a command left it, with the log entry that says how.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn follow(&mut self, case: &Case, row: &LogRow, people: &Directory, app: &App) -> Result<(), String> {
        let id = case.order.id;
        let (before, mut log, head) = match self.orders.remove(&id) {
            Some(Seen { case, log, head }) => (Some(case), log, head),
            None => (None, Vec::new(), GENESIS),
        };
        let events: Vec<Event> = serde_json::from_str(&row.events).map_err(text)?;
        hold!("order_log_is_chained", (row.prev, row.subject_seq), (head, log.len() as i64 + 1));
        hold!("version_counts_log_entries", case.version, row.subject_seq);
        let mut folded = before.clone();
        for event in &events {
            let old = folded.as_ref().map(|case| case.order.status);
            event::apply(&mut folded, event, row.at_ms);
            let new = folded.as_ref().map_or(Status::Expired, |case| case.order.status);
            hold!("status_may_become", old.is_none_or(|old| old == new || old.may_become(new)), true);
        }
        if let Some(folded) = &mut folded {
            folded.version += 1;
        }
        hold!("state_is_the_fold_of_the_log", folded.as_ref(), Some(case));
        self.number(case, before.is_none(), row, app)?;
        self.count(before.as_ref(), case);
        log.push((row.at_ms, events));
        self.orders.insert(id, Seen { case: case.clone(), log, head: row.hash });
        self.judge(id, people, app)
    }

    fn number(&mut self, case: &Case, new: bool, row: &LogRow, app: &App) -> Result<(), String> {
        let Some(house) = app.gate.houses().get(ORG).filter(|_| new) else { return Ok(()) };
        let day = house.calendar.date_at(row.at_ms).to_string().replace('-', "");
        let n = self.numbers.entry(day.clone()).or_default();
        *n += 1;
        hold!("numbers_are_gapless_per_day", case.order.number, format!("SO-{day}-{n:06}"));
        Ok(())
    }

    /// Moves the sums from what the order was to what it is.
    fn count(&mut self, before: Option<&Case>, after: &Case) {
        for (case, sign) in before.map(|case| (case, -1)).into_iter().chain([(after, 1)]) {
            for (place, milli) in taken(&case.order) {
                *self.held.entry(place).or_default() += sign * milli;
            }
            for part in &case.order.shipped {
                let place = (part.product.clone(), part.warehouse.clone());
                *self.truth.on_hand.entry(place).or_default() -= sign * part.qty_milli;
            }
            if let Some(credit) = Holds::of(case).credit() {
                *self.owed.entry(credit.customer.clone()).or_default() += sign * credit.minor;
            }
            let Some(key) = twin_key(case) else { continue };
            let twins = self.twins.entry(key).or_default();
            let over = matches!(case.order.status, Status::Cancelled | Status::Rejected | Status::Expired);
            if sign > 0 && !over {
                twins.insert(case.order.id);
            } else {
                twins.remove(&case.order.id);
            }
        }
    }

    fn judge(&mut self, id: Uuid, people: &Directory, app: &App) -> Result<(), String> {
        let Some(seen) = self.orders.get(&id) else { return Ok(()) };
        let order = &seen.case.order;
        let holds = !order.held.is_empty() || order.credit_held.is_some();
        hold!("only_live_orders_hold", !holds || order.status.holds_credit(), true);
        let asked = seen.case.open_tasks().next().is_some();
        let looked_at = order.status == Status::InReview || order.standing.is_some();
        hold!("tasks_only_in_review", asked && !looked_at, false);
        let is_confirmed = |event: &Event| matches!(event, Event::Order(OrderEvent::Confirmed(_)));
        if !seen.log.last().is_some_and(|(_, events)| events.iter().any(is_confirmed)) {
            return Ok(());
        }
        let story = Story::of(&seen.log);
        let mine = order.credit_held.as_ref().map_or(0, |held| held.minor);
        let owed = order.content.customer.as_ref().and_then(|code| self.owed.get(code)).copied().unwrap_or(0);
        let twins = twin_key(&seen.case).and_then(|key| self.twins.get(&key));
        let twin = twins.and_then(|twins| twins.range(..id).next()).and_then(|twin| self.orders.get(twin));
        let day = |at: i64| app.gate.houses().get(ORG).map(|house| house.calendar.date_at(at).to_string());
        let around = Around {
            others_credit: owed - mine,
            twin: twin.map(|twin| twin.case.order.number.as_str()),
            asked_on: story.pinned.and_then(|(_, at)| day(at)).unwrap_or_default(),
        };
        let mut objections = story.objections(&self.truth, &around, people, true);
        for part in &order.held {
            let place = (part.product.clone(), part.warehouse.clone());
            let there = self.truth.on_hand.get(&place).copied().unwrap_or(0);
            let held = self.held.get(&place).copied().unwrap_or(0);
            if held > there {
                objections.push(format!("goods gone: {place:?} {held} promised of {there}"));
            }
        }
        hold!("confirmed_past", objections, Vec::<String>::new());
        self.confirmed += 1;
        self.large_confirmed += u64::from(gross(&order.content).is_some_and(|gross| gross >= 5_000_000));
        Ok(())
    }

    /// The rows of an order against its state.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn rows_of(&self, id: Uuid, app: &App, tables: &Connection) -> Result<(), String> {
        let Some(Seen { case, head, log }) = self.orders.get(&id) else { return Ok(()) };
        let (store, key, order) = (&app.store, id.into_bytes(), &case.order);
        let row: OrderRow = store.order_by_id(ORG, key).map_err(text)?.ok_or("order_is_kept: gone")?;
        let body: Case = serde_json::from_str(&row.body).map_err(text)?;
        hold!("body_is_the_state", body, *case);
        hold!(
            "columns_are_the_state",
            (row.version, row.status.as_str(), i64::from(order.revision), row.head, &row.number),
            (case.version, order.status.name(), row.revision, *head, &order.number)
        );
        hold!("log_is_kept", log.len() as i64, row.version);
        self.reservations(case, app)?;
        let tasks = store.tasks_of_order(ORG, key).map_err(text)?;
        let open: BTreeSet<Uuid> =
            tasks.iter().filter(|task| task.state == "open").map(|task| Uuid::from_bytes(task.id)).collect();
        hold!(
            "open_tasks_are_rows",
            open,
            case.open_tasks().map(|(_, task)| task.id).collect::<BTreeSet<_>>()
        );
        let house = app.gate.houses().get(ORG).ok_or("no house")?;
        let rows = store.timers_of_order(ORG, key).map_err(text)?;
        let rows: BTreeMap<(String, String), i64> =
            rows.into_iter().map(|timer| ((timer.kind, timer.key), timer.due_at_ms)).collect();
        let wanted = timers::wanted(case, &house);
        let wanted: BTreeMap<(String, String), i64> =
            wanted.into_iter().map(|((kind, key), due)| ((kind.name().to_owned(), key), due)).collect();
        hold!("timers_are_what_is_wanted", rows, wanted);
        self.mail(case, app)?;
        self.waiting(case, tables)
    }

    fn reservations(&self, case: &Case, app: &App) -> Result<(), String> {
        let rows = app.store.reservations_of_order(ORG, case.order.id.into_bytes()).map_err(text)?;
        let kind = if case.order.status.is_firm() { "hard" } else { "soft" };
        hold!("reservations_harden_when_confirmed", rows.iter().all(|row| row.kind == kind), true);
        let rows: BTreeSet<(i64, &str, &str, i64)> = rows
            .iter()
            .map(|row| (row.line, row.product.as_str(), row.warehouse.as_str(), row.qty_milli))
            .collect();
        let stock = case.order.stock_taken();
        let held = stock.iter();
        let held: BTreeSet<(i64, &str, &str, i64)> = held
            .map(|part| {
                (i64::from(part.line), part.product.as_str(), part.warehouse.as_str(), part.qty_milli)
            })
            .collect();
        hold!("reservations_are_what_is_held", rows, held);
        Ok(())
    }

    /// Every mail stands in the outbox once, and a confirmed order has told its customer once.
    fn mail(&self, case: &Case, app: &App) -> Result<(), String> {
        let rows = app.store.outbox_of_order(ORG, case.order.id.into_bytes()).map_err(text)?;
        let rows: Vec<Uuid> = rows.iter().map(|row| Uuid::from_bytes(row.id)).collect();
        let mails = case.notices.iter().filter(|notice| notice.channel == "mail" && !notice.to.is_empty());
        hold!("each_mail_stands_in_the_outbox_once", rows, mails.map(|notice| notice.id).collect::<Vec<_>>());
        let told =
            case.notices.iter().filter(|n| n.template == "order_confirmed" && n.channel == "mail").count();
        // An order that was cancelled later was confirmed all the same.
        hold!("confirmation_is_told_once", told, usize::from(case.order.confirmed_ms.is_some()));
        Ok(())
    }

    /// Whether a stock feed or new master data would find the order. Asked of the tables by order: by product the
    /// answer is as long as the list of all that wait.
    fn waiting(&self, case: &Case, tables: &Connection) -> Result<(), String> {
        let id = case.order.id.into_bytes();
        let rows = |sql: &str| -> rusqlite::Result<BTreeSet<String>> {
            tables.prepare_cached(sql)?.query_map((ORG, id), |row| row.get(0))?.collect()
        };
        let short = rows("SELECT product FROM short_line WHERE org_id = ? AND order_id = ?").map_err(text)?;
        hold!("short_lines_are_found_by_product", short, short_products(case));
        let unmatched = rows("SELECT kind || ' ' || code FROM unmatched WHERE org_id = ? AND order_id = ?");
        hold!("unmatched_codes_are_found", unmatched.map_err(text)?, unmatched_codes(case));
        Ok(())
    }

    /// As a stock feed asks: everybody who waits for a product.
    fn found_by_product(&self, app: &App) -> Result<(), String> {
        for product in super::deal::PRODUCTS {
            let found = app.store.orders_waiting_for_stock(ORG, &[product.to_owned()]).map_err(text)?;
            let waits = self.orders.iter().filter(|(_, seen)| short_products(&seen.case).contains(product));
            let waits: BTreeSet<[u8; 16]> = waits.map(|(id, _)| id.into_bytes()).collect();
            hold!("all_that_wait_are_found", found.into_iter().collect::<BTreeSet<_>>(), waits);
        }
        Ok(())
    }

    /// Sums over the whole company.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn sums(&self, app: &App) -> Result<(), String> {
        for row in app.store.list_stock(ORG, "", ("", ""), 200).map_err(text)? {
            let place = (row.product.clone(), row.warehouse.clone());
            let held = self.held.get(&place).copied().unwrap_or(0);
            hold!("reserved_is_the_sum_of_reservations", (&place, row.reserved_milli), (&place, held));
            let there = self.truth.on_hand.get(&place).copied().unwrap_or(0);
            hold!("on_hand_is_the_last_count", (&place, row.on_hand_milli), (&place, there));
            if held > there {
                return Err(format!("never_oversold: {place:?} {held} of {there}"));
            }
        }
        let off_ledger = app.store.stock_off_ledger(ORG).map_err(text)?;
        hold!("balance_is_the_sum_of_movements", off_ledger, None);
        for code in self.truth.customers.keys() {
            let row = app.store.customer(ORG, code).map_err(text)?.ok_or("customer gone")?;
            let owed = self.owed.get(code).copied().unwrap_or(0);
            hold!("exposure_is_the_sum_of_live_orders", (code, row.exposure_minor), (code, owed));
        }
        let mut counted: BTreeMap<&str, i64> = BTreeMap::new();
        for seen in self.orders.values() {
            *counted.entry(seen.case.order.status.name()).or_default() += 1;
        }
        let rows = app.store.order_counts(ORG).map_err(text)?;
        let mut stored: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &rows {
            *stored.entry(row.status.as_str()).or_default() += row.n;
        }
        hold!("counts_are_the_orders", stored, counted);
        Ok(())
    }

    /// The whole log as it stands now: nothing of it may have changed since it was first read.
    fn log_again(&self, app: &App) -> Result<(), String> {
        let mut known = self.log_hash.chunks(32);
        let mut after = 0;
        loop {
            let rows = app.store.log_range(ORG, after, 1_000).map_err(text)?;
            for row in &rows {
                after = row.seq;
                let hash = audit::entry_hash(&row.prev, &covered(row));
                hold!("log_never_changes", Some(&hash[..]), known.next());
            }
            if rows.len() < 1_000 {
                break;
            }
        }
        hold!("log_never_shrinks", known.next(), None::<&[u8]>);
        Ok(())
    }

    /// Every order from its first event on, and the ways to find it.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn sweep(&self, app: &App, tables: &Connection) -> Result<(), String> {
        for (id, seen) in &self.orders {
            let mut folded = None;
            for (at_ms, events) in &seen.log {
                events.iter().for_each(|event| event::apply(&mut folded, event, *at_ms));
                if let Some(case) = &mut folded {
                    case.version += 1;
                }
            }
            hold!("the_whole_log_folds_to_the_state", folded.as_ref(), Some(&seen.case));
            self.rows_of(*id, app, tables)?;
            let row = app.store.order_by_number(ORG, &seen.case.order.number).map_err(text)?;
            hold!("found_by_number", row.map(|row| row.id), Some(id.into_bytes()));
        }
        self.found_by_product(app)?;
        self.log_again(app)?;
        hold!("database_is_sound", app.store.integrity_check().map_err(text)?, Vec::<String>::new());
        Ok(())
    }
}
