//! Readers beside the writer: they see whole commits only, and keep nobody from writing.

use std::sync::atomic::{AtomicBool, Ordering};

use ordain_store::{Changes, OrderFilter, Store};

use super::fixture::{ORG, World, id, log, order, stock, take};

#[test]
fn readers_see_whole_commits_while_writing_goes_on() {
    let mut world = World::new();
    let (store, writer) = (&world.store, &mut world.writer);
    writer.commit(&Changes { stock: vec![stock("A", 1_000)], ..Changes::default() }).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let entries = store.log_range(ORG, 0, 500).unwrap();
                    let orders = store.list_orders(ORG, &OrderFilter::default(), None, 200).unwrap();
                    assert!(entries.len() >= last, "time does not run backwards");
                    assert!(orders.len() >= entries.len(), "an entry without its order");
                    last = entries.len();
                }
            });
        }
        for n in 1..=100 {
            let changes = Changes {
                new_orders: vec![order(n)],
                log: vec![log(i64::from(n), Some(n), 1)],
                stock_moves: vec![take("A", 1)],
                ..Changes::default()
            };
            writer.commit(&changes).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(store.stock_of_product(ORG, "A").unwrap()[0].reserved_milli, 100);
}

#[test]
fn a_reading_command_works_beside_the_server_and_after_it() {
    let mut world = World::new();
    let beside = Store::open_reader(world.place.database()).unwrap();
    world.writer.commit(&Changes { new_orders: vec![order(1)], ..Changes::default() }).unwrap();
    assert!(beside.order_by_id(ORG, id(1)).unwrap().is_some());
    drop(world.writer);
    drop(world.store);
    assert!(beside.order_by_id(ORG, id(1)).unwrap().is_some());
}

#[test]
fn opening_again_changes_nothing() {
    let mut world = World::new();
    world.writer.commit(&Changes { new_orders: vec![order(1)], ..Changes::default() }).unwrap();
    let version = world.store.stats().unwrap().schema_version;
    let world = world.reopened().reopened();
    assert_eq!(world.store.stats().unwrap().schema_version, version);
    assert!(world.store.order_by_id(ORG, id(1)).unwrap().is_some());
    assert_eq!(world.store.integrity_check().unwrap(), Vec::<String>::new());
}
