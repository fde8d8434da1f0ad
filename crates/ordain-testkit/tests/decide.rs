//! Decisions about one order, without a database: the shipped flow and the gate invariant.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests

use ordain_app::case::decide::{By, Decided, OrderCommand, Place, decide};
use ordain_app::case::{Case, Refusal, World};
use ordain_domain::actor::Actor;
use ordain_domain::order::{Content, Status};
use ordain_flow::run::Decision;
use ordain_testkit::company::{MONDAY_MS, clean_order, line, person, world};
use std::collections::BTreeMap;
use uuid::Uuid;

fn by(login: &str, n: u128) -> By {
    let user = person(login);
    By {
        actor: Actor::Person { id: user.id, name: user.name },
        at_ms: MONDAY_MS,
        id: Uuid::from_u128(n << 32),
    }
}

fn place(world: &World, content: Content) -> Decided {
    let place = Place {
        channel: "api".into(),
        source: None,
        content,
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: None,
    };
    decide(None, world, &OrderCommand::Place(Box::new(place)), &by("sales1", 1)).unwrap()
}

fn open(case: &Case) -> Vec<String> {
    case.open_tasks().map(|(_, task)| task.node.clone()).collect()
}

fn approve(
    case: &Case,
    world: &World,
    node: &str,
    login: &str,
    accept: &[(&str, &str)],
) -> Result<Decided, Refusal> {
    let task = case.open_tasks().find(|(_, task)| task.node == node).expect("the task is open").1.id;
    let accept = accept.iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect();
    let command = OrderCommand::Decide { task, decision: Decision::Approve, reason: None, accept };
    decide(Some(case), world, &command, &by(login, 2))
}

#[test]
fn a_clean_order_is_confirmed_in_one_go() {
    let decided = place(&world(), clean_order());
    assert_eq!(decided.case.order.status, Status::Confirmed, "{:#?}", decided.case.order.checked.findings);
    assert!(open(&decided.case).is_empty());
    assert_eq!(decided.case.notices.iter().filter(|notice| notice.channel == "mail").count(), 1);
    println!("{}", serde_json::to_string(&decided.events).unwrap());
}

#[test]
fn a_large_order_waits_for_the_sales_manager() {
    let mut content = clean_order();
    let mut world = world();
    content.lines = vec![line(1, "P-1", "100", "500.00")];
    world.master.products.get_mut("P-1").unwrap().list_price_e4 = Some(5_000_000);
    let decided = place(&world, content);
    assert_eq!(decided.case.order.status, Status::InReview);
    let nodes = open(&decided.case);
    assert_eq!(nodes.len(), 1, "{nodes:?}");
    assert_eq!(approve(&decided.case, &world, &nodes[0], "sales1", &[]).unwrap_err(), Refusal::NotYourTask);
    let done = approve(&decided.case, &world, &nodes[0], "smgr1", &[]).unwrap();
    assert_eq!(done.case.order.status, Status::Confirmed);
}

#[test]
fn missing_fields_are_named_at_once_and_the_order_is_kept() {
    let decided = place(&world(), Content { lines: vec![], ..Content::default() });
    assert_eq!(decided.case.order.status, Status::Incomplete);
    let paths: Vec<&str> = decided.case.order.checked.findings.iter().map(|f| f.path.as_str()).collect();
    for path in [
        "customer",
        "currency",
        "payment_terms",
        "ship_to.address",
        "invoice.kind",
        "requested_date",
        "lines",
    ] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
}

#[test]
fn short_stock_holds_the_order_until_goods_come() {
    let mut world = world();
    let mut content = clean_order();
    content.lines = vec![line(1, "P-1", "201", "12.50")];
    let waiting = place(&world, content).case;
    assert_eq!(waiting.order.status, Status::InReview);
    let node = open(&waiting).remove(0);
    assert!(matches!(approve(&waiting, &world, &node, "wh1", &[]), Err(Refusal::PromiseNotBacked(_))));
    world.free.add("P-1", "NB", 1_000);
    let rechecked = decide(Some(&waiting), &world, &OrderCommand::Recheck, &by("wh1", 3)).unwrap();
    assert_eq!(rechecked.case.order.status, Status::Confirmed);
}

#[test]
fn a_price_off_the_list_needs_finance_and_a_reason() {
    let world = world();
    let mut content = clean_order();
    content.lines = vec![line(1, "P-1", "10", "11.00")];
    let waiting = place(&world, content).case;
    let node = open(&waiting).remove(0);
    assert!(matches!(approve(&waiting, &world, &node, "fin1", &[]), Err(Refusal::FindingsNeedReason(_))));
    let accepted =
        approve(&waiting, &world, &node, "fin1", &[("price_differs:lines[0].unit_price", "agreed by phone")]);
    assert_eq!(accepted.unwrap().case.order.status, Status::Confirmed);
}
