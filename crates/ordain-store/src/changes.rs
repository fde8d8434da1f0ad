//! What one commit writes. The fields are applied in the order in which they stand here, so that master
//! data exists before what refers to it, and what is cleared is cleared before what is set.

use crate::sql::Connection;

use crate::row::{insert, upsert};
use crate::{
    AttachmentRow, BomRow, ChangeRequestRow, CounterRow, CustomerRow, CyclePartRow, DepartmentRow,
    ExceptionRow, ExposureMove, FeedbackRow, FlowDraftRow, FlowPendingRow, FlowReleaseRow, FlowRow,
    HandOverFactRow, HappeningRow, Harden, Hash, Id, Incomings, IntakeRow, InvoiceRow, LogRow, NoticeRow,
    OrderFactRow, OrderRecordRow, OrderRow, OrgRow, OutboxFinish, OutboxRow, PaymentRow, PriceRow,
    ProductRow, PurchaseLineRow, PurchaseRequests, ReceiptRow, Receivables, Reservations, SavedViewsRow,
    SealRow, SelfCheckRow, SessionRow, SettingRow, ShortLines, SignedOut, StockMove, StockMovementRow,
    StockRow, StoreError, SupplyMove, TaskFactRow, TaskRow, TimerClear, TimerRow, TokenRow, Unmatched,
    UpdatedOrder, UserRow, WarehouseRow, WorkCentreRow, WorkOrderRow, WorkPartRow, WorkRequests, customer,
    cycle_part, fact, flow, hand_over, happening, incoming, intake, notice, order, order_record, outbox,
    product, purchase, receipt, receivable, recheck, reservation, self_check, session, stock, stock_movement,
    task_fact, timer, work,
};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Written or replaced by key.
    pub orgs: Vec<OrgRow>,
    pub settings: Vec<SettingRow>,
    pub departments: Vec<DepartmentRow>,
    pub users: Vec<UserRow>,
    pub tokens: Vec<TokenRow>,
    pub sessions: Vec<SessionRow>,
    pub feedback: Vec<FeedbackRow>,
    pub saved_views: Vec<SavedViewsRow>,
    pub self_checks: Vec<SelfCheckRow>,
    /// (org, hash)
    pub sessions_removed: Vec<(i64, Hash)>,
    pub sessions_of_users_removed: Vec<SignedOut>,
    /// Publishing a version as `active` turns the one before into `history`.
    pub flows: Vec<FlowRow>,
    pub flow_releases: Vec<FlowReleaseRow>,
    pub flow_drafts: Vec<FlowDraftRow>,
    /// (org, flow key)
    pub flow_drafts_removed: Vec<(i64, String)>,
    pub flow_pendings: Vec<FlowPendingRow>,
    /// (org, flow key)
    pub flow_pendings_removed: Vec<(i64, String)>,
    /// (org, flow key): no version of it is in force any more.
    pub flows_disabled: Vec<(i64, String)>,
    pub warehouses: Vec<WarehouseRow>,
    pub products: Vec<ProductRow>,
    pub prices: Vec<PriceRow>,
    /// (org, product, customer, min_qty_milli)
    pub prices_removed: Vec<(i64, String, String, i64)>,
    /// `exposure_minor` counts only for a new customer; afterwards it changes by `exposure_moves` alone.
    pub customers: Vec<CustomerRow>,
    /// `on_hand_milli` and `reserved_milli` count only for a new row; afterwards they change by `stock_movements` and
    /// `stock_moves` alone.
    pub stock: Vec<StockRow>,
    pub stock_movements: Vec<StockMovementRow>,
    pub purchases: Vec<PurchaseLineRow>,
    pub boms: Vec<BomRow>,
    pub work_centres: Vec<WorkCentreRow>,
    pub work_orders: Vec<WorkOrderRow>,
    /// All parts of those of these work orders that have any.
    pub work_parts: Vec<WorkPartRow>,
    pub counters: Vec<CounterRow>,

    pub new_orders: Vec<OrderRow>,
    pub updated_orders: Vec<UpdatedOrder>,
    pub log: Vec<LogRow>,
    pub seals: Vec<SealRow>,
    pub exposure_moves: Vec<ExposureMove>,
    pub payments: Vec<PaymentRow>,
    pub invoices: Vec<InvoiceRow>,
    pub records: Vec<OrderRecordRow>,
    pub receivables: Vec<Receivables>,
    /// Merge the moves of one (product, warehouse): what one command frees, the next may take.
    pub stock_moves: Vec<StockMove>,
    pub reservations: Vec<Reservations>,
    /// As of stock: merge the moves of one supply.
    pub supply_moves: Vec<SupplyMove>,
    pub incoming: Vec<Incomings>,
    pub hardened: Vec<Harden>,
    pub short_lines: Vec<ShortLines>,
    pub unmatched: Vec<Unmatched>,
    pub purchase_requests: Vec<PurchaseRequests>,
    pub attachments: Vec<AttachmentRow>,
    pub facts: Vec<OrderFactRow>,
    pub hand_overs: Vec<HandOverFactRow>,
    pub cycle_parts: Vec<CyclePartRow>,
    pub task_facts: Vec<TaskFactRow>,
    pub happenings: Vec<HappeningRow>,
    pub work_requests: Vec<WorkRequests>,
    pub tasks: Vec<TaskRow>,
    pub exceptions: Vec<ExceptionRow>,
    pub change_requests: Vec<ChangeRequestRow>,
    pub timers_cleared: Vec<TimerClear>,
    pub timers: Vec<TimerRow>,
    pub outbox: Vec<OutboxRow>,
    pub outbox_finished: Vec<OutboxFinish>,
    pub notices: Vec<NoticeRow>,
    /// (org, user, notice)
    pub notices_read: Vec<(i64, Id, Id)>,
    pub intake: Vec<IntakeRow>,
    pub receipts: Vec<ReceiptRow>,
    pub purge: Option<Purge>,
}

