//! What a batch of commands needs to see, and what was found. All of a [`Slice`] comes from one read
//! transaction; what is asked for and absent in it does not exist.

use std::collections::{BTreeMap, BTreeSet};

use crate::sql::Connection;

use crate::row::each;
use crate::{
    BomRow, CustomerRow, DepartmentRow, FeedbackRow, FlowDraftRow, FlowPendingRow, FlowRow, Hash, Id,
    InvoiceRow, LoadAt, OrderRow, PaymentRow, PriceRow, ProductRow, PurchaseLineRow, ReceiptRow,
    ReservationRow, SavedViewsRow, SessionRow, SettingRow, StockRow, Store, StoreError, TaskRow, TimerRow,
    TokenRow, UserRow, WarehouseRow, WorkCentreRow, WorkOrderRow, WorkPartRow, order, task_list, work,
};

/// Looks for the orders of a customer under one purchase order number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TwinKey {
    pub org: i64,
    pub customer: String,
    pub customer_po: String,
}

/// The first part of every key is the company.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keys {
    pub orders: BTreeSet<(i64, Id)>,
    /// Found orders stand in [`Slice::orders`] like those asked for by id.
    pub order_numbers: BTreeSet<(i64, String)>,
    pub twins: BTreeSet<TwinKey>,
    /// (org, customer): whether anything was confirmed to it.
    pub buyers: BTreeSet<(i64, String)>,
    pub customers: BTreeSet<(i64, String)>,
    pub products: BTreeSet<(i64, String)>,
    /// (org, product, customer): the customer's own prices and those for everybody.
    pub prices: BTreeSet<(i64, String, String)>,
    /// (org, product): in all warehouses, and what released work takes of it.
    pub stock: BTreeSet<(i64, String)>,
    /// Companies whose bills of material are all needed.
    pub boms: BTreeSet<i64>,
    /// (org, number): all lines.
    pub purchases: BTreeSet<(i64, String)>,
    /// (org, product): what is ordered of it, put into [`Slice::purchases`] too.
    pub supplies: BTreeSet<(i64, String)>,
    /// (org, product): its bill of material, put into [`Slice::boms`].
    pub made: BTreeSet<(i64, String)>,
    /// (org, number), each with its parts, the stock of those, and the orders that were promised something of it.
    pub work_orders: BTreeSet<(i64, String)>,
    /// Companies: all work centres and their loads.
    pub work_centres: BTreeSet<i64>,
    /// (org, number of a purchase): the orders that were promised something of it, put into [`Slice::orders`].
    pub holders: BTreeSet<(i64, String)>,
    /// (org, product, warehouse): the orders that hold goods there, put into [`Slice::orders`].
    pub shelves: BTreeSet<(i64, String, String)>,
    /// (org, order)
    pub reservations: BTreeSet<(i64, Id)>,
    pub tasks: BTreeSet<(i64, Id)>,
    /// (org, order): its open tasks, put into [`Slice::tasks`] too.
    pub open_tasks_of: BTreeSet<(i64, Id)>,
    pub timers: BTreeSet<(i64, Id)>,
    /// (org, reference)
    pub payments: BTreeSet<(i64, String)>,
    /// Issued, by number.
    pub invoices: BTreeSet<(i64, String)>,
    /// (org, caller, key)
    pub receipts: BTreeSet<(i64, String, String)>,
    pub users: BTreeSet<(i64, Id)>,
    pub logins: BTreeSet<(i64, String)>,
    /// Whole companies: all users, departments and warehouses.
    pub directories: BTreeSet<i64>,
    /// Companies whose people's open tasks are to be counted.
    pub loads: BTreeSet<i64>,
    /// (org, flow key)
    pub active_flows: BTreeSet<(i64, String)>,
    /// (org, flow key)
    pub flow_drafts: BTreeSet<(i64, String)>,
    /// (org, flow key)
    pub flow_pendings: BTreeSet<(i64, String)>,
    pub flows: BTreeSet<(i64, String, i64)>,
    pub settings: BTreeSet<(i64, String)>,
    pub feedback: BTreeSet<(i64, Id)>,
    /// (org, owner, page)
    pub saved_views: BTreeSet<(i64, Id, String)>,
    pub sessions: BTreeSet<Hash>,
    pub tokens: BTreeSet<Hash>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slice {
    pub orders: BTreeMap<(i64, Id), OrderRow>,
    /// Numbers of the orders that are still meant, by id, the oldest of them.
    pub twins: BTreeMap<TwinKey, BTreeMap<Id, String>>,
    /// By (org, customer): orders that were confirmed to it; two are enough to find one that is not one's own.
    pub buyers: BTreeMap<(i64, String), BTreeSet<Id>>,
    pub customers: BTreeMap<(i64, String), CustomerRow>,
    pub products: BTreeMap<(i64, String), ProductRow>,
    /// By (org, product, customer) as stored (customer empty: for everybody), least quantity first.
    pub prices: BTreeMap<(i64, String, String), Vec<PriceRow>>,
    /// By (org, product, warehouse).
    pub stock: BTreeMap<(i64, String, String), StockRow>,
    /// By (org, product).
    pub boms: BTreeMap<(i64, String), BomRow>,
    /// By (org, number, line).
    pub purchases: BTreeMap<(i64, String, i64), PurchaseLineRow>,
    /// By (org, number).
    pub work_orders: BTreeMap<(i64, String), WorkOrderRow>,
    /// By (org, number, product).
    pub work_parts: BTreeMap<(i64, String, String), WorkPartRow>,
    /// By (org, code).
    pub work_centres: BTreeMap<(i64, String), WorkCentreRow>,
    /// Minutes that planned and released work takes, by company, work centre and day.
    pub work_loads: BTreeMap<(i64, LoadAt), i64>,
    /// By (org, order), in the order of lines.
    pub reservations: BTreeMap<(i64, Id), Vec<ReservationRow>>,
    pub tasks: BTreeMap<(i64, Id), TaskRow>,
    pub timers: BTreeMap<(i64, Id), TimerRow>,
    /// By (org, reference).
    pub payments: BTreeMap<(i64, String), PaymentRow>,
    /// By (org, number).
    pub invoices: BTreeMap<(i64, String), InvoiceRow>,
    pub receipts: BTreeMap<(i64, String, String), ReceiptRow>,
    pub users: BTreeMap<(i64, Id), UserRow>,
    pub departments: BTreeMap<(i64, String), DepartmentRow>,
    pub warehouses: BTreeMap<(i64, String), WarehouseRow>,
    /// Open tasks by login of their holder.
    pub loads: BTreeMap<i64, BTreeMap<String, i64>>,
    /// By (org, flow key), the version in force.
    pub active_flows: BTreeMap<(i64, String), FlowRow>,
    pub flows: BTreeMap<(i64, String, i64), FlowRow>,
    /// By (org, flow key).
    pub flow_drafts: BTreeMap<(i64, String), FlowDraftRow>,
    /// By (org, flow key).
    pub flow_pendings: BTreeMap<(i64, String), FlowPendingRow>,
    pub settings: BTreeMap<(i64, String), SettingRow>,
    pub feedback: BTreeMap<(i64, Id), FeedbackRow>,
    /// By (org, owner, page).
    pub saved_views: BTreeMap<(i64, Id, String), SavedViewsRow>,
    pub sessions: BTreeMap<Hash, SessionRow>,
    pub tokens: BTreeMap<Hash, TokenRow>,
}

