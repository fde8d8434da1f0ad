//! A copy holds what the original holds, on whichever engine either of them is.

use ordain_store::{
    Changes, Content, Database, OpenOptions, OrderFilter, OrderRow, Store, StoreError, UpdatedOrder, Writer,
};

use super::Place;
use super::fixture::{ORG, World, customer, id, log, message, order, stock, task, timer};

/// A world with a little of everything, and more log than goes on one page.
fn peopled() -> World {
    let mut world = World::new();
    let changes = Changes {
        new_orders: (1..=40).rev().map(order).collect(),
        log: (1..=2_500).map(|seq| log(seq, None, seq)).collect(),
        outbox: vec![message(3, Some(1)), message(1, Some(1)), message(2, None)],
        customers: vec![customer("C001"), customer("C002")],
        stock: vec![stock("P-1", 5_000)],
        tasks: vec![task(1, 1), task(2, 2)],
        timers: vec![timer(1, Some(1), 10), timer(2, None, 20)],
        ..Changes::default()
    };
    world.writer.commit(&changes).unwrap();
    world
}

fn rows(contents: &[Content], table: &str) -> u64 {
    contents.iter().find(|content| content.table == table).unwrap().rows
}

/// Copies into an empty database, and finds there what was in the other one.
fn copied(source: &Store, target: Database<'_>) -> (Store, Writer) {
    let (store, mut writer) = Store::open(target).unwrap();
    let contents = source.copy_to(&store, &mut writer).unwrap();
    assert_eq!(contents, source.contents().unwrap());
    let counted = ["orders", "log", "outbox", "customer", "stock", "task", "timer", "org"];
    assert_eq!(counted.map(|table| rows(&contents, table)), [40, 2_500, 3, 2, 1, 2, 2, 1]);
    assert_eq!(store.order_by_id(ORG, id(7)).unwrap(), Some(order(7)));
    let searched = OrderFilter { q: Some("po-7".into()), ..OrderFilter::default() };
    let found = store.list_orders(ORG, &searched, None, 50).unwrap();
    assert_eq!(found.iter().map(|row| row.id[15]).collect::<Vec<_>>(), [7]);
    (store, writer)
}

#[test]
fn a_copy_holds_what_the_original_holds_and_goes_on_from_there() {
    let world = peopled();
    let (same, back, folder) = (Place::fresh(), Place::fresh(), tempfile::tempdir().unwrap());
    copied(&world.store, same.database());
    let file = folder.path().join("copy.db");
    let (store, _) = copied(&world.store, Database::Sqlite(OpenOptions::new(&file)));
    let (store, mut writer) = copied(&store, back.database());
    let first = writer.claim_outbox("mail", 10, 30, 1).unwrap();
    assert_eq!(first[0].id, id(3), "what came first leaves first");
    let changes =
        Changes { new_orders: vec![order(41)], outbox: vec![message(4, None)], ..Changes::default() };
    writer.commit(&changes).unwrap();
    assert_eq!(store.order_by_id(ORG, id(41)).unwrap(), Some(order(41)));
}

/// The last order of a status has gone on: what is counted there is a row with nothing in it.
#[test]
fn a_count_that_has_gone_down_to_nothing_is_no_difference() {
    let (mut world, place) = (World::new(), Place::fresh());
    world.writer.commit(&Changes { new_orders: vec![order(1)], ..Changes::default() }).unwrap();
    let row = OrderRow { status: "confirmed".into(), stage: "done".into(), version: 2, ..order(1) };
    let updated_orders = vec![UpdatedOrder { expected_version: 1, row }];
    world.writer.commit(&Changes { updated_orders, ..Changes::default() }).unwrap();
    let (store, mut writer) = Store::open(place.database()).unwrap();
    let contents = world.store.copy_to(&store, &mut writer).unwrap();
    assert_eq!(rows(&contents, "order_count"), 1);
    assert_eq!(store.order_counts(ORG).unwrap(), world.store.order_counts(ORG).unwrap());
}

#[test]
fn what_is_not_empty_is_not_copied_into() {
    let (world, mut other) = (peopled(), peopled());
    let before = other.store.contents().unwrap();
    let refused = world.store.copy_to(&other.store, &mut other.writer);
    assert_eq!(refused, Err(StoreError::Conflict("not_empty")));
    assert_eq!(other.store.contents().unwrap(), before);
}