/// Removes what has outlived its use, for all companies, a bounded number of rows per commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Purge {
    pub receipts_before_ms: i64,
    pub sessions_before_ms: i64,
    pub self_checks_before_ms: i64,
    pub intake_before_ms: i64,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.row_count() == 0
    }

    /// How many rows are named here; what a removal by condition touches is counted as one.
    pub fn row_count(&self) -> usize {
        self.master_count() + self.order_count()
    }

    fn master_count(&self) -> usize {
        self.orgs.len()
            + self.settings.len()
            + self.departments.len()
            + self.users.len()
            + self.tokens.len()
            + self.sessions.len()
            + self.feedback.len()
            + self.saved_views.len()
            + self.self_checks.len()
            + self.sessions_removed.len()
            + self.sessions_of_users_removed.len()
            + self.flows.len()
            + self.flow_releases.len()
            + self.flow_drafts.len()
            + self.flow_drafts_removed.len()
            + self.flow_pendings.len()
            + self.flow_pendings_removed.len()
            + self.flows_disabled.len()
            + self.warehouses.len()
            + self.products.len()
            + self.prices.len()
            + self.prices_removed.len()
            + self.customers.len()
            + self.stock.len()
            + self.stock_movements.len()
            + self.purchases.len()
            + self.boms.len()
            + self.work_centres.len()
            + self.work_orders.len()
            + self.work_parts.len()
            + self.counters.len()
    }

    fn order_count(&self) -> usize {
        self.new_orders.len()
            + self.updated_orders.len()
            + self.log.len()
            + self.seals.len()
            + self.exposure_moves.len()
            + self.payments.len()
            + self.invoices.len()
            + self.records.len()
            + self.receivables.iter().map(|of| of.rows.len() + 1).sum::<usize>()
            + self.stock_moves.len()
            + self.reservations.iter().map(|of| of.rows.len().max(1)).sum::<usize>()
            + self.supply_moves.len()
            + self.incoming.iter().map(|of| of.rows.len().max(1)).sum::<usize>()
            + self.hardened.len()
            + self.short_lines.iter().map(|of| of.products.len().max(1)).sum::<usize>()
            + self.unmatched.iter().map(|of| of.codes.len().max(1)).sum::<usize>()
            + self.purchase_requests.iter().map(|of| of.rows.len().max(1)).sum::<usize>()
            + self.attachments.len()
            + self.facts.len()
            + self.hand_overs.len()
            + self.cycle_parts.len()
            + self.task_facts.len()
            + self.happenings.len()
            + self.work_requests.iter().map(|of| of.rows.len().max(1)).sum::<usize>()
            + self.tasks.len()
            + self.exceptions.len()
            + self.change_requests.len()
            + self.timers_cleared.len()
            + self.timers.len()
            + self.outbox.len()
            + self.outbox_finished.len()
            + self.notices.len()
            + self.notices_read.len()
            + self.intake.len()
            + self.receipts.len()
            + usize::from(self.purge.is_some())
    }

    pub(crate) fn apply(&self, connection: &Connection<'_>) -> Result<(), StoreError> {
        self.apply_master(connection)?;
        self.apply_orders(connection)?;
        self.apply_followers(connection)
    }

    fn apply_master(&self, connection: &Connection<'_>) -> Result<(), StoreError> {
        upsert(connection, &self.orgs)?;
        upsert(connection, &self.settings)?;
        upsert(connection, &self.departments)?;
        upsert(connection, &self.users)?;
        upsert(connection, &self.tokens)?;
        upsert(connection, &self.sessions)?;
        upsert(connection, &self.feedback)?;
        upsert(connection, &self.saved_views)?;
        upsert(connection, &self.self_checks)?;
        session::remove(connection, &self.sessions_removed)?;
        session::remove_of_users(connection, &self.sessions_of_users_removed)?;
        flow::publish(connection, &self.flows)?;
        upsert(connection, &self.flow_releases)?;
        flow::remove_drafts(connection, &self.flow_drafts_removed)?;
        upsert(connection, &self.flow_drafts)?;
        flow::remove_pendings(connection, &self.flow_pendings_removed)?;
        upsert(connection, &self.flow_pendings)?;
        flow::disable(connection, &self.flows_disabled)?;
        upsert(connection, &self.warehouses)?;
        upsert(connection, &self.products)?;
        upsert(connection, &self.prices)?;
        product::remove_prices(connection, &self.prices_removed)?;
        customer::put(connection, &self.customers)?;
        stock::put(connection, &self.stock)?;
        stock_movement::book(connection, &self.stock_movements)?;
        purchase::put(connection, &self.purchases)?;
        upsert(connection, &self.boms)?;
        upsert(connection, &self.work_centres)?;
        work::put(connection, &self.work_orders)?;
        work::put_parts(connection, &self.work_parts)?;
        upsert(connection, &self.counters)
    }

    fn apply_orders(&self, connection: &Connection<'_>) -> Result<(), StoreError> {
        order::write(connection, &self.new_orders, &self.updated_orders)?;
        insert(connection, &self.log)?;
        insert(connection, &self.seals)?;
        customer::move_exposure(connection, &self.exposure_moves)?;
        upsert(connection, &self.payments)?;
        insert(connection, &self.invoices)?;
        order_record::put(connection, &self.records)?;
        receivable::replace(connection, &self.receivables)?;
        stock::move_reserved(connection, &self.stock_moves)?;
        reservation::replace(connection, &self.reservations)?;
        incoming::move_promised(connection, &self.supply_moves)?;
        incoming::replace(connection, &self.incoming)?;
        reservation::harden(connection, &self.hardened)?;
        recheck::replace_short_lines(connection, &self.short_lines)?;
        recheck::replace_unmatched(connection, &self.unmatched)?;
        purchase::replace_requests(connection, &self.purchase_requests)?;
        work::replace_requests(connection, &self.work_requests)
    }

    fn apply_followers(&self, connection: &Connection<'_>) -> Result<(), StoreError> {
        insert(connection, &self.attachments)?;
        fact::put(connection, &self.facts)?;
        hand_over::put(connection, &self.hand_overs)?;
        cycle_part::put(connection, &self.cycle_parts)?;
        task_fact::put(connection, &self.task_facts)?;
        happening::put(connection, &self.happenings, &self.facts)?;
        upsert(connection, &self.tasks)?;
        upsert(connection, &self.exceptions)?;
        upsert(connection, &self.change_requests)?;
        timer::clear(connection, &self.timers_cleared)?;
        timer::set(connection, &self.timers)?;
        insert(connection, &self.outbox)?;
        outbox::finish(connection, &self.outbox_finished)?;
        insert(connection, &self.notices)?;
        notice::mark_read(connection, &self.notices_read)?;
        insert(connection, &self.intake)?;
        receipt::put(connection, &self.receipts)?;
        let Some(purge) = &self.purge else { return Ok(()) };
        receipt::purge(connection, purge.receipts_before_ms)?;
        session::purge(connection, purge.sessions_before_ms)?;
        self_check::purge(connection, purge.self_checks_before_ms)?;
        intake::purge(connection, purge.intake_before_ms)
    }
}
