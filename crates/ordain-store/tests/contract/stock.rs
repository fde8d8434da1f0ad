//! Stock, reservations, exposure, and who waits for what.

use std::collections::BTreeSet;

use ordain_store::{
    Changes, ExposureMove, Harden, Keys, PurchaseLineRow, ReservationRow, Reservations, ShortLines,
    StockMovementRow, StockRow, StoreError, SupplyMove, Unmatched, UnmatchedKind,
};

use super::fixture::{ORG, World, customer, id, order, stock, take};

fn with_stock(on_hand_milli: i64) -> World {
    let mut world = World::new();
    world.writer.commit(&Changes { stock: vec![stock("A", on_hand_milli)], ..Changes::default() }).unwrap();
    world
}

fn reserved(world: &World) -> i64 {
    world.store.stock_of_product(ORG, "A").unwrap()[0].reserved_milli
}

#[test]
fn more_than_free_is_refused_with_the_whole_commit() {
    let mut world = with_stock(10_000);
    let moves = |delta| Changes { stock_moves: vec![take("A", delta)], ..Changes::default() };
    world.writer.commit(&moves(6_000)).unwrap();
    let changes = Changes { new_orders: vec![order(1)], ..moves(4_001) };
    assert_eq!(world.writer.commit(&changes), Err(StoreError::Conflict("stock")));
    assert_eq!(world.store.order_by_id(ORG, id(1)).unwrap(), None);
    assert_eq!(reserved(&world), 6_000);

    world.writer.commit(&moves(4_000)).unwrap();
    world.writer.commit(&moves(-10_000)).unwrap();
    assert_eq!(world.writer.commit(&moves(-1)), Err(StoreError::Conflict("stock_reserved")));
    let unknown = Changes { stock_moves: vec![take("B", 1)], ..Changes::default() };
    assert_eq!(world.writer.commit(&unknown), Err(StoreError::Conflict("stock")));
}

#[test]
fn frozen_and_safety_stock_cannot_be_taken_and_freeing_comes_first() {
    let mut world = World::new();
    let row = StockRow { frozen_milli: 2_000, safety_milli: 3_000, ..stock("A", 10_000) };
    world.writer.commit(&Changes { stock: vec![row, stock("B", 5)], ..Changes::default() }).unwrap();
    let take_from = |moves| Changes { stock_moves: moves, ..Changes::default() };
    assert!(world.writer.commit(&take_from(vec![take("A", 5_001)])).is_err());
    world.writer.commit(&take_from(vec![take("A", 5_000)])).unwrap();
    world.writer.commit(&take_from(vec![take("A", 1_000), take("B", 5), take("A", -1_000)])).unwrap();
    assert_eq!(reserved(&world), 5_000);
}

fn moved(n: i64, qty_milli: i64) -> StockMovementRow {
    StockMovementRow { seq: 1, at_ms: 7, qty_milli, ..StockMovementRow::opening(&stock("A", 1), n) }
}

#[test]
fn a_balance_is_the_sum_of_its_movements_and_never_below_zero() {
    let mut world = World::new();
    let empty = StockRow { on_hand_milli: 0, ..stock("A", 0) };
    let book = |movements| Changes { stock_movements: movements, ..Changes::default() };
    world
        .writer
        .commit(&Changes { stock: vec![empty], ..book(vec![moved(0, 5_000), moved(1, -2_000)]) })
        .unwrap();
    assert_eq!(
        world.writer.commit(&book(vec![moved(2, -3_001)])),
        Err(StoreError::Conflict("stock_movement"))
    );
    assert_eq!(world.store.stock_of_product(ORG, "A").unwrap()[0].on_hand_milli, 3_000);
    assert_eq!(world.store.stock_off_ledger(ORG).unwrap(), None);
    let listed = world.store.stock_movements(ORG, "A", (i64::MAX, 0), 10).unwrap();
    assert_eq!(listed.iter().map(|row| row.qty_milli).collect::<Vec<_>>(), [-2_000, 5_000]);
    assert_eq!(world.store.stock_movements(ORG, "", (1, 1), 10).unwrap().len(), 1);

    // A balance that did not come from the ledger shows.
    world.writer.commit(&Changes { stock: vec![stock("B", 4)], ..Changes::default() }).unwrap();
    let off = world.store.stock_off_ledger(ORG).unwrap().unwrap();
    assert_eq!((off.0.as_str(), off.2, off.3), ("B", 0, 4));
}

#[test]
fn a_feed_keeps_what_is_reserved() {
    let mut world = with_stock(10_000);
    world.writer.commit(&Changes { stock_moves: vec![take("A", 6_000)], ..Changes::default() }).unwrap();
    let fed = StockRow { as_of_ms: 9, reserved_milli: 77, ..stock("A", 3_000) };
    let changes =
        Changes { stock: vec![fed.clone()], stock_movements: vec![moved(1, -7_000)], ..Changes::default() };
    world.writer.commit(&changes).unwrap();
    let rows = world.store.list_stock(ORG, "a", ("", ""), 10).unwrap();
    assert_eq!(rows, [StockRow { reserved_milli: 6_000, updated_at_ms: 7, ..fed }]);
    let keys = Keys { stock: BTreeSet::from([(ORG, "A".to_owned())]), ..Keys::default() };
    assert_eq!(world.writer.load(&keys).unwrap().stock.len(), 1);
}

