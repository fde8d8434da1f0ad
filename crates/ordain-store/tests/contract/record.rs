//! Lists of shipments, invoices, payments and complaints over the whole company.

use ordain_store::{
    Changes, Id, OrderReach, OrderRecordRow, RecordFilter, RecordKind, StockMovementRow, StockRow,
};

use super::fixture::{ORG, World, id, order, stock};

fn record(kind: RecordKind, of: u8, n: i64, day: &str) -> OrderRecordRow {
    OrderRecordRow {
        org: ORG,
        order_id: id(of),
        kind: kind.name().into(),
        n,
        version: 5,
        number: format!("SO-{of}"),
        reference: Some(format!("Ref-{of}/{n}")),
        customer: format!("C00{of}"),
        customer_name: None,
        currency: "CNY".into(),
        minor: Some(12_550),
        left_minor: None,
        state: "open".into(),
        about: None,
        said: None,
        day: day.into(),
        at_ms: n,
        actor: "{}".into(),
    }
}

fn world(records: Vec<OrderRecordRow>) -> World {
    let mut world = World::new();
    let changes = Changes { new_orders: vec![order(1), order(2)], records, ..Changes::default() };
    world.writer.commit(&changes).unwrap();
    world
}

fn listed(world: &World, filter: RecordFilter) -> Vec<(Id, i64)> {
    let rows = world.store.list_records(ORG, &filter, None, 50).unwrap();
    rows.into_iter().map(|row| (row.order_id, row.n)).collect()
}

#[test]
fn records_of_a_kind_are_listed_newest_first_page_by_page() {
    let payment = |of, n, day| record(RecordKind::Payment, of, n, day);
    let world = world(vec![
        payment(1, 1, "2026-11-20"),
        payment(2, 1, "2026-11-20"),
        payment(1, 2, "2026-11-20"),
        payment(1, 3, "2026-11-19"),
        record(RecordKind::Complaint, 1, 1, "2026-11-21"),
    ]);
    let filter = RecordFilter { kind: RecordKind::Payment, ..RecordFilter::default() };
    let all = vec![(id(1), 2), (id(2), 1), (id(1), 1), (id(1), 3)];
    assert_eq!(listed(&world, filter.clone()), all);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.list_records(ORG, &filter, after.take(), 1).unwrap();
        let Some(last) = page.last() else { break };
        found.push((last.order_id, last.n));
        after = Some(last.place());
    }
    assert_eq!(found, all);
}

#[test]
fn records_are_found_by_what_they_say() {
    let invoice = |of, n, day| record(RecordKind::Invoice, of, n, day);
    let closed = OrderRecordRow { state: "closed".into(), reference: None, ..invoice(2, 1, "2026-11-22") };
    let world = world(vec![invoice(1, 1, "2026-11-20"), invoice(1, 2, "2026-11-21"), closed]);
    let of = |filter: RecordFilter| listed(&world, RecordFilter { kind: RecordKind::Invoice, ..filter });
    let some = |text: &str| Some(text.to_owned());
    let both = vec![(id(1), 2), (id(1), 1)];
    assert_eq!(of(RecordFilter { q: some("so-1"), ..RecordFilter::default() }), both);
    assert_eq!(of(RecordFilter { q: some("REF-1/2"), ..RecordFilter::default() }), both[..1]);
    assert_eq!(of(RecordFilter { customer: some("C001"), ..RecordFilter::default() }), both);
    assert_eq!(of(RecordFilter { state: some("closed"), ..RecordFilter::default() }), [(id(2), 1)]);
    let days = RecordFilter { from: some("2026-11-21"), to: some("2026-11-21"), ..RecordFilter::default() };
    assert_eq!(of(days), both[..1]);
    let reach = |customers: &[&str]| {
        let customers = customers.iter().map(|code| (*code).to_owned()).collect();
        RecordFilter {
            reach: Some(OrderReach { customers, ..OrderReach::default() }),
            ..RecordFilter::default()
        }
    };
    // Both orders of the fixture are of C001, whatever their records say.
    assert_eq!((of(reach(&["C001"])).len(), of(reach(&["C002"])).len()), (3, 0));
}

#[test]
fn a_shipment_is_found_by_the_warehouse_that_its_own_goods_left() {
    let shipment = |n| record(RecordKind::Shipment, 1, n, "2026-11-20");
    let mut world = world(vec![shipment(1), shipment(2)]);
    let moved = |n: i64, warehouse: &str| StockMovementRow {
        seq: 1,
        qty_milli: -1_000,
        warehouse: warehouse.into(),
        order_id: Some(id(1)),
        reference: Some(format!("Ref-1/{n}")),
        ..StockMovementRow::opening(&stock("A", 1), n)
    };
    let stock = vec![stock("A", 5_000), StockRow { warehouse: "W2".into(), ..stock("A", 5_000) }];
    world.writer.commit(&Changes { stock, ..Changes::default() }).unwrap();
    let stock_movements = vec![moved(1, "W1"), moved(2, "W2")];
    world.writer.commit(&Changes { stock_movements, ..Changes::default() }).unwrap();
    let from = |warehouse: &str| {
        listed(&world, RecordFilter { warehouse: Some(warehouse.into()), ..RecordFilter::default() })
    };
    assert_eq!((from("W1"), from("W2"), from("W3")), (vec![(id(1), 1)], vec![(id(1), 2)], vec![]));
    assert_eq!(world.store.shipped_from(ORG, id(1), "Ref-1/2").unwrap(), ["W2"]);
}

#[test]
fn a_row_of_an_older_state_takes_no_place() {
    let mut world = world(vec![record(RecordKind::Complaint, 1, 1, "2026-11-20")]);
    for (version, state, stays) in [(4, "answered", "open"), (6, "closed", "closed")] {
        let row = OrderRecordRow {
            version,
            state: state.into(),
            ..record(RecordKind::Complaint, 1, 1, "2026-11-20")
        };
        world.writer.commit(&Changes { records: vec![row], ..Changes::default() }).unwrap();
        assert_eq!(world.store.records_of_order(ORG, id(1)).unwrap()[0].state, stays);
    }
}
