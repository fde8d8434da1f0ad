//! Every door leads through the same checks.

use crate::import::hand_in;
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::gate::{Command, GateError};
use ordain_domain::actor::Actor;
use ordain_domain::order::Status;
use ordain_flow::run::Decision;
use ordain_store::OrderFilter;
use ordain_testkit::world::{World, order_of};
use std::collections::BTreeMap;
use uuid::Uuid;

const EVERYBODY: [&str; 9] = ["sales1", "smgr1", "fin1", "wh1", "plan1", "cs1", "ops1", "audit1", "boss1"];

#[tokio::test]
async fn s018_wrong_entry_is_found_before_fan_out() {
    let world = World::open().await;
    // Wrong, and short, and off the list: whoever could be asked about the rest is not asked yet.
    let wrong = order_of("PO-18", &[("M-1", "900", "1.00"), ("P-1", "-3", "12.50")]);
    let placed = world.place("sales1", wrong).await;
    let id = placed.order.id;
    assert_eq!(placed.order.status, Status::Incomplete);
    assert!(world.app.store.tasks_of_order(world.org, id.into_bytes()).unwrap().is_empty());
    for login in EVERYBODY {
        assert!(world.tasks_of(login).is_empty(), "{login} has work on an order that is wrong");
        assert!(world.notices(login, id).is_empty(), "{login} heard of it");
    }
    let held = world.app.store.reservations_of_order(world.org, id.into_bytes()).unwrap();
    assert!(held.is_empty(), "nothing is kept from others: {held:?}");
    assert_eq!(world.returned_to("sales1"), std::slice::from_ref(&placed.order.number));
    let mended = order_of("PO-18", &[("M-1", "900", "1.00"), ("P-1", "3", "12.50")]);
    world.edit("sales1", id, mended).await.unwrap();
    assert_eq!(world.open_steps(id), ["finance_review", "warehouse_review"]);
    assert_eq!((world.tasks_of("fin1").len(), world.tasks_of("wh1").len()), (1, 1));
    world.end().await;
}

/// A decision by its task, whoever tries.
fn approve(task: Uuid) -> OrderCommand {
    OrderCommand::Decide { task, decision: Decision::Approve, reason: None, accept: BTreeMap::new() }
}

#[tokio::test]
async fn s011_no_door_confirms_past_an_open_step() {
    let world = World::open().await;
    let large = order_of("PO-11", &[("M-1", "100", "500.00")]);
    let id = world.receive("sales1", "api", None, large.clone(), true).await.order.id;
    let task = world.task(id, "manager_approval");
    for login in EVERYBODY.into_iter().filter(|login| !["smgr1", "boss1"].contains(login)) {
        for command in [approve(task), OrderCommand::Claim { task }] {
            let refused = world.command(login, Some(id), command).await.unwrap_err();
            assert_eq!(refused, GateError::Refused(Refusal::NotYourTask), "{login}");
        }
    }
    for actor in [Actor::system("timer"), Actor::Token { id: Uuid::from_u128(1), name: "ERP".into() }] {
        let refused = world.app.order(world.org, actor, Some(id), approve(task)).await.unwrap_err();
        assert_eq!(refused, GateError::Refused(Refusal::NotYourTask), "decisions are for people");
    }
    let unknown = world.command("smgr1", Some(id), approve(Uuid::from_u128(7))).await.unwrap_err();
    assert_eq!(unknown, GateError::Refused(Refusal::TaskNotFound));
    let again = world.command("sales1", Some(id), OrderCommand::Submit { reasons: BTreeMap::new() }).await;
    assert_eq!(again.unwrap_err(), GateError::Refused(Refusal::WrongStatus(Status::InReview)));
    let edited = world.edit("sales1", id, order_of("PO-11", &[("P-1", "1", "12.50")])).await;
    assert_eq!(edited.unwrap_err(), GateError::Refused(Refusal::WrongStatus(Status::InReview)));
    world.command("sales1", Some(id), OrderCommand::Recheck).await.unwrap();
    world.goods("M-1", "SH", "500").await;
    let hold = OrderCommand::Hold { reason: "等客户".into() };
    world.command("sales1", Some(id), hold).await.unwrap();
    let held = world.command("smgr1", Some(id), approve(task)).await.unwrap_err();
    assert_eq!(held, GateError::Refused(Refusal::OnHold));
    world.command("sales1", Some(id), OrderCommand::Resume).await.unwrap();
    world.pass_to(14, 10, 0).await;
    let stale = Command::Order { id: Some(id), expected: Some(1), command: approve(task) };
    let stale = world.app.envelope(world.org, world.actor("smgr1"), stale, None);
    let refused = world.app.gate.send(stale).await.unwrap_err();
    assert!(matches!(refused, GateError::Refused(Refusal::Stale { .. })), "{refused:?}");
    assert_eq!((world.status(id), world.outbox(id).len()), (Status::InReview, 0));
    world.command("smgr1", Some(id), approve(task)).await.unwrap();
    assert_eq!(world.status(id), Status::Confirmed);
    world.end().await;
}

#[tokio::test]
async fn s011_a_file_is_no_way_around_the_manager() {
    let world = World::open().await;
    let report = hand_in(&world, "large.csv", include_bytes!("files/large.csv")).await;
    assert_eq!(report.created, 1, "{report:?}");
    let rows = world.app.store.list_orders(world.org, &OrderFilter::default(), None, 10).unwrap();
    let id = Uuid::from_bytes(rows[0].id);
    assert_eq!((world.status(id), world.open_steps(id)), (Status::InReview, vec!["manager_approval".into()]));
    hand_in(&world, "large.csv", include_bytes!("files/large.csv")).await;
    assert_eq!(world.open_steps(id), ["manager_approval"]);
    world.end().await;
}
