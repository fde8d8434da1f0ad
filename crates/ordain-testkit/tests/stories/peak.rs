//! The worst hour: orders pour in, customers change theirs, and those who approve leave or are away, all at once.

use crate::times;
use ordain_app::admin::{AdminCommand, CustomerItem};
use ordain_app::case::Case;
use ordain_app::case::decide::{ChangeAsked, OrderCommand, Place, may_decide};
use ordain_app::gate::{Command, Done, GateError};
use ordain_domain::order::{Origin, Status};
use ordain_flow::run::Decision;
use ordain_testkit::company::decimal;
use ordain_testkit::world::{Left, World, customer, order_of};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::oneshot::Receiver;
use uuid::Uuid;

type Answer = Receiver<Result<Done, GateError>>;

/// Every tenth order is large once it stands at a hundred machines, and the sales manager approves it.
const LARGE_EVERY: usize = 10;

fn placed(n: usize) -> OrderCommand {
    let line = if n.is_multiple_of(LARGE_EVERY) { ("M-1", "100", "500.00") } else { ("P-1", "5", "12.50") };
    OrderCommand::Place(Box::new(Place {
        channel: "api".to_owned(),
        source: None,
        content: order_of(&format!("PO-{n}"), &[line]),
        submit: true,
        reasons: BTreeMap::new(),
        entered_later: None,
    }))
}

/// Puts a command into the queue and waits for nothing.
fn send(world: &World, id: Option<Uuid>, command: OrderCommand) -> Answer {
    let command = Command::Order { id, expected: None, command };
    let envelope = world.app.envelope(world.org, world.actor("sales1"), command, None);
    world.app.gate.submit(envelope).unwrap()
}

async fn all(answers: Vec<Answer>) -> Vec<Arc<Case>> {
    let mut cases = Vec::new();
    for answer in answers {
        let Done::Order(case) = answer.await.unwrap().unwrap() else { panic!("no order") };
        cases.push(case);
    }
    cases
}

/// Somebody who is there and may decide a task of the order, with the task.
fn decider(world: &World, case: &Case) -> Option<(String, Uuid)> {
    let house = world.house();
    let people = house.people.users.values().filter(|user| !user.disabled);
    let may = |user: &ordain_app::case::people::User| {
        let mut open = case.open_tasks();
        open.find(|(_, task)| may_decide(user, task, case, &house, world.now_ms()).is_ok())
            .map(|(_, task)| task.id)
    };
    people.filter_map(|user| Some((user.login.clone(), may(user)?))).next()
}

#[tokio::test]
async fn s073_a_peak_a_leaver_and_a_flood_of_changes_together_lose_no_order() {
    const BEFORE: usize = 200;
    const NEW: usize = 400;
    let mut world = World::open().await;
    world.leaves(Left::QueuedMail);
    for product in ["P-1", "M-1"] {
        world.goods(product, "SH", "1000000").await;
    }
    let rich = CustomerItem { credit_limit: Some("1000000000".into()), ..customer("C001") };
    world.put(AdminCommand::PutCustomers(vec![rich])).await;
    let early = all((0..BEFORE).map(|n| send(&world, None, placed(n))).collect()).await;
    let confirmed: Vec<&Arc<Case>> =
        early.iter().filter(|case| case.order.status == Status::Confirmed).collect();
    assert_eq!(confirmed.len(), BEFORE - BEFORE / LARGE_EVERY);

    // New orders and changes of those that stand, one behind the other; in their midst the only manager leaves.
    let changed = |case: &Case| {
        let mut content = case.order.content.clone();
        content.lines[0].quantity = decimal("8");
        let (reason, origin) = ("客户来电".to_owned(), Origin::Customer);
        OrderCommand::RequestChange(Box::new(ChangeAsked { content, reason, origin, direct: true }))
    };
    let (mut placing, mut changing) = (Vec::new(), Vec::new());
    for n in 0..NEW {
        placing.push(send(&world, None, placed(BEFORE + n)));
        if let Some(case) = confirmed.get(n) {
            changing.push(send(&world, Some(case.order.id), changed(case)));
        }
        if n == NEW / 4 {
            world.disable("smgr1").await;
        }
    }
    let (new, changed) = (all(placing).await, all(changing).await);
    assert_eq!((new.len(), changed.len()), (NEW, confirmed.len()));
    assert!(changed.iter().all(|case| case.order.revision == 2 && case.order.status == Status::Confirmed));

    // Nobody is forgotten: what waits, waits for somebody who is there, and is decided in the end.
    let ids: BTreeSet<Uuid> = early.iter().chain(&new).map(|case| case.order.id).collect();
    assert_eq!(ids.len(), BEFORE + NEW, "each order is one order");
    let mut by: BTreeMap<String, usize> = BTreeMap::new();
    for id in &ids {
        for _ in 0..5 {
            let case = world.case(*id);
            if case.order.status == Status::Confirmed {
                break;
            }
            let number = &case.order.number;
            let (login, task) = decider(&world, &case).unwrap_or_else(|| panic!("{number} waits for nobody"));
            let (decision, reason) = (Decision::Approve, Some("高峰期代批".to_owned()));
            let decide = OrderCommand::Decide { task, decision, reason, accept: BTreeMap::new() };
            world.command(&login, Some(*id), decide).await.unwrap();
            *by.entry(login).or_default() += 1;
        }
        assert_eq!(world.status(*id), Status::Confirmed);
    }
    let large = (BEFORE + NEW) / LARGE_EVERY;
    assert_eq!(by.values().sum::<usize>(), large, "{by:?}");
    assert!(!by.contains_key("smgr1"), "who has left decides nothing: {by:?}");
    // Nobody is told of a change twice, however much else happened.
    let told = world.notices("fin1", confirmed[0].order.id);
    assert!(times(&told, "order_changed") <= 1, "{told:?}");
    let rows = world.app.store.stock_of_product(world.org, "P-1").unwrap();
    let reserved: i64 = rows.iter().map(|row| row.reserved_milli).sum();
    let small = i64::try_from(NEW - NEW / LARGE_EVERY).unwrap();
    let eight = i64::try_from(confirmed.len()).unwrap();
    assert_eq!(reserved, small * 5_000 + eight * 8_000, "what is promised is what was confirmed");
    world.end().await;
}