#[test]
fn reservations_are_replaced_and_hardened() {
    let mut world = World::new();
    let row = |line, qty_milli| ReservationRow {
        org: ORG,
        order_id: id(1),
        line,
        product: "A".into(),
        warehouse: "W1".into(),
        qty_milli,
        kind: "soft".into(),
    };
    let of = |first, rows| Changes {
        reservations: vec![Reservations { org: ORG, order_id: id(1), first, rows }],
        ..Changes::default()
    };
    world.writer.commit(&of(true, vec![row(1, 5), row(2, 6)])).unwrap();
    assert_eq!(
        world.writer.commit(&of(true, vec![row(1, 5)])),
        Err(StoreError::Conflict("reservation")),
        "an order that has reservations must not be taken for one that has none"
    );
    world.writer.commit(&of(false, vec![row(2, 7)])).unwrap();
    let hardened = vec![Harden { org: ORG, order_id: id(1) }];
    world.writer.commit(&Changes { hardened, ..Changes::default() }).unwrap();
    let expected = ReservationRow { kind: "hard".into(), ..row(2, 7) };
    assert_eq!(world.store.reservations_of_order(ORG, id(1)).unwrap(), [expected]);
    world.writer.commit(&of(false, vec![])).unwrap();
    let keys = Keys { reservations: BTreeSet::from([(ORG, id(1))]), ..Keys::default() };
    assert!(world.writer.load(&keys).unwrap().reservations.is_empty());
}

#[test]
fn exposure_moves_by_differences_and_survives_a_new_card() {
    let mut world = World::new();
    world.writer.commit(&Changes { customers: vec![customer("C001")], ..Changes::default() }).unwrap();
    let moved = |customer: &str, delta_minor| Changes {
        exposure_moves: vec![ExposureMove { org: ORG, customer: customer.into(), delta_minor }],
        ..Changes::default()
    };
    world.writer.commit(&moved("C001", 700)).unwrap();
    world.writer.commit(&moved("C001", -200)).unwrap();
    assert_eq!(world.writer.commit(&moved("C404", 1)), Err(StoreError::Conflict("customer")));
    let mut card = customer("C001");
    card.name = "New name".into();
    world.writer.commit(&Changes { customers: vec![card.clone()], ..Changes::default() }).unwrap();
    card.exposure_minor = 500;
    assert_eq!(world.store.customer(ORG, "C001").unwrap(), Some(card));
}

#[test]
fn arrivals_find_who_waits_for_them() {
    let mut world = World::new();
    let short = |n, products: &[&str]| ShortLines {
        org: ORG,
        order_id: id(n),
        products: products.iter().map(ToString::to_string).collect(),
    };
    let unmatched = |n, codes: &[(UnmatchedKind, &str)]| Unmatched {
        org: ORG,
        order_id: id(n),
        codes: codes.iter().map(|(kind, code)| (*kind, code.to_string())).collect(),
    };
    let changes = Changes {
        short_lines: vec![short(2, &["A", "B"]), short(1, &["B"])],
        unmatched: vec![unmatched(3, &[(UnmatchedKind::Customer, "X"), (UnmatchedKind::Product, "X")])],
        ..Changes::default()
    };
    world.writer.commit(&changes).unwrap();
    let waiting = |world: &World| {
        world.store.orders_waiting_for_stock(ORG, &["A".into(), "B".into(), "C".into()]).unwrap()
    };
    assert_eq!(waiting(&world), [id(1), id(2)]);
    let of_code = |kind| world.store.orders_waiting_for_code(ORG, kind, &["X".into()]).unwrap();
    assert_eq!(of_code(UnmatchedKind::Product), [id(3)]);

    let changes = Changes {
        short_lines: vec![short(2, &[])],
        unmatched: vec![unmatched(3, &[(UnmatchedKind::Customer, "X")])],
        ..Changes::default()
    };
    world.writer.commit(&changes).unwrap();
    assert_eq!(waiting(&world), [id(1)]);
    let codes = ["X".to_owned()];
    let none = world.store.orders_waiting_for_code(ORG, UnmatchedKind::Product, &codes).unwrap();
    assert_eq!(none, [[0; 16]; 0]);
}

#[test]
fn a_purchase_is_promised_once_and_an_upsert_leaves_what_was_promised() {
    let mut world = World::new();
    let purchase = PurchaseLineRow {
        org: ORG,
        number: "PO-1".into(),
        line: 1,
        state: "ordered".into(),
        supplier: None,
        product: "P-1".into(),
        warehouse: None,
        qty_milli: 5_000,
        received_milli: 0,
        promised_milli: 0,
        due_date: Some("2026-12-01".into()),
        order_id: None,
        order_line: None,
        owner: None,
        answer_by_ms: None,
        updated_at_ms: 0,
    };
    let bought = || Changes { purchases: vec![purchase.clone()], ..Changes::default() };
    let promise = |delta_milli| {
        let (kind, number) = ("purchase".to_owned(), "PO-1".to_owned());
        let moved = SupplyMove { org: ORG, kind, number, n: 1, delta_milli };
        Changes { supply_moves: vec![moved], ..Changes::default() }
    };
    let mut commit = |changes: Changes| world.writer.commit(&changes);
    commit(bought()).unwrap();
    commit(promise(3_000)).unwrap();
    assert!(matches!(commit(promise(2_001)), Err(StoreError::Conflict("supply"))));
    commit(bought()).unwrap();
    assert!(matches!(commit(promise(2_001)), Err(StoreError::Conflict("supply"))));
    commit(promise(2_000)).unwrap();
    commit(promise(-5_000)).unwrap();
    assert_eq!(world.store.purchase_line(ORG, "PO-1", 1).unwrap().unwrap().promised_milli, 0);
}