impl Store {
    /// What the Gate would look at, for questions that are answered as it would decide.
    pub fn slice(&self, keys: &Keys) -> Result<Slice, StoreError> {
        self.read(|c| keys.load(c))
    }
}

impl Keys {
    pub(crate) fn load(&self, connection: &Connection<'_>) -> Result<Slice, StoreError> {
        let mut slice = Slice::default();
        self.load_orders(connection, &mut slice)?;
        self.load_master(connection, &mut slice)?;
        self.load_work(connection, &mut slice)?;
        self.load_people(connection, &mut slice)?;
        Ok(slice)
    }

    fn load_orders(&self, connection: &Connection<'_>, slice: &mut Slice) -> Result<(), StoreError> {
        let orders = &mut slice.orders;
        let mut keep = |row: OrderRow| drop(orders.insert((row.org, row.id), row));
        each(connection, "WHERE org_id = ? AND id = ?", self.orders.iter().copied(), &mut keep)?;
        each(connection, "WHERE org_id = ? AND number = ?", by_text(&self.order_numbers), &mut keep)?;
        let sql = "WHERE org_id = $1 AND id IN
            (SELECT order_id FROM incoming WHERE org_id = $1 AND kind = 'purchase' AND number = $2)";
        each(connection, sql, by_text(&self.holders), &mut keep)?;
        let sql = "WHERE org_id = $1 AND id IN
            (SELECT order_id FROM incoming WHERE org_id = $1 AND kind = 'work' AND number = $2)";
        each(connection, sql, by_text(&self.work_orders), &mut keep)?;
        let sql = "WHERE org_id = $1 AND id IN
            (SELECT order_id FROM reservation WHERE org_id = $1 AND product = $2 AND warehouse = $3)";
        each(connection, sql, by_two_texts(&self.shelves), &mut keep)?;
        slice.twins = order::twins(connection, &self.twins)?;
        slice.buyers = order::buyers(connection, &self.buyers)?;
        let sql = "WHERE org_id = ? AND order_id = ? ORDER BY line, product, warehouse";
        each(connection, sql, self.reservations.iter().copied(), |row: ReservationRow| {
            slice.reservations.entry((row.org, row.order_id)).or_default().push(row);
        })?;
        let tasks = &mut slice.tasks;
        let mut keep = |row: TaskRow| drop(tasks.insert((row.org, row.id), row));
        each(connection, "WHERE org_id = ? AND id = ?", self.tasks.iter().copied(), &mut keep)?;
        let sql = "WHERE org_id = ? AND order_id = ? AND state = 'open'";
        each(connection, sql, self.open_tasks_of.iter().copied(), &mut keep)?;
        each(connection, "WHERE org_id = ? AND id = ?", self.timers.iter().copied(), |row: TimerRow| {
            slice.timers.insert((row.org, row.id), row);
        })?;
        let sql = "WHERE org_id = ? AND reference = ?";
        each(connection, sql, by_text(&self.payments), |row: PaymentRow| {
            slice.payments.insert((row.org, row.reference.clone()), row);
        })?;
        let sql = "WHERE org_id = ? AND number = ?";
        each(connection, sql, by_text(&self.invoices), |row: InvoiceRow| {
            slice.invoices.insert((row.org, row.number.clone()), row);
        })?;
        let sql = "WHERE org_id = ? AND caller = ? AND key = ?";
        each(connection, sql, by_two_texts(&self.receipts), |row: ReceiptRow| {
            slice.receipts.insert((row.org, row.caller.clone(), row.key.clone()), row);
        })
    }

