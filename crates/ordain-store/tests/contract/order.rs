//! Orders: written once, changed only under the expected version, found by id, number and twin.

use std::collections::{BTreeMap, BTreeSet};

use ordain_store::{Changes, Keys, OrderCount, StoreError, TwinKey, UpdatedOrder};

use super::fixture::{ORG, World, id, log, order};

fn new(n: u8) -> Changes {
    Changes { new_orders: vec![order(n)], log: vec![log(i64::from(n), Some(n), 1)], ..Changes::default() }
}

#[test]
fn an_order_reads_back_as_written() {
    let mut world = World::new();
    world.writer.commit(&new(1)).unwrap();
    assert_eq!(world.store.order_by_id(ORG, id(1)).unwrap(), Some(order(1)));
    assert_eq!(world.store.order_by_number(ORG, "SO-20261123-000001").unwrap(), Some(order(1)));
    assert_eq!(world.store.order_by_id(2, id(1)).unwrap(), None, "another company sees nothing");

    let keys = Keys {
        orders: BTreeSet::from([(ORG, id(1)), (ORG, id(9))]),
        order_numbers: BTreeSet::from([(ORG, "SO-20261123-000001".to_owned())]),
        ..Keys::default()
    };
    let slice = world.writer.load(&keys).unwrap();
    assert_eq!(slice.orders.into_values().collect::<Vec<_>>(), [order(1)]);
}

#[test]
fn an_update_needs_the_version_it_was_decided_on() {
    let mut world = World::new();
    world.writer.commit(&new(1)).unwrap();
    let mut row = order(1);
    row.version = 2;
    row.status = "confirmed".into();
    row.body = "{}".into();
    let update = UpdatedOrder { expected_version: 1, row: row.clone() };
    let changes =
        Changes { updated_orders: vec![update], log: vec![log(2, Some(1), 2)], ..Changes::default() };
    world.writer.commit(&changes).unwrap();
    assert_eq!(world.store.order_by_id(ORG, id(1)).unwrap(), Some(row));

    assert_eq!(world.writer.commit(&changes), Err(StoreError::Stale));
    let unknown = UpdatedOrder { expected_version: 1, row: order(7) };
    let changes = Changes { updated_orders: vec![unknown], ..Changes::default() };
    assert_eq!(world.writer.commit(&changes), Err(StoreError::Stale));
    assert!(world.writer.is_sound());
}

#[test]
fn a_refused_commit_leaves_nothing() {
    let mut world = World::new();
    world.writer.commit(&new(1)).unwrap();
    let mut twice = new(2);
    twice.new_orders.push(order(3));
    twice.new_orders[1].number = "SO-20261123-000001".into();
    assert_eq!(world.writer.commit(&twice), Err(StoreError::Conflict("order_number")));
    assert_eq!(world.store.order_by_id(ORG, id(2)).unwrap(), None);
    assert_eq!(world.store.log_range(ORG, 0, 10).unwrap().len(), 1);

    let mut reused = new(2);
    reused.log[0].seq = 1;
    assert_eq!(world.writer.commit(&reused), Err(StoreError::Conflict("log_seq")));
    let mut reused = new(2);
    reused.log[0] = log(2, Some(1), 1);
    assert_eq!(world.writer.commit(&reused), Err(StoreError::Conflict("log_subject_seq")));
    world.writer.commit(&new(2)).unwrap();
}

#[test]
fn twins_are_the_live_orders_under_the_same_purchase_order() {
    let mut world = World::new();
    let mut changes = Changes::default();
    for (n, status) in [(1, "cancelled"), (2, "confirmed"), (3, "in_review")] {
        let mut row = order(n);
        row.customer_po = Some("PO-7".into());
        row.status = status.into();
        changes.new_orders.push(row);
    }
    world.writer.commit(&changes).unwrap();
    let key = TwinKey { org: ORG, customer: "C001".into(), customer_po: "PO-7".into() };
    let other = TwinKey { customer: "C002".into(), ..key.clone() };
    let twins = BTreeSet::from([key.clone(), other.clone()]);
    let found = world.writer.load(&Keys { twins, ..Keys::default() }).unwrap().twins;
    let number = |n: u32| format!("SO-20261123-{n:06}");
    let live = BTreeMap::from([(id(2), number(2)), (id(3), number(3))]);
    assert_eq!(found.get(&key), Some(&live));
    assert_eq!(found.get(&other), None);
    assert_eq!(world.store.twins(&key).unwrap(), live);
}

#[test]
fn counts_follow_every_change_of_status() {
    let mut world = World::new();
    world.writer.commit(&Changes { new_orders: (1..=3).map(order).collect(), ..Changes::default() }).unwrap();
    let mut row = order(2);
    row.version = 2;
    row.status = "confirmed".into();
    row.stage = "done".into();
    let updated_orders = vec![UpdatedOrder { expected_version: 1, row }];
    let changes = Changes { updated_orders, ..Changes::default() };
    world.writer.commit(&changes).unwrap();
    world.writer.commit(&changes).unwrap_err();
    let count = |status: &str, stage: &str, n| OrderCount { status: status.into(), stage: stage.into(), n };
    let expected = [count("confirmed", "done", 1), count("in_review", "review", 2)];
    assert_eq!(world.store.order_counts(ORG).unwrap(), expected);
}

#[test]
fn the_number_of_rows_is_counted() {
    assert!(Changes::default().is_empty());
    assert_eq!(new(1).row_count(), 2);
}
