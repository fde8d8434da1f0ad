//! Settings of a flow that have to hold in the less usual case too: more than one person, a pool, a later moment.

use crate::side_runs::{ONE, inside, placed, put_flow};
use crate::{insert_before, publish, refused, review, standard, step};
use ordain_app::admin::{AdminCommand, LeaveItem};
use ordain_app::case::decide::OrderCommand;
use ordain_app::case::refusal::Refusal;
use ordain_app::case::{Case, ExceptionKind, HandOverWhy};
use ordain_domain::order::Status;
use ordain_flow::run::Decision;
use ordain_testkit::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const STEP: &str = "finance_review";

fn holds(case: &Case) -> (usize, bool) {
    (case.order.held.len(), case.order.credit_held.is_some())
}

/// The standard flow with finance asked about every order, and another step behind it.
async fn behind_finance(world: &World, settings: Value, second: Value) {
    let mut doc = standard();
    for (name, value) in settings.as_object().unwrap() {
        doc["steps"][2]["kind"]["lanes"][1]["steps"][0]["kind"][name] = value.clone();
    }
    insert_before(&mut doc, "tell_customer", second);
    publish(world, &doc).await;
}

async fn see(world: &World, login: &str, id: Uuid, node: &str) {
    let seen = OrderCommand::See { task: world.task(id, node), fields: Vec::new() };
    world.command(login, Some(id), seen).await.unwrap();
}

async fn away(world: &World, login: &str, from: &str, until: &str) {
    let (login, from, until) = (login.to_owned(), from.to_owned(), until.to_owned());
    world.put(AdminCommand::RecordLeave(LeaveItem { login, from, until, ..LeaveItem::default() })).await;
}

#[tokio::test]
async fn a_flow_that_reserves_nothing_takes_goods_first_with_the_confirmation() {
    let world = World::open().await;
    let mut doc = standard();
    doc["steps"][1]["kind"]["reserve_stock"] = json!(false);
    let finance = &mut doc["steps"][2]["kind"]["lanes"][1]["steps"][0]["kind"];
    finance["assignee"] = json!([{ "user": "fin1" }, { "user": "smgr1" }]);
    (finance["vote"], finance["auto_when_clear"]) = (json!("all"), json!(false));
    publish(&world, &doc).await;
    // Two hundred pieces are there, so that not both can have what they ask for.
    let lines = [("P-1", "150", "12.50")];
    let (slow, quick) = (placed(&world, "PO-1", &lines).await, placed(&world, "PO-2", &lines).await);
    for id in [slow, quick] {
        let case = world.answer("fin1", id, STEP, Decision::Approve).await.unwrap();
        assert_eq!((case.order.status, holds(&case)), (Status::InReview, (0, false)));
    }
    let done = world.answer("smgr1", quick, STEP, Decision::Approve).await.unwrap();
    assert_eq!((done.order.status, holds(&done)), (Status::Confirmed, (2, true)));
    world.answer("smgr1", slow, STEP, Decision::Approve).await.unwrap();
    assert_eq!(world.status(slow), Status::InReview, "nobody is promised what the other one has");
    assert!(world.open_steps(slow).contains(&"warehouse_review".to_owned()));
    assert_eq!(holds(&world.case(slow)).0, 0);
    world.end().await;
}

