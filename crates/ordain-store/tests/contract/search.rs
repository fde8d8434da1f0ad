//! The list of orders: filters, pages that do not shift, and search.

use ordain_store::{
    AmountRange, Changes, OrderFilter, OrderRow, OrderTraits, StepKey, TaskRow, UpdatedOrder,
};

use super::fixture::{ORG, World, held, order, task};

fn numbers(rows: &[OrderRow]) -> Vec<u8> {
    rows.iter().map(|row| row.id[15]).collect()
}

fn listed(world: &World, filter: &OrderFilter) -> Vec<u8> {
    numbers(&world.store.list_orders(ORG, filter, None, 50).unwrap())
}

fn with_orders(n: u8, change: impl Fn(u8, &mut OrderRow)) -> World {
    let mut world = World::new();
    let mut new_orders: Vec<_> = (1..=n).map(order).collect();
    new_orders.iter_mut().zip(1..).for_each(|(row, n)| change(n, row));
    world.writer.commit(&Changes { new_orders, ..Changes::default() }).unwrap();
    world
}

#[test]
fn pages_stay_in_place_while_orders_come_in() {
    let mut world = with_orders(6, |n, row| row.created_at_ms = i64::from(n / 2));
    let filter = OrderFilter::default();
    let first = world.store.list_orders(ORG, &filter, None, 4).unwrap();
    assert_eq!(numbers(&first), [6, 5, 4, 3], "the newest first, by id at the same time");
    assert_eq!((first[0].search.as_str(), first[0].body.as_str()), ("", ""));

    world.writer.commit(&Changes { new_orders: vec![order(9)], ..Changes::default() }).unwrap();
    let second = world.store.list_orders(ORG, &filter, Some(first[3].cursor()), 4).unwrap();
    assert_eq!(numbers(&second), [2, 1]);
}

#[test]
fn filters_combine() {
    let world = with_orders(6, |n, row| {
        row.status = ["draft", "in_review", "confirmed"][usize::from(n % 3)].into();
        row.waiting_department = (n == 4).then(|| "finance".into());
        row.due_at_ms = (n == 4).then_some(500);
        row.flags = if n > 4 { "on_hold,demo".into() } else { String::new() };
        row.channel = if n == 1 { "mail".into() } else { "api".into() };
        row.customer = (n != 6).then(|| "C001".into());
        row.stage = if n == 3 { "credit".into() } else { "review".into() };
        row.receiver = (n == 2).then(|| "li".into());
    });
    let all = OrderFilter::default();
    let text = |text: &str| Some(text.to_owned());
    let customer = OrderTraits { customer: text("C001"), ..OrderTraits::default() };
    let statuses = vec!["in_review".to_owned(), "confirmed".to_owned()];
    assert_eq!(listed(&world, &OrderFilter { statuses: statuses.clone(), ..all.clone() }), [5, 4, 2, 1]);
    let page = world.store.list_orders(ORG, &OrderFilter { statuses, ..all.clone() }, None, 3).unwrap();
    assert_eq!(numbers(&page), [5, 4, 2]);
    assert_eq!(listed(&world, &OrderFilter { waiting_department: text("finance"), ..all.clone() }), [4]);
    assert_eq!(listed(&world, &OrderFilter { due_before_ms: Some(501), ..all.clone() }), [4]);
    assert_eq!(listed(&world, &OrderFilter { due_before_ms: Some(500), ..all.clone() }), [0; 0]);
    assert_eq!(listed(&world, &OrderFilter { flags: vec!["on_hold".into()], ..all.clone() }), [6, 5]);
    assert_eq!(listed(&world, &OrderFilter { flags: vec!["hold".into()], ..all.clone() }), [0; 0]);
    assert_eq!(listed(&world, &OrderFilter { channel: text("mail"), ..all.clone() }), [1]);
    assert_eq!(listed(&world, &OrderFilter { traits: customer, ..all.clone() }), [5, 4, 3, 2, 1]);
    assert_eq!(listed(&world, &OrderFilter { receiver: text("li"), ..all.clone() }), [2]);
    assert_eq!(listed(&world, &OrderFilter { stage: text("credit"), ..all.clone() }), [3]);
    assert_eq!(listed(&world, &OrderFilter { stage: text("nowhere"), ..all.clone() }), [0; 0]);
    let both = OrderFilter { stage: text("review"), statuses: vec!["draft".into()], ..all.clone() };
    assert_eq!(listed(&world, &both), [6]);
    let searched = OrderFilter { q: text("po-5"), statuses: vec!["confirmed".into()], ..all.clone() };
    assert_eq!(listed(&world, &searched), [5]);
    let window = OrderFilter { created_from_ms: Some(1_002), created_to_ms: Some(1_004), ..all };
    assert_eq!(listed(&world, &window), [3, 2]);
}

