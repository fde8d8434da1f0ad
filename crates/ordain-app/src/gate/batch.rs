//! One batch of commands, decided in memory over what was loaded for it: the second command sees what the first took.

use super::command::{Command, Done, Envelope, GateError};
use super::free::{self, Asking};
use super::ledger::Ledger;
use super::low_stock::{self, Low};
use super::moves::{self, Booked};
use super::rows::Rows;
use super::{
    Committed, CommittedOrder, Houses, family, keys, log_entry, master_rows, part_shortage, project,
    shortage, supplies, turns,
};
use crate::case::decide::{By, Decided, Fulfil, OrderCommand, decide};
use crate::case::world::{House, Procured, World};
use crate::case::{Case, Refusal};
use crate::clock::beside;
use crate::practice::is_practice;
use ordain_domain::actor::Actor;
use ordain_domain::audit::{self, GENESIS};
use ordain_domain::master::Master;
use ordain_domain::order::Content;
use ordain_domain::stock::Free;
use ordain_store::{
    Changes, CounterRow, Hash, Id, LogRow, Purge, ReceiptRow, SealRow, Slice, StoreError, WorkOrderRow,
    Writer,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

const DAY_MS: i64 = 86_400_000;
/// How long a reply is kept for repetition.
const RECEIPTS_KEPT_MS: i64 = DAY_MS;
/// How long refused bodies are kept.
const INTAKE_KEPT_MS: i64 = 30 * DAY_MS;
const SELF_CHECKS_KEPT_MS: i64 = 90 * 24 * 3_600_000;
const ORDER_COUNTER: &str = "order";

/// A log entry that is about to be committed, as the world outside hears of it.
pub(super) struct Entry {
    pub committed: Committed,
}

/// What is known of one order within the batch.
struct Known {
    case: Option<Arc<Case>>,
    head: Hash,
}

/// Commands being decided and what they have changed so far.
pub struct Batch<'a> {
    houses: &'a Houses,
    ledger: Ledger,
    pub slice: Slice,
    known: BTreeMap<(i64, Id), Known>,
    rows: Rows,
    entries: Vec<Entry>,
    counted: BTreeSet<(i64, String)>,
    pub now_ms: i64,
}

impl<'a> Batch<'a> {
    pub(super) fn load(
        writer: &mut Writer,
        ledger: &Ledger,
        houses: &'a Houses,
        envelopes: &[Envelope],
        now_ms: i64,
    ) -> Result<Self, StoreError> {
        let mut slice = writer.load(&keys::named(envelopes, houses))?;
        let short = supplies::counted_short(&slice, envelopes);
        if !short.shelves.is_empty() {
            slice.orders.extend(writer.load(&short)?.orders);
        }
        let parts = supplies::parts_of_released(&slice, envelopes);
        if !parts.stock.is_empty() {
            merge(&mut slice, writer.load(&parts)?);
        }
        let mut known = BTreeMap::new();
        for (key, row) in &slice.orders {
            let case = serde_json::from_str::<Case>(&row.body).map_err(|error| {
                StoreError::Bug(format!("state of order {} cannot be read: {error}", row.number))
            })?;
            known.insert(*key, Known { case: Some(Arc::new(case)), head: row.head });
        }
        if !known.is_empty() {
            let cases = known.iter().filter_map(|((org, _), known)| Some((*org, known.case.as_deref()?)));
            let mut keys = keys::referred(cases, houses);
            for envelope in envelopes {
                let Command::Order { id: Some(id), command, .. } = &envelope.command else { continue };
                let case =
                    known.get(&(envelope.org, id.into_bytes())).and_then(|known| known.case.as_deref());
                let Some(case) = case.filter(|_| keys::asks_for_change(command)) else { continue };
                keys.purchases.insert((envelope.org, shortage::number(&case.order.number)));
                let numbers = shortage::work_numbers(case);
                keys.work_orders.extend(numbers.map(|number| (envelope.org, number)));
            }
            merge(&mut slice, writer.load(&keys)?);
        }
        let cases = known.iter().filter_map(|((org, _), known)| Some((*org, known.case.as_deref()?)));
        let wanted = supplies::wanted(&slice, houses, envelopes, cases, &short);
        if !(wanted.supplies.is_empty() && wanted.made.is_empty()) {
            merge(&mut slice, writer.load(&wanted)?);
        }
        let (mut made, mut seen) = (wanted.made, BTreeSet::new());
        while !made.is_empty() {
            seen.extend(made.clone());
            let parts = part_shortage::wanted(&slice, &made);
            made = parts.made.difference(&seen).cloned().collect();
            merge(&mut slice, writer.load(&parts)?);
        }
        let (ledger, rows, entries) = (ledger.clone(), Rows::default(), Vec::new());
        Ok(Self { houses, ledger, slice, known, rows, entries, counted: BTreeSet::new(), now_ms })
    }

