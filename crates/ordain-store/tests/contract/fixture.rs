//! A fresh database with one company, and rows that are valid but for what a test changes.

use ordain_store::{
    Changes, CustomerRow, Id, LogRow, OrderRow, OrgRow, OutboxRow, ReservationRow, Reservations, StockMove,
    StockRow, Store, TaskRow, TimerRow, Writer,
};

use super::Place;

pub const ORG: i64 = 1;

pub struct World {
    pub store: Store,
    pub writer: Writer,
    pub place: Place,
}

impl World {
    pub fn new() -> Self {
        let place = Place::fresh();
        let (store, mut writer) = Store::open(place.database()).unwrap();
        let orgs = vec![OrgRow { org: ORG, name: "Test".into(), created_at_ms: 1 }];
        writer.commit(&Changes { orgs, ..Changes::default() }).unwrap();
        Self { store, writer, place }
    }

    /// Lets go of everything and opens it again, as a restart does.
    pub fn reopened(self) -> Self {
        let Self { store, writer, place } = self;
        drop((store, writer));
        let (store, writer) = Store::open(place.database()).unwrap();
        Self { store, writer, place }
    }
}

pub fn id(n: u8) -> Id {
    let mut id = [0; 16];
    id[15] = n;
    id
}

pub fn order(n: u8) -> OrderRow {
    OrderRow {
        org: ORG,
        id: id(n),
        number: format!("SO-20261123-{n:06}"),
        revision: 1,
        version: 1,
        status: "in_review".into(),
        flags: String::new(),
        stage: "review".into(),
        channel: "api".into(),
        customer: Some("C001".into()),
        customer_name: Some("华南电子有限公司".into()),
        customer_po: Some(format!("PO-{n}")),
        currency: Some("CNY".into()),
        total_minor: Some(12_550),
        requested_date: Some("2026-12-01".into()),
        receiver: None,
        waiting_department: None,
        waiting_node: None,
        waiting_who: None,
        waiting_since_ms: None,
        due_at_ms: None,
        created_at_ms: 1_000 + i64::from(n),
        submitted_at_ms: Some(1_000),
        confirmed_at_ms: None,
        updated_at_ms: 1_000,
        head: [n; 32],
        search: format!("po-{n} c001 华南电子有限公司"),
        body: format!("{{\"n\":{n}}}"),
    }
}

pub fn log(seq: i64, order: Option<u8>, subject_seq: i64) -> LogRow {
    LogRow {
        org: ORG,
        seq,
        subject: order.map_or("org".into(), |n| format!("order:{n}")),
        subject_seq,
        at_ms: 1_000 + seq,
        actor: "{\"user\":\"li\"}".into(),
        command: "submit_order".into(),
        reason: None,
        order_id: order.map(id),
        events: "[]".into(),
        hash: [1; 32],
        prev: [0; 32],
    }
}

pub fn stock(product: &str, on_hand_milli: i64) -> StockRow {
    StockRow {
        org: ORG,
        product: product.into(),
        warehouse: "W1".into(),
        on_hand_milli,
        reserved_milli: 0,
        frozen_milli: 0,
        safety_milli: 0,
        reorder_milli: 0,
        as_of_ms: 1,
        updated_at_ms: 1,
    }
}

pub fn take(product: &str, delta_milli: i64) -> StockMove {
    StockMove { org: ORG, product: product.into(), warehouse: "W1".into(), delta_milli }
}

pub fn customer(code: &str) -> CustomerRow {
    CustomerRow {
        org: ORG,
        code: code.into(),
        name: format!("Customer {code}"),
        level: None,
        credit_limit_minor: Some(100_000),
        exposure_minor: 0,
        currency: "CNY".into(),
        payment_terms: "NET30".into(),
        body: "{}".into(),
        version: 1,
        updated_at_ms: 1,
    }
}

pub fn task(n: u8, order: u8) -> TaskRow {
    TaskRow {
        org: ORG,
        id: id(n),
        order_id: id(order),
        node: "credit".into(),
        visit: 1,
        department: Some("finance".into()),
        role: Some("finance".into()),
        assignee: None,
        claimed_by: None,
        state: "open".into(),
        opened_at_ms: 1,
        due_at_ms: Some(100 + i64::from(n)),
        decided_at_ms: None,
        decided_by: None,
        decision: None,
        body: "{}".into(),
        flow: Some("standard".into()),
    }
}

/// What an order holds, a piece in each warehouse.
pub fn held(order: u8, warehouses: &[&str]) -> Reservations {
    let row = |(line, warehouse): (i64, &&str)| ReservationRow {
        org: ORG,
        order_id: id(order),
        line,
        product: "P1".into(),
        warehouse: (*warehouse).into(),
        qty_milli: 1_000,
        kind: "soft".into(),
    };
    let rows = (1..).zip(warehouses).map(row).collect();
    Reservations { org: ORG, order_id: id(order), first: true, rows }
}

pub fn timer(n: u8, order: Option<u8>, due_at_ms: i64) -> TimerRow {
    TimerRow {
        org: ORG,
        id: id(n),
        order_id: order.map(id),
        kind: "deadline".into(),
        key: "credit".into(),
        due_at_ms,
        body: "{}".into(),
    }
}

pub fn message(n: u8, order: Option<u8>) -> OutboxRow {
    OutboxRow {
        org: ORG,
        id: id(n),
        order_id: order.map(id),
        channel: "mail".into(),
        message: "{}".into(),
        state: "queued".into(),
        attempts: 0,
        next_at_ms: 0,
        lease_until_ms: 0,
        lease_token: 0,
        created_at_ms: 0,
        sent_at_ms: None,
        last_error: None,
    }
}