    fn load_master(&self, connection: &Connection<'_>, slice: &mut Slice) -> Result<(), StoreError> {
        let by_code = "WHERE org_id = ? AND code = ?";
        each(connection, by_code, by_text(&self.customers), |row: CustomerRow| {
            slice.customers.insert((row.org, row.code.clone()), row);
        })?;
        each(connection, by_code, by_text(&self.products), |row: ProductRow| {
            slice.products.insert((row.org, row.code.clone()), row);
        })?;
        // Everybody's prices are asked for once, however many customers want them.
        let mut prices: BTreeSet<(i64, &str, &str)> = by_two_texts(&self.prices).collect();
        prices.extend(self.prices.iter().map(|(org, product, _)| (*org, product.as_str(), "")));
        let sql = "WHERE org_id = ? AND product = ? AND customer = ? ORDER BY min_qty_milli";
        each(connection, sql, prices, |row: PriceRow| {
            slice.prices.entry((row.org, row.product.clone(), row.customer.clone())).or_default().push(row);
        })?;
        each(connection, "WHERE org_id = ? AND product = ?", by_text(&self.stock), |row: StockRow| {
            slice.stock.insert((row.org, row.product.clone(), row.warehouse.clone()), row);
        })?;
        each(connection, "WHERE org_id = ?", self.boms.iter().map(|org| (*org,)), |row: BomRow| {
            slice.boms.insert((row.org, row.product.clone()), row);
        })?;
        let sql = "WHERE org_id = ? AND number = ?";
        let purchases = &mut slice.purchases;
        let mut keep = |row: PurchaseLineRow| {
            purchases.insert((row.org, row.number.clone(), row.line), row);
        };
        each(connection, sql, by_text(&self.purchases), &mut keep)?;
        let sql = "WHERE org_id = ? AND product = ? AND state = 'ordered'";
        each(connection, sql, by_text(&self.supplies), &mut keep)?;
        let sql = "WHERE org_id = ? AND key = ? AND state = 'active'";
        each(connection, sql, by_text(&self.active_flows), |row: FlowRow| {
            slice.active_flows.insert((row.org, row.key.clone()), row);
        })?;
        each(connection, "WHERE org_id = ? AND key = ?", by_text(&self.flow_drafts), |row: FlowDraftRow| {
            slice.flow_drafts.insert((row.org, row.key.clone()), row);
        })?;
        each(
            connection,
            "WHERE org_id = ? AND key = ?",
            by_text(&self.flow_pendings),
            |row: FlowPendingRow| {
                slice.flow_pendings.insert((row.org, row.key.clone()), row);
            },
        )?;
        let keys = self.flows.iter().map(|(org, key, version)| (*org, key.as_str(), *version));
        each(connection, "WHERE org_id = ? AND key = ? AND version = ?", keys, |row: FlowRow| {
            slice.flows.insert((row.org, row.key.clone(), row.version), row);
        })?;
        each(connection, "WHERE org_id = ? AND key = ?", by_text(&self.settings), |row: SettingRow| {
            slice.settings.insert((row.org, row.key.clone()), row);
        })
    }