    /// Decides one command and keeps what it changes; a refused one changes nothing.
    pub(super) fn decide(&mut self, envelope: &Envelope) -> Result<Done, GateError> {
        if let Some(replayed) = self.replay(envelope)? {
            return Ok(replayed);
        }
        let done = match &envelope.command {
            Command::Order { id, expected, command } => {
                let done = self.decide_order(envelope.org, *id, *expected, command, &envelope.by);
                if let (Some(id), Err(GateError::Refused(Refusal::PromiseNotBacked(_)))) = (id, &done) {
                    self.note_goods_gone(envelope.org, *id, &envelope.by)?;
                }
                done.map(Done::Order)
            }
            Command::Admin(command) => command.decide(self, envelope.org, &envelope.by).map(Done::Admin),
            Command::FinishOutbox { finish, told } => {
                let done = match told {
                    Some((order, command)) => self.tell_order(envelope, *order, command)?,
                    None => Done::Nothing,
                };
                self.rows.changes.outbox_finished.push(finish.clone());
                Ok(done)
            }
            Command::Purge => {
                self.rows.changes.purge = Some(Purge {
                    receipts_before_ms: self.now_ms - RECEIPTS_KEPT_MS,
                    sessions_before_ms: self.now_ms,
                    self_checks_before_ms: self.now_ms - SELF_CHECKS_KEPT_MS,
                    intake_before_ms: self.now_ms - INTAKE_KEPT_MS,
                });
                Ok(Done::Nothing)
            }
            Command::ClaimOutbox { .. } | Command::Seal => Ok(Done::Nothing),
        }?;
        self.keep_receipt(envelope, &done);
        Ok(done)
    }

