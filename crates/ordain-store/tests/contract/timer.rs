//! Timers: one per order, kind and key; due ones come oldest first.

use std::collections::BTreeSet;

use ordain_store::{Changes, Keys, TimerClear, TimerRow};

use super::fixture::{ORG, World, id, timer};

fn set(world: &mut World, timers: Vec<TimerRow>) {
    world.writer.commit(&Changes { timers, ..Changes::default() }).unwrap();
}

fn due(world: &World, now_ms: i64) -> Vec<u8> {
    world.store.due_timers(now_ms, 10).unwrap().iter().map(|timer| timer.id[15]).collect()
}

#[test]
fn setting_again_moves_a_timer() {
    let mut world = World::new();
    set(&mut world, vec![timer(1, Some(1), 100), timer(2, None, 200), timer(3, Some(2), 50)]);
    assert_eq!(due(&world, 99), [3]);
    assert_eq!(due(&world, 200), [3, 1, 2]);
    set(&mut world, vec![timer(4, Some(1), 300), timer(5, None, 40)]);
    assert_eq!(due(&world, 1_000), [5, 3, 4]);
    assert_eq!(world.store.next_timer_at().unwrap(), Some(40));
    let keys = Keys { timers: BTreeSet::from([(ORG, id(4)), (ORG, id(1))]), ..Keys::default() };
    assert_eq!(world.writer.load(&keys).unwrap().timers.len(), 1, "the old id is gone: it cannot fire twice");
}

#[test]
fn timers_are_cleared_by_key_or_with_their_order_before_others_are_set() {
    let mut world = World::new();
    let other = TimerRow { kind: "promise".into(), ..timer(2, Some(1), 10) };
    set(&mut world, vec![timer(1, Some(1), 10), other, timer(3, None, 10), timer(4, Some(2), 10)]);
    let by_key =
        |order_id| TimerClear::Key { org: ORG, order_id, kind: "deadline".into(), key: "credit".into() };
    let clear = |timers_cleared| Changes { timers_cleared, ..Changes::default() };
    world.writer.commit(&clear(vec![by_key(None), by_key(Some(id(2)))])).unwrap();
    assert_eq!(due(&world, 10), [1, 2]);
    let mut changes = clear(vec![TimerClear::Order { org: ORG, order_id: id(1) }]);
    changes.timers = vec![timer(7, Some(1), 10)];
    world.writer.commit(&changes).unwrap();
    assert_eq!(due(&world, 10), [7]);
    assert_eq!(world.store.timers_of_order(ORG, id(1)).unwrap().len(), 1);
}