    fn load_work(&self, connection: &Connection<'_>, slice: &mut Slice) -> Result<(), StoreError> {
        let made = by_text(&self.made);
        each(connection, "WHERE org_id = ? AND product = ?", made, |row: BomRow| {
            slice.boms.insert((row.org, row.product.clone()), row);
        })?;
        let orders = &mut slice.work_orders;
        let mut keep = |row: WorkOrderRow| drop(orders.insert((row.org, row.number.clone()), row));
        each(connection, "WHERE org_id = ? AND number = ?", by_text(&self.work_orders), &mut keep)?;
        let sql = "WHERE org_id = ? AND product = ? AND state = 'released'";
        each(connection, sql, by_text(&self.supplies), &mut keep)?;
        let sql = "WHERE org_id = ? AND number = ?";
        each(connection, sql, by_text(&self.work_orders), |row: WorkPartRow| {
            slice.work_parts.insert((row.org, row.number.clone(), row.product.clone()), row);
        })?;
        let sql = "WHERE org_id = $1 AND product IN
            (SELECT product FROM work_part WHERE work_part.org_id = $1 AND work_part.number = $2)";
        each(connection, sql, by_text(&self.work_orders), |row: StockRow| {
            slice.stock.insert((row.org, row.product.clone(), row.warehouse.clone()), row);
        })?;
        self.load_needs(connection, slice)?;
        let whole = self.work_centres.iter().map(|org| (*org,));
        each(connection, "WHERE org_id = ?", whole, |row: WorkCentreRow| {
            slice.work_centres.insert((row.org, row.code.clone()), row);
        })?;
        for org in &self.work_centres {
            let loads = work::loads(connection, *org)?;
            slice.work_loads.extend(loads.into_iter().map(|(at, minutes)| ((*org, at), minutes)));
        }
        Ok(())
    }