#[test]
fn amounts_are_those_of_one_currency() {
    let world = with_orders(6, |n, row| {
        row.total_minor = (n != 5).then(|| i64::from(n) * 1_000);
        row.currency = [Some("CNY"), Some("USD"), None][usize::from(n % 3)].map(Into::into);
    });
    let found = |currency: &str, from_minor, to_minor| {
        let amount = AmountRange { currency: currency.into(), home: "CNY".into(), from_minor, to_minor };
        let traits = OrderTraits { amount: Some(amount), ..OrderTraits::default() };
        listed(&world, &OrderFilter { traits, ..OrderFilter::default() })
    };
    assert_eq!(found("CNY", Some(3_000), None), [6, 3], "what has no total is of no amount");
    assert_eq!(found("CNY", None, Some(3_000)), [3, 2], "who names no currency means the company's own");
    assert_eq!(found("USD", Some(1_000), Some(4_000)), [4, 1]);
    assert_eq!(found("CNY", None, None), [6, 5, 3, 2]);
    assert_eq!(found("EUR", None, None), [0; 0]);
}

#[test]
fn orders_are_found_by_where_their_goods_are_held_and_where_they_wait() {
    let mut world = with_orders(4, |_, _| {});
    let reservations = vec![held(1, &["W1", "W2"]), held(2, &["W2"])];
    let tasks = vec![
        task(1, 3),
        TaskRow { node: "check".into(), ..task(2, 4) },
        TaskRow { state: "done".into(), ..task(3, 1) },
    ];
    world.writer.commit(&Changes { reservations, tasks, ..Changes::default() }).unwrap();
    let at = |warehouse: &str| {
        let traits = OrderTraits { warehouse: Some(warehouse.into()), ..OrderTraits::default() };
        listed(&world, &OrderFilter { traits, ..OrderFilter::default() })
    };
    assert_eq!((at("W1"), at("W2"), at("W3")), (vec![1], vec![2, 1], vec![]));
    let waits = |node: &str| {
        let steps = vec![StepKey { flow: Some("standard".into()), node: node.into() }];
        listed(&world, &OrderFilter { steps, ..OrderFilter::default() })
    };
    assert_eq!((waits("credit"), waits("check"), waits("pack")), (vec![3], vec![4], vec![]));
}

#[test]
fn search_finds_words_codes_and_numbers() {
    let mut world = with_orders(4, |n, row| {
        let name = if n < 3 { "华南电子有限公司" } else { "Acme Machine Works" };
        row.search = format!("po-778{n} c00{n} {name}").to_lowercase();
    });
    let found =
        |world: &World, q: &str| listed(world, &OrderFilter { q: Some(q.into()), ..OrderFilter::default() });
    assert_eq!(found(&world, "华南"), [2, 1]);
    assert_eq!(found(&world, "电子 7782"), [2]);
    assert_eq!(found(&world, "Mach"), [4, 3]);
    assert_eq!(found(&world, "po-778"), [4, 3, 2, 1]);
    assert_eq!(found(&world, "7783"), [3]);
    assert_eq!(found(&world, "so-20261123-000002"), [2]);
    assert_eq!(found(&world, "nobody"), [0; 0]);
    assert_eq!(found(&world, "\" OR *"), [0; 0]);
    assert_eq!(found(&world, "  "), [0; 0]);

    let mut row = order(1);
    row.version = 2;
    row.search = "东方机械".into();
    let updated_orders = vec![UpdatedOrder { expected_version: 1, row }];
    world.writer.commit(&Changes { updated_orders, ..Changes::default() }).unwrap();
    assert_eq!(found(&world, "华南"), [2]);
    assert_eq!(found(&world, "机械"), [1]);
}