    /// Others took what was reserved until nobody decided in time: the order is short now, and purchasing hears of it,
    /// whatever becomes of the decision.
    fn note_goods_gone(&mut self, org: i64, id: Uuid, by: &By) -> Result<(), GateError> {
        let expired = |case: Arc<Case>| case.order.reservation_expired_ms.is_some();
        if !self.known(org, id).and_then(|(case, _)| case).is_some_and(expired) {
            return Ok(());
        }
        let by = By { actor: Actor::system("recheck"), id: beside(by.id, id, "goods gone"), ..by.clone() };
        match self.decide_order(org, Some(id), None, &OrderCommand::Recheck, &by) {
            Ok(_) | Err(GateError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn replay(&self, envelope: &Envelope) -> Result<Option<Done>, GateError> {
        let Some(key) = &envelope.key else { return Ok(None) };
        // One that is still there counts, however old it looks: the clock may be wrong, and the purge takes it in time.
        let receipt = self.slice.receipts.get(&(envelope.org, key.caller.clone(), key.key.clone()));
        let Some(receipt) = receipt else { return Ok(None) };
        if receipt.fingerprint != key.fingerprint {
            return Err(GateError::KeyReused);
        }
        let status = u16::try_from(receipt.status).unwrap_or(500);
        Ok(Some(Done::Replayed { status, body: receipt.body.clone() }))
    }

    fn keep_receipt(&mut self, envelope: &Envelope, done: &Done) {
        let Some(key) = &envelope.key else { return };
        let (status, body) = (key.render)(done);
        let receipt = ReceiptRow {
            org: envelope.org,
            caller: key.caller.clone(),
            key: key.key.clone(),
            fingerprint: key.fingerprint,
            status: i64::from(status),
            body,
            at_ms: self.now_ms,
        };
        let place = (envelope.org, key.caller.clone(), key.key.clone());
        self.slice.receipts.insert(place, receipt.clone());
        self.rows.changes.receipts.push(receipt);
    }

    /// Lets an order know what became of its message. An order that does not wait for it is not told.
    fn tell_order(
        &mut self,
        envelope: &Envelope,
        order: Uuid,
        command: &OrderCommand,
    ) -> Result<Done, GateError> {
        match self.decide_order(envelope.org, Some(order), None, command, &envelope.by) {
            Ok(case) => Ok(Done::Order(case)),
            Err(GateError::Refused(_)) => Ok(Done::Nothing),
            Err(error) => Err(error),
        }
    }

    /// The orders of a company that the batch knows, as it has left them so far.
    pub(super) fn cases(&self, org: i64) -> impl Iterator<Item = &Case> {
        let of = self.known.range((org, [0; 16])..).take_while(move |((of, _), _)| *of == org);
        of.filter_map(|(_, known)| known.case.as_deref())
    }

    pub(super) fn decide_order(
        &mut self,
        org: i64,
        id: Option<Uuid>,
        expected: Option<i64>,
        command: &OrderCommand,
        by: &By,
    ) -> Result<Arc<Case>, GateError> {
        let house = self.house(org)?;
        let (before, head) = id.and_then(|id| self.known(org, id)).unwrap_or((None, GENESIS));
        if let (Some(expected), Some(case)) = (expected, &before)
            && expected != case.version
        {
            return Err(Refusal::Stale { current: case.version }.into());
        }
        let other = self.other(org, command)?;
        let world = self.world_of(org, &house, id, before.as_deref(), other.as_deref(), command, by);
        let decided = decide(before.as_deref(), &world, command, by)?;
        if matches!(command, OrderCommand::Recheck) {
            self.rows.arm_again(org, &decided.case, &house);
        }
        if decided.events.is_empty() {
            return before.ok_or_else(|| Refusal::NotFound.into());
        }
        // Both are decided before either is recorded, so that a refusal of one leaves no trace of the other.
        if let Some((before, other)) = before.as_deref().zip(other) {
            let asked = family::asked_of_other(command, (before, &decided.case), &other)
                .ok_or_else(|| GateError::Bug(format!("nothing is asked of {}", other.order.number)))?;
            let by = family::by_other(by);
            let own = other.order.id;
            let world = self.world(org, &house, Some(&other.order.content), Some(own.into_bytes()));
            let followed = decide(Some(&other), &world, &asked, &by)?;
            let head = self.known(org, own).map_or(GENESIS, |(_, head)| head);
            self.record(org, &house, Some(other), head, followed, &asked, &by)?;
        }
        let parts = family::parts(&decided.case.order, &decided.events);
        let case = self.record(org, &house, before, head, decided, command, by)?;
        self.place_parts(org, &case, &parts, by)?;
        Ok(case)
    }

    /// An order as the batch knows it, and the hash of its last entry.
    pub(super) fn known(&self, org: i64, id: Uuid) -> Option<(Option<Arc<Case>>, Hash)> {
        self.known.get(&(org, id.into_bytes())).map(|known| (known.case.clone(), known.head))
    }

    /// Everything that the decision of a command may look at.
    #[allow(clippy::too_many_arguments)] // the parts of one command
    fn world_of(
        &self,
        org: i64,
        house: &Arc<House>,
        id: Option<Uuid>,
        before: Option<&Case>,
        other: Option<&Case>,
        command: &OrderCommand,
        by: &By,
    ) -> World {
        let both = match command {
            OrderCommand::Merge { .. } => {
                before.zip(other).map(|(into, of)| family::of_both(&into.order.content, &of.order.content))
            }
            OrderCommand::TakePart { id, .. } => before.map(|case| case.content_of_part(*id)),
            _ => None,
        };
        let content = match command {
            OrderCommand::Place(place) | OrderCommand::PlacePart { place, .. } => Some(&place.content),
            OrderCommand::Edit { content, .. } => Some(&**content),
            OrderCommand::RequestChange(asked) => Some(&asked.content),
            OrderCommand::TakeChange { id } => before.map(|case| case.content_of(*id)),
            OrderCommand::Merge { .. } | OrderCommand::TakePart { .. } => both.as_ref(),
            _ => before.map(|case| &case.order.content),
        };
        let (payments, invoices) = match command {
            OrderCommand::Fulfil(act) => (self.payments(org, act), self.invoices(org, act)),
            _ => (BTreeMap::new(), BTreeMap::new()),
        };
        let mut world = World {
            next_number: self.next_number(org, house, by.at_ms),
            payments,
            invoices,
            procured: self.procured(org, before, command),
            turns: turns::taken(&self.ledger, org),
            loads: self.slice.loads.get(&org).cloned().unwrap_or_default(),
            ..self.world(org, house, content, id.map(Uuid::into_bytes))
        };
        if let Some(other) = other {
            if matches!(command, OrderCommand::Merge { .. }) {
                family::without(&mut world, &other.order);
            }
            world.other = Some(other.order.clone());
        }
        world
    }

    /// The slice of the world for one order, cut out of what the batch holds now; the number of a new order is left to
    /// who makes one.
    pub(crate) fn world(
        &self,
        org: i64,
        house: &Arc<House>,
        content: Option<&Content>,
        own: Option<Id>,
    ) -> World {
        let mut master = Master::default();
        let mut free = Free::new(house.warehouses.clone());
        let (mut twin, mut first_order) = (None, None);
        if let Some(content) = content {
            let customer = content.customer.clone().unwrap_or_default();
            master.customer = self
                .slice
                .customers
                .get(&(org, customer.clone()))
                .map(|row| master_rows::customer(row, &house.rules));
            master.group = master_rows::group(&customer, house, |code| {
                self.slice.customers.get(&(org, code.to_owned())).cloned()
            });
            let products: BTreeSet<&String> =
                content.lines.iter().filter_map(|line| line.product.as_ref()).collect();
            for code in &products {
                let Some(row) = self.slice.products.get(&(org, (*code).clone())) else { continue };
                master.products.insert((*code).clone(), master_rows::product(row));
                let prices = master_rows::prices(&self.slice, org, code, &customer);
                if !prices.is_empty() {
                    master.prices.insert((*code).clone(), prices);
                }
            }
            // Of what nobody knows nothing is promised.
            let known = products.into_iter().filter(|code| master.products.contains_key(*code)).collect();
            let today = house.calendar.date_at(self.now_ms);
            let asking = Asking::by(own, today, house.rules.promise_from_supply);
            free = free::free(&self.slice, (org, &house.warehouses), &known, &asking);
            let buyers = self.slice.buyers.get(&(org, customer)).filter(|_| house.asks_for_first_orders);
            first_order = buyers.map(|orders| orders.iter().all(|id| Some(*id) == own));
            twin = keys::twin_key(org, content)
                .and_then(|key| self.slice.twins.get(&key))
                .and_then(|twins| keys::older(twins, own));
        }
        World { first_order, ..World::around(house.clone(), master, free, twin) }
    }

    /// What was ordered and made for each line, where a change is asked for or taken up.
    fn procured(&self, org: i64, before: Option<&Case>, command: &OrderCommand) -> Procured {
        let Some(case) = before.filter(|_| keys::asks_for_change(command)) else {
            return Procured::default();
        };
        let from = (org, shortage::number(&case.order.number), i64::MIN);
        let rows = self.slice.purchases.range(from.clone()..);
        let rows = rows.take_while(|((of, number, _), _)| (of, number) == (&from.0, &from.1));
        let works = shortage::work_numbers(case);
        let works: Vec<&WorkOrderRow> =
            works.filter_map(|number| self.slice.work_orders.get(&(org, number))).collect();
        shortage::procured(rows.map(|(_, row)| row), works.into_iter(), case)
    }

    fn payments(&self, org: i64, act: &Fulfil) -> BTreeMap<String, String> {
        let known = |reference| self.slice.payments.get(&(org, reference));
        let known = keys::reference(act).and_then(known).filter(|row| row.minor > 0);
        known.map(|row| (row.reference.clone(), row.number.clone())).into_iter().collect()
    }

    fn invoices(&self, org: i64, act: &Fulfil) -> BTreeMap<String, String> {
        let known = |number| self.slice.invoices.get(&(org, number));
        let known = keys::invoice_number(act).and_then(known);
        known.map(|row| (row.number.clone(), row.order_number.clone())).into_iter().collect()
    }

    fn next_number(&self, org: i64, house: &House, at_ms: i64) -> String {
        let (day, n) = self.next_counter(org, house, at_ms);
        // A number that was made for practice is never taken for a real one, not on paper either.
        let kind = if is_practice(org) { "PX" } else { "SO" };
        format!("{kind}-{day}-{n:06}")
    }

    fn next_counter(&self, org: i64, house: &House, at_ms: i64) -> (String, i64) {
        let day = house.calendar.date_at(at_ms).strftime("%Y%m%d").to_string();
        let counter = self.ledger.0.counters.get(&(org, ORDER_COUNTER.to_owned()));
        let n = counter.filter(|counter| counter.day == day).map_or(1, |counter| counter.n + 1);
        (day, n)
    }

    #[allow(clippy::too_many_arguments)] // the parts of one log entry
    fn record(
        &mut self,
        org: i64,
        house: &Arc<House>,
        before: Option<Arc<Case>>,
        prev: Hash,
        decided: Decided,
        command: &OrderCommand,
        by: &By,
    ) -> Result<Arc<Case>, GateError> {
        let case = Arc::new(decided.case);
        let id = case.order.id.into_bytes();
        if before.is_none() {
            let (day, n) = self.next_counter(org, house, by.at_ms);
            self.count(CounterRow { org, name: ORDER_COUNTER.to_owned(), day, n });
        }
        for row in turns::dealt(&self.ledger, org, house, &case, &decided.events) {
            self.count(row);
        }
        if let Some(loads) = self.slice.loads.get_mut(&org) {
            turns::carry(loads, before.as_deref(), &case);
        }
        let name = log_entry::entry_name(command, &decided.events);
        let log = self.entry(org, Subject::Order(&case), prev, name, by)?;
        let log = LogRow { reason: log_entry::reason(command), events: to_json(&decided.events)?, ..log };
        let head = self.append(log);
        let slice = &self.slice;
        let outbox =
            self.rows.of_case(org, before.as_deref(), &case, &decided.events, (house, slice), head, by)?;
        self.rows.changes.attachments.extend(project::attachment_row(org, &case, &decided.events, command));
        for row in project::payment_rows(org, &case, &decided.events) {
            self.slice.payments.insert((org, row.reference.clone()), row.clone());
            self.rows.changes.payments.push(row);
        }
        for row in project::invoice_rows(org, &case, &decided.events) {
            self.slice.invoices.insert((org, row.number.clone()), row.clone());
            self.rows.changes.invoices.push(row);
        }
        let booked = Booked { org, seq: self.last_seq(org), actor: to_json(&by.actor)?, at_ms: by.at_ms };
        self.rows.changes.stock_movements.extend(moves::goods_shipped(&case, &decided.events, &booked));
        let low = moves::follow(&mut self.slice, org, before.as_deref(), &case);
        self.warn_of(&low, house, org, by);
        let departments = case.open_tasks().map(|(_, task)| task.holder.key().to_owned()).collect();
        let order = CommittedOrder {
            id: case.order.id,
            number: case.order.number.clone(),
            status: case.order.status.name().into(),
            departments,
        };
        self.tell(org, name, Some(order), outbox, false);
        if let Some(entry) = self.entries.last_mut() {
            entry.committed.freed = moves::freed(before.as_deref(), &case);
        }
        self.known.insert((org, id), Known { case: Some(case.clone()), head });
        Ok(case)
    }

    /// Writes an entry about the company itself: master data, people, settings, flows.
    pub fn record_admin(
        &mut self,
        org: i64,
        command: &'static str,
        by: &By,
        events: &impl serde::Serialize,
        furnishes: bool,
    ) -> Result<(), GateError> {
        let prev = self.ledger.0.org_log.get(&org).map_or(GENESIS, |row| row.hash);
        let log = self.entry(org, Subject::Org, prev, command, by)?;
        let log = LogRow { events: to_json(events)?, ..log };
        let hash = self.append(log.clone());
        self.ledger.0.org_log.insert(org, LogRow { hash, ..log });
        self.tell(org, command, None, false, furnishes);
        Ok(())
    }

    fn entry(
        &self,
        org: i64,
        subject: Subject<'_>,
        prev: Hash,
        command: &'static str,
        by: &By,
    ) -> Result<LogRow, GateError> {
        let (name, subject_seq, order_id) = match subject {
            Subject::Order(case) => {
                (format!("order:{}", case.order.id), case.version, Some(case.order.id.into_bytes()))
            }
            Subject::Org => {
                let last = self.ledger.0.org_log.get(&org).map_or(0, |row| row.subject_seq);
                ("org".to_owned(), last + 1, None)
            }
        };
        Ok(LogRow {
            org,
            seq: self.ledger.0.log.get(&org).map_or(1, |row| row.seq + 1),
            subject: name,
            subject_seq,
            at_ms: by.at_ms,
            actor: to_json(&by.actor)?,
            command: command.to_owned(),
            reason: None,
            order_id,
            events: String::new(),
            hash: GENESIS,
            prev,
        })
    }

    /// Chains the entry and appends it; gives its hash.
    fn append(&mut self, mut row: LogRow) -> Hash {
        row.hash = audit::entry_hash(&row.prev, &log_entry::covered(&row));
        let hash = row.hash;
        // Of the last entry only number and hash are looked at again.
        let last = LogRow { events: String::new(), ..row.clone() };
        self.ledger.0.log.insert(row.org, last);
        self.rows.changes.log.push(row);
        hash
    }

    fn tell(
        &mut self,
        org: i64,
        command: &'static str,
        order: Option<CommittedOrder>,
        outbox: bool,
        furnishes: bool,
    ) {
        let (seq, freed) = (self.last_seq(org), Vec::new());
        let committed = Committed { org, seq, command: command.into(), order, outbox, furnishes, freed };
        self.entries.push(Entry { committed });
    }

    pub(super) fn put_seal(&mut self, seal: SealRow) {
        self.ledger.0.seals.insert(seal.org, seal.clone());
        self.rows.changes.seals.push(seal);
    }

    /// Notes a new company, whose house does not exist yet.
    pub fn put_org(&mut self, row: ordain_store::OrgRow) {
        self.ledger.0.orgs.push(row.clone());
        self.rows.changes.orgs.push(row);
    }

    /// The number of the company's last log entry.
    pub(crate) fn last_seq(&self, org: i64) -> i64 {
        self.ledger.0.log.get(&org).map_or(0, |row| row.seq)
    }

    /// Tells people of stock that has just become low.
    pub(crate) fn warn_of(&mut self, low: &[Low], house: &House, org: i64, by: &By) {
        self.rows.changes.notices.extend(low_stock::notices(low, house, org, by));
    }

    /// The rows written so far, for commands that write theirs directly.
    pub fn changes(&mut self) -> &mut Changes {
        &mut self.rows.changes
    }

    pub fn house(&self, org: i64) -> Result<Arc<House>, GateError> {
        self.houses.get(org).ok_or(GateError::Refused(Refusal::NotFound))
    }

    pub(crate) fn count(&mut self, row: CounterRow) {
        let key = (row.org, row.name.clone());
        self.counted.insert(key.clone());
        self.ledger.0.counters.insert(key, row);
    }

    pub(super) fn finish(mut self) -> (Changes, Ledger, Vec<Entry>) {
        let counters = self.counted.iter().filter_map(|key| self.ledger.0.counters.get(key));
        self.rows.changes.counters.extend(counters.cloned());
        (self.rows.into_changes(), self.ledger, self.entries)
    }
}

enum Subject<'a> {
    Order(&'a Case),
    Org,
}

fn to_json(value: &impl serde::Serialize) -> Result<String, GateError> {
    serde_json::to_string(value).map_err(|error| GateError::Bug(error.to_string()))
}

fn merge(into: &mut Slice, more: Slice) {
    into.customers.extend(more.customers);
    into.products.extend(more.products);
    into.prices.extend(more.prices);
    into.stock.extend(more.stock);
    into.purchases.extend(more.purchases);
    into.work_orders.extend(more.work_orders);
    into.work_parts.extend(more.work_parts);
    into.boms.extend(more.boms);
    into.twins.extend(more.twins);
    into.buyers.extend(more.buyers);
}