    /// What is being made takes its parts out of stock.
    fn load_needs(&self, connection: &Connection<'_>, slice: &mut Slice) -> Result<(), StoreError> {
        let mut making = BTreeSet::new();
        for org in self.stock.iter().map(|(org, _)| *org).collect::<BTreeSet<i64>>() {
            if work::is_making(connection, org)? {
                making.insert(org);
            }
        }
        let (mut takers, parts) = (BTreeSet::new(), &mut slice.work_parts);
        let products = by_text(&self.stock).filter(|(org, _)| making.contains(org));
        each(connection, work::PARTS_OF_RELEASED, products, |row: WorkPartRow| {
            takers.insert((row.org, row.number.clone()));
            parts.insert((row.org, row.number.clone(), row.product.clone()), row);
        })?;
        each(connection, "WHERE org_id = ? AND number = ?", by_text(&takers), |row: WorkOrderRow| {
            slice.work_orders.insert((row.org, row.number.clone()), row);
        })
    }

    fn load_people(&self, connection: &Connection<'_>, slice: &mut Slice) -> Result<(), StoreError> {
        let users = &mut slice.users;
        let mut keep = |row: UserRow| drop(users.insert((row.org, row.id), row));
        each(connection, "WHERE org_id = ? AND id = ?", self.users.iter().copied(), &mut keep)?;
        each(connection, "WHERE org_id = ? AND login = ?", by_text(&self.logins), &mut keep)?;
        let whole = || self.directories.iter().map(|org| (*org,));
        each(connection, "WHERE org_id = ?", whole(), &mut keep)?;
        each(connection, "WHERE org_id = ?", whole(), |row: DepartmentRow| {
            slice.departments.insert((row.org, row.code.clone()), row);
        })?;
        each(connection, "WHERE org_id = ?", whole(), |row: WarehouseRow| {
            slice.warehouses.insert((row.org, row.code.clone()), row);
        })?;
        for org in &self.loads {
            slice.loads.insert(*org, task_list::loads_of_people(connection, *org)?);
        }
        each(
            connection,
            "WHERE org_id = ? AND id = ?",
            self.feedback.iter().copied(),
            |row: FeedbackRow| {
                slice.feedback.insert((row.org, row.id), row);
            },
        )?;
        let sql = "WHERE org_id = ? AND owner = ? AND page = ?";
        let views = self.saved_views.iter().map(|(org, owner, page)| (*org, *owner, page.as_str()));
        each(connection, sql, views, |row: SavedViewsRow| {
            slice.saved_views.insert((row.org, row.owner, row.page.clone()), row);
        })?;
        each(connection, "WHERE hash = ?", self.sessions.iter().map(|hash| (*hash,)), |row: SessionRow| {
            slice.sessions.insert(row.hash, row);
        })?;
        each(connection, "WHERE hash = ?", self.tokens.iter().map(|hash| (*hash,)), |row: TokenRow| {
            slice.tokens.insert(row.hash, row);
        })
    }
}

fn by_text(keys: &BTreeSet<(i64, String)>) -> impl Iterator<Item = (i64, &str)> {
    keys.iter().map(|(org, text)| (*org, text.as_str()))
}

fn by_two_texts(keys: &BTreeSet<(i64, String, String)>) -> impl Iterator<Item = (i64, &str, &str)> {
    keys.iter().map(|(org, first, second)| (*org, first.as_str(), second.as_str()))
}