#[tokio::test]
async fn a_decision_is_taken_back_until_somebody_has_opened_what_came_of_it() {
    let world = World::open().await;
    let all = json!({ "auto_when_clear": false });
    behind_finance(&world, all, review("second", "planning", json!({}))).await;
    let (opened, unopened) = (placed(&world, "PO-1", ONE).await, placed(&world, "PO-2", ONE).await);
    let decided = [opened, unopened].map(|id| (id, world.task(id, STEP)));
    for (id, _) in decided {
        world.approve("fin1", id, STEP).await.unwrap();
        assert_eq!(world.open_steps(id), ["second"]);
    }
    see(&world, "plan1", opened, "second").await;
    let withdraw = async |(id, task)| world.command("fin1", Some(id), OrderCommand::Withdraw { task }).await;
    let name = world.user("plan1").name;
    assert_eq!(refused(withdraw(decided[0]).await), Refusal::OpenedFurtherOn { by: name });
    withdraw(decided[1]).await.unwrap();
    assert_eq!(world.open_steps(unopened), [STEP]);
    // Where a time is set for it, that alone counts.
    let timed = json!({ "auto_when_clear": false, "withdraw": { "minutes": 15 } });
    behind_finance(&world, timed, review("second", "planning", json!({}))).await;
    let id = placed(&world, "PO-3", ONE).await;
    let task = world.task(id, STEP);
    world.approve("fin1", id, STEP).await.unwrap();
    see(&world, "plan1", id, "second").await;
    withdraw((id, task)).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn who_has_approved_once_is_enough_for_a_pool_and_for_as_many_votes_as_are_needed() {
    let pool = json!({ "assignee": [{ "department": "planning" }, { "department": "finance" }] });
    let both = json!([{ "user": "fin1" }, { "user": "plan1" }]);
    let cases = [
        (json!({}), pool["assignee"].clone(), None),
        (json!({ "vote": "all" }), both.clone(), Some(["fin1", "plan1"])),
        (json!({ "vote": { "count": 1 } }), both.clone(), None),
        (
            json!({ "exclude": [{ "deciders_of": STEP }] }),
            pool["assignee"].clone(),
            Some(["planning", "finance"]),
        ),
    ];
    let world = World::open().await;
    world
        .put(AdminCommand::PutUsers(vec![ordain_app::admin::UserItem {
            login: "fin2".into(),
            name: Some("钱多".into()),
            department: Some("finance".into()),
            roles: Some(vec!["finance".into()]),
            ..Default::default()
        }]))
        .await;
    for (settings, assignee, asked) in cases {
        let mut second = review("second", "planning", settings);
        (second["kind"]["assignee"], second["kind"]["repeats"]) = (assignee, json!("pass_once"));
        behind_finance(&world, json!({ "auto_when_clear": false }), second).await;
        let id = placed(&world, "PO-R", ONE).await;
        world.accept("fin1", id, STEP, &[]).await.unwrap();
        match asked {
            None => assert_eq!(world.status(id), Status::Confirmed),
            Some(asked) => assert_eq!(world.holders(id, "second"), asked),
        }
        let over = OrderCommand::Cancel { reason: "同一客户单号另试".into(), code: None };
        world.command("sales1", Some(id), over).await.unwrap();
    }
    world.end().await;
}

#[tokio::test]
async fn work_beside_the_order_that_is_rejected_is_somebodys_to_settle() {
    let world = World::open().await;
    put_flow(&world, &inside("packing", review("check", "warehouse", json!({})))).await.unwrap();
    let mut doc = standard();
    let pack = step("pack", json!({ "type": "subflow", "flow": "packing", "detached": true }));
    insert_before(&mut doc, "tell_customer", pack);
    publish(&world, &doc).await;
    let id = placed(&world, "PO-1", ONE).await;
    assert_eq!(world.status(id), Status::Confirmed);
    let reject = OrderCommand::Decide {
        task: world.task(id, "packing/check"),
        decision: Decision::Reject,
        reason: Some("包材不合格".into()),
        accept: BTreeMap::new(),
    };
    world.command("wh1", Some(id), reject).await.unwrap();
    let case = world.case(id);
    let found: Vec<_> = case.open_exceptions().map(|open| (open.kind, &open.evidence)).collect();
    let told = BTreeMap::from([("flow".to_owned(), "packing".to_owned())]);
    assert_eq!(found, [(ExceptionKind::FlowFault, &told)]);
    assert_eq!(case.order.status, Status::Confirmed, "what is confirmed stays so");
    world.end().await;
}

#[tokio::test]
async fn s062_open_tasks_of_somebody_who_goes_on_leave_later_go_to_the_backup_when_it_begins() {
    let world = World::open().await;
    let one = json!({ "assignee": { "user": "fin1" }, "auto_when_clear": false });
    world.change_step(STEP, one).await;
    let id = placed(&world, "PO-1", ONE).await;
    assert_eq!(world.holders(id, STEP), ["fin1"]);
    away(&world, "fin1", "2026-11-24", "2026-11-25").await;
    ordain_app::admin::recheck_open_tasks(&world.app, world.org).await.unwrap();
    assert_eq!(world.holders(id, STEP), ["fin1"], "still there");
    world.pass_to(1, 9, 0).await;
    assert_eq!(world.holders(id, STEP), ["management"]);
    let case = world.case(id);
    let why = case.open_tasks().next().unwrap().1.hand_overs[0].why;
    assert_eq!(why, HandOverWhy::Absent);
    world.approve("boss1", id, STEP).await.unwrap();
    // Leave that began before anybody entered it.
    world.pass_to(3, 9, 0).await;
    let ill = placed(&world, "PO-2", ONE).await;
    assert_eq!(world.holders(ill, STEP), ["fin1"]);
    away(&world, "fin1", "2026-11-26", "2026-11-26").await;
    ordain_app::admin::recheck_open_tasks(&world.app, world.org).await.unwrap();
    assert_eq!(world.holders(ill, STEP), ["management"]);
    world.approve("boss1", ill, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn s062_what_somebody_has_claimed_who_is_away_holds_nobody_back() {
    let world = World::open().await;
    world.change_step(STEP, json!({ "auto_when_clear": false })).await;
    let id = placed(&world, "PO-1", ONE).await;
    let task = world.task(id, STEP);
    world.command("fin1", Some(id), OrderCommand::Claim { task }).await.unwrap();
    assert_eq!(refused(world.approve("boss1", id, STEP).await), Refusal::ClaimedByOther);
    away(&world, "fin1", "2026-11-23", "2026-11-23").await;
    world.approve("boss1", id, STEP).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn blanks_fill_no_field_that_a_step_asks_for() {
    let world = World::open().await;
    let asks = json!({ "requires": ["ship_to.address"], "fields": { "ship_to.address": "edit" }, "auto_when_clear": false });
    world.change_step(STEP, asks).await;
    let mut content = ordain_testkit::world::order_of("PO-1", ONE);
    content.ship_to.address = Some("   ".into());
    let id = world.place("sales1", content).await.order.id;
    if world.open_steps(id).contains(&STEP.to_owned()) {
        let missing = refused(world.approve("fin1", id, STEP).await);
        assert_eq!(missing, Refusal::FieldsMissing(vec!["ship_to.address".into()]));
    }
    world.end().await;
}
