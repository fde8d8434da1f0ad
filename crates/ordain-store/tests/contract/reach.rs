//! Which orders are reached by whoever does not reach all: by lists, by counts and one by one.

use ordain_store::{Changes, OrderFilter, OrderReach, TaskRow};

use super::fixture::{ORG, World, held, id, order, task};

const NOBODY: [u8; 0] = [];

/// Six orders; the third has a task that is offered to finance, the fourth one that li holds, the fifth one that is over.
fn world() -> World {
    let mut world = World::new();
    let mut new_orders: Vec<_> = (1..=6).map(order).collect();
    for (row, n) in new_orders.iter_mut().zip(1..) {
        row.receiver = (n == 1).then(|| "li".into());
        row.customer = (n != 2).then(|| format!("C00{n}"));
        row.waiting_department = (n == 6).then(|| "sender".into());
    }
    let offered = task(1, 3);
    let lies = TaskRow { assignee: Some(id(7)), ..task(2, 4) };
    let over = TaskRow { state: "closed".into(), ..task(3, 5) };
    let tasks = vec![offered, lies, over];
    world.writer.commit(&Changes { new_orders, tasks, ..Changes::default() }).unwrap();
    world
}

/// The same by every way in which it is asked.
fn reached(world: &World, reach: &OrderReach) -> Vec<u8> {
    let filter = OrderFilter { reach: Some(reach.clone()), ..OrderFilter::default() };
    let mut listed: Vec<u8> =
        world.store.list_orders(ORG, &filter, None, 50).unwrap().iter().map(|row| row.id[15]).collect();
    listed.sort_unstable();
    let all: Vec<_> = (1..=6).map(id).collect();
    let each: Vec<u8> =
        world.store.orders_within(ORG, &all, reach).unwrap().iter().map(|id| id[15]).collect();
    assert_eq!(listed, each);
    let counted: i64 = world.store.order_counts_within(ORG, reach).unwrap().iter().map(|count| count.n).sum();
    assert_eq!((counted, world.store.count_orders(ORG, &filter).unwrap()), (each.len() as i64, counted));
    each
}

#[test]
fn s059_an_order_is_reached_by_any_of_what_is_named_and_by_nothing_else() {
    let mut world = world();
    assert_eq!(reached(&world, &OrderReach::default()), NOBODY);
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let some =
        OrderReach { takers: texts(&["li"]), customers: texts(&["C003", "C005"]), ..OrderReach::default() };
    assert_eq!(reached(&world, &some), [1, 3, 5]);
    let nobody = OrderReach { taken_by_nobody: true, ..OrderReach::default() };
    assert_eq!(reached(&world, &nobody), [2, 3, 4, 5, 6]);
    let back = OrderReach { sent_back_to_nobody: true, ..OrderReach::default() };
    assert_eq!(reached(&world, &back), [6]);
    let finance = OrderReach { departments: texts(&["finance"]), ..OrderReach::default() };
    assert_eq!(
        reached(&world, &finance),
        [3],
        "what is offered now, not what lies with a colleague or is over"
    );
    let li = OrderReach { people: vec![id(7)], ..OrderReach::default() };
    assert_eq!(reached(&world, &li), [4]);
    let reservations = vec![held(2, &["SH"])];
    world.writer.commit(&Changes { reservations, ..Changes::default() }).unwrap();
    let shelf = OrderReach { warehouses: texts(&["SH"]), ..OrderReach::default() };
    assert_eq!(reached(&world, &shelf), [2]);
}
